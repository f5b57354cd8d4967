"""Pictures of simulated ways home, for notebooks and for the dated answer. Every one says that it is a simulation.

They are drawn by matplotlib (extra `study`) without its global state, so that processes and notebooks cannot disturb
one another; the same numbers give the same picture.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any, Final

from failback.reprotect import Operation
from failback.scenarios.extras import needed
from failback.scenarios.files.calls.public_calls import bound
from failback.scenarios.files.calls.typed_fields import SHOWN
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.text.plain_words import LEG_WORDS

from .answers import Answer, LegAnswer, model_version
from .bottleneck import cause_name
from .busy import busy_words
from .critical_path import by_cause

DPI: Final = 110
ROWS_MAX: Final = 40
"""Machines up to which each has a row; beyond, the first, the last and some between are shown."""
HOUR_S: Final = 3600.0
LEGEND_CHARACTERS: Final = 110
"""Of a row of a legend; a longer one leaves the picture, or makes it narrow."""
CURVES: Final = ("#3b6fd4", "#b5179e", "#556b2f", "#00798c", "#a23b2a", "#444b59")
"""Of curves; none is that of a leg or of a cause, so that no colour has two meanings."""
ENDS: Final = {"low": "#8fb339", "high": "#c2557a"}
"""Of what is tried from a low to a high value; these too have no other meaning."""
INK, SOFT, LINE, ACCENT, BAD = "#1c2330", "#5a6474", "#dde2e9", "#3b6fd4", "#d0202e"
LEG_COLOURS: Final = {  # those of templates/colours.css
    Operation.REPROTECT_TO_ON_PREMISES: "#0f8f86",
    Operation.FAILBACK: "#e79a00",
    Operation.COMMIT_FAILBACK: "#7a4b00",
    Operation.REPROTECT_TO_AZURE: "#8450c8",
}
CAUSE_COLOURS: Final = {
    "link": "#1f6fb2",
    "scan": "#5aa5d8",
    "datastore": "#7a5ea8",
    "server": "#8c6d31",
    "people": "#d9822b",
    "jobs": "#2e8b57",
    "wait": "#9aa7b3",
    "date": "#c9d1d9",
    "decision": "#b9a7c9",
}
Series = Sequence[tuple[float, float, float]]
"""Change points of one link, server or datastore: virtual second, bytes/s carried, bytes/s possible."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished drawing. A notebook shows it by itself, with what it shows in words for who cannot see it."""

    figure: Any
    words: str = ""

    @property
    def alt(self) -> str:
        """What it shows: its own words, or its title and its axes."""
        return self.words or ". ".join(_told(self.figure))

    @bound
    def png(self) -> bytes:
        """As a PNG file."""
        return self._saved(format="png", dpi=DPI, metadata={"Software": None})

    @bound
    def svg(self) -> str:
        """As an SVG drawing without a date, for a page."""
        matplotlib = needed("matplotlib", "study", "draw a picture")
        with matplotlib.rc_context({"svg.hashsalt": "failback", "svg.fonttype": "none"}):
            return self._saved(format="svg", metadata={"Date": None, "Creator": None}).decode("utf-8")

    def _saved(self, **how: Any) -> bytes:
        """The file. A dollar in a name begins no formula, and a character that the font lacks is an empty box."""
        written = BytesIO()
        for text in self.figure.findobj(needed("matplotlib.text", "study", "draw a picture").Text):
            text.set_parse_math(False)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"Glyph \d+")
            self.figure.savefig(written, **how)
        return written.getvalue()

    @bound
    def save(self, path: str | Path) -> None:
        """Write it; the ending, .png or .svg, says which kind. Raises `BadInput` if that is no file to write to."""
        if not isinstance(path, str | Path):
            raise _not_saved(f"path is {SHOWN.repr(path)}; expected a path")
        file = Path(path)
        drawn = self.svg().encode("utf-8") if file.suffix == ".svg" else self.png()
        try:
            file.write_bytes(drawn)
        except (OSError, ValueError) as broken:
            reason = broken.strerror if isinstance(broken, OSError) else broken
            raise _not_saved(f"{SHOWN.repr(str(path))} cannot be written: {reason}; name another file") from None

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        return self.png(), {"alt": self.alt}


def _not_saved(message: str) -> BadInput:
    return BadInput(Mistake("", "Picture.save", 0, message))


