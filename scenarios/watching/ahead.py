"""What is ahead, from where the machines stand now and with what this night has shown: played many times.

What nobody has measured yet is drawn anew for each run from a wide range, what was measured from a narrow one. How wide
is inferred; no real night has been compared with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from random import Random
from statistics import fmean
from typing import Any, Final

from failback.reprotect import JobState, VirtualMachine, end_of, stands_at
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outcomes.answers import Answer, answer
from failback.scenarios.outcomes.planned_runs import as_planned
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.predictions.sampling import holds_from
from failback.scenarios.runbooks.remaining import remaining
from failback.scenarios.text.local_time import after, seconds_between

from .draws import drawn
from .measured import Measured, measured
from .next_request import NextRequest, next_request
from .planned import LAST_LEG
from .record import Machine, Record
from .tonight import Gain, gains

_GIB: Final = float(2**30)
RUNS_MAX: Final = 19
RUNS_LEAST: Final = 9
MACHINE_RUNS: Final = 1000
"""Machines times runs that one prediction may cost."""
SURE: Final = 0.9
"""Share of the runs in time from which a wave is a go."""
RISKY: Final = 0.5


@dataclass(frozen=True, slots=True)
class WaveAhead:
    """One wave: the band of all runs, from the first to the last of them, and the share of the runs in time."""

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
    """The prediction of one instant. `whole` is of all machines; `late`: who is late in half of the runs or more.

    `gains`: what can still be done, tried where the deadline is not met for sure.
    """

    at: datetime
    runs: int
    measured: Measured
    whole: WaveAhead
    waves: tuple[WaveAhead, ...]
    late: tuple[str, ...]
    by: datetime | None
    gains: tuple[Gain, ...] = ()
    next: NextRequest | None = None

    @property
    def holds(self) -> float:
        """How often a band from the first to the last of so many runs holds one run more, like them."""
        return (self.runs - 1) / (self.runs + 1)


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
    draws = [drawn(rest, known, Random(f"{scenario.seed}/{n}")) for n in range(runs)]
    answers = [answer(way_home(draw, now), scenario.seed + n) for n, draw in enumerate(draws)]
    found = replace(_ahead(answers, known, now, by), next=next_request(answers, record, now))
    if by is None or found.whole.go == "go":
        return found
    return replace(found, gains=tuple(gains(rest, draws, answers, now, seconds_between(now, by))))


def _rest(scenario: Scenario, record: Record, starts_at: datetime, now: datetime) -> Scenario:
    """The plan from now on, with nothing going wrong; who was not seen stands where the estate says."""
    machines = {name: placed(vm, record) for name, vm in scenario.estate.virtual_machines.items()}
    later = replace(scenario.estate, virtual_machines=machines)
    return until_home(remaining(replace(as_planned(scenario), starts_at=starts_at), later, scenario.name, now))


def until_home(scenario: Scenario) -> Scenario:
    """Without what comes after a machine counts as home: it takes time to play, and keeps nobody waiting."""
    goals, last = scenario.plan.goals, end_of(LAST_LEG[scenario.homecoming.home_when])
    if last not in goals:
        return scenario
    return replace(scenario, plan=replace(scenario.plan, goals=goals[: goals.index(last) + 1]))


def placed(vm: VirtualMachine, record: Record) -> VirtualMachine:
    """The machine where the night has seen it last; as the estate says where it has not."""
    machine = record.machines[vm.name]
    if machine.seen is None:
        return vm
    stands = stands_at(vm, machine.seen.phase)
    return replace(stands, resync_done_fraction=done_share(vm, machine), job_running_s=running_s(machine, record))


def done_share(vm: VirtualMachine, machine: Machine) -> float:
    """How much of its resync is done, so that what is left of the disk with most left is right.

    The percentage is of all disks together, and a small disk is through long before a large one.
    """
    assert machine.seen is not None
    sizes = [disk.size_gib * _GIB for disk in vm.disks if disk.excluded is not True]
    point = machine.points[-1] if machine.points else None
    if point is None or point.phase is not machine.seen.phase or len(point.disks) != len(sizes) or not sizes:
        return min(99, machine.seen.resync_percent or 0) / 100
    left = max(size - done for size, done in zip(sizes, point.disks, strict=True))
    return min(1.0, max(0.0, 1.0 - left / max(sizes)))


def running_s(machine: Machine, record: Record) -> float:
    """For how long its job has run; 0 where none runs, or nobody has said since when."""
    times = None if machine.job is None else record.job_times.get(machine.job.job_id)
    if times is None or machine.job is None or machine.job.state is not JobState.RUNNING:
        return 0.0
    return max(0.0, record.now_s - float(times["began_s"]))


def _ahead(answers: Sequence[Answer], known: Measured, now: datetime, by: datetime | None) -> Ahead:
    within_s = None if by is None else seconds_between(now, by)
    waves = tuple(_waves(answers, now, within_s))
    whole = _wave("", len(answers[0].items), [each.home_s for each in answers], now, within_s)
    late = () if within_s is None else tuple(_late(answers, within_s))
    return Ahead(now, len(answers), known, whole, waves, late, by)


def _waves(answers: Sequence[Answer], now: datetime, within_s: float | None) -> Iterator[WaveAhead]:
    for wave in dict.fromkeys(item.wave for item in answers[0].items):
        count = sum(item.wave == wave for item in answers[0].items)
        yield _wave(wave, count, [each.waves[wave] for each in answers], now, within_s)


def _wave(wave: str, machines: int, home_s: Sequence[float | None], now: datetime, within_s: float | None) -> WaveAhead:
    low, middle, high = (_at(holds_from(home_s, share), now) for share in (1 / len(home_s), 0.5, 1.0))
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
        "next_request": None if found.next is None else _plain_request(found.next),
        "gains": [_plain_gain(gain) for gain in found.gains],
        "scan_mib_per_s": found.measured.scan_mib_per_s,
        "line_mbit_per_s": found.measured.line_mbit_per_s,
        "line_full": found.measured.line_full,
        "changed": dict(found.measured.changed),
    }


def _plain_request(found: NextRequest) -> dict[str, Any]:
    ends = {"earliest": _iso(found.earliest), "probably": _iso(found.probably)}
    return {**ends, "item": found.item, "operation": found.leg.value}


def _plain_gain(gain: Gain) -> dict[str, Any]:
    sooner_s = gain.sooner_s if isfinite(gain.sooner_s) else None
    return {"measure": gain.words, "sooner_s": sooner_s, "in_time": gain.in_time, "runs": gain.runs}


def _plain_wave(wave: WaveAhead) -> dict[str, Any]:
    ends = {name: _iso(getattr(wave, name)) for name in ("low", "middle", "high")}
    return {"wave": wave.wave, "machines": wave.machines, **ends, "in_time": wave.in_time, "go": wave.go}


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
