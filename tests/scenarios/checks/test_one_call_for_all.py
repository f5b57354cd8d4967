"""What one call shows of all machines is not looked up machine by machine: the step is first, and its answer counts."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from failback.reprotect import LOOK_UPS, UNKNOWN, FactRead, Phase, lookings
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.checks.finding_words import what_to_do
from failback.scenarios.checks.told import told_causes
from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.judging.check import Report, Status, check_estate
from tests.scenarios.estates import vault_export
from tests.scenarios.estates.rvtools_export import Site, Vm, write

CALLS: Final = {"R17": "az vm list", "R18": "az vm list", "78093": "az vm list", "R32": "Get-View", "B12": "Get-View"}
"""Rules that a newcomer's three exports leave open for every machine, and that one call answers."""


def imported(folder: Path, *, with_azure: bool) -> Path:
    """An estate of lists alone, all machines failed over; `with_azure`: with what az shows of the machines there."""
    scenario = load_scenario(resolve("first_drill_modernised"))
    machines = {n: replace(vm, at=Phase.FAILOVER_COMMITTED) for n, vm in scenario.estate.virtual_machines.items()}
    mock = vault_export.of_scenario(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)))
    paths = vault_export.write(folder / "vault", mock)
    vms = tuple(Vm(name, f"vm-{n}") for n, name in enumerate(machines))
    if with_azure:
        paths = [*paths, folder / "vms.json"]
        paths[-1].write_text(json.dumps(vault_export.replicas(mock)), "utf-8")
    run_import(ImportRequest((*paths, write(Site(vms), folder / "site")), folder / "estate.yaml", 500))
    return folder / "estate.yaml"


def unknown(file: Path) -> set[str]:
    return {finding.rule for finding in run_check(CheckRequest(str(file))).report.of(Status.UNKNOWN)}


def steps(report: Report) -> dict[str, tuple[str, ...]]:
    told = (each for each in told_causes(report) if each.cause.status == Status.UNKNOWN.value)
    return {each.cause.rule: tuple(what_to_do(each)) for each in told}


def test_the_call_is_the_first_step_and_each_look_is_offered_behind_it(tmp_path: Path) -> None:
    report = run_check(CheckRequest(str(imported(tmp_path, with_azure=False)))).report
    found = steps(report)
    for rule, call in CALLS.items():
        first, second, *_ = found[rule]
        assert first.startswith("one call for all: "), rule
        assert call in first
        assert "{" not in first.replace("{$_", "").replace("{(Get-View", ""), "all names are filled in"
        assert second.startswith("or one by one: ")


def test_of_one_machine_there_is_no_call_for_all() -> None:
    scenario = load_scenario(resolve("one_vm"))
    machines = {n: replace(vm, pending_question=UNKNOWN) for n, vm in scenario.estate.virtual_machines.items()}
    found = steps(check_estate(replace(scenario.estate, virtual_machines=machines), scenario.plan))["R32"]
    assert not any("for all" in step or "one by one" in step for step in found)


def test_an_import_of_what_az_lists_answers_the_rules_of_the_machines_in_azure(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    assert unknown(imported(tmp_path / "before", with_azure=False)) >= {"R17", "R18", "78093"}
    assert not unknown(imported(tmp_path, with_azure=True)) & {"R17", "R18"}


def test_what_is_the_same_of_all_is_written_once_under_the_defaults(tmp_path: Path) -> None:
    file = imported(tmp_path, with_azure=False)
    assert unknown(file) >= {"R32", "B12"}
    estate: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    estate["defaults"]["virtual_machine"] |= {"pending_question": False, "autostart": False}
    file.write_text(yaml.safe_dump(estate, sort_keys=False), "utf-8")
    assert not unknown(file) & {"R32", "B12"}


@pytest.mark.parametrize("place", sorted(place for place, row in LOOK_UPS.items() if row.for_all))
def test_a_call_for_all_names_no_single_object(place: tuple[str, str]) -> None:
    """It would be asked for each of them."""
    (step, *_) = lookings([FactRead(place[0], name, place[1], UNKNOWN) for name in ("a", "b")])
    assert step.for_all == LOOK_UPS[place].for_all
    assert "{machine}" not in step.for_all
    assert step.for_all.count("`") % 2 == 0
