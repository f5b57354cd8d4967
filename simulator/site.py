"""The site and its replicas as they are now: live facts, the hands that act on vSphere, chance and time."""

from collections import Counter
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import fields, replace
from typing import Any, cast

import simpy

from failback.reprotect import Estate, OnPremisesHands, VirtualMachine

from .chance import Chance
from .durations import Duration
from .network import Network
from .parameters import SiteParameters
from .topology import LINK

_MBIT_BYTES = 125_000.0


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
    ) -> None:
        self.env, self.hands, self.chance, self.parameters = env, hands, chance, parameters
        self.returning_through: dict[str, str] = {}
        self.disks_in_flight: Counter[str] = Counter()
        live = _live(estate)
        self.estate = replace(live, returning_through=self.returning_through, disks_in_flight=self.disks_in_flight)
        self.network = Network(env, {LINK: estate.link.bandwidth_mbit_per_s * _MBIT_BYTES})
        self._durations = durations
        self._unmounted = _mounted_nowhere(live)
        self._waiting: list[tuple[Callable[[Estate], bool], simpy.Event]] = []

    def duration_s(self, key: str, *stream: str | int) -> float:
        """A duration of this kind, from its own stream. Raises KeyError for a kind without a number."""
        duration = self._durations[key]
        drawn_s = duration.draw(self.chance.stream(key, *stream))
        return drawn_s * duration.off_by(self.chance.stream("off_by", key)) if duration.median_error else drawn_s

    def change(self, name: str, **facts: Any) -> None:
        """Replace facts of the part of this name and wake whoever waits for them. Raises KeyError where none is."""
        mapping = self._mapping_of(name)
        mapping[name] = replace(mapping[name], **facts)
        ripe = [event for holds, event in self._waiting if holds(self.estate)]
        self._waiting = [(holds, event) for holds, event in self._waiting if not holds(self.estate)]
        for event in ripe:
            event.succeed()

    def until(self, holds: Callable[[Estate], bool]) -> simpy.Event:
        """An event that comes once the estate satisfies `holds`; at once when it does already."""
        event = self.env.event()
        if holds(self.estate):
            return event.succeed()
        self._waiting.append((holds, event))
        return event

    def set_link(self, share: float) -> None:
        """The link to Azure carries this share of its bandwidth from now on; 0 cuts it."""
        self.network.set_capacity(LINK, self.estate.link.bandwidth_mbit_per_s * _MBIT_BYTES * share)

    def vm(self, name: str) -> VirtualMachine:
        """The machine as it is now."""
        return self.estate.virtual_machines[name]

    def take_slots(self, item: str, lender: str) -> None:
        """The item's disks go home through `lender` from now on."""
        self.free_slots(item)
        self.returning_through[item] = lender
        self.disks_in_flight[lender] += len(self.vm(item).disks)

    def free_slots(self, item: str) -> None:
        """They do not any more."""
        lender = self.returning_through.pop(item, None)
        if lender is not None:
            self.disks_in_flight[lender] -= len(self.vm(item).disks)

    def refresh(self, *names: str) -> None:
        """Learn from vSphere what these machines are like now: there, on, with which snapshots."""
        seen = self.hands.look(names)
        for name in names:
            facts = seen.get(name)
            if name in self.estate.master_targets and facts is not None:
                self._learn(name, snapshots=facts.snapshots)
            elif name in self.estate.virtual_machines:
                gone = {"exists_on_premises": False, "powered_on": False, "snapshots": ()}
                there = facts and {
                    "exists_on_premises": True,
                    "powered_on": facts.powered_on,
                    "snapshots": facts.snapshots,
                }
                self._learn(name, **(there or gone))

    def refresh_mounts(self, datastore: str, helper: str) -> None:
        """Learn that somebody has mounted this datastore on the host of a master target or appliance.

        One that no host of the estate mounts tells nothing: whoever builds the site has to mount it somewhere.
        """
        host = self.estate.hosts.get(getattr(self.part(helper), "host", ""))
        if host is None or datastore in host.datastores or datastore in self._unmounted:
            return
        if datastore in self.hands.datastores_of(host.name):
            self.change(host.name, datastores=(*host.datastores, datastore))

    def part(self, name: str) -> Any:
        """The part of this name as it is now, None where none is."""
        try:
            return self._mapping_of(name)[name]
        except KeyError:
            return None

    def _learn(self, name: str, **facts: Any) -> None:
        part = self._mapping_of(name)[name]
        if any(getattr(part, key) != value for key, value in facts.items()):
            self.change(name, **facts)

    def _mapping_of(self, name: str) -> MutableMapping[str, Any]:
        for part in fields(self.estate):
            mapping = getattr(self.estate, part.name)
            if isinstance(mapping, dict) and name in mapping:
                return cast(MutableMapping[str, Any], mapping)
        raise KeyError(name)


def _mounted_nowhere(estate: Estate) -> frozenset[str]:
    """Datastores of machines that no host of the estate mounts."""
    mounted = {store for host in estate.hosts.values() for store in host.datastores}
    return frozenset(vm.datastore for vm in estate.virtual_machines.values()) - mounted


def _live(estate: Estate) -> Estate:
    copies: dict[str, Any] = {
        f.name: dict(getattr(estate, f.name)) for f in fields(estate) if isinstance(getattr(estate, f.name), Mapping)
    }
    return replace(estate, **copies)
