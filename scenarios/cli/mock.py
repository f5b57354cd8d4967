"""The command `mock`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer


@dataclass(frozen=True, slots=True)
class MockCommandOptions:
    """What may be asked of it."""

    scenario: Annotated[
        str | None, typer.Argument(help="A scenario whose estate is served; the showcase vault when left out.")
    ] = None
    estate: Annotated[Path | None, typer.Option(help="An estate file instead.")] = None
    port: Annotated[int, typer.Option(help="Port; a free one when 0.")] = 0
    host: Annotated[str, typer.Option(help="Address to listen on; loopback unless you say otherwise.")] = "127.0.0.1"
    operations_host: Annotated[
        str | None,
        typer.Option(help="Another name of this machine, for long-running operations only; localhost, for instance."),
    ] = None
    no_tls: Annotated[bool, typer.Option("--no-tls", help="Plain http; SDKs refuse to send tokens over it.")] = False
    ca_file: Annotated[
        Path | None, typer.Option(help="Where the certificate to trust is written; a temporary file when left out.")
    ] = None
    clock: Annotated[
        str,
        typer.Option(
            help="poll (a look at what is unfinished jumps ahead), step (only /failback/clock moves it) or real:FACTOR."
        ),
    ] = "poll"
    consistency: Annotated[
        str, typer.Option(help="strong, or eventual:SECONDS: reads show what was so many virtual seconds ago.")
    ] = "strong"
    no_control: Annotated[bool, typer.Option("--no-control", help="Switch the control plane off.")] = False
    subscription: Annotated[str | None, typer.Option(help="Take this subscription only.")] = None
    resource_group: Annotated[str | None, typer.Option(help="Take this resource group only.")] = None
    vault: Annotated[str | None, typer.Option(help="Take this vault only.")] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON once it listens.")] = False


def mock(options: MockCommandOptions) -> int:
    """Serve the ASR mock until Ctrl-C: a simulated vault for any client of Azure Resource Manager."""
    from failback.scenarios.servers.mock_options import MockOptions
    from failback.scenarios.servers.mock_server import serve_until_interrupted

    return serve_until_interrupted(
        MockOptions(
            scenario=options.scenario,
            estate=options.estate,
            host=options.host,
            port=options.port,
            tls=not options.no_tls,
            ca_file=options.ca_file,
            operations_host=options.operations_host,
            clock=options.clock,
            consistency=options.consistency,
            as_json=options.as_json,
            control=not options.no_control,
            subscription=options.subscription,
            resource_group=options.resource_group,
            vault=options.vault,
        )
    )
