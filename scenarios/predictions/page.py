"""The page of the dated answer: one file for a browser or a printer, one in Markdown, one of numbers."""

from base64 import b64encode
from pathlib import Path
from typing import Any, Final

from failback.scenarios.files.schema import HomeWhen
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outcomes.busy import named_parts
from failback.scenarios.outcomes.pictures import Picture, distribution, gantt, utilisation
from failback.scenarios.outcomes.server_batches import slot_words
from failback.scenarios.outputs.folders import ensure_writable
from failback.scenarios.outputs.kinds import marked
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.text.page_templates import templates
from failback.scenarios.text.plain_words import date_words, h_mm, machines

from .assumptions import HEADING
from .cutover_rows import cutover_facts
from .moves_picture import moves_picture
from .not_tried import not_tried_words
from .prediction import Prediction
from .rows import case_rows, cause_rows, move_rows, offer_rows, step_rows, suggested
from .verdict import Answered, answered, broken_promises, verdict
from .words import (
    CAUSES,
    best_words,
    bottleneck_words,
    chance_words,
    date_or,
    error_words,
    few_words,
    late_words,
    percent,
    sentence,
    share_range,
    share_words,
    sooner,
    start_words,
    sure_percent,
    which_words,
)

FILES: Final = {"answer.html": "answer page", "answer.md": "answer text", "answer.json": "answer"}
"""What `failback predict` writes, with the kind of each."""
_HOME: Final = {
    HomeWhen.COMMITTED: "its failback is committed",
    HomeWhen.APP_CHECKED: "its application has been checked",
    HomeWhen.REPROTECTED: "it is replicating to Azure again",
}


def write_pages(found: Prediction, folder: Path) -> None:
    """Write answer.html and answer.md; they need nothing else."""
    ensure_writable(folder, FILES)
    facts = _facts(found)
    for name in ("answer.html", "answer.md"):
        text = templates(markdown=name.endswith(".md")).get_template(name).render(facts)
        head = f"{marked('predict')}\n\n" if name.endswith(".md") else ""
        write_text(folder / name, f"{head}{text.strip()}\n", FILES[name])


def pictures(found: Prediction) -> tuple[list[tuple[str, str]], str]:
    """The pictures as PNG data with their words, and a note where there are none."""
    try:
        drawn = [(words, _data(picture)) for words, picture in _drawn(found)]
    except BadInput as missing:
        return [], f"This page has no pictures: {missing.mistakes[0].message}."
    return drawn, ""


def _drawn(found: Prediction) -> list[tuple[str, Picture]]:
    hours = {
        case.case.name: [None if a.home_s is None else a.home_s / 3600 for a in case.answers] for case in found.cases
    }
    by_h, name, tried = found.question.within_s / 3600, found.first.case.name, _many_runs(found.question.runs_tried)
    curves = distribution(hours, by_h, model=found.model)
    return [
        (f"One run in the middle of the {name} case: the leg of each machine over time.", gantt(found.middle)),
        ("Share of the runs that had all machines home, by hours since the start.", curves),
        (
            f"What changes the finish time of the {name} case most: one thing at a time, {tried} each.",
            moves_picture(found.moves, by_h),
        ),
        (
            "In the run of the first picture: how busy the link, servers and datastores were.",
            utilisation(named_parts(found.busy), model=found.model),
        ),
    ]


def _many_runs(runs: int) -> str:
    return f"{runs} run{'' if runs == 1 else 's'}"


def _data(picture: Picture) -> str:
    return "data:image/png;base64," + b64encode(picture.png()).decode("ascii")


def _words(found: Prediction) -> dict[str, Any]:
    """What stands at the top."""
    return {
        "sentence": sentence(found),
        "verdict": _verdict(found),
        "verdict_words": verdict(found),
        "broken": list(broken_promises(found)),
        "not_tried": list(not_tried_words(found.question.scenario)),
    }


