"""One replication protected item of the simulated vault."""

from collections.abc import Callable
from dataclasses import dataclass, field

from failback.reprotect import Architecture, Choices, Move, Phase, TravellingDisk, Unmet

from .job import Job
from .replication import Replication


@dataclass(slots=True)
class ProtectedItem:
    """One replication protected item, with the job and the lifecycle row that it is on, if any."""

    name: str
    architecture: Architecture
    phase: Phase
    move: Move | None = None
    job: Job | None = None
    last_job: Job | None = None
    choices: Choices = Choices()
    process_server: str | None = None
    disk_host: str | None = None
    alternate_location: bool = False
    homeward: tuple[TravellingDisk, ...] = ()
    """The disks that its last reprotect sends home, and how."""
    failed_over_s: float | None = None
    tested_s: float | None = None
    """When its last test failover succeeded."""
    boots: int = 0
    enabling: Job | None = None
    """The job that protects it for the first time, until that has succeeded: it runs, or it has failed."""
    health_errors: dict[str, Unmet] = field(default_factory=dict)
    resync_percent: Callable[[], int] | None = None
    resync_done: float = 0.0
    """The share of its next resync that was done before the history began."""
    job_behind_s: float = 0.0
    """For how long the job under way had run when the history began, as far as no task has used it up."""
    recovery_points: list[float] = field(default_factory=list)
    left_out: frozenset[int] = frozenset()
    """Numbers of the machine's disks that are not protected."""
    first_syncs: dict[int, Callable[[], int]] = field(default_factory=dict)
    """Disks that were added to the protection, with how far the initial replication of each is, in percent."""
    replication: Replication | None = None
