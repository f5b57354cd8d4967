"""Process servers and master targets of a classic configuration server, as its fabric lists them."""

from collections.abc import Iterable, Mapping
from typing import Final

from failback.reprotect import (
    Appliance,
    ConfigurationServer,
    Datastore,
    Estate,
    MasterTarget,
    ProcessServer,
    known,
    mounting_host,
)
from failback.simulator import ProtectedItem, shown_process_server
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.dates import NEVER
from failback.simulator.arm.wire.facts import shown_fact, shown_flag
from failback.simulator.arm.wire.naming import NO_SERVER, FabricName
from failback.simulator.arm.wire.response import Json

from .health_errors import silence

GIB: Final = 2**30
_LOADS: Final[Mapping[str, Json]] = {
    "systemLoad": "0%",
    "systemLoadStatus": "Green",
    "cpuLoad": "5%",
    "cpuLoadStatus": "Green",
    "totalMemoryInBytes": 16 * GIB,
    "availableMemoryInBytes": 8 * GIB,
    "memoryUsageStatus": "Green",
    "totalSpaceInBytes": 600 * GIB,
    "availableSpaceInBytes": 400 * GIB,
    "spaceUsageStatus": "Green",
}


def heartbeat(request: ParsedRequest, name: str, fact: str | None = None) -> str | None:
    """The date of the last beat of this heart; null where nobody knows whether it beats."""
    hearts = request.vault.record.heartbeats
    last_s = hearts.last_s(name, fact)
    date = None if last_s is None else request.when(last_s)
    if date is not None and hearts.beats(name, fact):
        request.beats.add(date)
    return date


def known_health(request: ParsedRequest, server: ProcessServer) -> str | None:
    """A process server is critical once it has not been heard for 15 minutes (806); null where nobody knows."""
    return (
        shown_flag(request.vault.record.heartbeats.is_silent(server.name), "Critical", "Normal")
        if known(server.up)
        else None
    )


def vmware_details(request: ParsedRequest, server: ConfigurationServer | None) -> Json:
    """The fabric's customDetails. The servers of an estate belong to its first configuration server."""
    estate = request.world.site.estate
    of_server, carried = server.name if server else NO_SERVER, _classic_items(request)
    items = [item for item, fabric in carried if fabric.server == of_server]
    up = server.up if server else False
    return {
        "instanceType": "VMware",
        "processServers": [_process_server(request, p, carried) for p in estate.process_servers.values()],
        "masterTargetServers": [_master_target(request, m) for m in estate.master_targets.values()],
        "runAsAccounts": run_as_accounts(request, server),
        "replicationPairCount": str(_pairs(request, items)),
        "processServerCount": str(len(estate.process_servers)),
        "agentCount": str(len(items)),
        "protectedServers": str(len(items)),
        **_LOADS,
        "webLoad": "0",
        "webLoadStatus": "Green",
        "databaseServerLoad": "0",
        "databaseServerLoadStatus": "Green",
        "csServiceStatus": shown_flag(up, "Running", "Stopped"),
        "ipAddress": "10.0.0.4",
        "agentVersion": shown_fact(server.version) if server else None,
        "hostName": request.names.shown(server.name) if server else None,
        "lastHeartbeat": heartbeat(request, server.name) if server else None,
        "versionStatus": "Supported",
        "sslCertExpiryDate": NEVER,
        "sslCertExpiryRemainingDays": 1000,
        "psTemplateVersion": shown_fact(server.version) if server else None,
        "agentExpiryDate": NEVER,
        "agentVersionDetails": _version(server.version if server else None),
        "switchProviderBlockingErrorDetails": [],
    }


def run_as_accounts(request: ParsedRequest, server: ConfigurationServer | None) -> list[Json]:
    """Recorded: their ids are small numbers as strings. One that was removed leaves its number free (ours)."""
    names = server.accounts if server else ()
    ids = request.names.account_ids(names)
    return [{"accountId": ids[name], "accountName": name} for name in names]


def accounts_now(request: ParsedRequest) -> tuple[str, ...]:
    """The accounts that any of the configuration servers keeps."""
    servers = request.world.site.estate.configuration_servers.values()
    return tuple(dict.fromkeys(account for server in servers for account in server.accounts))


