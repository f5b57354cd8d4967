"""Freeze windows: between two times nothing is requested, and what was held up follows afterwards."""

from collections.abc import Callable
from dataclasses import replace
from math import inf

import pytest

from failback.reprotect import Drill, Freeze, History, Line, Plan, check
from failback.reprotect.driver import Driver, Replay
from failback.scenarios import Scenario, load_scenario, play, resolve
from failback.scenarios.outputs.run_folders.history_lines import recorded_of
from failback.scenarios.run.operator import ScriptedOperator
from failback.scenarios.run.player import drill_of, subjects_of
from failback.scenarios.run.worlds import sim

HOUR = 3600.0
ASKED = ("StartOperation", "StartPlanOperation", "ApplyRemedy")
Change = Callable[[Plan], Plan]


def ran(
    name: str, *windows: tuple[float, float], change: Change = lambda plan: plan
) -> tuple[Scenario, list[Line], Drill]:
    scenario = load_scenario(resolve(name))
    freezes = tuple(Freeze(f"window {n}", *window) for n, window in enumerate(windows, 1))
    scenario = replace(scenario, plan=change(replace(scenario.plan, freezes=freezes)))
    history, drill = History(exact=True), drill_of(scenario)
    with sim(scenario, history, ScriptedOperator(scenario.operator), lambda _: None) as ports:
        Driver(drill, subjects_of(scenario), ports, history).run()
    return scenario, history.lines, drill


def asked(lines: list[Line]) -> list[tuple[str, str | None]]:
    return [(line.name, line.item) for line in lines if line.name in ASKED]


def stops(drill: Drill) -> dict[str, str]:
    return {name: item.stopped.reason for name, item in drill.items.items() if item.stopped}


def violations(scenario: Scenario, lines: list[Line]) -> list[str]:
    return [words for found in check(lines, scenario.plan).values() for words in found]


@pytest.mark.parametrize("name", ["first_drill", "first_drill_modernised", "plan_of_three_groups", "replication_group"])
def test_nothing_is_requested_in_a_freeze_and_everything_afterwards(name: str) -> None:
    _, free, _ = ran(name)
    scenario, lines, drill = ran(name, (HOUR, 5 * HOUR))
    assert [line for line in lines if line.name in ASKED and HOUR <= line.t_s < 5 * HOUR] == []
    assert any(line.kind == "observation" for line in lines if HOUR < line.t_s < 5 * HOUR), "the site goes on"
    assert sorted(map(str, asked(lines))) == sorted(map(str, asked(free)))
    assert stops(drill) == {}
    assert violations(scenario, lines) == []


def test_a_freeze_is_said_when_it_holds_something_up_and_when_it_is_over() -> None:
    _, lines, _ = ran("one_modernised_vm", (0.0, 100.0), (100.0, 2 * HOUR), (30 * HOUR, 31 * HOUR))
    said = [(line.data["what"], line.t_s) for line in lines if line.data.get("what") in ("frozen", "thawed")]
    assert said == [("frozen", 0.0), ("thawed", 2 * HOUR)], (
        "windows without a gap are one, and one that is idle is not told"
    )
    assert any("freeze window window 1: nothing is requested until 7200 s" in str(line.data) for line in lines)


def test_a_remedy_waits_for_the_end_of_a_freeze_too() -> None:
    _, lines, _ = ran("snapshot_is_deleted_by_failback")
    (at_s,) = [line.t_s for line in lines if line.name == "ApplyRemedy"]
    scenario, frozen, drill = ran("snapshot_is_deleted_by_failback", (at_s - 1, at_s + 2 * HOUR))
    applied = [line.t_s for line in frozen if line.name == "ApplyRemedy"]
    assert min(applied) >= at_s + 2 * HOUR
    assert len(applied) == 1
    assert stops(drill) == {}
    assert violations(scenario, frozen) == []


def test_the_checker_finds_a_request_in_a_freeze() -> None:
    scenario, lines, _ = ran("one_vm")
    plan = replace(scenario.plan, freezes=(Freeze("late", 0.0, inf),))
    found = check(lines, plan)["asks_nothing_in_a_freeze"]
    assert len(found) == len(asked(lines))
    assert "in the freeze window late" in found[0]


def test_a_history_with_a_freeze_is_heard_again_up_to_any_line() -> None:
    scenario, lines, drill = ran("one_modernised_vm", (HOUR, 3 * HOUR))
    recorded = [one for line in lines if (one := recorded_of(line.as_json().encode())) is not None]
    assert [one.line for one in recorded] == lines
    assert Replay(drill_of(scenario), recorded).drill.items == drill.items
    orders = [one.thing for one in recorded if one.line.kind in ("command", "decision")]
    for cut in range(len(recorded)):
        done = sum(one.line.kind in ("command", "decision") for one in recorded[:cut])
        pending = list(Replay(drill_of(scenario), recorded[:cut]).pending)
        assert pending == orders[done : done + len(pending)]


def test_a_run_that_died_before_a_freeze_and_goes_on_in_it_sends_nothing_until_it_is_over() -> None:
    name = "one_modernised_vm"
    scenario, lines, _ = ran(name)
    died = next(n for n, line in enumerate(lines) if line.name == "StartOperation" and line.t_s > HOUR)
    at_s = lines[died].t_s
    plan = replace(scenario.plan, freezes=(Freeze("f", at_s + 1, at_s + HOUR),))
    scenario = replace(scenario, plan=plan)
    recorded = [one for line in lines[:died] if (one := recorded_of(line.as_json().encode())) is not None]
    replay = Replay(drill_of(scenario), recorded)
    assert replay.pending
    waits: list[float] = []
    driver = Driver(replay.drill, subjects_of(scenario), LateClock(waits, at_s + 2), History())  # type: ignore[arg-type]
    with pytest.raises(Stopped):
        driver.resume(replay)
    assert waits == [replay.now_s, at_s + HOUR]


class Stopped(Exception):
    """The driver has come to the first thing that it does besides waiting."""


class LateClock:
    """Ports whose clock is late by a while, and which have nothing else."""

    def __init__(self, waits: list[float], now_s: float) -> None:
        self._waits, self._now_s = waits, now_s

    @property
    def clock(self) -> "LateClock":
        return self

    @property
    def operator(self) -> ScriptedOperator:
        return ScriptedOperator(())

    def now(self) -> float:
        return self._now_s

    def wait(self, until_s: float) -> tuple[float, None]:
        self._waits.append(until_s)
        self._now_s = max(self._now_s, until_s)
        return self._now_s, None

    def __getattr__(self, name: str) -> object:
        raise Stopped(name)


def test_a_freeze_is_moved_with_the_plan_and_dropped_when_it_is_over() -> None:
    plan = Plan(freezes=(Freeze("a", 10, 20), Freeze("b", 30, 90)))
    assert plan.later(-40).freezes == (Freeze("b", 0.0, 50),)
    assert plan.later(5).freezes == (Freeze("a", 15, 25), Freeze("b", 35, 95))


def test_a_scenario_file_says_a_freeze_and_a_run_keeps_to_it() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    held = play(replace(scenario, plan=replace(scenario.plan, freezes=(Freeze("f", HOUR, 20 * HOUR),))))
    assert held.verdict == "as_expected"
    assert held.duration_s > 20 * HOUR > play(scenario).duration_s
