"""What the boxes and STOPs of the steps want from the owner of a machine: asked beforehand on his sheet, not at night.

What findings ask of him is elsewhere: of that nothing is repeated here.
"""

from collections.abc import Iterator
from typing import Final

from failback.reprotect import ANSWERS, ASKED_AT_STEP, Operation, RequestDefaults, cases_of, filled
from failback.scenarios.checks.decided_by_answer import decided_by_answer
from failback.scenarios.text.name_lists import listed

from .leg_rules import RuleBox, leg_rules
from .lonely_machines import NOT_IN_PILOT, lonely_of
from .owner_questions import OwnerQuestion
from .runbook import Runbook, Section
from .together_notes import entries_of
from .twin_questions import RULE, commit_twins

_TOGETHER: Final = "plan: together"


def asked_at_night(found: Runbook) -> Iterator[OwnerQuestion]:
    """Of all machines; those of one application are asked its owner."""
    for section, rules in zip(found.sections, leg_rules(found), strict=True):
        for box in (*rules.boxes, *rules.after):
            yield from _of_box(found, section, box)
        yield from _together(found, section)
    yield from _answers(found)
    for item, away in lonely_of(found).items():
        stops = {stop.item: stop.rule for stop in found.stops}
        stays, them = ("stays", "it") if len(away) == 1 else ("stay", "them")
        about = f"{listed(away)} {stays} in Azure as planned, to which {item} belongs"
        text = f"may {item} come home without {them}? Without a yes, it stays in Azure too."
        why = tuple(dict.fromkeys(stops.get(name, NOT_IN_PILOT) for name in away))
        yield OwnerQuestion(why, about, text, (item,))
    for item, others in commit_twins(found).items():
        text = f"before the commit of {item}: are its data its own?"
        yield OwnerQuestion((RULE,), f"it has the BIOS UUID of {listed(others)}", text, (item,))


def _of_box(found: Runbook, section: Section, box: RuleBox) -> Iterator[OwnerQuestion]:
    """One for each wording: machines of a replication group are asked about together."""
    if box.rule.id not in ASKED_AT_STEP:
        return
    estate, said = found.scenario.estate, dict[str, list[str]]()
    defaults = found.report.defaults or RequestDefaults(estate, found.scenario.plan)
    for item in (item for request in section.happening for item in request.items):
        cases = cases_of(estate, item, defaults.choose(item, section.operation), item)
        said.setdefault(filled(ASKED_AT_STEP[box.rule.id], {"machine": "each machine"}, cases), []).append(item)
    for text, items in said.items():
        yield OwnerQuestion((box.rule.id,), box.rule.title, text, tuple(items))


def _together(found: Runbook, section: Section) -> Iterator[OwnerQuestion]:
    texts = {
        Operation.FAILBACK: "if one of these stops before its failback, or is left out: do the others fail back "
        "without it?",
        Operation.COMMIT_FAILBACK: "if one of these is not on site and checked, or is left out: are the others "
        "committed without it?",
    }
    for entry in entries_of(found, section):
        about = f"{entry.name} comes home together"
        yield OwnerQuestion((_TOGETHER,), about, texts[section.operation], entry.items)


def _answers(found: Runbook) -> Iterator[OwnerQuestion]:
    for told in (each for each in found.told if decided_by_answer(each)):
        for item in told.cause.items:
            text = filled(ANSWERS[told.cause.rule].question, {"machine": item})
            yield OwnerQuestion((told.cause.rule,), told.requirement.title, text, (item,))
