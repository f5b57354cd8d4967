"""Which machines have disks with one and the same UUID, as clones of a template may."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from .facts import known
from .machine import VirtualMachine


def same_uuids(machines: Iterable[VirtualMachine]) -> Mapping[str, tuple[str, ...]]:
    """For each machine that shares the UUID of a disk with others: those others."""
    owners: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for vm in machines:
        for disk in vm.disks:
            if known(disk.uuid) and disk.uuid:
                owners[disk.uuid][vm.name] = None
    shared: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for names in owners.values():
        for name in names if len(names) > 1 else ():
            shared[name].update(dict.fromkeys(other for other in names if other != name))
    return {name: tuple(others) for name, others in shared.items()}
