"""providerSpecificDetails of classic items: InMageAzureV2 on the way to Azure, InMage on the way home."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import Disk, Side, phase_row
from failback.simulator import shown_process_server
from failback.simulator.arm.wire.dates import NEVER
from failback.simulator.arm.wire.response import Json
from failback.simulator.arm.wire.wire import INMAGE, V2A, shown

from .item_facts import ItemFacts, disk_name, vcenter_id
from .nics import classic_nic
from .servers import GIB

_AGENT: Final = "9.65.0.0"


def azure_v2_details(facts: ItemFacts) -> Json:
    """InMageAzureV2."""
    return {
        "instanceType": V2A,
        **_shared(facts),
        "resyncProgressPercentage": facts.percent,
        "agentVersion": _AGENT,
        "agentExpiryDate": NEVER,
        "isAgentUpdateRequired": "False",
        "isRebootAfterUpdateRequired": "False",
        "processServerName": _shown(facts, _process_server(facts)),
        "protectedDisks": [_azure_v2_disk(facts, *pair) for pair in facts.numbered_disks()],
        "protectedManagedDisks": [_managed_disk(facts, n) for n, _ in facts.numbered_disks()],
        "osType": facts.os_type,
        "vhdName": None,
        "osDiskId": facts.disk_id(0) if facts.full else None,
        "azureVMDiskDetails": [],
        "recoveryAzureVMName": facts.vm.name,
        "recoveryAzureVMSize": "Standard_D2s_v3",
        "recoveryAzureStorageAccount": None,
        "recoveryAzureLogStorageAccountId": facts.request.ids.storage("cache"),
        "enableRdpOnTargetOption": "Never",
        "targetVmId": facts.azure_machine_id if facts.has_replica else None,
        "recoveryAzureResourceGroupId": facts.request.ids.group,
        "useManagedDisks": "True",
        "licenseType": "NoLicenseType",
        "lastRecoveryPointReceived": facts.last_point,
        "firmwareType": "BIOS",
        "azureVmGeneration": "V1",
        "switchProviderBlockingErrorDetails": [],
        "switchProviderDetails": None,
    }


def inmage_details(facts: ItemFacts) -> Json:
    """InMage. Recorded: the Azure machine was discovered as a physical one."""
    home = phase_row(facts.phase).runs is Side.SITE
    return {
        "instanceType": INMAGE,
        **_shared(facts),
        "discoveryType": "Physical",  # recorded: so it stays after the failback
        "totalDataTransferred": 0 if home else -1,  # recorded
        "activeSiteType": "OnPrem" if home else "Azure",
        "osDetails": {"osVhdId": None, "osType": facts.os_type, "vhdName": None} if facts.full else None,
        "resyncDetails": _resync(facts),
        "retentionWindowStart": None,
        "retentionWindowEnd": None,
        "protectedDisks": [_inmage_disk(facts, *pair) for pair in facts.numbered_disks()],
        "consistencyPoints": {},
        "rebootAfterUpdateStatus": "NotRequired",
        "agentDetails": _agent(),
        "azureStorageAccountId": None,
    }


def _shared(facts: ItemFacts) -> Mapping[str, Json]:
    names, stage = facts.request.names, _stage(facts)
    return {
        "infrastructureVmId": names.guid("vmware", facts.vm.name),
        "vCenterInfrastructureId": vcenter_id(facts),
        "protectionStage": stage,
        "vmId": facts.machine_id,
        **_vm_state(facts),
        "rpoInSeconds": facts.rpo_s,
        "compressedDataRateInMB": 0.0,
        "uncompressedDataRateInMB": 0.0,
        "ipAddress": facts.address if facts.full else None,
        "lastHeartbeat": facts.heartbeat,
        "processServerId": _server_id(facts, _process_server(facts)),
        "masterTargetId": _server_id(facts, facts.item.disk_host or _process_server(facts)),
        "diskResized": "NotResized",
        "multiVmGroupId": facts.group_id,
        "multiVmGroupName": facts.vm.replication_group,
        "multiVmSyncStatus": "Enabled" if facts.vm.replication_group else "Disabled",
        "sourceVmCpuCount": 2,
        "sourceVmRamSizeInMB": 8192,
        "vmNics": [classic_nic(facts)],
        "discoveryType": "Physical" if facts.in_azure else "vCenter",
        "datastores": [names.store(facts.item.choices.datastore or facts.vm.datastore)] if facts.full else [],
        "validationErrors": [],
        "lastRpoCalculatedTime": facts.request.now if facts.rpo_s else None,
        "lastUpdateReceivedTime": facts.request.now,
        "replicaId": None,
        "osVersion": None,
        "isAdditionalStatsAvailable": True,
        "totalDataTransferred": facts.transferred_bytes(),
        "totalProgressHealth": "Healthy",
    }


def _vm_state(facts: ItemFacts) -> dict[str, Json]:
    """The item's own state once it has moved (recorded after a failback, inferred after a failover), else the stage."""
    row, stage = shown(facts.item), _stage(facts)
    state, description = (row.state, row.description) if row.active == "Recovery" else (stage, stage)
    return {"vmProtectionState": state, "vmProtectionStateDescription": description}


