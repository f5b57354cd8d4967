"""Machines in Azure are what the vault and its clients say of them: name, address, network."""

from dataclasses import replace
from typing import Any, Final

import pytest

from failback.reprotect import Operation

GROUP: Final = "/subscriptions/sub/resourceGroups/rg/providers"
NETWORK: Final = f"{GROUP}/Microsoft.Network/virtualNetworks/test-network"
SET: Final = {
    "sql0": {"recoveryAzureVMName": "sql-in-azure", "selectedRecoveryAzureNetworkId": NETWORK},
    "web0": {"targetVmName": "web-in-azure", "targetNetworkId": NETWORK},
}


def failed_over(call: Any, name: str, ask_vault: Any, let_run: Any) -> None:
    ask_vault(call.arm.world, name, Operation.FAILOVER)
    let_run(call.arm.world)


@pytest.mark.parametrize("name", SET)
def test_a_machine_has_the_name_and_network_that_were_set_and_the_items_address(
    name: str, call: Any, ask_vault: Any, let_run: Any
) -> None:
    kind = "InMageAzureV2" if name == "sql0" else "InMageRcm"
    outer = SET[name] if name == "sql0" else {}
    details = {"instanceType": kind} | ({} if name == "sql0" else SET[name])
    body = {"properties": outer | {"providerSpecificDetails": details}}
    assert call("PATCH", call.item_path(name), body).status == 202
    failed_over(call, name, ask_vault, let_run)
    called = next(iter(SET[name].values()))
    machine = call.get(f"{GROUP}/Microsoft.Compute/virtualMachines/{called}")
    assert machine["name"] == called
    assert call("GET", f"{GROUP}/Microsoft.Compute/virtualMachines/{name}").status == 404
    (nic,) = machine["properties"]["networkProfile"]["networkInterfaces"]
    (config,) = call.get(nic["id"])["properties"]["ipConfigurations"]
    assert config["properties"]["subnet"]["id"] == f"{NETWORK}/subnets/default"
    shown = call.item(name)["providerSpecificDetails"]
    assert config["properties"]["privateIPAddress"] == shown["ipAddress" if name == "sql0" else "primaryNicIpAddress"]
    listed = call.get(f"{GROUP}/Microsoft.Network/networkInterfaces")["value"]
    assert [each["properties"]["virtualMachine"]["id"].rpartition("/")[2] for each in listed] == [called]


def test_an_address_that_the_estate_knows_is_shown_on_either_side(call: Any, ask_vault: Any, let_run: Any) -> None:
    world = call.arm.world
    failed_over(call, "web0", ask_vault, let_run)
    known = replace(world.site.vm("web0").azure, addresses=("10.77.0.4", "10.77.0.5"))
    world.site.change("web0", azure=known)
    assert call.item("web0")["providerSpecificDetails"]["primaryNicIpAddress"] == "10.77.0.4"


def test_a_machine_that_is_not_there_has_no_network_interface(call: Any) -> None:
    assert call.get(f"{GROUP}/Microsoft.Network/networkInterfaces")["value"] == []
    assert call("GET", f"{GROUP}/Microsoft.Network/networkInterfaces/web0-nic0").status == 404
