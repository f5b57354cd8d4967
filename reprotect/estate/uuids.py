"""Which machines have one UUID: of a disk, or of the machine itself, as clones of a template may.

One source writes a UUID in capitals, another does not: that makes no two of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .facts import known
from .machine import VirtualMachine


def same_uuids(machines: Iterable[VirtualMachine]) -> Mapping[str, tuple[str, ...]]:
    """For each machine that shares the UUID of a disk with others: those others."""
    owners: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for vm in machines:
        for disk in vm.disks:
            if known(disk.uuid) and disk.uuid:
                owners[disk.uuid.casefold()][vm.name] = None
    return _others(owners.values())


def same_bios_uuids(machines: Iterable[VirtualMachine], returning: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """For each machine that shares its own UUID with others in its vCenter: those that return, or may be on site."""
    owners: defaultdict[Any, dict[str, None]] = defaultdict(dict)
    for vm in machines:
        if known(vm.bios_uuid) and vm.bios_uuid and (vm.name in returning or vm.exists_on_premises is not False):
            owners[vm.bios_uuid.casefold(), vm.vcenter][vm.name] = None
    return _others(owners.values())


def _others(groups: Iterable[Mapping[str, None]]) -> Mapping[str, tuple[str, ...]]:
    shared: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for names in groups:
        for name in names if len(names) > 1 else ():
            shared[name].update(dict.fromkeys(other for other in names if other != name))
    return {name: tuple(others) for name, others in shared.items()}
