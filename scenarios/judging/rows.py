"""Which rows of the requirements table a check looks at, worked out once for each architecture and operation.

`judged` of the table asks the same of one item. An estate has thousands, and choosing the rows costs more than judging
most of them.
"""

from dataclasses import dataclass
from functools import cache

from failback.reprotect import (
    NOTHING_SETTLED,
    NOTICES,
    REQUIREMENTS,
    Applies,
    Architecture,
    CheckPoint,
    Holds,
    Operation,
    Predicate,
    Requirement,
    Settled,
    Stage,
    Unsure,
    applies,
    doubt_of,
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One row at a place where it bites. `doubt`: nobody knows whether the rule holds for this architecture at all."""

    requirement: Requirement
    predicate: Predicate
    rule: str
    point: CheckPoint
    points: tuple[CheckPoint, ...]
    blocks: bool
    doubt: Unsure | None


@dataclass(frozen=True, slots=True)
class RuleRows:
    """Rows of one operation: about its request, about what runs after it, and the ids of those that can block."""

    asked: tuple[RuleRow, ...]
    running: tuple[RuleRow, ...]
    blocking: frozenset[str]


@cache
def rows_of(architecture: Architecture, operation: Operation, settled: Settled = NOTHING_SETTLED) -> RuleRows:
    """The rows that bite on this operation and may hold for this architecture, in the table's order."""
    rows = tuple(
        _row(requirement, point, holds)
        for requirement in REQUIREMENTS
        if (holds := applies(requirement, architecture, settled)).answer is not Holds.NO
        for point in requirement.where
        if point.operation is operation
    )
    asked = tuple(row for row in rows if row.point.stage is not Stage.REPLICATION)
    running = tuple(row for row in rows if row.point.stage is Stage.REPLICATION)
    return RuleRows(asked, running, frozenset(row.rule for row in rows if row.blocks))


@cache
def rules_of(
    architecture: Architecture, asks: tuple[tuple[Operation, bool], ...], settled: Settled = NOTHING_SETTLED
) -> frozenset[str]:
    """The ids of all rules that these requests are asked about; of one that has begun, those about what runs."""
    each = ((rows_of(architecture, operation, settled), begun) for operation, begun in asks)
    return frozenset(row.rule for rows, begun in each for row in (() if begun else rows.asked) + rows.running)


def _row(requirement: Requirement, point: CheckPoint, holds: Applies) -> RuleRow:
    doubt = doubt_of(requirement, holds) if holds.answer is Holds.UNKNOWN else None
    blocks = point.stage not in NOTICES
    return RuleRow(requirement, requirement.predicate, requirement.id, point, (point,), blocks, doubt)
