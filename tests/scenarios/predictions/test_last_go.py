"""The last go or no-go: a move that begins then is done in time, also where people go home at night."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, HomeWhen, ManualStep, Shift, Weekday
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, Question
from failback.scenarios.run.shifts import on_duty
from failback.simulator import Duration

ONE_VM = load_scenario(resolve("one_vm"))
FRIDAY = datetime(2026, 6, 5, 18, tzinfo=UTC)
SUNDAY = datetime(2026, 6, 7, tzinfo=UTC)
WEEKEND = Shift("weekend", days=(Weekday.SAT, Weekday.SUN), from_hour=8, to_hour=20)
STEP = ManualStep("check", Duration(fixed_s=1200.0))


def question(by: datetime, *shifts: Shift, when: HomeWhen = HomeWhen.APP_CHECKED) -> Prediction:
    home = Homecoming(home_when=when, manual_steps=(STEP,), shifts=shifts)
    return predict(Question(replace(ONE_VM, homecoming=home), FRIDAY, by, 0.9, runs=2))


def longest_h(found: Prediction) -> float:
    items = [run.items[0] for run in found.first.answers]
    return max((item.home_s or 0.0) - (item.failback_s or 0.0) for item in items) / 3600


def test_no_move_may_begin_after_the_last_people_have_gone_home() -> None:
    found = question(SUNDAY + timedelta(days=1, hours=6), WEEKEND)
    assert found.last_go is not None
    assert SUNDAY + timedelta(hours=19) < found.last_go < SUNDAY + timedelta(hours=19, minutes=40)


def test_a_night_without_people_does_not_bring_the_last_go_forward() -> None:
    found = question(SUNDAY - timedelta(hours=12), WEEKEND)
    assert longest_h(found) > 8, "this run waited through the night"
    assert found.last_go is not None
    assert timedelta(minutes=20) < found.question.by - found.last_go < timedelta(hours=1)


@pytest.mark.parametrize("when", HomeWhen)
def test_where_people_are_always_there_it_is_as_long_before_the_end_as_a_move_takes(when: HomeWhen) -> None:
    for shifts in ((), (Shift("always"),)):
        found = question(SUNDAY, *shifts, when=when)
        assert found.last_go is not None
        assert (found.question.by - found.last_go).total_seconds() == pytest.approx(longest_h(found) * 3600)


def test_people_of_two_shifts_are_there_in_one_stretch_where_the_shifts_meet() -> None:
    early, late = Shift("early", from_hour=6, to_hour=14), Shift("late", from_hour=14, to_hour=2)
    assert on_duty((early, late), SUNDAY, 0.0, 86400.0)[1] == (6 * 3600.0, 26 * 3600.0)
    assert on_duty((), SUNDAY, 0.0, 86400.0) == ()
