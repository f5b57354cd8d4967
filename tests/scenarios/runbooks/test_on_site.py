"""What a machine needs on site has a box between its failback and its commit, with who does it and the values."""

import csv
import io
import re
from dataclasses import replace
from typing import Any, Final

import pytest

from failback.reprotect import PERSONS, REQUIREMENTS, UNKNOWN, Adapter, Disk, Operation, OsFamily, roles_of
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.night_plan import night_plan
from failback.scenarios.runbooks.on_site import all_acts, how_to
from failback.scenarios.runbooks.people import people
from failback.scenarios.runbooks.rows import ON_SITE_STEP
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.text.spreadsheet_cells import BOM

LATER: Final = {row.id for row in REQUIREMENTS if row.after_reprotect}


def scenario_with(story: str = "one_modernised_vm", **facts: Any) -> Scenario:
    scenario = load_scenario(resolve(story))
    machines = {name: replace(vm, **facts) for name, vm in scenario.estate.virtual_machines.items()}
    owned = Application("shop", tuple(machines), owner="Ann")
    estate = replace(scenario.estate, virtual_machines=machines)
    return replace(scenario, estate=estate, applications=(owned,))


ROLES: Final = ("VMware administrator", "administrator of app-01", "network team")
STATIC: Final[dict[str, Any]] = {"static_ip": True, "adapters": (Adapter(network="prod", addresses=("10.0.0.4",)),)}


def test_the_address_and_its_record_have_boxes_between_failback_and_commit_and_no_other() -> None:
    files = texts(runbook(scenario_with(**STATIC), 1))
    for name, box in (("runbook.md", "| [ ] | app-01 |"), ("runbook.html", '<td class="name number">A07</td>')):
        page = files[name]
        assert page.count(box) == 2 + (name == "runbook.md"), "and Markdown has one in the table of the network team"
        failback, commit = page.rindex(": Failback"), page.rindex(": Commit failback")
        at = page.index(box, failback)
        assert failback < at < commit
        line = page[at : page.index("\n", at)]
        assert "10.0.0.4 in prod" in line
        assert "administrator of app-01" in line
        assert box not in page.rpartition("After the return")[2]
        assert page.index("etwork team") < failback
        ready = f"A07 10.0.0.4 in prod, {', then '.join(ROLES)}"
        assert ready in page.partition("Commit failback")[2], "for the owner"


def test_the_table_of_all_waves_has_it_with_times_and_person_between_failback_and_commit() -> None:
    found = runbook(scenario_with(**STATIC), 1)
    rows = {row.leg: row for row in night_plan(found)}
    act, record = rows["on site: A07"], rows["on site: A07 DNS record"]
    failback, commit = rows["Failback"], rows["Commit failback"]
    assert list(rows).index("Failback") < list(rows).index(act.leg) < list(rows).index("Commit failback")
    assert act.begins == record.begins == failback.ends
    assert act.ends == record.ends == commit.begins
    several, one = ([who for who, _ in row.call] for row in (act, record))
    assert several == [*ROLES[:-1], f"{ROLES[-1]} (numbers: see People)"]
    assert one == ["network team (number: see People)"]
    page = texts(found)["runbook.md"].partition("## All waves in chronological order")[2]
    assert f"| on site: A07 |  | app-01 |  | {act.call[0][0]}" in page.partition("\n## ")[0]


ISCSI: Final[dict[str, Any]] = {"disks": (Disk(30), Disk(60, iscsi=True))}


@pytest.mark.parametrize("facts", [STATIC, ISCSI, {"mounts_by_hand": True}, {"network_manager": False}])
@pytest.mark.parametrize("system", list(OsFamily))
def test_everybody_who_has_a_step_on_site_is_named_and_called_in_the_order_of_the_steps(
    facts: dict[str, Any], system: OsFamily
) -> None:
    found = runbook(scenario_with(os=system, **facts), 1)
    acts = all_acts(found)
    for how in how_to(found, acts):
        mine = [act for act in acts if act.rule.id == how.rule]
        steps = [step.partition(". ")[2] for step in how.steps]
        needed = {role for role in roles_of("the administrator", steps) if role != "the administrator"}
        assert needed <= {role for act in mine for role in act.roles}
        called = " ".join(who for row in night_plan(found) if how.rule in row.leg for who, _ in row.call)
        assert all(role in called for role in needed)
        assert all(any(role in row.role for row in people(found)) for role in needed & PERSONS.keys())
    for act in acts:
        assert all(role in act.who for role in act.roles)
        assert [*act.roles] == sorted(act.roles, key=act.who.index)


