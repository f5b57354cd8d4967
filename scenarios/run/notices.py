"""Findings that stopped nobody: the vault's health, advice, work around the return, notes of rules that hold."""

from collections.abc import Callable, Iterator
from typing import Final

from failback.reprotect import Broken, Line, Requirement, by_code, sentences
from failback.scenarios.judging.check import CheckFinding, Report, Status

from .result import Finding

NOTICED: Final = "noticed"
_TOLD: Final = frozenset({Status.ADVICE, Status.BEFORE_RETURN, Status.AFTER_RETURN})


class Health:
    """The rules by whose codes a vault reported an item's health."""

    listens_to = frozenset({"ItemSeen"})
    """Names of the lines that tell it something."""

    def __init__(self) -> None:
        self._first_s: dict[tuple[str, str], float] = {}
        self._rules: dict[str, Requirement] = {}

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        if line.name == "ItemSeen":
            for code in line.data["health_errors"]:
                self._first_s.setdefault((str(line.item), code), line.t_s)
                if (rule := by_code(code)) is not None:
                    self._rules.setdefault(str(line.item), rule)

    def rule_of(self, item: str) -> Requirement | None:
        """The rule of the first error that its health showed, if it showed one."""
        return self._rules.get(item)

    def findings(self, culprit: Callable[[Requirement, str], str]) -> Iterator[Finding]:
        """Each once, as of when it was first seen, about the object that `culprit` names."""
        for (item, code), at_s in self._first_s.items():
            rule = by_code(code)
            if rule is not None:
                message = f"health error {code}: the rule does not hold: {rule.title}"
                name = culprit(rule, item)
                yield Finding(rule.id, name, item, rule.stage.value, NOTICED, message, rule.remedy, at_s)


def notices(report: Report) -> Iterator[Finding]:
    """What the scenario's estate has to be told besides: rules that are broken where they block nothing, and notes."""
    for found in report.of(*Status):
        if found.blockers and found.status in _TOLD:
            yield _notice(found)


def _notice(found: CheckFinding) -> Finding:
    name, message = found.blockers[0].name, sentences(Broken(found.blockers))
    stage = found.points[0].stage.value
    return Finding(found.rule, name, found.item, stage, NOTICED, message, found.requirement.remedy, 0.0)
