"""Whoever answers for the people: what a driver asks of them, and hears."""

from collections.abc import Sequence
from typing import Protocol

from failback.reprotect.commands import AskOperator
from failback.reprotect.events import Instructed, OperatorAnswered


class NotAsked(Exception):
    """Somebody has answered a gate at which no machine waits. The answer is not in the history."""

    def __init__(self, answer: OperatorAnswered, open_: str | None) -> None:
        waits = f"it waits at gate '{open_}'" if open_ else "it waits at no gate"
        super().__init__(
            f"The operator has answered gate '{answer.gate}' of '{answer.item}', which is not open: {waits}. The "
            "answer was not taken, and nothing follows from it. Answer each question once, after `ask` was called with "
            "it."
        )


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
