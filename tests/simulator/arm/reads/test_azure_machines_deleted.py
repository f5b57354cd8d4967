"""Somebody deletes a machine in Azure: it is gone there, its item goes on naming it, and what needs it fails."""

from typing import Any, Final

from failback.reprotect import Operation

MACHINE: Final = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/sql0"


def out(call: Any, ask_vault: Any, let_run: Any) -> None:
    for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER):
        ask_vault(call.arm.world, "sql0", operation)
        let_run(call.arm.world)


def test_it_is_gone_and_a_reprotect_fails_with_a_published_code(call: Any, ask_vault: Any, let_run: Any) -> None:
    out(call, ask_vault, let_run)
    before = call.item("sql0")["protectionState"]
    answer = call("DELETE", MACHINE)
    assert answer.status == 202
    assert call.get(str(answer.header("Azure-AsyncOperation")))["status"] == "Succeeded"
    assert call("GET", MACHINE).code == "ResourceNotFound"
    item = call.item("sql0")
    assert (item["protectionState"], item["providerSpecificDetails"]["targetVmId"].lower()) == (before, MACHINE.lower())
    reprotect = reprotect_home(call)
    assert reprotect.status == 202
    let_run(call.arm.world)
    job = call.get(str(reprotect.header("x-ms-request-id")))["properties"]
    assert (job["state"], job["errors"][0]["serviceErrorDetails"]["code"]) == ("Failed", "78093")
    assert job["errors"][0]["serviceErrorDetails"]["possibleCauses"].startswith("R18 does not hold")


def reprotect_home(call: Any) -> Any:
    ids = call.arm.context.names
    policies = call.get("replicationPolicies")["value"]
    home = next(p["id"] for p in policies if p["properties"]["providerSpecificDetails"]["instanceType"] == "InMage")
    details = {"instanceType": "InMage", "masterTargetId": ids.server_id("mt-win"), "retentionDrive": "R"}
    details |= {"processServerId": ids.server_id("ps-azure"), "profileId": home, "datastoreName": "ds1"}
    body = {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": details}
    return call("POST", f"{call.item_path('sql0')}/reProtect", {"properties": body})


def test_what_is_not_there_needs_no_delete(call: Any, ask_vault: Any, let_run: Any) -> None:
    assert call("DELETE", MACHINE).status == 204
    out(call, ask_vault, let_run)
    assert (call("DELETE", MACHINE).status, call("DELETE", MACHINE).status) == (202, 204)
