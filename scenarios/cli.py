"""The command line. Stable: scripts and tests outside the project call it."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.exceptions import TyperException

from .refused import Refused
from .terminal_output import clean_streams

if TYPE_CHECKING:
    from .result import Result

AS_EXPECTED, OTHERWISE, BAD_INPUT, UNREACHABLE, INTERRUPTED = range(5)
VERDICTS: Final = {"as_expected": AS_EXPECTED, "otherwise": OTHERWISE, "interrupted": INTERRUPTED}
ESTATES: Final = {"modernised": "first_drill_modernised", "classic": "first_drill"}

app = typer.Typer(
    name="failback",
    help="Rehearse, regression-test, predict and run the way home from Azure Site Recovery.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Out = Annotated[Path | None, typer.Option(help="Folder for history.jsonl, result.json, report.html and junit.xml.")]
Seed = Annotated[
    int | None,
    typer.Option(min=-(2**63), max=2**63 - 1024, help="Seed of all chance; the scenario's own when left out."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
ScenarioName = Annotated[str, typer.Argument(help="A scenario file, or the name of one of the library.")]


def run() -> int:
    """Run the command line; returns the exit code."""
    with clean_streams():
        return _run()


def _run() -> int:
    try:
        return int(app(standalone_mode=False) or AS_EXPECTED)
    except typer.Exit as ended:
        return int(ended.exit_code)
    except TyperException as wrong:
        return _say(f"{wrong.format_message()} See failback --help.", BAD_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        return _say("Interrupted before the drill began; nothing was changed.", INTERRUPTED)
    except Exception as error:
        return _explain(error)


def _explain(error: Exception) -> int:
    for kinds, code in _codes():
        if isinstance(error, kinds):
            return _say(str(error), code)
    raise error


def _codes() -> tuple[tuple[tuple[type[Exception], ...], int], ...]:
    from failback.adapters import BadSettings, NotUnderstood, ReadOnly
    from failback.reprotect import PlanObjected, Unreachable, VsphereRefused

    from .yaml_source import BadInput

    bad_input = (BadInput, BadSettings, PlanObjected, ReadOnly, Refused)
    return (bad_input, BAD_INPUT), ((NotUnderstood, Unreachable, VsphereRefused), UNREACHABLE)


def _say(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"failback {version('failback')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def demo(
    out: Out = Path("failback-demo"),
    seed: Seed = None,
    fault: Annotated[str | None, typer.Option(help="Play this library scenario's mishap instead.")] = None,
    estate: Annotated[str, typer.Option(help="modernised or classic.")] = "modernised",
    world: Annotated[str, typer.Option(help="sim (default) or lab, which needs a vcsim.")] = "sim",
) -> int:
    """Play the bundled estate through all six legs and write a report."""
    if estate not in ESTATES:
        raise Refused(f"--estate is '{estate}'; there are {' and '.join(ESTATES)}.")
    if world not in ("sim", "lab"):
        raise Refused(f"--world is '{world}'; the demo plays in sim and in lab.")
    return _play(fault or ESTATES[estate], world, seed, out, as_json=False)


@app.command(name="run")
def run_scenario(
    scenario: ScenarioName,
    world: Annotated[str, typer.Option(help="sim (default), lab or azure.")] = "sim",
    seed: Seed = None,
    out: Out = None,
    as_json: AsJson = False,
    ask: Annotated[bool, typer.Option("--ask", help="Ask at the terminal for gates and remedies.")] = False,
    settings: Annotated[Path | None, typer.Option(help="Settings file for world azure.")] = None,
    confirm_remedy: Annotated[
        list[str] | None, typer.Option(help="Name of an object that a remedy may change in world azure; repeatable.")
    ] = None,
) -> int:
    """Play a scenario in a world."""
    if world not in ("sim", "lab", "azure"):
        raise Refused(f"--world is '{world}'; the worlds are sim, lab and azure.")
    named = confirm_remedy or ()
    return _play(scenario, world, seed, out, as_json=as_json, ask=ask, settings_file=settings, confirmed=named)


def _play(
    name: str,
    world: str,
    seed: int | None,
    out: Path | None,
    *,
    as_json: bool,
    ask: bool = False,
    settings_file: Path | None = None,
    confirmed: Sequence[str] = (),
) -> int:
    from .folders import ready
    from .loader import load_scenario, resolve
    from .player import Interrupted, history_file, play
    from .terminal import check_confirmed, confirmation_of, operator_there

    scenario = load_scenario(resolve(name))
    check_confirmed(confirmed, world, scenario.estate)
    settings = _settings(world, settings_file)
    if out is not None:
        ready(out)
    try:
        with history_file(out, at_once=world != "sim") as sink:
            result = play(
                scenario,
                world=world,
                seed=seed,
                hear=sink,
                operator=operator_there() if ask else None,
                settings=settings,
                confirmation=confirmation_of(confirmed),
            )
    except Interrupted as interrupted:
        result = interrupted.result
    _publish(result, out, as_json=as_json)
    return VERDICTS[result.verdict]


def _settings(world: str, file: Path | None) -> Any:
    if world != "azure":
        return None
    import os

    from failback.adapters import load_settings

    return load_settings(file, os.environ)


def _publish(result: "Result", out: Path | None, *, as_json: bool) -> None:
    if out is not None:
        _write(result, out)
    if as_json:
        print(json.dumps(result.as_json(), indent=2, sort_keys=True))
        return
    from .reports.timeline import print_timeline
    from .terminal_console import console

    print_timeline(result, console())
    if out is not None:
        print(f"Report: {out / 'report.html'}")


def _write(result: "Result", out: Path) -> None:
    from .reports.report import junit_xml, write_report

    text = json.dumps(result.as_json(), indent=2, sort_keys=True) + "\n"
    (out / "result.json").write_text(text, encoding="utf-8", newline="\n")
    (out / "junit.xml").write_text(junit_xml(result), encoding="utf-8", newline="\n")
    write_report(result, out / "report.html")


@app.command()
def lint(
    scenarios: Annotated[list[str], typer.Argument(help="Scenario files or library names.")], as_json: AsJson = False
) -> int:
    """Check scenarios: schema and sense, with line numbers."""
    from .loader import load_scenario, resolve
    from .yaml_source import BadInput

    mistakes: list[Any] = []
    for name in scenarios:
        try:
            load_scenario(resolve(name))
        except BadInput as bad:
            mistakes += bad.mistakes
    _print_mistakes(mistakes, len(scenarios), as_json=as_json)
    return BAD_INPUT if mistakes else AS_EXPECTED


def _print_mistakes(mistakes: list[Any], files: int, *, as_json: bool) -> None:
    if as_json:
        rows = [{"file": str(m.file), "line": m.line, "path": m.path_text, "message": m.message} for m in mistakes]
        print(json.dumps(rows, indent=2))
    elif mistakes:
        print("\n".join(str(m) for m in mistakes), file=sys.stderr)
    else:
        print(f"{files} scenario{'s' if files != 1 else ''}: no mistakes")


@app.command()
def check(
    estate: Annotated[str, typer.Argument(help="An estate file, a scenario file, or the name of one of the library.")],
    world: Annotated[
        str, typer.Option(help="Facts from the file (sim), from a mock and a vcsim (lab), or live (azure).")
    ] = "sim",
    as_json: AsJson = False,
    sarif: Annotated[Path | None, typer.Option(help="Write the findings as SARIF, with lines in the file.")] = None,
    unknown_blocks: Annotated[bool, typer.Option("--unknown-blocks", help="What is not known blocks.")] = False,
    reading: Annotated[
        list[str] | None, typer.Option(help="Reading of a conflict between the articles, for instance C03=strict.")
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings file for world azure.")] = None,
) -> int:
    """Say whether the machines can come home: what blocks, by which object, and what to do. Changes nothing."""
    from failback.reprotect import UnknownReading

    from .checks.command import CheckAsked, print_check, run_check, write_sarif

    if world not in ("sim", "lab", "azure"):
        raise Refused(f"--world is '{world}'; the worlds are sim, lab and azure.")
    try:
        done = run_check(CheckAsked(estate, world, reading or (), _settings(world, settings), unknown_blocks))
    except UnknownReading as unknown:
        raise Refused(str(unknown)) from unknown
    if sarif is not None:
        write_sarif(done, sarif)
    print_check(done, as_json=as_json, terminal=sys.stdout.isatty())
    return OTHERWISE if done.blocks else AS_EXPECTED


@app.command()
def whatif(
    scenario: ScenarioName,
    vary: Annotated[
        list[str] | None, typer.Option(help="KEY=V1,V2 or KEY=1..8 or KEY=100..1000:100; again for each key.")
    ] = None,
    runs: Annotated[
        int | None, typer.Option(help="Runs of each variant (20); with --sensitivity sobol, samples (64).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Keep finished runs in this .parquet file, and go on there; or write a .csv.")
    ] = None,
    as_json: AsJson = False,
    rows: Annotated[str, typer.Option(help="What one row is about: run, wave, item or leg.")] = "run",
    sensitivity: Annotated[
        str | None, typer.Option(help="What moves the end most: tornado (one at a time) or sobol (all at once).")
    ] = None,
    backend: Annotated[str, typer.Option(help="Where it is played: processes, serial, joblib or dask.")] = "processes",
    workers: Annotated[int | None, typer.Option(help="Processes; one for each core when left out.")] = None,
    seed: Seed = None,
    yes: Annotated[bool, typer.Option("--yes", help="Play a million runs and more.")] = False,
) -> int:
    """Play the way home with other values, many times: when is everything home, and what binds it."""
    from .study.whatif import WhatIfAsked, interrupted_words, run_what_if

    asked = WhatIfAsked(scenario, vary or (), runs, seed, out, rows, sensitivity, backend, workers, yes)
    try:
        run_what_if(asked, as_json=as_json)
    except KeyboardInterrupt:
        return _say(interrupted_words(out), INTERRUPTED)
    return AS_EXPECTED


@app.command()
def predict(
    scenario: ScenarioName,
    start: Annotated[str, typer.Option(help="When the way home begins: 'Fri 18:00' or '2026-06-05 18:00'.")],
    by: Annotated[str, typer.Option(help="When everything has to be home: 'Mon 06:00', the next one after --start.")],
    tz: Annotated[str, typer.Option(help="Time zone of these times, such as Asia/Tokyo.")] = "UTC",
    sure: Annotated[float, typer.Option(help="How sure the dates have to be, in percent of the runs.")] = 90.0,
    runs: Annotated[
        int | None, typer.Option(help="Runs of the expected case; by the number of machines when left out.")
    ] = None,
    seed: Seed = None,
    out: Annotated[Path, typer.Option(help="Folder for answer.html, answer.md and answer.json.")] = Path(
        "failback-answer"
    ),
    as_json: AsJson = False,
    today: Annotated[
        str | None, typer.Option(help="Date from which weekdays are counted, such as 2026-06-05; today when left out.")
    ] = None,
) -> int:
    """Will everything be home by then? One sentence and a page: what binds, who is late, what to buy. Simulated."""
    from .predictions.command import PredictOptions, run_predict

    run_predict(PredictOptions(scenario, start, by, tz, sure, runs, seed, today), out, as_json=as_json)
    return AS_EXPECTED


@app.command()
def calibrate(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders of runs, history.jsonl files, or a vault's jobs and protected items as JSON."),
    ] = None,
    out: Annotated[Path, typer.Option(help="The file to write; scenarios name it as homecoming.calibration.")] = Path(
        "calibration.yaml"
    ),
    hold_out: Annotated[float, typer.Option(help="Share of the runs left out of the fit to test it on.")] = 0.2,
    least: Annotated[int, typer.Option(help="Steps of a kind from which on it is fitted.")] = 3,
    estate: Annotated[
        str | None, typer.Option(help="Estate or scenario of the runs, for the sizes of its disks.")
    ] = None,
    architecture: Annotated[
        str | None, typer.Option(help="classic or modernised, where a job list does not tell.")
    ] = None,
    date: Annotated[str | None, typer.Option(help="Date of the newest run, where no source tells: 2026-06-05.")] = None,
    world: Annotated[
        str | None, typer.Option(help="azure or lab: also read the jobs of the settings' vault; GETs only.")
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings file for --world.")] = None,
    as_json: AsJson = False,
) -> int:
    """Learn durations and scan rate from earlier runs or a vault's jobs, and write them as data with their errors."""
    from .calibrations.calibrate import Asked
    from .calibrations.command import live_rows, run_calibrate

    if world not in (None, "azure", "lab"):
        raise Refused(f"--world is '{world}'; jobs are read in azure and in lab.")
    rows = live_rows(_settings("azure", settings).azure) if world else ()
    kind, day = _architecture(architecture), _day(date)
    asked = Asked(tuple(sources or ()), rows, estate, kind, hold_out, least, day)
    run_calibrate(asked, out, as_json=as_json)
    return AS_EXPECTED


