"""Protection containers (one of each fabric) and their mappings to Azure and back to the site."""

from typing import Final

from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import Json, Response, not_found, resource
from failback.simulator.arm.wire.wire import AZURE

from .fabrics import own_of
from .looking_up import container, items_in
from .policies import PolicyName, policies_of
from .resources import below, body_of, listed, made_at, one, rows_of

_CONTAINERS: Final = "replicationProtectionContainers"
_MAPPINGS: Final = "replicationProtectionContainerMappings"


def list_containers(request: ParsedRequest) -> Response:
    """GET V/replicationProtectionContainers."""
    return listed(request, [_container(request, found) for found in request.names.fabrics], _CONTAINERS)


def list_containers_of_fabric(request: ParsedRequest) -> Response:
    """GET F/replicationProtectionContainers."""
    return listed(request, own_of(request, _container), _CONTAINERS, below(request, 2))


def get_container(request: ParsedRequest) -> Response:
    """GET C."""
    return one(request, 4, container_body)


def container_body(request: ParsedRequest) -> Json:
    """The estate's own container that the path names."""
    return _container(request, container(request))


def list_mappings(request: ParsedRequest) -> Response:
    """GET V/replicationProtectionContainerMappings."""
    pairs = [(found, policy) for found in request.names.fabrics for policy in policies_of(found.architecture)]
    return listed(request, [_mapping(request, *pair) for pair in pairs], _MAPPINGS)


def list_mappings_of_container(request: ParsedRequest) -> Response:
    """GET C/replicationProtectionContainerMappings."""
    body_of(request, below(request, 4), container_body)
    found = None if made_at(request, below(request, 4)) is not None else container(request)
    own = [] if found is None else [_mapping(request, found, policy) for policy in policies_of(found.architecture)]
    return listed(request, own, _MAPPINGS, below(request, 4))


def get_mapping(request: ParsedRequest) -> Response:
    """GET C/replicationProtectionContainerMappings/{mapping}."""
    return one(request, 6, mapping_body)


def mapping_body(request: ParsedRequest) -> Json:
    """The estate's own mapping that the path names."""
    found, wanted = container(request), request.params["mapping"]
    for policy in policies_of(found.architecture):
        if wanted.lower() == policy.name:
            return _mapping(request, found, policy)
    raise not_found(f"The protection container mapping '{wanted}'")


def is_mapped(request: ParsedRequest, found: FabricName, policy_id: str) -> bool:
    """Whether a mapping of this fabric's container carries this policy."""
    own = [_mapping(request, found, policy) for policy in policies_of(found.architecture)]
    under = f"replicationFabrics/{found.name}/{_CONTAINERS}/{found.container}"
    rows = rows_of(request, own, _MAPPINGS, under)
    return any(row["properties"]["policyId"].lower() == policy_id.lower() for row in rows)


def _container(request: ParsedRequest, found: FabricName) -> Json:
    kind = found.kind.fabric_type
    properties: dict[str, Json] = {
        "fabricFriendlyName": found.title,
        "friendlyName": found.title,
        "fabricType": kind,
        "protectedItemCount": len(items_in(request, found)),
        "pairingStatus": "Paired",
        "role": "Primary",
        "fabricSpecificDetails": {"instanceType": kind},
    }
    return resource(request.ids.container(found), "replicationFabrics/replicationProtectionContainers", properties)


def _mapping(request: ParsedRequest, found: FabricName, policy: PolicyName) -> Json:
    # Recorded for classic: the mapping whose target is its own container carries the failback policy.
    details = found.kind.mapping_details
    properties: dict[str, Json] = {
        "targetProtectionContainerId": request.ids.container(found) if policy.home else AZURE,
        "targetProtectionContainerFriendlyName": found.title if policy.home else AZURE,
        "providerSpecificDetails": None if details is None else dict(details),
        "health": "Normal",
        "healthErrorDetails": [],
        "policyId": request.ids.policy(policy.name),
        "state": "Paired",
        "sourceProtectionContainerFriendlyName": found.title,
        "sourceFabricFriendlyName": found.title,
        "targetFabricFriendlyName": found.title if policy.home else AZURE,
        "policyFriendlyName": policy.name,
    }
    id_ = f"{request.ids.container(found)}/replicationProtectionContainerMappings/{policy.name}"
    return resource(
        id_, "replicationFabrics/replicationProtectionContainers/replicationProtectionContainerMappings", properties
    )
