"""The site model's constants that a scenario may set: how much differs, how fast it is scanned, when slots are free."""

from dataclasses import dataclass
from enum import Enum, unique
from typing import Any, ClassVar, Final

_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}


@unique
class SlotsHeldUntil(Enum):
    """When the disk slots of a master target (M03) or appliance (A02) are free again."""

    FAILBACK = "failback"
    FAILBACK_COMMIT = "failback_commit"


@unique
class DiskScan(Enum):
    """How the disks of one machine are scanned during a resync."""

    PARALLEL = "parallel"
    ONE_BY_ONE = "one_by_one"


@dataclass(frozen=True, slots=True)
class SiteParameters:
    """Numbers of the model that apply to a whole site. Marks say what is recorded and what we assumed."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    changed_fraction: float = 0.25
    """Share of the blocks that differ when a disk comes home to its original location, 0 to 1 [inferred, B02]."""
    changed_spread: float = 0.0
    """How uncertain that share is, 0 to 1. 0: exactly that share of each disk; 1: anything from nothing to all of it
    (B02), most likely that share; in between: that far towards both ends. A disk's own share is kept [inferred]."""
    churn_mib_per_s: float = 0.0
    """Data written per second and per disk in Azure while it replicates home, MiB/s [inferred]."""
    scan_mib_per_s: float = 29.9
    """Rate at which a resync compares one disk, MiB/s [recorded, B04: 30 GiB in 1026 s, which is 31 MB/s]."""
    compression_ratio: float = 1.0
    """Factor by which compression reduces the data on the link; about 10 was recorded (B09), 1 is cautious."""
    slots_held_until: SlotsHeldUntil = SlotsHeldUntil.FAILBACK_COMMIT
    """When disk slots are free again [inferred, A02]."""
    disk_scan: DiskScan = DiskScan.PARALLEL
    """Whether the disks of one machine are compared at the same time [inferred, B04]."""
    heartbeat_period_s: float = 60.0
    """Seconds between two heartbeats of a server or an agent, above 0 and at most 900 [inferred]."""
