"""What stands before a step and beside it: the steps and persons of the check, and the open findings of the machine."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from failback.reprotect import UNKNOWN, OsFamily, Phase
from failback.scenarios.checks.finding_words import what_to_do
from failback.scenarios.checks.told import told_causes
from failback.scenarios.files.applications import Application, owners_of
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Status, check_estate
from failback.scenarios.runbooks.causes import not_home, tasks
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.rows import ON_SITE_STEP
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.text.spreadsheet_cells import BOM

SHOP = Application("shop", ("sql-01", "web-01"), owner="Ann", phone="+49 1")


def changed(item: str, **changes: Any) -> Scenario:
    scenario = load_scenario(resolve("first_drill_modernised"))
    machines = scenario.estate.virtual_machines
    worse = {**machines, item: replace(machines[item], **changes)}
    plan = replace(scenario.plan, recovery_plans=())
    estate = replace(scenario.estate, virtual_machines=worse)
    return replace(scenario, plan=plan, estate=estate, applications=(SHOP,))


def without_numbers(steps: tuple[str, ...]) -> list[str]:
    return [step.partition(". ")[2] if len(steps) > 1 else step for step in steps]


def test_a_rule_before_a_step_has_the_steps_and_the_person_that_the_check_prints_for_this_object() -> None:
    scenario = changed("sql-01", snapshots=("before patch day",))
    report = replace(check_estate(scenario.estate, scenario.plan), owners=owners_of(scenario.applications))
    (wanted,) = (each for each in told_causes(report) if each.cause.rule == "R05")
    found = runbook(scenario, 1)
    (task,) = (task for task in tasks(found, Status.ADVICE) if task.rule == "R05")
    assert without_numbers(task.steps) == list(what_to_do(wanted))
    assert (task.who, task.careful) == (wanted.person, wanted.careful)
    for file in ("runbook.html", "runbook.md"):
        assert "owner of application shop: Ann" in texts(found)[file].partition("People")[0]


def test_a_machine_that_stops_has_the_steps_of_the_check_and_why_does_not_repeat_the_remedy() -> None:
    scenario = changed("sql-01", target="hyper-v")
    report = replace(check_estate(scenario.estate, scenario.plan), owners=owners_of(scenario.applications))
    (wanted,) = (each for each in told_causes(report) if each.cause.rule == "R15")
    (row,) = not_home(runbook(scenario, 1))
    assert without_numbers(row.steps) == list(what_to_do(wanted))
    assert row.who == wanted.person
    assert wanted.requirement.remedy not in row.why


def test_what_is_unknown_says_where_to_look_and_not_what_the_rule_asks_for() -> None:
    found = runbook(changed("sql-01", protection_disabled="unknown"), 1)
    for task in tasks(found, Status.UNKNOWN):
        assert task.steps
        assert not any("behind the key" in step for step in task.steps), "that stands above the table"
    assert "--fill" in texts(found)["runbook.html"]


def test_what_only_support_or_other_machines_answer_keeps_every_step() -> None:
    scenario = changed("pg-01", os=OsFamily.WINDOWS, memory_gib=UNKNOWN)
    machines = {
        name: vm if name == "pg-01" else replace(vm, memory_gib=8)
        for name, vm in scenario.estate.virtual_machines.items()
    }
    hosts = {name: replace(host, free_memory_gib=60) for name, host in scenario.estate.hosts.items()}
    estate = replace(scenario.estate, hosts=hosts, virtual_machines=machines)
    found = tasks(runbook(replace(scenario, estate=estate), 1), Status.UNKNOWN)
    (asked,) = (task.steps for task in found if task.rule == "R06")
    assert len(asked) == 3
    assert "does_not_hold" in asked[-1]
    (waits,) = (task.steps for task in found if task.rule == "8038" and task.machines == ("pg-02",))
    assert "pg-01" in waits[0]


def test_each_step_of_a_machine_with_an_open_finding_names_its_rule() -> None:
    """Also the steps on the way out of it, and those that a rule stops."""
    found = runbook(changed("web-01", snapshots=("before patch day",)), 1)
    files = texts(found)
    rows = list(csv.DictReader(io.StringIO(files["steps.csv"].removeprefix(BOM))))
    rows = [row for row in rows if row["step"] != ON_SITE_STEP]
    assert {row["open findings"] for row in rows if row["machines"] == "web-01"} == {"R05"}
    assert all("R05" not in row["open findings"] for row in rows if row["machines"] != "web-01")
    assert files["runbook.html"].count('<div class="open">open: R05</div>') == 4
    assert files["runbook.md"].count("| web-01 (open: R05) |") == 4
    stopped = list(csv.DictReader(io.StringIO(texts(runbook(changed("sql-01", target="hyper-v"), 1))["steps.csv"])))
    assert {row["open findings"] for row in stopped if row["machines"] == "sql-01"} == {"R15"}


def test_a_machine_that_runs_twice_has_a_stop_beside_each_of_its_steps() -> None:
    """The reprotect overwrites what was written on site: a tick box alone would be passed over."""
    found = runbook(changed("web-01", powered_on=True, at=Phase.FAILOVER_COMMITTED), 1)
    (rule,) = (each for each in found.open_findings["web-01"] if each.startswith("R32"))
    assert rule == "R32 (STOP: data would be lost, see this finding first)"
    assert f'<div class="open">open: {rule}</div>' in texts(found)["runbook.html"]


def test_a_finding_about_an_appliance_is_not_beside_every_step_of_all_its_machines() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    small = {name: replace(box, cores=2) for name, box in scenario.estate.appliances.items()}
    found = runbook(replace(scenario, estate=replace(scenario.estate, appliances=small)), 1)
    assert "A14" in {task.rule for task in tasks(found, Status.ADVICE)}
    assert not any("A14" in rules for rules in found.open_findings.values())


def test_answers_are_written_into_the_file_that_has_the_facts(tmp_path: Path) -> None:
    """A scenario that names its estate with `estate_file` refuses facts of the estate."""
    machine = {
        "name": "a",
        "os": "linux",
        "architecture": "modernised",
        "disks": [{"size_gib": 10}],
        "powered_on": "unknown",
    }
    estate = {"virtual_machines": [machine], "appliances": [{"name": "box"}], "link": {"bandwidth_mbit_per_s": 100}}
    (tmp_path / "estate.yaml").write_text(yaml.safe_dump(estate), "utf-8")
    apart, within = tmp_path / "home.yaml", tmp_path / "own.yaml"
    apart.write_text("name: home\nestate_file: estate.yaml\n", "utf-8")
    within.write_text(yaml.safe_dump({"name": "own", "estate": estate}), "utf-8")
    for file, facts in ((apart, str(tmp_path / "estate.yaml")), (within, str(within))):
        found = runbook(load_scenario(file), 1, str(file))
        assert {told.estate_file for told in found.told} == {facts}
        pages = texts(found)
        assert (
            f"Write each answer into <code>{facts}</code> (<code>failback check {file} --fill" in pages["runbook.html"]
        )
        assert f"into {facts} (`failback check {file} --fill OPEN.yaml`" in pages["runbook.md"].replace("\\", "")
