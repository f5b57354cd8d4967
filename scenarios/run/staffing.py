"""Machines that fail back only when somebody is there to check them: a gate that the shifts answer.

The gate stands before the failback, and the answer comes when people are there for as long as the failback and the
manual steps are planned to take. Until then the machine keeps working in Azure.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from heapq import heappop, heappush
from typing import Final

from failback.reprotect import AskOperator, Gate, Instructed, Operation, OperatorAnswered, VirtualMachine
from failback.reprotect.driver import Operator
from failback.scenarios.files.schema import ManualStep, Scenario, Shift

from .shifts import LOOK_AHEAD_DAYS, on_duty

STAFFED: Final = "staffed"
"""Name of the gate before the failback."""
_DAY_S: Final = 86400.0


def steps_of(scenario: Scenario, tier: str) -> tuple[ManualStep, ...]:
    """What people do on each machine of this tier."""
    return tuple(step for step in scenario.homecoming.manual_steps if not step.tiers or tier in step.tiers)


def with_staffing(scenario: Scenario) -> Scenario:
    """The scenario with the gate, where its homecoming wants it; for the machines that people work on, or for all."""
    home, gates = scenario.homecoming, scenario.plan.gates
    if not home.fail_back_when_staffed or any(gate.name == STAFFED for gate in gates):
        return scenario
    machines = scenario.estate.virtual_machines.values()
    names = tuple(vm.name for vm in machines if not home.manual_steps or steps_of(scenario, vm.tier))
    gate = Gate(STAFFED, Operation.FAILBACK, "Is somebody there to check it after its failback?", names)
    return replace(scenario, plan=replace(scenario.plan, gates=(*gates, gate))) if names else scenario


def staffed(scenario: Scenario, operator: Operator, begins: datetime) -> Operator:
    """The operator, with the gate answered by the shifts where the scenario has it. Second 0 is `begins`."""
    has_gate = any(gate.name == STAFFED for gate in scenario.plan.gates)
    return StaffedOperator(scenario, operator, begins) if has_gate and scenario.homecoming.shifts else operator


def staffed_from_s(shifts: Sequence[Shift], begins: datetime, now_s: float, needed_s: float) -> float:
    """The first instant from which on somebody is there for so long; the next beginning where no shift is that long."""
    there = [span for span in on_duty(shifts, begins, now_s, now_s + LOOK_AHEAD_DAYS * _DAY_S) if span[1] > now_s]
    enough = (max(now_s, begin) for begin, end in there if max(now_s, begin) + needed_s <= end)
    following = (begin for begin, _ in there if begin >= now_s)
    return next(enough, next(following, now_s))


def needed_s(scenario: Scenario, vm: VirtualMachine) -> float:
    """How long its failback and what people do on it are planned to take."""
    tasks = f"task/{vm.architecture.value}/{Operation.FAILBACK.value}/"
    moves_s = sum(takes.middle_s for key, takes in scenario.durations.items() if key.startswith(tasks))
    return moves_s + sum(step.takes.middle_s for step in steps_of(scenario, vm.tier))


class StaffedOperator:
    """Asks another operator everything but whether somebody is there."""

    def __init__(self, scenario: Scenario, operator: Operator, begins: datetime) -> None:
        self._scenario, self._operator, self._begins = scenario, operator, begins
        self._due: list[tuple[float, int, OperatorAnswered]] = []
        self._asked = 0

    def ask(self, question: AskOperator, now_s: float) -> None:
        """Look at the shifts, or ask the other one."""
        if question.gate != STAFFED:
            self._operator.ask(question, now_s)
            return
        vm = self._scenario.estate.virtual_machines[question.item]
        needs_s = needed_s(self._scenario, vm)
        at_s = staffed_from_s(self._scenario.homecoming.shifts, self._begins, now_s, needs_s)
        self._asked += 1
        heappush(self._due, (at_s, self._asked, OperatorAnswered(question.item, question.gate, True)))

    @property
    def next_s(self) -> float:
        """The instant of the next answer."""
        return min(self._operator.next_s, self._due[0][0]) if self._due else self._operator.next_s

    def answers(self, now_s: float) -> Sequence[OperatorAnswered | Instructed]:
        """The answers that are due."""
        due = list(self._operator.answers(now_s))
        while self._due and self._due[0][0] <= now_s:
            due.append(heappop(self._due)[2])
        return due
