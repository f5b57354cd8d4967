"""Which disks of a machine are protected: some can be left out, and added again with an initial replication of theirs.

What the service does to a disk that is added is inferred: the item stays protected, the disk is copied whole, and a
failover that comes first leaves it behind.
"""

from collections.abc import Callable, Generator, Iterable
from functools import partial
from typing import Any

import simpy

from failback.reprotect import Disk, Phase, TravellingDisk, travelling

from .network import Network, Transfer
from .protected_item import ProtectedItem
from .vault_record import VaultRecord

_GIB, _MIB = float(2**30), float(2**20)


def protected_disks(vault: VaultRecord, item: ProtectedItem) -> tuple[tuple[int, Disk], ...]:
    """The disks that replicate, initially or always, each with its number among the machine's."""
    disks = vault.site.vm(item.name).disks
    return tuple((number, disk) for number, disk in enumerate(disks) if number not in item.left_out)


def homeward_disks(vault: VaultRecord, item: ProtectedItem) -> tuple[TravellingDisk, ...]:
    """The disks that come home, and how, as the machine is now."""
    every = travelling(vault.site.vm(item.name))
    return tuple(each for each in every if each.number not in item.left_out)


def leave_out(vault: VaultRecord, item: ProtectedItem, numbers: Iterable[int]) -> None:
    """Protect these disks no more; an initial replication of theirs is given up."""
    item.left_out |= frozenset(numbers)
    for number in item.left_out:
        item.first_syncs.pop(number, None)
    vault.touch(item.name)


def take_in(vault: VaultRecord, item: ProtectedItem, numbers: Iterable[int]) -> None:
    """Protect these disks too: the initial replication of each begins."""
    taken = frozenset(numbers)
    item.left_out -= taken
    for number in sorted(taken):
        _begin(vault, item, number)
    vault.touch(item.name)


def _begin(vault: VaultRecord, item: ProtectedItem, number: int) -> None:
    env, network = vault.env, vault.site.network
    size_bytes = vault.site.vm(item.name).disks[number].size_gib * _GIB / vault.site.parameters.compression_ratio
    moved = network.transfer(vault.site.ways.out(), size_bytes)
    item.first_syncs[number] = percent = partial(_percent, network, moved, size_bytes)
    copied = env.all_of([env.timeout(_scan_s(vault, item, number)), moved.done])
    env.process(_first_sync(vault, item, number, percent, copied))


def _first_sync(
    vault: VaultRecord, item: ProtectedItem, number: int, percent: Callable[[], int], copied: simpy.Event
) -> Generator[simpy.Event, Any, None]:
    yield copied | vault.on_phase(item.name, Phase.FAILING_OVER)
    if item.first_syncs.get(number) is percent:
        _end(vault, item, number, complete=copied.triggered)


def _percent(network: Network, moved: Transfer, size_bytes: float) -> int:
    return int(100 * (1 - network.remaining_bytes(moved) / max(size_bytes, 1.0)))


def _scan_s(vault: VaultRecord, item: ProtectedItem, number: int) -> float:
    size_gib = vault.site.vm(item.name).disks[number].size_gib
    return size_gib * _GIB / (vault.site.parameters.scan_mib_per_s * _MIB)


def _end(vault: VaultRecord, item: ProtectedItem, number: int, *, complete: bool) -> None:
    del item.first_syncs[number]
    if not complete:
        item.left_out |= {number}
    vault.touch(item.name)
