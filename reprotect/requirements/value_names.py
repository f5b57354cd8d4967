"""Names and values of the estate that a text puts in besides those of the servers: ports, services, a group's machines.

With these a step is whole: nobody has to put a command together at night.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Appliance, Estate, VirtualMachine, known
from failback.reprotect.item import OsFamily

from .os_release import UBUNTU, os_release
from .predicates_mnp_servers import LINUX_MASTER_TARGETS
from .predicates_r_article import PRIVILEGES
from .predicates_shared import appliance, master_target, mates, process_server

_DEFAULT_RELEASE: Final = "16.04"


def value_names(estate: Estate, item: str, choices: Choices, thing: str) -> Mapping[str, str]:
    """Key -> text; empty where the estate does not know it. `thing` is at fault."""
    vm, part = estate.virtual_machines[item], _part(estate, thing)
    network = vm.azure.network
    return {
        "members": ", ".join(mates(estate, item)) or item,
        "group_name": vm.replication_group or "",
        "network": network if known(network) and network else "",
        "azure_network": f"network {network}"
        if known(network) and network
        else f"the virtual network that Virtual machines > {vm.name} > Overview shows",
        "release": newest_release(estate, item) or _DEFAULT_RELEASE,
        "ports": ",".join(map(str, _closed(part))),
        "port": str(min(_closed(part), default=9443)),
        "services": ",".join(_stopped(part)),
        "parts": f" ({sick})" if (sick := ", ".join(_sick(part))) else "",
        "own_datastore": getattr(part, "datastore", ""),
        "manages": str(vm.manages_recovery) if known(vm.manages_recovery) and vm.manages_recovery else "",
        "privileges": ",".join(PRIVILEGES),
        "log_account": _log_account(estate, item, choices),
        **_servers(estate, vm, choices, thing),
    }


def newest_release(estate: Estate, item: str) -> str:
    """The newest Ubuntu release among the machines that share a master target; empty where none is known."""
    names = mates(estate, item) or (item,)
    machines = (estate.virtual_machines[name] for name in names)
    found = [os_release(vm.os_version, vm.os) for vm in machines if known(vm.os_version) and vm.os is OsFamily.LINUX]
    numbers = [(*each.numbers, 0)[:2] for each in found if each is not None and each.distribution == UBUNTU]
    return f"{max(numbers)[0]}.{max(numbers)[1]:02}" if numbers else ""


def is_released(release: str) -> bool:
    """Whether a master target exists on this release (M15)."""
    return not release or tuple(int(part) for part in release.split(".")) in LINUX_MASTER_TARGETS


def _part(estate: Estate, thing: str) -> Any:
    sections = (estate.configuration_servers, estate.process_servers, estate.master_targets, estate.appliances)
    return next((section[thing] for section in sections if thing in section), None)


def _closed(part: Any) -> tuple[int, ...]:
    found = getattr(part, "closed_ports", ())
    return tuple(sorted(found)) if known(found) and found else ()


def _stopped(part: Any) -> tuple[str, ...]:
    found = getattr(part, "stopped_services", ())
    return tuple(found) if known(found) and found else ()


def _sick(part: Any) -> Iterator[str]:
    yield from (each.name for each in getattr(part, "parts", ()) if each.healthy is False)


def _log_account(estate: Estate, item: str, choices: Choices) -> str:
    """One that the appliance can use."""
    box = appliance(estate, item, choices)
    accounts = box.log_storage_accounts if box else ()
    return next(iter(accounts or ()), "") if known(accounts) else ""


def vcenter_of(estate: Estate, vm: VirtualMachine) -> str:
    """The vCenter of a machine; where nobody knows it, the only one that the servers know. Empty where there are more."""
    if known(vm.vcenter):
        return vm.vcenter or ""
    several = {target.vcenter for target in estate.master_targets.values() if known(target.vcenter)}
    several |= {box.vcenter for box in estate.appliances.values() if known(box.vcenter)}
    for server in estate.configuration_servers.values():
        several |= set(server.vcenters or ()) if known(server.vcenters) else set()
    several -= {None, ""}
    return str(several.pop()) if len(several) == 1 else ""


def _servers(estate: Estate, vm: VirtualMachine, choices: Choices, thing: str) -> Mapping[str, str]:
    """Who sends to the server at fault; who manages a host; the vCenter of an appliance."""
    target, box = master_target(estate, vm.name, choices), appliance(estate, vm.name, choices)
    server = process_server(estate, choices)
    manager = target.vcenter if target is not None and known(target.vcenter) else None
    sends = server.name if server is not None and thing in estate.master_targets else vm.name
    return {
        "host_manager": f"vCenter {manager}" if manager else "",
        "sender": sends,
        "appliance_vcenter": _vcenter_of(box),
        "valid_process_server": _valid(server, estate.process_servers.values()),
        "valid_master_target": _valid(target, (each for each in estate.master_targets.values() if each.os is vm.os)),
        "asked_datastore": choices.datastore or "",
        "account_name": choices.account or "",
    }


def _valid(chosen: Any, others: Iterable[Any]) -> str:
    """The chosen server if the vault knows it, else one that it knows."""
    known_ones = (each.name for each in (*((chosen,) if chosen else ()), *others) if each.registered is not False)
    return next(known_ones, "")


def _vcenter_of(box: Appliance | None) -> str:
    return f"vCenter {box.vcenter}" if box is not None and known(box.vcenter) and box.vcenter else ""
