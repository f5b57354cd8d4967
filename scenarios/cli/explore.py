"""The command `explore`."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .exit_codes import AS_EXPECTED, OTHERWISE
from .options import AsJson, ScenarioName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failback.scenarios.exploring.command import Tally


@dataclass(frozen=True, slots=True)
class ExploreOptions:
    """What may be asked of it."""

    scenario: ScenarioName
    crash: Annotated[
        bool, typer.Option("--crash", help="Kill the program before each step of the run, and resume the run.")
    ] = False
    lost_replies: Annotated[
        bool,
        typer.Option(
            "--lost-replies",
            help="Make each request fail in eleven ways: for example, the response is lost.",
        ),
    ] = False
    bad_reads: Annotated[
        bool,
        typer.Option(
            "--bad-reads",
            help="Disturb each read of the vault in four ways: for example, optional fields are missing.",
        ),
    ] = False
    seeds: Annotated[
        int,
        typer.Option(
            min=0, max=10_000_000, help="Simulate this many runs, each with the faults that its seed determines."
        ),
    ] = 0
    out: Annotated[
        Path | None, typer.Option(help="Write the cases that fail to this folder, for `failback shrink`.")
    ] = None
    as_json: AsJson = False


def explore(options: ExploreOptions) -> int:
    """Test a scenario: simulate crashes and failed requests, and let checkers examine each run.

    A checker verifies one condition: for example, that no request is sent twice (see `failback docs resume`).
    """
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
        print(f"SIMULATION of {options.scenario}. Nothing real was touched.")
        print(*command.lines(tallies), sep="\n")
    if any(tally.failing for tally in tallies):
        _keep(options.out, tallies)
    return OTHERWISE if any(tally.violations for tally in tallies) else AS_EXPECTED


def _keep(out: Path | None, tallies: "Sequence[Tally]") -> None:
    """Write the cases that fail, and say where, or how to have them written. The output itself may be JSON."""
    from failback.scenarios.exploring import command

    if out is None:
        print("To keep the cases that fail, add --out FOLDER; `failback shrink` makes one smaller.", file=sys.stderr)
        return
    files = command.keep(tallies, out)
    print(f"Cases: {files[0]} to {files[-1].name}" if len(files) > 1 else f"Case: {files[0]}", file=sys.stderr)
    print(f"To make one smaller, use `failback shrink {files[0]}`.", file=sys.stderr)
