"""The night as files that are replaced whole: a page that refreshes itself, Markdown for a wiki, JSON for programs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from failback.scenarios.outputs.writing import write_text
from failback.scenarios.text.page_templates import templates
from failback.scenarios.text.plain_words import date_words
from failback.scenarios.text.spans import when_words

from .ahead_words import ahead_lines, answer_lines, wave_rows
from .record import CLOCK, DECISION, LOOK_FAILED, LOOKED_AGAIN, TWINS
from .shown import CHECK_HEADS, LABELS, LOST, NOT_COMPARED, as_json, summary, table
from .standing import Standing, State, late_words

PAGE: Final = "watch.html"
FILES: Final[Mapping[str, str]] = {PAGE: "watch page", "watch.md": "watch text", "watch.json": "watch"}
"""What is written, with the kind of each."""
WAVE_HEADS: Final = ("wave", "machines", "states", "against the plan")
_GRAVITY: Final = tuple(State)
"""Whom somebody must look after comes first: on a page of hundreds nobody finds him else."""
_KINDS: Final = {
    DECISION: "decision",
    LOOK_FAILED: "not seen",
    LOOKED_AGAIN: "seen again",
    CLOCK: "clock",
    TWINS: "vCenter",
}


def write_page(stands: Standing, folder: Path, refresh_s: int) -> None:
    """The page of now in the folder of the night. Raises `CannotWrite`."""
    write_text(folder / PAGE, html(stands, refresh_s), FILES[PAGE])


def publish(stands: Standing, folder: Path, refresh_s: int) -> None:
    """All three, each replaced whole. Raises `CannotWrite`."""
    text = json.dumps(as_json(stands), indent=2) + "\n"
    made = {PAGE: html(stands, refresh_s), "watch.md": markdown(stands), "watch.json": text}
    for name, content in made.items():
        write_text(folder / name, content, FILES[name])


def html(stands: Standing, refresh_s: int) -> str:
    """The page; `refresh_s` 0: it is of one look and does not refresh itself."""
    return templates(code=True).get_template("watch.html").render(_facts(stands), refresh_s=refresh_s).strip() + "\n"


def markdown(stands: Standing) -> str:
    """The same in Markdown."""
    return templates(markdown=True).get_template("watch.md").render(_facts(stands)).strip() + "\n"


def _facts(stands: Standing) -> dict[str, Any]:
    heads, rows = table(stands)
    answer = [] if stands.ahead is None else list(answer_lines(stands.ahead))
    return {
        "stands": stands,
        "title": f"as seen at {date_words(stands.at)}",
        "label": LABELS[stands.world],
        "summary": list(summary(stands)),
        "lost": LOST,
        "answer": answer,
        "ahead": [] if stands.ahead is None else list(ahead_lines(stands.ahead))[len(answer) :],
        "waves_ahead": [] if stands.ahead is None else list(wave_rows(stands.ahead)),
        "not_compared": NOT_COMPARED,
        "heads": heads,
        "rows": [(state.name.lower(), row) for state, row in sorted(rows, key=lambda row: _GRAVITY.index(row[0]))],
        "wave_heads": WAVE_HEADS if any(w.late_s is not None for w in stands.waves) else WAVE_HEADS[:-1],
        "waves": [(w.wave or "all", w.machines, _states(w.states), late_words(w.late_s)) for w in stands.waves],
        "told": [(when_words(at, stands.at), _KINDS[told.kind], told.text) for at, told in reversed(stands.told)],
        "checks": [tuple(c[head] for head in CHECK_HEADS.values()) for c in stands.checked],
        "check_heads": tuple(CHECK_HEADS),
    }


def _states(states: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {state}" for state, n in states.items())
