"""Parts of a fabric that clients make, change and remove: vCenters, containers, mappings, providers."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import Disk, OsFamily, VirtualMachine
from failback.simulator.arm.reads.containers import container_body, mapping_body
from failback.simulator.arm.reads.fabrics import known_fabric, provider_body, vcenter_body
from failback.simulator.arm.reads.looking_up import container
from failback.simulator.arm.reads.policies import named_policy
from failback.simulator.arm.reads.resources import below, body_of, drop, keep, made_at
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import result
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.dates import NEVER
from failback.simulator.arm.wire.response import ArmError, Json, Response, bad_request, reply
from failback.simulator.arm.wire.wire import AZURE, INMAGE, RCM, RCM_BACK, V2A

from .choices_in_bodies import account, check_server
from .identities import DATA_PLANE, IDENTITIES, identity
from .instant_jobs import conflict, instant_job, maybe_properties

_PHYSICAL_DISK: Final = Disk(60.0)
"""Nothing says how large a physical machine's disks are (ours)."""


def _refuse_while_used(request: ParsedRequest, level: int, in_use: ArmError) -> None:
    """What the vault was made with serves its items; what a client added does not."""
    if made_at(request, below(request, level)) is None and request.vault.items:
        raise in_use


def _dropped(request: ParsedRequest, level: int, answer: Response) -> Response:
    """The answer, which speaks of the part, and then no part."""
    drop(request, below(request, level))
    return answer


# vCenters


def create_vcenter(request: ParsedRequest) -> Response:
    """PUT F/replicationvCenters/{vcenter}."""
    known_fabric(request)
    body = properties_of(request.body)
    check_server(request, body, "processServerId")
    account(request, body)
    _check_port(body)
    keep(request, below(request, 4), _new_vcenter(request, body))
    return instant_job(request, 4, "vcenter", "DiscoverVCenter", "Add vCenter server")


def _new_vcenter(request: ParsedRequest, body: BodyFields) -> dict[str, Json]:
    name = request.params["vcenter"]
    return {
        "friendlyName": body.maybe("friendlyName") or name,
        "internalId": request.names.guid("vcenter", name),
        "lastHeartbeat": request.now,
        "discoveryStatus": "DiscoveryCompleted",
        "processServerId": body.maybe("processServerId"),
        "ipAddress": body.maybe("ipAddress"),
        "infrastructureId": request.names.guid("vcenter infrastructure", name),
        "port": body.maybe("port") or "443",
        "runAsAccountId": body.maybe("runAsAccountId"),
        "fabricArmResourceName": request.params["fabric"],
        "healthErrors": [],
    }


def update_vcenter(request: ParsedRequest) -> Response:
    """PATCH F/replicationvCenters/{vcenter}."""
    body, path = properties_of(request.body), below(request, 4)
    check_server(request, body, "processServerId")
    account(request, body)
    _check_port(body)
    names = ("friendlyName", "ipAddress", "processServerId", "port", "runAsAccountId")
    changes = {name: body.maybe(name) for name in names if body.maybe(name)}
    keep(request, path, body_of(request, path, vcenter_body)["properties"] | changes)
    return instant_job(request, 4, "vcenter", "UpdateVCenter", "Update vCenter server")


def _check_port(body: BodyFields) -> None:
    port = body.maybe("port")
    if port is not None and not (port.isascii() and port.isdigit() and 0 < int(port[:9]) < 65_536):
        where = body.at("port")
        raise bad_request(f"{where} is '{port[:50]}'; it must be a number from 1 to 65535.", target=where)


def delete_vcenter(request: ParsedRequest) -> Response:
    """DELETE F/replicationvCenters/{vcenter}: not while the site's items are discovered through it."""
    body_of(request, below(request, 4), vcenter_body)
    in_use = conflict("VCenterInUse", "Protected items are discovered through this vCenter; disable them first.")
    _refuse_while_used(request, 4, in_use)
    return _dropped(request, 4, instant_job(request, 4, "vcenter", "RemoveVCenter", "Remove vCenter server"))


def vcenter_result(request: ParsedRequest) -> Response:
    """GET F/replicationvCenters/{vcenter}/operationresults/{operation}."""
    return result(request, _vcenter_now)


def _vcenter_now(request: ParsedRequest) -> Response:
    return reply(body_of(request, below(request, 4), vcenter_body))


# Containers


_CONTAINER_KINDS: Final = ("A2A", "A2ACrossClusterMigration", "VMwareCbt")


