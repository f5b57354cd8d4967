"""`failback predict`: reads the question, plays, says one sentence and writes the page."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.server_batches import slot_words
from failback.scenarios.outcomes.taken_for_granted import granted_words
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.text.language import ENGLISH, LANGUAGES, said, speaking
from failback.scenarios.text.local_time import zone_of
from failback.scenarios.usage_error import UsageError

from .answer_data import as_dict
from .asked_times import asked_times
from .figures import figures
from .not_tried import not_tried_words, people_words
from .open_facts import open_words
from .page import FILES, write_pages
from .predict import predict
from .prediction import Prediction, Question
from .tile import tile_lines
from .tiles import tiles
from .verdict import verdict


@dataclass(frozen=True, slots=True)
class PredictOptions:
    """What is asked; `scenario` may be one that has been read."""

    scenario: str | Scenario
    start: str | None
    by: str
    tz: str | None
    sure: float
    runs: int | None = None
    seed: int | None = None
    today: str | None = None
    cutover: str | None = None
    lang: str = ENGLISH


def run_predict(options: PredictOptions, out: Path, *, as_json: bool) -> None:
    """Say how often slots are filled, simulate, say the answer, write the pages."""
    question = question_of(options)
    _check_language(options.lang)
    with reserved(out, FILES):
        with speaking(options.lang):
            print(slot_words(question.scenario), file=sys.stderr)
        found = predict(question)
        with speaking(options.lang):
            write_pages(found, out)
        write_text(out / "answer.json", json.dumps(as_dict(found), indent=2) + "\n", FILES["answer.json"])
    with speaking(options.lang):
        text = "\n".join(_said(found))
    print(json.dumps(as_dict(found), indent=2) if as_json else text)
    print(f"Page: {out / 'answer.html'}", file=sys.stderr)


def _said(found: Prediction) -> Iterator[str]:
    yield verdict(found)
    yield from filter(None, [open_words(found.open_facts)])
    yield from granted_words(found.question.scenario)
    for tile in tiles(found)[1:]:
        yield from tile_lines(tile)
    for what, much, note in figures(found):
        yield said("{label}: {text}", label=what, text=much)
        yield from (f"  {part}" for part in note.split(said("; ")))
    yield from filter(None, [people_words(found.question.scenario)])
    for number, line in enumerate(not_tried_words(found.question.scenario)):
        yield f"  {line}" if number else line


def question_of(options: PredictOptions) -> Question:
    """The question. Raises `UsageError` for times, shares and counts that make no sense."""
    today = _today(options.today)
    given = options.scenario
    scenario = given if isinstance(given, Scenario) else load_scenario(resolve(given))
    zone = zone_of(options.tz, scenario.starts_at)
    asked = asked_times(options.start, options.cutover, options.by, zone, today)
    _check_sure(options.sure)
    if options.runs is not None and not 1 <= options.runs <= 100_000:
        raise UsageError(f"--runs is {options.runs}; it must be a whole number from 1 to 100000.")
    seeded = scenario if options.seed is None else replace(scenario, seed=options.seed)
    return Question(seeded, asked.start, asked.by, options.sure / 100, options.runs, asked.cutover, today)


def _check_language(code: str) -> None:
    """Refuse a language that has no table."""
    if code not in LANGUAGES:
        known = " or ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
        raise UsageError(f"--lang is '{code}'; the answer can be written in: {known}.")


def _check_sure(percent: float) -> None:
    """Refuse what is no percentage, and a share between 0 and 1, which would be read as a percentage below one."""
    if not 0 < percent < 100:
        raise UsageError(f"--sure is {percent:g}; it must be a percentage between 0 and 100, such as 90.")
    if percent <= 1:
        meant = f"{min(percent * 100, 99.9):g}"
        raise UsageError(f"--sure is {percent:g}, which is {percent:g} % of the runs; did you mean --sure {meant}?")


def _today(text: str | None) -> date:
    """The day from which weekdays are counted: the one that was named, or that of the computer's clock."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--today is '{text}', which is not a date; write it as 2026-06-05.") from None
