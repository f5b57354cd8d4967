"""The command `pilot`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED
from .options import AsJson, ScenarioOrEstate, TimeZone


@dataclass(frozen=True, slots=True)
class PilotOptions:
    """What may be asked of it."""

    scenario: ScenarioOrEstate
    runs: Annotated[
        int, typer.Option(help="Number of simulated runs from which the range of each planned time is computed.")
    ] = 20
    start: Annotated[
        str,
        typer.Option(
            show_default=False,
            help="Start of the pilot: '2026-06-06 02:00', or 'Sat 02:00' (the last one before the scenario's start; "
            "if the scenario has no start, the next one). Choose one that is early enough for the pilot to end before "
            "the scenario's start. Without --start, the planned times assume that the pilot begins at the scenario's "
            "start.",
        ),
    ] = ""
    tz: TimeZone = ""
    taken: Annotated[
        list[str] | None,
        typer.Option("--with", help="Include this machine in the pilot. Repeatable."),
    ] = None
    left_out: Annotated[
        list[str] | None, typer.Option("--without", help="Exclude this machine from the pilot. Repeatable.")
    ] = None
    out: Annotated[Path, typer.Option(help="Write the pilot's runbook to this folder.")] = Path("failback-pilot")
    as_json: AsJson = False


def pilot(options: PilotOptions) -> int:
    """Choose a few machines to bring home first, and write their runbook."""
    from failback.scenarios.runbooks.pilot_command import run_pilot
    from failback.scenarios.runbooks.pilot_limits import PilotChoice

    now = datetime.now(UTC)
    run_pilot(
        options.scenario,
        options.runs,
        options.out,
        json_wanted=options.as_json,
        start=options.start,
        now=now,
        tz=options.tz,
        choice=PilotChoice(tuple(options.taken or ()), tuple(options.left_out or ())),
    )
    return AS_EXPECTED
