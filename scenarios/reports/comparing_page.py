"""What a comparison prints and writes: a table, JSON, and a page as HTML and Markdown."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from math import sqrt
from pathlib import Path
from typing import Any, Final

from failback.scenarios.outputs.folders import ensure_writable
from failback.scenarios.outputs.kinds import marked
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.run.labels import UNCALIBRATED
from failback.scenarios.text.markdown import cells, in_markdown
from failback.scenarios.text.page_templates import templates
from failback.scenarios.text.plain_words import LEG_WORDS
from failback.scenarios.text.spans import span_words

from .comparing import WHOLE, Compared, Comparison

FILES: Final = {"compare.html": "comparison page", "compare.md": "comparison text", "compare.json": "comparison"}
"""What is written, with the kind of each."""
HEADS: Final = ("machine", "leg", "predicted", "90 % band", "actual", "difference", "verdict")


def as_json(found: Comparison) -> dict[str, Any]:
    """The comparison as plain data; times in seconds."""
    return {
        "predicted": {"source": found.predicted.name, **found.predicted.head},
        "actual": {"source": found.actual.name, **found.actual.head},
        "said": summary(found),
        "judged": found.judged,
        "outside": len(found.outside),
        "notes": [*found.predicted.notes, *found.actual.notes],
        "rows": [asdict(row) for row in found.rows],
    }


RUNS_LEAST: Final = 20
"""Of fewer runs one in twenty cannot be told, so that the band is narrower than it says."""


NAMED_MAX: Final = 5
"""Times outside the band that are named in the summary."""
MISSED: Final = 0.1
"""Of a band of 90 % so many times lie outside by chance alone."""


def summary(found: Comparison) -> str:
    """The story: what was promised, what came, what lies outside the band, and how much of that is to be expected."""
    if not found.judged:
        return (
            f"{_two_runs(found)}No band: one run was predicted. Give the scenario instead of a run; it is then played "
            "often enough for a band."
        )
    runs = len(found.predicted.runs)
    few = f" A band of {runs} runs is too narrow for 90 %; play at least {RUNS_LEAST}." if runs < RUNS_LEAST else ""
    return f"{_whole(found)}{_inside(found)}{_outside(found)}{few}"


def _two_runs(found: Comparison) -> str:
    """The drill as a whole, in one run and in the other."""
    whole = next((row for row in found.rows if row.leg == WHOLE), None)
    if whole is None or whole.predicted_s is None or whole.actual_s is None:
        return ""
    first, second = _span(whole.predicted_s), _span(whole.actual_s)
    return f"{found.predicted.name} took {first} for everything, {found.actual.name} took {second}. "


def _span(seconds: float | None) -> str:
    """To the minute, as the table rounds it; short times to the second."""
    known_s = seconds or 0.0
    return span_words(60.0 * round(known_s / 60) if known_s >= 60 else float(round(known_s)))


def _whole(found: Comparison) -> str:
    """The drill as a whole: promised and came."""
    whole = next((row for row in found.rows if row.leg == WHOLE), None)
    if whole is None or None in (whole.predicted_s, whole.low_s, whole.high_s, whole.actual_s):
        return ""
    promised, low, high, came = (
        _span(seconds) for seconds in (whole.predicted_s, whole.low_s, whole.high_s, whole.actual_s)
    )
    where = "inside the band" if whole.verdict == "inside" else f"{whole.verdict} than the band"
    return f"Promised: {promised} for everything ({low} to {high}). It took {came}, {where}. "


def _inside(found: Comparison) -> str:
    missed, expected = len(found.outside), MISSED * found.judged
    much = missed > expected + 2 * sqrt(expected * (1 - MISSED))
    judged = "more than chance explains" if much else "no more than chance explains"
    return (
        f"{found.judged - missed} of {found.judged} actual times lie within the predicted 90 % band. "
        f"By chance alone, about {expected:.0f} would lie outside; {missed} do, {judged}."
    )


def _outside(found: Comparison) -> str:
    """The times outside, farthest from what was promised first."""
    ordered = sorted(found.outside, key=lambda row: -abs(row.difference_s or 0.0))
    far = "; ".join(map(_far, ordered[:NAMED_MAX]))
    more = f"; and {len(ordered) - NAMED_MAX} more" if len(ordered) > NAMED_MAX else ""
    return f" Outside: {far}{more}." if far else ""


def _far(row: Compared) -> str:
    low, high, came = (_span(seconds) for seconds in (row.low_s, row.high_s, row.actual_s))
    return f"{_what(row)} took {came}, promised {low} to {high}"


def _what(row: Compared) -> str:
    """A machine's leg, as people say it; the whole has no machine."""
    if row.leg == WHOLE:
        return "everything"
    legs = {leg.value: words.name for leg, words in LEG_WORDS.items()}
    return f"{row.item}, {legs.get(row.leg, row.leg)},"


