"""Azure machines of failed-over items: the read that a check makes, the start that fixes, the search by name.

A machine that was moved is nowhere at its old id; the search finds it in another resource group. Shapes as published.
"""

import re
from collections.abc import Iterator, Mapping
from math import ceil
from types import MappingProxyType
from typing import Final

from failback.reprotect import AzureVm
from failback.simulator import start_replica
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.facts import shown_fact
from failback.simulator.arm.wire.response import Json, Response, not_found, reply

from .interfaces import profile_of
from .item_facts import azure_name
from .linked import LOCATION
from .pages import whole

ELSEWHERE: Final = "moved-away"
"""The resource group of machines that were moved."""
_NAMED: Final = re.compile(r"name eq '((?:[^']|'')*)'")


def get_machine(request: ParsedRequest) -> Response:
    """GET .../Microsoft.Compute/virtualMachines/{machine}."""
    wanted = request.params["machine"]
    name = _name(request, wanted)
    azure = request.world.site.vm(name).azure if name else AzureVm()
    moved = shown_fact(azure.moved) is True and request.params["resource_group"].lower() != ELSEWHERE
    if name is None or shown_fact(azure.exists) is not True or moved:
        raise not_found(f"The resource 'Microsoft.Compute/virtualMachines/{wanted[:100]}'")
    view = {"instanceView": _view(azure)} if request.query.get("expand", "").lower() == "instanceview" else {}
    return reply(_machine(request, name, view))


def _machine(request: ParsedRequest, name: str, view: Mapping[str, Json] = MappingProxyType({})) -> Json:
    properties = {
        "vmId": request.names.guid("azure machine", name),
        "provisioningState": "Succeeded",
        "networkProfile": profile_of(request, request.vault.items[name]),
        **view,
    }
    return _head(request, name, request.params["resource_group"]) | {"properties": properties}


def list_machines(request: ParsedRequest) -> Response:
    """GET .../Microsoft.Compute/virtualMachines: those that are in this resource group."""
    return whole([_machine(request, name) for name in _there(request)])


def list_disks(request: ParsedRequest) -> Response:
    """GET .../Microsoft.Compute/disks: those of these machines. Their kind is not in an estate, so none is told."""
    return whole([_disk(request, *each) for each in _disks(request)])


def list_addresses(_: ParsedRequest) -> Response:
    """GET .../Microsoft.Network/publicIPAddresses: a failover makes none."""
    return whole([])


def _there(request: ParsedRequest) -> Iterator[str]:
    group = request.params["resource_group"].lower()
    for name in request.vault.items:
        azure = request.world.site.vm(name).azure
        if shown_fact(azure.exists) is True and (group == ELSEWHERE) is (shown_fact(azure.moved) is True):
            yield name


def _disks(request: ParsedRequest) -> Iterator[tuple[str, int, float]]:
    for name in _there(request):
        for number, disk in enumerate(request.world.site.vm(name).disks):
            if number not in request.vault.items[name].left_out:
                yield name, number, disk.size_gib


def _disk(request: ParsedRequest, name: str, number: int, size_gib: float) -> Json:
    group = request.params["resource_group"]
    machine = str(_head(request, name, group)["id"])
    kind, disk = "Microsoft.Compute/disks", f"{azure_name(request, request.vault.items[name])}-disk{number}"
    properties = {"diskSizeGB": ceil(size_gib), "diskState": "Attached", "provisioningState": "Succeeded"}
    head = {"id": f"{machine.rpartition('/Microsoft.Compute/')[0]}/{kind}/{disk}", "name": disk, "type": kind}
    return head | {"location": LOCATION, "managedBy": machine, "properties": properties}


def start_machine(request: ParsedRequest) -> Response:
    """POST .../virtualMachines/{machine}/start: 202, and it runs at once (ours; the service takes a minute or two)."""
    get_machine(request)
    start_replica(request.vault, str(_name(request, request.params["machine"])))
    operation = request.names.guid("compute operation", len(request.context.finished))
    request.context.finished[operation] = request.now
    path = (
        f"/subscriptions/{request.params['subscription']}/providers/Microsoft.Compute/locations/{LOCATION}/operations"
    )
    address = f"{request.origin}{path}/{operation}?api-version={request.query['api-version']}"
    return Response(202, (("Azure-AsyncOperation", address), ("Location", f"{address}&monitor=true")))


def machine_operation(request: ParsedRequest) -> Response:
    """GET .../Microsoft.Compute/locations/{location}/operations/{operation}: over, as all here."""
    operation = request.params["operation"].lower()
    if operation not in request.context.finished:
        raise not_found(f"The operation '{operation[:100]}'")
    return reply({"name": operation, "status": "Succeeded", "startTime": request.now, "endTime": request.now})


def list_resources(request: ParsedRequest) -> Response:
    """GET /subscriptions/{subscription}/resources?$filter=...: machines of one name, wherever they are."""
    asked = _NAMED.search(request.query.get("filter", ""))
    name = _name(request, asked[1].replace("''", "'")) if asked else None
    azure = request.world.site.vm(name).azure if name else AzureVm()
    if name is None or shown_fact(azure.exists) is not True:
        return whole([])
    return whole([_head(request, name, ELSEWHERE if shown_fact(azure.moved) else request.ids.resource_group)])


def _name(request: ParsedRequest, wanted: str) -> str | None:
    """The item whose machine in Azure is called so; most are called as their item."""
    items = request.vault.items
    if wanted in items and azure_name(request, items[wanted]) == wanted:
        return wanted
    return next((n for n, item in items.items() if azure_name(request, item).lower() == wanted.lower()), None)


def _head(request: ParsedRequest, name: str, group: str) -> dict[str, Json]:
    path = f"/subscriptions/{request.params['subscription']}/resourceGroups/{group}/providers"
    kind, name = "Microsoft.Compute/virtualMachines", azure_name(request, request.vault.items[name])
    return {"id": f"{path}/{kind}/{name}", "name": name, "type": kind, "location": LOCATION}


def _view(azure: AzureVm) -> Json:
    running = shown_fact(azure.running)
    if running is None:
        return {"statuses": [_status("ProvisioningState/succeeded", "Provisioning succeeded")]}
    power = _status("PowerState/running", "VM running") if running else _status("PowerState/stopped", "VM stopped")
    return {"statuses": [_status("ProvisioningState/succeeded", "Provisioning succeeded"), power]}


def _status(code: str, shown: str) -> Json:
    return {"code": code, "level": "Info", "displayStatus": shown}
