"""Parts of a fabric that clients make, change and remove: vCenters, containers, mappings, providers."""

from typing import Final

from failback.reprotect import Disk, OsFamily, VirtualMachine
from failback.simulator.arm.reads.containers import container_body, mapping_body
from failback.simulator.arm.reads.fabrics import known_fabric, provider_body, vcenter_body
from failback.simulator.arm.reads.kept import below, body_of, drop, keep, made_at
from failback.simulator.arm.reads.looking_up import container
from failback.simulator.arm.state.long_running import result
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import Json, Response, reply
from failback.simulator.arm.wire.wire import AZURE, RCM

from .choices_in_bodies import check_server
from .errands import conflict, errand, maybe_properties

_PHYSICAL_DISK: Final = Disk(60.0)
"""Nothing says how large a physical machine's disks are (ours)."""

# vCenters


def create_vcenter(ask: Ask) -> Response:
    """PUT F/replicationvCenters/{vcenter}."""
    known_fabric(ask)
    body = properties_of(ask.body)
    check_server(ask, body, "processServerId")
    keep(ask, below(ask, 4), _new_vcenter(ask, body))
    return errand(ask, 4, "vcenter", "DiscoverVCenter", "Add vCenter server")


def _new_vcenter(ask: Ask, body: BodyFields) -> dict[str, Json]:
    name = ask.params["vcenter"]
    return {
        "friendlyName": body.maybe("friendlyName") or name,
        "internalId": ask.names.guid("vcenter", name),
        "lastHeartbeat": ask.now,
        "discoveryStatus": "DiscoveryCompleted",
        "processServerId": body.maybe("processServerId"),
        "ipAddress": body.maybe("ipAddress"),
        "infrastructureId": ask.names.guid("vcenter infrastructure", name),
        "port": body.maybe("port") or "443",
        "runAsAccountId": body.maybe("runAsAccountId"),
        "fabricArmResourceName": ask.params["fabric"],
        "healthErrors": [],
    }


def update_vcenter(ask: Ask) -> Response:
    """PATCH F/replicationvCenters/{vcenter}."""
    body, path = properties_of(ask.body), below(ask, 4)
    check_server(ask, body, "processServerId")
    names = ("friendlyName", "ipAddress", "processServerId", "port", "runAsAccountId")
    said = {name: body.maybe(name) for name in names if body.maybe(name)}
    keep(ask, path, body_of(ask, path, vcenter_body)["properties"] | said)
    return errand(ask, 4, "vcenter", "UpdateVCenter", "Update vCenter server")


def delete_vcenter(ask: Ask) -> Response:
    """DELETE F/replicationvCenters/{vcenter}: not while the site's items are discovered through it."""
    body_of(ask, below(ask, 4), vcenter_body)
    if made_at(ask, below(ask, 4)) is None and ask.vault.items:
        raise conflict("VCenterInUse", "Protected items are discovered through this vCenter; disable them first.")
    answer = errand(ask, 4, "vcenter", "DeleteVCenter", "Delete vCenter server")
    drop(ask, below(ask, 4))
    return answer


def vcenter_result(ask: Ask) -> Response:
    """GET F/replicationvCenters/{vcenter}/operationresults/{operation}."""
    return result(ask, _vcenter_now)


def _vcenter_now(ask: Ask) -> Response:
    return reply(body_of(ask, below(ask, 4), vcenter_body))


# Containers


def create_container(ask: Ask) -> Response:
    """PUT C."""
    known_fabric(ask)
    kinds = [entry.text("instanceType") for entry in properties_of(ask.body).each("providerSpecificInput")]
    if any(found.container == ask.params["container"].lower() for found in ask.names.fabrics):
        raise conflict("ContainerAlreadyExists", f"The container '{ask.params['container']}' is there already.")
    properties = {
        "fabricFriendlyName": ask.params["fabric"],
        "friendlyName": ask.params["container"],
        "fabricType": kinds[0] if kinds else None,
        "protectedItemCount": 0,
        "pairingStatus": "NotPaired",
        "role": "Primary",
        "fabricSpecificDetails": None,
    }
    keep(ask, below(ask, 4), properties)
    return errand(ask, 4, "container", "CreateProtectionContainer", "Create protection container")


def remove_container(ask: Ask) -> Response:
    """POST C/remove: not while it has items."""
    body_of(ask, below(ask, 4), container_body)
    if made_at(ask, below(ask, 4)) is None and ask.vault.items:
        raise conflict("ContainerInUse", "The container has protected items; disable them first.")
    answer = errand(ask, 4, "container", "DeleteProtectionContainer", "Delete protection container")
    drop(ask, below(ask, 4))
    return answer


