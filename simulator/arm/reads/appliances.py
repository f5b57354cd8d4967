"""Replication appliances of the modernised architecture: components of a fabric, and the vault's list."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import Appliance
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.facts import shown_flag
from failback.simulator.arm.wire.response import Json, Response
from failback.simulator.arm.wire.wire import shown

from .pages import whole
from .servers import GIB, heartbeat, seen_datastores

VERSION: Final = "9.65.0.0"
"""Of every component of an appliance, and of the provider that they are registered with (ours)."""
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


def list_appliances(request: ParsedRequest) -> Response:
    """GET V/replicationAppliances."""
    boxes = [_appliance(request, box) for box in request.world.site.estate.appliances.values()]
    if not boxes:
        return whole([])
    return whole([{"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm", "appliances": boxes}}}])


def rcm_details(request: ParsedRequest, *, full: bool) -> Json:
    """The customDetails of the fabric that holds all appliances. Recorded: a list of fabrics leaves out all of them."""
    boxes = list(request.world.site.estate.appliances.values()) if full else []
    uri = f"{request.origin}/failback"
    return {
        "instanceType": "InMageRcm",
        "vmwareSiteId": f"{request.ids.group}/providers/Microsoft.OffAzure/VMwareSites/site",
        "physicalSiteId": None,
        "serviceEndpoint": uri,
        "serviceResourceId": None,
        "serviceContainerId": None,
        "dataPlaneUri": uri,
        "controlPlaneUri": uri,
        "sourceAgentIdentityDetails": identity_of(request, "source agent") if full else None,
        "processServers": [process_server(request, box) for box in boxes],
        "reprotectAgents": [reprotect_agent(request, box) for box in boxes],
        "dras": [_dra(request, box) for box in boxes],
        "agentDetails": [],
        "rcmProxies": [_component(request, box, "rcm-proxy") | _PROXY for box in boxes],
        **{name: [_component(request, box, kind) for box in boxes] for name, kind in _COMPONENTS.items()},
    }


_PROXY: Final[dict[str, Json]] = {"clientAuthenticationType": None}
_COMPONENTS: Final = {
    "pushInstallers": "push-installer",
    "replicationAgents": "replication-agent",
    "marsAgents": "mars-agent",
}


def identity_of(request: ParsedRequest, of: str) -> Json:
    """The application that a component signs in as; nobody checks it here."""
    guids = {key: request.names.guid(key, of) for key in ("applicationId", "objectId")}
    audience = {"audience": "https://management.azure.com/", "aadAuthority": request.origin}
    return {"tenantId": request.names.guid("tenant"), **guids, **audience}


def _appliance(request: ParsedRequest, box: Appliance) -> Json:
    fabric = next(f for f in request.names.fabrics if f.kind.has_appliances)
    return {
        "id": request.names.guid("appliance", box.name),
        "name": request.names.shown(box.name),
        "fabricArmId": request.ids.fabric(fabric),
        "processServer": process_server(request, box),
        "rcmProxy": _component(request, box, "rcm-proxy") | _PROXY,
        "pushInstaller": _component(request, box, "push-installer"),
        "replicationAgent": _component(request, box, "replication-agent"),
        "reprotectAgent": reprotect_agent(request, box),
        "marsAgent": _component(request, box, "mars-agent"),
        "dra": _dra(request, box),
        "switchProviderBlockingErrorDetails": [],
    }


def process_server(request: ParsedRequest, box: Appliance) -> Json:
    """The appliance's process server."""
    return {
        **_component(request, box, "process-server"),
        **_SERVER,
        "protectedItemCount": _outgoing(request, box),
        "historicHealth": shown_flag(box.healthy, "Normal", "Critical"),
    }


def reprotect_agent(request: ParsedRequest, box: Appliance) -> Json:
    """The appliance's re-protection agent, with the datastores that it reaches."""
    return {
        **_component(request, box, "reprotect-agent"),
        "protectedItemCount": _returning(request, box),
        "accessibleDatastores": [request.names.store(each) for each in seen_datastores(request.world.site.estate, box)],
        "vcenterId": request.names.guid("vcenter"),
        "lastDiscoveryInUtc": heartbeat(request, box.name),
    }


def _dra(request: ParsedRequest, box: Appliance) -> Json:
    part = _component(request, box, "dra")
    resources = {
        key: part[key] for key in ("id", "name", "biosId", "version", "lastHeartbeatUtc", "health", "healthErrors")
    }
    counts = {"forward": _outgoing(request, box), "reverse": _returning(request, box)}
    return resources | {f"{way}ProtectedItemCount": count for way, count in counts.items()}


def _component(request: ParsedRequest, box: Appliance, component: str) -> dict[str, Json]:
    guid = request.names.component(box.name, component)
    return {
        "id": guid,
        "name": request.names.shown(box.name),
        "biosId": request.names.guid("bios", box.name),
        "fabricObjectId": guid,
        "fqdn": f"{request.names.shown(box.name)}.site.example",
        "version": VERSION,
        "lastHeartbeatUtc": heartbeat(request, box.name),
        "health": shown_flag(box.healthy, "Normal", "Critical"),
        "healthErrors": [],
    }


def _outgoing(request: ParsedRequest, box: Appliance) -> int:
    """How many items name its process server, as they do while they replicate to Azure and after that failover."""
    first = next(iter(request.world.site.estate.appliances))
    usual, own = (request.names.component(name, "process-server") for name in (first, box.name))
    kind = next(fabric.architecture for fabric in request.names.fabrics if fabric.kind.has_appliances)
    items = [item for item in request.vault.items.values() if item.architecture is kind and not shown(item).home]
    kept = request.context.resources.of_items
    named = (kept[item.name].details.get("processServerId", usual) if item.name in kept else usual for item in items)
    return sum(name == own for name in named)


def _returning(request: ParsedRequest, box: Appliance) -> int:
    return sum(item.disk_host == box.name for item in request.vault.items.values())
