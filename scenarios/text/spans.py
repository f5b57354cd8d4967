"""Times as people say them: 26 days 8 h, 1 day 20 h, 8 h 18 min, Sat 04:10."""

from datetime import datetime, timedelta
from typing import Final

_DAY_S: Final = 86400
_WEEK: Final = timedelta(days=6)


def span_words(seconds: float) -> str:
    """A duration: to the minute below a day, to the hour from there on; always cut, as dates are."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min"
    if seconds < _DAY_S:
        return _two(minutes // 60, "h", minutes % 60, "min")
    days = minutes // 1440
    return _two(days, "day" if days == 1 else "days", minutes // 60 % 24, "h")


def when_words(at: datetime, near: datetime) -> str:
    """An instant beside another one: with its date only where the weekday alone would not do."""
    local = at.astimezone(near.tzinfo)
    if abs(local - near) < _WEEK:
        return f"{local:%a} {local:%H:%M}"
    year = f" {local.year}" if local.year != near.year else ""
    return f"{local:%a} {local.day} {local:%b}{year} {local:%H:%M}"


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit}{f' {small} {small_unit}' if small else ''}"
