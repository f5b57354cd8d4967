"""Every phase of both architectures from recorded answers, jobs and their failures, and the body of every request."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from failback.adapters import (
    ITEM_STATES,
    POSTS,
    BodyInputs,
    Directory,
    MissingChoice,
    NotUnderstood,
    directory_from_sdk,
    instant,
    item_from_sdk,
    item_request,
    job_from_sdk,
    plan_children,
    plan_request,
)
from failback.reprotect import LIFECYCLE, Architecture, Choices, Failure, JobState, Operation, Phase

RECORDED = Path(__file__).parent / "recorded"
PENDING, COMMITTED = "UnplannedFailoverCommitPendingStatesBegin", "UnplannedFailoverCommitted"
INITIAL = "InitialReplicationInProgress"
CLASSIC_HOST = "30AE6187-5869-8E44-B8AF6AA66E3ECC8F"


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def shown(name: str, scenario: str = "None", **properties: Any) -> dict[str, Any]:
    """A recorded item with these properties; those of the provider go under `details`."""
    item: dict[str, Any] = deepcopy(recorded(name))
    item["properties"]["providerSpecificDetails"].update(properties.pop("details", {}))
    item["properties"].update(properties)
    if scenario != "None":
        job = "/Subscriptions/s/replicationJobs/5d9a6f2e-0000-4000-8000-000000000001"
        item["properties"]["currentScenario"] = {"scenarioName": scenario, "jobId": job, "startTime": None}
    return item


def state(protection: str, active: str) -> dict[str, str]:
    return {"protectionState": protection, "activeLocation": active}


V2A, INMAGE, RCM, BACK = "item_inmage_azure_v2", "item_inmage", "item_inmage_rcm", "item_inmage_rcm_failback"
SWITCH = "SwitchReplicationGroupProtection"
CLEANABLE: dict[str, Any] = {"allowedOperations": ["TestFailoverCleanup"]}
PHASES: dict[tuple[Architecture, Phase], dict[str, Any]] = {
    (Architecture.CLASSIC, Phase.REPLICATING_TO_AZURE): shown(V2A),
    (Architecture.CLASSIC, Phase.FAILING_OVER): shown(V2A, "UnplannedFailover"),
    (Architecture.CLASSIC, Phase.FAILED_OVER): shown(V2A, **state(PENDING, "Recovery")),
    (Architecture.CLASSIC, Phase.COMMITTING_FAILOVER): shown(V2A, "CommitFailover", **state(PENDING, "Recovery")),
    (Architecture.CLASSIC, Phase.FAILOVER_COMMITTED): shown(V2A, **state(COMMITTED, "Recovery")),
    (Architecture.CLASSIC, Phase.REPROTECTING_TO_ON_PREMISES): shown(V2A, SWITCH, **state(COMMITTED, "Recovery")),
    (Architecture.CLASSIC, Phase.RESYNCING_TO_ON_PREMISES): shown(INMAGE, **state(INITIAL, "Primary")),
    (Architecture.CLASSIC, Phase.REPLICATING_TO_ON_PREMISES): shown(INMAGE),
    (Architecture.CLASSIC, Phase.FAILING_BACK): shown(INMAGE, "UnplannedFailover"),
    (Architecture.CLASSIC, Phase.FAILED_BACK): shown(INMAGE, **state(PENDING, "Recovery")),
    (Architecture.CLASSIC, Phase.COMMITTING_FAILBACK): shown(INMAGE, "CommitFailover", **state(PENDING, "Recovery")),
    (Architecture.CLASSIC, Phase.FAILBACK_COMMITTED): shown(INMAGE, **state(COMMITTED, "Recovery")),
    (Architecture.CLASSIC, Phase.REPROTECTING_TO_AZURE): shown(INMAGE, SWITCH, **state(COMMITTED, "Recovery")),
    (Architecture.CLASSIC, Phase.RESYNCING_TO_AZURE): shown(V2A, **state(INITIAL, "Primary")),
    (Architecture.CLASSIC, Phase.TESTING_FAILOVER): shown(V2A, "TestFailover"),
    (Architecture.CLASSIC, Phase.FAILOVER_TESTED): shown(V2A, **CLEANABLE),
    (Architecture.CLASSIC, Phase.CLEANING_UP_TEST): shown(V2A, "TestFailoverCleanup", **CLEANABLE),
    (Architecture.MODERNISED, Phase.REPLICATING_TO_AZURE): shown(RCM),
    (Architecture.MODERNISED, Phase.FAILING_OVER): shown(RCM, "UnplannedFailover"),
    (Architecture.MODERNISED, Phase.FAILED_OVER): shown(RCM, **state(PENDING, "Recovery")),
    (Architecture.MODERNISED, Phase.COMMITTING_FAILOVER): shown(RCM, "CommitFailover", **state(PENDING, "Recovery")),
    (Architecture.MODERNISED, Phase.FAILOVER_COMMITTED): shown(RCM, **state(COMMITTED, "Recovery")),
    (Architecture.MODERNISED, Phase.REPROTECTING_TO_ON_PREMISES): shown(RCM, SWITCH, **state(COMMITTED, "Recovery")),
    (Architecture.MODERNISED, Phase.RESYNCING_TO_ON_PREMISES): shown(BACK),
    (Architecture.MODERNISED, Phase.REPLICATING_TO_ON_PREMISES): shown(BACK, **state("Protected", "Primary")),
    (Architecture.MODERNISED, Phase.FAILING_BACK): shown(BACK, "PlannedFailover", **state("Protected", "Primary")),
    (Architecture.MODERNISED, Phase.FAILED_BACK): shown(BACK, **state("CommitPendingStatesBegin", "Recovery")),
    (Architecture.MODERNISED, Phase.CANCELLING_FAILBACK): shown(
        BACK, "CancelFailover", **state("CommitPendingStatesBegin", "Recovery")
    ),
    (Architecture.MODERNISED, Phase.COMMITTING_FAILBACK): shown(
        BACK, "CommitFailover", **state("CommitPendingStatesBegin", "Recovery")
    ),
    (Architecture.MODERNISED, Phase.FAILBACK_COMMITTED): shown(BACK, **state("PlannedFailoverCommitted", "Recovery")),
    (Architecture.MODERNISED, Phase.REPROTECTING_TO_AZURE): shown(
        BACK, SWITCH, **state("PlannedFailoverCommitted", "Recovery")
    ),
    (Architecture.MODERNISED, Phase.RESYNCING_TO_AZURE): shown(RCM, **state(INITIAL, "Primary")),
    (Architecture.MODERNISED, Phase.TESTING_FAILOVER): shown(RCM, "TestFailover"),
    (Architecture.MODERNISED, Phase.FAILOVER_TESTED): shown(RCM, testFailoverState="TestFailoverCompleted"),
    (Architecture.MODERNISED, Phase.CLEANING_UP_TEST): shown(RCM, "TestFailoverCleanup", **CLEANABLE),
}


# Items


@pytest.mark.parametrize(
    ("key", "item"), PHASES.items(), ids=lambda v: "-".join(p.value for p in v) if isinstance(v, tuple) else ""
)
def test_an_item_is_read_as_its_phase(key: tuple[Architecture, Phase], item: Mapping[str, Any]) -> None:
    seen = item_from_sdk(item)
    assert (seen.architecture, seen.phase) == key


@pytest.mark.parametrize("name", [V2A, RCM])
def test_an_item_that_is_being_enabled_is_read_as_one_in_its_initial_replication(name: str) -> None:
    item = shown(name, "EnableProtection", **state("InitialReplicationStartInProgress", "Primary"))
    assert item_from_sdk(item).phase is Phase.RESYNCING_TO_AZURE


def test_every_phase_of_the_lifecycle_can_be_read() -> None:
    phases = {(m.architecture, phase) for m in LIFECYCLE for phase in (m.phase, m.running, m.done, m.settles)}
    assert phases == set(PHASES)


def test_every_operation_of_the_lifecycle_can_be_asked() -> None:
    assert {(m.architecture, m.operation) for m in LIFECYCLE} <= set(POSTS)


def test_no_state_has_two_rows() -> None:
    keys = [(row.provider, row.protection_state) for row in ITEM_STATES]
    assert len(keys) == len(set(keys))


def test_a_steady_item_is_read_whole() -> None:
    seen = item_from_sdk(recorded(V2A))
    assert (seen.item, seen.agent_registered, seen.health_errors, seen.resync_percent) == (
        "web-01",
        True,
        (),
        None,
    )


@pytest.mark.parametrize(
    ("item", "percent"),
    [
        (shown(BACK), 37),
        (shown(RCM, **state(INITIAL, "Primary"), details={"initialReplicationProgressPercentage": 5}), 5),
        (shown(V2A, **state(INITIAL, "Primary"), details={"resyncProgressPercentage": 12}), 12),
        (
            shown(
                INMAGE,
                **state(INITIAL, "Primary"),
                details={"resyncDetails": {"initialReplicationProgressPercentage": "61"}},
            ),
            61,
        ),
        (shown(BACK, details={"initialReplicationProgressPercentage": None}), None),
        (shown(INMAGE), None),
    ],
)
def test_the_resync_percent_is_where_each_provider_keeps_it(item: Mapping[str, Any], percent: int | None) -> None:
    assert item_from_sdk(item).resync_percent == percent


@pytest.mark.parametrize(
    ("item", "phase", "percent"),
    [
        (
            shown(RCM, details={"resyncState": "StartedResynchronization", "resyncProgressPercentage": 8}),
            Phase.RESYNCING_TO_AZURE,
            8,
        ),
        (
            shown(INMAGE, details={"protectionStage": "ResyncInProgress"}),
            Phase.RESYNCING_TO_ON_PREMISES,
            100,
        ),
    ],
)
def test_a_protected_item_that_is_synchronised_anew_resyncs(
    item: Mapping[str, Any], phase: Phase, percent: int
) -> None:
    seen = item_from_sdk(item)
    assert (seen.phase, seen.resync_percent) == (phase, percent)


@pytest.mark.parametrize(
    ("failed_over", "heartbeat", "registered"),
    [
        ("2021-04-12T10:12:33.7654321Z", "2021-04-12T10:12:33.1234567Z", False),
        ("2021-04-12T10:12:33.7654321Z", "2021-04-12T10:27:00Z", True),
        ("2021-04-12T10:12:33Z", "2021-04-12T10:12:33Z", True),
        ("0001-01-01T00:00:00", "2021-04-12T10:12:33Z", True),
        ("1753-01-01T01:01:01Z", "2021-04-12T10:12:33Z", True),
        ("2021-04-12T10:12:33Z", "9999-12-31T23:59:59.9999999", None),
        ("2021-04-12T10:12:33Z", None, None),
        (None, None, None),
    ],
)
def test_a_classic_agent_is_registered_after_a_heartbeat_since_the_failover(
    failed_over: str | None, heartbeat: str | None, registered: bool | None
) -> None:
    for name in (V2A, INMAGE):
        item = shown(name, lastSuccessfulFailoverTime=failed_over, details={"lastHeartbeat": heartbeat})
        assert item_from_sdk(item).agent_registered is registered


@pytest.mark.parametrize(
    ("failed_over", "flag", "registered"),
    [
        ("2025-05-05T09:00:00Z", True, True),
        ("2025-05-05T09:00:00Z", False, False),
        ("2025-05-05T09:00:00Z", None, None),
        (None, False, True),
        (None, None, True),
        (None, True, True),
    ],
)
def test_a_modernised_agent_is_registered_by_its_flag_once_failed_over(
    failed_over: str | None, flag: bool | None, registered: bool | None
) -> None:
    details = {"isAgentRegistrationSuccessfulAfterFailover": flag}
    item = shown(RCM, lastSuccessfulFailoverTime=failed_over, details=details)
    assert item_from_sdk(item).agent_registered is registered


@pytest.mark.parametrize(
    "text", [None, "", "0001-01-01T00:00:00", "1753-01-01T01:01:01Z", "9999-12-31T23:59:59.9999999", "soon", 7]
)
def test_odd_dates_are_no_instants(text: object) -> None:
    assert instant(text) is None


def test_seven_digits_of_a_second_are_read() -> None:
    seen = instant("2021-04-12T10:20:11.4172398Z")
    assert seen is not None
    assert seen.isoformat() == "2021-04-12T10:20:11.417239+00:00"


@pytest.mark.parametrize(
    ("item", "named"),
    [
        (shown(V2A, protectionState="Melted"), "protectionState Melted"),
        (shown(V2A, **state("Protected", "Recovery")), "activeLocation Recovery"),
        (shown(V2A, "Levitation"), "Levitation"),
        (shown(INMAGE, "TestFailover"), "TestFailover"),
        (shown(V2A, details={"instanceType": "A2A"}), "A2A"),
    ],
)
def test_what_has_no_row_is_named(item: Mapping[str, Any], named: str) -> None:
    with pytest.raises(NotUnderstood, match=named):
        item_from_sdk(item)


def test_housekeeping_jobs_leave_the_phase() -> None:
    assert item_from_sdk(shown(BACK, "IrCompletion")).phase is Phase.RESYNCING_TO_ON_PREMISES


def test_test_leftovers_are_no_test() -> None:
    assert item_from_sdk(shown(V2A, testFailoverState="MarkedForDeletion")).phase is Phase.REPLICATING_TO_AZURE


# Jobs


def no_child(job_id: str) -> Mapping[str, Any]:
    raise AssertionError(f"nobody should read job {job_id}")


def reprotect(state: str = "Failed", description: str = "", **properties: Any) -> dict[str, Any]:
    job: dict[str, Any] = recorded("job_reprotect_running")
    job["properties"].update(state=state, stateDescription=description or state, **properties)
    if state == "Failed" and job["properties"]["tasks"]:
        last_task(job)["state"] = last_child(job)["state"] = "Failed"
    return job


def last_task(job: dict[str, Any]) -> dict[str, Any]:
    task: dict[str, Any] = job["properties"]["tasks"][-1]
    return task


def last_child(job: dict[str, Any]) -> dict[str, Any]:
    task: dict[str, Any] = last_task(job)["groupTaskCustomDetails"]["childTasks"][-1]
    return task


ERROR = {
    "serviceErrorDetails": {
        "code": "78093",
        "message": "off",
        "possibleCauses": "why",
        "recommendedAction": "start it",
    },
    "providerErrorDetails": {"errorCode": 78093, "errorMessage": "off"},
    "errorLevel": "Error",
    "creationTime": "2021-04-12T10:23:02.7654321Z",
    "taskId": "ProtectReplicaTask",
}
FAILURE = Failure("Reprotecting virtual machine", "78093", "off", "why", "start it")


def test_a_running_job_names_its_task_without_the_count() -> None:
    seen = job_from_sdk(reprotect("InProgress"), "web-01", Operation.REPROTECT_TO_ON_PREMISES, no_child)
    assert (seen.state, seen.task, seen.failure) == (JobState.RUNNING, "Reprotecting virtual machine", None)
    assert seen.job_id == "5d9a6f2e-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("message", "description", "state"),
    [
        ("NotStarted", "", JobState.RUNNING),
        ("InProgress", "", JobState.RUNNING),
        ("Succeeded", "Completed", JobState.SUCCEEDED),
        ("Succeeded", "PartiallySucceeded", JobState.SUCCEEDED),
        ("CompletedWithInformation", "", JobState.SUCCEEDED),
        ("PartiallySucceeded", "", JobState.SUCCEEDED),
        ("Other", "CompletedWithInformation", JobState.SUCCEEDED),
        ("Failed", "", JobState.FAILED),
        ("Cancelled", "", JobState.CANCELLED),
        ("Suspended", "", JobState.SUSPENDED),
    ],
)
def test_job_states(message: str, description: str, state: JobState) -> None:
    job = reprotect(message, description, errors=[ERROR])
    assert job_from_sdk(job, "web-01", Operation.FAILOVER, no_child).state is state


def test_an_unknown_job_state_is_named() -> None:
    with pytest.raises(NotUnderstood, match="Pondering"):
        job_from_sdk(reprotect("Pondering"), "web-01", Operation.FAILOVER, no_child)


def failed_on_the_job() -> dict[str, Any]:
    return reprotect(errors=[{**ERROR, "errorLevel": "Warning", "serviceErrorDetails": {"code": "1"}}, ERROR])


def failed_on_a_task() -> dict[str, Any]:
    job = reprotect()
    last_task(job)["errors"] = [ERROR]
    return job


def failed_on_a_child_task() -> dict[str, Any]:
    job = reprotect()
    last_child(job)["errors"] = [ERROR]
    return job


@pytest.mark.parametrize("failed", [failed_on_the_job, failed_on_a_task, failed_on_a_child_task])
def test_a_failure_is_found_wherever_it_stands(failed: Any) -> None:
    seen = job_from_sdk(failed(), "web-01", Operation.REPROTECT_TO_ON_PREMISES, no_child)
    assert (seen.task, seen.failure) == ("Reprotecting virtual machine", FAILURE)


def test_a_failure_that_only_the_child_job_tells_is_read_there() -> None:
    children = {
        "5d9a6f2e-0000-4000-8000-000000000002": reprotect("Succeeded"),
        "5d9a6f2e-0000-4000-8000-000000000003": failed_on_the_job(),
    }
    seen = job_from_sdk(reprotect(), "web-01", Operation.REPROTECT_TO_ON_PREMISES, children.__getitem__)
    assert seen.failure == FAILURE


def test_a_failure_without_a_reason_says_so() -> None:
    job = reprotect(tasks=[])
    assert job_from_sdk(job, "web-01", Operation.FAILOVER, no_child).failure == Failure(
        "", "Unknown", "The vault gave no reason."
    )


def test_a_provider_error_alone_is_told() -> None:
    job = reprotect(errors=[{"providerErrorDetails": {"errorCode": 8061, "errorMessage": "no datastore"}}])
    seen = job_from_sdk(job, "web-01", Operation.FAILOVER, no_child)
    assert seen.failure == Failure("Reprotecting virtual machine", "8061", "no datastore")


def test_a_plan_names_its_children_once_they_run() -> None:
    children = plan_children(recorded("job_plan_running"))
    assert children["web-01"] == "5d9a6f2e-0000-4000-8000-000000000005"
    assert children["app-01"] == "5d9a6f2e-0000-4000-8000-000000000006"
    assert "db-01" not in children


# Directories


def container(item: Mapping[str, Any]) -> str:
    return str(item["id"]).rsplit("/", 2)[0]


def classic_directory() -> Directory:
    mappings = recorded("mappings_vmware")["value"]
    return directory_from_sdk(recorded("fabric_vmware"), container(recorded(V2A)), mappings)


def modernised_directory() -> Directory:
    mappings, appliances = recorded("mappings_rcm")["value"], recorded("appliances")["value"]
    return directory_from_sdk(recorded("fabric_rcm"), container(recorded(RCM)), mappings, appliances)


def test_a_classic_fabric_gives_ids_by_name() -> None:
    book = classic_directory()
    assert book.master_targets["mt-windows"] == "91B2C3D4-5869-8E44-B8AF6AA66E3ECC91"
    assert book.accounts == {"root-linux": "1", "administrator-windows": "2"}
    assert (book.drives["mt-windows"], book.datastores["mt-windows"]) == (("F",), ("datastore1",))
    assert book.own_process_server == CLASSIC_HOST


def test_the_failback_policy_is_that_mapped_to_the_container_itself() -> None:
    for book in (classic_directory(), modernised_directory()):
        assert str(book.failback_policy).endswith("/24-hours-failback")
        assert str(book.azure_policy).endswith("/24-hours")


def test_appliances_are_known_by_their_own_name_and_their_agents() -> None:
    book = modernised_directory()
    assert book.appliances["appliance-1"] == "c3c3c3c3-0000-4000-8000-000000000001"
    assert book.appliances["appliance-2"] == "c3c3c3c3-0000-4000-8000-000000000002"
    assert book.process_servers["appliance-2"] == "a1a1a1a1-0000-4000-8000-000000000002"


# Requests


NOTHING = Choices()


def classic(operation: Operation, choices: Choices = NOTHING, name: str = V2A, **more: Any) -> Any:
    return item_request(BodyInputs(operation, choices, recorded(name), classic_directory(), **more))


def modernised(operation: Operation, choices: Choices = NOTHING, name: str = RCM, **more: Any) -> Any:
    return item_request(BodyInputs(operation, choices, recorded(name), modernised_directory(), **more))


HOME = Choices(
    master_target="mt-windows",
    process_server="ps-azure",
    retention_drive="F",
    datastore="datastore1",
    account="administrator-windows",
)


def test_classic_reprotect_to_on_premises() -> None:
    request = classic(Operation.REPROTECT_TO_ON_PREMISES, HOME)
    vault = container(recorded(V2A)).partition("/replicationFabrics")[0]
    assert request.verb == "reprotect"
    assert request.body == {
        "properties": {
            "failoverDirection": "RecoveryToPrimary",
            "providerSpecificDetails": {
                "instanceType": "InMage",
                "masterTargetId": "91B2C3D4-5869-8E44-B8AF6AA66E3ECC91",
                "processServerId": "7A0C1D2E-5869-8E44-B8AF6AA66E3ECC90",
                "retentionDrive": "F",
                "runAsAccountId": "2",
                "datastoreName": "datastore1",
                "diskExclusionInput": {
                    "volumeOptions": [{"volumeLabel": "Temporary Storage", "onlyExcludeIfSingleVolume": "Yes"}]
                },
                "profileId": f"{vault}/replicationPolicies/24-hours-failback",
            },
        }
    }


def test_classic_reprotect_to_azure() -> None:
    request = classic(Operation.REPROTECT_TO_AZURE, Choices(account="administrator-windows"), INMAGE)
    details = request.body["properties"].pop("providerSpecificDetails")
    assert request.body["properties"] == {"failoverDirection": "RecoveryToPrimary"}
    assert details.pop("policyId").endswith("/24-hours")
    assert details == {
        "instanceType": "InMageAzureV2",
        "masterTargetId": CLASSIC_HOST,
        "processServerId": CLASSIC_HOST,
        "runAsAccountId": "2",
    }


def out_by(used: str | None, own: str | None, known: tuple[str, ...]) -> str | None:
    """The process server in a reprotect to Azure that names none."""
    item, book = recorded(INMAGE), classic_directory()
    item["properties"]["providerSpecificDetails"]["processServerId"] = used
    book = replace(book, process_servers={name: name for name in known}, own_process_server=own)
    asked = BodyInputs(Operation.REPROTECT_TO_AZURE, Choices(account="administrator-windows"), item, book)
    body: Any = item_request(asked).body
    found: str = body["properties"]["providerSpecificDetails"]["processServerId"]
    return found


def test_without_a_choice_the_items_own_process_server_comes_before_the_fabrics_and_that_before_the_first() -> None:
    known = ("first", "fabric", "used")
    assert out_by("used", "fabric", known) == "used"
    assert out_by("gone", "fabric", known) == out_by(None, "fabric", known) == "fabric"
    assert out_by("gone", None, known) == out_by(None, "gone", known) == "first"


def test_modernised_reprotect_to_on_premises() -> None:
    choices = Choices(appliance="appliance-1", datastore="datastore1", log_storage_account="failbacklogs")
    request = modernised(Operation.REPROTECT_TO_ON_PREMISES, choices)
    details = request.body["properties"].pop("providerSpecificDetails")
    assert request.body["properties"] == {"failoverDirection": "RecoveryToPrimary"}
    assert details.pop("policyId").endswith("/24-hours-failback")
    group = "/Subscriptions/c183865e-6077-46f2-a3b1-deb0f4f4650a/resourceGroups/dr-rg"
    assert details == {
        "instanceType": "InMageRcm",
        "reprotectAgentId": "c3c3c3c3-0000-4000-8000-000000000001",
        "datastoreName": "datastore1",
        "logStorageAccountId": f"{group}/providers/Microsoft.Storage/storageAccounts/failbacklogs",
    }


def test_modernised_reprotect_home_takes_the_original_datastore_where_none_is_chosen() -> None:
    request = modernised(
        Operation.REPROTECT_TO_ON_PREMISES, Choices(appliance="appliance-2", log_storage_account="/s/x")
    )
    details = request.body["properties"]["providerSpecificDetails"]
    assert (details["datastoreName"], details["logStorageAccountId"]) == ("datastore2", "/s/x")


def test_modernised_reprotect_to_azure_has_no_direction() -> None:
    request = modernised(Operation.REPROTECT_TO_AZURE, Choices(appliance="appliance-1"), BACK)
    details = request.body["properties"].pop("providerSpecificDetails")
    assert request.body["properties"] == {}
    assert details.pop("policyId").endswith("/24-hours")
    assert details == {"instanceType": "InMageRcmFailback", "processServerId": "a1a1a1a1-0000-4000-8000-000000000001"}


@pytest.mark.parametrize(
    ("request_for", "operation", "choices", "name", "verb", "properties"),
    [
        (
            classic,
            Operation.FAILOVER,
            Choices(shut_down_source=True),
            V2A,
            "unplanned_failover",
            {
                "failoverDirection": "PrimaryToRecovery",
                "sourceSiteOperations": "Required",
                "providerSpecificDetails": {"instanceType": "InMageAzureV2"},
            },
        ),
        (
            classic,
            Operation.FAILBACK,
            Choices(recovery_point="latest_app_consistent", shut_down_source=False),
            INMAGE,
            "unplanned_failover",
            {
                "failoverDirection": "PrimaryToRecovery",
                "sourceSiteOperations": "NotRequired",
                "providerSpecificDetails": {"instanceType": "InMage", "recoveryPointType": "LatestTag"},
            },
        ),
        (
            modernised,
            Operation.FAILOVER,
            Choices(recovery_point="latest", shut_down_source=True),
            RCM,
            "unplanned_failover",
            {
                "failoverDirection": "PrimaryToRecovery",
                "sourceSiteOperations": "Required",
                "providerSpecificDetails": {"instanceType": "InMageRcm", "performShutdown": "true"},
            },
        ),
        (
            modernised,
            Operation.FAILBACK,
            Choices(recovery_point="latest"),
            BACK,
            "planned_failover",
            {"providerSpecificDetails": {"instanceType": "InMageRcmFailback", "recoveryPointType": "CrashConsistent"}},
        ),
        (
            classic,
            Operation.TEST_FAILOVER,
            Choices(),
            V2A,
            "test_failover",
            {
                "failoverDirection": "PrimaryToRecovery",
                "networkType": "NoNetworkAttachAsInput",
                "providerSpecificDetails": {"instanceType": "InMageAzureV2"},
            },
        ),
        (modernised, Operation.CLEAN_UP_TEST, Choices(), RCM, "test_failover_cleanup", {"comments": ""}),
    ],
)
def test_failovers(
    request_for: Any, operation: Operation, choices: Choices, name: str, verb: str, properties: Mapping[str, Any]
) -> None:
    request = request_for(operation, choices, name)
    assert (request.verb, request.body) == (verb, {"properties": properties})


@pytest.mark.parametrize(
    ("operation", "verb"),
    [
        (Operation.COMMIT_FAILOVER, "failover_commit"),
        (Operation.COMMIT_FAILBACK, "failover_commit"),
        (Operation.CANCEL_FAILBACK, "failover_cancel"),
    ],
)
def test_commit_and_cancel_have_no_body(operation: Operation, verb: str) -> None:
    for request in (classic(operation), modernised(operation)):
        assert (request.verb, request.body) == (verb, None)


def test_a_named_recovery_point_is_named_by_its_id() -> None:
    item_id = recorded(V2A)["id"]
    out = classic(Operation.FAILOVER, Choices(recovery_point="p1")).body["properties"]["providerSpecificDetails"]
    home = classic(Operation.FAILBACK, Choices(recovery_point="p1"), INMAGE).body["properties"]
    assert out["recoveryPointId"] == f"{item_id}/recoveryPoints/p1"
    assert home["providerSpecificDetails"] == {
        "instanceType": "InMage",
        "recoveryPointType": "Custom",
        "recoveryPointId": f"{item_id}/recoveryPoints/p1",
    }


def test_the_newest_app_consistent_point_is_taken() -> None:
    kinds = [("a", "AppConsistent", "08"), ("b", "CrashConsistent", "10"), ("c", "AppConsistent", "09")]
    points = tuple(
        {"id": i, "properties": {"recoveryPointType": kind, "recoveryPointTime": f"2021-04-12T{hour}:00:00.1234567Z"}}
        for i, kind, hour in kinds
    )
    choices = Choices(recovery_point="latest_app_consistent")
    request = modernised(Operation.FAILOVER, choices, points=points)
    assert request.body["properties"]["providerSpecificDetails"]["recoveryPointId"] == "c"
    with pytest.raises(MissingChoice, match="application-consistent"):
        modernised(Operation.FAILOVER, choices)


@pytest.mark.parametrize(
    ("request_for", "operation", "choices", "name", "named"),
    [
        (classic, Operation.REPROTECT_TO_ON_PREMISES, Choices(), V2A, "master_target"),
        (classic, Operation.REPROTECT_TO_ON_PREMISES, Choices(master_target="mt-9"), V2A, "offers: .*mt-windows"),
        (modernised, Operation.REPROTECT_TO_ON_PREMISES, Choices(), RCM, "appliance"),
        (modernised, Operation.REPROTECT_TO_ON_PREMISES, Choices(appliance="appliance-1"), RCM, "log_storage_account"),
        (classic, Operation.REPROTECT_TO_AZURE, Choices(account="nobody"), INMAGE, "account 'nobody'"),
    ],
)
def test_a_missing_value_is_named_before_anything_is_sent(
    request_for: Any, operation: Operation, choices: Choices, name: str, named: str
) -> None:
    with pytest.raises(MissingChoice, match=named):
        request_for(operation, choices, name)


def test_a_value_that_a_rule_judges_is_left_to_the_vault() -> None:
    home = classic(Operation.REPROTECT_TO_ON_PREMISES, Choices(master_target="mt-windows"), V2A).body["properties"]
    back = modernised(Operation.FAILBACK, Choices(recovery_point="p1"), BACK).body["properties"]
    assert "retentionDrive" not in home["providerSpecificDetails"]
    assert back["providerSpecificDetails"]["recoveryPointType"] == "p1"


def test_a_plan_fails_over_with_one_entry_for_each_provider() -> None:
    both = (Architecture.CLASSIC, Architecture.MODERNISED, Architecture.CLASSIC)
    request = plan_request("p", Operation.FAILOVER, Choices(shut_down_source=True), both)
    assert (request.verb, request.body) == (
        "unplanned_failover",
        {
            "properties": {
                "failoverDirection": "PrimaryToRecovery",
                "sourceSiteOperations": "Required",
                "providerSpecificDetails": [
                    {"instanceType": "InMageAzureV2", "recoveryPointType": "Latest"},
                    {"instanceType": "InMageRcm", "recoveryPointType": "Latest"},
                ],
            }
        },
    )


def test_a_plan_fails_back_as_its_architecture_does() -> None:
    old = plan_request("p", Operation.FAILBACK, Choices(), [Architecture.CLASSIC])
    new = plan_request("p", Operation.FAILBACK, Choices(), [Architecture.MODERNISED])
    assert (old.verb, new.verb) == ("unplanned_failover", "planned_failover")
    assert old.body is not None
    assert new.body is not None
    assert old.body["properties"]["providerSpecificDetails"] == [
        {"instanceType": "InMage", "recoveryPointType": "LatestTime"}
    ]
    assert "sourceSiteOperations" not in new.body["properties"]
    assert new.body["properties"]["failoverDirection"] == "RecoveryToPrimary"
    with pytest.raises(MissingChoice, match="Split it in two"):
        plan_request("p", Operation.FAILBACK, Choices(), Architecture)


@pytest.mark.parametrize("operation", [Operation.COMMIT_FAILBACK, Operation.CANCEL_FAILBACK])
def test_a_plan_commits_and_cancels_without_a_body(operation: Operation) -> None:
    assert plan_request("p", operation, Choices(), [Architecture.MODERNISED]).body is None


@pytest.mark.parametrize("operation", [Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE])
@pytest.mark.parametrize("architecture", Architecture)
def test_a_plan_is_not_asked_to_reprotect(operation: Operation, architecture: Architecture) -> None:
    with pytest.raises(MissingChoice, match="no reprotect of a plan"):
        plan_request("p", operation, Choices(), [architecture])


def test_a_plan_takes_no_single_recovery_point() -> None:
    with pytest.raises(MissingChoice, match="different points"):
        plan_request("p", Operation.FAILOVER, Choices(recovery_point="p1"), [Architecture.CLASSIC])
