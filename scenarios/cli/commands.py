"""The list of commands."""

from collections.abc import Callable
from typing import Annotated, Any, Final, NamedTuple

import typer

from .aftercare import AftercareOptions, aftercare
from .approve import ApproveOptions, approve
from .calibrate import CalibrateOptions, calibrate
from .check import CheckOptions, check
from .demo import DemoOptions, demo
from .diff import DiffOptions, diff
from .docs import DocsOptions, docs
from .exit_codes import exit_codes
from .explain import ExplainOptions, explain
from .explore import ExploreOptions, explore
from .generate import GenerateOptions, generate
from .import_files import ImportOptions, import_files
from .lint import LintOptions, lint
from .list_scenarios import ListOptions, list_scenarios
from .mock import MockCommandOptions, mock
from .new import NewOptions, new
from .note import NoteOptions, note
from .options import register
from .pilot import PilotOptions, pilot
from .predict import PredictCommandOptions, predict
from .redact import RedactOptions, redact
from .report import ReportOptions, report
from .resume import ResumeCommandOptions, resume
from .run_scenario import RunOptions, run_scenario
from .runbook import RunbookOptions, runbook
from .schema import SchemaOptions, schema
from .shrink import ShrinkOptions, shrink
from .tell import TellOptions, tell
from .value_words import PlainGroup
from .vcsim import VcsimOptions, vcsim
from .watch import WatchOptions, watch
from .whatif import WhatIfOptions, whatif

