"""What the failure of one machine means for others: nothing, or that those of its wave, or all, begin nothing more."""

from dataclasses import replace

import pytest

from failback.reprotect import History, Line, OnFailure, Operation, Wave, check
from failback.reprotect.driver import Driver
from failback.scenarios import Scenario, load_scenario, resolve
from failback.scenarios.run.operator import ScriptedOperator
from failback.scenarios.run.player import drill_of, subjects_of
from failback.scenarios.run.worlds import sim
from failback.simulator import Fault, FaultKind

BEGINNINGS = ("reprotect_to_on_premises", "failback")
FIRST = "web-01"


def story(policy: OnFailure, operation: Operation = Operation.FAILBACK) -> Scenario:
    """Two waves of six machines; all tries of one operation of the first machine fail."""
    found = load_scenario(resolve("first_drill_modernised"))
    names = tuple(found.estate.virtual_machines)
    waves = (Wave("one", (*names[:4], *names[8:])), Wave("two", names[4:8]))
    fault = Fault(kind=FaultKind.FAIL_JOB, object=FIRST, operation=operation, times=99)
    plan = replace(found.plan, waves=waves, recovery_plans=(), on_failure=policy)
    return replace(found, plan=plan, faults=(fault,))


def ran(scenario: Scenario) -> tuple[dict[str, str], list[Line]]:
    """Reasons of those that have stopped, and the history."""
    history, drill = History(exact=True), drill_of(scenario)
    with sim(scenario, history, ScriptedOperator(scenario.operator), lambda _: None) as ports:
        Driver(drill, subjects_of(scenario), ports, history).run()
    assert drill.over
    assert not any(check(history.lines, scenario.plan).values())
    return {name: item.stopped.reason for name, item in drill.items.items() if item.stopped}, history.lines


def begun_after(lines: list[Line]) -> list[str | None]:
    """Machines that began something homeward after the first had stopped."""
    stop = next(n for n, line in enumerate(lines) if line.data.get("what") == "stopped" and line.item == FIRST)
    begun = [line for line in lines[stop:] if line.name == "StartOperation"]
    return [line.item for line in begun if line.data["operation"] in BEGINNINGS]


def test_without_a_policy_the_stop_of_one_machine_stops_no_other() -> None:
    stops, lines = ran(story(OnFailure.GO_ON))
    assert set(stops) == {FIRST}
    assert begun_after(lines)


def test_by_stop_wave_the_machines_of_its_wave_begin_nothing_more_and_the_next_wave_comes_home() -> None:
    scenario = story(OnFailure.STOP_WAVE, Operation.REPROTECT_TO_ON_PREMISES)
    stops, lines = ran(scenario)
    one, two = scenario.plan.waves
    others = {name: stops[name] for name in stops if name != FIRST}
    assert set(others.values()) == {"stop_policy"}
    assert set(others) <= set(one.items)
    assert set(begun_after(lines)) & set(two.items)
    assert not set(begun_after(lines)) & set(one.items)


def test_by_stop_all_no_machine_begins_anything_more_and_what_has_begun_is_finished() -> None:
    scenario = story(OnFailure.STOP_ALL)
    stops, lines = ran(scenario)
    assert begun_after(lines) == []
    assert set(scenario.plan.waves[1].items) <= set(stops)
    home = [line.item for line in lines if line.data.get("what") == "home"]
    failed_back = {line.item for line in lines if line.name == "JobSucceeded" and line.data["operation"] == "failback"}
    assert failed_back
    assert failed_back <= set(home)


def test_a_stop_by_the_policy_names_the_machine_that_failed_and_who_must_act() -> None:
    _, lines = ran(story(OnFailure.STOP_ALL))
    said = [line.data for line in lines if line.data.get("rule") == "stop_policy"]
    assert said
    assert all(FIRST in str(data["why"]) and data["who"] for data in said)


@pytest.mark.parametrize("policy", [OnFailure.STOP_WAVE, OnFailure.STOP_ALL])
def test_a_gate_that_nobody_opens_is_a_decision_and_stops_no_other(policy: OnFailure) -> None:
    scenario = load_scenario(resolve("operator_gate"))
    scenario = replace(scenario, plan=replace(scenario.plan, on_failure=policy))
    declined = tuple(replace(answer, proceed=False) for answer in scenario.operator)
    stops, _ = ran(replace(scenario, operator=declined))
    assert set(stops.values()) == {"verified"}


def test_where_nothing_fails_a_policy_changes_no_line() -> None:
    free = load_scenario(resolve("first_drill_modernised"))
    _, lines = ran(replace(free, plan=replace(free.plan, on_failure=OnFailure.STOP_ALL)))
    assert lines == ran(free)[1]
