"""Where a machine in Azure is: in the resource group that was chosen for it, in the lists of group and subscription."""

from dataclasses import replace
from typing import Any, Final

import pytest

from failback.reprotect import Operation

SUBSCRIPTION: Final = "/subscriptions/sub"
CHOSEN: Final = f"{SUBSCRIPTION}/resourceGroups/failover-rg"
VAULTS_OWN: Final = f"{SUBSCRIPTION}/resourceGroups/rg"
MACHINES: Final = "providers/Microsoft.Compute/virtualMachines"
SET: Final = {
    "sql0": {"instanceType": "InMageAzureV2", "recoveryAzureV2ResourceGroupId": CHOSEN},
    "web0": {"instanceType": "InMageRcm", "targetResourceGroupId": CHOSEN},
}
OUT_AND_PART_OF_HOME: Final = (
    Operation.FAILOVER,
    Operation.COMMIT_FAILOVER,
    Operation.REPROTECT_TO_ON_PREMISES,
)


def asked(call: Any, name: str, ask_vault: Any, let_run: Any, *operations: Operation) -> None:
    for operation in operations:
        ask_vault(call.arm.world, name, operation)
        let_run(call.arm.world)


def names(call: Any, path: str, query: str = "api-version=2024-03-01") -> list[str]:
    return [found["name"] for found in call.get(path, query.replace(" ", "%20"))["value"]]


def resources(call: Any, text: str) -> list[str]:
    return names(call, f"{SUBSCRIPTION}/resources", f"api-version=2021-04-01&$filter={text}")


@pytest.mark.parametrize("name", SET)
def test_a_machine_is_in_the_group_that_was_chosen_and_in_no_other(
    name: str, call: Any, ask_vault: Any, let_run: Any
) -> None:
    assert call("PATCH", call.item_path(name), {"properties": {"providerSpecificDetails": SET[name]}}).status == 202
    asked(call, name, ask_vault, let_run, *OUT_AND_PART_OF_HOME)
    machine = call.get(f"{CHOSEN}/{MACHINES}/{name}")
    assert call("GET", f"{VAULTS_OWN}/{MACHINES}/{name}").code == "ResourceNotFound"
    assert (names(call, f"{CHOSEN}/{MACHINES}"), names(call, f"{VAULTS_OWN}/{MACHINES}")) == ([name], [])
    (listed,) = call.get(f"{SUBSCRIPTION}/{MACHINES}")["value"]
    assert listed["id"] == machine["id"] == f"{CHOSEN}/{MACHINES}/{name}"
    nic = call.get(machine["properties"]["networkProfile"]["networkInterfaces"][0]["id"])
    assert nic["properties"]["virtualMachine"]["id"] == machine["id"]
    assert nic["id"].startswith(CHOSEN)
    if name == "web0":
        assert call.item(name)["providerSpecificDetails"]["azureVirtualMachineId"] == machine["id"]


def test_a_classic_item_names_its_machine_in_that_group(call: Any, ask_vault: Any, let_run: Any) -> None:
    body = {"properties": {"providerSpecificDetails": SET["sql0"]}}
    assert call("PATCH", call.item_path("sql0"), body).status == 202
    asked(call, "sql0", ask_vault, let_run, Operation.FAILOVER)
    details = call.item("sql0")["providerSpecificDetails"]
    assert details["targetVmId"] == f"{details['recoveryAzureResourceGroupId']}/{MACHINES}/sql0"


def test_resources_are_found_by_name_type_group_and_place(call: Any, ask_vault: Any, let_run: Any) -> None:
    assert resources(call, "") == ["vault"]
    asked(call, "web0", ask_vault, let_run, Operation.FAILOVER)
    assert resources(call, "") == ["vault", "web0"]
    assert resources(call, "resourceType eq 'Microsoft.RecoveryServices/vaults'") == ["vault"]
    assert resources(call, "resourceType eq 'Microsoft.Compute/virtualMachines' and name eq 'WEB0'") == ["web0"]
    assert resources(call, "resourceGroup eq 'failback' and location eq 'westeurope'") == ["vault", "web0"]
    assert resources(call, "name eq 'web''0'") == []
    query = "api-version=2021-04-01&$filter=kind%20eq%20'x'"
    assert call("GET", f"{SUBSCRIPTION}/resources", query=query).code == "InvalidFilter"


def test_a_machine_that_was_moved_is_listed_by_the_subscription_where_it_is(
    call: Any, ask_vault: Any, let_run: Any
) -> None:
    asked(call, "web0", ask_vault, let_run, Operation.FAILOVER)
    call.arm.world.site.change("web0", azure=replace(call.arm.world.site.vm("web0").azure, moved=True))
    (listed,) = call.get(f"{SUBSCRIPTION}/{MACHINES}")["value"]
    assert listed["id"] == f"{SUBSCRIPTION}/resourceGroups/moved-away/{MACHINES}/web0"
    assert call.get(listed["id"])["name"] == "web0"


def test_networks_and_accounts_of_all_groups_are_in_the_subscriptions_lists(call: Any) -> None:
    for kind, own in (("Microsoft.Network/virtualNetworks", 2), ("Microsoft.Storage/storageAccounts", 2)):
        assert call("PUT", f"{CHOSEN}/providers/{kind}/mine", {"location": "westeurope"}).status == 200
        assert names(call, f"{SUBSCRIPTION}/providers/{kind}")[own:] == ["mine"]
        assert len(names(call, f"{VAULTS_OWN}/providers/{kind}")) == own


def test_what_is_not_served_is_said_with_the_page_that_lists_what_is(call: Any) -> None:
    for path in ("replicationBananas", f"{SUBSCRIPTION}/providers/Microsoft.Compute/locations/westeurope/vmSizes"):
        answer = call("GET", path)
        assert (answer.status, "docs/coverage-arm.md" in answer.body["error"]["message"]) == (404, True)
