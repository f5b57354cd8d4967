"""Times are told as people say them."""

from datetime import UTC, datetime, timedelta

import pytest

from failback.scenarios.text.spans import span_words, when_words

FRIDAY = datetime(2026, 6, 5, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0 s"),
        (59.0, "59 s"),
        (1500.0, "25 min"),
        (3600.0, "1 h"),
        (29_880.0, "8 h 18 min"),
        (86_400.0, "1 day"),
        (158_400.0, "1 day 20 h"),
        (2_275_200.0, "26 days 8 h"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: float, words: str) -> None:
    assert span_words(seconds) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [(0.5, "Sat 06:00"), (5.0, "Wed 18:00"), (6.5, "Fri 12 Jun 06:00"), (240, "Sun 31 Jan 2027 18:00")],
)
def test_an_instant_has_its_date_where_the_weekday_would_not_do(days: float, words: str) -> None:
    assert when_words(FRIDAY + timedelta(days=days), FRIDAY) == words
