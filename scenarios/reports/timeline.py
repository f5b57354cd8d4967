"""The timeline in the terminal: a line of blocks per machine, what the blocks mean, what was found, and the verdict."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import ceil
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.style import Style
from rich.text import Text

from failback.reprotect import LEGS, Operation
from failback.scenarios.outcomes.segments import Segment, by_item, segments
from failback.scenarios.run.result import ItemResult, Result
from failback.scenarios.text.plain_words import (
    LABEL_WORDS,
    LEG_WORDS,
    applied_words,
    day_words,
    h_min,
    machines,
    moment,
    status_words,
    verdict_words,
)

from .first_screen import left_words, warning_words
from .report_gantt import counts, elapsed, step_s
from .run_causes import RunCause, cause_lines, run_causes
from .run_summary import summary
from .surprises import grouped_surprises

ITEMS_MAX: Final = 60
"""Machines up to which each has a line; beyond, one that neither stopped nor has a finding has none."""
FINDINGS_MAX: Final = 30
NAME_MAX: Final = 28
TICK_WIDTH: Final = 11
COLOURS: Final = {
    Operation.FAILOVER: "#5b8def",
    Operation.COMMIT_FAILOVER: "#9db8e8",
    Operation.REPROTECT_TO_ON_PREMISES: "#18a398",
    Operation.FAILBACK: "#e79a00",
    Operation.COMMIT_FAILBACK: "#b07a2a",
    Operation.REPROTECT_TO_AZURE: "#a075dd",
    Operation.CANCEL_FAILBACK: "#8b94a3",
    Operation.TEST_FAILOVER: "#4aa3df",
    Operation.CLEAN_UP_TEST: "#7fb6d6",
}
BAD: Final = Style(color="#e5484d", bold=True)
GOOD: Final = Style(color="#2da864", bold=True)
WARN: Final = Style(color="#c08a00", bold=True)
SOFT: Final = Style(dim=True)
STATUS: Final = {"stopped": BAD, "mended": GOOD, "noticed": WARN}
VERDICT: Final = {"as_expected": GOOD, "otherwise": BAD, "interrupted": WARN}


@dataclass(frozen=True, slots=True)
class Ink:
    """How a terminal is drawn on: blocks where it has colours and Unicode, letters where it lacks either."""

    unicode: bool
    colour: bool

    @property
    def blocks(self) -> bool:
        """Whether blocks can be told from each other."""
        return self.unicode and self.colour

    def cell(self, leg: Operation, kind: str) -> tuple[str, Style]:
        """One cell of a segment."""
        if kind in ("failed", "cancelled"):
            return "x", BAD
        letters = LEG_WORDS[leg].letters
        letter = letters[-1] if kind == "resync" else letters[0]
        block = "▒" if kind == "resync" else "█"
        return (block if self.blocks else letter), Style(color=COLOURS[leg])

    @property
    def nothing(self) -> str:
        """A cell in which nothing goes on."""
        return "·" if self.unicode else "."

    def count(self, count: int, most: int) -> str:
        """A cell of a band: how many of the most that there are."""
        steps = "▁▂▃▄▅▆▇█" if self.blocks else "123456789"
        return steps[min(len(steps) - 1, ceil(count / most * len(steps)) - 1)]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things go: width of the names and of the lines, and how long the run was."""

    names: int
    cells: int
    over_s: float

    def at(self, at_s: float) -> int:
        """The cell of an instant."""
        return min(self.cells - 1, int(at_s / self.over_s * self.cells))


def print_timeline(result: Result, console: Console) -> None:
    """Print the run as a picture with words. Fits the console's width; needs neither colour nor Unicode."""
    ink = Ink(console.encoding.startswith("utf"), console.color_system is not None and not console.no_color)
    frame = _frame(result, console.width)
    _print_all(console, _head(result))
    _print_all(console, (*_lines(result, frame, ink), *_axis(result, frame)))
    _print_all(console, _legend(result, ink))
    _print_all(console, _findings(result))
    _print_all(console, _ending(result))


def _print_all(console: Console, texts: Iterable[Text]) -> None:
    for text in texts:
        for line in _wrapped(text, console):
            console.print(line)
    console.print()


def _wrapped(text: Text, console: Console) -> Iterator[Text]:
    """Lines no wider than the console; what follows the first begins where the text does."""
    if text.cell_len <= console.width:
        yield text
        return
    margin = " " * (len(text.plain) - len(text.plain.lstrip()))
    for n, line in enumerate(text.wrap(console, max(20, console.width - len(margin)))):
        line.rstrip()
        yield Text.assemble(margin, line) if n else line