def _process_server(
    request: ParsedRequest, server: ProcessServer, carried: Iterable[tuple[ProtectedItem, FabricName]]
) -> Json:
    items = [item for item, _ in carried if shown_process_server(request.vault, item) == server.name]
    return {
        "friendlyName": request.names.shown(server.name),
        "id": request.names.server_id(server.name),
        "ipAddress": "10.1.0.5" if server.in_azure is not False else "10.0.0.5",
        "osType": "Windows",
        "agentVersion": shown_fact(server.version),
        "lastHeartbeat": heartbeat(request, server.name),
        "versionStatus": "Supported",
        "mobilityServiceUpdates": [],
        "hostId": request.names.server_id(server.name),
        "machineCount": str(len(items)),
        "replicationPairCount": str(_pairs(request, items)),
        **_LOADS,
        "psServiceStatus": shown_flag(server.up, "Running", "Stopped"),
        "sslCertExpiryDate": NEVER,
        "sslCertExpiryRemainingDays": 1000,
        "osVersion": "10.0.14393",
        "healthErrors": silence(request, server.name, "806"),
        "agentExpiryDate": NEVER,
        "agentVersionDetails": _version(server.version),
        "health": known_health(request, server),
        "psStatsRefreshTime": heartbeat(request, server.name),
        "throughputUploadPendingDataInBytes": 0,
        "throughputInMBps": 0,
        "throughputInBytes": 0,
        "throughputStatus": "Healthy",
        "marsCommunicationStatus": "Healthy",
        "marsRegistrationStatus": "Healthy",
        "historicHealth": known_health(request, server),  # recorded, and in no model
    }


def _classic_items(request: ParsedRequest) -> list[tuple[ProtectedItem, FabricName]]:
    """The items that classic servers carry, each with its fabric."""
    items = request.vault.items.values()
    found = ((item, request.names.fabric_of(item.name, item.architecture)) for item in items)
    return [(item, fabric) for item, fabric in found if not fabric.kind.has_appliances]


def seen_datastores(estate: Estate, server: MasterTarget | Appliance) -> tuple[str, ...]:
    """What its host mounts; where nobody knows that, what the vault is known to list."""
    host = mounting_host(estate, server)
    told = server.accessible_datastores if host is None else host.datastores
    return (told or ()) if known(told) else ()


def _pairs(request: ParsedRequest, items: Iterable[ProtectedItem]) -> int:
    """Their protected disks."""
    return sum(len(request.world.site.vm(item.name).disks) - len(item.left_out) for item in items)


def _master_target(request: ParsedRequest, target: MasterTarget) -> Json:
    estate = request.world.site.estate
    lent = sum(
        len(estate.virtual_machines[i.name].disks) for i in request.vault.items.values() if i.disk_host == target.name
    )
    return {
        "id": request.names.server_id(target.name),
        "ipAddress": "10.0.0.6",
        "name": request.names.shown(target.name),
        "osType": target.os.value.capitalize(),
        "agentVersion": shown_fact(target.version),
        "lastHeartbeat": heartbeat(request, target.name),
        "versionStatus": "Supported",
        "retentionVolumes": [_retention(d.name, d.capacity_gib) for d in target.retention_drives],
        "dataStores": [
            _datastore(request, estate.datastores[d]) for d in seen_datastores(estate, target) if d in estate.datastores
        ],
        "validationErrors": [],
        "healthErrors": silence(request, target.name, "78022"),
        "diskCount": target.local_disks + lent,
        "osVersion": "10.0.14393",
        "agentExpiryDate": NEVER,
        "marsAgentVersion": None,
        "marsAgentExpiryDate": NEVER,
        "agentVersionDetails": _version(target.version),
        "marsAgentVersionDetails": None,
    }


def _retention(name: str, capacity_gib: float) -> Json:
    size = round(capacity_gib * GIB)
    return {"volumeName": name, "capacityInBytes": size, "freeSpaceInBytes": size, "thresholdPercentage": None}


def _datastore(request: ParsedRequest, store: Datastore) -> Json:
    gib = f"{store.capacity_gib:.1f}"
    uuid = request.names.guid("datastore", store.name)
    return {
        "symbolicName": request.names.store(store.name),
        "uuid": uuid,
        "capacity": gib,
        "freeSpace": gib,
        "type": store.kind,
    }


def _version(version: object) -> Json:
    text = version if isinstance(version, str) else None
    return {"version": text, "expiryDate": NEVER, "status": "Supported"}
