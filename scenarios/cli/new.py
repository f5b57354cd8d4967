"""The command `new`."""

from dataclasses import dataclass
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
            help="CSV or xlsx with the columns machine and application, and more: see `failback docs runbook`."
        ),
    ]
    out: Annotated[Path | None, typer.Option(help="File to write. Default: NAME.yaml.")] = None


def new(options: NewOptions) -> int:
    """Write a scenario for an estate. Its waves follow applications and disk slots; comments list your decisions."""
    from failback.scenarios.estates.new_scenario import NewRequest, run_new

    out = options.out or Path(f"{options.name}.yaml")
    print(run_new(NewRequest(options.name, options.estate, options.machines, out)))
    return AS_EXPECTED
