"""What the check tells, of the machines that this plan brings home: nobody works at night for one that stays in Azure.

What blocks is told of all of them, since its steps bring them home with the next plan.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from failback.reprotect import Operation, is_before_check
from failback.scenarios.checks.told import ToldCause, told_causes
from failback.scenarios.judging.check import Report, Status

from .planned_requests import PlannedStop

IN_AZURE: Final = frozenset({Operation.COMMIT_FAILOVER, Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK})
"""A machine that stops at one of these legs is still in Azure."""


def stay_in_azure(stops: Iterable[PlannedStop]) -> frozenset[str]:
    """Machines that do not come home in the plan."""
    return frozenset(stop.item for stop in stops if stop.operation in IN_AZURE)


def stay_uncommitted(stops: Iterable[PlannedStop]) -> frozenset[str]:
    """Those, and machines on site whose failback is not committed in the plan."""
    return frozenset(stop.item for stop in stops if stop.operation in IN_AZURE | {Operation.COMMIT_FAILBACK})


def is_after_commit(status: Status, rule: str) -> bool:
    """Whether a finding is about work that waits for the commit."""
    return status is Status.AFTER_RETURN and not is_before_check(rule)


def told_in_plan(report: Report, stops: Iterable[PlannedStop]) -> tuple[ToldCause, ...]:
    """What blocks, of all machines; what else is found, of those that come home; what comes later, of the committed.

    Where nobody comes home, all of it: then the steps prepare the next plan.
    """
    stops, everything = tuple(stops), told_causes(report)
    away, open_ones = stay_in_azure(stops), stay_uncommitted(stops)
    if not open_ones or away.issuperset(one.item for one in report.items):
        return everything
    home, committed = _without(report, away), _without(report, open_ones)
    return (
        *(told for told in everything if told.cause.status == Status.BLOCKS.value),
        *(told for told in told_causes(home) if not _comes_first(told) and not _waits(told)),
        *(told for told in told_causes(committed) if _waits(told)),
    )


def _comes_first(told: ToldCause) -> bool:
    return told.cause.status == Status.BLOCKS.value


def _waits(told: ToldCause) -> bool:
    return is_after_commit(Status(told.cause.status), told.cause.rule)


def _without(report: Report, names: Collection[str]) -> Report:
    return replace(report, items=tuple(one for one in report.items if one.item not in names), refused=())
