"""Durations as people write them in a list: `2 h`, `30 min`, `1 d`; or a number, where the column names the unit."""

import re
from typing import Final

_DURATION: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(h|hours?|min|minutes?|m|d|days?)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_UNIT_S: Final = {"d": 86_400.0, "h": 3600.0, "m": 60.0}
"""Seconds of a unit by its first letter."""
HOME_WITHIN: Final = ("homewithin", "homewithinh", "returnwithin", "returnwithinh")
"""Columns with the time from the start of the way home until the machine is home."""
_UNITS: Final = {
    "rtoh": "h",
    "rtohours": "h",
    "rtomin": "min",
    "rtominutes": "min",
    "homewithinh": "h",
    "returnwithinh": "h",
}
"""Columns whose name has the unit of their numbers."""


def is_duration(text: str) -> bool:
    """Whether it is a duration with its unit."""
    return _DURATION.fullmatch(text) is not None


def seconds_of(text: str, column: str) -> float | None:
    """The seconds of a cell in this column; None where it is no duration, or a number without a unit."""
    if column in _UNITS and _NUMBER.fullmatch(text):
        text = f"{text} {_UNITS[column]}"
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    return float(found[1].replace(",", ".")) * _UNIT_S[found[2][0].casefold()]
