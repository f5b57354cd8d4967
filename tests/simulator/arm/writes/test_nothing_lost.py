"""Everything that a write accepts is seen in the next read, after another write and after a failover.

The fields come from the SDK's input models, so a field of a later version is tried by itself. `LOST` has those that
no read shows, each with the reason.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pytest
from azure.mgmt.recoveryservicessiterecovery import models

from failback.reprotect import LEGS, Choices, Operation

GROUP: Final = "/subscriptions/s/resourceGroups"
NETWORK: Final = f"{GROUP}/g/providers/Microsoft.Network/virtualNetworks"
ACCOUNT: Final = f"{GROUP}/g/providers/Microsoft.Storage/storageAccounts"
V2A, RCM = "InMageAzureV2", "InMageRcm"
NO_KEY = "the answer's model has no key for it"
LOST: Final[Mapping[tuple[str, str], str]] = {
    ("InMageAzureV2EnableProtectionInput", "runAsAccountId"): NO_KEY,
    ("InMageAzureV2DiskInputDetails", "logStorageAccountId"): NO_KEY,
    ("UpdateDiskInput classic", "iops"): NO_KEY,
    ("UpdateDiskInput classic", "throughputInMbps"): NO_KEY,
    ("UpdateDiskInput classic", "diskSizeInGB"): NO_KEY,
}
"""Model and field of the SDK: why nobody can read it back. The tests check that the answer's model has no such key."""
REFUSED: Final = {(RCM, "selectedSourceNicId"), (RCM, "enableRdpOnTargetOption")}
"""Refused by name, with a 400: such an item shows nothing like it."""
PAIRS: Final[Mapping[str, tuple[Any, Any]]] = {
    "licenseType": ("NoLicenseType", "WindowsServer"),
    "sqlServerLicenseType": ("PAYG", "AHUB"),
    "linuxLicenseType": ("NoLicenseType", "LinuxServer"),
    "diskType": ("StandardSSD_LRS", "Standard_LRS"),
    "useManagedDisks": ("True", "False"),
    "isPrimaryNic": ("true", "false"),
    "isSelectedForFailover": ("true", "false"),
}
SECURITY: Final = {"targetVmSecurityType": "TrustedLaunch", "targetVmTpm": "Enabled"}


def value_for(name: str, hint: Any, turn: int) -> Any:
    """One of two values that this field takes."""
    if name in PAIRS:
        return PAIRS[name][turn]
    if "NetworkId" in name or name.endswith("NetworkId"):
        return f"{NETWORK}/{('failover-network', 'test-network')[turn]}"
    if "torageAccountId" in name:
        return f"{ACCOUNT}/{('cache', 'logs')[turn]}"
    if "IPAddress" in name and "Id" not in name:
        return f"10.9.9.{turn + 4}"
    shown = str(hint)
    if "UserCreatedResourceTag" in shown:
        return [{"tagName": name, "tagValue": f"v{turn}"}]
    if "SecurityProfile" in shown:
        return {**SECURITY, "targetVmSecureBoot": ("Enabled", "Disabled")[turn]}
    if "dict" in shown:
        return {name: f"v{turn}"}
    if "list" in shown:
        return [f"{name}-{turn}"]
    if "bool" in shown:
        return turn == 0
    return (turn + 1) * 512 if "int" in shown else f"{name}-{turn}"


def fields_of(model: Any) -> dict[str, Any]:
    """Wire names of a model's fields with their types."""
    model({})
    hints = {
        name: str(hint)
        for base in reversed(model.__mro__)
        for name, hint in vars(base).get("__annotations__", {}).items()
    }
    return {field._rest_name: hints[name] for name, field in model._attr_to_rest_field.items()}


