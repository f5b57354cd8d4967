"""Virtual seconds as the wire's dates, and the odd dates that stand for none (recorded)."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

DEFAULT_EPOCH: Final = datetime(2026, 6, 5, 18, tzinfo=UTC)
"""The date of virtual second 0 unless somebody says otherwise."""
NOT_YET: Final = "0001-01-01T00:00:00"
"""A task that did not start or end."""
NO_SCENARIO: Final = "1753-01-01T01:01:01Z"
"""The start of no scenario."""
NEVER: Final = "9999-12-31T23:59:59.9999999"
"""An expiry that does not come."""
SECONDS_MAX: Final = 1e10
"""The last virtual second that a date can show with room to spare."""


@lru_cache(maxsize=4096)
def stamp(epoch: datetime, at_s: float) -> str:
    """The date of a virtual second in UTC, whatever the epoch's zone, with seven digits of a fraction."""
    return f"{(epoch + timedelta(seconds=at_s)).astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z"


_TICKS: Final = re.compile(r"-?\d{17,20}", re.ASCII)
_SHORT: Final = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p")
"""How .NET writes a time that nobody gave a form."""


def read_date(text: str) -> datetime | None:
    """A time as clients write it: ISO 8601, the short form of .NET, or its binary number. In UTC where it says nothing.

    PowerShell sends the number for jobs and the short form for events (its source).
    """
    found = _of_ticks(int(text)) if _TICKS.fullmatch(text) else _of_words(text)
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def _of_words(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return next((found for form in _SHORT if (found := _of_form(text, form)) is not None), None)


def _of_form(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _of_ticks(value: int) -> datetime | None:
    """The two upper bits of the number say the kind of time; the others count ticks of 100 ns since the year 1."""
    try:
        return datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=(value & (2**62 - 1)) // 10)
    except OverflowError:
        return None
