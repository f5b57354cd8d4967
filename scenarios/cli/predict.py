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
    start: Annotated[str, typer.Option(help="When the way home begins: 'Fri 18:00' or '2026-06-05 18:00'.")]
    by: Annotated[str, typer.Option(help="When everything has to be home: 'Mon 06:00', the next one after --start.")]
    tz: Annotated[str, typer.Option(help="Time zone of these times, such as Asia/Tokyo.")] = "UTC"
    sure: Annotated[float, typer.Option(help="How sure the dates have to be, in percent of the runs.")] = 90.0
    runs: Annotated[
        int | None, typer.Option(help="Runs of the expected case; by the number of machines when left out.")
    ] = None
    seed: Seed = None
    out: Annotated[Path, typer.Option(help="Folder for answer.html, answer.md and answer.json.")] = Path(
        "failback-answer"
    )
    as_json: AsJson = False
    today: Annotated[
        str | None, typer.Option(help="Date from which weekdays are counted, such as 2026-06-05; today when left out.")
    ] = None


def predict(options: PredictCommandOptions) -> int:
    """Will everything be home by then? One sentence and a page: what binds, who is late, what to buy. Simulated."""
    from failback.scenarios.predictions.command import PredictOptions, run_predict

    asked = PredictOptions(
        options.scenario,
        options.start,
        options.by,
        options.tz,
        options.sure,
        options.runs,
        options.seed,
        options.today,
    )
    run_predict(asked, options.out, as_json=options.as_json)
    return AS_EXPECTED
