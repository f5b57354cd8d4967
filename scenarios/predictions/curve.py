"""The condition's curve as a drawing: when everything is home, by the one thing that decides whether it is in time."""

from dataclasses import dataclass
from math import isfinite
from typing import Final

from failback.scenarios.text.language import joined, message, said
from failback.scenarios.text.local_time import after
from failback.scenarios.text.spans import when_words

from .axis import text_width
from .condition import Condition, Of
from .condition_words import condition_words
from .fan import WIDTH
from .prediction import Prediction

LEFT_MIN: Final = 74
TICK: Final = 0.92
"""The letters of a tick beside those of other labels."""
RIGHT: Final = 22
HEIGHT: Final = 226
TOP, BOTTOM = 26, 40
LATEST: Final = 2.2
"""The drawing goes up to this many times the time until the deadline."""
_ACROSS: Final = {
    Of.CHANGED: message("share of the data that changed"),
    Of.LINE: message("share of its bandwidth that the link has"),
    Of.SCAN: message("rate of the scan, as a share of what is assumed"),
    Of.JOBS: message("how long jobs take, as a share of what is assumed"),
}


@dataclass(frozen=True, slots=True)
class Curve:
    """The drawing in numbers."""

    points: tuple[tuple[float, float], ...]
    line: str
    condition_x: float
    condition: str
    deadline_y: float
    left: int
    right: int
    bottom: int
    ticks_x: tuple[tuple[float, str], ...]
    ticks_y: tuple[tuple[float, str], ...]
    across: str
    width: int
    height: int
    words: str


def curve(found: Prediction) -> Curve | None:
    """The drawing; None where the answer hangs on nothing that was tried."""
    on = found.condition
    if on is None:
        return None
    low, high = on.tried[0][0], on.tried[-1][0]
    lead_s = found.question.lead_s
    tried = [(value, seconds - lead_s) for value, seconds in on.tried if isfinite(seconds)]
    ends = [seconds for _, seconds in tried]
    within_s = found.question.within_s - lead_s
    top_s = min(max(ends) * 1.04, LATEST * within_s)

    ticks_s = [seconds for seconds in (0.0, within_s, top_s) if _is_apart(seconds, within_s, top_s)]
    left = max(LEFT_MIN, *(12 + round(TICK * text_width(_when(found, seconds))) for seconds in ticks_s))

    def x(value: float) -> float:
        return left + (WIDTH - left - RIGHT) * (value - low) / (high - low)

    def y(seconds: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - seconds / top_s)

    points = tuple((x(value), y(seconds)) for value, seconds in tried)
    return Curve(
        points,
        " ".join(f"{a:.1f},{b:.1f}" for a, b in points),
        x(on.share),
        _percent(on.share),
        y(within_s),
        left,
        WIDTH - RIGHT,
        HEIGHT - BOTTOM,
        tuple((x(low + part * (high - low)), _percent(low + part * (high - low))) for part in (0.0, 0.5, 1.0)),
        tuple((y(seconds), _when(found, seconds)) for seconds in ticks_s),
        said(_ACROSS[on.of]),
        WIDTH,
        HEIGHT,
        _said(found, on),
    )


def _said(found: Prediction, on: Condition) -> str:
    lead_s = found.question.lead_s
    ends = [(_percent(value), _when(found, s - lead_s) if isfinite(s) else said("never")) for value, s in on.tried]
    return said(
        "In time {condition}. All home, by {across}: {ends}.",
        condition=condition_words(found, on),
        across=said(_ACROSS[on.of]),
        ends=joined((said("{value}: {end}", value=value, end=end) for value, end in ends), "; "),
    )


def _is_apart(seconds: float, within_s: float, top_s: float) -> bool:
    """The top has a label only where it is not on that of the deadline."""
    return seconds != top_s or top_s > 1.15 * within_s


def _when(found: Prediction, seconds: float) -> str:
    return when_words(after(found.question.begins, seconds), found.question.begins)


def _percent(value: float) -> str:
    return said("{n} %", n=f"{100 * value:.0f}")
