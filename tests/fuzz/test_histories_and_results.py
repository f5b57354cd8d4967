"""Mutants of what a run leaves, through every command that reads it: one paragraph and a documented code, in time."""

from pathlib import Path
from typing import Final

import pytest

from .ends import Ends, ended
from .ends import pytestmark as needs_a_timer
from .mutants import OF_JSON, OF_LINES, mutants

COUNT: Final = 2_000
DOCUMENTED: Final = frozenset({"0", "2"})
"""A report, a comparison and a calibration of a file end well or find it wrong; nothing else is left to them."""

CALIBRATED: Final = ("--min-measurements", "1", "--date", "2026-06-05", "--json")

pytestmark = [pytest.mark.slow, needs_a_timer]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with failures, remedies and stops in its history."""
    out = tmp_path_factory.mktemp("fuzz") / "run"
    assert ended("run", "snapshot_is_deleted_by_failback", "--out", str(out)) == "0"
    return out


def commands(folder: Path) -> dict[str, tuple[str, ...]]:
    beside = folder.parent
    return {
        "report": ("report", str(folder)),
        "compare": ("report", "--compare", str(folder), str(folder), "--out", str(beside / "compared")),
        "calibrate": ("calibrate", str(folder), "--out", str(beside / "calibration.yaml"), *CALIBRATED),
    }


def play(folder: Path, file: str, number: int, text: bytes, ends: Ends) -> None:
    """A report of each mutant, and by turns what else reads it."""
    (folder / file).write_bytes(text)
    said = commands(folder)
    for name in ("report", ("compare", "calibrate")[number % 2]):
        ends.note(f"{name}: {ended(*said[name])}", number)


@pytest.mark.parametrize("expected", ["with a result", "with an identity", "alone"])
def test_no_mutant_of_a_history_ends_in_a_traceback_or_never(folder: Path, expected: str, tmp_path: Path) -> None:
    here = copied(folder, tmp_path, {"with a result": (), "with an identity": ("result.json",)}.get(expected, OTHERS))
    count = COUNT // 2 if expected == "with an identity" else COUNT // 4
    ends = Ends()
    for number, text in mutants((folder / "history.jsonl").read_bytes(), OF_LINES, count, seed=len(expected)):
        play(here, "history.jsonl", number, text, ends)
    assert not ends.wrong(DOCUMENTED)
    assert {f"{name}: 0" for name in commands(here)} <= ends.found.keys()


def test_no_mutant_of_a_result_ends_in_a_traceback_or_never(folder: Path, tmp_path: Path) -> None:
    here, ends = copied(folder, tmp_path, ()), Ends()
    for number, text in mutants((folder / "result.json").read_bytes(), OF_JSON, COUNT, seed=2):
        (here / "result.json").write_bytes(text)
        ends.note(f"report: {ended(*commands(here)['report'])}", number)
    assert not ends.wrong(DOCUMENTED)
    assert {"report: 0", "report: 2"} <= ends.found.keys()


def test_a_result_that_no_one_can_read_matters_to_a_report_alone(folder: Path, tmp_path: Path) -> None:
    """So that a comparison and a calibration need no mutants of it: they read the history."""
    here = copied(folder, tmp_path, ())
    (here / "result.json").write_bytes(b"{")
    assert {name: ended(*words) for name, words in commands(here).items()} == {
        "report": "2",
        "compare": "0",
        "calibrate": "0",
    }


OTHERS: Final = ("result.json", "run.json")


def copied(folder: Path, place: Path, without: tuple[str, ...]) -> Path:
    here = place / "run"
    here.mkdir()
    for file in folder.iterdir():
        if file.name not in without:
            (here / file.name).write_bytes(file.read_bytes())
    return here