SHOWN: Final[Mapping[str, str]] = {
    # sent: the key that shows it, where the names differ
    "storageAccountId": "recoveryAzureStorageAccount",
    "logStorageAccountId": "recoveryAzureLogStorageAccountId",
    "targetAzureNetworkId": "selectedRecoveryAzureNetworkId",
    "targetAzureVmName": "recoveryAzureVMName",
    "targetAzureV1ResourceGroupId": "recoveryAzureResourceGroupId",
    "targetAzureV2ResourceGroupId": "recoveryAzureResourceGroupId",
    "recoveryAzureV1ResourceGroupId": "recoveryAzureResourceGroupId",
    "recoveryAzureV2ResourceGroupId": "recoveryAzureResourceGroupId",
    "targetAvailabilitySetId": "recoveryAvailabilitySetId",
    "targetVmSize": "recoveryAzureVMSize",
    "ipConfigName": "name",
    "targetStaticIPAddress": "targetIPAddress",
    "testStaticIPAddress": "testIPAddress",
    "tfoNicName": "tfoRecoveryNicName",
    "tfoNicResourceGroupName": "tfoRecoveryNicResourceGroupName",
}
OUTER: Final[Mapping[str, str]] = {
    "recoveryAzureVMName": "targetVmName",
    "recoveryAzureVMSize": "targetVmSize",
    "selectedRecoveryAzureNetworkId": "targetNetworkId",
    "selectedTfoAzureNetworkId": "testNetworkId",
    "recoveryAvailabilitySetId": "targetAvailabilitySetId",
}
SEPARATE = ("vmNics", "vmDisks", "disksToInclude", "disksDefault", "providerSpecificDetails", "instanceType")
SERVERS = (
    "masterTargetId",
    "processServerId",
    "fabricDiscoveryMachineId",
    "targetAzureSubnetId",
    "targetSubnetName",
    "testSubnetName",
)


def details_of(call: Any, name: str) -> dict[str, Any]:
    details: dict[str, Any] = call.item(name)["providerSpecificDetails"]
    return details


def patch(call: Any, name: str, properties: Any) -> Any:
    return call("PATCH", call.item_path(name), {"properties": properties})


def failed_over(call: Any, name: str, let_run: Callable[[Any], None]) -> None:
    call.arm.world.vault.start(name, Operation.FAILOVER, Choices(recovery_point="latest"))
    let_run(call.arm.world)


def updates() -> Iterator[tuple[str, str, bool]]:
    for kind, inner in (
        (V2A, models.InMageAzureV2UpdateReplicationProtectedItemInput),
        (RCM, models.InMageRcmUpdateReplicationProtectedItemInput),
    ):
        for name in fields_of(inner):
            if name not in SEPARATE:
                yield kind, name, True
        for name in fields_of(models.UpdateReplicationProtectedItemInputProperties):
            if name not in SEPARATE:
                yield kind, name, False


def hint_of(kind: str, name: str, inner: bool) -> Any:
    models_ = {
        V2A: models.InMageAzureV2UpdateReplicationProtectedItemInput,
        RCM: models.InMageRcmUpdateReplicationProtectedItemInput,
    }
    model = models_[kind] if inner else models.UpdateReplicationProtectedItemInputProperties
    return fields_of(model)[name]


def shown_key(kind: str, name: str, inner: bool) -> str:
    if kind == V2A:
        return SHOWN.get(name, name)
    return name if inner else OUTER.get(name, name)


@pytest.mark.parametrize(("kind", "name", "inner"), list(updates()), ids=lambda value: str(value))
def test_an_update_is_read_back_after_another_one_and_after_a_failover(
    kind: str, name: str, inner: bool, call: Any, let_run: Any
) -> None:
    machine = "sql0" if kind == V2A else "web0"
    shown, value = "osName" if name == "userSelectedOSName" else shown_key(kind, name, inner), None
    for turn in (0, 1):
        value = value_for(name, hint_of(kind, name, inner), turn)
        specific = {"instanceType": kind} | ({name: value} if inner else {})
        answer = patch(call, machine, {"providerSpecificDetails": specific} | ({} if inner else {name: value}))
        if (kind, name) in REFUSED:
            assert (answer.status, answer.body["error"]["target"]) == (400, f"properties.{name}")
            return
        assert answer.status == 202, answer.body
        other = "selectedTfoAzureNetworkId" if name != "selectedTfoAzureNetworkId" else "recoveryAzureVMSize"
        more = f"{NETWORK}/test-network" if other.endswith("NetworkId") and name != "testNetworkId" else "size"
        if name != "testNetworkId":
            assert patch(call, machine, {other: more, "providerSpecificDetails": {"instanceType": kind}}).status == 202
        assert details_of(call, machine)[shown] == value
    failed_over(call, machine, let_run)
    assert details_of(call, machine)[shown] == value


