"""What a check prints: one line that says it all, a row for each machine, what nobody knows; or the same as JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from failback.reprotect import RemedyTarget, does
from failback.scenarios.text.plain_words import machines
from failback.scenarios.text.terminal_console import console

from .check import CheckedMachine, CheckFinding, Location, Readiness, Report, Status

BAD: Final = Style(color="#e5484d", bold=True)
GOOD: Final = Style(color="#2da864", bold=True)
WARN: Final = Style(color="#c08a00", bold=True)
SOFT: Final = Style(dim=True)
STYLES: Final = {Readiness.READY: GOOD, Readiness.NOT_READY: BAD, Readiness.NOT_ENOUGH_KNOWN: WARN}
NAMES_MAX: Final = 6
PIPE_WIDTH: Final = 160
"""Columns where the output is no terminal."""


def console_for(terminal: bool) -> Console:
    """A console as wide as the terminal, or wide enough to be searched line by line."""
    return console() if terminal else console(width=PIPE_WIDTH, no_color=True)


def print_report(report: Report, console: Console, notes: Sequence[str] = (), *, unknown_blocks: bool = False) -> None:
    """Print the report. The first line is the answer alone."""
    console.print(Text(report.headline, style=STYLES[report.readiness]))
    for line in (*_summary(report, unknown_blocks=unknown_blocks), *notes):
        console.print(Text(line, style=SOFT))
    console.print(_machines(report))
    _print_unknown(report, console)


def _summary(report: Report, *, unknown_blocks: bool) -> Iterator[str]:
    stopped = sum(bool(item.of(Status.BLOCKS)) for item in report.items)
    rules = len({finding.rule for finding in report.of(Status.BLOCKS)})
    if stopped:
        yield f"{machines(stopped)} of {len(report.items)} cannot come home as it is; {rules} rules are broken."
    if report.unsure and report.readiness is Readiness.NOT_READY:
        yield f"{len(report.unsure)} of {len(report.rules)} rules cannot be judged because facts are unknown."
    if report.unsure and unknown_blocks:
        yield "Unknown facts count as blockers (--unknown-blocks)."


def _machines(report: Report) -> Table:
    table = Table("Machine", "Returns to", "Blockers", "Work after the return; advice", box=SIMPLE_HEAD)
    for item in report.items:
        after = item.of(Status.AFTER_RETURN, Status.ADVICE)
        table.add_row(Text(item.item), _home(item), _lines(item.of(Status.BLOCKS), BAD), _lines(after, WARN))
    return table


def _home(item: CheckedMachine) -> Text:
    style = SOFT if item.location is Location.ORIGINAL else WARN
    where = "not known" if item.location is Location.UNKNOWN else f"{item.location.value} location"
    return Text.assemble(where, (f"\n{item.why}", style))


def _lines(findings: Iterable[CheckFinding], style: Style) -> Text:
    return Text("\n").join(_finding_text(finding, style) for finding in findings) or Text("nothing", style=SOFT)


def _finding_text(finding: CheckFinding, style: Style) -> Text:
    row = finding.requirement
    objects = "; ".join(f"{blocker.name}: {blocker.sentence}" for blocker in finding.blockers)
    waits = f"; resolves itself within {row.waits_s / 60:.0f} min" if row.waits_s else ""
    remedy = f"\n  {row.remedy} ({row.who}){waits}"
    return Text.assemble((finding.rule, style), f" {objects}", (remedy, SOFT), _ourselves(finding))


def _ourselves(finding: CheckFinding) -> str:
    """What failback could do, and how to ask for it."""
    remedy_target = finding.remedy_target
    if remedy_target is None:
        return ""
    return f"\n  failback can {_does(remedy_target)} itself, if the plan says remedies: {_asked_for(finding)}"


def _does(remedy_target: RemedyTarget) -> str:
    return does(remedy_target.remedy.act, remedy_target.object, remedy_target.beside)


def _asked_for(finding: CheckFinding) -> str:
    """The rule as a key of YAML: one of digits alone needs quotes."""
    rule = f"'{finding.rule}'" if finding.rule.isdigit() else finding.rule
    return f"{{{rule}: apply}}"


def _print_unknown(report: Report, console: Console) -> None:
    rows = _by_rule(report.of(Status.UNKNOWN))
    if not rows:
        return
    table = Table("Rule", "Unknown", "Machines", title="Unknown facts", box=SIMPLE_HEAD, title_justify="left")
    for findings in rows.values():
        gap = findings[0].gaps[0]
        mark = "" if any(finding.can_block for finding in findings) else " (advice)"
        names = _names([finding.item for finding in findings])
        table.add_row(Text(f"{findings[0].rule}{mark}"), Text(f"{gap.fact}\n  {gap.how}"), Text(names))
    console.print(table)


def _by_rule(findings: Iterable[CheckFinding]) -> Mapping[str, list[CheckFinding]]:
    together: dict[str, list[CheckFinding]] = {}
    for finding in findings:
        together.setdefault(finding.rule, []).append(finding)
    return together


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMES_MAX} more" if len(names) > NAMES_MAX else ""
    return ", ".join(names[:NAMES_MAX]) + more


# JSON


def report_json(report: Report, *, scenario: str, world: str, notes: Sequence[str], unknown_blocks: bool) -> Any:
    """The report as a plain value; `findings` have the keys of a run's."""
    return {
        "scenario": scenario,
        "world": world,
        "headline": report.headline,
        "verdict": report.readiness.value,
        "blocks": report.blocks(unknown_blocks=unknown_blocks),
        "rules": {"judged": len(report.rules), "unknown": sorted(report.unsure)},
        "notes": list(notes),
        "items": [_item_json(item) for item in report.items],
        "findings": [row for item in report.items for finding in item.findings for row in _finding_rows(finding)],
    }


