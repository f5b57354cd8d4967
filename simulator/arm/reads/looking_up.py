"""What a request's path names: fabric, container, item. Names compare in any case; what is not there is a 404."""

from failback.reprotect import VirtualMachine
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import not_found


def fabric(ask: Ask) -> FabricName:
    """The fabric that the path names."""
    wanted = ask.params["fabric"]
    for known in ask.names.fabrics:
        if known.name == wanted.lower():
            return known
    raise not_found(f"The fabric '{wanted}'")


def container(ask: Ask) -> FabricName:
    """The fabric whose only container the path names."""
    found, wanted = fabric(ask), ask.params["container"]
    if found.container != wanted.lower():
        raise not_found(f"The protection container '{wanted}'")
    return found


def items_in(ask: Ask, found: FabricName) -> list[ProtectedItem]:
    """The items of a fabric's container."""
    if ask.names.fabric_of(found.architecture) is not found:
        return []
    return [item for item in ask.vault.items.values() if item.architecture is found.architecture]


def item(ask: Ask) -> ProtectedItem:
    """The protected item that the path names."""
    found, wanted = container(ask), ask.params["item"]
    name = ask.names.items.get(wanted.lower())
    known = ask.vault.items.get(name) if name is not None else None
    if known is None or ask.names.fabric_of(known.architecture) is not found:
        raise not_found(f"The replication protected item '{wanted}'")
    return known


def machine(ask: Ask, known: ProtectedItem) -> VirtualMachine:
    """The machine of an item, as the estate has it now."""
    return ask.world.site.vm(known.name)
