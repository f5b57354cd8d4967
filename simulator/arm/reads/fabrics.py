"""Fabrics, their providers and vCenters: the classic configuration server, and the one that holds all appliances."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from failback.reprotect import UNKNOWN, Architecture, ConfigurationServer, Unknown, known
from failback.simulator import discover
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import accepted, result
from failback.simulator.arm.wire.dates import NEVER
from failback.simulator.arm.wire.facts import shown_fact, shown_flag
from failback.simulator.arm.wire.naming import FabricName, vcenter_name
from failback.simulator.arm.wire.response import Json, Response, not_found, resource

from .appliances import VERSION, identity_of, rcm_details
from .looking_up import fabric
from .resources import below, body_of, listed, made_at, one
from .servers import heartbeat, vmware_details

_VCENTERS: Final = "replicationvCenters"
_UNNAMED: Final = "vcenter"
"""The vCenter of an estate that names none."""
IDENTITIES: Final = (
    "authenticationIdentityDetails",
    "resourceAccessIdentityDetails",
    "dataPlaneAuthenticationIdentityDetails",
)
"""The identities of a provider (recorded: three)."""


def list_fabrics(request: ParsedRequest) -> Response:
    """GET V/replicationFabrics."""
    own = [_fabric(request, found, full=False) for found in request.names.fabrics]
    return listed(request, own, "replicationFabrics")


def get_fabric(request: ParsedRequest) -> Response:
    """GET F. Its `$filter` is taken and ignored [not known: no page or recording says what it filters]."""
    return one(request, 2, fabric_body)


def fabric_body(request: ParsedRequest) -> Json:
    """The estate's own fabric that the path names."""
    return _fabric(request, fabric(request))


def known_fabric(request: ParsedRequest) -> None:
    """Raise a 404 unless the path names a fabric, the estate's own or a made one."""
    body_of(request, below(request, 2), fabric_body)


def own_of(request: ParsedRequest, show: Callable[[ParsedRequest, FabricName], Json]) -> list[Json]:
    """What the path's fabric has by itself; nothing for a made one."""
    return [show(request, found) for found in _own(request)]


def _own(request: ParsedRequest) -> list[FabricName]:
    known_fabric(request)
    return [] if made_at(request, below(request, 2)) is not None else [fabric(request)]


def list_providers(request: ParsedRequest) -> Response:
    """GET V/replicationRecoveryServicesProviders."""
    return listed(
        request, [_provider(request, f) for f in request.names.fabrics], "replicationRecoveryServicesProviders"
    )


def list_providers_of_fabric(request: ParsedRequest) -> Response:
    """GET F/replicationRecoveryServicesProviders."""
    return listed(request, own_of(request, _provider), "replicationRecoveryServicesProviders", below(request, 2))


def get_provider(request: ParsedRequest) -> Response:
    """GET F/replicationRecoveryServicesProviders/{provider}."""
    return one(request, 4, provider_body)


def provider_body(request: ParsedRequest) -> Json:
    """The estate's own provider that the path names."""
    return _provider(request, _named_provider(request))


def refresh_provider(request: ParsedRequest) -> Response:
    """POST .../refreshProvider: the site is looked at again. Ends at once (ours; the service may take minutes)."""
    get_provider(request)
    discover(request.world.site)
    path = below(request, 4)
    job = request.vault.record.note(
        "provider", path.rpartition("/")[2], "RefreshFabricLayout", "Refresh server details"
    )
    return accepted(request, job, request.ids.child(path))


def provider_result(request: ParsedRequest) -> Response:
    """GET .../replicationRecoveryServicesProviders/{provider}/operationresults/{operation}."""
    return result(request, get_provider)


def list_vcenters(request: ParsedRequest) -> Response:
    """GET V/replicationvCenters."""
    return listed(request, [v for found in request.names.fabrics for v in _vcenters(request, found)], _VCENTERS)


def list_vcenters_of_fabric(request: ParsedRequest) -> Response:
    """GET F/replicationvCenters."""
    own = [vcenter for found in _own(request) for vcenter in _vcenters(request, found)]
    return listed(request, own, _VCENTERS, below(request, 2))


def get_vcenter(request: ParsedRequest) -> Response:
    """GET F/replicationvCenters/{vcenter}."""
    return one(request, 4, vcenter_body)


def vcenter_body(request: ParsedRequest) -> Json:
    """The estate's own vCenter that the path names."""
    found, wanted = fabric(request), request.params["vcenter"]
    for number, vcenter in enumerate(_vcenters(request, found)):
        if wanted.lower() == vcenter_name(number):
            return vcenter
    raise not_found(f"The vCenter '{wanted}'")


def _named_provider(request: ParsedRequest) -> FabricName:
    found, wanted = fabric(request), request.params["provider"]
    if wanted.lower() != found.guid:
        raise not_found(f"The recovery services provider '{wanted}'")
    return found


