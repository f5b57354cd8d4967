"""Networks of a fabric and their mappings to networks of Azure (guessed).

VMware items take their networks from their own settings, so a mapping moves none of them.
"""

from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import Json, Response, not_found, resource

from .fabrics import known_fabric, own_of
from .looking_up import fabric
from .nics import NETWORK
from .resources import below, body_of, listed, made_at, one

_NETWORKS = "replicationNetworks"
_MAPPINGS = "replicationNetworkMappings"
AZURE_NETWORK = "azureNetwork"
"""The only network of a fabric of Azure, as PowerShell names it."""


def list_networks(request: ParsedRequest) -> Response:
    """GET V/replicationNetworks."""
    return listed(request, [_network(request, found) for found in request.names.fabrics], _NETWORKS)


def list_networks_of_fabric(request: ParsedRequest) -> Response:
    """GET F/replicationNetworks."""
    return listed(request, own_of(request, _network), _NETWORKS, below(request, 2))


def get_network(request: ParsedRequest) -> Response:
    """GET F/replicationNetworks/{network}."""
    return one(request, 4, network_body)


def network_body(request: ParsedRequest) -> Json:
    """The network that the path names: the estate's own, or that of a fabric of Azure that a client made."""
    known_fabric(request)
    made, wanted = made_at(request, below(request, 2)), request.params["network"]
    if made is not None:
        details = made.get("customDetails") or {}
        if details.get("instanceType") == "Azure" and wanted.lower() == AZURE_NETWORK.lower():
            return _body(request.ids.child(below(request, 2)), AZURE_NETWORK, AZURE_NETWORK, "Azure")
    elif wanted.lower() == network_guid(request):
        return _network(request, fabric(request))
    raise not_found(f"The network '{wanted}'")


def network_guid(request: ParsedRequest) -> str:
    """The name of the estate's own network."""
    return request.names.guid("network", NETWORK)


def list_mappings(request: ParsedRequest) -> Response:
    """GET V/replicationNetworkMappings."""
    return listed(request, [], _MAPPINGS)


def list_mappings_of_network(request: ParsedRequest) -> Response:
    """GET F/replicationNetworks/{network}/replicationNetworkMappings."""
    body_of(request, below(request, 4), network_body)
    return listed(request, [], _MAPPINGS, below(request, 4))


def get_mapping(request: ParsedRequest) -> Response:
    """GET F/replicationNetworks/{network}/replicationNetworkMappings/{mapping}."""
    return one(request, 6, mapping_body)


def mapping_body(request: ParsedRequest) -> Json:
    """No mapping is there before a client makes one."""
    raise not_found(f"The network mapping '{request.params['mapping']}'")


def _network(request: ParsedRequest, found: FabricName) -> Json:
    return _body(request.ids.fabric(found), network_guid(request), NETWORK, found.kind.fabric_type)


def _body(fabric_id: str, name: str, title: str, kind: str) -> Json:
    properties: dict[str, Json] = {"fabricType": kind, "subnets": [], "friendlyName": title, "networkType": "VmNetwork"}
    return resource(f"{fabric_id}/{_NETWORKS}/{name}", f"replicationFabrics/{_NETWORKS}", properties)
