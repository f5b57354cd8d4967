"""A run says that it outlives its terminal when that is true, not before."""

import io
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from failback.scenarios import interrupts
from failback.scenarios.cli.detached import outlives_its_terminal


class Terminal(io.StringIO):
    """One that notes whether its closing would be heard, and refuses what is written once it has gone."""

    has_gone = False
    heard = False

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.has_gone:
            raise OSError("Input/output error")
        self.heard = vars(interrupts)["_interrupts"].gone is not None
        return super().write(text)


def kept() -> Any:
    return SimpleNamespace(identity=SimpleNamespace(world="lab", place="process 1 on here"), folder="out")


@pytest.mark.skipif(interrupts.HANGUP is None, reason="Windows sends no SIGHUP")
def test_the_closing_of_a_terminal_is_heard_before_it_says_that_the_run_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with outlives_its_terminal(kept()):
        assert "the run goes on as process 1 on here" in terminal.getvalue()
    assert terminal.heard


@pytest.mark.skipif(interrupts.HANGUP is None, reason="Windows sends no SIGHUP")
def test_a_terminal_that_goes_while_it_is_told_so_ends_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    terminal.has_gone = True
    monkeypatch.setattr(sys, "stderr", terminal)
    with outlives_its_terminal(kept()):
        went_on = True
    assert went_on
