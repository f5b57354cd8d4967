"""What `run` and `demo` do: load, play, write the result and say it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .exit_codes import VERDICTS
from .options import settings_for

if TYPE_CHECKING:
    from failback.scenarios.result import Result
    from failback.scenarios.schema import Scenario


@dataclass(frozen=True, slots=True)
class Played:
    """What is to be played, and how."""

    name: str
    world: str
    seed: int | None
    out: Path | None
    as_json: bool = False
    ask: bool = False
    settings_file: Path | None = None
    confirmed: Sequence[str] = ()


def play_and_publish(asked: Played) -> int:
    """Play it, write what `--out` wants, print the rest; returns the exit code."""
    from failback.scenarios.folders import ready
    from failback.scenarios.loader import load_scenario, resolve

    from .terminal import check_confirmed

    scenario = load_scenario(resolve(asked.name))
    check_confirmed(asked.confirmed, asked.world, scenario.estate)
    settings = settings_for(asked.world, asked.settings_file)
    if asked.out is not None:
        ready(asked.out)
    result = _play(asked, scenario, settings)
    _publish(result, asked.out, as_json=asked.as_json)
    return VERDICTS[result.verdict]


def _play(asked: Played, scenario: "Scenario", settings: Any) -> "Result":
    from failback.scenarios.player import Interrupted, history_file, play

    from .terminal import confirmation_of, operator_there

    try:
        with history_file(asked.out, at_once=asked.world != "sim") as sink:
            return play(
                scenario,
                world=asked.world,
                seed=asked.seed,
                hear=sink,
                operator=operator_there() if asked.ask else None,
                settings=settings,
                confirmation=confirmation_of(asked.confirmed),
                broken_off=partial(_write_if_wanted, out=asked.out),
            )
    except Interrupted as interrupted:
        return interrupted.result


def _publish(result: "Result", out: Path | None, *, as_json: bool) -> None:
    _write_if_wanted(result, out)
    if as_json:
        print(json.dumps(result.as_json(), indent=2, sort_keys=True))
        return
    from failback.scenarios.reports.timeline import print_timeline
    from failback.scenarios.terminal_console import console

    print_timeline(result, console())
    if out is not None:
        print(f"Report: {out / 'report.html'}")


def _write_if_wanted(result: "Result", out: Path | None) -> None:
    """All files of a result, or none: an interrupt waits."""
    from failback.scenarios.interrupts import shielded

    if out is not None:
        with shielded():
            _write(result, out)


def _write(result: "Result", out: Path) -> None:
    from failback.scenarios.files import write_text
    from failback.scenarios.reports.report import junit_xml, write_report

    write_text(out / "result.json", json.dumps(result.as_json(), indent=2, sort_keys=True) + "\n")
    write_text(out / "junit.xml", junit_xml(result))
    write_report(result, out / "report.html")
