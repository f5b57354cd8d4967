"""The command `mock`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer


@dataclass(frozen=True, slots=True)
class MockCommandOptions:
    """What may be asked of it."""

    scenario: Annotated[
        str | None, typer.Argument(help="The scenario whose estate is served. Default: a showcase vault.")
    ] = None
    estate: Annotated[Path | None, typer.Option(help="Serve the estate in this file instead of a scenario's.")] = None
    port: Annotated[int, typer.Option(help="Port; 0 picks a free one.")] = 0
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1"
    operations_host: Annotated[
        str | None,
        typer.Option(help="Host name in the URLs of long-running operations."),
    ] = None
    no_tls: Annotated[bool, typer.Option("--no-tls", help="Serve plain HTTP. SDKs refuse to send tokens over it.")] = (
        False
    )
    ca_file: Annotated[
        Path | None, typer.Option(help="File for the certificate that clients must trust. Default: a temporary file.")
    ] = None
    clock: Annotated[
        str,
        typer.Option(
            help="poll (time jumps ahead when a client reads something unfinished), step (only the control API "
            "advances time) or real:FACTOR (FACTOR times as fast as the wall clock)."
        ),
    ] = "poll"
    vcsim: Annotated[
        bool,
        typer.Option(
            "--vcsim",
            help="Mirror the simulated site in the running vcsim that FAILBACK_VCSIM names; requires a scenario.",
        ),
    ] = False
    consistency: Annotated[
        str, typer.Option(help="strong, or eventual:SECONDS (reads lag by this many virtual seconds).")
    ] = "strong"
    no_control: Annotated[
        bool,
        typer.Option(
            "--no-control", help="Turn off the control API under /failback/, which sets the mock's clock and faults."
        ),
    ] = False
    retry_after: Annotated[
        bool,
        typer.Option(
            "--retry-after",
            help="With --clock poll: send Retry-After: 1, for clients that ignore other retry headers.",
        ),
    ] = False
    limit_reads: Annotated[
        bool,
        typer.Option(
            "--limit-reads",
            help="Limit reads as Azure does: 250 at once, and 25 more per second. Further reads get status 429.",
        ),
    ] = False
    require_token: Annotated[
        bool,
        typer.Option(
            "--require-token",
            help="Answer 401 to Azure API requests without a bearer token; any token is accepted.",
        ),
    ] = False
    subscription: Annotated[str | None, typer.Option(help="Accept only this subscription.")] = None
    resource_group: Annotated[str | None, typer.Option(help="Accept only this resource group.")] = None
    vault: Annotated[str | None, typer.Option(help="Accept only this vault.")] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON when the server is ready.")] = False


def mock(options: MockCommandOptions) -> int:
    """Serve the ASR mock, a simulated vault for any Azure client, until Ctrl-C."""
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
            vcsim=options.vcsim,
            consistency=options.consistency,
            as_json=options.as_json,
            control=not options.no_control,
            retry_after=options.retry_after,
            limit_reads=options.limit_reads,
            require_token=options.require_token,
            subscription=options.subscription,
            resource_group=options.resource_group,
            vault=options.vault,
        )
    )
