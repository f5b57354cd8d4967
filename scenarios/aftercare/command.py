"""The command `aftercare`: reads what is there now, judges it against the estate from before, and writes it down."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from failback.scenarios.estates.command import ImportRequest
from failback.scenarios.files.loader import load_estate, resolve
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.run.lab_client import MOCK, clock_of, settings_outside
from failback.scenarios.usage_error import UsageError

from .after import After, from_estate, from_import
from .care import Aftercare, aftercare
from .page import as_json, html, markdown
from .prices import prices_of
from .sheets import WORKBOOK, csv_text, write_aftercare_workbook

FILES: Final = {
    "aftercare.html": "aftercare page",
    "aftercare.md": "aftercare text",
    "tasks.csv": "aftercare tasks",
    "aftercare.json": "aftercare",
}
"""What is written, with the kind of each."""
WORKBOOK_FILE: Final = "aftercare.xlsx"
_NO_LAB: Final = (
    f"{MOCK} is not set: an aftercare in world lab reads a mock that runs on this computer, such as the one that your "
    "run used. Set the variable to its address."
)
_JUMPS: Final = (
    "The clock of the mock is in mode poll, so reading it would move its time. Start it with --clock step or real:1."
)


@dataclass(frozen=True, slots=True)
class AftercareRequest:
    """What was asked at the command line."""

    before: str
    paths: tuple[Path, ...]
    after: Path | None
    world: str | None
    settings: Any
    out: Path
    workbook: bool = False
    architecture: str | None = None
    prices: Path | None = None
    price: tuple[str, ...] = ()
    currency: str = ""
    as_json: bool = False


def run_aftercare(request: AftercareRequest) -> Aftercare:
    """Write the aftercare. Raises `BadInput`, `UsageError`, `Unreachable`, `VsphereRefused`, `CannotWrite`."""
    file = resolve(request.before)
    before = load_estate(file)
    prices = prices_of(request.prices, request.price, request.currency)
    with reserved(request.out, {**FILES, **({WORKBOOK_FILE: WORKBOOK} if request.workbook else {})}):
        care = aftercare(file.stem, request.world or "files", before, _after(request), prices)
        if request.workbook:
            write_aftercare_workbook(care, request.out / WORKBOOK_FILE)
        for name, text in texts(care).items():
            write_text(request.out / name, text, FILES[name])
    return care


def _after(request: AftercareRequest) -> After:
    if request.after is not None:
        return from_estate(request.after)
    if request.world == "lab":
        _refuse_no_lab()
    return from_import(
        ImportRequest(
            request.paths,
            request.out,
            1.0,
            request.architecture,
            world=request.world,
            settings=request.settings,
            resources=True,
        )
    )


def _refuse_no_lab() -> None:
    if not os.environ.get(MOCK):
        raise UsageError(_NO_LAB)
    if clock_of(settings_outside()).startswith("poll"):
        raise UsageError(_JUMPS)


def texts(care: Aftercare) -> dict[str, str]:
    """The files by name."""
    return {
        "aftercare.html": html(care),
        "aftercare.md": markdown(care),
        "tasks.csv": csv_text(care),
        "aftercare.json": _json(care),
    }


def _json(care: Aftercare) -> str:
    return json.dumps(as_json(care), indent=2) + "\n"


def show(care: Aftercare, request: AftercareRequest) -> None:
    """Print it: a sentence for each thing that is open, and where the page is."""
    if request.as_json:
        print(_json(care), end="")
        return
    for line in care.summary():
        print(line)
    for name in care.machines:
        if heads := care.open_of(name):
            print(f"{name}: open: {', '.join(heads)}.")
    for note in care.notes:
        print(note)
    print(f"Page: {request.out / 'aftercare.html'}")
