"""A generated estate, exported to each format and imported again, loses no fact that the format can hold."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from failback.reprotect import Architecture, OsFamily, VirtualMachine
from failback.scenarios.estates.generating import generated
from failback.scenarios.estates.recipe import Recipe, Spread, System
from failback.scenarios.files.loader import load_scenario
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock

from . import vault_export
from .rvtools_export import MIB, Dress, Site, Vm, write
from .test_import import DRESSES, estate_in

Machine = dict[str, Any]
SYSTEMS = (System(OsFamily.LINUX, "Ubuntu 22.04"), System(OsFamily.WINDOWS, "Windows Server 2019"))
FAULTS = {"snapshot": 0.5, "no_tools": 0.5, "no_disk_uuids": 0.5}
STANDS = ("replicating_to_azure", "failover_committed", "replicating_to_on_premises")


def estate_of(machines: int, seed: int, architecture: Architecture = Architecture.MODERNISED) -> Machine:
    disks, size = Spread(2, 0.5, 1, 4), Spread(80, 0.8, 10, 4096)
    recipe = Recipe(machines, seed, architecture, systems=SYSTEMS, disks=disks, disk_gib=size, faults=FAULTS)
    return generated(recipe)


# RVTools


def vms_of(estate: Machine) -> Iterator[Vm]:
    for n, machine in enumerate(estate["virtual_machines"], start=1):
        yield Vm(
            machine["name"],
            f"vm-{n}",
            machine["host"],
            machine["datastore"],
            machine["os_version"],
            tuple(disk["size_gib"] for disk in machine["disks"]),
            machine["memory_gib"],
            ("bios", "efi")[n % 2],
            powered_on=n % 3 == 0,
            snapshots=tuple(machine.get("snapshots", ())),
            tools="toolsNotInstalled" if machine.get("tools", "") is None else "toolsOk",
            enable_uuid=machine["disk_enable_uuid"],
            adapters=((f"00:50:56:00:{n // 256:02x}:{n % 256:02x}", f"net-{n % 5}", f"10.0.{n // 250}.{n % 250}"),),
        )


def of_vcenter(vm: Vm) -> dict[str, Any]:
    """What an export of vCenter can hold of a machine."""
    ((mac, network, address),) = vm.adapters
    return {
        "os": "windows" if "Windows" in vm.os else "linux",
        "os_version": vm.os,
        "host": vm.host,
        "datastore": vm.datastore,
        "disks": vm.disks_gib,
        "memory_gib": vm.memory_gib,
        "firmware": vm.firmware,
        "powered_on": vm.powered_on,
        "snapshots": vm.snapshots,
        "tools": None if vm.tools == "toolsNotInstalled" else vm.tools,
        "disk_enable_uuid": vm.enable_uuid,
        "bios_uuid": vm.bios,
        "adapters": ((mac, network, (address,)),),
        "dns_name": f"{vm.name}.site.example",
    }


def as_told(vm: VirtualMachine) -> Mapping[str, Any]:
    """The same facts of an estate's machine."""
    facts = {name: getattr(vm, name) for name in VirtualMachine.__dataclass_fields__}
    adapters = tuple((each.mac, each.network, each.addresses) for each in vm.adapters)
    sizes = tuple(disk.size_gib for disk in vm.disks)
    return facts | {"os": vm.os.value, "architecture": vm.architecture.value, "disks": sizes, "adapters": adapters}


def site_of(estate: Machine) -> Site:
    hosts = tuple(host["name"] for host in estate["hosts"])
    stores = tuple((s["name"], s["kind"], s["capacity_gib"], hosts) for s in estate["datastores"])
    return Site(tuple(vms_of(estate)), hosts, stores)


