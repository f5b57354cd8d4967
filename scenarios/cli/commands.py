"""The list of commands."""

from collections.abc import Callable
from typing import Annotated, Any, Final, NamedTuple

import typer

from .calibrate import CalibrateOptions, calibrate
from .check import CheckOptions, check
from .demo import DemoOptions, demo
from .diff import DiffOptions, diff
from .docs import DocsOptions, docs
from .exit_codes import MEANINGS
from .explain import ExplainOptions, explain
from .generate import GenerateOptions, generate
from .import_files import ImportOptions, import_files
from .lint import LintOptions, lint
from .list_scenarios import ListOptions, list_scenarios
from .mock import MockCommandOptions, mock
from .new import NewOptions, new
from .options import register
from .pilot import PilotOptions, pilot
from .predict import PredictCommandOptions, predict
from .redact import RedactOptions, redact
from .report import ReportOptions, report
from .run_scenario import RunOptions, run_scenario
from .runbook import RunbookOptions, runbook
from .schema import SchemaOptions, schema
from .vcsim import VcsimOptions, vcsim
from .whatif import WhatIfOptions, whatif

app = typer.Typer(
    name="failback",
    help="Rehearse, regression-test and predict failback, the way home from Azure Site Recovery.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


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


class Command(NamedTuple):
    """One command: its name, the dataclass of its options, what it does, and one call of it for its help."""

    name: str
    options: type[Any]
    body: Callable[[Any], int]
    example: str


COMMANDS: Final = (
    Command("demo", DemoOptions, demo, "failback demo --out my-first-drill"),
    Command("run", RunOptions, run_scenario, "failback run master_target_snapshot --out out --seed 7"),
    Command(
        "import",
        ImportOptions,
        import_files,
        "failback import RVTools_export_all.xlsx items.json --bandwidth 500 --out estate.yaml",
    ),
    Command("diff", DiffOptions, diff, "failback diff estate-monday.yaml estate-friday.yaml"),
    Command("redact", RedactOptions, redact, "failback redact estate.yaml --out for-others.yaml --map who-is-who.json"),
    Command("generate", GenerateOptions, generate, "failback generate recipe.yaml --out estate.yaml --seed 7"),
    Command("lint", LintOptions, lint, "failback lint my-scenario.yaml"),
    Command("list", ListOptions, list_scenarios, "failback list --rules"),
    Command("check", CheckOptions, check, "failback check my-scenario.yaml --sarif findings.sarif"),
    Command("explain", ExplainOptions, explain, "failback explain 95226"),
    Command("whatif", WhatIfOptions, whatif, "failback whatif sixty_machines --vary bandwidth=500,1000 --runs 5"),
    Command(
        "predict",
        PredictCommandOptions,
        predict,
        "failback predict five_hundred_machines --start 'Fri 18:00' --by 'Mon 06:00' --tz Asia/Tokyo",
    ),
    Command("calibrate", CalibrateOptions, calibrate, "failback calibrate runs/* --out calibration.yaml"),
    Command("new", NewOptions, new, "failback new move-home --from estate.yaml --machines machines.csv"),
    Command("pilot", PilotOptions, pilot, "failback pilot my-scenario.yaml --out pilot"),
    Command("runbook", RunbookOptions, runbook, "failback runbook my-scenario.yaml --out runbook"),
    Command("report", ReportOptions, report, "failback report --compare my-scenario.yaml runs/last"),
    Command("mock", MockCommandOptions, mock, "failback mock --port 8443 --ca-file ca.pem"),
    Command("vcsim", VcsimOptions, vcsim, "failback vcsim first_drill"),
    Command("schema", SchemaOptions, schema, "failback schema > scenario.schema.json"),
    Command("docs", DocsOptions, docs, "failback docs rules"),
)

for command in COMMANDS:
    register(app, command.name, command.options, command.body, f"Example: {command.example}\n\nExit codes: {MEANINGS}.")
