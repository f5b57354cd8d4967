"""A step that changes the plan names a file that has one, asks for no order that the plan has, and moves no server."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from failback.reprotect import Datastore, Plan, Wave
from failback.scenarios.checks.again import again_words
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.checks.finding_words import what_to_do
from failback.scenarios.checks.told import ToldCause, told_causes
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.judging.check import check_estate

UUID = "4213a6f0-91c2-0d44-8e1f-000000001066"


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """Two machines of one BIOS UUID (R11) that run on site and in Azure (R32), an account that is not told (A04)."""
    same = {"os": "linux", "architecture": "modernised", "disks": [{"size_gib": 10}], "bios_uuid": UUID}
    twice = {"at": "failover_committed", "powered_on": True}
    estate = {
        "virtual_machines": [{"name": name, **same, **twice} for name in ("a", "b")],
        "appliances": [{"name": "box", "log_storage_accounts": []}],
        "link": {"bandwidth_mbit_per_s": 100},
    }
    file = tmp_path / "estate.yaml"
    file.write_text(yaml.safe_dump(estate), "utf-8")
    return file


def texts(file: Path) -> dict[str, str]:
    told = told_causes(run_check(CheckRequest(str(file))).report)
    return {each.cause.rule: " ".join((*what_to_do(each), again_words(each, str(file)))) for each in told}


def test_an_estate_alone_has_no_plan_to_write_into(estate: Path) -> None:
    found = texts(estate)
    asked = {rule for rule, text in found.items() if "`plan" in text}
    assert {"R11", "R32"} <= asked
    for rule in asked:
        assert "failback new" in found[rule], rule
        assert not re.search(rf"in {re.escape(str(estate))}, under `plan", found[rule]), rule
        assert f"(`plan` is in {estate})" not in found[rule], rule


def test_a_scenario_has_its_plan_in_its_own_file(estate: Path) -> None:
    file = estate.with_name("home.yaml")
    file.write_text("name: home\nestate_file: estate.yaml\n", "utf-8")
    found = texts(file)
    assert f"in {file}, under `plan: waves`" in found["R11"]
    assert f"(`plan` is in {file})" in found["R32"]


@pytest.mark.parametrize(("waves", "asks"), [((("a",), ("b",)), 0), ((("b",), ("a",)), 0), ((("a", "b"),), 1)])
def test_no_order_is_asked_for_that_the_plan_has(estate: Path, waves: tuple[tuple[str, ...], ...], asks: int) -> None:
    plan = {"waves": [{"name": f"wave-{n}", "items": list(items)} for n, items in enumerate(waves, 1)]}
    file = estate.with_name("home.yaml")
    file.write_text(yaml.safe_dump({"name": "home", "estate_file": "estate.yaml", "plan": plan}), "utf-8")
    found = texts(file)["R11"]
    assert ("into an earlier wave" in found) == bool(asks)
    assert "are its data its own?" in found


def full(**changes: Any) -> ToldCause:
    """B16 of a datastore with 18 of 6144 GiB free, on which the appliance is too."""
    scenario = load_scenario(resolve("first_drill_modernised"))
    name = next(vm.datastore for vm in scenario.estate.virtual_machines.values())
    store = replace(scenario.estate.datastores[name], capacity_gib=6144.0, free_gib=18.0, **changes)
    boxes = {key: replace(box, datastore=name) for key, box in scenario.estate.appliances.items()}
    stores = {**scenario.estate.datastores, name: store, "spare": Datastore("spare", free_gib=9000.0)}
    hosts = {key: replace(host, datastores=(*host.mounted, "spare")) for key, host in scenario.estate.hosts.items()}
    changed = replace(scenario.estate, datastores=stores, appliances=boxes, hosts=hosts)
    report = check_estate(changed, Plan(waves=(Wave("one", tuple(changed.virtual_machines)),)))
    return next(told for told in told_causes(report) if told.cause.rule == "B16")


def test_room_is_made_with_other_machines_than_servers_and_those_that_come_home_and_it_is_said_how_much() -> None:
    (step,) = (step for step in full().steps if "Change storage only" in step)
    boxes = load_scenario(resolve("first_drill_modernised")).estate.appliances
    assert all(name in step.partition("no Site Recovery server")[2] for name in boxes)
    assert "none that comes home" in step
    assert "until 922 GiB are free" in step
