"""What was asked of `failback new`."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

NEW: Final = "new scenario"
"""The kind of output that it writes."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What was asked at the command line."""

    name: str
    estate: Path
    machines: Path
    out: Path
    starts_at: datetime | None = None
    """When the way home begins; nobody said where it is None. With a cutover: the earliest start of the seeding."""
    time_zone: str | None = None
    cutover: datetime | None = None
    """The earliest time at which machines may fail back; they replicate home before. None: each wave in its turn."""
