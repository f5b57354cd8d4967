"""Every documented request that changes something is taken, answered in the SDK's shapes, and does what it says."""

# ruff: noqa: E501  (a row of a table is one line)

from typing import Any

import pytest

from failback.reprotect import Operation
from failback.simulator.arm import ROUTES

from .test_shapes import checked, model_of

FABRIC_IDENTITY = dict.fromkeys(("tenantId", "applicationId", "objectId", "audience", "aadAuthority"), "x")
GROUP = "/subscriptions/s/resourceGroups/g"
NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/failover-network"
ACCOUNTS = f"{GROUP}/providers/Microsoft.OffAzure/VMwareSites/site/runAsAccounts"
PLAN = {"primaryFabricId": "OWN_FABRIC", "recoveryFabricId": "Microsoft Azure"}


def props(**properties: Any) -> Any:
    return {"properties": properties}


def specific(kind: str, **details: Any) -> Any:
    return {"providerSpecificDetails": {"instanceType": kind, **details}}


# Operation, the item whose names fill the path, what replaces the path's own names, body.
TAKEN: list[tuple[str, str, dict[str, str], Any]] = [
    ("replication_fabrics.begin_create", "sql0", {"fabric": "new"}, props()),
    ("replication_fabrics.begin_create", "sql0", {"fabric": "v2"}, props(customDetails={"instanceType": "VMwareV2", "migrationSolutionId": "m"})),
    ("replication_fabrics.begin_create", "sql0", {"fabric": "rcm"}, props(customDetails={"instanceType": "InMageRcm", "vmwareSiteId": "a", "physicalSiteId": "b", "sourceAgentIdentity": FABRIC_IDENTITY})),
    ("replication_fabrics.begin_check_consistency", "sql0", {}, None),
    ("replication_fabrics.begin_migrate_to_aad", "sql0", {}, None),
    ("replication_fabrics.begin_renew_certificate", "sql0", {}, props(renewCertificateType="Cloud")),
    ("replicationv_centers.begin_create", "sql0", {"vcenter": "vc2"}, props(friendlyName="vc2", ipAddress="10.0.0.9", port="443", runAsAccountId="1")),
    ("replicationv_centers.begin_update", "sql0", {}, props(ipAddress="10.0.0.10")),
    ("replication_protection_containers.begin_create", "sql0", {"container": "c2"}, props(providerSpecificInput=[{"instanceType": "A2A"}])),
    ("replication_protection_containers.begin_discover_protectable_item", "sql0", {}, props(friendlyName="box", ipAddress="10.0.0.8", osType="Linux")),
    ("replication_protection_container_mappings.begin_create", "sql0", {"mapping": "m2"}, props(policyId="POLICY", targetProtectionContainerId="Microsoft Azure", providerSpecificInput={"instanceType": "InMageAzureV2"})),
    ("replication_protection_container_mappings.begin_update", "web0", {}, props(providerSpecificInput={"instanceType": "InMageRcm", "enableAgentAutoUpgrade": "true"})),
    ("replication_network_mappings.begin_create", "sql0", {"mapping": "n2"}, props(recoveryNetworkId=NETWORK, recoveryFabricName="Microsoft Azure", fabricSpecificDetails={"instanceType": "VmmToAzure"})),
    ("replication_recovery_services_providers.begin_create", "sql0", {"provider": "p2"}, props(machineName="m", authenticationIdentityInput=FABRIC_IDENTITY, resourceAccessIdentityInput=FABRIC_IDENTITY)),
    ("replication_recovery_services_providers.begin_refresh_provider", "sql0", {}, None),
    *(
        ("replication_policies.begin_create", "sql0", {"policy": f"mine-{kind}"}, props(providerSpecificInput={"instanceType": kind, **more}))
        for kind, more in (
            ("InMage", {"multiVmSyncStatus": "Enable"}),
            ("InMageAzureV2", {"multiVmSyncStatus": "Disable", "recoveryPointHistory": 72}),
            ("InMageRcm", {"enableMultiVmSync": "true", "recoveryPointHistoryInMinutes": 60}),
            ("InMageRcmFailback", {"crashConsistentFrequencyInMinutes": 5}),
        )
    ),
    ("replication_policies.begin_update", "sql0", {}, props(replicationProviderSettings={"instanceType": "InMageAzureV2", "multiVmSyncStatus": "Enable", "recoveryPointHistory": 99})),
    ("replication_protected_items.begin_update", "sql0", {}, props(recoveryAzureVMName="better", licenseType="NoLicenseType", selectedRecoveryAzureNetworkId=NETWORK, vmNics=[], **specific("InMageAzureV2"))),
    ("replication_protected_items.begin_update", "web0", {}, props(**specific("InMageRcm", targetVmName="better", targetNetworkId=NETWORK))),
    ("replication_protected_items.begin_remove_disks", "web0", {}, props(**specific("A2A", vmManagedDisksIds=["Disk1"]))),
    ("replication_protected_items.begin_remove_disks", "sql0", {}, props(**specific("A2A", vmDisksUris=["Disk1"]))),
    ("replication_protected_items.begin_resolve_health_errors", "web0", {}, props(healthErrors=[{"healthErrorId": "e"}])),
    ("replication_protected_items.begin_update_mobility_service", "web0", {}, props(runAsAccountId="ACCOUNT")),
    ("replication_protected_items.begin_reinstall_mobility_service", "web0", {}, props(runAsAccountId="ACCOUNT")),
    ("replication_protected_items.begin_update_appliance", "web0", {}, props(targetApplianceId="box2", **specific("InMageRcm"))),
    ("replication_protected_items.begin_switch_provider", "sql0", {}, props(targetInstanceType="InMageRcm", **specific("InMageAzureV2", targetVaultID="v", targetFabricID="FABRIC", targetApplianceID="box1"))),
    ("replication_protected_items.begin_repair_replication", "web0", {}, None),
    ("replication_protected_items.begin_delete", "sql0", {}, props(disableProtectionReason="NotSpecified", replicationProviderInput={"instanceType": "InMage", "replicaVmDeletionStatus": "None"})),
    ("replication_protected_items.begin_purge", "sql0", {}, None),
    ("replication_jobs.begin_export", "sql0", {}, {"startTime": "2026-06-01T00:00:00Z", "jobStatus": "Failed", "jobOutputType": "Json", "timezoneOffset": 0.0}),
    ("replication_recovery_plans.begin_create", "sql0", {"plan": "mine"}, props(**PLAN, groups=[{"groupType": "Boot", "replicationProtectedItems": [{"id": "ITEM"}]}])),
    ("replication_recovery_plans.begin_update", "sql0", {}, props(groups=[{"groupType": "Boot", "replicationProtectedItems": [{"id": "ITEM"}]}])),
    ("replication_recovery_plans.begin_delete", "sql0", {}, None),
    ("replication_vault_health.begin_refresh", "sql0", {}, None),
    ("replication_vault_setting.begin_create", "sql0", {}, props(vmwareToAzureProviderType="InMageRcm")),
    ("replication_alert_settings.create", "sql0", {"setting": "defaultAlertSetting"}, props(sendToOwners="Send", customEmailAddresses=["a@example.com"], locale="en-GB")),
]  # fmt: skip
IDS = [f"{row[0]}-{number}" for number, row in enumerate(TAKEN)]
RETURNS_NOTHING = ("begin_delete", "begin_purge", "begin_migrate_to_aad", "begin_remove_infra")


