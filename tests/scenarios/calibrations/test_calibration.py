"""Calibration finds hidden numbers within its stated error, keeps what it cannot know, says what it left out."""

import json
import re
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import Architecture, Operation
from failback.scenarios.calibrations.calibrate import Calibrated, CalibrationRequest, calibrate, write_calibration
from failback.scenarios.calibrations.command import run_calibrate
from failback.scenarios.calibrations.fitting import fitted, student_t
from failback.scenarios.calibrations.measured import task_key
from failback.scenarios.calibrations.synthetic import band, drills_took_s, share_inside, synthetic_vault
from failback.scenarios.cli import run
from failback.scenarios.files.calibration_file import calibrated, read_calibration
from failback.scenarios.files.loader import load_default_durations, load_scenario
from failback.scenarios.files.yaml_source import BadInput

SMALL = """\
name: small
estate:
  link: {bandwidth_mbit_per_s: 1000}
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 900, free_gib: 800}]
  appliances: [{name: appliance-01}]
  virtual_machines: [{name: "web-{n:02}", count: 3, os: linux, host: esx-01, datastore: gold, disks: [{size_gib: 10}]}]
"""
RECORDED = Path(str(files("failback.scenarios") / "data" / "recorded_cycle.json"))
HOME = "task/classic/failback/"
Edit = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def drills(small: Path) -> list[Path]:
    return synthetic_vault(load_scenario(small), 7).write_drills(small.parent, range(1, 9))


def edited(drill: Path, folder: Path, edit: Edit) -> Path:
    lines = [json.loads(text) for text in (drill / "history.jsonl").read_text("utf-8").splitlines()]
    path = folder / "history.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in edit(lines)), encoding="utf-8")
    return path


def learnt(*paths: Path, **how: Any) -> Calibrated:
    return calibrate(CalibrationRequest(paths, on=date(2026, 6, 5), **how))


# Known truth


def test_hidden_medians_and_spreads_are_found_within_the_stated_error(small: Path, drills: list[Path]) -> None:
    vault = synthetic_vault(load_scenario(small), 7)
    found = learnt(*drills, estate=str(small)).file
    off = []
    for key, row in found.fits.items():
        if not key.startswith("site/"):
            off.append(abs(row["median_s"] - vault.truth[key].median_s) / row["median_error_s"])
            off.append(abs(row["sigma"] - vault.truth[key].sigma) / row["sigma_error"])
    assert len(off) >= 40
    assert sum(errors <= 2 for errors in off) / len(off) >= 0.85
    assert max(off) < 5
    assert found.site.scan_mib_per_s == pytest.approx(vault.hidden.site.scan_mib_per_s, rel=1e-4)


@pytest.mark.slow
def test_the_90_percent_band_holds_80_to_97_percent_of_the_drills_left_out(small: Path, tmp_path: Path) -> None:
    shares = []
    for seed in range(1, 9):
        vault = synthetic_vault(load_scenario(small), seed)
        folders = vault.write_drills(tmp_path / str(seed), range(1, 13))
        known = calibrated(vault.public, learnt(*folders, estate=str(small)).file)
        predicted = band(drills_took_s(known, range(1000, 1100)))
        shares.append(share_inside(predicted, [vault.took_s(number) for number in range(101, 131)]))
    assert 0.80 <= sum(shares) / len(shares) <= 0.97


def test_packaged_numbers_miss_drills_that_calibrated_ones_hit(small: Path, drills: list[Path]) -> None:
    vault = synthetic_vault(load_scenario(small), 7)
    known = calibrated(vault.public, learnt(*drills, estate=str(small)).file)
    actual_s = [vault.took_s(number) for number in range(101, 121)]
    assert share_inside(band(drills_took_s(vault.public, range(40))), actual_s) < 0.5
    assert share_inside(band(drills_took_s(known, range(40))), actual_s) > 0.6


def test_back_test_counts_the_steps_of_whole_runs_left_out(drills: list[Path]) -> None:
    tested = learnt(*drills).file.back_test
    assert tested["steps_left_out"] > 50
    assert 0.75 <= tested["share_inside"] <= 1


def test_student_t_agrees_with_the_tables() -> None:
    assert student_t(0.95, 5) == pytest.approx(2.015, rel=0.004)
    assert student_t(0.95, 30) == pytest.approx(1.697, rel=0.001)


def test_one_step_gives_a_median_and_keeps_the_defaults_spread() -> None:
    default = load_default_durations()["vcenter_discovery"]
    fit = fitted([500.0], default)
    assert fit.median_s == pytest.approx(500)
    assert fit.sigma == pytest.approx(0.144, abs=0.01)
    assert fit.median_error_s is None


