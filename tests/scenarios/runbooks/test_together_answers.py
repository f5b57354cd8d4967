"""Machines that fail back together: what each answer about one of them means for the steps of the others."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import load_workbook

from failback.reprotect import Architecture, Operation
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import DoubtBecause, InDoubt, Scenario
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.fewer_machines import keeping
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.runbooks.sheets import write_runbook_workbook
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.spreadsheet_cells import BOM

UUID: Final = "42130005-9aab-4a05-9b05-00000007fd7d"
ERP: Final = Application("erp", ("db-01", "app-01", "app-02", "web-01"), owner="Ann")
BACK, COMMIT = Operation.FAILBACK, Operation.COMMIT_FAILBACK
ON_SITE: Final = {
    Architecture.MODERNISED: "What is on site by then either goes back to Azure before its commit (Cancel failover; ",
    Architecture.CLASSIC: "What is on site by then cannot be cancelled: it stays there, and waits for its commit.",
}


def erp(facts: Mapping[str, Mapping[str, Any]] | None = None, doubt: str = "") -> Scenario:
    scenario = replace(load_scenario(resolve("a_mate_stops_on_the_way")), faults=(), applications=(ERP,))
    machines = dict(scenario.estate.virtual_machines)
    machines |= {name: replace(machines[name], **told) for name, told in (facts or {}).items()}
    in_doubt = (InDoubt(DoubtBecause.DIFFERS, (doubt,)),) if doubt else ()
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=machines), in_doubt=in_doubt)


def steps_of(found: Runbook, *legs: Operation) -> list[int]:
    return [one.number or 0 for one in found.requests if one.operation in legs]


def everywhere(found: Runbook, folder: Path) -> Mapping[str, str]:
    """Page, Markdown and both sheets."""
    files = dict(texts(found))
    write_runbook_workbook(found, folder / "runbook.xlsx")
    files["xlsx"] = "\n".join(str(row) for row in load_workbook(folder / "runbook.xlsx")["steps"].values)
    return files


def in_pilot(scenario: Scenario) -> Scenario:
    return keeping(scenario, ("db-01", "app-01"))


@pytest.mark.parametrize("of_pilot", [False, True])
def test_each_answer_about_the_others_has_its_steps(of_pilot: bool, tmp_path: Path) -> None:
    found = runbook(in_pilot(erp()) if of_pilot else erp(), 1)
    files = everywhere(found, tmp_path)
    (kind,) = {vm.architecture for vm in found.scenario.estate.virtual_machines.values()}
    for question, first in (("do the others fail back", BACK), ("are the others committed", COMMIT)):
        legs = [leg for leg in Operation if leg in (BACK, COMMIT, Operation.REPROTECT_TO_AZURE)]
        numbers = steps_of(found, *legs[legs.index(first) :])
        said = (
            f"{question} without it? Yes: of steps {listed(list(map(str, numbers)))}, leave out its own alone, and do "
            f"the others. No: leave out all of them that have not begun. {ON_SITE[kind]}"
        )
        for name in ("runbook.md", "runbook.html", "steps.csv", "xlsx"):
            assert said in files[name], name


def test_a_classic_machine_cannot_be_cancelled_and_one_beside_it_can() -> None:
    scenario = load_scenario(resolve("first_drill"))
    assert {vm.architecture for vm in scenario.estate.virtual_machines.values()} == {Architecture.CLASSIC}
    names = tuple(scenario.estate.virtual_machines)[:2]
    entry = replace(erp().plan.together[0], order=((names[0],), (names[1],)))
    plan = replace(scenario.plan, together=(entry,), recovery_plans=())
    page = texts(runbook(replace(scenario, plan=plan, faults=()), 1))["runbook.md"]
    assert page.count(ON_SITE[Architecture.CLASSIC]) == 2
    assert "Cancel failover; what was written" not in page


CASES: Final[Mapping[str, tuple[Scenario, str, Operation]]] = {
    "R11": (erp({"app-01": {"bios_uuid": UUID}, "web-01": {"bios_uuid": UUID.upper()}}), "app-01", COMMIT),
    "identity": (erp(doubt="app-01"), "app-01", BACK),
    "R15": (erp({"db-01": {"target": "hyper-v"}}), "app-01", BACK),
}


@pytest.mark.parametrize("case", list(CASES))
def test_who_leaves_a_machine_out_holds_those_that_go_with_it(case: str, tmp_path: Path) -> None:
    scenario, item, leg = CASES[case]
    found = runbook(scenario, 1)
    others = [one for one in found.requests if one.operation is leg and item not in one.items]
    steps = [str(one.number) for one in others]
    do = {BACK: "fail back", COMMIT: "be committed"}[leg]
    names = listed([name for one in others for name in one.items])
    held = f"and hold steps {' and '.join(filter(None, (', '.join(steps[:-1]), steps[-1])))} until the owner of "
    until = f"application erp: Ann has said whether {names} may {do} without {item}"
    for name, text in everywhere(found, tmp_path).items():
        if name in ("runbook.md", "runbook.html", "steps.csv", "xlsx"):
            assert held + until in text, name


def test_the_steps_of_the_others_say_which_answer_comes_first() -> None:
    """They may stand before the step that is asked about."""
    found = runbook(CASES["R11"][0], 1)
    asked = [one.number for one in found.requests if one.operation is COMMIT and set(one.items) & {"app-01", "web-01"}]
    first = f"First get the answers to what is asked before steps {asked[0]} and {asked[1]}."
    rows = csv.DictReader(io.StringIO(texts(found)["steps.csv"].removeprefix(BOM)))
    commits = [row["question before"] for row in rows if row["leg"] == "Commit failback"]
    assert commits
    assert all(first in row for row in commits if "commit none of these" in row)
    assert re.search(rf"commit none of these [^*]*{re.escape(first)} \*\*STOP:", texts(found)["runbook.md"])
