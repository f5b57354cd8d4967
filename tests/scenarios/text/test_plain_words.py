"""Counted things: one thing is never "1 things"."""

import pytest

from failback.scenarios.text.plain_words import counted, h_min, machines


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (counted(1, "template"), "1 template"),
        (counted(0, "template"), "0 templates"),
        (counted(1200, "rule"), "1,200 rules"),
        (counted(1, "try", "tries"), "1 try"),
        (counted(2, "try", "tries"), "2 tries"),
        (machines(1), "1 machine"),
    ],
)
def test_one_is_singular_and_all_else_is_plural(said: str, wanted: str) -> None:
    assert said == wanted


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (7200, "2 h"), (153_719, "42 h 41 min")],
)
def test_a_duration_is_written_in_hours_and_minutes(seconds: float, words: str) -> None:
    assert h_min(seconds) == words
