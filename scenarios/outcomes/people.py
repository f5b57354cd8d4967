"""People who work on machines by hand between failback and commit: steps with durations, a pool of hands, shifts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import Final

from failback.reprotect import AskOperator, Gate, Operation, OperatorAnswered
from failback.scenarios.files.schema import Scenario, Shift
from failback.scenarios.run.operator import ScriptedOperator
from failback.scenarios.run.shifts import on_duty_s
from failback.scenarios.run.staffing import steps_of
from failback.simulator import Chance

GATE: Final = "manual steps"
"""Name of the gate before a commit at which the people work."""


def with_people(scenario: Scenario) -> Scenario:
    """The scenario with a gate before the commit of each machine that a person works on."""
    names = tuple(vm.name for vm in scenario.estate.virtual_machines.values() if any(steps_of(scenario, vm.tier)))
    if not names or any(gate.name == GATE for gate in scenario.plan.gates):
        return scenario
    gate = Gate(GATE, Operation.COMMIT_FAILBACK, "Are the manual steps done?", names)
    return replace(scenario, plan=replace(scenario.plan, gates=(*scenario.plan.gates, gate)))


@dataclass(frozen=True, slots=True)
class _Hand:
    """One person: when free, in which shift."""

    free_s: float
    number: int
    shift: Shift | None


class Team:
    """Answers the gate of the manual steps once somebody has worked on the machine; all else as the scenario says."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._script = ScriptedOperator(scenario.operator)
        self._chance = Chance(scenario.seed)
        self._hands = [_Hand(0.0, n, shift) for n, shift in enumerate(_people(scenario.homecoming.shifts))]
        self._due: list[tuple[float, int, OperatorAnswered]] = []
        self._asked = 0

    def ask(self, question: AskOperator, now_s: float) -> None:
        """Give the machine to whoever can begin first."""
        if question.gate != GATE:
            self._script.ask(question, now_s)
            return
        self._asked += 1
        done = OperatorAnswered(question.item, question.gate, True)
        heappush(self._due, (self._ends_s(question.item, now_s), self._asked, done))

    @property
    def next_s(self) -> float:
        """The instant of the next answer."""
        return min(self._script.next_s, *(due[0] for due in self._due[:1])) if self._due else self._script.next_s

    def answers(self, now_s: float) -> Sequence[OperatorAnswered]:
        """The answers that are due."""
        due = list(self._script.answers(now_s))
        while self._due and self._due[0][0] <= now_s:
            due.append(heappop(self._due)[2])
        return due

    def _ends_s(self, item: str, now_s: float) -> float:
        takes_s = self._takes_s(item)
        if not self._hands:
            return now_s + takes_s
        starts = [(self._start_s(hand, now_s), hand.number) for hand in self._hands]
        start_s, number = min(starts)
        self._hands[number] = replace(self._hands[number], free_s=start_s + takes_s)
        return start_s + takes_s

    def _takes_s(self, item: str) -> float:
        tier = self._scenario.estate.virtual_machines[item].tier
        steps = steps_of(self._scenario, tier)
        return sum(step.takes.draw(self._chance.stream("manual", step.name, item)) for step in steps)

    def _start_s(self, hand: _Hand, now_s: float) -> float:
        ready_s = max(hand.free_s, now_s)
        return ready_s if hand.shift is None else on_duty_s(hand.shift, self._scenario.starts_at, ready_s)


def _people(shifts: Sequence[Shift]) -> Iterator[Shift]:
    for shift in shifts:
        yield from [shift] * shift.people
