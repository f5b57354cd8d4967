"""Which rows of the requirements table a check looks at, worked out once for each architecture and operation.

`judged` of the table asks the same of one item. An estate has thousands, and choosing the rows costs more than judging
most of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

from failback.reprotect import (
    CARRIED_BY_SERVERS,
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
    says_the_same_of_a_kind,
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
    of_server: bool
    """It says the same of all machines of a kind that go through a server."""
    after_reprotect: bool
    """What it asks for begins with the reprotect, and nobody doubts that the rule holds."""


@dataclass(frozen=True, eq=False)
class Section:
    """Rows that are judged one after the other; whether machines share verdicts of any."""

    rows: tuple[RuleRow, ...]

    @cached_property
    def shares(self) -> bool:
        """Whether any row says the same of several machines."""
        return any(row.of_server for row in self.rows)

    @cached_property
    def nothing(self) -> tuple[None, ...]:
        """No verdict for any row."""
        return (None,) * len(self.rows)


@dataclass(frozen=True, slots=True)
class RuleRows:
    """Rows of one operation: about its request, about what runs after it, and the ids of those that can block.

    `carrying`: those for want of which its resync stands still, where that is under way already. `of_target`: those
    that nobody can judge of a machine that is no replication target yet.
    """

    asked: Section
    running: Section
    carrying: Section
    blocking: frozenset[str]
    of_target: frozenset[str]


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
    still = tuple(_carrying(rows, operation))
    blocking = frozenset(row.rule for row in rows if row.blocks)
    of_target = frozenset(row.rule for row in rows if row.requirement.of_target)
    return RuleRows(Section(asked), Section(running), Section(still), blocking, of_target)


def _carrying(rows: tuple[RuleRow, ...], operation: Operation) -> Iterator[RuleRow]:
    """Each of these rules once, at the place where a resync home shows it; out, no server of theirs is passed."""
    point = CheckPoint(operation, Stage.REPLICATION)
    for row in {row.rule: row for row in rows}.values() if operation in CARRIED_BY_SERVERS else ():
        if (carries := row.requirement.carries) is not None:
            yield replace(row, point=point, points=(point,), predicate=carries, blocks=True)


@cache
def rules_of(
    architecture: Architecture,
    asks: tuple[tuple[Operation, bool], ...],
    settled: Settled = NOTHING_SETTLED,
    *,
    returns: bool = True,
) -> frozenset[str]:
    """The ids of all rules that these requests are asked about; of one that has begun, those about what runs."""
    each = ((rows_of(architecture, operation, settled), begun) for operation, begun in asks)
    rows = (row for rows, begun in each for row in (() if begun else rows.asked.rows) + rows.running.rows)
    return frozenset(row.rule for row in rows if returns or not row.requirement.of_target)


def _row(requirement: Requirement, point: CheckPoint, holds: Applies) -> RuleRow:
    doubt = doubt_of(requirement, holds) if holds.answer is Holds.UNKNOWN else None
    blocks, of_server = point.stage not in NOTICES, says_the_same_of_a_kind(requirement)
    later = requirement.after_reprotect and doubt is None
    return RuleRow(requirement, requirement.predicate, requirement.id, point, (point,), blocks, doubt, of_server, later)
