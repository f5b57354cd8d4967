"""Enabling is a job: the item shows that it runs, and that it failed, before anything is replicated."""

from typing import Any, Final

import pytest

from failback.reprotect import Operation
from tests.simulator.arm.conftest import Answer

POLICY: Final = "24-hour-replication-policy"
KINDS: Final = {"sql0": "InMageAzureV2", "web0": "InMageRcm"}
CREATE: Final = "replication_protected_items.begin_create"
WAY_HOME: Final = (
    Operation.FAILOVER,
    Operation.COMMIT_FAILOVER,
    Operation.REPROTECT_TO_ON_PREMISES,
    Operation.FAILBACK,
    Operation.COMMIT_FAILBACK,
)
FAILS: Final = {"kind": "job_fails", "operation": CREATE, "task": "Enable replication", "code": "95265"}


def enable(call: Any, name: str) -> Answer:
    """Take the machine out of the vault, and protect it again."""
    path, shown = call.item_path(name), call.item(name)
    assert call("DELETE", path).status == 202
    details: dict[str, Any] = {"instanceType": KINDS[name]}
    if KINDS[name] == "InMageRcm":
        old = shown["providerSpecificDetails"]
        details |= {key: old[key] for key in ("fabricDiscoveryMachineId", "processServerId", "targetResourceGroupId")}
    body = {"policyId": shown["policyId"], "providerSpecificDetails": details}
    body["protectableItemId"] = shown["protectableItemId"]
    answer: Answer = call("PUT", path, {"properties": body})
    assert answer.status == 202, answer.body
    return answer


def state(call: Any, name: str) -> tuple[str, str, list[str], str]:
    item = call.item(name)
    scenario = item["currentScenario"]["scenarioName"]
    return item["protectionState"], item["protectionStateDescription"], item["allowedOperations"], scenario


def job_id(answer: Answer) -> str:
    return str(answer.header("x-ms-request-id"))


def job_of(call: Any, answer: Answer) -> Any:
    return call.get(job_id(answer))["properties"]


@pytest.mark.parametrize("name", KINDS)
def test_an_item_is_enabled_by_a_job_and_then_replicated(name: str, call: Any) -> None:
    answer, seen, jobs = enable(call, name), [], []
    while not call.arm.world.is_over:
        seen.append(state(call, name))
        jobs.append(job_of(call, answer)["state"])
        call.arm.world.jump()
    starting = "Initial replication is in progress"
    assert list(dict.fromkeys(map(str, seen))) == [
        str(("InitialReplicationStartInProgress", starting, [], "EnableProtection")),
        str(("InitialReplicationInProgress", starting, ["DisableProtection"], "None")),
    ]
    assert state(call, name)[0] == "Protected"
    assert set(jobs) == {"InProgress", "Succeeded"}
    listed = call.get("replicationJobs")["value"]
    assert "EnableDr" in [one["properties"]["scenarioName"] for one in listed], "a user began it, so it is listed"


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_copied_and_nothing_allowed_while_the_job_runs(name: str, call: Any) -> None:
    answer, path = enable(call, name), call.item_path(name)
    call.arm.world.jump()
    job = call.item(name)["currentScenario"]["jobId"]
    assert job.lower() == job_id(answer).lower()
    disks = call.item(name)["providerSpecificDetails"]["protectedDisks"]
    copied = "resyncProcessedBytes" if name == "sql0" else "capacityInBytes"
    assert disks
    assert name != "sql0" or {disk[copied] for disk in disks} == {0}
    refused = call("POST", f"{path}/remove", {"properties": {"disableProtectionReason": "NotSpecified"}})
    assert (refused.status, refused.code) == (409, "OperationInProgress")


@pytest.mark.parametrize("name", KINDS)
def test_an_item_whose_job_failed_stays_and_can_only_be_disabled(name: str, call: Any, let_run: Any) -> None:
    assert call.control("POST", "faults", FAILS).status == 200
    answer, path = enable(call, name), call.item_path(name)
    let_run(call.arm.world)
    assert state(call, name) == (
        "EnablingFailed", "Protection couldn't be enabled", ["DisableProtection"], "EnableProtection",
    )  # fmt: skip
    item, job = call.item(name), job_of(call, answer)
    assert item["currentScenario"]["jobId"].lower() == job_id(answer).lower()
    assert item["replicationHealth"] == "Critical"
    assert [error["errorCode"] for error in item["healthErrors"]] == ["95265"]
    assert (job["state"], job["allowedActions"]) == ("Failed", ["Restart"])
    body = {"properties": {"providerSpecificDetails": {"instanceType": KINDS[name]}}}
    assert call("PATCH", path, body).code == "OperationNotAllowed"
    assert call("POST", f"{path}/failoverCommit").code == "OperationNotAllowed"
    gone = call("POST", f"{path}/remove", {"properties": {"disableProtectionReason": "NotSpecified"}})
    assert gone.status == 202
    assert call("GET", path).status == 404


