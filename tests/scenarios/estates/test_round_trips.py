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

from failback.reprotect import UNKNOWN, Architecture, OsFamily, Phase, VirtualMachine
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
    assert all(abs(store.free_gib - store.capacity_gib / 2) <= 0.1 for store in found.datastores.values())
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
    disks = [{"Id": disk.get("diskId"), "Name": disk.get("diskName")} for disk in details["protectedDisks"]]
    agent = details.get("agentVersion") or (details.get("agentDetails") or {}).get("agentVersion")
    return {
        "ID": item["id"],
        "FriendlyName": own["friendlyName"],
        "ActiveLocation": own["activeLocation"],
        "ProtectionState": own["protectionState"],
        "ReplicationHealth": own["replicationHealth"],
        "ReplicationProvider": details["instanceType"],
        "PolicyFriendlyName": own["policyFriendlyName"],
        "ProviderSpecificDetails": {
            "OSType": details.get("osType") or (details.get("osDetails") or {}).get("osType"),
            "MultiVmGroupName": details.get("multiVmGroupName"),
            "AgentVersion": agent,
            "IpAddress": details.get("ipAddress"),
            "ProtectedDiskDetails": disks,
        },
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


def through_powershell(estate: Machine, folder: Path) -> None:
    """Beside an inventory, which has the disks."""
    for n, machine in enumerate(estate["virtual_machines"]):
        machine["replication_group"] = f"{machine['os']}-{n // 3}" if n % 5 else None
    site = write(site_of(estate), folder / "out", Dress(batch=True))
    read = vault_export.single_reads(mock_of(estate, folder))
    items = [row for row in read if "activeLocation" in row["properties"]]
    (folder / "items.json").write_text(json.dumps(list(map(powershell, items))), encoding="utf-16")
    found = estate_in(folder, folder / "items.json", site)
    told = {name: as_told(vm) for name, vm in found.virtual_machines.items()}
    facts = ("os", "architecture", "disks", "replication_group", "replication_health")
    seen = {name: ([vm[fact] for fact in facts], vm["at"].value) for name, vm in told.items()}
    for m in estate["virtual_machines"]:
        sizes = tuple(disk["size_gib"] for disk in m["disks"])
        wanted = [m["os"], m["architecture"], sizes, m["replication_group"], "normal"]
        assert seen[m["name"]] == (wanted, m["at"])
    assert len(seen) == len(estate["virtual_machines"])
    versions = {vm["agent_version"] for vm in told.values()}
    assert versions == ({"9.65.0.0"} if "configuration_servers" in estate else {UNKNOWN})
    in_azure = {name: vm["azure"].addresses for name, vm in told.items() if vm["at"] is Phase.FAILOVER_COMMITTED}
    assert all(in_azure.values()) or "configuration_servers" not in estate


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 6), st.integers(0, 9999), st.sampled_from(list(Architecture)))
def test_powershell_s_objects_beside_rvtools_keep_what_both_can_hold(
    machines: int, seed: int, architecture: Architecture
) -> None:
    with TemporaryDirectory() as name:
        through_powershell(estate_of(machines, seed, architecture), Path(name))


@pytest.mark.slow
def test_five_hundred_machines_through_powershell_lose_nothing(tmp_path: Path) -> None:
    through_powershell(estate_of(500, 7, Architecture.CLASSIC), tmp_path)


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


AT_SCALE = (
    *("VAULT_SUBSCRIPTION_ID", "VAULT_NAME", "SOURCE_MACHINE_NAME", "TARGET_MACHINE_NAME", "CONFIGURATION_SERVER"),
    *("PROCESS_SERVER", "TARGET_RESOURCE_GROUP", "TARGET_STORAGE_ACCOUNT", "TARGET_STORAGE_ACCOUNT_RG", "TARGET_VNET"),
    *("TARGET_VNET_RG", "TARGET_SUBNET", "REPLICATION_POLICY", "ACCOUNT_NAME", "AVAILABILITY_SET", "PRIVATE_IP"),
    *("MACHINE_SIZE", "TESTFAILOVER_RESOURCE_GROUP", "TESTFAILOVER_VNET", "TARGET_NSG_NAME"),
    "TARGET_NSG_RESOURCE_GROUP",
)


def through_the_at_scale_csv(estate: Machine, folder: Path) -> None:
    """Beside an inventory, which has the disks. Of its columns, two say something that an estate can hold."""
    wanted: dict[str, tuple[tuple[str, ...], str]] = {}
    with (folder / "input.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, AT_SCALE, restval="x")
        writer.writeheader()
        for n, machine in enumerate(estate["virtual_machines"]):
            name, address, network = machine["name"], f"10.9.{n // 250}.{n % 250}", f"hub-{n % 3}"
            wanted[name] = (address,), network
            writer.writerow({"SOURCE_MACHINE_NAME": name, "PRIVATE_IP": address, "TARGET_VNET": network})
    site = write(site_of(estate), folder / "out")
    found = estate_in(folder, site, folder / "input.csv", architecture="modernised")
    azure = {name: vm.azure for name, vm in found.virtual_machines.items()}
    assert {name: (vm.addresses, vm.network) for name, vm in azure.items()} == wanted


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 6), st.integers(0, 9999))
def test_the_at_scale_csv_beside_an_inventory_keeps_addresses_and_networks_in_azure(machines: int, seed: int) -> None:
    with TemporaryDirectory() as name:
        through_the_at_scale_csv(estate_of(machines, seed), Path(name))


@pytest.mark.slow
def test_five_hundred_machines_through_the_at_scale_csv_lose_nothing(tmp_path: Path) -> None:
    through_the_at_scale_csv(estate_of(500, 7), tmp_path)
