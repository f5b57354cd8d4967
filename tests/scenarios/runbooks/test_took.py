"""How long everything is predicted to take: each wave, machine, job and task, with the band."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import openpyxl
import pytest

from failback.reprotect import Operation, Wave
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.night_plan import wave_rows
from failback.scenarios.runbooks.planned_requests import HOMEWARD, PlannedTime, takes
from failback.scenarios.runbooks.rows import ON_SITE_STEP, TO_FILL, all_steps, down_words
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.runbooks.sheets import write_runbook_workbook
from failback.scenarios.runbooks.took import job_rows, machine_took_words, took_words
from failback.scenarios.text.plain_words import by_the_clock
from failback.scenarios.text.spreadsheet_cells import BOM
from failback.simulator import Duration
from failback.simulator.job_tasks import job_kind


def two_waves(name: str = "first_drill_modernised", runs: int = 3) -> Runbook:
    scenario = load_scenario(resolve(name))
    names = tuple(scenario.estate.virtual_machines)
    waves = (Wave("first", names[:4]), Wave("second", names[4:]))
    return runbook(replace(scenario, plan=replace(scenario.plan, waves=waves, recovery_plans=())), runs)


@pytest.mark.parametrize("name", ["one_vm", "first_drill", "first_drill_modernised"])
def test_each_columns_to_fill_in_stand_in_all_four_formats(name: str, tmp_path: Path) -> None:
    found = runbook(load_scenario(resolve(name)), 1)
    files = texts(found)
    heads = [line for line in files["runbook.md"].splitlines() if line.startswith("| step |")]
    assert len(heads) == len(found.sections)
    assert all(line.split("|")[-len(TO_FILL) - 1 : -1] == [f" {column} " for column in TO_FILL] for line in heads)
    assert files["runbook.html"].count("".join(f"<th>{column}</th>" for column in TO_FILL)) == len(found.sections)
    heads = next(csv.reader(io.StringIO(files["steps.csv"].removeprefix(BOM))))
    assert heads[-len(TO_FILL) :] == list(TO_FILL)
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    head = next(openpyxl.load_workbook(tmp_path / "runbook.xlsx")["steps"].iter_rows(values_only=True))
    assert head[-len(TO_FILL) :] == TO_FILL


def test_every_step_has_its_duration_with_a_band_and_the_tasks_of_its_job() -> None:
    found = two_waves()
    for step in all_steps(found):
        assert all(step.takes), step.subject
        assert step.took in texts(found)["runbook.md"]
    rows = list(csv.DictReader(io.StringIO(texts(found)["steps.csv"].removeprefix(BOM))))
    rows = [row for row in rows if row["step"] != ON_SITE_STEP]
    assert all(row["takes (predicted)"] and row["takes at least"] and row["takes at most"] for row in rows)
    for request, row in zip(found.requests, rows, strict=True):
        vm = found.scenario.estate.virtual_machines[request.items[0]]
        tasks = [task.friendly_name for task in job_kind(vm.architecture, request.operation).tasks]
        assert [task.partition(": ")[0] for task in row["tasks (predicted)"].split("; ")] == tasks
        assert request.takes
        assert request.takes.low_s <= request.takes.middle_s <= request.takes.high_s


def test_waves_and_machines_take_from_their_first_request_to_their_last_end(tmp_path: Path) -> None:
    found = two_waves()
    by_wave = {wave: took for wave, _, _, took in wave_rows(found)}
    assert list(by_wave) == ["first", "second"]
    whole = takes(found.times, (("web-01", leg) for leg in HOMEWARD[1:]))
    spans = [[run["web-01", leg] for leg in HOMEWARD[1:]] for run in found.times]
    assert whole
    assert whole.middle_s == median(max(done or 0.0 for _, done in span) - span[0][0] for span in spans)
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    book = openpyxl.load_workbook(tmp_path / "runbook.xlsx")
    assert [row[3].value for row in list(book["waves"].iter_rows())[1:]] == list(by_wave.values())
    pages = texts(found)
    for page in (pages["runbook.md"], pages["runbook.html"]):
        assert machine_took_words(found, "web-01") == took_words(whole)
        for words in (*by_wave.values(), took_words(whole), "predicted"):
            assert words in page


def test_each_task_has_the_duration_of_the_scenario_and_its_source() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    key = "task/modernised/commit_failback/VmCommit"
    known = Duration(fixed_s=600.0, source="measured here")
    found = runbook(replace(scenario, durations={**scenario.durations, key: known}), 1)
    rows = [row for row in job_rows(found) if row[3] == "Commit" and row[0] == "Commit failback"]
    assert rows == [("Commit failback", "modernised", "Commit", "Commit", "10 min", "measured here")]
    resyncs = [row for row in job_rows(found) if "resync" in row[3]]
    assert [row[0] for row in resyncs] == ["Reprotect to on-premises", "Reprotect to Azure"]
    for name in ("runbook.md", "runbook.html"):
        assert "measured here" in texts(found)[name]


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (None, ""),
        (PlannedTime(0.4, 0.2, 0.6), "less than 1 s"),
        (PlannedTime(90, 90, 90), "1 min"),
        (PlannedTime(7260, 7200, 7320), "2 h 1 min (2 h to 2 h 2 min)"),
    ],
)
def test_a_duration_in_words(time: PlannedTime | None, words: str) -> None:
    assert took_words(time) == words


def test_a_leg_that_no_run_gets_through_takes_no_time() -> None:
    leg = ("a", Operation.FAILBACK)
    assert takes([{leg: (1.0, None)}, {}], [leg]) is None
    assert takes([{leg: (1.0, None)}, {leg: (1.0, 5.0)}], [leg]) == PlannedTime(4.0, 4.0, 4.0)


def test_the_markdown_of_the_steps_is_a_table() -> None:
    lines = texts(two_waves())["runbook.md"].splitlines()
    for n, line in enumerate(lines):
        if line.startswith("| step |"):
            assert line.count("|") == lines[n + 1].count("|") == lines[n + 2].count("|")
            assert re.match(r"\| \d+ \|", lines[n + 2])


def minutes(told: str) -> int:
    """`2 h 1 min`."""
    hours, rest = re.fullmatch(r"(?:(\d+) h)? ?(?:(\d+) min)?", told).groups()  # type: ignore[union-attr]
    return 60 * int(hours or 0) + int(rest or 0)


def between(told: str) -> int:
    """Minutes from the first to the second time of a text, which are less than a day apart."""
    first, second = (60 * int(hour) + int(minute) for hour, minute in re.findall(r"(\d\d):(\d\d)", told)[:2])
    return (second - first) % (24 * 60)


def test_a_duration_beside_two_times_is_what_lies_between_them() -> None:
    assert by_the_clock(datetime(2026, 6, 12, 18, 0, 30, tzinfo=UTC), 29, 150) == 180, "18:00 to 18:03"
    assert by_the_clock(datetime(2026, 6, 12, 18, tzinfo=UTC), 10, 30) == 20, "within a minute"
    found = two_waves(runs=6)
    for step in all_steps(found):
        if "min" in step.takes[0] or "h" in step.takes[0]:
            assert minutes(step.takes[0]) == between(f"{step.begins} {step.ends}"), step
    for down in found.downs.values():
        told = down_words(found, down.planned)
        assert minutes(told.partition("(")[2].partition(";")[0]) == between(told)
    for _, _, span, took in wave_rows(found):
        assert minutes(took.partition(" (")[0]) == between(span)


def test_the_sheets_of_one_owner_share_paper_and_those_of_another_do_not() -> None:
    found = two_waves(runs=1)
    names = tuple(found.scenario.estate.virtual_machines)
    owners = ("Ann", "Bob", "Ann")
    parts = tuple(
        Application(f"app-{n}", (name,), owner=owner)
        for n, (name, owner) in enumerate(zip(names, owners, strict=False))
    )
    page = texts(replace(found, scenario=replace(found.scenario, applications=parts)))["runbook.html"]
    sheets = re.findall(r'<section class="(owner[^"]*)">\n<h2>For the owner of (app-\d)', page)
    assert sorted(kind for kind, _ in sheets) == ["owner", "owner", "owner again"]
    (again,) = (n for n, (kind, _) in enumerate(sheets) if kind == "owner again")
    assert {sheets[again - 1][1], sheets[again][1]} == {"app-0", "app-2"}
