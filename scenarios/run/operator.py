"""The person whom a drill asks: a script in a rehearsal, or somebody at the terminal."""

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from math import inf
from typing import Final

from failback.reprotect import AskOperator, OperatorAnswered
from failback.scenarios.files.schema import OperatorAnswer

BY_SCENARIO: Final = "the scenario"
"""Who answers where a scenario has the answers."""


class ScriptedOperator:
    """Answers as the scenario says. A question that it has no answer for is answered with: do not proceed."""

    def __init__(self, script: Sequence[OperatorAnswer]) -> None:
        self._script = [(answer, frozenset(answer.items)) for answer in script]
        self._due: list[tuple[float, int, OperatorAnswered]] = []
        self._asked = 0

    def ask(self, question: AskOperator, now_s: float) -> None:
        """Look the answer up; a written one comes after its time, a missing one at once."""
        written = next(
            (a for a, items in self._script if a.gate == question.gate and (not items or question.item in items)), None
        )
        reply = written or OperatorAnswer(question.gate, proceed=False)
        answer = OperatorAnswered(question.item, question.gate, reply.proceed, reply.apply)
        self._asked += 1
        heappush(self._due, (now_s + reply.after_s, self._asked, answer))

    @property
    def next_s(self) -> float:
        """The instant of the next answer."""
        return self._due[0][0] if self._due else inf

    def answers(self, now_s: float) -> Sequence[OperatorAnswered]:
        """The answers that are due, in the order of the questions."""
        due = []
        while self._due and self._due[0][0] <= now_s:
            due.append(heappop(self._due)[2])
        return due


ANSWERS: Final = ("yes", "no", "apply")
"""What may be said where we could carry the remedy out ourselves."""


class TerminalOperator:
    """Asks the person at the terminal and waits for them; virtual time stands still meanwhile, real time does not.

    An answer waits for the look after it: meanwhile somebody else may have moved the machine.
    """

    def __init__(self, confirm: Callable[[str], bool], choose: Callable[[str], str] | None = None) -> None:
        """`confirm` takes a yes or no; `choose` one of ANSWERS, for questions that we could answer by acting."""
        self._confirm, self._choose = confirm, choose
        self._new: list[OperatorAnswered] = []
        self._ready: list[OperatorAnswered] = []
        self.next_s = inf

    def ask(self, question: AskOperator, now_s: float) -> None:
        """Ask now."""
        prompt = f"{question.item}: {question.question}"
        if question.offer and self._choose is not None:
            answer = self._choose(f"{prompt} (apply: failback will {question.offer} for you)")
        else:
            answer = "yes" if self._confirm(prompt) else "no"
        proceed, apply = answer != "no", answer == "apply"
        self._new.append(OperatorAnswered(question.item, question.gate, proceed, apply))
        self.next_s = now_s

    def answers(self, now_s: float) -> Sequence[OperatorAnswered]:
        """What was answered before the last call."""
        answers, self._ready, self._new = self._ready, self._new, []
        self.next_s = now_s if self._ready else inf
        return answers


def answers_by(operator: object) -> str:
    """Who answers, in words for a report; None: whoever the scenario names."""
    match operator:
        case None | ScriptedOperator():
            return BY_SCENARIO
        case TerminalOperator():
            return "a person at the terminal"
        case _:
            return "the program that called failback"
