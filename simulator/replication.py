"""One item's data on its way: disks are scanned, differing blocks cross as they are found, changes follow (B03)."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import simpy

from failback.reprotect import Disk, Operation

from .data_path import GIB, MIB
from .network import Route, Transfer
from .parameters import DiskScan
from .site import Site


@dataclass(frozen=True, slots=True)
class Replicated:
    """What one resync has done so far, all disks together.

    `scanned_bytes` were compared (the vendor's *processed*); `transferred_bytes` of them differed or changed meanwhile
    and were sent, `line_bytes` of them as compressed on the line; `waiting_bytes` wait. `rpo_s`: age of the oldest
    change that had not arrived when failback began, None before, and `behind_bytes` all that had not; it was sent
    first if the machine in Azure was shut down, else it is lost. `settled_s`: when the resync was through, None before.
    """

    item: str
    operation: Operation
    began_s: float
    settled_s: float | None
    scanned_bytes: float
    transferred_bytes: float
    line_bytes: float
    waiting_bytes: float
    rpo_s: float | None
    behind_bytes: float | None = None


class DiskWay(NamedTuple):
    """One disk of a machine, its number there, the share of it that differs, and the parts that it passes."""

    number: int
    disk: Disk
    fraction: float
    route: Route


@dataclass(slots=True)
class DiskCopy:
    """One disk on its way, with the transfers that carried it, the last of them under way perhaps."""

    size_bytes: float
    scan_s: float
    fraction: float
    churn_bytes_per_s: float
    route: Route
    done_s: float = 0.0
    """Seconds of its scan that were over before it began here; what they found had arrived."""
    flows: list[Transfer] = field(default_factory=list)


class Replication:
    """The resync of one item, and the replication of its changes after that until somebody stops it."""

    def __init__(
        self,
        site: Site,
        item: str,
        operation: Operation,
        ways: Sequence[DiskWay],
        done_fraction: float = 0.0,
    ) -> None:
        self._site, self.item, self.operation = site, item, operation
        self.route = tuple(dict.fromkeys(part for way in ways for part in way.route))
        """All parts that any of its disks passes."""
        self.began_s = site.env.now
        self.settled_s: float | None = None
        self.rpo_s: float | None = None
        self.behind_bytes: float | None = None
        self.disks = {way.number: self._copy_of(way, done_fraction) for way in ways}

    def _copy_of(self, way: DiskWay, done_fraction: float) -> DiskCopy:
        disk = way.disk
        own, parameters = disk.churn_mib_per_s, self._site.parameters
        churn = parameters.churn_mib_per_s if own is None else own
        scan_s = disk.size_gib * GIB / (parameters.scan_mib_per_s * MIB)
        churn_bytes_per_s = churn * MIB / parameters.compression_ratio
        done_s = scan_s * done_fraction
        return DiskCopy(disk.size_gib * GIB, scan_s, way.fraction, churn_bytes_per_s, way.route, done_s)

    def run(self) -> Generator[simpy.Event, Any, None]:
        """Until every disk is scanned and nothing waits, side by side or one by one."""
        if self._site.parameters.disk_scan is DiskScan.PARALLEL:
            yield self._site.env.all_of([self._start(disk) for disk in self.disks.values()])
        else:
            for disk in self.disks.values():
                yield self._start(disk)
        self.settled_s = self._site.env.now

    def _start(self, disk: DiskCopy) -> simpy.Event:
        parameters, left_s = self._site.parameters, disk.scan_s - disk.done_s
        rate = parameters.scan_mib_per_s * MIB * disk.fraction / parameters.compression_ratio
        disk.flows.append(self._site.network.replicate(disk.route, left_s, rate, disk.churn_bytes_per_s))
        return disk.flows[-1].done

    # Its end, and what comes after a failback that was undone

    def quiet(self) -> None:
        """Nothing is written any more (F04); what waits goes on its way still."""
        self.note_rpo()
        for disk in self.disks.values():
            waits = self._site.network.remaining_bytes(disk.flows[-1])
            self._site.network.stop(disk.flows[-1])
            disk.flows.append(self._site.network.transfer(disk.route, waits))

    def arrived(self) -> simpy.Event:
        """An event for the arrival of what is on its way."""
        return self._site.env.all_of([flow.done for flow in self._last_flows()])

    def note_rpo(self) -> None:
        """Failback begins: so old is what has not arrived."""
        if self.rpo_s is None:
            self.rpo_s = max((self._site.network.rpo_s(flow) for flow in self._last_flows()), default=0.0)
            self.behind_bytes = self._waiting_bytes()

    def stop(self) -> None:
        """No more of it."""
        for flow in self._last_flows():
            self._site.network.stop(flow)

    def resume(self) -> None:
        """The machine writes again, and its changes follow."""
        self.stop()
        self.rpo_s = self.behind_bytes = None
        for disk in self.disks.values():
            disk.flows.append(self._site.network.replicate(disk.route, 0.0, 0.0, disk.churn_bytes_per_s))

    # What is seen

    def replicated(self) -> Replicated:
        """What it has done so far."""
        line = sum(self.line_bytes(disk) for disk in self.disks.values())
        ratio = self._site.parameters.compression_ratio
        scanned = sum(self.scanned_bytes(disk) for disk in self.disks.values())
        return Replicated(
            self.item,
            self.operation,
            self.began_s,
            self.settled_s,
            scanned,
            line * ratio,
            line,
            self._waiting_bytes(),
            self.rpo_s,
            self.behind_bytes,
        )

    def _waiting_bytes(self) -> float:
        waits = sum(self._site.network.remaining_bytes(flow) for flow in self._last_flows())
        return waits * self._site.parameters.compression_ratio

    def scanned_bytes(self, disk: DiskCopy) -> float:
        """What of this disk was compared."""
        done_s = disk.done_s + sum(self._site.network.scanned_s(flow) for flow in disk.flows)
        return min(disk.size_bytes, disk.size_bytes * done_s / disk.scan_s)

    def line_bytes(self, disk: DiskCopy) -> float:
        """What of this disk crossed the line, as it was there."""
        return sum(self._site.network.sent_bytes(flow) for flow in disk.flows)

    def transferred_bytes(self, disk: DiskCopy) -> float:
        """What of this disk was sent, uncompressed."""
        return self.line_bytes(disk) * self._site.parameters.compression_ratio

    def percent(self) -> int:
        """Progress in whole percents, on processed bytes (B03); below 100 while anything waits."""
        scanned = sum(map(self.scanned_bytes, self.disks.values()))
        size = sum(disk.size_bytes for disk in self.disks.values())
        return min(int(100 * scanned / max(size, 1.0)), 100 if self.settled_s is not None else 99)

    def _last_flows(self) -> Iterator[Transfer]:
        return (disk.flows[-1] for disk in self.disks.values() if disk.flows)


def differing(site: Site, item: str, number: int, disk: Disk, fraction: float | None) -> float:
    """Share of its blocks that differ: as asked for, as the disk says, all (B03), or as the site has it (B02)."""
    if fraction is not None:
        return fraction
    if disk.changed_fraction is not None:
        return disk.changed_fraction
    return 1.0 if disk.rewritten_in_azure else _drawn(site, item, number)


def _drawn(site: Site, item: str, number: int) -> float:
    """From its own stream, in whole percents, so that disks alike move alike."""
    mode, spread = site.parameters.changed_fraction, site.parameters.changed_spread
    if spread <= 0:
        return mode
    stream = site.chance.stream("changed_fraction", item, number)
    return round(stream.triangular(mode * (1 - spread), mode + (1 - mode) * spread, mode), 2)
