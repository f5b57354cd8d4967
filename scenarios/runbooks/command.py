"""The command `runbook`: plays the plan and writes it down."""

from pathlib import Path
from typing import Final

from failback.scenarios.files.loader import load_located, resolve
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.text.plain_words import machines
from failback.scenarios.usage_error import UsageError

from .page import html, markdown
from .rows import span_words
from .runbook import Runbook, runbook
from .sheets import WORKBOOK, csv_text, write_runbook_workbook

FILES: Final = {"runbook.html": "runbook page", "runbook.md": "runbook text", "steps.csv": "runbook steps"}
"""What is written, with the kind of each."""
WORKBOOK_FILE: Final = "runbook.xlsx"
RUNS_MAX: Final = 10_000
"""More runs narrow no band that a person plans with."""


def run_runbook(name: str, runs: int, out: Path, *, workbook: bool = False) -> None:
    """Write the runbook of a scenario. Raises `BadInput`, `UsageError`, `CannotWrite`."""
    check_runs(runs)
    scenario = load_located(resolve(name)).scenario
    with reserved(out, FILES | ({WORKBOOK_FILE: WORKBOOK} if workbook else {})):
        found = runbook(scenario, runs)
        if workbook:
            write_runbook_workbook(found, out / WORKBOOK_FILE)
        for file, text in texts(found).items():
            write_text(out / file, text, FILES[file])
    count = machines(len(scenario.estate.virtual_machines))
    print(f"{count}, {len(found.requests)} requests, {span_words(found, found.requests)} (simulated).")
    print(f"Runbook: {out / 'runbook.html'}")


def check_runs(runs: int) -> None:
    """Refuse a number of runs that makes no sense. Raises `UsageError`."""
    if not 1 <= runs <= RUNS_MAX:
        raise UsageError(f"--runs is {runs}; it must be a whole number from 1 to {RUNS_MAX}.")


def texts(found: Runbook) -> dict[str, str]:
    """The files by name."""
    return {"runbook.html": html(found), "runbook.md": markdown(found), "steps.csv": csv_text(found)}
