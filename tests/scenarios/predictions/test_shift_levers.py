"""Levers against a night in which nobody is there to check machines: tried whatever levers the scenario names."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, Lever, ManualStep, Shift, Target
from failback.scenarios.predictions.best_lever import best_helps
from failback.scenarios.predictions.helps_tile import helps_tile
from failback.scenarios.predictions.lever_rows import lever_rows
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, Question
from failback.scenarios.predictions.sampling import share
from failback.simulator import Duration

FRIDAY = datetime(2026, 12, 4, 18, tzinfo=UTC)
DRILL = load_scenario(resolve("first_drill_modernised"))
DAY = Shift("day", people=4, from_hour=8, to_hour=17)
WIDER = Lever("more bandwidth", bandwidth_mbit_per_s=1000.0, lead_days=1)
WHEN_STAFFED, ALWAYS = "fail back only while somebody is on shift", "somebody on shift round the clock"


def asked(hours: float, *levers: Lever, shift: Shift = DAY, waits: bool = False) -> Prediction:
    """The databases come home at night, and wait for the morning."""
    step = ManualStep("check", Duration(fixed_s=600.0), tiers=("db",))
    targets = (Target("db", downtime_s=7200.0),)
    home = Homecoming(
        manual_steps=(step,), shifts=(shift,), targets=targets, levers=levers, fail_back_when_staffed=waits
    )
    scenario = replace(DRILL, homecoming=home)
    by = FRIDAY + timedelta(hours=hours)
    return predict(Question(scenario, FRIDAY, by, 0.9, 1, today=date(2026, 12, 1)))


def tried(found: Prediction) -> list[str]:
    return [one.purchase.words for one in found.bought]


@pytest.mark.parametrize("levers", [(), (WIDER,)])
def test_to_wait_in_azure_for_the_shift_costs_nothing_and_keeps_the_missed_target(levers: tuple[Lever, ...]) -> None:
    found = asked(60, *levers)
    tile = helps_tile(found)
    notes = dict(tile.notes)
    assert tile.words == WHEN_STAFFED
    assert notes["End"].endswith((" later, still in time", "no difference; in time without it too"))
    assert notes["Targets"].startswith("db is then met in 1 of 1 cases tried (expected case: ")
    assert notes["Available"] == "at once, at no cost"
    assert notes["Or"].startswith(f"{ALWAYS}: db is then met in 1 of 1 cases tried")
    assert tried(found).count(ALWAYS) == 1
    assert {WHEN_STAFFED, ALWAYS} <= {row[0] for row in lever_rows(found)}


def test_what_is_said_of_the_target_is_what_a_scenario_with_the_key_finds() -> None:
    (told,) = [one for one in asked(60, WIDER).bought if one.purchase.when_staffed]
    ((_, then),) = told.targets["expected"]
    (anew,) = asked(60, WIDER, waits=True).promises
    assert then.measured_s == anew.measured_s


def test_where_it_does_not_make_the_end_in_time_people_do_and_it_is_told_beside_them() -> None:
    """In the expected case the databases are up at night, and would be checked in time if somebody were there."""
    found = asked(11, WIDER)
    tile = helps_tile(found)
    assert tile.words == ALWAYS
    assert dict(tile.notes)["Or"].startswith(f"{WHEN_STAFFED}: db is then met in ")


def test_a_lever_that_makes_a_case_late_is_no_help() -> None:
    found = asked(60)
    (staffed,) = [one for one in found.bought if one.purchase.when_staffed]
    late = replace(staffed, in_time={name: share([False]) for name in staffed.in_time})
    helps = best_helps(found.cases, [late])
    assert helps is not None
    assert not helps.is_enough
    tile = helps_tile(replace(found, bought=(late,)))
    assert tile.words == "nothing that was tried meets the missed target"
    assert dict(tile.notes)["End"].endswith(", then too late (expected case)")


@pytest.mark.parametrize("shift", [Shift("always", people=4), Shift("night too", people=4, from_hour=8, to_hour=8)])
def test_nothing_more_is_simulated_where_somebody_is_always_there(shift: Shift) -> None:
    assert tried(asked(60, WIDER, shift=shift)) == ["more bandwidth"]


def test_what_the_scenario_does_already_is_not_tried_again() -> None:
    assert WHEN_STAFFED not in tried(asked(60, WIDER, waits=True))
