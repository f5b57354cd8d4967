"""The command `whatif`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED, INTERRUPTED
from .messages import say
from .options import AsJson, ScenarioName, Seed


@dataclass(frozen=True, slots=True)
class WhatIfOptions:
    """What may be asked of it."""

    scenario: ScenarioName
    vary: Annotated[
        list[str] | None,
        typer.Option(
            help="A key (see `failback docs study`) and its values: a list (KEY=V1,V2), a range (KEY=1..8), or a range "
            "with a step (KEY=100..1000:100). Repeatable."
        ),
    ] = None
    runs: Annotated[
        int | None,
        typer.Option(
            help="Number of runs for each combination of values (default 20), or of samples for --sensitivity sobol "
            "(default 64)."
        ),
    ] = None
    out: Annotated[
        Path | None,
        typer.Option(help="Write the results to this .parquet or .csv file."),
    ] = None
    as_json: AsJson = False
    rows: Annotated[
        str,
        typer.Option(help="What each row of the output file (--out) describes: a run, wave, item (a machine) or leg."),
    ] = "run"
    sensitivity: Annotated[
        str | None,
        typer.Option(
            help="Show which key changes the finish time most: tornado (one key at a time) or sobol (all at once)."
        ),
    ] = None
    backend: Annotated[str, typer.Option(help="How the runs are distributed: processes, serial, joblib or dask.")] = (
        "processes"
    )
    workers: Annotated[int | None, typer.Option(help="Number of processes. Default: one per core.")] = None
    seed: Seed = None
    yes: Annotated[bool, typer.Option("--yes", help="Allow a study of a million runs or more.")] = False


def whatif(options: WhatIfOptions) -> int:
    """Simulate the way home with different values (such as bandwidths), and compare the finish times."""
    from failback.scenarios.study.whatif import WhatIfRequest, interrupted_words, run_what_if

    asked = WhatIfRequest(
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
