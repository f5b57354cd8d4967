"""Who comes home at night waits until somebody is there to check it, and the page says so in its verdict."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, ManualStep, Shift, Target
from failback.scenarios.predictions.broken_promises import broken_promises
from failback.scenarios.predictions.case_answer import CaseAnswer
from failback.scenarios.predictions.fan import fan
from failback.scenarios.predictions.off_duty import off_duty_words
from failback.scenarios.predictions.page import write_pages
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, Question
from failback.simulator import Duration

FRIDAY = datetime(2026, 6, 5, 18, tzinfo=UTC)
SAID = "come home while nobody is on shift, and wait for their check, in 5 of 6 cases."


def asked(*shifts: Shift, tier: str = "db") -> Prediction:
    home = Homecoming(manual_steps=(ManualStep("check", Duration(fixed_s=600.0), tiers=(tier,)),), shifts=shifts)
    scenario = replace(load_scenario(resolve("first_drill_modernised")), homecoming=home)
    return predict(Question(scenario, FRIDAY, FRIDAY + timedelta(hours=60), 0.9, 1))


def test_machines_that_come_home_at_night_are_told_with_the_verdict(tmp_path: Path) -> None:
    """The databases are home in the night, in the slowest case by day; somebody comes at eight."""
    found = asked(Shift("day", people=4, from_hour=8, to_hour=17))
    assert list(off_duty_words(found)) == [f"Up to 4 machines {SAID}"]
    write_pages(found, tmp_path)
    for name in ("answer.html", "answer.md"):
        assert f"Up to 4 machines {SAID}" in (tmp_path / name).read_text("utf-8")


@pytest.mark.parametrize(
    "found",
    [
        lambda: asked(Shift("always", people=4)),
        lambda: asked(),
        lambda: asked(Shift("day", people=4, from_hour=8, to_hour=17), tier="of nobody"),
    ],
)
def test_nothing_is_told_where_somebody_is_there_or_nobody_checks(found: object) -> None:
    assert callable(found)
    assert list(off_duty_words(found())) == []


def test_a_broken_promise_says_that_nobody_is_there_and_its_bar_is_not_green() -> None:
    found = asked(Shift("day", people=4, from_hour=8, to_hour=17))
    scenario = found.question.scenario
    home = replace(scenario.homecoming, targets=(Target("db", downtime_s=7200.0),))
    question = replace(found.question, scenario=replace(scenario, homecoming=home))
    cases = tuple(CaseAnswer(question, case.case, case.answers) for case in found.cases)
    judged = replace(found, question=question, cases=cases)
    (promise,) = broken_promises(judged)
    assert ", because nobody is on shift when it comes home; met in 0 of 1 runs" in promise
    drawn = fan(judged)
    assert [bar.colour == "missed" for bar in drawn.bars] == [bool(case.broken) for case in cases]
    assert drawn.bars[0].end.removesuffix(" →").endswith("in time, target missed")
    assert {bar.colour for bar in fan(found).bars} == {"good"}
