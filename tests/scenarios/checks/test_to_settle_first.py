"""A doubt about an object is said at each finding about it, and comes before the steps that change the object."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from failback.reprotect import UNKNOWN
from failback.scenarios import Scenario
from failback.scenarios.checks.command import CheckRequest, run_check, write_task_list
from failback.scenarios.checks.finding_words import found_words
from failback.scenarios.checks.import_tasks import import_tasks
from failback.scenarios.checks.told import ToldCause
from failback.scenarios.estates.mismatch_words import SERVER_DISKS, SERVER_MEMORY
from failback.scenarios.estates.remarks import Remark
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.files.schema import DoubtBecause, InDoubt, Mismatch, MismatchKind
from failback.scenarios.runbooks.causes import not_home
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.fix_first import faults, fix_first_lines
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.text.spreadsheet_cells import BOM

DATES = "vault: 2026-06-05 18:00 UTC, inventory: 2026-06-06 09:40"
SERVER = "appliance-01"
IDENTITY = Mismatch(
    "server with another BIOS UUID in the vault than in vCenter; x",
    (f"{SERVER} (vault: a, vCenter: b)",),
    MismatchKind.SERVER_IDENTITY,
    (SERVER,),
)


def contradicted(*mismatches: Mismatch, in_doubt: tuple[InDoubt, ...] = ()) -> Scenario:
    """The drill with a small appliance whose host mounts no datastore."""
    found = load_scenario(resolve("first_drill_modernised"))
    box = replace(found.estate.appliances[SERVER], cores=2)
    hosts = {n: replace(each, datastores=()) if n == box.host else each for n, each in found.estate.hosts.items()}
    estate = replace(found.estate, hosts=hosts, appliances={SERVER: box})
    return replace(found, estate=estate, mismatches=mismatches, in_doubt=in_doubt)


def stores(scenario: Scenario) -> Mismatch:
    host = scenario.estate.appliances[SERVER].host
    names = tuple(f"{SERVER} (datastore: {store}, host: {host}, {DATES})" for store in scenario.estate.datastores)
    return Mismatch("server with a datastore", names, MismatchKind.SERVER_DATASTORES, (SERVER,) * len(names))


def of_rule(scenario: Scenario, rule: str) -> ToldCause:
    return next(each for each in runbook(scenario, 1).told if each.cause.rule == rule)


def test_a_datastore_that_the_vault_lists_is_told_with_both_dates_where_the_inventory_says_otherwise() -> None:
    plain = of_rule(contradicted(), "A03")
    assert (plain.noted.found, plain.noted.first) == ((), "")
    told = of_rule(contradicted(stores(contradicted())), "A03")
    store = told.cause.objects[0]
    assert f"; but the vault lists {store} as accessible to {SERVER} ({DATES})" in found_words(told)
    assert f"whether vault or vCenter is right about {store}" in told.careful
    assert "which virtual machine" not in told.careful


@pytest.mark.parametrize("rule", ["A03", "A14"])
def test_a_server_whose_identity_is_in_doubt_is_settled_before_anything_is_changed_on_it(rule: str) -> None:
    told = of_rule(contradicted(IDENTITY), rule)
    assert f"it is not sure which virtual machine {SERVER} is" in found_words(told)
    assert told.careful.startswith(f"only when it is settled which virtual machine {SERVER} is (to clear up first)")
    other = replace(IDENTITY, names=("appliance-011 (vault: a)",), objects=("appliance-011",))
    assert of_rule(contradicted(other), rule).noted.first == ""


@pytest.mark.parametrize("kind", [MismatchKind.OTHER, MismatchKind.DIFFERS, None])
@pytest.mark.parametrize("rule", ["A03", "A14"])
def test_so_is_one_of_an_import_from_before_the_doubt_had_a_kind_of_its_own(rule: str, kind: MismatchKind) -> None:
    told = of_rule(contradicted(Mismatch(IDENTITY.what, IDENTITY.names, kind, IDENTITY.objects)), rule)
    assert told.careful.startswith(f"only when it is settled which virtual machine {SERVER} is (to clear up first)")


@pytest.mark.parametrize("what", [SERVER_DISKS, SERVER_MEMORY])
def test_a_size_of_which_vault_and_vcenter_say_different_values_is_settled_first_where_it_is_judged(
    what: Remark,
) -> None:
    values = f"{SERVER} (vault: 700 GiB, vCenter: 140 GiB)"
    scenario = contradicted(Mismatch(what.words, (values,), what.kind, (SERVER,)))
    told = of_rule(scenario, "A14")
    assert f"; but vault and vCenter contradict each other: {values}" in found_words(told)
    assert told.careful.startswith(f"only when it is settled whether vault or vCenter is right about {values}")
    assert of_rule(scenario, "A03").noted.found == ()


def test_a_doubt_comes_first_under_fix_first_and_in_tasks_and_with_one_person(tmp_path: Path) -> None:
    scenario = contradicted(IDENTITY)
    made = runbook(scenario, 1, "mine.yaml")
    lines = list(fix_first_lines(made))
    assert lines[0].startswith(f"appliance {SERVER}: server with another BIOS UUID")
    (changes,) = (line for line in lines if line.startswith("A14"))
    assert f"Only when it is settled which virtual machine {SERVER} is (to clear up first)." in changes
    (task,) = import_tasks(scenario, "mine.yaml")
    assert faults(made)[0].who == task.who
    file = tmp_path / "mine.json"
    file.write_text(resolved_text(scenario, "x"), "utf-8")
    write_task_list(run_check(CheckRequest(str(file))), sheet := tmp_path / "tasks.csv")
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8").removeprefix(BOM))))
    assert (rows[0]["id"], rows[0]["owner"]) == ("import-1", task.who)
    stopped = [row for row in rows if row["rule"].startswith("A03")]
    assert stopped
    for row in stopped:
        assert row["careful"].startswith("only when it is settled")
        assert "it is not sure which virtual machine" in row["found"]
    assert all(stop.steps[0].startswith("only when it is settled") for stop in not_home(made) if stop.rule == "A03")


@pytest.mark.parametrize("why", list(DoubtBecause))
def test_the_first_step_of_a_machine_in_doubt_says_stop_and_the_later_ones_refer_to_it(why: DoubtBecause) -> None:
    names = list(load_scenario(resolve("first_drill_modernised")).estate.virtual_machines)
    scenario = replace(
        load_scenario(resolve("first_drill_modernised")), in_doubt=(InDoubt(why=why, machines=(names[0],)),)
    )
    made = runbook(scenario, 1)
    assert any("STOP" in mark for mark in made.open_findings[names[0]])
    assert not any("STOP" in mark for name in names[1:] for mark in made.open_findings.get(name, ()))
    steps = [row for row in texts(made)["runbook.md"].splitlines() if row.startswith("| ") and f"| {names[0]} " in row]
    first, *later = [row for row in steps if "(open: " in row]
    number = first.split(" ")[1]
    assert "STOP: " in first
    assert later
    assert all(f"(see step {number})" in row for row in later)


def test_findings_about_a_machine_in_doubt_and_only_those_wait_for_it() -> None:
    found = load_scenario(resolve("first_drill_modernised"))
    first, second, *_ = found.estate.virtual_machines
    vms = {
        n: replace(vm, snapshots=("x",) if n in (first, second) else ())
        for n, vm in found.estate.virtual_machines.items()
    }
    doubt = InDoubt(why=DoubtBecause.DIFFERS, machines=(first,))
    scenario = replace(found, estate=replace(found.estate, virtual_machines=vms), in_doubt=(doubt,))
    told = of_rule(scenario, "R05")
    assert f"which virtual machine {first} is" in told.careful
    assert second not in told.noted.first
    unknown = {n: replace(vm, snapshots=UNKNOWN) for n, vm in vms.items()}
    asked = of_rule(replace(scenario, estate=replace(found.estate, virtual_machines=unknown)), "R05")
    assert asked.noted.first == "", "who looks something up changes nothing"