def _item_json(item: CheckedMachine) -> Any:
    return {
        "item": item.item,
        "location": item.location.value,
        "why": item.why,
        "blockers": [row for finding in item.of(Status.BLOCKS) for row in _finding_rows(finding)],
        "after_return": [row for finding in item.of(Status.AFTER_RETURN) for row in _finding_rows(finding)],
        "advice": [row for finding in item.of(Status.ADVICE) for row in _finding_rows(finding)],
        "unknown": [row for finding in item.of(Status.UNKNOWN) for row in _finding_rows(finding)],
    }


def _finding_rows(finding: CheckFinding) -> Iterator[Mapping[str, Any]]:
    """One row for each object, or for each fact that nobody knows."""
    row = finding.requirement
    shared = {
        "rule": finding.rule,
        "item": finding.item,
        "status": finding.status.value,
        "stage": finding.points[0].stage.value,
        "operation": finding.points[0].operation.value,
        "places": [f"{point.operation.value}: {point.stage.value}" for point in finding.points],
        "title": row.title,
        "code": row.code,
        "remedy": row.remedy,
        "who": row.who,
        "waits_s": row.waits_s,
        "source": row.source,
        "failback_can": _remedy_json(finding),
    }
    for blocker in finding.blockers:
        yield shared | {"object": blocker.name, "kind_of_object": row.kind_of_object.value, "message": blocker.sentence}
    for gap in finding.gaps:
        yield shared | {"object": finding.item, "fact": gap.fact, "how": gap.how, "message": f"unknown: {gap.fact}"}


def _remedy_json(finding: CheckFinding) -> Any:
    """What failback could do by itself, and what the plan has to say for it; null where it could not."""
    remedy_target = finding.remedy_target
    if remedy_target is None:
        return None
    row = remedy_target.remedy
    shown = {
        "act": row.act.value,
        "object": remedy_target.object,
        "beside": remedy_target.beside,
        "through": row.through.value,
    }
    return shown | {
        "does": _does(remedy_target),
        "undone_by": row.undone_by or None,
        "plan": f"remedies: {_asked_for(finding)}",
    }
