"""The requests of a way home in the drill's order, and when each is due: the plan, played with nothing going wrong.

Nothing is planned here a second time. The way home is simulated, and what the drill asks the vault for is written down.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from math import inf
from statistics import median
from typing import Any, Final, TypeAlias

from failback.reprotect import (
    LEGS,
    Choices,
    Estate,
    Line,
    Operation,
    Plan,
    VirtualMachine,
    as_the_vault_says,
    end_of,
    inferred,
    names_in_requests,
    phase_row,
    under_way,
    untold,
)
from failback.reprotect.driver import Leg
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.application_downtime import Span
from failback.scenarios.outcomes.bands import band
from failback.scenarios.outcomes.kept_together import committed_together
from failback.scenarios.outcomes.people import Team
from failback.scenarios.outcomes.planned_runs import RUNS, as_planned, until_the_last
from failback.scenarios.outcomes.run_metrics import RunMetrics
from failback.scenarios.outcomes.taken_for_granted import is_on_site
from failback.scenarios.outcomes.way_home import WayHome, way_home
from failback.scenarios.run.player import play
from failback.scenarios.run.result import Result

HOMEWARD: Final = LEGS[LEGS.index(Operation.COMMIT_FAILOVER) :]
"""Legs of a runbook, in order: a failover that nobody has committed yet is committed first."""
_IN_AZURE: Final = end_of(Operation.COMMIT_FAILOVER)
"""Where a machine stands that nobody has failed over yet, when its way home begins."""
_REQUESTS: Final = frozenset({"StartOperation", "StartPlanOperation"})


@dataclass(frozen=True, slots=True)
class PlannedTime:
    """Seconds after the start of the way home: the middle of the runs, and the band of 90 % of them."""

    middle_s: float
    low_s: float
    high_s: float


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """One request. `subject` is the machine, or the recovery plan where `items` go by one request.

    `number` counts the requests by planned begin, from 1. A request that a rule stops, or that the simulation does not
    reach, has none, no times, and `stopped_by`: the rule or reason by which the machine stops at it or before it.
    """

    number: int | None
    wave: str
    operation: Operation
    subject: str
    items: tuple[str, ...]
    choices: Mapping[str, Any]
    begins: PlannedTime | None = None
    ends: PlannedTime | None = None
    takes: PlannedTime | None = None
    """From begin to end."""
    stopped_by: str = ""
    untold: tuple[str, ...] = ()
    """Values that nobody told: the simulation took a name for them, `choices` has none."""
    inferred: tuple[str, ...] = ()
    """Values in `choices` that nobody told, and that are concluded from something else."""
    downs: Mapping[str, tuple[Span | None, ...]] = field(default_factory=dict)
    """Of a failback: machine -> in each run, from when it is stopped in Azure until it has been checked on site.

    Of machines that are committed together, until the last of them has been checked: their commits wait for that.
    """
    ended: tuple[float | None, ...] = ()
    """In each run, when it has ended; None where it has not."""

    @property
    def by_plan(self) -> bool:
        """Whether a recovery plan is asked and not a machine."""
        return (self.subject,) != self.items


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """A machine that does not come home in the plan as played: at which leg, by which rule or reason, who must act."""

    item: str
    operation: Operation
    rule: str
    message: str
    who: str


LegTimes: TypeAlias = Mapping[tuple[str, Operation], tuple[float, float | None]]
"""Per machine and leg: when it was first asked for, and when it was done, if it was, in one run."""


@dataclass(frozen=True, slots=True)
class PlannedNight:
    """The requests, see `planned_requests`, the machines that stop, and the legs of each run."""

    requests: tuple[PlannedRequest, ...]
    stops: tuple[PlannedStop, ...]
    times: tuple[LegTimes, ...] = ()


def planned_requests(scenario: Scenario, runs: int = RUNS) -> tuple[PlannedRequest, ...]:
    """Every request of the way home: those of the drill in order of time, then those not reached."""
    return planned_night(scenario, runs).requests


def planned_night(scenario: Scenario, runs: int = RUNS) -> PlannedNight:
    """The requests of the way home, and who does not come home by them."""
    way = way_home(as_planned(scenario))
    played = [_played(way, scenario.seed + n) for n in range(runs)]
    asked = _without_repeats(played[0].requests)
    times = tuple(_leg_times(run.result.legs, way.begins_s) for run in played)
    wave_of = {name: wave.name for wave in way.scenario.plan.waves for name in wave.items}
    made = [_told(way.scenario, _request(n, line, wave_of, times)) for n, line in enumerate(asked, start=1)]
    result = played[0].result
    made = [_with_downs(_refused(request, result), played, way.begins_s) for request in made]
    made = _until_the_last(scenario, made, runs)
    made = list(_numbered(_by_time(made)))
    requests = (*made, *_not_reached(way.scenario, made, result, wave_of))
    return PlannedNight(requests, tuple(_stops(requests, result)), times)


@dataclass(frozen=True, slots=True)
class _Run:
    """What is kept of one run."""

    requests: Sequence[Line]
    result: Result
    metrics: RunMetrics


def _played(way: WayHome, seed: int) -> _Run:
    scenario = replace(way.scenario, seed=seed)
    lines: list[Line] = []
    metrics = RunMetrics()

    def on_line(line: Line) -> None:
        metrics.on_line(line)
        if line.name in _REQUESTS and line.t_s >= way.begins_s:
            lines.append(line)

    heard = _REQUESTS | RunMetrics.listens_to
    return _Run(lines, play(scenario, on_line=on_line, operator=Team(scenario), only=heard), metrics)


def _with_downs(request: PlannedRequest, runs: Sequence[_Run], begins_s: float) -> PlannedRequest:
    if request.operation is not Operation.FAILBACK or request.stopped_by:
        return request
    return replace(request, downs={item: tuple(_down(run, item, begins_s) for run in runs) for item in request.items})


def _down(run: _Run, item: str, begins_s: float) -> Span | None:
    """None where it does not get home in this run."""
    if item not in run.metrics.on_site:
        return None
    down_s = run.metrics.down_s[item] - begins_s
    return down_s, down_s + run.metrics.downtime_s(item)


def _until_the_last(scenario: Scenario, requests: Sequence[PlannedRequest], runs: int) -> list[PlannedRequest]:
    """With the machines that are committed together down until the last of them is checked."""
    spans = {item: downs for one in requests for item, downs in one.downs.items()}
    groups = committed_together(scenario)
    longer = [until_the_last({item: downs[n] for item, downs in spans.items()}, groups) for n in range(runs)]
    return [replace(one, downs={item: tuple(run[item] for run in longer) for item in one.downs}) for one in requests]


def _without_repeats(lines: Iterable[Line]) -> list[Line]:
    """The first try of each: how often one has to ask again only the return shows."""
    first: dict[tuple[str, str], Line] = {}
    for line in lines:
        first.setdefault((_subject(line), line.data["operation"]), line)
    return list(first.values())


def _subject(line: Line) -> str:
    return str(line.data.get("plan") or line.item)


def _leg_times(legs: Sequence[Leg], begins_s: float) -> LegTimes:
    first: dict[tuple[str, Operation], float] = {}
    last: dict[tuple[str, Operation], float] = {}
    for leg in legs:
        first.setdefault((leg.item, leg.leg), leg.start_s - begins_s)
        if leg.outcome == "done" and leg.end_s is not None:
            last[leg.item, leg.leg] = leg.end_s - begins_s
    return {key: (begun_s, last.get(key)) for key, begun_s in first.items()}


def takes(runs: Iterable[LegTimes], legs: Iterable[tuple[str, Operation]]) -> PlannedTime | None:
    """How long these legs take together, from the first request to the last end; None where no run has one of them."""
    wanted = tuple(legs)
    done = ([(begun_s, done_s) for begun_s, done_s in _in_run(run, wanted) if done_s is not None] for run in runs)
    return _planned([max(end for _, end in times) - min(begin for begin, _ in times) for times in done if times])


def end_of_all(requests: Iterable[PlannedRequest]) -> PlannedTime | None:
    """When the last of these has ended, counted in each run: which one that is differs between the runs.

    Not before the end of any of them, which may take place in fewer runs.
    """
    going = [one for one in requests if one.ends is not None]
    in_runs = ([at for at in run if at is not None] for run in zip(*(one.ended for one in going), strict=True))
    times = [time for time in (_planned([max(run) for run in in_runs if run]), *(one.ends for one in going)) if time]
    if not times:
        return None
    return PlannedTime(*(max(each) for each in zip(*((t.middle_s, t.low_s, t.high_s) for t in times), strict=True)))


def _in_run(run: LegTimes, legs: Iterable[tuple[str, Operation]]) -> Iterator[tuple[float, float | None]]:
    return (run[leg] for leg in legs if leg in run)


def _request(number: int, line: Line, wave_of: Mapping[str, str], runs: Sequence[LegTimes]) -> PlannedRequest:
    operation = Operation(line.data["operation"])
    items = tuple(line.data.get("items") or (str(line.item),))
    legs = [(item, operation) for item in items]
    times = [tuple(_in_run(run, legs)) for run in runs]
    done = [max((done_s for _, done_s in each if done_s is not None), default=None) for each in times]
    return PlannedRequest(
        number,
        wave_of.get(items[0], ""),
        operation,
        _subject(line),
        items,
        {name: value for name, value in line.data["choices"].items() if value is not None},
        _planned([min(begun_s for begun_s, _ in each) for each in times if each]),
        _planned([each for each in done if each is not None]),
        takes(runs, legs),
        ended=tuple(done),
    )


def _in_the_vault(estate: Estate, choices: Mapping[str, Any]) -> dict[str, Any]:
    """The values by the names that dialogs and scripts find in the vault."""
    told = as_the_vault_says(Choices(**choices), names_in_requests(estate))
    return {field: getattr(told, field) for field in choices}


def _told(scenario: Scenario, request: PlannedRequest) -> PlannedRequest:
    """Without the values that nobody told. A recovery plan is asked for nothing that a machine would have to choose."""
    if request.by_plan:
        return replace(request, choices=_in_the_vault(scenario.estate, request.choices))
    made = Choices(**request.choices)
    names = untold(scenario.estate, scenario.plan, request.subject, request.operation, made)
    choices = {name: value for name, value in request.choices.items() if name not in names}
    ours = inferred(scenario.estate, scenario.plan, request.subject, made)
    return replace(request, choices=_in_the_vault(scenario.estate, choices), untold=names, inferred=ours)


def _planned(instants: Sequence[float]) -> PlannedTime | None:
    if not instants:
        return None
    return PlannedTime(median(instants), *band(instants))


def _refused(request: PlannedRequest, result: Result) -> PlannedRequest:
    """With the reason, where none of its machines gets through it."""
    done = {(leg.item, leg.leg) for leg in result.legs if leg.outcome == "done"}
    stopped = {item.name: item.stopped_by for item in result.items if item.stopped_by}
    here = [stopped.get(item, "") for item in request.items if (item, request.operation) not in done]
    gets_through = len(here) < len(request.items) or not all(here)
    return request if gets_through else replace(request, begins=None, ends=None, takes=None, stopped_by=here[0])


def _by_time(requests: Iterable[PlannedRequest]) -> list[PlannedRequest]:
    """By planned begin. The drill asks in order of time: one run has its order, and an order of all runs is kept."""
    return sorted(requests, key=lambda request: inf if request.begins is None else request.begins.middle_s)


def _numbered(requests: Iterable[PlannedRequest]) -> Iterator[PlannedRequest]:
    """Counted without those that a rule stops: nobody looks for a step that is missing."""
    numbers = count(1)
    for request in requests:
        yield replace(request, number=None if request.stopped_by else next(numbers))


def _stops(requests: Sequence[PlannedRequest], result: Result) -> Iterator[PlannedStop]:
    """Each with the first leg that it does not get through."""
    done = {(leg.item, leg.leg) for leg in result.legs if leg.outcome == "done"}
    for item in result.items:
        if item.stopped_by:
            legs = {r.operation for r in requests if item.name in r.items and (item.name, r.operation) not in done}
            leg = min(legs, key=LEGS.index, default=LEGS[-1])
            yield PlannedStop(item.name, leg, item.stopped_by, item.message, item.who)


def _not_reached(
    scenario: Scenario, made: Sequence[PlannedRequest], result: Result, wave_of: Mapping[str, str]
) -> Iterator[PlannedRequest]:
    """What a machine that stops in the simulation would still have to be asked for."""
    asked = {(item, request.operation) for request in made for item in request.items}
    for item in result.items:
        legs = _legs_of(scenario.plan, scenario.estate.virtual_machines[item.name]) if item.stopped_by else ()
        for leg in (leg for leg in legs if (item.name, leg) not in asked):
            wave = wave_of.get(item.name, "")
            yield PlannedRequest(None, wave, leg, item.name, (item.name,), {}, stopped_by=item.stopped_by)


def _legs_of(plan: Plan, vm: VirtualMachine) -> tuple[Operation, ...]:
    """The homeward legs that lie ahead of this machine, up to the plan's last goal; without one that runs already."""
    ends = [end_of(leg) for leg in HOMEWARD]
    last = max((n for n, phase in enumerate(ends) if phase in plan.goals), default=len(ends) - 1)
    behind = phase_row(_IN_AZURE if is_on_site(vm.at) else vm.at).legs_behind
    runs = under_way(vm.architecture, vm.at)
    left = (leg for leg in HOMEWARD[: last + 1] if LEGS.index(leg) >= behind)
    return tuple(leg for leg in left if runs is None or leg is not runs.operation)
