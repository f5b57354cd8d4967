"""A check as SARIF 2.1.0, the format that code review tools read: each finding at its line of the estate's file.

What nobody can judge is a result of kind `open`, which is the format's word for too little information. Machines that
share a cause and a line (a `count`, or the server that stops them) share a result, which lists all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import quote

from failback.reprotect import PROOFS, THROUGH_WORDS, Requirement, filled_in_general, remedy_of
from failback.scenarios.files.loader import Place
from failback.scenarios.files.schema import SECTIONS
from failback.scenarios.judging.check import Report, Status
from failback.scenarios.judging.judged import judged_of
from failback.scenarios.text.name_lists import listed

from .accept import Acceptance, Accepted
from .causes import Cause, Observed
from .finding_words import what_to_do
from .sarif_names import SARIF_NAMES
from .shared_beginnings import said_once
from .told import ToldCause, told_causes

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Final = {
    Status.BLOCKS: "error",
    Status.BEFORE_RETURN: "warning",
    Status.AFTER_RETURN: "warning",
    Status.ADVICE: "note",
}
"""Levels of what is broken; what is not known has none, unless it blocks."""

Places = Mapping[tuple[str, str], Place]
Covered = Mapping[Observed, Acceptance]


def sarif(
    report: Report, places: Places, *, unknown_blocks: bool = False, accepted: Accepted | None = None
) -> Mapping[str, Any]:
    """The log of one run of the check."""
    told = told_causes(report)
    rules = {each.cause.rule: each.requirement for each in told}
    numbers = {rule: number for number, rule in enumerate(rules)}
    covered = accepted.covered if accepted else {}
    results = _results(told, places, numbers, covered, unknown_blocks=unknown_blocks)
    driver = {
        "name": "failback",
        "version": version("failback"),
        "rules": [_rule(row) for row in rules.values()],
    }
    judged = {answer.value: count for answer, count in judged_of(report).counts().items()}
    properties = {
        "headline": report.headline,
        "verdict": report.readiness.value,
        "judged": judged,
        "accepted": len(covered),
    }
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
        "name": SARIF_NAMES.get(row.id, "plan_can_be_run"),
        "shortDescription": {"text": row.title},
        "help": {"text": _help(row)},
        "properties": {"code": row.code, "stage": row.stage.value},
    }


def _help(row: Requirement) -> str:
    proof = f" Verify: {filled_in_general(PROOFS[row.id].seen_by, row)}." if row.id in PROOFS else ""
    return f"{row.remedy}. Who must act: {row.who}.{proof}{_ourselves(row)} Source: {row.source}."


def _ourselves(row: Requirement) -> str:
    """Whether failback can mend it, for the rule as a whole."""
    remedy = remedy_of(row.id)
    if remedy is None:
        return ""
    act = remedy.act.value.replace("_", " ")
    return f" Failback can do this for you ({act}, through {THROUGH_WORDS[remedy.through]}) if the plan says apply."


def _results(
    told: Sequence[ToldCause], places: Places, numbers: Mapping[str, int], covered: Covered, *, unknown_blocks: bool
) -> Iterator[Mapping[str, Any]]:
    for each in told:
        cause, row = each.cause, each.requirement
        unknown = cause.status == Status.UNKNOWN.value
        fails = not unknown or (each.is_open_now and unknown_blocks)
        for (place, name, entry), several in _at_each_place(cause, places, covered).items():
            yield {
                "ruleId": cause.rule,
                "ruleIndex": numbers[cause.rule],
                "kind": "fail" if fails else "open",
                "level": LEVELS.get(Status(cause.status), "error") if fails else "none",
                "message": {"text": _no_link(_text(each, several, row))},
                "locations": [_location(place, name)],
                "partialFingerprints": {"failback/v1": f"{cause.id}/{name}/{several[0].item}"},
            } | _suppressed(entry)


def _suppressed(entry: Acceptance | None) -> dict[str, Any]:
    """The format's own word for what somebody accepts: it stays in the log, and viewers count it apart."""
    if entry is None:
        return {}
    why = f"accepted by {entry.name} until {entry.expires.isoformat()}: {entry.reason}"
    return {"suppressions": [{"kind": "external", "status": "accepted", "justification": _no_link(why)}]}


_Where: TypeAlias = tuple[Place | None, str, Acceptance | None]
"""A place in the file, the object that it is about (nameless where each machine is itself at fault), who accepts it."""


def _at_each_place(cause: Cause, places: Places, covered: Covered) -> Mapping[_Where, list[Observed]]:
    """What shares a cause and a line of the file is one result, which lists it."""
    found: dict[_Where, list[Observed]] = {}
    for each in cause.observed:
        place = _place(places, each.object, each.item)
        name = "" if place is not None and each.object == each.item else each.object
        found.setdefault((place, name, covered.get(each)), []).append(each)
    return found


def _text(told: ToldCause, several: Sequence[Observed], row: Requirement) -> str:
    sentences = said_once(dict.fromkeys(_sentence(each) for each in several))
    items = listed(tuple(dict.fromkeys(each.item for each in several)))
    if told.cause.status == Status.UNKNOWN.value:
        keys = "; ".join(told.keys)
        answer = f" Key of the estate: {keys}." if keys else ""
        return f"{items}: cannot be judged: {row.title}. Unknown: {sentences}.{answer} {_act(told)}"
    return f"{items}: {sentences}. Wanted: {told.proof.wanted}. {_act(told)}"


def _act(told: ToldCause) -> str:
    careful = f" Careful: {told.careful}." if told.careful else ""
    do = " ".join(f"{n}. {step}." for n, step in enumerate(what_to_do(told), 1))
    named = "".join(f" Note: {each}." for each in told.called)
    return f"Who: {told.person}.{named} Do: {do}{careful} Proof: {told.proof.seen_by}."


def _sentence(each: Observed) -> str:
    return each.sentence if each.object == each.item else f"{each.object}: {each.sentence}"


def _place(places: Places, name: str, item: str) -> Place | None:
    """Where an object stands: the part of its name, else the machine that it was found for."""
    there = (places[section, name] for section in SECTIONS if (section, name) in places)
    return next(there, places.get(("virtual_machines", item)))


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
