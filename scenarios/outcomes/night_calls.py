"""When the owners are called: for a downtime of their application or a decision about it, and which of it is at night.

A reprotect stops no application, so it calls nobody but the owner of whom a step of it wants an answer.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Final, TypeAlias

from failback.reprotect import Operation
from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.local_time import after
from failback.scenarios.text.plain_words import LEG_WORDS
from failback.scenarios.text.spans import when_words

from .hours_of_day import NIGHT, is_at_night

NIGHT_WORDS: Final = f"{NIGHT[0]}:00 and {NIGHT[1]:02}:00"
OWNERS_CALLED: Final = frozenset({Operation.COMMIT_FAILOVER, Operation.FAILBACK, Operation.COMMIT_FAILBACK})
"""Legs that mean a downtime or a decision for each application."""
_IF_MISSING: Final = "only if an answer is missing"
MachineLeg: TypeAlias = tuple[str, Operation]


@dataclass(frozen=True, slots=True)
class OwnerCall:
    """The owner of one application, for one leg of one wave; `begins_s`: when the first of its machines is asked for.

    `for_answer`: he is called for an answer alone that is missing.
    """

    application: Application
    wave: str
    operation: Operation
    begins_s: float
    for_answer: bool = False

    def at(self, start: datetime) -> datetime:
        """When."""
        return after(start, self.begins_s)

    def when(self, start: datetime) -> str:
        """When, and on which condition, beside the leg."""
        return f"{when_words(self.at(start), start)}{f', {_IF_MISSING}' if self.for_answer else ''}"

    def words(self, start: datetime) -> str:
        """When, and for what."""
        why = f" ({_IF_MISSING})" if self.for_answer else ""
        return f"{when_words(self.at(start), start)} {LEG_WORDS[self.operation].name}{why}"


def owner_calls(
    scenario: Scenario,
    begins: Mapping[MachineLeg, float],
    waves: Mapping[str, str],
    answers: Collection[MachineLeg],
) -> Iterator[OwnerCall]:
    """By application; of those of which somebody told an owner or a number.

    `begins`: when each leg is asked for; `waves`: machine -> its wave; `answers`: what waits for an owner's answer.
    """
    legs = tuple(dict.fromkeys(leg for _, leg in begins))
    for one in (each for each in scenario.applications if each.owner or each.phone):
        asked = (key for key in product(one.machines, legs) if key in begins)
        firsts: dict[tuple[str, Operation], float] = {}
        for name, leg in (key for key in asked if key[1] in OWNERS_CALLED or key in answers):
            at_s = begins[name, leg]
            firsts[waves[name], leg] = min(at_s, firsts.get((waves[name], leg), at_s))
        for (wave, leg), at_s in firsts.items():
            yield OwnerCall(one, wave, leg, at_s, leg not in OWNERS_CALLED)


def night_calls(scenario: Scenario, calls: Iterable[OwnerCall]) -> Mapping[Application, str]:
    """Application -> when its owner is called at night, and for what; empty where nobody told when it begins."""
    if scenario.start_is_example:
        return {}
    start, found = scenario.starts_at, dict[Application, list[OwnerCall]]()
    for call in sorted(calls, key=lambda call: call.begins_s):
        if is_at_night(call.at(start)):
            found.setdefault(call.application, []).append(call)
    called = (one for one in scenario.applications if one in found)
    return {one: ", ".join(call.words(start) for call in found[one]) for one in called}


def night_call_words(nights: Mapping[Application, str]) -> tuple[str, ...]:
    """Whom, and when."""
    return tuple(f"{one.name} ({one.owner or one.phone}) {times}" for one, times in nights.items())
