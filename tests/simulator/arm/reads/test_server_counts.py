"""What servers say that they carry is what the items say of them; a machine's state is that of its item."""

from dataclasses import replace
from typing import Any

import pytest

from failback.reprotect import LEGS, ConfigurationServer
from tests.simulator.arm.conftest import estate_of


def details(call: Any, kind: str) -> list[Any]:
    """The customDetails of the fabrics of this kind."""
    listed = call.get("replicationFabrics")["value"]
    fabrics = [call.get(fabric["id"])["properties"]["customDetails"] for fabric in listed]
    return [found for found in fabrics if found["instanceType"] == kind]


def items(call: Any) -> list[Any]:
    listed = call.get("replicationProtectedItems")["value"]
    return [call.get(item["id"])["properties"]["providerSpecificDetails"] for item in listed]


def test_a_classic_fabric_counts_its_own_machines_and_protected_disks(call: Any) -> None:
    (shown,) = details(call, "VMware")
    classic = [found for found in items(call) if found["instanceType"] == "InMageAzureV2"]
    disks = sum(len(found["protectedDisks"]) for found in classic)
    assert (shown["protectedServers"], shown["agentCount"]) == ("2", "2")
    assert shown["replicationPairCount"] == str(disks)
    for server in shown["processServers"]:
        carried = [found for found in classic if found["processServerId"] == server["id"]]
        assert server["machineCount"] == str(len(carried))
        assert server["replicationPairCount"] == str(sum(len(found["protectedDisks"]) for found in carried))


def test_of_two_classic_fabrics_each_counts_its_own(make_call: Any, make_world: Any) -> None:
    estate = estate_of()
    machines = {**estate.virtual_machines}
    for name, server in (("sql0", "cs1"), ("sql1", "cs2")):
        machines[name] = replace(machines[name], configuration_server=server)
    servers = {**estate.configuration_servers, "cs2": ConfigurationServer("cs2")}
    call = make_call(make_world(replace(estate, configuration_servers=servers, virtual_machines=machines)))
    assert [found["protectedServers"] for found in details(call, "VMware")] == ["1", "1"]


@pytest.mark.parametrize("legs", [0, 1, 3, 6])
def test_an_appliances_process_server_counts_the_items_that_name_it(
    legs: int, call: Any, ask_vault: Any, let_run: Any
) -> None:
    for leg in LEGS[:legs]:
        ask_vault(call.arm.world, "web0", leg)
        let_run(call.arm.world)
    (shown,) = details(call, "InMageRcm")
    outward = [found for found in items(call) if found["instanceType"] == "InMageRcm"]
    assert len(outward) == (1 if legs == 3 else 2)
    for server, dra in zip(shown["processServers"], shown["dras"], strict=True):
        carried = [found for found in outward if found["processServerId"] == server["id"]]
        assert server["protectedItemCount"] == dra["forwardProtectedItemCount"] == len(carried)


@pytest.mark.parametrize("legs", range(7))
def test_a_classic_machine_that_has_moved_is_in_the_state_of_its_item(
    legs: int, call: Any, ask_vault: Any, let_run: Any
) -> None:
    for leg in LEGS[:legs]:
        ask_vault(call.arm.world, "sql0", leg)
        let_run(call.arm.world)
    item = call.item("sql0")
    shown = item["providerSpecificDetails"]["vmProtectionState"]
    assert shown == (item["protectionState"] if item["activeLocation"] == "Recovery" else "DifferentialSync")
