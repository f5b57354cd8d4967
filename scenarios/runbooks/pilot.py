"""The pilot: a few machines that, brought home early, try every kind of way home that the plan needs.

ASR has no test failover homeward, so the only true rehearsal is to bring a few machines home. Each machine tries some
*properties* of the estate: its appliance or master target, its operating system, the kind of its datastore, its
firmware, and so on. The pilot covers every property; of the choices that do, it takes the best by `Goals`
(`pilot_goals.py`). The tier that counts is that of the application. The pilot leaves the most important one alone, and
says what is not tried for that. Where such a choice ends after the way home of all machines begins, it takes one
that does not; where the largest disk alone makes it several times as long, it takes one without that disk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from failback.reprotect import OWN_FILE
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import check_estate

from .pilot_cover import PilotGroup, names_of, tried_by
from .pilot_doubts import Doubt, doubts
from .pilot_groups import FAULTS, THROUGH, blocking_rules, pilot_groups, unused_servers
from .pilot_largest import without_the_largest
from .pilot_less_at_stake import LessAtStake, less_at_stake
from .pilot_limits import Limits, PilotChoice, Why, most_important, refuse_strangers
from .pilot_not_chosen import NotChosen, not_chosen
from .pilot_options import Limit, Longer, OtherChoice, choice_in_time, shorter_choice
from .pilot_settling import settled
from .pilot_stores import store_faults
from .planned_requests import PlannedStop
from .untried import Untried, untried


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
    shorter: OtherChoice | None = None
    """A choice that takes much less time, where there is one."""

    less_at_stake: LessAtStake | None = None
    """A choice that leaves no application in parts and the next tier alone, where this one does not."""

    store_faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Machines whose datastore has a fault that does not block, with what to fix first."""

    longer: Longer | None = None
    """The choice that would be made if it ended in time, or were not several times as long."""

    not_chosen: tuple[NotChosen, ...] = ()
    """Every machine that is not in the pilot, with the reason."""

    file: str = OWN_FILE
    """The scenario's file, as commands name it."""

    @property
    def machines(self) -> tuple[str, ...]:
        """All machines of the pilot."""
        return names_of(self.groups)


_AS_COMPUTED: Final = PilotChoice()


def pilot(scenario: Scenario, choice: PilotChoice = _AS_COMPUTED, limit: Limit | None = None) -> Pilot:
    """Choose. A machine that a rule blocks now, that stops in the simulation, or that is in doubt, is left out.

    What only such machines have is said. `limit`: when the way home of all machines begins, if anybody told; a choice
    that ends before it is taken where there is one. Raises `UsageError` for a `choice` that cannot be.
    """
    refuse_strangers(scenario, choice)
    report = check_estate(scenario.estate, scenario.plan)
    blocked = blocking_rules(report)
    open_ones = tuple(doubts(scenario))
    doubtful = frozenset(name for one in open_ones for name in one.machines)
    groups = tuple(pilot_groups(scenario, report, doubtful))
    file = scenario.file or OWN_FILE
    asked = Limits(frozenset(blocked), choice, most_important(groups), doubtful=doubtful, file=file)
    first = settled(scenario, groups, asked)
    in_time = choice_in_time(scenario, groups, first, limit)
    found, longer = in_time or without_the_largest(scenario, groups, first) or (first, None)
    unused = (Untried(f"{THROUGH}{name}", (), Why.NO_MACHINE) for name in unused_servers(scenario, groups))
    stops = found.limits.stops
    return Pilot(
        found.groups,
        _proves(found.groups),
        (*untried(groups, found.groups, found.limits), *unused),
        tuple(stops[name] for name in sorted(stops)),
        blocked,
        open_ones,
        None if longer else shorter_choice(scenario, groups, found),
        None if longer else less_at_stake(scenario, groups, found),
        store_faults(scenario, report, FAULTS),
        longer,
        not_chosen(groups, found.groups, found.limits),
        asked.file,
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
