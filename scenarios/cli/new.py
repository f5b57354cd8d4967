"""The command `new`."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED


@dataclass(frozen=True, slots=True)
class NewOptions:
    """What may be asked of it."""

    name: Annotated[str, typer.Argument(help="Name of the scenario.")]
    estate: Annotated[Path, typer.Option("--from", help="Estate file, for instance one from `failback import`.")]
    machines: Annotated[
        Path,
        typer.Option(
            help="CSV or xlsx file with the columns `machine` and `application`; `failback docs runbook` lists more "
            "columns."
        ),
    ]
    start: Annotated[
        str, typer.Option(help="Start of the way home: 'Fri 18:00' (the next Friday) or '2026-06-05 18:00'.")
    ] = ""
    tz: Annotated[
        str, typer.Option(help="Time zone of the site and of --start, for example Asia/Tokyo. Default: UTC.")
    ] = ""
    out: Annotated[Path | None, typer.Option(help="File to write. Default: NAME.yaml.")] = None


def new(options: NewOptions) -> int:
    """Write a scenario for an estate; comments in it list what you must decide."""
    from failback.scenarios.estates.new_scenario import NewRequest, run_new
    from failback.scenarios.text.local_time import read_time, zone_named

    zone = zone_named(options.tz or "UTC")
    start = read_time(options.start, "start", zone, datetime.now(zone)) if options.start else None
    out = options.out or Path(f"{options.name}.yaml")
    print(run_new(NewRequest(options.name, options.estate, options.machines, out, start, options.tz or None)))
    return AS_EXPECTED
