"""What `failback explore` prints: sentences that say what was tried, what was found, and what to do with it."""

import sys
from pathlib import Path

import pytest

from failback.scenarios.cli import run
from failback.scenarios.exploring import command
from failback.scenarios.exploring.case import Case, Crash, Kept, Loss, LostReply
from failback.scenarios.exploring.explore import Found
from failback.scenarios.exploring.verdict import Verdict

CRASHED = Case("one_vm", crashes=(Crash(30, Kept.TORN, 60.0),), lost_replies=(LostReply(3, Loss.REPLY_LOST),))
VERDICT = Verdict({"never_sent_twice": ("60 s: failback of app-01 was asked again",)}, {})


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cases that fail, as if an exploration had found them."""
    tally = command.Tally("crash")
    for _ in range(2):
        tally.add(Found(CRASHED, VERDICT))
    monkeypatch.setattr(command, "explore", lambda *_, **__: [tally])


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["failback", "explore", "one_vm", *words])
    return run()


@pytest.mark.usefixtures("failing")
def test_cases_that_fail_are_told_in_words_and_kept_where_somebody_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, "--out", str(tmp_path)) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[:4] == [
        "SIMULATION of one_vm. Nothing real was touched.",
        "The program was killed before each of the run's 2 steps, and the run was resumed: "
        "violations: never_sent_twice 2; it took 0.0 s",
        "  never_sent_twice: 60 s: failback of app-01 was asked again",
        "      killed before step 30, which left the history with its last line cut off; resumed after 60 s; "
        "request 3: reply lost",
    ]
    first = tmp_path / "case-1.json"
    assert said.err == f"Cases: {first} to case-2.json\nTo make one smaller, use `failback shrink {first}`.\n"


@pytest.mark.usefixtures("failing")
def test_without_a_folder_it_says_how_to_keep_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch) == 1
    assert "To keep the cases that fail, add --out FOLDER" in capsys.readouterr().err
