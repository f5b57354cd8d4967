"""Dates on the wire."""

from datetime import UTC, datetime, timedelta, timezone

from failback.simulator.arm.wire.dates import stamp

NOON = datetime(2026, 6, 5, 12, tzinfo=UTC)
IN_BERLIN = NOON.astimezone(timezone(timedelta(hours=2)))


def test_a_date_is_utc_whatever_the_zone_of_the_epoch_and_whoever_asked_before() -> None:
    stamp.cache_clear()
    assert stamp(IN_BERLIN, 0.5) == "2026-06-05T12:00:00.5000000Z"
    assert stamp(NOON, 0.5) == "2026-06-05T12:00:00.5000000Z"
