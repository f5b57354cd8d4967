"""All that is asked of each owner: by findings, and by the boxes and STOPs of the steps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from failback.scenarios.files.applications import Application

from .asked_at_night import asked_at_night
from .owner_questions import OwnerQuestion, owner_questions
from .runbook import Runbook


def owners_asked(found: Runbook) -> Mapping[Application, tuple[OwnerQuestion, ...]]:
    """Application -> its questions, those of findings first."""
    at_night = tuple(asked_at_night(found))
    return {one: tuple(_of(found, [vm.name for vm in vms], at_night)) for one, vms in found.applications.items()}


def _of(found: Runbook, machines: Sequence[str], at_night: Iterable[OwnerQuestion]) -> Iterator[OwnerQuestion]:
    own = owner_questions(found.report, found.told, machines)
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


def _of_one(question: OwnerQuestion) -> OwnerQuestion:
    if len(question.machines) > 1:
        return question
    return replace(question, text=question.text.replace("each machine", question.machines[0]))
