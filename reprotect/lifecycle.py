"""What ASR permits an item to do and where that leads: the one lifecycle table.

Three users share it and nobody else knows these rules: the simulated vault *enforces* it, the drill *decides* by it, and what any
world reports is *checked* against it. It says nothing about retries or people (that is the drill).

While a job runs the item is in `running`; when the job has succeeded it is in `done`; where something goes on after the job (the
resync after a reprotect, C23) it comes to rest in `settles` later. A failed job leaves the item in the phase it came from
(recorded for a failed failover: the same operations are allowed as before). Rows marked `usual` make the routes; the others are
legal but not what a runbook does (reprotect before commit: the job commits first, recorded for classic; a modernised item was
recorded with SwitchProtection among what it allows then).
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

from .item import Architecture, Operation, Phase


@dataclass(frozen=True, slots=True)
class Move:
    """One row: in `phase`, `operation` is legal and leads over `running` and `done` to `settles`."""

    architecture: Architecture
    phase: Phase
    operation: Operation
    running: Phase
    done: Phase
    settles: Phase
    usual: bool = True


class NotAllowed(Exception):
    """The lifecycle has no row for this operation in this phase."""

    def __init__(self, architecture: Architecture, phase: Phase, operation: Operation) -> None:
        self.architecture, self.phase, self.operation = architecture, phase, operation
        names = ", ".join(sorted(o.value for o in allowed(architecture, phase))) or "nothing"
        super().__init__(
            f"{operation.value} is not allowed for a {architecture.value} item in phase {phase.value}; allowed now: {names}"
        )


class NoRoute(Exception):
    """No chain of usual rows leads from one phase to another."""


_C, _M = Architecture.CLASSIC, Architecture.MODERNISED
_P, _O = Phase, Operation

# Sources: asr recordings and the SDK for what is allowed where; the modernised cancel from its failback tutorial (A12).
# fmt: off
LIFECYCLE: Final[tuple[Move, ...]] = (
    #    who, from phase,                      operation,                    running,                        done,                         settles,                      usual
    Move(_C, _P.REPLICATING_TO_AZURE,       _O.FAILOVER,                 _P.FAILING_OVER,                _P.FAILED_OVER,                _P.FAILED_OVER),
    Move(_C, _P.FAILED_OVER,                _O.COMMIT_FAILOVER,          _P.COMMITTING_FAILOVER,         _P.FAILOVER_COMMITTED,         _P.FAILOVER_COMMITTED),
    Move(_C, _P.FAILOVER_COMMITTED,         _O.REPROTECT_TO_ON_PREMISES, _P.REPROTECTING_TO_ON_PREMISES, _P.RESYNCING_TO_ON_PREMISES,   _P.REPLICATING_TO_ON_PREMISES),
    Move(_C, _P.REPLICATING_TO_ON_PREMISES, _O.FAILBACK,                 _P.FAILING_BACK,                _P.FAILED_BACK,                _P.FAILED_BACK),
    Move(_C, _P.FAILED_BACK,                _O.COMMIT_FAILBACK,          _P.COMMITTING_FAILBACK,         _P.FAILBACK_COMMITTED,         _P.FAILBACK_COMMITTED),
    Move(_C, _P.FAILBACK_COMMITTED,         _O.REPROTECT_TO_AZURE,       _P.REPROTECTING_TO_AZURE,       _P.RESYNCING_TO_AZURE,         _P.REPLICATING_TO_AZURE),
    Move(_C, _P.FAILED_OVER,                _O.REPROTECT_TO_ON_PREMISES, _P.REPROTECTING_TO_ON_PREMISES, _P.RESYNCING_TO_ON_PREMISES,   _P.REPLICATING_TO_ON_PREMISES, usual=False),
    Move(_C, _P.REPLICATING_TO_AZURE,       _O.TEST_FAILOVER,            _P.TESTING_FAILOVER,            _P.FAILOVER_TESTED,            _P.FAILOVER_TESTED),
    Move(_C, _P.FAILOVER_TESTED,            _O.CLEAN_UP_TEST,            _P.CLEANING_UP_TEST,            _P.REPLICATING_TO_AZURE,       _P.REPLICATING_TO_AZURE),
    Move(_M, _P.REPLICATING_TO_AZURE,       _O.FAILOVER,                 _P.FAILING_OVER,                _P.FAILED_OVER,                _P.FAILED_OVER),
    Move(_M, _P.FAILED_OVER,                _O.COMMIT_FAILOVER,          _P.COMMITTING_FAILOVER,         _P.FAILOVER_COMMITTED,         _P.FAILOVER_COMMITTED),
    Move(_M, _P.FAILOVER_COMMITTED,         _O.REPROTECT_TO_ON_PREMISES, _P.REPROTECTING_TO_ON_PREMISES, _P.RESYNCING_TO_ON_PREMISES,   _P.REPLICATING_TO_ON_PREMISES),
    Move(_M, _P.REPLICATING_TO_ON_PREMISES, _O.FAILBACK,                 _P.FAILING_BACK,                _P.FAILED_BACK,                _P.FAILED_BACK),
    Move(_M, _P.FAILED_BACK,                _O.COMMIT_FAILBACK,          _P.COMMITTING_FAILBACK,         _P.FAILBACK_COMMITTED,         _P.FAILBACK_COMMITTED),
    Move(_M, _P.FAILED_BACK,                _O.CANCEL_FAILBACK,          _P.CANCELLING_FAILBACK,         _P.REPLICATING_TO_ON_PREMISES, _P.REPLICATING_TO_ON_PREMISES, usual=False),
    Move(_M, _P.FAILBACK_COMMITTED,         _O.REPROTECT_TO_AZURE,       _P.REPROTECTING_TO_AZURE,       _P.RESYNCING_TO_AZURE,         _P.REPLICATING_TO_AZURE),
    Move(_M, _P.FAILED_OVER,                _O.REPROTECT_TO_ON_PREMISES, _P.REPROTECTING_TO_ON_PREMISES, _P.RESYNCING_TO_ON_PREMISES,   _P.REPLICATING_TO_ON_PREMISES, usual=False),
    Move(_M, _P.FAILED_BACK,                _O.REPROTECT_TO_AZURE,       _P.REPROTECTING_TO_AZURE,       _P.RESYNCING_TO_AZURE,         _P.REPLICATING_TO_AZURE,       usual=False),
    Move(_M, _P.REPLICATING_TO_AZURE,       _O.TEST_FAILOVER,            _P.TESTING_FAILOVER,            _P.FAILOVER_TESTED,            _P.FAILOVER_TESTED),
    Move(_M, _P.FAILOVER_TESTED,            _O.CLEAN_UP_TEST,            _P.CLEANING_UP_TEST,            _P.REPLICATING_TO_AZURE,       _P.REPLICATING_TO_AZURE),
)
# fmt: on

_ROWS: Final = {(m.architecture, m.phase, m.operation): m for m in LIFECYCLE}
RESTING: Final = frozenset({m.phase for m in LIFECYCLE} | {m.settles for m in LIFECYCLE})
"""Phases in which an item may be asked for something."""


def allowed(architecture: Architecture, phase: Phase) -> tuple[Operation, ...]:
    """Operations that ASR permits now, in the table's order."""
    return tuple(m.operation for m in LIFECYCLE if (m.architecture, m.phase) == (architecture, phase))


