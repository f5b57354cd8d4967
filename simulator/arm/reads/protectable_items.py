"""Protectable items: the machines that the site's discovery knows, one for each protected item."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import Phase
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.facts import shown_flag
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import Json, Response, not_found, reply, resource

from .filters import Field, Words, chosen
from .item_facts import facts_of, vcenter_id
from .items import protectable_id, protectable_name
from .looking_up import container, items_in
from .pages import page
from .servers import GIB

_STATES: Final = ("Protected", "Unprotected")


def list_protectable_items(request: ParsedRequest) -> Response:
    """GET C/replicationProtectableItems."""
    fields: Mapping[str, Field[ProtectedItem]] = {"state": Words(lambda item: _state(request, item), _STATES)}
    here = container(request)
    there = [*items_in(request, here), *unprotected_in(request, here)] if here.kind.lists_protectable else []
    found = chosen(there, request.query.get("filter"), fields)
    return page(request, found, lambda item: _protectable(request, item))


def get_protectable_item(request: ParsedRequest) -> Response:
    """GET C/replicationProtectableItems/{protectable}."""
    found, wanted = container(request), request.params["protectable"].lower()
    for item in (*items_in(request, found), *unprotected_in(request, found)):
        if protectable_name(request, item) == wanted:
            return reply(_protectable(request, item))
    raise not_found(f"The protectable item '{request.params['protectable']}'")


def _state(request: ParsedRequest, item: ProtectedItem) -> str:
    return _STATES[item.name not in request.vault.items]


def unprotected_in(request: ParsedRequest, found: FabricName) -> list[ProtectedItem]:
    """Machines of the fabric's architecture that nobody protects, as the items that they would be."""
    machines = request.world.site.estate.virtual_machines.values()
    ours = [m for m in machines if m.architecture is found.architecture]
    free = [m for m in ours if m.name not in request.vault.items and _holds(request, found, m.name)]
    return [ProtectedItem(m.name, m.architecture, Phase.REPLICATING_TO_AZURE) for m in free]


def _holds(request: ParsedRequest, found: FabricName, name: str) -> bool:
    return request.names.fabric_of(name, found.architecture) is found


def _item_id(request: ParsedRequest, item: ProtectedItem) -> str | None:
    return request.ids.item(item.name, item.architecture) if item.name in request.vault.items else None


def _protectable(request: ParsedRequest, item: ProtectedItem) -> Json:
    facts = facts_of(request, item, full=True)
    vm = facts.vm
    disks = [
        {
            "diskId": facts.disk_id(n),
            "diskName": disk.name or f"Disk{n}",
            "diskSizeInMB": str(round(disk.size_gib * GIB / 2**20)),
            "diskType": "Basic",
            "diskConfiguration": "",
            "volumeList": [],
        }
        for n, disk in facts.all_disks()
    ]
    details = {
        "instanceType": "VMwareVirtualMachine",
        "agentGeneratedId": request.names.guid("agent", vm.name),
        "agentInstalled": "Installed",
        "osType": facts.os_type,
        "agentVersion": "9.65.0.0",
        "ipAddress": facts.address,
        "poweredOn": "On" if facts.in_azure else shown_flag(vm.powered_on, "On", "Off"),
        "vCenterInfrastructureId": vcenter_id(facts),
        "discoveryType": "Physical" if facts.in_azure else "vCenter",
        "diskDetails": disks,
        "validationErrors": [],
    }
    properties = {
        "friendlyName": vm.name,
        "protectionStatus": _state(request, item),
        "replicationProtectedItemId": _item_id(request, item),
        "recoveryServicesProviderId": request.ids.provider(facts.fabric),
        "protectionReadinessErrors": [],
        "supportedReplicationProviders": list(facts.fabric.kind.protectable_by),
        "customDetails": details,
    }
    kind = "replicationFabrics/replicationProtectionContainers/replicationProtectableItems"
    return resource(protectable_id(request, item), kind, properties)
