"""The condition on which everything is home in time: how much may have changed, what the line must give, and so on.

Found by simulation. Of what nobody knows, that is looked at which decides whether everything is in time, and of several
the one that moves the end most. The end is a function of it, and the value at which it meets the deadline is bracketed
until the bracket is a point wide, beginning with what has been played already. Each value is played with the same
seeds, so that chance does not move the end.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, unique
from functools import partial
from math import inf
from typing import TypeAlias

from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.study.variants import varied

from .assumptions import EXPECTED, SLOW_LINE, Case, is_calibrated
from .levers import JOBS_SPAN, SCAN_SPAN, Known, key_of
from .question import Question
from .root import last_good
from .sampling import holds_from
from .ways_played import PlannedRuns, played

_NOTHING, _ALL, _ALL_SLOW = "nothing", "all", "all, slow line"


@unique
class Of(Enum):
    """What the condition is about."""

    CHANGED = "changed"
    LINE = "line"
    SCAN = "scan"
    JOBS = "jobs"


@dataclass(frozen=True, slots=True)
class Condition:
    """In time from the good end up to `share`: of changed data, or of what was written of line, scan rate or jobs.

    `runs` is how many runs each value had; `slow_line` whether, within it, half of the bandwidth is not enough.
    `tried` is each value with the seconds after which everything was home, in order; infinite where it never was.
    """

    of: Of
    share: float
    runs: int
    slow_line: bool = False
    tried: tuple[tuple[float, float], ...] = ()


_LateS: TypeAlias = Mapping[str, float]
_LateShares: TypeAlias = Mapping[float, float]


@dataclass(frozen=True, slots=True)
class _Unknown:
    """One thing that nobody knows, from its good to its bad end, and by how much everything is late there."""

    of: Of
    good: float
    bad: float
    good_s: float
    bad_s: float
    scenario: Callable[[float], Scenario]
    between: Mapping[float, float] = field(default_factory=dict)
    """Values between the ends that have been played already."""

    @property
    def decides(self) -> bool:
        return self.good_s <= 0 < self.bad_s


def condition(
    question: Question, cases: Sequence[Case], found: Sequence[tuple[Answer, ...]], known: Known
) -> Condition | None:
    """The condition; None where nothing that was tried decides. `known`: runs of the expected case by what was set."""
    runs = question.runs_tried
    at = {case.name: _late_s(question, answers[:runs]) for case, answers in zip(cases, found, strict=False)}
    unknown = (*_changed(question.scenario, cases, at), *_line(question.scenario, at), *_rates(question, known))
    deciding = [one for one in unknown if one.decides]
    if not deciding:
        return None
    one = max(deciding, key=lambda one: one.bad_s - one.good_s)
    ends = {one.good: one.good_s, one.bad: one.bad_s, **one.between}
    share, tried = last_good(ends, one.good, one.bad, partial(_played, question, one))
    slow = one.of is Of.CHANGED and at.get("nothing, slow line", 0.0) > 0
    points = tuple((value, late_s + question.within_s) for value, late_s in sorted(tried.items()))
    return Condition(one.of, share, runs, slow, points)


def _changed(scenario: Scenario, cases: Sequence[Case], late: _LateS) -> Iterator[_Unknown]:
    """From nothing to everything; where it was calibrated, as far as the fit leaves it open."""
    if {_NOTHING, _ALL} <= late.keys():
        yield _Unknown(
            Of.CHANGED,
            0.0,
            1.0,
            late[_NOTHING],
            late[_ALL],
            lambda x: Case("", "", changed=x).applied(scenario),
            _written(scenario, late),
        )
    open_ = {case.name: case.fitted_changed for case in cases if case.fitted_changed is not None}
    if len(open_) == 2:
        (fewer, low), (more, high) = open_.items()
        yield _Unknown(
            Of.CHANGED, low, high, late[fewer], late[more], lambda x: Case("", "", fitted_changed=x).applied(scenario)
        )


def _written(scenario: Scenario, late: _LateS) -> _LateShares:
    """The expected case, where it says the same share of every disk."""
    own = any(
        disk.changed_fraction is not None for vm in scenario.estate.virtual_machines.values() for disk in vm.disks
    )
    share = scenario.site.changed_fraction
    return {share: late[EXPECTED]} if EXPECTED in late and not own and 0 < share < 1 else {}


def _line(scenario: Scenario, late: _LateS) -> Iterator[_Unknown]:
    """The line, should everything have changed."""
    if {_ALL, _ALL_SLOW} <= late.keys():
        yield _Unknown(
            Of.LINE,
            1.0,
            SLOW_LINE,
            late[_ALL],
            late[_ALL_SLOW],
            lambda x: Case("", "", changed=1.0, line_share=x).applied(scenario),
        )


def _rates(question: Question, known: Known) -> Iterator[_Unknown]:
    """The scan and the jobs in the expected case, where nobody has measured them."""
    scenario = question.scenario
    if is_calibrated(scenario) or scenario.calibration is not None:
        return
    rate = scenario.site.scan_mib_per_s
    rows: tuple[tuple[Of, float, float, str, float], ...] = (
        (Of.SCAN, SCAN_SPAN, 1 / SCAN_SPAN, "scan_mib_per_s", rate),
        (Of.JOBS, 1 / JOBS_SPAN, JOBS_SPAN, "duration_factor", 1.0),
    )
    for of, good, bad, key, now in rows:
        ends = [known.get(key_of({key: now * x})) for x in (good, bad)]
        if ends[0] is not None and ends[1] is not None:
            good_s, bad_s = (_late_s(question, list(end or ())[: question.runs_tried]) for end in ends)
            as_it_is = known.get(key_of({}))
            between = {} if as_it_is is None else {1.0: _late_s(question, as_it_is[: question.runs_tried])}
            yield _Unknown(of, good, bad, good_s, bad_s, partial(_with, scenario, key, now), between)


def _with(scenario: Scenario, key: str, now: float, value: float) -> Scenario:
    return varied(scenario, {key: now * value})


def _late_s(question: Question, answers: Sequence[Answer]) -> float:
    """By how much the end is late, as surely as was asked; negative where it is in time."""
    end_s = holds_from([answer.home_s for answer in answers], question.sure)
    return inf if end_s is None else end_s - question.within_s


def _played(question: Question, one: _Unknown, value: float) -> float:
    return _late_s(question, played([PlannedRuns(one.scenario(value), question.runs_tried)])[0])
