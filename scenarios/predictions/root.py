"""Where something that grows with a value becomes too late: few plays, since each is a whole way home.

The end is mostly flat, then a straight line: as long as other things decide, and from where this one does. So a line
through two points on one side of the deadline says where it is met, and one more play beside that proves it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Final

WIDTH: Final = 0.01
"""How far the two ends of the bracket may be apart, as a share."""
PLAYS_MAX: Final = 28
"""Values that are tried at most: seven halvings, each after `PATIENCE` guesses. A straight line needs two or three."""
PATIENCE: Final = 3
"""Guesses after which the bracket is halved, unless they have made it half as wide."""
NEAR: Final = 0.1
"""Share of the width by which a line may miss the bracket: an end that meets the deadline exactly is one."""
NUDGE: Final = 0.15
"""How far beyond the place where a line meets the deadline the proof is tried, as a share of the width."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """The innermost values on the good and the bad side, and by how much each is late."""

    good: float
    good_s: float
    bad: float
    bad_s: float

    @property
    def middle(self) -> float:
        """Half way."""
        return (self.good + self.bad) / 2

    @property
    def width(self) -> float:
        """How far apart the ends are."""
        return abs(self.bad - self.good)


def last_good(
    tried: Mapping[float, float], good: float, bad: float, late_s: Callable[[float], float]
) -> tuple[float, dict[float, float]]:
    """The last value from `good` towards `bad` that is in time, to `WIDTH`; and all that is known then.

    `tried`: what is known, both ends among it. `late_s` plays a value and says by how much it is late.
    """
    known, widths = dict(tried), list[float]()
    for _ in range(PLAYS_MAX):
        bracket = _bracket(known, good, bad)
        if bracket.width <= WIDTH + 1e-9:
            break
        is_slow = len(widths) >= PATIENCE and bracket.width > widths[-PATIENCE] / 2
        value = bracket.middle if is_slow else _guess(known, bracket)
        widths = [bracket.width] if is_slow else [*widths, bracket.width]
        known[value] = late_s(value)
    return _bracket(known, good, bad).good, known


def _bracket(known: Mapping[float, float], good: float, bad: float) -> Bracket:
    """From the good end on: the first value that is late, and the one before it."""
    ordered = sorted((value for value in known), reverse=bad < good)
    at = next(n for n, value in enumerate(ordered) if known[value] > 0)
    return Bracket(ordered[at - 1], known[ordered[at - 1]], ordered[at], known[ordered[at]])


def _guess(known: Mapping[float, float], bracket: Bracket) -> float:
    """Where a line meets the deadline; near an end of the bracket a little beyond it, so that the play proves it."""
    met = _met(known, bracket)
    if met is None:
        return bracket.middle if len(known) > 2 else _between(bracket)
    beyond = NUDGE * WIDTH * (1 if bracket.bad > bracket.good else -1)
    if abs(met - bracket.good) < (1 - NUDGE) * WIDTH:
        return met + beyond
    if abs(bracket.bad - met) < (1 - NUDGE) * WIDTH:
        return met - beyond
    return met


def _met(known: Mapping[float, float], bracket: Bracket) -> float | None:
    """Where the line through the two innermost values of one side meets the deadline, if that is in the bracket."""
    low, high = sorted((bracket.good, bracket.bad))
    for side in (_side(known, bracket, late=True), _side(known, bracket, late=False)):
        root = _root(*side) if len(side) == 2 else None
        if root is not None and low - NEAR * WIDTH < root < high + NEAR * WIDTH:
            return min(high, max(low, root))
    return None


def _root(near: tuple[float, float], far: tuple[float, float]) -> float | None:
    """Where a line is zero; None where it is level."""
    rise = far[1] - near[1]
    return None if rise == 0 else near[0] - near[1] * (far[0] - near[0]) / rise


def _side(known: Mapping[float, float], bracket: Bracket, *, late: bool) -> list[tuple[float, float]]:
    """The two values of one side that are nearest to the deadline; those that never end draw no line."""
    end = bracket.bad if late else bracket.good
    theirs = [(value, s) for value, s in known.items() if (s > 0) is late and isfinite(s)]
    return sorted(theirs, key=lambda pair: abs(pair[0] - end))[:2]


def _between(bracket: Bracket) -> float:
    """Where a straight line would meet the deadline, a little inside the bracket."""
    if not isfinite(bracket.bad_s):
        return bracket.middle
    step = min(0.98, max(0.02, -bracket.good_s / (bracket.bad_s - bracket.good_s)))
    return bracket.good + step * (bracket.bad - bracket.good)
