"""Machines without a recovery point, and who meets them on their way home when it asks for its failback (F02).

In a vault no machine of a recovery plan fails back while one that is on its way home with it has no point. Before
anything is asked, that depends on who goes together: who is stopped before its reprotect is never on its way, who is
in an earlier wave is, and who is in a later one is not. Of those that go at the same time, but not by one request,
either may be first.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, TypeAlias

from failback.reprotect.estate import Estate, Meeting, RecoveryPlan
from failback.reprotect.item import Operation, Unknown
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Plan
from failback.reprotect.requirements import Stage, judged

from .begun import failback_runs
from .capacity import until_home
from .own_outlook import Unmet, outlook_of, unmet_of
from .parties import gathered, group_falls
from .requests_ahead import HOMEWARD, RequestAhead
from .short_slots import keeps_its_slots, lacking_slots
from .standing import Standing, any_of

Ahead: TypeAlias = Mapping[str, Sequence[RequestAhead]]
Early: TypeAlias = Mapping[str, bool | None]
_EARLY: Final = (Operation.FAILOVER, HOMEWARD)


def without_points(asked: Estate, plan: Plan, ahead: Ahead, short: Early) -> Mapping[str, tuple[Meeting, ...]]:
    """By machine: the mates of its recovery plan that are known to lack a point, and that it meets or may meet.

    `short`: whom a drill stops early for want of memory or room (None: whom it may stop).
    """
    going, found = _Going(asked, plan, ahead, short), dict[str, tuple[Meeting, ...]]()
    for recovery_plan in asked.recovery_plans.values():
        lacking = tuple(_lacking(asked, ahead, recovery_plan))
        for name in recovery_plan.items if lacking else ():
            meetings = (Meeting(mate, sure) for mate in lacking if (sure := going.meets(name, mate)) is not False)
            found[name] = (*found.get(name, ()), *meetings)
    return found


def _lacking(asked: Estate, ahead: Ahead, recovery_plan: RecoveryPlan) -> Iterator[str]:
    returning = asked.returning_through
    for name in (name for group in recovery_plan.groups for name in group):
        comes = isinstance(returning, Unknown) or name in returning
        fails_back = any(request.operation is Operation.FAILBACK for request in ahead[name])
        if comes and fails_back and asked.virtual_machines[name].recovery_points in (0, None):
            yield name


class _Going:
    """Who goes home with whom. What is asked of many machines is found once."""

    def __init__(self, asked: Estate, plan: Plan, ahead: Ahead, short: Early) -> None:
        self._asked, self._plan, self._ahead, self._short = asked, plan, ahead, short
        self._wave_of = {name: number for number, wave in enumerate(plan.waves) for name in wave.items}
        self._plan_seeds = any(wave.seed_opens_s is not None for wave in plan.waves)
        self._kept: dict[tuple[str, tuple[Operation, ...]], bool | None] = {}
        self._keepers: dict[str, bool] = {}

    def meets(self, name: str, mate: str) -> bool | None:
        """Whether the mate is on its way home when the machine asks for its failback; None where it may be."""
        if name == mate:
            return False
        if self._holds(mate):
            return self._meets_begun(name, mate)
        early = self._early_with_group(mate)
        if early is True:
            return False
        if failback_runs(self._asked.virtual_machines[name]):
            return None  # it has asked before the other sets out, and its check may come first
        ours, theirs = self._waves_of(name, mate)
        if theirs < ours:
            return None if early is None or self._may_part_for_slots((mate,)) else True
        if theirs > ours:
            return None if self._holds(name) or self._plan_seeds else False
        return True if self._go_by_one_request(name, mate) else None

    def _meets_begun(self, name: str, mate: str) -> bool | None:
        """The same of one that is on its way already: only a reprotect that fails takes it off, not a drill.

        One that fails is asked for again before the mate stops: who does not wait for that may meet it.
        """
        own = self._own_early(mate, _EARLY)
        if own is True:
            ours, theirs = self._waves_of(name, mate)
            return False if theirs < ours or mate in self._together.get(name, ()) else None
        keeps = keeps_its_slots(self._asked, mate, Standing.READY)  # if not, it may come home after the others
        return True if own is False and keeps else None

    def _waves_of(self, *names: str) -> tuple[int, ...]:
        return tuple(self._wave_of.get(name, len(self._plan.waves)) for name in names)

    def _holds(self, name: str) -> bool:
        return phase_row(self._asked.virtual_machines[name].at).holds_slots

    def _go_by_one_request(self, name: str, mate: str) -> bool:
        together = self._together.get(name, ())
        if mate not in together or any_of(map(self._early_with_group, together)) is not False:
            return False
        return not self._may_part_for_slots(together)

    def _may_part_for_slots(self, names: tuple[str, ...]) -> bool:
        """Whether they may wait for slots in vain that others keep for good, so that each goes alone in the end."""
        lacking = lacking_slots(self._asked, names, dict.fromkeys(names, Standing.READY))
        others = (name for name in self._ahead if name not in names) if lacking else ()
        return any(map(self._may_keep_slots, others))

    def _may_keep_slots(self, name: str) -> bool:
        if name not in self._keepers:
            found = map(unmet_of, until_home(self._asked, self._asked, name, self._ahead[name]))
            self._keepers[name] = outlook_of(unmet for unmet in found if unmet is not None).holds is not False
        return self._keepers[name]

    @cached_property
    def _together(self) -> Mapping[str, tuple[str, ...]]:
        return {name: names for names in gathered(self._asked, self._plan) for name in names}

    def _early_with_group(self, name: str) -> bool | None:
        """It stops early for itself, or with any machine of its group.

        Whose mate fails at the reprotect is on its way all the same: a group asks for it at one instant, and a drill
        stops by then what a vault goes on with. Whether others meet it hangs on which job ends first.
        """
        group = self._asked.replication_groups.get(self._asked.virtual_machines[name].replication_group or "")
        mates = group.items if group is not None and group_falls(self._asked, name) else ()
        with_mates = any_of(self._early_unasked(mate) for mate in mates)
        early = any_of((self._early(name), with_mates))
        asked = early is False and any_of(map(self._early, mates)) is not False
        return None if asked else early

    def _early(self, name: str) -> bool | None:
        return any_of((self._own_early(name, _EARLY), self._short.get(name, False)))

    def _early_unasked(self, name: str) -> bool | None:
        """Whether it stops before anybody of its group is asked to come home."""
        return any_of((self._own_early(name, _EARLY[:1]), self._short.get(name, False)))

    def _own_early(self, name: str, operations: tuple[Operation, ...]) -> bool | None:
        key = name, operations
        if key not in self._kept:
            self._kept[key] = outlook_of(_early_unmet(self._asked, name, self._ahead[name], operations)).early
        return self._kept[key]


def _early_unmet(
    asked: Estate, name: str, requests: Iterable[RequestAhead], operations: Collection[Operation]
) -> Iterator[Unmet]:
    for request in requests:
        if request.operation in operations and not request.begun:
            for found in judged(asked, name, None, request.operation, request.choices):
                if found.point.stage is not Stage.REPLICATION and (unmet := unmet_of(found)) is not None:
                    yield unmet
