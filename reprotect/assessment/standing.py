"""Where a machine stands before the way home: four classes, and what follows from each.

A machine is *blocked* when a rule that can stop it is broken for it, or for a mate without which it does not come
home; *undecided* when only facts that nobody knows could block it; it *clears by itself* when all that is broken
resolves itself (rows with `waits_s`); else it is *ready*. A check says this of each machine, and a drill of the same
facts ends so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, unique
from typing import Final


@unique
class Standing(Enum):
    """What a machine has to expect."""

    BLOCKED = "blocked"
    UNDECIDED = "undecided"
    CLEARS = "clears_by_itself"
    READY = "ready"


_ORDER: Final = {standing: number for number, standing in enumerate(Standing)}


@dataclass(frozen=True, slots=True)
class Outlook:
    """The class of one machine and why.

    `early`: it is stopped before its disks are taken; `stuck`: its replication home never ends; `holds`: it keeps its
    disk slots for good; `turned_back`: its reprotect is asked for and fails; `short`: others leave it no share of what
    is allotted. Each is True, False, or None where nobody knows.
    """

    standing: Standing = Standing.READY
    because: tuple[str, ...] = ()
    """Rules of its own, or `with NAME` for a mate."""
    early: bool | None = False
    stuck: bool | None = False
    holds: bool | None = False
    turned_back: bool | None = False
    short: bool | None = False


def is_graver(one: Standing, other: Standing) -> bool:
    """Whether the first class is the graver one."""
    return _ORDER[one] < _ORDER[other]


def later(early: bool | None, fact: bool | None) -> bool | None:
    """What comes later, of one that is stopped early or may be."""
    return False if early else fact if early is False or fact is False else None


def graver(one: Outlook, other: Outlook) -> Outlook:
    """Both together: the graver class, and all that follows from either."""
    if one.standing is other.standing:
        because = tuple(dict.fromkeys((*one.because, *other.because)))
    else:
        because = min(one, other, key=lambda each: _ORDER[each.standing]).because
    standing = min(one.standing, other.standing, key=_ORDER.__getitem__)
    return Outlook(
        standing,
        because,
        _either(one.early, other.early),
        _either(one.stuck, other.stuck),
        _either(one.holds, other.holds),
        _either(one.turned_back, other.turned_back),
        one.short,
    )


def _either(one: bool | None, other: bool | None) -> bool | None:
    return True if one or other else None if one is None or other is None else False


def any_of(facts: Iterable[bool | None]) -> bool | None:
    """Of several facts whether any is: True where one is, None where one may be."""
    seen = set(facts)
    return True if True in seen else None if None in seen else False


def refused(outlooks: Mapping[str, Outlook]) -> Mapping[str, Outlook]:
    """All blocked, since the drill would refuse the plan."""
    return {name: replace(each, standing=Standing.BLOCKED, because=("plan",)) for name, each in outlooks.items()}
