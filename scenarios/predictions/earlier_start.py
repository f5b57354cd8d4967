"""An earlier start as a lever, which costs nothing: with which one the late cases are in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from failback.scenarios.text.language import message, said
from failback.scenarios.text.local_time import seconds_between
from failback.scenarios.text.spans import span_words, when_words

from .case_answer import CaseAnswer
from .latest_start import depends_on_start
from .prediction import Prediction
from .saved_words import saved_words


@dataclass(frozen=True, slots=True)
class EarlierStart:
    """A start before the one that was asked for, and the late cases that it makes in time, of how many.

    `untried` is in how many of them no start was looked for.
    """

    at: datetime
    saved: tuple[CaseAnswer, ...]
    late: int
    untried: int = 0


def earlier_start(found: Prediction, late: Sequence[CaseAnswer]) -> EarlierStart | None:
    """The start with which all late cases are in time; of some, if not all are; None where it is unknown."""
    if found.cutover is not None or found.question.scenario.homecoming.levers:
        return None
    starts = [(at, case) for case in late if (at := found.latest_in(case)) and _is_possible(found, at)]
    if not starts:
        return None
    untried = sum(case is not found.first for case in late) if depends_on_start(found.question.scenario) else 0
    return EarlierStart(min(at for at, _ in starts), tuple(case for _, case in starts), len(late), untried)


def start_words(found: Prediction, start: EarlierStart) -> str:
    """By how much earlier, and by when."""
    return said(
        "start by {date} ({time} earlier)",
        time=span_words(seconds_between(start.at, found.question.start)),
        date=when_words(start.at, found.question.start),
    )


def start_saves(start: EarlierStart) -> str:
    """Which late cases it brings in time, and what becomes of the others."""
    return saved_words(start.saved, start.late, start.untried)


def start_end(found: Prediction, start: EarlierStart) -> str:
    """The same, and what it rests on: runs are moved where nothing depends on the hour, else simulated anew."""
    anew = message("{where}; simulated from then on")
    moved = message("{where}; calculated from the same runs")
    return said(anew if depends_on_start(found.question.scenario) else moved, where=start_saves(start))


def start_targets(found: Prediction) -> str:
    """What becomes of missed targets: they count from the start, and move with it where nothing depends on the hour."""
    if depends_on_start(found.question.scenario):
        return said("not simulated with another start")
    return said("no difference")


def _is_possible(found: Prediction, at: datetime) -> bool:
    today = found.question.today
    return at < found.question.start and (today is None or at.date() > today)