def test_a_failed_job_can_be_restarted_and_a_cancelled_one_leaves_the_same_state(call: Any, let_run: Any) -> None:
    call.control("POST", "faults", FAILS)
    failed = enable(call, "web0")
    let_run(call.arm.world)
    assert call("POST", f"{job_id(failed)}/restart").status == 202
    assert state(call, "web0")[0] == "InitialReplicationStartInProgress"
    assert call.item("web0")["replicationHealth"] == "Normal"
    let_run(call.arm.world)
    assert state(call, "web0")[0] == "Protected"
    assert call("POST", f"{job_id(failed)}/restart").status == 409
    cancelled = enable(call, "web0")
    assert call("POST", f"{job_id(cancelled)}/cancel").status == 202
    let_run(call.arm.world)
    assert state(call, "web0")[0] == "EnablingFailed"


def test_a_purge_while_the_job_runs_leaves_nothing(call: Any, let_run: Any) -> None:
    enable(call, "web0")
    assert call("DELETE", call.item_path("web0")).status == 202
    let_run(call.arm.world)
    names = [one["properties"]["friendlyName"] for one in call.get("replicationProtectedItems")["value"]]
    assert "web0" not in names


UNMAPPED: Final = {
    "sql0": {"instanceType": "InMageAzureV2", "recoveryPointHistory": 1440},
    "web0": {"instanceType": "InMageRcm", "recoveryPointHistoryInMinutes": 1440},
}
AGAIN: Final = {"sql0": "InMageAzureV2", "web0": "InMageRcmFailback"}


def unmapped_policy(call: Any, name: str) -> str:
    """A policy of the way out that no mapping carries."""
    body = {"properties": {"providerSpecificInput": UNMAPPED[name]}}
    assert call("PUT", "replicationPolicies/mine", body).status == 202
    return str(call.get("replicationPolicies/mine")["id"])


@pytest.mark.parametrize("name", KINDS)
def test_a_policy_that_no_mapping_of_the_container_carries_protects_nothing(name: str, call: Any) -> None:
    path, shown, policy = call.item_path(name), call.item(name), unmapped_policy(call, name)
    container = path.partition("/replicationProtectedItems")[0]
    call("DELETE", path)
    old = shown["providerSpecificDetails"]
    details = {"instanceType": KINDS[name], "processServerId": old["processServerId"]}
    if KINDS[name] == "InMageRcm":
        details |= {key: old[key] for key in ("fabricDiscoveryMachineId", "targetResourceGroupId")}
    own = {"policyId": policy, "protectableItemId": shown["protectableItemId"], "providerSpecificDetails": details}
    refused = call("PUT", path, {"properties": own})
    assert (refused.status, refused.body["error"]["target"]) == (400, "properties.policyId")
    assert call("GET", path).status == 404
    mapped = {"targetProtectionContainerId": "Microsoft Azure", "policyId": policy}
    mapping = f"{container}/replicationProtectionContainerMappings/mine"
    assert call("PUT", mapping, {"properties": mapped}).status == 202
    assert call("PUT", path, {"properties": own}).status == 202


@pytest.mark.parametrize("name", KINDS)
def test_a_policy_that_no_mapping_carries_reprotects_nothing(
    name: str, call: Any, ask_vault: Any, let_run: Any
) -> None:
    for operation in WAY_HOME:
        ask_vault(call.arm.world, name, operation)
        let_run(call.arm.world)
    policy, ids = unmapped_policy(call, name), call.arm.context.names
    server = ids.server_id("ps-site") if name == "sql0" else ids.component("box1", "process-server")
    details = {"instanceType": AGAIN[name], "processServerId": server, "policyId": policy}
    body = {"providerSpecificDetails": details} | ({"failoverDirection": "RecoveryToPrimary"} if name == "sql0" else {})
    refused = call("POST", f"{call.item_path(name)}/reProtect", {"properties": body})
    assert (refused.status, "not mapped" in refused.body["error"]["message"]) == (400, True)
