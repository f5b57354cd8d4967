"""Reads `result.json`: one decoder, which takes all of it or says in a paragraph what is wrong."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from failback.reprotect.driver import Leg
from failback.scenarios.files.schema import STARTS_AT
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.judging.judged import RULES, Answer, JudgedAlike
from failback.scenarios.run.evidence import Evidence
from failback.scenarios.run.player import VERSIONS
from failback.scenarios.run.result import Finding, ItemResult, Result
from failback.scenarios.text.plain_words import CHECKER_WORDS

from .reading import bytes_of

RESULT: Final = "result.json"
SECONDS_MAX: Final = 1e9
"""No run is longer: thirty years."""
_ANSWERS: Final = tuple(answer.value for answer in Answer)
_AGAIN: Final = "let `failback run --out` write it again"


@dataclass(frozen=True, slots=True)
class _StoredResult:
    """The file, as `Result.as_json` writes it."""

    label: str
    scenario: str
    world: str
    seed: int
    verdict: Literal["as_expected", "otherwise", "interrupted"]
    duration_s: float
    versions: Mapping[str, str]
    item_details: tuple[ItemResult, ...]
    legs: tuple[Leg, ...]
    findings: tuple[Finding, ...]
    checkers: Mapping[str, tuple[str, ...]]
    surprises: tuple[str, ...]
    title: str = ""
    starts_at: str = STARTS_AT.isoformat()
    notes: tuple[str, ...] = ()
    items: Mapping[str, str] = field(default_factory=dict)
    judged: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    judged_alike: tuple[JudgedAlike, ...] = ()
    not_exercised: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    evidence: Evidence | None = None
    file: str = ""
    estate_file: str = ""
    time_zone: str | None = None


def read_result(path: Path) -> Result:
    """The result that stands in this file. Raises `BadInput`."""
    try:
        content = bytes_of(path)
    except OSError as broken:
        text = f"there is no result to be read ({broken.strerror}); expected the folder of a run with --out"
        raise BadInput(Mistake("", str(path), 0, text)) from broken
    try:
        stored = _adapter().validate_json(content, strict=True)
    except ValidationError as broken:
        raise _bad(path, _first(broken)) from None
    for wrong in _senseless(stored):
        raise _bad(path, wrong)
    return _result(stored)


def result_beside(folder: Path) -> Result | None:
    """The result in this folder; None where none can be read."""
    try:
        return read_result(folder / RESULT)
    except BadInput:
        return None


def _bad(path: Path, what: str) -> BadInput:
    return BadInput(Mistake("", str(path), 0, f"this is not the result of a run ({what}); {_AGAIN}"))


def _first(broken: ValidationError) -> str:
    error = broken.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(step)[:40] for step in error["loc"][:8])
    return f"{place}: {error['msg']}" if place else str(error["msg"])


def _senseless(stored: _StoredResult) -> Iterator[str]:
    """Numbers and dates that no calendar has room for; NaN is neither above nor below a bound."""
    for name, at_s in _instants(stored):
        if at_s is not None and not 0 <= at_s <= SECONDS_MAX:
            yield f"{name}: {at_s:g} s is no time of a run"
    try:
        datetime.fromisoformat(stored.starts_at) + timedelta(seconds=SECONDS_MAX)
    except (ValueError, OverflowError):
        yield "starts_at: it is no date and time that a run can begin at"


def _instants(stored: _StoredResult) -> Iterator[tuple[str, float | None]]:
    yield "duration_s", stored.duration_s
    for n, leg in enumerate(stored.legs):
        yield from ((f"legs.{n}.{name}", getattr(leg, name)) for name in ("start_s", "job_end_s", "end_s"))
    yield from ((f"findings.{n}.at_s", finding.at_s) for n, finding in enumerate(stored.findings))
    yield from () if stored.evidence is None else _instants_of(stored.evidence)


def _instants_of(evidence: Evidence) -> Iterator[tuple[str, float | None]]:
    """Numbers from outside are shown as times, and a page has to find words for them."""
    yield "evidence.way_home_s", evidence.way_home_s
    for n, machine in enumerate(evidence.machines):
        measured = ("home_s", "downtime_s", "rpo_s", "unprotected_s")
        yield from ((f"evidence.machines.{n}.{name}", getattr(machine, name)) for name in measured)
    yield from ((f"evidence.applications.{n}.down_s", one.down_s) for n, one in enumerate(evidence.applications))
    for n, wave in enumerate(evidence.waves):
        windows = ("seed_opens_s", "seed_closes_s", "opens_s", "closes_s")
        yield from ((f"evidence.waves.{n}.{name}", getattr(wave, name)) for name in windows)
    for n, target in enumerate(evidence.targets):
        promised = ("home_within_s", "downtime_s", "rpo_s")
        yield from ((f"evidence.targets.{n}.{name}", getattr(target, name)) for name in promised)
    yield from ((f"evidence.gates.{n}.first_s", gate.first_s) for n, gate in enumerate(evidence.gates))
    yield from ((f"evidence.gates.{n}.last_s", gate.last_s) for n, gate in enumerate(evidence.gates))
    yield from ((f"evidence.faults.{n}.at_s", fault.at_s) for n, fault in enumerate(evidence.faults))


@cache
def _adapter() -> TypeAdapter[_StoredResult]:
    return TypeAdapter(_StoredResult)


def _result(stored: _StoredResult) -> Result:
    head = ("label", "scenario", "title", "world", "seed", "file", "estate_file")
    same = (*head, "verdict", "duration_s", "starts_at", "time_zone")
    return Result(
        **{name: getattr(stored, name) for name in same},
        versions=_in_order(stored.versions, VERSIONS),
        items=stored.item_details,
        legs=stored.legs,
        findings=stored.findings,
        checkers=_in_order(stored.checkers, CHECKER_WORDS),
        surprises=stored.surprises,
        notes=stored.notes,
        judged_alike=stored.judged_alike,
        not_exercised=stored.not_exercised,
        passed_over=stored.passed_over,
        evidence=stored.evidence,
        judged=_in_order({rule: _in_order(each, _ANSWERS) for rule, each in stored.judged.items()}, RULES),
    )


def _in_order(mapping: Mapping[str, Any], first: Iterable[str]) -> dict[str, Any]:
    """As a run lists them; the file has them by the alphabet."""
    return {name: mapping[name] for name in dict.fromkeys((*first, *mapping)) if name in mapping}
