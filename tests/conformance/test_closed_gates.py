"""An answer to a gate that is not open any more: nothing is sent for that machine, and the others go on."""

import sys
from typing import Any, Final

import pytest

from failback.reprotect import Line, Phase
from failback.scenarios.outputs.run_folders.history_file import HistoryFile
from failback.scenarios.outputs.run_folders.journal import read_journal

from .live_site import failback
from .night_site import TWO, Night

GATE: Final = """
  gates: [{name: ready, before: failback, items: [app-01], question: Is the application stopped?}]
"""
ANSWER: Final = "operator: [{gate: ready, proceed: true, after_s: 1800}]\n"


def with_gate(night: Night, answer: str) -> None:
    text = TWO.replace("plan: {retry_delay_s: 1}\n", f"plan:\n  retry_delay_s: 1{GATE}{answer}")
    (night.folder / "s.yaml").write_text(text, encoding="utf-8")


def somebody_moves_it(night: Night) -> None:
    """In the portal, while the drill waits at the gate."""
    night.mock.world.vault.items["app-01"].phase = Phase.FAILOVER_COMMITTED


def is_stopped_alone(night: Night) -> bool:
    """Whether app-01 was asked for nothing after its gate had closed, and app-02 is home."""
    lines = [one.line for one in read_journal(night.folder / "night/history.jsonl").lines]
    asked = [line.data["operation"] for line in lines if line.name == "StartOperation" and line.item == "app-01"]
    assert (asked, night.ends()["app-02"]) == (["reprotect_to_on_premises"], "replicating_to_azure")
    names = [line.name for line in lines if line.item == "app-01"]
    stopped = next(n for n, line in enumerate(lines) if line.item == "app-01" and line.data.get("what") == "stopped")
    answered = next(n for n, line in enumerate(lines) if line.name == "OperatorAnswered")
    assert stopped < answered, names
    return night.is_whole()


def test_a_written_answer_that_comes_when_the_gate_has_closed_opens_nothing(night: Night) -> None:
    with_gate(night, ANSWER)
    write = HistoryFile.write

    def writing(file: HistoryFile, line: Line) -> None:
        write(file, line)
        if line.name == "AskOperator":
            somebody_moves_it(night)

    night.patch.setattr(HistoryFile, "write", writing)
    assert night.runs() == 1
    assert is_stopped_alone(night)


def test_a_person_at_the_terminal_who_answers_too_late_opens_nothing(night: Night) -> None:
    with_gate(night, "")
    asked: list[str] = []

    def too_late(question: str) -> bool:
        asked.append(question)
        somebody_moves_it(night)
        return True

    terminal: Any = type("Terminal", (), {"isatty": lambda _: True, "readline": lambda _: ""})
    night.patch.setattr(sys, "stdin", terminal())
    night.patch.setattr("failback.scenarios.cli.terminal.yes_or_no", too_late)
    assert night.types("run", "DIR/s.yaml", "--world", "azure", "--out", "DIR/night", "--ask") == 1
    assert asked == ["app-01: Is the application stopped?"]
    assert is_stopped_alone(night)


@pytest.mark.parametrize("word", ["yes", "approve", "ready"])
def test_a_gate_is_not_answered_by_tell_nor_by_note(
    word: str, night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    night.breaks_off()
    before = (night.folder / "night/history.jsonl").read_bytes()
    capsys.readouterr()
    assert failback(night.patch, "tell", f"{night.folder}/night", word) == 2
    assert failback(night.patch, "note", f"{night.folder}/night", word) == 2
    said = capsys.readouterr().err
    assert "is not one of 'pause', 'continue', 'skip', 'abandon'" in " ".join(said.split())
    assert "no watch was kept here" in said
    assert (night.folder / "night/history.jsonl").read_bytes() == before
    assert not list((night.folder / "night").glob("instructions*"))