app = typer.Typer(
    name="failback",
    help="Rehearse, predict and follow the return of virtual machines that Azure Site Recovery failed over to Azure."
    "\n\nThe way home has four legs: reprotect to on-premises, failback, commit, and reprotect to Azure. An estate "
    "file describes your machines, servers, hosts and datastores. A scenario adds a plan for the way home, faults to "
    "simulate, and the expected outcome.",
    no_args_is_help=True,
    cls=PlainGroup,
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
    """One command: its name, the dataclass of its options, what it does, one call of it and its exit codes."""

    name: str
    options: type[Any]
    body: Callable[[Any], int]
    example: str
    ends: str


_NO_ENDPOINT: Final = "an endpoint could not be reached"
_DRILL: Final = exit_codes("the run ended as its scenario expects", "it ended differently", unreachable=_NO_ENDPOINT)
_CHECK: Final = exit_codes(
    "there is no blocker, or each one is accepted (--accept)",
    "there is a blocker that is not accepted",
    unreachable=_NO_ENDPOINT,
)
_SUCCESS: Final = exit_codes()
_PREDICTED: Final = exit_codes(
    "the files are written, even if the answer is no",
    wrong="with --cutover: a wave cannot replicate home in time, and no file is written",
)

COMMANDS: Final = (
    Command("demo", DemoOptions, demo, "failback demo --out my-first-drill", _DRILL),
    Command("run", RunOptions, run_scenario, "failback run master_target_snapshot --out out --seed 7", _DRILL),
    Command("resume", ResumeCommandOptions, resume, "failback resume out", _DRILL),
    Command(
        "tell",
        TellOptions,
        tell,
        "failback tell out skip web-01",
        exit_codes("the instruction is recorded"),
    ),
    Command(
        "approve",
        ApproveOptions,
        approve,
        "failback approve runs/rehearsal --settings settings.yaml",
        exit_codes(unreachable="the vault or the sign-in service could not be reached"),
    ),
    Command(
        "import",
        ImportOptions,
        import_files,
        "failback import RVTools_export_all.xlsx items.json --bandwidth 500 --out estate.yaml",
        exit_codes(unreachable=_NO_ENDPOINT),
    ),
    Command(
        "diff",
        DiffOptions,
        diff,
        "failback diff estate-monday.yaml estate-friday.yaml",
        exit_codes("the estates do not differ", "the estates differ"),
    ),
    Command(
        "redact",
        RedactOptions,
        redact,
        "failback redact estate.yaml --out for-others.yaml --map ../who-is-who.json",
        _SUCCESS,
    ),
    Command(
        "generate", GenerateOptions, generate, "failback generate recipe.yaml --out estate.yaml --seed 7", _SUCCESS
    ),
    Command(
        "lint",
        LintOptions,
        lint,
        "failback lint my-scenario.yaml",
        exit_codes("there is no mistake", wrong="there is a mistake"),
    ),
    Command("list", ListOptions, list_scenarios, "failback list --rules", _SUCCESS),
    Command("check", CheckOptions, check, "failback check my-scenario.yaml --sarif findings.sarif", _CHECK),
    Command("explain", ExplainOptions, explain, "failback explain 95226", _SUCCESS),
    Command(
        "whatif",
        WhatIfOptions,
        whatif,
        "failback whatif sixty_machines --vary bandwidth=500,1000 --runs 5",
        exit_codes(unreachable="a Dask scheduler could not be reached"),
    ),
    Command(
        "predict",
        PredictCommandOptions,
        predict,
        "failback predict five_hundred_machines --start 'Fri 18:00' --by 'Mon 06:00' --tz Asia/Tokyo",
        _PREDICTED,
    ),
    Command(
        "calibrate",
        CalibrateOptions,
        calibrate,
        "failback calibrate runs/* --out calibration.yaml",
        exit_codes(unreachable="the vault could not be reached"),
    ),
    Command("new", NewOptions, new, "failback new move-home --from estate.yaml --machines machines.csv", _SUCCESS),
    Command("pilot", PilotOptions, pilot, "failback pilot my-scenario.yaml --out pilot", _SUCCESS),
    Command("runbook", RunbookOptions, runbook, "failback runbook my-scenario.yaml --out runbook", _SUCCESS),
    Command(
        "watch",
        WatchOptions,
        watch,
        "failback watch my-scenario.yaml --once",
        exit_codes(
            "all machines are home (with --once: all are found, and none is blocked)",
            "with --once: a machine is blocked, or is not found",
            unreachable="the vault could not be read at the start",
        ),
    ),
    Command("note", NoteOptions, note, "failback note failback-watch 'wave 3 waits until 02:00'", _SUCCESS),
    Command(
        "aftercare",
        AftercareOptions,
        aftercare,
        "failback aftercare estate-before.yaml --after estate-now.yaml --out aftercare",
        exit_codes(
            "nothing is open, and nothing is left over in Azure",
            "something is open, or left over in Azure",
            unreachable=_NO_ENDPOINT,
        ),
    ),
    Command("report", ReportOptions, report, "failback report --compare my-scenario.yaml runs/last", _SUCCESS),
    Command(
        "explore",
        ExploreOptions,
        explore,
        "failback explore first_drill --crash --lost-replies",
        exit_codes("no checker found a violation", "a checker found a violation"),
    ),
    Command(
        "shrink",
        ShrinkOptions,
        shrink,
        "failback shrink cases/case-1.json --out smaller.json",
        _SUCCESS,
    ),
    Command(
        "mock",
        MockCommandOptions,
        mock,
        "failback mock --port 8443 --ca-file ca.pem",
        exit_codes("stopped by Ctrl-C or a signal after it was ready"),
    ),
    Command(
        "vcsim",
        VcsimOptions,
        vcsim,
        "failback vcsim first_drill",
        exit_codes(
            "success, or stopped by Ctrl-C or a signal after it was ready",
            unreachable="there is no vcsim, or it cannot be built",
        ),
    ),
    Command("schema", SchemaOptions, schema, "failback schema > scenario.schema.json", _SUCCESS),
    Command("docs", DocsOptions, docs, "failback docs rules", _SUCCESS),
)

for command in COMMANDS:
    register(
        app,
        command.name,
        command.options,
        command.body,
        f"Example: {command.example}\n\nExit codes: {command.ends}.",
    )
