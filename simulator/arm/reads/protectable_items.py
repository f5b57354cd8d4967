"""Protectable items: the machines that the site's discovery knows, one for each protected item."""

from failback.reprotect import Architecture, Phase
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.facts import shown_flag
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import Json, Response, not_found, reply, resource

from .filters import chosen
from .item_facts import facts_of
from .items import protectable_id, protectable_name
from .looking_up import container, items_in
from .pages import page
from .servers import GIB


def list_protectable_items(ask: Ask) -> Response:
    """GET C/replicationProtectableItems."""
    fields = {"friendlyname": _name, "state": lambda item: _state(ask, item)}
    here = container(ask)
    found = chosen([*items_in(ask, here), *unprotected_in(ask, here)], ask.query.get("filter"), fields)
    return page(ask, found, lambda item: _protectable(ask, item))


def get_protectable_item(ask: Ask) -> Response:
    """GET C/replicationProtectableItems/{protectable}."""
    found, wanted = container(ask), ask.params["protectable"].lower()
    for item in (*items_in(ask, found), *unprotected_in(ask, found)):
        if protectable_name(ask, item) == wanted:
            return reply(_protectable(ask, item))
    raise not_found(f"The protectable item '{ask.params['protectable']}'")


def _name(item: ProtectedItem) -> str:
    return item.name


def _state(ask: Ask, item: ProtectedItem) -> str:
    return "Protected" if item.name in ask.vault.items else "Unprotected"


def unprotected_in(ask: Ask, found: FabricName) -> list[ProtectedItem]:
    """Machines of the fabric's architecture that nobody protects, as the items that they would be."""
    if ask.names.fabric_of(found.architecture) is not found:
        return []
    machines = ask.world.site.estate.virtual_machines.values()
    free = [m for m in machines if m.name not in ask.vault.items and m.architecture is found.architecture]
    return [ProtectedItem(m.name, m.architecture, Phase.REPLICATING_TO_AZURE) for m in free]


def _item_id(ask: Ask, item: ProtectedItem) -> str | None:
    return ask.ids.item(item.name, item.architecture) if item.name in ask.vault.items else None


def _protectable(ask: Ask, item: ProtectedItem) -> Json:
    facts = facts_of(ask, item, full=True)
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
        "agentGeneratedId": ask.names.guid("agent", vm.name),
        "agentInstalled": "Installed",
        "osType": facts.os_type,
        "agentVersion": "9.65.0.0",
        "ipAddress": facts.address,
        "poweredOn": "On" if facts.in_azure else shown_flag(vm.powered_on, "On", "Off"),
        "vCenterInfrastructureId": ask.ids.vcenter(facts.fabric),
        "discoveryType": "Physical" if facts.in_azure else "vCenter",
        "diskDetails": disks,
        "validationErrors": [],
    }
    properties = {
        "friendlyName": vm.name,
        "protectionStatus": _state(ask, item),
        "replicationProtectedItemId": _item_id(ask, item),
        "recoveryServicesProviderId": ask.ids.provider(facts.fabric),
        "protectionReadinessErrors": [],
        "supportedReplicationProviders": ["InMageAzureV2", "InMage"]
        if item.architecture is Architecture.CLASSIC
        else ["InMageRcm"],
        "customDetails": details,
    }
    kind = "replicationFabrics/replicationProtectionContainers/replicationProtectableItems"
    return resource(protectable_id(ask, item), kind, properties)
