"""Where an answer decides which steps are done, the step has the answers and the steps that each of them leaves out."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import load_workbook

from failback.reprotect import ANSWERS, LOST, NOTICES, REQUIREMENTS, STEPS, AzureVm, Phase
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import DoubtBecause, InDoubt, Mismatch, MismatchKind
from failback.scenarios.runbooks.answer_lines import BLANK
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.runbooks.sheets import write_runbook_workbook
from failback.scenarios.text.spreadsheet_cells import BOM

STAYS: Final = re.compile(r"start no Re-protect|stays in Azure|start no failback|nobody selects Commit|after a no,")
ELSEWHERE: Final = {"T08": "T04 blocks it then", "G05": "after the commit", "F09": "asks about another machine"}
"""Rules whose steps say so without an answer that decides the steps of the plan."""


def twice() -> Runbook:
    scenario = load_scenario(resolve("a_mate_stops_on_the_way"))
    machines = dict(scenario.estate.virtual_machines)
    machines["web-01"] = replace(machines["web-01"], powered_on=True, at=Phase.FAILOVER_COMMITTED)
    shop = Application("shop", tuple(machines), owner="Ann")
    plan = replace(scenario.plan, recovery_plans=())
    return runbook(
        replace(scenario, estate=replace(scenario.estate, virtual_machines=machines), applications=(shop,), plan=plan),
        1,
    )


def numbers(found: Runbook, item: str) -> str:
    *some, last = (str(one.number) for one in found.requests if item in one.items)
    return f"{', '.join(some)} and {last}"


def test_each_rule_that_blocks_nothing_and_can_leave_a_machine_in_azure_says_what_the_answers_mean() -> None:
    soft = [row.id for row in REQUIREMENTS if row.loses_data or all(point.stage in NOTICES for point in row.where)]
    deciding = {rule for rule in soft if STAYS.search(" ".join(STEPS[rule]))}
    assert deciding - ELSEWHERE.keys() == ANSWERS.keys()


def test_which_copy_counts_is_answered_at_the_step_and_by_no_tick(tmp_path: Path) -> None:
    found = twice()
    question = (
        "R32: ask the owner of application shop: Ann: which copy of the data counts? The copy in Azure: go on, "
        "once its steps for that are done. "
        f"The copy on site, or no answer: leave out steps {numbers(found, 'web-01')}, and hold steps "
    )
    files = texts(found)
    first = found.first_steps["web-01"]
    (asked,) = (line for line in files["runbook.md"].splitlines() if question in line)
    assert asked.startswith(f"- [ ] Before step {first}: {question}")
    assert asked.endswith(f"may fail back without web-01. Answer, by whom: {BLANK}")
    assert 'may fail back without web-01. <span class="person">Answer, by whom:' in files["runbook.html"]
    box = next(line for line in files["runbook.md"].splitlines() if line.startswith("- [ ] **R32** (does not block"))
    assert box.endswith(f"write it before step {first} too. Answer, by whom: {BLANK}")
    done = [line for line in files["runbook.md"].splitlines() if "if their boxes are ticked" in line]
    assert done
    assert not [line for line in done if "R32" in line]
    for page in ("runbook.md", "runbook.html"):
        assert f"no tick but the answer decides: see the question before step {first}" in files[page]
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    heads, *rows = load_workbook(tmp_path / "runbook.xlsx")["steps"].values
    sheet = [dict(zip(heads, map(str, row), strict=True)) for row in rows]
    for each in (sheet, list(csv.DictReader(io.StringIO(files["steps.csv"].removeprefix(BOM))))):
        row = next(row for row in each if row["step"] == str(first))
        assert question in row["question before"]
        assert "answer, by whom" in row


LOSES: Final[dict[str, dict[str, Any]]] = {
    "R05": {"snapshots": ("before patch day",)},
    "A12": {"snapshots_possible": False},
    "F05": {"azure": AzureVm(needed_after_return=True)},
}


@pytest.mark.parametrize("rule", list(LOST))
def test_what_a_leg_destroys_is_among_its_costs_and_asked_at_the_step(rule: str, tmp_path: Path) -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    machines = {name: replace(vm, **LOSES[rule]) for name, vm in scenario.estate.virtual_machines.items()}
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)), 1)
    files = texts(found)
    (name,) = machines
    number = next(one.number for one in found.requests if one.operation is ANSWERS[rule].leg)
    cost = f"{rule}: {name}: {LOST[rule]}."
    assert f"What it costs: **{cost}**" in files["runbook.md"]
    assert f'<dt>what it costs</dt><dd><b class="stopped">{cost}</b>' in files["runbook.html"]
    assert f"- [ ] Before step {number}: {rule}: ask the owner of {name}: " in files["runbook.md"]
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    sheet = "".join(str(row) for row in load_workbook(tmp_path / "runbook.xlsx")["steps"].values)
    for text in (files["runbook.html"], files["steps.csv"], sheet):
        assert f"{rule}: ask the owner of {name}: " in text


@pytest.mark.parametrize("why", list(DoubtBecause))
def test_the_doubt_about_a_machine_has_its_answers_at_its_first_step(why: DoubtBecause) -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    (name,) = scenario.estate.virtual_machines
    kind = MismatchKind.DIFFERS if why is DoubtBecause.DIFFERS else MismatchKind.NOT_IN_VCENTER
    what = "another firmware in the vault than in vCenter; that of vCenter was taken"
    said = Mismatch(what, (f"{name} (vault: bios, vCenter: efi)",), kind, (name,))
    found = runbook(replace(scenario, in_doubt=(InDoubt(why, (name,)),), mismatches=(said,)), 1)
    page = texts(found)["runbook.md"]
    (line,) = (line for line in page.splitlines() if line.startswith("- [ ] Before step 1: identity:"))
    assert f"not settled: leave out steps {numbers(found, name)}" in line
    assert line.endswith(f"Answer, by whom: {BLANK}")
    assert "go on" in line
    assert ("BIOS in both: with" in line) == (why is DoubtBecause.DIFFERS)