# The file


def test_the_written_file_is_read_back_and_names_no_machine(small: Path, drills: list[Path], tmp_path: Path) -> None:
    file = learnt(*drills, estate=str(small)).file
    write_calibration(file, tmp_path / "numbers.yaml")
    assert read_calibration(tmp_path / "numbers.yaml", load_default_durations()) == file
    assert "web-0" not in (tmp_path / "numbers.yaml").read_text("utf-8")


def test_what_could_not_be_fitted_keeps_its_default_with_a_reason(drills: list[Path]) -> None:
    kept = learnt(*drills).file.kept
    assert kept["vcenter_discovery"] == "not seen"
    assert "--estate" in kept["site/scan_mib_per_s"]
    assert "bytes that crossed" in kept["site/changed_fraction"]


def test_the_command_dates_itself_by_the_newest_run(drills: list[Path], tmp_path: Path, monkeypatch: Any) -> None:
    out = tmp_path / "numbers.yaml"
    monkeypatch.setattr("sys.argv", ["failback", "calibrate", *map(str, drills), "--out", str(out), "--json"])
    assert run() == 0
    assert read_calibration(out, load_default_durations()).date == date(2026, 6, 5)


# A vault's jobs


def test_the_recorded_cycle_gives_its_recorded_times_on_their_sides() -> None:
    file = learnt(RECORDED, least=1).file
    assert file.durations[f"{HOME}VmFailover"].median_s == pytest.approx(140)
    assert file.durations[f"{HOME}VmUfoPrerequisitesCheck"].median_s == pytest.approx(58)
    out = task_key(Architecture.CLASSIC, Operation.FAILOVER, "VmUfoPrerequisitesCheck")
    assert file.durations[out].median_s == pytest.approx(1)
    assert file.site.scan_mib_per_s == pytest.approx(29.94, abs=0.01)


def test_one_cycle_is_too_little_for_a_fit_unless_asked() -> None:
    file = learnt(RECORDED).file
    assert not file.durations
    assert file.kept[f"{HOME}VmFailover"] == "seen 1 times, 3 are needed"


def test_processed_and_transferred_bytes_give_the_changed_share(tmp_path: Path) -> None:
    disk = {"resyncDurationInSeconds": 100, "resyncProcessedBytes": 2**30, "resyncTotalTransferredBytes": 2**28}
    rows = [{"properties": {"providerSpecificDetails": {"protectedDisks": [disk, disk]}}}]
    (tmp_path / "items.json").write_text(json.dumps(rows), encoding="utf-8")
    assert learnt(tmp_path / "items.json").file.site.changed_fraction == pytest.approx(0.25)


# Bad input: a paragraph each, finished work kept


def test_a_gap_leaves_out_what_was_under_way_and_keeps_the_rest(drills: list[Path], tmp_path: Path) -> None:
    whole = learnt(edited(drills[0], tmp_path, lambda lines: lines))
    torn = learnt(edited(drills[0], tmp_path, lambda lines: lines[:60] + lines[70:]))
    assert not whole.notes
    assert ":61: line number n is 71 after 60, so lines are missing" in torn.notes[0]
    assert 0.5 * whole.file.n < torn.file.n < whole.file.n


