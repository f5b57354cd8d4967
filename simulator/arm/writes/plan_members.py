"""The items of a recovery plan in a request: of one fabric, each once, with the machine that it names."""

from typing import Final

from failback.reprotect import PLAN_INSTANCES_MAX
from failback.simulator import ProtectedItem
from failback.simulator.arm.reads.item_facts import facts_of
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.resource_store import PlanSettings
from failback.simulator.arm.wire.body_fields import BodyFields
from failback.simulator.arm.wire.kinds import KINDS
from failback.simulator.arm.wire.response import bad_request

GROUPS: Final = ("Shutdown", "Failover", "Boot")


def items_of_groups(
    request: ParsedRequest, properties: BodyFields, settings: PlanSettings, fabric_id: str | None
) -> tuple[tuple[str, ...], ...]:
    """The items of each Boot group, all of this fabric. The machines that they name are noted in the settings."""
    groups = tuple(_group(request, body, settings, fabric_id) for body in _boot_groups(properties))
    names = [name for group in groups for name in group]
    if not names:
        raise properties.refused("groups", "has no item in a group of Boot; a plan needs one.")
    if len(names) > PLAN_INSTANCES_MAX:
        raise properties.refused("groups", f"has {len(names)} items; {PLAN_INSTANCES_MAX} is the limit.")
    if len(set(names)) < len(names):
        raise properties.refused("groups", "has an item twice.")
    return groups


def _boot_groups(properties: BodyFields) -> list[BodyFields]:
    return [body for body in properties.each("groups") if body.needed_word("groupType", GROUPS) == "Boot"]


def _group(request: ParsedRequest, body: BodyFields, settings: PlanSettings, fabric_id: str | None) -> tuple[str, ...]:
    entries = body.each("replicationProtectedItems")
    names = tuple(_member(request, entry, fabric_id) for entry in entries)
    settings.machine_ids |= {n: entry.maybe("virtualMachineId") for n, entry in zip(names, entries, strict=True)}
    return names


def _member(request: ParsedRequest, entry: BodyFields, fabric_id: str | None) -> str:
    wanted = entry.text("id")
    name = request.names.items.get(wanted.rpartition("/")[2].lower())
    if name is None:
        where = entry.at("id")
        raise bad_request(f"{where} '{wanted[:200]}' is not a replication protected item of this vault.", target=where)
    _check_fabric(request, entry, request.vault.items[name], fabric_id)
    _check_machine(request, entry, request.vault.items[name])
    return name


def _check_fabric(request: ParsedRequest, entry: BodyFields, item: ProtectedItem, fabric_id: str | None) -> None:
    """All items of a plan are of its primary fabric (the cmdlet asks for one)."""
    own = request.ids.fabric(request.names.fabric_of(item.name, item.architecture))
    if fabric_id is not None and fabric_id.lower() != own.lower():
        where = entry.at("id")
        why = f"{where} is an item of the fabric {own}, and the plan's primaryFabricId is '{fabric_id[:200]}'."
        raise bad_request(why, "Make a plan for each fabric.", target=where)


def _check_machine(request: ParsedRequest, entry: BodyFields, item: ProtectedItem) -> None:
    """Any id that the item's machine goes by. PowerShell sends a classic item's vmId, and none for a modernised one."""
    sent = entry.maybe("virtualMachineId")
    keys = (("machine", item.name, "azure"), ("machine", item.name, "site"), ("vmware", item.name))
    known = {request.names.item_guids[item.name].lower(), *(request.names.guid(*key) for key in keys)}
    if sent is not None and sent.rpartition("/")[2].lower() not in known:
        where, own = entry.at("virtualMachineId"), machine_id(request, item)
        action = f"Use {own}." if own else "Leave it out."
        raise bad_request(f"{where} '{sent[:200]}' is not the machine of '{item.name}'.", action, target=where)


def machine_id(request: ParsedRequest, item: ProtectedItem) -> str | None:
    """The virtualMachineId that a client is expected to send: the vmId of a classic item, else none."""
    named = KINDS[item.architecture].plan_names_machine
    return facts_of(request, item, full=False).machine_id if named else None