def _told(figure: Any) -> Iterator[str]:
    """The title, and each axis with the names of what is drawn."""
    yield str(figure.get_suptitle())
    for axes in figure.axes:
        labels = [label for label in axes.get_legend_handles_labels()[1] if not label.startswith("_")]
        across = [f"across: {axes.get_xlabel()}"] if axes.get_xlabel() else []
        up = [f"up: {axes.get_ylabel()}"] if axes.get_ylabel() else []
        said = "; ".join([*across, *up, *([f"drawn: {', '.join(labels)}"] if labels else [])])
        yield from [said] if said else []


def gantt(answer: Answer, title: str = "The way home") -> Picture:
    """Who was in which leg when; above, the critical path: what the end waited for, coloured by its cause."""
    shown = _shown(answer)
    figure = new_figure(title, answer.model, height=1.9 + 0.2 * len(shown))
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[1.6, max(3, len(shown))])
    _draw_path(above, answer)
    _draw_rows(below, answer, shown)
    return Picture(figure, f"{title.rstrip('.')}. {_gantt_words(answer)}")


def _gantt_words(answer: Answer) -> str:
    """What the drawing shows: what the end waited for, and when machines were home."""
    ends_h = sorted(item.home_s / HOUR_S for item in answer.items if item.home_s is not None)
    path = ", ".join(f"{cause_name(cause)} {s / HOUR_S:.1f} h" for cause, s in by_cause(answer.path).items())
    home = f"{len(ends_h)} of {len(answer.items)} machines come home"
    when = f", the first after {ends_h[0]:.1f} h, the last after {ends_h[-1]:.1f} h" if ends_h else ""
    legs = ", ".join(LEG_WORDS[leg].name for leg in LEG_COLOURS)
    return f"{home}{when}. Critical path: {path or 'none'}. A row for each machine, with its legs: {legs}."


def distribution(
    home_h: Mapping[str, Sequence[float | None]],
    by_h: float | None = None,
    title: str = "When everything is home",
    model: str = "",
) -> Picture:
    """Share of runs that were home by then, a curve per variant; runs that never came home keep it below 100 %."""
    figure = new_figure(title, model)
    axes = figure.subplots()
    for (name, hours), colour in zip(home_h.items(), cycle(CURVES), strict=False):
        known = sorted(hour for hour in hours if hour is not None)
        shares = [100 * n / len(hours) for n in range(1, len(known) + 1)]
        points = ([known[0], *known], [0, *shares]) if known else ([], [])
        axes.step(*points, where="post", label=name if known else f"{name} (never)", linewidth=2, color=colour)
    _mark_end(axes, by_h)
    finish_axes(axes, "hours since the way home began", "runs that are home by then (%)")
    axes.set_ylim(0, 103)
    add_legend(axes)
    return Picture(figure)


def tornado(
    swings: Mapping[str, tuple[float, float]],
    base: float,
    unit: str = "h",
    model: str = "",
    by_h: float | None = None,
) -> Picture:
    """What moves the result most: a bar from the result at the low value to that at the high one, the widest on top."""
    ordered = sorted(swings.items(), key=lambda pair: abs(pair[1][1] - pair[1][0]))
    figure = new_figure("What changes the finish time most", model, height=1.6 + 0.42 * len(ordered))
    axes = figure.subplots()
    for row, (_, (low, high)) in enumerate(ordered):
        axes.barh(row, low - base, left=base, color=ENDS["low"], height=0.6)
        axes.barh(row, high - base, left=base, color=ENDS["high"], height=0.6)
    axes.set_yticks(range(len(ordered)), [name for name, _ in ordered])
    axes.axvline(base, color=INK, linewidth=1)
    finish_axes(axes, f"home after ({unit}); green: at the low value, pink: at the high value", "")
    _mark_end(axes, by_h)
    add_legend(axes)
    return Picture(figure)


def utilisation(series: Mapping[str, Series], title: str = "How busy each part was", model: str = "") -> Picture:
    """Share of its capacity that each link, server and datastore carried over time, one band under the other."""
    figure = new_figure(title, model, height=1.4 + 0.75 * max(1, len(series)))
    bands = figure.subplots(max(1, len(series)), 1, sharex=True, squeeze=False)[:, 0]
    for axes, (name, points) in zip(bands, series.items(), strict=False):
        hours = [at_s / HOUR_S for at_s, _, _ in points]
        axes.fill_between(
            hours, [_percent(load, room) for _, load, room in points], step="post", color=ACCENT, alpha=0.7
        )
        axes.set_ylim(0, 105)
        axes.set_yticks([0, 100])
        axes.set_ylabel(name, rotation=0, ha="right", va="center")
        finish_axes(axes, "", name)
    bands[-1].set_xlabel("hours since the way home began; each band is 0 to 100 % of what the part can carry")
    return Picture(figure, f"{title.rstrip('.')}. {busy_words(series)}")


