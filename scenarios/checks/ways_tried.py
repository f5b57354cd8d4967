"""What a machine that comes home tries: architecture, system, server, datastore, firmware. A pilot is chosen by it."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from failback.reprotect import Choices, Estate, OsFamily, VirtualMachine, known, os_release, through
from failback.scenarios.judging.check import location_of

_NAMING: Final = ("through ", "process server ")
"""How the properties begin that name a server."""


def ways_tried(estate: Estate, vm: VirtualMachine, choices: Choices) -> Iterator[str]:
    """The properties of the way home of this machine, in words. `choices` are those of its reprotect home.

    Of Linux the distribution too, without its version: a pilot of every version would have no end.
    """
    yield f"architecture {vm.architecture.value}"
    yield f"operating system {vm.os.value}"
    if vm.os is OsFamily.LINUX and known(vm.os_version) and (release := os_release(vm.os_version, vm.os)) is not None:
        yield f"distribution {release.distribution}"
    yield f"{location_of(vm)[0].value} location"
    if (server := through(choices)) is not None:
        yield f"through {server}"
    if choices.process_server is not None:
        yield f"process server {choices.process_server}"
    if (store := estate.datastores.get(choices.datastore or vm.datastore)) is not None:
        yield f"datastore kind {store.kind}"
    if known(vm.firmware):
        yield f"firmware {vm.firmware}"
    if known(vm.source) and vm.source != "vmware":
        yield f"source {vm.source}"
    if vm.replication_group:
        yield "replication group"


def largest_gib(vm: VirtualMachine) -> float:
    """The size of its largest disk."""
    return max((disk.size_gib for disk in vm.disks), default=0.0)


def without_names(way: str) -> str:
    """The property for a file that names no server: a digest stands for the name."""
    head = next((head for head in _NAMING if way.startswith(head)), "")
    return f"{head}#{blake2b(way.encode(), digest_size=6).hexdigest()}" if head else way
