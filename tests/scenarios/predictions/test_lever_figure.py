"""The tile of what helps answers for the cases that are late, and for the targets that are missed."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, Lever, Target
from failback.scenarios.predictions.best_lever import is_late
from failback.scenarios.predictions.helps_tile import helps_tile
from failback.scenarios.predictions.lever_words import lever_words
from failback.scenarios.predictions.missed_tile import missed_tile
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, Question
from failback.scenarios.predictions.remedy import remedy
from failback.scenarios.predictions.saved_words import saved_words
from failback.scenarios.predictions.tile import tile_lines
from failback.scenarios.predictions.tiles import tiles

FRIDAY = datetime(2026, 12, 4, 18, tzinfo=UTC)
DRILL = load_scenario(resolve("first_drill_modernised"))


@pytest.fixture(scope="module")
def found() -> Prediction:
    """In time but where everything changed."""
    return predict(Question(DRILL, FRIDAY, FRIDAY + timedelta(hours=8), 0.9, 4))


def test_an_earlier_start_costs_nothing_and_comes_before_what_is_bought(found: Prediction) -> None:
    tile = helps_tile(found)
    notes = dict(tile.notes)
    assert re.fullmatch(r"start by Fri 02:\d\d \(15 h \d+ min earlier\)", tile.words)
    assert notes["End"] == "brings every late case in time; calculated from the same runs"
    assert notes["Or"].startswith(
        "twice the bandwidth (1000 Mbit/s): brings the case “everything changed, full bandwidth” in time; 5 h 3"
    )
    assert notes["Or"].endswith(" sooner; 1 of 2 late cases not simulated")


def test_what_is_said_of_an_earlier_start_is_what_a_simulation_from_then_on_finds(found: Prediction) -> None:
    start = remedy(found).start
    assert start is not None
    anew = predict(replace(found.question, scenario=DRILL, start=start.at))
    assert not any(is_late(case) for case in anew.cases)


def test_a_start_that_has_passed_leaves_what_can_be_bought(found: Prediction) -> None:
    notes = dict(helps_tile(replace(found, question=replace(found.question, today=FRIDAY.date()))).notes)
    assert notes["Available"] == "must be in place by Fri 18:00; time to arrange it unknown, ask"
    assert notes["End"].endswith(" sooner; 1 of 2 late cases not simulated")


def test_the_day_on_which_a_lever_must_be_ordered_is_told(found: Prediction) -> None:
    lever = Lever("twice the line", bandwidth_mbit_per_s=1000.0, lead_days=3)
    scenario = replace(DRILL, homecoming=Homecoming(levers=(lever,)))
    asked = replace(found.question, scenario=scenario, today=date(2026, 11, 28))
    available = dict(helps_tile(predict(asked)).notes)["Available"]
    assert available == "from Tue 1 Dec 2026; order by Tue 1 Dec; must be in place by Fri 18:00"


def test_the_sentence_below_the_table_names_the_same_lever(found: Prediction) -> None:
    assert lever_words(found).startswith(f"What helps: {helps_tile(found).words} (End: brings every late case in time")


def test_a_terminal_gets_a_line_for_each_fact(found: Prediction) -> None:
    for tile in tiles(found):
        first, *notes = tile_lines(tile)
        assert first == f"{tile.title}: {tile.words}"
        assert notes == [f"  {label}: {text}" for label, text in tile.notes]


def test_where_no_lever_is_enough_an_earlier_start_is_one(found: Prediction) -> None:
    tile = helps_tile(replace(found, bought=()))
    assert tile.words.startswith("start by Fri 02:")
    assert dict(tile.notes)["End"].startswith("brings every late case in time; ")


def test_a_start_that_has_passed_is_none(found: Prediction) -> None:
    today = replace(found, bought=(), question=replace(found.question, today=FRIDAY.date()))
    assert helps_tile(today).words == "no change that is available before Fri 18:00 is enough"


@pytest.mark.parametrize(
    ("saved", "late", "untried", "words"),
    [
        (1, 1, 0, "brings the expected case in time"),
        (1, 4, 0, "brings the expected case in time; 3 of 4 late cases stay late"),
        (1, 4, 2, "brings the expected case in time; 1 of 4 late cases stays late; 2 of 4 late cases not simulated"),
        (2, 3, 1, "brings 2 of 3 late cases in time; 1 of 3 late cases not simulated"),
        (3, 3, 0, "brings every late case in time"),
    ],
)
def test_each_late_case_is_in_time_stays_late_or_was_not_simulated(
    found: Prediction, saved: int, late: int, untried: int, words: str
) -> None:
    assert saved_words(found.cases[:saved], late, untried) == words


def test_targets_that_are_met_are_named(found: Prediction) -> None:
    targets = (Target("web", downtime_s=3600.0), Target("db", home_within_s=7 * 86400.0), Target(downtime_s=9e9))
    home = replace(DRILL.homecoming, targets=(*targets, Target("web", downtime_s=86400.0)))
    question = replace(found.question, scenario=replace(found.question.scenario, homecoming=home))
    cases = tuple(replace(case, question=question) for case in found.cases)
    tile = missed_tile(replace(found, question=question, cases=cases))
    assert tile.notes[:2] == (("web", "down at most 1 h"), ("db", "home within 168 h of the start"))
    assert tile.notes[2][0] == "all machines"
    assert tile.notes[3] == ("Also", "1 more, in the table below")
