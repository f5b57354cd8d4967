"""What was judged: each rule for each machine is met, warned of, broken, unknown or not applicable.

These five add up to all rules. Green shows what it covers.

A check and a run's result hold the same: a letter for each rule, in one word for each machine.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, unique
from functools import cache
from typing import Any, Final

from failback.reprotect import REQUIREMENTS

from .check import CheckedMachine, Report, Status


@unique
class Answer(Enum):
    """What a rule said of a machine. `not_applicable`: of another architecture, or of a step that lies behind it.

    `warned`: there is something to know or to do, and it does not block. `broken`: the machine cannot go on so.
    """

    MET = "met"
    WARNED = "warned"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


LETTERS: Final = {
    Answer.MET: "m",
    Answer.WARNED: "w",
    Answer.BROKEN: "b",
    Answer.UNKNOWN: "u",
    Answer.NOT_APPLICABLE: "-",
}
RULES: Final = tuple(row.id for row in REQUIREMENTS)
_PLACES: Final = {rule: place for place, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Judged:
    """By machine, a letter for each rule of `RULES`."""

    machines: Mapping[str, str]

    def counts(self) -> Mapping[Answer, int]:
        """How often each answer was given."""
        found = Counter[str]()
        for letters in self.machines.values():
            found.update(letters)
        return {answer: found[letter] for answer, letter in LETTERS.items()}

    def by_rule(self) -> Mapping[str, Mapping[str, int]]:
        """The same for each rule that was asked about any machine."""
        columns = zip(RULES, zip(*self.machines.values(), strict=True), strict=True) if self.machines else ()
        found = {rule: Counter(letters) for rule, letters in columns}
        asked = {rule: n for rule, n in found.items() if n[LETTERS[Answer.NOT_APPLICABLE]] < len(self.machines)}
        return {rule: {a.value: n[letter] for a, letter in LETTERS.items()} for rule, n in asked.items()}

    def as_json(self) -> dict[str, Any]:
        """The compact shape: the n-th letter of a machine is about the n-th rule."""
        letters = {letter: answer.value for answer, letter in LETTERS.items()}
        counts = {answer.value: count for answer, count in self.counts().items()}
        return {
            "rules": list(RULES),
            "letters": letters,
            "total": {"rules": len(RULES), "machines": len(self.machines), **counts},
            "counts": self.by_rule(),
            "machines": dict(self.machines),
        }


def judged_of(report: Report) -> Judged:
    """What a check judged."""
    return Judged({machine.item: _letters(machine) for machine in report.items})


def _letters(machine: CheckedMachine) -> str:
    letters = list(_all_met(machine.rules))
    for finding in sorted(machine.findings, key=lambda finding: _GRAVITY[_ANSWERS[finding.status]]):
        letters[_PLACES[finding.rule]] = LETTERS[_ANSWERS[finding.status]]
    return "".join(letters)


_ANSWERS: Final = {
    Status.BLOCKS: Answer.BROKEN,
    Status.UNKNOWN: Answer.UNKNOWN,
    Status.BEFORE_RETURN: Answer.WARNED,
    Status.AFTER_RETURN: Answer.WARNED,
    Status.ADVICE: Answer.WARNED,
}
"""What a finding makes of its rule."""
_GRAVITY: Final = {Answer.WARNED: 0, Answer.UNKNOWN: 1, Answer.BROKEN: 2}
"""Of several findings of one rule the gravest counts."""


@cache
def _all_met(asked: frozenset[str]) -> str:
    return "".join(LETTERS[Answer.MET if rule in asked else Answer.NOT_APPLICABLE] for rule in RULES)


@dataclass(frozen=True, slots=True)
class JudgedAlike:
    """Machines of which as many rules said each thing; the counts add up to all rules."""

    items: tuple[str, ...]
    met: int
    warned: int
    broken: int
    unknown: int
    not_applicable: int

    @property
    def counts(self) -> tuple[int, ...]:
        """In the order of the answers."""
        return tuple(getattr(self, answer.value) for answer in Answer)


def alike(machines: Mapping[str, str]) -> tuple[JudgedAlike, ...]:
    """Machines of which the counts are the same, from the letters of each."""
    found: dict[tuple[int, ...], list[str]] = {}
    for name, letters in machines.items():
        found.setdefault(tuple(map(letters.count, LETTERS.values())), []).append(name)
    return tuple(JudgedAlike(tuple(names), *counts) for counts, names in found.items())


def coverage_words(judged: Judged) -> str:
    """One line for people: what was asked, and what the answers were."""
    return covered(judged.by_rule(), len(judged.machines))


def covered(by_rule: Mapping[str, Mapping[str, int]], many: int) -> str:
    """The same of the counts alone, as a result keeps them, and of how many machines."""
    counts = total(by_rule, many)
    each = "1 machine, which gives" if many == 1 else f"each of {many:,} machines, which gives"
    told = ", ".join(f"{counts[answer]:,} {word}" for answer, word in ANSWER_WORDS.items())
    rules = sum(counts.values()) // many if many else 0
    asked = f"Rules: {rules}, including those that do not block, were asked of {each}"
    return f"{asked} {sum(counts.values()):,} answers: {told}."


def total(by_rule: Mapping[str, Mapping[str, int]], many: int) -> Mapping[Answer, int]:
    """How often each answer was given; a rule that was asked of no machine is applicable to none."""
    counts = Counter[str]()
    for answers in by_rule.values():
        counts.update(answers)
    every = max(len(RULES), len(by_rule)) * many
    counts[Answer.NOT_APPLICABLE.value] += every - counts.total()
    return {answer: counts[answer.value] for answer in Answer}


ANSWER_WORDS: Final = {
    Answer.MET: "met",
    Answer.WARNED: "warned",
    Answer.BROKEN: "broken",
    Answer.UNKNOWN: "unknown",
    Answer.NOT_APPLICABLE: "not applicable",
}
