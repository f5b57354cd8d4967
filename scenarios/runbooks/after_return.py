"""What is done after the return, and what of it is not in this plan: a machine in its steps does not come home."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Operation, StepTime, is_before_check
from failback.scenarios.judging.check import Status
from failback.scenarios.text.name_lists import listed

from .causes import Task, later_tasks, tasks
from .runbook import Runbook
from .told_in_plan import IN_AZURE, is_after_commit, stay_in_azure, stay_uncommitted

ANEW: Final = re.compile(r"Replicated items > (\S+) > Disable replication")
"""A step that ends the replication of a machine, to begin it anew."""


@dataclass(frozen=True, slots=True)
class NotInPlan:
    """Work of a rule that nobody does now. `what`: which steps, or of which machines; `why`: who does not come home."""

    rule: str
    what: str
    why: str


def afterwards(found: Runbook) -> tuple[Task, ...]:
    """Work that waits for the commit of machines that are committed in this plan."""
    return tuple(task for task in _all(found) if not _missing(found, task))


def not_in_plan(found: Runbook) -> Iterator[NotInPlan]:
    """What else waits for a commit, and for which of them there is none in this plan."""
    gone, left = stay_uncommitted(found.stops), dict[str, list[str]]()
    for one in found.findings:
        if one.item in gone and is_after_commit(one.status, one.rule):
            left.setdefault(one.rule, []).append(one.item)
    for task in _all(found):
        if task.rule not in left and (names := _missing(found, task)):
            yield NotInPlan(task.rule, _steps_words(task), _why(found, names))
    yield from (NotInPlan(rule, f"for {listed(names)}", _why(found, names)) for rule, names in left.items())


def replicated_anew(found: Runbook) -> dict[str, Task]:
    """Machine -> the work after the return that ends its replication and begins it anew."""
    return {name: task for task in afterwards(found) for step in task.steps for name in ANEW.findall(step)}


def of_these_alone(found: Runbook) -> tuple[str, ...]:
    """Rules that are found of machines that stay in Azure alone, and have no box in this runbook."""
    away, told = stay_in_azure(found.stops), {each.cause.rule for each in found.told}
    return tuple(dict.fromkeys(one.rule for one in found.findings if one.item in away and one.rule not in told))


def _all(found: Runbook) -> Iterator[Task]:
    yield from (one for one in tasks(found, Status.AFTER_RETURN) if not is_before_check(one.rule))
    yield from later_tasks(found, {StepTime.AFTER})


def _missing(found: Runbook, task: Task) -> list[str]:
    """Machines that its steps name, or that it is about, and that are not committed."""
    text = " ".join(task.steps)
    gone = [name for name in found.scenario.estate.virtual_machines if name in stay_uncommitted(found.stops)]
    return [name for name in gone if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text)]


def _steps_words(task: Task) -> str:
    numbers = [number[1] for step in task.steps if (number := re.match(r"(\d+)\. ", step))]
    if len(numbers) < 2:
        return f"step {numbers[0]}" if numbers else "its step"
    return f"steps {numbers[0]} to {numbers[-1]}"


def _why(found: Runbook, names: list[str]) -> str:
    stops = [stop for stop in found.stops if stop.item in names]
    azure = [f"{stop.item} ({stop.rule})" for stop in stops if stop.operation in IN_AZURE]
    here = [f"{stop.item} ({stop.rule})" for stop in stops if stop.operation is Operation.COMMIT_FAILBACK]
    words = (
        f"{', '.join(azure)} {'stays' if len(azure) == 1 else 'stay'} in Azure" if azure else "",
        f"{', '.join(here)} {'is' if len(here) == 1 else 'are'} not committed" if here else "",
    )
    return "; ".join(filter(None, words))