def discover_protectable(ask: Ask) -> Response:
    """POST C/discoverProtectableItem: a physical machine of the site can be protected from now on."""
    found, body = container(ask), properties_of(ask.body)
    name = body.text("friendlyName")
    body.text("ipAddress")
    os = OsFamily.WINDOWS if body.needed_word("osType", ("Windows", "Linux")) == "Windows" else OsFamily.LINUX
    machines = ask.world.site.estate.virtual_machines
    if ask.world.site.part(name) is not None or len(name) > 80:
        raise conflict("AlreadyDiscovered", f"The name '{name[:80]}' is taken in this vault, or too long.")
    assert isinstance(machines, dict)
    machines[name] = VirtualMachine(name, os, (_PHYSICAL_DISK,), found.architecture, exists_on_premises=False)
    ask.names.number(name)
    return errand(ask, 4, "container", "DiscoverProtectableItem", "Discover protectable item")


def container_result(ask: Ask) -> Response:
    """GET C/operationresults/{operation}."""
    return result(ask, _container_now)


def _container_now(ask: Ask) -> Response:
    return reply(body_of(ask, below(ask, 4), container_body))


# Mappings


def create_mapping(ask: Ask) -> Response:
    """PUT C/replicationProtectionContainerMappings/{mapping}."""
    known_fabric(ask)
    body = properties_of(ask.body)
    policy, target = body.text("policyId"), body.maybe("targetProtectionContainerId")
    given = body.inner("providerSpecificInput").maybe("instanceType")
    properties: dict[str, Json] = {
        "targetProtectionContainerId": target or AZURE,
        "targetProtectionContainerFriendlyName": (target or AZURE).rpartition("/")[2],
        "providerSpecificDetails": {"instanceType": given} if given in ("A2A", RCM, "VMwareCbt") else None,
        "health": "Normal",
        "healthErrorDetails": [],
        "policyId": policy,
        "state": "Paired",
        "sourceProtectionContainerFriendlyName": ask.params["container"],
        "sourceFabricFriendlyName": ask.params["fabric"],
        "targetFabricFriendlyName": AZURE,
        "policyFriendlyName": policy.rpartition("/")[2],
    }
    keep(ask, below(ask, 6), properties)
    return errand(ask, 6, "mapping", "AssociatePolicy", "Associate replication policy")


def update_mapping(ask: Ask) -> Response:
    """PATCH C/replicationProtectionContainerMappings/{mapping}."""
    path, given = below(ask, 6), properties_of(ask.body).inner("providerSpecificInput")
    said = {"instanceType": RCM, "enableAgentAutoUpgrade": given.maybe("enableAgentAutoUpgrade") or "false"}
    details = said if given.maybe("instanceType") == RCM else None
    own = body_of(ask, path, mapping_body)["properties"]
    keep(ask, path, own | ({"providerSpecificDetails": details} if details else {}))
    return errand(ask, 6, "mapping", "UpdatePolicyAssociation", "Update policy association")


def remove_mapping(ask: Ask) -> Response:
    """POST .../remove and DELETE: not while items use its policy."""
    maybe_properties(ask).inner("providerSpecificInput").maybe("instanceType")
    body_of(ask, below(ask, 6), mapping_body)
    if made_at(ask, below(ask, 6)) is None and ask.vault.items:
        raise conflict("PolicyInUse", "Protected items use this mapping's policy; disable them first.")
    answer = errand(ask, 6, "mapping", "DissociatePolicy", "Dissociate replication policy")
    drop(ask, below(ask, 6))
    return answer


def mapping_result(ask: Ask) -> Response:
    """GET .../replicationProtectionContainerMappings/{mapping}/operationresults/{operation}."""
    return result(ask, _mapping_now)


def _mapping_now(ask: Ask) -> Response:
    return reply(body_of(ask, below(ask, 6), mapping_body))


# Providers


def create_provider(ask: Ask) -> Response:
    """PUT F/replicationRecoveryServicesProviders/{provider}."""
    known_fabric(ask)
    body = properties_of(ask.body)
    machine = body.text("machineName")
    for kind in ("authenticationIdentityInput", "resourceAccessIdentityInput"):
        identity = body.inner(kind)
        for name in ("tenantId", "applicationId", "objectId", "audience", "aadAuthority"):
            identity.text(name)
    properties: dict[str, Json] = {
        "fabricType": "InMageRcm",
        "friendlyName": machine,
        "fabricFriendlyName": ask.params["fabric"],
        "lastHeartBeat": ask.now,
        "connectionStatus": "Connected",
        "protectedItemCount": 0,
        "allowedScenarios": [],
        "healthErrorDetails": [],
        "machineId": body.maybe("machineId"),
        "machineName": machine,
        "biosId": body.maybe("biosId"),
    }
    keep(ask, below(ask, 4), properties)
    return errand(ask, 4, "provider", "AddRecoveryServicesProvider", "Register recovery services provider")


def remove_provider(ask: Ask) -> Response:
    """POST .../remove and DELETE: not while the site's items replicate through it."""
    body_of(ask, below(ask, 4), provider_body)
    if made_at(ask, below(ask, 4)) is None and ask.vault.items:
        raise conflict("ProviderInUse", "Protected items replicate through this provider; disable them first.")
    answer = errand(ask, 4, "provider", "DeleteRecoveryServicesProvider", "Delete recovery services provider")
    drop(ask, below(ask, 4))
    return answer
