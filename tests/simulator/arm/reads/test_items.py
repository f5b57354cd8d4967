from datetime import datetime
from typing import Any

import pytest

from failback.reprotect import Operation


@pytest.fixture
def home(call: Any, ask_vault: Any, let_run: Any) -> Any:
    """The caller, once sql0 and web0 replicate home."""
    for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER, Operation.REPROTECT_TO_ON_PREMISES):
        for name in ("sql0", "web0"):
            ask_vault(call.arm.world, name, operation)
        let_run(call.arm.world)
    return call


def listed(call: Any, name: str) -> Any:
    values = call.get("replicationProtectedItems")["value"]
    return next(v["properties"] for v in values if v["properties"]["friendlyName"] == name)


def test_lists_leave_out_what_single_reads_have(home: Any) -> None:
    blank, full = listed(home, "sql0")["providerSpecificDetails"], home.item("sql0")["providerSpecificDetails"]
    assert (blank["protectedDisks"], blank["masterTargetId"], blank["osDetails"]) == ([], None, None)
    assert [disk["diskName"] for disk in full["protectedDisks"]] == ["Disk0", "Disk1"]
    assert full["masterTargetId"] == home.arm.context.names.server_id("mt-win")
    assert blank["vmId"] == full["vmId"] is not None
    assert listed(home, "web0")["providerSpecificDetails"]["vmNics"] == []


def test_a_name_is_kept_across_the_cycle_and_the_protectable_item_is_not(home: Any, make_call: Any) -> None:
    fresh = make_call(clock="step")
    assert home.item_path("sql0") == fresh.item_path("sql0")
    assert home.item("sql0")["protectableItemId"] != fresh.item("sql0")["protectableItemId"]


def test_an_item_that_replicates_home_shows_the_site_on_both_sides(home: Any) -> None:
    item = home.item("sql0")
    assert (item["primaryFabricFriendlyName"], item["recoveryFabricFriendlyName"]) == ("cs1", "cs1")
    assert item["providerSpecificDetails"]["activeSiteType"] == "Azure"
    assert item["providerSpecificDetails"]["discoveryType"] == "Physical"
    assert item["policyFriendlyName"].endswith("failback")


def test_an_item_that_replicates_home_names_the_policy_of_its_replication_to_azure(home: Any) -> None:
    details = home.item("web0")["providerSpecificDetails"]
    assert home.item("web0")["policyFriendlyName"] == "24-hour-replication-policy-failback"
    assert details["lastUsedPolicyFriendlyName"] == "24-hour-replication-policy"
    assert details["lastUsedPolicyId"].endswith("/replicationPolicies/24-hour-replication-policy")


def test_an_item_on_its_way_to_azure_says_so_literally(call: Any) -> None:
    assert call.item("sql0")["recoveryFabricId"] == "Microsoft Azure"


def test_while_a_job_runs_the_item_keeps_its_state_and_names_the_job(call: Any, ask_vault: Any) -> None:
    ask_vault(call.arm.world, "sql0", Operation.FAILOVER)
    call.control("POST", "clock/jump", {"to_s": 40})
    item = call.item("sql0")
    job = call.arm.world.vault.items["sql0"].job
    assert (item["protectionState"], item["allowedOperations"]) == ("Protected", [])
    assert item["currentScenario"]["scenarioName"] == "UnplannedFailover"
    assert item["currentScenario"]["jobId"].endswith(job.id)
    assert item["currentScenario"]["startTime"] == "2026-06-05T18:00:00.0000000Z"


def test_an_idle_item_has_the_scenario_none_of_1753(call: Any) -> None:
    scenario = call.item("sql0")["currentScenario"]
    assert scenario["jobId"].endswith("/replicationJobs/None")
    assert (scenario["scenarioName"], scenario["startTime"]) == ("None", "1753-01-01T01:01:01Z")


@pytest.mark.parametrize("operation", [Operation.FAILOVER, Operation.FAILBACK])
def test_the_agent_registers_some_time_after_the_boot(
    operation: Operation, home: Any, ask_vault: Any, make_call: Any
) -> None:
    call = home if operation is Operation.FAILBACK else make_call(clock="step")
    world = call.arm.world
    ask_vault(world, "sql0", operation)
    ask_vault(world, "web0", operation)
    while world.vault.items["sql0"].job or world.vault.items["web0"].job:
        world.jump()
    assert [registered(call, name) for name in ("sql0", "web0")] == [False, False]
    world.catch_up(world.env.now + 100)
    assert [registered(call, name) for name in ("sql0", "web0")] == [True, True]


