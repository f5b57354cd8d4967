"""Disks are added to an item's protection and removed from it, and everything that shows or counts disks says so."""

from typing import Any

import pytest

from failback.reprotect import Operation

from .test_shapes import checked, model_of

LOGS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/logs"


def specific(kind: str, **details: Any) -> Any:
    return {"properties": {"providerSpecificDetails": {"instanceType": kind, **details}}}


def to_add(*ids: str) -> Any:
    more = {
        "logStorageAccountId": LOGS,
        "diskType": "Premium_LRS",
    }
    return specific("InMageRcm", disks=[{"diskId": id_, **more} for id_ in ids])


def shown_disks(call: Any, name: str) -> dict[str, Any]:
    return {disk["diskName"]: disk for disk in call.item(name)["providerSpecificDetails"]["protectedDisks"]}


def removed(call: Any, name: str, disk: str = "Disk1") -> str:
    """Remove a disk by its id; the id."""
    id_ = str(shown_disks(call, name)[disk]["diskId"])
    answer = call("POST", f"{call.item_path(name)}/removeDisks", specific("A2A", vmManagedDisksIds=[id_]))
    assert answer.status == 202, answer.body
    assert call("GET", answer.header("Azure-AsyncOperation")).body["status"] == "Succeeded"
    return id_


@pytest.mark.parametrize("name", ["sql0", "web0"])
def test_a_removed_disk_is_protected_no_more_and_still_the_machines(name: str, call: Any, sdk: Any) -> None:
    id_ = removed(call, name)
    assert set(shown_disks(call, name)) == {"Disk0"}
    details = call.item(name)["providerSpecificDetails"]
    if name == "web0":
        assert details["unprotectedDisks"] == [{"diskId": id_, "diskName": "Disk1", "capacityInBytes": 5 * 2**30}]
    else:
        assert len(details["protectedManagedDisks"]) == 1
    if name == "sql0":
        machine = call.get(call.item(name)["protectableItemId"])["properties"]["customDetails"]
        assert [disk["diskName"] for disk in machine["diskDetails"]] == ["Disk0", "Disk1"]
    else:  # recorded: no protectable item; its machine is the discovery's
        machine = call.get(details["fabricDiscoveryMachineId"])["properties"]
        assert [disk["label"] for disk in machine["disks"]] == ["Disk0", "Disk1"]
    assert not checked(call.get(call.item_path(name)), model_of(sdk, "replication_protected_items.get"))


def test_an_added_disk_is_copied_whole_while_the_item_stays_protected(call: Any, sdk: Any, let_run: Any) -> None:
    id_ = removed(call, "web0")
    began_s = call.arm.world.env.now
    answer = call("POST", f"{call.item_path('web0')}/addDisks", to_add(id_.upper()))
    assert (answer.status, call.get(answer.header("x-ms-request-id"))["properties"]["state"]) == (202, "Succeeded")
    call.arm.world.catch_up(began_s + 10)
    disks, item = shown_disks(call, "web0"), call.item("web0")
    assert (item["protectionState"], item["replicationHealth"]) == ("Protected", "Warning")
    assert {error["errorCategory"] for error in item["healthErrors"]} == {"TestFailover"}
    assert (disks["Disk0"]["isInitialReplicationComplete"], disks["Disk0"]["irDetails"]) == ("True", None)
    added = disks["Disk1"]
    assert (added["isInitialReplicationComplete"], added["diskState"]) == ("False", "InitialReplicationPending")
    assert 5 < added["irDetails"]["progressPercentage"] < 60
    assert 0 < added["irDetails"]["processedBytes"] < 5 * 2**30
    health = call.get("replicationVaultHealth")["properties"]["protectedItemsHealth"]["categorizedResourceCounts"]
    assert health == {"Normal": 3, "Warning": 1, "Critical": 0}
    assert not checked(call.get(call.item_path("web0")), model_of(sdk, "replication_protected_items.get"))
    let_run(call.arm.world)
    item = call.item("web0")
    assert (item["replicationHealth"], item["providerSpecificDetails"]["unprotectedDisks"]) == ("Normal", [])
    assert shown_disks(call, "web0")["Disk1"]["diskState"] == "Protected"
    assert call.arm.world.env.now >= began_s + 5 * 2**30 / (1000e6 / 8)


def test_in_mode_poll_a_look_at_the_item_sees_the_copy_end(make_call: Any) -> None:
    call = make_call(clock="poll")
    id_ = removed(call, "web0")
    call("POST", f"{call.item_path('web0')}/addDisks", to_add(id_))
    looks = [call.item("web0")["replicationHealth"] for _ in range(3)]
    assert looks[-1] == "Normal"
    assert call.arm.world.env.now > 40


