"""What the provider-specific details of an item are made of, read from the vault and the site at one instant."""

from dataclasses import dataclass
from typing import Final

from failback.reprotect import Disk, OsFamily, Phase, Replica, VirtualMachine, known, phase_row
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.resource_store import ItemSettings
from failback.simulator.arm.wire.facts import shown_fact
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import Json
from failback.simulator.arm.wire.wire import resting_phase

from .servers import GIB, heartbeat

_RPO_S: Final = 120
"""A recovery point objective while replication is well (ours; 242 was seen)."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One item, for one answer. `full` is false in lists, which leave much of it out (recorded)."""

    request: ParsedRequest
    item: ProtectedItem
    vm: VirtualMachine
    fabric: FabricName
    phase: Phase
    percent: int | None
    full: bool

    @property
    def settings(self) -> ItemSettings:
        """What clients set of it."""
        return self.request.context.resources.of_item(self.item.name)

    @property
    def azure_name(self) -> str:
        """The name of its machine in Azure."""
        return azure_name(self.request, self.item)

    @property
    def azure_group(self) -> str:
        """The id of the resource group of that machine: the one that was chosen for it, else the vault's."""
        return chosen_group(self.request, self.item) or self.request.ids.group

    @property
    def azure_machine_id(self) -> str:
        """The id of that machine."""
        return f"{self.azure_group}/providers/Microsoft.Compute/virtualMachines/{self.azure_name}"

    @property
    def machine_id(self) -> str:
        """The vmId of a classic item: that of the machine on the side where it runs."""
        return self.request.names.guid("machine", self.vm.name, "azure" if self.in_azure else "site")

    @property
    def heartbeat(self) -> str | None:
        """lastHeartbeat: the agent's; until it has registered the last before the failover (inferred).

        So at every boot: nothing else on the wire says that an agent is not registered.
        """
        failed_over_s = self.item.failed_over_s
        if failed_over_s is None or self.vm.agent_registered is not False:
            return heartbeat(self.request, self.item.name)
        return self.request.when(self.request.vault.record.heartbeats.before_s(self.item.name, failed_over_s))

    @property
    def address(self) -> str:
        """The machine's IP address on the side where it runs."""
        return self.azure_address if self.in_azure else self.site_address

    @property
    def azure_address(self) -> str:
        """Its IP address in Azure: what was set for its NIC, else what the estate knows, else one of ours."""
        known = next(iter(self.vm.azure.addresses), None)
        return static_address(self.settings) or known or self._own_address(2)

    @property
    def site_address(self) -> str:
        """Its IP address on site."""
        known = self.request.context.resources.addresses.get(self.item.name)
        on_site = (address for adapter in self.vm.adapters for address in adapter.addresses)
        return known or next(on_site, None) or self._own_address(3)

    def _own_address(self, net: int) -> str:
        number = self.request.names.number(self.item.name)
        return f"10.{net}.{number // 250}.{number % 250 + 4}"

    @property
    def in_azure(self) -> bool:
        """Whether the machine runs in Azure."""
        return shown_fact(self.vm.azure.running) is True

    @property
    def has_replica(self) -> bool:
        """Whether the vault names an Azure machine: it goes on doing so when somebody stops or deletes that."""
        return self.in_azure or phase_row(self.phase).replica is Replica.PRESENT

    @property
    def resyncing(self) -> bool:
        """Whether the resync after a reprotect goes on."""
        return phase_row(self.phase).resyncs

    @property
    def rpo_s(self) -> int | None:
        """The recovery point objective, where there is one."""
        return _RPO_S if phase_row(self.phase).replicates and not self.item.health_errors else None

    @property
    def os_type(self) -> str:
        """Windows or Linux."""
        return "Windows" if self.vm.os is OsFamily.WINDOWS else "Linux"

    @property
    def group_id(self) -> str | None:
        """The replication group's id."""
        group = self.vm.replication_group
        return self.request.names.guid("group", group) if group else None

    @property
    def last_point(self) -> str | None:
        """The date of the newest recovery point."""
        points = self.item.recovery_points
        return self.request.when(points[-1]) if points else None

    def numbered_disks(self) -> list[tuple[int, Disk]]:
        """The protected disks in a single read; none in a list."""
        return [pair for pair in self.all_disks() if pair[0] not in self.item.left_out]

    def left_out_disks(self) -> list[tuple[int, Disk]]:
        """The disks that are not protected in a single read; none in a list."""
        return [pair for pair in self.all_disks() if pair[0] in self.item.left_out]

    def all_disks(self) -> list[tuple[int, Disk]]:
        """All disks of the machine in a single read; none in a list."""
        return list(enumerate(self.vm.disks)) if self.full else []

    def disk_percent(self, number: int) -> int | None:
        """How far the copying of one disk is; None when nothing is copied."""
        own = self.item.first_syncs.get(number)
        return self.percent if own is None else own()

    def disk_id(self, number: int) -> str:
        """A disk's GUID, bare."""
        return self.request.names.guid("disk", self.vm.name, number)

    def processed_bytes(self) -> int:
        """What the resync has compared, all disks together; everything once it is through (B03)."""
        return sum(self.progress(number).processed_bytes for number in self._protected())

    def transferred_bytes(self) -> int:
        """What of it differed and was sent."""
        return sum(self.progress(number).transferred_bytes for number in self._protected())

    def _protected(self) -> list[int]:
        return [number for number in range(len(self.vm.disks)) if number not in self.item.left_out]

    def progress(self, number: int) -> "DiskProgress":
        """How far the resync of one disk is; before the first resync a disk counts as carried over whole."""
        copied, size_gib = self.item.replication, self.vm.disks[number].size_gib
        if copied is None or number in self.item.first_syncs or number not in copied.disks:
            percent = 0 if self.item.enabling else self.disk_percent(number)
            size_bytes = round(size_gib * GIB * (100 if percent is None else percent) / 100)
            return DiskProgress(size_bytes, size_bytes, None)
        disk = copied.disks[number]
        sizes = round(copied.scanned_bytes(disk)), round(copied.transferred_bytes(disk))
        return DiskProgress(*sizes, self.request.when(copied.began_s))

    def size_bytes(self) -> int:
        """All disks together."""
        disks = enumerate(self.vm.disks)
        return round(sum(disk.size_gib for number, disk in disks if number not in self.item.left_out) * GIB)


