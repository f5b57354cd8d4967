from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from failback.reprotect import Operation
from failback.simulator import Fault, FaultKind
from failback.simulator.arm import ArmMock


@pytest.fixture
def reprotecting(call: Any, ask_vault: Any, let_run: Any) -> Any:
    """The caller, while the job that reprotects sql0 runs."""
    for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER):
        ask_vault(call.arm.world, "sql0", operation)
        let_run(call.arm.world)
    ask_vault(call.arm.world, "sql0", Operation.REPROTECT_TO_ON_PREMISES)
    return call


def job_of(call: Any) -> Any:
    job_id = call.arm.world.vault.items["sql0"].last_job.id
    return call.get(f"replicationJobs/{job_id}")["properties"]


def test_all_tasks_are_there_from_the_start(reprotecting: Any) -> None:
    job = job_of(reprotecting)
    assert [task["taskId"] for task in job["tasks"]] == [
        "SwitchReplicationGroupProtectionPreflightTask",
        "CommitFailoverTask",
        "DiscoverReplicaTask",
        "GetSwitchProtectionRequirementsTask",
        "ProtectReplicaTask",
    ]
    assert {task["state"] for task in job["tasks"]} == {"NotStarted"}
    assert {task["startTime"] for task in job["tasks"]} == {"0001-01-01T00:00:00"}
    assert "endTime" not in job
    assert job["allowedActions"] == ["Cancel"]


def test_a_skipped_task_is_other_skipped_and_has_no_times(reprotecting: Any, let_run: Any) -> None:
    let_run(reprotecting.arm.world)
    commit = job_of(reprotecting)["tasks"][1]
    assert (commit["state"], commit["stateDescription"], commit["endTime"]) == (
        "Other",
        "Skipped",
        "0001-01-01T00:00:00",
    )


def test_group_tasks_point_to_child_jobs_that_lists_do_not_show(reprotecting: Any, let_run: Any) -> None:
    let_run(reprotecting.arm.world)
    job = job_of(reprotecting)
    groups = [task for task in job["tasks"] if task["taskType"] == "GroupTaskDetails"]
    children = [
        child["customDetails"]["jobTask"] for g in groups for child in g["groupTaskCustomDetails"]["childTasks"]
    ]
    assert [child["jobScenarioName"] for child in children] == ["DiscoverReplica", "EnableDr"]
    assert [group["customDetails"] for group in groups] == [None, None]
    names = {listed["name"] for listed in reprotecting.get("replicationJobs")["value"]}
    for child in children:
        assert child["jobId"].rpartition("/")[2] not in names
        assert reprotecting.get(child["jobId"])["properties"]["state"] == "Succeeded"


def test_a_discovery_is_named_by_the_azure_machines_address(reprotecting: Any, let_run: Any) -> None:
    let_run(reprotecting.arm.world)
    discovery = job_of(reprotecting)["tasks"][2]["groupTaskCustomDetails"]["childTasks"][0]
    assert discovery["customDetails"]["jobTask"]["targetObjectName"].startswith("10.")


def test_the_new_item_is_named_before_the_job_is_done_once_its_child_job_is(reprotecting: Any) -> None:
    seen: list[Any] = []
    while not seen or seen[-1][0] == "InProgress":
        job = job_of(reprotecting)
        group = job["tasks"][4]["groupTaskCustomDetails"]
        child = group["childTasks"][0]["state"] if group and group["childTasks"] else None
        seen.append((job["state"], child, job["customDetails"]["newReplicationProtectedItemId"]))
        reprotecting.arm.world.jump()
    name = "/subscriptions" + reprotecting.item_path("sql0")[len("/subscriptions") :]
    assert list(dict.fromkeys(seen)) == [
        ("InProgress", None, None),
        ("InProgress", "InProgress", None),
        ("InProgress", "Succeeded", name),
        ("Succeeded", "Succeeded", name),
    ]


