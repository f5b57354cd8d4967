"""The answers of one simulated way home: per machine, per wave and for all, with data, downtime and what bound it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from statistics import fmean
from typing import Any, Final

from failback.reprotect import LEGS, Operation, Plan, VirtualMachine, phase_row, scanned_gib
from failback.reprotect.driver import Leg
from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import HomeWhen, Scenario
from failback.scenarios.run.labels import calibration_words
from failback.scenarios.run.labels import model_version as model_version
from failback.scenarios.run.player import play
from failback.scenarios.run.result import Result
from failback.simulator.parameters import DiskScan

from .application_downtime import ApplicationDowntime, application_downtime
from .bottleneck import fullest, stood_still
from .critical_path import EXACT_S, Activity, Part, by_cause, critical_path
from .people import Team
from .run_metrics import RunMetrics
from .segments import Segment, segments
from .way_home import WayHome

LABEL: Final = "simulation"
MIB_PER_GIB: Final = 1024.0
STEADY_RPO_S: Final = 242.0
"""Recovery point objective while replication runs undisturbed [recorded, B10]."""
_HOME_LEG: Final = {
    HomeWhen.COMMITTED: Operation.COMMIT_FAILBACK,
    HomeWhen.APP_CHECKED: Operation.FAILBACK,
    HomeWhen.REPROTECTED: Operation.REPROTECT_TO_AZURE,
}
_HOMEWARD: Final = Operation.REPROTECT_TO_ON_PREMISES


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One machine. Instants count from the start of the way home; `home_s` None: it did not come home.

    `waited_s` is the time before it was asked home, for slots and waves. `rpo_s` is what its failback may lose:
    nothing where the machine in Azure was shut down first. `stopped_by` is why it stopped, if it did.
    """

    item: str
    tier: str
    wave: str
    disks: int
    home_s: float | None
    failback_s: float | None
    waited_s: float
    downtime_s: float
    work_s: float
    scanned_gib: float
    transferred_gib: float
    rpo_s: float
    stopped_by: str = ""

    @property
    def down(self) -> tuple[float, float] | None:
        """From its shutdown in Azure until it is checked; None where it does not come home, or did before."""
        away = self.failback_s is None or self.home_s is None
        return None if away else (self.failback_s or 0.0, (self.failback_s or 0.0) + self.downtime_s)


@dataclass(frozen=True, slots=True)
class LegAnswer:
    """One try of one leg, counted from the start of the way home."""

    item: str
    leg: str
    start_s: float
    job_end_s: float | None
    end_s: float | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Behind:
    """What had not arrived of one machine when its last failback began: the age of the oldest change, and how much."""

    item: str
    rpo_s: float
    delta_gib: float


@dataclass(frozen=True, slots=True)
class Answer:
    """One run. `home_s` is when the last machine was home, None when one never was."""

    seed: int
    home_s: float | None
    items: tuple[ItemAnswer, ...]
    legs: tuple[LegAnswer, ...]
    path: tuple[Part, ...]
    digest: str
    label: str = LABEL
    model: str = ""
    calibration: str = ""
    behind: tuple[Behind, ...] = ()

    @property
    def causes(self) -> Mapping[str, float]:
        """Seconds of the critical path per cause, the longest first."""
        return by_cause(self.path)

    @property
    def waves(self) -> Mapping[str, float | None]:
        """When each wave was home."""
        names = dict.fromkeys(item.wave for item in self.items)
        return {name: _last([i.home_s for i in self.items if i.wave == name]) for name in names}

    def summary(self) -> dict[str, Any]:
        """The run as one row of numbers, units in the names."""
        return {
            "home_h": None if self.home_s is None else self.home_s / 3600,
            "machines": len(self.items),
            "machines_home": sum(item.home_s is not None for item in self.items),
            "downtime_mean_min": fmean(item.downtime_s for item in self.items) / 60,
            "downtime_max_min": max(item.downtime_s for item in self.items) / 60,
            "work_h": sum(item.work_s for item in self.items) / 3600,
            "waited_h": sum(item.waited_s for item in self.items) / 3600,
            "scanned_gib": sum(item.scanned_gib for item in self.items),
            "transferred_gib": sum(item.transferred_gib for item in self.items),
            "binds": next(iter(self.causes), ""),
            "digest": self.digest,
        }


