"""What this night has shown of its own numbers: how fast disks are compared, what differs, what the line gives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final

from failback.reprotect import Operation, Phase, end_of, phase_row
from failback.scenarios.calibrations.fitting import fitted
from failback.scenarios.calibrations.measured import task_key
from failback.scenarios.files.schema import Scenario
from failback.simulator import Duration

from .record import Machine, Point, Record

AT_FULL_RATE: Final = 0.9
"""A disk that is compared at this share of the fastest one or more is not held up by anything else [inferred]."""
STEPS_LEAST: Final = 3
_HOME: Final = end_of(Operation.REPROTECT_TO_ON_PREMISES)
_MIB: Final = float(2**20)


@dataclass(frozen=True, slots=True)
class Measured:
    """None, or nothing for a machine or a step: the night has not shown it yet."""

    scan_mib_per_s: float | None = None
    line_mbit_per_s: float | None = None
    changed: Mapping[str, float] = field(default_factory=dict)
    durations: Mapping[str, Duration] = field(default_factory=dict)


def measured(record: Record, scenario: Scenario) -> Measured:
    """All that can be said by now."""
    rates = [rate for machine in record.machines.values() for rate in _rates(machine)]
    fast = [rate for rate in rates if rate >= AT_FULL_RATE * max(rates)]
    scan = median(fast) if fast else None
    held_up = scan is not None and len(fast) < len(rates) / 2
    line = _line(record, scenario) if held_up else None
    changed = {name: share for name, machine in record.machines.items() if (share := _changed(machine)) is not None}
    return Measured(scan, line, changed, _durations(record, scenario))


def _homeward(machine: Machine) -> list[Point]:
    return [point for point in machine.points if point.phase is not None and _is_home_resync(point.phase)]


def _is_home_resync(phase: Phase) -> bool:
    return phase_row(phase).resyncs_into is _HOME


def _rates(machine: Machine) -> Iterator[float]:
    """MiB/s of each disk between two looks."""
    for before, after in pairwise(_homeward(machine)):
        took_s = after.at_s - before.at_s
        if took_s > 0 and len(before.disks) == len(after.disks):
            for done, now in zip(before.disks, after.disks, strict=True):
                if now > done:
                    yield (now - done) / _MIB / took_s


def _changed(machine: Machine) -> float | None:
    last = next(reversed(_homeward(machine)), None)
    if last is None or not last.scanned_bytes or last.transferred_bytes is None:
        return None
    return min(1.0, last.transferred_bytes / last.scanned_bytes)


def _line(record: Record, scenario: Scenario) -> float | None:
    """What all machines together have sent at the most between two instants at which any of them was looked at."""
    sent: dict[float, float] = {}
    for machine in record.machines.values():
        for before, after in pairwise(_homeward(machine)):
            if after.at_s > before.at_s and None not in (before.transferred_bytes, after.transferred_bytes):
                moved = (after.transferred_bytes or 0) - (before.transferred_bytes or 0)
                sent[after.at_s] = sent.get(after.at_s, 0.0) + moved / (after.at_s - before.at_s)
    best = max(sent.values(), default=0.0)
    return best * 8 / 1e6 / scenario.site.compression_ratio if best > 0 else None


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