def test_lists_have_no_tasks_and_the_newest_job_first(reprotecting: Any) -> None:
    jobs = [job["properties"] for job in reprotecting.get("replicationJobs")["value"]]
    starts = [datetime.fromisoformat(job["startTime"]) for job in jobs]
    assert starts == sorted(starts, reverse=True)
    assert [(j["tasks"], j["activityId"], j["customDetails"]) for j in jobs] == [([], None, None)] * 3


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("JobStatus eq 'InProgress'", 1),
        ("JobStatus eq 'Succeeded' and JobName eq 'CommitFailover'", 1),
        ("JobName eq 'Reprotect'", 1),
        ("StartTime ge '2026-06-05T18:00:01Z'", 2),
        ("AffectedObjectTypes eq 'RecoveryPlan'", 0),
        ("FabricId eq 'FABRIC'", 3),
        ("FabricId eq 'x'", 0),
        ("JobOutputType eq 'Json' and TimezoneOffset eq '0'", 3),
        # Times: at another offset, as .NET's binary number (of UTC and of local time), in its short form.
        ("StartTime eq '2026-06-05T20:00:01%2B02:00'", 2),
        ("StartTime eq '5250848810437387904'", 2),
        ("StartTime eq '-8584209244854775808'", 3),
        ("StartTime eq '06/05/2026 18:00:01'", 2),
        ("StartTime eq '6/5/2026 6:00:01 PM'", 2),
        ("EndTime eq '06/05/2026 18:00:00'", 1),
        ("StartTime eq '06/05/2030 12:00:00'", 0),
    ],
)
def test_the_list_filters(text: str, count: int, reprotecting: Any) -> None:
    fabric = reprotecting.get("replicationFabrics")["value"][0]["id"]
    query = f"api-version=2025-08-01&$filter={text.replace('FABRIC', fabric)}".replace(" ", "%20")
    assert len(reprotecting.get("replicationJobs", query)["value"]) == count


UNREADABLE = ("State eq 'x'", "ScenarioName eq 'x'", "StartTime eq 'yesterday'", "EndTime ge '999999999999999999999'")


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_filter_that_the_service_does_not_know_or_whose_time_cannot_be_read_is_refused(text: str, call: Any) -> None:
    answer = call("GET", "replicationJobs", query=f"api-version=2025-08-01&$filter={text}".replace(" ", "%20"))
    assert (answer.status, answer.code) == (400, "InvalidFilter")


def test_a_failure_is_told_by_the_task_and_by_the_job_with_a_number(reprotecting: Any, let_run: Any) -> None:
    site = reprotecting.arm.world.site
    site.change("sql0", azure=replace(site.vm("sql0").azure, moved=True))
    let_run(reprotecting.arm.world)
    job = job_of(reprotecting)
    error = job["errors"][0]
    assert (job["state"], job["allowedActions"], job["tasks"][0]["errors"]) == ("Failed", ["Restart"], job["errors"])
    assert error["serviceErrorDetails"]["code"] == "FB-R17"
    assert set(error["serviceErrorDetails"]) == {"code", "message", "possibleCauses", "recommendedAction", "activityId"}
    assert (error["providerErrorDetails"]["errorCode"], "own" in error["providerErrorDetails"]["errorId"]) == (
        918017,
        True,
    )


@pytest.mark.parametrize(("machine", "rule"), [("sql0", "R23"), ("web0", "A06")])
def test_a_reprotect_before_the_agent_has_registered_fails_with_a_published_code(
    machine: str, rule: str, call: Any, ask_vault: Any, let_run: Any
) -> None:
    for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER):
        ask_vault(call.arm.world, machine, operation)
        let_run(call.arm.world)
    call.arm.world.site.change(machine, agent_registered=False)
    ask_vault(call.arm.world, machine, Operation.REPROTECT_TO_ON_PREMISES)
    let_run(call.arm.world)
    job = call.arm.world.vault.items[machine].last_job.id
    error = call.get(f"replicationJobs/{job}")["properties"]["errors"][0]
    service, provider = error["serviceErrorDetails"], error["providerErrorDetails"]
    assert (service["code"], provider["errorCode"], provider["errorId"]) == ("95226", 95226, "95226")
    assert "the Azure virtual machine did not reach the configuration server" in service["message"]
    assert service["possibleCauses"].startswith(f"{rule} does not hold")
    failed = next(line for line in call.control("GET", "history").body["lines"] if line["name"] == "JobFailed")
    assert (failed["data"]["code"], failed["data"]["rule"]) == ("95226", rule)


def test_a_published_code_is_its_own_number(call: Any, ask_vault: Any, let_run: Any) -> None:
    fault = {"kind": "fail_job", "object": "sql0", "operation": "failover", "code": "78052", "message": "no"}
    call.control("POST", "faults", fault)
    ask_vault(call.arm.world, "sql0", Operation.FAILOVER)
    let_run(call.arm.world)
    error = job_of(call)["errors"][0]["providerErrorDetails"]
    assert (error["errorCode"], error["errorId"]) == (78052, "78052")


