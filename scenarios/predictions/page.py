"""The page of the dated answer: one file for a browser or a printer, one in Markdown, one of numbers."""

from pathlib import Path
from typing import Any, Final

from failback.scenarios.files.schema import HomeWhen
from failback.scenarios.outcomes.answers import down_in
from failback.scenarios.outcomes.server_batches import slot_words
from failback.scenarios.outcomes.taken_for_granted import granted_words
from failback.scenarios.outputs.folders import ensure_writable
from failback.scenarios.outputs.kinds import marked
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.text.language import message, said, translated
from failback.scenarios.text.page_templates import templates
from failback.scenarios.text.plain_words import date_words, machines
from failback.scenarios.text.spans import span_words

from .bottleneck_words import bottleneck_words
from .case_names import name_words
from .case_rows import case_columns, case_rows
from .chance_words import heading
from .curve import curve
from .cutover_rows import cutover_facts
from .fan import fan
from .figures import figures
from .late_words import late_words
from .lever_rows import lever_rows
from .lever_words import lever_words
from .measurement_rows import measurement_rows
from .not_tried import not_tried_words, people_words
from .open_facts import open_words
from .plan_rows import step_rows, suggested
from .prediction import Prediction
from .rows import cause_rows, move_rows, promise_rows
from .sentence import sentence
from .stop_words import rules_named
from .sure_words import few_words
from .tiles import tiles
from .verdict import colour
from .words import many_runs, sure_percent

FILES: Final = {"answer.html": "answer page", "answer.md": "answer text", "answer.json": "answer"}
"""What `failback predict` writes, with the kind of each."""
_HOME: Final = {
    HomeWhen.COMMITTED: message("its failback is committed"),
    HomeWhen.APP_CHECKED: message("its application has been checked"),
    HomeWhen.REPROTECTED: message("it is replicating to Azure again"),
}


def write_pages(found: Prediction, folder: Path) -> None:
    """Write answer.html and answer.md; they need nothing else."""
    ensure_writable(folder, FILES)
    facts = _facts(found)
    for name in ("answer.html", "answer.md"):
        text = templates(markdown=name.endswith(".md")).get_template(name).render(facts)
        head = f"{marked('predict')}\n\n" if name.endswith(".md") else ""
        write_text(folder / name, f"{head}{text.strip()}\n", FILES[name])


def _top(found: Prediction) -> dict[str, Any]:
    """What stands on the first screen."""
    start, scenario = found.question.start, found.question.scenario
    count = machines(len(scenario.estate.virtual_machines))
    return {
        "question": said("Will {count} be home by {by}?", count=count, by=date_words(found.question.by)),
        "sentence": sentence(found),
        "granted": tuple(filter(None, (open_words(found.open_facts), *granted_words(scenario)))),
        "verdict": colour(found),
        "tiles": tiles(found),
        "not_tried": list(not_tried_words(scenario)),
        "figures": figures(found),
        "fan": fan(found),
        "curve": curve(found),
        "start": date_words(start),
        "by": date_words(found.question.by),
    }


def _facts(found: Prediction) -> dict[str, Any]:
    question, scenario = found.question, found.question.scenario
    return {
        **_top(found),
        "heading": heading(found),
        "title": scenario.title or scenario.name,
        "scenario": scenario.name,
        "seed": scenario.seed,
        "plan_hash": question.plan_hash,
        "asked_on": question.today and question.today.isoformat(),
        "people": people_words(scenario),
        "model": found.model,
        "loads": slot_words(scenario),
        "case_columns": case_columns(found),
        "cases": case_rows(found),
        "causes": cause_rows(found),
        "binds": bottleneck_words(found.first),
        "tried_in": [translated(case.case.words) for case in found.cases if _is_tried(found, case.case.name)],
        "tried": many_runs(question.runs_tried),
        "few": few_words(found),
        "case": name_words(found.first.case),
        "sure": sure_percent(question),
        "moves": move_rows(found),
        "levers": lever_rows(found),
        "best": lever_words(found),
        "measurements": measurement_rows(found),
        "late": late_words(found),
        "promises": promise_rows(found),
        "steps": step_rows(found),
        "suggested": suggested(found),
        "volume": _volume(found),
        "home_when": said(_HOME[scenario.homecoming.home_when]),
        "rules": rules_named(found),
        "cutover": cutover_facts(found),
        "calibrated": found.calibrated,
        "fitted": scenario.calibration is not None,
    }


def _is_tried(found: Prediction, case: str) -> bool:
    return any(case in bought.sooner_s for bought in found.bought)


def _volume(found: Prediction) -> str:
    items = found.middle.items
    scanned, moved = sum(i.scanned_gib for i in items), sum(i.transferred_gib for i in items)
    work = sum(i.work_s for i in items)
    lost = max(i.rpo_s for i in items)
    loss = said("up to {time} of changes may be lost", time=span_words(lost))
    return said(
        "{scanned} GiB are read and {moved} GiB cross the link; {down}; the work on all machines takes {work} "
        "in total; {loss}.",
        scanned=f"{scanned:,.0f}",
        moved=f"{moved:,.0f}",
        down=_down_words(found),
        work=span_words(work),
        loss=loss if lost else said("nothing is lost at the failback"),
    )


def _down_words(found: Prediction) -> str:
    """The longest downtime of a machine, and that of an application in a wave where the scenario names any."""
    scenario = found.question.scenario
    machine = said(
        "a machine is down for {time} at most", time=span_words(max(i.downtime_s for i in found.middle.items))
    )
    downs = ((one.name, down_in(scenario, one, found.middle)) for one in scenario.applications)
    longest = max(((down.longest_s, name) for name, down in downs if down is not None), default=None)
    if longest is None:
        return machine
    whole = message(
        "{machine}, and an application for {time} at most ({name}: from the shutdown of its first machine to the start "
        "of its last in the same wave)"
    )
    return said(whole, machine=machine, time=span_words(longest[0]), name=longest[1])
