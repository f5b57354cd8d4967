"""The fan of ends as a drawing: per case, from its fastest to its slowest run, beside the deadline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import Final
from unicodedata import east_asian_width

from failback.scenarios.text.language import joined, message, said
from failback.scenarios.text.local_time import after, seconds_between
from failback.scenarios.text.plain_words import day_words
from failback.scenarios.text.spans import when_words

from .case_answer import CaseAnswer
from .case_names import case_words
from .prediction import Prediction

WIDTH: Final = 460
"""Of the drawing, in its own units: narrow, so that its letters stay legible on a phone."""
ROW: Final = 38
TOP: Final = 26
PAST_THE_DEADLINE: Final = 1.6
"""How far the axis goes: this many times the time until the deadline, or to the last end if that is sooner."""
_STEPS_H: Final = (1, 2, 3, 6, 12, 24, 48, 96, 168, 336)
_TICKS_MAX: Final = 5
BAR_MIN: Final = 7.0
_GAP: Final = 6.0
_ENDS: Final = {
    "good": message("{date}, in time"),
    "missed": message("{date}, in time, target missed"),
    "bad": message("{date}, too late"),
}
_WIDE, _NARROW = 12.5, 7.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One case: where its bar lies, and what stands over it. `beyond`: it ends right of the drawing, or never.

    `end` stands at `end_x`, to the right of it or, with `end_before`, to the left.
    """

    words: str
    end: str
    y: int
    x: float
    width: float
    in_time: bool
    beyond: bool
    end_x: float
    end_before: bool
    colour: str = "good"
    """good, missed (in time, but a recovery target is not kept) or bad."""

    @property
    def behind(self) -> tuple[tuple[float, float, float], ...]:
        """Places behind the labels, as x, y and width, so that no line of the drawing crosses a label."""
        end_width = text_width(self.end)
        left = self.end_x - end_width if self.end_before else self.end_x
        is_free = left >= self.x + self.width or left + end_width <= self.x
        of_words = (0.0, self.y + 1.0, text_width(self.words))
        return (of_words, (left - 2, self.y + 16.0, end_width + 4)) if is_free else (of_words,)


@dataclass(frozen=True, slots=True)
class Fan:
    """The drawing in numbers."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    deadline_x: float
    deadline: str
    width: int
    height: int
    words: str


def fan(found: Prediction) -> Fan:
    """The drawing."""
    question, span_s = found.question, _span_s(found)
    bars = tuple(_bar(found, case, n, span_s) for n, case in enumerate(found.cases))
    ticks = tuple((WIDTH * seconds / span_s, words) for seconds, words in _ticks(question.begins, span_s))
    deadline = said("deadline {date}", date=when_words(question.by, question.begins))
    words = joined((said("{case}: {end}", case=bar.words, end=bar.end) for bar in bars), "; ")
    x = WIDTH * (question.within_s - question.lead_s) / span_s
    return Fan(
        bars,
        ticks,
        x,
        deadline,
        WIDTH,
        TOP + ROW * len(bars) + 22,
        said("When everything is home. {ends}.", ends=words),
    )


def _span_s(found: Prediction) -> float:
    within_s = found.question.within_s - found.question.lead_s
    ends = [
        answer.home_s - found.question.lead_s
        for case in found.cases
        for answer in case.answers
        if answer.home_s is not None
    ]
    return min(PAST_THE_DEADLINE * within_s, max(1.15 * within_s, 1.02 * max(ends, default=0.0)))


def _bar(found: Prediction, case: CaseAnswer, n: int, span_s: float) -> Bar:
    lead_s = found.question.lead_s
    ends = [inf if answer.home_s is None else max(0.0, answer.home_s - lead_s) for answer in case.answers]
    low, high = (min(WIDTH, WIDTH * end / span_s) for end in (min(ends), max(ends)))
    width = max(BAR_MIN, high - low)
    sure, question = case.sure_s, found.question
    in_time = sure is not None and sure <= found.question.within_s
    when = said("never") if sure is None else when_words(after(question.start, sure), question.begins)
    colour = ("missed" if case.broken else "good") if in_time else "bad"
    end = said(_ENDS[colour], date=when)
    beyond, x = max(ends) > span_s, min(low, WIDTH - width)
    end += " →" if beyond else ""
    end_x, end_before = _end_place(x, width, text_width(end))
    return Bar(case_words(case.case), end, TOP + ROW * n, x, width, in_time, beyond, end_x, end_before, colour)


def _end_place(x: float, width: float, of_text: float) -> tuple[float, bool]:
    """Right of the bar if there is room, else left of it, else over its end."""
    if x + width + _GAP + of_text <= WIDTH:
        return x + width + _GAP, False
    return (x - _GAP if of_text + _GAP <= x else WIDTH - _GAP), True


def text_width(text: str) -> float:
    """About how wide a label is in the drawing, in its units; East Asian letters are twice as wide."""
    return sum(_WIDE if east_asian_width(letter) in "WF" else _NARROW for letter in text)


def _ticks(start: datetime, span_s: float) -> Iterator[tuple[float, str]]:
    """Whole hours or days, few enough to be read."""
    step = next((step for step in _STEPS_H if span_s / 3600 / step <= _TICKS_MAX), _STEPS_H[-1])
    at = start.replace(hour=0, minute=0, second=0, microsecond=0)
    while (seconds := seconds_between(start, at)) < span_s * 0.93:
        if seconds >= 0:
            yield seconds, _tick(at, start, step)
        at += timedelta(hours=step)


def _tick(at: datetime, start: datetime, step: int) -> str:
    if step < 24:
        return when_words(at, start) if at.hour == 0 or at.hour == start.hour else f"{at:%H:%M}"
    return day_words(at)