def path_of(call: Any, operation: str, item: str, other: dict[str, str]) -> tuple[str, str]:
    segments = call.item_path(item).split("/")
    classic = item.startswith("sql")
    names = {"subscription": "sub", "resource_group": "rg", "vault": "v", "setting": "default", "vcenter": "vcenter"}
    names |= {"fabric": segments[10], "container": segments[12], "item": segments[14]}
    names |= {"provider": segments[12].removeprefix("cloud_"), "plan": "classic-plan" if classic else "modern-plan"}
    names |= {"policy": call.item(item)["policyId"].rpartition("/")[2]}
    names |= {
        "mapping": names["policy"],
        "network": call.get(f"replicationFabrics/{segments[10]}/replicationNetworks")["value"][0]["name"],
    }
    row = next(row for row in ROUTES if row.operation == operation)
    return row.verb, row.path.format(**(names | other))


def filled(value: Any, call: Any, item: str) -> Any:
    words = {
        "ITEM": call.item_path(item),
        "POLICY": call.item(item)["policyId"],
        "ACCOUNT": call.get(ACCOUNTS)["value"][0]["id"],
    }
    words["OWN_FABRIC"] = words["ITEM"].partition("/replicationProtectionContainers")[0]
    words["FABRIC"] = call.get("replicationFabrics")["value"][-1]["name"]
    if isinstance(value, dict):
        return {key: filled(inner, call, item) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, call, item) for inner in value]
    return words.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize(("operation", "item", "other", "body"), TAKEN, ids=IDS)