NIC_MODELS = {V2A: models.VMNicInputDetails, RCM: models.InMageRcmNicInput}


@pytest.mark.parametrize("kind", [V2A, RCM])
def test_every_setting_of_a_nic_is_read_back_after_another_update_and_after_a_failover(
    kind: str, call: Any, let_run: Any
) -> None:
    machine = "sql0" if kind == V2A else "web0"
    nic_id, nic, config = details_of(call, machine)["vmNics"][0]["nicId"], {}, {}
    for turn in (0, 1):
        nic = {
            n: value_for(n, h, turn) for n, h in fields_of(NIC_MODELS[kind]).items() if n not in ("nicId", "ipConfigs")
        }
        config = {n: value_for(n, h, turn) for n, h in fields_of(models.IPConfigInputDetails).items()}
        sent = nic | {"nicId": nic_id} | ({"ipConfigs": [config]} if kind == V2A else {})
        where = {"vmNics": [sent]}
        specific = {"instanceType": kind} | (where if kind == RCM else {})
        assert (
            patch(call, machine, {"providerSpecificDetails": specific} | (where if kind == V2A else {})).status == 202
        )
        check_nic(details_of(call, machine)["vmNics"][0], nic, config if kind == V2A else {})
    assert (
        patch(call, machine, {"recoveryAzureVMSize": "s", "providerSpecificDetails": {"instanceType": kind}}).status
        == 202
    )
    failed_over(call, machine, let_run)
    details = details_of(call, machine)
    check_nic(details["vmNics"][0], nic, config if kind == V2A else {})
    address = details["ipAddress"] if kind == V2A else details["primaryNicIpAddress"]
    assert address == "10.9.9.5", "the machine in Azure has the address that was set"


@pytest.mark.parametrize("kind", [V2A, RCM])
def test_every_setting_of_a_nic_is_read_back_after_the_way_home_and_out_again(
    kind: str, call: Any, let_run: Any, ask_vault: Any
) -> None:
    machine = "sql0" if kind == V2A else "web0"
    fields = {n: h for n, h in fields_of(NIC_MODELS[kind]).items() if n not in ("nicId", "ipConfigs")}
    nic = {n: value_for(n, h, 1) for n, h in fields.items()}
    config = {n: value_for(n, h, 1) for n, h in fields_of(models.IPConfigInputDetails).items()} if kind == V2A else {}
    nic_id = details_of(call, machine)["vmNics"][0]["nicId"]
    where = {"vmNics": [nic | {"nicId": nic_id} | ({"ipConfigs": [config]} if config else {})]}
    specific = {"instanceType": kind} | (where if kind == RCM else {})
    assert patch(call, machine, {"providerSpecificDetails": specific} | (where if config else {})).status == 202
    shown = {}
    for leg in LEGS:
        ask_vault(call.arm.world, machine, leg)
        let_run(call.arm.world)
        shown[leg] = details_of(call, machine)["vmNics"][0]
    check_nic(shown[LEGS[-1]], nic, config)
    if kind == V2A:  # the model of a modernised item on its way home has no such settings
        check_nic(shown[Operation.FAILBACK], nic, config)
        check_nic(shown[Operation.COMMIT_FAILBACK], nic, config)


def check_nic(seen: Any, nic: Any, config: Any) -> None:
    assert {SHOWN.get(n, n): value for n, value in nic.items()}.items() <= seen.items()
    if config:
        read = seen["ipConfigs"][0]
        assert {n: read[SHOWN.get(n, n)] for n in config} == config


