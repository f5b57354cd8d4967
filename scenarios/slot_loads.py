"""Slot loads: how often each master target or appliance is filled with disks and emptied again (M03, A02)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from failback.reprotect import DISKS_MAX, Chooser, Estate, Operation, through

from .schema import Scenario


@dataclass(frozen=True, slots=True)
class SlotLoad:
    """What comes home through one server: so many disks, so many of them at once."""

    server: str
    machines: int
    disks: int
    slots: int

    @property
    def loads(self) -> int:
        """How often it is filled, at the least."""
        return ceil(self.disks / self.slots) if self.slots > 0 else 0


def slot_loads(scenario: Scenario) -> tuple[SlotLoad, ...]:
    """One row per server that the plan, or the rules where it is silent, sends disks through; idle ones too."""
    return tuple(_load(scenario.estate, server, names) for server, names in _through(scenario).items())


def slot_words(scenario: Scenario) -> str:
    """The same in one sentence, to be said before anything is simulated."""
    used = [load for load in slot_loads(scenario) if load.machines]
    idle = [load.server for load in slot_loads(scenario) if not load.machines]
    machines, disks = sum(load.machines for load in used), sum(load.disks for load in used)
    each = "; ".join(f"{load.server}: {load.disks} disks, {load.slots} at once, {load.loads} loads" for load in used)
    unused = f" Not used by this plan: {', '.join(idle)}." if idle else ""
    most = max((load.loads for load in used), default=0)
    return f"{machines} machines with {disks} disks come home in {most} slot loads ({each}).{unused}"


def _through(scenario: Scenario) -> Mapping[str, list[str]]:
    estate, plan = scenario.estate, scenario.plan
    found: dict[str, list[str]] = {name: [] for name in (*_servers(estate, "classic"), *_servers(estate, "modernised"))}
    chooser = Chooser(estate, plan)
    for name in estate.virtual_machines:
        server = through(chooser.choose(name, Operation.REPROTECT_TO_ON_PREMISES))
        if server:
            found.setdefault(server, []).append(name)
    return found


def _servers(estate: Estate, architecture: str) -> Iterable[str]:
    goes = any(vm.architecture.value == architecture for vm in estate.virtual_machines.values())
    servers: Iterable[str] = estate.master_targets if architecture == "classic" else estate.appliances
    return servers if goes else ()


def _load(estate: Estate, server: str, names: list[str]) -> SlotLoad:
    part = estate.master_targets.get(server) or estate.appliances.get(server)
    disks = sum(len(estate.virtual_machines[name].disks) for name in names)
    return SlotLoad(server, len(names), disks, DISKS_MAX - (part.local_disks if part else 0))
