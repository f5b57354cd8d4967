"""What `run` and `demo` do: load, play, write the result and say it."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .exit_codes import VERDICTS
from .options import settings_for

if TYPE_CHECKING:
    from failback.scenarios.files.schema import Scenario
    from failback.scenarios.outputs.refusal import CannotWrite
    from failback.scenarios.outputs.run_folders.run_folder import RunFolder
    from failback.scenarios.run.result import Result


@dataclass(frozen=True, slots=True)
class Played:
    """What is to be played, and how."""

    name: str
    world: str
    seed: int | None
    out: Path | None
    as_json: bool = False
    ask: bool = False
    command: str = "run"
    settings_file: Path | None = None
    confirmed: Sequence[str] = ()


def play_and_publish(options: Played) -> int:
    """Play it, write what `--out` wants, print the rest; returns the exit code.

    What breaks a run off (an endpoint that is lost, a disk that is full) is raised after what was done is told.
    """
    from failback.scenarios.files.loader import load_scenario, resolve

    from .terminal import check_confirmed

    scenario = load_scenario(resolve(options.name))
    check_confirmed(options.confirmed, options.world, scenario.estate)
    settings = settings_for(options.world, options.settings_file)
    with _folder(options, scenario) as kept:
        result, cause = _play(options, scenario, settings, kept)
        cause = _publish(result, kept, as_json=options.as_json, cause=cause)
    if cause is not None:
        raise cause
    return VERDICTS[result.verdict]


@contextmanager
def _folder(options: Played, scenario: "Scenario") -> "Iterator[RunFolder | None]":
    if options.out is None:
        yield None
        return
    from failback.scenarios.outputs.run_folders.identity import here
    from failback.scenarios.outputs.run_folders.run_folder import begun

    with begun(options.out, here(options.command, _facts(options, scenario))) as kept:
        yield kept


def _facts(options: Played, scenario: "Scenario") -> dict[str, object]:
    from failback.scenarios.run.player import LABELS, versions_of

    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "world": options.world,
        "label": LABELS[options.world],
        "seed": scenario.seed if options.seed is None else options.seed,
        "starts_at": scenario.starts_at,
        "versions": versions_of(scenario, options.world),
    }


def _play(
    options: Played, scenario: "Scenario", settings: Any, kept: "RunFolder | None"
) -> "tuple[Result, Exception | None]":
    """The result, and what broke the run off. Where nothing was done, the folder is left as it was."""
    from failback.scenarios.run.player import Interrupted, RunAborted

    try:
        return _played(options, scenario, settings, kept)
    except Interrupted as interrupted:
        return interrupted.result, None
    except RunAborted as broken:
        return broken.result, broken.cause
    except BaseException:
        if kept is not None:
            kept.discard()
        raise


def _played(
    options: Played, scenario: "Scenario", settings: Any, kept: "RunFolder | None"
) -> "tuple[Result, Exception | None]":
    from failback.scenarios.outputs.refusal import CannotWrite
    from failback.scenarios.outputs.run_folders.history_file import history_file
    from failback.scenarios.run.player import play

    from .terminal import confirmation_of, operator_there

    result = None
    try:
        with history_file(None if kept is None else kept.work, at_once=options.world != "sim") as sink:
            result = play(
                scenario,
                world=options.world,
                seed=options.seed,
                on_line=sink,
                operator=operator_there() if options.ask else None,
                settings=settings,
                confirmation=confirmation_of(options.confirmed),
            )
    except CannotWrite as full:  # the last lines of a history that waited in memory
        if result is None:
            raise
        return result, full
    return result, None


def _publish(result: "Result", kept: "RunFolder | None", *, as_json: bool, cause: Exception | None) -> Exception | None:
    """Write and print; returns what is to be raised in the end."""
    from failback.scenarios.interrupts import shielded

    with shielded():  # all files of a result, or none: an interrupt waits
        refused = None if kept is None else _write(result, kept, cause)
    if as_json:
        print(json.dumps(result.as_json(), indent=2, sort_keys=True))
        return cause or refused
    from failback.scenarios.reports.timeline import print_timeline
    from failback.scenarios.text.terminal_console import console

    print_timeline(result, console())
    if kept is not None and refused is None and kept.over:
        print(f"Report: {kept.folder / 'report.html'}")
    return cause or refused


def _write(result: "Result", kept: "RunFolder", cause: Exception | None) -> "CannotWrite | None":
    """Write all but the history. A run of which all is there is over, and takes the place of an earlier one."""
    from failback.scenarios.outputs.refusal import CannotWrite
    from failback.scenarios.reports.publishing import write_result

    refused = write_result(result, kept.work)
    if refused is None and not isinstance(cause, CannotWrite):
        try:
            kept.finish()
        except CannotWrite as full:
            refused = full
    if refused is not None or isinstance(cause, CannotWrite):
        print(f"What could be written is in {kept.work}.", file=sys.stderr)
    return refused
