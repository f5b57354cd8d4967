"""Every write with a body: each field of the SDK's input model is seen in the next read, refused by name, or excused with evidence.

`WRITES` says of each operation which model it takes and where its result is read; the fields come from the SDK, so a
field of a later version is tried by itself. `test_nothing_lost.py` does the same, more closely, for items and policies.
"""

# ruff: noqa: E501  (a row of a table is one line)

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest
from azure.mgmt.recoveryservicessiterecovery import models

from failback.reprotect import LEGS, Choices, Operation, Phase
from failback.simulator.arm import ROUTES
from tests.simulator.arm.test_surface import ACCOUNTS, FABRIC_IDENTITY, path_of

from .test_nothing_lost import ACCOUNT, NETWORK, failed_over, fields_of, value_for

V2A, RCM = "InMageAzureV2", "InMageRcm"
NETWORKS: Final = (f"{NETWORK}/failover-network", f"{NETWORK}/test-network")
STORES: Final = (f"{ACCOUNT}/cache", f"{ACCOUNT}/logs")


@dataclass(frozen=True)
class Write:
    """One row. `model` is that of the fields at `at` (a path of keys below properties); `base` is what it needs besides.

    `read` is what is read afterwards: a path template, or a function of the answer. `legs` come first.
    """

    operation: str
    model: str
    item: str = "sql0"
    names: Mapping[str, str] | None = None
    at: tuple[str, ...] = ()
    base: Mapping[str, Any] | None = None
    read: str = ""
    legs: int = 0
    words: Mapping[str, tuple[Any, Any]] | None = None
    made: "Write | None" = None
    once: bool = False
    """It can be asked once only, so each value goes to a vault of its own."""


def kind(name: str, **more: Any) -> dict[str, Any]:
    return {"instanceType": name, **more}


IDENTITY_WORDS: Final = {
    f"{n}IdentityInput": ({k: f"{n}-{k}-a" for k in FABRIC_IDENTITY}, {k: f"{n}-{k}-b" for k in FABRIC_IDENTITY})
    for n in ("authentication", "resourceAccess", "dataPlaneAuthentication")
}
VCENTER = Write(
    "replicationv_centers.begin_create",
    "AddVCenterRequestProperties",
    names={"vcenter": "vc2"},
    read="SELF",
    words={"port": ("8443", "9443"), "processServerId": ("PS0", "PS1"), "runAsAccountId": ("RUN0", "RUN1")},
)
MAPPING = Write(
    "replication_protection_container_mappings.begin_create",
    "CreateProtectionContainerMappingInputProperties",
    names={"mapping": "m2"},
    base={"policyId": "POLICY", "processServerId": "PS0", "runAsAccountId": "RUN0"},
    read="SELF",
    words={
        "policyId": ("POLICY0", "POLICY1"),
        "targetProtectionContainerId": ("Microsoft Azure", "CONTAINER"),
        "providerSpecificInput": (
            kind(RCM, enableAgentAutoUpgrade="true"),
            kind("A2A", agentAutoUpdateStatus="Enabled"),
        ),
    },
)
A2A_MAPPING = Write(
    "replication_protection_container_mappings.begin_create",
    "A2AContainerMappingInput",
    names={"mapping": "m3"},
    base={"policyId": "POLICY", "processServerId": "PS0", "runAsAccountId": "RUN0"},
    at=("providerSpecificInput",),
    read="SELF",
    words={
        "agentAutoUpdateStatus": ("Enabled", "Disabled"),
        "automationAccountAuthenticationType": ("RunAsAccount", "SystemAssignedIdentity"),
    },
)
PROVIDER = Write(
    "replication_recovery_services_providers.begin_create",
    "AddRecoveryServicesProviderInputProperties",
    names={"provider": "p2"},
    base={
        "machineName": "m",
        "authenticationIdentityInput": FABRIC_IDENTITY,
        "resourceAccessIdentityInput": FABRIC_IDENTITY,
    },
    read="SELF",
    words=IDENTITY_WORDS,
)
AZURE_FABRIC = Write(
    "replication_fabrics.begin_create",
    "AzureFabricCreationInput",
    names={"fabric": "az"},
    at=("customDetails",),
    read="SELF",
)
NETWORK_MAP = Write(
    "replication_network_mappings.begin_create",
    "CreateNetworkMappingInputProperties",
    names={"mapping": "n2"},
    base={"recoveryNetworkId": NETWORKS[0]},
    read="SELF",
    words={
        "recoveryNetworkId": NETWORKS,
        "recoveryFabricName": ("FABRIC", "Microsoft Azure"),
        "fabricSpecificDetails": (kind("VmmToAzure"), kind("VmmToVmm")),
    },
)
PLAN = {
    "primaryFabricId": "FABRICID",
    "recoveryFabricId": "Microsoft Azure",
    "groups": [{"groupType": "Boot", "replicationProtectedItems": [{"id": "ITEM"}]}],
}
ACTION = {
    "actionName": "a",
    "failoverTypes": ["Commit"],
    "failoverDirections": ["PrimaryToRecovery"],
    "customDetails": kind("ManualActionDetails", description="d"),
}
ZONES = kind(
    "A2A",
    primaryZone="1",
    recoveryZone="2",
    primaryExtendedLocation={"name": "x", "type": "EdgeZone"},
    recoveryExtendedLocation={"name": "y", "type": "EdgeZone"},
)
PLAN_WORDS = {
    "primaryFabricId": ("FABRICID", "Moon"),
    "recoveryFabricId": ("FABRICID", "Microsoft Azure"),
    "failoverDeploymentModel": ("Classic", "NotApplicable"),
    "providerSpecificInput": ([ZONES], [kind("A2A", primaryZone="9")]),
    "groups": (
        [
            {
                "groupType": "Boot",
                "replicationProtectedItems": [{"id": "ITEM"}],
                "startGroupActions": [ACTION],
                "endGroupActions": [],
            }
        ],
        [
            {
                "groupType": "Boot",
                "replicationProtectedItems": [{"id": "ITEM", "virtualMachineId": "VMID"}],
                "startGroupActions": [],
                "endGroupActions": [ACTION],
            }
        ],
    ),
}
PLAN_WRITE = Write(
    "replication_recovery_plans.begin_create",
    "CreateRecoveryPlanInputProperties",
    names={"plan": "mine"},
    base=PLAN,
    read="SELF",
    words=PLAN_WORDS,
)
HOME_RCM = {"reprotectAgentId": "AGENT0", "datastoreName": "ds1", "logStorageAccountId": STORES[0]}
HOME_CLASSIC = {
    "masterTargetId": "MT",
    "processServerId": "PS0",
    "retentionDrive": "R",
    "profileId": "HOME_POLICY",
    "datastoreName": "ds1",
    "runAsAccountId": "RUN0",
}
TEST_BASE = {"failoverDirection": "PrimaryToRecovery", "networkType": "VmNetworkAsInput"}
DIRECTION = {"failoverDirection": ("PrimaryToRecovery", "RecoveryToPrimary")}
HOMEWARD = {"failoverDirection": ("RecoveryToPrimary", "Moon")}

