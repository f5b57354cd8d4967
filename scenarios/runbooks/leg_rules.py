"""The rules of each leg as people read them: each condition has one box, in the place where it is looked at.

One whose fact a leg makes anew has another one after that leg.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, TypeAlias

from failback.reprotect import ANSWERS, LEGS, Operation, Requirement, seen_after, who_sees
from failback.scenarios.checks.decided_by_answer import decided_by_answer
from failback.scenarios.judging.check import Status

from .box_looks import look_words
from .causes import is_a_task
from .runbook import Runbook, Section
from .whom_to_ask import person_words


@dataclass(frozen=True, slots=True)
class RuleBox:
    """`who` looks, and `look`: where, and which value counts."""

    rule: Requirement
    who: str
    look: str


@dataclass(frozen=True, slots=True)
class LegRules:
    """Of one leg of one wave. `boxes`: rules to look at before its steps; `after`: those that can be seen only then.

    `before`: ids of those that have their boxes under *Before the return*; `met`: those that the check found met.
    """

    boxes: tuple[RuleBox, ...]
    before: tuple[str, ...]
    met: tuple[Requirement, ...]
    met_in: str = ""
    """The wave whose leg names the same rules; then `met` has only those that are met here alone."""
    not_met: tuple[str, ...] = ()
    """Rules that are met in that wave, and not here."""
    after: tuple[RuleBox, ...] = ()
    answered: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Rules with a row under *Before the return*, and machines of which no box but the answer at their step decides."""


_Boxed: TypeAlias = dict[tuple[str, Operation | None], set[str]]
"""Rule, and the leg that made its fact anew -> the machines that have a box for it."""


def leg_rules(found: Runbook) -> tuple[LegRules, ...]:
    """By section, in order."""
    boxed: _Boxed = {}
    firsts: dict[str, Section] = {}
    return tuple(_of(found, section, boxed, firsts) for section in found.sections)


def _of(found: Runbook, section: Section, boxed: _Boxed, firsts: dict[str, Section]) -> LegRules:
    items = frozenset(item for request in section.happening for item in request.items)
    if not items:
        return LegRules((), (), ())
    rules = [rule for rule in section.rules if rule not in section.met]
    before = _before(found, items) - section.remade.keys()
    answered = _answered(found, items, {rule.id for rule in rules if not _asked_earlier(rule, section)})
    asked = (before | answered.keys()) - section.remade.keys()
    of_fact = {rule.id: (rule.id, section.remade.get(rule.id)) for rule in rules}
    boxes = [rule for rule in rules if rule.id not in asked and not items <= boxed.get(of_fact[rule.id], set())]
    for rule in boxes:
        boxed.setdefault(of_fact[rule.id], set()).update(items)
    first = firsts.setdefault(section.operation.value, section)
    told = [_box(found, section, rule, items) for rule in boxes]
    now = tuple(box for box in told if not seen_after(box.rule, section.operation))
    after = tuple(box for box in told if box not in now)
    ids = tuple(rule.id for rule in rules if rule.id in before)
    return LegRules(now, ids, *_met(section, first), after, tuple(answered.items()))


def _box(found: Runbook, section: Section, rule: Requirement, items: frozenset[str]) -> RuleBox:
    look = look_words(found, section, rule)
    return RuleBox(rule, who_sees(look, person_words(rule, found.told, items)), look)


def _before(found: Runbook, items: frozenset[str]) -> frozenset[str]:
    """Rules with a row under *Before the return* that concerns one of these machines, and none that waits for later."""
    told = [each for each in found.told if not items.isdisjoint(each.cause.items) and not decided_by_answer(each)]
    rows = {each.cause.rule for each in told if each.cause.status in _BEFORE and is_a_task(each)}
    return frozenset(rows - {each.cause.rule for each in told if each.not_yet})


def _asked_earlier(rule: Requirement, section: Section) -> bool:
    """Whether the answer was about a fact that is made anew since it was asked for."""
    made_by = section.remade.get(rule.id)
    return made_by is not None and rule.id in ANSWERS and LEGS.index(made_by) >= LEGS.index(ANSWERS[rule.id].leg)


def _answered(found: Runbook, items: frozenset[str], rules: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Rule -> those of these machines of which an answer decides."""
    said: dict[str, tuple[str, ...]] = {}
    for each in (one for one in found.told if one.cause.rule in rules and decided_by_answer(one)):
        mine = tuple(name for name in each.cause.items if name in items)
        if mine:
            said[each.cause.rule] = (*said.get(each.cause.rule, ()), *mine)
    return said


_BEFORE: Final = frozenset(status.value for status in Status if status is not Status.AFTER_RETURN)


def _met(section: Section, first: Section) -> tuple[tuple[Requirement, ...], str, tuple[str, ...]]:
    """The rules, or how they differ from those of the first section of this leg."""
    if first is section or not set(section.met) & set(first.met):
        return section.met, "", ()
    more = tuple(rule for rule in section.met if rule not in first.met)
    return more, first.wave, tuple(rule.id for rule in first.met if rule not in section.met)
