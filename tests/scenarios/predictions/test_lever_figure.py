"""The tile of what helps answers for the cases that are late, and for the targets that are missed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, ManualStep, Shift, Target
from failback.scenarios.predictions.helps_tile import helps_tile
from failback.scenarios.predictions.lever_words import lever_words
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, Question
from failback.simulator import Duration

FRIDAY = datetime(2026, 12, 4, 18, tzinfo=UTC)
DRILL = load_scenario(resolve("first_drill_modernised"))


@pytest.fixture(scope="module")
def found() -> Prediction:
    """In time but where everything changed."""
    return predict(Question(DRILL, FRIDAY, FRIDAY + timedelta(hours=8), 0.9, 4))


def test_it_names_what_makes_a_late_case_in_time_and_the_start_that_does_so(found: Prediction) -> None:
    tile = helps_tile(found)
    notes = dict(tile.notes)
    assert tile.words.startswith("twice the bandwidth")
    assert notes["End"].startswith("5 h 3")
    assert notes["End"].endswith("in time in 1 of 1 late cases tried, 1 not tried")
    assert notes["Available"] == "must be in place by Fri 18:00; time to arrange it unknown, ask"
    assert notes["Or"].startswith("start 15 h ")
    assert notes["Or"].endswith(": in time in every case")


def test_the_sentence_below_the_table_names_the_same_lever(found: Prediction) -> None:
    assert lever_words(found).startswith(f"What helps: {helps_tile(found).words} (End: ")


def test_where_no_lever_is_enough_an_earlier_start_is_one(found: Prediction) -> None:
    tile = helps_tile(replace(found, bought=()))
    assert ", by Fri 02:" in tile.words
    assert dict(tile.notes)["End"] == "in time in every case"


def test_a_start_that_has_passed_is_none(found: Prediction) -> None:
    today = replace(found, bought=(), question=replace(found.question, today=FRIDAY.date()))
    assert helps_tile(today).words == "nothing that can be had before Fri 18:00 makes it in time"


def test_people_round_the_clock_are_a_lever_and_its_effect_on_the_missed_target_is_told() -> None:
    """The databases come home at night and wait for the morning: more bandwidth is no help, somebody on shift is."""
    step = ManualStep("check", Duration(fixed_s=600.0), tiers=("db",))
    day = Shift("day", people=4, from_hour=8, to_hour=17)
    home = Homecoming(manual_steps=(step,), shifts=(day,), targets=(Target("db", downtime_s=7200.0),))
    asked = Question(
        replace(DRILL, homecoming=home), FRIDAY, FRIDAY + timedelta(hours=60), 0.9, 1, today=date(2026, 12, 1)
    )
    tile = helps_tile(predict(asked))
    assert tile.words == "somebody on shift round the clock"
    assert dict(tile.notes)["Targets"].startswith("db is then met in ")
