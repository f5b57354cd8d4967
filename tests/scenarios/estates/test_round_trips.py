"""A generated estate, exported to each format and imported again, loses no fact that the format can hold."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from failback.reprotect import UNKNOWN, Architecture, OsFamily, VirtualMachine
from failback.reprotect import Phase as ItemPhase
from failback.scenarios.estates.generating import generated
from failback.scenarios.estates.recipe import Recipe, Spread, System
from failback.scenarios.files.loader import load_scenario
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock

from . import govc_export, vault_export
from .powershell_export import SHELLS, Shell, export_csv
from .rvtools_export import MIB, SERVER, Dress, Site, Vm, sheets, write
from .test_import import DRESSES, estate_in

Machine = dict[str, Any]
SYSTEMS = (System(OsFamily.LINUX, "Ubuntu 22.04"), System(OsFamily.WINDOWS, "Windows Server 2019"))
FAULTS = {"snapshot": 0.5, "no_tools": 0.5, "no_disk_uuids": 0.5}
SAVED = Path(__file__).parents[2] / "adapters" / "importing" / "saved" / "vcsim-site.zip"
STANDS = ("replicating_to_azure", "failover_committed", "replicating_to_on_premises")


SMALL = settings(max_examples=8, deadline=None)
LARGE = settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))
"""A few; who shrinks hundreds of machines waits for long. `SMALL` finds most of it, and shrinks."""
FIVE_HUNDRED = Recipe(
    500, 7, systems=SYSTEMS, disks=Spread(2, 0.5, 1, 4), disk_gib=Spread(80, 0.8, 10, 4096), faults=FAULTS
)


def spreads(median: float, least: float, most: float) -> st.SearchStrategy[Spread]:
    return st.builds(Spread, st.floats(least, median), st.floats(0, 1), st.just(least), st.floats(median, most))


def recipes(machines: int) -> st.SearchStrategy[Recipe]:
    """Any estate up to this size. A master target is for one family of operating systems."""
    return st.builds(
        Recipe,
        st.integers(1, machines),
        st.integers(0, 2**31),
        st.sampled_from(list(Architecture)),
        tiers=st.dictionaries(st.sampled_from(["app", "db", "web"]), st.floats(0.1, 5), min_size=1),
        systems=st.lists(st.sampled_from(SYSTEMS), min_size=1, max_size=2, unique=True).map(tuple),
        disks=spreads(2, 1, 6),
        disk_gib=spreads(80, 1, 4096),
        memory_gib=spreads(8, 1, 512),
        machines_per_host=st.integers(1, 60),
        machines_per_datastore=st.integers(1, 60),
        servers=st.integers(1, 3),
        faults=st.dictionaries(st.sampled_from(sorted(FAULTS)), st.floats(0, 1)),
    )


def trip(recipe: Recipe, through: Callable[..., None], *dress: Any) -> None:
    """Export and import what the recipe gives."""
    with TemporaryDirectory() as name:
        through(generated(recipe), *dress, Path(name))


def estate_of(machines: int, seed: int) -> Machine:
    return generated(replace(FIVE_HUNDRED, machines=machines, seed=seed))


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
    holds_what_vcenter_tells(found, site)


def holds_what_vcenter_tells(found: Any, site: Site) -> None:
    assert {name: store.capacity_gib for name, store in found.datastores.items()} == {
        name: gib for name, _, gib, _ in site.datastores
    }
    assert all(abs(store.free_gib - store.capacity_gib / 2) <= 0.1 for store in found.datastores.values())
    assert set(found.hosts) == set(site.hosts)
    assert all(host.free_memory_gib == 262144 / MIB / 2 for host in found.hosts.values())
    told = {name: as_told(vm) for name, vm in found.virtual_machines.items()}
    wanted = {vm.name: of_vcenter(vm) for vm in site.vms}
    assert {name: {fact: told[name][fact] for fact in facts} for name, facts in wanted.items()} == wanted


@SMALL
@given(recipes(6), st.sampled_from(sorted(DRESSES)))
def test_rvtools_in_any_dress_keeps_what_it_can_hold(recipe: Recipe, dress: str) -> None:
    trip(recipe, through_rvtools, DRESSES[dress])


@pytest.mark.slow
@LARGE
@example(FIVE_HUNDRED, "workbook")
@given(recipes(500), st.sampled_from(sorted(DRESSES)))
def test_hundreds_of_machines_through_rvtools_lose_nothing(recipe: Recipe, dress: str) -> None:
    trip(recipe, through_rvtools, DRESSES[dress])


def through_collected_sheets(estate: Machine, shell: Shell, folder: Path) -> None:
    """The same sheets, as PowerShell writes them for `import --collect ps1`."""
    (folder / "out").mkdir()
    for title, (head, *rows) in sheets(site_of(estate)).items():
        export_csv(head, rows, folder / "out" / f"{title}.csv", shell)
    found = estate_in(folder, folder / "out", architecture="modernised")
    holds_what_vcenter_tells(found, site_of(estate))


@SMALL
@given(recipes(6), st.sampled_from(sorted(SHELLS)))
def test_sheets_that_powershell_collects_keep_what_they_can_hold(recipe: Recipe, shell: str) -> None:
    trip(recipe, through_collected_sheets, SHELLS[shell])


@pytest.mark.slow
@LARGE
@example(FIVE_HUNDRED, "Windows PowerShell, UTF8")
@given(recipes(500), st.sampled_from(sorted(SHELLS)))
def test_hundreds_of_machines_in_sheets_that_powershell_collects_lose_nothing(recipe: Recipe, shell: str) -> None:
    trip(recipe, through_collected_sheets, SHELLS[shell])


# Saved objects of vSphere


def through_saved_objects(estate: Machine, folder: Path) -> None:
    site = site_of(estate)
    found = estate_in(folder, govc_export.write(site, folder), architecture="modernised")
    holds_what_vcenter_tells(found, site)
    for vm in site.vms:
        told = found.virtual_machines[vm.name]
        assert [disk.uuid for disk in told.disks] == [
            f"6000C29{n}-0000-0000-0000-{int(vm.id[3:]):012d}" for n, _ in enumerate(vm.disks_gib)
        ]
        assert {disk.datastore or told.datastore for disk in told.disks} == {vm.datastore}
        assert told.instance_uuid == vm.bios.replace("4200", "5000", 1)
        assert (told.vcenter, told.registered_in_vcenter, told.pending_question) == (SERVER, True, False)
        assert (told.snapshots_possible, told.exists_on_premises) == (True, True)
    assert {host.version for host in found.hosts.values()} == {"8.0.3"}
    assert {host.connected for host in found.hosts.values()} == {True}
    for name, kind, _, hosts in site.datastores:
        assert (found.datastores[name].kind, found.datastores[name].accessible) == (kind, True)
        assert {host.name for host in found.hosts.values() if name in host.datastores} == set(hosts)


@SMALL
@given(recipes(6))
def test_saved_objects_keep_what_they_can_hold(recipe: Recipe) -> None:
    trip(recipe, through_saved_objects)


@pytest.mark.slow
@LARGE
@example(FIVE_HUNDRED)
@given(recipes(500))
def test_hundreds_of_machines_in_saved_objects_lose_nothing(recipe: Recipe) -> None:
    trip(recipe, through_saved_objects)


def paths_in(folder: Path, kind: str) -> set[tuple[str, ...]]:
    """Names and types of all elements of such objects, with those of their parents."""
    return {path for file in folder.glob(f"*-{kind}-*.xml") for path in _paths(ElementTree.parse(file).getroot(), ())}


def _paths(element: Element, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    own = (*above, f"{element.tag}:{element.findtext('name')}" if element.tag == "propSet" else element.tag)
    types = [element.get("type"), element.get(f"{{{govc_export.XSI}}}type")]
    yield (*own, *filter(None, types))
    for child in element:
        yield from _paths(child, own)


@pytest.mark.parametrize("kind", ["VirtualMachine", "HostSystem", "Datastore", "Network", "SessionManager"])
def test_saved_objects_are_spelled_as_a_real_govc_spells_them(kind: str, tmp_path: Path) -> None:
    with ZipFile(SAVED) as archive:
        archive.extractall(tmp_path / "real")
    estate = estate_of(20, 7)
    ours = paths_in(govc_export.write(site_of(estate), tmp_path), kind)
    odd = ours - paths_in(tmp_path / "real", kind)
    assert [path for path in odd if govc_export.NOT_SAVED.isdisjoint(path)] == []


# The vault


def mock_of(estate: Machine, folder: Path) -> ArmMock:
    """The mock of the estate, its machines in several phases."""
    for n, machine in enumerate(estate["virtual_machines"]):
        machine.pop("snapshots", None)
        machine["at"] = STANDS[n % len(STANDS)]
    # as JSON: a YAML dump has an alias for each list of datastores that hosts share, and a file may have fifty
    (folder / "scenario.yaml").write_text(json.dumps({"name": "trip", "estate": estate}), encoding="utf-8")
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


@SMALL
@given(recipes(6), st.sampled_from(sorted(ENVELOPES)))
def test_the_vault_s_json_in_any_envelope_keeps_what_it_can_hold(recipe: Recipe, envelope: str) -> None:
    trip(recipe, through_the_vault, envelope)


@pytest.mark.slow
@LARGE
@example(FIVE_HUNDRED, "Resource Graph")
@given(recipes(500), st.sampled_from(sorted(ENVELOPES)))
def test_hundreds_of_machines_through_the_vault_lose_nothing(recipe: Recipe, envelope: str) -> None:
    trip(recipe, through_the_vault, envelope)


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
    in_azure = {name: vm["azure"].addresses for name, vm in told.items() if vm["at"] is ItemPhase.FAILOVER_COMMITTED}
    assert not any(in_azure.values()), "IpAddress does not say of which side it is"


@SMALL
@given(recipes(6))
def test_powershell_s_objects_beside_rvtools_keep_what_both_can_hold(recipe: Recipe) -> None:
    trip(recipe, through_powershell)


@pytest.mark.slow
@LARGE
@example(replace(FIVE_HUNDRED, architecture=Architecture.CLASSIC))
@given(recipes(500))
def test_hundreds_of_machines_through_powershell_lose_nothing(recipe: Recipe) -> None:
    trip(recipe, through_powershell)


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
    holds_the_rows(estate_in(folder, folder / "cmdb.csv"), rows)


def holds_the_rows(found: Any, rows: list[dict[str, Any]]) -> None:
    told = {name: as_told(vm) for name, vm in found.virtual_machines.items()}
    assert set(told) == {row["machine"] for row in rows}
    for row in rows:
        vm = told[row["machine"]]
        assert vm["disks"] == tuple(map(float, row["disks gib"].split("; ")))
        assert vm["static_ip"] is (row["static ip"] == "yes")
        assert vm["adapters"] == (("", "", (row["ip address"],)),)
        for fact in ("os", "architecture", "tier", "host", "datastore"):
            assert vm[fact] == row[fact]
        assert (vm["os_version"], vm["memory_gib"]) == (row["os version"], row["memory gib"])


@SMALL
@given(recipes(6), st.sampled_from(",;\t"))
def test_a_list_of_one_s_own_keeps_all_of_its_columns(recipe: Recipe, separator: str) -> None:
    trip(recipe, through_a_list, separator)


@pytest.mark.slow
@LARGE
@example(FIVE_HUNDRED, ";")
@given(recipes(500), st.sampled_from(",;\t"))
def test_hundreds_of_machines_through_a_list_lose_nothing(recipe: Recipe, separator: str) -> None:
    trip(recipe, through_a_list, separator)


NOT_OURS = {"ProtectionState": "Protected", "ReplicationHealth": None, "RpoInSeconds": 300.5, "TestFailoverState": ""}
"""What people export beside it, and an import does not read."""


def through_export_csv(estate: Machine, shell: Shell, folder: Path) -> None:
    """`Get-AzRecoveryServicesAsrReplicationProtectedItem | Select-Object FriendlyName, @{...} | Export-Csv`."""
    rows = [{**row, "memory gib": row["memory gib"] + 0.5} for row in rows_of(estate)]
    shown = [{"FriendlyName": row["machine"], **NOT_OURS, **row} for row in rows]
    told = [{name: _as_powershell(value) for name, value in row.items() if name != "machine"} for row in shown]
    export_csv(told[0], (row.values() for row in told), folder / "items.csv", shell)
    holds_the_rows(estate_in(folder, folder / "items.csv"), rows)


def _as_powershell(value: Any) -> Any:
    return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value


@SMALL
@given(recipes(6), st.sampled_from(sorted(SHELLS)))
def test_a_list_that_powershell_exports_keeps_all_of_its_columns(recipe: Recipe, shell: str) -> None:
    trip(recipe, through_export_csv, SHELLS[shell])


@pytest.mark.slow
@LARGE
@example(FIVE_HUNDRED, "Windows PowerShell, UseCulture")
@given(recipes(500), st.sampled_from(sorted(SHELLS)))
def test_hundreds_of_machines_in_a_list_that_powershell_exports_lose_nothing(recipe: Recipe, shell: str) -> None:
    trip(recipe, through_export_csv, SHELLS[shell])


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


@SMALL
@given(recipes(6))
def test_the_at_scale_csv_beside_an_inventory_keeps_addresses_and_networks_in_azure(recipe: Recipe) -> None:
    trip(recipe, through_the_at_scale_csv)


@pytest.mark.slow
@LARGE
@example(FIVE_HUNDRED)
@given(recipes(500))
def test_hundreds_of_machines_through_the_at_scale_csv_lose_nothing(recipe: Recipe) -> None:
    trip(recipe, through_the_at_scale_csv)
