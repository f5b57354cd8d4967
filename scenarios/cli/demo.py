"""The command `demo`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from failback.scenarios.usage_error import UsageError

from .options import OutFolder, Seed, world_among
from .playing import Played, play_and_publish

ESTATES: Final = {"modernised": "first_drill_modernised", "classic": "first_drill"}


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What may be asked of it."""

    out: OutFolder = Path("failback-demo")
    seed: Seed = None
    fault: Annotated[
        str | None, typer.Option(help="Play this library scenario, with its faults, instead of the bundled drill.")
    ] = None
    estate: Annotated[str, typer.Option(help="Architecture of the bundled estate: modernised or classic.")] = (
        "modernised"
    )
    world: Annotated[str, typer.Option(help="Where to play it: sim, or lab, which needs a vcsim.")] = "sim"


def demo(options: DemoOptions) -> int:
    """Play the bundled drill, to Azure and home again, and write a report."""
    if options.estate not in ESTATES:
        raise UsageError(f"--estate is '{options.estate}', but it must be {' or '.join(ESTATES)}.")
    world_among(options.world, ("sim", "lab"), "the demo plays in sim and in lab")
    story = options.fault or ESTATES[options.estate]
    return play_and_publish(Played(story, options.world, options.seed, options.out, command="demo"))
