"""What a person tells a drill in progress: pause, continue, skip a machine, abandon the run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final

import pytest

from failback.reprotect import (
    AskOperator,
    Drill,
    DrillState,
    History,
    Instructed,
    Instruction,
    Line,
    OperatorAnswered,
    check,
)
from failback.reprotect.driver import Driver, Operator, Recorded, Replay
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outputs.run_folders.history_lines import recorded_of
from failback.scenarios.run.operator import ScriptedOperator
from failback.scenarios.run.player import drill_of, subjects_of
from failback.scenarios.run.worlds import sim

HOUR: Final = 3600.0
PAUSE, CONTINUE, SKIP, ABANDON = Instruction


@dataclass
class Supervisor:
    """Answers as the script does, and tells the run something at instants that are known before."""

    operator: Operator
    tells: list[tuple[float, Instructed]]

    def ask(self, question: AskOperator, now_s: float) -> None:
        self.operator.ask(question, now_s)

    @property
    def next_s(self) -> float:
        return min(self.operator.next_s, self.tells[0][0] if self.tells else inf)

    def answers(self, now_s: float) -> Sequence[OperatorAnswered | Instructed]:
        told = [each for at, each in self.tells if at <= now_s]
        self.tells = self.tells[len(told) :]
        return (*told, *self.operator.answers(now_s))


@dataclass
class Told:
    """A run that was told something, as it ended."""

    scenario: Scenario
    drill: Drill
    lines: list[Line]

    def asked(self) -> list[Line]:
        return [line for line in self.lines if line.name in ("StartOperation", "StartPlanOperation")]

    def end_s(self) -> float:
        return self.lines[-1].t_s

    def violations(self) -> list[str]:
        return [words for found in check(self.lines, self.scenario.plan).values() for words in found]

    def stops(self) -> dict[str, str]:
        return {name: item.stopped.reason for name, item in self.drill.items.items() if item.stopped}


def told(name: str, *tells: tuple[float, Instruction, str]) -> Told:
    scenario = load_scenario(resolve(name))
    history, drill = History(exact=True), drill_of(scenario)
    orders = [(at_s, Instructed(n, what, item)) for n, (at_s, what, item) in enumerate(tells, 1)]
    operator = Supervisor(ScriptedOperator(scenario.operator), orders)
    with sim(scenario, history, operator, lambda _: None) as ports:
        Driver(drill, subjects_of(scenario), ports, history).run()
    return Told(scenario, drill, history.lines)


def test_a_pause_asks_nothing_until_the_run_continues_and_then_all_come_home() -> None:
    at_once, paused = told("first_drill"), told("first_drill", (HOUR, PAUSE, ""), (9 * HOUR, CONTINUE, ""))
    assert [line for line in paused.asked() if HOUR <= line.t_s < 9 * HOUR] == []
    assert any(line.kind == "observation" for line in paused.lines if HOUR < line.t_s < 9 * HOUR), "the site goes on"
    assert paused.end_s() > at_once.end_s()
    assert paused.stops() == {}
    assert len(paused.asked()) == len(at_once.asked())
    assert paused.violations() == []


def test_a_pause_of_no_length_changes_nothing_but_its_own_lines() -> None:
    lines = told("first_drill", (HOUR, PAUSE, ""), (HOUR, CONTINUE, "")).lines
    own = [line for line in lines if line.name == "Instructed" or line.data.get("what") in ("paused", "continued")]
    rest = [replace(line, n=0) for line in lines if line not in own]
    assert rest == [replace(line, n=0) for line in told("first_drill").lines]
    assert len(own) == 4


def test_a_paused_run_does_not_give_up() -> None:
    limit_h = load_scenario(resolve("first_drill")).plan.give_up_after_s / HOUR
    paused = told("first_drill", (HOUR, PAUSE, ""), ((limit_h - 8) * HOUR, CONTINUE, ""))
    assert paused.stops() == {}
    drill = drill_of(paused.scenario)
    drill.begin(0.0)
    assert drill.deadline_s < inf
    drill.on_event(Instructed(1, PAUSE), 0.0)
    assert drill.deadline_s == inf
    assert drill.due(1e9) == ()


def test_the_answer_to_a_gate_in_a_pause_counts_when_it_continues() -> None:
    gated = load_scenario(resolve("operator_gate"))
    asked_s = next(line.t_s for line in told("operator_gate").lines if line.name == "AskOperator")
    after_s = max(answer.after_s for answer in gated.operator)
    paused = told("operator_gate", (asked_s + 1, PAUSE, ""), (asked_s + after_s + HOUR, CONTINUE, ""))
    assert paused.stops() == told("operator_gate").stops()
    assert paused.violations() == []
    assert [line.name for line in paused.lines].count("AskOperator") == [
        line.name for line in told("operator_gate").lines
    ].count("AskOperator")


def test_a_skipped_machine_stops_alone() -> None:
    name = names("sixty_machines")[6]
    skipped, before = told("sixty_machines", (HOUR, SKIP, name)), told("sixty_machines").stops()
    assert skipped.stops() == {**before, name: "skipped"}
    assert skipped.violations() == []


def names(scenario: str) -> list[str]:
    return list(load_scenario(resolve(scenario)).estate.virtual_machines)


def test_a_machine_that_is_home_cannot_be_skipped_any_more() -> None:
    done = told("first_drill")
    late = told("first_drill", (done.end_s() - 1, SKIP, names("first_drill")[0]))
    assert late.drill.items[names("first_drill")[0]].state in (DrillState.HOME, DrillState.STOPPED)
    assert late.violations() == []


def test_an_abandoned_run_asks_nothing_more_and_ends_at_once() -> None:
    abandoned = told("first_drill", (2 * HOUR, ABANDON, ""))
    assert set(abandoned.stops().values()) == {"abandoned"}
    assert abandoned.drill.over
    assert abandoned.end_s() == 2 * HOUR
    assert all(line.t_s <= 2 * HOUR for line in abandoned.asked())
    assert abandoned.violations() == []


def test_a_paused_run_can_be_abandoned() -> None:
    both = told("first_drill", (HOUR, PAUSE, ""), (2 * HOUR, SKIP, names("first_drill")[0]), (3 * HOUR, ABANDON, ""))
    assert set(both.stops().values()) == {"abandoned"}
    assert both.violations() == []


def test_what_was_skipped_in_a_pause_is_skipped_when_it_continues() -> None:
    name = names("first_drill")[0]
    skipped = told("first_drill", (HOUR, PAUSE, ""), (2 * HOUR, SKIP, name), (3 * HOUR, CONTINUE, ""))
    assert skipped.stops()[name] == "skipped"
    assert min(line.t_s for line in skipped.lines if line.data.get("what") == "stopped") == 3 * HOUR


@pytest.mark.parametrize(
    "tells",
    [
        [(HOUR, PAUSE, ""), (5 * HOUR, CONTINUE, "")],
        [(HOUR, PAUSE, ""), (2 * HOUR, ABANDON, "")],
        [(HOUR, SKIP, "vm-01"), (2 * HOUR, PAUSE, ""), (3 * HOUR, CONTINUE, "")],
    ],
)
def test_a_history_with_instructions_is_heard_again_up_to_any_line(tells: list[tuple[float, Instruction, str]]) -> None:
    first = names("operator_gate")[0]
    ran = told("operator_gate", *[(at, what, item and first) for at, what, item in tells])
    recorded = [recorded_of(line.as_json().encode()) for line in ran.lines]
    lines = [one for one in recorded if one is not None]
    assert [one.line for one in lines] == ran.lines
    assert again(ran.scenario, lines).drill.items == ran.drill.items
    orders = [one.thing for one in lines if one.line.kind in ("command", "decision")]
    for cut in range(len(lines)):
        replay = again(ran.scenario, lines[:cut])
        done = sum(one.line.kind in ("command", "decision") for one in lines[:cut])
        assert list(replay.pending) == orders[done : done + len(replay.pending)]


def again(scenario: Scenario, lines: Sequence[Recorded]) -> Replay:
    return Replay(drill_of(scenario), lines)


def test_the_checker_finds_a_request_of_a_paused_run() -> None:
    paused = told("first_drill", (HOUR, PAUSE, ""), (2 * HOUR, CONTINUE, ""))
    torn = [line for line in paused.lines if line.data.get("instruction") != "continue"]
    found = check(torn, paused.scenario.plan)["asks_nothing_while_paused"]
    assert found
    assert "after the instruction to pause" in found[0]


def test_each_instruction_is_said_as_a_decision() -> None:
    lines = told("first_drill", (HOUR, PAUSE, ""), (2 * HOUR, CONTINUE, "")).lines
    said = [line.data["what"] for line in lines if line.name == "Decided" and line.item is None]
    assert [what for what in said if what in ("paused", "continued")] == ["paused", "continued"]