def test_the_sheet_has_it_in_the_order_of_time() -> None:
    found = runbook(scenario_with(**STATIC), 1)
    text = texts(found)["steps.csv"]
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    n, record = (n for n, row in enumerate(rows) if row["step"] == ON_SITE_STEP)
    assert (rows[n - 1]["leg"], record, rows[n + 2]["leg"]) == ("Failback", n + 1, "Commit failback")
    assert rows[n]["planned begin"] == rows[record]["planned begin"] == rows[n - 1]["planned end"]
    assert rows[n]["planned end"] == rows[record]["planned end"] == rows[n + 2]["planned begin"]
    assert (rows[record]["who"], "DNS record" in rows[record]["leg"]) == ("network team", True)
    assert (rows[n]["values to enter"], rows[n]["who"]) == ("10.0.0.4 in prod", all_acts(found)[0].who)
    assert "10.0.0.4" in rows[n]["proof"]


def test_what_can_wait_stands_after_the_return_alone() -> None:
    found = runbook(scenario_with(static_ip=False, os=OsFamily.WINDOWS, tools=None), 1)
    assert not all_acts(found)
    after = texts(found)["runbook.md"].partition("## After the return")[2]
    assert "- [ ] **G02**" in after
    assert "it has no VMware Tools" in texts(found)["runbook.md"].partition(": Failback")[2], "where it matters"


def test_what_nobody_knows_is_not_lost() -> None:
    found = runbook(scenario_with(static_ip=UNKNOWN, os=OsFamily.LINUX, mounts_by_hand=UNKNOWN), 1)
    act, record = all_acts(found)
    assert (act.rule.id, act.only_if, record.of_record) == ("A07", "only if its address was static: nobody told", True)
    page = texts(found)["runbook.md"].partition("on site, after the Failback")[2]
    assert "only if its address was static" in page
    assert re.search(r"\[ \] \*\*G11\*\* .*asked under \*Before the return\* whether app-01 needs it", page)


@pytest.mark.parametrize("story", ["one_vm", "one_modernised_vm"])
def test_what_begins_with_the_reprotect_is_not_called_met_before_it(story: str) -> None:
    found = runbook(load_scenario(resolve(story)), 1)
    (back,) = (one for one in found.sections if one.operation is Operation.FAILBACK)
    asked = {rule.id for rule in back.rules} & LATER
    assert {"F01", "B11"} <= asked
    assert not {rule.id for rule in back.met} & LATER


HOME: Final[dict[str, Any]] = {**STATIC, "dns_name": "app-01.site.example"}


def test_no_record_points_to_the_site_before_its_machine_is_there() -> None:
    found = runbook(scenario_with(**HOME), 1)
    for page in (texts(found)["runbook.md"], texts(found)["runbook.html"]):
        before, _, after = page.partition("on site, after the Failback")
        orders = re.findall(r"[^.;|<>]*\b(?:makes?|sets?)\b[^.;|<>]*DNS record[^.;|<>]*", before)
        assert not orders, "its name would be dead while the machine runs in Azure"
        assert "TTL" in before
        assert "DNS record set to the address at home" in after
        assert "puts its DNS record to its address in Azure" in before, "the undo of the Failback"
        assert "puts its DNS record to the address of the new machine in Azure" in after, "the undo of the Commit"
    record = next(act for act in all_acts(found) if act.of_record)
    assert (record.who, record.values) == ("network team", "app-01.site.example = 10.0.0.4")
    assert "no file tells the address in Azure" in record.what
    assert record.proof == "nslookup app-01.site.example on another machine shows 10.0.0.4"


