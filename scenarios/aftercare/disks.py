"""Which disks of the estate from before are missing at a machine on site now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from failback.reprotect import Disk, VirtualMachine, known

_NEAR_GIB = 0.01
"""Sizes that differ by less are one size: sources round."""


@dataclass(frozen=True, slots=True)
class DisksAfter:
    """Disks from before: those that are not there, and those of which nobody says whether they are attached."""

    missing: tuple[Disk, ...]
    unseen: tuple[Disk, ...]


def disks_after(before: VirtualMachine, after: VirtualMachine) -> DisksAfter:
    """Each disk from before with the one that it is now: by UUID, then by name and size, then by size alone."""
    left = list(after.disks)
    wanted = [disk for disk in before.disks if disk.iscsi is not True and not disk.temporary_storage]
    found: dict[int, Disk] = {}
    for same in (_same_uuid, _same_name, _same_size):
        _take(wanted, left, found, same)
    missing = (d for n, d in enumerate(wanted) if n not in found or found[n].attached_on_premises is False)
    unseen = (d for n, d in enumerate(wanted) if n in found and not known(found[n].attached_on_premises))
    return DisksAfter(tuple(missing), tuple(unseen))


def _take(wanted: Sequence[Disk], left: list[Disk], found: dict[int, Disk], same: Callable[[Disk, Disk], bool]) -> None:
    for number, disk in enumerate(wanted):
        if number not in found and (hit := next((each for each in left if same(disk, each)), None)) is not None:
            found[number] = hit
            left.remove(hit)


def _same_uuid(one: Disk, other: Disk) -> bool:
    return isinstance(one.uuid, str) and isinstance(other.uuid, str) and one.uuid.casefold() == other.uuid.casefold()


def _same_name(one: Disk, other: Disk) -> bool:
    return one.name == other.name and _same_size(one, other)


def _same_size(one: Disk, other: Disk) -> bool:
    """A disk may have grown in Azure, and is larger when it comes home."""
    return abs(one.size_gib - other.size_gib) < _NEAR_GIB or (one.resized_in_azure and other.size_gib > one.size_gib)
