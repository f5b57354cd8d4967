"""What a row of the table of jobs is: a kind of job with its kinds of tasks, and what each does."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias

import simpy

from failback.reprotect import Move

from .job import Job
from .protected_item import ProtectedItem
from .vault_record import VaultRecord

Act: TypeAlias = Callable[[VaultRecord, ProtectedItem, Job], None]
Skip: TypeAlias = Callable[[ProtectedItem, Job], bool]
Until: TypeAlias = Callable[[VaultRecord, ProtectedItem], simpy.Event]
Afterwards: TypeAlias = Callable[[VaultRecord, ProtectedItem, Move], Generator[simpy.Event, Any, None]]


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A task: wire name, shown name, what it does at its end, when it is skipped, which child job it shows.

    `until` is what it waits for besides its time, `id` what the service calls it elsewhere (recorded: not its name).
    `child_ends` is when its child job ends, as a share of its own time.
    """

    name: str
    friendly_name: str
    act: Act | None = None
    skipped: Skip | None = None
    child: tuple[str, str] | None = None
    until: Until | None = None
    id: str = ""
    child_ends: float = 1.0

    @property
    def group(self) -> bool:
        """Whether it holds child jobs."""
        return self.child is not None


@dataclass(frozen=True, slots=True)
class JobKind:
    """A job: scenario name, shown name, its tasks, what goes on after it, what a failure or cancel puts right."""

    scenario_name: str
    friendly_name: str
    tasks: tuple[TaskKind, ...] = ()
    afterwards: Afterwards | None = None
    undo: Callable[[VaultRecord, ProtectedItem], None] | None = None

    @property
    def names(self) -> tuple[str, str]:
        """How the vault calls it, and how it is shown."""
        return self.scenario_name, self.friendly_name


def child_kind(task: TaskKind) -> tuple[JobKind, ...]:
    """The child job that a group task shows, if any."""
    return (JobKind(*task.child),) if task.child else ()
