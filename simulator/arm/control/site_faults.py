"""Faults of the site as the control API takes them: the world's own kinds, and short words for the usual ones."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from failback.reprotect import beyond
from failback.simulator import Fault, FaultKind, World
from failback.simulator.arm.wire.response import ArmError

WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "process_server_down": {"kind": "change_facts", "facts": {"up": False}},
    "process_server_up": {"kind": "change_facts", "facts": {"up": True}},
    "master_target_down": {"kind": "change_facts", "facts": {"up": False}},
    "appliance_unhealthy": {"kind": "change_facts", "facts": {"healthy": False}},
    "host_disconnects": {"kind": "change_facts", "facts": {"connected": False}},
    "datastore_full": {"kind": "change_facts", "facts": {"free_gib": 0.0}},
    "credentials_revoked": {"kind": "change_facts", "facts": {"vcenter_connected": False}},
    "snapshot_appears": {"kind": "take_snapshot"},
}
"""Short words: the object is the part that it happens to; for credentials_revoked the configuration server (R09)."""
LINK_SHARES: Final[Mapping[str, float]] = {"link_cut": 0.0, "link_mended": 1.0}
"""Words for the link to Azure, and how much of its bandwidth is left."""


def site_fault(world: World, body: Mapping[str, Any]) -> Fault:
    """The fault that this body describes. Raises a 400 when it is none, or none of this world."""
    short = WORDS.get(str(body.get("kind")))
    return checked(world, parsed(Fault, body if short is None else {**body, **short}))


def apply_site_fault(world: World, fault: Fault) -> None:
    """Let it happen now, or arm it for its instant."""
    if fault.at_s is None and fault.when is None and fault.after_s == 0:
        world.faults.fire(fault)
    else:
        later = fault if fault.at_s is None else replace(fault, at_s=max(0.0, fault.at_s - world.env.now))
        world.faults.play([later])


def checked(world: World, fault: Fault) -> Fault:
    """A fault of this world: its object exists, and its facts are facts of that object, of the right types."""
    estate, vault = world.site.estate, world.vault
    part = world.site.part(fault.object)
    if part is None:
        raise bad(f"There is no '{fault.object[:100]}' in this estate.")
    if fault.when is not None and fault.when.item not in vault.items:
        raise bad(f"There is no item '{fault.when.item[:100]}' to wait for.")
    if fault.kind is FaultKind.FAIL_JOB and fault.object not in estate.virtual_machines:
        raise bad("fail_job needs an item.")
    if fault.kind is not FaultKind.CHANGE_FACTS:
        return _reachable(world, fault)
    changed = parsed(type(part), asdict(part) | dict(fault.facts))
    return replace(fault, facts={name: getattr(changed, name) for name in fault.facts})


def _reachable(world: World, fault: Fault) -> Fault:
    acts_on_site = fault.kind not in (FaultKind.FAIL_JOB, FaultKind.DESTROY_VM)
    if acts_on_site and fault.object not in world.site.hands.look([fault.object]):
        raise bad(f"There is no virtual machine '{fault.object[:100]}' on site.")
    return fault


def parsed(kind: type[Any], value: Any) -> Any:
    """The value as this kind. Raises a 400 that says what is wrong, a number out of its bounds among it."""
    try:
        found = TypeAdapter(kind).validate_python(value)
    except (ValidationError, OverflowError) as refused:
        raise bad(_why(refused)) from refused
    for path, wrong in beyond(found):
        raise bad(f"{'.'.join(map(str, path))}: {wrong}.")
    return found


def _why(refused: ValidationError | OverflowError) -> str:
    if isinstance(refused, OverflowError):
        return "the body: a number is too large."
    first = refused.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc']) or 'the body'}: {first['msg']}."


def bad(message: str) -> ArmError:
    """A 400 of the control API."""
    return ArmError(400, "BadRequest", message)
