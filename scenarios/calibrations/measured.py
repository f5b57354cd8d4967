"""What earlier runs took: steps and resyncs with where they were seen, and what could not be read."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from failback.reprotect import Architecture, Choices, Operation
from failback.simulator.job_kinds import TaskKind
from failback.simulator.job_tasks import JOBS

AGENT: Final = "agent_registration"
"""Key of the wait for the agent."""


@dataclass(frozen=True, slots=True)
class MeasuredStep:
    """One step with the key of its duration. `run` tells runs apart, without a name."""

    key: str
    took_s: float
    run: int


@dataclass(frozen=True, slots=True)
class ScannedDisks:
    """One resync. `scanned_bytes` is what one scanner read; what crossed the link is None where nobody tells."""

    took_s: float
    scanned_bytes: float | None
    transferred_bytes: float | None
    run: int
    item: str = ""


@dataclass(slots=True)
class Measurements:
    """All that was read. `notes` has one paragraph for each thing that could not be used."""

    steps: list[MeasuredStep] = field(default_factory=list)
    resyncs: list[ScannedDisks] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sources: dict[str, int] = field(default_factory=dict)
    architectures: set[Architecture] = field(default_factory=set)
    newest: date | None = None
    asked: dict[str, Choices] = field(default_factory=dict)
    """With which choices the reprotect home of a machine was asked, by its name."""
    came_home: set[str] = field(default_factory=set)
    """Machines that were back on site at the end of a failback."""

    def count(self, kind: str, by: int = 1) -> None:
        """Count something that was read."""
        self.sources[kind] = self.sources.get(kind, 0) + by

    def dated(self, day: date | None) -> None:
        """Note the date of something."""
        if day is not None and (self.newest is None or day > self.newest):
            self.newest = day


def task_key(architecture: Architecture, operation: Operation, name: str) -> str:
    """The key of a task's duration."""
    return f"task/{architecture.value}/{operation.value}/{name}"


def tasks_of(architecture: Architecture, operation: Operation) -> tuple[TaskKind, ...]:
    """The tasks of an item's job, in order."""
    kind = JOBS.get((architecture, operation))
    return kind.tasks if kind is not None else ()
