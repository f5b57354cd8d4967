"""Azure machines of failed-over items: the read that a check makes, the start that fixes, the delete that breaks.

A machine that was moved is nowhere at its old id; a search finds it in another resource group. Shapes as published.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from failback.reprotect import AzureVm
from failback.simulator import start_replica
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.facts import shown_fact
from failback.simulator.arm.wire.response import Json, Response, not_found, reply

from .interfaces import profile_of
from .item_facts import azure_name, chosen_group
from .linked import LOCATION
from .pages import whole

ELSEWHERE: Final = "moved-away"
"""The resource group of machines that were moved."""
KIND: Final = "Microsoft.Compute/virtualMachines"
"""Their type."""


def get_machine(request: ParsedRequest) -> Response:
    """GET .../Microsoft.Compute/virtualMachines/{machine}."""
    wanted = request.params["machine"]
    name = _called(request, wanted)
    azure = request.world.site.vm(name).azure if name else AzureVm()
    if name is None or shown_fact(azure.exists) is not True or not _is_in(request, name):
        raise not_found(f"The resource '{KIND}/{wanted[:100]}'")
    view = {"instanceView": _view(azure)} if request.query.get("expand", "").lower() == "instanceview" else {}
    return reply(_machine(request, name, view))


def _machine(request: ParsedRequest, name: str, view: Mapping[str, Json] = MappingProxyType({})) -> Json:
    properties = {
        "vmId": request.names.guid("azure machine", name),
        "provisioningState": "Succeeded",
        "networkProfile": profile_of(request, request.vault.items[name]),
        **view,
    }
    return head_of(request, name) | {"properties": properties}


def list_machines(request: ParsedRequest) -> Response:
    """GET .../Microsoft.Compute/virtualMachines: those of this resource group, or all of the subscription."""
    return whole([_machine(request, name) for name in machines_there(request)])


def machines_there(request: ParsedRequest) -> Iterator[str]:
    """The items whose machines exist, in the resource group or the subscription of this request."""
    for name in request.vault.items:
        if shown_fact(request.world.site.vm(name).azure.exists) is True and _is_in(request, name):
            yield name


def _is_in(request: ParsedRequest, name: str) -> bool:
    """Whether the machine is in the resource group of this request: one that nobody chose is in whichever is asked."""
    asked = request.params.get("resource_group")
    if asked is None:
        return True
    is_moved = shown_fact(request.world.site.vm(name).azure.moved) is True
    if is_moved or asked.lower() == ELSEWHERE:
        return is_moved and asked.lower() == ELSEWHERE
    chosen = chosen_group(request, request.vault.items[name])
    return chosen is None or chosen.rpartition("/")[2].lower() == asked.lower()


def start_machine(request: ParsedRequest) -> Response:
    """POST .../virtualMachines/{machine}/start: 202, and it runs at once (ours; the service takes a minute or two)."""
    get_machine(request)
    start_replica(request.vault, str(_called(request, request.params["machine"])))
    return _under_way(request)


def delete_machine(request: ParsedRequest) -> Response:
    """DELETE .../virtualMachines/{machine}: 202, and it is gone at once (ours); 204 for one that is not there.

    The item goes on naming it, and a rule refuses what needs it (R18): what the vault shows of it was never recorded.
    """
    name = _called(request, request.params["machine"])
    azure = request.world.site.vm(name).azure if name else AzureVm()
    if name is None or shown_fact(azure.exists) is not True or not _is_in(request, name):
        return Response(204)
    request.world.site.change(name, azure=replace(azure, exists=False, running=False))
    return _under_way(request)


def _under_way(request: ParsedRequest) -> Response:
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


def _called(request: ParsedRequest, wanted: str) -> str | None:
    """The item whose machine in Azure is called so; most are called as their item."""
    items = request.vault.items
    if wanted in items and azure_name(request, items[wanted]) == wanted:
        return wanted
    return next((n for n, item in items.items() if azure_name(request, item).lower() == wanted.lower()), None)


def head_of(request: ParsedRequest, name: str) -> dict[str, Json]:
    """What every list shows of a machine: it is in the group that is asked, else that was chosen, else the vault's."""
    item, moved = request.vault.items[name], shown_fact(request.world.site.vm(name).azure.moved) is True
    chosen = (chosen_group(request, item) or request.ids.resource_group).rpartition("/")[2]
    group = request.params.get("resource_group") or (ELSEWHERE if moved else chosen)
    path = f"/subscriptions/{request.params['subscription']}/resourceGroups/{group}/providers"
    called = azure_name(request, item)
    return {"id": f"{path}/{KIND}/{called}", "name": called, "type": KIND, "location": LOCATION}


def _view(azure: AzureVm) -> Json:
    running = shown_fact(azure.running)
    if running is None:
        return {"statuses": [_status("ProvisioningState/succeeded", "Provisioning succeeded")]}
    power = _status("PowerState/running", "VM running") if running else _status("PowerState/stopped", "VM stopped")
    return {"statuses": [_status("ProvisioningState/succeeded", "Provisioning succeeded"), power]}


def _status(code: str, shown: str) -> Json:
    return {"code": code, "level": "Info", "displayStatus": shown}
