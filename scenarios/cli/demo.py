"""The command `demo`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from failback.scenarios.usage_error import UsageError

from .options import OutFolder, Seed, library_names, world_among
from .playing import Played, play_and_publish

DRILLS: Final = {"modernised": "first_drill_modernised", "classic": "first_drill"}


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What may be asked of it."""

    out: OutFolder = Path("failback-demo")
    seed: Seed = None
    scenario: Annotated[
        str | None,
        typer.Option(
            help="Simulate this library scenario instead of the bundled drill.",
            autocompletion=library_names,
        ),
    ] = None
    architecture: Annotated[str, typer.Option(help="Architecture of the bundled drill: modernised or classic.")] = (
        "modernised"
    )
    world: Annotated[
        str,
        typer.Option(help="Where to run it: sim (in memory) or lab (a mock vault and a vCenter simulator)."),
    ] = "sim"


def demo(options: DemoOptions) -> int:
    """Try failback: simulate a drill in which twelve machines go to Azure and come home, and write a report."""
    if options.architecture not in DRILLS:
        raise UsageError(f"--architecture is '{options.architecture}', but it must be {' or '.join(DRILLS)}.")
    world_among(options.world, ("sim", "lab"), "the demo plays in sim and in lab")
    scenario = options.scenario or DRILLS[options.architecture]
    return play_and_publish(Played(scenario, options.world, options.seed, options.out, command="demo"))
