"""All that is asked of each owner: by findings, and by the boxes and STOPs of the steps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from failback.scenarios.files.applications import Application
from failback.scenarios.judging.check import Report

from .asked_at_night import asked_at_night
from .owner_questions import OwnerQuestion, owner_questions
from .runbook import Runbook


def owners_asked(found: Runbook) -> Mapping[Application, tuple[OwnerQuestion, ...]]:
    """Application -> its questions, those of findings first."""
    at_night = tuple(asked_at_night(found))
    return {one: tuple(_of(found, [vm.name for vm in vms], at_night)) for one, vms in found.applications.items()}


def _of(found: Runbook, machines: Sequence[str], at_night: Iterable[OwnerQuestion]) -> Iterator[OwnerQuestion]:
    own = owner_questions(_without_times(found), found.told, machines)
    yield from own
    asked = {(rule, name) for each in own for rule in each.rules for name in each.machines}
    more: dict[tuple[object, ...], list[str]] = {}
    for one in at_night:
        names = [n for n in one.machines if n in machines and not all((rule, n) in asked for rule in one.rules)]
        if names:
            more.setdefault((one.rules, one.about, one.text), []).extend(names)
    for one in at_night:
        if names := more.pop((one.rules, one.about, one.text), []):
            yield _of_one(replace(one, machines=tuple(dict.fromkeys(names))))


_ASKED_WITH_TIMES: Final = frozenset({"R34"})
"""Rules whose question gives the owner the planned times of a machine."""


def _without_times(found: Runbook) -> Report:
    """Without what needs planned times, of machines that do not fail back in this plan and so have none."""
    items = (
        replace(one, findings=tuple(each for each in one.findings if each.rule not in _ASKED_WITH_TIMES))
        if one.item not in found.downs
        else one
        for one in found.report.items
    )
    return replace(found.report, items=tuple(items))


def _of_one(question: OwnerQuestion) -> OwnerQuestion:
    if len(question.machines) > 1:
        return question
    return replace(question, text=question.text.replace("each machine", question.machines[0]))