def _architecture(text: str | None) -> Any:
    from failback.reprotect import Architecture

    try:
        return None if text is None else Architecture(text)
    except ValueError:
        raise Refused(f"--architecture is '{text}'; there are classic and modernised.") from None


def _day(text: str | None) -> Any:
    from datetime import date

    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Refused(f"--date is '{text}'; expected a date such as 2026-06-05.") from None


@app.command()
def report(
    sources: Annotated[
        list[str], typer.Argument(help="A run's folder; with --compare PREDICTED (a scenario or a run) and ACTUAL.")
    ],
    compare: Annotated[
        bool, typer.Option("--compare", help="Put predicted beside actual, per leg and machine.")
    ] = False,
    runs: Annotated[int, typer.Option(help="Runs of a predicted scenario, for its band.")] = 40,
    out: Annotated[Path, typer.Option(help="Folder for compare.html, compare.md and compare.json.")] = Path(
        "failback-compare"
    ),
    as_json: AsJson = False,
) -> int:
    """Write a run's report again, or put predicted beside actual and say what lies outside the predicted band."""
    from .reports.command import run_compare, run_report

    if compare:
        run_compare(sources, runs, out, json_wanted=as_json)
    else:
        run_report(sources, json_wanted=as_json)
    return AS_EXPECTED


