"""The command `redact`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED
from .options import library_names


@dataclass(frozen=True, slots=True)
class RedactOptions:
    """What may be asked of it."""

    file: Annotated[
        str,
        typer.Argument(help="An estate or scenario file, or a library scenario.", autocompletion=library_names),
    ]
    out: Annotated[Path, typer.Option(help="The copy to write.")] = Path("redacted.yaml")
    map_file: Annotated[
        Path | None,
        typer.Option("--map", help="Also write the pseudonyms and original names to this file; store it separately."),
    ] = None


def redact(options: RedactOptions) -> int:
    """Write a copy of an estate or scenario with pseudonyms instead of names.

    `failback check` gives the same findings for the copy as for the original.
    """
    from failback.scenarios.estates.redact_command import RedactRequest, run_redact

    print(run_redact(RedactRequest(options.file, options.out, options.map_file)))
    return AS_EXPECTED
