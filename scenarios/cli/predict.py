"""The command `predict`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED
from .options import AsJson, ScenarioName, Seed


@dataclass(frozen=True, slots=True)
class PredictCommandOptions:
    """What may be asked of it."""

    scenario: ScenarioName
    by: Annotated[
        str,
        typer.Option(
            help="Deadline by which all machines must be home, such as 'Mon 06:00' (the first one after --cutover or, "
            "without it, after --start)."
        ),
    ]
    start: Annotated[
        str | None,
        typer.Option(
            help="Start of the way home: 'Fri 18:00' (if today is Friday: today, even if that time has passed) "
            "or '2026-06-05 18:00'. Required without --cutover; with it, the earliest time at which machines may begin "
            "to replicate home (default: 00:00 today)."
        ),
    ] = None
    cutover: Annotated[
        str | None,
        typer.Option(
            help="Earliest time at which machines may fail back, such as 'Fri 18:00' (if --start is given, the first "
            "one after it). Machines replicate home in advance."
        ),
    ] = None
    tz: Annotated[
        str,
        typer.Option(
            help="Time zone of --by, --start and --cutover, such as Asia/Tokyo. Default: that of the scenario."
        ),
    ] = ""
    sure: Annotated[
        float,
        typer.Option(help="Confidence in percent: the share of the runs that must meet the deadline."),
    ] = 90.0
    runs: Annotated[
        int | None,
        typer.Option(
            help="Number of simulated runs of the expected case (see `failback docs predict`). Default: 4 to 60, fewer "
            "for more machines."
        ),
    ] = None
    seed: Seed = None
    out: Annotated[Path, typer.Option(help="Write answer.html, answer.md and answer.json to this folder.")] = Path(
        "failback-answer"
    )
    as_json: AsJson = False
    today: Annotated[
        str | None,
        typer.Option(help="Date that counts as today, such as 2026-06-05. Default: the current date."),
    ] = None
    lang: Annotated[str, typer.Option(help="Language of the answer: en, or ja for Japanese.")] = "en"


def predict(options: PredictCommandOptions) -> int:
    """Predict whether all machines will be home by a deadline, and what would help."""
    from failback.scenarios.predictions.command import PredictOptions, run_predict

    question = PredictOptions(
        options.scenario,
        options.start,
        options.by,
        options.tz,
        options.sure,
        options.runs,
        options.seed,
        options.today,
        options.cutover,
        options.lang,
    )
    run_predict(question, options.out, as_json=options.as_json)
    return AS_EXPECTED
