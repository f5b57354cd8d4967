"""The pilot: the fewest machines that, brought home early, try every kind of way home that the plan needs.

ASR has no test failover homeward, so the only true rehearsal is to bring a few machines home. Each machine tries some
*properties* of the estate: its appliance or master target, its operating system, the kind of its datastore, its
firmware, and so on. The pilot covers every property with as few groups as possible: of each tier, the most important
first; of sets of one size it takes the one with the fewest machines, then the fewest promises, then the most warnings,
then the least data. It leaves the most important tier alone, and says what is not tried for that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Status, check_estate
from failback.scenarios.run.staffing import with_staffing

from .fewer_machines import keeping
from .pilot_cover import PilotGroup, covered, covering
from .pilot_groups import THROUGH, pilot_groups, unused_servers
from .pilot_limits import Limits, PilotChoice, Why, most_important, refuse_strangers, refuse_who_cannot
from .planned_requests import PlannedStop, planned_night
from .untried import Untried, untried


@dataclass(frozen=True, slots=True)
class Pilot:
    """The chosen groups, what each tries first, and what is not tried."""

    groups: tuple[PilotGroup, ...]
    proves: Mapping[tuple[str, ...], tuple[str, ...]]
    untried: tuple[Untried, ...]
    passed_over: tuple[PlannedStop, ...] = ()
    """Machines that a check lets go and that stop in the simulation."""

    @property
    def machines(self) -> tuple[str, ...]:
        """All machines of the pilot."""
        return tuple(name for group in self.groups for name in group.machines)


_AS_COMPUTED: Final = PilotChoice()


def pilot(scenario: Scenario, choice: PilotChoice = _AS_COMPUTED) -> Pilot:
    """Choose. A machine that a rule blocks now, or that stops in the simulation, is left out.

    What only such machines have is said. Raises `UsageError` for a `choice` that cannot be.
    """
    refuse_strangers(scenario, choice)
    report = check_estate(scenario.estate, scenario.plan)
    groups = tuple(pilot_groups(scenario, report))
    blocked = frozenset(finding.item for finding in report.of(Status.BLOCKS))
    limits = Limits(blocked, choice, most_important(groups))
    while True:
        refuse_who_cannot(groups, limits)
        able = [group for group in groups if limits.why_not(group) is None]
        chosen = _chosen(able, limits)
        if not (found := _stops(scenario, chosen)):
            break
        if not limits.stops:  # one run of all of them spares a run for each that would be chosen in its place
            found |= _stops(scenario, able)
        limits = replace(limits, stops={**limits.stops, **found})
    unused = (Untried(f"{THROUGH}{name}", (), Why.NO_MACHINE) for name in unused_servers(scenario, groups))
    stops = tuple(limits.stops[name] for name in sorted(limits.stops))
    return Pilot(chosen, _proves(chosen), (*untried(groups, chosen, limits), *unused), stops)


def _chosen(able: Sequence[PilotGroup], limits: Limits) -> tuple[PilotGroup, ...]:
    """Those that somebody asked for, and as few as possible for the rest."""
    taken = tuple(group for group in able if limits.taken(group))
    return (*taken, *covering([group for group in able if group not in taken], covered(able) - covered(taken)))


def _stops(scenario: Scenario, groups: Iterable[PilotGroup]) -> dict[str, PlannedStop]:
    """Who of them stops in a run of them alone."""
    names = [name for group in groups for name in group.machines]
    if not names:
        return {}
    night = planned_night(with_staffing(restricted(scenario, names)), runs=1)
    return {stop.item: stop for stop in night.stops}


def restricted(scenario: Scenario, names: Iterable[str]) -> Scenario:
    """The scenario with these machines alone, in one wave: what the pilot's runbook is made of."""
    kept = keeping(scenario, names)
    return replace(
        kept,
        name=f"{scenario.name}_pilot",
        title=f"Pilot of {scenario.title or scenario.name}",
        plan=replace(kept.plan, waves=(), recovery_plans=()),
        applications=tuple(replace(one, depends_on=()) for one in kept.applications),
    )


def _proves(chosen: Sequence[PilotGroup]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What each group tries that none before it has tried."""
    tried: set[str] = set()
    proves = {}
    for group in chosen:
        own = (*sorted(group.properties), *sorted(group.warnings))
        proves[group.machines] = tuple(one for one in own if one not in tried)
        tried.update(own)
    return proves
