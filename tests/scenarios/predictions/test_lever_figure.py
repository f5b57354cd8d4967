"""The tile of what helps answers for the cases that are late, and for the targets that are missed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, Lever, ManualStep, Shift, Target
from failback.scenarios.predictions.best_lever import is_late
from failback.scenarios.predictions.helps_tile import helps_tile
from failback.scenarios.predictions.lever_words import lever_words
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, Question
from failback.scenarios.predictions.remedy import remedy
from failback.scenarios.predictions.tile import tile_lines
from failback.scenarios.predictions.tiles import tiles
from failback.simulator import Duration

FRIDAY = datetime(2026, 12, 4, 18, tzinfo=UTC)
DRILL = load_scenario(resolve("first_drill_modernised"))


@pytest.fixture(scope="module")
def found() -> Prediction:
    """In time but where everything changed."""
    return predict(Question(DRILL, FRIDAY, FRIDAY + timedelta(hours=8), 0.9, 4))


def test_an_earlier_start_costs_nothing_and_comes_before_what_is_bought(found: Prediction) -> None:
    tile = helps_tile(found)
    notes = dict(tile.notes)
    assert tile.words.startswith("start 15 h ")
    assert notes["End"] == "in time in every case; the same simulated runs, begun earlier"
    assert notes["Or"].startswith("twice the bandwidth (1000 Mbit/s): 5 h 3")
    assert notes["Or"].endswith("in time in 1 of 2 late cases, 1 not tried")


def test_what_is_said_of_an_earlier_start_is_what_a_simulation_from_then_on_finds(found: Prediction) -> None:
    start = remedy(found).start
    assert start is not None
    anew = predict(replace(found.question, scenario=DRILL, start=start.at))
    assert not any(is_late(case) for case in anew.cases)


def test_a_start_that_has_passed_leaves_what_can_be_bought(found: Prediction) -> None:
    notes = dict(helps_tile(replace(found, question=replace(found.question, today=FRIDAY.date()))).notes)
    assert notes["Available"] == "must be in place by Fri 18:00; time to arrange it unknown, ask"
    assert notes["End"].endswith("in time in 1 of 2 late cases, 1 not tried")


def test_the_day_on_which_a_lever_must_be_ordered_is_told(found: Prediction) -> None:
    lever = Lever("twice the line", bandwidth_mbit_per_s=1000.0, lead_days=3)
    scenario = replace(DRILL, homecoming=Homecoming(levers=(lever,)))
    asked = replace(found.question, scenario=scenario, today=date(2026, 11, 28))
    available = dict(helps_tile(predict(asked)).notes)["Available"]
    assert available == "from Tue 1 Dec 2026; order by Tue 1 Dec; must be in place by Fri 18:00"


def test_the_sentence_below_the_table_names_the_same_lever(found: Prediction) -> None:
    assert lever_words(found).startswith(f"What helps: {helps_tile(found).words} (End: in time in every case")


def test_a_terminal_gets_a_line_for_each_fact(found: Prediction) -> None:
    for tile in tiles(found):
        first, *notes = tile_lines(tile)
        assert first == f"{tile.title}: {tile.words}"
        assert notes == [f"  {label}: {text}" for label, text in tile.notes]


def test_where_no_lever_is_enough_an_earlier_start_is_one(found: Prediction) -> None:
    tile = helps_tile(replace(found, bought=()))
    assert ", by Fri 02:" in tile.words
    assert dict(tile.notes)["End"].startswith("in time in every case; ")


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
