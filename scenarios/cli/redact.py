"""The command `redact`."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from failback.scenarios.usage_error import UsageError

from .exit_codes import AS_EXPECTED
from .options import library_names

_COPY: Final = "redacted.yaml"


@dataclass(frozen=True, slots=True)
class RedactOptions:
    """What may be asked of it."""

    file: Annotated[
        str,
        typer.Argument(
            help="An estate or scenario file, or a library scenario. With --back: a text file with pseudonyms.",
            autocompletion=library_names,
        ),
    ]
    out: Annotated[Path | None, typer.Option(help=f"The copy to write. Default: {_COPY}.")] = None
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map",
            help="Also write the pseudonyms and original names to this file, which must be outside the folder of the "
            "copy. With --back: read them from it.",
        ),
    ] = None
    back: Annotated[
        bool,
        typer.Option(
            "--back",
            help="Write no copy. Print a text, such as a reply about the copy, with each pseudonym replaced by its "
            "original name from --map. The original UUIDs and IDs are not restored.",
        ),
    ] = False


def redact(options: RedactOptions) -> int:
    """Write a copy of an estate or scenario for others, with pseudonyms instead of names.

    `failback check` gives the same findings for the copy as for the original.
    """
    if options.back:
        return _back(options)
    from failback.scenarios.estates.redact_command import RedactRequest, run_redact

    print(run_redact(RedactRequest(options.file, options.out or Path(_COPY), options.map_file)))
    return AS_EXPECTED


def _back(options: RedactOptions) -> int:
    from failback.scenarios.estates.translated_back import translate_back

    if options.map_file is None:
        raise UsageError("--back needs --map FILE: the map that was written with the copy.")
    if options.out is not None:
        raise UsageError("--back prints the text and takes no --out; send what it prints to a file with `> FILE`.")
    told = translate_back(Path(options.file), options.map_file)
    print(told.text, end="")
    if told.warning:
        print(told.warning, file=sys.stderr)
    return AS_EXPECTED
