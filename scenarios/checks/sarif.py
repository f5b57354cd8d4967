"""A check as SARIF 2.1.0, the format that code review tools read: each finding at its line of the estate's file.

What nobody can judge is a result of kind `open`, which is the format's word for too little information. Machines that
share a line (a `count`) and a finding share a result.
"""

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import quote

from failback.reprotect import THROUGH_WORDS, Requirement, remedy_of
from failback.scenarios.files.loader import Place
from failback.scenarios.files.schema import SECTIONS

from .check import CheckFinding, Report, Status
from .sarif_names import SARIF_NAMES

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Final = {Status.BLOCKS: "error", Status.AFTER_RETURN: "warning", Status.ADVICE: "note"}
"""Levels of what is broken; what is not known has none, unless it blocks."""
NAMES_MAX: Final = 5

Places = Mapping[tuple[str, str], Place]


def sarif(report: Report, places: Places, *, unknown_blocks: bool = False) -> Mapping[str, Any]:
    """The log of one run of the check."""
    rules = {f.rule: f.requirement for item in report.items for f in item.findings}
    numbers = {rule: number for number, rule in enumerate(rules)}
    results = _results(report, places, numbers, unknown_blocks=unknown_blocks)
    driver = {
        "name": "failback",
        "version": version("failback"),
        "rules": [_rule(row) for row in rules.values()],
    }
    properties = {"headline": report.headline, "verdict": report.readiness.value}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": list(results),
        "properties": properties,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(row: Requirement) -> Mapping[str, Any]:
    return {
        "id": row.id,
        "name": SARIF_NAMES[row.id],
        "shortDescription": {"text": row.title},
        "help": {"text": f"{row.remedy}. Who must act: {row.who}.{_ourselves(row)} Source: {row.source}."},
        "properties": {"code": row.code, "stage": row.stage.value},
    }


def _ourselves(row: Requirement) -> str:
    """Whether failback can mend it, for the rule as a whole."""
    remedy = remedy_of(row.id)
    if remedy is None:
        return ""
    act = remedy.act.value.replace("_", " ")
    return f" Failback can do this for you ({act}, through {THROUGH_WORDS[remedy.through]}) if the plan says apply."


def _results(
    report: Report, places: Places, numbers: Mapping[str, int], *, unknown_blocks: bool
) -> Iterator[Mapping[str, Any]]:
    for (rule, status, unsure, text, place, name), items in _together(report, places).items():
        fails = status is not Status.UNKNOWN or (unsure and unknown_blocks)
        yield {
            "ruleId": rule,
            "ruleIndex": numbers[rule],
            "kind": "fail" if fails else "open",
            "level": LEVELS.get(status, "error") if fails else "none",
            "message": {"text": _no_link(f"{_machines(items)}: {text}")},
            "locations": [_location(place, name)],
            "partialFingerprints": {"failback/v1": f"{rule}/{status.value}/{name}/{items[0]}"},
        }


_Key: TypeAlias = tuple[str, Status, bool, str, Place | None, str]
"""Rule, status, whether it blocks where unknown blocks, text, place, object."""


def _together(report: Report, places: Places) -> Mapping[_Key, list[str]]:
    found: dict[_Key, list[str]] = {}
    for item in report.items:
        for finding in item.findings:
            for key in _keys(finding, places):
                found.setdefault(key, []).append(item.item)
    return found


def _keys(finding: CheckFinding, places: Places) -> Iterator[_Key]:
    remedy = finding.requirement.remedy
    for blocker in finding.blockers:
        place = _place(places, blocker.name, finding.item)
        text = f"{blocker.name}: {blocker.sentence}. Remedy: {remedy}."
        yield finding.rule, finding.status, False, text, place, blocker.name
    if finding.gaps:
        place = _place(places, finding.item, finding.item)
        text = f"cannot be judged: {finding.requirement.title}. {finding.gaps[0].how}."
        yield finding.rule, finding.status, finding.can_block, text, place, "" if place else finding.item


def _place(places: Places, name: str, item: str) -> Place | None:
    """Where an object stands: the part of its name, else the machine that it was found for."""
    there = (places[section, name] for section in SECTIONS if (section, name) in places)
    return next(there, places.get(("virtual_machines", item)))


def _machines(items: list[str]) -> str:
    more = f" and {len(items) - NAMES_MAX} more" if len(items) > NAMES_MAX else ""
    return ", ".join(items[:NAMES_MAX]) + more


def _no_link(text: str) -> str:
    """SARIF takes `[a](b)` for a link in plain text too; a blank between makes text of it."""
    return text.replace("](", "] (")


def _location(place: Place | None, name: str) -> Mapping[str, Any]:
    logical = [{"name": name}] if name else []
    if place is None:
        return {"logicalLocations": logical}
    region = {"startLine": place.line, "startColumn": place.column}
    physical = {"artifactLocation": {"uri": _uri(place.file)}, "region": region}
    return {"physicalLocation": physical} | ({"logicalLocations": logical} if logical else {})


def _uri(file: str) -> str:
    """Relative to the working directory where the file is below it, which is what reviews need."""
    path = Path(file).resolve()
    folder = Path.cwd()
    return quote(path.relative_to(folder).as_posix()) if path.is_relative_to(folder) else path.as_uri()
