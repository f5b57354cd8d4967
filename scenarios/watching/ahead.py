"""What is ahead, from where the machines stand now and with what this night has shown: played many times.

What nobody has measured yet is drawn anew for each run from a wide range, what was measured from a narrow one. How wide
is inferred; no real night has been compared with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp
from random import Random
from statistics import fmean
from typing import Any, Final

from failback.reprotect import Disk, JobState, VirtualMachine, stands_at
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outcomes.answers import Answer, answer
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.predictions.sampling import holds_from
from failback.scenarios.runbooks.planned_requests import as_planned
from failback.scenarios.runbooks.remaining import remaining
from failback.scenarios.text.local_time import after, seconds_between

from .measured import Measured, measured
from .record import Machine, Record

_GIB: Final = float(2**30)
RUNS_MAX: Final = 40
RUNS_LEAST: Final = 8
MACHINE_RUNS: Final = 1000
"""Machines times runs that one prediction may cost."""
LOW, HIGH = 0.05, 0.95
SURE: Final = 0.9
"""Share of the runs in time from which a wave is a go."""
RISKY: Final = 0.5
_UNKNOWN: Final = {"changed": 0.6, "scan": 0.2, "line": 0.2}
_KNOWN: Final = {"changed": 0.1, "scan": 0.03, "line": 0.05}
"""Spread (standard deviation of the logarithm) of what was not measured, and of what was [inferred]."""


@dataclass(frozen=True, slots=True)
class WaveAhead:
    """One wave: the band of 90 % in which its last machine is home, and the share of the runs in time."""

    wave: str
    machines: int
    low: datetime | None
    middle: datetime | None
    high: datetime | None
    in_time: float | None

    @property
    def go(self) -> str:
        """go, at risk, or no-go; nothing where no deadline was given."""
        if self.in_time is None:
            return ""
        return "go" if self.in_time >= SURE else "at risk" if self.in_time >= RISKY else "no-go"


@dataclass(frozen=True, slots=True)
class Ahead:
    """The prediction of one instant. `whole` is of all machines; `late`: who is late in half of the runs or more."""

    at: datetime
    runs: int
    measured: Measured
    whole: WaveAhead
    waves: tuple[WaveAhead, ...]
    late: tuple[str, ...]
    by: datetime | None


def ahead(scenario: Scenario, record: Record, starts_at: datetime, now: datetime, by: datetime | None) -> Ahead | None:
    """Predict; None where nothing is left, or where the line has a schedule, which cannot be begun in its middle."""
    if scenario.estate.link.schedule:
        return None
    known = measured(record, scenario)
    try:
        rest = _rest(scenario, record, starts_at, now)
    except BadInput:  # every machine replicates to Azure again
        return None
    runs = max(RUNS_LEAST, min(RUNS_MAX, MACHINE_RUNS // len(rest.estate.virtual_machines)))
    answers = [answer(way_home(drawn(rest, known, Random(n)), now), scenario.seed + n) for n in range(runs)]
    return _ahead(answers, known, now, by, running_s(record))


def _rest(scenario: Scenario, record: Record, starts_at: datetime, now: datetime) -> Scenario:
    """The plan from now on, with nothing going wrong; who was not seen stands where the estate says."""
    machines = {name: placed(vm, record) for name, vm in scenario.estate.virtual_machines.items()}
    later = replace(scenario.estate, virtual_machines=machines)
    return remaining(replace(as_planned(scenario), starts_at=starts_at), later, scenario.name, now)


def placed(vm: VirtualMachine, record: Record) -> VirtualMachine:
    """The machine where the night has seen it last; as the estate says where it has not."""
    machine = record.machines[vm.name]
    if machine.seen is None:
        return vm
    return replace(stands_at(vm, machine.seen.phase), resync_done_fraction=done_share(vm, machine))


def done_share(vm: VirtualMachine, machine: Machine) -> float:
    """How much of its resync is done, so that what is left of the disk with most left is right.

    The percentage is of all disks together, and a small disk is through long before a large one.
    """
    assert machine.seen is not None
    sizes = [disk.size_gib * _GIB for disk in vm.disks if not disk.excluded]
    point = machine.points[-1] if machine.points else None
    if point is None or point.phase is not machine.seen.phase or len(point.disks) != len(sizes) or not sizes:
        return min(99, machine.seen.resync_percent or 0) / 100
    left = max(size - done for size, done in zip(sizes, point.disks, strict=True))
    return min(1.0, max(0.0, 1.0 - left / max(sizes)))


def running_s(record: Record) -> float:
    """Since when the job has run that has run longest: how far along a job is, nobody tells, so it counts as begun."""
    running = (m.job for m in record.machines.values() if m.job is not None and m.job.state is JobState.RUNNING)
    began = [record.job_times[job.job_id]["began_s"] for job in running if job.job_id in record.job_times]
    return max((record.now_s - float(at_s) for at_s in began), default=0.0)


def drawn(scenario: Scenario, known: Measured, chance: Random) -> Scenario:
    """The scenario with one draw of what is known and unknown."""
    scan = _about(known.scan_mib_per_s, scenario.site.scan_mib_per_s, "scan", chance)
    line = _about(known.line_mbit_per_s, scenario.estate.link.bandwidth_mbit_per_s, "line", chance)
    common = chance.gauss(0.0, _UNKNOWN["changed"] if not known.changed else _KNOWN["changed"])
    usual = (fmean(known.changed.values()) if known.changed else scenario.site.changed_fraction) * exp(common)
    machines = {name: _with_changed(vm, known.changed, chance) for name, vm in scenario.estate.virtual_machines.items()}
    link = replace(scenario.estate.link, bandwidth_mbit_per_s=line)
    return replace(
        scenario,
        estate=replace(scenario.estate, virtual_machines=machines, link=link),
        site=replace(scenario.site, scan_mib_per_s=scan, changed_fraction=min(1.0, usual), changed_spread=0.0),
        durations={**scenario.durations, **known.durations},
    )


def _about(found: float | None, written: float, what: str, chance: Random) -> float:
    spread = _UNKNOWN[what] if found is None else _KNOWN[what]
    return (written if found is None else found) * exp(chance.gauss(0.0, spread))


def _with_changed(vm: VirtualMachine, seen: Mapping[str, float], chance: Random) -> VirtualMachine:
    if vm.name not in seen:
        return vm
    share = min(1.0, seen[vm.name] * exp(chance.gauss(0.0, _KNOWN["changed"])))
    disks: tuple[Disk, ...] = tuple(replace(disk, changed_fraction=share) for disk in vm.disks)
    return replace(vm, disks=disks)


def _ahead(answers: Sequence[Answer], known: Measured, now: datetime, by: datetime | None, sooner_s: float) -> Ahead:
    """`sooner_s`: by how much less it may take, since jobs under way count as just begun."""
    within_s = None if by is None else seconds_between(now, by)
    waves = tuple(_sooner(wave, now, sooner_s) for wave in _waves(answers, now, within_s))
    whole = _sooner(_wave("", len(answers[0].items), [a.home_s for a in answers], now, within_s), now, sooner_s)
    late = () if within_s is None else tuple(_late(answers, within_s))
    return Ahead(now, len(answers), known, whole, waves, late, by)


def _sooner(wave: WaveAhead, now: datetime, sooner_s: float) -> WaveAhead:
    return wave if wave.low is None else replace(wave, low=max(now, after(wave.low, -sooner_s)))


def _waves(answers: Sequence[Answer], now: datetime, within_s: float | None) -> Iterator[WaveAhead]:
    for wave in dict.fromkeys(item.wave for item in answers[0].items):
        count = sum(item.wave == wave for item in answers[0].items)
        yield _wave(wave, count, [each.waves[wave] for each in answers], now, within_s)


def _wave(wave: str, machines: int, home_s: Sequence[float | None], now: datetime, within_s: float | None) -> WaveAhead:
    low, middle, high = (_at(holds_from(home_s, share), now) for share in (LOW, 0.5, HIGH))
    in_time = None if within_s is None else fmean([at is not None and at <= within_s for at in home_s])
    return WaveAhead(wave, machines, low, middle, high, in_time)


def _at(end_s: float | None, now: datetime) -> datetime | None:
    return None if end_s is None else after(now, end_s)


def _late(answers: Sequence[Answer], within_s: float) -> Iterator[str]:
    for n, item in enumerate(answers[0].items):
        homes = [each.items[n].home_s for each in answers]
        if sum(at is None or at > within_s for at in homes) * 2 >= len(homes):
            yield item.item


def as_plain(found: Ahead) -> dict[str, Any]:
    """The prediction as plain data; instants in ISO format."""
    return {
        "at": found.at.isoformat(),
        "by": _iso(found.by),
        "runs": found.runs,
        "whole": _plain_wave(found.whole),
        "waves": [_plain_wave(wave) for wave in found.waves],
        "late": list(found.late),
        "scan_mib_per_s": found.measured.scan_mib_per_s,
        "line_mbit_per_s": found.measured.line_mbit_per_s,
        "changed": dict(found.measured.changed),
    }


def _plain_wave(wave: WaveAhead) -> dict[str, Any]:
    ends = {name: _iso(getattr(wave, name)) for name in ("low", "middle", "high")}
    return {"wave": wave.wave, "machines": wave.machines, **ends, "in_time": wave.in_time, "go": wave.go}


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