def create_container(request: ParsedRequest) -> Response:
    """PUT C."""
    known_fabric(request)
    given = properties_of(request.body).each("providerSpecificInput")
    kinds = [entry.needed_word("instanceType", _CONTAINER_KINDS) for entry in given]
    if any(found.container == request.params["container"].lower() for found in request.names.fabrics):
        raise conflict("ContainerAlreadyExists", f"The container '{request.params['container']}' already exists.")
    properties = {
        "fabricFriendlyName": request.params["fabric"],
        "friendlyName": request.params["container"],
        "fabricType": kinds[0] if kinds else None,
        "protectedItemCount": 0,
        "pairingStatus": "NotPaired",
        "role": "Primary",
        "fabricSpecificDetails": None,
    }
    keep(request, below(request, 4), properties)
    return instant_job(request, 4, "container", "CreateProtectionContainer", "Create protection container")


def remove_container(request: ParsedRequest) -> Response:
    """POST C/remove: not while it has items."""
    body_of(request, below(request, 4), container_body)
    if made_at(request, below(request, 4)) is None and request.vault.items:
        raise conflict("ContainerInUse", "The container has protected items; disable them first.")
    answer = instant_job(request, 4, "container", "DeleteProtectionContainer", "Delete protection container")
    drop(request, below(request, 4))
    return answer


def discover_protectable(request: ParsedRequest) -> Response:
    """POST C/discoverProtectableItem: a physical machine of the site can be protected from now on."""
    found, body = container(request), properties_of(request.body)
    name = body.text("friendlyName")
    address = body.text("ipAddress")
    os = OsFamily.WINDOWS if body.needed_word("osType", ("Windows", "Linux")) == "Windows" else OsFamily.LINUX
    machines = request.world.site.estate.virtual_machines
    if request.world.site.part(name) is not None or len(name) > 80:
        raise conflict("AlreadyDiscovered", f"The name '{name[:80]}' is taken in this vault, or too long.")
    assert isinstance(machines, dict)
    machines[name] = VirtualMachine(name, os, (_PHYSICAL_DISK,), found.architecture, exists_on_premises=False)
    request.names.number(name)
    request.context.resources.addresses[name] = address
    return instant_job(request, 4, "container", "DiscoverProtectableItem", "Discover protectable item")


def container_result(request: ParsedRequest) -> Response:
    """GET C/operationresults/{operation}."""
    return result(request, _container_now)


def _container_now(request: ParsedRequest) -> Response:
    return reply(body_of(request, below(request, 4), container_body))


# Mappings


def create_mapping(request: ParsedRequest) -> Response:
    """PUT C/replicationProtectionContainerMappings/{mapping}."""
    body_of(request, below(request, 4), container_body)
    body = properties_of(request.body)
    policy, target = body.text("policyId"), body.maybe("targetProtectionContainerId")
    _check_mapping(request, body, policy, target)
    properties: dict[str, Json] = {
        "targetProtectionContainerId": target or AZURE,
        "targetProtectionContainerFriendlyName": (target or AZURE).rpartition("/")[2],
        "providerSpecificDetails": _mapping_details(body.inner("providerSpecificInput")),
        "health": "Normal",
        "healthErrorDetails": [],
        "policyId": policy,
        "state": "Paired",
        "sourceProtectionContainerFriendlyName": request.params["container"],
        "sourceFabricFriendlyName": request.params["fabric"],
        "targetFabricFriendlyName": AZURE,
        "policyFriendlyName": policy.rpartition("/")[2],
    }
    keep(request, below(request, 6), properties)
    return instant_job(request, 6, "mapping", "AssociatePolicy", "Associate replication policy")


_AGENT: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "A2A": {
        "agentAutoUpdateStatus": ("Disabled", "Enabled"),
        "automationAccountArmId": (),
        "automationAccountAuthenticationType": ("RunAsAccount", "SystemAssignedIdentity"),
    },
    RCM: {"enableAgentAutoUpgrade": ("true", "false")},
}
"""What the mapping of each provider keeps of a request, with the words that it takes."""
_AGENT_DEFAULTS: Final[Mapping[str, dict[str, Json]]] = {RCM: {"enableAgentAutoUpgrade": "false"}}
"""What it keeps where the request does not say."""
_NOTHING_KEPT: Final = (V2A, INMAGE, RCM_BACK)
"""Providers whose mappings have nothing to keep."""


def _mapping_details(given: BodyFields) -> dict[str, Json] | None:
    """What a new mapping keeps: of a provider that has something to keep, all of its keys."""
    sent = _mapping_sent(given)
    if sent is None:
        return None
    kind = sent["instanceType"]
    return dict.fromkeys(_AGENT[kind]) | _AGENT_DEFAULTS.get(kind, {}) | sent