@app.command()
def mock(
    scenario: Annotated[
        str | None, typer.Argument(help="A scenario whose estate is served; the showcase vault when left out.")
    ] = None,
    estate: Annotated[Path | None, typer.Option(help="An estate file instead.")] = None,
    port: Annotated[int, typer.Option(help="Port; a free one when 0.")] = 0,
    host: Annotated[str, typer.Option(help="Address to listen on; loopback unless you say otherwise.")] = "127.0.0.1",
    operations_host: Annotated[
        str | None,
        typer.Option(help="Another name of this machine, for long-running operations only; localhost, for instance."),
    ] = None,
    no_tls: Annotated[bool, typer.Option("--no-tls", help="Plain http; SDKs refuse to send tokens over it.")] = False,
    ca_file: Annotated[
        Path | None, typer.Option(help="Where the certificate to trust is written; a temporary file when left out.")
    ] = None,
    clock: Annotated[
        str,
        typer.Option(
            help="poll (a look at what is unfinished jumps ahead), step (only /failback/clock moves it) or real:FACTOR."
        ),
    ] = "poll",
    consistency: Annotated[
        str, typer.Option(help="strong, or eventual:SECONDS: reads show what was so many virtual seconds ago.")
    ] = "strong",
    no_control: Annotated[bool, typer.Option("--no-control", help="Switch the control plane off.")] = False,
    subscription: Annotated[str | None, typer.Option(help="Take this subscription only.")] = None,
    resource_group: Annotated[str | None, typer.Option(help="Take this resource group only.")] = None,
    vault: Annotated[str | None, typer.Option(help="Take this vault only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON once it listens.")] = False,
) -> int:
    """Serve the ASR mock until Ctrl-C: a simulated vault for any client of Azure Resource Manager."""
    from .servers.mock_options import MockOptions
    from .servers.mock_server import serve_until_interrupted

    return serve_until_interrupted(
        MockOptions(
            scenario=scenario,
            estate=estate,
            host=host,
            port=port,
            tls=not no_tls,
            ca_file=ca_file,
            operations_host=operations_host,
            clock=clock,
            consistency=consistency,
            as_json=as_json,
            control=not no_control,
            subscription=subscription,
            resource_group=resource_group,
            vault=vault,
        )
    )


@app.command()
def vcsim(
    scenario: Annotated[str | None, typer.Argument(help="Build this scenario's estate in a vcsim that stays.")] = None,
    where: Annotated[bool, typer.Option("--where", help="Say which vcsim would be used.")] = False,
    install: Annotated[bool, typer.Option("--install", help="Build a vcsim into the cache; uses the network.")] = False,
) -> int:
    """Find, install or run a real vcsim."""
    from .servers import vcsim_server

    if install:
        return vcsim_server.install(print)
    if where:
        return vcsim_server.where(print)
    if scenario is None:
        raise Refused("Say what to do: a scenario to build and serve, --where or --install.")
    return vcsim_server.stay(scenario, print)
