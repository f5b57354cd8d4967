"""How a call of ours ends when it is fed with mutants: by a documented exit code, a named refusal, or wrongly."""

import io
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final

import pytest

from failback.scenarios.cli.entry import run

HANG_S: Final = 60
"""Longer than any mutant takes on a machine that is busy with other tests."""
FORESEEN: Final = frozenset({"0", "1", "2", "3"})
"""Exit codes of a verdict, of wrong input, and of an endpoint that cannot be read. 5 is what nobody foresaw."""

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="a hang is told by POSIX's timer")


class Hung(BaseException):
    """Nothing catches it."""


@contextmanager
def in_time() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, HANG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def ended(*words: str) -> str:
    """How the command line ends in this process: its code, or the exception and where it came from."""
    sys.argv = ["failback", *words]
    return called(lambda: str(run()))


def called(call: Callable[[], str]) -> str:
    """What a call gives, or the exception and where it came from."""
    said = io.StringIO()
    try:
        with in_time(), redirect_stdout(said), redirect_stderr(said):
            end = call()
    except Hung:
        return "hung"
    except BaseException as broken:
        last = traceback.extract_tb(broken.__traceback__)[-1]
        return f"{type(broken).__name__} at {Path(last.filename).name}:{last.lineno}"
    return f"5 {said.getvalue()[:200]}" if end == "5" else end


class Ends:
    """Which ends there were, with the numbers of the mutants."""

    def __init__(self) -> None:
        self.found: dict[str, list[int]] = {}

    def note(self, end: str, number: int) -> None:
        self.found.setdefault(end, []).append(number)

    def wrong(self, foreseen: frozenset[str] = FORESEEN) -> dict[str, list[int]]:
        """All that nobody foresaw; `NAME: end` is told by its end."""
        return {end: numbers[:5] for end, numbers in self.found.items() if end.split(": ", 1)[-1] not in foreseen}
