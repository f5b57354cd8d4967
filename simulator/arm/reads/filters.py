"""The `$filter` of lists: comparisons of named fields, joined by `and`."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, TypeVar

from failback.simulator.arm.wire.response import bad_request

T = TypeVar("T")
_CLAUSE: Final = re.compile(r"\s*(\w+)\s+(eq|ne|ge|gt|le|lt)\s+(?:'([^']*)'|([^\s']+))\s*(?:\band\b|$)", re.IGNORECASE)
_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {"eq": eq, "ne": ne, "ge": ge, "gt": gt, "le": le, "lt": lt}


NO_BOUNDS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {}


def refuse_any(text: str | None) -> None:
    """Raise a 400 where a list that knows no filter gets one, so that nobody takes all of it for what was asked."""
    if text:
        raise bad_request(f"This list takes no $filter, and got '{text[:200]}'.", code="InvalidFilter")


def chosen(
    things: Sequence[T],
    text: str | None,
    fields: Mapping[str, Callable[[T], str | list[str]]],
    bounds: Mapping[str, Callable[[Any, Any], bool]] = NO_BOUNDS,
) -> Sequence[T]:
    """Those for which every comparison holds. `fields` maps lower-case names to what is compared.

    `bounds`: fields for which eq means one of the ends of a range.
    """
    if not text:
        return things
    clauses = [
        (field, bounds.get(field, compare) if compare is eq else compare, value)
        for field, compare, value in _clauses(text, fields)
    ]
    return [thing for thing in things if all(_holds(fields[f](thing), compare, value) for f, compare, value in clauses)]


def _clauses(text: str, fields: Mapping[str, Any]) -> list[tuple[str, Callable[[Any, Any], bool], str]]:
    clauses, at = [], 0
    while at < len(text):
        match = _CLAUSE.match(text, at)
        if match is None or match[1].lower() not in fields:
            names = ", ".join(sorted(fields))
            raise bad_request(
                f"The filter '{text[:200]}' cannot be read; compare these with 'and': {names}.", code="InvalidFilter"
            )
        clauses.append((match[1].lower(), _COMPARE[match[2].lower()], match[3] if match[3] is not None else match[4]))
        at = match.end()
    return clauses


def _holds(found: str | list[str], compare: Callable[[Any, Any], bool], wanted: str) -> bool:
    """One comparison. A field of several values fits by any of them; a list with commas stands for any of its words."""
    if isinstance(found, list):
        hits = [compare(value.lower(), wanted.lower()) for value in found]
        return all(hits) if compare is ne else any(hits)
    if "," in wanted and compare in (eq, ne):
        return (found.lower() in (word.strip().lower() for word in wanted.split(","))) is (compare is eq)
    dates = _date(found), _date(wanted)
    if None not in dates:
        return compare(*dates)
    return compare(found.lower(), wanted.lower())


def _date(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
