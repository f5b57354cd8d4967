"""Whoever answers for the people: what a driver asks of them, and hears."""

from collections.abc import Sequence
from typing import Protocol

from failback.reprotect.commands import AskOperator
from failback.reprotect.events import OperatorAnswered


class Operator(Protocol):
    """Whoever answers gates and remedies."""

    def ask(self, question: AskOperator, now_s: float) -> None:
        """Put a question."""
        ...

    @property
    def next_s(self) -> float:
        """The instant of the next answer, infinity when none is on its way."""
        ...

    def answers(self, now_s: float) -> Sequence[OperatorAnswered]:
        """The answers that are due."""
        ...