# Parts of the Gantt


def _shown(answer: Answer) -> list[str]:
    """Machines by the instant at which they were home; evenly picked when there are too many, the last one always."""
    never = float("inf")
    names = [
        item.item for item in sorted(answer.items, key=lambda i: (never if i.home_s is None else i.home_s, i.item))
    ]
    if len(names) <= ROWS_MAX:
        return names
    step = (len(names) - 1) / (ROWS_MAX - 1)
    return [names[round(n * step)] for n in range(ROWS_MAX)]


def _draw_path(axes: Any, answer: Answer) -> None:
    causes = by_cause(answer.path)
    for part in answer.path:
        colour = CAUSE_COLOURS.get(part.bottleneck, SOFT)
        axes.barh(0, part.length_s / HOUR_S, left=part.start_s / HOUR_S, color=colour, height=0.8)
    for cause, seconds in causes.items():
        axes.barh(0, 0, color=CAUSE_COLOURS.get(cause, SOFT), label=f"{cause} {seconds / HOUR_S:.1f} h")
    axes.set_yticks([0], ["critical path"])
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(axis="x", length=0)
    axes.tick_params(axis="y", length=0, labelsize=9, colors=INK)
    if causes:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(causes), frameon=False, fontsize=8)


def _draw_rows(axes: Any, answer: Answer, shown: Sequence[str]) -> None:
    rows = {name: row for row, name in enumerate(shown)}
    end_s = answer.home_s or max((leg.end_s or leg.start_s for leg in answer.legs), default=0.0)
    for leg in answer.legs:
        if leg.item in rows and leg.start_s < end_s:
            _draw_leg(axes, rows[leg.item], leg, end_s)
    for operation, colour in LEG_COLOURS.items():
        axes.barh(0, 0, color=colour, label=LEG_WORDS[operation].name)
    axes.set_yticks(range(len(shown)), shown)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    left_out = len(answer.items) - len(shown)
    more = f"; {left_out} more machines are not shown" if left_out else ""
    finish_axes(axes, f"hours since the way home began{more}", "")
    axes.figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False, fontsize=8
    )


def _draw_leg(axes: Any, row: int, leg: LegAnswer, until_s: float) -> None:
    """The job in full colour, what follows it (the resync) paler."""
    colour = LEG_COLOURS.get(Operation(leg.leg), SOFT) if leg.outcome == "done" else BAD
    instants = [at for at in (leg.start_s, leg.job_end_s, leg.end_s) if at is not None]
    for (start_s, end_s), alpha in zip(pairwise(instants), (1.0, 0.45), strict=False):
        width_h = (min(end_s, until_s) - start_s) / HOUR_S
        if width_h > 0:
            axes.barh(row, width_h, left=start_s / HOUR_S, color=colour, alpha=alpha, height=0.7)


# What all have in common


def new_figure(title: str, model: str, height: float = 3.6) -> Any:
    figures = needed("matplotlib.figure", "study", "draw a picture")
    figure = figures.Figure(figsize=(8, height), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK)
    note = f"simulation · {model or model_version()}"
    figure.text(0.995, 0.992, note, ha="right", va="top", fontsize=8, color=SOFT)
    return figure


def finish_axes(axes: Any, across: str, up: str) -> None:
    axes.set_xlabel(across, fontsize=9, color=SOFT)
    axes.set_ylabel(up, fontsize=9, color=SOFT) if not axes.get_ylabel() else None
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(LINE)
    axes.tick_params(colors=INK, labelsize=8, length=3)
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)


def _mark_end(axes: Any, by_h: float | None) -> None:
    if by_h is not None:
        axes.axvline(by_h, color=BAD, linestyle="--", linewidth=1.5, label="to be home by")


def add_legend(axes: Any) -> None:
    """Above the drawing, where it hides nothing."""
    labels = axes.get_legend_handles_labels()[1]
    if labels:
        columns = max(1, min(4, len(labels), LEGEND_CHARACTERS // (max(map(len, labels)) + 6)))
        axes.legend(frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns)


def _percent(load: float, room: float) -> float:
    return 100.0 * load / room if room > 0 else 0.0
