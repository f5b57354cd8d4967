"""Whose answer decides the recovery point of a failback (A11): one answer for all machines that belong together.

Machines of one application, and of one replication group, come home from the same kind of point: else their data would
not be of one time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Holds, Operation, applies, by_id
from failback.scenarios.files.applications import owners_of
from failback.scenarios.text.name_lists import listed

from .planned_requests import PlannedRequest
from .runbook import Runbook, Section
from .whom_to_ask import owners_words

RULE: Final = "A11"
BY_ANSWER: Final = "Latest, unless the answer under A11 of its application says otherwise"
"""What stands in the dialog's place where the plan asks for the latest point."""
HOW: Final = (
    "Recovery point by the answers under A11, one for all machines of a line. Yes, or no answer: Latest, which loses "
    "the least of what was written in Azure. No, of one owner: Latest app-consistent for each machine of the line, and "
    "what was written after that point is lost"
)
_QUESTION: Final = (
    "A11, for {machines} alike: ask {who}: may the latest data come home, which are crash-consistent? Yes, or no "
    "answer: Latest. No: Latest app-consistent"
)


@dataclass(frozen=True, slots=True)
class PointAnswer:
    """One line with a place for the answer: the machines, and whom it is asked."""

    machines: tuple[str, ...]
    who: str

    @property
    def question(self) -> str:
        """For a table that has no place above its rows."""
        return _QUESTION.format(machines=listed(self.machines), who=self.who)


def by_answer(found: Runbook, request: PlannedRequest) -> bool:
    """Whether an answer decides the recovery point of this request."""
    rule, machines = by_id(RULE), found.scenario.estate.virtual_machines
    if rule is None or request.operation is not Operation.FAILBACK:
        return False
    asked = any(applies(rule, machines[item].architecture).answer is not Holds.NO for item in request.items)
    return asked and request.choices.get("recovery_point") == "latest"


def point_answers(found: Runbook, section: Section) -> tuple[PointAnswer, ...]:
    """A line for each application of this section, or for several whose machines share a replication group."""
    items = [item for request in section.happening if by_answer(found, request) for item in request.items]
    owners = owners_of(found.scenario.applications)
    return tuple(PointAnswer(names, owners_words(owners, names)) for names in _together(found, items))


def questions_of_points(found: Runbook, section: Section) -> Mapping[str, str]:
    """Machine -> the question of its line."""
    return {name: one.question for one in point_answers(found, section) for name in one.machines}


def _together(found: Runbook, items: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Machines that share an application or a replication group, also by way of others."""
    left = dict.fromkeys(items)
    while left:
        whole: dict[str, None] = {}
        new = [next(iter(left))]
        while new:
            whole |= dict.fromkeys(new)
            new = [name for name in left if name not in whole and any(_belong(found, name, one) for one in whole)]
        yield tuple(name for name in items if name in whole)
        left = {name: None for name in left if name not in whole}


def _belong(found: Runbook, one: str, other: str) -> bool:
    machines = found.scenario.estate.virtual_machines
    group = machines[one].replication_group
    served = any({one, other} <= set(each.machines) for each in found.scenario.applications)
    return served or (group is not None and group == machines[other].replication_group)
