"""What this night has shown of its own numbers: how fast disks are compared, what differs, what the line gives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from statistics import median, pstdev
from typing import Final

from failback.reprotect import Operation
from failback.scenarios.calibrations.fitting import fitted
from failback.scenarios.calibrations.measured import task_key
from failback.scenarios.files.schema import Scenario
from failback.simulator import Duration

from .record import Machine, Record
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

    `sure`: all that was found to differ has been sent, else some of it may wait for the line; `over`: it is through.
    """

    size_bytes: float
    compared_bytes: float
    sent_bytes: float
    over: bool
    sure: bool

    @property
    def share(self) -> float:
        """What differs of what was compared, or less of it where it is not sure."""
        return min(1.0, self.sent_bytes / self.compared_bytes)

    @property
    def only_sends(self) -> bool:
        """Whether all was compared and something still waits: then the line, or a server before it, is full."""
        return not self.over and self.compared_bytes >= self.size_bytes * 0.999


@dataclass(frozen=True, slots=True)
class Measured:
    """None, or nothing for a machine or a step: the night has not shown it yet.

    `scan_spread`: by how much the rates differ (standard deviation of the logarithm); `line_mbit_per_s`: what all have
    sent together at the most; `line_full`: whether that is all that the line gives.
    """

    scan_mib_per_s: float | None = None
    scan_spread: float = 0.0
    line_mbit_per_s: float | None = None
    line_full: bool = False
    copied: Mapping[str, Copied] = field(default_factory=dict)
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
    seen = windows(record)
    copied = {name: found for name, machine in record.machines.items() if (found := _copied(machine, scenario, seen))}
    full = is_full(seen) or any(each.only_sends for each in copied.values())
    line = most(seen) / _MBIT / scenario.site.compression_ratio or None
    spread = pstdev(map(log, fast)) if fast else 0.0
    return Measured(scan, spread, line, full, copied, _durations(record, scenario))


def _rates(machine: Machine) -> Iterator[float]:
    """MiB/s of each disk between two looks."""
    for before, after in pairwise(homeward(machine)):
        took_s = after.at_s - before.at_s
        if took_s > 0 and len(before.disks) == len(after.disks):
            for done, now in zip(before.disks, after.disks, strict=True):
                if now > done:
                    yield (now - done) / _MIB / took_s


def _copied(machine: Machine, scenario: Scenario, seen: Sequence[Window]) -> Copied | None:
    last = next(reversed(homeward(machine)), None)
    if last is None or not last.scanned_bytes or last.transferred_bytes is None:
        return None
    machines = scenario.estate.virtual_machines
    sizes = [disk.size_gib * _GIB for disk in machines[machine.item].disks if not disk.excluded]
    over = machine.phase is not last.phase
    sure = over or keeps_up(machine.item, seen, {name: len(vm.disks) for name, vm in machines.items()})
    return Copied(sum(sizes), last.scanned_bytes, last.transferred_bytes, over, sure)


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
