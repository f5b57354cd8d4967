"""The pilot: the fewest machines that, brought home early, try every kind of way home that the plan needs.

ASR has no test failover homeward, so the only true rehearsal is to bring a few machines home. Each machine tries some
*properties* of the estate: its appliance or master target, its operating system, the kind of its datastore, its
firmware, and so on. The pilot covers every property with as few groups as possible: of each tier, the most important
first; of sets of one size it takes the one with the fewest machines, then the fewest promises, then the most warnings,
then the least data. It leaves the most important tier alone, and says what is not tried for that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import check_estate
from failback.scenarios.run.staffing import with_staffing

from .fewer_machines import keeping
from .pilot_cover import PilotGroup, covered, covering, names_of, tried_by
from .pilot_doubts import Doubt, doubts
from .pilot_groups import THROUGH, blocking_rules, pilot_groups, unused_servers
from .pilot_limits import Limits, PilotChoice, Why, most_important, refuse_strangers, refuse_who_cannot
from .pilot_times import ends_s
from .planned_requests import PlannedNight, PlannedRequest, PlannedStop, planned_night
from .untried import Untried, untried


@dataclass(frozen=True, slots=True)
class Shorter:
    """A choice without the machines that take longest: who is left out, who goes, and what is then not tried.

    `without` and `taken`: all that is asked for, also what was asked for before.
    """

    without: tuple[str, ...]
    machines: tuple[str, ...]
    loses: tuple[str, ...]
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pilot:
    """The chosen groups, what each tries first, and what is not tried."""

    groups: tuple[PilotGroup, ...]
    proves: Mapping[tuple[str, ...], tuple[str, ...]]
    untried: tuple[Untried, ...]
    passed_over: tuple[PlannedStop, ...] = ()
    """Machines that a check lets go and that stop in the simulation."""
    blocked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Machines that a rule blocks now, with these rules."""
    doubts: tuple[Doubt, ...] = ()
    """What is open about machines; those whom nobody asked for are passed over."""
    shorter: Shorter | None = None
    """A choice that takes much less time, where there is one."""

    @property
    def machines(self) -> tuple[str, ...]:
        """All machines of the pilot."""
        return names_of(self.groups)


_AS_COMPUTED: Final = PilotChoice()
_MUCH: Final = 0.75
"""A choice is worth telling if it takes at most this share of the time."""
_TRIES: Final = 3
"""So many groups are left out, one after the other, to find such a choice."""


def pilot(scenario: Scenario, choice: PilotChoice = _AS_COMPUTED) -> Pilot:
    """Choose. A machine that a rule blocks now, that stops in the simulation, or that is in doubt, is left out.

    What only such machines have is said. Raises `UsageError` for a `choice` that cannot be.
    """
    refuse_strangers(scenario, choice)
    report = check_estate(scenario.estate, scenario.plan)
    groups = tuple(pilot_groups(scenario, report))
    blocked = blocking_rules(report)
    open_ones = tuple(doubts(scenario))
    doubtful = frozenset(name for one in open_ones for name in one.machines)
    asked = Limits(frozenset(blocked), choice, most_important(groups), doubtful=doubtful)
    found = _settled(scenario, groups, asked)
    unused = (Untried(f"{THROUGH}{name}", (), Why.NO_MACHINE) for name in unused_servers(scenario, groups))
    stops = found.limits.stops
    return Pilot(
        found.groups,
        _proves(found.groups),
        (*untried(groups, found.groups, found.limits), *unused),
        tuple(stops[name] for name in sorted(stops)),
        blocked,
        open_ones,
        _shorter(scenario, groups, found),
    )


@dataclass(frozen=True, slots=True)
class _Settled:
    """A choice of which nobody stops in the simulation, who was found to stop on the way to it, and its requests."""

    groups: tuple[PilotGroup, ...]
    limits: Limits
    requests: tuple[PlannedRequest, ...] = ()


def _settled(scenario: Scenario, groups: tuple[PilotGroup, ...], limits: Limits) -> _Settled:
    while True:
        refuse_who_cannot(groups, limits)
        able = [group for group in groups if limits.why_not(group) is None]
        chosen = _chosen(able, limits)
        if (night := _night(scenario, chosen)) is None or not night.stops:
            return _Settled(chosen, limits, night.requests if night else ())
        stops = {stop.item: stop for stop in night.stops}
        if not limits.stops and (other := _night(scenario, able)):
            # one run of all of them spares a run for each that would be chosen in its place
            stops |= {stop.item: stop for stop in other.stops}
        limits = replace(limits, stops={**limits.stops, **stops})


def _shorter(scenario: Scenario, groups: tuple[PilotGroup, ...], found: _Settled) -> Shorter | None:
    """Without the group that is protected again last, and without the next such one, until it is much shorter."""
    now = found
    without: tuple[str, ...] = ()
    for _ in range(_TRIES):
        slow = max(now.groups, key=lambda group: ends_s(now.requests, group.machines), default=None)
        if slow is None or now.limits.taken(slow):
            return None
        without = (*without, *slow.machines)
        choice = replace(found.limits.choice, left_out=(*found.limits.choice.left_out, *without))
        now = _settled(scenario, groups, replace(found.limits, choice=choice))
        if now.groups and ends_s(now.requests) <= _MUCH * ends_s(found.requests):
            kept = frozenset(tried_by(now.groups))
            loses = tuple(one for one in tried_by(found.groups) if one not in kept)
            return Shorter(choice.left_out, names_of(now.groups), loses, choice.taken)
    return None


def _chosen(able: Sequence[PilotGroup], limits: Limits) -> tuple[PilotGroup, ...]:
    """Those that somebody asked for, and as few as possible for the rest."""
    taken = tuple(group for group in able if limits.taken(group))
    return (*taken, *covering([group for group in able if group not in taken], covered(able) - covered(taken)))


def _night(scenario: Scenario, groups: Iterable[PilotGroup]) -> PlannedNight | None:
    """A run of them alone; None where there are none."""
    names = names_of(groups)
    return planned_night(with_staffing(restricted(scenario, names)), runs=1) if names else None


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
        own = tried_by([group])
        proves[group.machines] = tuple(one for one in own if one not in tried)
        tried.update(own)
    return proves
