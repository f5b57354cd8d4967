"""Mutants of what a run leaves, through every command that reads it: one paragraph and a documented code, in time."""

import io
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final

import pytest

from failback.scenarios.cli.entry import run

from .mutants import OF_JSON, OF_LINES, mutants

COUNT: Final = 2_000
HANG_S: Final = 10
DOCUMENTED: Final = frozenset({0, 2})
"""A report, a comparison and a calibration of a file end well or find it wrong; nothing else is left to them."""

CALIBRATED: Final = ("--least", "1", "--date", "2026-06-05")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="a hang is told by POSIX's timer"),
]


class Hung(BaseException):
    """Nothing catches it."""


@contextmanager
def in_time() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, HANG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def ended(*words: str) -> str:
    """How the command line ends in this process: its code, or the exception and where it came from."""
    said, sys.argv = io.StringIO(), ["failback", *words]
    try:
        with in_time(), redirect_stdout(said), redirect_stderr(said):
            return str(run())
    except Hung:
        return "hung"
    except BaseException as broken:
        last = traceback.extract_tb(broken.__traceback__)[-1]
        return f"{type(broken).__name__} at {Path(last.filename).name}:{last.lineno}"


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
        "calibrate": (
            "calibrate",
            str(folder),
            "--out",
            str(beside / "calibration.yaml"),
            "--least",
            "1",
            "--date",
            "2026-06-05",
        ),
    }


def play(folder: Path, file: str, text: bytes) -> Counter[str]:
    (folder / file).write_bytes(text)
    return Counter(f"{name}: {ended(*words)}" for name, words in commands(folder).items())


def wrong(found: dict[str, list[int]]) -> dict[str, list[int]]:
    return {end: numbers[:5] for end, numbers in found.items() if end.split(": ")[1] not in map(str, DOCUMENTED)}


@pytest.mark.parametrize("told", ["with a result", "with an identity", "alone"])
def test_no_mutant_of_a_history_ends_in_a_traceback_or_never(folder: Path, told: str, tmp_path: Path) -> None:
    here = copied(folder, tmp_path, {"with a result": (), "with an identity": ("result.json",)}.get(told, OTHERS))
    count = COUNT // 2 if told == "with an identity" else COUNT // 4
    found: dict[str, list[int]] = {}
    for number, text in mutants((folder / "history.jsonl").read_bytes(), OF_LINES, count, seed=len(told)):
        for end in play(here, "history.jsonl", text):
            found.setdefault(end, []).append(number)
    assert not wrong(found)
    assert {f"{name}: 0" for name in commands(here)} <= found.keys()


def test_no_mutant_of_a_result_ends_in_a_traceback_or_never(folder: Path, tmp_path: Path) -> None:
    here, found = copied(folder, tmp_path, ()), dict[str, list[int]]()
    for number, text in mutants((folder / "result.json").read_bytes(), OF_JSON, COUNT, seed=2):
        for end in play(here, "result.json", text):
            found.setdefault(end, []).append(number)
    assert not wrong(found)
    assert {"report: 0", "report: 2"} <= found.keys()


OTHERS: Final = ("result.json", "run.json")


def copied(folder: Path, place: Path, without: tuple[str, ...]) -> Path:
    here = place / "run"
    here.mkdir()
    for file in folder.iterdir():
        if file.name not in without:
            (here / file.name).write_bytes(file.read_bytes())
    return here
