"""Protection containers (one of each fabric) and their mappings to Azure and back to the site."""

from failback.reprotect import Architecture

from .looking_up import container, fabric, items_in
from .naming import FabricName
from .pages import page
from .policies import PolicyName, policies_of
from .response import Json, Response, not_found, reply, resource
from .surroundings import Ask
from .wire import AZURE, RCM


def list_containers(ask: Ask) -> Response:
    """GET V/replicationProtectionContainers."""
    return page(ask, ask.names.fabrics, lambda found: _container(ask, found))


def list_containers_of_fabric(ask: Ask) -> Response:
    """GET F/replicationProtectionContainers."""
    return page(ask, [fabric(ask)], lambda found: _container(ask, found))


def get_container(ask: Ask) -> Response:
    """GET C."""
    return reply(_container(ask, container(ask)))


def list_mappings(ask: Ask) -> Response:
    """GET V/replicationProtectionContainerMappings."""
    pairs = [(found, policy) for found in ask.names.fabrics for policy in policies_of(found.architecture)]
    return page(ask, pairs, lambda pair: _mapping(ask, *pair))


def list_mappings_of_container(ask: Ask) -> Response:
    """GET C/replicationProtectionContainerMappings."""
    found = container(ask)
    return page(ask, policies_of(found.architecture), lambda policy: _mapping(ask, found, policy))


def get_mapping(ask: Ask) -> Response:
    """GET C/replicationProtectionContainerMappings/{mapping}."""
    found, wanted = container(ask), ask.params["mapping"]
    for policy in policies_of(found.architecture):
        if wanted.lower() == policy.name:
            return reply(_mapping(ask, found, policy))
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
