"""The site and its replicas as they are now: live facts, the hands that act on vSphere, chance and time."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import fields, replace
from math import inf
from typing import Any, Final, cast

import simpy

from failback.reprotect import (
    Appliance,
    Datastore,
    Estate,
    Host,
    MasterTarget,
    OnPremisesHands,
    VirtualMachine,
    VmFacts,
    evolved,
    known,
    same_uuids,
)

from .chance import Chance
from .data_path import GIB, ChosenRoutes, caches, capacities, carries, line_capacities, room_bytes, room_on
from .durations import Duration
from .link import LINK
from .network import Network, Route
from .parameters import SiteParameters

_RUNS: Final = {MasterTarget: "up", Appliance: "healthy"}
"""What is not so of a server whose machine is off."""


class Site:
    """Everything that is neither vault nor drill. The estate's mappings are live: a change replaces the frozen part."""

    def __init__(
        self,
        env: simpy.Environment,
        estate: Estate,
        hands: OnPremisesHands,
        chance: Chance,
        durations: Mapping[str, Duration],
        parameters: SiteParameters,
        week_s: float = 0.0,
    ) -> None:
        self.env, self.hands, self.chance, self.parameters = env, hands, chance, parameters
        self.returning_through: dict[str, str] = {}
        self.requested_through: dict[str, str] = {}
        self.disks_in_flight, self._slots = Counter[str](), dict[str, int]()
        self.room_promised, self._promised_to = dict[str, float](), dict[str, tuple[str, float]]()
        live = replace(_live(estate), same_uuid=same_uuids(estate.virtual_machines.values()))
        self.estate = evolved(
            live,
            returning_through=self.returning_through,
            requested_through=self.requested_through,
            disks_in_flight=self.disks_in_flight,
            room_promised=self.room_promised,
        )
        self.ways = ChosenRoutes(estate)
        self.network = Network(env, capacities(estate, parameters, week_s))
        for server, size_bytes in caches(estate).items():
            self.network.set_cache(server, size_bytes)
        self._week_s, self._link_share = week_s, 1.0
        self.appearing: set[tuple[str, str]] = set()
        """Rule and object of what was missing when first asked for, and shows by itself after a while."""
        self.hear_full: Callable[[], object] = lambda: None
        for store in estate.datastores.values():
            self._set_room(store)
        self._durations = durations
        self._unmounted = _mounted_nowhere(live)
        self._waiting: list[tuple[Callable[[Estate], bool], simpy.Event]] = []
        self._on_change: list[Callable[[str], None]] = []
        self._memory_gib: dict[str, tuple[str, float]] = {}
        self._turned_off: dict[str, Any] = {}
        self._places: dict[str, MutableMapping[str, Any]] = {}

    def duration_s(self, key: str, *stream: str | int) -> float:
        """A duration of this kind, from its own stream. Raises KeyError for a kind without a number."""
        duration = self._durations[key]
        drawn_s = duration.draw(self.chance.passing(key, *stream))
        return drawn_s * duration.off_by(self.chance.passing("off_by", key)) if duration.median_error else drawn_s

    def change(self, name: str, **facts: Any) -> None:
        """Replace facts of the part of this name and wake whoever waits for them. Raises KeyError where none is."""
        self._replace(name, facts)
        for listener in self._on_change:
            listener(name)
        if self._waiting:
            self._wake()

    def _wake(self) -> None:
        ripe = [event for holds, event in self._waiting if holds(self.estate)]
        self._waiting = [(holds, event) for holds, event in self._waiting if not holds(self.estate)]
        for event in ripe:
            event.succeed()

    def on_change(self, listener: Callable[[str], None]) -> None:
        """Tell somebody the name of each part whose facts change, once they have."""
        self._on_change.append(listener)

    def until(self, holds: Callable[[Estate], bool]) -> simpy.Event:
        """An event that comes once the estate satisfies `holds`; at once when it does already."""
        event = self.env.event()
        if holds(self.estate):
            return event.succeed()
        self._waiting.append((holds, event))
        return event

    def _replace(self, name: str, facts: Mapping[str, Any]) -> None:
        if name == LINK:
            self.estate = evolved(self.estate, link=evolved(self.estate.link, **facts))
            self.set_link(self._link_share)
            return
        mapping = self._mapping_of(name)
        before = mapping[name]
        part = mapping[name] = evolved(before, **facts)
        carried = carries(part, self.parameters)
        if carried is not None and carried != carries(before, self.parameters):
            self.network.set_capacity(name, carried)
        if isinstance(part, Host) and part.connected != before.connected:
            self.refresh(*self._servers_on(name))
        if isinstance(part, Datastore) and part.free_gib != before.free_gib:
            self._set_room(part)

    def _servers_on(self, host: str) -> list[str]:
        estate = self.estate
        servers: tuple[MasterTarget | Appliance, ...] = (*estate.master_targets.values(), *estate.appliances.values())
        return [server.name for server in servers if server.host == host]

    def _set_room(self, store: Datastore) -> None:
        room = room_bytes(store, self.parameters)
        if room < inf:
            self.network.set_budget(room_on(store.name), room, lambda: self._fill(store.name))

    def _fill(self, store: str) -> None:
        self.change(store, free_gib=0.0)
        self.hear_full()

    def promise_room(self, item: str, store: str, gib: float) -> None:
        """The item's new disks are made here, and take their whole size (B14, inferred)."""
        self.release_room(item)
        self._promised_to[item] = store, gib
        self.room_promised[store] = self.room_promised.get(store, 0.0) + gib

    def is_outgrown(self, store: str) -> bool:
        """Whether more is promised here than is free, as far as that is known."""
        part = self.estate.datastores.get(store)
        free_gib = inf if part is None or not known(part.free_gib) else part.free_gib or 0.0
        return self.room_promised.get(store, 0.0) > free_gib

    def release_room(self, item: str) -> None:
        """They are counted in what is free now, or never will be written."""
        store, gib = self._promised_to.pop(item, ("", 0.0))
        if store:
            self.room_promised[store] -= gib

    def note_room(self, item: str, store: str) -> None:
        """Write down what the item's new disks have left of a datastore's room, where it is known."""
        self.release_room(item)
        part = self.estate.datastores.get(store)
        if part is not None and known(part.free_gib):
            left = self.network.budget_left(room_on(store)) * self.parameters.compression_ratio / GIB
            self.change(store, free_gib=left)

    def down_parts(self, route: Route) -> Iterator[str]:
        """The parts of a route that carry nothing now, though no schedule says so."""
        return (name for name in route if self.network.is_dead(name))

    def set_link(self, share: float) -> None:
        """The line to Azure carries this share of its bandwidth from now on, both ways; 0 cuts it."""
        self._link_share = share
        for name, capacity in line_capacities(self.estate.link, share, self._week_s).items():
            self.network.set_capacity(name, capacity)

    def vm(self, name: str) -> VirtualMachine:
        """The machine as it is now."""
        return self.estate.virtual_machines[name]

    def take_slots(self, item: str, disk_host: str, disks: int) -> None:
        """So many disks of the item go home through `disk_host` from now on."""
        self.free_slots(item)
        self.returning_through[item], self._slots[item] = disk_host, disks
        self.requested_through[item] = disk_host
        self.disks_in_flight[disk_host] += disks

    def slots_of(self, item: str) -> int:
        """How many slots it holds."""
        return self._slots.get(item, 0)

    def free_slots(self, item: str) -> None:
        """They do not any more."""
        disk_host = self.returning_through.pop(item, None)
        if disk_host is not None:
            self.disks_in_flight[disk_host] -= self._slots.pop(item)

    def take_memory(self, item: str) -> None:
        """The machine comes home: its memory is kept for it on its host, as far as both are known (8038)."""
        vm = self.vm(item)
        host, gib = self.estate.hosts.get(vm.host), vm.memory_gib
        if host is None or item in self._memory_gib or not known(host.free_memory_gib) or not known(gib):
            return
        self._memory_gib[item] = vm.host, gib or 0.0
        self._free(vm.host, -(gib or 0.0))

    def hold_memory(self, item: str) -> None:
        """The machine is at home already: what its host has free was counted without its memory."""
        vm = self.vm(item)
        if vm.host in self.estate.hosts and known(vm.memory_gib):
            self._memory_gib[item] = vm.host, vm.memory_gib or 0.0

    def free_memory(self, item: str) -> None:
        """It does not come home after all, or is away again."""
        if item in self._memory_gib:
            self._free(*self._memory_gib.pop(item))

    def _free(self, host: str, gib: float) -> None:
        free = self.estate.hosts[host].free_memory_gib
        if known(free):
            self.change(host, free_memory_gib=(free or 0.0) + gib)

    def find_servers_off(self) -> None:
        """What runs on a host that does not respond carries no data, before anybody has looked for it."""
        away = [host for host in self.estate.hosts if not self.responds(host)]
        self.refresh(*(server for host in away for server in self._servers_on(host)))

    def refresh(self, *names: str) -> None:
        """Learn from vSphere what these machines are like now: there, on, with which snapshots."""
        seen = self.hands.look(names)
        for name in names:
            part, facts = self.part(name), seen.get(name)
            if isinstance(part, VirtualMachine):
                self._learn(name, **_seen_of_machine(facts))
            elif type(part) in _RUNS and getattr(part, "physical", False) is not True:
                self._learn_power(name, runs=facts is not None and facts.powered_on and self.responds(part.host))
                if isinstance(part, MasterTarget) and facts is not None:
                    self._learn(name, snapshots=facts.snapshots)

    def responds(self, host: str) -> bool:
        """Whether this host answers, as far as anybody knows."""
        return host not in self.estate.hosts or self.estate.hosts[host].connected is not False

    def _learn_power(self, name: str, *, runs: bool) -> None:
        """A server that is off, gone or on a host that is down is down; on again, it is what it was before."""
        fact = _RUNS[type(self.part(name))]
        if runs and name in self._turned_off:
            self.change(name, **{fact: self._turned_off.pop(name)})
        elif not runs and name not in self._turned_off:
            self._turned_off[name] = getattr(self.part(name), fact)
            self.change(name, **{fact: False})

    def refresh_mounts(self, datastore: str, helper: str) -> None:
        """Learn that somebody has mounted this datastore on the host of a master target or appliance.

        One that no host of the estate mounts tells nothing: whoever builds the site has to mount it somewhere. A host
        of which nobody knows what it mounts stays one: no rule asks it.
        """
        host = self.estate.hosts.get(getattr(self.part(helper), "host", ""))
        if host is None or not known(host.datastores) or datastore in (*host.mounted, *self._unmounted):
            return
        if datastore in self.hands.datastores_of(host.name):
            self.change(host.name, datastores=(*host.mounted, datastore))

    def part(self, name: str) -> Any:
        """The part of this name as it is now, None where none is."""
        try:
            return self.estate.link if name == LINK else self._mapping_of(name)[name]
        except KeyError:
            return None

    def _learn(self, name: str, **facts: Any) -> None:
        part = self._mapping_of(name)[name]
        if any(getattr(part, key) != value for key, value in facts.items()):
            self.change(name, **facts)

    def _mapping_of(self, name: str) -> MutableMapping[str, Any]:
        found = self._places.get(name)
        if found is None or name not in found:
            found = self._places[name] = _place_of(self.estate, name)
        return found


def _seen_of_machine(facts: VmFacts | None) -> dict[str, Any]:
    if facts is None:
        return {"exists_on_premises": False, "powered_on": False, "snapshots": ()}
    return {"exists_on_premises": True, "powered_on": facts.powered_on, "snapshots": facts.snapshots}


def _mounted_nowhere(estate: Estate) -> frozenset[str]:
    """Datastores of machines that no host of the estate mounts."""
    mounted = {store for host in estate.hosts.values() for store in host.mounted}
    return frozenset(store for vm in estate.virtual_machines.values() for store in vm.datastores) - mounted


def _place_of(estate: Estate, name: str) -> MutableMapping[str, Any]:
    """The mapping of the estate that has this name."""
    for part in fields(estate):
        mapping = getattr(estate, part.name)
        if isinstance(mapping, dict) and name in mapping:
            return cast(MutableMapping[str, Any], mapping)
    raise KeyError(name)


def _live(estate: Estate) -> Estate:
    copies: dict[str, Any] = {
        f.name: dict(getattr(estate, f.name)) for f in fields(estate) if isinstance(getattr(estate, f.name), Mapping)
    }
    return evolved(estate, **copies)
