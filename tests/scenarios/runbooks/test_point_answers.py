"""The recovery point of a failback goes by the answer of each application's owner (A11), and no other owner's."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from failback.reprotect import Operation
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.owners_asked import owners_asked
from failback.scenarios.runbooks.point_answers import BY_ANSWER, point_answers
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.runbooks.sheets import write_runbook_workbook
from failback.scenarios.text.spreadsheet_cells import BOM

SHOP, CRM = ("web-01", "sql-01"), ("web-02",)
NO_ANSWER = "Latest, which loses the least of what was written in Azure"


def owned(story: str, apps: Mapping[str, Sequence[str]]) -> Runbook:
    scenario = load_scenario(resolve(story))
    owners = tuple(Application(name, tuple(machines), owner=f"Owner of {name}") for name, machines in apps.items())
    return runbook(replace(scenario, applications=owners), 1)


def lines(found: Runbook) -> dict[tuple[str, ...], str]:
    back = (section for section in found.sections if section.operation is Operation.FAILBACK)
    return {tuple(sorted(one.machines)): one.who for section in back for one in point_answers(found, section)}


def test_each_application_has_a_line_with_its_owner_and_a_place_for_the_answer(tmp_path: Path) -> None:
    found = owned("first_drill_modernised", {"shop": SHOP, "crm": CRM})
    by_line = lines(found)
    who = [by_line[names] for names in by_line if set(names) <= set(SHOP)]
    assert who
    assert all("Owner of shop" in one and "Owner of crm" not in one for one in who)
    assert by_line[CRM].count("Owner of") == 1
    files = texts(found)
    for name in ("runbook.md", "runbook.html"):
        assert BY_ANSWER in files[name]
        assert "Recovery point for every machine: Latest\n" not in files[name]
        assert NO_ANSWER in files[name]
        assert files[name].count("A11 for ") == len(by_line)
    rows = list(csv.DictReader(io.StringIO(files["steps.csv"].removeprefix(BOM))))
    mine = [row for row in rows if "Recovery point: " in row["values to enter"]]
    assert mine
    assert all(BY_ANSWER in row["values to enter"] and "A11, for " in row["question before"] for row in mine)
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    cells = [str(cell) for row in load_workbook(tmp_path / "runbook.xlsx")["steps"].values for cell in row]
    assert any("A11, for " in cell for cell in cells)


def test_machines_of_one_replication_group_have_one_line_with_all_of_their_owners() -> None:
    scenario = load_scenario(resolve("modernised_replication_group"))
    names = tuple(scenario.estate.virtual_machines)
    found = owned("modernised_replication_group", {f"app{n}": (name,) for n, name in enumerate(names)})
    grouped = [n for n in names if scenario.estate.virtual_machines[n].replication_group]
    whole = lines(found)[tuple(sorted(grouped))]
    assert whole.count("Owner of") == len(grouped) > 1


@pytest.mark.parametrize("story", ["first_drill_modernised", "modernised_replication_group"])
def test_the_owners_sheet_says_the_same_of_no_answer(story: str) -> None:
    found = owned(story, {})
    asked = [one.text for each in owners_asked(found).values() for one in each if "A11" in one.rules]
    assert asked
    assert all(NO_ANSWER in text and "counts as a no" not in text for text in asked)
    assert "counts as a no" not in texts(found)["runbook.md"]
