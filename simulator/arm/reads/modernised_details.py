"""providerSpecificDetails of modernised items: InMageRcm on the way to Azure, InMageRcmFailback on the way home."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import Disk, Phase, Side, phase_row
from failback.simulator.arm.wire.dates import NEVER
from failback.simulator.arm.wire.facts import shown_fact
from failback.simulator.arm.wire.response import Json
from failback.simulator.arm.wire.wire import RCM, RCM_BACK

from .item_facts import ItemFacts, disk_name, yes_no
from .nics import rcm_failback_nic, rcm_nic
from .policies import policy_of
from .servers import GIB

_AGENT: Final = "9.65.0.0"


def rcm_item_details(facts: ItemFacts) -> Json:
    """InMageRcm."""
    names, vm = facts.request.names, facts.vm
    box = next(iter(facts.request.world.site.estate.appliances), None)
    return {
        "instanceType": RCM,
        **_shared(facts),
        "mobilityAgentDetails": _agent(facts) | _REINSTALL,
        "vmNics": [rcm_nic(facts)] if facts.full else [],  # recorded: none in lists
        "fabricDiscoveryMachineId": _machine_id(facts),
        "discoveryType": "vCenter",
        "processServerId": names.component(box, "process-server") if box else None,
        "processorCoreCount": 2,
        "allocatedMemoryInMB": 8192.0,
        "processServerName": names.shown(box) if box else None,
        "firmwareType": "BIOS",
        "primaryNicIpAddress": facts.address if facts.full else None,
        "targetGeneration": "V1",
        "licenseType": "NoLicenseType",
        "storageAccountId": facts.request.ids.storage("cache"),
        "targetVmName": vm.name,
        "targetVmSize": "Standard_D2s_v3",
        "targetResourceGroupId": facts.request.ids.group,
        "targetLocation": "westeurope",
        "lastRecoveryPointReceived": facts.last_point,
        "lastRpoInSeconds": facts.rpo_s,
        "lastRpoCalculatedTime": facts.request.now if facts.rpo_s else None,
        "agentUpgradeState": "None",
        "protectedDisks": [_out_disk(facts, *pair) for pair in facts.numbered_disks()],
        "unprotectedDisks": [_unprotected(facts, *pair) for pair in facts.left_out_disks()],
        "isLastUpgradeSuccessful": "True",
    }


def rcm_failback_details(facts: ItemFacts) -> Json:
    """InMageRcmFailback."""
    names, vm, item = facts.request.names, facts.vm, facts.item
    box = item.choices.appliance
    policy = facts.settings.policies.get(False) or policy_of(item.architecture, home=False).name
    return {
        "instanceType": RCM_BACK,
        **_shared(facts),
        "azureVirtualMachineId": facts.azure_machine_id,
        "reprotectAgentId": names.component(box, "reprotect-agent") if box else None,
        "reprotectAgentName": names.shown(box) if box else None,
        "vmNics": [rcm_failback_nic(facts)] if facts.full else [],
        "logStorageAccountId": facts.request.ids.storage(item.choices.log_storage_account or "cache"),
        "targetvCenterId": names.guid("vcenter"),
        "targetDataStoreName": names.store(item.choices.datastore or vm.datastore),
        "targetVmName": vm.name,
        "protectedDisks": [_home_disk(facts, *pair) for pair in facts.numbered_disks()],
        "lastPlannedFailoverStartTime": None,
        "lastPlannedFailoverStatus": _planned_status(facts),
        "lastUsedPolicyId": facts.request.ids.policy(policy),
        "lastUsedPolicyFriendlyName": policy,
    }


def _machine_id(facts: ItemFacts) -> str:
    return f"{facts.request.ids.group}/providers/Microsoft.OffAzure/VMwareSites/site/machines/{facts.vm.name}"


def _planned_status(facts: ItemFacts) -> str | None:
    done = phase_row(facts.phase).runs is Side.SITE
    return "Succeeded" if done else None


def _shared(facts: ItemFacts) -> Mapping[str, Json]:
    first = facts.phase is Phase.RESYNCING_TO_ON_PREMISES
    progress = _progress("initialReplication", facts, first) | _progress("resync", facts, facts.resyncing and not first)
    return {
        "internalIdentifier": facts.request.names.item_guids[facts.vm.name],
        "multiVmGroupName": facts.vm.replication_group,
        "osType": facts.os_type,
        **progress,
        "resyncRequired": "False",
        "resyncState": "None",
        "isAgentRegistrationSuccessfulAfterFailover": shown_fact(facts.vm.agent_registered),
        "mobilityAgentDetails": _agent(facts),
        "discoveredVmDetails": _discovered(facts) if facts.full else None,
    }


def _progress(kind: str, facts: ItemFacts, now: bool) -> dict[str, Json]:
    return {
        f"{kind}ProgressPercentage": facts.percent if now else None,
        f"{kind}ProcessedBytes": facts.processed_bytes() if now else None,
        f"{kind}TransferredBytes": facts.transferred_bytes() if now else None,
        f"{kind}ProgressHealth": "InProgress" if now else "None",
    }


_REINSTALL: Final[dict[str, Json]] = {
    **dict.fromkeys(("latestAgentReleaseDate", "lastAgentReinstallType", "agentReinstallJobId")),
    **dict.fromkeys(("agentReinstallAttemptToVersion", "osFamilyName", "distroName")),
    **dict.fromkeys(("distroNameForWhichAgentIsInstalled", "isAgentUpgradeable", "isAgentReinstallRequired")),
    "isLastReinstallSuccessful": None,
    "agentReinstallState": [],
    "reasonsBlockingReinstall": [],
    "reasonsBlockingReinstallDetails": [],
}
"""Keys of the agent that only an item on its way to Azure has; nothing of it is modelled."""


def _agent(facts: ItemFacts) -> Json:
    return {
        "version": _AGENT,
        "latestVersion": _AGENT,
        "driverVersion": _AGENT,
        "latestUpgradableVersionWithoutReboot": None,
        "agentVersionExpiryDate": NEVER,
        "driverVersionExpiryDate": NEVER,
        "lastHeartbeatUtc": facts.heartbeat,
        "reasonsBlockingUpgrade": ["AlreadyOnLatestVersion"],
        "isUpgradeable": "False",
    }


def _discovered(facts: ItemFacts) -> Json:
    power = {True: "ON", False: "OFF", None: None}[shown_fact(facts.vm.powered_on)]
    return {
        "vCenterId": facts.request.names.guid("vcenter"),
        "vCenterFqdn": "vcenter.site.example",
        "datastores": [facts.request.names.store(facts.vm.datastore)],
        "ipAddresses": [facts.address],
        "vmwareToolsStatus": "OK" if power == "ON" else "NotRunning",
        "powerStatus": power,
        "vmFqdn": facts.vm.name,
        "osName": facts.os_type,
        "createdTimestamp": facts.request.when(0.0),
        "updatedTimestamp": facts.request.now,
        "isDeleted": shown_fact(facts.vm.exists_on_premises) is False,
        "lastDiscoveryTimeInUtc": facts.request.now,
    }


def _out_disk(facts: ItemFacts, number: int, disk: Disk) -> Json:
    return (
        _disk(facts, number, disk)
        | {
            "diskState": "InitialReplicationPending" if _copying(facts, number) else "Protected",
            "logStorageAccountId": facts.request.ids.storage("cache"),
            "diskEncryptionSetId": None,
            "seedManagedDiskId": None,
            "seedBlobUri": None,
            "targetManagedDiskId": None,
            "diskType": "Premium_LRS",
            "customTargetDiskName": None,
            "sectorSizeInBytes": None,
            "iops": None,
            "throughputInMbps": None,
            "diskSizeInGB": None,
        }
        | facts.settings.disks.get(number, {})
    )


def _home_disk(facts: ItemFacts, number: int, disk: Disk) -> Json:
    return _disk(facts, number, disk) | {"diskUuid": shown_fact(disk.uuid), "lastSyncTime": None}


def _disk(facts: ItemFacts, number: int, disk: Disk) -> dict[str, Json]:
    return {
        "diskId": facts.disk_id(number),
        "diskName": disk_name(number, disk),
        "isOSDisk": yes_no(number == 0),
        "capacityInBytes": round(disk.size_gib * GIB),
        "dataPendingInLogDataStoreInMB": 0.0,
        "dataPendingAtSourceAgentInMB": 0.0,
        "isInitialReplicationComplete": yes_no(not _copying(facts, number)),
        "irDetails": _sync(facts, number) if _copying(facts, number) else None,
        "resyncDetails": None,
    }


def _copying(facts: ItemFacts, number: int) -> bool:
    return facts.resyncing or number in facts.item.first_syncs


def _unprotected(facts: ItemFacts, number: int, disk: Disk) -> Json:
    name = disk_name(number, disk)
    return {"diskId": facts.disk_id(number), "diskName": name, "capacityInBytes": round(disk.size_gib * GIB)}


def _sync(facts: ItemFacts, number: int) -> Json:
    done = facts.progress(number)
    return {
        "progressHealth": "InProgress",
        "transferredBytes": done.transferred_bytes,
        "last15MinutesTransferredBytes": 0,
        "lastDataTransferTimeUtc": facts.request.now,
        "processedBytes": done.processed_bytes,
        "startTime": done.began,
        "lastRefreshTime": facts.request.now,
        "progressPercentage": facts.disk_percent(number),
    }
