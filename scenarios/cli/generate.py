"""The command `generate`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from failback.scenarios.usage_error import UsageError

from .exit_codes import AS_EXPECTED


@dataclass(frozen=True, slots=True)
class GenerateOptions:
    """What may be asked of it."""

    recipe: Annotated[Path | None, typer.Argument(help="A recipe (YAML); see --example.")] = None
    out: Annotated[Path, typer.Option(help="The estate file to write.")] = Path("estate.yaml")
    seed: Annotated[int | None, typer.Option(help="Use this seed instead of the recipe's.")] = None
    example: Annotated[bool, typer.Option("--example", help="Print an example recipe.")] = False


def generate(options: GenerateOptions) -> int:
    """Write an invented estate of any size, from a recipe and a seed."""
    from failback.scenarios.estates.generate_command import run_generate
    from failback.scenarios.estates.recipe import example

    if options.example:
        print(example().read_text(encoding="utf-8"), end="")
    elif options.recipe is None:
        raise UsageError("No recipe was given; name a file, or print an example with --example.")
    else:
        print(run_generate(options.recipe, options.out, options.seed))
    return AS_EXPECTED
