"""A scenario that names a calibration plays with its numbers and says so everywhere; a bad file is refused by line."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from failback.scenarios.files.loader import load_scenario
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outcomes.answers import answer
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.run.labels import label, labels
from failback.scenarios.run.player import play
from failback.scenarios.study.rows import ROWS, rows_of
from failback.simulator import Duration

ONE = """\
name: one
estate:
  link: {bandwidth_mbit_per_s: 1000}
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 900, free_gib: 800}]
  appliances: [{name: appliance-01}]
  virtual_machines: [{name: web-01, os: linux, host: esx-01, datastore: gold, disks: [{size_gib: 10}]}]
durations: {agent_registration: 60}
site: {scan_mib_per_s: 10, changed_fraction: 0.5}
homecoming: {calibration: numbers.yaml}
"""
NUMBERS = """\
failback_calibration: 1
date: 2026-05-30
model: failback 0.1.0
n: 42
durations:
  agent_registration: {median_s: 120, sigma: 0.5, source: fitted}
site: {scan_mib_per_s: 25}
"""


def loaded(folder: Path, numbers: str | None = NUMBERS) -> Scenario:
    (folder / "one.yaml").write_text(ONE, encoding="utf-8")
    if numbers is not None:
        (folder / "numbers.yaml").write_text(numbers, encoding="utf-8")
    return load_scenario(folder / "one.yaml")


def message_of(folder: Path, numbers: str | None) -> str:
    with pytest.raises(BadInput) as refused:
        loaded(folder, numbers)
    return str(refused.value)


def test_a_file_without_the_share_that_differs_is_known_to_lack_it(tmp_path: Path) -> None:
    lacks, has = loaded(tmp_path).calibration, loaded(tmp_path, NUMBERS.replace("25}", "25, changed_fraction: 0.1}"))
    assert lacks is not None
    assert str(lacks).endswith("but how much differs is assumed")
    assert has.calibration is not None
    assert has.calibration.changed_known


@pytest.mark.parametrize(("error", "between"), [("0.02", (0.06, 0.14)), ("0.2", (0.0, 0.5)), ("null", None)])
def test_the_error_of_the_share_that_differs_goes_with_it(
    tmp_path: Path, error: str, between: tuple[float, float] | None
) -> None:
    fit = f"fits: {{site/changed_fraction: {{estimate_share: 0.1, standard_error: {error}, n: 9, of: 9}}}}\n"
    found = loaded(tmp_path, NUMBERS.replace("25}", "25, changed_fraction: 0.1}") + fit).calibration
    assert found is not None
    assert found.changed_between == (between and pytest.approx(between))


def test_the_files_numbers_win_and_the_others_stay(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    assert scenario.durations["agent_registration"] == Duration(median_s=120, sigma=0.5, source="fitted")
    assert (scenario.site.scan_mib_per_s, scenario.site.changed_fraction) == (25, 0.5)
    assert scenario.calibration is not None
    assert (scenario.calibration.date, scenario.calibration.n) == (date(2026, 5, 30), 42)


def test_label_names_model_and_date_or_says_that_there_is_none(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    assert label(scenario).startswith("simulation by failback ")
    assert "calibrated 2026-05-30 on 42 steps" in label(scenario)
    assert labels(scenario)["calibrated"] == "2026-05-30"
    bare = replace(scenario, calibration=None)
    assert "not calibrated: assumptions, not your data" in label(bare)
    assert labels(bare)["calibrated"] is None


def test_results_answers_and_rows_carry_the_calibration(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    assert "calibrated 2026-05-30" in play(scenario).versions["numbers"]
    found = answer(way_home(scenario), 1)
    assert all("2026-05-30" in row["calibration"] for kind in ROWS for row in rows_of(found, kind))


def test_a_missing_file_is_told_at_the_scenarios_line(tmp_path: Path) -> None:
    text = message_of(tmp_path, None)
    assert "one.yaml:10: " in text
    assert "numbers.yaml" in text


@pytest.mark.parametrize(
    ("numbers", "line", "words"),
    [
        (NUMBERS.replace("sigma: 0.5", "sigma: -1"), 6, "median_s above 0"),
        (NUMBERS.replace("agent_registration", "agent_registratoin"), 6, "unknown duration"),
        (NUMBERS.replace("25", "0"), 7, "above 0 MiB/s"),
        (NUMBERS.replace("calibration: 1", "calibration: 9"), 1, "found format 9"),
        (NUMBERS.replace("25", "1e300"), 7, "`scan_mib_per_s` is 1e+300"),
        (NUMBERS.replace("median_s: 120", "median_s: 1e300"), 6, "`median_s` is 1e+300"),
        ("name: no calibration\n", 1, "this is not a calibration"),
        (NUMBERS.replace("n: 42", "n: many"), 4, "valid integer"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_at_its_line(tmp_path: Path, numbers: str, line: int, words: str) -> None:
    text = message_of(tmp_path, numbers)
    assert f"numbers.yaml:{line}: " in text
    assert words in text


def test_lognormal_draws_have_the_median_and_the_spread_that_they_name() -> None:
    duration, stream = Duration(median_s=100, sigma=0.2), Random(7)
    drawn = sorted(duration.draw(stream) for _ in range(4001))
    assert drawn[2000] == pytest.approx(100, rel=0.02)
    assert drawn[3364] / drawn[2000] == pytest.approx(1.2214, rel=0.03)


@pytest.mark.parametrize(("median_s", "sigma", "low_s"), [(3, None, None), (0, 1, None), (3, 1, 1)])
def test_half_a_lognormal_is_refused(median_s: float, sigma: float | None, low_s: float | None) -> None:
    with pytest.raises(ValueError, match="median_s above 0"):
        Duration(median_s=median_s, sigma=sigma, low_s=low_s)
