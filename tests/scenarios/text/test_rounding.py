"""Numbers beside their sum add up to it."""

import pytest

from failback.scenarios.text.rounding import adding_up, percents, whole_minutes


@pytest.mark.parametrize("values", [(), (0.0,), (1 / 3, 1 / 3, 1 / 3), (59.9, 59.9), (227.6, 39.9, 0.4), (1e-9, 3.0)])
def test_whole_units_add_up_to_those_of_the_sum(values: tuple[float, ...]) -> None:
    parts = adding_up(values)
    assert sum(parts) == int(sum(values) + 1e-9)
    assert all(abs(part - value) <= 1 for part, value in zip(parts, values, strict=True))


def test_the_largest_remainder_is_rounded_up() -> None:
    assert adding_up((0.6, 0.5, 0.9)) == (1, 0, 1)


def test_percents_add_up_to_a_hundred_and_a_share_of_some_is_not_none() -> None:
    assert percents((1, 1, 1)) == ("34 %", "33 %", "33 %")
    assert percents((9999, 1, 0)) == ("100 %", "under 1 %", "0 %")
    assert percents((0, 0)) == ("0 %", "0 %")


def test_minutes_of_the_parts_are_the_minutes_of_the_whole() -> None:
    shown = whole_minutes({"resync": 27_359.0, "job": 3_599.0, "wait": 30.0})
    assert sum(shown.values()) == (27_359 + 3_599 + 30) // 60 * 60


def test_shares_of_an_absurd_number_are_told_and_do_not_overflow() -> None:
    assert len(percents([1.7e308, 1.0])) == 2
