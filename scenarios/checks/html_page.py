"""A check as one HTML page that needs nothing else: the answer, every cause with all of its names, what was judged."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from failback.reprotect import by_id
from failback.scenarios.judging.check import Report
from failback.scenarios.judging.judged import ANSWER_WORDS, alike, judged_of
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.page_templates import templates

from .command import PAGE, CheckDone
from .finding_lines import cause_head, lines_of
from .page import in_groups
from .summary import accepted_lines, summary_lines
from .told import ToldCause, told_causes


def write_page(done: CheckDone, file: Path) -> None:
    """Write the page. Raises `CannotWrite`."""
    write_text(file, templates(code=True).get_template("check.html").render(_facts(done)).strip() + "\n", PAGE)


def _facts(done: CheckDone) -> dict[str, Any]:
    report = done.report
    judged = judged_of(report)
    return {
        "scenario": done.located.scenario.name,
        "world": done.request.world,
        "readiness": report.readiness.value,
        "headline": report.headline,
        "summary": [
            *done.granted,
            *summary_lines(done.report, done.accepted, unknown_blocks=done.request.unknown_blocks),
        ],
        "notes": done.seen.notes,
        "groups": list(_groups(done)),
        "standings": list(_standings(report)),
        "rules": [(rule, row.title if (row := by_id(rule)) else "", n) for rule, n in judged.by_rule().items()],
        "answers": list(ANSWER_WORDS.values()),
        "alike": alike(judged.machines),
        "total": list(judged.counts().values()),
        "listed": listed,
    }


def _groups(done: CheckDone) -> Iterator[tuple[str, list[Any]]]:
    """The causes under their headings; a line is a label and a text."""
    for title, several in in_groups(told_causes(done.report)):
        yield title, [(each.cause, cause_head(each), list(_lines(each, done))) for each in several]


def _lines(told: ToldCause, done: CheckDone) -> Iterator[tuple[str, str]]:
    yield from lines_of(told, whole=True, checked=(done.request.file, done.request.world))
    yield from accepted_lines(told, done.accepted)


def _standings(report: Report) -> Iterator[tuple[str, str, str, str]]:
    """Machines that fare alike and come home alike, in one line."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for machine in report.items:
        outlook = report.outlooks[machine.item]
        key = outlook.standing.value.replace("_", " "), ", ".join(outlook.because), machine.why
        found.setdefault(key, []).append(machine.item)
    yield from (
        (standing, because, why, f"{len(names):,}: {listed(names)}")
        for (standing, because, why), names in found.items()
    )
