"""Replication appliances of the modernised architecture: components of a fabric, and the vault's list."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import Appliance, Architecture
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.facts import shown_flag
from failback.simulator.arm.wire.response import Json, Response

from .pages import whole
from .servers import GIB, heartbeat

_VERSION: Final = "9.65.0.0"
_SERVER: Final[Mapping[str, Json]] = {
    "ipAddresses": ["10.0.0.7"],
    "totalMemoryInBytes": 16 * GIB,
    "availableMemoryInBytes": 8 * GIB,
    "usedMemoryInBytes": 8 * GIB,
    "memoryUsagePercentage": 50.0,
    "totalSpaceInBytes": 620 * GIB,
    "availableSpaceInBytes": 400 * GIB,
    "usedSpaceInBytes": 220 * GIB,
    "freeSpacePercentage": 64.5,
    "throughputUploadPendingDataInBytes": 0,
    "throughputInBytes": 0,
    "processorUsagePercentage": 5.0,
    "throughputStatus": "Healthy",
    "systemLoad": 0,
    "systemLoadStatus": "Healthy",
    "diskUsageStatus": "Healthy",
    "memoryUsageStatus": "Healthy",
    "processorUsageStatus": "Healthy",
}


def list_appliances(ask: Ask) -> Response:
    """GET V/replicationAppliances."""
    boxes = [_appliance(ask, box) for box in ask.world.site.estate.appliances.values()]
    if not boxes:
        return whole([])
    return whole([{"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm", "appliances": boxes}}}])


def rcm_details(ask: Ask) -> Json:
    """The customDetails of the fabric that holds all appliances."""
    boxes = list(ask.world.site.estate.appliances.values())
    uri = f"{ask.origin}/failback"
    return {
        "instanceType": "InMageRcm",
        "vmwareSiteId": f"{ask.ids.group}/providers/Microsoft.OffAzure/VMwareSites/site",
        "physicalSiteId": None,
        "serviceEndpoint": uri,
        "serviceResourceId": None,
        "serviceContainerId": None,
        "dataPlaneUri": uri,
        "controlPlaneUri": uri,
        "sourceAgentIdentityDetails": None,
        "processServers": [process_server(ask, box) for box in boxes],
        "rcmProxies": [_component(ask, box, "rcm-proxy") for box in boxes],
        "pushInstallers": [_component(ask, box, "push-installer") for box in boxes],
        "replicationAgents": [_component(ask, box, "replication-agent") for box in boxes],
        "reprotectAgents": [reprotect_agent(ask, box) for box in boxes],
        "marsAgents": [_component(ask, box, "mars-agent") for box in boxes],
        "dras": [_dra(ask, box) for box in boxes],
        "agentDetails": [],
    }


def _appliance(ask: Ask, box: Appliance) -> Json:
    fabric = next(f for f in ask.names.fabrics if f.architecture is Architecture.MODERNISED)
    return {
        "id": ask.names.guid("appliance", box.name),
        "name": box.name,
        "fabricArmId": ask.ids.fabric(fabric),
        "processServer": process_server(ask, box),
        "rcmProxy": _component(ask, box, "rcm-proxy"),
        "pushInstaller": _component(ask, box, "push-installer"),
        "replicationAgent": _component(ask, box, "replication-agent"),
        "reprotectAgent": reprotect_agent(ask, box),
        "marsAgent": _component(ask, box, "mars-agent"),
        "dra": _dra(ask, box),
        "switchProviderBlockingErrorDetails": [],
    }


def process_server(ask: Ask, box: Appliance) -> Json:
    """The appliance's process server."""
    return {
        **_component(ask, box, "process-server"),
        **_SERVER,
        "protectedItemCount": _returning(ask, box),
        "historicHealth": shown_flag(box.healthy, "Normal", "Critical"),
    }


def reprotect_agent(ask: Ask, box: Appliance) -> Json:
    """The appliance's re-protection agent, with the datastores that it reaches."""
    host = ask.world.site.estate.hosts.get(box.host)
    return {
        **_component(ask, box, "reprotect-agent"),
        "protectedItemCount": _returning(ask, box),
        "accessibleDatastores": list(host.datastores) if host else [],
        "vcenterId": ask.names.guid("vcenter"),
        "lastDiscoveryInUtc": heartbeat(ask, box.name),
    }


def _dra(ask: Ask, box: Appliance) -> Json:
    part = _component(ask, box, "dra")
    kept = {key: part[key] for key in ("id", "name", "biosId", "version", "lastHeartbeatUtc", "health", "healthErrors")}
    return kept | {"forwardProtectedItemCount": 0, "reverseProtectedItemCount": _returning(ask, box)}


def _component(ask: Ask, box: Appliance, component: str) -> dict[str, Json]:
    guid = ask.names.component(box.name, component)
    return {
        "id": guid,
        "name": box.name,
        "biosId": ask.names.guid("bios", box.name),
        "fabricObjectId": guid,
        "fqdn": f"{box.name}.site.example",
        "version": _VERSION,
        "lastHeartbeatUtc": heartbeat(ask, box.name),
        "health": shown_flag(box.healthy, "Normal", "Critical"),
        "healthErrors": [],
    }


def _returning(ask: Ask, box: Appliance) -> int:
    return sum(item.lender == box.name for item in ask.vault.items.values())
