"""The condition on which everything is home in time: how much may have changed, or what the line must give.

Found by simulation: the end is a function of one assumption, and the value at which it meets the deadline is bracketed
until the bracket is a point wide. Each value is played with the same seeds, so that chance does not move the end.
"""

from collections.abc import Callable, Mapping, Sequence
from math import inf, isfinite
from typing import Final

from failback.scenarios.outcomes.answers import Answer

from .assumptions import SLOW_LINE, Case
from .prediction import Condition, Of, Question
from .sampling import holds_from
from .ways_played import PlannedRuns, played

WIDTH: Final = 0.01
"""How far the two ends of the bracket may be apart, as a share."""
PLAYS_MAX: Final = 12
"""Values that are tried at most; seven halvings are enough, and a straight line needs two or three."""
_NOTHING, _ALL, _ALL_SLOW = "nothing", "all", "all, slow line"


def condition(question: Question, cases: Sequence[Case], found: Sequence[tuple[Answer, ...]]) -> Condition | None:
    """The condition; None where the answer is yes or no in any case, or where the scenario is calibrated."""
    at = {case.name: answers[: question.runs_tried] for case, answers in zip(cases, found, strict=False)}
    if not {_NOTHING, _ALL, _ALL_SLOW} <= at.keys():
        return None
    late = {name: _late_s(question, answers) for name, answers in at.items()}
    if late[_NOTHING] > 0:
        return None
    if late[_ALL] > 0:
        share = _share(0.0, late[_NOTHING], 1.0, late[_ALL], _played(question, lambda x: Case("", "", changed=x)))
        return Condition(Of.CHANGED, share, question.runs_tried, _fails_on_a_slow_line(late))
    if late[_ALL_SLOW] > 0:
        line = _played(question, lambda x: Case("", "", changed=1.0, line_share=x))
        share = _share(1.0, late[_ALL], SLOW_LINE, late[_ALL_SLOW], line)
        return Condition(Of.LINE, share, question.runs_tried)
    return None


def _fails_on_a_slow_line(late: Mapping[str, float]) -> bool:
    return late.get("nothing, slow line", 0.0) > 0


def _late_s(question: Question, answers: Sequence[Answer]) -> float:
    """By how much the end is late, as surely as was asked; negative where it is in time."""
    end_s = holds_from([answer.home_s for answer in answers], question.sure)
    return inf if end_s is None else end_s - question.within_s


def _played(question: Question, case: Callable[[float], Case]) -> Callable[[float], float]:
    def late_s(value: float) -> float:
        scenario = case(value).applied(question.scenario)
        return _late_s(question, played([PlannedRuns(scenario, question.runs_tried)])[0])

    return late_s


def _share(good: float, good_s: float, bad: float, bad_s: float, late_s: Callable[[float], float]) -> float:
    """The last value on the good side, by regula falsi with a halving wherever that does not shrink the bracket."""
    for play in range(PLAYS_MAX):
        if abs(bad - good) <= WIDTH:
            break
        value = _between(good, good_s, bad, bad_s) if isfinite(bad_s) and play % 2 == 0 else (good + bad) / 2
        found_s = late_s(value)
        good, good_s, bad, bad_s = (value, found_s, bad, bad_s) if found_s <= 0 else (good, good_s, value, found_s)
    return good


def _between(good: float, good_s: float, bad: float, bad_s: float) -> float:
    """Where a straight line would meet the deadline, a little inside the bracket."""
    step = min(0.98, max(0.02, -good_s / (bad_s - good_s)))
    return good + step * (bad - good)