def _stage(facts: ItemFacts) -> str:
    return "ResyncInProgress" if facts.resyncing else "DifferentialSync"


def _process_server(facts: ItemFacts) -> str | None:
    return shown_process_server(facts.request.vault, facts.item)


def _shown(facts: ItemFacts, name: str | None) -> str | None:
    return facts.request.names.shown(name) if name else None


def _server_id(facts: ItemFacts, name: str | None) -> str | None:
    return facts.request.names.server_id(name) if facts.full and name else None


def _resync(facts: ItemFacts) -> Json:
    percent = str(facts.percent) if facts.percent is not None else None
    return (
        {"initialReplicationType": "Resync", "initialReplicationProgressPercentage": percent}
        if facts.resyncing
        else None
    )


def _agent() -> Json:
    dates = {"agentVersion": _AGENT, "agentExpiryDate": NEVER}
    return dates | {"agentUpdateStatus": "UpToDate", "postUpdateRebootStatus": "NotRequired"}


def _azure_v2_disk(facts: ItemFacts, number: int, disk: Disk) -> Json:
    sizes = {"sourceDataInMegaBytes": 0.0, "psDataInMegaBytes": 0.0, "targetDataInMegaBytes": 0.0}
    return _disk(facts, number, disk) | sizes | {"secondsToTakeSwitchProvider": 0}


def _inmage_disk(facts: ItemFacts, number: int, disk: Disk) -> Json:
    return _disk(facts, number, disk) | {"sourceDataInMB": 0.0, "psDataInMB": 0.0, "targetDataInMB": 0.0}


def _disk(facts: ItemFacts, number: int, disk: Disk) -> dict[str, Json]:
    done = facts.progress(number)
    return {
        "diskId": f"{{{facts.disk_id(number).upper()}}}",
        "diskName": disk_name(number, disk),
        "protectionStage": _stage(facts),
        "healthErrorCode": None,
        "rpoInSeconds": facts.rpo_s,
        "resyncRequired": "NotRequired",
        "resyncProgressPercentage": facts.percent,
        "resyncDurationInSeconds": None,
        "diskCapacityInBytes": round(disk.size_gib * GIB),
        "fileSystemCapacityInBytes": None,
        "diskResized": "NotResized",
        "lastRpoCalculatedTime": facts.request.now if facts.rpo_s else None,
        "resyncProcessedBytes": done.processed_bytes,
        "resyncTotalTransferredBytes": done.transferred_bytes,
        "resyncLast15MinutesTransferredBytes": 0,
        "resyncLastDataTransferTimeUTC": None,
        "resyncStartTime": done.began,
        "progressHealth": "InProgress" if facts.resyncing else "Completed",
        "progressStatus": "Grey",
    }


def _managed_disk(facts: ItemFacts, number: int) -> Json:
    name = f"{facts.vm.name}-{number}"
    seed = f"{facts.request.ids.group}/providers/Microsoft.Compute/disks/asrseeddisk-{name}"
    return {
        "diskId": f"{{{facts.disk_id(number).upper()}}}",
        "seedManagedDiskId": seed,
        "replicaDiskType": "Premium_LRS",
        "diskEncryptionSetId": None,
        "targetDiskName": None,
    } | facts.settings.disks.get(number, {})
