"""Where each machine comes home to, as a person has to know it before the reprotect is asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from failback.reprotect import (
    Architecture,
    Choices,
    Estate,
    Operation,
    RequestDefaults,
    VirtualMachine,
    configuration_server,
    known,
    through,
)
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Location, location_of

_UNTOLD: Final = "unknown"
_RULES: Final = {
    Architecture.CLASSIC: "T02, T04, T09, T10, R12, R24",
    Architecture.MODERNISED: "T04, T09, T10, A03, A18",
}
"""What must hold of the place where a machine is made anew."""


def home_places(scenario: Scenario) -> Mapping[str, str]:
    """For each machine: its own place, or which new machine is made where; unknown where nobody told."""
    defaults = RequestDefaults(scenario.estate, scenario.plan)
    machines = scenario.estate.virtual_machines
    chosen = {name: defaults.choose(name, Operation.REPROTECT_TO_ON_PREMISES) for name in machines}
    return {name: home_words(scenario.estate, vm, chosen[name]) for name, vm in machines.items()}


@dataclass(frozen=True, slots=True)
class Homes:
    """Where the machines of a leg come home to: the place of most of them, and each other place with its machines."""

    usual: str = ""
    usually: tuple[str, ...] = ()
    """The machines that come home there."""
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()


def homes_of(placed: Iterable[tuple[str, str]]) -> Homes:
    """Of machines with their places; a blank place is none."""
    machines: dict[str, list[str]] = {}
    for name, home in placed:
        if home:
            machines.setdefault(home, []).append(name)
    usual = max(machines, key=lambda home: len(machines[home]), default="")
    others = tuple((home, tuple(names)) for home, names in machines.items() if home != usual)
    return Homes(usual, tuple(machines.get(usual, ())), others)


def home_words(estate: Estate, vm: VirtualMachine, choices: Choices) -> str:
    """One machine."""
    location, why = location_of(vm)
    match location:
        case Location.ORIGINAL:
            return "its original location"
        case Location.UNKNOWN:
            return f"not known: {why}"
        case Location.ALTERNATE:
            return f"an alternate location: {_new_place(estate, vm, choices)} (rules {_RULES[vm.architecture]})"


def _new_place(estate: Estate, vm: VirtualMachine, choices: Choices) -> str:
    """A new machine, with all of its data, where master target or appliance can make it (T04, T09, R12, A03, A18)."""
    server = estate.master_targets.get(choices.master_target or "") or estate.appliances.get(choices.appliance or "")
    host = f"{server.host} (inferred)" if server is not None and server.host else _UNTOLD
    size_gib = sum(disk.size_gib for disk in vm.disks if disk.excluded is not True)
    vcenter = _vcenter(estate, vm, choices)
    return (
        f"a new machine on datastore {choices.datastore or _UNTOLD}, host {host}, vCenter {vcenter}, "
        f"through {through(choices) or _UNTOLD}; all of its {size_gib:,.0f} GiB is sent"
    )


def _vcenter(estate: Estate, vm: VirtualMachine, choices: Choices) -> str:
    """The one of the datastore, or of the server that makes the disks there."""
    store = estate.datastores.get(choices.datastore or "")
    server = estate.master_targets.get(choices.master_target or "") or estate.appliances.get(choices.appliance or "")
    for part in (store, server):
        if part is not None and known(part.vcenter) and part.vcenter:
            return part.vcenter
    keeper = configuration_server(estate, vm.name)
    listed = keeper.vcenters if keeper is not None else None
    return listed[0] if known(listed) and listed is not None and len(listed) == 1 else _UNTOLD