def begin(architecture: Architecture, phase: Phase, operation: Operation) -> Move:
    """The row that starts here. Raises `NotAllowed` where there is none."""
    row = _ROWS.get((architecture, phase, operation))
    if row is None:
        raise NotAllowed(architecture, phase, operation)
    return row


def end(move: Move, *, succeeded: bool) -> Phase:
    """Where the item stands when the job of this row has ended."""
    return move.done if succeeded else move.phase


def under_way(architecture: Architecture, phase: Phase) -> Move | None:
    """The row whose job, or the resync after it, shows as this phase; None where an item rests here."""
    if phase in RESTING:
        return None
    return next((m for m in LIFECYCLE if m.architecture is architecture and phase in (m.running, m.done)), None)


def phases_of(architecture: Architecture) -> frozenset[Phase]:
    """All phases in which an item of this architecture can be."""
    rows = (m for m in LIFECYCLE if m.architecture is architecture)
    return frozenset(phase for m in rows for phase in (m.phase, m.running, m.done, m.settles))


def route(architecture: Architecture, start: Phase, goal: Phase) -> tuple[Operation, ...]:
    """The shortest chain of usual operations from `start` to `goal`; empty when already there. Raises `NoRoute`."""
    came: dict[Phase, tuple[Operation, ...]] = {start: ()}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        if here is goal:
            return came[here]
        for move in _usual(architecture, here):
            if move.settles not in came:
                came[move.settles] = (*came[here], move.operation)
                queue.append(move.settles)
    raise NoRoute(f"no sequence of operations takes a {architecture.value} item from {start.value} to {goal.value}")


def on_the_way(move: Move, seen: Phase) -> bool:
    """Whether `seen` is where our own operation may show an item; anything else is drift."""
    return seen in (move.running, move.done, move.settles)


def _usual(architecture: Architecture, phase: Phase) -> tuple[Move, ...]:
    return tuple(m for m in LIFECYCLE if m.usual and (m.architecture, m.phase) == (architecture, phase))