def test_a_failover_leaves_behind_what_is_not_copied_yet(call: Any, ask_vault: Any, let_run: Any) -> None:
    id_ = removed(call, "web0")
    call("POST", f"{call.item_path('web0')}/addDisks", to_add(id_))
    call.arm.world.catch_up(call.arm.world.env.now + 10)
    ask_vault(call.arm.world, "web0", Operation.FAILOVER)
    let_run(call.arm.world)
    assert set(shown_disks(call, "web0")) == {"Disk0"}
    assert call.arm.world.vault.items["web0"].first_syncs == {}


def test_a_disk_that_is_removed_during_its_copy_stays_out(call: Any, let_run: Any) -> None:
    id_ = removed(call, "web0")
    call("POST", f"{call.item_path('web0')}/addDisks", to_add(id_))
    call.arm.world.catch_up(call.arm.world.env.now + 10)
    removed(call, "web0")
    let_run(call.arm.world)
    assert set(shown_disks(call, "web0")) == {"Disk0"}
    assert call.item("web0")["replicationHealth"] == "Normal"


@pytest.mark.parametrize("name", ["sql0", "web0"])
def test_a_disk_that_is_left_out_does_not_come_home(name: str, make_call: Any, ask_vault: Any, let_run: Any) -> None:
    spent = []
    for disks in ([], ["Disk1"]):
        call = make_call(clock="step")
        world = call.arm.world
        for disk in disks:
            removed(call, name, disk)
        for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER):
            ask_vault(world, name, operation)
            let_run(world)
        ask_vault(world, name, Operation.REPROTECT_TO_ON_PREMISES)
        while world.vault.items[name].job:
            world.jump()
        began_s = world.env.now
        total = call.item(name)["providerSpecificDetails"]["protectedDisks"]
        let_run(world)
        spent.append((len(total), world.env.now - began_s))
    assert [count for count, _ in spent] == [2, 1]
    assert spent[1][1] <= spent[0][1]


def test_enabling_protects_the_disks_that_it_names(call: Any, let_run: Any) -> None:
    path = call.item_path("web0")
    machine = call.item("web0")["providerSpecificDetails"]["fabricDiscoveryMachineId"]
    server = call.item("web0")["providerSpecificDetails"]["processServerId"]
    ids = [disk["diskId"] for disk in shown_disks(call, "web0").values()]
    call("DELETE", path)
    body = specific(
        "InMageRcm",
        fabricDiscoveryMachineId=machine,
        targetResourceGroupId="/subscriptions/s/resourceGroups/g",
        processServerId=server,
        disksToInclude=[{"diskId": ids[0], "logStorageAccountId": LOGS, "diskType": "Premium_LRS"}],
    )
    assert call("PUT", path, body).status == 202
    let_run(call.arm.world)
    assert set(shown_disks(call, "web0")) == {"Disk0"}
    assert call.item("web0")["providerSpecificDetails"]["unprotectedDisks"][0]["diskId"] == ids[1]


WRONG = {
    "an unknown disk": ("web0", "addDisks", to_add("moon"), 400, "is not a disk of 'web0'"),
    "a protected disk": ("web0", "addDisks", to_add("Disk0"), 409, "Disk0 is protected"),
    "no disk": ("web0", "addDisks", to_add(), 400, "No disk is named"),
    "a classic item": ("sql0", "addDisks", to_add("Disk1"), 400, "modernised items only"),
    "an Azure machine's body": ("web0", "addDisks", specific("A2A"), 400, "A2A is for Azure VMs"),
    "an unknown body": ("web0", "addDisks", specific("Moon"), 400, "must be one of A2A, InMageRcm"),
    "no disk to remove": ("web0", "removeDisks", specific("A2A"), 400, "No disk is named"),
    "the system's disk": ("web0", "removeDisks", specific("A2A", vmDisksUris=["Disk0"]), 400, "operating system"),
    "a list of numbers": ("web0", "removeDisks", specific("A2A", vmDisksUris=[1]), 400, "list of strings"),
    "another body": ("sql0", "removeDisks", specific("InMageRcm"), 400, "one of A2A, InMageAzureV2"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_done_with_disks_is_refused_and_changes_nothing(wrong: str, call: Any) -> None:
    name, verb, body, status, text = WRONG[wrong]
    before = call.item(name)
    answer = call("POST", f"{call.item_path(name)}/{verb}", body)
    assert (answer.status, text in answer.body["error"]["message"]) == (status, True)
    assert call.item(name) == before


@pytest.mark.parametrize("verb", ["addDisks", "removeDisks"])
def test_disks_change_while_it_replicates_to_azure_only(verb: str, call: Any, ask_vault: Any, let_run: Any) -> None:
    body = {"addDisks": to_add("Disk1"), "removeDisks": specific("A2A", vmDisksUris=["Disk1"])}[verb]
    ask_vault(call.arm.world, "web0", Operation.FAILOVER)
    assert call("POST", f"{call.item_path('web0')}/{verb}", body).status == 409
    let_run(call.arm.world)
    answer = call("POST", f"{call.item_path('web0')}/{verb}", body)
    assert (answer.status, answer.code) == (409, "OperationNotAllowed")
