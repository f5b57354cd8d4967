"""`failback tell`: a run hears it, a resumed one too, and what makes no sense is refused."""

import errno
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from failback.reprotect import Instruction, Line
from failback.scenarios.cli.entry import run
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.outputs.run_folders.history_file import HistoryFile
from failback.scenarios.outputs.run_folders.instructions import INSTRUCTIONS, InstructionFile, add_instruction
from failback.scenarios.outputs.run_folders.journal import read_journal
from failback.scenarios.reports.telling import tell
from failback.scenarios.run.instructions import InstructedOperator
from failback.scenarios.run.operator import ScriptedOperator
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock, serve

FACTOR: Final = 20_000
PAUSE, CONTINUE, SKIP, ABANDON = Instruction
Words = tuple[str, ...]


def ended(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["failback", *map(str, words)])
    return run()


@contextmanager
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Words]:
    """A mock in fast real time, and the words that lead a command there."""
    monkeypatch.setenv("FAILBACK_AZURE_TOKEN", "token")
    story = load_scenario(resolve("one_modernised_vm"))
    mock = ArmMock(World(spec_of(story)), epoch=story.starts_at, clock=f"real:{FACTOR}")
    with serve(mock) as served:
        settings = tmp_path / "settings.yaml"
        settings.write_text(
            f"azure: {{subscription: {mock.subscription}, resource_group: {mock.resource_group}, "
            f"vault: {mock.vault_name}, credential: token, base_url: '{served.base_url}', "
            f"ca_file: '{served.ca_file}'}}\nclock: {{poll_s: 0.02, factor: {FACTOR}}}\n",
            encoding="utf-8",
        )
        yield ("--settings", str(settings))


def whenever(monkeypatch: pytest.MonkeyPatch, acts: dict[Callable[[Line], bool], Callable[[], object]]) -> None:
    """Do each act after the first line of the history for which its condition holds."""
    write, left = HistoryFile.write, dict(acts)

    def writing(file: HistoryFile, line: Line) -> None:
        write(file, line)
        for condition in [each for each in left if each(line)]:
            left.pop(condition)()

    monkeypatch.setattr(HistoryFile, "write", writing)


def said(what: str) -> Callable[[Line], bool]:
    return lambda line: line.data.get("what") == what


def at(number: int) -> Callable[[Line], bool]:
    return lambda line: line.n == number


def instructions_in(out: Path) -> list[Any]:
    return [
        one.line.data["instruction"]
        for one in read_journal(out / "history.jsonl").lines
        if one.line.name == "Instructed"
    ]


def test_a_run_pauses_and_continues_as_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    with vault(tmp_path, monkeypatch) as azure:
        whenever(
            monkeypatch, {at(12): lambda: tell(out, PAUSE, None), said("paused"): lambda: tell(out, CONTINUE, None)}
        )
        assert ended(monkeypatch, "run", "one_modernised_vm", "--world", "azure", "--out", out, *azure) == 0
    assert instructions_in(out) == ["pause", "continue"]


def test_a_run_that_was_paused_and_killed_waits_when_resumed_until_it_is_told_to_continue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    def interrupt() -> None:
        raise KeyboardInterrupt

    with vault(tmp_path, monkeypatch) as azure:
        with monkeypatch.context() as patch:
            whenever(patch, {at(12): lambda: tell(out, PAUSE, None), said("paused"): interrupt})
            assert ended(patch, "run", "one_modernised_vm", "--world", "azure", "--out", out, *azure) == 4
        capsys.readouterr()
        assert ended(monkeypatch, "tell", out, "continue") == 0
        assert "No process is driving this run now" in capsys.readouterr().out
        assert ended(monkeypatch, "resume", out, *azure) == 0
    assert instructions_in(out) == ["pause", "continue"]


