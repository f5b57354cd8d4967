"""Every person whom a step, box or sheet names has a row in the table of people."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from failback.reprotect import PERSONS, STEPS
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.on_site import all_acts
from failback.scenarios.runbooks.people import lead_and_owners, people
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.runbooks.sheets import write_runbook_workbook

STORIES = ["one_vm", "first_drill", "first_drill_modernised", "seed_ahead"]
PERSON = re.compile(r"\b(?!local |its |an |as |the )([A-Za-z]+(?: network)?) (administrator|team)\b(?! of)")


def with_a_lost_datastore() -> Scenario:
    scenario = load_scenario(resolve("first_drill_modernised"))
    hosts = {name: replace(host, datastores=()) for name, host in scenario.estate.hosts.items()}
    shop = Application("shop", tuple(scenario.estate.virtual_machines), owner="Ann", phone="+49 1")
    return replace(scenario, estate=replace(scenario.estate, hosts=hosts), applications=(shop,))


@pytest.mark.parametrize("story", [*STORIES, "a lost datastore"])
def test_every_person_named_in_the_runbook_has_a_row(story: str) -> None:
    scenario = with_a_lost_datastore() if story == "a lost datastore" else load_scenario(resolve(story))
    found = runbook(scenario, 1)
    page = texts(found)["runbook.md"]
    roles = " ".join(row.role for row in (*lead_and_owners(found), *people(found)))
    rest = page.partition("## People")[0] + page.partition("## People")[2].partition("\n## ")[2]
    named = {role for role in PERSONS if re.search(rf"\b{role}\b", rest)}
    assert named <= {role for role in PERSONS if role in roles}
    for act in all_acts(found):
        assert act.machine in roles, act.who


def test_who_gives_a_datastore_has_a_row() -> None:
    roles = [row.role for row in people(runbook(with_a_lost_datastore(), 1))]
    assert any(role.startswith("storage administrator") for role in roles)


def test_no_text_names_a_person_whom_the_table_does_not_know() -> None:
    for rule, steps in STEPS.items():
        for found in PERSON.finditer(" ".join(steps)):
            assert found[0] in PERSONS, f"{rule}: {found[0]}"


def test_the_administrators_of_an_applications_machines_have_a_row_with_their_names() -> None:
    scenario = with_a_lost_datastore()
    machines = {name: replace(vm, static_ip=True) for name, vm in scenario.estate.virtual_machines.items()}
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)), 1)
    rows = [row for row in people(found) if row.role.startswith("administrator of ")]
    assert rows
    for name in machines:
        assert any(name in row.role for row in rows)
    assert all("owner of application shop: Ann" in row.acts_on for row in rows)


def test_the_workbook_has_the_same_people(tmp_path: Path) -> None:
    found = runbook(with_a_lost_datastore(), 1)
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    rows = list(load_workbook(tmp_path / "runbook.xlsx")["people"].iter_rows(values_only=True))
    assert len(rows) == 1 + len([*lead_and_owners(found), *people(found)])