@pytest.mark.parametrize("kind", [V2A, RCM])
def test_every_setting_of_a_disk_is_read_back_but_for_those_that_no_answer_has(
    kind: str, call: Any, let_run: Any
) -> None:
    machine, listing = ("sql0", "protectedManagedDisks") if kind == V2A else ("web0", "protectedDisks")
    answer_model = models.InMageAzureV2ManagedDiskDetails if kind == V2A else models.InMageRcmProtectedDiskDetails
    disk_id, sent = details_of(call, machine)[listing][0]["diskId"], {}
    for turn in (0, 1):
        sent = {n: value_for(n, h, turn) for n, h in fields_of(models.UpdateDiskInput).items()} | {"diskId": disk_id}
        assert (
            patch(call, machine, {"providerSpecificDetails": {"instanceType": kind, "vmDisks": [sent]}}).status == 202
        )
        check_disk(call, machine, kind, listing, answer_model, sent)
    failed_over(call, machine, let_run)
    check_disk(call, machine, kind, listing, answer_model, sent)


def check_disk(call: Any, machine: str, kind: str, listing: str, model: Any, sent: Any) -> None:
    seen = next(disk for disk in details_of(call, machine)[listing] if disk["diskId"] == sent["diskId"])
    for name, value in sent.items():
        shown = "customTargetDiskName" if (kind, name) == (RCM, "targetDiskName") else name
        if kind == V2A and ("UpdateDiskInput classic", name) in LOST:
            assert shown not in fields_of(model)
        else:
            assert seen[shown] == value


def enabling(kind: str) -> dict[str, Any]:
    model = models.InMageAzureV2EnableProtectionInput if kind == V2A else models.InMageRcmEnableProtectionInput
    return {n: h for n, h in fields_of(model).items() if n not in SEPARATE and n not in SERVERS}


@pytest.mark.parametrize("turn", [0, 1])
@pytest.mark.parametrize("kind", [V2A, RCM])
def test_what_enabling_sets_is_read_back_after_an_update_and_after_a_failover(
    kind: str, turn: int, call: Any, let_run: Any
) -> None:
    machine = "sql0" if kind == V2A else "web0"
    path, before = call.item_path(machine), call.item(machine)
    call("DELETE", path)
    fields = {name: value_for(name, hint, turn) for name, hint in enabling(kind).items()}
    if kind == RCM:
        fields["runAsAccountId"] = call.get(SITE_ACCOUNTS)["value"][turn]["id"]
    else:
        fields["runAsAccountId"] = None  # its effect is not shown; LOST says so
    body, disks = enable_body(call, kind, fields, before, turn)
    answer = call("PUT", path, body)
    assert answer.status == 202, answer.body
    let_run(call.arm.world)
    assert (
        patch(
            call,
            machine,
            {
                "selectedTfoAzureNetworkId": f"{NETWORK}/failover-network",
                "providerSpecificDetails": {"instanceType": kind},
            },
        ).status
        == 202
    )
    check_enabled(call, machine, kind, {n: v for n, v in fields.items() if n not in ("testNetworkId",)}, disks)
    failed_over(call, machine, let_run)
    check_enabled(call, machine, kind, {n: v for n, v in fields.items() if n not in ("testNetworkId",)}, disks)
    assert call.item(machine)["policyId"] == body["properties"]["policyId"]


SITE_ACCOUNTS = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.OffAzure/VMwareSites/site/runAsAccounts"


def container_of(call: Any, kind: str) -> str:
    containers = {c["properties"]["fabricType"]: c["id"] for c in call.get("replicationProtectionContainers")["value"]}
    return str(containers["VMware" if kind == V2A else "InMageRcm"])


