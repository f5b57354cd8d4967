"""The ledger: what machines ask of the objects that they share, and what of it is left for each of them.

Who judges a machine reads only the entries of that machine and of the objects that it uses. A check and a drill fill it
with the plan as asked (`assessment`); in a vault it is empty, since a vault knows only what it was asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MEMORY: Final = "memory"
"""Of a host (8038)."""
ROOM: Final = "room"
"""Of a datastore, for new disks (B14)."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a capacity has left for one machine, in GiB: at least, and at most, where others' shares are not known.

    `asked_gib`: what all who ask for it need together.
    """

    least_gib: float
    most_gib: float
    asked_gib: float = 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """What all machines together ask of one object."""

    machines: int = 0
    disks: int = 0
    churn_mib_per_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Meeting:
    """A machine that is on its way home when another asks for its failback. `sure`: None where it only may be."""

    mate: str
    sure: bool | None


@dataclass(frozen=True, slots=True)
class Kept:
    """Disk slots of a server that machines of later waves hold: surely, at most (with what mates claim), and who."""

    disks: int
    most: int
    holders: tuple[str, ...]


_NO_LOAD: Final = Load()


@dataclass(frozen=True)
class Ledger:
    """What is asked of shared objects, and what that leaves."""

    loads: Mapping[tuple[str, ...], Load] = field(default_factory=dict)
    """By the object's name; a retention drive by its master target's name and its own."""
    lefts: Mapping[tuple[str, str, str], Left] = field(default_factory=dict)
    """By machine, capacity and object; only where not all of those who ask for it can have it."""
    together: Mapping[str, int] = field(default_factory=dict)
    """By machine of a replication group: the disks that take slots with its own at one instant, its own among them."""
    apart: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By machine of a replication group: its mates that the plan puts in another wave (R07)."""
    uneven: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By machine of a replication group: its mates that begin in another phase, and are asked at another time (R07)."""
    kept: Mapping[str, Kept] = field(default_factory=dict)
    """By machine that has to ask for disk slots: those that machines of later waves hold of the same server."""
    without_points: Mapping[str, tuple[Meeting, ...]] | None = None
    """By machine: the mates of its recovery plan without a recovery point that it meets on the way home (F02). None
    where nobody has asked who goes together."""

    def load(self, *name: str) -> Load:
        """What is asked of this object."""
        return self.loads.get(name, _NO_LOAD)

    def left(self, item: str, capacity: str, name: str) -> Left | None:
        """What this object has left for this machine; None: as the object says."""
        return self.lefts.get((item, capacity, name)) if self.lefts else None
