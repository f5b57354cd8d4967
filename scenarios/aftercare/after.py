"""The machines after their return: from an estate file, from exports, or read live as an import reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from failback.adapters.importing.records import AzureResource, Origin, Reading, VaultItem
from failback.reprotect import Estate, VirtualMachine, items_in_the_vault, matched, outside_of
from failback.scenarios.estates.command import ImportRequest, estate_data, read
from failback.scenarios.estates.join import Joined, joined
from failback.scenarios.estates.remarks import shown
from failback.scenarios.files.loader import estate_of_data, load_estate
from failback.scenarios.gc_tuning import gc_tuning
from failback.scenarios.text.plain_words import date_words


@dataclass(frozen=True, slots=True)
class MachineAfter:
    """One machine. What no estate has: its newest recovery point, its last move, its machine in Azure."""

    vm: VirtualMachine
    last_point: datetime | None = None
    last_failover: datetime | None = None
    azure_id: str = ""
    read_alone: bool = False
    """Whether its item was read by itself: a list leaves the recovery point blank."""


@dataclass(frozen=True, slots=True)
class After:
    """All that was read. `resources` are those in Azure, `listed` the kinds of which there is a list."""

    machines: Mapping[str, MachineAfter]
    read_from: tuple[str, ...]
    resources: tuple[AzureResource, ...] = ()
    listed: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    left_out: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Machines of which something is said that a person should look at, by what is said: the name, and the name with
    what is said behind it."""

    def of_all(self, before: Estate) -> Mapping[str, MachineAfter]:
        """The machines from before that are there, by their names then, whatever the case of its letters.

        One that has another name now, since an import gives equal names something of their own, is found by its ids.
        """
        same = {name: found for name in before.virtual_machines if (found := self.machines.get(name.casefold()))}
        wanted = {name: identity for name, identity in items_in_the_vault(before).items() if name not in same}
        taken = {found.vm.name for found in same.values()}
        rest = {key: now.vm for key, now in self.machines.items() if now.vm.name not in taken}
        match = matched(wanted, (outside_of(key, vm) for key, vm in rest.items()))
        return same | {name: self.machines[key] for name, key in match.one.items()}


def from_estate(path: Path) -> After:
    """What a later import says. Raises `BadInput`."""
    machines = load_estate(path).virtual_machines
    return After({name.casefold(): MachineAfter(vm) for name, vm in machines.items()}, (str(path),))


def from_import(request: ImportRequest) -> After:
    """What exports or live endpoints say. Raises `BadInput`, `Unreachable`, `VsphereRefused`."""
    with gc_tuning():
        reading = read(request)
        done = joined(reading, request.architecture)
        estate = estate_of_data(estate_data(request, reading, done), "what was read")
    items = _items(done)
    machines = {name.casefold(): _machine(vm, items.get(name)) for name, vm in estate.virtual_machines.items()}
    return After(
        machines,
        tuple(map(_origin, reading.origins)),
        tuple(reading.in_azure),
        frozenset(reading.listed),
        tuple(_notes(reading)),
        {what.words: {part[0]: shown(part) for part in parts} for what, parts in done.remarks.items()},
    )


def _items(done: Joined) -> dict[str, VaultItem]:
    """The protected items by the names of their machines in the estate."""
    pairs = zip(done.names, done.machines, strict=True)
    return {name: machine.pair.item for name, machine in pairs if machine.pair.item is not None}


def _machine(vm: VirtualMachine, item: VaultItem | None) -> MachineAfter:
    if item is None:
        return MachineAfter(vm)
    return MachineAfter(vm, item.last_point, item.last_failover, item.azure_id, item.full)


def _origin(origin: Origin) -> str:
    return origin.file if origin.dated is None else f"{origin.file}, {date_words(origin.dated)}"


def _notes(reading: Reading) -> Iterable[str]:
    return dict.fromkeys(reading.notes)
