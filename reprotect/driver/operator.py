"""Whoever answers for the people: what a driver asks of them, and hears."""

from collections.abc import Sequence
from typing import Protocol

from failback.reprotect.commands import AskOperator
from failback.reprotect.events import Instructed, OperatorAnswered


class Operator(Protocol):
    """Whoever answers gates and remedies, and may tell the run to pause, continue, skip a machine or end."""

    def ask(self, question: AskOperator, now_s: float) -> None:
        """Put a question."""
        ...

    @property
    def next_s(self) -> float:
        """The instant of the next answer, infinity when none is on its way."""
        ...

    def answers(self, now_s: float) -> Sequence[OperatorAnswered | Instructed]:
        """The answers that are due, and what the run was told to do since the last call."""
        ...
