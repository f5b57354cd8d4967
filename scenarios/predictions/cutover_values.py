"""What a prediction says of seed and cutover."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from .assumptions import Case
from .later_twins import Waits
from .sampling import Share

Span: TypeAlias = tuple[float, float]
"""The least and the most of something, in seconds."""


@dataclass(frozen=True, slots=True)
class WaveCutover:
    """One wave. `disks_ahead` have slots before it opens; `seed_latest` is by case, None where no start does.

    `seeded` counts the runs of the first case in which all of what seeds ahead is seeded when the wave opens.
    `seeding_s` and `cutover_s` are over all runs of all cases: from the first reprotect to the last seed before the
    wave opens, and from the first failback until the wave is home. `rpo_s` is the age of the oldest change that had
    not arrived when a machine of it failed back, and `delta_gib` what had not arrived of the wave: the least and the
    most of the runs. None: it never did, or nothing seeds ahead.
    """

    wave: str
    machines: int
    disks: int
    disks_ahead: int
    begins: datetime | None
    seed_latest: Mapping[str, datetime | None]
    seeded: Share
    seeding_s: Span | None
    opens: datetime
    cutover_s: Span | None
    last_go: datetime | None
    rpo_s: Span | None
    delta_gib: Span | None
    fails_back: tuple[datetime, datetime] | None = None
    """When its first machine begins to fail back: the soonest and the latest of all runs of all cases."""
    waits: Waits | None = None
    """For what it waits with its reprotect, where it does not seed ahead for a BIOS UUID."""

    @property
    def not_seeded_in(self) -> tuple[str, ...]:
        """The cases in which what seeds ahead is not seeded when it may fail back, however soon it begins."""
        ahead = any(at is not None for at in self.seed_latest.values())
        return tuple(case for case, at in self.seed_latest.items() if ahead and at is None)


@dataclass(frozen=True, slots=True)
class ApplicationDown:
    """An application, or a tier where none is named; how long it is down over all runs; None: one never came home."""

    name: str
    down_s: Span | None


@dataclass(frozen=True, slots=True)
class Cutover:
    """The whole of it. `case` is the one whose seed starts are planned with."""

    at: datetime
    begins: datetime
    case: Case
    starts: Mapping[str, datetime | None]
    waves: tuple[WaveCutover, ...]
    applications: tuple[ApplicationDown, ...]

    @property
    def missed_in(self) -> tuple[str, ...]:
        """The cases in which a wave misses the planned hour of its cutover."""
        return tuple(dict.fromkeys(case for wave in self.waves for case in wave.not_seeded_in))