def enable_body(call: Any, kind: str, fields: Any, before: Any, turn: int) -> tuple[Any, list[dict[str, Any]]]:
    details = before["providerSpecificDetails"]
    call(
        "PUT",
        "replicationPolicies/mine",
        {"properties": {"providerSpecificInput": {"instanceType": kind, "appConsistentFrequencyInMinutes": 120}}},
    )
    policy = call.get("replicationPolicies/mine")["id"]
    mapping = f"{container_of(call, kind)}/replicationProtectionContainerMappings/mine"
    mapped = {"targetProtectionContainerId": "Microsoft Azure", "policyId": policy}
    assert call("PUT", mapping, {"properties": mapped}).status == 202
    listing = "protectedManagedDisks" if kind == V2A else "protectedDisks"
    model = models.InMageAzureV2DiskInputDetails if kind == V2A else models.InMageRcmDiskInput
    disks = [
        {n: value_for(n, h, turn) for n, h in fields_of(model).items()} | {"diskId": d["diskId"]}
        for d in details[listing]
    ]
    specific = {n: v for n, v in fields.items() if v is not None} | {"instanceType": kind, "disksToInclude": disks}
    specific |= {"processServerId": details["processServerId"]}
    if kind == RCM:
        specific |= {"fabricDiscoveryMachineId": details["fabricDiscoveryMachineId"], "targetSubnetName": f"app{turn}"}
    else:
        specific |= {"masterTargetId": details["masterTargetId"], "targetAzureSubnetId": f"app{turn}"}
        specific.pop("targetAzureV1ResourceGroupId")
    properties = {
        "policyId": policy,
        "protectableItemId": before["protectableItemId"],
        "providerSpecificDetails": specific,
    }
    return {"properties": properties}, disks


def check_enabled(call: Any, machine: str, kind: str, fields: Any, disks: Any) -> None:
    seen = details_of(call, machine)
    for name, value in fields.items():
        if value is None or name in ("targetAzureV1ResourceGroupId", "diskType", "diskEncryptionSetId"):
            continue
        shown = SHOWN.get(name, name) if kind == V2A else "osName" if name == "userSelectedOSName" else name
        if name == "targetVmSecurityProfile":
            assert value.items() <= seen[shown].items()
        else:
            assert seen[shown] == value, name
    check_disks(kind, seen, disks)
    nic = seen["vmNics"][0]
    assert (nic["ipConfigs"][0]["recoverySubnetName"] if kind == V2A else nic["targetSubnetName"]).startswith("app")


def check_disks(kind: str, seen: Any, disks: Any) -> None:
    for sent in disks:
        listing = seen["protectedManagedDisks" if kind == V2A else "protectedDisks"]
        disk = next(d for d in listing if d["diskId"] == sent["diskId"])
        for name, value in sent.items():
            if ("InMageAzureV2DiskInputDetails", name) in LOST and kind == V2A:
                assert name not in fields_of(models.InMageAzureV2ManagedDiskDetails)
            else:
                assert disk["replicaDiskType" if (kind, name) == (V2A, "diskType") else name] == value


POLICIES = {
    "InMage": models.InMagePolicyInput,
    V2A: models.InMageAzureV2PolicyInput,
    RCM: models.InMageRcmPolicyCreationInput,
    "InMageRcmFailback": models.InMageRcmFailbackPolicyCreationInput,
}
POLICY_WORDS = {"multiVmSyncStatus": ("Enable", "Disable"), "enableMultiVmSync": ("true", "false")}


@pytest.mark.parametrize("kind", POLICIES)
def test_a_policy_shows_every_field_that_was_sent_of_it(kind: str, call: Any) -> None:
    for turn in (0, 1):
        sent = {
            n: POLICY_WORDS[n][turn] if n in POLICY_WORDS else 10 * (turn + 1)
            for n in fields_of(POLICIES[kind])
            if n != "instanceType"
        }
        key, verb = (("providerSpecificInput", "PUT"), ("replicationProviderSettings", "PATCH"))[turn]
        answer = call(verb, "replicationPolicies/mine", {"properties": {key: {"instanceType": kind, **sent}}})
        assert answer.status == 202, answer.body
        call("PUT", "replicationPolicies/other", {"properties": {"providerSpecificInput": {"instanceType": kind}}})
        assert sent.items() <= call.get("replicationPolicies/mine")["properties"]["providerSpecificDetails"].items()


