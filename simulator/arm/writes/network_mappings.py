"""Mappings of a fabric's networks to networks of Azure: made, changed, removed."""

from typing import Final

from failback.simulator.arm.reads.fabrics import fabric_body
from failback.simulator.arm.reads.linked import NETWORKS, check_linked
from failback.simulator.arm.reads.networks import mapping_body, network_body
from failback.simulator.arm.reads.resources import below, body_of, drop, keep, made_at
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import result
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import Json, Response, bad_request, reply
from failback.simulator.arm.wire.wire import AZURE

from .instant_jobs import instant_job

_A2A, _TO_AZURE = "AzureToAzure", "VmmToAzure"
_LOCATIONS: Final = {"primaryFabricLocation": None, "recoveryFabricLocation": None}


def create_mapping(request: ParsedRequest) -> Response:
    """PUT F/replicationNetworks/{network}/replicationNetworkMappings/{mapping}."""
    network = body_of(request, below(request, 4), network_body)
    fabric = body_of(request, below(request, 2), fabric_body)
    body = properties_of(request.body)
    kind = _kind(body, fabric)
    body.text("recoveryNetworkId")
    named = _named(request, body, kind)
    properties: dict[str, Json] = {
        "state": "Paired",
        "primaryNetworkFriendlyName": network["properties"]["friendlyName"],
        "primaryNetworkId": network["id"],
        "primaryFabricFriendlyName": fabric["properties"]["friendlyName"],
        "recoveryFabricArmId": AZURE,
        "recoveryFabricFriendlyName": AZURE,
        "fabricSpecificSettings": {"instanceType": kind} | (_LOCATIONS if kind == _A2A else {}),
    }
    keep(request, below(request, 6), properties | named)
    return instant_job(request, 6, "network mapping", "AssociateNetworks", "Map networks")


def update_mapping(request: ParsedRequest) -> Response:
    """PATCH .../replicationNetworkMappings/{mapping}."""
    own = body_of(request, below(request, 6), mapping_body)["properties"]
    body, kind = properties_of(request.body), own["fabricSpecificSettings"]["instanceType"]
    body.inner("fabricSpecificDetails").word("instanceType", (kind,))
    keep(request, below(request, 6), own | _named(request, body, kind))
    return instant_job(request, 6, "network mapping", "UpdateNetworkMapping", "Update network mapping")


def delete_mapping(request: ParsedRequest) -> Response:
    """DELETE .../replicationNetworkMappings/{mapping}."""
    body_of(request, below(request, 6), mapping_body)
    answer = instant_job(request, 6, "network mapping", "DissociateNetworks", "Unmap networks")
    drop(request, below(request, 6))
    return answer


def mapping_result(request: ParsedRequest) -> Response:
    """GET .../replicationNetworkMappings/{mapping}/operationresults/{operation}."""
    return result(request, _mapping_now)


def _mapping_now(request: ParsedRequest) -> Response:
    return reply(body_of(request, below(request, 6), mapping_body))


def _kind(body: BodyFields, fabric: Json) -> str:
    """A fabric of Azure is mapped to Azure, one on site too; two sites are not mapped to each other."""
    in_azure = (fabric["properties"]["customDetails"] or {}).get("instanceType") == "Azure"
    kind = _A2A if in_azure else _TO_AZURE
    return body.inner("fabricSpecificDetails").word("instanceType", (kind,)) or kind


def _named(request: ParsedRequest, body: BodyFields, kind: str) -> dict[str, Json]:
    """What the body names, by the keys that show it; each must be there."""
    shown: dict[str, Json] = {}
    recovery = check_linked(request, body.maybe("recoveryNetworkId"), NETWORKS, body.at("recoveryNetworkId"))
    if recovery:
        shown |= {"recoveryNetworkId": recovery, "recoveryNetworkFriendlyName": recovery.rpartition("/")[2]}
    details = body.inner("fabricSpecificDetails")
    primary = details.maybe("primaryNetworkId")
    if primary is not None and kind == _A2A:
        check_linked(request, primary, NETWORKS, details.at("primaryNetworkId"))
        shown |= {"primaryNetworkId": primary, "primaryNetworkFriendlyName": primary.rpartition("/")[2]}
    return shown | _recovery_fabric(request, body)


def _recovery_fabric(request: ParsedRequest, body: BodyFields) -> dict[str, Json]:
    wanted = body.maybe("recoveryFabricName")
    if wanted is None:
        return {}
    path = f"replicationFabrics/{wanted}"
    made = made_at(request, path)
    own = next((found for found in request.names.fabrics if found.name == wanted.lower()), None)
    if wanted.lower() == AZURE.lower():
        return {"recoveryFabricArmId": AZURE, "recoveryFabricFriendlyName": AZURE}
    if made is None and own is None:
        where = body.at("recoveryFabricName")
        raise bad_request(f"{where} '{wanted[:200]}' is not a fabric of this vault.", f"Use {AZURE}.", target=where)
    title = own.title if own is not None else wanted
    return {"recoveryFabricArmId": request.ids.child(path), "recoveryFabricFriendlyName": title}