def through_rvtools(estate: Machine, dress: Dress, folder: Path) -> None:
    site = site_of(estate)
    found = estate_in(folder, write(site, folder / "out", dress), architecture="modernised")
    assert {name: store.capacity_gib for name, store in found.datastores.items()} == {
        name: gib for name, _, gib, _ in site.datastores
    }
    assert set(found.hosts) == set(site.hosts)
    assert all(host.free_memory_gib == 262144 / MIB / 2 for host in found.hosts.values())
    told = {name: as_told(vm) for name, vm in found.virtual_machines.items()}
    wanted = {vm.name: of_vcenter(vm) for vm in site.vms}
    assert {name: {fact: told[name][fact] for fact in facts} for name, facts in wanted.items()} == wanted


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 6), st.integers(0, 9999), st.sampled_from(sorted(DRESSES)))
def test_rvtools_in_any_dress_keeps_what_it_can_hold(machines: int, seed: int, dress: str) -> None:
    with TemporaryDirectory() as name:
        through_rvtools(estate_of(machines, seed), DRESSES[dress], Path(name))


@pytest.mark.slow
@pytest.mark.parametrize("dress", ["workbook", "batch dialect"])
def test_five_hundred_machines_through_rvtools_lose_nothing(dress: str, tmp_path: Path) -> None:
    through_rvtools(estate_of(500, 7), DRESSES[dress], tmp_path)


# The vault


def mock_of(estate: Machine, folder: Path) -> ArmMock:
    """The mock of the estate, its machines in several phases."""
    for n, machine in enumerate(estate["virtual_machines"]):
        machine.pop("snapshots", None)
        machine["at"] = STANDS[n % len(STANDS)]
    (folder / "scenario.yaml").write_text(yaml.safe_dump({"name": "trip", "estate": estate}), encoding="utf-8")
    scenario = load_scenario(folder / "scenario.yaml")
    return ArmMock(World(spec_of(scenario)), epoch=scenario.starts_at, clock="step")


def powershell(item: Any) -> Any:
    """An item as Az PowerShell shows it: no sizes of disks."""
    own, details = item["properties"], item["properties"]["providerSpecificDetails"]
    return {
        "ID": item["id"],
        "FriendlyName": own["friendlyName"],
        "ActiveLocation": own["activeLocation"],
        "ProtectionState": own["protectionState"],
        "ReplicationHealth": own["replicationHealth"],
        "ReplicationProvider": details["instanceType"],
        "PolicyFriendlyName": own["policyFriendlyName"],
        "ProviderSpecificDetails": {"OSType": details.get("osType"), "MultiVmGroupName": None},
    }


ENVELOPES: dict[str, Callable[[list[Any]], Any]] = {
    "az rest": lambda rows: {"value": rows, "nextLink": None},
    "Resource Graph": lambda rows: {"totalRecords": len(rows), "count": len(rows), "data": rows},
    "the Azure CLI's arrays": lambda rows: rows,
    "pages joined": lambda rows: [{"value": rows[:2], "nextLink": "https://x"}, {"value": rows[2:]}],
}


def through_the_vault(estate: Machine, envelope: str, folder: Path) -> None:
    mock = mock_of(estate, folder)
    rows = vault_export.single_reads(mock)
    body = ENVELOPES[envelope](rows)
    (folder / "items.json").write_text(json.dumps(body), encoding="utf-8")
    found = estate_in(folder, folder / "items.json")
    told = {name: as_told(vm) for name, vm in found.virtual_machines.items()}
    assert {n: (t["os"], t["architecture"], t["disks"], t["at"].value) for n, t in told.items()} == {
        m["name"]: (m["os"], m["architecture"], tuple(d["size_gib"] for d in m["disks"]), m["at"])
        for m in estate["virtual_machines"]
    }


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 6), st.integers(0, 9999), st.sampled_from(sorted(ENVELOPES)), st.sampled_from(list(Architecture)))
def test_the_vault_s_json_in_any_envelope_keeps_what_it_can_hold(
    machines: int, seed: int, envelope: str, architecture: Architecture
) -> None:
    with TemporaryDirectory() as name:
        through_the_vault(estate_of(machines, seed, architecture), envelope, Path(name))


