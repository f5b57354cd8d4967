"""The folder of a run: one run at a time, replaced as a whole or not at all, and reported where it was broken off."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from failback.reprotect import Unreachable
from failback.reprotect.driver import Driver
from failback.scenarios.cli.entry import run
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.outputs.lock import locked
from failback.scenarios.outputs.refusal import CannotWrite
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.run_folders.identity import Identity, here, read_identity, write_identity
from failback.scenarios.outputs.run_folders.run_folder import FILES, begun
from failback.scenarios.run.player import RunAborted, play
from failback.scenarios.text.plain_words import date_words

ENTRY: Final = "import sys; from failback.scenarios.cli.main import main; sys.argv[0] = 'failback'; main()"
DRIVE: Final = Driver.run
FOUR: Final = ("history.jsonl", "result.json", "report.html", "junit.xml")
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of a process are POSIX's")


def ended(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["failback", *words])
    return run()


def begin(*words: str, before: str = "") -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", before + ENTRY, *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def identity(world: str = "sim") -> Identity:
    scenario = load_scenario(resolve("one_vm"))
    facts = {"scenario": "one_vm", "title": "", "world": world, "label": world, "seed": 1}
    return here("run", {**facts, "starts_at": scenario.starts_at})


def killed(monkeypatch: pytest.MonkeyPatch, folder: Path, after: int) -> Path:
    """A run that ended by force when so many lines were written; the folder that has its history."""
    monkeypatch.setattr(sys, "argv", ["failback"])
    with begun(folder, identity()) as kept:
        lines: list[str] = []
        play(load_scenario(resolve("one_vm")), on_line=lambda line: lines.append(line.as_json()))
        (kept.work / "history.jsonl").write_text("\n".join(lines[:after]) + "\n" + lines[after][:20], encoding="utf-8")
    return kept.work


# Two runs


@posix
def test_of_three_runs_at_once_in_one_folder_one_succeeds(tmp_path: Path) -> None:
    out = tmp_path / "out"
    wait = (
        "import time, failback.scenarios.run.player as p; play = p.play;"
        "p.play = lambda *a, **k: (time.sleep(4), play(*a, **k))[1];"
    )
    three = [begin("run", "one_vm", "--out", str(out), before=wait) for _ in range(3)]
    output = [process.communicate(timeout=120)[1] for process in three]
    assert sorted(process.returncode for process in three) == [0, 2, 2]
    winner = next(process.pid for process in three if process.returncode == 0)
    for process, text in zip(three, output, strict=True):
        if process.returncode:
            assert f"process {winner} on " in text
            assert "is in progress there" in text
    assert {path.name for path in out.iterdir()} == {*FOUR, "run.json", "scenario.json", ".gitignore"}
    assert len((out / "history.jsonl").read_bytes().split(b"\n")) == 1 + json.loads(last_line(out))["n"]


def test_a_run_that_has_the_lock_and_has_not_said_yet_which_it_is_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slept = list[float]()

    def a_moment_later(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            write_identity(identity(), tmp_path)

    monkeypatch.setattr("time.sleep", a_moment_later)
    with locked(tmp_path):
        assert ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path)) == 2
    assert len(slept) == 3
    assert f"of one_vm is in progress there (process {os.getpid()} on " in capsys.readouterr().err


def test_a_folder_in_which_another_command_writes_takes_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with reserved(tmp_path, {}):
        assert ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path)) == 2
    assert "another command is writing there; wait until it ends" in capsys.readouterr().err


def last_line(folder: Path) -> str:
    return (folder / "history.jsonl").read_text("utf-8").rstrip("\n").split("\n")[-1]


def test_a_run_that_goes_on_is_not_reported_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with begun(tmp_path, identity()) as kept:
        assert ended(monkeypatch, "report", str(tmp_path)) == 2
    who = f"run {kept.identity.id} of one_vm is in progress there (process {os.getpid()} on "
    assert who in capsys.readouterr().err


def test_a_finished_run_says_which_it_was_and_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(monkeypatch, "demo", "--out", str(tmp_path), "--seed", "3") == 0
    found = read_identity(tmp_path)
    assert found is not None
    assert (found.command, found.state, found.pid, found.host) == ("demo", "finished", None, None)
    assert (found.world, found.label, found.seed) == ("sim", "simulation", 3)
    assert found.versions["failback"]


def test_the_same_seed_gives_the_same_bytes_and_another_identity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path))
    first = _without_identity(tmp_path)
    ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path))
    assert {name for name, found in _without_identity(tmp_path).items() if found != first[name]} == {"run.json"}


def _without_identity(folder: Path) -> dict[str, bytes]:
    """The page alone says which run it is of, and when that was made."""
    found, identity = bytes_in(folder), read_identity(folder)
    assert identity is not None
    assert identity.began_at is not None
    page, began = found["report.html"], date_words(identity.began_at).encode()
    assert began in page
    found["report.html"] = page.replace(identity.id.encode(), b"ID").replace(began, b"DATE")
    return found


# What an earlier run left


def seen_while_it_runs(monkeypatch: pytest.MonkeyPatch, look: Callable[[], Any]) -> list[Any]:
    """What a look shows when the drill is over and the run is not."""
    seen = list[Any]()

    def run_and_look(self: Driver) -> None:
        DRIVE(self)
        seen.append(look())

    monkeypatch.setattr(Driver, "run", run_and_look)
    return seen


def test_while_a_run_goes_on_the_earlier_one_stays_as_it_was_and_then_is_replaced_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path))
    before = bytes_in(tmp_path)
    seen = seen_while_it_runs(monkeypatch, lambda: bytes_in(tmp_path))
    ended(monkeypatch, "run", "one_vm", "--seed", "5", "--out", str(tmp_path))
    assert seen == [before]
    assert all(text != before[name] for name, text in bytes_in(tmp_path).items())
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)


def test_a_run_that_was_killed_beside_an_earlier_one_is_not_mixed_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path))
    before = bytes_in(tmp_path)
    within = killed(monkeypatch, tmp_path, after=40)
    assert within.parent == tmp_path
    assert bytes_in(tmp_path) == before
    capsys.readouterr()
    assert ended(monkeypatch, "report", str(tmp_path)) == 0
    assert f"`failback report {within}` shows what it did" in capsys.readouterr().err
    assert ended(monkeypatch, "report", "--compare", "one_vm", str(tmp_path), "--runs", "1", "--json") == 0
    assert all(row["verdict"] != "not done" for row in json.loads(capsys.readouterr().out)["rows"])
    shutil.rmtree("failback-compare", ignore_errors=True)


def test_a_rerun_keeps_the_only_history_until_it_has_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed(monkeypatch, tmp_path, after=40)
    before = (tmp_path / "history.jsonl").read_bytes()
    seen = seen_while_it_runs(monkeypatch, (tmp_path / "history.jsonl").read_bytes)
    assert ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path)) == 0
    assert seen == [before]
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)


@pytest.mark.parametrize("moved", range(len(FILES) + 1))
def test_a_move_that_was_broken_off_is_carried_to_its_end(
    moved: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    ended(monkeypatch, "run", "one_vm", "--out", str(old))
    ended(monkeypatch, "run", "one_vm", "--seed", "5", "--out", str(new))
    wanted = bytes_in(new)
    found = read_identity(new)
    assert found is not None
    within = old / f".running-{found.id}"
    within.mkdir()
    for n, name in enumerate(FILES):
        (new / name).replace((old if n < moved else within) / name)
    assert ended(monkeypatch, "report", str(old)) == 0
    assert bytes_in(old) == wanted
    assert not within.exists()


def test_a_run_in_world_azure_is_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path))
    found = read_identity(tmp_path)
    assert found is not None
    write_identity(replace(found, world="azure"), tmp_path)
    before = bytes_in(tmp_path)
    assert ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path)) == 2
    assert "a run in world azure, which is never replaced" in capsys.readouterr().err
    assert bytes_in(tmp_path) == before


def test_a_history_of_which_nobody_knows_the_world_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path))
    for name in FILES:
        if name != "history.jsonl":
            (tmp_path / name).unlink()
    assert ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path)) == 2
    assert "a run whose world is unknown" in capsys.readouterr().err


# What breaks a run off


def breaks(error: BaseException, after: int) -> Callable[[Driver], None]:
    """A driver whose vault fails after so many looks."""

    def broken(self: Driver) -> None:
        read, looks = self._ports.vault.read, [0]

        def failing(subjects: object) -> object:
            looks[0] += 1
            if looks[0] > after:
                raise error
            return read(subjects)  # type: ignore[arg-type]

        self._ports.vault.read = failing  # type: ignore[method-assign,assignment]
        DRIVE(self)

    return broken


CODES: Final = ((Unreachable("the vCenter is away"), 3), (KeyboardInterrupt(), 4))


@pytest.mark.parametrize(("error", "code"), CODES, ids=lambda captured: type(captured).__name__)
def test_what_was_done_is_told_when_an_endpoint_is_lost(
    error: BaseException, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Driver, "run", breaks(error, after=20))
    assert ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path)) == code
    captured = capsys.readouterr()
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert result["verdict"] == "interrupted"
    assert result["legs"]
    assert "Interrupted after" in captured.out
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)


def test_where_nothing_was_done_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Driver, "run", breaks(Unreachable("the vCenter is away"), after=0))
    assert ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path / "out")) == 3
    assert not list(tmp_path.iterdir())


def test_where_nothing_was_done_the_earlier_run_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path))
    before = bytes_in(tmp_path)
    monkeypatch.setattr(Driver, "run", breaks(Unreachable("the vCenter is away"), after=0))
    assert ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path)) == 3
    assert bytes_in(tmp_path) == before
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)


def test_a_world_that_fails_while_it_is_taken_down_hides_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import contextmanager

    from failback.scenarios.run import worlds

    @contextmanager
    def fragile(*given: object):  # type: ignore[no-untyped-def]  # as the world that it stands for
        with SIM(*given) as ports:  # type: ignore[arg-type]
            yield ports
        raise Unreachable("the vcsim ended by itself")

    SIM = worlds.sim
    monkeypatch.setattr(worlds, "sim", fragile)
    with pytest.raises(RunAborted, match="ended by itself") as raised:
        play(load_scenario(resolve("one_vm")))
    assert raised.value.result.verdict == "as_expected"
    assert isinstance(raised.value.cause, Unreachable)


LIMITED: Final = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}));"


@posix
@pytest.mark.parametrize("earlier", [False, True], ids=["alone", "beside an earlier run"])
@pytest.mark.parametrize("limit_bytes", [16_000, 20_000])
def test_when_the_disk_is_full_what_was_done_is_told_and_an_earlier_run_is_whole(
    limit_bytes: int, earlier: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if earlier:
        ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path))
    before = {name: (tmp_path / name).read_bytes() for name in FILES if earlier}
    process = begin("run", "one_vm", "--out", str(tmp_path), before=LIMITED.format(limit_bytes))
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2, err
    assert "Traceback" not in err
    assert "File too large" in err
    assert "What could be written is in" in err
    assert "machine" in out
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    (folder,) = tmp_path.glob(".running-*") if earlier else [tmp_path]
    assert (folder / "history.jsonl").stat().st_size <= limit_bytes
    assert ended(monkeypatch, "report", str(folder)) == 0


@posix
def test_when_the_disk_is_full_before_the_run_nothing_is_played_and_nothing_left(tmp_path: Path) -> None:
    process = begin("run", "one_vm", "--out", str(tmp_path / "out"), before=LIMITED.format(4_000))
    assert process.communicate(timeout=120)[1].count("File too large") == 1
    assert process.returncode == 2
    assert not (tmp_path / "out").exists()


def test_a_disk_that_is_full_at_the_end_is_told_once_for_each_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from failback.scenarios.reports import publishing

    def full(path: Path, *_: object) -> None:
        raise CannotWrite(path, "it cannot be written: No space left on device")

    monkeypatch.setattr(publishing, "write_text", full)
    assert ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path)) == 2
    captured = capsys.readouterr()
    assert [name in captured.err for name in ("result.json", "junit.xml", "report.html")] == [True, True, False]
    assert "The run ended as its scenario expects" in captured.out
    assert (tmp_path / "report.html").exists()


@pytest.mark.vcsim
@posix
def test_a_vcsim_that_dies_leaves_result_and_report(tmp_path: Path) -> None:
    process = begin("run", "first_drill", "--world", "lab", "--out", str(tmp_path))
    history, deadline = tmp_path / "history.jsonl", time.monotonic() + 60
    while not (history.exists() and history.stat().st_size > 20_000) and time.monotonic() < deadline:
        time.sleep(0.02)
    (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    os.kill(int(child), signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "vcsim" in err
    assert "Interrupted after" in out
    assert json.loads((tmp_path / "result.json").read_text("utf-8"))["verdict"] == "interrupted"
    assert (tmp_path / "report.html").exists()
    found = read_identity(tmp_path)
    assert found is not None
    assert found.state == "finished"
