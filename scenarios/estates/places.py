"""Hosts, datastores and servers of the estate: those that were found, and those that machines name."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any, Final

from failback.adapters.importing.arm_json import ADDRESSES
from failback.adapters.importing.records import Part, SiteMachine
from failback.reprotect import Appliance, ConfigurationServer, Datastore, Host, MasterTarget, ProcessServer

from .mismatch_words import SAME_ADDRESS
from .remarks import Remark
from .server_differences import differing, warned
from .server_machines import machines_of_server
from .told import Told
from .unique_names import folded
from .vcenters import name_vcenters, vcenters_seen

KINDS: Final[Mapping[str, Any]] = {
    "hosts": Host,
    "datastores": Datastore,
    "configuration_servers": ConfigurationServer,
    "process_servers": ProcessServer,
    "master_targets": MasterTarget,
    "appliances": Appliance,
}
_ALLOWED: Final = {section: frozenset(f.name for f in fields(kind)) - {"name"} for section, kind in KINDS.items()}
_ON_SITE: Final = ("master_targets", "appliances")
_NOT_LOOKED_FOR: Final = ("configuration_servers", "process_servers")
"""Servers of which nobody looks for the machine in vCenter."""
SERVERS: Final = frozenset(KINDS) - {"hosts", "datastores"}
"""Sections of what the vault lists."""


@dataclass(slots=True)
class Place:
    """A part that is not a machine. `hosts`: names of the hosts that mount it, of a datastore."""

    section: str
    name: str
    id: str
    told: Told
    hosts: tuple[str, ...] = ()


@dataclass(slots=True)
class Places:
    """All of them by section, in the order of their names."""

    found: dict[str, list[Place]] = field(default_factory=dict)
    strange_vcenters: list[str] = field(default_factory=list)
    """Those of the vault that may be one of an inventory under another name."""
    ambiguous: list[Place] = field(default_factory=list)
    """Servers that several machines in vCenter fit."""
    unfound: list[Place] = field(default_factory=list)
    """Servers that no machine in vCenter fits."""
    differing: dict[Remark, list[tuple[Place, str]]] = field(default_factory=dict)
    """Servers of which the vault says another thing than vCenter, by what is said of them."""
    with_snapshots: list[Place] = field(default_factory=list)
    """Servers with a snapshot, of which no rule asks."""
    server_machines: dict[int, str] = field(default_factory=dict)
    """Machines of the inventory, by `id()`, that are a server of the vault, with its kind."""

    @property
    def all_found(self) -> bool:
        """Whether the machine of every server is known."""
        return not (self.ambiguous or self.unfound or any(map(self.of, _NOT_LOOKED_FOR)))

    def of(self, section: str) -> list[Place]:
        """Those of a section."""
        return self.found.get(section, [])

    def store(self, name: str, host: str) -> Place | None:
        """The datastore that a host means by a name: local ones of several hosts have equal names."""
        same = [place for place in self.of("datastores") if place.name == name]
        return next((place for place in same if host in place.hosts), same[0] if len(same) == 1 else None)


def places_of(parts: list[Part], machines: list[SiteMachine], used: Iterable[Mapping[str, Any]]) -> Places:
    """The places; a host or datastore that only a machine names is one of which nothing else is known."""
    places = Places()
    for part in parts:
        _add(places, part)
    _find_servers(places, machines)
    _named_only(places, [*used, *(place.told.facts for section in _ON_SITE for place in places.of(section))])
    _keep_reported(places)
    _tell_mounts(places)
    _note_health(places)
    _note_addresses(places)
    seen = vcenters_seen([*(m.facts for m in machines), *(part.facts for part in parts)])
    for place in places.of("configuration_servers"):
        places.strange_vcenters += name_vcenters(place.told.facts, seen)
    for section, found in places.found.items():
        found.sort(key=lambda place: (folded(place.name), place.id))
        for place in found:
            place.told.keep(_ALLOWED[section])
    return places


def _find_servers(places: Places, machines: list[SiteMachine]) -> None:
    """Say of master targets and appliances what vCenter says of their machines."""
    for place in (place for section in _ON_SITE for place in places.of(section)):
        there = machines_of_server(place.name, place.told.facts, machines)
        if len(there) == 1:
            _take_machine(places, place, there[0])
        elif machines:
            (places.ambiguous if there else places.unfound).append(place)


def _take_machine(places: Places, place: Place, machine: SiteMachine) -> None:
    facts = _as_server(machine)
    for what, detail in differing(place.told.facts, facts):
        places.differing.setdefault(what, []).append((place, detail))
    place.told.add(facts, machine.origin)
    if machine.facts.get(_SNAPSHOTS) and _SNAPSHOTS not in _ALLOWED[place.section]:
        places.with_snapshots.append(place)
    places.server_machines[id(machine)] = place.section.removesuffix("s").replace("_", " ")


def _note_health(places: Places) -> None:
    for place in (place for section in (*_ON_SITE, *_NOT_LOOKED_FOR) for place in places.of(section)):
        for what, detail in warned(place.told.facts):
            places.differing.setdefault(what, []).append((place, detail))


def _note_addresses(places: Places) -> None:
    """Several servers of one kind with one address: roles that one machine has are of different kinds."""
    for section in _ON_SITE:
        owners = list(chain.from_iterable(_addressed(place) for place in places.of(section)))
        times = Counter(address for address, _ in owners)
        if shared := [(place, f"vault: {address}") for address, place in owners if times[address] > 1]:
            places.differing.setdefault(SAME_ADDRESS, []).extend(shared)


def _addressed(place: Place) -> Iterator[tuple[str, Place]]:
    return ((address, place) for address in dict.fromkeys(place.told.facts.get(ADDRESSES, ())) if address)


_SNAPSHOTS: Final = "snapshots"
_REPORTED: Final = "accessible_datastores"
_MOUNTED: Final = "datastores"


def _keep_reported(places: Places) -> None:
    """Of the datastores that a server reports those of the estate; without any, a report says nothing."""
    stores = {place.name for place in places.of("datastores")}
    for place in (place for section in _ON_SITE for place in places.of(section)):
        reported = place.told.facts.pop(_REPORTED, ())
        if reported and stores:
            place.told.facts[_REPORTED] = tuple(filter(stores.__contains__, reported))


def _tell_mounts(places: Places) -> None:
    """Of a host that no list of hosts has: its datastores, where each datastore of the inventory names its hosts."""
    listed = [store for store in places.of("datastores") if store.told.files]
    if not all("hosts" in store.told.facts for store in listed):
        return
    for host in places.of("hosts"):
        there = [store for store in listed if host.name in store.hosts]
        if there and _MOUNTED not in host.told.facts:
            host.told.facts[_MOUNTED] = tuple(store.name for store in there)
            host.told.files[_MOUNTED] = there[0].told.files["hosts"]


def _add(places: Places, part: Part) -> None:
    """A part once by its name and id, whichever file tells of it."""
    found = places.found.setdefault(part.section, [])
    same = next((place for place in found if (place.name, place.id) == (part.name, part.id)), None)
    place = same or Place(part.section, part.name, part.id, Told(), tuple(part.facts.get("hosts", ())))
    place.told.add(part.facts, part.origin)
    if same is None:
        found.append(place)


def _as_server(machine: SiteMachine) -> dict[str, Any]:
    """What the inventory says of a master target or appliance; what one of them does not have is dropped later."""
    facts, disks = dict(machine.facts) | {"physical": False}, machine.disks
    if disks is None:
        return facts
    disks = (
        tuple(disk for disk in disks if _folder(disk) == machine.name) or disks
    )  # not those that it holds for others
    uuids = tuple(disk["uuid"] for disk in disks if disk.get("uuid"))
    size = sum(disk.get("size_gib", 0.0) for disk in disks)
    return facts | {"local_disks": len(disks), "disk_gib": size} | _whole(uuids, len(disks))


def _folder(disk: Mapping[str, Any]) -> str:
    return str(disk.get("path", "")).partition("] ")[2].partition("/")[0]


def _whole(uuids: tuple[str, ...], count: int) -> dict[str, Any]:
    return {"disk_uuids": uuids} if len(uuids) == count else {}


def _named_only(places: Places, used: Iterable[Mapping[str, Any]]) -> None:
    hosts = {place.name for place in places.of("hosts")}
    stores = {place.name for place in places.of("datastores")}
    for facts in used:
        _once(places, "hosts", str(facts.get("host", "")), hosts)
        for part in (facts, *facts.get("disks", ())):
            _once(places, "datastores", str(part.get("datastore", "")), stores)


def _once(places: Places, section: str, name: str, known: set[str]) -> None:
    if name and name not in known:
        known.add(name)
        places.found.setdefault(section, []).append(Place(section, name, "", Told()))
