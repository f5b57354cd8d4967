"""When people are there: the stretches of their shifts, on the clock of the scenario's start."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from failback.scenarios.files.schema import Shift, Weekday
from failback.scenarios.files.true_seconds import after, seconds_between

_DAYS: Final = tuple(Weekday)
LOOK_AHEAD_DAYS: Final = 15
"""Shifts recur every week, so that within two of them everybody has been there once."""


def on_duty_s(shift: Shift, starts_at: datetime, ready_s: float) -> float:
    """The first instant from `ready_s` on at which this shift is there."""
    for begins, ends in _segments(shift, after(starts_at, ready_s)):
        if ready_s < seconds_between(starts_at, ends):
            return max(ready_s, seconds_between(starts_at, begins))
    raise ValueError(f"shift {shift.name} has no hours")  # a shift has a day, and a week has them all


def on_duty(
    shifts: Sequence[Shift], starts_at: datetime, from_s: float, to_s: float
) -> tuple[tuple[float, float], ...]:
    """When anybody is there between two instants: stretches in order and apart; none where nobody works in shifts."""
    days = ceil((to_s - from_s) / 86400.0) + 3
    there = (segment for shift in shifts for segment in _segments(shift, after(starts_at, from_s), days))
    joined: list[tuple[float, float]] = []
    for begin, end in sorted((seconds_between(starts_at, a), seconds_between(starts_at, b)) for a, b in there):
        if joined and begin <= joined[-1][1]:
            begin, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((begin, end))
    return tuple(joined)


def _segments(shift: Shift, near: datetime, days: int = LOOK_AHEAD_DAYS) -> Iterator[tuple[datetime, datetime]]:
    midnight = near.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    until = shift.to_hour if shift.to_hour > shift.from_hour else shift.to_hour + 24
    for day in range(days):
        date = midnight + timedelta(days=day)
        if _DAYS[date.weekday()] in shift.days:
            yield date + timedelta(hours=shift.from_hour), date + timedelta(hours=until)
