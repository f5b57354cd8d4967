"""Findings that stopped nobody: the vault's health, advice, work after the return, and notes of rules that hold."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from failback.reprotect import (
    LEGS,
    NOTICES,
    Architecture,
    Choices,
    Line,
    Operation,
    RequestDefaults,
    Requirement,
    Stage,
    Unmet,
    as_asked,
    by_code,
    by_id,
    has_rules,
    merged,
    phase_row,
    unmet,
    worth_knowing,
)
from failback.scenarios.files.schema import Scenario
from failback.simulator.item_health import FULL

from .result import Finding

NOTICED: Final = "noticed"
_FULL: Final = f"health error {FULL}: its datastore has no space left, so nothing is written"


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
            elif code == FULL and (room := by_id("B14")) is not None:
                yield Finding(code, item, item, Stage.REPLICATION.value, NOTICED, _FULL, room.remedy, at_s)


IN_ORDER: Final = tuple(sorted(NOTICES, key=lambda stage: stage.value))


def notices(scenario: Scenario) -> Iterator[Finding]:
    """What the scenario's estate has to be told besides: broken rows of the stages that block nothing."""
    estate = as_asked(scenario.estate, scenario.plan)
    defaults = RequestDefaults(estate, scenario.plan)
    told: set[tuple[str, str]] = set()
    machines = estate.virtual_machines.values()
    ahead = ((vm.name, leg) for vm in machines for leg in LEGS[phase_row(vm.at).legs_behind :])
    for item, operation in ahead:
        stages = _stages(estate.virtual_machines[item].architecture, operation)
        planned = merged(scenario.plan.choices, scenario.plan.item_choices.get(item, Choices()))
        choices = merged(planned, defaults.choose(item, operation))
        for stage in stages:
            yield from (_notice(found) for found in unmet(estate, item, stage, operation, choices))
        for found in worth_knowing(estate, item, None, operation, choices):
            if (item, found.rule) not in told:
                told.add((item, found.rule))
                yield _notice(found)


@cache
def _stages(architecture: Architecture, operation: Operation) -> tuple[Stage, ...]:
    return tuple(stage for stage in IN_ORDER if has_rules(architecture, stage, operation))


def _notice(found: Unmet) -> Finding:
    name = found.blockers[0].name
    return Finding(found.rule, name, found.item, found.stage.value, NOTICED, found.message, found.remedy, 0.0)
