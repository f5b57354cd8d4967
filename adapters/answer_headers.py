"""Numbers in the headers of an answer. They are foreign text, and the SDK sleeps for as long as one of them says."""

import re
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Final

WAIT_MAX_S: Final = 120.0
"""Longest wait that an answer can ask for (ours); whoever is still throttled after some of them is told so."""
_UNITS_S: Final = {"Retry-After": 1.0, "retry-after-ms": 0.001, "x-ms-retry-after-ms": 0.001}
"""Headers that the SDK reads, and what one of their units is in seconds."""
_NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
_MANY: Final = re.compile(r"[0-9]{16,}")
"""A number that is larger than any limit."""


def whole_number(value: object) -> int | None:
    """A number of at most 15 digits; None for anything else."""
    text = str(value).strip()
    return int(text) if _NUMBER.fullmatch(text) and text.isdecimal() else None


def wait_asked_s(headers: Mapping[str, str]) -> float | None:
    """The seconds that an answer asks for, at most `WAIT_MAX_S`; None where it asks for none that can be meant."""
    asked = (_seconds(str(headers[name]).strip(), unit_s) for name, unit_s in _UNITS_S.items() if name in headers)
    return next((min(seconds, WAIT_MAX_S) for seconds in asked if seconds is not None), None)


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """When the answer was given, by the server's clock; None where it does not say."""
    try:
        said = parsedate_to_datetime(str(headers.get("Date")))
    except (ArithmeticError, IndexError, TypeError, ValueError):
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def limit_wait(headers: MutableMapping[str, str]) -> None:
    """Leave in the headers a wait that can be meant, or none."""
    asked_s = wait_asked_s(headers)
    for name in _UNITS_S:
        headers.pop(name, None)
    if asked_s is not None:
        headers["Retry-After"] = str(ceil(asked_s))


def _seconds(text: str, unit_s: float) -> float | None:
    if _NUMBER.fullmatch(text):
        return float(text) * unit_s
    if _MANY.fullmatch(text):
        return WAIT_MAX_S
    try:
        until = parsedate_to_datetime(text)
        return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())
    except (ArithmeticError, IndexError, TypeError, ValueError):
        return None
