"""The figure of the best lever answers for the cases that are late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.predictions.lever_figure import lever_figure
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, Question
from failback.scenarios.predictions.words import lever_words

FRIDAY = datetime(2026, 12, 4, 18, tzinfo=UTC)


@pytest.fixture(scope="module")
def found() -> Prediction:
    """In time but where everything changed."""
    scenario = load_scenario(resolve("first_drill_modernised"))
    return predict(Question(scenario, FRIDAY, FRIDAY + timedelta(hours=8), 0.9, 4))


def test_it_names_what_makes_a_late_case_in_time_and_the_start_that_does_so(found: Prediction) -> None:
    _, lever, note = lever_figure(found)
    assert lever.startswith("twice the bandwidth")
    assert note.startswith("in time in the case: everything changed, full bandwidth (5 h 3")
    assert "; or start by Fri 02:" in note
    assert ", in time in every case; " in note
    assert note.endswith("; none needed in the expected case")
    assert "tried" not in note


def test_below_it_says_in_words_where_levers_were_tried(found: Prediction) -> None:
    assert lever_words(found) == (
        "the expected case needs no lever; each was tried if changes as in the scenario, full bandwidth; or if "
        "everything changed, full bandwidth, and none if everything changed, half bandwidth, which is late too"
    )


def test_where_no_lever_is_enough_an_earlier_start_is_one(found: Prediction) -> None:
    _, lever, note = lever_figure(replace(found, bought=()))
    assert lever.startswith("start by Fri 02:")
    assert note == "in time in every case; none needed in the expected case"


def test_a_start_that_has_passed_is_none(found: Prediction) -> None:
    today = replace(found, bought=(), question=replace(found.question, today=FRIDAY.date()))
    _, lever, note = lever_figure(today)
    assert lever == "none of those tried makes it in time"
    assert note.startswith("too late in: everything changed, full bandwidth; everything changed, half bandwidth; ")
