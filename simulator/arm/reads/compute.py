"""Azure machines of failed-over items: the read that a check makes, the start that mends, the search by name.

A machine that was moved is nowhere at its old id; the search finds it in another resource group. Shapes as published.
"""

import re
from typing import Final

from failback.reprotect import AzureVm
from failback.simulator import start_replica
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.facts import shown_fact
from failback.simulator.arm.wire.response import Json, Response, not_found, reply

from .pages import whole

LOCATION: Final = "westeurope"
"""Where all machines are."""
ELSEWHERE: Final = "moved-away"
"""The resource group of machines that were moved."""
_NAMED: Final = re.compile(r"name eq '((?:[^']|'')*)'")


def get_machine(ask: Ask) -> Response:
    """GET .../Microsoft.Compute/virtualMachines/{machine}."""
    wanted = ask.params["machine"]
    name = _name(ask, wanted)
    azure = ask.world.site.vm(name).azure if name else AzureVm()
    moved = shown_fact(azure.moved) is True and ask.params["resource_group"].lower() != ELSEWHERE
    if name is None or shown_fact(azure.exists) is not True or moved:
        raise not_found(f"The resource 'Microsoft.Compute/virtualMachines/{wanted[:100]}'")
    view = {"instanceView": _view(azure)} if ask.query.get("expand", "").lower() == "instanceview" else {}
    properties = {"vmId": ask.names.guid("azure machine", name), "provisioningState": "Succeeded", **view}
    return reply(_head(ask, name, ask.params["resource_group"]) | {"properties": properties})


def start_machine(ask: Ask) -> Response:
    """POST .../virtualMachines/{machine}/start: 202, and it runs at once (ours; the service takes a minute or two)."""
    get_machine(ask)
    start_replica(ask.vault, str(_name(ask, ask.params["machine"])))
    operation = ask.names.guid("compute operation", len(ask.around.finished))
    ask.around.finished[operation] = ask.path
    path = f"/subscriptions/{ask.params['subscription']}/providers/Microsoft.Compute/locations/{LOCATION}/operations"
    address = f"{ask.origin}{path}/{operation}?api-version={ask.query['api-version']}"
    return Response(202, (("Azure-AsyncOperation", address), ("Location", f"{address}&monitor=true")))


def machine_operation(ask: Ask) -> Response:
    """GET .../Microsoft.Compute/locations/{location}/operations/{operation}: over, as all here."""
    operation = ask.params["operation"].lower()
    if operation not in ask.around.finished:
        raise not_found(f"The operation '{operation[:100]}'")
    return reply({"name": operation, "status": "Succeeded", "startTime": ask.now, "endTime": ask.now})


def list_resources(ask: Ask) -> Response:
    """GET /subscriptions/{subscription}/resources?$filter=...: machines of one name, wherever they are."""
    asked = _NAMED.search(ask.query.get("filter", ""))
    name = _name(ask, asked[1].replace("''", "'")) if asked else None
    azure = ask.world.site.vm(name).azure if name else AzureVm()
    if name is None or shown_fact(azure.exists) is not True:
        return whole([])
    return whole([_head(ask, name, ELSEWHERE if shown_fact(azure.moved) else ask.ids.resource_group)])


def _name(ask: Ask, wanted: str) -> str | None:
    return next((name for name in ask.vault.items if name.lower() == wanted.lower()), None)


def _head(ask: Ask, name: str, group: str) -> dict[str, Json]:
    path = f"/subscriptions/{ask.params['subscription']}/resourceGroups/{group}/providers"
    kind = "Microsoft.Compute/virtualMachines"
    return {"id": f"{path}/{kind}/{name}", "name": name, "type": kind, "location": LOCATION}


def _view(azure: AzureVm) -> Json:
    running = shown_fact(azure.running)
    if running is None:
        return {"statuses": [_status("ProvisioningState/succeeded", "Provisioning succeeded")]}
    power = _status("PowerState/running", "VM running") if running else _status("PowerState/stopped", "VM stopped")
    return {"statuses": [_status("ProvisioningState/succeeded", "Provisioning succeeded"), power]}


def _status(code: str, shown: str) -> Json:
    return {"code": code, "level": "Info", "displayStatus": shown}
