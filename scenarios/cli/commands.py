"""The list of commands."""

from typing import Annotated

import typer

from .calibrate import CalibrateOptions, calibrate
from .check import CheckOptions, check
from .demo import DemoOptions, demo
from .lint import LintOptions, lint
from .mock import MockCommandOptions, mock
from .options import register
from .predict import PredictCommandOptions, predict
from .report import ReportOptions, report
from .run_scenario import RunOptions, run_scenario
from .vcsim import VcsimOptions, vcsim
from .whatif import WhatIfOptions, whatif

app = typer.Typer(
    name="failback",
    help="Rehearse, regression-test, predict and run the way home from Azure Site Recovery.",
    no_args_is_help=True,
    add_completion=False,
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


register(app, "demo", DemoOptions, demo)
register(app, "run", RunOptions, run_scenario)
register(app, "lint", LintOptions, lint)
register(app, "check", CheckOptions, check)
register(app, "whatif", WhatIfOptions, whatif)
register(app, "predict", PredictCommandOptions, predict)
register(app, "calibrate", CalibrateOptions, calibrate)
register(app, "report", ReportOptions, report)
register(app, "mock", MockCommandOptions, mock)
register(app, "vcsim", VcsimOptions, vcsim)
