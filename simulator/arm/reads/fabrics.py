"""Fabrics, their providers and vCenters: the classic configuration server, and the one that holds all appliances."""

from collections.abc import Callable

from failback.reprotect import Architecture, ConfigurationServer
from failback.simulator import discover
from failback.simulator.arm.state.long_running import finished, result
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.dates import NEVER
from failback.simulator.arm.wire.facts import shown_fact, shown_flag
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import Json, Response, not_found, resource

from .appliances import rcm_details
from .kept import below, body_of, listed, made_at, one
from .looking_up import fabric
from .servers import heartbeat, vmware_details


def list_fabrics(ask: Ask) -> Response:
    """GET V/replicationFabrics."""
    return listed(ask, [_fabric(ask, found) for found in ask.names.fabrics], "replicationFabrics")


def get_fabric(ask: Ask) -> Response:
    """GET F."""
    return one(ask, 2, fabric_body)


def fabric_body(ask: Ask) -> Json:
    """The estate's own fabric that the path names."""
    return _fabric(ask, fabric(ask))


def known_fabric(ask: Ask) -> None:
    """Raise a 404 unless the path names a fabric, the estate's own or a made one."""
    body_of(ask, below(ask, 2), fabric_body)


def own_of(ask: Ask, show: Callable[[Ask, FabricName], Json]) -> list[Json]:
    """What the path's fabric has by itself; nothing for a made one."""
    known_fabric(ask)
    return [] if made_at(ask, below(ask, 2)) is not None else [show(ask, fabric(ask))]


def list_providers(ask: Ask) -> Response:
    """GET V/replicationRecoveryServicesProviders."""
    return listed(ask, [_provider(ask, f) for f in ask.names.fabrics], "replicationRecoveryServicesProviders")


def list_providers_of_fabric(ask: Ask) -> Response:
    """GET F/replicationRecoveryServicesProviders."""
    return listed(ask, own_of(ask, _provider), "replicationRecoveryServicesProviders", below(ask, 2))


def get_provider(ask: Ask) -> Response:
    """GET F/replicationRecoveryServicesProviders/{provider}."""
    return one(ask, 4, provider_body)


def provider_body(ask: Ask) -> Json:
    """The estate's own provider that the path names."""
    return _provider(ask, _named_provider(ask))


def refresh_provider(ask: Ask) -> Response:
    """POST .../refreshProvider: the site is looked at again. Ends at once (ours; the service may take minutes)."""
    get_provider(ask)
    discover(ask.world.site)
    return finished(ask, ask.ids.child(below(ask, 4)))


def provider_result(ask: Ask) -> Response:
    """GET .../replicationRecoveryServicesProviders/{provider}/operationresults/{operation}."""
    return result(ask, get_provider)


def list_vcenters(ask: Ask) -> Response:
    """GET V/replicationvCenters."""
    return listed(ask, [_vcenter(ask, found) for found in ask.names.fabrics], "replicationvCenters")


def list_vcenters_of_fabric(ask: Ask) -> Response:
    """GET F/replicationvCenters."""
    return listed(ask, own_of(ask, _vcenter), "replicationvCenters", below(ask, 2))


def get_vcenter(ask: Ask) -> Response:
    """GET F/replicationvCenters/{vcenter}."""
    return one(ask, 4, vcenter_body)


def vcenter_body(ask: Ask) -> Json:
    """The estate's own vCenter that the path names."""
    found, wanted = fabric(ask), ask.params["vcenter"]
    if wanted.lower() != "vcenter":
        raise not_found(f"The vCenter '{wanted}'")
    return _vcenter(ask, found)


def _named_provider(ask: Ask) -> FabricName:
    found, wanted = fabric(ask), ask.params["provider"]
    if wanted.lower() != found.guid:
        raise not_found(f"The recovery services provider '{wanted}'")
    return found


def server_of(ask: Ask, found: FabricName) -> ConfigurationServer | None:
    """The configuration server that this fabric stands for."""
    return ask.world.site.estate.configuration_servers.get(found.title)


def _fabric(ask: Ask, found: FabricName) -> Json:
    classic = found.architecture is Architecture.CLASSIC
    server = server_of(ask, found)
    up = server.connected if server else None
    properties: dict[str, Json] = {
        "friendlyName": found.title,
        "encryptionDetails": {"kekState": "None", "kekCertThumbprint": None},
        "rolloverEncryptionDetails": {"kekState": "None", "kekCertThumbprint": None},
        "internalIdentifier": found.guid,
        "bcdrState": "Valid",
        "customDetails": vmware_details(ask, server) if classic else rcm_details(ask),
        "healthErrorDetails": [],
        "health": "Normal" if up is not False else "Critical",
    }
    return resource(ask.ids.fabric(found), "replicationFabrics", properties)


def _provider(ask: Ask, found: FabricName) -> Json:
    server, items = server_of(ask, found), ask.vault.items.values()
    connected = server.connected if server else True
    properties: dict[str, Json] = {
        "fabricType": "VMware" if found.architecture is Architecture.CLASSIC else "InMageRcm",
        "friendlyName": found.title,
        "providerVersion": shown_fact(server.version) if server else None,
        "serverVersion": shown_fact(server.version) if server else None,
        "providerVersionState": "Latest",
        "providerVersionExpiryDate": NEVER,
        "fabricFriendlyName": found.title,
        "lastHeartBeat": heartbeat(ask, found.title, "connected"),
        "connectionStatus": shown_flag(connected, "Connected", "Disconnected"),
        "protectedItemCount": sum(item.architecture is found.architecture for item in items),
        "allowedScenarios": [],
        "healthErrorDetails": [],
        "draIdentifier": found.guid,
        "machineId": None,
        "machineName": found.title,
        "providerVersionDetails": {
            "version": shown_fact(server.version) if server else None,
            "expiryDate": NEVER,
            "status": "Supported",
        },
    }
    return resource(ask.ids.provider(found), "replicationFabrics/replicationRecoveryServicesProviders", properties)


def _vcenter(ask: Ask, found: FabricName) -> Json:
    server = server_of(ask, found)
    connected = server.vcenter_connected if server else True
    properties: dict[str, Json] = {
        "friendlyName": "vcenter",
        "internalId": ask.names.guid("vcenter"),
        "lastHeartbeat": heartbeat(ask, found.title, "vcenter_connected"),
        "discoveryStatus": shown_flag(connected, "DiscoveryCompleted", "DiscoveryFailed"),
        "processServerId": _first_server(ask),
        "ipAddress": "vcenter.site.example",
        "infrastructureId": ask.names.guid("vcenter infrastructure"),
        "port": "443",
        "runAsAccountId": "1",
        "fabricArmResourceName": found.name,
        "healthErrors": [],
    }
    return resource(ask.ids.vcenter(found), "replicationFabrics/replicationvCenters", properties)


def _first_server(ask: Ask) -> str | None:
    name = next(iter(ask.world.site.estate.process_servers), None)
    return ask.names.server_id(name) if name else None