def server_of(request: ParsedRequest, found: FabricName) -> ConfigurationServer | None:
    """The configuration server that this fabric stands for."""
    return request.world.site.estate.configuration_servers.get(found.server)


def _fabric(request: ParsedRequest, found: FabricName, *, full: bool = True) -> Json:
    properties: dict[str, Json] = {
        "friendlyName": found.title,
        "encryptionDetails": {"kekState": "None", "kekCertThumbprint": None, "kekCertExpiryDate": None},
        "rolloverEncryptionDetails": {"kekState": "None", "kekCertThumbprint": None, "kekCertExpiryDate": None},
        "internalIdentifier": found.guid,
        "bcdrState": "Valid",
        "customDetails": _DETAILS[found.architecture](request, found, full),
        "healthErrorDetails": [],
        "health": _health(request, found),
    }
    return resource(request.ids.fabric(found), "replicationFabrics", properties)


_Details: TypeAlias = Callable[[ParsedRequest, FabricName, bool], Json]
_DETAILS: Final[Mapping[Architecture, _Details]] = {
    Architecture.CLASSIC: lambda request, found, _: vmware_details(request, server_of(request, found)),
    Architecture.MODERNISED: lambda request, _, full: rcm_details(request, full=full),
}


def _health(request: ParsedRequest, found: FabricName) -> str:
    server = server_of(request, found)
    return "Critical" if server is not None and server.connected is False else "Normal"


def fabrics_by_health(request: ParsedRequest) -> dict[str, int]:
    """How many fabrics are how well."""
    return dict(Counter(_health(request, found) for found in request.names.fabrics))


def _provider(request: ParsedRequest, found: FabricName) -> Json:
    server, items = server_of(request, found), request.vault.items.values()
    connected = server.connected if server else True
    version = shown_fact(server.version) if server else VERSION if found.kind.has_appliances else None
    properties: dict[str, Json] = {
        "fabricType": found.kind.fabric_type,
        "friendlyName": found.title,
        "providerVersion": version,
        "serverVersion": version,
        "providerVersionState": "Latest",
        "providerVersionExpiryDate": NEVER,
        "fabricFriendlyName": found.title,
        "lastHeartBeat": heartbeat(request, found.server, "connected"),
        "connectionStatus": shown_flag(connected, "Connected", "Disconnected"),
        "protectedItemCount": sum(request.names.fabric_of(item.name, item.architecture) is found for item in items),
        "allowedScenarios": [],
        "healthErrorDetails": [],
        "draIdentifier": found.guid,
        "machineId": request.names.guid("machine", found.title),
        "machineName": found.title,
        "biosId": request.names.guid("bios", found.title),
        **{name: identity_of(request, name) for name in IDENTITIES},
        "providerVersionDetails": {"version": version, "expiryDate": NEVER, "status": "Supported"},
    }
    return resource(request.ids.provider(found), "replicationFabrics/replicationRecoveryServicesProviders", properties)


def _vcenters(request: ParsedRequest, found: FabricName) -> list[Json]:
    """Those that its server has discovered; one where the estate names none."""
    server = server_of(request, found)
    named = server.vcenters if server is not None and known(server.vcenters) else None
    return [_vcenter(request, found, number, name) for number, name in enumerate(named or (_UNNAMED,))]


def _reached(server: ConfigurationServer | None, name: str) -> bool | Unknown:
    """Whether the server reaches this one of its vCenters."""
    if server is None or server.vcenter_connected is not True:
        return server is None or server.vcenter_connected
    return name not in (server.lost_vcenters or ()) if known(server.lost_vcenters) else UNKNOWN


def _vcenter(request: ParsedRequest, found: FabricName, number: int, name: str) -> Json:
    connected = _reached(server_of(request, found), name)
    key = ("vcenter", name) if number else ("vcenter",)
    properties: dict[str, Json] = {
        "friendlyName": name,
        "internalId": request.names.guid(*key),
        "lastHeartbeat": None if known(connected) is False else heartbeat(request, found.server, "vcenter_connected"),
        "discoveryStatus": shown_flag(connected, "DiscoveryCompleted", "DiscoveryFailed"),
        "processServerId": _first_server(request),
        "ipAddress": "vcenter.site.example" if name == _UNNAMED else name,
        "infrastructureId": request.names.guid("vcenter infrastructure", *key[1:]),
        "port": "443",
        "runAsAccountId": "1",
        "fabricArmResourceName": found.name,
        "healthErrors": [],
    }
    return resource(request.ids.vcenter(found, number), "replicationFabrics/replicationvCenters", properties)


def _first_server(request: ParsedRequest) -> str | None:
    name = next(iter(request.world.site.estate.process_servers), None)
    return request.names.server_id(name) if name else None