def test_a_child_job_of_a_failed_task_tells_the_error_too(reprotecting: Any, let_run: Any) -> None:
    fault = Fault(FaultKind.FAIL_JOB, "sql0", task="ProtectReplicaTask", operation=Operation.REPROTECT_TO_ON_PREMISES)
    reprotecting.arm.world.faults.fire(fault)
    let_run(reprotecting.arm.world)
    child = job_of(reprotecting)["tasks"][4]["groupTaskCustomDetails"]["childTasks"][0]["customDetails"]["jobTask"]
    text = reprotecting.get(child["jobId"])["properties"]
    assert (text["state"], text["errors"][0]["serviceErrorDetails"]["code"]) == ("Failed", "FB-INJECTED")


def test_a_job_can_be_cancelled_and_says_so_with_two_spellings(reprotecting: Any, let_run: Any) -> None:
    job_id = reprotecting.arm.world.vault.items["sql0"].job.id
    assert reprotecting("POST", f"replicationJobs/{job_id}/cancel").status == 202
    let_run(reprotecting.arm.world)
    assert job_of(reprotecting)["state"] == "Cancelled"
    assert reprotecting.get(f"replicationOperationStatus/{job_id}")["status"] == "Canceled"
    assert reprotecting("POST", f"replicationJobs/{job_id}/cancel").status == 409


def test_a_failed_job_can_be_restarted(reprotecting: Any, let_run: Any) -> None:
    world = reprotecting.arm.world
    world.site.change("cs1", connected=False)
    let_run(world)
    failed = world.vault.items["sql0"].last_job.id
    world.site.change("cs1", connected=True)
    assert reprotecting("POST", f"replicationJobs/{failed}/restart").status == 202
    let_run(world)
    assert job_of(reprotecting)["state"] == "Succeeded"


def test_no_job_is_ever_to_be_resumed(reprotecting: Any) -> None:
    job_id = reprotecting.arm.world.vault.items["sql0"].job.id
    assert reprotecting("POST", f"replicationJobs/{job_id}/resume").code == "JobNotResumable"


def test_a_resync_that_somebody_asks_for_is_a_job_that_is_over_at_once(call: Any) -> None:
    answer = call("POST", call.item_path("sql0") + "/repairReplication")
    operation = answer.header("Location").partition("?")[0].rpartition("/")[2]
    assert answer.status == 202
    assert call.get(f"replicationJobs/{operation}")["properties"]["state"] == "Succeeded"


def test_every_ended_job_is_an_event(reprotecting: Any) -> None:
    events = reprotecting.get("replicationEvents")["value"]
    kinds = [event["properties"]["eventSpecificDetails"]["jobFriendlyName"] for event in events]
    assert kinds == ["Commit", "Failover"]
    assert reprotecting.get("replicationEvents/" + events[0]["name"]) == events[0]


def test_odd_dates_are_read_by_the_sdk(reprotecting: Any, sdk: Any) -> None:
    from failback.simulator.arm import mock

    arm: ArmMock = reprotecting.arm
    with mock(arm):
        running = arm.world.vault.items["sql0"].job
        assert running is not None
        job = sdk.replication_jobs.get("rg", "v", running.id)
        fabric = sdk.replication_fabrics.get("rg", "v", next(iter(sdk.replication_fabrics.list("rg", "v"))).name)
    assert job.properties.tasks[0].start_time == datetime(1, 1, 1)
    assert fabric.properties.custom_details.agent_expiry_date.year == 9999


def test_what_is_done_to_a_job_names_that_job(reprotecting: Any, let_run: Any) -> None:
    job = reprotecting.arm.world.vault.items["sql0"].last_job.id
    answer = reprotecting("POST", f"replicationJobs/{job}/cancel")
    assert answer.header("x-ms-request-id").rpartition("/")[2] == job
    assert reprotecting.get(answer.header("x-ms-request-id"))["name"] == job
    let_run(reprotecting.arm.world)
    again = reprotecting("POST", f"replicationJobs/{job}/restart")
    named = again.header("x-ms-request-id") if again.status == 202 else answer.header("x-ms-request-id")
    assert reprotecting.get(named)["properties"]["scenarioName"] == "SwitchReplicationGroupProtection"
    status = reprotecting.get(answer.header("Azure-AsyncOperation"))
    assert list(status) == ["id", "name", "status", "startTime", "endTime", "percentComplete", "properties", "error"]