def test_a_clock_that_goes_back_is_told_and_never_measured(drills: list[Path], tmp_path: Path) -> None:
    def set_back(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [line | {"t_s": line["t_s"] - (500 if line["n"] > 80 else 0)} for line in lines]

    found = learnt(edited(drills[0], tmp_path, set_back))
    assert "the clock goes back from" in found.notes[0]
    assert all(row["median_s"] > 0 for row in found.file.fits.values())
    assert found.file.n > 30


def test_a_clock_that_jumps_ahead_is_told_and_moves_no_fit(drills: list[Path], tmp_path: Path) -> None:
    def set_ahead(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [line | {"t_s": line["t_s"] + (5e6 if line["n"] > 80 else 0)} for line in lines]

    whole = learnt(*drills)
    found = learnt(*drills[1:], edited(drills[0], tmp_path, set_ahead))
    assert not whole.notes
    assert any("a clock seems to have jumped ahead" in note for note in found.notes)
    spreads = {key: row["sigma"] for key, row in whole.file.fits.items() if "sigma" in row}
    assert {key: found.file.fits[key]["sigma"] for key in spreads} == pytest.approx(spreads, rel=0.5)


def test_a_line_that_is_there_twice_costs_nothing(drills: list[Path], tmp_path: Path) -> None:
    found = learnt(edited(drills[0], tmp_path, lambda lines: [line for line in lines for _ in range(2)]))
    assert found.file.n == learnt(drills[0]).file.n
    assert not found.notes


def test_a_source_that_is_given_twice_is_counted_once_and_told(drills: list[Path], tmp_path: Path) -> None:
    copy = edited(drills[0], tmp_path, lambda lines: lines)
    text = (drills[0] / "history.jsonl").read_text("utf-8")
    copy.write_text(text, encoding="utf-8")
    found = learnt(drills[0], tmp_path, drills[0])
    assert found.file == learnt(drills[0]).file
    assert ["it says the same as" in note for note in found.notes] == [True, True]


def test_a_byte_order_mark_costs_no_line(drills: list[Path], tmp_path: Path) -> None:
    text = (drills[0] / "history.jsonl").read_text("utf-8")
    (tmp_path / "history.jsonl").write_text(text, encoding="utf-8-sig")
    found = learnt(tmp_path)
    assert (found.file, found.notes) == (learnt(drills[0]).file, ())


def test_a_last_line_that_breaks_off_costs_nothing_but_itself(drills: list[Path], tmp_path: Path) -> None:
    text = (drills[0] / "history.jsonl").read_text("utf-8")
    (tmp_path / "history.jsonl").write_text(text[:-40], encoding="utf-8")
    found = learnt(tmp_path / "history.jsonl")
    assert "the last line is incomplete" in found.notes[0]
    assert found.file.n == learnt(drills[0]).file.n


def test_an_empty_history_is_refused_alone_and_noted_beside_others(drills: list[Path], tmp_path: Path) -> None:
    (tmp_path / "history.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="the history is empty"):
        learnt(tmp_path)
    beside = learnt(tmp_path, drills[0])
    assert "the history is empty" in beside.notes[0]
    assert beside.file.n == learnt(drills[0]).file.n


@pytest.mark.parametrize("text", [float("nan"), float("inf"), 10**400, "soon", None])
def test_a_line_whose_time_is_no_time_is_left_out_and_told(drills: list[Path], tmp_path: Path, text: Any) -> None:
    def spoilt(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*lines[:60], lines[60] | {"t_s": text}, *lines[61:]]

    found = learnt(edited(drills[0], tmp_path, spoilt))
    assert ":61: this is not a line of a history" in found.notes[0]
    assert 0.5 * learnt(drills[0]).file.n < found.file.n <= learnt(drills[0]).file.n


def test_a_line_that_lacks_what_its_name_promises_is_left_out_and_told(drills: list[Path], tmp_path: Path) -> None:
    def spoilt(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        at = next(n for n, line in enumerate(lines) if line["name"] == "ItemSeen" and n > 60)
        return [*lines[:at], lines[at] | {"data": {"architecture": "cloudy"}}, *lines[at + 1 :]]

    found = learnt(edited(drills[0], tmp_path, spoilt))
    assert "is not a valid ItemSeen" in found.notes[0]
    assert 0.5 * learnt(drills[0]).file.n < found.file.n


@pytest.mark.parametrize("junk", [None, 5, True, "x", {}, [5], {"tasks": 3}, float("nan")])
def test_jobs_with_junk_in_every_place_lose_no_more_than_that(tmp_path: Path, junk: Any) -> None:
    data = json.loads(RECORDED.read_text("utf-8"))["value"]
    names = list(data[0]["properties"])
    spoilt = [{"properties": data[0]["properties"] | {name: junk}} for name in names]
    disks = {"properties": {"providerSpecificDetails": {"protectedDisks": [junk, {"resyncProcessedBytes": junk}]}}}
    (tmp_path / "jobs.json").write_text(json.dumps([*data, *spoilt, disks, junk]), encoding="utf-8")
    assert learnt(tmp_path / "jobs.json", least=1).file.n >= learnt(RECORDED, least=1).file.n


def test_a_machine_of_two_architectures_in_one_history_is_told(drills: list[Path], tmp_path: Path) -> None:
    def turned(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for line in lines:
            if line["name"] == "ItemSeen" and line["item"] == "web-01" and line["n"] > 100:
                line["data"]["architecture"] = "classic"
        return lines

    assert "modernised and then classic" in learnt(edited(drills[0], tmp_path, turned)).notes[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PK\x03\x04 a spreadsheet", "this is neither JSON"),
        ("[]", "neither jobs nor protected items"),
        ('[{"properties": {"scenarioName": "UnplannedFailover", "state": "Succeeded"}}]', "no job in it has a start"),
        (
            '[{"properties": {"scenarioName": "CommitFailover", "state": "Succeeded", "targetObjectName": "a", '
            '"startTime": "2026-01-01T00:00:00Z", "tasks": [{"name": "VmCommit"}]}}]',
            "--architecture classic",
        ),
    ],
)
def test_a_file_that_teaches_nothing_is_refused_in_one_paragraph(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "jobs.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        learnt(tmp_path / "jobs.json")
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_jobs_of_mixed_architectures_leave_out_the_machines_that_do_not_tell(tmp_path: Path) -> None:
    data = json.loads(RECORDED.read_text("utf-8"))["value"][:6]
    planned = [_renamed(job, "PlannedFailover", "new") for job in data[3:4]]
    (tmp_path / "jobs.json").write_text(
        json.dumps([*data, *planned, _renamed(data[1], "CommitFailover", "dark")]), encoding="utf-8"
    )
    found = learnt(tmp_path / "jobs.json", least=1)
    assert any("mixed, and 1 show no failback" in note for note in found.notes)
    assert {key.split("/")[1] for key in found.file.durations} == {"classic", "modernised"}


def _renamed(job: dict[str, Any], name: str, machine: str) -> dict[str, Any]:
    return {"properties": job["properties"] | {"scenarioName": name, "targetObjectName": machine}}


def test_a_task_that_ends_before_it_begins_is_left_out_and_told(tmp_path: Path) -> None:
    data = json.loads(RECORDED.read_text("utf-8"))["value"]
    data[3]["properties"]["tasks"][0]["endTime"] = "2021-04-05T12:00:00Z"
    (tmp_path / "jobs.json").write_text(json.dumps(data), encoding="utf-8")
    found = learnt(tmp_path / "jobs.json", least=1)
    assert "before it begins" in found.notes[0]
    assert f"{HOME}VmUfoPrerequisitesCheck" not in found.file.durations


def test_jobs_are_read_in_any_unicode_and_counted_once(tmp_path: Path) -> None:
    data = json.loads(RECORDED.read_text("utf-8"))["value"]
    (tmp_path / "jobs.json").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "shell.json").write_text(json.dumps([*data, *data]), encoding="utf-16")
    once, twice = (learnt(tmp_path / name, least=1) for name in ("jobs.json", "shell.json"))
    assert (once.file, once.notes) == (twice.file, twice.notes)


def test_tasks_that_end_at_no_time_are_left_out_and_told(tmp_path: Path) -> None:
    data = json.loads(RECORDED.read_text("utf-8"))["value"]
    for row in data:
        for task in row["properties"].get("tasks", ()):
            task["endTime"] = "yesterday"
    (tmp_path / "jobs.json").write_text(json.dumps(data), encoding="utf-8")
    assert re.search(
        r"\d+ tasks of recorded-vm have no start or end that can be read",
        learnt(tmp_path / "jobs.json", least=1).notes[0],
    )


def test_jobs_and_tasks_that_teach_nothing_are_counted_by_kind(tmp_path: Path) -> None:
    data = json.loads(RECORDED.read_text("utf-8"))["value"]
    failed = {"properties": {**data[0]["properties"], "state": "Failed", "startTime": "2026-06-01T00:00:00Z"}}
    foreign = {"properties": {"scenarioName": "AddVmwareReplicationVault", "state": "Succeeded"}}
    own = next(row for row in data if row["properties"].get("tasks"))["properties"]
    own["tasks"] = [*own["tasks"], {**own["tasks"][0], "name": "BrewCoffeeTask"}]
    (tmp_path / "jobs.json").write_text(json.dumps([*data, failed, foreign]), encoding="utf-8")
    notes = "\n".join(learnt(tmp_path / "jobs.json", least=1).notes)
    assert re.search(r"1 AddVmwareReplicationVault\) are no leg of a machine; they are left out", notes)
    assert "1 jobs (1 Failed) did not succeed; they are left out." in notes
    assert re.search(r"tasks that no leg has here are left out: .*BrewCoffeeTask \(1\)", notes)


def test_each_number_of_the_table_has_its_unit(
    small: Path, drills: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = CalibrationRequest(tuple(drills), on=date(2026, 6, 5), estate=str(small))
    run_calibrate(request, tmp_path / "calibration.yaml", as_json=False)
    rows = [line.split("│")[1:-1] for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    units = {row[0].strip(): row[4].strip() for row in rows}
    assert units["site/scan_mib_per_s"] == "MiB/s"
    assert {unit for key, unit in units.items() if not key.startswith("site/")} == {"s"}
