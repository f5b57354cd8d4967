"""A check as JSON: texts once for each cause, one short line for each finding."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from failback.reprotect import RemedyTarget, Stage, does
from failback.scenarios.judging.check import CheckedMachine, Report, Status
from failback.scenarios.judging.judged import judged_of

from .told import ToldCause, told_causes

_BY_LINE: Final = ("items", "causes", "findings")
"""Lists that are written one element to a line, so that a large one can be read and searched."""
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))


def report_json(report: Report, *, scenario: str, world: str, notes: Sequence[str], unknown_blocks: bool) -> Any:
    """The report as a plain value. A finding names its cause; what is to be said stands there."""
    told = told_causes(report)
    return {
        "scenario": scenario,
        "world": world,
        "headline": report.headline,
        "verdict": report.readiness.value,
        "blocks": report.blocks(unknown_blocks=unknown_blocks),
        "rules": {"judged": len(report.rules), "unknown": sorted(report.unsure), "later": sorted(report.later)},
        "open_machines": list(report.open_machines),
        "notes": list(notes),
        "items": [_machine(report, m) for m in report.items],
        "judged": judged_of(report).as_json(),
        "causes": [cause_json(each) for each in told],
        "findings": [row for place, each in enumerate(told) for row in finding_rows(each, place)],
    }


def cause_json(told: ToldCause) -> dict[str, Any]:
    """Everything that is to be said of a cause, and who shares it."""
    cause, row = told.cause, told.requirement
    return {
        "id": cause.id,
        "rule": cause.rule,
        "status": cause.status,
        "title": row.title,
        "code": row.code,
        "stage": told.points[0].partition(": ")[2],
        "places": list(told.points),
        "kind_of_object": cause.kind,
        "objects": [] if cause.is_the_machines_own else list(cause.objects),
        "found": [{"message": text, "items": len(several)} for text, several in cause.sentences.items()],
        "facts": [_fact_json(fact) for fact in told.facts],
        "wanted": told.proof.wanted,
        "who": told.person,
        "remedy": row.remedy,
        "steps": list(told.steps),
        "careful": told.careful,
        "proof": told.proof.seen_by,
        "how": list(told.looks or told.hows),
        "after_reprotect": told.not_yet,
        "called": list(told.called),
        "waits_s": told.waits_s,
        "source": row.source,
        "sure": list(told.sure),
        "failback_can": [remedy_json(target, cause.rule) for target in told.remedy_targets],
        "items": list(cause.items),
    }


def _fact_json(fact: Any) -> dict[str, Any]:
    value = fact.value
    plain = value if isinstance(value, str | int | float | bool) else list(value) if isinstance(value, tuple) else None
    known = {} if plain is None else {"value": plain}
    return {"section": fact.section, "object": fact.name, "key": fact.key} | known


_FOR_SCRIPTS: Final = {Stage.BEFORE_RETURN: Status.AFTER_RETURN.value}
"""Where a rule bites -> the status by which scripts know what loses data and does not block; else it is advice."""


def _for_scripts(told: ToldCause) -> str:
    if told.cause.status != Status.BEFORE_RETURN.value:
        return told.cause.status
    return _FOR_SCRIPTS.get(told.requirement.stage, Status.ADVICE.value)


def finding_rows(told: ToldCause, place: int) -> Iterator[dict[str, Any]]:
    """One for each object and machine; `object` where it is not the machine itself. `place`: among the causes, from 0.

    A large estate has some hundred thousand, so that each character counts.
    """
    status = _for_scripts(told)
    for each in told.cause.observed:
        row = {"id": each.id, "item": each.item, "rule": each.rule, "status": status, "cause": place}
        yield row if each.object == each.item else row | {"object": each.object}


def full_rows(told: ToldCause) -> Iterator[dict[str, Any]]:
    """The same, each with the texts of its cause and its own sentence."""
    shared = {key: value for key, value in cause_json(told).items() if key not in ("id", "items", "objects", "found")}
    for row, each in zip(finding_rows(told, 0), told.cause.observed, strict=True):
        yield shared | row | {"cause": told.cause.id, "object": each.object, "message": each.sentence}


def remedy_json(target: RemedyTarget, rule: str) -> Mapping[str, Any]:
    """What failback could do by itself, and what the plan has to say for it."""
    row = target.remedy
    return {
        "act": row.act.value,
        "object": target.object,
        "beside": target.beside,
        "through": row.through.value,
        "does": does(row.act, target.object, target.beside),
        "undone_by": row.undone_by or None,
        "plan": f"remedies: {asked_for(rule)}",
    }


def asked_for(rule: str) -> str:
    """The rule as a key of YAML: one of digits alone needs quotes."""
    return f"{{'{rule}': apply}}" if rule.isdigit() else f"{{{rule}: apply}}"


def json_text(value: Mapping[str, Any]) -> str:
    """The value as JSON, with a line for each key and for each element of the long lists."""
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {_lines(key, part)}" for key, part in value.items()) + "\n}"


def _lines(key: str, part: Any) -> str:
    if key not in _BY_LINE or not part:
        return _dense(part)
    return "[\n" + ",\n".join(map(_dense, part)) + "\n]"


def _dense(value: Any) -> str:
    return _ENCODER.encode(value)


def _machine(report: Report, machine: CheckedMachine) -> Mapping[str, Any]:
    """Where it comes home to, and its class with the rules or mates that make it so (see `Standing`)."""
    outlook = report.outlooks[machine.item]
    return {
        "item": machine.item,
        "standing": outlook.standing.value,
        "because": list(outlook.because),
        "location": machine.location.value,
        "why": machine.why,
    }