@dataclass(frozen=True, slots=True)
class DiskProgress:
    """A disk's resync: bytes compared (the vendor's *processed*), bytes sent, and the date of its start, if any."""

    processed_bytes: int
    transferred_bytes: int
    began: str | None


def facts_of(request: ParsedRequest, item: ProtectedItem, *, full: bool) -> ItemFacts:
    """The facts of one item now."""
    fabric = request.names.fabric_of(item.name, item.architecture)
    percent = item.resync_percent() if full and item.resync_percent else None
    return ItemFacts(request, item, request.world.site.vm(item.name), fabric, resting_phase(item), percent, full)


def vcenter_id(facts: ItemFacts) -> str:
    """The id of the machine's own vCenter among those of its fabric; of the first where it is none of them."""
    server = facts.request.world.site.estate.configuration_servers.get(facts.fabric.server)
    named = server.vcenters if server is not None and known(server.vcenters) else None
    there, own = named or (), facts.vm.vcenter
    return facts.request.ids.vcenter(facts.fabric, there.index(own) if known(own) and own in there else 0)


def static_address(settings: ItemSettings) -> str | None:
    """The address in Azure that a client set for the machine's NIC."""
    configs = settings.nic.get("ipConfigs", ())
    found = next((config.get("recoveryStaticIPAddress") for config in configs), settings.nic.get("targetIPAddress"))
    return None if found is None else str(found)


def azure_name(request: ParsedRequest, item: ProtectedItem) -> str:
    """The name of an item's machine in Azure."""
    kept = request.context.resources.of_items.get(item.name)
    details = kept.details if kept else {}
    return str(details.get("recoveryAzureVMName") or details.get("targetVmName") or item.name)


def chosen_group(request: ParsedRequest, item: ProtectedItem) -> str | None:
    """The id of the resource group that a client chose for an item's machine in Azure; None where nobody did."""
    kept = request.context.resources.of_items.get(item.name)
    details = kept.details if kept else {}
    return details.get("recoveryAzureResourceGroupId") or details.get("targetResourceGroupId")


def disk_name(number: int, disk: Disk) -> str:
    """A disk's name; Disk0, Disk1 ... where it has none."""
    return disk.name or f"Disk{number}"


def yes_no(value: bool) -> Json:
    """Recorded: many booleans are strings."""
    return "True" if value else "False"
