"""The axis of a drawing of dates, and how wide its labels are."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import inf
from typing import Final
from unicodedata import east_asian_width

from failback.scenarios.text.local_time import seconds_between
from failback.scenarios.text.plain_words import day_words
from failback.scenarios.text.spans import when_words

AT_THE_EDGE: Final = 20.0
"""Words of a tick left of it begin at the tick; those of others have it in their middle."""
_SMALL: Final = 0.88
"""Letters of ticks beside those of other labels."""
_STEPS_H: Final = (1, 2, 3, 6, 12, 24, 48, 96, 168, 336)


_TICKS_MAX: Final = 5


_WIDE, _NARROW = 12.5, 7.0


def text_width(text: str) -> float:
    """About how wide a label is in the drawing, in its units; East Asian letters are twice as wide."""
    return sum(_WIDE if east_asian_width(letter) in "WF" else _NARROW for letter in text)


def ticks_of(start: datetime, span_s: float) -> Iterator[tuple[float, str]]:
    """Whole hours or days, few enough to be read."""
    step = next((step for step in _STEPS_H if span_s / 3600 / step <= _TICKS_MAX), _STEPS_H[-1])
    at = start.replace(hour=0, minute=0, second=0, microsecond=0)
    while (seconds := seconds_between(start, at)) < span_s * 0.93:
        if seconds >= 0:
            yield seconds, _tick(at, start, step)
        at += timedelta(hours=step)


def apart(ticks: Iterable[tuple[float, str]]) -> Iterator[tuple[float, str]]:
    """Those whose words do not lie on the ones before: the first may stand right of its place, others over it."""
    taken = -inf
    for x, words in ticks:
        width = _SMALL * text_width(words)
        left = x - width / 2 if x > AT_THE_EDGE else x
        if left > taken:
            taken = left + width
            yield x, words


def _tick(at: datetime, start: datetime, step: int) -> str:
    if step < 24:
        return when_words(at, start) if at.hour == 0 or at.hour == start.hour else f"{at:%H:%M}"
    return day_words(at)
