"""What the check has found already is fixed before a pilot, and a pilot does not claim to prove it."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import UNKNOWN
from failback.scenarios.checks.import_tasks import import_tasks
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import LeftOut, LeftOutBecause, Mismatch, MismatchKind, Scenario
from failback.scenarios.runbooks.fix_first import faults, fix_first_lines, fix_first_named, fix_first_without_box
from failback.scenarios.runbooks.page import PilotPart, html, markdown
from failback.scenarios.runbooks.pilot import pilot
from failback.scenarios.runbooks.pilot_command import run_pilot
from failback.scenarios.runbooks.pilot_concerns import concerning, elsewhere_words
from failback.scenarios.runbooks.pilot_rows import as_json
from failback.scenarios.runbooks.pilot_settling import restricted
from failback.scenarios.runbooks.runbook import runbook


def full() -> Scenario:
    """The drill with full datastores, and snapshots of every machine."""
    scenario = load_scenario(resolve("first_drill_modernised"))
    stores = {name: replace(one, free_gib=0.003 * one.capacity_gib) for name, one in scenario.estate.datastores.items()}
    vms = {name: replace(vm, snapshots=("patch",)) for name, vm in scenario.estate.virtual_machines.items()}
    return replace(scenario, estate=replace(scenario.estate, datastores=stores, virtual_machines=vms))


def test_a_full_datastore_and_snapshots_are_to_be_fixed_first_and_are_not_what_the_pilot_tries() -> None:
    scenario = full()
    found = pilot(scenario)
    tried = [one for group in as_json(scenario, found)["groups"] for one in group["proves"]]
    told = [*tried, *(one.name for one in found.untried)]
    assert not [one for one in told if "B16" in one or "R05" in one]
    made = runbook(restricted(scenario, found.machines), 1, "mine.yaml")
    by_rule = {one.rule: one for one in faults(made)}
    assert by_rule["B16"].object.startswith("datastore ")
    assert "VMware administrator" in by_rule["B16"].who
    assert set(by_rule["R05"].machines) == set(found.machines), "of the pilot's machines alone"
    (line,) = (line for line in fix_first_lines(made) if line.startswith("B16 (datastore not full), datastore "))
    assert "Who: VMware administrator" in line
    assert "`failback check mine.yaml --rule B16`" in line


@pytest.mark.parametrize(
    ("story", "facts", "expected"),
    [
        ("first_drill_modernised", {"appliances": {"healthy": UNKNOWN}}, {"A01": "appliance appliance-01"}),
        ("first_drill", {"process_servers": {"up": UNKNOWN}}, {"806": "process server ps-azure"}),
        ("first_drill", {"master_targets": {"up": UNKNOWN}}, {"78022": "2 master targets: mt-windows, mt-linux"}),
    ],
)
def test_a_server_that_the_pilot_uses_and_whose_state_nobody_knows_is_to_be_cleared_up_first(
    story: str, facts: Mapping[str, Mapping[str, Any]], expected: Mapping[str, str]
) -> None:
    scenario = load_scenario(resolve(story))
    parts: dict[str, Any] = {
        section: {name: replace(one, **own) for name, one in getattr(scenario.estate, section).items()}
        for section, own in facts.items()
    }
    open_ones = replace(scenario, estate=replace(scenario.estate, **parts))
    made = runbook(restricted(open_ones, pilot(open_ones).machines), 1, "mine.yaml")
    found = {one.rule: one for one in faults(made)}
    (rule,) = expected
    assert found[rule].object == expected[rule]
    lines = list(fix_first_lines(made))
    (line,) = (line for line in lines if line.startswith(f"{rule} ("))
    assert "state not known: " in line
    assert f"`failback check mine.yaml --rule {rule}`" in line
    assert not re.search(rf"[( ]{rule}[,)]", lines[-1]), "named once"
    sure = runbook(restricted(scenario, pilot(scenario).machines), 1)
    assert rule not in {one.rule for one in faults(sure)}


def test_what_the_import_noted_of_a_server_is_to_be_cleared_up_first_where_the_pilot_uses_it() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    names = ("appliance-01 (vault: Warning, error 806)", "elsewhere (vault: Warning)")
    noted = Mismatch("server with a warning; clear it", names, MismatchKind.OTHER, ("appliance-01", "elsewhere"))
    warned = replace(scenario, mismatches=(noted,))
    made = runbook(restricted(warned, pilot(warned).machines), 1)
    (fault,) = (one for one in faults(made) if not one.rule)
    assert (fault.object, set(fault.machines)) == ("appliance appliance-01", set(made.scenario.estate.virtual_machines))
    (line,) = (
        line for line in fix_first_lines(made) if line.startswith("appliance appliance-01: server with a warning")
    )
    assert "(vault: Warning, error 806). Who: Azure administrator" in line


@pytest.mark.parametrize(
    ("story", "section", "kind"),
    [
        ("first_drill_modernised", "appliances", "appliance"),
        ("first_drill", "process_servers", "process server"),
        ("first_drill", "configuration_servers", "configuration server"),
    ],
)
def test_a_server_that_the_estate_calls_otherwise_than_the_vault_is_the_one_that_the_import_noted(
    story: str, section: str, kind: str
) -> None:
    scenario = load_scenario(resolve(story))
    known: Mapping[str, Any] = getattr(scenario.estate, section)
    parts: dict[str, Any] = {section: {n: replace(one, vault_name="in-the-vault") for n, one in known.items()}}
    noted = Mismatch("server not well", ("in-the-vault (vault: Critical)",), MismatchKind.OTHER, ("in-the-vault",))
    estate = replace(scenario.estate, **parts)
    made = runbook(replace(scenario, estate=estate, mismatches=(noted,)), 1)
    found = [one for one in faults(made) if not one.rule]
    assert {one.object for one in found} <= {f"{kind} {name}" for name in known}
    assert [one.seen for one in found if one.machines] == ["server not well (vault: Critical)"] * len(found) != []


def test_of_two_machines_alike_the_one_without_a_known_fault_goes() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    first = next(group.machines[0] for group in pilot(scenario).groups if len(group.machines) == 1)
    vms = dict(scenario.estate.virtual_machines)
    vms[first] = replace(vms[first], snapshots=("patch",))
    assert first not in pilot(replace(scenario, estate=replace(scenario.estate, virtual_machines=vms))).machines


def test_the_heading_stands_on_every_page_before_what_the_pilot_tries(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    text = resolve("one_modernised_vm").read_text("utf-8")
    file.write_text(
        text.replace("      host: esx-01\n", "      host: esx-01\n      snapshots: [patch]\n"), encoding="utf-8"
    )
    run_pilot(str(file), 1, tmp_path / "pilot", json_wanted=False)
    assert "Fix first" in capsys.readouterr().out
    for page in ("runbook.md", "runbook.html"):
        told = (tmp_path / "pilot" / page).read_text("utf-8")
        first, rest = told[told.index("Fix first") :].split("What the pilot tries")
        assert "R05 (machine&#39;s snapshots no longer needed)" in first.replace("'", "&#39;"), page
        assert "patch" not in first, "what was found stands once, with its box"
        assert "[ ]" not in first
        assert "patch" in rest
    run_pilot(str(file), 1, tmp_path / "pilot", json_wanted=True)
    assert [one["rule"] for one in json.loads(capsys.readouterr().out)["fix_first"]] == ["R05"]


def test_the_runbook_of_a_pilot_lists_what_the_import_left_open_of_its_own_machines_and_servers_alone(
    tmp_path: Path,
) -> None:
    """The rest is counted in one line; servers with one address stay together, since one cannot be settled alone."""
    scenario = load_scenario(resolve("first_drill_modernised"))
    chosen = pilot(scenario).machines
    others = [name for name in scenario.estate.virtual_machines if name not in chosen]
    (box,) = scenario.estate.appliances.values()
    boxes = {box.name: box, "idle": replace(box, name="idle", vault_name="IDLE", healthy=False)}
    told = (
        Mismatch("protected, but in no vCenter that was read", (chosen[0], others[0])),
        Mismatch("another firmware", (f"{others[1]} (vault: bios)",), MismatchKind.DIFFERS, (others[1],)),
        Mismatch("server not well", ("IDLE (vault: Critical)",), MismatchKind.SERVER_UNWELL, ("IDLE",)),
        Mismatch("one address", (box.name, "IDLE"), MismatchKind.SAME_ADDRESS),
        Mismatch("files lack items", ("container-1",), MismatchKind.ITEMS_MISSING),
    )
    gone = (LeftOut(LeftOutBecause.NO_DISKS, ("gone-01",), ()),)
    whole = replace(scenario, estate=replace(scenario.estate, appliances=boxes), mismatches=told, left_out=gone)
    alone = concerning(restricted(whole, chosen), whole)
    tasks = import_tasks(alone, "mine.yaml")
    assert {name for task in tasks for name in task.names} == {chosen[0], box.name, "IDLE", "container-1"}
    words = elsewhere_words(alone, whole, "mine.yaml")
    assert words.startswith(f"Left out here: 4 things to clear up about gone-01, {others[0]}, {others[1]}, IDLE, ")
    assert "`failback check mine.yaml`" in words
    part = PilotPart(elsewhere=words)
    made = runbook(alone, 1, "mine.yaml")
    assert f"- {words}" in markdown(made, part).replace("\\", "")
    assert "Left out here" in html(made, part)
    assert elsewhere_words(alone, replace(alone), "mine.yaml") == ""


def test_a_noted_server_has_no_numbers_of_steps_beside_its_persons_since_no_steps_stand_there() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    names = ("appliance-01 (vault: Critical)",)
    for kind in MismatchKind:
        noted = Mismatch("server noted", names, kind, ("appliance-01",))
        made = runbook(replace(scenario, mismatches=(noted,)), 1)
        (fault,) = (one for one in faults(made) if not one.rule)
        assert fault.who
        assert "for step" not in fault.who
        if kind is MismatchKind.SERVER_UNWELL:
            assert fault.who.startswith("Azure administrator (")
            assert "; server administrator" in fault.who


def test_what_the_import_noted_has_one_box_and_stands_under_fix_first_by_name() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    noted = Mismatch(
        "server with a warning; clear it", ("appliance-01 (vault: Warning)",), MismatchKind.OTHER, ("appliance-01",)
    )
    made = runbook(restricted(replace(scenario, mismatches=(noted,)), pilot(scenario).machines), 1)
    boxed = {name for task in import_tasks(made.scenario, made.file) for name in task.names}
    named, without = list(fix_first_named(made)), list(fix_first_without_box(made))
    assert ("appliance appliance-01: server with a warning (vault: Warning)" in named) is ("appliance-01" in boxed)
    assert len(named) + len(without) == len(list(fix_first_lines(made))), "each of them once"


def test_a_machine_that_is_gone_from_the_site_is_settled_and_not_fixed() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    gone = {n: replace(vm, exists_on_premises=False) for n, vm in scenario.estate.virtual_machines.items()}
    made = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=gone)), 1, "mine.yaml")
    for lines in (fix_first_lines(made), fix_first_named(made)):
        (line,) = (line for line in lines if line.startswith("T08 "))
        assert "to be settled, not fixed" in line.casefold()
        assert "this finding stays" in line
