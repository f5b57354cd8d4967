"""Machines that a pilot leaves alone until somebody has looked: what is known of them contradicts itself."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Estate, Side, VirtualMachine, known, phase_row
from failback.scenarios.files.schema import DoubtBecause, Scenario
from failback.scenarios.run.shared_uuids import shared_by_file
from failback.scenarios.text.name_lists import listed

_ONE_BIOS_UUID: Final = "the same BIOS UUID (key `bios_uuid`), so Site Recovery may take one for the other (inferred)"
_ONE_INSTANCE_UUID: Final = "one instance UUID (key `instance_uuid`), so one may be taken for the other (inferred)"
_RUNS_TWICE: Final = (
    "powered on on site (key `powered_on`) while it runs in Azure: agree with the owner which copy counts (R32, R33)"
)
_CLEARED: Final = "; if it is the right machine, delete it in the estate file under `sources: machines_in_doubt`"
_WORDS: Final[Mapping[DoubtBecause, str]] = {
    DoubtBecause.DIFFERS: "the vault and vCenter contradict each other, so it may be another machine of its name; see "
    "`mismatches` in the estate file",
    DoubtBecause.NOT_IN_VCENTER: "protected, but in no vCenter that was read",
    DoubtBecause.SEVERAL_IN_VCENTER: "several machines in vCenter have this name",
    DoubtBecause.SEVERAL_IN_VAULT: "several items in the vault have this name",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Machines, and what is open about them."""

    machines: tuple[str, ...]
    why: str


def doubts(scenario: Scenario) -> Iterator[Doubt]:
    """By the facts of the estate, then by what the import noted; a machine may have several."""
    estate = scenario.estate
    bios = shared_by_file(estate, (*estate.virtual_machines, *estate.master_targets))
    yield from (Doubt(own, _with(group, own, _ONE_BIOS_UUID)) for group in bios if (own := _own(estate, group)))
    yield from (Doubt(group, _ONE_INSTANCE_UUID) for group in _one_instance_uuid(estate) if group not in bios)
    if twice := tuple(vm.name for vm in estate.virtual_machines.values() if _runs_twice(vm)):
        yield Doubt(twice, _RUNS_TWICE)
    for one in scenario.in_doubt:
        if names := _own(estate, one.machines):
            yield Doubt(names, f"{_WORDS[one.why]}{_CLEARED}")


def _own(estate: Estate, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in estate.virtual_machines)


def _with(group: tuple[str, ...], own: tuple[str, ...], words: str) -> str:
    """The servers too that share it."""
    others = [name for name in group if name not in own]
    return f"{words}; also {listed(others)}" if others else words


def _one_instance_uuid(estate: Estate) -> Iterator[tuple[str, ...]]:
    owners: defaultdict[object, list[str]] = defaultdict(list)
    for vm in estate.virtual_machines.values():
        if known(vm.instance_uuid) and vm.instance_uuid:
            owners[vm.instance_uuid.casefold(), vm.vcenter].append(vm.name)
    return (tuple(sorted(names)) for names in owners.values() if len(names) > 1)


def _runs_twice(vm: VirtualMachine) -> bool:
    return known(vm.powered_on) and vm.powered_on and phase_row(vm.at).runs is Side.AZURE
