"""What people read at night: whom it calls, who does a step, what is said once, and what to do when a job fails."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from failback.reprotect import UNKNOWN, Operation
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import DoubtBecause, InDoubt, Scenario
from failback.scenarios.outcomes.night_calls import NIGHT_WORDS
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.leg_guide import GUIDE
from failback.scenarios.runbooks.night_calls import calls_of
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.runbooks.sheets import write_runbook_workbook
from failback.scenarios.text.spreadsheet_cells import BOM

PAGES = ("runbook.html", "runbook.md")


def owned(at: datetime) -> Scenario:
    scenario = load_scenario(resolve("one_modernised_vm"))
    shop = Application("shop", tuple(scenario.estate.virtual_machines), owner="Ann")
    return replace(scenario, applications=(shop,), starts_at=at)


@pytest.mark.parametrize(("hour", "called"), [(23, True), (10, False)])
def test_an_owner_who_is_called_at_night_is_named_beside_the_people(hour: int, called: bool, tmp_path: Path) -> None:
    found = runbook(owned(datetime(2026, 6, 12, hour, tzinfo=UTC)), 1)
    files = texts(found)
    for name in PAGES:
        assert (f"Owners called between {NIGHT_WORDS}" in files[name]) == called
        assert ("shop (Ann) " in files[name]) == called
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    heads, row = load_workbook(tmp_path / "runbook.xlsx")["applications"].iter_rows(values_only=True, max_row=2)
    cell = dict(zip(heads, row, strict=True))["called at night"]
    assert bool(cell) == called


def three_owners(snapshots: tuple[str, ...] = ()) -> Scenario:
    scenario = load_scenario(resolve("first_drill_modernised"))
    machines = scenario.estate.virtual_machines
    first, second, *rest = machines
    made = (
        Application("shop", (first,), owner="Ann", phone="+49 1"),
        Application("wiki", (second,), owner="Bob"),
        Application("mail", tuple(rest), phone="+49 3"),
    )
    kept = {**machines, second: replace(machines[second], snapshots=snapshots)}
    estate = replace(scenario.estate, virtual_machines=kept)
    return replace(scenario, estate=estate, applications=made, starts_at=datetime(2026, 6, 12, 23, tzinfo=UTC))


CALL = re.compile(r"(\w+) \(\w+ (\d\d:\d\d)(?:, only if an answer is missing)?\)")


@pytest.mark.parametrize("snapshots", [(), ("before",)])
def test_the_list_of_night_calls_and_the_calls_of_the_waves_are_the_same(snapshots: tuple[str, ...]) -> None:
    found = runbook(three_owners(snapshots), 3)
    page = texts(found)["runbook.md"]
    (line,) = re.findall(rf"Owners called between {NIGHT_WORDS}: (.*)\.", page)
    listed = {(one.split(" ")[0], at) for one in line.split("; ") for at in re.findall(r"\d\d:\d\d", one)}
    waves = page.partition("\n## Just before the first step")[2].partition("\n## After the return")[0]
    plan = page.partition("## All waves in chronological order")[2].partition("\n## ")[0]
    for text in (waves, plan):
        called = set(CALL.findall(text))
        assert called
        assert {call for call in called if not "06:00" <= call[1] < "22:00"} == listed


@pytest.mark.parametrize("snapshots", [(), ("before",)])
def test_a_leg_without_downtime_calls_nobody_but_for_an_answer(snapshots: tuple[str, ...]) -> None:
    found = runbook(three_owners(snapshots), 1)
    quiet = [
        one
        for one in found.sections
        if one.operation in {Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE}
    ]
    calls = [call for one in quiet for call in calls_of(found, one)]
    assert [(call.application.name, call.operation) for call in calls] == [
        ("wiki", Operation.REPROTECT_TO_ON_PREMISES) for _ in snapshots
    ]
    others = [one for one in found.sections if one not in quiet]
    assert {call.application.name for one in others for call in calls_of(found, one)} == {"shop", "wiki", "mail"}


def test_each_step_of_the_sheet_says_who_does_it() -> None:
    text = texts(runbook(load_scenario(resolve("first_drill_modernised")), 1))["steps.csv"]
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    assert rows
    assert all(row["who"] for row in rows)


def test_the_pages_say_what_to_do_when_a_job_fails_and_what_is_never_done_twice() -> None:
    files = texts(runbook(load_scenario(resolve("one_modernised_vm")), 1))
    for name in PAGES:
        part = files[name].partition("If a job fails or is late")[2].partition("All waves")[0]
        assert "Never repeat a request before its state is read again" in part
        assert "The lead of the return decides" in part


_TABLES = re.compile(r"<thead>.*?</thead>|^\|.*\n\| ---", re.MULTILINE)
_HEADS = re.compile(r"<th>(.*?)</th>|(?<=\| )([^|\n]+?)(?= \|)")
_HEADINGS = re.compile(r"<h[23]>(.*?)</h[23]>|^#{2,3} (.*)$", re.MULTILINE)
_NAMED = re.compile(r"\bunder (?:\"|&#34;|<i>|\*)([^\"&<*]+)(?:\"|&#34;|</i>|\*)")


def found_by(pattern: re.Pattern[str], page: str) -> list[str]:
    return ["".join(filter(None, match.groups())) for match in pattern.finditer(page)]


def heads_of_the_table_with(column: str, page: str) -> str:
    tables = ("; ".join(found_by(_HEADS, table)) for table in _TABLES.findall(page))
    return next(heads for heads in tables if column in heads)


@pytest.mark.parametrize("name", PAGES)
def test_the_text_names_columns_and_headings_that_the_page_has(name: str) -> None:
    page = texts(runbook(load_scenario(resolve("first_drill")), 1))[name]
    told = [*found_by(_HEADINGS, page), *(head for table in _TABLES.findall(page) for head in found_by(_HEADS, table))]
    named = {match[1] for match in _NAMED.finditer(page)}
    assert named
    assert {each for each in named if not any(each in one for one in told)} == set()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("thing", "beside"), [("leg", "go or no-go"), ("step", "planned begin")])
def test_the_time_after_which_something_is_late_stands_in_its_own_table(name: str, thing: str, beside: str) -> None:
    page = texts(runbook(load_scenario(resolve("first_drill")), 1))[name]
    (line,) = (line for line in page.splitlines() if "late when it runs past" in line)
    named = re.search(rf"\b{thing} (?:is late )?when.*?{_NAMED.pattern}", line)
    assert named, line
    assert named[1] in heads_of_the_table_with(beside, page)


def test_a_machine_in_doubt_has_its_stop_at_its_first_step_alone() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    (name,) = scenario.estate.virtual_machines
    found = runbook(replace(scenario, in_doubt=(InDoubt(DoubtBecause.DIFFERS, (name,)),)), 1)
    text = texts(found)["steps.csv"]
    opens = [
        row["open findings"] for row in csv.DictReader(io.StringIO(text.removeprefix(BOM))) if row["step"].isdigit()
    ]
    assert "STOP" in opens[0]
    assert len(opens) > 2
    assert not any("STOP" in each for each in opens[1:])
    assert all(f"see step {found.requests[0].number}" in each for each in opens[1:])


def test_to_undo_the_reprotect_to_azure_is_not_told_without_its_price() -> None:
    for (_, operation), guide in GUIDE.items():
        if "Disable replication" in guide.undo and operation is Operation.REPROTECT_TO_AZURE:
            assert "full initial replication" in guide.undo


def test_a_wave_of_which_nothing_happens_is_one_paragraph_without_boxes() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    gone = {name: replace(vm, target="hyper-v") for name, vm in scenario.estate.virtual_machines.items()}
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=gone)), 1)
    assert not any(section.happening for section in found.sections)
    page = texts(found)["runbook.md"]
    part = page.partition("## What does not happen as planned")[2].partition("\n## ")[0]
    assert part.count("nothing of it happens as planned") == 1
    assert "[ ]" not in part
    assert not re.search(r"^## Wave.*: ", page, re.MULTILINE)


def test_an_inferred_cache_account_is_marked_and_one_of_the_plan_is_not() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    machines = {n: replace(vm, log_storage_account="cache") for n, vm in scenario.estate.virtual_machines.items()}
    boxes = {n: replace(box, log_storage_accounts=UNKNOWN) for n, box in scenario.estate.appliances.items()}
    bare = replace(scenario, estate=replace(scenario.estate, virtual_machines=machines, appliances=boxes))
    told = replace(bare, plan=replace(bare.plan, choices=replace(bare.plan.choices, log_storage_account="cache")))
    for name in (*PAGES, "steps.csv"):
        assert "cache (inferred)" in texts(runbook(bare, 1))[name]
        assert "cache (inferred)" not in texts(runbook(told, 1))[name]