def answer(way: WayHome, seed: int) -> Answer:
    """Play the way home once and answer."""
    scenario = replace(way.scenario, seed=seed)
    metrics = RunMetrics()
    heard, team = metrics.listens_to, Team(scenario)
    result = play(scenario, on_line=metrics.on_line, operator=team, on_world=metrics.on_world, only=heard)
    return _Reading(way, scenario, result, metrics).answer()


class _Reading:
    """Reads one run."""

    def __init__(self, way: WayHome, scenario: Scenario, result: Result, metrics: RunMetrics) -> None:
        self._begins_s, self._scenario = way.begins_s, scenario
        self._result, self._witness = result, metrics
        self._replicated, self._loads = metrics.replicated, metrics.loads
        self._legs: dict[str, list[Leg]] = {}
        for leg in result.legs:
            if leg.start_s >= self._begins_s - EXACT_S:
                self._legs.setdefault(leg.item, []).append(leg)
        self._stopped_by = {item.name: item.stopped_by for item in result.items if item.stopped_by}
        self._wave_of = {name: wave.name for wave in scenario.plan.waves for name in wave.items}

    def answer(self) -> Answer:
        items = tuple(self._item(vm) for vm in self._scenario.estate.virtual_machines.values())
        home_s = _last([item.home_s for item in items])
        legs = tuple(self._leg(leg) for legs in self._legs.values() for leg in legs)
        path = self._path(items, home_s)
        made_by = LABEL, model_version(), calibration_words(self._scenario)
        digest, behind = _digest(items, legs), tuple(self._behind())
        return Answer(self._scenario.seed, home_s, items, legs, path, digest, *made_by, behind)

    def _behind(self) -> Iterator[Behind]:
        """Of machines that failed back; a line that flows freely lags by what was recorded (B10)."""
        for copied in self._replicated.values():
            if copied.rpo_s is not None and copied.behind_bytes is not None:
                yield Behind(copied.item, max(STEADY_RPO_S, copied.rpo_s), copied.behind_bytes / 2**30)

    def _path(self, items: Sequence[ItemAnswer], home_s: float | None) -> tuple[Part, ...]:
        if home_s is None:
            return ()
        last = max(items, key=lambda item: item.home_s or 0.0)
        slack_s = self._scenario.poll_s + EXACT_S
        ends_s, dates = self._begins_s + home_s, _dates(self._scenario.plan)
        path = critical_path(self._activities(), last.item, self._begins_s, ends_s, slack_s=slack_s, dates=dates)
        return tuple(replace(p, start_s=p.start_s - self._begins_s, end_s=p.end_s - self._begins_s) for p in path)

    def _activities(self) -> Iterator[Activity]:
        yield from self._witness.people
        for segment in segments(self._result):
            if segment.end_s > self._begins_s and not segment.is_open:
                yield from self._pieces(segment) if segment.kind == "resync" else (_whole(segment, "jobs"),)

    def _pieces(self, segment: Segment) -> Iterator[Activity]:
        """A resync, and within it when it stood still since a part of its way carried nothing."""
        still = self._stood_still(segment)
        live_s = segment.length_s - sum(end_s - begin_s for begin_s, end_s, _ in still)
        bottleneck, now_s = self._resync_bottleneck(segment, live_s), segment.start_s
        for begin_s, end_s, kind in still:
            yield Activity(segment.item, segment.leg, bottleneck, now_s, begin_s)
            yield Activity(segment.item, segment.leg, kind, begin_s, end_s)
            now_s = end_s
        yield Activity(segment.item, segment.leg, bottleneck, now_s, segment.end_s)

    def _resync_bottleneck(self, segment: Segment, live_s: float) -> str:
        """The scan where the resync took no longer than reading the disks; else what of its way was full."""
        vm = self._scenario.estate.virtual_machines[segment.item]
        if live_s <= scan_seconds(self._scenario, vm) * 1.01 + 1.0:
            return "scan"
        if segment.leg is not _HOMEWARD or not self._loads:
            return "link"
        return fullest(self._scenario.estate, self._loads, self._way(vm), segment.start_s, segment.end_s)

    def _stood_still(self, segment: Segment) -> tuple[tuple[float, float, str], ...]:
        if segment.leg is not _HOMEWARD or not self._loads:
            return ()
        way = self._way(self._scenario.estate.virtual_machines[segment.item])
        return stood_still(self._scenario.estate, self._loads, way, segment.start_s, segment.end_s)

    def _way(self, vm: VirtualMachine) -> tuple[str, ...]:
        return (*self._witness.way.get(vm.name, ()), vm.datastore)

    def _leg(self, leg: Leg) -> LegAnswer:
        job_end_s, end_s = (None if at is None else at - self._begins_s for at in (leg.job_end_s, leg.end_s))
        return LegAnswer(leg.item, leg.leg.value, leg.start_s - self._begins_s, job_end_s, end_s, leg.outcome)

    def _item(self, vm: VirtualMachine) -> ItemAnswer:
        legs, copied = self._legs.get(vm.name, []), self._replicated.get(vm.name)
        asked_s = next((leg.start_s for leg in legs if leg.leg is _HOMEWARD), self._begins_s)
        down_s = self._witness.down_s.get(vm.name)
        return ItemAnswer(
            vm.name,
            vm.tier,
            self._wave_of.get(vm.name, ""),
            len(vm.disks),
            self._home_s(vm.name, legs),
            None if down_s is None else down_s - self._begins_s,
            asked_s - self._begins_s,
            self._witness.downtime_s(vm.name),
            sum(leg.end_s - leg.start_s for leg in legs if leg.end_s is not None),
            0.0 if copied is None else copied.scanned_bytes / 2**30,
            0.0 if copied is None else copied.line_bytes / 2**30,
            self._rpo_s(vm.name),
            self._stopped_by.get(vm.name, ""),
        )

    def _home_s(self, item: str, legs: Sequence[Leg]) -> float | None:
        when = self._scenario.homecoming.home_when
        if when is HomeWhen.APP_CHECKED and item in self._witness.checked_s:
            return self._witness.checked_s[item] - self._begins_s
        at = self._scenario.estate.virtual_machines[item].at
        if LEGS.index(_HOME_LEG[when]) < phase_row(at).legs_behind:
            return 0.0
        wanted = [leg for leg in legs if leg.leg is _HOME_LEG[when] and leg.outcome == "done"]
        end_s = wanted[-1].end_s if wanted else None
        return None if end_s is None else end_s - self._begins_s

    def _rpo_s(self, item: str) -> float:
        """Nothing where the machine in Azure is shut down first; else what had not arrived, and the usual lag (B10)."""
        plan, copied = self._scenario.plan, self._replicated.get(item)
        shut_down = plan.item_choices.get(item, plan.choices).shut_down_source
        behind_s = 0.0 if copied is None else copied.rpo_s or 0.0
        return max(STEADY_RPO_S, behind_s) if shut_down is False else 0.0


