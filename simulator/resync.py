"""The resync after a reprotect job: whole disks are scanned, differing blocks cross the link (B03, B04)."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from failback.reprotect import Disk, Move

from .network import Transfer
from .parameters import DiskScan
from .protected_disks import protected_disks
from .topology import LINK

if TYPE_CHECKING:
    from .vault import ProtectedItem, Vault

_GIB, _MIB = float(2**30), float(2**20)


def resync(
    vault: "Vault", item: "ProtectedItem", move: Move, fraction: float | None
) -> Generator[simpy.Event, Any, None]:
    """Run it and let the item settle. `fraction` of the blocks differ; None: as each disk or the site says."""
    env, disks = vault.env, protected_disks(vault, item)
    scan_s = _scanned_gib(vault, disks) * _GIB / (vault.site.parameters.scan_mib_per_s * _MIB)
    size_bytes, began_s = sum(_differing_bytes(vault, disk, fraction) for disk in disks), env.now
    moved = vault.site.network.transfer((LINK,), size_bytes)
    item.resync_percent = lambda: _percent(vault, moved, size_bytes, began_s, scan_s)
    yield env.all_of([env.timeout(scan_s), moved.done])
    item.resync_percent = None
    item.recovery_points.append(env.now)
    vault.enter(item, move.settles)
    vault.review_replication(item.name)


def _scanned_gib(vault: "Vault", disks: tuple[Disk, ...]) -> float:
    """What one scanner has to read: the largest disk, or all of them where they are scanned one by one."""
    together = max if vault.site.parameters.disk_scan is DiskScan.PARALLEL else sum
    return together(disk.size_gib for disk in disks)


def _differing_bytes(vault: "Vault", disk: Disk, fraction: float | None) -> float:
    parameters = vault.site.parameters
    own = parameters.changed_fraction if disk.changed_fraction is None else disk.changed_fraction
    return disk.size_gib * _GIB * (own if fraction is None else fraction) / parameters.compression_ratio


def _percent(vault: "Vault", moved: Transfer, size_bytes: float, began_s: float, scan_s: float) -> int:
    scanned = min(1.0, (vault.env.now - began_s) / scan_s) if scan_s > 0 else 1.0
    arrived = 1.0 - vault.site.network.remaining_bytes(moved) / size_bytes if size_bytes > 0 else 1.0
    return int(100 * min(scanned, arrived))