def test_a_documented_request_is_taken_and_answered_in_shape(
    operation: str, item: str, other: dict[str, str], body: Any, call: Any, sdk: Any
) -> None:
    verb, path = path_of(call, operation, item, other)
    answer = call(verb, path, filled(body, call, item))
    assert answer.status in (200, 202), answer.body
    if answer.status == 202:
        status = call("GET", answer.header("Azure-AsyncOperation"))
        assert status.body["status"] == "Succeeded"
        job = call.get(answer.header("x-ms-request-id"))["properties"]
        assert job["state"] in ("Succeeded", "CompletedWithInformation")
        assert job["endTime"]
        answer = call("GET", answer.header("Location"))
    if operation.rpartition(".")[2] in RETURNS_NOTHING:
        assert answer.status in (200, 204)
    else:
        assert not checked(answer.body, result_model(sdk, operation))


def result_model(sdk: Any, operation: str) -> Any:
    """What a poller of this operation returns."""
    return model_of(sdk, operation)


def test_every_operation_that_changes_something_has_such_a_request() -> None:
    legs = (
        "_failover",
        "begin_reprotect",
        "begin_failover",
        "begin_cancel",
        "begin_restart",
        "begin_resume",
        "cleanup",
    )
    elsewhere = {
        row.operation
        for row in ROUTES
        if row.verb != "GET" and (": " in row.operation or any(word in row.operation for word in legs))
    }
    removals = {f"{group}.begin_{verb}" for group in GROUPS for verb in ("delete", "purge", "remove_infra")}
    tested = {row[0] for row in TAKEN} | elsewhere | removals | OWN_TESTS
    assert {row.operation for row in ROUTES if row.verb != "GET"} <= tested


GROUPS = [
    "replication_fabrics",
    "replicationv_centers",
    "replication_protection_containers",
    "replication_protection_container_mappings",
    "replication_recovery_services_providers",
    "replication_policies",
    "replication_network_mappings",
]
OWN_TESTS = {
    "replication_protected_items.begin_add_disks",
    "replication_protected_items.begin_create",
    "replication_protected_items.begin_apply_recovery_point",
    "replication_fabrics.begin_reassociate_gateway",
    "vault_certificates.create",
    "replication_network_mappings.begin_update",
}


def made(call: Any, operation: str, other: dict[str, str], item: str = "sql0") -> None:
    row = next(row for row in TAKEN if row[0] == operation and row[2] == other)
    verb, path = path_of(call, operation, item, other)
    assert call(verb, path, filled(row[3], call, item)).status == 202


