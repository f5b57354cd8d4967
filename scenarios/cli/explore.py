"""The command `explore`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED, OTHERWISE
from .options import AsJson, ScenarioName


@dataclass(frozen=True, slots=True)
class ExploreOptions:
    """What may be asked of it."""

    scenario: ScenarioName
    crash: Annotated[
        bool, typer.Option("--crash", help="Kill the program before each of its steps, and resume it.")
    ] = False
    lost_replies: Annotated[
        bool, typer.Option("--lost-replies", help="Lose or disturb each request or its answer, in eleven ways.")
    ] = False
    bad_reads: Annotated[
        bool,
        typer.Option(
            "--bad-reads",
            help="Spoil each read of the vault: revoked credentials, a restart, unknown words, missing fields.",
        ),
    ] = False
    seeds: Annotated[
        int, typer.Option(min=0, max=10_000_000, help="Run this many drills; the seed of each chooses its faults.")
    ] = 0
    out: Annotated[
        Path | None, typer.Option(help="Write the cases that fail to this folder, for `failback shrink`.")
    ] = None
    as_json: AsJson = False


def explore(options: ExploreOptions) -> int:
    """Disturb a simulated drill at every step, and check that it never does harm and can always be resumed."""
    from failback.scenarios.exploring import command

    tallies = command.explore(
        options.scenario,
        crash=options.crash,
        lost_replies=options.lost_replies,
        seeds=options.seeds,
        bad_reads=options.bad_reads,
    )
    if options.as_json:
        print(json.dumps([tally.as_json() for tally in tallies], indent=2))
    else:
        print("SIMULATION. Nothing real was touched.")
        print(*command.lines(tallies), sep="\n")
    if options.out is not None and any(tally.failing for tally in tallies):
        command.keep(tallies, options.out)
    return OTHERWISE if any(tally.violations for tally in tallies) else AS_EXPECTED