def _mapping_sent(given: BodyFields) -> dict[str, Json] | None:
    kind = given.word("instanceType", (*_AGENT, *_NOTHING_KEPT))
    if kind is None or kind in _NOTHING_KEPT:
        return None
    read = {name: given.word(name, words) if words else given.maybe(name) for name, words in _AGENT[kind].items()}
    return {"instanceType": kind} | {name: value for name, value in read.items() if value is not None}


def _check_mapping(request: ParsedRequest, body: BodyFields, policy: str, target: str | None) -> None:
    if named_policy(request, policy) is None:
        where = body.at("policyId")
        raise bad_request(f"{where} '{policy[:200]}' is not a policy of this vault.", "Create it first.", target=where)
    known = {AZURE.lower()} | {request.ids.container(found).lower() for found in request.names.fabrics}
    made = (request.ids.child(path).lower() for path in request.context.resources.made)
    if target is not None and target.lower() not in (*known, *made):
        where = body.at("targetProtectionContainerId")
        raise bad_request(f"{where} '{target[:200]}' is not a container of this vault.", f"Use {AZURE}.", target=where)


def update_mapping(request: ParsedRequest) -> Response:
    """PATCH C/replicationProtectionContainerMappings/{mapping}."""
    path, given = below(request, 6), properties_of(request.body).inner("providerSpecificInput")
    own = body_of(request, path, mapping_body)["properties"]
    before = own["providerSpecificDetails"] or {}
    given.word("instanceType", (before["instanceType"],) if before else _NOTHING_KEPT)
    keep(request, path, own | {"providerSpecificDetails": (before | (_mapping_sent(given) or {})) or None})
    return instant_job(request, 6, "mapping", "UpdatePolicyAssociation", "Update policy association")


def remove_mapping(request: ParsedRequest) -> Response:
    """POST .../remove and DELETE: not while items use its policy."""
    maybe_properties(request).inner("providerSpecificInput").maybe("instanceType")
    body_of(request, below(request, 6), mapping_body)
    in_use = conflict("PolicyInUse", "Protected items use this mapping's policy; disable them first.")
    _refuse_while_used(request, 6, in_use)
    job = instant_job(request, 6, "mapping", "DissociatePolicy", "Dissociate replication policy")
    return _dropped(request, 6, job)


def mapping_result(request: ParsedRequest) -> Response:
    """GET .../replicationProtectionContainerMappings/{mapping}/operationresults/{operation}."""
    return result(request, _mapping_now)


def _mapping_now(request: ParsedRequest) -> Response:
    return reply(body_of(request, below(request, 6), mapping_body))


# Providers


def create_provider(request: ParsedRequest) -> Response:
    """PUT F/replicationRecoveryServicesProviders/{provider}."""
    known_fabric(request)
    body = properties_of(request.body)
    machine = body.text("machineName")
    identities = {f"{kind}Details": identity(body.inner(f"{kind}Input")) for kind in IDENTITIES}
    if body.has("dataPlaneAuthenticationIdentityInput"):
        identities |= {DATA_PLANE: identity(body.inner("dataPlaneAuthenticationIdentityInput"))}
    properties: dict[str, Json] = {
        "fabricType": "InMageRcm",
        "friendlyName": machine,
        "fabricFriendlyName": request.params["fabric"],
        "lastHeartBeat": request.now,
        "connectionStatus": "Connected",
        "protectedItemCount": 0,
        "allowedScenarios": [],
        "healthErrorDetails": [],
        "providerVersion": None,
        "serverVersion": None,
        "providerVersionState": "Latest",
        "providerVersionExpiryDate": NEVER,
        "draIdentifier": request.names.guid("provider", request.params["provider"]),
        "providerVersionDetails": None,
        "machineId": body.maybe("machineId"),
        "machineName": machine,
        "biosId": body.maybe("biosId"),
        DATA_PLANE: None,
    } | identities
    keep(request, below(request, 4), properties)
    return instant_job(request, 4, "provider", "AddRecoveryServicesProvider", "Register recovery services provider")


def remove_provider(request: ParsedRequest) -> Response:
    """POST .../remove and DELETE: not while the site's items replicate through it."""
    body_of(request, below(request, 4), provider_body)
    if made_at(request, below(request, 4)) is None and request.vault.items:
        raise conflict("ProviderInUse", "Protected items replicate through this provider; disable them first.")
    answer = instant_job(request, 4, "provider", "DeleteRecoveryServicesProvider", "Delete recovery services provider")
    drop(request, below(request, 4))
    return answer
