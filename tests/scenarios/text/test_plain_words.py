"""Counted things: one thing is never "1 things"."""

import pytest

from failback.scenarios.text.plain_words import counted, machines


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
