"""What this night has shown of its own numbers: how fast disks are compared, what differs, what the line gives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from statistics import median, pstdev
from typing import Final

from failback.reprotect import Disk, Operation, VirtualMachine
from failback.scenarios.calibrations.fitting import fitted
from failback.scenarios.calibrations.measured import task_key
from failback.scenarios.files.schema import Scenario
from failback.simulator import Duration

from .record import Machine, Point, Record
from .sending import Window, homeward, is_full, keeps_up, most, windows

AT_FULL_RATE: Final = 0.9
"""A disk that is compared at this share of the fastest one or more is not held up by anything else [inferred]."""
STEPS_LEAST: Final = 3
_MIB: Final = float(2**20)
_GIB: Final = float(2**30)
_MBIT: Final = 125_000.0


@dataclass(frozen=True, slots=True)
class Copied:
    """How far the resync home of one machine is, all disks together.

    `sure`: all that was found to differ has been sent, else some of it may wait for the line; `over`: it is through;
    `waited`: all was compared, and it went on to send: then the line, or a server before it, was full.
    """

    size_bytes: float
    compared_bytes: float
    sent_bytes: float
    over: bool
    sure: bool
    waited: bool
    filed_share: float
    """What differs of it by the file."""

    @property
    def share(self) -> float:
        """What differs of what was compared, or less of it where it is not sure."""
        return min(1.0, self.sent_bytes / self.compared_bytes)

    @property
    def off(self) -> float | None:
        """By how much its share differs from the file, as a logarithm; None where either is nothing."""
        return log(self.share / self.filed_share) if self.share > 0 and self.filed_share > 0 else None


@dataclass(frozen=True, slots=True)
class Measured:
    """None, or nothing for a machine or a step: the night has not shown it yet.

    `scan_spread`: by how much the rates differ (standard deviation of the logarithm); `line_mbit_per_s`: what all have
    sent together at the most; `line_full`: whether that is all that the line gives; `stalled_s`: for how long no resync
    has done anything, None where one has.
    """

    scan_mib_per_s: float | None = None
    scan_spread: float = 0.0
    line_mbit_per_s: float | None = None
    line_full: bool = False
    copied: Mapping[str, Copied] = field(default_factory=dict)
    stalled_s: float | None = None
    durations: Mapping[str, Duration] = field(default_factory=dict)

    @property
    def changed(self) -> Mapping[str, float]:
        """The share that differs of each machine, as far as it has been sent."""
        return {name: copied.share for name, copied in self.copied.items()}


def measured(record: Record, scenario: Scenario) -> Measured:
    """All that can be said by now."""
    rates = [rate for machine in record.machines.values() for rate in _rates(machine)]
    fast = [rate for rate in rates if rate >= AT_FULL_RATE * max(rates)]
    scan = median(fast) if fast else None
    seen = windows(record, whole=True)
    copied = {name: found for name, machine in record.machines.items() if (found := _copied(machine, scenario, seen))}
    full = is_full(seen) or any(each.waited for each in copied.values())
    line = most(windows(record)) / _MBIT / scenario.site.compression_ratio or None
    spread = pstdev(map(log, fast)) if fast else 0.0
    return Measured(scan, spread, line, full, copied, _stalled_s(record), _durations(record, scenario))


def _stalled_s(record: Record) -> float | None:
    """By the resync that has stood for the shortest time: a server that all need, or the line, may be down."""
    under_way = [
        m for m in record.machines.values() if m.points and m.points[-1].moves and m.phase is m.points[-1].phase
    ]
    since = [machine.stalled_since_s for machine in under_way]
    stood = [record.now_s - at_s for at_s in since if at_s is not None]
    return min(stood) if stood and len(stood) == len(since) else None


def _rates(machine: Machine) -> Iterator[float]:
    """MiB/s of each disk between two looks."""
    for before, after in pairwise(homeward(machine)):
        took_s = after.read_s - before.read_s
        if took_s > 0 and len(before.disks) == len(after.disks):
            for done, now in zip(before.disks, after.disks, strict=True):
                if now > done:
                    yield (now - done) / _MIB / took_s


def _copied(machine: Machine, scenario: Scenario, seen: Sequence[Window]) -> Copied | None:
    last = next(reversed(homeward(machine)), None)
    if last is None or not last.scanned_bytes or last.transferred_bytes is None:
        return None
    machines = scenario.estate.virtual_machines
    vm = machines[machine.item]
    sizes = [disk.size_gib * _GIB for disk in vm.disks if disk.excluded is not True]
    over = machine.phase is not last.phase
    sure = over or keeps_up(machine.item, seen, {name: len(vm.disks) for name, vm in machines.items()})
    waited = _waited(homeward(machine), sum(sizes))
    return Copied(sum(sizes), last.scanned_bytes, last.transferred_bytes, over, sure, waited, filed_share(vm, scenario))


def _waited(points: Sequence[Point], size_bytes: float) -> bool:
    """Whether two looks or more have seen it send though all was compared."""
    sent = {point.transferred_bytes for point in points if (point.scanned_bytes or 0) >= size_bytes * 0.999}
    return len(sent) > 1


def filed_share(vm: VirtualMachine, scenario: Scenario) -> float:
    """The share of the machine's blocks that differs by the file."""
    disks = [disk for disk in vm.disks if disk.excluded is not True]
    size = sum(disk.size_gib for disk in disks)
    return sum(disk.size_gib * filed_fraction(disk, scenario) for disk in disks) / size if size else 0.0


def filed_fraction(disk: Disk, scenario: Scenario) -> float:
    """The same of one disk."""
    return scenario.site.changed_fraction if disk.changed_fraction is None else disk.changed_fraction


def _durations(record: Record, scenario: Scenario) -> Mapping[str, Duration]:
    """Steps that were seen three times or more, as their vault timed them."""
    steps: dict[str, list[float]] = {}
    for item, job in record.ended_jobs():
        vm = scenario.estate.virtual_machines[item]
        for name, took_s in job["tasks"].items():
            key = task_key(vm.architecture, Operation(job["operation"]), name)
            steps.setdefault(key, []).append(float(took_s))
    known = scenario.durations
    return {
        key: fitted(took, known[key]).duration()
        for key, took in steps.items()
        if key in known and len(took) >= STEPS_LEAST
    }
