"""The command `aftercare`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from failback.scenarios.usage_error import UsageError

from .exit_codes import AS_EXPECTED, OTHERWISE
from .options import AsJson, SettingsFile, library_names, refuse_no_architecture, settings_for, world_among

_WORLDS: Final = ("lab", "azure")


@dataclass(frozen=True, slots=True)
class AftercareOptions:
    """What may be asked of it."""

    before: Annotated[
        str,
        typer.Argument(
            help="The estate before the return: a scenario file, an estate file, or a library scenario.",
            autocompletion=library_names,
        ),
    ]
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Exports from after the return, as for `failback import`."),
    ] = None
    after: Annotated[
        Path | None, typer.Option(help="Use this estate file from after the return instead of exports.")
    ] = None
    world: Annotated[
        str | None,
        typer.Option(
            help="Read a vault: azure (the one in the settings; exports are also read) or lab (a mock; no exports)."
        ),
    ] = None
    settings: SettingsFile = None
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("failback-aftercare")
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Also write aftercare.xlsx.")] = False
    architecture: Annotated[
        str | None,
        typer.Option(help="Architecture (classic or modernised) of the machines for which no file gives one."),
    ] = None
    prices: Annotated[
        Path | None, typer.Option(help="A CSV file of Azure prices, with the columns `what` and `per_month`.")
    ] = None
    price: Annotated[
        list[str] | None,
        typer.Option(help="One price per month, such as 'disk Premium_LRS/GiB=0.15'. Repeatable."),
    ] = None
    currency: Annotated[str, typer.Option(help="The currency of the prices, such as EUR.")] = ""
    as_json: AsJson = False


def aftercare(options: AftercareOptions) -> int:
    """After the return, list what remains to be done, and what is left in Azure."""
    from failback.scenarios.aftercare.command import AftercareRequest, run_aftercare, show

    _refuse_what_does_not_go_together(options)
    request = AftercareRequest(
        options.before,
        tuple(options.paths or ()),
        options.after,
        options.world,
        settings_for(options.world or "", options.settings),
        options.out,
        options.xlsx,
        options.architecture,
        options.prices,
        tuple(options.price or ()),
        options.currency,
        options.as_json,
    )
    care = run_aftercare(request)
    show(care, request)
    return AS_EXPECTED if care.is_complete else OTHERWISE


def _refuse_what_does_not_go_together(options: AftercareOptions) -> None:
    if options.world is not None:
        world_among(options.world, _WORLDS, "an aftercare reads files, or world azure or lab")
    given = [bool(options.paths), options.after is not None, options.world is not None]
    if not any(given):
        raise UsageError("There is nothing to compare with: give the paths of exports, --after, or --world azure.")
    if options.after is not None and sum(given) > 1:
        raise UsageError("--after cannot be combined with paths of exports or with --world; give only one of them.")
    if options.world == "lab" and options.paths:
        raise UsageError("World lab reads the mock and no files; leave out the paths.")
    refuse_no_architecture(options.architecture)
