"""The VMware site that the fabrics name, outside the vault: its machines, which can be protected, and its accounts.

Shapes as published (Microsoft.OffAzure). One site stands for the whole estate.
"""

from typing import Final

from failback.reprotect import OsFamily, VirtualMachine
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.facts import shown_fact, shown_flag
from failback.simulator.arm.wire.response import Json, Response, not_found, reply

from .item_facts import disk_name
from .linked import LOCATION
from .pages import page
from .servers import GIB

SITE: Final = "site"
"""The site's name."""
ACCOUNTS: Final = ("vcenter-account", "guest-account")
"""Accounts of the appliances. The estate has none, so these names are ours."""


def site_account_ids(request: ParsedRequest) -> tuple[str, ...]:
    """The last segments of the ids of those accounts."""
    return tuple(request.names.guid("site account", name) for name in ACCOUNTS)


def list_sites(request: ParsedRequest) -> Response:
    """GET .../Microsoft.OffAzure/VMwareSites."""
    return reply({"value": [_site(request)], "nextLink": None})


def get_site(request: ParsedRequest) -> Response:
    """GET .../Microsoft.OffAzure/VMwareSites/{site}."""
    _named(request)
    return reply(_site(request))


def list_machines(request: ParsedRequest) -> Response:
    """GET .../VMwareSites/{site}/machines: what discovery knows, protected or not."""
    _named(request)
    machines = request.world.site.estate.virtual_machines.values()
    return page(request, list(machines), lambda vm: _machine(request, vm))


def get_machine(request: ParsedRequest) -> Response:
    """GET .../VMwareSites/{site}/machines/{machine}."""
    _named(request)
    wanted = request.params["machine"].lower()
    for vm in request.world.site.estate.virtual_machines.values():
        if vm.name.lower() == wanted:
            return reply(_machine(request, vm))
    raise not_found(f"The machine '{request.params['machine']}'")


def list_accounts(request: ParsedRequest) -> Response:
    """GET .../VMwareSites/{site}/runAsAccounts."""
    _named(request)
    return reply({"value": [_account(request, name) for name in ACCOUNTS], "nextLink": None})


def get_account(request: ParsedRequest) -> Response:
    """GET .../VMwareSites/{site}/runAsAccounts/{account}."""
    _named(request)
    wanted = request.params["account"].lower()
    for name in ACCOUNTS:
        if request.names.guid("site account", name) == wanted:
            return reply(_account(request, name))
    raise not_found(f"The account '{request.params['account']}'")


def site_id(request: ParsedRequest) -> str:
    """The site's id."""
    return f"{request.ids.group}/providers/Microsoft.OffAzure/VMwareSites/{SITE}"


def _named(request: ParsedRequest) -> None:
    if request.params["site"].lower() != SITE:
        raise not_found(f"The VMware site '{request.params['site']}'")


def _site(request: ParsedRequest) -> Json:
    properties = {"agentDetails": None, "applianceName": next(iter(request.world.site.estate.appliances), None)}
    head = {"id": site_id(request), "name": SITE, "type": "Microsoft.OffAzure/VMwareSites", "location": LOCATION}
    return head | {"eTag": "1", "properties": properties | {"serviceEndpoint": f"{request.origin}/failback"}}


def _machine(request: ParsedRequest, vm: VirtualMachine) -> Json:
    disks = [_disk(request, vm, number) for number in range(len(vm.disks))]
    properties: dict[str, Json] = {
        "displayName": vm.name,
        "vCenterFQDN": "vcenter.site.example",
        "vCenterId": f"{site_id(request)}/vcenters/vcenter",
        "hostName": vm.host,
        "biosUuid": shown_fact(vm.bios_uuid),
        "instanceUuid": request.names.guid("vmware", vm.name),
        "firmware": "BIOS",
        "powerStatus": shown_flag(vm.powered_on, "ON", "OFF"),
        "operatingSystemDetails": {"osType": "windowsguest" if vm.os is OsFamily.WINDOWS else "linuxguest"},
        "numberOfProcessorCore": 2,
        "allocatedMemoryInMB": 8192.0,
        "disks": disks,
        "networkAdapters": [{"nicId": request.names.guid("nic", vm.name), "networkName": "VM Network"}],
        "isDeleted": shown_fact(vm.exists_on_premises) is False,
        "updatedTimestamp": request.now,
    }
    id_ = f"{site_id(request)}/machines/{vm.name}"
    return {"id": id_, "name": vm.name, "type": "Microsoft.OffAzure/VMwareSites/machines", "properties": properties}


def _disk(request: ParsedRequest, vm: VirtualMachine, number: int) -> Json:
    return {
        "uuid": request.names.guid("disk", vm.name, number),
        "label": disk_name(number, vm.disks[number]),
        "maxSizeInBytes": round(vm.disks[number].size_gib * GIB),
    }


def _account(request: ParsedRequest, name: str) -> Json:
    guid = request.names.guid("site account", name)
    id_ = f"{site_id(request)}/runAsAccounts/{guid}"
    properties = {"displayName": name, "credentialType": "VMwareFabric" if "vcenter" in name else "WindowsGuest"}
    return {"id": id_, "name": guid, "type": "Microsoft.OffAzure/VMwareSites/runAsAccounts", "properties": properties}
