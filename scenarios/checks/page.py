"""What a check prints: the answer in one line, then each cause under its heading, then where the machines return to."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from failback.scenarios.judging.check import Location, Readiness, Report, Status
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.terminal_console import console

from .accept import Accepted
from .finding_lines import PIECES_MAX, cause_head, lines_of
from .no_finding import no_finding_lines
from .open_keys import accepted_words, how_words, key_words, open_keys
from .summary import accepted_lines, summary_lines
from .told import ToldCause, told_causes
from .why import worded

BAD: Final = Style(color="#e5484d", bold=True)
GOOD: Final = Style(color="#2da864", bold=True)
WARN: Final = Style(color="#c08a00", bold=True)
SOFT: Final = Style(dim=True)
STYLES: Final = {Readiness.READY: GOOD, Readiness.NOT_READY: BAD, Readiness.NOT_ENOUGH_KNOWN: WARN}
TITLES: Final = {
    Status.BLOCKS: "Blockers",
    Status.BEFORE_RETURN: "Fix before the return: data is lost otherwise",
    Status.AFTER_RETURN: "Work after the failback",
    Status.UNKNOWN: "Unknown facts",
    Status.ADVICE: "Advice",
}
AFTER_REPROTECT: Final = "Can be known only after the reprotect"
RULES_WIDTH: Final = 12
PIPE_WIDTH: Final = 160
"""Columns where the output is no terminal."""


def console_for(terminal: bool) -> Console:
    """A console as wide as the terminal, or wide enough to be searched line by line."""
    return console() if terminal else console(width=PIPE_WIDTH, no_color=True)


def print_report(
    report: Report,
    console: Console,
    notes: Sequence[str] = (),
    *,
    unknown_blocks: bool = False,
    rules: Collection[str] = (),
    accepted: Accepted | None = None,
    checked: tuple[str, str] | None = None,
    granted: Sequence[str] = (),
) -> None:
    """Print the report. The first line is the answer alone. With `rules`, these alone, and no list is shortened.

    `checked`: the file and the world that were checked, so that each finding says how to check again.
    `granted`: what the answer takes for granted.
    """
    console.print(Text(report.headline, style=STYLES[report.readiness]))
    for line in granted:
        console.print(Text(line, style=WARN))
    for line in (*summary_lines(report, accepted, unknown_blocks=unknown_blocks), *notes):
        console.print(Text(line, style=SOFT))
    shown = [each for each in told_causes(report) if not rules or each.cause.rule in rules]
    for title, several in in_groups(shown):
        console.print(Text(f"\n{title}: {len(several)}{_advice_among(several)}", style="bold"))
        if title == TITLES[Status.UNKNOWN] and not rules:
            _print_keys(report, several, console, accepted, checked)
            continue
        for each in several:
            told = lines_of(each, whole=bool(rules), checked=checked, everybody=0 if rules else len(report.items))
            lines = (*told, *accepted_lines(each, accepted))
            _print_cause(each, console, lines)
    for line in no_finding_lines(report, rules, shown):
        console.print(Text(f"\n{line}", style=SOFT))
    if not rules:
        console.print(Text("\nWhere the machines return to", style="bold"))
        console.print(Padding(_homes(report), (0, 0, 0, 2)))


def in_groups(told: Sequence[ToldCause]) -> Iterator[tuple[str, Sequence[ToldCause]]]:
    """The causes under their headings; what can be known only after the reprotect stands behind what is unknown."""
    for status, group in groupby(told, key=lambda each: Status(each.cause.status)):
        several = tuple(group)
        for title, not_yet in ((TITLES[status], False), (AFTER_REPROTECT, True)):
            if mine := tuple(each for each in several if each.not_yet is not_yet):
                yield title, mine


def _advice_among(several: Sequence[ToldCause]) -> str:
    """How many unknown facts can stop a machine: rules about the others advise."""
    stop = sum(each.can_block for each in several)
    if several[0].cause.status != Status.UNKNOWN.value or stop == len(several):
        return ""
    return (
        f" ({stop} could block a machine, {len(several) - stop} {'is' if len(several) - stop == 1 else 'are'} advice)"
    )


def _print_cause(told: ToldCause, console: Console, lines: Iterable[tuple[str, str]]) -> None:
    cause, style = told.cause, BAD if told.cause.status == Status.BLOCKS.value else WARN
    head = cause_head(told).removeprefix(cause.rule)
    console.print(Padding(Text.assemble((cause.rule, style), head), (1, 0, 0, 2)))
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style=SOFT, no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in lines:
        grid.add_row(label, Text(text))
    console.print(Padding(grid, (0, 0, 0, 4)))


def _print_keys(
    report: Report,
    several: Sequence[ToldCause],
    console: Console,
    accepted: Accepted | None,
    checked: tuple[str, str] | None,
) -> None:
    """What nobody knows in short, since it is much more than what is at fault."""
    console.print(Padding(Text(how_words(several, *(checked or ("", "sim"))), style=SOFT), (0, 0, 0, 2)))
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style=WARN, max_width=RULES_WIDTH)
    grid.add_column(overflow="fold")
    for each in open_keys(report, several):
        grid.add_row(", ".join(each.rules), Text("\n".join((key_words(each), *accepted_words(each, accepted)))))
    console.print(Padding(grid, (1, 0, 0, 2)))


def _homes(report: Report) -> Table:
    """Where they return to and why, with a list for each."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    found: dict[tuple[Location, str], list[str]] = {}
    for item in report.items:
        found.setdefault((item.location, item.why), []).append(item.item)
    for (location, why), names in found.items():
        where = "not known" if location is Location.UNKNOWN else f"{location.value} location"
        style = SOFT if location is Location.ORIGINAL else WARN
        more = "--json shows all"
        grid.add_row(
            where, Text.assemble((f"{worded(why)}: ", style), f"{len(names):,}: {listed(names, PIECES_MAX, more)}")
        )
    return grid
