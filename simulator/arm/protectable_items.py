"""Protectable items: the machines that the site's discovery knows, one for each protected item."""

from failback.simulator import ProtectedItem

from .facts import shown_flag
from .filters import chosen
from .item_facts import facts_of
from .items import protectable_id, protectable_name
from .looking_up import container, items_in
from .pages import page
from .response import Json, Response, not_found, reply, resource
from .servers import GIB
from .surroundings import Ask


def list_protectable_items(ask: Ask) -> Response:
    """GET C/replicationProtectableItems."""
    fields = {"friendlyname": _name, "state": _protected}
    found = chosen(items_in(ask, container(ask)), ask.query.get("filter"), fields)
    return page(ask, found, lambda item: _protectable(ask, item))


def get_protectable_item(ask: Ask) -> Response:
    """GET C/replicationProtectableItems/{protectable}."""
    found, wanted = container(ask), ask.params["protectable"].lower()
    for item in items_in(ask, found):
        if protectable_name(ask, item) == wanted:
            return reply(_protectable(ask, item))
    raise not_found(f"The protectable item '{ask.params['protectable']}'")


def _name(item: ProtectedItem) -> str:
    return item.name


def _protected(item: ProtectedItem) -> str:  # noqa: ARG001  (a column of filters)
    return "Protected"


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
        for n, disk in facts.numbered_disks()
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
        "protectionStatus": "Protected",
        "replicationProtectedItemId": ask.ids.item(item.name, item.architecture),
        "recoveryServicesProviderId": ask.ids.provider(facts.fabric),
        "protectionReadinessErrors": [],
        "supportedReplicationProviders": ["InMageAzureV2", "InMage"]
        if item.architecture.value == "classic"
        else ["InMageRcm"],
        "customDetails": details,
    }
    kind = "replicationFabrics/replicationProtectionContainers/replicationProtectableItems"
    return resource(protectable_id(ask, item), kind, properties)
