"""The command `runbook`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

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
        bool, typer.Option("--xlsx", help="Also write runbook.xlsx, with sheets for steps, applications and network.")
    ] = False
    script: Annotated[
        Literal["az", "ps1"] | None,
        typer.Option(help="Also write scripts that people run themselves, one per wave: Azure CLI or Az PowerShell."),
    ] = None
    remaining: Annotated[
        Path | None,
        typer.Option(help="An estate file that was imported later: write only the steps that are left. Needs --start."),
    ] = None
    start: Annotated[str, typer.Option(help="Start of the steps that are left: 'Sat 02:00' or '2026-06-06 02:00'.")] = (
        ""
    )


def runbook(options: RunbookOptions) -> int:
    """Write a runbook: each request in order, with its values and planned time, to tick off and fill in."""
    from failback.scenarios.runbooks.command import Extra, run_runbook
    from failback.scenarios.runbooks.scripts import ScriptKind

    script = ScriptKind(options.script) if options.script else None
    extra = Extra(options.xlsx, script, options.remaining, options.start)
    run_runbook(options.scenario, options.runs, options.out, extra)
    return AS_EXPECTED
