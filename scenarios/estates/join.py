"""The join of vault and vSphere: one estate, each part once, with what does not fit together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from failback.adapters.importing.records import Reading

from .machines import Machine, holders_of, machine_of
from .matching import Pair, matched, with_rows
from .mismatch_words import (
    AMBIGUOUS,
    NO_GROUPS,
    STRANGE_VCENTER,
    TARGET_WITHOUT_OS,
    UNFOUND,
    WITH_SNAPSHOTS,
    plan_lacks,
)
from .places import KINDS, SERVERS, Place, Places, places_of
from .remarks import NOT_IN_VCENTER, ONLY_LISTED, SEVERAL_IN_VCENTER, Named, Remark, shown
from .told import JoinedPart
from .unique_names import WORDS, Names, fit, folded

Others = list[tuple[str, Mapping[str, Any]]]
"""Machines that do not go home: name and facts."""
_NEEDS_OS: Final = "master_targets"


@dataclass(slots=True)
class Joined:
    """The estate's parts under their names in it, and what a person should look at."""

    parts: dict[str, list[JoinedPart]] = field(default_factory=dict)
    plans: list[dict[str, Any]] = field(default_factory=list)
    plans_known: bool = True
    """Whether these are all recovery plans that there are."""
    servers_known: bool = True
    """Whether these are all servers that its machines could use."""
    machines: list[Machine] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    remarks: dict[Remark, list[Named]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    """Machines of the inventory that the vault does not protect, by the names of vCenter."""

    def remark(self, what: Remark, *parts: Named) -> None:
        """Note something about these parts."""
        self.remarks.setdefault(what, []).extend(parts)

    def remarked(self, what: Remark) -> tuple[str, ...]:
        """The names of the parts of which this was noted."""
        return tuple(name for name, _ in self.remarks.get(what, ()))


def joined(reading: Reading, architecture: str | None = None) -> Joined:
    """The estate of what was read. `architecture` is for machines of which no file tells it."""
    done = Joined()
    matches = matched(reading.items, reading.machines, has_vault=reading.has_vault)
    done.others = sorted((machine.name for machine in matches.others), key=folded)
    alone = not reading.has_vault and not reading.machines
    stray = list(with_rows(matches.pairs, reading.rows, alone=alone))
    _remark_matches(done, matches.gone, matches.ambiguous, stray)
    _take_machines(done, matches.pairs, holders_of(reading.machines), architecture)
    places = places_of(reading.parts, reading.machines, [m.told.facts for m in done.machines])
    _tell_servers_apart(done, places, reading.servers)
    _leave_out_servers(done, places)
    given = _name_all(done, places, [(m.name, m.facts) for m in matches.others])
    _remark_machines(done)
    _remark_places(done, places, given)
    done.plans = list(_plans(done, reading))
    done.servers_known = reading.servers >= {m.told.facts.get("architecture") for m in done.machines}
    done.plans_known = reading.has_plans and all(plan.groups for plan in reading.plans)
    return done


def _remark_matches(done: Joined, gone: list[Named], ambiguous: list[str], stray: list[str]) -> None:
    if gone:
        done.remark(NOT_IN_VCENTER, *sorted(gone, key=lambda each: folded(each[0])))
    for what, names in (
        (SEVERAL_IN_VCENTER, ambiguous),
        (ONLY_LISTED, stray),
    ):
        if names:
            done.remark(what, *_alone(names))


def _alone(names: Iterable[str]) -> list[Named]:
    return [(name, "") for name in sorted(names, key=folded)]


def _remark_machines(done: Joined) -> None:
    """By their names in the estate: vSphere may have several of a name."""
    for machine, name in zip(done.machines, done.names, strict=True):
        for what, detail in machine.remarks:
            done.remark(what, (name, detail))


def _remark_places(done: Joined, places: Places, given: Mapping[int, str]) -> None:
    """The same; a part that was left out has the name of the vault or of vSphere alone."""

    def named(place: Place) -> str:
        return given.get(id(place), place.name)

    for what, names in (
        (STRANGE_VCENTER, places.strange_vcenters),
        (AMBIGUOUS, map(named, places.ambiguous)),
        (UNFOUND, map(named, places.unfound)),
        (WITH_SNAPSHOTS, map(named, places.with_snapshots)),
    ):
        if parts := _alone(names):
            done.remark(what, *parts)
    for what, found in places.differing.items():
        parts = [(named(place), detail) for place, detail in found]
        done.remark(what, *sorted(parts, key=lambda each: folded(shown(each))))


def _take_machines(
    done: Joined, pairs: Iterable[Pair], holders: Mapping[str, list[str]], architecture: str | None
) -> None:
    for pair in pairs:
        machine = machine_of(pair, holders, architecture)
        if machine.refused is None:
            done.machines.append(machine)
            continue
        for what, detail in (*machine.remarks, (machine.refused, "")):
            done.remark(what, (pair.name, detail))


def _tell_servers_apart(done: Joined, places: Places, listed: frozenset[str]) -> None:
    """Who is a server of the vault (M20). Where each server has its machine, the others are none [inferred]."""
    for machine in done.machines:
        facts, site = machine.told.facts, machine.pair.site
        if site is None or facts.get("architecture") not in listed:
            continue
        if kind := places.server_machines.get(id(site)):
            facts["manages_recovery"] = kind
        elif places.all_found:
            facts.setdefault("manages_recovery", None)


def _leave_out_servers(done: Joined, places: Places) -> None:
    """A master target has an operating system or is none that a rule can judge."""
    for place in places.of(_NEEDS_OS):
        if "os" not in place.told.facts:
            done.remark(TARGET_WITHOUT_OS, (place.name, ""))
    kept = [place for place in places.of(_NEEDS_OS) if "os" in place.told.facts]
    if places.of(_NEEDS_OS):
        places.found[_NEEDS_OS] = kept


# Names


def _name_all(done: Joined, places: Places, others: Others) -> Mapping[int, str]:
    """Give all parts their names; returns those of places, by `id()`."""
    names = Names()
    done.names = names.give("virtual_machines", [(m.pair.name, m.pair.id) for m in done.machines])
    given: dict[int, str] = {}
    for section in tuple(WORDS)[1:]:
        found = places.of(section)
        given |= {
            id(p): name for p, name in zip(found, names.give(section, [(p.name, p.id) for p in found]), strict=True)
        }
    done.parts["virtual_machines"] = [
        JoinedPart("virtual_machines", name, _renamed(machine, name, places, given))
        for machine, name in zip(done.machines, done.names, strict=True)
    ]
    for section in KINDS:
        done.parts[section] = [_place(place, given, places, others) for place in places.of(section)]
    return given


def _renamed(machine: Machine, name: str, places: Places, given: Mapping[int, str]) -> Any:
    """References under the names in the estate; what vSphere and the vault call it is kept where it differs."""
    told, pair = machine.told, machine.pair
    _refer(told.facts, places, given)
    if name != pair.name:
        told.facts |= {"vsphere_name": fit(pair.name)} | ({"id": fit(pair.id)} if pair.id else {})
    if pair.item is not None and pair.item.id and pair.item.name != name:
        told.facts["vault_id"] = fit(pair.item.id.rpartition("/")[2])
    return told


def _refer(facts: dict[str, Any], places: Places, given: Mapping[int, str]) -> None:
    host = str(facts.get("host", ""))
    store = places.store(str(facts.get("datastore", "")), host)
    facts.pop("datastore", None)
    if store is not None:
        facts["datastore"] = given[id(store)]
    if "disks" in facts:
        facts["disks"] = tuple(_disk(disk, store, host, places, given) for disk in facts["disks"])
    for place in places.of("hosts"):
        if place.name == host:
            facts["host"] = given[id(place)]
    for fact, sections in _SERVING.items():
        if server := facts.pop(fact, ""):
            found = [place for section in sections for place in places.of(section) if place.name == server]
            facts |= {fact: given[id(found[0])]} if found else {}


_SERVING: Final = {
    "returns_through": ("master_targets", "appliances"),
    "process_server": ("process_servers",),
    "configuration_server": ("configuration_servers",),
}
"""Facts that name a server, and where it is found."""


def _disk(disk: Mapping[str, Any], own: Place | None, host: str, places: Places, given: Mapping[int, str]) -> Any:
    """A disk with its datastore, where that is not the machine's."""
    kept = {fact: value for fact, value in disk.items() if fact != "datastore"}
    store = places.store(str(disk.get("datastore", "")), host)
    return kept if store is None or store is own else {**kept, "datastore": given[id(store)]}


def _place(
    place: Place, given: Mapping[int, str], places: Places, others: list[tuple[str, Mapping[str, Any]]]
) -> JoinedPart:
    facts = place.told.facts
    if place.section == "hosts":
        mounted = [store for store in places.of("datastores") if place.name in store.hosts]
        if "datastores" in facts:
            facts["datastores"] = tuple(given[id(store)] for store in mounted)
        if "read_only_datastores" in facts:
            read_only = facts["read_only_datastores"]
            facts["read_only_datastores"] = tuple(given[id(store)] for store in mounted if store.name in read_only)
        there = sorted(fit(name) for name, told in others if told.get("host") == place.name)
        if there or place.told.files:  # an inventory that shows the host shows its machines
            facts["other_machines"] = tuple(dict.fromkeys(there))
    else:
        _refer(facts, places, given)
    if place.section in SERVERS and given[id(place)] != place.name:
        facts["vault_name"] = fit(place.name)
    if place.section == "datastores" and given[id(place)] != place.name:
        facts["vsphere_name"] = fit(place.name)
    return JoinedPart(place.section, given[id(place)], place.told)


# Recovery plans


def _plans(done: Joined, reading: Reading) -> Iterator[dict[str, Any]]:
    by_id = {m.pair.item.id.casefold(): n for m, n in zip(done.machines, done.names, strict=True) if m.pair.item}
    for plan in sorted(reading.plans, key=lambda each: folded(each.name)):
        if not plan.groups:
            done.remark(NO_GROUPS, (fit(plan.name), ""))
        groups = [[by_id[key.casefold()] for key in group if key.casefold() in by_id] for group in plan.groups]
        missing = sum(map(len, plan.groups)) - sum(map(len, groups))
        if missing:
            done.remark(plan_lacks(missing), (fit(plan.name), ""))
        if any(groups):
            yield {"name": fit(plan.name, 150), "groups": [group for group in groups if group]}
