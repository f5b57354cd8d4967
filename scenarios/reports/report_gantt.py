"""The picture of a run: bars, bands, marks and axis with their places, for the template `gantt.svg` to draw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, groupby
from math import ceil
from typing import Final

from failback.reprotect import LEGS, Operation
from failback.scenarios.outcomes.segments import Segment, by_item, segments
from failback.scenarios.run.result import Finding, ItemResult, Result
from failback.scenarios.text.plain_words import (
    LEG_WORDS,
    date_words,
    day_words,
    h_min,
    machines,
    moment,
    status_words,
)

WIDTH: Final = 1200
RIGHT: Final = 18
TOP: Final = 46
ROW_MAX, ROW_MIN, ROWS_HEIGHT = 26.0, 9.0, 1400.0
ITEMS_MAX: Final = 200
"""Items up to which each has a row; beyond, legs are bands and only items with findings have one."""
BESIDE_BANDS_MAX: Final = 60
"""Rows that stand beside bands: of hundreds that stopped alike, the bands and the groups say as much."""
BAND: Final = 38.0
CHARACTER: Final = 0.62
"""Width of a character by font size, generously."""
BAR_MIN: Final = 2.5
DAY_ROOM: Final = 96.0
"""Room that a day and its hour take under the axis; a day that begins within it is named at the next tick."""
CLOCK_ROOM: Final = 32.0
"""Room of an hour; one that would touch the first day is left out."""
NOTICED: Final = "noticed"
"""Status of a finding that held nobody up."""
STEPS_S: Final = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2419200)
TICKS_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A segment in its place; `classes` choose colour and hatching, `title` is what hovering shows."""

    x: float
    width: float
    classes: str
    title: str


