"""The one reader of what a run has left: by report, comparison and calibration, of whole runs and of broken ones."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from failback.reprotect import History, Line
from failback.scenarios.cli.entry import run
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outputs.run_folders.from_history import OF_THE_PLAN, result_from_history
from failback.scenarios.outputs.run_folders.history_lines import PROMISES, history_lines
from failback.scenarios.outputs.run_folders.result_file import read_result
from failback.scenarios.run.judge import Judge
from failback.scenarios.run.player import play
from failback.scenarios.run.result import Result

STORIES: Final = ("one_vm", "snapshot_is_deleted_by_failback", "master_target_snapshot", "operator_gate", "first_drill")
posix = pytest.mark.skipif(sys.platform == "win32", reason="named pipes are POSIX's")


def ended(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["failback", *words])
    return run()


def played(name: str, folder: Path) -> tuple[Path, Result]:
    lines: list[str] = []
    result = play(load_scenario(resolve(name)), on_line=lambda line: lines.append(line.as_json() + "\n"))
    (folder / "history.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder / "history.jsonl", result


# A history without a result


@pytest.mark.parametrize("story", STORIES)
def test_a_whole_history_tells_the_items_legs_and_findings_of_the_result(story: str, tmp_path: Path) -> None:
    path, result = played(story, tmp_path)
    found = result_from_history(path)
    assert found.items == result.items
    assert found.legs == result.legs
    listed = [(f.rule, f.item, f.status, f.message, f.at_s, f.times, f.applied) for f in result.findings]
    same = [(f.rule, f.item, f.status, f.message, f.at_s, f.times, f.applied) for f in found.findings]
    assert set(same) <= set(listed)
    assert [row for row in listed if row[2] != "noticed"] == [row for row in same if row[2] != "noticed"]
    assert found.duration_s == round(result.duration_s, 6)
    assert found.checkers == {
        name: violations for name, violations in result.checkers.items() if name not in OF_THE_PLAN
    }


def test_a_run_that_was_killed_is_reported_as_interrupted_and_says_what_nobody_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = played("one_vm", tmp_path)
    path.write_bytes(path.read_bytes()[:6000])
    assert ended(monkeypatch, "report", str(tmp_path)) == 0
    output = capsys.readouterr().err
    page = (tmp_path / "report.html").read_text("utf-8")
    for words in ("alone, which breaks off at line", "in which world", "never_commit_unverified"):
        assert words in output
        assert words in page
    assert "Interrupted after" in page
    assert '<error message="Interrupted after' in (tmp_path / "junit.xml").read_text("utf-8")
    assert not (tmp_path / "result.json").exists()


def test_the_identity_of_a_killed_run_tells_its_world_and_its_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(monkeypatch, "run", "one_vm", "--out", str(tmp_path))
    (tmp_path / "result.json").unlink()
    capsys.readouterr()
    assert ended(monkeypatch, "report", str(tmp_path), "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["label"], data["world"], data["verdict"]) == ("simulation", "sim", "interrupted")
    assert data["starts_at"] == load_scenario(resolve("one_vm")).starts_at.isoformat()
    assert "which tells the end of the run" in data["notes"][0]
    assert (
        ended(monkeypatch, "calibrate", str(tmp_path), "--min-measurements", "1", "--out", str(tmp_path / "c.yaml"))
        == 0
    )


def test_whoever_hears_a_history_hears_only_lines_whose_promise_is_kept() -> None:
    scenario = load_scenario(resolve("one_vm"))
    heard = Judge(scenario, "", "sim", {})._listeners.keys()
    assert heard <= PROMISES.keys() | {"Resumed"}, "a note, which promises nothing: only that it is there is heard"


def test_what_an_older_failback_did_not_write_has_its_default(tmp_path: Path) -> None:
    line = Line(1, 0.0, "event", "OperatorAnswered", "web", {"item": "web", "gate": "g", "proceed": True})
    (tmp_path / "history.jsonl").write_text(line.as_json() + "\n", encoding="utf-8")
    (found,) = history_lines(tmp_path / "history.jsonl", [])
    assert found.data["apply"] is False


# Lines


@pytest.mark.parametrize("end", ["\u0085", "\u2028", "\u2029", "\x0c", "\x1c"])
def test_only_a_line_feed_ends_a_line(end: str, tmp_path: Path) -> None:
    found = [f"a{end}b", "c"]
    history = History(lambda line: lines.append(line))
    lines: list[Line] = []
    for name in found:
        history.note(0.0, "RunBegan", {"scenario": name, "seed": 1})
    text = "".join(json.dumps(json.loads(line.as_json()), ensure_ascii=ord(end) < 32) + "\n" for line in lines)
    (tmp_path / "history.jsonl").write_bytes(text.encode())
    notes: list[str] = []
    assert [line.data["scenario"] for line in history_lines(tmp_path / "history.jsonl", notes)] == found
    assert notes == []


@pytest.mark.parametrize(
    "broken",
    [
        b'{"n":1,"t_s":0,"kind":[],"name":{},"item":[],"data":{}}',
        b'{"n":1,"t_s":0,"kind":"event","name":"JobFailed","item":"web","data":{"failure":3}}',
        b'{"n":1,"t_s":NaN,"kind":"event","name":"x","item":"web","data":{}}',
        b'{"n":1,"t_s":1e300,"kind":"event","name":"x","item":"web","data":{}}',
        b"[" * 100_000,
        b'{"n":1' + b"0" * 5000 + b"}",
        b"\xff\xfe\x00",
        b"null",
    ],
    ids=lambda text: str(text[:40]),
)
def test_one_line_that_is_none_costs_no_other(broken: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = played("one_vm", tmp_path)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:3], broken, *lines[3:]]))
    notes: list[str] = []
    assert len(list(history_lines(path, notes))) == len(lines) - 1
    assert notes
    assert ended(monkeypatch, "report", str(tmp_path)) == 0


@posix
@pytest.mark.parametrize("words", [("report",), ("report", "--compare", "one_vm"), ("calibrate",)], ids=" ".join)
def test_a_history_that_is_a_named_pipe_is_not_waited_for(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "history.jsonl")
    out = ["--out", str(tmp_path / "out")] if len(words) > 1 else []
    assert ended(monkeypatch, *words, str(tmp_path), *out) == 2
    assert "the history cannot be read: it is not a regular file" in capsys.readouterr().err


# The result


def whole(folder: Path) -> dict[str, Any]:
    result = play(load_scenario(resolve("master_target_snapshot")))
    found: dict[str, Any] = result.as_json()
    return found


CHANGES: Final[dict[str, Any]] = {
    "legs.0.start_s": ("legs", 0, "start_s", "soon"),
    "legs.0.end_s": ("legs", 0, "end_s", float("inf")),
    "duration_s": ("duration_s", float("nan")),
    "legs.0.leg": ("legs", 0, "leg", "sideways"),
    "findings.0.at_s": ("findings", 0, "at_s", -1e300),
    "verdict": ("verdict", "splendid"),
    "versions": ("versions", [1]),
    "starts_at": ("starts_at", "9999-12-31T23:59:59+00:00"),
    "checkers": ("checkers", {"never": 3}),
    "item_details": ("item_details", None),
    "seed": ("seed", 1.5),
}


@pytest.mark.parametrize("place", CHANGES)
def test_what_is_wrong_in_a_result_is_named_in_one_paragraph(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = whole(tmp_path)
    *way, last, value = CHANGES[place]
    within: Any = text
    for step in way:
        within = within[step]
    within[last] = value
    (tmp_path / "result.json").write_text(json.dumps(text), encoding="utf-8")
    assert ended(monkeypatch, "report", str(tmp_path)) == 2
    output = capsys.readouterr().err
    assert f"this is not the result of a run ({place}" in output
    assert output.count("\n") == 1


@pytest.mark.parametrize("text", [b"", b"null", b"[" * 100_000, b'{"label":' * 100_000, b"\xff\xfe", b"{}"])
def test_what_is_no_result_at_all_is_refused(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(text)
    with pytest.raises(BadInput, match="this is not the result of a run"):
        read_result(tmp_path / "result.json")


def test_a_result_is_read_as_it_was(tmp_path: Path) -> None:
    result = play(load_scenario(resolve("master_target_snapshot")))
    (tmp_path / "result.json").write_text(json.dumps(result.as_json(), sort_keys=True), encoding="utf-8")
    assert read_result(tmp_path / "result.json") == replace(result, duration_s=round(result.duration_s, 6))
