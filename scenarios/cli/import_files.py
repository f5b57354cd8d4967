"""The command `import`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from failback.scenarios.usage_error import UsageError

from .exit_codes import AS_EXPECTED

_ARCHITECTURES = ("classic", "modernised")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What may be asked of it."""

    paths: Annotated[
        list[Path],
        typer.Argument(help="Exports: RVTools (xlsx, CSV), a vault's JSON, lists of machines; files, folders or zips."),
    ]
    bandwidth: Annotated[
        float,
        typer.Option(min=0.001, help="Bandwidth to Azure in Mbit/s; no file contains it."),
    ]
    out: Annotated[Path, typer.Option(help="The estate file to write.")] = Path("estate.yaml")
    architecture: Annotated[
        str | None, typer.Option(help="classic or modernised, for machines whose architecture no file shows.")
    ] = None
    redact: Annotated[
        bool, typer.Option("--redact", help="Write a pseudonymised copy instead: no original name is in it.")
    ] = False
    map_file: Annotated[
        Path | None, typer.Option("--map", help="With --redact: also write who is who, to keep apart from the copy.")
    ] = None


def import_files(options: ImportOptions) -> int:
    """Write an estate file from exports of vCenter and the vault: what they contain, and what does not fit together."""
    from failback.scenarios.estates.command import ImportRequest, run_import

    if options.architecture not in (None, *_ARCHITECTURES):
        raise UsageError(f"--architecture is '{options.architecture}', but it is classic or modernised.")
    if options.map_file is not None and not options.redact:
        raise UsageError("--map goes with --redact.")
    asked = ImportRequest(
        tuple(options.paths), options.out, options.bandwidth, options.architecture, options.redact, options.map_file
    )
    print(run_import(asked))
    return AS_EXPECTED
