"""What was judged: each rule for each machine is met, broken, unknown or not applicable. Green shows what it covers.

A check and a run's result hold the same: a letter for each rule, in one word for each machine.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, unique
from functools import cache
from typing import Any, Final

from failback.reprotect import NOTICES, REQUIREMENTS

from .check import CheckedMachine, CheckFinding, Report, Status


@unique
class Answer(Enum):
    """What a rule said of a machine. `not_applicable`: of another architecture, or of a step that lies behind it."""

    MET = "met"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


LETTERS: Final = {Answer.MET: "m", Answer.BROKEN: "b", Answer.UNKNOWN: "u", Answer.NOT_APPLICABLE: "-"}
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
        return {"rules": list(RULES), "letters": letters, "counts": self.by_rule(), "machines": dict(self.machines)}


def judged_of(report: Report) -> Judged:
    """What a check judged."""
    return Judged({machine.item: _letters(machine) for machine in report.items})


def _letters(machine: CheckedMachine) -> str:
    letters = list(_all_met(machine.rules))
    for finding in machine.findings:
        if finding.status is Status.UNKNOWN:
            letters[_PLACES[finding.rule]] = LETTERS[Answer.UNKNOWN]
        elif not _is_a_note(finding):
            letters[_PLACES[finding.rule]] = LETTERS[Answer.BROKEN]
    return "".join(letters)


def _is_a_note(finding: CheckFinding) -> bool:
    """Advice of a rule that holds."""
    return finding.status is Status.ADVICE and all(point.stage not in NOTICES for point in finding.points)


@cache
def _all_met(asked: frozenset[str]) -> str:
    return "".join(LETTERS[Answer.MET if rule in asked else Answer.NOT_APPLICABLE] for rule in RULES)


def coverage_words(judged: Judged) -> str:
    """One line for people: what was asked, and what the answers were."""
    return covered(judged.by_rule(), len(judged.machines))


def covered(by_rule: Mapping[str, Mapping[str, int]], many: int) -> str:
    """The same of the counts alone, as a result keeps them, and of how many machines."""
    rules, counts = len(by_rule), Counter[str]()
    for answers in by_rule.values():
        counts.update(answers)
    counts[Answer.NOT_APPLICABLE.value] += (len(RULES) - rules) * many
    told = ", ".join(f"{counts[answer.value]:,} {word}" for answer, word in _WORDS.items())
    return f"Judged: {rules} rules for {many:,} machine{'' if many == 1 else 's'}: {told}."


_WORDS: Final = {
    Answer.MET: "met",
    Answer.BROKEN: "broken",
    Answer.UNKNOWN: "unknown",
    Answer.NOT_APPLICABLE: "not applicable",
}
