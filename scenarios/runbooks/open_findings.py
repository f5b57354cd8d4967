"""Findings of a machine itself that are open when the runbook is printed: their rules stand beside its steps."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from failback.scenarios.checks.causes import Cause
from failback.scenarios.checks.told import ToldCause
from failback.scenarios.files.schema import DoubtBecause, InDoubt
from failback.scenarios.judging.check import Status

_STOPS: Final = Status.BLOCKS.value
_BROKEN: Final = frozenset({_STOPS, Status.ADVICE.value, Status.BEFORE_RETURN.value, Status.AFTER_RETURN.value})
"""What nobody knows yet concerns most machines alike, and stands at the top alone."""
_STOP: Final = "STOP: data would be lost, see this finding first"
_DOUBTS: Final[Mapping[DoubtBecause, str]] = {
    DoubtBecause.DIFFERS: "it may be another machine of its name",
    DoubtBecause.NOT_IN_VCENTER: "no inventory says where it is on site",
    DoubtBecause.SEVERAL_IN_VCENTER: "several machines in vCenter have this name",
    DoubtBecause.SEVERAL_IN_VAULT: "several items in the vault have this name",
}
_UNSETTLED: Final = "identity (STOP: {why}; settle it first, see Before the return)"


def open_findings(told: Iterable[ToldCause], in_doubt: Iterable[InDoubt] = ()) -> Mapping[str, Sequence[str]]:
    """Machine -> what is in doubt about it, the rules that it or its twin does not meet, and those that stop it."""
    found: dict[str, dict[str, None]] = {}
    for one in in_doubt:
        for name in one.machines:
            found.setdefault(name, {})[_UNSETTLED.format(why=_DOUBTS[one.why])] = None
    for cause in (each.cause for each in told if each.cause.status in _BROKEN):
        for each in cause.observed:
            if each.object in cause.items or cause.status == _STOPS:
                found.setdefault(each.item, {})[_mark(cause)] = None
    return {item: tuple(rules) for item, rules in found.items()}


def _mark(cause: Cause) -> str:
    return f"{cause.rule} ({_STOP})" if cause.status == Status.BEFORE_RETURN.value else cause.rule


_STOPS_HERE: Final = re.compile(r"\(STOP: [^()]*\)")
"""What is printed at the first step of a machine alone: later, it means nothing any more."""


def open_words(
    items: Iterable[str], found: Mapping[str, Sequence[str]], firsts: Mapping[str, int], number: int | None
) -> str:
    """The rules of these machines; with the names where a request is for several.

    `firsts`: machine -> its first step, where a *STOP* stands; the step with this `number` may be a later one.
    """
    named = {item: _at(", ".join(found[item]), firsts.get(item), number) for item in items if item in found}
    several = len(tuple(items)) > 1
    return "; ".join(f"{item}: {rules}" if several else rules for item, rules in named.items())


def _at(words: str, first: int | None, number: int | None) -> str:
    return words if first in (None, number) else _STOPS_HERE.sub(f"(see step {first})", words)
