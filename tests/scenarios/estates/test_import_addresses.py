"""Addresses from exports: on site, in Azure, and which of them the way home loses."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from failback.adapters.importing.read import read_paths
from failback.reprotect import UNKNOWN, Adapter, Phase
from failback.scenarios.estates.mismatch_words import NO_TOOLS, OTHER_ADDRESSES
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import MismatchKind
from failback.scenarios.runbooks.network_rows import network_rows, network_table

from . import vault_export
from .rvtools_export import Dress, Site, Vm, write
from .test_import import data, estate_in

GROUP = "/subscriptions/s/resourceGroups/g"
MACHINE = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/app-01"
SITE = Site(vms=(Vm("app-01", "vm-1", adapters=(("00:50:56:00:00:01", "prod", "10.0.0.4, fe80::1"),)),))


def saved(folder: Path, name: str, body: Any) -> Path:
    (folder / name).write_text(json.dumps(body), encoding="utf-8")
    return folder / name


def item(**details: Any) -> dict[str, Any]:
    return {
        "id": f"{GROUP}/x/replicationProtectedItems/i1",
        "properties": {
            "friendlyName": "app-01",
            "protectionState": "UnplannedFailoverCommitted",
            "activeLocation": "Recovery",
            "providerSpecificDetails": {
                "instanceType": "InMageRcm",
                "osType": "Linux",
                "targetResourceGroupId": GROUP,
                "targetVmName": "app-01",
                "protectedDisks": [{"diskName": "d", "capacityInBytes": 2**35}],
                **details,
            },
        },
    }


def interface(*addresses: str, name: str = "nic", primary: bool = True) -> dict[str, Any]:
    subnet = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/hub/subnets/web"
    configs = [
        {"name": address, "properties": {"privateIPAddress": address, "subnet": {"id": subnet}}}
        for address in addresses
    ]
    properties = {"virtualMachine": {"id": MACHINE.upper()}, "primary": primary, "ipConfigurations": configs}
    return {"id": f"{GROUP}/providers/Microsoft.Network/networkInterfaces/{name}", "properties": properties}


def mismatches(found: dict[str, Any]) -> dict[str, list[str]]:
    return {each["what"]: each["names"] for each in found["sources"].get("mismatches", ())}


def test_vnetwork_gives_mac_network_and_addresses_but_none_of_the_link(tmp_path: Path) -> None:
    machine = estate_in(tmp_path, write(SITE, tmp_path / "out", Dress(batch=True)), architecture="classic")
    (vm,) = machine.virtual_machines.values()
    assert vm.adapters == (Adapter("00:50:56:00:00:01", "prod", ("10.0.0.4",)),)
    assert vm.dns_name == "app-01.site.example"


def test_the_primary_address_of_vinfo_stands_in_for_a_missing_vnetwork(tmp_path: Path) -> None:
    with (tmp_path / "RVTools_tabvInfo.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["VM", "Primary IP Address"], ["app", "10.0.0.9"]])
    (machine,) = read_paths([tmp_path / "RVTools_tabvInfo.csv"]).machines
    assert machine.facts["adapters"] == ({"addresses": ("10.0.0.9",)},)


def test_interfaces_and_machines_of_azure_say_address_network_and_whether_it_runs(tmp_path: Path) -> None:
    running = {"instanceView": {"statuses": [{"code": "PowerState/running"}]}}
    rows = [item(), interface("10.9.0.5", name="second", primary=False), interface("10.9.0.4")]
    path = saved(tmp_path, "vault.json", [*rows, {"id": MACHINE, "properties": running}])
    azure = estate_in(tmp_path, path).virtual_machines["app-01"].azure
    assert azure.addresses == ("10.9.0.4", "10.9.0.5")
    assert (azure.network, azure.running, azure.exists, azure.moved) == ("hub", True, True, False)


def test_the_azure_cli_s_own_lists_say_the_same(tmp_path: Path) -> None:
    flat = {"id": MACHINE, "name": "app-01", "powerState": "VM deallocated"}
    config = {"privateIPAddress": "10.9.0.4", "primary": True}
    nic = {"id": f"{GROUP}/providers/Microsoft.Network/networkInterfaces/n", "virtualMachine": {"id": MACHINE}}
    path = saved(tmp_path, "vault.json", [item(), flat, nic | {"ipConfigurations": [config]}])
    azure = estate_in(tmp_path, path).virtual_machines["app-01"].azure
    assert (azure.addresses, azure.running) == (("10.9.0.4",), False)


def test_a_replica_of_another_resource_group_was_moved_and_one_in_no_list_is_not_taken_for_deleted(
    tmp_path: Path,
) -> None:
    elsewhere = {"id": MACHINE.replace("/g/", "/other/"), "properties": {}}
    moved = read_paths([saved(tmp_path, "moved.json", [item(), elsewhere])]).items[0]
    absent = read_paths([saved(tmp_path, "absent.json", [item()])]).items[0]
    assert moved.facts["azure"] == {"exists": True, "moved": True}
    assert "azure" not in absent.facts


def test_an_adapter_without_an_address_keeps_the_one_that_the_vault_shows(tmp_path: Path) -> None:
    off = Site(vms=(Vm("app-01", "vm-1", adapters=(("00:50:56:00:00:01", "prod", ""),)),))
    nics = [{"sourceIPAddress": "10.0.0.4", "sourceIPAddressType": "Static", "sourceNetworkId": "VM Network"}]
    vault = saved(tmp_path, "vault.json", [item(vmNics=nics), interface("10.9.0.4")])
    (vm,) = estate_in(tmp_path, vault, write(off, tmp_path / "out")).virtual_machines.values()
    assert vm.adapters == (Adapter("00:50:56:00:00:01", "prod", ("10.0.0.4",)),)
    assert (vm.static_ip, vm.retains_ip) == (True, False)
    told = mismatches(data(vault, tmp_path / "out"))
    assert told["with a static address, which is not kept on the way home (A07, G01)"] == ["app-01 (10.0.0.4)"]


def test_an_address_of_which_nobody_says_whether_it_is_static_is_named(tmp_path: Path) -> None:
    told = mismatches(data(write(SITE, tmp_path / "out"), architecture="modernised"))
    (names,) = [names for what, names in told.items() if "no file says whether it is static" in what]
    assert names == ["app-01 (10.0.0.4)"]


def test_the_address_of_a_classic_windows_machine_is_not_called_lost_since_it_comes_home(tmp_path: Path) -> None:
    head = "machine,os,disks gib,architecture,static ip,ip address\n"
    rows = "win-01,Windows Server 2019,40,classic,{0},10.0.0.4\nlin-01,Ubuntu,40,classic,{0},10.0.0.5\n"
    for static, what in (("yes", "with a static address"), ("", "with an address of which")):
        (tmp_path / "cmdb.csv").write_text(head + rows.format(static), encoding="utf-8")
        told = mismatches(data(tmp_path / "cmdb.csv"))
        assert [names for each, names in told.items() if each.startswith(what)] == [["lin-01 (10.0.0.5)"]]


def test_a_list_of_one_s_own_gives_addresses(tmp_path: Path) -> None:
    head = "machine,os,disks gib,architecture,IP address,port group,MAC,DNS name,address in Azure"
    text = f"{head}\napp-01,Linux,40,classic,10.0.0.4; 10.0.0.5,prod,00:50:56:00:00:01,app-01.example,10.9.0.4\n"
    (tmp_path / "cmdb.csv").write_text(text, encoding="utf-8")
    (vm,) = estate_in(tmp_path, tmp_path / "cmdb.csv").virtual_machines.values()
    assert vm.adapters == (Adapter("00:50:56:00:00:01", "prod", ("10.0.0.4", "10.0.0.5")),)
    assert (vm.azure.addresses, vm.dns_name, vm.retains_ip) == (("10.9.0.4",), "app-01.example", False)


def test_the_vault_says_through_which_server_a_machine_comes_home_and_how_far_its_resync_is(tmp_path: Path) -> None:
    mock = vault_export.mock_of("starts_in_the_middle")
    mock.world.catch_up(60.0)
    estate = estate_in(tmp_path, *vault_export.write(tmp_path / "vault", mock))
    on_its_way = [vm for vm in estate.virtual_machines.values() if vm.returns_through]
    assert {vm.returns_through for vm in on_its_way} <= {*estate.master_targets, *estate.appliances}
    (resyncing,) = (vm for vm in on_its_way if vm.at is Phase.RESYNCING_TO_ON_PREMISES)
    assert 0.5 <= resyncing.resync_done_fraction < 1


def test_what_two_sources_say_of_a_machine_in_azure_is_kept_of_both(tmp_path: Path) -> None:
    lines = "SOURCE_MACHINE_NAME,TARGET_MACHINE_NAME,PRIVATE_IP,TARGET_VNET\napp-01,app-01-az,10.7.0.4,hub\n"
    (tmp_path / "input.csv").write_text(lines, encoding="utf-8")
    vault = saved(tmp_path, "vault.json", [item(), interface("10.9.0.4")])
    (vm,) = estate_in(tmp_path, vault, tmp_path / "input.csv").virtual_machines.values()
    assert (vm.azure.addresses, vm.azure.network) == (("10.9.0.4",), "hub"), "Azure saw the address, the list did not"


@pytest.mark.parametrize(
    ("target", "addresses", "retained"),
    [(None, (), UNKNOWN), ("10.0.0.4", ("10.0.0.4",), True), ("172.16.0.5", ("172.16.0.5",), False)],
)
def test_only_the_target_of_the_failover_says_the_address_in_azure(
    target: str | None, addresses: tuple[str, ...], retained: object, tmp_path: Path
) -> None:
    """The item shows the address on site in three places more, also while the machine runs in Azure."""
    nic = {"sourceIPAddress": "10.0.0.4", "sourceIPAddressType": "Static", "isSelectedForFailover": "true"}
    seen = {"primaryNicIpAddress": "10.0.0.4", "discoveredVmDetails": {"ipAddresses": ["10.0.0.4"]}}
    modern = item(vmNics=[nic | {"targetIPAddress": target}], **seen)
    configs = [{"staticIPAddress": "10.0.0.4", "recoveryStaticIPAddress": target}]
    classic = item(instanceType="InMageAzureV2", ipAddress="10.0.0.4", vmNics=[{"ipConfigs": configs}])
    for name, row in (("modern", modern), ("classic", classic)):
        vault = saved(tmp_path, f"{name}.json", [row])
        estate = estate_in(tmp_path, vault)
        (vm,) = estate.virtual_machines.values()
        assert (vm.azure.addresses, vm.retains_ip) == (addresses, retained), name
        scenario = replace(load_scenario(resolve("one_modernised_vm")), estate=estate)
        (shown,) = network_rows(scenario)
        assert (shown.in_azure, "kept in Azure" in shown.known) == (", ".join(addresses), retained is True)
        assert "address in Azure" in network_table(scenario).heads, "the network team writes it in"


@pytest.mark.parametrize(("target", "retained"), [("172.16.0.5", UNKNOWN), ("10.0.0.4", True)])
def test_an_adapter_without_a_target_may_be_the_one_that_keeps_its_address(
    target: str, retained: object, tmp_path: Path
) -> None:
    nics = [
        {"sourceIPAddress": "10.0.0.4", "targetIPAddress": target},
        {"sourceIPAddress": "10.0.0.5", "targetIPAddress": None},
    ]
    (vm,) = estate_in(tmp_path, saved(tmp_path, "vault.json", [item(vmNics=nics)])).virtual_machines.values()
    assert (vm.azure.addresses, vm.retains_ip) == ((target,), retained)


@pytest.mark.parametrize(("on_site", "known"), [("10.0.0.4", False), ("10.20.0.9", UNKNOWN), ("2001:db8::1", False)])
def test_a_record_that_vcenter_contradicts_does_not_say_who_sets_the_address(
    on_site: str, known: object, tmp_path: Path
) -> None:
    """A record of other addresses is about something else; of another family it may be about the same adapter."""
    adapter = ("00:50:56:00:00:01", "prod", on_site)
    site = Site(
        vms=(
            Vm(
                "app-01",
                "vm-1",
                adapters=(adapter,),
                tools="toolsNotInstalled",
                os="Ubuntu Linux (64-bit)",
                disks_gib=(32,),
            ),
        )
    )
    nics = [{"sourceIPAddress": "10.0.0.4", "sourceIPAddressType": "Dynamic", "sourceNetworkId": "VM Network"}]
    paths = (saved(tmp_path, "vault.json", [item(vmNics=nics)]), write(site, tmp_path / "out"))
    (vm,) = estate_in(tmp_path, *paths).virtual_machines.values()
    assert vm.static_ip is known
    told = mismatches(data(*paths))
    assert (told.get(OTHER_ADDRESSES.words) == ["app-01 (vault: 10.0.0.4, vCenter: 10.20.0.9)"]) is (known is UNKNOWN)
    assert OTHER_ADDRESSES.kind is not MismatchKind.OTHER, "somebody has to compare them"
    assert "machines_in_doubt" not in data(*paths)["sources"], "an address says nothing of which machine it is"
    assert told[NO_TOOLS.words] == ["app-01"]
