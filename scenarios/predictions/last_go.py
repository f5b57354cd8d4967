"""Until when a move home may begin: shutdown in Azure, start on site, checks while somebody is there, commit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from failback.reprotect import Operation
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer, ItemAnswer, LegAnswer
from failback.scenarios.run.shifts import on_duty
from failback.scenarios.run.staffing import steps_of
from failback.scenarios.text.local_time import seconds_between

_DAYS_BEFORE_S: Final = 15 * 86400.0
_Duty = Sequence[tuple[float, float]]
"""When somebody is there: from, to, in order and apart, in seconds after the start of the way home."""


def longest_before_s(scenario: Scenario, start: datetime, by: datetime, answer: Answer) -> float | None:
    """How long before `by` the slowest machine's move has to begin; None where one did not come home.

    The move takes what it took in the run, but for hours in which it waited since nobody was there: whether there
    are such hours depends on when it begins.
    """
    last_s = max([seconds_between(start, by), *(item.home_s or 0.0 for item in answer.items)])
    duty = on_duty(scenario.homecoming.shifts, start, -_DAYS_BEFORE_S, last_s)
    legs = {(leg.item, leg.leg): leg for leg in answer.legs if leg.outcome == "done"}
    by_s = seconds_between(start, by)
    begins = [_begins_s(item, legs, duty if steps_of(scenario, item.tier) else (), by_s) for item in answer.items]
    known = [begin for begin in begins if begin is not None]
    return by_s - min(known) if known and len(known) == len(begins) else None


def _begins_s(item: ItemAnswer, legs: Mapping[tuple[str, str], LegAnswer], duty: _Duty, by_s: float) -> float | None:
    """The last instant at which this machine's move may begin."""
    moved, made_final = (legs.get((item.item, leg.value)) for leg in (Operation.FAILBACK, Operation.COMMIT_FAILBACK))
    if item.home_s is None or item.failback_s is None or moved is None or moved.end_s is None:
        return None
    checked_s = min(item.home_s, item.home_s if made_final is None else made_final.start_s)
    up_s = min(moved.end_s, checked_s)
    before_s, after_s = up_s - item.failback_s, item.home_s - checked_s
    ready_s = _back(duty, by_s - after_s, _worked_s(duty, up_s, checked_s))
    return None if ready_s is None else ready_s - before_s


def _worked_s(duty: _Duty, from_s: float, to_s: float) -> float:
    """What passed between them while somebody was there; what was begun then and went on after hours counts too."""
    if not duty:
        return to_s - from_s
    there_s = sum(overlap for _, overlap in _overlaps(duty, from_s, to_s))
    gone_s = max((end for (_, end), _ in _overlaps(duty, from_s, to_s)), default=to_s)
    return there_s + max(0.0, to_s - gone_s)


def _overlaps(duty: _Duty, from_s: float, to_s: float) -> Iterator[tuple[tuple[float, float], float]]:
    for begin, end in duty:
        if begin < to_s and end > from_s:
            yield (begin, end), min(end, to_s) - max(begin, from_s)


def _back(duty: _Duty, to_s: float, work_s: float) -> float | None:
    """The latest instant from which on people who are there for so long are done by then."""
    if not duty or work_s <= 0.0:
        return to_s - work_s
    for begin, end in reversed(duty):
        there_s = max(0.0, min(end, to_s) - begin)
        if there_s >= work_s:
            return min(end, to_s) - work_s
        work_s -= there_s
    return None
