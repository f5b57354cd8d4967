"""People who work on machines: how many at a time, and when they are there."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from failback.reprotect import AskOperator, Operation
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, ManualStep, Scenario, Shift, Weekday
from failback.scenarios.outcomes.people import GATE, Team, with_people
from failback.scenarios.run.shifts import on_duty_s
from failback.simulator import Duration

DRILL = load_scenario(resolve("first_drill_modernised"))
NAMES = tuple(DRILL.estate.virtual_machines)
BERLIN = ZoneInfo("Europe/Berlin")
WORKDAYS = (Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI)


def staffed(*shifts: Shift, takes_s: float = 600.0) -> Scenario:
    step = ManualStep("check the application", Duration(fixed_s=takes_s))
    return replace(DRILL, homecoming=Homecoming(manual_steps=(step,), shifts=shifts))


def ends_s(scenario: Scenario, machines: int, now_s: float = 0.0) -> list[float]:
    """When each of so many machines, asked for at one instant, has been worked on."""
    team, ends = Team(scenario), []
    for name in NAMES[:machines]:
        team.ask(AskOperator(name, GATE, "?"), now_s)
    while team.next_s < float("inf"):
        at_s = team.next_s
        ends += [at_s for _ in team.answers(at_s)]
    return ends


def test_two_people_work_on_two_machines_at_a_time() -> None:
    assert ends_s(staffed(Shift("night", people=2)), 5) == [600.0, 600.0, 1200.0, 1200.0, 1800.0]


def test_without_shifts_there_are_always_enough_people() -> None:
    assert ends_s(staffed(), 5) == [600.0] * 5


def test_a_machine_that_comes_after_hours_waits_for_the_morning() -> None:
    shift = Shift("day", people=1, from_hour=8, to_hour=17)
    scenario = replace(staffed(shift), starts_at=datetime(2026, 6, 5, 18, tzinfo=BERLIN))
    assert ends_s(scenario, 1) == [14 * 3600.0 + 600.0]


@pytest.mark.parametrize(
    ("shift", "ready_h", "expected_h"),
    [
        (Shift("always"), 5.0, 5.0),
        (Shift("night", from_hour=22, to_hour=6), 0.0, 4.0),
        (Shift("night", from_hour=22, to_hour=6), 9.0, 9.0),
        (Shift("office", days=WORKDAYS, from_hour=8, to_hour=17), 0.0, 62.0),
    ],
)
def test_a_shift_is_there_in_its_hours_and_on_its_days(shift: Shift, ready_h: float, expected_h: float) -> None:
    friday_evening = datetime(2026, 6, 5, 18, tzinfo=BERLIN)
    assert on_duty_s(shift, friday_evening, ready_h * 3600) == expected_h * 3600


def test_the_morning_comes_an_hour_sooner_when_the_clocks_go_forward() -> None:
    saturday_evening = datetime(2026, 3, 28, 18, tzinfo=BERLIN)
    assert on_duty_s(Shift("day", from_hour=8, to_hour=17), saturday_evening, 0.0) == 13 * 3600


def test_machines_whose_tier_needs_no_step_are_not_held() -> None:
    tier = next(iter(DRILL.estate.virtual_machines.values())).tier
    assert with_people(DRILL).plan.gates == DRILL.plan.gates
    (gate,) = set(with_people(staffed()).plan.gates) - set(DRILL.plan.gates)
    assert (gate.name, gate.before, gate.items) == (GATE, Operation.COMMIT_FAILBACK, NAMES)
    strange = ManualStep("approve", Duration(fixed_s=1.0), tiers=(tier + "-other",))
    assert with_people(replace(DRILL, homecoming=Homecoming(manual_steps=(strange,)))).plan.gates == DRILL.plan.gates
