"""The command `new`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED


@dataclass(frozen=True, slots=True)
class NewOptions:
    """What may be asked of it."""

    name: Annotated[str, typer.Argument(help="Name of the scenario.")]
    estate: Annotated[Path, typer.Option("--from", help="Estate file, such as one from `failback import`.")]
    machines: Annotated[
        Path,
        typer.Option(
            help="CSV or xlsx file with the columns `machine` and `application`; `failback docs runbook` lists more "
            "columns."
        ),
    ]
    start: Annotated[
        str,
        typer.Option(help="Start of the way home: 'Fri 18:00' (the next one) or '2026-06-05 18:00'."),
    ] = ""
    cutover: Annotated[
        str,
        typer.Option(
            show_default=False,
            help="Earliest time at which machines may fail back, such as 'Fri 18:00' (the first one after --start or, "
            "without --start, the next one). Waves replicate home in advance, as long as there are free slots "
            "for their disks. --start is then the earliest time at "
            "which machines may begin to replicate home (default: the next full hour).",
        ),
    ] = ""
    tz: Annotated[
        str,
        typer.Option(help="Time zone of the site, of --start and of --cutover, such as Asia/Tokyo. Default: UTC."),
    ] = ""
    out: Annotated[Path | None, typer.Option(help="File to write. Default: NAME.yaml.")] = None


def new(options: NewOptions) -> int:
    """Write a scenario for an estate; comments in it list what you must decide."""
    from failback.scenarios.estates.new_request import NewRequest
    from failback.scenarios.estates.new_scenario import run_new
    from failback.scenarios.text.local_time import read_time, zone_named

    zone = zone_named(options.tz or "UTC")
    now = datetime.now(zone)
    start = read_time(options.start, "start", zone, now) if options.start else None
    cutover = read_time(options.cutover, "cutover", zone, start or now) if options.cutover else None
    if cutover is not None and start is None:
        start = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    out = options.out or Path(f"{options.name}.yaml")
    asked = NewRequest(options.name, options.estate, options.machines, out, start, options.tz or None, cutover)
    print(run_new(asked))
    return AS_EXPECTED
