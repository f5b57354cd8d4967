"""Ids of disks in bodies, and the numbers of the disks that they name."""

from collections.abc import Iterable

from failback.simulator.arm.reads.item_facts import disk_name
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.response import bad_request


def numbers_of(request: ParsedRequest, machine: str, named: Iterable[tuple[str, str]]) -> frozenset[int]:
    """Numbers of the disks with these ids, GUIDs in braces or bare, or names; each with where it was said."""
    disks = request.world.site.vm(machine).disks
    known = {request.names.guid("disk", machine, n): n for n, _ in enumerate(disks)}
    known |= {disk_name(n, disk).lower(): n for n, disk in enumerate(disks)}
    return frozenset(_number(known, machine, *one) for one in named)


def _number(known: dict[str, int], machine: str, name: str, path: str) -> int:
    number = known.get(name.rpartition("/")[2].strip("{}").lower())
    if number is None:
        action = "Take it from the protectable item's diskDetails[].diskId."
        raise bad_request(f"{path} '{name[:100]}' is not a disk of '{machine}'.", action, target=path)
    return number