def _frame(result: Result, width: int) -> Frame:
    longest = max([cell_len(item.name) for item in _shown(result)] + [24 if _has_bands(result) else 0])
    names = min(longest, NAME_MAX, width // 3)
    return Frame(names, max(10, width - names - 2), max(result.duration_s, 1.0))


def _head(result: Result) -> Iterator[Text]:
    yield Text.assemble((result.label.upper(), "reverse bold"), " ", (result.title or result.scenario, "bold"))
    run = f"scenario {result.scenario}, world {result.world}, seed {result.seed}. {LABEL_WORDS.get(result.label, '')}"
    yield Text(run, style=SOFT)


def _has_bands(result: Result) -> bool:
    return len(result.items) > ITEMS_MAX


def _shown(result: Result) -> Sequence[ItemResult]:
    if not _has_bands(result):
        return result.items
    with_findings = {finding.item for finding in result.findings}
    remarkable = [item for item in result.items if item.stopped_by or item.name in with_findings]
    return sorted(remarkable, key=lambda item: not item.stopped_by)[:ITEMS_MAX]


def _lines(result: Result, frame: Frame, ink: Ink) -> Iterator[Text]:
    drawn, shown = by_item(result), _shown(result)
    if _has_bands(result):
        yield from _bands(result, frame, ink)
    for item in shown:
        yield _line(item, drawn[item.name], frame, ink)
    if left := len(result.items) - len(shown):
        yield Text(
            f"{'':{frame.names}}  {machines(left)} of {len(result.items)} are shown only in the bands.", style=SOFT
        )


def _line(item: ItemResult, drawn: Sequence[Segment], frame: Frame, ink: Ink) -> Text:
    cells: list[tuple[str, Style]] = [(ink.nothing, SOFT)] * frame.cells
    for at, segment in _allotted(drawn, frame).items():
        cells[at] = ink.cell(segment.leg, segment.kind)
    return Text.assemble((_fit(item.name, frame.names, ink), BAD if item.stopped_by else ""), "  ", *cells)


def _fit(name: str, width: int, ink: Ink) -> str:
    dots = "…" if ink.unicode else ".."
    wide = cell_len(name)
    return " " * (width - wide) + name if wide <= width else set_cell_size(name, width - len(dots)) + dots


def _allotted(drawn: Sequence[Segment], frame: Frame) -> dict[int, Segment]:
    """Which segment has which cell: the longest in it; then one too short for that takes a neighbour's spare cell."""
    cells: dict[int, Segment] = {}
    for segment in sorted(drawn, key=lambda s: s.length_s):
        for at in range(frame.at(segment.start_s), frame.at(segment.end_s) + 1):
            if at not in cells or _within(segment, at, frame) > _within(cells[at], at, frame):
                cells[at] = segment
    for segment in drawn:
        if segment not in cells.values():
            _squeeze_in(segment, cells, frame)
    return cells


def _within(segment: Segment, at: int, frame: Frame) -> float:
    """How many seconds of this cell the segment takes; a failed try counts most, however short."""
    cell_s = frame.over_s / frame.cells
    inside = min(segment.end_s, (at + 1) * cell_s) - max(segment.start_s, at * cell_s)
    return inside + (frame.over_s if segment.kind == "failed" else 0.0)


def _squeeze_in(segment: Segment, cells: dict[int, Segment], frame: Frame) -> None:
    at, sizes = frame.at(segment.start_s), Counter(cells.values())
    for near in (at, at + 1, at - 1):
        is_spare = near not in cells or sizes[cells[near]] > 1
        if 0 <= near < frame.cells and is_spare and _keeps_order(segment, near, cells):
            cells[near] = segment
            return


def _keeps_order(segment: Segment, at: int, cells: dict[int, Segment]) -> bool:
    before, after = cells.get(at - 1, segment), cells.get(at + 1, segment)
    return before.start_s <= segment.start_s <= after.start_s


def _bands(result: Result, frame: Frame, ink: Ink) -> Iterator[Text]:
    everything = segments(result)
    yield Text(f"{'':{frame.names}}  How many machines are in each leg; the highest mark is the maximum:", style=SOFT)
    for leg in Operation:
        steps = counts([segment for segment in everything if segment.leg is leg])
        if steps:
            yield _band(leg, steps, frame, ink)


def _band(leg: Operation, steps: Sequence[tuple[float, int]], frame: Frame, ink: Ink) -> Text:
    most = max(count for _, count in steps)
    highest: dict[int, int] = {}
    for (from_s, count), (to_s, _) in pairwise(steps):
        for at in range(frame.at(from_s), frame.at(to_s) + 1):
            highest[at] = max(highest.get(at, 0), count)
    cells = "".join(
        ink.count(highest[at], most) if highest.get(at) and most else ink.nothing for at in range(frame.cells)
    )
    return Text.assemble(f"{_fit(LEG_WORDS[leg].name, frame.names, ink)}  ", (cells, Style(color=COLOURS[leg])))


def _axis(result: Result, frame: Frame) -> Iterator[Text]:
    step = step_s(frame.over_s, max(1, frame.cells // TICK_WIDTH))
    hours, clocks, day = [" "] * frame.cells, [" "] * frame.cells, ""
    for at_s in range(0, int(frame.over_s) + 1, step):
        at = moment(result, at_s)
        _write_at(hours, frame.at(at_s), elapsed(at_s, step))
        _write_at(clocks, frame.at(at_s), f"{at:%H:%M}" if day_words(at) == day else f"{at:%a %H:%M}")
        day = day_words(at)
    margin = " " * (frame.names + 2)
    yield Text(margin + "".join(hours).rstrip())
    yield Text(margin + "".join(clocks).rstrip(), style=SOFT)


def _write_at(cells: list[str], at: int, words: str) -> None:
    if at + len(words) <= len(cells):
        cells[at : at + len(words)] = words


def _legend(result: Result, ink: Ink) -> Iterator[Text]:
    gone = {leg.leg for leg in result.legs}
    shown = [leg for leg in Operation if leg in LEGS or leg in gone]
    names = max(len(LEG_WORDS[leg].name) for leg in shown)
    for leg in shown:
        words = LEG_WORDS[leg]
        kinds = ("job", "resync") if len(words.letters) > 1 else ("job", "job")
        yield Text.assemble(*(ink.cell(leg, kind) for kind in kinds), f" {words.name:{names}}  ", (words.short, SOFT))
    if any(leg.outcome == "failed" for leg in result.legs):
        yield Text.assemble(("xx", BAD), f" {'Failed attempt':{names}}  ", ("refused or aborted; see findings", SOFT))
    solid, shaded = ("Solid", "Shaded") if ink.blocks else ("Capital R or A", "Small r or a")
    yield Text(f"{solid}: the job runs. {shaded}: the job is done, and a resync copies", style=SOFT)
    yield Text(f"the data that differs. {ink.nothing} means that no operation runs.", style=SOFT)


def _findings(result: Result) -> Iterator[Text]:
    if not result.findings:
        yield Text("Findings: none; no rule of the way home was broken.")
        return
    found = run_causes(result)
    causes = f", from {len(found)} cause{'' if len(found) == 1 else 's'}" if len(found) < len(result.findings) else ""
    yield Text(f"Findings: {len(result.findings)}{causes}", style="bold")
    for each in found[:FINDINGS_MAX]:
        yield from _cause(result, each)
    if len(found) > FINDINGS_MAX:
        yield Text(f"  and {len(found) - FINDINGS_MAX} more causes; the report has them all.")


def _cause(result: Result, each: RunCause) -> Iterator[Text]:
    """One paragraph for what one thing did to however many machines."""
    first, status = each.first, each.cause.status
    at = moment(result, first.at_s)
    since = f"after {h_min(first.at_s)}" if first.at_s >= 1 else "at the start"
    when = f"{', first raised' if each.times > 1 else ''} {since} ({at:%a %H:%M})"
    when += f", {each.times} times" if each.times > len(each.findings) else ""
    who = f"{each.items}, {each.objects}" if each.objects else each.items
    yield Text.assemble(
        "  ",
        (first.rule, "bold"),
        f" ({who}): ",
        (status_words(status), STATUS.get(status, "")),
        when,
    )
    yield from (Text(f"      {line}") for line in cause_lines(each))
    if each.applied is not None:
        yield Text(f"      {applied_words(each.applied)}")


def _ending(result: Result) -> Iterator[Text]:
    for name, messages in result.checkers.items():
        yield from (Text.assemble(("Checker ", BAD), f"{name}: {violation}") for violation in messages)
    yield from (Text(line, style=BAD) for line in left_words(result))
    yield from (Text(line, style=WARN) for line in warning_words(result))
    style = VERDICT.get(result.verdict, BAD)
    yield Text.assemble((verdict_words(result), style), f" {summary(result)}")
    if result.verdict == "otherwise":
        yield from (Text(f"  - {said}") for said in islice(grouped_surprises(result), FINDINGS_MAX))