@pytest.mark.slow
def test_five_hundred_machines_through_the_vault_lose_nothing(tmp_path: Path) -> None:
    through_the_vault(estate_of(500, 7), "Resource Graph", tmp_path)


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 6), st.integers(0, 9999))
def test_powershell_s_objects_beside_rvtools_keep_what_both_can_hold(machines: int, seed: int) -> None:
    with TemporaryDirectory() as name:
        folder, estate = Path(name), estate_of(machines, seed)
        site = write(site_of(estate), folder / "out", Dress(batch=True))
        items = [
            row for row in vault_export.single_reads(mock_of(estate, folder)) if "activeLocation" in row["properties"]
        ]
        (folder / "items.json").write_text(json.dumps(list(map(powershell, items))), encoding="utf-16")
        found = estate_in(folder, folder / "items.json", site)
        told = {name: as_told(vm) for name, vm in found.virtual_machines.items()}
        assert {n: (t["os"], t["architecture"], t["disks"], t["at"].value) for n, t in told.items()} == {
            m["name"]: (m["os"], m["architecture"], tuple(d["size_gib"] for d in m["disks"]), m["at"])
            for m in estate["virtual_machines"]
        }


# Lists


def rows_of(estate: Machine) -> Iterator[dict[str, Any]]:
    for n, machine in enumerate(estate["virtual_machines"]):
        yield {
            "machine": machine["name"],
            "os": machine["os"],
            "os version": machine["os_version"],
            "architecture": machine["architecture"],
            "disks gib": "; ".join(str(disk["size_gib"]) for disk in machine["disks"]),
            "tier": machine["tier"],
            "host": machine["host"],
            "datastore": machine["datastore"],
            "memory gib": machine["memory_gib"],
            "static ip": "yes" if n % 2 else "no",
            "ip address": f"10.0.0.{n}",
        }


def through_a_list(estate: Machine, separator: str, folder: Path) -> None:
    rows = list(rows_of(estate))
    with (folder / "cmdb.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    found = estate_in(folder, folder / "cmdb.csv")
    told = {name: as_told(vm) for name, vm in found.virtual_machines.items()}
    for row in rows:
        vm = told[row["machine"]]
        assert vm["disks"] == tuple(map(float, row["disks gib"].split("; ")))
        assert vm["static_ip"] is (row["static ip"] == "yes")
        assert vm["adapters"] == (("", "", (row["ip address"],)),)
        for fact in ("os", "architecture", "tier", "host", "datastore"):
            assert vm[fact] == row[fact]
        assert (vm["os_version"], vm["memory_gib"]) == (row["os version"], row["memory gib"])


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 6), st.integers(0, 9999), st.sampled_from(",;\t"))
def test_a_list_of_one_s_own_keeps_all_of_its_columns(machines: int, seed: int, separator: str) -> None:
    with TemporaryDirectory() as name:
        through_a_list(estate_of(machines, seed), separator, Path(name))


@pytest.mark.slow
def test_five_hundred_machines_through_a_list_lose_nothing(tmp_path: Path) -> None:
    through_a_list(estate_of(500, 7), ";", tmp_path)


def test_the_at_scale_csv_keeps_names_and_addresses_beside_another_source(tmp_path: Path) -> None:
    estate = estate_of(5, 3)
    lines = [f"{m['name']},{m['name']}-az,10.9.0.{n}" for n, m in enumerate(estate["virtual_machines"])]
    head = "SOURCE_MACHINE_NAME,TARGET_MACHINE_NAME,PRIVATE_IP"
    (tmp_path / "input.csv").write_text("\n".join([head, *lines]), encoding="utf-8")
    site = write(site_of(estate), tmp_path / "out")
    found = estate_in(tmp_path, site, tmp_path / "input.csv", architecture="modernised")
    given_to = {name: vm.azure.addresses for name, vm in found.virtual_machines.items()}
    assert given_to == {m["name"]: (f"10.9.0.{n}",) for n, m in enumerate(estate["virtual_machines"])}
