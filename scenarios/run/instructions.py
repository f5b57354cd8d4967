"""Lets people tell a run in progress to pause, continue, skip a machine or end, besides answering its questions."""

from collections.abc import Callable, Collection, Iterable, Sequence
from math import inf
from typing import Final

from failback.reprotect import AskOperator, Instructed, Instruction, OperatorAnswered
from failback.reprotect.driver import Operator
from failback.scenarios import interrupts

LOOK_S: Final = 0.2
"""Wall-clock seconds between two looks while virtual time stands still."""


class InstructedOperator:
    """An operator who passes on instructions too.

    `read` gives the new ones. `waits`: time passes only where the driver lets it pass (world lab), so that a paused run
    has to be held here until somebody tells it something. `paused`: whether it is paused already, as a resumed run may
    be. An instruction about a machine that is not in `items` is left out.
    """

    def __init__(
        self,
        operator: Operator,
        read: Callable[[], Iterable[Instructed]],
        items: Collection[str],
        *,
        waits: bool,
        paused: bool = False,
        sleep: Callable[[float], None] = interrupts.sleep,
    ) -> None:
        self._operator, self._read, self._items = operator, read, items
        self._waits, self._paused, self._sleep = waits, paused, sleep

    def ask(self, question: AskOperator, now_s: float) -> None:
        """Put a question to the other operator."""
        self._operator.ask(question, now_s)

    @property
    def next_s(self) -> float:
        """The next answer of the other operator; at once while a paused run is held here."""
        return -inf if self._paused and self._waits else self._operator.next_s

    def answers(self, now_s: float) -> Sequence[OperatorAnswered | Instructed]:
        """Instructions first: what they forbid is not done because of an answer of the same instant."""
        told = self._new()
        while self._paused and self._waits and not told:
            self._sleep(LOOK_S)
            told = self._new()
        return (*told, *self._operator.answers(now_s))

    def _new(self) -> list[Instructed]:
        told = [each for each in self._read() if each.instruction is not Instruction.SKIP or each.item in self._items]
        for each in told:
            self._paused = is_paused_after(each, self._paused)
        return told


def is_paused_after(told: Instructed, paused: bool) -> bool:
    """Whether a run is paused once it has heard this."""
    return paused if told.instruction is Instruction.SKIP else told.instruction is Instruction.PAUSE
