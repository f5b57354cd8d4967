"""The header of a run says in which world and vault it goes on, and since when: whoever edits it stops the run."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from failback.scenarios.consent.rehearsal_proof import read_rehearsal
from failback.scenarios.outputs.run_folders.identity import read_identity, write_identity

from .test_resumed_run import ended, kept_as_lab

EDITS: Final[dict[str, Any]] = {
    "an epoch of a year ago": {"epoch": "2025-06-05T18:00:00+00:00"},
    "an epoch in the future": {"epoch": "2126-06-05T18:00:00+00:00"},
    "no epoch": {"epoch": None},
    "another vault": {"vault": "0" * 32},
    "no vault": {"vault": ""},
    "a real vault": {"world": "azure"},
    "another beginning": {"began_at": None},
    "no seal": {"seal": ""},
}


@pytest.fixture
def broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a run in the lab that broke off."""
    ended(monkeypatch, "run", "one_vm", "--out", tmp_path)
    kept_as_lab(tmp_path, 40)
    edit(tmp_path, {"epoch": "2026-06-05T18:00:00+00:00", "vault": "1" * 32})
    found = read_identity(tmp_path)
    assert found is not None
    write_identity(found, tmp_path)
    monkeypatch.setenv("FAILBACK_MOCK", "https://127.0.0.1:1")
    return tmp_path


def edit(folder: Path, values: dict[str, Any]) -> None:
    path = folder / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **values}), encoding="utf-8")


@pytest.mark.parametrize("name", EDITS)
def test_a_run_whose_header_was_edited_is_not_resumed_and_left_as_it_is(
    name: str, broken_off: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(broken_off, EDITS[name])
    before = {path.name: path.read_bytes() for path in broken_off.iterdir()}
    capsys.readouterr()
    assert ended(monkeypatch, "resume", broken_off) == 2
    said = capsys.readouterr().err
    assert "run.json: this header was edited or is damaged" in said
    assert said.count("\n") == 1
    assert {path.name: path.read_bytes() for path in broken_off.iterdir()} == before


def test_a_header_that_nobody_edited_is_taken_at_its_word(
    broken_off: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "resume", broken_off) == 2
    assert "this run was begun in another vault" in capsys.readouterr().err


def test_a_run_in_a_real_vault_that_is_said_to_be_one_in_the_lab_is_no_rehearsal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(monkeypatch, "run", "one_vm", "--out", tmp_path)
    rehearsed = read_rehearsal(tmp_path)
    assert not isinstance(rehearsed, str)
    assert rehearsed.is_whole
    edit(tmp_path, {"began_at": "2020-06-05T18:00:00+00:00"})
    edited = read_rehearsal(tmp_path)
    assert not isinstance(edited, str)
    assert not edited.is_whole