WRITES: Final = (
    AZURE_FABRIC,
    Write("replication_fabrics.begin_create", "InMageRcmFabricCreationInput", names={"fabric": "rcm"}, at=("customDetails",), base={"vmwareSiteId": "v", "physicalSiteId": "p", "sourceAgentIdentity": FABRIC_IDENTITY}, read="SELF", words={"sourceAgentIdentity": IDENTITY_WORDS["authenticationIdentityInput"]}, once=True),
    Write("replication_fabrics.begin_create", "VMwareV2FabricCreationInput", names={"fabric": "v2"}, at=("customDetails",), base={"migrationSolutionId": "m"}, read="SELF"),
    Write("replication_fabrics.begin_renew_certificate", "RenewCertificateInputProperties"),
    Write("replication_fabrics.begin_reassociate_gateway", "FailoverProcessServerRequestProperties", base={"sourceProcessServerId": "PS0", "targetProcessServerId": "PS1"}, words={"sourceProcessServerId": ("PS0", "PS1"), "targetProcessServerId": ("PS1", "PS0"), "vmsToMigrate": (["ITEM"], []), "updateType": ("SystemLevel", "ServerLevel"), "containerName": ("OWN_CONTAINER", "else")}),
    VCENTER,
    Write("replicationv_centers.begin_update", "UpdateVCenterRequestProperties", names={"vcenter": "vc2"}, read="SELF", words=VCENTER.words, made=VCENTER),
    Write("replication_protection_containers.begin_create", "CreateProtectionContainerInputProperties", names={"container": "c2"}, read="SELF", words={"providerSpecificInput": ([kind("A2A")], [kind("VMwareCbt")])}),
    Write("replication_protection_containers.begin_discover_protectable_item", "DiscoverProtectableItemRequestProperties", base={"friendlyName": "box", "ipAddress": "10.0.0.8", "osType": "Linux"}, read="PROTECTABLE", words={"osType": ("Linux", "Windows"), "ipAddress": ("10.0.0.61", "10.0.0.62")}, once=True),
    MAPPING,
    A2A_MAPPING,
    Write("replication_protection_container_mappings.begin_update", "InMageRcmUpdateContainerMappingInput", "web0", at=("providerSpecificInput",), read="SELF", words={"enableAgentAutoUpgrade": ("true", "false")}),
    Write("replication_protection_container_mappings.begin_update", "A2AUpdateContainerMappingInput", names={"mapping": "m3"}, at=("providerSpecificInput",), read="SELF", words=A2A_MAPPING.words, made=A2A_MAPPING),
    PROVIDER,
    NETWORK_MAP,
    Write("replication_network_mappings.begin_update", "UpdateNetworkMappingInputProperties", names={"mapping": "n2"}, read="SELF", words=NETWORK_MAP.words, made=NETWORK_MAP),
    Write("replication_network_mappings.begin_create", "AzureToAzureCreateNetworkMappingInput", names={"fabric": "az", "network": "azureNetwork", "mapping": "n3"}, at=("fabricSpecificDetails",), base={"primaryNetworkId": NETWORKS[0]}, read="SELF", words={"primaryNetworkId": NETWORKS, "": NETWORKS}, made=AZURE_FABRIC),
    Write("replication_network_mappings.begin_create", "VmmToVmmCreateNetworkMappingInput", names={"mapping": "n4"}, at=("fabricSpecificDetails",), read="SELF"),
    Write("replication_alert_settings.create", "ConfigureAlertRequestProperties", names={"setting": "defaultAlertSetting"}, read="SELF", words={"sendToOwners": ("Send", "DoNotSend")}),
    Write("replication_vault_setting.begin_create", "VaultSettingCreationInputProperties", read="SELF"),
    PLAN_WRITE,
    Write("replication_recovery_plans.begin_update", "UpdateRecoveryPlanInputProperties", names={"plan": "mine"}, read="SELF", words=PLAN_WORDS, made=PLAN_WRITE),
    Write("replication_recovery_plans.begin_test_failover", "RecoveryPlanTestFailoverInputProperties", names={"plan": "classic-plan"}, base=TEST_BASE, read="JOB", words={**DIRECTION, "networkId": NETWORKS, "providerSpecificDetails": ([kind(V2A)], [kind("Moon")])}, once=True),
    Write("replication_recovery_plans.begin_test_failover_cleanup", "RecoveryPlanTestFailoverCleanupInputProperties", names={"plan": "classic-plan"}, read="JOB", legs=-2, once=True),
    Write("replication_recovery_plans.begin_unplanned_failover", "RecoveryPlanUnplannedFailoverInputProperties", names={"plan": "classic-plan"}, base={"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "NotRequired"}, words={**DIRECTION, "sourceSiteOperations": ("Required", "NotRequired"), "providerSpecificDetails": ([kind(V2A)], [kind("Moon")])}, once=True),
    Write("replication_recovery_plans.begin_planned_failover", "RecoveryPlanPlannedFailoverInputProperties", "web0", names={"plan": "modern-plan"}, base={"failoverDirection": "RecoveryToPrimary"}, legs=-3, words={**HOMEWARD, "providerSpecificDetails": ([kind("InMageRcmFailback")], [kind("Moon")])}, once=True),
    Write("replication_jobs.begin_resume", "ResumeJobParamsProperties", legs=-9),
    Write("replication_jobs.begin_export", "JobQueryParameter", words={"jobOutputType": ("Json", "Xml"), "timezoneOffset": (0.0, 60.0)}),
    # Items. Enabling, updating, NICs and disks: test_nothing_lost.py.
    Write("replication_protected_items.begin_delete", "DisableProtectionInputProperties", words={"disableProtectionReason": ("NotSpecified", "MigrationComplete"), "replicationProviderInput": (kind("InMage", replicaVmDeletionStatus="None"), kind("A2A"))}, once=True),
    Write("replication_protected_items.begin_resolve_health_errors", "ResolveHealthInputProperties", words={"healthErrors": ([{"healthErrorId": "e"}], [])}),
    Write("replication_protected_items.begin_update_mobility_service", "UpdateMobilityServiceRequestProperties", "web0", read="ITEM", words={"runAsAccountId": ("SITE0", "SITE1")}),
    Write("replication_protected_items.begin_update_mobility_service", "UpdateMobilityServiceRequestProperties", read="ITEM", words={"runAsAccountId": ("RUN0", "RUN1")}),
    Write("replication_protected_items.begin_reinstall_mobility_service", "ReinstallMobilityServiceRequestProperties", "web0", read="ITEM", words={"runAsAccountId": ("SITE0", "SITE1")}),
    Write("replication_protected_items.begin_update_appliance", "UpdateApplianceForReplicationProtectedItemInputProperties", "web0", base={"targetApplianceId": "box1", "providerSpecificDetails": kind(RCM)}, read="ITEM", words={"targetApplianceId": ("box1", "box2"), "providerSpecificDetails": (kind(RCM, runAsAccountId="SITE0"), kind(RCM, runAsAccountId="SITE1"))}),
    Write("replication_protected_items.begin_switch_provider", "SwitchProviderInputProperties", base={"providerSpecificDetails": kind(V2A, targetVaultID="v", targetFabricID="FABRIC", targetApplianceID="box1")}, words={"targetInstanceType": (RCM, "Moon"), "providerSpecificDetails": (kind(V2A, targetVaultID="v", targetFabricID="FABRIC", targetApplianceID="box2"), kind("Moon"))}, once=True),
    Write("replication_protected_items.begin_apply_recovery_point", "ApplyRecoveryPointInputProperties", base={"providerSpecificDetails": kind(V2A)}, read="ITEM", legs=1, words={"recoveryPointId": ("POINT0", "POINT1"), "providerSpecificDetails": (kind(V2A), kind("Moon"))}),
    Write("replication_protected_items.begin_remove_disks", "A2ARemoveDisksInput", at=("providerSpecificDetails",), words={"vmDisksUris": (["Disk1"], ["Disk9"]), "vmManagedDisksIds": (["Disk1"], ["Disk9"])}, once=True),
    Write("replication_protected_items.begin_test_failover", "TestFailoverInputProperties", base=TEST_BASE | {"providerSpecificDetails": kind(V2A)}, read="JOB", words={**DIRECTION, "networkId": NETWORKS, "providerSpecificDetails": (kind(V2A), kind("Moon"))}, once=True),
    Write("replication_protected_items.begin_test_failover", "InMageAzureV2TestFailoverInput", at=("providerSpecificDetails",), base=TEST_BASE, words={"recoveryPointId": ("POINT0", "POINT1")}, once=True),
    Write("replication_protected_items.begin_test_failover", "InMageRcmTestFailoverInput", "web0", at=("providerSpecificDetails",), base=TEST_BASE, read="JOB", words={"recoveryPointId": ("POINT0", "POINT1"), "networkId": NETWORKS}, once=True),
    Write("replication_protected_items.begin_test_failover_cleanup", "TestFailoverCleanupInputProperties", read="JOB", legs=-1, once=True),
    Write("replication_protected_items.begin_unplanned_failover", "UnplannedFailoverInputProperties", base={"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": kind(V2A)}, words={**DIRECTION, "sourceSiteOperations": ("Required", "NotRequired"), "providerSpecificDetails": (kind(V2A), kind("Moon"))}, once=True),
    Write("replication_protected_items.begin_unplanned_failover", "InMageAzureV2UnplannedFailoverInput", at=("providerSpecificDetails",), base={"failoverDirection": "PrimaryToRecovery"}, read="ITEM", words={"recoveryPointId": ("POINT0", "POINT1")}, once=True),
    Write("replication_protected_items.begin_unplanned_failover", "InMageRcmUnplannedFailoverInput", "web0", at=("providerSpecificDetails",), base={"failoverDirection": "PrimaryToRecovery", "performShutdown": "true"}, read="ITEM", words={"recoveryPointId": ("POINT0", "POINT1"), "performShutdown": ("true", "false")}, once=True),
    Write("replication_protected_items.begin_unplanned_failover", "InMageUnplannedFailoverInput", at=("providerSpecificDetails",), base={"failoverDirection": "PrimaryToRecovery"}, legs=3, words={"recoveryPointType": ("LatestTime", "LatestTag"), "recoveryPointId": ("POINT0", "POINT1")}, once=True),
    Write("replication_protected_items.begin_planned_failover", "PlannedFailoverInputProperties", "web0", base={"providerSpecificDetails": kind("InMageRcmFailback", recoveryPointType="CrashConsistent")}, legs=3, words={**HOMEWARD, "providerSpecificDetails": (kind("InMageRcmFailback", recoveryPointType="ApplicationConsistent"), kind("Moon"))}, once=True),
    Write("replication_protected_items.begin_reprotect", "InMageReprotectInput", at=("providerSpecificDetails",), base={"failoverDirection": "RecoveryToPrimary", **HOME_CLASSIC}, read="ITEM", legs=2, words={"masterTargetId": ("MT", "MT"), "processServerId": ("PS0", "PS1"), "retentionDrive": ("R", "S"), "runAsAccountId": ("RUN0", "RUN1"), "datastoreName": ("ds1", "ds2"), "profileId": ("HOME_POLICY", "HOME_POLICY"), "diskExclusionInput": ({"volumeOptions": [{"volumeLabel": "Temporary Storage", "onlyExcludeIfSingleVolume": "true"}]}, {"diskSignatureOptions": [{"diskSignature": "1"}]}), "disksToInclude": (["Disk0", "Disk1"], ["Disk0"])}, once=True),
    Write("replication_protected_items.begin_reprotect", "InMageAzureV2ReprotectInput", at=("providerSpecificDetails",), base={"failoverDirection": "RecoveryToPrimary", "policyId": "POLICY", "processServerId": "PS0", "runAsAccountId": "RUN0"}, read="ITEM", legs=5, words={"masterTargetId": ("PS0", "PS1"), "processServerId": ("PS0", "PS1"), "storageAccountId": STORES, "logStorageAccountId": STORES, "runAsAccountId": ("RUN0", "RUN1"), "policyId": ("POLICY", "POLICY"), "disksToInclude": (["Disk0", "Disk1"], ["Disk0"])}, once=True),
    Write("replication_protected_items.begin_reprotect", "InMageRcmReprotectInput", "web0", at=("providerSpecificDetails",), base={"failoverDirection": "RecoveryToPrimary", **HOME_RCM}, read="ITEM", legs=2, words={"reprotectAgentId": ("AGENT0", "AGENT1"), "datastoreName": ("ds1", "ds2"), "logStorageAccountId": STORES, "policyId": ("HOME_POLICY", "HOME_POLICY")}, once=True),
    Write("replication_protected_items.begin_reprotect", "InMageRcmFailbackReprotectInput", "web0", at=("providerSpecificDetails",), base={"processServerId": "PROCESS0", "policyId": "POLICY"}, read="ITEM", legs=5, words={"processServerId": ("PROCESS0", "PROCESS1"), "runAsAccountId": ("SITE0", "SITE1"), "policyId": ("POLICY", "POLICY")}, once=True),
)  # fmt: skip
KINDS: Final = {
    "AzureFabricCreationInput": "Azure", "InMageRcmFabricCreationInput": RCM, "VMwareV2FabricCreationInput": "VMwareV2",
    "A2AContainerMappingInput": "A2A", "A2AUpdateContainerMappingInput": "A2A", "InMageRcmUpdateContainerMappingInput": RCM,
    "AzureToAzureCreateNetworkMappingInput": "AzureToAzure", "VmmToVmmCreateNetworkMappingInput": "VmmToVmm",
    "A2ARemoveDisksInput": "A2A", "InMageAzureV2TestFailoverInput": V2A, "InMageRcmTestFailoverInput": RCM,
    "InMageAzureV2UnplannedFailoverInput": V2A, "InMageRcmUnplannedFailoverInput": RCM, "InMageUnplannedFailoverInput": "InMage",
    "InMageReprotectInput": "InMage", "InMageAzureV2ReprotectInput": V2A, "InMageRcmReprotectInput": RCM,
    "InMageRcmFailbackReprotectInput": "InMageRcmFailback",
}  # fmt: skip

NO_KEY = "the answer's model has no key for it"
DOES = "says how the operation goes, and a test of that operation sees the effect: "
ONE_WAY = "only one value is taken; the other is refused by name"
EXCUSED: Final[Mapping[tuple[str, str], str]] = {
    **{(f"{model}FailoverInputProperties", "failoverDirection"): ONE_WAY for model in ("Test", "Unplanned", "RecoveryPlanTest", "RecoveryPlanUnplanned")},
    ("CreateProtectionContainerInputProperties", "providerSpecificInput"): "only its provider, which is shown as fabricType",

    ("RenewCertificateInputProperties", "renewCertificateType"): NO_KEY,
    ("FailoverProcessServerRequestProperties", "sourceProcessServerId"): DOES + "test_a_gateway_is_reassociated",
    ("FailoverProcessServerRequestProperties", "targetProcessServerId"): DOES + "test_a_gateway_is_reassociated",
    ("FailoverProcessServerRequestProperties", "vmsToMigrate"): DOES + "test_a_gateway_is_reassociated",
    ("FailoverProcessServerRequestProperties", "updateType"): NO_KEY,
    ("FailoverProcessServerRequestProperties", "containerName"): "it can only be the fabric's one container",
    ("RecoveryPlanTestFailoverInputProperties", "providerSpecificDetails"): DOES + "test_plans.py",
    ("RecoveryPlanUnplannedFailoverInputProperties", "sourceSiteOperations"): DOES + "test_plans.py",
    ("RecoveryPlanUnplannedFailoverInputProperties", "providerSpecificDetails"): DOES + "test_plans.py",
    ("RecoveryPlanPlannedFailoverInputProperties", "failoverDirection"): ONE_WAY,
    ("RecoveryPlanPlannedFailoverInputProperties", "providerSpecificDetails"): DOES + "test_plans.py",
    ("ResumeJobParamsProperties", "comments"): DOES + "test_surface.py, as the task's observation",
    ("DisableProtectionInputProperties", "disableProtectionReason"): "the item is gone afterwards",
    ("DisableProtectionInputProperties", "replicationProviderInput"): "the item is gone afterwards",
    ("ResolveHealthInputProperties", "healthErrors"): DOES + "health is looked at again; nothing is kept",
    ("UpdateMobilityServiceRequestProperties classic", "runAsAccountId"): NO_KEY,
    ("SwitchProviderInputProperties", "targetInstanceType"): DOES + "test_only_an_item_that_replicates_to_azure_moves",
    ("SwitchProviderInputProperties", "providerSpecificDetails"): DOES + "test_only_an_item_that_replicates_to_azure_moves",
    ("ApplyRecoveryPointInputProperties", "providerSpecificDetails"): "it has no field besides the provider",
    ("A2ARemoveDisksInput", "vmDisksUris"): DOES + "test_disks.py",
    ("A2ARemoveDisksInput", "vmManagedDisksIds"): DOES + "test_disks.py",
    ("TestFailoverInputProperties", "providerSpecificDetails"): "its fields have rows of their own",
    ("InMageAzureV2TestFailoverInput", "recoveryPointId"): "no answer says which point a test failover used",
    ("InMageRcmTestFailoverInput", "recoveryPointId"): "no answer says which point a test failover used",
    ("UnplannedFailoverInputProperties", "sourceSiteOperations"): DOES + "test_an_order_to_shut_down_is_carried_out",
    ("UnplannedFailoverInputProperties", "providerSpecificDetails"): "its fields have rows of their own",
    ("InMageRcmUnplannedFailoverInput", "performShutdown"): DOES + "test_an_order_to_shut_down_is_carried_out",
    ("InMageUnplannedFailoverInput", "recoveryPointType"): "recorded: failoverRecoveryPointId is empty on the way home",
    ("InMageUnplannedFailoverInput", "recoveryPointId"): "recorded: failoverRecoveryPointId is empty on the way home",
    ("PlannedFailoverInputProperties", "failoverDirection"): ONE_WAY,
    ("PlannedFailoverInputProperties", "providerSpecificDetails"): "recorded: failoverRecoveryPointId is empty on the way home",
    ("InMageReprotectInput", "retentionDrive"): NO_KEY,
    ("InMageReprotectInput", "runAsAccountId"): NO_KEY,
    ("InMageReprotectInput", "diskExclusionInput"): "it leaves out volumes by label and disks by signature, and no estate has either",
    ("InMageReprotectInput", "disksToInclude"): "all disks, or refused",
    ("InMageAzureV2ReprotectInput", "runAsAccountId"): NO_KEY,
    ("InMageAzureV2ReprotectInput", "disksToInclude"): "all disks, or refused",
    **{("JobQueryParameter", name): "the file of an export is outside the vault" for name in ("startTime", "endTime", "fabricId", "affectedObjectTypes", "jobStatus", "jobOutputType", "jobName", "timezoneOffset")},
    ("CreateNetworkMappingInputProperties", "recoveryFabricName"): "it is shown as recoveryFabricArmId, which ends in it",
    ("UpdateNetworkMappingInputProperties", "recoveryFabricName"): "it is shown as recoveryFabricArmId, which ends in it",
}  # fmt: skip
"""Model and field of the SDK: why no read shows the value, if the request was taken."""
FIRST_ONLY: Final = "Moon", "RecoveryToPrimary", "else", "VmmToVmm"
"""Values of which a request is refused by name: the model has the field, and this vault knows no such value."""
SHOWN: Final = {
    "profileId": "policyId", "targetApplianceId": "processServerName", "recoveryPointId": "failoverRecoveryPointId",
    "networkId": "networkName", "storageAccountId": "recoveryAzureStorageAccount", "logStorageAccountId classic": "recoveryAzureLogStorageAccountId",
    "reprotectAgentId": "reprotectAgentId", "datastoreName": "targetDataStoreName", "datastoreName classic": "datastores",
    "authenticationIdentityInput": "authenticationIdentityDetails", "resourceAccessIdentityInput": "resourceAccessIdentityDetails",
    "dataPlaneAuthenticationIdentityInput": "dataPlaneAuthenticationIdentityDetails", "sourceAgentIdentity": "sourceAgentIdentityDetails",
    "providerSpecificInput": "providerSpecificDetails", "fabricSpecificDetails": "fabricSpecificSettings",
    "policyId reprotect": "policyId",
}  # fmt: skip


def cases() -> Iterator[Any]:
    for write in WRITES:
        for name in fields_of(getattr(models, write.model)):
            if name != "instanceType":
                yield pytest.param(write, name, id=f"{write.operation.rpartition('.')[2]}-{write.model}-{name}")


class Site:
    """The names that the words of the table stand for, in one vault."""

    def __init__(self, call: Any, item: str) -> None:
        names, path = call.arm.context.names, call.item_path(item)
        container = path.partition("/replicationProtectedItems")[0]
        mappings = call.get(f"{container}/replicationProtectionContainerMappings")["value"]
        out, home = (m["properties"]["policyId"] for m in mappings)
        points = [p["id"] for p in call.get(f"{path}/recoveryPoints")["value"]] or [""]
        accounts = [a["id"] for a in call.get(ACCOUNTS)["value"]]
        self.words: dict[str, Any] = {
            "ITEM": path, "VMID": call.item(item)["providerSpecificDetails"].get("vmId"), "PS0": names.server_id("ps-azure"), "PS1": names.server_id("ps-site"), "MT": names.server_id("mt-win"),
            "RUN0": next(iter(names.account_ids(()).values())), "RUN1": list(names.account_ids(()).values())[-1],
            "SITE0": accounts[0], "SITE1": accounts[1], "POLICY": out, "POLICY0": out, "POLICY1": home, "HOME_POLICY": home,
            "CONTAINER": container, "OWN_CONTAINER": container.rpartition("/")[2], "FABRIC": call.get("replicationFabrics")["value"][-1]["name"],
            "FABRICID": path.partition("/replicationProtectionContainers")[0], "POINT0": points[0], "POINT1": points[-1],
            **{f"AGENT{n}": names.component(f"box{n + 1}", "reprotect-agent") for n in (0, 1)},
            **{f"PROCESS{n}": names.component(f"box{n + 1}", "process-server") for n in (0, 1)},
        }  # fmt: skip

    def fill(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.fill(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.fill(inner) for inner in value]
        return self.words.get(value, value) if isinstance(value, str) else value


def prepared(call: Any, write: Write, ask_vault: Any, let_run: Callable[[Any], None]) -> Site:
    """The vault after the legs that come first, and after the write that this one changes something of."""
    site = Site(call, write.item)
    if write.legs > 0:
        for leg in LEGS[: write.legs]:
            ask_vault(call.arm.world, write.item, leg)
            let_run(call.arm.world)
    elif write.legs < 0:
        _in_a_plan(call, write, ask_vault, let_run)
    if write.made is not None:
        first = next(iter(n for n in fields_of(getattr(models, write.made.model)) if n != "instanceType"))
        send(call, write.made, Site(call, write.item), first, 0)
    return site


def _in_a_plan(call: Any, write: Write, ask_vault: Any, let_run: Callable[[Any], None]) -> None:
    items = ("sql0", "sql1") if write.item == "sql0" else ("web0", "web1")
    legs = {-1: (Operation.TEST_FAILOVER,), -2: (Operation.TEST_FAILOVER,), -3: LEGS[:3]}.get(write.legs, ())
    for leg in legs:
        for name in items[: 1 if write.legs == -1 else 2]:
            if leg is Operation.TEST_FAILOVER:
                call.arm.world.vault.start(name, leg, Choices(recovery_point="latest"))
            else:
                ask_vault(call.arm.world, name, leg)
        let_run(call.arm.world)


def value_of(write: Write, name: str, turn: int) -> Any:
    words = write.words or {}
    return words[name][turn] if name in words else value_for(name, fields_of(getattr(models, write.model))[name], turn)


def body_of(write: Write, site: Site, name: str, turn: int) -> tuple[Any, Any]:
    value, base = site.fill(value_of(write, name, turn)), site.fill(dict(write.base or {}))
    own = fields_of(getattr(models, write.model))
    inner = {key: base.pop(key) for key in list(base) if key in own} | {name: value}
    if write.operation == "replication_jobs.begin_export":
        return inner, value
    if write.model in KINDS:
        inner = kind(KINDS[write.model]) | inner
    for key in reversed(write.at):
        inner = {key: inner}
    if "" in (write.words or {}):
        inner |= {"recoveryNetworkId": NETWORKS[0]}
    return {"properties": base | inner}, value


def send(call: Any, write: Write, site: Site, name: str, turn: int) -> tuple[Any, Any, str]:
    body, value = body_of(write, site, name, turn)
    names = dict(write.names or {})
    if "network" in names:
        names |= {"fabric": "az"}
    verb, path = path_of(call, write.operation, write.item, names)
    return call(verb, path, body), value, path


@pytest.mark.parametrize(("write", "name"), list(cases()))
def test_a_field_is_read_back_or_refused_by_name_or_excused(
    write: Write, name: str, make_call: Any, make_world: Any, ask_vault: Any, let_run: Any
) -> None:
    if write.legs == -9:
        assert EXCUSED[write.model, name]
        return
    call, site = None, None
    for turn in (0, 1):
        if call is None or write.once:
            call = make_call(make_world(), clock="step")
            site = prepared(call, write, ask_vault, let_run)
        assert site is not None
        answer, value, path = send(call, write, site, name, turn)
        if answer.status == 400:
            assert name in answer.body["error"].get("target", ""), answer.body
            assert refusable(write, name, value), answer.body
            continue
        assert answer.status in (200, 202), answer.body
        check(call, write, name, value, path, answer, let_run)


def refusable(write: Write, name: str, value: Any) -> bool:
    """A request may only be refused for a value that this vault cannot take."""
    words = json.dumps(value)
    return (
        name == "osUpgradeVersion"
        or any(word in words for word in FIRST_ONLY)
        or name in ("vmDisksUris", "vmManagedDisksIds", "disksToInclude")
    )


def check(call: Any, write: Write, name: str, value: Any, path: str, answer: Any, let_run: Any) -> None:
    model = (
        f"{write.model} classic"
        if (write.model, write.item) == ("UpdateMobilityServiceRequestProperties", "sql0")
        else write.model
    )
    if (model, name) in EXCUSED:
        return
    assert write.read, f"{write.model}.{name} was taken; say where it is read, or why nowhere"
    let_run(call.arm.world)
    for another in (None, other_write, out_and_back):
        if another is not None:
            another(call, write, let_run)
        seen = read(call, write, path, answer)
        assert shows(seen, keys_of(write, name), value), f"{name}={value!r} is not in {seen}"


def other_write(call: Any, write: Write, let_run: Any) -> None:
    call("PUT", "replicationPolicies/other", {"properties": {"providerSpecificInput": kind(RCM)}})


def out_and_back(call: Any, write: Write, let_run: Any) -> None:
    """A failover of another item: what is kept is kept whatever happens in the vault."""
    other = "sql1" if "plan" not in write.operation else "web1"
    if call.arm.world.vault.items[other].phase is Phase.REPLICATING_TO_AZURE:
        failed_over(call, other, let_run)


def keys_of(write: Write, name: str) -> set[str]:
    classic = " classic" if write.item == "sql0" and "reprotect" in write.operation else ""
    return {name, SHOWN.get(name + classic, name), SHOWN.get(name, name)}


def read(call: Any, write: Write, path: str, answer: Any) -> Any:
    if write.read == "JOB":
        return call.get(answer.header("x-ms-request-id"))
    if write.read == "ITEM":
        return call.item(write.item)
    if write.read == "PROTECTABLE":
        return call.get(path.replace("/discoverProtectableItem", "/replicationProtectableItems"))["value"][-1]
    return call.get(path)


def shows(seen: Any, keys: set[str], value: Any) -> bool:
    """Whether one of these keys, at any depth, has this value: a list as any of its parts, an object with more keys."""
    if isinstance(seen, dict):
        return any((key in keys and same(inner, value)) or shows(inner, keys, value) for key, inner in seen.items())
    return isinstance(seen, list) and any(shows(inner, keys, value) for inner in seen)


def same(seen: Any, value: Any) -> bool:
    if isinstance(seen, dict) and isinstance(value, dict):
        return all(same(seen.get(key), inner) for key, inner in value.items())
    if isinstance(value, list) and isinstance(seen, list):
        return all(any(same(one, inner) for one in seen) for inner in value)
    if isinstance(seen, list):
        return value in seen
    return bool(str(seen).lower() == str(value).lower()) if isinstance(value, str) else bool(seen == value)


ELSEWHERE: Final = {
    "replication_protected_items.begin_create": "test_nothing_lost.py",
    "replication_protected_items.begin_update": "test_nothing_lost.py",
    "replication_protected_items.begin_add_disks": "test_disks.py",
    "replication_policies.begin_create": "test_nothing_lost.py",
    "replication_policies.begin_update": "test_nothing_lost.py",
    "replication_protection_container_mappings.begin_delete": "its body has a provider without fields",
    "vault_certificates.create": "the certificate is shown in the answer itself; there is no read of it",
}  # fmt: skip


def test_no_write_that_takes_a_body_is_left_out(sdk: Any) -> None:
    takes = set()
    for row in ROUTES:
        group, _, method = row.operation.partition(".")
        if row.verb != "GET" and ": " not in row.operation and not group.startswith("vault_cert"):
            found = inspect.signature(getattr(getattr(sdk, group), method)).parameters
            if any("_models" in str(p.annotation) for p in found.values()):
                takes.add(row.operation)
    assert takes - {write.operation for write in WRITES} - set(ELSEWHERE) == set()


def test_a_reader_of_the_table_of_excuses_can_trust_it() -> None:
    """No key of the answers' models is called as a field that is said to have none."""
    answers = {
        "InMageReprotectInput": models.InMageReplicationDetails,
        "InMageAzureV2ReprotectInput": models.InMageAzureV2ReplicationDetails,
        "UpdateMobilityServiceRequestProperties classic": models.InMageAzureV2ReplicationDetails,
        "RenewCertificateInputProperties": models.FabricProperties,
        "FailoverProcessServerRequestProperties": models.JobProperties,
    }
    for (model, name), why in EXCUSED.items():
        if why == NO_KEY:
            assert name not in fields_of(answers[model]), (model, name)
