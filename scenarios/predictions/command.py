"""`failback predict`: reads the question, plays, says one sentence and writes the page."""

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.server_batches import slot_words
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.text.language import ENGLISH, LANGUAGES, said, speaking
from failback.scenarios.text.local_time import zone_of
from failback.scenarios.usage_error import UsageError

from .answered import answered
from .asked_times import asked_times
from .case_answer import CaseAnswer
from .condition import Condition
from .cutover_rows import cutover_data
from .figures import figures
from .levers import LeverEffect
from .missed_targets import broken_promises
from .not_tried import not_tried, not_tried_words, people_words
from .page import FILES, write_pages
from .predict import predict
from .prediction import Prediction, PurchaseEffect, Question
from .promises import KeptPromise
from .purchases import Purchase
from .sampling import Share
from .sentence import sentence
from .suggested_plan import Suggestion
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


def as_dict(found: Prediction) -> dict[str, Any]:
    """The answer as JSON; seconds count from the start, shares are runs in time of runs played."""
    question, plan = found.question, found.suggestion
    return {
        "label": "simulation",
        "model": found.model,
        "calibrated": found.calibrated,
        "scenario": question.scenario.name,
        "seed": question.scenario.seed,
        "plan_hash": question.plan_hash,
        "asked_on": question.today and question.today.isoformat(),
        "people_assumed": people_words(question.scenario),
        "start": question.start.isoformat(),
        "cutover_at": question.cutover and question.cutover.isoformat(),
        "by": question.by.isoformat(),
        "sure": question.sure,
        "verdict": {"answer": answered(found).value, "words": verdict(found), "condition": _condition(found.condition)},
        "broken_promises": list(broken_promises(found)),
        "not_tried": [asdict(each) for each in not_tried(question.scenario)],
        "sentence": sentence(found),
        "slot_loads": [{**asdict(row), "loads": row.batches} for row in found.loads],
        "cases": [_case(case, found.latest_in(case)) for case in found.cases],
        "latest_start": found.latest and found.latest.isoformat(),
        "last_go": found.last_go and found.last_go.isoformat(),
        "binds_s": dict(found.bottleneck),
        "queued_s": found.queued_s,
        "levers": [*(_lever(found, bought) for bought in found.bought), *map(_too_late, found.too_late)],
        "measurements": [{**asdict(one), "narrows_s": one.narrows_s} for one in found.measurements],
        "moves": [_move(move) for move in found.moves],
        "best_purchase": found.best and found.best.purchase.words,
        "late": [{**asdict(late), "runs": _share(late.runs)} for late in found.late],
        "promises": [_promise(promise) for promise in found.promises],
        "suggestion": _suggestion(plan),
        "cutover": None if found.cutover is None else cutover_data(found.cutover),
    }


def _lever(found: Prediction, bought: PurchaseEffect) -> dict[str, Any]:
    return {
        **_offer(bought.purchase),
        "too_late": False,
        "sooner_s": dict(bought.sooner_s),
        "in_time": _share(bought.in_time[found.first.case.name]),
        "in_time_per_case": {name: _share(share) for name, share in bought.in_time.items()},
    }


def _too_late(offer: Purchase) -> dict[str, Any]:
    return {**_offer(offer), "too_late": True}


def _offer(offer: Purchase) -> dict[str, Any]:
    """A lever; null where nobody said from when it can be had."""
    available = offer.available and offer.available.isoformat()
    return {"words": offer.words, "available": available, "leaves": list(offer.leaves)}


def _suggestion(plan: Suggestion) -> dict[str, Any]:
    steps = [asdict(step) for step in plan.taken]
    return {"before_s": plan.before_s, "after_s": plan.after_s, "in_time": plan.in_time, "steps": steps}


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    """What the answer hangs on; null where it hangs on nothing that was tried."""
    if condition is None:
        return None
    tried = [[value, seconds if math.isfinite(seconds) else None] for value, seconds in condition.tried]
    return {**asdict(condition), "of": condition.of.value, "tried": tried}


def _case(case: CaseAnswer, latest: datetime | None) -> dict[str, Any]:
    return {
        "case": case.case.name,
        "words": case.case.words,
        "in_time": _share(case.in_time),
        "sure_s": case.sure_s,
        "sure_at": case.sure_at and case.sure_at.isoformat(),
        "latest_start": latest and latest.isoformat(),
        "binds_s": dict(case.bottleneck),
        "longest_downtime": asdict(case.downtime),
        "broken_promises": [_promise(promise) for promise in case.broken],
        "late": len(case.late),
    }


def _promise(promise: KeptPromise) -> dict[str, Any]:
    """What was promised, and what came of it; null: no end."""
    kept = _share(promise.share)
    return {"tier": promise.tier, "promise": promise.promise, "kept": kept, "measured_s": promise.measured_s}


def _move(move: LeverEffect) -> dict[str, Any]:
    """One bar of the tornado; null: not all came home."""
    lever = move.lever
    hours = {"low_h": move.low_h, "base_h": move.base_h, "high_h": move.high_h}
    data = {"name": lever.name, "low": lever.low_words, "high": lever.high_words}
    return {**data, **{name: hour if math.isfinite(hour) else None for name, hour in hours.items()}}


def _share(share: Share) -> dict[str, Any]:
    return {"met": share.met, "runs": share.runs, "sampling_error_95": list(share.interval)}


def _today(text: str | None) -> date:
    """The day from which weekdays are counted: the one that was named, or that of the computer's clock."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--today is '{text}', which is not a date; write it as 2026-06-05.") from None
