"""Protection itself: enable, update and disable an item."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from failback.simulator import ProtectedItem
from failback.simulator.arm.reads.fabrics import known_fabric
from failback.simulator.arm.reads.looking_up import container, item
from failback.simulator.arm.reads.protectable_items import unprotected_in
from failback.simulator.arm.reads.resources import below
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import accepted
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.kinds import KINDS
from failback.simulator.arm.wire.response import Response
from failback.simulator.arm.wire.wire import RCM, V2A

from .choices_in_bodies import (
    account,
    appliance,
    appliance_shown,
    check_mapped,
    check_server,
    check_site_account,
    process_server,
)
from .instant_jobs import conflict, maybe_properties
from .item_disks import left_out_of
from .item_settings_in_bodies import enabled_with, keep_settings, update_with

_UPDATE: Final = ("UpdateVmProperties", "Update the virtual machine")
_NEEDED: Final = {RCM: ("fabricDiscoveryMachineId", "targetResourceGroupId", "processServerId")}
"""By provider: what the details must have."""


def enable_protection(request: ParsedRequest) -> Response:
    """PUT I: a job enables it, then everything is replicated; the item is called as the path says."""
    known_fabric(request)
    found, body = container(request), properties_of(request.body)
    details = body.inner("providerSpecificDetails")
    kind = details.needed_word("instanceType", (found.kind.to_azure,))
    _check(details, kind)
    _refuse_known(request)
    name = _machine(request, body, details, kind)
    settings = enabled_with(request, name, body, details, kind)
    if body.has("policyId"):
        check_mapped(request, found, body.text("policyId"), where=body.at("policyId"))
    servers = _SERVERS[kind](request, details)
    made = request.vault.enable(name, left_out_of(request, name, details))
    made.process_server = servers.pop("", None)
    settings.details |= servers
    request.context.resources.of_items[name] = settings
    group = details.maybe("multiVmGroupName")
    if group is not None:
        request.world.site.change(name, replication_group=group)
    request.names.adopt(name, request.params["item"])
    assert made.job is not None
    return accepted(request, made.job, request.ids.child(below(request, 6)))


def _refuse_known(request: ParsedRequest) -> None:
    wanted = request.params["item"]
    if request.names.items.get(wanted.lower()) in request.vault.items:
        raise conflict("AlreadyProtected", f"There is an item '{wanted}' in this vault already.")


def _check(details: BodyFields, kind: str) -> None:
    for name in _NEEDED.get(kind, ()):
        details.text(name)


def _appliance(request: ParsedRequest, details: BodyFields) -> dict[str, Any]:
    appliance(request, details, "processServerId")
    check_site_account(request, details)
    return appliance_shown(request, details)


def _classic_servers(request: ParsedRequest, details: BodyFields) -> dict[str, Any]:
    check_server(request, details, "masterTargetId")
    account(request, details)
    target = details.maybe("masterTargetId")
    return {"": process_server(request, details)} | ({"masterTargetId": target} if target else {})


_SERVERS: Final[Mapping[str, Callable[[ParsedRequest, BodyFields], dict[str, Any]]]] = {
    V2A: _classic_servers,
    RCM: _appliance,
}
"""The servers that carry the replication, as the item shows them; a classic process server's name under ''."""
_MACHINE: Final = {V2A: "protectableItemId", RCM: "providerSpecificDetails.fabricDiscoveryMachineId"}
"""Where a body names its machine: by its protectable item, or by the discovery's id."""


def _machine(request: ParsedRequest, body: BodyFields, details: BodyFields, kind: str) -> str:
    """The machine that the body names."""
    inner, _, field = _MACHINE[kind].rpartition(".")
    named = details if inner else body
    wanted = named.text(field)
    end = wanted.rpartition("/")[2].lower()
    for known in unprotected_in(request, container(request)):
        if end in (known.name.lower(), request.names.guid("protectable", known.name, "site")):
            return known.name
    if any(
        end == name.lower() or end == request.names.guid("protectable", name, "site") for name in request.vault.items
    ):
        raise conflict("AlreadyProtected", f"The machine '{end[:100]}' is protected in this vault already.")
    raise named.refused(field, f"'{wanted[:200]}' is not a machine that this fabric discovered.")


def disable_protection(request: ParsedRequest) -> Response:
    """POST I/remove: the item goes, and out of its recovery plans."""
    body = maybe_properties(request)
    body.word("disableProtectionReason", ("NotSpecified", "MigrationComplete"))
    body.inner("replicationProviderInput").maybe("instanceType")
    found = item(request)
    request.vault.disable(found.name)
    return _gone(request, found, "DisableDr", "Disable replication")


def purge_protection(request: ParsedRequest) -> Response:
    """DELETE I: the record goes, whatever goes on."""
    found = item(request)
    request.vault.purge(found.name)
    return _gone(request, found, "PurgeDr", "Purge protected item")


def _gone(request: ParsedRequest, found: ProtectedItem, scenario_name: str, friendly_name: str) -> Response:
    request.context.resources.of_items.pop(found.name, None)
    job = request.vault.record.note("item", found.name, scenario_name, friendly_name)
    return accepted(request, job, request.ids.item(found.name, found.architecture))


def update_protection(request: ParsedRequest) -> Response:
    """PATCH I: settings of the machine in Azure, kept and shown."""
    found, body = item(request), properties_of(request.body)
    details = body.inner("providerSpecificDetails")
    kind = KINDS[found.architecture].to_azure
    details.word("instanceType", (kind,))
    changes = update_with(request, found.name, body, details, kind)
    name, shown = ("VMNicUpdate", "Update network settings") if changes.nic and not changes.details else _UPDATE
    job = request.vault.instant_job(found.name, name, shown)
    keep_settings(request, found.name, changes)
    return accepted(request, job, request.ids.item(found.name, found.architecture))
