"""The search for the condition: as right as a dense sweep, with few plays."""

from collections.abc import Callable
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failback.scenarios.predictions.root import PLAYS_MAX, WIDTH, last_good

Late = Callable[[float], float]


def searched(late_s: Late, good: float = 0.0, bad: float = 1.0) -> tuple[float, int]:
    """The value that is found, and how many plays it took."""
    ends = {good: late_s(good), bad: late_s(bad)}
    found, known = last_good(ends, good, bad, late_s)
    return found, len(known) - 2


def swept(late_s: Late, good: float = 0.0, bad: float = 1.0) -> float:
    values = [good + n / 1000 * (bad - good) for n in range(1001)]
    return next(before for before, value in pairwise(values) if late_s(value) > 0)


ROWS: list[tuple[str, Late, float, float, int]] = [
    ("a straight line", lambda x: x - 0.31, 0.0, 1.0, 3),
    ("flat, then steep", lambda x: max(-16.0, 300 * x - 60), 0.0, 1.0, 5),
    ("flat at the bad end", lambda x: min(4.0, 30 * x - 6), 0.0, 1.0, 6),
    ("a rate", lambda x: 1 / x - 1.4, 1.0, 0.5, 5),
    ("a step", lambda x: 1.0 if x > 0.618 else -1.0, 0.0, 1.0, 8),
    ("never where it is bad", lambda x: inf if x > 0.77 else -1.0, 0.0, 1.0, 8),
    ("late by never, then a line", lambda x: inf if x > 0.9 else 300 * x - 60, 0.0, 1.0, 5),
]


@pytest.mark.parametrize(("late_s", "good", "bad", "plays_max"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS])
def test_the_search_finds_what_a_sweep_finds_with_few_plays(
    late_s: Late, good: float, bad: float, plays_max: int
) -> None:
    found, plays = searched(late_s, good, bad)
    assert found == pytest.approx(swept(late_s, good, bad), abs=WIDTH + 0.001)
    assert late_s(found) <= 0
    assert plays <= plays_max


@given(st.floats(0.01, 0.99), st.floats(0.05, 20.0), st.floats(0.1, 1e6))
def test_whatever_the_curve_the_last_value_in_time_is_a_point_from_the_first_late_one(
    root: float, power: float, scale: float
) -> None:
    def late_s(value: float) -> float:
        return float(scale * (value**power - root**power))

    found, plays = searched(late_s)
    assert 0 <= root - found + 1e-9 <= WIDTH + 1e-6
    assert plays <= PLAYS_MAX


def test_what_was_played_already_is_not_played_again() -> None:
    asked: list[float] = []

    def late_s(value: float) -> float:
        asked.append(value)
        return value - 0.31

    found, known = last_good({0.0: -0.31, 0.3: -0.01, 1.0: 0.69}, 0.0, 1.0, late_s)
    assert found == pytest.approx(0.31, abs=WIDTH)
    assert not {0.0, 0.3, 1.0} & set(asked)
    assert set(asked) < set(known)
