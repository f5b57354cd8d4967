"""After the return, nobody is given a box for a machine that does not come home in this plan."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from failback.reprotect import OsFamily
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.runbook import Runbook, runbook

TWINS: Final[Mapping[str, Mapping[str, Any]]] = {
    name: {"bios_uuid": "42130005-9aab-4a05-9b05-00000007fd7d"} for name in ("web-01", "sql-01")
}


def found_with(changes: Mapping[str, Mapping[str, Any]], story: str = "first_drill_modernised") -> Runbook:
    scenario = load_scenario(resolve(story))
    machines = dict(scenario.estate.virtual_machines)
    machines |= {name: replace(machines[name], **facts) for name, facts in changes.items()}
    estate = replace(scenario.estate, virtual_machines=machines)
    owned = tuple(Application(f"of-{name}", (name,), owner=f"Ann {name}") for name in machines)
    plan = replace(scenario.plan, recovery_plans=())
    return runbook(replace(scenario, estate=estate, applications=owned, plan=plan), 1)


def after(found: Runbook, name: str = "runbook.md") -> str:
    text = texts(found)[name]
    start = "## After the return" if name.endswith(".md") else "<h2>After the return</h2>"
    end = "## For the owners" if name.endswith(".md") else "</section>"
    return text.partition(start)[2].partition(end)[0]


def test_steps_on_a_machine_that_stays_in_azure_have_no_box_and_one_line_that_names_it() -> None:
    stays = found_with({**TWINS, "sql-01": {**TWINS["sql-01"], "target": "hyper-v"}})
    for name, box in (("runbook.md", "[ ]"), ("runbook.html", "&#9744;")):
        part = after(stays, name)
        (line,) = (line for line in part.splitlines() if "R11" in line)
        assert "not in this plan, since sql-01 (R15) stays in Azure" in line
        assert box not in line
        assert "Disable replication" not in part
        assert "Disable replication" in after(found_with(TWINS), name)


def test_work_that_waits_for_the_commit_is_told_of_committed_machines_alone() -> None:
    facts = {"os": OsFamily.WINDOWS, "tools": None}
    stays = after(found_with({"web-01": facts, "sql-01": {**facts, "target": "hyper-v"}}))
    box, left = (line for line in stays.splitlines() if "**G02**" in line)
    assert re.match(r"- \[ \] .*web-01", box)
    assert "sql-01" not in box
    assert "for sql-01: not in this plan" in left


def test_the_boxes_before_the_return_are_of_the_machines_that_come_home() -> None:
    page = texts(found_with({"sql-01": {"target": "hyper-v"}}))["runbook.md"]
    part = page.partition("## Before the return")[2].partition("\n## ")[0]
    assert "Of those that stay in Azure (sql-01), only what blocks them is here" in part
    boxes = [line for line in part.splitlines() if line.startswith("- [ ]")]
    assert [line for line in boxes if "sql-01" in line] == [line for line in boxes if "**R15**" in line]
    assert not [line for line in boxes if re.search(r"the other \d+ of this finding|all 12", line) and "R15" in line]


def test_the_administrator_of_a_machine_that_stays_is_not_needed_for_its_address() -> None:
    named = {}
    for target in ("vmware", "hyper-v"):
        page = texts(found_with({"sql-01": {"static_ip": True, "target": target}}))["runbook.md"]
        named[target] = "administrator of sql-01" in page.partition("## People")[2].partition("\n## ")[0]
    assert named == {"vmware": True, "hyper-v": False}


def test_who_acts_is_told_of_the_steps_that_stand_there() -> None:
    page = texts(found_with(TWINS))["runbook.md"]
    for line in (line for line in page.splitlines() if line.startswith("- [ ] **R11**")):
        steps = set(re.findall(r"(?<![\w.])(\d+)\\?\. ", line))
        who = line.rpartition(" (")[2] if " for step" not in line else line[line.rindex("administrator (") :]
        named = {n for part in re.findall(r"for steps? ([\d, and]+)", who) for n in re.findall(r"\d+", part)}
        assert named <= steps
