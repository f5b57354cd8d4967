"""The runbook of machines that fail back together, and of one whose mate stays in Azure."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace

from failback.reprotect import Estate, Operation
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.runbooks.application_rows import application_rows
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.fewer_machines import keeping
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.runbooks.scripts import ScriptKind, scripts
from failback.scenarios.study.fewer_machines import with_machines

ERP = Application("erp", ("db-01", "app-01", "app-02", "web-01"), owner="Ann", phone="+49 30 1")
AWAY = {"target": "hyper-v"}


def erp(*applications: Application, **facts: Mapping[str, object]) -> Scenario:
    """The application, with facts of single machines."""
    scenario = replace(load_scenario(resolve("a_mate_stops_on_the_way")), faults=())
    machines = dict(scenario.estate.virtual_machines)
    for name, changed in facts.items():
        machines[name.replace("_", "-")] = replace(machines[name.replace("_", "-")], **changed)  # type: ignore[arg-type]
    estate: Estate = replace(scenario.estate, virtual_machines=machines)
    return replace(scenario, estate=estate, applications=applications or (ERP,))


def asked_for(found: Runbook, leg: Operation) -> list[str]:
    return [one.subject for one in found.requests if one.operation is leg]


def test_the_steps_are_in_the_order_of_the_plan_and_no_commit_is_before_the_last_failback() -> None:
    found = runbook(erp(), 3)
    failbacks = asked_for(found, Operation.FAILBACK)
    assert (failbacks[0], failbacks[-1]) == ("db-01", "web-01")
    assert set(failbacks[1:3]) == {"app-01", "app-02"}
    legs = [one.operation for one in found.requests]
    last = max(n for n, leg in enumerate(legs) if leg is Operation.FAILBACK)
    assert legs.index(Operation.COMMIT_FAILBACK) > last
    (text,) = (text for name, text in scripts(found, ScriptKind.AZ).items() if name.endswith(".csv"))
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["leg"] == "failback"]
    assert [row["machine"] for row in rows] == failbacks


def test_failback_and_commit_say_what_to_wait_for_and_whom_to_ask_when_one_stops() -> None:
    files = texts(runbook(erp(), 2))
    for name in ("runbook.md", "runbook.html"):
        page = files[name]
        assert "erp fails back together, in this order: db-01; then app-01, app-02; then web-01" in page
        assert "Begin none of these before the data of all of them is home" in page
        assert "erp: commit none of these before all of them are on site and checked" in page
        assert page.count("stop here and ask the owner of application erp: Ann, telephone +49 30 1") == 2


def test_an_application_that_fails_back_together_is_not_one_that_comes_home_in_parts() -> None:
    found = runbook(erp(), 2)
    assert [row.apart for row in application_rows(found)] == [""]
    alone = runbook(replace(erp(), plan=replace(erp().plan, together=())), 2)
    assert "fails back together, in" not in texts(alone)["runbook.md"]


def test_what_has_more_disks_than_slots_is_not_said_to_fail_back_together() -> None:
    whole = erp()
    vms = whole.estate.virtual_machines
    machines = {name: replace(vm, disks=(replace(vm.disks[0], size_gib=1),) * 20) for name, vm in vms.items()}
    large = replace(whole, estate=replace(whole.estate, virtual_machines=machines))
    assert "fails back together, in" not in texts(runbook(large, 1))["runbook.md"]


def test_before_a_failback_whose_mate_stays_in_azure_the_owner_is_asked() -> None:
    found = runbook(erp(db_01=AWAY), 2)
    page = texts(found)["runbook.md"].partition(": Failback")[2]
    (number, *_) = [one.number for one in found.requests if one.operation is Operation.FAILBACK]
    question = (
        "STOP: as planned, db-01 (R15) stays in Azure, to which app-01 belongs. Ask the owner of application erp: Ann"
    )
    assert f"Before step {number}: STOP:" in page
    assert question in page
    assert "may app-01 come home without it? Without a yes, leave out steps " in page
    assert "in this order: app-01, app-02; then web-01" in page, "the note names those that come home"
    rows = csv.DictReader(io.StringIO(texts(found)["steps.csv"].removeprefix("\ufeff")))
    asked = {row["machine or plan"]: row["leg"] for row in rows if "STOP: as planned" in row["question before"]}
    assert asked == dict.fromkeys(("app-01", "app-02", "web-01"), "Failback")
    assert "STOP: as planned" not in texts(runbook(erp(), 1))["runbook.md"]


def test_so_is_the_owner_of_an_application_that_depends_on_it_and_nobody_else() -> None:
    parts = (
        Application("base", ("db-01",)),
        Application("shop", ("app-01",), owner="Bob", depends_on=("base",)),
        Application("other", ("app-02", "web-01"), owner="Eve"),
    )
    page = texts(runbook(erp(*parts, db_01=AWAY), 1))["runbook.md"]
    assert "db-01 (R15) stays in Azure, to which app-01 belongs. Ask the owner of application shop: Bob" in page
    assert page.count("STOP: as planned") == 1


def test_a_scenario_with_fewer_machines_keeps_the_order_of_the_rest() -> None:
    names = ("web-01", "app-02", "db-01")
    for fewer in (keeping(erp(), names), with_machines(erp(), names)):
        (entry,) = fewer.plan.together
        assert entry.order == (("db-01",), ("app-02",), ("web-01",))


def test_the_sheet_asks_the_same_and_has_all_work_on_site_before_the_first_commit() -> None:
    machines = load_scenario(resolve("a_mate_stops_on_the_way")).estate.virtual_machines
    still = {name.replace("-", "_"): {"static_ip": True} for name in machines if name in ERP.machines}
    rows = list(csv.DictReader(io.StringIO(texts(runbook(erp(**still), 2))["steps.csv"].removeprefix("\ufeff"))))
    moves = [
        row for row in rows if row["leg"] in ("Failback", "Commit failback") and row["machine or plan"] in ERP.machines
    ]
    assert moves
    assert all("STOP: If one of them " in row["question before"] for row in moves)
    order = [(row["step"] == "on site", row["leg"]) for row in rows if row["machine or plan"] in ERP.machines]
    first_commit = order.index((False, "Commit failback"))
    assert {n < first_commit for n, (on_site, _) in enumerate(order) if on_site} == {True}