def registered(call: Any, name: str) -> bool:
    item = call.item(name)
    details = item["providerSpecificDetails"]
    if "isAgentRegistrationSuccessfulAfterFailover" in details:
        return bool(details["isAgentRegistrationSuccessfulAfterFailover"])
    return at(details["lastHeartbeat"]) >= at(item["lastSuccessfulFailoverTime"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_resync_shows_how_far_it_is(call: Any, ask_vault: Any, let_run: Any) -> None:
    world = call.arm.world
    for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER):
        for name in ("sql0", "web0"):
            ask_vault(world, name, operation)
        let_run(world)
    for name in ("sql0", "web0"):
        ask_vault(world, name, Operation.REPROTECT_TO_ON_PREMISES)
    while world.vault.items["web0"].job:
        world.jump()
    world.catch_up(world.env.now + 500)
    classic, modern = call.item("sql0"), call.item("web0")
    assert classic["protectionState"] == modern["protectionState"] == "InitialReplicationInProgress"
    percent = modern["providerSpecificDetails"]["initialReplicationProgressPercentage"]
    assert 10 < percent < 90
    assert classic["providerSpecificDetails"]["resyncDetails"]["initialReplicationProgressPercentage"] == str(percent)
    assert classic["providerSpecificDetails"]["protectedDisks"][0]["resyncProgressPercentage"] == percent
    assert modern["providerSpecificDetails"]["protectedDisks"][0]["irDetails"]["progressPercentage"] == percent


def test_a_broken_rule_is_a_health_error_of_the_item(home: Any) -> None:
    fault = {"kind": "power_on", "object": "sql0"}
    assert home.control("POST", "faults", fault).status == 200
    item = home.item("sql0")
    assert [error["errorCode"] for error in item["healthErrors"]] == ["FB-R33"]
    assert item["replicationHealth"] == "Critical"
    assert home.item("web0")["healthErrors"] == []


def test_lists_filter_by_what_the_service_knows_of_an_item(home: Any) -> None:
    def names(text: str) -> list[str]:
        query = f"api-version=2025-08-01&$filter={text}".replace(" ", "%20")
        return [v["properties"]["friendlyName"] for v in home.get("replicationProtectedItems", query)["value"]]

    assert names("InstanceType eq 'InMage'") == ["sql0"]
    assert names("InstanceType ne 'InMage' and RecoveryPlanName eq 'CLASSIC-plan'") == ["sql1"]
    assert names("vCenterName eq 'vcenter' and InstanceType eq 'InMage'") == ["sql0"]
    assert names("vCenterName eq 'elsewhere'") == []
    home.arm.world.site.change("web1", replication_group="shop")
    assert names("multiVmGroupCreateOption eq 'UserSpecified'") == ["web1"]
    assert "sql0" in names("multiVmGroupCreateOption eq 'AutoCreated'")


@pytest.mark.parametrize("collection", ["replicationProtectedItems", "CONTAINER/replicationProtectableItems"])
@pytest.mark.parametrize("field", ["friendlyName", "replicationHealth", "protectionState"])
def test_a_list_of_items_takes_no_filter_that_the_service_does_not_know(collection: str, field: str, call: Any) -> None:
    for name in ("sql0", "web0"):
        container = call.item_path(name).partition("/replicationProtectedItems")[0]
        path = collection.replace("CONTAINER", container)
        answer = call("GET", path, query=f"api-version=2025-08-01&$filter={field}%20eq%20'x'")
        assert (answer.status, answer.code) == (400, "InvalidFilter")


def test_pages_are_linked_and_the_last_has_an_explicit_null(make_call: Any, make_world: Any, make_estate: Any) -> None:
    call = make_call(make_world(make_estate(classic=5, modernised=0)), page_size=2)
    body, sizes = call.get("replicationProtectedItems"), []
    while body["nextLink"]:
        sizes.append(len(body["value"]))
        body = call("GET", body["nextLink"]).body
    assert (sizes, len(body["value"]), body["nextLink"]) == ([2, 2], 1, None)


def test_recovery_points_come_newest_first_and_by_name(home: Any) -> None:
    path = home.item_path("sql0") + "/recoveryPoints"
    points = home.get(path)["value"]
    times = [at(point["properties"]["recoveryPointTime"]) for point in points]
    assert times == sorted(times, reverse=True)
    assert home.get(f"{path}/{points[0]['name'].upper()}") == points[0]
