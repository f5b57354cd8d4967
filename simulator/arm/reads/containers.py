"""Protection containers (one of each fabric) and their mappings to Azure and back to the site."""

from typing import Final

from failback.reprotect import Architecture
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import Json, Response, not_found, resource
from failback.simulator.arm.wire.wire import AZURE, RCM

from .fabrics import own_of
from .kept import below, body_of, listed, made_at, one
from .looking_up import container, items_in
from .policies import PolicyName, policies_of

_CONTAINERS: Final = "replicationProtectionContainers"
_MAPPINGS: Final = "replicationProtectionContainerMappings"


def list_containers(ask: Ask) -> Response:
    """GET V/replicationProtectionContainers."""
    return listed(ask, [_container(ask, found) for found in ask.names.fabrics], _CONTAINERS)


def list_containers_of_fabric(ask: Ask) -> Response:
    """GET F/replicationProtectionContainers."""
    return listed(ask, own_of(ask, _container), _CONTAINERS, below(ask, 2))


def get_container(ask: Ask) -> Response:
    """GET C."""
    return one(ask, 4, container_body)


def container_body(ask: Ask) -> Json:
    """The estate's own container that the path names."""
    return _container(ask, container(ask))


def list_mappings(ask: Ask) -> Response:
    """GET V/replicationProtectionContainerMappings."""
    pairs = [(found, policy) for found in ask.names.fabrics for policy in policies_of(found.architecture)]
    return listed(ask, [_mapping(ask, *pair) for pair in pairs], _MAPPINGS)


def list_mappings_of_container(ask: Ask) -> Response:
    """GET C/replicationProtectionContainerMappings."""
    body_of(ask, below(ask, 4), container_body)
    found = None if made_at(ask, below(ask, 4)) is not None else container(ask)
    own = [] if found is None else [_mapping(ask, found, policy) for policy in policies_of(found.architecture)]
    return listed(ask, own, _MAPPINGS, below(ask, 4))


def get_mapping(ask: Ask) -> Response:
    """GET C/replicationProtectionContainerMappings/{mapping}."""
    return one(ask, 6, mapping_body)


def mapping_body(ask: Ask) -> Json:
    """The estate's own mapping that the path names."""
    found, wanted = container(ask), ask.params["mapping"]
    for policy in policies_of(found.architecture):
        if wanted.lower() == policy.name:
            return _mapping(ask, found, policy)
    raise not_found(f"The protection container mapping '{wanted}'")


def _container(ask: Ask, found: FabricName) -> Json:
    kind = "VMware" if found.architecture is Architecture.CLASSIC else "InMageRcm"
    properties: dict[str, Json] = {
        "fabricFriendlyName": found.title,
        "friendlyName": found.title,
        "fabricType": kind,
        "protectedItemCount": len(items_in(ask, found)),
        "pairingStatus": "Paired",
        "role": "Primary",
        "fabricSpecificDetails": {"instanceType": kind},
    }
    return resource(ask.ids.container(found), "replicationFabrics/replicationProtectionContainers", properties)


def _mapping(ask: Ask, found: FabricName, policy: PolicyName) -> Json:
    # Recorded for classic: the mapping whose target is its own container carries the failback policy.
    details = (
        None if found.architecture is Architecture.CLASSIC else {"instanceType": RCM, "enableAgentAutoUpgrade": "false"}
    )
    properties: dict[str, Json] = {
        "targetProtectionContainerId": ask.ids.container(found) if policy.home else AZURE,
        "targetProtectionContainerFriendlyName": found.title if policy.home else AZURE,
        "providerSpecificDetails": details,
        "health": "Normal",
        "healthErrorDetails": [],
        "policyId": ask.ids.policy(policy.name),
        "state": "Paired",
        "sourceProtectionContainerFriendlyName": found.title,
        "sourceFabricFriendlyName": found.title,
        "targetFabricFriendlyName": found.title if policy.home else AZURE,
        "policyFriendlyName": policy.name,
    }
    id_ = f"{ask.ids.container(found)}/replicationProtectionContainerMappings/{policy.name}"
    return resource(
        id_, "replicationFabrics/replicationProtectionContainers/replicationProtectionContainerMappings", properties
    )
