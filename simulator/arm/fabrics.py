"""Fabrics, their providers and vCenters: the classic configuration server, and the one that holds all appliances."""

from failback.reprotect import Architecture, ConfigurationServer

from .appliances import rcm_details
from .dates import NEVER
from .facts import shown_fact, shown_flag
from .long_running import finished, result
from .looking_up import fabric
from .naming import FabricName
from .pages import page
from .response import Json, Response, not_found, reply, resource
from .servers import heartbeat, vmware_details
from .surroundings import Ask


def list_fabrics(ask: Ask) -> Response:
    """GET V/replicationFabrics."""
    return page(ask, ask.names.fabrics, lambda found: _fabric(ask, found))


def get_fabric(ask: Ask) -> Response:
    """GET F."""
    return reply(_fabric(ask, fabric(ask)))


def list_providers(ask: Ask) -> Response:
    """GET V/replicationRecoveryServicesProviders."""
    return page(ask, ask.names.fabrics, lambda found: _provider(ask, found))


def list_providers_of_fabric(ask: Ask) -> Response:
    """GET F/replicationRecoveryServicesProviders."""
    return page(ask, [fabric(ask)], lambda found: _provider(ask, found))


def get_provider(ask: Ask) -> Response:
    """GET F/replicationRecoveryServicesProviders/{provider}."""
    return reply(_provider(ask, _named_provider(ask)))


def refresh_provider(ask: Ask) -> Response:
    """POST .../refreshProvider: the site is looked at again. Ends at once (ours; the service may take minutes)."""
    found = _named_provider(ask)
    estate = ask.world.site.estate
    ask.world.site.refresh(*estate.virtual_machines, *estate.master_targets)
    return finished(ask, ask.ids.provider(found))


def provider_result(ask: Ask) -> Response:
    """GET .../replicationRecoveryServicesProviders/{provider}/operationresults/{operation}."""
    return result(ask, get_provider)


def list_vcenters(ask: Ask) -> Response:
    """GET V/replicationvCenters."""
    return page(ask, ask.names.fabrics, lambda found: _vcenter(ask, found))


def list_vcenters_of_fabric(ask: Ask) -> Response:
    """GET F/replicationvCenters."""
    return page(ask, [fabric(ask)], lambda found: _vcenter(ask, found))


def get_vcenter(ask: Ask) -> Response:
    """GET F/replicationvCenters/{vcenter}."""
    found, wanted = fabric(ask), ask.params["vcenter"]
    if wanted.lower() != "vcenter":
        raise not_found(f"The vCenter '{wanted}'")
    return reply(_vcenter(ask, found))


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
        "lastHeartBeat": heartbeat(ask, connected),
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
        "lastHeartbeat": heartbeat(ask, connected),
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
