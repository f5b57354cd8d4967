"""Times as people write them, in a zone whose clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from failback.scenarios.text.local_time import after, read_time, seconds_between, zone_named, zone_of
from failback.scenarios.usage_error import UsageError

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
WEDNESDAY = date(2026, 6, 3)


@pytest.mark.parametrize("message", ["Fri 18:00", "friday 18:00", "FRI 18.00", "2026-06-05 18:00", "2026-06-05T09:00Z"])
def test_a_weekday_an_iso_date_and_an_offset_name_the_same_instant(message: str) -> None:
    assert read_time(message, "start", TOKYO, WEDNESDAY) == datetime(2026, 6, 5, 9, tzinfo=UTC)


def test_a_weekday_that_is_today_is_today_and_the_end_is_the_next_one_after_the_start() -> None:
    start = read_time("Wed 06:00", "start", TOKYO, WEDNESDAY)
    assert start.date() == WEDNESDAY
    assert read_time("Wed 06:00", "by", TOKYO, start) == start + timedelta(days=7)
    assert read_time("Wed 06:01", "by", TOKYO, start) == start + timedelta(minutes=1)


def test_a_weekend_in_which_the_clocks_go_forward_is_an_hour_shorter() -> None:
    start = read_time("Fri 18:00", "start", BERLIN, date(2026, 3, 27))
    by = read_time("Mon 06:00", "by", BERLIN, start)
    assert seconds_between(start, by) == 59 * 3600
    assert after(start, 59 * 3600) == by
    assert after(start, 59 * 3600).hour == 6


def test_a_weekend_in_which_the_clocks_go_back_is_an_hour_longer() -> None:
    start = read_time("Fri 18:00", "start", BERLIN, date(2026, 10, 23))
    assert seconds_between(start, read_time("Mon 06:00", "by", BERLIN, start)) == 61 * 3600


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    at = read_time("2026-10-25 02:30", "by", BERLIN, WEDNESDAY)
    assert at.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("2026-03-29 02:30", "skip 02:30"),
        ("Funday 18:00", "not a day of the week"),
        ("Fri 25:00", "not a time of day"),
        ("Fri", "not a time"),
        ("2026-06-05", "has no time of day"),
        ("", "not a time"),
        ("2026-13-05 18:00", "not a time"),
    ],
)
def test_a_time_that_is_none_is_refused_with_the_reason(message: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        read_time(message, "start", BERLIN, WEDNESDAY)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Asia"])
def test_an_unknown_zone_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(UsageError, match="Asia/Tokyo"):
        zone_named(name)


def test_without_a_name_the_zone_is_the_offset_of_the_scenario_s_start() -> None:
    """`new --tz` writes an offset: a weekday given later is the hour on the same wall."""
    starts_at = datetime.fromisoformat("2026-11-27T18:00:00+01:00")
    assert read_time("Sat 02:00", "start", zone_of("", starts_at), starts_at) == datetime(2026, 11, 28, 1, tzinfo=UTC)
    assert zone_of("Asia/Tokyo", starts_at) == TOKYO
    assert zone_of(None, datetime(2026, 11, 27)) is UTC  # a clock without a zone is what is tried
