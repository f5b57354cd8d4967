"""What a request's path names: fabric, container, item. Names compare in any case; what is not there is a 404."""

from failback.reprotect import VirtualMachine
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import not_found


def fabric(request: ParsedRequest) -> FabricName:
    """The fabric that the path names."""
    wanted = request.params["fabric"]
    for known in request.names.fabrics:
        if known.name == wanted.lower():
            return known
    raise not_found(f"The fabric '{wanted}'")


def container(request: ParsedRequest) -> FabricName:
    """The fabric whose only container the path names."""
    found, wanted = fabric(request), request.params["container"]
    if found.container != wanted.lower():
        raise not_found(f"The protection container '{wanted}'")
    return found


def items_in(request: ParsedRequest, found: FabricName) -> list[ProtectedItem]:
    """The items of a fabric's container."""
    ours = (item for item in request.vault.items.values() if item.architecture is found.architecture)
    return [item for item in ours if request.names.fabric_of(item.name, item.architecture) is found]


def item(request: ParsedRequest) -> ProtectedItem:
    """The protected item that the path names."""
    found, wanted = container(request), request.params["item"]
    name = request.names.items.get(wanted.lower())
    known = request.vault.items.get(name) if name is not None else None
    if known is None or request.names.fabric_of(known.name, known.architecture) is not found:
        raise not_found(f"The replication protected item '{wanted}'")
    return known


def machine(request: ParsedRequest, known: ProtectedItem) -> VirtualMachine:
    """The machine of an item, as the estate has it now."""
    return request.world.site.vm(known.name)
