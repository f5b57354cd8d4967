"""The hardware of an estate's machines, as a vcsim is told to make it; what the estate leaves open, it chooses.

UUIDs of disks are not among it: a vcsim makes them from the path of the VMDK and takes no other.
"""

from typing import Any, Final, TypeVar

from failback.reprotect import Appliance, Fact, MasterTarget, Unknown, VirtualMachine

from .vsphere_changes import MEMORY_MIB, Hardware
from .vsphere_devices import CONTROLLERS_MAX, LSI

T = TypeVar("T")
MADE: Final = frozenset(
    {
        ("virtual_machines", "bios_uuid"),
        ("virtual_machines", "disk_enable_uuid"),
        ("virtual_machines", "firmware"),
        ("virtual_machines", "instance_uuid"),
        ("virtual_machines", "memory_gib"),
        ("master_targets", "bios_uuid"),
        ("master_targets", "cores"),
        ("master_targets", "disk_enable_uuid"),
        ("master_targets", "memory_gib"),
        ("master_targets", "scsi_controllers"),
        ("appliances", "cores"),
        ("appliances", "memory_gib"),
    }
)
"""Section and fact: what a vcsim is given where the estate says it, and makes up where it does not."""
ROOMY: Final = (LSI,) * CONTROLLERS_MAX
"""Controllers of a master target or appliance of which nothing else is said."""


def hardware_of_machine(vm: VirtualMachine) -> Hardware:
    """That of a protected machine."""
    return Hardware(
        memory_mib=_mib(vm.memory_gib),
        firmware=_known_or_none(vm.firmware),
        bios_uuid=_known_or_none(vm.bios_uuid),
        instance_uuid=_known_or_none(vm.instance_uuid),
        disk_enable_uuid=_known_or_none(vm.disk_enable_uuid),
    )


def hardware_of_target(target: MasterTarget) -> Hardware:
    """That of a master target."""
    return Hardware(
        controllers=_known_or_none(target.scsi_controllers) or ROOMY,
        memory_mib=_mib(target.memory_gib),
        cores=_known_or_none(target.cores) or 1,
        bios_uuid=_known_or_none(target.bios_uuid),
        disk_enable_uuid=_known_or_none(target.disk_enable_uuid),
    )


def hardware_of_appliance(box: Appliance) -> Hardware:
    """That of a replication appliance."""
    return Hardware(ROOMY, memory_mib=_mib(box.memory_gib), cores=_known_or_none(box.cores) or 1)


def _known_or_none(fact: Fact[T]) -> T | None:
    return None if isinstance(fact, Unknown) else fact


def _mib(memory_gib: Fact[Any]) -> int:
    gib = _known_or_none(memory_gib)
    return MEMORY_MIB if gib is None else round(gib * 1024)
