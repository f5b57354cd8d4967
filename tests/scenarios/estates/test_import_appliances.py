"""Appliances of an import: those that nobody listed, which machine in vCenter each is, and what it sees."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import UNKNOWN, Plan
from failback.scenarios import Scenario, load_scenario, resolve
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.files.loader import load_located
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.judging.check import Report, Status, check_estate

from . import vault_export
from .rvtools_export import Dress, Site, Vm, write
from .test_import import data, estate_in

LISTS = ("replicationProtectedItems", "replicationFabrics")
REQUEST = "/replicationAppliances?api-version=2025-08-01"


def scenario() -> Scenario:
    return load_scenario(resolve("first_drill_modernised"))


def vault(folder: Path, *names: str, given: Scenario | None = None) -> list[Path]:
    paths = vault_export.write(folder / "vault", vault_export.of_scenario(given or scenario()))
    by_stem = {path.stem: path for path in paths}
    return [by_stem[name] for name in names]


def site(folder: Path, *boxes: Vm, given: Scenario | None = None, stores: tuple[str, ...] = ("ds-1",)) -> Path:
    machines = (given or scenario()).estate.virtual_machines
    vms = tuple(Vm(name, f"vm-{n}") for n, name in enumerate(machines, 10))
    there = tuple((name, "VMFS", 4096, ("esx-1",)) for name in stores)
    return write(Site(vms=(*vms, *boxes), datastores=there), folder / "site", Dress(xlsx=True))


def statuses(report: Report, rule: str) -> set[str]:
    return {found.status.value for found in report.of(*Status) if found.rule == rule}


def without_names(path: Path) -> Path:
    """The same list with no server in it, as PowerShell writes it."""
    body = json.loads(path.read_text("utf-8"))
    for row in body["value"]:
        row["properties"]["providerSpecificDetails"] |= {"processServerName": None, "reprotectAgentName": None}
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def test_an_appliance_that_nobody_listed_is_unknown_and_blocks_nobody(tmp_path: Path) -> None:
    items, fabrics = vault(tmp_path, *LISTS)
    estate = estate_in(tmp_path, without_names(items), fabrics, site(tmp_path))
    assert (dict(estate.appliances), estate.servers_known) == ({}, False)
    report = check_estate(estate, Plan())
    assert statuses(report, "A01") == {"unknown"}
    gaps = [gap for found in report.of(Status.UNKNOWN) if found.rule == "A01" for gap in found.gaps]
    assert all(REQUEST in gap.how for gap in gaps)
    assert run_check(CheckRequest(str(tmp_path / "estate.yaml"))).report.unsure >= {"A01"}


def test_a_rehearsal_of_it_says_which_request_to_send(tmp_path: Path) -> None:
    items, fabrics = vault(tmp_path, *LISTS)
    estate_in(tmp_path, without_names(items), fabrics, site(tmp_path))
    with pytest.raises(BadInput, match="has no replication appliance") as refused:
        load_located(tmp_path / "estate.yaml")
    assert REQUEST in str(refused.value)


def test_an_appliance_that_items_name_is_there_and_nothing_is_taken_for_granted(tmp_path: Path) -> None:
    box = Vm("asr-box", "vm-1", os="Microsoft Windows Server 2022 (64-bit)")
    given = scenario()
    (name,) = given.estate.appliances
    renamed = replace(given.estate.appliances[name], name="asr-box")
    given = replace(given, estate=replace(given.estate, appliances={"asr-box": renamed}))
    estate = estate_in(tmp_path, *vault(tmp_path, *LISTS, given=given), site(tmp_path, box, given=given))
    found = estate.appliances["asr-box"]
    assert (found.healthy, found.host, estate.servers_known) == (UNKNOWN, "esx-1", False)
    assert statuses(check_estate(estate, Plan()), "A01") == {"unknown"}


def test_servers_are_known_once_they_are_listed(tmp_path: Path) -> None:
    estate = estate_in(tmp_path, *vault(tmp_path, *LISTS, "replicationAppliances"), site(tmp_path))
    assert estate.servers_known
    (tmp_path / "empty").mkdir()
    items, fabrics = vault(tmp_path / "empty", *LISTS)
    empty = tmp_path / "empty" / "replicationAppliances.json"
    empty.write_text('{"value": []}', encoding="utf-8")
    estate = estate_in(tmp_path, without_names(items), fabrics, empty, site(tmp_path / "empty"))
    assert estate.servers_known, "a collector's empty list is an answer"
    assert statuses(check_estate(estate, Plan()), "A01") == {"blocks"}


def test_classic_servers_that_nobody_listed_are_unknown_too(tmp_path: Path) -> None:
    (items,) = vault(tmp_path, LISTS[0], given=load_scenario(resolve("one_vm")))
    estate = estate_in(tmp_path, items, site(tmp_path, given=load_scenario(resolve("one_vm"))))
    assert not estate.servers_known
    report = check_estate(estate, Plan())
    assert statuses(report, "R01") == statuses(report, "R02") == {"unknown"}


def by_fabric(tmp_path: Path, fqdn: str, **agent: Any) -> list[Path]:
    """Items, and a fabric that was read by its id; its agent goes by this name."""
    items, fabrics = vault(tmp_path, *LISTS)
    body = json.loads(fabrics.read_text("utf-8"))
    details = body["value"][0]["properties"]["customDetails"]
    details["reprotectAgents"] = [{"id": "agent-1", "name": "component", "fqdn": fqdn, "health": "Normal"} | agent]
    fabrics.write_text(json.dumps(body["value"][0]), encoding="utf-8")
    return [items, fabrics]


BOX = Vm("ASR-BOX-01", "vm-1", adapters=(("00:50:56:00:00:01", "net", "10.9.8.7"),))


@pytest.mark.parametrize(
    ("fqdn", "agent", "box"),
    [
        ("asr-box-01.corp.example", {}, BOX),
        ("Appliance.site.example", {}, replace(BOX, name="appliance")),
        ("other.corp.example", {"biosId": "00000042-0000-0000-0000-000000000001"}, replace(BOX, name="x")),
        ("other.corp.example", {"biosId": "42000000-0000-0000-0000-000000000001"}, replace(BOX, name="x")),
        ("other.corp.example", {"ipAddresses": ["10.9.8.7"]}, replace(BOX, name="x")),
    ],
    ids=["host part", "DNS name", "BIOS id turned round", "BIOS id", "address"],
)
def test_an_appliance_is_joined_to_its_machine(tmp_path: Path, fqdn: str, agent: dict[str, Any], box: Vm) -> None:
    paths = by_fabric(tmp_path, fqdn, **agent)
    found = next(iter(estate_in(tmp_path, *paths, site(tmp_path, box)).appliances.values()))
    assert (found.host, found.datastore, found.fqdn) == ("esx-1", "ds-1", fqdn)


def test_an_appliance_that_several_machines_fit_is_told_and_not_guessed(tmp_path: Path) -> None:
    twin = replace(BOX, id="vm-2")
    found = data(*by_fabric(tmp_path, "asr-box-01.corp.example"), site(tmp_path, BOX, twin))
    assert "host" not in found["appliances"][0]
    told = {each["what"]: each["names"] for each in found["sources"]["mismatches"]}
    (names,) = [names for what, names in told.items() if "fits several machines in vCenter" in what]
    assert names == ["asr-box-01.corp.example"]


@pytest.mark.parametrize("snapshots", [(), ("before the update",)])
def test_a_snapshot_of_an_appliance_is_a_mismatch_since_no_rule_asks(
    tmp_path: Path, snapshots: tuple[str, ...]
) -> None:
    box = replace(BOX, snapshots=snapshots)
    found = data(*by_fabric(tmp_path, "asr-box-01.corp.example"), site(tmp_path, box))
    told = {each["what"]: each["names"] for each in found["sources"]["mismatches"]}
    names = [names for what, names in told.items() if what.startswith("appliances with snapshots in vCenter")]
    assert names == ([["asr-box-01.corp.example"]] if snapshots else [])


def test_the_datastores_that_an_appliance_reports_answer_where_its_host_is_unknown(tmp_path: Path) -> None:
    stores = ("ds-1", "ds-2")
    paths = by_fabric(tmp_path, "nowhere.corp.example", accessibleDatastores=["ds-1", "elsewhere"])
    estate = estate_in(tmp_path, *paths, site(tmp_path, stores=stores))
    (box,) = estate.appliances.values()
    assert (box.host, box.accessible_datastores) == ("", ("ds-1",))
    assert statuses(check_estate(estate, Plan()), "A03") == set()
    moved = {n: replace(vm, datastore="ds-2") for n, vm in estate.virtual_machines.items()}
    report = check_estate(replace(estate, virtual_machines=moved), Plan())
    assert {b.name for found in report.of(Status.BLOCKS) if found.rule == "A03" for b in found.blockers} == {"ds-2"}


def differences(tmp_path: Path, **facts: Any) -> dict[str, list[str]]:
    """Mismatches of an import whose only appliance is a machine with these facts in vCenter."""
    (name,) = scenario().estate.appliances
    box = Vm(name, "vm-1", os="Microsoft Windows Server 2022 (64-bit)", disks_gib=(700,), **facts)
    paths = (*vault(tmp_path, *LISTS, "replicationAppliances"), site(tmp_path, box))
    found = data(*paths)["sources"].get("mismatches", [])
    return {one["what"].partition(";")[0]: one["names"] for one in found if one["what"].startswith("server with")}


def test_an_appliance_of_which_vault_and_vcenter_tell_another_address_or_memory_is_listed(tmp_path: Path) -> None:
    (name,) = scenario().estate.appliances
    found = differences(tmp_path, memory_gib=32, adapters=(("00:50:56:00:00:01", "net", "10.9.8.7"),))
    (address,) = found["server with another address in the vault than in vCenter"]
    assert address.startswith(f"{name} (vault: 10.")
    assert address.endswith("vCenter: 10.9.8.7)")
    assert found["server with another memory in the vault than in vCenter"] == [
        f"{name} (vault: 16 GiB, vCenter: 32 GiB)"
    ]


@pytest.mark.parametrize(("health", "told"), [("Normal", False), ("Warning", True), ("Critical", True)])
def test_an_appliance_that_is_not_well_is_listed_also_where_a_rule_says_so(
    tmp_path: Path, health: str, told: bool
) -> None:
    name = "asr-box-01.corp.example"
    found = data(*by_fabric(tmp_path, name, health=health), site(tmp_path, BOX))
    assert found["appliances"][0]["healthy"] is (health != "Critical")
    noted = [one for one in found["sources"].get("mismatches", []) if one["what"].startswith("server with a warning")]
    assert [(one["names"], one["objects"]) for one in noted] == [([f"{name} (vault: {health})"], [name])] * told


def test_an_appliance_of_which_both_tell_the_same_is_not_listed_and_one_of_another_bios_uuid_is(
    tmp_path: Path,
) -> None:
    ours = "59904f8e-0647-4d67-b022-cb2f78b3a759"
    ((what, (told,)),) = differences(tmp_path, memory_gib=16, adapters=(), uuid=ours).items()
    assert what.startswith("server with another BIOS UUID in the vault than in vCenter")
    assert told.endswith(f", vCenter: {ours})")
    theirs = told.partition("(vault: ")[2].partition(",")[0]
    assert differences(tmp_path, memory_gib=16, adapters=(), uuid=theirs) == {}
