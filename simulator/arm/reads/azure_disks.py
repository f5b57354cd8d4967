"""Disks and public addresses of the machines in Azure. Shapes as published."""

from collections.abc import Iterator
from math import ceil

from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.response import Json, Response

from .compute import head_of, machines_there
from .item_facts import azure_name
from .linked import LOCATION
from .pages import whole


def list_disks(request: ParsedRequest) -> Response:
    """GET .../Microsoft.Compute/disks: those of these machines. Their kind is not in an estate, so none is told."""
    return whole([_disk(request, *each) for each in _disks(request)])


def list_addresses(_: ParsedRequest) -> Response:
    """GET .../Microsoft.Network/publicIPAddresses: a failover makes none."""
    return whole([])


def _disks(request: ParsedRequest) -> Iterator[tuple[str, int, float]]:
    for name in machines_there(request):
        for number, disk in enumerate(request.world.site.vm(name).disks):
            if number not in request.vault.items[name].left_out:
                yield name, number, disk.size_gib


def _disk(request: ParsedRequest, name: str, number: int, size_gib: float) -> Json:
    machine = str(head_of(request, name)["id"])
    kind, disk = "Microsoft.Compute/disks", f"{azure_name(request, request.vault.items[name])}-disk{number}"
    properties = {"diskSizeGB": ceil(size_gib), "diskState": "Attached", "provisioningState": "Succeeded"}
    head = {"id": f"{machine.rpartition('/Microsoft.Compute/')[0]}/{kind}/{disk}", "name": disk, "type": kind}
    return head | {"location": LOCATION, "managedBy": machine, "properties": properties}
