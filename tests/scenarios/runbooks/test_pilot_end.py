"""A pilot that ends after the way home begins teaches nobody anything: it is told, with the time by which to begin."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from failback.scenarios.files.loader import library
from failback.scenarios.runbooks.pilot_command import run_pilot

HOME = datetime.fromisoformat("2026-11-27T18:00:00+01:00")


def told(folder: Path, start: datetime, capsys: pytest.CaptureFixture[str]) -> tuple[str, dict[str, object]]:
    """What the command prints, in words and as JSON, of a pilot that begins then."""
    file = folder / "berlin.yaml"
    file.write_text(f"{library()['one_vm'].read_text('utf-8')}\nstarts_at: '{HOME.isoformat()}'\n", encoding="utf-8")
    said = []
    for as_json in (False, True):
        run_pilot(str(file), 5, folder / "pilot", json_wanted=as_json, start=f"{start:%Y-%m-%d %H:%M}")
        said.append(capsys.readouterr().out)
    return said[0], json.loads(said[1])


def test_a_pilot_that_ends_in_time_says_when(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, data = told(tmp_path, HOME - timedelta(days=3), capsys)
    assert "Its last leg ends Tue 24 Nov 2026, " in words
    assert "90 % of the runs: " in words
    assert "TOO LATE" not in words
    for text in (words, *((tmp_path / "pilot" / f"runbook.{kind}").read_text("utf-8") for kind in ("md", "html"))):
        assert "Times assume: " in text, "what the times rest on stands beside them"
    assert data["ends_before_the_way_home"] is True


def test_a_pilot_that_ends_too_late_is_told_with_the_time_by_which_to_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, data = told(tmp_path, HOME - timedelta(minutes=5), capsys)
    assert (
        "TOO LATE: the pilot ends after the way home of all machines begins (Fri 27 Nov 2026, 18:00 +01:00)." in words
    )
    assert data["ends_before_the_way_home"] is False
    assert "TOO LATE" in (tmp_path / "pilot" / "runbook.md").read_text("utf-8")
    assert "TOO LATE" in (tmp_path / "pilot" / "runbook.html").read_text("utf-8")
    latest = datetime.fromisoformat(str(data["ends_at_latest"]))
    begin = HOME - (latest - (HOME - timedelta(minutes=5)))
    assert f"Begin it by {begin:%a} {begin.day} {begin:%b %Y, %H:%M} +01:00" in words
    again, _ = told(tmp_path, begin.replace(second=0, microsecond=0), capsys)
    assert "TOO LATE" not in again, "what it advises helps"


def test_without_a_start_of_the_way_home_nothing_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_pilot("one_vm", 1, tmp_path / "pilot", json_wanted=True)
    assert json.loads(capsys.readouterr().out)["ends_before_the_way_home"] is None