@dataclass(frozen=True, slots=True)
class FindingMark:
    """Where a finding bit. `status` is that of the finding."""

    x: float
    status: str
    title: str


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One item: its name as it fits, its bars, its marks and what stopped it."""

    name: str
    label: str
    bars: tuple[Bar, ...]
    marks: tuple[FindingMark, ...]
    note: str
    note_x: float


@dataclass(frozen=True, slots=True)
class Band:
    """One leg of many items: how many were in it when, the share in the job as `job`, job and resync as `both`."""

    leg: str
    label: str
    detail: str
    job: str
    both: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the axis. `day` is empty where it is the day of the tick before."""

    x: float
    elapsed: str
    clock: str
    day: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything in its place, in units of a drawing `width` wide."""

    width: float
    left: float
    right: float
    top: float
    row_height: float
    font_size: float
    band_height: float
    bands: tuple[Band, ...]
    rows: tuple[GanttRow, ...]
    ticks: tuple[Tick, ...]
    left_out: str

    @property
    def rows_top(self) -> float:
        """Where the first row begins."""
        return self.top + len(self.bands) * self.band_height + (10 if self.bands else 0)

    @property
    def bottom(self) -> float:
        """Where the last row ends."""
        return self.rows_top + len(self.rows) * self.row_height


@dataclass(frozen=True, slots=True)
class Scale:
    """Virtual seconds to places."""

    left: float
    right: float
    over_s: float

    def x(self, at_s: float) -> float:
        """The place of an instant."""
        return round(self.left + (self.right - self.left) * min(1.0, at_s / self.over_s), 2)


def chart(result: Result) -> Chart:
    """The picture of this run."""
    shown, left_out = _shown(result)
    height = max(ROW_MIN, min(ROW_MAX, ROWS_HEIGHT / max(1, len(shown))))
    font = min(13.0, height - 0.5)
    has_bands = len(result.items) > ITEMS_MAX
    left = _left((item.name for item in shown), font, has_bands)
    scale = Scale(left, WIDTH - RIGHT, max(result.duration_s, 60.0))
    bands = tuple(_bands(result, scale)) if has_bands else ()
    rows = _rows(result, shown, scale, font)
    return Chart(WIDTH, left, scale.right, TOP, height, font, BAND, bands, rows, _ticks(result, scale), left_out)


def step_s(over_s: float, ticks_max: int) -> int:
    """The distance of ticks on an axis that has room for so many."""
    return next((step for step in STEPS_S if over_s / step <= ticks_max), ceil(over_s / ticks_max / 604800) * 604800)


def _shown(result: Result) -> tuple[Sequence[ItemResult], str]:
    if len(result.items) <= ITEMS_MAX:
        return result.items, ""
    with_findings = {finding.item for finding in result.findings if finding.status != NOTICED}
    stopped = [item for item in result.items if item.stopped_by]
    others = [item for item in result.items if item.name in with_findings and not item.stopped_by]
    rows = [*stopped, *others][:BESIDE_BANDS_MAX]
    why = f"{machines(len(result.items) - len(rows))} without a row of their own"
    few = f"at most {BESIDE_BANDS_MAX} of those that stopped or were tried again have one"
    return rows, f"{why}: beyond {ITEMS_MAX} machines, {few}."


def _left(names: Iterable[str], font: float, has_bands: bool) -> float:
    longest = max((len(name) for name in names), default=0) * font * CHARACTER
    bands = max(len(LEG_WORDS[leg].name) for leg in LEGS) * 13 * CHARACTER if has_bands else 0.0
    return round(min(260.0, max(longest, bands, 40.0)) + 14, 1)


def _rows(result: Result, shown: Sequence[ItemResult], scale: Scale, font: float) -> tuple[GanttRow, ...]:
    drawn, findings = by_item(result), _findings_by_item(result)
    room = round((scale.left - 14) / (font * CHARACTER))
    return tuple(_row(result, item, drawn[item.name], findings.get(item.name, ()), scale, room) for item in shown)


def _findings_by_item(result: Result) -> dict[str, tuple[Finding, ...]]:
    ordered = sorted(result.findings, key=lambda finding: finding.item)
    return {name: tuple(found) for name, found in groupby(ordered, key=lambda finding: finding.item)}


def _row(
    result: Result, item: ItemResult, drawn: Sequence[Segment], findings: Sequence[Finding], scale: Scale, room: int
) -> GanttRow:
    bars = sorted((_bar(result, segment, scale) for segment in drawn), key=lambda bar: -bar.width)
    marks = tuple(_mark(result, finding, scale) for finding in findings)
    end = max([bar.x + bar.width for bar in bars] + [mark.x + 6 for mark in marks], default=scale.left)
    note = f"stopped: {item.stopped_by}" if item.stopped_by else ""
    fits = end + 12 + len(note) * 12 * CHARACTER < scale.right
    label = item.name if len(item.name) <= room else item.name[: room - 1] + "…"
    return GanttRow(item.name, label, tuple(bars), marks, note if fits else "", end + 8)


def _bar(result: Result, segment: Segment, scale: Scale) -> Bar:
    x = scale.x(segment.start_s)
    width = max(BAR_MIN, scale.x(segment.end_s) - x)
    classes = f"leg {segment.leg.value} {segment.kind}{' open' if segment.is_open else ''}"
    return Bar(min(x, scale.right - width), round(width, 2), classes, _bar_title(result, segment))


def _bar_title(result: Result, segment: Segment) -> str:
    what = {"job": "job", "resync": "resync", "failed": "failed", "cancelled": "cancelled"}[segment.kind]
    begun, ended = moment(result, segment.start_s), moment(result, segment.end_s)
    until = "still under way at the end" if segment.is_open else f"until {_short(begun, ended)}"
    took = h_min(segment.length_s)
    return f"{segment.item}: {LEG_WORDS[segment.leg].name}, {what}, {took}, from {date_words(begun)} {until}"


def _short(begun: datetime, ended: datetime) -> str:
    return f"{ended:%H:%M}" if begun.date() == ended.date() else f"{day_words(ended)} {ended:%H:%M}"


def _mark(result: Result, finding: Finding, scale: Scale) -> FindingMark:
    times = f", {finding.times} times" if finding.times > 1 else ""
    status, at = status_words(finding.status), date_words(moment(result, finding.at_s))
    title = f"{finding.rule} ({status}{times}): {finding.message}; {at}"
    return FindingMark(scale.x(finding.at_s), finding.status, title)


def _ticks(result: Result, scale: Scale) -> tuple[Tick, ...]:
    step = step_s(scale.over_s, TICKS_MAX)
    ticks: list[Tick] = []
    day, free_x = "", 0.0
    for at_s in range(0, int(scale.over_s) + 1, step):
        at, x = moment(result, at_s), scale.x(at_s)
        is_new = day_words(at) != day and x >= free_x
        room = DAY_ROOM if ticks else 1.5 * DAY_ROOM  # the first stands right of its tick, the others around theirs
        day, free_x = (day_words(at), x + room) if is_new else (day, free_x)
        is_free = not ticks or x >= ticks[0].x + DAY_ROOM + CLOCK_ROOM / 2
        ticks.append(Tick(x, elapsed(at_s, step), f"{at:%H:%M}" if is_free else "", day if is_new else ""))
    return tuple(ticks)


def elapsed(at_s: float, step: int) -> str:
    """What an axis says at an instant: 2 h, or 0:30 h where its steps are shorter than an hour."""
    return f"{at_s / 3600:.0f} h" if step % 3600 == 0 else f"{int(at_s) // 3600}:{int(at_s) // 60 % 60:02} h"


def _bands(result: Result, scale: Scale) -> Iterable[Band]:
    everything = segments(result)
    legs = [leg for leg in Operation if any(segment.leg is leg for segment in everything)]
    for leg in legs:
        yield _band(leg, [segment for segment in everything if segment.leg is leg], scale)


def _band(leg: Operation, drawn: Sequence[Segment], scale: Scale) -> Band:
    everything, jobs = counts(drawn), counts([segment for segment in drawn if segment.kind != "resync"])
    most = max(count for _, count in everything)
    failed = sum(segment.kind == "failed" for segment in drawn)
    detail = f"at most {most} at once" + (f", {failed} tries failed" if failed else "")
    height = BAND - 10
    return Band(
        leg.value, LEG_WORDS[leg].name, detail, _area(jobs, most, scale, height), _area(everything, most, scale, height)
    )


def counts(drawn: Sequence[Segment]) -> list[tuple[float, int]]:
    """How many go on from each instant on; the last count is 0."""
    changes: dict[float, int] = {}
    for segment in drawn:
        changes[segment.start_s] = changes.get(segment.start_s, 0) + 1
        changes[segment.end_s] = changes.get(segment.end_s, 0) - 1
    instants = sorted(changes)
    return list(zip(instants, accumulate(changes[at_s] for at_s in instants), strict=True))


def _area(steps: Sequence[tuple[float, int]], most: int, scale: Scale, height: float) -> str:
    """A stepped area as an SVG path, `height` for `most`, its foot on 0."""
    if not steps:
        return ""
    path = [f"M{scale.x(steps[0][0])} 0"]
    for at_s, count in steps:
        path.append(f"H{scale.x(at_s)}V{round(-height * count / max(1, most), 2)}")
    return "".join([*path, "Z"])
