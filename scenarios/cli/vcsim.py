"""The command `vcsim`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from failback.scenarios.usage_error import UsageError


@dataclass(frozen=True, slots=True)
class VcsimOptions:
    """What may be asked of it."""

    scenario: Annotated[str | None, typer.Argument(help="Serve this scenario's estate until Ctrl-C.")] = None
    where: Annotated[bool, typer.Option("--where", help="Print which vcsim would be used.")] = False
    install: Annotated[
        bool, typer.Option("--install", help="Build vcsim and store it in the cache. This needs the network and Go.")
    ] = False
    load: Annotated[
        Path | None, typer.Option(help="Serve the copy of a vCenter that `govc object.save` wrote to this folder.")
    ] = None


def vcsim(options: VcsimOptions) -> int:
    """Find, install or run vcsim, VMware's vCenter simulator."""
    from failback.scenarios.servers import vcsim_server

    from .redacted_streams import print_with_login

    if options.install:
        return vcsim_server.install(print)
    if options.where:
        return vcsim_server.where(print)
    if options.load is not None and options.scenario is not None:
        raise UsageError("Both a scenario and --load were given; a vcsim can serve only one of them.")
    if options.load is not None:
        return vcsim_server.load(options.load, print, print_with_login)
    if options.scenario is None:
        raise UsageError("Nothing to do: name a scenario to serve, or give --load, --where or --install.")
    return vcsim_server.stay(options.scenario, print, print_with_login)
