"""Hears a history again: a fresh drill learns what the first one knew, and must ask and decide the same."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from failback.reprotect.commands import ApplyRemedy, AskOperator, Command, StartOperation, StartPlanOperation
from failback.reprotect.decisions import Decided
from failback.reprotect.drill import Drill, UnexpectedEvent
from failback.reprotect.events import (
    Accepted,
    Heard,
    ItemGone,
    ItemSeen,
    JobCancelled,
    JobFailed,
    JobSeen,
    JobSucceeded,
    OperatorAnswered,
    RemedyApplied,
    RemedyFailed,
    RequestRefused,
    Unanswered,
    VmSeen,
)
from failback.reprotect.history import Line

from .held import Request
from .seen import Seen

_ORDERS: Final = (StartOperation, StartPlanOperation, ApplyRemedy, AskOperator, Decided)
_ENDS: Final = (JobSucceeded, JobFailed, JobCancelled)
_ANSWERS: Final = (Accepted, RequestRefused, Unanswered, RemedyApplied, RemedyFailed)


class Recorded(NamedTuple):
    """A line, and what it says in the vocabulary; None for notes and faults."""

    line: Line
    thing: Any


class Diverged(Exception):
    """The rules would not have done what the history says. The message says where, and what they would have done."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that nobody has answered yet, and when it was put."""

    command: AskOperator
    asked_s: float


class Replay:
    """What was known when the history breaks off. `begun` False: not even the drill's first step is certain."""

    def __init__(self, drill: Drill, recorded: Iterable[Recorded]) -> None:
        self.drill = drill
        self.seen, self.now_s, self.last_n, self.begun = Seen(), 0.0, 0, False
        self.accepted: list[tuple[Accepted, Sequence[str]]] = []
        self._unanswered: dict[str, Request] = {}
        self._questions: dict[tuple[str, str], Question] = {}
        self._members: dict[str, Sequence[str]] = {}
        self._first: list[ItemSeen] = []
        self._expected: deque[Command | Decided] = deque()
        self._jobs: set[str] = set()
        for one in recorded:
            self._hear(one)
        self.seen.forget_ends_not_told()

    @property
    def pending(self) -> tuple[Command | Decided, ...]:
        """What the drill asks for and decides besides, after the last thing that it heard; nothing of it was done."""
        return tuple(self._expected)

    @property
    def unanswered(self) -> tuple[Request, ...]:
        """Commands that may have been sent, and whose answers are not in the history."""
        return tuple(self._unanswered.values())

    @property
    def questions(self) -> tuple[Question, ...]:
        """Questions that are still open."""
        return self.open_of(self._questions.values())

    def open_of(self, questions: Iterable[Question]) -> tuple[Question, ...]:
        """Those of them that the drill still asks."""
        items = self.drill.items
        return tuple(q for q in questions if items[q.command.item].asks == q.command.gate)

    def _hear(self, one: Recorded) -> None:
        line, thing = one
        if thing is not None:
            if not self.begun and not self._is_of_the_first_look(line, thing):
                self._begin()
            if self.begun:
                self._hear_thing(line, thing)
        self.now_s, self.last_n = max(self.now_s, line.t_s), line.n

    def _is_of_the_first_look(self, line: Line, thing: Any) -> bool:
        if not isinstance(thing, ItemSeen) or (self._first and line.t_s > self.now_s):
            return False
        if any(seen.item == thing.item for seen in self._first):
            return False
        self._first.append(thing)
        self.seen.is_new(thing)
        return True

    def _begin(self) -> None:
        self._expected.extend(self.drill.begin(self.now_s, self._first))
        self.begun = True

    def _hear_thing(self, line: Line, thing: Any) -> None:
        if isinstance(thing, _ORDERS):
            self._compare(line, thing)
        elif self._expected:
            raise Diverged(_words(line, f"it continues without the line that is expected next: {self._expected[0]}"))
        else:
            self._tell(line, thing)

    def _compare(self, line: Line, order: Command | Decided) -> None:
        expected = self._expected.popleft() if self._expected else None
        if expected is None or not _same(expected, order):
            raise Diverged(_words(line, f"expected {expected or 'nothing'}, found {order}"))
        match order:
            case AskOperator(item, gate):
                self._questions[item, gate] = Question(order, line.t_s)
            case StartOperation() | StartPlanOperation() | ApplyRemedy():
                self._unanswered[order.key] = order
            case Decided():
                pass
        if isinstance(order, StartPlanOperation):
            self._members[order.key] = order.items

    def _tell(self, line: Line, thing: Any) -> None:
        if isinstance(thing, ItemSeen | ItemGone | JobSeen | VmSeen):
            self.seen.is_new(thing)
        if isinstance(thing, JobSeen):
            self._take_for_ours(Accepted(thing.subject, thing.operation, "", thing.job_id))
            return
        if isinstance(thing, _ANSWERS):
            self._unanswered.pop(thing.key, None)
        if isinstance(thing, Accepted):
            self._take_for_ours(thing)
        if isinstance(thing, OperatorAnswered):
            self._close(thing)
        if isinstance(thing, _ENDS):
            self.seen.tell(thing.job_id)
        self._let_drill_hear(line, thing)

    def _close(self, answer: OperatorAnswered) -> None:
        """An answer may be heard later than it was given, where the drill was paused."""
        self._questions.pop((answer.item, answer.gate), None)

    def _take_for_ours(self, accepted: Accepted) -> None:
        """A job that was asked for, or one of a plan's that was seen to run for an item."""
        if accepted.job_id not in self._jobs:
            self._jobs.add(accepted.job_id)
            self.accepted.append((accepted, self._members.get(accepted.key, ())))

    def _let_drill_hear(self, line: Line, event: Heard) -> None:
        try:
            self._expected.extend(self.drill.on_event(event, line.t_s))
        except UnexpectedEvent as unexpected:
            raise Diverged(_words(line, str(unexpected))) from unexpected


def _same(expected: Command | Decided, found: Command | Decided) -> bool:
    """What is said to people may be worded otherwise; what is asked of the vault may not."""
    match expected, found:
        case Decided() as a, Decided() as b:
            return (a.item, a.what, a.rule) == (b.item, b.what, b.rule)
        case AskOperator() as a, AskOperator() as b:
            return (a.item, a.gate) == (b.item, b.gate)
        case _:
            return expected == found


def _words(line: Line, what: str) -> str:
    return f"the rules of this version do not lead to line {line.n} ({line.name}): {what}"
