"""Facts the outside world reports. Past tense, immutable."""

from dataclasses import dataclass
from enum import unique
from typing import TypeAlias

from .item import Architecture, Operation, Phase, Word


@unique
class JobState(Word):
    """How far a job is. ASR's CompletedWithInformation and PartiallySucceeded count as succeeded."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed, as the vault says it: `task` is the task's shown name, `code` stands in serviceErrorDetails."""

    task: str
    code: str
    message: str
    possible_causes: str = ""
    recommended_action: str = ""


@dataclass(frozen=True, slots=True)
class ItemSeen:
    """One protected item as a single read shows it. `agent_registered` None: the vault does not say."""

    item: str
    architecture: Architecture
    phase: Phase
    agent_registered: bool | None
    health_errors: tuple[str, ...] = ()
    resync_percent: int | None = None


@dataclass(frozen=True, slots=True)
class JobSeen:
    """One job as a single read shows it. `subject` is an item or a recovery plan, `task` the one running or failed."""

    subject: str
    operation: Operation
    job_id: str
    state: JobState
    task: str | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class VmSeen:
    """The on-premises virtual machine as vSphere shows it; `powered_on` None: it is not there."""

    item: str
    powered_on: bool | None
    disks: int
    snapshots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemGone:
    """A replication protected item that was there before has been absent from the vault for a while."""

    item: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The vault took a request and runs a job for it."""

    subject: str
    operation: Operation
    key: str
    job_id: str


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """The vault did not take a request; nothing was started."""

    subject: str
    operation: Operation
    key: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request went out, no answer came back, and the item shows no job of ours: nothing was started."""

    subject: str
    operation: Operation
    key: str
    message: str


@dataclass(frozen=True, slots=True)
class JobSucceeded:
    """A job of ours ended well."""

    subject: str
    operation: Operation
    job_id: str


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A job of ours failed."""

    subject: str
    operation: Operation
    job_id: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class JobCancelled:
    """A job of ours was cancelled, by us or by somebody else."""

    subject: str
    operation: Operation
    job_id: str


@dataclass(frozen=True, slots=True)
class OperatorAnswered:
    """A person answered a gate: `proceed` False means stop here; `apply` means: carry the remedy out yourself."""

    item: str
    gate: str
    proceed: bool
    apply: bool = False


@unique
class Instruction(Word):
    """What a person may tell a run that is in progress."""

    PAUSE = "pause"
    CONTINUE = "continue"
    SKIP = "skip"
    ABANDON = "abandon"


@dataclass(frozen=True, slots=True)
class Instructed:
    """A person told the run what to do. `number` counts the instructions of a run; item "" means the whole run."""

    number: int
    instruction: Instruction
    item: str = ""


@dataclass(frozen=True, slots=True)
class RemedyApplied:
    """What a remedy brings about is so, as a read showed. `already`: it was so before anything was sent."""

    item: str
    rule: str
    object: str
    key: str
    already: bool = False


@dataclass(frozen=True, slots=True)
class RemedyFailed:
    """A remedy was not carried out, or a read does not show what it brings about; the message says which."""

    item: str
    rule: str
    object: str
    key: str
    message: str


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The instant that the drill asked to be woken at has come."""

    item: str


Observation: TypeAlias = ItemSeen | ItemGone | JobSeen | VmSeen
Answer: TypeAlias = Accepted | RequestRefused | Unanswered
JobEnded: TypeAlias = JobSucceeded | JobFailed | JobCancelled
RemedyAnswer: TypeAlias = RemedyApplied | RemedyFailed
Event: TypeAlias = Answer | JobEnded | ItemSeen | ItemGone | VmSeen | OperatorAnswered | RemedyAnswer | TimePassed
Heard: TypeAlias = Event | Instructed
"""What a drill hears: what concerns an item, and what a person tells the run."""
