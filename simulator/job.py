"""A job of the vault and its tasks, as they run."""

from dataclasses import dataclass, field
from enum import unique

import simpy

from failback.reprotect import Choices, Failure, Operation, VsphereRefused, Word


@unique
class Progress(Word):
    """State of a job or a task."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUCCEEDED = "succeeded"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"


ENDED = frozenset({Progress.SUCCEEDED, Progress.FAILED, Progress.CANCELLED, Progress.SKIPPED})


class TaskFailed(Exception):
    """A task cannot go on; carries what the vault will say."""

    def __init__(self, code: str, message: str, possible_causes: str = "", recommended_action: str = "") -> None:
        self.code, self.message = code, message
        self.possible_causes, self.recommended_action = possible_causes, recommended_action
        super().__init__(message)


def refused_by_vsphere(refused: VsphereRefused) -> TaskFailed:
    """What the vault says of a task that vSphere did not let it do; code and words are ours [inferred]."""
    if refused.missing is None:
        message = f"vSphere refused what the job requested: {refused}"
        return TaskFailed(
            "FB-VSPHERE", message, "See vSphere's own task.", "Fix it in vSphere and run the operation again."
        )
    return TaskFailed(
        "FB-VSPHERE",
        f"The virtual machine {refused.missing} is not in vSphere any more.",
        "It was removed or renamed while disks were on their way home.",
        f"Restore {refused.missing}, with the disks that it held, and run the operation again.",
    )


@dataclass(slots=True)
class Task:
    """One task. `group` marks tasks that hold child jobs (recorded: discovery and protection of a reprotect).

    `action` is what happens between two groups of a recovery plan; `comment` is what a person said of it.
    """

    name: str
    friendly_name: str
    group: bool = False
    state: Progress = Progress.NOT_STARTED
    started_s: float | None = None
    ended_s: float | None = None
    children: list["Job"] = field(default_factory=list)
    failure: Failure | None = None
    action: "PlanAction | None" = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class PlanAction:
    """What a recovery plan does before its group `before` (from 0); a manual one pauses the job until it is resumed."""

    name: str
    text: str
    manual: bool
    before: int


@dataclass(slots=True)
class Job:
    """One job. `subject` is an item, or what `about` says; `parent` the job that a child job belongs to.

    `held` is what the job waits for before its next task, `cancelled` the event of somebody's asking it to stop.
    """

    id: str
    scenario_name: str
    friendly_name: str
    subject: str
    operation: Operation | None
    tasks: list[Task]
    started_s: float
    done: simpy.Event
    choices: Choices = Choices()
    parent: "Job | None" = None
    state: Progress = Progress.IN_PROGRESS
    ended_s: float | None = None
    failure: Failure | None = None
    cancel_asked: bool = False
    about: str = "item"
    held: simpy.Event | None = None
    cancelled: simpy.Event | None = None
    unchecked: bool = False
    """Whether nobody looked at the rules of its request: its first task does."""

    @property
    def running_task(self) -> str | None:
        """Shown name of the task that runs or failed, None between and after."""
        for task in self.tasks:
            if task.state in (Progress.IN_PROGRESS, Progress.FAILED):
                return task.friendly_name
        return None


@dataclass(slots=True)
class JobFault:
    """A scenario's order to fail an item's next jobs of one operation at one task."""

    operation: Operation | None
    task: str | None
    code: str
    message: str
    left: int
