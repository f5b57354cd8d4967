"""The command `import`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from failback.scenarios.usage_error import UsageError

from .exit_codes import AS_EXPECTED
from .options import SettingsFile, refuse_no_architecture, settings_for, world_among

if TYPE_CHECKING:
    from failback.scenarios.estates.command import ImportRequest

_WORLDS: Final = ("azure", "lab")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What may be asked of it."""

    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Files, folders or zip files: RVTools exports, a vault's JSON, `govc object.save`, lists of "
            "machines. With --world lab: instead of these, one scenario, whose estate the simulators serve."
        ),
    ] = None
    bandwidth: Annotated[
        float | None,
        typer.Option(
            min=0.001,
            help="Bandwidth of the link between Azure and the site in Mbit/s. Required, except with --role or "
            "--collect.",
        ),
    ] = None
    world: Annotated[
        str | None,
        typer.Option(
            help="azure: also read the vault and the vCenter in the settings. lab: read simulators instead of files."
        ),
    ] = None
    settings: SettingsFile = None
    role: Annotated[
        str | None,
        typer.Option(
            help="Print a role with the permissions for --world azure: azure (for the vault) or vsphere (for the "
            "vCenter)."
        ),
    ] = None
    collect: Annotated[
        str | None,
        typer.Option(
            help="Print a script that exports the data: sh for a vault (Azure CLI), ps1 for a vCenter (PowerCLI)."
        ),
    ] = None
    out: Annotated[Path, typer.Option(help="The estate file to write.")] = Path("estate.yaml")
    architecture: Annotated[
        str | None,
        typer.Option(help="Architecture (classic or modernised) of the machines for which no file gives one."),
    ] = None
    redact: Annotated[bool, typer.Option("--redact", help="Write pseudonyms instead of names to the estate file.")] = (
        False
    )
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map",
            help="With --redact: also write the pseudonyms and original names to this file, which must be outside the "
            "folder of the estate file.",
        ),
    ] = None


def import_files(options: ImportOptions) -> int:
    """Describe your machines in an estate file, from exports or from a live vault and vCenter."""
    for option in ("role", "collect"):
        if (which := getattr(options, option)) is not None:
            return _hand_out(option, which)
    from failback.scenarios.estates.command import run_import

    print(run_import(_request(options)))
    return AS_EXPECTED


def _hand_out(option: str, which: str) -> int:
    from failback.scenarios.estates.handouts import HANDOUTS

    files = HANDOUTS[option]
    if which not in files:
        raise UsageError(f"--{option} is '{which}', but it is {' or '.join(files)}.")
    print(files[which].read_text(encoding="utf-8"), end="")
    return AS_EXPECTED


def _request(options: ImportOptions) -> "ImportRequest":
    from failback.scenarios.estates.command import ImportRequest

    _refuse_what_does_not_go_together(options)
    assert options.bandwidth is not None
    return ImportRequest(
        tuple(options.paths or ()),
        options.out,
        options.bandwidth,
        options.architecture,
        options.redact,
        options.map_file,
        options.world,
        settings_for(options.world or "", options.settings),
    )


def _refuse_what_does_not_go_together(options: ImportOptions) -> None:
    if options.world is not None:
        world_among(options.world, _WORLDS, "an import reads files, or world azure or lab")
    if options.bandwidth is None:
        raise UsageError("--bandwidth is missing: give the bandwidth to Azure in Mbit/s; no export contains it.")
    if options.world == "lab" and len(options.paths or ()) != 1:
        raise UsageError("World lab reads one scenario: give its file or its name in the library, and nothing else.")
    if options.world is None and not options.paths:
        raise UsageError("There is nothing to read: give the paths of exports, or --world azure.")
    refuse_no_architecture(options.architecture)
    if options.map_file is not None and not options.redact:
        raise UsageError("--map can be used only with --redact.")