def test_a_record_that_is_right_in_azure_too_is_not_touched() -> None:
    scenario = scenario_with(**HOME)
    (vm,) = scenario.estate.virtual_machines.values()
    for kept in (replace(vm, azure=replace(vm.azure, addresses=("10.0.0.4",))), replace(vm, retains_ip=True)):
        estate = replace(scenario.estate, virtual_machines={vm.name: kept})
        assert [act.of_record for act in all_acts(runbook(replace(scenario, estate=estate), 1))] == [False]


def test_machines_that_do_not_come_home_get_no_order_about_dns_and_are_counted() -> None:
    scenario = scenario_with("first_drill_modernised", static_ip=True)
    machines = dict(scenario.estate.virtual_machines)
    machines["sql-01"] = replace(machines["sql-01"], target="hyper-v", dns_name="sql-01.site.example")
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)), 1)
    assert found.downs
    for page in (texts(found)["runbook.md"], texts(found)["runbook.html"]):
        assert "Left out, because it does not come home in this plan: 1 machine." in page
        assert "sql-01.site.example" not in page


@pytest.mark.parametrize("rule", ["G11", "G12"])
def test_work_that_may_be_needed_is_asked_before_the_return_and_its_box_has_a_yes_and_a_no(rule: str) -> None:
    facts: dict[str, Any] = {"mounts_by_hand": UNKNOWN, "network_manager": UNKNOWN}
    files = texts(runbook(scenario_with(os=OsFamily.LINUX, **facts), 1))
    for name in ("runbook.md", "runbook.html"):
        before, _, rest = files[name].partition("Before the return")[2].partition("People")
        question = before[before.index(f"{rule}") :]
        assert "To find out" in before
        assert "As `" in question or "as `" in question or "<code>" in question or "write" in question
        box = rest[rest.index("between Failback") if "between Failback" in rest else rest.index("on site, after the") :]
        assert "failback check" not in box[: box.index("How ")]
        assert f"do the steps of {rule} on that machine" in box
        assert "there is nothing to do" in box
        assert re.search(rf"How (\*\*)?{rule}(\*\*)? is done", box)
    rows = csv.DictReader(io.StringIO(files["steps.csv"].removeprefix(BOM)))
    assert any(row["step"] == ON_SITE_STEP and row["leg"].startswith(rule) for row in rows)


@pytest.mark.parametrize(("rule", "fact"), [("G11", "mounts_by_hand"), ("G12", "network_manager")])
def test_true_is_the_answer_that_means_work(rule: str, fact: str) -> None:
    told: dict[bool, dict[str, Any]] = {answer: {"os": OsFamily.LINUX, fact: answer} for answer in (True, False)}
    needs = {answer: runbook(scenario_with(**facts), 1) for answer, facts in told.items()}
    assert rule in {act.rule.id for act in all_acts(needs[True])}
    assert rule not in {act.rule.id for act in all_acts(needs[False])}


def test_files_from_the_backup_are_fetched_before_the_return_and_not_in_the_downtime() -> None:
    for facts in ({"mounts_by_hand": True}, {"mounts_by_hand": UNKNOWN}):
        page = texts(runbook(scenario_with(static_ip=False, os=OsFamily.LINUX, **facts), 1))["runbook.md"]
        before, night = page.split("## People", 1)
        assert "**G11** is prepared, for each machine with a yes" in before
        assert "in the backup software" in before
        assert "in the backup software" not in night
        assert "/etc/before-failover" in night


def test_a_package_is_installed_once_the_machine_has_its_address() -> None:
    facts = {**STATIC, "os": OsFamily.LINUX, "network_manager": UNKNOWN}
    for name in ("runbook.md", "runbook.html"):
        page = texts(runbook(scenario_with(**facts), 1))[name]
        part = page[page.index("on site, after the Failback and before the owner") :]
        assert part.index("10.0.0.4 in prod") < part.index("do the steps of G12")
        assert part.index("nmcli con mod") < part.index("once its address is set: sign in to")
