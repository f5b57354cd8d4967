"""The `$filter` of lists: comparisons of named fields, joined by `and`.

Each list takes the fields of the service's own query object for it, and no others.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, Generic, TypeAlias, TypeVar

from failback.simulator.arm.wire.dates import read_date
from failback.simulator.arm.wire.response import bad_request

T = TypeVar("T")
Compare: TypeAlias = Callable[[Any, Any], bool]
_CLAUSE: Final = re.compile(
    r"\s*(\w+)\s+(eq|ne|ge|gt|le|lt)\s+(?:'((?:[^']|'')*)'|([^\s']+))\s*(?:\band\b|$)", re.IGNORECASE
)
_COMPARE: Final[Mapping[str, Compare]] = {"eq": eq, "ne": ne, "ge": ge, "gt": gt, "le": le, "lt": lt}


@dataclass(frozen=True, slots=True)
class Words(Generic[T]):
    """A field of text, in any case. One of several values fits by any of them.

    `known` are all words that it can have, where the service has a closed list of them; a filter may name no other.
    """

    read: Callable[[T], str | list[str]]
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound(Generic[T]):
    """One end of a range of times. Seen: both ends of jobs are about the start.

    A query object has no operators: joined by eq, its two times still are bounds (inferred).
    """

    read: Callable[[T], str]
    by_eq: Compare


@dataclass(frozen=True, slots=True)
class Anything:
    """A field that clients send and that chooses nothing."""


Field: TypeAlias = Words[T] | Bound[T] | Anything
Clause: TypeAlias = tuple[str, Compare, str]


def refuse_any(text: str | None) -> None:
    """Raise a 400 where a list that knows no filter gets one, so that nobody takes all of it for what was asked."""
    if text:
        raise bad_request(f"This list takes no $filter, and got '{text[:200]}'.", code="InvalidFilter")


def chosen(things: Sequence[T], text: str | None, fields: Mapping[str, Field[T]]) -> Sequence[T]:
    """Those for which every comparison holds. `fields` maps lower-case names to what is compared."""
    if not text:
        return things
    tests = [_test(fields[name], name, compare, value) for name, compare, value in _clauses(text, fields)]
    return [thing for thing in things if all(holds(thing) for holds in tests)]


def _clauses(text: str, fields: Mapping[str, Any]) -> list[Clause]:
    clauses, at = list[Clause](), 0
    while at < len(text):
        match = _CLAUSE.match(text, at)
        if match is None or match[1].lower() not in fields:
            names = ", ".join(sorted(fields))
            raise bad_request(
                f"The filter '{text[:200]}' cannot be read; compare these with 'and': {names}.", code="InvalidFilter"
            )
        value = match[4] if match[3] is None else match[3].replace("''", "'")
        clauses.append((match[1].lower(), _COMPARE[match[2].lower()], value))
        at = match.end()
    return clauses


def _test(field: Field[T], name: str, compare: Compare, wanted: str) -> Callable[[T], bool]:
    match field:
        case Words(read, known):
            _check_words(name, wanted, known)
            return lambda thing: _fits(read(thing), compare, wanted)
        case Bound(read, by_eq):
            at, used = _time(name, wanted), by_eq if compare is eq else compare
            return lambda thing: used(read_date(read(thing)), at)
        case Anything():
            return lambda _: True


def _check_words(name: str, wanted: str, known: tuple[str, ...]) -> None:
    """Raise a 400 for a word that nothing can have: an empty list would pass for an answer."""
    taken = {word.lower() for word in known}
    unknown = [word.strip() for word in wanted.split(",") if word.strip().lower() not in taken] if known else []
    if unknown:
        why = f"{name} is compared with '{unknown[0][:100]}'; it can be {', '.join(known)}."
        raise bad_request(why, code="InvalidFilter")


def _time(name: str, text: str) -> datetime:
    found = read_date(text)
    if found is None:
        why = f"{name} is compared with '{text[:100]}', which is no time; write it like '2026-06-05T18:00:00Z'."
        raise bad_request(why, code="InvalidFilter")
    return found


def _fits(found: str | list[str], compare: Compare, wanted: str) -> bool:
    """A field of several values fits by any of them; a list with commas stands for any of its words."""
    if isinstance(found, list):
        hits = [compare(value.lower(), wanted.lower()) for value in found]
        return all(hits) if compare is ne else any(hits)
    if "," in wanted and compare in (eq, ne):
        return (found.lower() in (word.strip().lower() for word in wanted.split(","))) is (compare is eq)
    return compare(found.lower(), wanted.lower())
