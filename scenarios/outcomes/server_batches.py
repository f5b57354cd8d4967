"""Batches: how many times the disk slots of each master target or appliance are filled and freed again (M03, A02)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from operator import attrgetter
from typing import Final

from failback.reprotect import (
    DISKS_MAX,
    LEGS,
    Architecture,
    Estate,
    Operation,
    RequestDefaults,
    asked_before,
    own_disks,
    phase_row,
    slots_of,
    through,
)
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.language import joined, message, said

_HOMEWARD: Final = Operation.REPROTECT_TO_ON_PREMISES


@dataclass(frozen=True, slots=True)
class ServerBatches:
    """What comes home through one server: so many disks, so many of them at once."""

    server: str
    machines: int
    disks: int
    slots: int

    @property
    def batches(self) -> int:
        """How often it is filled, at the least."""
        return ceil(self.disks / self.slots) if self.slots > 0 else 0


def server_batches(scenario: Scenario) -> tuple[ServerBatches, ...]:
    """One row per server that the plan, or the rules where it is silent, sends disks through; idle ones too.

    Who is home already is not counted.
    """
    return tuple(_load(scenario.estate, server, names) for server, names in machines_through(scenario).items())


def slot_words(scenario: Scenario) -> str:
    """The same in one sentence, to be said before anything is simulated."""
    used = [row for row in server_batches(scenario) if row.machines]
    idle = [row.server for row in server_batches(scenario) if not row.machines]
    machines, disks = sum(row.machines for row in used), sum(row.disks for row in used)
    unused = said(" Not used by this plan: {servers}.", servers=", ".join(idle)) if idle else ""
    if not used:
        return said("In this plan, no machine comes home through a server.{unused}", unused=unused)
    most = max((row.batches for row in used), default=0)
    one, more = (
        message("{machines} with {disks} comes home in {batches} ({each}).{unused}"),
        message("{machines} with {disks} come home in {batches} ({each}).{unused}"),
    )
    return said(
        one if machines == 1 else more,
        machines=said("{n} machine" if machines == 1 else "{n} machines", n=str(machines)),
        disks=_disks(disks),
        batches=_batches(most),
        each=joined(map(_batch_words, used), "; "),
        unused=unused,
    )


def _batch_words(row: ServerBatches) -> str:
    return said(
        "{server}: {disks}, up to {slots} at once, {batches}",
        server=row.server,
        disks=_disks(row.disks),
        slots=str(row.slots),
        batches=_batches(row.batches),
    )


def _disks(count: int) -> str:
    return said("{n} disk" if count == 1 else "{n} disks", n=str(count))


def _batches(count: int) -> str:
    return said("{n} batch" if count == 1 else "{n} batches", n=str(count))


def machines_through(scenario: Scenario) -> Mapping[str, list[str]]:
    """By server, the machines that come home through it; idle servers too."""
    estate, plan = scenario.estate, scenario.plan
    found: dict[str, list[str]] = {name: [] for name in servers_in_use(estate)}
    defaults, before = RequestDefaults(estate, plan), asked_before(estate, plan)
    for name, vm in estate.virtual_machines.items():
        asked = before.get(name, {}).get(_HOMEWARD) or defaults.choose(name, _HOMEWARD)
        server = through(asked)
        if server and phase_row(vm.at).legs_behind <= LEGS.index(Operation.COMMIT_FAILBACK):
            found.setdefault(server, []).append(name)
    return found


def servers_in_use(estate: Estate) -> Iterator[str]:
    """The servers of the estate that take disks, of the architectures that its machines have."""
    used = {vm.architecture for vm in estate.virtual_machines.values()}
    return (name for architecture, named in _TAKE_DISKS.items() if architecture in used for name in named(estate))


_TAKE_DISKS: Final[Mapping[Architecture, Callable[[Estate], Iterable[str]]]] = {
    Architecture.CLASSIC: attrgetter("master_targets"),
    Architecture.MODERNISED: attrgetter("appliances"),
}
"""The servers of an estate that take the disks of machines on their way home."""


def _load(estate: Estate, server: str, names: list[str]) -> ServerBatches:
    part = estate.master_targets.get(server) or estate.appliances.get(server)
    disks = sum(slots_of(estate.virtual_machines[name]) for name in names)
    return ServerBatches(server, len(names), disks, DISKS_MAX - (own_disks(estate, part) if part else 0))