def _facts(found: Prediction) -> dict[str, Any]:
    question, scenario = found.question, found.question.scenario
    drawn, note = pictures(found)
    return {
        "question": f"Will {machines(len(scenario.estate.virtual_machines))} be home by {date_words(question.by)}?",
        **_words(found),
        "heading": str(scenario.calibration or HEADING),
        "title": scenario.title or scenario.name,
        "scenario": scenario.name,
        "seed": scenario.seed,
        "model": found.model,
        "start": date_words(question.start),
        "by": date_words(question.by),
        "figures": _figures(found),
        "loads": slot_words(scenario),
        "cases": case_rows(found),
        "causes": cause_rows(found),
        "binds": bottleneck_words(found),
        "offers_in": [case.case.words for case in found.cases if _is_tried(found, case.case.name)],
        "tried": _many_runs(question.runs_tried),
        "few": few_words(found),
        "case": found.first.case.name,
        "sure": sure_percent(question),
        "moves": move_rows(found),
        "offers": offer_rows(found),
        "best": best_words(found),
        "late": late_words(found),
        "promises": [(k.tier, k.promise, share_words(k.share), error_words(k.share)) for k in found.promises],
        "steps": step_rows(found),
        "suggested": suggested(found),
        "volume": _volume(found),
        "home_when": _HOME[scenario.homecoming.home_when],
        "pictures": drawn,
        "picture_note": note,
        "cutover": cutover_facts(found),
        "calibrated": found.calibrated,
        "fitted": scenario.calibration is not None,
    }


_COLOURS: Final = {Answered.YES: "yes", Answered.NO: "no", Answered.ONLY_IF: "depends"}


def _verdict(found: Prediction) -> str:
    """Which colour the answer has."""
    return _COLOURS[answered(found)]


def _figures(found: Prediction) -> list[tuple[str, str, str]]:
    sure = sure_percent(found.question)
    return [
        ("Home in time", *_chance(found)),
        (f"All home in {sure} of the runs", date_or(found.first.sure_at, "never"), _span(found)),
        _latest(found),
        (
            "Last go or no-go",
            date_or(found.last_go, "none"),
            "if a machine's shutdown in Azure has not begun by then, it would be home too late: leave it in Azure",
        ),
        ("Bottleneck", next((CAUSES.get(c, c) for c in found.bottleneck), "nothing came home"), _share_of_path(found)),
        ("Best single purchase", found.best.purchase.words if found.best else "none helps", _best_gain(found)),
    ]


def _latest(found: Prediction) -> tuple[str, str, str]:
    if found.cutover is not None:
        at = date_or(found.latest, "none")
        return "Begin to seed", at, f"the first wave, in the case: {found.cutover.case.words}"
    start = start_words(found) if found.latest else "no start that was tried is early enough"
    return "Latest start", start, f"for that, in the {found.first.case.name} case"


def _chance(found: Prediction) -> tuple[str, str]:
    """The share, and in which cases; all of it where there is one case."""
    played = f"{sum(len(case.answers) for case in found.cases)} simulated ways home"
    if found.calibrated:
        return chance_words(found), played
    which = which_words(found)
    return f"in {share_range(found)} of the runs", "; ".join(filter(None, (which, played)))


def _span(found: Prediction) -> str:
    """What the other cases say."""
    if len(found.cases) == 1:
        return "all runs use this calibration"
    known = [case.sure_at for case in found.cases if case.sure_at is not None]
    if not known:
        return "in no case is everything ever home"
    last = date_words(max(known)) if len(known) == len(found.cases) else "never"
    return f"in the {found.first.case.name} case; over all cases {date_words(min(known))} to {last}"


def _share_of_path(found: Prediction) -> str:
    total_s = sum(found.bottleneck.values())
    return (
        f"{percent(next(iter(found.bottleneck.values())) / total_s)} of the critical path"
        if total_s
        else "no run ended"
    )


def _best_gain(found: Prediction) -> str:
    if found.best is None:
        return "none of those that were tried"
    name = found.first.case.name
    return f"{sooner(found.best, name)} sooner in the {name} case, simulated again with it"


def _is_tried(found: Prediction, case: str) -> bool:
    return any(case in bought.sooner_s for bought in found.bought)


def _volume(found: Prediction) -> str:
    items = found.middle.items
    scanned, moved = sum(i.scanned_gib for i in items), sum(i.transferred_gib for i in items)
    down = max(i.downtime_s for i in items)
    work = sum(i.work_s for i in items)
    lost = max(i.rpo_s for i in items)
    loss = "nothing is lost at the failback" if lost == 0 else f"up to {h_mm(lost)} of changes may be lost"
    return (
        f"{scanned:,.0f} GiB are read and {moved:,.0f} GiB cross the link; an application is down for {h_mm(down)} at "
        f"most; the work on all machines takes {h_mm(work)} in total; {loss}."
    )
