"""Two commands with one `--out` at once: one of them writes, the other says so, and nothing is mixed."""

import importlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from failback.scenarios.cli.entry import run
from failback.scenarios.outputs.lock import LOCK
from failback.scenarios.outputs.refusal import CannotWrite
from failback.scenarios.outputs.reserved import reserved, reserved_file

from .test_writing import PREDICT

WHATIF: Final = ("whatif", "one_vm", "--runs", "1", "--workers", "1", "--vary")
COMMANDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], str, str]]] = {
    "predict": ((*PREDICT, "OUT"), (*PREDICT, "OUT", "--seed", "7"), "predictions.command", "predict"),
    "compare": (
        ("report", "--compare", "one_vm", "RUN", "--runs", "2", "--out", "OUT"),
        ("report", "--compare", "RUN", "RUN", "--out", "OUT"),
        "reports.command",
        "compare",
    ),
    "runbook": (
        ("runbook", "one_vm", "--runs", "1", "--out", "OUT"),
        ("runbook", "first_drill", "--runs", "1", "--out", "OUT"),
        "runbooks.command",
        "runbook",
    ),
    "kept runs": (
        (*WHATIF, "bandwidth=100", "--out", "OUT/r.parquet"),
        (*WHATIF, "bandwidth=200", "--out", "OUT/r.parquet"),
        "study.study",
        "play_batches",
    ),
    "rows": (
        (*WHATIF, "bandwidth=100", "--out", "OUT/r.csv"),
        (*WHATIF, "bandwidth=200", "--out", "OUT/r.csv"),
        "study.study",
        "play_batches",
    ),
}
"""A command, another one for the same place, and what the first one is doing when the second is typed."""
Ended = Callable[[tuple[str, ...]], int]


@pytest.fixture
def ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ended:
    def ended(words: tuple[str, ...]) -> int:
        places = {"OUT": str(tmp_path / "out"), "RUN": str(tmp_path / "run")}
        argv = [word.replace("OUT", places["OUT"]) if "OUT" in word else places.get(word, word) for word in words]
        monkeypatch.setattr(sys, "argv", ["failback", *argv])
        return run()

    return ended


@pytest.mark.parametrize("kind", COMMANDS)
def test_of_two_commands_at_once_the_second_is_refused_and_the_first_is_whole(
    kind: str, ended: Ended, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, module, doing = COMMANDS[kind]
    assert ended(("run", "one_vm", "--out", "RUN")) == 0
    assert ended(first) == 0
    alone = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    shutil.rmtree(tmp_path / "out")
    home = importlib.import_module(f"failback.scenarios.{module}")
    real, codes = getattr(home, doing), list[int]()

    def meanwhile(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(home, doing, real)
        codes.append(ended(second))
        return real(*arguments, **named)

    monkeypatch.setattr(home, doing, meanwhile)
    capsys.readouterr()
    assert (ended(first), codes) == (0, [2])
    assert "another command is writing there; wait until it ends" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == alone


@pytest.mark.skipif(sys.platform == "win32", reason="starts processes as POSIX does")
def test_of_three_processes_at_once_one_writes_its_answer(tmp_path: Path) -> None:
    wait = (
        "import sys, time, failback.scenarios.predictions.command as c; real = c.predict\n"
        "def predict(question):\n    time.sleep(4)\n    return real(question)\n"
        "c.predict = predict\nfrom failback.scenarios.cli.main import main; main()"
    )
    command = [sys.executable, "-c", wait, *PREDICT, str(tmp_path / "out")]
    three = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate(timeout=120)[1] for process in three]
    assert sorted(process.returncode for process in three) == [0, 2, 2], said
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        ".gitignore",
        "answer.html",
        "answer.json",
        "answer.md",
    }


def test_a_place_is_free_again_however_its_command_ended(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), reserved(tmp_path, {}), reserved_file(tmp_path / "r.parquet"):
            raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_two_files_in_one_folder_are_kept_at_once(tmp_path: Path) -> None:
    with reserved_file(tmp_path / "a.parquet"), reserved_file(tmp_path / "b.parquet"):
        assert len(list(tmp_path.iterdir())) == 2
        with pytest.raises(CannotWrite), reserved_file(tmp_path / "a.parquet"):
            pass


def test_a_run_keeps_others_out_of_its_folder(tmp_path: Path) -> None:
    assert LOCK.startswith(".")
    with reserved(tmp_path, {}), pytest.raises(CannotWrite), reserved(tmp_path, {}):
        pass