REMOVALS = [
    ("replication_fabrics.begin_create", {"fabric": "new"}, "begin_delete", "replication_fabrics.get"),
    ("replication_fabrics.begin_create", {"fabric": "new"}, "begin_purge", "replication_fabrics.get"),
    ("replicationv_centers.begin_create", {"vcenter": "vc2"}, "begin_delete", "replicationv_centers.get"),
    ("replication_protection_containers.begin_create", {"container": "c2"}, "begin_delete", "replication_protection_containers.get"),
    ("replication_protection_container_mappings.begin_create", {"mapping": "m2"}, "begin_delete", "replication_protection_container_mappings.get"),
    ("replication_protection_container_mappings.begin_create", {"mapping": "m2"}, "begin_purge", "replication_protection_container_mappings.get"),
    ("replication_recovery_services_providers.begin_create", {"provider": "p2"}, "begin_delete", "replication_recovery_services_providers.get"),
    ("replication_recovery_services_providers.begin_create", {"provider": "p2"}, "begin_purge", "replication_recovery_services_providers.get"),
    ("replication_network_mappings.begin_create", {"mapping": "n2"}, "begin_delete", "replication_network_mappings.get"),
    ("replication_policies.begin_create", {"policy": "mine-InMage"}, "begin_delete", "replication_policies.get"),
]  # fmt: skip


@pytest.mark.parametrize(("create", "other", "remove", "get"), REMOVALS)
def test_what_was_made_is_listed_read_and_removed(
    create: str, other: dict[str, str], remove: str, get: str, call: Any, sdk: Any
) -> None:
    made(call, create, other)
    group = create.partition(".")[0]
    name = next(iter(other.values()))
    listing = next(row for row in ROUTES if row.operation == f"{group}.list")
    collection = listing.path.rpartition("/")[2]
    assert name in [entry["name"] for entry in call.get(collection)["value"]]
    _, path = path_of(call, get, "sql0", other)
    assert not checked(call.get(path), model_of(sdk, get))
    verb, removal = path_of(call, f"{group}.{remove}", "sql0", other)
    answer = call(verb, removal, props() if verb == "POST" else None)
    assert call("GET", answer.header("Location")).status == 204
    assert call("GET", path).status == 404
    assert name not in [entry["name"] for entry in call.get(collection)["value"]]


@pytest.mark.parametrize("group", [group for group in GROUPS if "network" not in group])
def test_what_items_need_is_not_removed(group: str, call: Any) -> None:
    verb, path = path_of(call, f"{group}.begin_delete", "sql0", {})
    assert call(verb, path, props() if verb == "POST" else None).status == 409


def test_a_disabled_item_is_gone_and_can_be_protected_again(call: Any, let_run: Any, sdk: Any) -> None:
    path, policy = call.item_path("sql0"), call.item("sql0")["policyId"]
    answer = call("POST", f"{path}/remove", props(disableProtectionReason="NotSpecified"))
    assert call("GET", answer.header("Location")).status == 204
    assert call("GET", path).status == 404
    assert call.arm.world.site.estate.recovery_plans["classic-plan"].groups[0] == ()
    container = path.partition("/replicationProtectedItems")[0]
    free = [
        p
        for p in call.get(f"{container}/replicationProtectableItems")["value"]
        if p["properties"]["friendlyName"] == "sql0"
    ]
    assert free[0]["properties"]["protectionStatus"] == "Unprotected"
    body = props(policyId=policy, protectableItemId=free[0]["id"], **specific("InMageAzureV2"))
    answer = call("PUT", f"{container}/replicationProtectedItems/again", body)
    assert answer.status == 202
    assert call.item("sql0")["protectionState"] == "InitialReplicationStartInProgress"
    let_run(call.arm.world)
    assert not checked(call("GET", answer.header("Location")).body, model_of(sdk, "replication_protected_items.get"))
    assert (call.item("sql0")["protectionState"], call.item_path("sql0").rpartition("/")[2]) == ("Protected", "again")
    assert call("PUT", f"{container}/replicationProtectedItems/twice", body).status == 409


