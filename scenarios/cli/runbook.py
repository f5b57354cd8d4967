"""The command `runbook`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED
from .options import ScenarioOrEstate


@dataclass(frozen=True, slots=True)
class RunbookOptions:
    """What may be asked of it."""

    scenario: ScenarioOrEstate
    runs: Annotated[int, typer.Option(help="Number of times to simulate the plan, for the band of each time.")] = 20
    out: Annotated[Path, typer.Option(help="Write runbook.html, runbook.md and steps.csv to this folder.")] = Path(
        "failback-runbook"
    )
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Write runbook.xlsx too: sheets for steps, applications and network.")
    ] = False


def runbook(options: RunbookOptions) -> int:
    """Write the runbook for the night: each request in order, with its values and time, to tick off and fill in."""
    from failback.scenarios.runbooks.command import run_runbook

    run_runbook(options.scenario, options.runs, options.out, workbook=options.xlsx)
    return AS_EXPECTED
