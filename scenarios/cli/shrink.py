"""The command `shrink`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED


@dataclass(frozen=True, slots=True)
class ShrinkOptions:
    """What may be asked of it."""

    case: Annotated[Path, typer.Argument(help="A case that `failback explore --out` wrote.")]
    out: Annotated[Path | None, typer.Option(help="File for the smaller case. Default: print it.")] = None


def shrink(options: ShrinkOptions) -> int:
    """Reduce a failing case of `failback explore` to a smaller one that still fails."""
    from failback.scenarios.exploring.case import as_text
    from failback.scenarios.exploring.command import shrink as smallest
    from failback.scenarios.outputs.writing import refuse_what_is_not_ours, write_text

    if options.out is not None:
        refuse_what_is_not_ours(options.out, "case")
    case = smallest(options.case)
    if options.out is None:
        print(as_text(case), end="")
    else:
        write_text(options.out, as_text(case), "case")
        print(f"Case: {options.out}")
    return AS_EXPECTED
