"""The command `report`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED
from .options import AsJson


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What may be asked of it."""

    sources: Annotated[
        list[str],
        typer.Argument(
            help="A run's folder. With --compare: PREDICTED (a scenario or a run) and ACTUAL (a run or a watch)."
        ),
    ]
    compare: Annotated[
        bool, typer.Option("--compare", help="Compare predicted and actual times for each leg and machine.")
    ] = False
    runs: Annotated[
        int,
        typer.Option(help="With --compare: number of simulations, if PREDICTED is a scenario."),
    ] = 40
    out: Annotated[Path, typer.Option(help="With --compare: write the comparison to this folder.")] = Path(
        "failback-compare"
    )
    as_json: AsJson = False


def report(options: ReportOptions) -> int:
    """Write the report of a run (even one still in progress), or compare predicted and actual times."""
    from failback.scenarios.reports.command import run_compare, run_report

    if options.compare:
        run_compare(options.sources, options.runs, options.out, json_wanted=options.as_json)
    else:
        run_report(options.sources, json_wanted=options.as_json)
    return AS_EXPECTED
