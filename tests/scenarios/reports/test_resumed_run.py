"""`failback resume`: what it takes up, and what it refuses in a sentence; in world azure, against the mock."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from failback.adapters import SiteRecoveryVault
from failback.reprotect import Line, Unreachable
from failback.scenarios.cli.entry import run
from failback.scenarios.exploring.verdict import sent_twice
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.outputs.run_folders.history_file import HistoryFile
from failback.scenarios.outputs.run_folders.identity import read_identity, write_identity
from failback.scenarios.outputs.run_folders.journal import read_journal
from failback.scenarios.outputs.run_folders.run_folder import held
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock, serve

FACTOR: Final = 20_000
"""How much faster than the wall the vault's time runs."""


def ended(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["failback", *map(str, words)])
    return run()


def interrupted_at(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Ctrl-C before this line."""
    write = HistoryFile.write

    def writing(file: HistoryFile, line: Line) -> None:
        if line.n == number:
            raise KeyboardInterrupt
        write(file, line)

    monkeypatch.setattr(HistoryFile, "write", writing)


def settings_of(mock: ArmMock, served: Any, folder: Path) -> Path:
    file = folder / "settings.yaml"
    file.write_text(
        f"azure: {{subscription: {mock.subscription}, resource_group: {mock.resource_group}, "
        f"vault: {mock.vault_name}, credential: token, base_url: '{served.base_url}', ca_file: '{served.ca_file}'}}\n"
        f"clock: {{poll_s: 0.02, factor: {FACTOR}}}\n",
        encoding="utf-8",
    )
    return file


@pytest.mark.parametrize("line", [5, 30])
def test_in_world_azure_an_interrupted_run_goes_on_at_the_time_that_it_is_then(
    line: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILBACK_AZURE_TOKEN", "token")
    story = load_scenario(resolve("one_modernised_vm"))
    world, out = World(spec_of(story)), tmp_path / "out"
    mock = ArmMock(world, epoch=story.starts_at, clock=f"real:{FACTOR}")
    with serve(mock) as served:
        azure = ("--settings", settings_of(mock, served, tmp_path))
        with monkeypatch.context() as patch:
            interrupted_at(patch, line)
            assert ended(patch, "run", "one_modernised_vm", "--world", "azure", "--out", out, *azure) == 4
        broken_off = read_journal(out / "history.jsonl").lines
        assert ended(monkeypatch, "resume", out, *azure) == 0
    lines = [one.line for one in read_journal(out / "history.jsonl").lines]
    assert lines[: len(broken_off)] == [one.line for one in broken_off]
    assert list(sent_twice(world, ())) == []
    assert json.loads((out / "result.json").read_text("utf-8"))["items"] == {"app-01": "replicating_to_azure"}
    identity = read_identity(out)
    assert identity is not None
    assert identity.epoch is not None
    assert identity.label == "mock", "nothing real was touched"


def test_in_world_azure_a_run_outlives_a_vault_that_is_away_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILBACK_AZURE_TOKEN", "token")
    monkeypatch.setattr("failback.adapters.patience.FIRST_WAIT_S", 0.01)
    story = load_scenario(resolve("one_modernised_vm"))
    mock, out = ArmMock(World(spec_of(story)), epoch=story.starts_at, clock=f"real:{FACTOR}"), tmp_path / "out"
    read, looks = SiteRecoveryVault.read, count()

    def reading(vault: SiteRecoveryVault, subjects: Any) -> Any:
        if 10 <= next(looks) < 13:
            raise Unreachable("The vault is away.")
        return read(vault, subjects)

    monkeypatch.setattr(SiteRecoveryVault, "read", reading)
    with serve(mock) as served:
        azure = ("--settings", settings_of(mock, served, tmp_path))
        assert ended(monkeypatch, "run", "one_modernised_vm", "--world", "azure", "--out", out, *azure) == 0
    lines = [one.line for one in read_journal(out / "history.jsonl").lines]
    notes = [line.data["message"] for line in lines if line.name == "Endpoint"]
    assert notes[0] == "The vault is away. Trying again for up to 900 s."
    assert notes[1].startswith("It answers again")


def test_a_run_that_has_ended_is_not_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "run", "one_vm", "--out", tmp_path) == 0
    assert ended(monkeypatch, "resume", tmp_path) == 2
    assert "a simulated run ends with its process" in capsys.readouterr().err
    kept_as_lab(tmp_path)
    monkeypatch.setenv("FAILBACK_MOCK", "https://127.0.0.1:1")
    assert ended(monkeypatch, "resume", tmp_path) == 2
    assert "this run has ended" in capsys.readouterr().err


def kept_as_lab(folder: Path, lines: int | None = None) -> None:
    """The folder of a simulated run as if it had been one in the lab, which broke off after so many lines."""
    from failback.scenarios.outputs.run_folders.journal import sealed

    identity = read_identity(folder)
    assert identity is not None
    write_identity(replace(identity, world="lab"), folder)
    texts = (folder / "history.jsonl").read_bytes().split(b"\n")[:-1][:lines]
    (folder / "history.jsonl").write_bytes(b"".join(sealed(text) + b"\n" for text in texts))


def without_scenario(folder: Path) -> None:
    (folder / "scenario.json").unlink()


def with_another_plan(folder: Path) -> None:
    text = (folder / "scenario.json").read_text("utf-8")
    (folder / "scenario.json").write_text(text.replace('"attempts_max":3', '"attempts_max":9'), encoding="utf-8")


def of_an_older_version(folder: Path) -> None:
    identity = read_identity(folder)
    assert identity is not None
    write_identity(replace(identity, plan_hash=""), folder)


def with_a_line_less(folder: Path) -> None:
    lines = (folder / "history.jsonl").read_bytes().split(b"\n")
    (folder / "history.jsonl").write_bytes(b"\n".join([*lines[:9], *lines[10:]]))


def with_another_command(folder: Path) -> None:
    """Whole by its checksums, and not what the rules do."""
    from failback.scenarios.outputs.run_folders.journal import sealed

    path = folder / "history.jsonl"
    lines = [line[: line.rfind(b',"crc"')] + b"}" for line in path.read_bytes().split(b"\n")[:-1]]
    other = [sealed(line.replace(b"app-01/failover/1", b"app-01/failover/7")) for line in lines]
    path.write_bytes(b"\n".join(other) + b"\n")


def without_history(folder: Path) -> None:
    (folder / "history.jsonl").unlink()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without_scenario, "the scenario of the run cannot be read"),
        (with_another_plan, "this is not the scenario that the run was begun with"),
        (of_an_older_version, "begun by an earlier version"),
        (with_a_line_less, ":10: number 10 at "),
        (with_another_command, "do not lead to line"),
        (without_history, "the history cannot be read"),
    ],
)
def test_what_cannot_be_resumed_is_refused_in_one_paragraph_and_left_as_it_is(
    spoil: Callable[[Path], None],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended(monkeypatch, "run", "one_vm", "--out", tmp_path)
    kept_as_lab(tmp_path, 40)
    spoil(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setenv("FAILBACK_MOCK", "https://127.0.0.1:1")
    capsys.readouterr()
    assert ended(monkeypatch, "resume", tmp_path) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_run_whose_simulators_are_gone_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(monkeypatch, "run", "one_vm", "--out", tmp_path)
    kept_as_lab(tmp_path, 40)
    monkeypatch.delenv("FAILBACK_MOCK", raising=False)
    assert ended(monkeypatch, "resume", tmp_path) == 2
    assert "FAILBACK_MOCK is not set" in capsys.readouterr().err


def test_a_run_that_another_process_has_is_refused_with_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(monkeypatch, "run", "one_vm", "--out", tmp_path)
    kept_as_lab(tmp_path, 40)
    identity = read_identity(tmp_path)
    assert identity is not None
    write_identity(identity.resumed(), tmp_path)
    capsys.readouterr()
    with held(tmp_path):
        assert ended(monkeypatch, "resume", tmp_path) == 2
    assert f"of one_vm is in progress there (process {identity.resumed().pid} on " in capsys.readouterr().err


@pytest.mark.parametrize("place", ["nowhere", "."])
def test_a_folder_without_a_run_is_told_so(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "resume", tmp_path / place) == 2
    assert "no run was kept here" in capsys.readouterr().err


def test_a_run_is_not_resumed_in_another_vault_than_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FAILBACK_AZURE_TOKEN", "token")
    story = load_scenario(resolve("one_modernised_vm"))
    mock, out = ArmMock(World(spec_of(story)), epoch=story.starts_at, clock=f"real:{FACTOR}"), tmp_path / "out"
    with serve(mock) as served:
        azure = ("--settings", settings_of(mock, served, tmp_path))
        with monkeypatch.context() as patch:
            interrupted_at(patch, 9)
            assert ended(patch, "run", "one_modernised_vm", "--world", "azure", "--out", out, *azure) == 4
        before = {path.name: path.read_bytes() for path in out.iterdir()}
        asked = len(mock.world.vault.record.requests)
        monkeypatch.setenv("FAILBACK_AZURE_VAULT", "another-vault")
        capsys.readouterr()
        assert ended(monkeypatch, "resume", out, *azure) == 2
        assert "this run was begun in another vault" in capsys.readouterr().err
        assert {path.name: path.read_bytes() for path in out.iterdir()} == before
        assert len(mock.world.vault.record.requests) == asked
        monkeypatch.setenv("FAILBACK_AZURE_VAULT", mock.vault_name.upper())
        assert ended(monkeypatch, "resume", out, *azure) == 0, "Azure takes any case"
    assert mock.subscription not in (out / "run.json").read_text("utf-8")
