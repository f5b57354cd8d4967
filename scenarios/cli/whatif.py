"""The command `whatif`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED, INTERRUPTED
from .options import AsJson, ScenarioName, Seed
from .saying import say


@dataclass(frozen=True, slots=True)
class WhatIfOptions:
    """What may be asked of it."""

    scenario: ScenarioName
    vary: Annotated[
        list[str] | None, typer.Option(help="KEY=V1,V2 or KEY=1..8 or KEY=100..1000:100; again for each key.")
    ] = None
    runs: Annotated[
        int | None, typer.Option(help="Runs of each variant (20); with --sensitivity sobol, samples (64).")
    ] = None
    out: Annotated[
        Path | None, typer.Option(help="Keep finished runs in this .parquet file, and go on there; or write a .csv.")
    ] = None
    as_json: AsJson = False
    rows: Annotated[str, typer.Option(help="What one row is about: run, wave, item or leg.")] = "run"
    sensitivity: Annotated[
        str | None, typer.Option(help="What moves the end most: tornado (one at a time) or sobol (all at once).")
    ] = None
    backend: Annotated[str, typer.Option(help="Where it is played: processes, serial, joblib or dask.")] = "processes"
    workers: Annotated[int | None, typer.Option(help="Processes; one for each core when left out.")] = None
    seed: Seed = None
    yes: Annotated[bool, typer.Option("--yes", help="Play a million runs and more.")] = False


def whatif(options: WhatIfOptions) -> int:
    """Play the way home with other values, many times: when is everything home, and what binds it."""
    from failback.scenarios.study.whatif import WhatIfAsked, interrupted_words, run_what_if

    asked = WhatIfAsked(
        options.scenario,
        options.vary or (),
        options.runs,
        options.seed,
        options.out,
        options.rows,
        options.sensitivity,
        options.backend,
        options.workers,
        options.yes,
    )
    try:
        run_what_if(asked, as_json=options.as_json)
    except KeyboardInterrupt:
        return say(interrupted_words(options.out), INTERRUPTED)
    return AS_EXPECTED
