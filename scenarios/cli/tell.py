"""The command `tell`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer


@dataclass(frozen=True, slots=True)
class TellOptions:
    """What may be asked of it."""

    folder: Annotated[Path, typer.Argument(help="The folder of a run in progress (world lab or azure).")]
    instruction: Annotated[
        Literal["pause", "continue", "skip", "abandon"],
        typer.Argument(help="pause, continue, skip (one machine), or abandon (send no more requests, and end)."),
    ]
    item: Annotated[str | None, typer.Argument(help="The machine to skip.")] = None


def tell(options: TellOptions) -> int:
    """Tell a run in progress to pause, continue, skip a machine or end."""
    from failback.reprotect import Instruction
    from failback.scenarios.reports.telling import tell as write_down

    print(write_down(options.folder, Instruction(options.instruction), options.item))
    return 0