def test_a_plan_shows_the_actions_of_all_its_groups(call: Any) -> None:
    def action(name: str) -> Any:
        manual = {"instanceType": "ManualActionDetails", "description": name}
        script = {
            "instanceType": "ScriptActionDetails",
            "path": "x.ps1",
            "timeout": "PT5M",
            "fabricLocation": "Recovery",
        }
        return {
            "actionName": name,
            "failoverTypes": ["UnplannedFailover"],
            "failoverDirections": ["PrimaryToRecovery"],
            "customDetails": script if "s" in name else manual,
        }

    path = call.item_path("sql0")
    member = {"id": path, "virtualMachineId": None}
    groups = [
        {
            "groupType": kind,
            "replicationProtectedItems": [member] if kind == "Boot" else [],
            "startGroupActions": [action(f"{kind}-a")],
            "endGroupActions": [action(f"{kind}-b")],
        }
        for kind in ("Shutdown", "Failover", "Boot")
    ]
    body = {
        "properties": {
            "primaryFabricId": path.partition("/replicationProtectionContainers")[0],
            "recoveryFabricId": "Microsoft Azure",
            "failoverDeploymentModel": "Classic",
            "groups": groups,
        }
    }
    answer = call("PUT", "replicationRecoveryPlans/mine", body)
    assert answer.status == 202, answer.body
    seen = call.get("replicationRecoveryPlans/mine")["properties"]
    assert seen["failoverDeploymentModel"] == "Classic"
    assert seen["groups"] == groups
    assert call.get(answer.header("x-ms-request-id"))["properties"]["state"] == "Succeeded"


ABSENT = f"{NETWORK}/nowhere"


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"selectedRecoveryAzureNetworkId": ABSENT}, "properties.selectedRecoveryAzureNetworkId"),
        ({"vmNics": [{"nicId": "nobody"}]}, "properties.vmNics[0].nicId"),
        ({"licenseType": "Free"}, "properties.licenseType"),
    ],
)
def test_a_refused_update_names_the_field_and_changes_nothing(properties: Any, target: str, call: Any) -> None:
    before = call.item("sql0")
    answer = patch(
        call, "sql0", {"recoveryAzureVMName": "new", "providerSpecificDetails": {"instanceType": V2A}} | properties
    )
    assert (answer.status, answer.body["error"]["target"]) == (400, target)
    assert {**call.item("sql0")["providerSpecificDetails"]} == before["providerSpecificDetails"]


def test_a_network_that_a_client_put_can_be_named(call: Any) -> None:
    assert call("PUT", ABSENT, {"location": "westeurope"}).status == 200
    answer = patch(
        call, "sql0", {"selectedRecoveryAzureNetworkId": ABSENT, "providerSpecificDetails": {"instanceType": V2A}}
    )
    assert answer.status == 202


def test_a_policy_in_use_cannot_be_deleted_and_one_that_no_vault_takes_is_refused(call: Any) -> None:
    body = {"properties": {"providerSpecificInput": {"instanceType": RCM, "recoveryPointHistoryInMinutes": 9_999_999}}}
    answer = call("PUT", "replicationPolicies/odd", body)
    assert (answer.status, answer.body["error"]["target"]) == (
        400,
        "properties.providerSpecificInput.recoveryPointHistoryInMinutes",
    )
    assert call("GET", "replicationPolicies/odd").status == 404
    before = call.item("web0")
    path = call.item_path("web0")
    call("DELETE", path)
    fields = {"targetResourceGroupId": f"{GROUP}/g"}
    body, _ = enable_body(call, RCM, fields, before, 0)
    assert call("PUT", path, body).status == 202
    assert call("DELETE", "replicationPolicies/mine").code == "PolicyInUse"


def test_the_table_of_exceptions_has_no_field_that_an_answer_could_show() -> None:
    details = fields_of(models.InMageAzureV2ReplicationDetails)
    assert "runAsAccountId" not in details


@pytest.mark.parametrize("legs", [0, 4])
@pytest.mark.parametrize("machine", ["sql0", "web0"])
def test_every_key_of_the_sdks_model_of_an_item_is_there(
    machine: str, legs: int, call: Any, ask_vault: Any, let_run: Any
) -> None:
    for leg in LEGS[:legs]:
        ask_vault(call.arm.world, machine, leg)
        let_run(call.arm.world)
    item = call.item(machine)
    details = item["providerSpecificDetails"]
    model = models.ReplicationProviderSpecificSettings.__mapping__[details["instanceType"]]
    assert set(fields_of(model)) <= set(details)
    assert set(fields_of(models.ReplicationProtectedItemProperties)) <= set(item)
