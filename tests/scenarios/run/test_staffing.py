"""Machines that keep working in Azure until somebody is there to check them, against sums by hand."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from failback.reprotect import Line, Operation, Wave
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, HomeWhen, ManualStep, OperatorAnswer, Scenario, Shift, Weekday
from failback.scenarios.outcomes.answers import Answer, answer
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.run.operator import TerminalOperator
from failback.scenarios.run.player import play
from failback.scenarios.run.staffing import STAFFED, needed_s, staffed_from_s, with_staffing
from failback.scenarios.runbooks.planned_requests import planned_requests
from failback.simulator import Duration
from tests.scenarios.outcomes.test_seed_and_cutover import HOUR_S, at_s, exactly, job_s, two

EVENING: Final = datetime(2026, 6, 5, 18, tzinfo=UTC)
"""A Friday."""
DAY: Final = Shift("day", people=9, from_hour=8, to_hour=20)
CHECK: Final = ManualStep("check", Duration(fixed_s=600.0))


def shop(opens_s: float, *, waits: bool = True, shift: Shift = DAY) -> Scenario:
    """One machine that may fail back from then on, on a site where a check takes ten minutes."""
    plain = replace(two(Wave("a", ("a",), opens_s=opens_s, seed_opens_s=0.0), changed=0.01), starts_at=EVENING)
    home = Homecoming(HomeWhen.COMMITTED, manual_steps=(CHECK,), shifts=(shift,), fail_back_when_staffed=waits)
    return replace(plain, homecoming=home)


def predicted(scenario: Scenario) -> Answer:
    return answer(way_home(scenario), 1)


def test_a_machine_whose_turn_comes_at_night_fails_back_in_the_morning() -> None:
    found = predicted(shop(5 * HOUR_S))
    morning_s = 14 * HOUR_S
    begun_s, up_s = at_s(found, "a", Operation.FAILBACK)
    assert begun_s == exactly(morning_s)
    commit_s = job_s(found, "a", Operation.COMMIT_FAILBACK)
    assert found.home_s == exactly(up_s + 600.0 + commit_s)
    (item,) = found.items
    assert item.downtime_s == exactly(up_s - begun_s + 600.0)


def test_without_the_key_it_fails_back_at_night_and_is_down_until_the_morning() -> None:
    found = predicted(shop(5 * HOUR_S, waits=False))
    begun_s, _ = at_s(found, "a", Operation.FAILBACK)
    assert begun_s == exactly(5 * HOUR_S)
    (item,) = found.items
    assert item.downtime_s == exactly(9 * HOUR_S + 600.0)


def test_a_machine_that_would_be_back_after_hours_waits_for_the_next_shift() -> None:
    scenario = shop(0.0)
    machine = scenario.estate.virtual_machines["a"]
    needs_s = needed_s(scenario, machine)
    in_time, too_late = 26 * HOUR_S - needs_s, 26 * HOUR_S - needs_s + 1.0
    assert at_s(predicted(shop(in_time)), "a", Operation.FAILBACK)[0] == exactly(in_time)
    assert at_s(predicted(shop(too_late)), "a", Operation.FAILBACK)[0] == exactly(38 * HOUR_S)


def test_what_a_failback_needs_is_its_tasks_and_the_steps_as_planned() -> None:
    scenario = shop(0.0)
    tasks = [key for key in scenario.durations if key.startswith("task/modernised/failback/")]
    assert needed_s(scenario, scenario.estate.virtual_machines["a"]) == 60.0 * len(tasks) + 600.0


@pytest.mark.parametrize(
    ("now_h", "needs_h", "from_h"),
    [
        (0.0, 1.0, 0.0),  # Friday 18:00, and they stay until 20:00
        (1.5, 1.0, 14.0),
        (5.0, 1.0, 14.0),
        (14.0, 12.0, 14.0),
        (14.0, 13.0, 14.0),  # no shift is that long: it begins with one
        (15.0, 13.0, 38.0),
    ],
)
def test_somebody_has_to_be_there_for_as_long_as_it_takes(now_h: float, needs_h: float, from_h: float) -> None:
    assert staffed_from_s((DAY,), EVENING, now_h * HOUR_S, needs_h * HOUR_S) == from_h * HOUR_S


def test_shifts_of_days_that_are_far_away_are_found() -> None:
    sunday = Shift("sunday", days=(Weekday.SUN,), from_hour=10, to_hour=12)
    assert staffed_from_s((sunday,), EVENING, 0.0, HOUR_S) == 40 * HOUR_S
    assert staffed_from_s((sunday,), EVENING, 42 * HOUR_S, HOUR_S) == (40 + 7 * 24) * HOUR_S


def lines_of(scenario: Scenario, world: str = "sim") -> list[Line]:
    lines: list[Line] = []
    result = play(scenario, world=world, on_line=lines.append)
    assert result.verdict == "as_expected"
    return lines


def failed_back_s(lines: list[Line]) -> float:
    asked = [line for line in lines if line.name == "StartOperation" and line.data["operation"] == "failback"]
    return asked[0].t_s


def test_a_drill_keeps_it_in_azure_too_and_asks_nobody_else() -> None:
    lines = lines_of(shop(5 * HOUR_S))
    assert failed_back_s(lines) == 14 * HOUR_S
    assert {line.data["gate"] for line in lines if line.name == "AskOperator"} == {STAFFED}
    assert failed_back_s(lines_of(shop(5 * HOUR_S, waits=False))) == 5 * HOUR_S


def test_somebody_at_the_terminal_is_not_asked_whether_somebody_is_there() -> None:
    asked: list[str] = []

    def confirm(question: str) -> bool:
        asked.append(question)
        return True

    result = play(shop(5 * HOUR_S), operator=TerminalOperator(confirm))
    assert result.verdict == "as_expected"
    assert asked == []


def test_gates_of_the_plan_are_still_answered_by_its_script() -> None:
    story = load_scenario(resolve("modernised_operator_gate"))
    home = Homecoming(shifts=(Shift("always"),), fail_back_when_staffed=True)
    gates = {gate.name for gate in story.plan.gates}
    lines: list[Line] = []
    play(replace(story, homecoming=home), on_line=lines.append)
    assert {line.data["gate"] for line in lines if line.name == "OperatorAnswered"} == {*gates, STAFFED}


def test_machines_without_manual_steps_wait_only_where_none_has_any() -> None:
    scenario = shop(0.0)
    named = replace(CHECK, tiers=("other",))
    of_others = replace(scenario, homecoming=replace(scenario.homecoming, manual_steps=(named,)))
    of_nobody = replace(scenario, homecoming=replace(scenario.homecoming, manual_steps=()))
    assert with_staffing(of_others).plan.gates == scenario.plan.gates
    assert [gate.items for gate in with_staffing(of_nobody).plan.gates] == [("a",)]


def test_a_runbook_plans_the_failback_for_the_morning() -> None:
    requests = planned_requests(replace(shop(5 * HOUR_S), operator=(OperatorAnswer("approved"),)), runs=1)
    (failback,) = [request for request in requests if request.operation is Operation.FAILBACK]
    assert failback.begins is not None
    assert failback.begins.middle_s == exactly(14 * HOUR_S)


def test_the_people_and_no_date_are_what_it_waited_for() -> None:
    found = predicted(shop(5 * HOUR_S))
    assert found.causes["people"] == exactly(9 * HOUR_S + 600.0)


@pytest.mark.vcsim
def test_the_lab_keeps_it_in_azure_as_the_drill_does(tmp_path: Path) -> None:
    scenario = shop(5 * HOUR_S)
    assert failed_back_s(lines_of(scenario, "lab")) == failed_back_s(lines_of(scenario))


def test_the_key_is_read_from_a_file(tmp_path: Path) -> None:
    text = resolve("one_modernised_vm").read_text("utf-8")
    shifts = json.dumps([{"name": "day", "from_hour": 8, "to_hour": 20}])
    path = tmp_path / "staffed.yaml"
    path.write_text(f"{text}homecoming: {{fail_back_when_staffed: true, shifts: {shifts}}}\n", "utf-8")
    assert load_scenario(path).homecoming.fail_back_when_staffed
