"""From the wire's words about servers, items and Azure machines to facts of an estate: plain mappings in and out."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from failback.reprotect import UNKNOWN, OsFamily, RetentionDrive, Unknown

from .translation import (
    INMAGE,
    RCM,
    RCM_FAILBACK,
    V2A,
    Json,
    instant,
    last_segment,
    part,
    parts,
    text,
)
from .translation_reads import item_from_sdk

Facts = dict[str, Any]

GIB: Final = 2**30
MIB_PER_GIB: Final = 1024
SILENT: Final = timedelta(minutes=15)
"""Without a heartbeat for so long a server is down (806)."""
HEALTH: Final = {"Normal": "normal", "Warning": "warning", "Critical": "critical"}
FIRMWARE: Final = {"bios": "bios", "efi": "efi", "uefi": "efi"}
RUNNING: Final = "powerstate/running"
AGENT_GONE: Final = ("provisioningstate/unavailable", "provisioningstate/failed")
"""Codes of the machine's agent that mean: it runs and does not answer (inferred)."""
STOPPED: Final = "Stopped"
OUTDATED: Final = frozenset({"Critical"})


# Servers


def configuration_server_facts(details: Json, provider: Json, vcenters: tuple[Json, ...], now: datetime) -> Facts:
    """Facts of the configuration server that a classic fabric stands for."""
    facts: Facts = {"accounts": tuple(text(a.get("accountName")) for a in parts(details, "runAsAccounts"))}
    _beats(facts, "up", details.get("lastHeartbeat"), now)
    if details.get("csServiceStatus") == STOPPED:
        facts["up"] = False
    connected = {"Connected": True, "Disconnected": False}.get(text(provider.get("connectionStatus")))
    _known(facts, "connected", connected)
    _text(facts, "version", details.get("agentVersion"))
    if vcenters:
        facts["vcenters"] = tuple(name for names in map(vcenter_names, vcenters) for name in names)
        facts |= _reached({vcenter_names(v): _reaches(v, now) for v in vcenters})
    return facts


def vcenter_names(vcenter: Json) -> tuple[str, ...]:
    """By what a vault knows a vCenter: somebody's name for it, and its address, by which vSphere's tools know it."""
    return tuple(dict.fromkeys(filter(None, (text(vcenter.get(key)) for key in ("friendlyName", "ipAddress")))))


def _reached(vcenters: Mapping[tuple[str, ...], bool | None]) -> Facts:
    """Whether it reaches its vCenters at all, and of several which not; nothing where too little is known."""
    facts: Facts = {}
    states = set(vcenters.values())
    if None not in states:
        facts["vcenter_connected"] = True in states
        lost = tuple(name for names, reached in vcenters.items() if not reached for name in names)
        facts["lost_vcenters"] = lost if True in states else ()
    return facts


def _reaches(vcenter: Json, now: datetime) -> bool | None:
    if text(vcenter.get("discoveryStatus")).endswith("Failed"):
        return False
    last_beat = instant(vcenter.get("lastHeartbeat"))
    return None if last_beat is None else now - last_beat < SILENT


def process_server_facts(server: Json, now: datetime) -> Facts:
    """Facts of a classic process server."""
    facts: Facts = {"registered": True}
    _beats(facts, "up", server.get("lastHeartbeat"), now)
    _text(facts, "version", server.get("agentVersion"))
    return facts


def master_target_facts(target: Json, now: datetime) -> Facts:
    """Facts of a master target. A volume that the list has is listed, and fit for retention (M08)."""
    facts: Facts = {"registered": True, "retention_drives": tuple(_drives(target))}
    _beats(facts, "up", target.get("lastHeartbeat"), now)
    _text(facts, "version", target.get("agentVersion"))
    _known(facts, "os", os_family(target.get("osType")))
    if stores := tuple(text(each.get("symbolicName")) for each in parts(target, "dataStores")):
        facts["accessible_datastores"] = stores
    return facts


def _drives(target: Json) -> Iterator[RetentionDrive]:
    for volume in parts(target, "retentionVolumes"):
        size = float(volume.get("capacityInBytes") or 0) / GIB
        yield RetentionDrive(text(volume.get("volumeName")), size, listed=True, free_for_retention=True)


def appliance_facts(box: Json) -> Facts:
    """Facts of an appliance: as healthy as the worst of its components."""
    components = [part(box, key) for key in _COMPONENTS if part(box, key)]
    facts: Facts = {}
    states = {text(each.get("health")) for each in components} - {""}
    if states:
        facts["healthy"] = not states & OUTDATED
    _text(facts, "fqdn", next((text(each.get("fqdn")) for each in components if each.get("fqdn")), ""))
    if stores := part(box, "reprotectAgent").get("accessibleDatastores"):
        facts["accessible_datastores"] = tuple(map(text, stores))
    return facts


_COMPONENTS: Final = ("processServer", "rcmProxy", "reprotectAgent", "replicationAgent", "dra")


# Items


_NO_GROUP: Final = frozenset({"disable", "disabled"})
"""Words of a classic item whose machine has no consistency with others: its group's name is then its own (inferred)."""


