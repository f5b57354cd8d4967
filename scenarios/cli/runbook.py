"""The command `runbook`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .exit_codes import AS_EXPECTED
from .options import ScenarioOrEstate, TimeZone

if TYPE_CHECKING:
    from collections.abc import Callable

    from failback.scenarios.files.schema import Scenario
    from failback.scenarios.runbooks.remaining import SoFar


@dataclass(frozen=True, slots=True)
class RunbookOptions:
    """What may be asked of it."""

    scenario: ScenarioOrEstate
    runs: Annotated[
        int, typer.Option(help="Number of simulated runs from which the range of each planned time is computed.")
    ] = 20
    out: Annotated[Path, typer.Option(help="Write runbook.html, runbook.md and steps.csv to this folder.")] = Path(
        "failback-runbook"
    )
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Also write runbook.xlsx.")] = False
    script: Annotated[
        Literal["az", "ps1"] | None,
        typer.Option(help="Also write scripts, one per wave: az (Azure CLI) or ps1 (Az PowerShell)."),
    ] = None
    remaining: Annotated[
        Path | None,
        typer.Option(
            help="Write only the steps that remain, according to a later estate file or the folder of a watch (see "
            "`failback watch`)."
        ),
    ] = None
    start: Annotated[
        str,
        typer.Option(
            help="Start of the way home (with --remaining: of the remaining steps): '2026-06-06 02:00', or 'Sat 02:00' "
            "(the first one at or after the scenario's start; if the scenario has no start, the next one). Default: "
            "the scenario's start; with --remaining and a watch, the last read of the watch. Required with --remaining "
            "and an estate file."
        ),
    ] = ""
    tz: TimeZone = ""


def runbook(options: RunbookOptions) -> int:
    """Write a runbook for the people who bring the machines home: each step in order, with values and times."""
    from failback.scenarios.runbooks.command import Extra, run_runbook
    from failback.scenarios.runbooks.scripts import ScriptKind

    script = ScriptKind(options.script) if options.script else None
    now, reader = datetime.now(UTC), _reader(options.remaining)
    extra = Extra(options.xlsx, script, options.remaining, options.start, options.tz, now, reader)
    run_runbook(options.scenario, options.runs, options.out, extra)
    return AS_EXPECTED


def _reader(later: Path | None) -> "Callable[[Scenario, Path], SoFar] | None":
    """What reads the folder of a watch; nothing of it is loaded where none is given."""
    if later is None or not later.is_dir():
        return None
    from failback.scenarios.watching.so_far import so_far

    return so_far
