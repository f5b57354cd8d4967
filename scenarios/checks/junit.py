"""A check as JUnit: a test case for each cause, and one for each rule that holds wherever it was asked.

What blocks fails, or is skipped where all of it is accepted; what nobody knows is skipped, or fails with
`--unknown-blocks`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as Xml

from failback.reprotect import by_id, replaced
from failback.scenarios.judging.check import Status
from failback.scenarios.judging.judged import coverage_words, judged_of
from failback.scenarios.outputs.writing import write_text

from .command import JUNIT, CheckDone
from .finding_lines import cause_head, lines_of
from .finding_words import object_words
from .summary import accepted_lines, accepted_summary
from .told import ToldCause, told_causes

SUITE: Final = "failback check"


def write_junit(done: CheckDone, file: Path) -> None:
    """Write the file. Raises `CannotWrite`."""
    write_text(file, junit_text(done), JUNIT)


def junit_text(done: CheckDone) -> str:
    """All causes with all of their names, and the rules that hold."""
    told, judged = told_causes(done.report), judged_of(done.report)
    cases = [*(_cause_case(done, each) for each in told), *_met_cases(judged.by_rule(), told)]
    totals = {
        "name": replaced(f"{SUITE}: {done.located.scenario.name}"),
        "tests": str(len(cases)),
        "failures": _count(cases, "failure"),
        "skipped": _count(cases, "skipped"),
    }
    top = Xml.Element("testsuites", totals)
    suite = Xml.SubElement(top, "testsuite", totals)
    suite.extend(cases)
    said = (done.report.headline, coverage_words(judged), *accepted_summary(done.accepted), *done.seen.notes)
    Xml.SubElement(suite, "system-out").text = replaced("\n".join(said))
    Xml.indent(top)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(top, encoding="unicode") + "\n"


def _cause_case(done: CheckDone, told: ToldCause) -> Xml.Element:
    case = _case(told.cause.rule, f"{cause_head(told)} [{told.cause.id}]")
    text = replaced("\n".join(f"{label}: {words}" for label, words in _lines(done, told) if words))
    kind = _kind(done, told)
    if kind == "system-out":
        Xml.SubElement(case, kind).text = text
        return case
    Xml.SubElement(case, kind, {"message": replaced(told.link or object_words(told.cause, 1))}).text = text
    return case


def _lines(done: CheckDone, told: ToldCause) -> Iterator[tuple[str, str]]:
    yield from lines_of(told, whole=True, checked=(done.request.file, done.request.world))
    yield from accepted_lines(told, done.accepted)


def _kind(done: CheckDone, told: ToldCause) -> str:
    status = Status(told.cause.status)
    if status is not Status.BLOCKS and not (status is Status.UNKNOWN and told.can_block):
        return "system-out"
    accepted = done.accepted is not None and all(each in done.accepted.covered for each in told.cause.observed)
    fails = status is Status.BLOCKS or (done.request.unknown_blocks and told.is_open_now)
    return "failure" if fails and not accepted else "skipped"


def _met_cases(rules: Iterable[str], told: tuple[ToldCause, ...]) -> Iterator[Xml.Element]:
    found = {each.cause.rule for each in told}
    for rule in rules:
        if rule not in found and (row := by_id(rule)) is not None:
            yield _case(rule, row.title)


def _case(of: str, name: str) -> Xml.Element:
    return Xml.Element("testcase", {"classname": replaced(f"failback.check.{of}"), "name": replaced(name), "time": "0"})


def _count(cases: list[Xml.Element], kind: str) -> str:
    return str(sum(case.find(kind) is not None for case in cases))
