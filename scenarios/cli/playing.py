"""What `run` and `demo` do: load, play, write the result and say it."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .consent_options import ConsentOptions, consent_for, scenario_to_run
from .detached import outlives_its_terminal
from .exit_codes import VERDICTS
from .options import settings_for

if TYPE_CHECKING:
    from failback.scenarios.outputs.run_folders.run_folder import RunFolder
    from failback.scenarios.reports.kept_run import Ended


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
    consent: ConsentOptions = ConsentOptions()


def play_and_publish(options: Played) -> int:
    """Play it, write what `--out` wants, print the rest; returns the exit code.

    What breaks a run off (an endpoint that is lost, a disk that is full) is raised after what was done is told.
    """
    from failback.scenarios.files.loader import load_scenario, resolve
    from failback.scenarios.reports.kept_run import RunOptions, play_in, run_folder

    from .terminal import check_confirmed, confirmation_of, operator_there

    scenario = scenario_to_run(load_scenario(resolve(options.name)), options.world, options.consent)
    check_confirmed(options.confirmed, options.world, scenario.estate)
    settings = settings_for(options.world, options.settings_file)
    how = RunOptions(options.world, options.seed, settings=settings, confirmation=confirmation_of(options.confirmed))
    how = replace(how, consent=consent_for(scenario, settings, options.consent))
    how = replace(how, operator=operator_there() if options.ask else None)
    with run_folder(options.out, options.command, scenario, how) as folder, outlives_its_terminal(folder):
        ended = play_in(folder, scenario, how)
        cause = _publish(ended, folder, as_json=options.as_json)
    if cause is not None:
        raise cause
    return VERDICTS[ended.result.verdict]


@dataclass(frozen=True, slots=True)
class Resumed:
    """Which run goes on, and how."""

    folder: Path
    as_json: bool = False
    ask: bool = False
    settings_file: Path | None = None
    confirmed: Sequence[str] = ()
    consent: ConsentOptions = ConsentOptions()


def resume_and_publish(options: Resumed) -> int:
    """Go on with a run that was broken off, write what it leaves, print the rest; returns the exit code."""
    from failback.scenarios.reports.resumed_run import ResumeOptions, in_its_vault, resumable, resume_in

    from .terminal import check_confirmed, confirmation_of, operator_there

    with resumable(options.folder) as run, outlives_its_terminal(run.folder):
        world = run.folder.identity.world
        check_confirmed(options.confirmed, world, run.scenario.estate)
        settings = settings_for(world, options.settings_file)
        operator = operator_there() if options.ask else None
        consent = consent_for(run.scenario, settings, options.consent)
        how = ResumeOptions(operator, settings, confirmation_of(options.confirmed), consent)
        run = in_its_vault(run, how)
        ended = resume_in(run, how)
        cause = _publish(ended, run.folder, as_json=options.as_json)
    if cause is not None:
        raise cause
    return VERDICTS[ended.result.verdict]


def _publish(ended: "Ended", folder: "RunFolder | None", *, as_json: bool) -> Exception | None:
    """Write and print; returns what is to be raised in the end."""
    from failback.scenarios.outputs.refusal import CannotWrite
    from failback.scenarios.reports.kept_run import write_run

    result, refused = ended.result, write_run(ended, folder)
    if folder is not None and (refused is not None or isinstance(ended.cause, CannotWrite)):
        print(f"What could be written is in {folder.work}.", file=sys.stderr)
    if as_json:
        print(json.dumps(result.as_json(), indent=2, sort_keys=True))
        _say_how_to_go_on(ended, folder)
        return ended.cause or refused
    from failback.scenarios.reports.timeline import print_timeline
    from failback.scenarios.text.terminal_console import console

    print_timeline(result, console())
    if folder is not None and refused is None and folder.over:
        print(f"Report: {folder.folder / 'report.html'}")
    _say_how_to_go_on(ended, folder)
    return ended.cause or refused


def _say_how_to_go_on(ended: "Ended", folder: "RunFolder | None") -> None:
    """A run in world azure that broke off can go on; one in the lab only where its simulators outlive it."""
    if folder is not None and _outlives_us(folder.identity.world) and (ended.cause or ended.interrupted):
        print(f"To continue this run, use `failback resume {folder.folder}`.", file=sys.stderr)


def _outlives_us(world: str) -> bool:
    """Whether what was driven is still there when this process has ended."""
    from failback.scenarios.run.lab_client import MOCK

    return world == "azure" or (world == "lab" and MOCK in os.environ)
