"""Times as people say them: 26 days 8 h, 1 day 20 h, 8 h 18 min, Sat 04:10."""

from datetime import datetime, timedelta
from typing import Final

from .language import Wording, message, said, translated, wording

_DAY_S: Final = 86400
_WEEK: Final = timedelta(days=6)


def span_words(seconds: float) -> str:
    """A duration: to the minute below a day, to the hour from there on; always cut, as dates are."""
    return translated(span_wording(seconds))


def span_wording(seconds: float) -> Wording:
    """The same for a page whose language is not known yet."""
    if seconds < 60:
        return wording("{n} s", n=str(int(seconds)))
    minutes = int(seconds // 60)
    if minutes < 60:
        return wording("{n} min", n=str(minutes))
    if seconds < _DAY_S:
        return _hours(minutes // 60, minutes % 60)
    return _days(minutes // 1440, minutes // 60 % 24)


def when_words(at: datetime, near: datetime) -> str:
    """An instant beside another one: with its date only where the weekday alone would not do."""
    local = at.astimezone(near.tzinfo)
    parts = date_parts(local)
    if abs(local - near) < _WEEK:
        return said("{weekday} {time}", **parts)
    if local.year != near.year:
        return said("{weekday} {day} {month} {year} {time}", **parts)
    return said("{weekday} {day} {month} {time}", **parts)


def date_parts(at: datetime) -> dict[str, str]:
    """What the forms of dates are made of, in the language of now."""
    month, weekday = said(_MONTHS[at.month - 1]), said(_DAYS[at.weekday()])
    return {"year": f"{at.year}", "month": month, "day": f"{at.day}", "weekday": weekday, "time": f"{at:%H:%M}"}


def _hours(hours: int, minutes: int) -> Wording:
    if not minutes:
        return wording("{n} h", n=str(hours))
    return wording("{h} h {min} min", h=str(hours), min=str(minutes))


def _days(days: int, hours: int) -> Wording:
    n, h = str(days), str(hours)
    if hours:
        return wording("{n} day {h} h" if days == 1 else "{n} days {h} h", n=n, h=h)
    return wording("{n} day" if days == 1 else "{n} days", n=n)


_DAYS: Final = tuple(map(message, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")))
_MONTHS: Final = tuple(
    map(message, ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"))
)
