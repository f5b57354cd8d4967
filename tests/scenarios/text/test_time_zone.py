"""A scenario that names its time zone: every date follows the change of the clocks, the seconds do not."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from failback.scenarios import load_scenario, play, resolve
from failback.scenarios.estates.new_request import NewRequest
from failback.scenarios.estates.new_scenario import run_new
from failback.scenarios.estates.pseudonyms import Pseudonyms
from failback.scenarios.estates.redacting import redacted_file
from failback.scenarios.files.loader import load_typed
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.files.schema import Shift, Weekday
from failback.scenarios.files.time_zones import in_zone
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outputs.run_folders.from_history import result_from_history
from failback.scenarios.outputs.run_folders.identity import RUN, here, read_identity, write_identity
from failback.scenarios.outputs.run_folders.result_file import read_result
from failback.scenarios.predictions.command import PredictOptions, question_of
from failback.scenarios.run.shifts import on_duty_s
from failback.scenarios.runbooks.command import Extra, run_runbook
from failback.scenarios.runbooks.pilot_command import run_pilot
from failback.scenarios.text.local_time import read_time, zone_of
from failback.scenarios.text.plain_words import date_words, moment
from failback.scenarios.usage_error import UsageError

BERLIN = "starts_at: 2026-10-25T02:00:00+02:00\ntime_zone: Europe/Berlin\nestate:"
"""The clocks there go back from 03:00 to 02:00 an hour after this start."""


ESTATE = """\
link: {bandwidth_mbit_per_s: 500}
virtual_machines: [{name: app-01, os: linux, architecture: modernised, disks: [{size_gib: 10}]}]
appliances: [{name: box}]
"""


def file(folder: Path, head: str = BERLIN) -> Path:
    text = resolve("one_vm").read_text("utf-8")
    path = folder / "night.yaml"
    path.write_text(text.replace("estate:", head, 1), encoding="utf-8")
    return path


def planned(folder: Path) -> list[str]:
    rows = csv.DictReader((folder / "steps.csv").read_text("utf-8-sig").splitlines())
    return [row["planned end"] for row in rows]


def test_a_runbook_shows_the_hour_that_clocks_there_show(tmp_path: Path) -> None:
    run_runbook(str(file(tmp_path)), 1, tmp_path / "zone")
    offset = file(tmp_path, "starts_at: 2026-10-25T02:00:00+02:00\nestate:")
    run_runbook(str(offset), 1, tmp_path / "offset")
    assert planned(tmp_path / "zone")[0] == "Sun 25 Oct 02:10"
    assert planned(tmp_path / "offset")[0] == "Sun 25 Oct 03:10"
    run_runbook(str(offset), 1, tmp_path / "tz", Extra(tz="Europe/Berlin"))
    assert planned(tmp_path / "tz") == planned(tmp_path / "zone")


def test_pilot_and_runbook_read_a_start_in_the_time_zone_that_is_asked_for(tmp_path: Path) -> None:
    start = "2026-10-25 00:00"
    run_pilot("one_vm", 1, tmp_path / "pilot", json_wanted=False, start=start, tz="Europe/Berlin")
    run_runbook("one_vm", 1, tmp_path / "runbook", Extra(start=start, tz="Europe/Berlin"))
    assert planned(tmp_path / "pilot") == planned(tmp_path / "runbook")
    assert planned(tmp_path / "pilot")[0].startswith("Sun 25 Oct 01:")
    with pytest.raises(UsageError, match="Europe/Berlyn"):
        run_runbook("one_vm", 1, tmp_path / "x", Extra(tz="Europe/Berlyn"))


def test_a_run_and_its_kept_result_say_the_same_hour(tmp_path: Path) -> None:
    scenario = load_scenario(file(tmp_path))
    result = play(scenario)
    assert result.duration_s > 7200
    assert "CET" in date_words(moment(result, result.duration_s))
    kept = tmp_path / "result.json"
    kept.write_text(json.dumps(result.as_json()), encoding="utf-8")
    assert moment(read_result(kept), 7200.0) == datetime(2026, 10, 25, 2, tzinfo=UTC)
    assert f"{moment(read_result(kept), 7200.0):%H:%M}" == "03:00"


def test_a_run_folder_without_a_result_says_the_same_hour(tmp_path: Path) -> None:
    """Its `run.json` has the zone; one without a zone is written and sealed as before there were zones."""
    scenario = load_scenario(file(tmp_path))
    facts = {"scenario": "night", "title": "", "world": "sim", "label": "simulated", "seed": 0}
    lines: list[str] = []
    play(scenario, on_line=lambda line: lines.append(line.as_json()))
    (tmp_path / "history.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for zone in ("Europe/Berlin", None):
        write_identity(here("run", facts | {"starts_at": scenario.starts_at, "time_zone": zone}), tmp_path)
        assert ("time_zone" in json.loads((tmp_path / RUN).read_text("utf-8"))) is (zone is not None)
        kept = read_identity(tmp_path)
        assert kept is not None
        assert kept.is_sealed
        found = result_from_history(tmp_path / "history.jsonl")
        assert f"{moment(found, 7200.0):%H:%M}" == ("03:00" if zone else "04:00")


def test_a_prediction_and_a_watch_read_hours_on_the_clocks_of_the_scenario(tmp_path: Path) -> None:
    path = file(tmp_path)
    asked = PredictOptions(str(path), "2026-10-24 20:00", "2026-10-25 06:00", "", 90.0, None, None, "2026-10-24")
    question = question_of(asked)
    assert (question.start.astimezone(UTC).hour, question.by.astimezone(UTC).hour) == (18, 5)
    zone, now = zone_of("", load_scenario(path).starts_at), datetime(2026, 10, 24, tzinfo=UTC)
    assert read_time("2026-10-25 06:00", "start", zone, now).astimezone(UTC).hour == 5, "as a watch reads it"


def test_a_resolved_scenario_keeps_its_zone_and_one_without_is_written_as_before(tmp_path: Path) -> None:
    scenario = load_scenario(file(tmp_path))
    again = tmp_path / "again.json"
    again.write_text(resolved_text(scenario, "x"), encoding="utf-8")
    assert resolved_text(load_scenario(again), "x") == again.read_text("utf-8")
    assert str(load_scenario(again).starts_at.tzinfo) == "Europe/Berlin"
    assert "time_zone" not in resolved_text(load_scenario(resolve("one_vm")), "x")
    assert "time_zone" not in play(load_scenario(resolve("one_vm"))).as_json()


def test_a_shift_begins_at_its_hour_on_the_clocks_of_its_day() -> None:
    sunday = Shift("sunday", days=(Weekday.SUN,), from_hour=8, to_hour=20)
    evening = datetime.fromisoformat("2026-10-24T20:00:00+02:00")
    assert on_duty_s(sunday, in_zone(evening, "Europe/Berlin"), 0.0) == 13 * 3600, "the night has an hour more"
    assert on_duty_s(sunday, evening, 0.0) == 12 * 3600


def test_an_unknown_zone_is_a_mistake_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="'Europe/Berlyn' is not a known time zone"):
        load_scenario(file(tmp_path, "time_zone: Europe/Berlyn\nestate:"))


def test_a_pseudonymised_copy_keeps_the_zone(tmp_path: Path) -> None:
    copy = redacted_file(load_typed(file(tmp_path)).file, Pseudonyms.new(b"k" * 16))
    assert copy.time_zone == "Europe/Berlin"


def test_a_new_scenario_names_the_zone_that_was_given(tmp_path: Path) -> None:
    (tmp_path / "machines.csv").write_text("machine,application\napp-01,shop\n", encoding="utf-8")
    (tmp_path / "estate.yaml").write_text(ESTATE, encoding="utf-8")
    asked = NewRequest(
        "n", tmp_path / "estate.yaml", tmp_path / "machines.csv", tmp_path / "n.yaml", time_zone="Europe/Berlin"
    )
    run_new(asked)
    assert "\ntime_zone: Europe/Berlin\n" in (tmp_path / "n.yaml").read_text("utf-8")
    run_new(replace(asked, out=tmp_path / "m.yaml", time_zone=None))
    assert "time_zone" not in (tmp_path / "m.yaml").read_text("utf-8")
