"""Virtual machines and network interfaces in Azure, as Resource Manager lists them: what they say of replicas."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from failback.adapters.estate_translation import azure_machine_id, machine_facts, missing_machine_facts
from failback.adapters.translation import Json, last_segment, part, parts, text
from failback.reprotect import Phase, Replica, phase_row

from .records import Facts


@dataclass(slots=True)
class AzureMachines:
    """What was exported of them, by id; `used` are the ids of those that a protected item names."""

    machines: Mapping[str, Json]
    interfaces: Mapping[str, list[Json]]
    """By the id of the machine that has them."""
    absent: frozenset[str] = frozenset()
    """Ids that Azure answered it has not."""
    used: set[str] = field(default_factory=set)

    def facts(self, item: Json, phase: Phase | None) -> Facts:
        """What is known of the replica of an item. One that no file lists is not taken for deleted."""
        arm_id = (azure_machine_id(item) or "").casefold()
        if not arm_id:
            return {}
        self.used.add(arm_id)
        return dict(self._state(arm_id, phase)) | dict(self._network(arm_id))

    def _state(self, arm_id: str, phase: Phase | None) -> Facts:
        if (machine := self.machines.get(arm_id)) is not None:
            return machine_facts(machine) | _MADE
        name = last_segment(arm_id)
        elsewhere = {other: one for other, one in self.machines.items() if last_segment(other) == name}
        there = phase is not None and phase_row(phase).replica is Replica.PRESENT
        if not there or not (elsewhere or arm_id in self.absent):
            return {}
        self.used |= elsewhere.keys()
        found = missing_machine_facts(arm_id, tuple(elsewhere.values()))
        return {fact: value for fact, value in found.items() if fact != "running" or not elsewhere}

    def _network(self, arm_id: str) -> Iterator[tuple[str, Any]]:
        configs = [one for nic in self.interfaces.get(arm_id, ()) for one in _configs(nic)]
        if addresses := tuple(filter(None, (text(config.get("privateIPAddress")) for config in configs))):
            yield "addresses", addresses
        if network := next(filter(None, map(_network_of, configs)), ""):
            yield "network", network

    def unused(self) -> tuple[int, int]:
        """How many machines and interfaces belong to no protected item."""
        strangers = sum(arm_id not in self.used for arm_id in self.machines)
        return strangers, sum(len(nics) for arm_id, nics in self.interfaces.items() if arm_id not in self.used)


def azure_machines(
    machines: Iterable[Json], interfaces: Iterable[Json], absent: frozenset[str] = frozenset()
) -> AzureMachines:
    """What these resources say; `absent` are the ids of machines that Azure answered it has not."""
    of_machine: dict[str, list[Json]] = {}
    for nic in sorted(interfaces, key=lambda nic: not _properties(nic).get("primary")):
        owner = text(part(_properties(nic), "virtualMachine").get("id")).casefold()
        of_machine.setdefault(owner, []).append(nic)
    by_id = {text(row.get("id")).casefold(): _whole(row) for row in machines}
    return AzureMachines(by_id, of_machine, frozenset(map(str.casefold, absent)))


_MADE: Final[Facts] = {"created_by_hand": False}
"""Of a machine where its item says: the item names the one that its failover made [inferred]."""


def _properties(row: Json) -> Json:
    """Its properties; the Azure CLI writes them beside the name."""
    return part(row, "properties") or row


def _whole(machine: Json) -> Json:
    """The machine as a single read shows it; Resource Graph and `az vm list -d` say in other places whether it runs."""
    own = _properties(machine)
    graph = text(part(part(part(own, "extended"), "instanceView"), "powerState").get("code"))
    code = graph or text(own.get("powerState")).replace("VM ", "PowerState/")
    view = part(own, "instanceView") or ({"statuses": [{"code": code}]} if code else {})
    return {"id": machine.get("id"), "properties": {"instanceView": view}}


def _configs(nic: Json) -> Iterator[Json]:
    """Its addresses, the primary one first."""
    found = map(_properties, parts(_properties(nic), "ipConfigurations"))
    return iter(sorted(found, key=lambda config: not config.get("primary")))


def _network_of(config: Json) -> str:
    """The virtual network of a subnet's id."""
    steps = pairwise(text(part(config, "subnet").get("id")).split("/"))
    return next((name for kind, name in steps if kind.casefold() == "virtualnetworks"), "")