def test_an_abandoned_run_ends_and_says_who_must_act(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    with vault(tmp_path, monkeypatch) as azure:
        whenever(monkeypatch, {at(12): lambda: tell(out, ABANDON, None)})
        assert ended(monkeypatch, "run", "one_modernised_vm", "--world", "azure", "--out", out, *azure) == 1
    result = json.loads((out / "result.json").read_text("utf-8"))
    assert [each["stopped_by"] for each in result["item_details"]] == ["abandoned"]
    with pytest.raises(Exception, match="this run has ended"):
        tell(out, CONTINUE, None)


def begun(folder: Path, world: str, command: str = "run") -> Path:
    """The folder of a run in this world that was broken off."""
    from failback.scenarios.reports.kept_run import RunOptions, run_folder

    scenario = load_scenario(resolve("one_modernised_vm"))
    with run_folder(folder, command, scenario, RunOptions(world)):
        pass
    return folder


@pytest.mark.parametrize(
    ("world", "words", "expected"),
    [
        ("lab", ("skip",), "skip needs the name of a machine"),
        ("lab", ("skip", "app-10"), "did you mean 'app-01'"),
        ("lab", ("skip", "zzz"), "it has 1 machine,"),
        ("lab", ("pause", "app-01"), "no machine can be given"),
        ("lab", ("stop",), "is not one of"),
        ("sim", ("pause",), "takes no time in which it could be told anything"),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_written(
    world: str, words: Words, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    out = begun(tmp_path / "out", world)
    assert ended(monkeypatch, "tell", out, *words) == 2
    assert expected in " ".join(capsys.readouterr().err.split())
    assert not (out / INSTRUCTIONS).exists()


def test_the_folder_of_a_watch_is_refused_since_nobody_would_hear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = begun(tmp_path / "out", "lab", "watch")
    assert ended(monkeypatch, "tell", out, "pause") == 2
    assert "this is the folder of a watch" in capsys.readouterr().err
    assert not (out / INSTRUCTIONS).exists()


def test_a_folder_without_a_run_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    assert ended(monkeypatch, "tell", tmp_path / "none", "pause") == 2
    assert "no run is kept here" in capsys.readouterr().err


def test_lines_that_are_no_instructions_are_passed_over_and_a_torn_one_waits(tmp_path: Path) -> None:
    file = InstructionFile(tmp_path)
    assert list(file.new()) == []
    add_instruction(tmp_path, PAUSE)
    with (tmp_path / INSTRUCTIONS).open("ab") as written:
        written.write(b'{"failback_instruction": "dance", "item": ""}\n[]\nnonsense\n{"failback_instruction": "con')
    assert [(each.number, each.instruction) for each in file.new()] == [(1, PAUSE)]
    with (tmp_path / INSTRUCTIONS).open("ab") as written:
        written.write(b'tinue", "item": ""}\n')
    assert [(each.number, each.instruction) for each in file.new()] == [(5, CONTINUE)]
    assert [each.number for each in InstructionFile(tmp_path, heard=1).new()] == [5]


def test_where_virtual_time_stands_still_a_paused_run_is_held_until_it_is_told_more(tmp_path: Path) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            add_instruction(tmp_path, SKIP, "unknown")
            add_instruction(tmp_path, CONTINUE)

    operator = InstructedOperator(
        ScriptedOperator(()), InstructionFile(tmp_path).new, ("app-01",), waits=True, sleep=sleep
    )
    add_instruction(tmp_path, PAUSE)
    assert [each.instruction for each in operator.answers(0.0) if not hasattr(each, "gate")] == [PAUSE]
    assert operator.next_s == -float("inf")
    assert [each.instruction for each in operator.answers(0.0) if not hasattr(each, "gate")] == [CONTINUE]
    assert len(slept) == 3
    assert operator.next_s == float("inf")


def test_a_file_of_somebody_else_is_not_touched_and_a_full_disk_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = begun(tmp_path / "out", "lab")
    (out / INSTRUCTIONS).write_text("mine", encoding="utf-8")
    assert ended(monkeypatch, "tell", out, "pause") == 2
    assert "the file there is not instructions to a run that `failback tell` wrote" in capsys.readouterr().err
    assert (out / INSTRUCTIONS).read_text("utf-8") == "mine"
    (out / INSTRUCTIONS).unlink()
    assert ended(monkeypatch, "tell", out, "pause") == 0
    before = (out / INSTRUCTIONS).read_text("utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        assert ended(patched, "tell", out, "continue") == 2
    assert "No space left" in capsys.readouterr().err
    assert (out / INSTRUCTIONS).read_text("utf-8") == before


def full(*_: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")
