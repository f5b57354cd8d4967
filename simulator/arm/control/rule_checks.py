"""A fault rule that no request could ever meet is refused when it is armed, with what it may have been meant to say."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from failback.reprotect import Architecture
from failback.simulator import ENABLE, JOBS
from failback.simulator.arm.routes import ROUTES
from failback.simulator.arm.state.fault_rules import FaultRule, RuleKind
from failback.simulator.arm.wire.response import Json

from .site_faults import bad

_SERVED: Final = tuple(row.operation for row in ROUTES)
_KINDS: Final = (
    *((architecture, operation.value, kind) for (architecture, operation), kind in JOBS.items()),
    *((architecture, "enable", ENABLE) for architecture in Architecture),
)
"""Whose job, of which operation, and what it is."""


def check_rule(rule: FaultRule) -> FaultRule:
    """The same rule. Raises a 400 for an operation that is not served and for a task that no job has."""
    if not any(rule.names(operation) for operation in _SERVED):
        known = sorted({operation.rpartition(".")[2].removeprefix("begin_") for operation in _SERVED})
        raise bad(f"operation: no operation is called '{rule.operation[:100]}'{_perhaps(rule.operation, known)}.")
    tasks = {name for *_, kind in _KINDS for task in kind.tasks for name in (task.friendly_name, task.name)}
    if rule.kind is RuleKind.JOB_FAILS and rule.task is not None and rule.task.lower() not in map(str.lower, tasks):
        hint = _perhaps(rule.task, sorted(tasks))
        raise bad(f"task: no job has a task '{rule.task[:100]}'{hint}; GET /failback/tasks lists them.")
    return rule


def tasks_of_jobs() -> list[Json]:
    """Which tasks the job of each operation on an item runs, in order, by both of their names."""
    return [
        {
            "architecture": architecture.value,
            "operation": operation,
            "job": kind.friendly_name,
            "tasks": [{"name": task.name, "friendly_name": task.friendly_name} for task in kind.tasks],
        }
        for architecture, operation, kind in _KINDS
    ]


def task_names() -> list[str]:
    """The shown names of all tasks, once each, in the order of the cycle."""
    return list(dict.fromkeys(task.friendly_name for *_, kind in _KINDS for task in kind.tasks))


def _perhaps(word: str, known: Iterable[str]) -> str:
    by_lower = {name.lower(): name for name in known}
    near = get_close_matches(word.lower().strip("*"), by_lower, n=1, cutoff=0.5)
    return f"; did you mean '{by_lower[near[0]]}'?" if near else ""
