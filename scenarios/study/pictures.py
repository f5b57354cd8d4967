"""A picture of a study: when all is home against what varies, and what binds at each point."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from failback.scenarios.outcomes.answers import model_version
from failback.scenarios.outcomes.bottleneck import cause_name
from failback.scenarios.outcomes.pictures import (
    ACCENT,
    BAD,
    CAUSE_COLOURS,
    CURVES,
    SOFT,
    Picture,
    add_legend,
    finish_axes,
    new_figure,
    tornado,
)

from .column_words import column_words, value_in_words, value_words
from .rows import RunRow
from .sensitivity import Swing
from .whatif_summary import summaries
from .words import STORY, records

if TYPE_CHECKING:
    from pandas import DataFrame

TICKS_MAX: Final = 8
"""Values that are written on the axis each."""
_APART_MIN: Final = 0.04
"""Of the axis, between two values that are written."""


def home_against(frame: "DataFrame", column: str, per: str | None = None, by_h: float | None = None) -> Picture:
    """The median with the band of eight runs in ten, against `column`; a line for each value of `per`."""
    rows = [{**row, "variant": 0} for row in records(frame)]
    found = list(summaries(rows, "run", [column, *([per] if per else [])]))
    figure = new_figure(f"When everything is home, against {column_words(column)}", str(rows[0]["model"]))
    axes = figure.subplots()
    for value, colour in zip(dict.fromkeys(row[per] for row in found) if per else [None], CURVES, strict=False):
        label = value_in_words(per, value) if per else "median and 10-90 % of runs"
        _draw_line(axes, column, [row for row in found if not per or row[per] == value], colour, label)
    _mark_bottleneck(axes, found, column)
    if by_h is not None:
        axes.axhline(by_h, color=BAD, linestyle="--", linewidth=1.5, label="to be home by")
    across = sorted({row[column] for row in found})
    if len(across) <= TICKS_MAX:
        axes.set_xticks(across, list(_apart(across)))
    finish_axes(axes, column_words(column), "home after (h)")
    axes.set_ylim(bottom=0)
    add_legend(axes)
    return Picture(figure, f"When everything is home: {'; '.join(_points(found, column, per))}.")


def _apart(across: Sequence[Any]) -> Iterator[str]:
    """A value below each tick, but none that would touch the one before it."""
    free_from = across[0]
    for value in across:
        yield value_words(value) if value >= free_from else ""
        if value >= free_from:
            free_from = value + _APART_MIN * (across[-1] - across[0])


def _points(found: Sequence[RunRow], column: str, per: str | None) -> Iterator[str]:
    """Each point of the drawing in words."""
    for row in found:
        at = value_in_words(column, row[column]) + (f" and {value_in_words(per, row[per])}" if per else "")
        middle_h = row["home_h"].middle
        came = "never" if middle_h is None else f"after {middle_h:.1f} h, bottleneck {cause_name(row['binds'])}"
        yield f"with {at} {came}"


def story_bars(frame: "DataFrame") -> Picture:
    """Each story in a row: how many machines come home, and when the last one does; medians over the runs."""
    rows = [{**row, "variant": 0} for row in records(frame)]
    found = list(summaries(rows, "run", [STORY]))[::-1]
    figure = new_figure("What is the effect", str(rows[0]["model"]), height=1.6 + 0.5 * len(found))
    left, right = figure.subplots(1, 2, sharey=True)
    left.barh([row[STORY] for row in found], [row["machines_home"] for row in found], color=ACCENT, height=0.6)
    left.set_xlim(0, max(row["machines"] for row in found))
    for at, row in enumerate(found):
        _draw_story(right, at, row)
    finish_axes(left, "machines that come home", "")
    finish_axes(right, "all are home after (h)", "")
    right.set_xlim(left=0)
    return Picture(figure, f"What is the effect: {'; '.join(map(_story_words, found[::-1]))}.")


def _story_words(row: RunRow) -> str:
    middle_h = row["home_h"].middle
    ends = "never all of them" if middle_h is None else f"all after {middle_h:.1f} h"
    return f"{row[STORY]}: {row['machines_home']:g} of {row['machines']} machines come home, {ends}"


def _draw_story(axes: Any, at: int, row: RunRow) -> None:
    """A bar up to the median, a whisker over eight runs of ten; words where somebody never comes home."""
    spread = row["home_h"]
    if spread.middle is None:
        axes.text(0, at, "  never", va="center", color=BAD, fontsize=9)
        return
    axes.barh(at, spread.middle, color=ACCENT, height=0.6)
    axes.plot([spread.low, spread.high or spread.middle], [at, at], color=SOFT, linewidth=3)


def swings_picture(swings: Sequence[Swing]) -> Picture:
    """What moves the end most, as a tornado; the ends of each bar say at which value. Endless swings are left out."""
    known = [swing for swing in swings if isfinite(swing.width)]
    bars = {
        f"{column_words(s.key)}\n{value_words(s.low)} to {value_words(s.high)}": (s.at_low, s.at_high) for s in known
    }
    told = "; ".join(
        f"{column_words(s.key)} from {value_words(s.low)} to {value_words(s.high)}: home after "
        f"{s.at_low:.1f} to {s.at_high:.1f} h"
        for s in known
    )
    drawn = tornado(bars, known[0].base if known else 0.0, model=model_version())
    return replace(drawn, words=f"What changes the finish time most: {told}.")


def _draw_line(axes: Any, column: str, found: Sequence[RunRow], colour: str, label: str) -> None:
    known = sorted((row for row in found if row["home_h"].middle is not None), key=lambda row: row[column])
    across = [row[column] for row in known]
    axes.plot(across, [row["home_h"].middle for row in known], color=colour, label=label, linewidth=2, zorder=2)
    low = [row["home_h"].low for row in known]
    high = [row["home_h"].middle if row["home_h"].high is None else row["home_h"].high for row in known]
    axes.fill_between(across, low, high, color=colour, alpha=0.2, linewidth=0)


def _mark_bottleneck(axes: Any, found: Sequence[RunRow], column: str) -> None:
    """A dot for each point, in the colour of its cause."""
    for cause in dict.fromkeys(row["binds"] for row in found if row["binds"]):
        some = [row for row in found if row["binds"] == cause and row["home_h"].middle is not None]
        places = [row[column] for row in some], [row["home_h"].middle for row in some]
        axes.scatter(
            *places, color=CAUSE_COLOURS.get(cause, SOFT), s=45, zorder=3, label=f"bottleneck: {cause_name(cause)}"
        )
