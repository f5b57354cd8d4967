"""Protection itself: enable, update and disable an item."""

from typing import Final

from failback.reprotect import Architecture
from failback.simulator import ProtectedItem
from failback.simulator.arm.reads.fabrics import known_fabric
from failback.simulator.arm.reads.items import SETTABLE
from failback.simulator.arm.reads.kept import below
from failback.simulator.arm.reads.looking_up import container, item
from failback.simulator.arm.reads.protectable_items import unprotected_in
from failback.simulator.arm.state.long_running import accepted
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import Json, Response, bad_request
from failback.simulator.arm.wire.wire import INMAGE, RCM, V2A

from .errands import conflict, maybe_properties
from .item_disks import left_out_of

_ENABLES: Final = {Architecture.CLASSIC: (V2A, INMAGE), Architecture.MODERNISED: (RCM,)}


def enable_protection(ask: Ask) -> Response:
    """PUT I: initial replication of everything begins; the item is called as the path says."""
    known_fabric(ask)
    found, body = container(ask), properties_of(ask.body)
    details = body.inner("providerSpecificDetails")
    kind = details.needed_word("instanceType", _ENABLES[found.architecture])
    _check(details, kind)
    if ask.params["item"].lower() in ask.names.items and ask.names.items[ask.params["item"].lower()] in ask.vault.items:
        raise conflict("AlreadyProtected", f"There is an item '{ask.params['item']}' in this vault already.")
    name = _machine(ask, body, details, kind)
    ask.vault.enable(name, left_out_of(ask, name, details))
    ask.names.adopt(name, ask.params["item"])
    job = ask.vault.record.note("item", name, "EnableDr", "Enable replication")
    return accepted(ask, job, ask.ids.child(below(ask, 6)))


def _check(details: BodyFields, kind: str) -> None:
    needed = {
        INMAGE: ("masterTargetId", "processServerId", "retentionDrive", "multiVmGroupId", "multiVmGroupName"),
        RCM: ("fabricDiscoveryMachineId", "targetResourceGroupId", "processServerId"),
    }
    for name in needed.get(kind, ()):
        details.text(name)


def _machine(ask: Ask, body: BodyFields, details: BodyFields, kind: str) -> str:
    """The machine that the body names: by the discovery's id when modernised, else by its protectable item."""
    field = "fabricDiscoveryMachineId" if kind == RCM else "protectableItemId"
    wanted = (details if kind == RCM else body).text(field)
    end = wanted.rpartition("/")[2].lower()
    for known in unprotected_in(ask, container(ask)):
        if end in (known.name.lower(), ask.names.guid("protectable", known.name, "site")):
            return known.name
    if any(end == name.lower() or end == ask.names.guid("protectable", name, "site") for name in ask.vault.items):
        raise conflict("AlreadyProtected", f"The machine '{end[:100]}' is protected in this vault already.")
    raise bad_request(f"{field} '{wanted[:200]}' is no machine that this fabric discovered.")


def disable_protection(ask: Ask) -> Response:
    """POST I/remove: the item goes, and out of its recovery plans."""
    body = maybe_properties(ask)
    body.word("disableProtectionReason", ("NotSpecified", "MigrationComplete"))
    body.inner("replicationProviderInput").maybe("instanceType")
    found = item(ask)
    ask.vault.disable(found.name)
    return _gone(ask, found, "DisableDr", "Disable replication")


def purge_protection(ask: Ask) -> Response:
    """DELETE I: the record goes, whatever goes on."""
    found = item(ask)
    ask.vault.purge(found.name)
    return _gone(ask, found, "PurgeDr", "Purge protected item")


def _gone(ask: Ask, found: ProtectedItem, scenario_name: str, friendly_name: str) -> Response:
    ask.around.kept.of_items.pop(found.name, None)
    job = ask.vault.record.note("item", found.name, scenario_name, friendly_name)
    return accepted(ask, job, ask.ids.item(found.name, found.architecture))


def update_protection(ask: Ask) -> Response:
    """PATCH I: settings of the machine in Azure, kept and shown."""
    found, body = item(ask), properties_of(ask.body)
    details = body.inner("providerSpecificDetails")
    kind = V2A if found.architecture is Architecture.CLASSIC else RCM
    details.word("instanceType", (kind,))
    source = {V2A: body, RCM: details}[kind]
    said: dict[str, Json] = {name: source.maybe(name) for name in SETTABLE[kind] if source.maybe(name)}
    job = ask.vault.errand(found.name, "UpdateVmProperties", "Update the virtual machine")
    ask.around.kept.of_items.setdefault(found.name, {}).update(said)
    return accepted(ask, job, ask.ids.item(found.name, found.architecture))
