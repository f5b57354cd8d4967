"""What a machine has to expect for itself: of the rules that it does not meet, and where others leave it no share."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, TypeAlias

from failback.reprotect.estate import VirtualMachine
from failback.reprotect.item import Operation
from failback.reprotect.phases import phase_row
from failback.reprotect.requirements import (
    NOTICES,
    Blocker,
    Broken,
    CheckPoint,
    Judgement,
    Requirement,
    Stage,
    Unsure,
    resolves_itself,
)

from .begun import failback_runs, reprotect_runs, resyncs_home
from .standing import Outlook, Standing, is_graver, later

_HOME: Final = Operation.REPROTECT_TO_ON_PREMISES
_EARLY: Final = (Operation.FAILOVER, _HOME)
_LATE: Final = (Operation.FAILBACK, Operation.COMMIT_FAILBACK)
_CLASS: Final = {
    (True, True): Standing.CLEARS,
    (True, False): Standing.BLOCKED,
    (False, False): Standing.UNDECIDED,
}


Unmet: TypeAlias = tuple[Requirement, CheckPoint, tuple[Blocker, ...]]
"""A rule that is broken by these objects at a place; by none where nobody knows whether it is broken."""


def unmet_of(judgement: Judgement) -> Unmet | None:
    """The judgement, if the rule is not met."""
    verdict = judgement.verdict
    if isinstance(verdict, Broken):
        return judgement.requirement, judgement.point, verdict.blockers
    return (judgement.requirement, judgement.point, ()) if isinstance(verdict, Unsure) else None


def outlook_of(unmet: Iterable[Unmet]) -> Outlook:
    """The outlook of one machine for itself, of its unmet rules. Stages that block nothing are left aside."""
    worst, because = Standing.READY, dict[str, None]()
    early, stuck, late, back = set[bool](), set[bool](), set[bool](), set[bool]()
    for row, point, blockers in unmet:
        if point.stage in NOTICES:
            continue
        certain = bool(blockers)
        standing = _CLASS[certain, certain and resolves_itself(row, blockers)]
        if is_graver(standing, worst):
            worst, because = standing, {}
        if standing is worst:
            because[row.id] = None
        if standing is not Standing.CLEARS:
            _where(point, early, stuck, late).add(certain)
            if point.operation is _HOME and point.stage is not Stage.REPLICATION:
                back.add(certain)
    before = _of(early)
    held = {*stuck, *late}
    return Outlook(worst, tuple(because), before, later(before, _of(stuck)), later(before, _of(held)), _of(back))


def _where(point: CheckPoint, early: set[bool], stuck: set[bool], late: set[bool]) -> set[bool]:
    if point.operation is _HOME and point.stage is Stage.REPLICATION:
        return stuck
    if point.operation in _EARLY:
        return early
    return late if point.operation in _LATE else set()


def _of(certainties: set[bool]) -> bool | None:
    return True if True in certainties else None if certainties else False


def left_short(own: Outlook, vm: VirtualMachine, *, sure: bool) -> Outlook:
    """The same of a machine that is, or may be, left without its share: a drill stops it before it asks for anything.

    A job that runs is not stopped, nor is a resync: who is under way asks next when that is over, if it ever is.
    """
    if failback_runs(vm):
        return own
    own = replace(own, short=True if sure else None)
    if is_resync_endless(own, vm):
        return own
    if not sure:
        return replace(own, early=own.early or None, stuck=later(None, own.stuck), holds=later(None, own.holds))
    stuck = later(own.early, own.stuck) if resyncs_first(vm) else False
    return replace(own, early=None if stuck is None else True, stuck=stuck, holds=phase_row(vm.at).holds_slots)


def is_resync_endless(own: Outlook, vm: VirtualMachine) -> bool:
    """Whether its way home is under way and never ends, so that it comes to ask for nothing more."""
    return own.stuck is True and resyncs_first(vm)


def resyncs_first(vm: VirtualMachine) -> bool:
    """Whether it is on its way home already."""
    return reprotect_runs(vm) or resyncs_home(vm)