def item_facts(item: Json) -> Facts:
    """Facts of a protected machine as one GET of its item shows it."""
    properties = part(item, "properties")
    details = part(properties, "providerSpecificDetails")
    alone = text(details.get("multiVmSyncStatus")).casefold() in _NO_GROUP
    facts: Facts = {"replication_group": None if alone else text(details.get("multiVmGroupName")) or None}
    registered = item_from_sdk(item).agent_registered
    _known(facts, "agent_registered", registered)
    _known(facts, "replication_health", HEALTH.get(text(properties.get("replicationHealth"))))
    _text(facts, "agent_version", _agent_version(details))
    _known(facts, "firmware", FIRMWARE.get(text(details.get("firmwareType")).casefold()))
    _known(facts, "memory_gib", _memory_gib(details))
    _known(facts, "resync_required", {"True": True, "False": False}.get(text(details.get("resyncRequired"))))
    _known(facts, "rpo_s", details.get("rpoInSeconds") or details.get("lastRpoInSeconds"))
    return facts | _discovered(details)


def os_family(value: object) -> OsFamily | None:
    """The family, None for a word that is neither."""
    return {"windows": OsFamily.WINDOWS, "linux": OsFamily.LINUX}.get(text(value).casefold())


def returns_through(item: Json, names: Mapping[str, str]) -> str | None:
    """The master target or appliance through which an item comes home; `names` are servers by id."""
    details = part(part(item, "properties"), "providerSpecificDetails")
    key = {INMAGE: "masterTargetId", RCM_FAILBACK: "reprotectAgentId"}.get(text(details.get("instanceType")), "")
    return names.get(text(details.get(key)).casefold())


def process_server(item: Json, names: Mapping[str, str]) -> str | None:
    """The process server that carries a classic item's changes home; `names` are servers by id."""
    details = part(part(item, "properties"), "providerSpecificDetails")
    key = {INMAGE: "processServerId"}.get(text(details.get("instanceType")), "")
    return names.get(text(details.get(key)).casefold())


def configuration_server_id(item: Json) -> str:
    """The id of the classic fabric below which the item stands: its configuration server's; empty for others."""
    details = part(part(item, "properties"), "providerSpecificDetails")
    fabric = text(item.get("id")).partition("/replicationProtectionContainers/")[0]
    return fabric.casefold() if text(details.get("instanceType")) in _CLASSIC else ""


_CLASSIC: Final = frozenset({V2A, INMAGE})


def azure_machine_id(item: Json) -> str | None:
    """Where the item's Azure machine is. A modernised item names group and machine until it returns (inferred)."""
    details = part(part(item, "properties"), "providerSpecificDetails")
    find = _MACHINE_IDS.get(text(details.get("instanceType")))
    return (find(details) or None) if find else None


def _from_group(details: Json) -> str:
    group, name = text(details.get("targetResourceGroupId")), text(details.get("targetVmName"))
    return f"{group}/providers/Microsoft.Compute/virtualMachines/{name}" if group and name else ""


_MACHINE_IDS: Final[Mapping[str, Callable[[Json], str]]] = {
    V2A: lambda details: text(details.get("targetVmId")),
    RCM: _from_group,
    RCM_FAILBACK: lambda details: text(details.get("azureVirtualMachineId")),
}


def _discovered(details: Json) -> Facts:
    """What the appliance's own discovery says of the machine on site; a vCenter that is asked says more."""
    seen = part(details, "discoveredVmDetails")
    facts: Facts = {}
    if isinstance(seen.get("isDeleted"), bool):
        facts["exists_on_premises"] = not seen["isDeleted"]
    _known(facts, "powered_on", {"ON": True, "OFF": False}.get(text(seen.get("powerStatus"))))
    return facts


def _agent_version(details: Json) -> str:
    nested = part(details, "agentDetails").get("agentVersion") or part(details, "mobilityAgentDetails").get("version")
    return text(details.get("agentVersion")) or text(nested)


def _memory_gib(details: Json) -> float | None:
    mib = details.get("sourceVmRamSizeInMB") or details.get("allocatedMemoryInMB")
    return float(mib) / MIB_PER_GIB if mib else None


# Azure machines


def machine_facts(machine: Json) -> Facts:
    """Facts of an Azure machine that is where its item says."""
    codes = _codes(part(part(machine, "properties"), "instanceView"))
    powers = [code for code in codes if code.startswith("powerstate/")]
    facts: Facts = {"exists": True, "moved": False}
    if powers:
        facts["running"] = RUNNING in powers and not any(code in AGENT_GONE for code in codes)
    return facts


def _codes(view: Json) -> list[str]:
    statuses = (*parts(view, "statuses"), *parts(part(view, "vmAgent"), "statuses"))
    return [text(status.get("code")).casefold() for status in statuses]


def missing_machine_facts(arm_id: str, elsewhere: tuple[Json, ...]) -> Facts:
    """Facts of one that is not: moved where another resource group has one of its name (inferred), else deleted."""
    name = last_segment(arm_id).casefold()
    moved = any(last_segment(text(each.get("id"))).casefold() == name for each in elsewhere)
    return {"exists": moved, "moved": moved, "running": UNKNOWN} if moved else {"exists": False, "running": False}


def _beats(facts: Facts, fact: str, value: object, now: datetime) -> None:
    last_beat = instant(value)
    if last_beat is not None:
        facts[fact] = now - last_beat < SILENT


def _text(facts: Facts, fact: str, value: object) -> None:
    if text(value):
        facts[fact] = value


def _known(facts: Facts, fact: str, value: object) -> None:
    if value is not None and not isinstance(value, Unknown):
        facts[fact] = value
