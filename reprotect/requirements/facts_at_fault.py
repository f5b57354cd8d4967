"""Which of the facts that a rule read make it broken: those without whose value it would say something else.

A rule reads more than it blames: an appliance may be healthy as a whole while one part of it is not. So each fact is
given another value, and the rule is asked once more. It is for one finding at a time, like `facts_read`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Estate

from .facts_read import LINK, FactRead
from .row import Predicate
from .verdict import Blocker, Broken, Noted, Verdict

T = TypeVar("T")
_OTHERS: Final[Mapping[type, tuple[Any, Any]]] = {
    bool: (False, True),
    float: (0.0, 1.0),
    int: (0, 1),
    str: ("", "?"),
    tuple: ((), ()),
}
"""What a value of this kind is changed to, and what if it is that already."""
_LOCATION: Final = "exists_on_premises"


def facts_at_fault(
    read: Sequence[FactRead], predicate: Predicate, estate: Estate, item: str, choices: Choices
) -> tuple[FactRead, ...]:
    """Those that change what is said; whether the machine exists on site only where nothing else does."""
    said = _said(predicate(estate, item, choices))
    found = [each for each in read if not said <= _said(predicate(_otherwise(estate, each), item, choices))]
    return tuple(each for each in found if each.key != _LOCATION) or tuple(found)


def _said(verdict: Verdict) -> frozenset[Blocker]:
    if isinstance(verdict, Broken):
        return frozenset(verdict.blockers)
    return frozenset(verdict.notes if isinstance(verdict, Noted) else ())


def _otherwise(estate: Estate, fact: FactRead) -> Estate:
    """The estate with another value of this fact."""
    return with_value(estate, fact, _other(fact.value))


def with_value(estate: Estate, fact: FactRead, value: object) -> Estate:
    """The estate with this value of a fact that was read."""
    steps = fact.key.split(".")
    if fact.section == LINK:
        return replace(estate, link=_changed(estate.link, steps, value))
    parts: Mapping[str, Any] = getattr(estate, fact.section)
    changed: dict[str, Any] = {fact.section: {**parts, fact.name: _changed(parts[fact.name], steps, value)}}
    return replace(estate, **changed)


def _changed(part: T, steps: Sequence[str], value: object) -> T:
    name, *more = steps
    old = getattr(part, name)
    if not more:
        return replace(part, **{name: value})  # type: ignore[type-var]
    if isinstance(old, tuple):
        number, *inner = int(more[0]), *more[1:]
        new: Any = tuple(_changed(each, inner, value) if n == number else each for n, each in enumerate(old))
    else:
        new = _changed(old, more, value)
    return replace(part, **{name: new})  # type: ignore[type-var]


def _other(value: object) -> Any:
    usual, otherwise = _OTHERS[type(value)]
    return otherwise if value == usual else usual


def blamed(read: Sequence[FactRead], name: str) -> Iterator[FactRead]:
    """Of one object, without what is empty, unknown, or only names a part."""
    for fact in read:
        if (
            name in (fact.name, fact.section)
            and type(fact.value) in _OTHERS
            and fact.value != ()
            and not _is_a_name(fact.key)
        ):
            yield fact


def _is_a_name(key: str) -> bool:
    return key.rpartition(".")[2] == "name"