def test_a_modernised_machine_is_protected_by_its_discovery_id(call: Any, let_run: Any) -> None:
    path = call.item_path("web0")
    policy, shown = call.item("web0")["policyId"], call.item("web0")["providerSpecificDetails"]
    assert call("DELETE", path).status == 202
    same = {name: shown[name] for name in ("fabricDiscoveryMachineId", "processServerId")}
    details = specific("InMageRcm", targetResourceGroupId=GROUP, **same)
    assert call("PUT", path, props(policyId=policy, **details)).status == 202
    let_run(call.arm.world)
    assert call.item("web0")["protectionState"] == "Protected"


def test_a_discovered_physical_machine_can_be_protected_and_goes_out(call: Any, let_run: Any, ask_vault: Any) -> None:
    made(call, "replication_protection_containers.begin_discover_protectable_item", {})
    container = call.item_path("sql0").partition("/replicationProtectedItems")[0]
    found = call.get(f"{container}/replicationProtectableItems")["value"][-1]
    body = props(policyId=call.item("sql0")["policyId"], protectableItemId=found["id"], **specific("InMageAzureV2"))
    assert call("PUT", f"{container}/replicationProtectedItems/box", body).status == 202
    let_run(call.arm.world)
    ask_vault(call.arm.world, "box", Operation.FAILOVER)
    let_run(call.arm.world)
    assert call.item("box")["protectionState"] == "UnplannedFailoverCommitPendingStatesBegin"


def test_a_purge_takes_an_item_out_of_a_running_job(call: Any, failover_body: Any, let_run: Any) -> None:
    path = call.item_path("sql0")
    call("POST", f"{path}/unplannedFailover", failover_body)
    assert call("POST", f"{path}/remove", props()).status == 409
    assert call("DELETE", path).status == 202
    let_run(call.arm.world)
    assert call.get("replicationJobs")["value"]
    assert call("GET", path).status == 404


def test_settings_of_an_item_are_shown(call: Any) -> None:
    made(call, "replication_protected_items.begin_update", {})
    assert call.item("sql0")["providerSpecificDetails"]["recoveryAzureVMName"] == "better"


def test_the_recovery_point_changes_between_failover_and_commit_only(call: Any, ask_vault: Any, let_run: Any) -> None:
    path = call.item_path("sql0")
    point = call.get(f"{path}/recoveryPoints")["value"][0]["id"]
    body = props(recoveryPointId=point, **specific("InMageAzureV2"))
    assert call("POST", f"{path}/applyRecoveryPoint", body).status == 409
    ask_vault(call.arm.world, "sql0", Operation.FAILOVER)
    let_run(call.arm.world)
    assert call("POST", f"{path}/applyRecoveryPoint", body).status == 202
    assert call.item("sql0")["failoverRecoveryPointId"].lower() == point.lower()


def test_only_an_item_that_replicates_to_azure_moves_to_the_modernised_architecture(
    call: Any, ask_vault: Any, let_run: Any
) -> None:
    row = next(row for row in TAKEN if row[0].endswith("switch_provider"))
    ask_vault(call.arm.world, "sql0", Operation.FAILOVER)
    let_run(call.arm.world)
    body = filled(row[3], call, "sql0")
    refused = call("POST", call.item_path("sql0") + "/switchProvider", body)
    assert (refused.status, "A13" in refused.body["error"]["message"]) == (409, True)
    assert call("POST", call.item_path("sql1") + "/switchProvider", body).status == 202
    assert call.item("sql1")["providerSpecificDetails"]["instanceType"] == "InMageRcm"