def write_pages(found: Comparison, folder: Path) -> None:
    """Write compare.html, compare.md and compare.json."""
    facts = {
        "heads": HEADS,
        "rows": list(table(found)),
        "said": summary(found),
        "sides": _sides(found),
        "notes": _notes(found),
    }
    texts = {
        "compare.html": templates().get_template("compare.html").render(facts) + "\n",
        "compare.md": f"{marked('compare')}\n\n{_markdown(found)}",
        "compare.json": json.dumps(as_json(found), indent=2) + "\n",
    }
    ensure_writable(folder, FILES)
    for name, text in texts.items():
        write_text(folder / name, text, FILES[name])


def show(found: Comparison) -> None:
    """Print the table and the outcome."""
    from rich.table import Table

    from failback.scenarios.checks.page import console_for

    printed = Table(*HEADS)
    for row in table(found):
        printed.add_row(*row)
    console_for(sys.stdout.isatty()).print(printed)
    print("\n".join((*_sides(found), summary(found))))
    for note in _notes(found):
        print(note, file=sys.stderr)


def table(found: Comparison) -> Iterator[tuple[str, ...]]:
    """The cells of each row, times in minutes."""
    return (_cells(row) for row in found.rows)


def _cells(row: Compared) -> tuple[str, ...]:
    reach = "" if row.low_s is None else f"{_minutes(row.low_s)} to {_minutes(row.high_s)}"
    sign = "+" if (row.difference_s or 0.0) > 0 else ""
    difference = "" if row.difference_s is None else f"{sign}{_minutes(row.difference_s)}"
    return row.item, row.leg, _minutes(row.predicted_s), reach, _minutes(row.actual_s), difference, row.verdict


def _minutes(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / 60:.1f} min"


def _notes(found: Comparison) -> list[str]:
    return [*found.predicted.notes, *found.actual.notes]


def _sides(found: Comparison) -> list[str]:
    sides = (("Predicted", found.predicted), ("Actual", found.actual))
    return [f"{word}: {side.name} ({_head(side.head)})" for word, side in sides]


def _head(head: Any) -> str:
    words = {name: head[name] for name in ("label", "model", "calibrated", "scenario", "seed", "runs") if name in head}
    words |= {
        name: head.get("versions", {})[name] for name in ("failback", "numbers") if name in head.get("versions", {})
    }
    if "calibrated" in words:
        words["numbers"] = f"calibrated {words.pop('calibrated')}" if words["calibrated"] else UNCALIBRATED
        words.pop("calibrated", None)
    return ", ".join(str(value) if name == "label" else f"{name} {value}" for name, value in words.items())


def _markdown(found: Comparison) -> str:
    sides = (f"- {in_markdown(side)}" for side in _sides(found))
    lines = ["# Predicted and actual", "", in_markdown(summary(found)), "", *sides, ""]
    lines += [f"|{'|'.join(HEADS)}|", f"|{'|'.join('---' for _ in HEADS)}|"]
    lines += [f"| {cells(row)} |" for row in table(found)]
    lines += ["", *(f"- {in_markdown(note)}" for note in _notes(found))] if _notes(found) else []
    return "\n".join(lines) + "\n"
