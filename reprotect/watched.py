"""Lines of a night that was watched and not run: when jobs of others ran, how far resyncs were, what people decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .events import JobState
from .item import Operation


@dataclass(frozen=True, slots=True)
class JobTimes:
    """When a job of others ran, in seconds of the night, and what each of its tasks took, by the task's name."""

    job_id: str
    operation: Operation
    state: JobState
    began_s: float
    ended_s: float | None = None
    tasks: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a resync was: what was compared, what of it was sent, the former for each disk; None: nobody says."""

    scanned_bytes: int | None = None
    transferred_bytes: int | None = None
    rpo_s: int | None = None
    disks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What people decided, and when they wrote it down by the wall's clock."""

    text: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class ServersSeen:
    """Through which servers a machine comes home, by the names in its vault; None: its vault does not say."""

    appliance: str | None = None
    master_target: str | None = None
    process_server: str | None = None
    datastore: str | None = None


WATCHED: Final[Mapping[str, type[Any]]] = {
    "JobTimes": JobTimes,
    "Progress": Progress,
    "Decision": Decision,
    "ServersSeen": ServersSeen,
}
"""By the name of the line. They are notes about an item, so the vocabulary of a drill does not have them."""
