"""Whatever a box or a STOP at a step wants from an owner, his sheet has asked before, with a place for the answer."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import load_workbook

from failback.reprotect import ASKED_AT_STEP, NOTICES, REQUIREMENTS, UNKNOWN, Phase, look_at_step
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.leg_rules import leg_rules
from failback.scenarios.runbooks.owner_questions import ASKED_FOR_SEVERAL
from failback.scenarios.runbooks.owners_asked import owners_asked
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.runbooks.sheets import write_runbook_workbook

OWNER: Final = "the owner of application "
UUID: Final = "42130005-9aab-4a05-9b05-00000007fd7d"
CASES: Final[Mapping[str, tuple[str, Mapping[str, Mapping[str, Any]], tuple[tuple[str, ...], ...]]]] = {
    "together": ("a_mate_stops_on_the_way", {}, (("db-01", "app-01", "app-02", "web-01"),)),
    "one stays": ("a_mate_stops_on_the_way", {"db-01": {"target": "hyper-v"}}, (("db-01", "app-01"), ("web-01",))),
    "twins": ("first_drill_modernised", {"web-01": {"bios_uuid": UUID}, "sql-01": {"bios_uuid": UUID}}, ()),
    "twice": ("a_mate_stops_on_the_way", {"web-01": {"powered_on": True, "at": Phase.FAILOVER_COMMITTED}}, ()),
    "group": ("modernised_replication_group", {}, ()),
    "classic": ("first_drill", {}, ()),
}


def owned(case: str) -> Runbook:
    story, changes, groups = CASES[case]
    scenario = replace(load_scenario(resolve(story)), faults=())
    machines = dict(scenario.estate.virtual_machines)
    machines |= {name: replace(machines[name], **facts) for name, facts in changes.items()}
    served = {name for group in groups for name in group}
    groups = (*groups, *((name,) for name in machines if name not in served))
    owners = tuple(Application(f"app{n}", names, owner=f"Owner{n}") for n, names in enumerate(groups))
    plan = replace(scenario.plan, recovery_plans=()) if changes else scenario.plan
    estate = replace(scenario.estate, virtual_machines=machines)
    at = datetime(2026, 6, 12, 21, tzinfo=UTC)
    return runbook(replace(scenario, estate=estate, applications=owners, plan=plan, starts_at=at), 1)


def steps_and_sheets(found: Runbook) -> tuple[str, Mapping[str, str]]:
    page = texts(found)["runbook.md"]
    steps, _, sheets = page.partition("\n## For the owners")
    parts = re.split(r"^### (app\d+)$", sheets, flags=re.MULTILINE)
    return steps[steps.index("## For the network team") :], dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("case", list(CASES))
def test_each_question_at_a_step_is_on_the_sheet_of_the_owner_whom_it_asks(case: str, tmp_path: Path) -> None:
    found = owned(case)
    steps, sheets = steps_and_sheets(found)
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    rows = [[str(cell) for cell in row] for row in load_workbook(tmp_path / "runbook.xlsx")["questions"].values]
    asked = re.findall(rf"[Aa]sk ((?:{OWNER}[^?]*?; )*{OWNER}[^?:]*: [^?:]*): ([^?]*)\?", steps)
    for who, question in asked:
        for name in re.findall(rf"{OWNER}(\w+)", who):
            assert re.search(rf"{re.escape(question)}\?.* Answer:", sheets[name])
            assert any(row[0] == name and f"{question}?" in " ".join(row) for row in rows)
    assert asked or case in ("group", "classic")


@pytest.mark.parametrize("case", list(CASES))
def test_each_box_that_wants_the_word_of_owners_is_on_the_sheets_of_all_of_them(case: str) -> None:
    found = owned(case)
    sheets = owners_asked(found)
    for section, rules in zip(found.sections, leg_rules(found), strict=True):
        items = {item for request in section.happening for item in request.items}
        for box in (each for each in (*rules.boxes, *rules.after) if wants_a_word(each.rule.id)):
            asked = {n for asked in sheets.values() for one in asked if box.rule.id in one.rules for n in one.machines}
            assert items <= asked
    if case == "together":
        assert "A11" in [box.rule.id for rules in leg_rules(found) for box in rules.boxes]


def wants_a_word(rule: str) -> bool:
    return look_at_step(rule).startswith("an email or ticket from")


def test_each_rule_whose_box_wants_the_word_of_an_owner_says_what_he_is_asked() -> None:
    at_steps = [row.id for row in REQUIREMENTS if any(point.stage not in NOTICES for point in row.where)]
    assert set(ASKED_AT_STEP) == {rule for rule in at_steps if wants_a_word(rule)}


def test_a_machine_that_stays_in_azure_has_no_call_at_night(tmp_path: Path) -> None:
    found = owned("one stays")
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    heads, *rows = load_workbook(tmp_path / "runbook.xlsx")["applications"].values
    cells = [dict(zip(heads, row, strict=True)) for row in rows]
    called = {row["machine"]: row["called at night"] for row in cells}
    assert called["app-01"]
    assert not called["db-01"]


def test_the_word_of_an_owner_about_a_server_is_asked_too() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    machines = {n: replace(vm, manages_recovery=UNKNOWN) for n, vm in scenario.estate.virtual_machines.items()}
    shop = Application("shop", tuple(machines), owner="Ann")
    made = replace(scenario, estate=replace(scenario.estate, virtual_machines=machines), applications=(shop,))
    found = runbook(made, 1)
    boxes = {box.rule.id for rules in leg_rules(found) for box in rules.boxes if wants_a_word(box.rule.id)}
    ((_, asked),) = owners_asked(found).items()
    assert boxes <= {rule for one in asked for rule in one.rules}


def test_a_question_of_several_rules_is_called_by_what_it_asks_and_not_by_one_of_them() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    facts: dict[str, Any] = {"return_within_h": UNKNOWN}
    machines = {
        n: replace(vm, azure=replace(vm.azure, disks_unchanged=UNKNOWN), **facts)
        for n, vm in scenario.estate.virtual_machines.items()
    }
    shop = Application("shop", tuple(machines), owner="Ann")
    made = replace(scenario, estate=replace(scenario.estate, virtual_machines=machines), applications=(shop,))
    ((_, asked),) = owners_asked(runbook(made, 1)).items()
    several = [one for one in asked if len(one.rules) > 1]
    assert {one.about for one in several} == set(ASKED_FOR_SEVERAL.values())
    assert not {one.about for one in several} & {row.title for row in REQUIREMENTS}


def test_a_machine_that_stays_in_azure_has_no_times_to_which_its_owner_could_agree() -> None:
    found = owned("one stays")
    agreed = {n: replace(vm, downtime_agreed=UNKNOWN) for n, vm in found.scenario.estate.virtual_machines.items()}
    estate = replace(found.scenario.estate, virtual_machines=agreed)
    found = runbook(replace(found.scenario, estate=estate), 1)
    asked = {
        name for each in owners_asked(found).values() for one in each if "R34" in one.rules for name in one.machines
    }
    assert "db-01" in {stop.item for stop in found.stops}
    assert asked == set(found.downs)
