"""A calibration knows what its machines tried, and a prediction names what none of them did."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import failback
from failback.reprotect import Appliance
from failback.scenarios.calibrations.calibrate import CalibrationRequest, calibrate, write_calibration
from failback.scenarios.files.calibration_file import calibrated, read_calibration
from failback.scenarios.files.loader import load_default_durations, load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.predictions.command import PredictOptions, run_predict
from failback.scenarios.predictions.not_tried import not_tried, not_tried_words
from failback.scenarios.runbooks.pilot_settling import restricted

WHOLE = "first_drill_modernised"


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A calibration from a pilot of one machine of the drill."""
    folder = tmp_path_factory.mktemp("pilot")
    scenario = load_scenario(resolve(WHOLE))
    failback.play(restricted(scenario, ["web-01"]), out=folder / "run")
    found = calibrate(CalibrationRequest((folder / "run",), estate=scenario, least=1, on=date(2026, 6, 5)))
    write_calibration(found.file, folder / "calibration.yaml")
    return folder / "calibration.yaml"


def with_calibration(scenario: Scenario, file: Path) -> Scenario:
    return calibrated(scenario, read_calibration(file, load_default_durations()))


def test_the_file_says_what_the_pilot_tried_and_names_nothing(learnt: Path) -> None:
    tried = read_calibration(learnt, load_default_durations()).tried
    assert tried is not None
    assert tried.machines == 1
    assert {"architecture modernised", "operating system linux", "original location"} <= set(tried.ways)
    assert any(way.startswith("through #") for way in tried.ways)
    scenario = load_scenario(resolve(WHOLE))
    names = {*scenario.estate.appliances, *scenario.estate.virtual_machines, *scenario.estate.hosts}
    assert not [name for name in names if name in learnt.read_text("utf-8")]


def test_what_the_pilot_tried_is_not_named_and_the_rest_is(learnt: Path) -> None:
    whole = with_calibration(load_scenario(resolve(WHOLE)), learnt)
    found = {each.way: each.machines for each in not_tried(whole)}
    assert "operating system windows" in found
    assert "operating system linux" not in found
    assert not [way for way in found if way.startswith("through ")]
    assert any(way.startswith("disks of up to") and "largest so far" in way for way in found)
    pilot = with_calibration(restricted(load_scenario(resolve(WHOLE)), ["web-01"]), learnt)
    assert not_tried(pilot) == ()


def test_an_appliance_that_the_pilot_did_not_use_is_named(learnt: Path) -> None:
    scenario = load_scenario(resolve(WHOLE))
    (box,) = scenario.estate.appliances.values()
    other: Appliance = replace(box, name="another")
    renamed = replace(scenario, estate=replace(scenario.estate, appliances={"another": other}))
    assert "through another" in [each.way for each in not_tried(with_calibration(renamed, learnt))]


def test_without_a_calibration_that_says_it_nothing_is_said() -> None:
    assert list(not_tried_words(load_scenario(resolve(WHOLE)))) == []


def said(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if "operating system windows" in line)


def test_terminal_page_and_answer_say_it(learnt: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = with_calibration(load_scenario(resolve(WHOLE)), learnt)
    run_predict(PredictOptions(scenario, "Fri 18:00", "Mon 06:00", "UTC", 90, runs=2), tmp_path, as_json=False)
    printed = capsys.readouterr().out
    assert "brought 1 machine home. None of them had:" in printed
    texts = [printed, *((tmp_path / name).read_text("utf-8") for name in ("answer.html", "answer.md"))]
    assert all(list(said(text)) for text in texts)
    answer = json.loads((tmp_path / "answer.json").read_text("utf-8"))
    assert "operating system windows" in [each["way"] for each in answer["not_tried"]]