def test_a_gateway_is_reassociated(call: Any, ask_vault: Any, let_run: Any) -> None:
    world = call.arm.world
    for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER, Operation.REPROTECT_TO_ON_PREMISES):
        ask_vault(world, "sql0", operation)
        let_run(world)
    servers = {
        s["friendlyName"]: s["id"]
        for s in call.get("replicationFabrics")["value"][0]["properties"]["customDetails"]["processServers"]
    }
    verb, path = path_of(call, "replication_fabrics.begin_reassociate_gateway", "sql0", {})
    ids = {"sourceProcessServerId": servers["ps-azure"], "targetProcessServerId": servers["ps-site"]}
    assert call(verb, path, props(**ids, vmsToMigrate=[], updateType="SystemLevel")).status == 202
    assert world.vault.items["sql0"].choices.process_server == "ps-site"
    assert call(verb, path, props(**(ids | {"targetProcessServerId": "x"}))).status == 400


def manual(name: str) -> Any:
    return {
        "actionName": name,
        "failoverTypes": ["UnplannedFailover"],
        "failoverDirections": ["PrimaryToRecovery"],
        "customDetails": {"instanceType": "ManualActionDetails", "description": "Look at it."},
    }


@pytest.fixture
def paused(call: Any, sdk: Any) -> Any:
    """The job of a plan's failover that waits at a manual action, and its path."""
    groups = [
        {
            "groupType": "Boot",
            "replicationProtectedItems": [{"id": call.item_path(name)}],
            "endGroupActions": [manual(f"after {name}")],
        }
        for name in ("sql0", "sql1")
    ]
    assert call("PATCH", "replicationRecoveryPlans/classic-plan", props(groups=groups)).status == 202
    assert not checked(
        call.get("replicationRecoveryPlans/classic-plan"), model_of(sdk, "replication_recovery_plans.get")
    )
    body = props(failoverDirection="PrimaryToRecovery", sourceSiteOperations="NotRequired", providerSpecificDetails=[])
    answer = call("POST", "replicationRecoveryPlans/classic-plan/unplannedFailover", body)
    call.arm.world.catch_up(1e5)
    return answer.header("x-ms-request-id")


def test_a_manual_action_pauses_a_plan_until_it_is_resumed(paused: str, call: Any, sdk: Any) -> None:
    job = call.get(paused)
    assert not checked(job, model_of(sdk, "replication_jobs.get"))
    assert (job["properties"]["state"], job["properties"]["allowedActions"]) == ("Suspended", ["Cancel", "Resume"])
    assert [item.phase.value for item in call.arm.world.vault.items.values()][:2] == [
        "failed_over",
        "replicating_to_azure",
    ]
    assert call("POST", f"{paused}/resume", props(comments="Seen.")).status == 202
    call.arm.world.catch_up(2e5)
    tasks = call.get(paused)["properties"]["tasks"]
    assert [task["state"] for task in tasks] == ["Succeeded", "Succeeded", "Succeeded", "Suspended"]
    assert tasks[1]["customDetails"]["observation"] == "Seen."
    call("POST", f"{paused}/resume", props())
    call.arm.world.catch_up(3e5)
    assert call.get(paused)["properties"]["state"] == "Succeeded"
    assert call("POST", f"{paused}/resume", props()).status == 409


def test_a_paused_plan_can_be_cancelled(paused: str, call: Any) -> None:
    call("POST", f"{paused}/cancel")
    call.arm.world.catch_up(2e5)
    assert call.get(paused)["properties"]["state"] == "Cancelled"
    assert call.item("sql1")["protectionState"] == "Protected"


def test_an_exported_list_has_an_address(call: Any, sdk: Any) -> None:
    made(call, "replication_jobs.begin_export", {})
    job = call.get("replicationJobs")["value"][0]["id"]
    body = call.get(job)
    assert not checked(body, model_of(sdk, "replication_jobs.get"))
    assert body["properties"]["customDetails"]["blobUri"].startswith("https://")


def test_the_classic_powershell_clients_certificate_and_header_are_tolerated(call: Any) -> None:
    assert call("PUT", "certificates/c", props(authType="ACS", certificate="AA==")).status == 200
    answer = call.arm.handle(
        "GET", call.item_path("sql0") + "?api-version=2025-08-01", {"Agent-Authentication": "x" * 9000}, b""
    )
    assert answer.status == 200
