"""The fan of ends as a drawing: per case, from its fastest to its slowest run, beside the deadline."""

from dataclasses import dataclass
from math import inf
from typing import Final

from failback.scenarios.text.language import joined, message, said
from failback.scenarios.text.local_time import after
from failback.scenarios.text.spans import when_words

from .axis import apart, text_width, ticks_of
from .case_answer import CaseAnswer
from .case_names import case_words
from .prediction import Prediction

WIDTH: Final = 460
"""Of the drawing, in its own units: narrow, so that its letters stay legible on a phone."""


ROW: Final = 38


TOP: Final = 26


PAST_THE_DEADLINE: Final = 1.6
"""How far the axis goes: this many times the time until the deadline, or to the last end if that is sooner."""


BAR_MIN: Final = 7.0


_GAP: Final = 6.0


_ENDS: Final = {
    "good": message("{date}, in time"),
    "missed": message("{date}, in time, target missed"),
    "bad": message("{date}, too late"),
}


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
    ticks = tuple(apart((WIDTH * seconds / span_s, words) for seconds, words in ticks_of(question.begins, span_s)))
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
