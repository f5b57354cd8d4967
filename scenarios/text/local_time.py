"""Dates in a time zone: as a person writes them, and so many true seconds after one another, clock changes included."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from failback.scenarios.files.time_zones import NO_ZONE, zone_or_none
from failback.scenarios.files.true_seconds import after as after
from failback.scenarios.files.true_seconds import seconds_between as seconds_between
from failback.scenarios.usage_error import UsageError

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_AND_HOUR: Final = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})[:.](\d{2})", re.IGNORECASE)
_FORMS: Final = "write a weekday and an hour ('Fri 18:00') or a date and an hour ('2026-06-05 18:00')"


def zone_named(name: str) -> ZoneInfo:
    """The time zone of this name. Raises `UsageError` where nobody knows it."""
    if (zone := zone_or_none(name)) is not None:
        return zone
    raise UsageError(f"--tz is '{name}', which is not a known time zone; {NO_ZONE}.")


def zone_of(name: str | None, starts_at: datetime) -> tzinfo:
    """The time zone of this name; without one, that of a scenario's start, or its offset. Raises `UsageError`."""
    return zone_named(name) if name else starts_at.tzinfo or UTC


def read_time(text: str, option: str, zone: tzinfo, not_before: datetime | date) -> datetime:
    """An instant as a person writes it; a weekday is the first one after an instant, or on or after a day.

    Raises `UsageError` for what is no time, and for an hour that the clocks skip on that day.
    """
    written = text.strip()
    found = _DAY_AND_HOUR.fullmatch(written)
    try:
        return _weekday(found, written, option, zone, not_before) if found else _iso(written, option, zone)
    except OverflowError:
        raise UsageError(f"--{option} is '{written}', which is beyond the calendar; {_FORMS}.") from None


def _weekday(found: re.Match[str], written: str, option: str, zone: tzinfo, not_before: datetime | date) -> datetime:
    name, hour, minute = found.groups()
    days = [n for n, day in enumerate(_DAYS) if day.startswith(name.lower())]
    if len(days) != 1:
        raise UsageError(f"--{option} is '{written}', and '{name}' is not a day of the week; {_FORMS}.")
    clock = _clock(int(hour), int(minute), written, option)
    first = not_before.astimezone(zone).date() if isinstance(not_before, datetime) else not_before
    ahead = (days[0] - first.weekday()) % 7
    at = datetime.combine(first + timedelta(days=ahead), clock, zone)
    if isinstance(not_before, datetime) and at <= not_before:
        at = datetime.combine(first + timedelta(days=ahead + 7), clock, zone)
    return _real(at, written, option)


def _clock(hour: int, minute: int, written: str, option: str) -> time:
    try:
        return time(hour, minute)
    except ValueError:
        raise UsageError(f"--{option} is '{written}', and {hour}:{minute:02} is not a time of day; {_FORMS}.") from None


def _iso(written: str, option: str, zone: tzinfo) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise UsageError(f"--{option} is '{written}', which is not a time; {_FORMS}.") from None
    if ":" not in written:
        raise UsageError(f"--{option} is '{written}', which has no time of day; {_FORMS}.")
    return at.astimezone(zone) if at.tzinfo else _real(at.replace(tzinfo=zone), written, option)


def _real(at: datetime, written: str, option: str) -> datetime:
    """Refuse an hour that does not exist; of one that comes twice the first is meant."""
    there = at.astimezone(UTC).astimezone(at.tzinfo)
    if there.replace(tzinfo=None) != at.replace(tzinfo=None):
        skipped = f"on {at:%Y-%m-%d} the clocks of {at.tzinfo} go forward and skip {at:%H:%M}"
        raise UsageError(f"--{option} is '{written}', but {skipped}; name an hour that exists, such as {there:%H:%M}.")
    return at