def _dates(plan: Plan) -> Mapping[str, tuple[float, ...]]:
    """The hours from which each machine may seed and fail back."""
    hours = {wave.name: (wave.opens_s, *filter(None, (wave.seed_opens_s,))) for wave in plan.waves}
    return {name: hours[wave.name] for wave in plan.waves for name in wave.items}


def _whole(segment: Segment, bottleneck: str) -> Activity:
    return Activity(segment.item, segment.leg, bottleneck, segment.start_s, segment.end_s)


def down_in(scenario: Scenario, one: Application, answer: Answer) -> ApplicationDowntime | None:
    """How long an application is down in a run; None where one of its machines does not come home."""
    items = {item.item: item for item in answer.items if item.item in one.machines}
    downs = {name: item.down for name, item in items.items() if item.down is not None}
    if any(item.home_s is None for item in items.values()) or not downs:
        return None
    return application_downtime(scenario, one, downs, {name: item.wave for name, item in items.items()})


def scan_seconds(scenario: Scenario, vm: VirtualMachine) -> float:
    """How long reading its disks takes at the site's rate (B03, B04)."""
    together = max if scenario.site.disk_scan is DiskScan.PARALLEL else sum
    return together(scanned_gib(vm) or (0.0,)) * MIB_PER_GIB / scenario.site.scan_mib_per_s


def _digest(*parts: object) -> str:
    """The run in short: equal runs have equal digests, on every machine and backend."""
    return blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def _last(instants: Sequence[float | None]) -> float | None:
    known = [at for at in instants if at is not None]
    return max(known) if known and len(known) == len(instants) else None
