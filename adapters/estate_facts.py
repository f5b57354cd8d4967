"""Facts read from outside, and how they are laid over an estate that somebody wrote.

What is read wins; what cannot be read stays as it was written. A part that nobody wrote down starts with every fact
unknown: the defaults of the estate are what an author takes for granted, and a reader takes nothing for granted.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from typing import Any, Final, get_args, get_type_hints

from failback.reprotect import (
    UNKNOWN,
    Appliance,
    AzureVm,
    ConfigurationServer,
    Datastore,
    Disk,
    Estate,
    Host,
    MasterTarget,
    Phase,
    ProcessServer,
    RetentionDrive,
    Unknown,
    VirtualMachine,
    slots_of,
)

KINDS: Final[Mapping[str, Any]] = {
    "virtual_machines": VirtualMachine,
    "configuration_servers": ConfigurationServer,
    "process_servers": ProcessServer,
    "master_targets": MasterTarget,
    "appliances": Appliance,
    "hosts": Host,
    "datastores": Datastore,
}
ADDED: Final = frozenset(KINDS) - {"virtual_machines"}
"""Kinds of part that are added when they are found; which machines go home, the file says."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What one source says of one part. A fact that it could not read is not in `facts`.

    `facts` has the part's fields; below `azure` those of the replica, below `disks` those of each disk in order.
    """

    section: str
    name: str
    facts: Mapping[str, Any]
    source: str


@dataclass(frozen=True, slots=True)
class EstateReading:
    """All that was read. `phases`: where items stand; `returning`: through which server an item returns."""

    found: tuple[SourceFacts, ...] = ()
    notes: tuple[str, ...] = ()
    phases: Mapping[str, Phase] = field(default_factory=dict)
    returning: Mapping[str, str] | None = None

    def only(self, kept: Collection[tuple[str, str]]) -> "EstateReading":
        """The same with these facts only, each as (section, fact)."""
        return replace(self, found=tuple(replace(each, facts=_only(each, kept)) for each in self.found))

    def sources(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Source by source and section by section, the facts that were read."""
        read: dict[str, dict[str, dict[str, None]]] = {}
        for each in self.found:
            facts = read.setdefault(each.source, {}).setdefault(each.section, {})
            facts.update(dict.fromkeys(each.facts))
        return {source: {s: tuple(sorted(facts)) for s, facts in parts.items()} for source, parts in read.items()}


def _only(found: SourceFacts, kept: Collection[tuple[str, str]]) -> Mapping[str, Any]:
    return {fact: value for fact, value in found.facts.items() if (found.section, fact) in kept}


def joined(readings: Iterable[EstateReading]) -> EstateReading:
    """Several readings as one; of two that say the same fact, the later wins."""
    every = tuple(readings)
    known = [each.returning for each in every if each.returning is not None]
    return EstateReading(
        tuple(found for each in every for found in each.found),
        tuple(note for each in every for note in each.notes),
        {name: phase for each in every for name, phase in each.phases.items()},
        {name: target for returning in known for name, target in returning.items()} if known else None,
    )


def merged(estate: Estate, reading: EstateReading) -> Estate:
    """The estate with what was read in it."""
    parts: dict[str, dict[str, Any]] = {section: dict(getattr(estate, section)) for section in KINDS}
    for found in reading.found:
        section = parts[found.section]
        part = section.get(found.name) or _blank(found)
        if part is not None:
            section[found.name] = replace(part, **dict(_values(part, found.facts)))
    changed: dict[str, Any] = {**parts}
    return replace(_returning(estate, parts, reading), **changed)


def disks_not_written(estate: Estate, reading: EstateReading) -> Iterator[str]:
    """One sentence for each machine that has more disks in vSphere than the file says."""
    for found in reading.found:
        machine = estate.virtual_machines.get(found.name) if found.section == "virtual_machines" else None
        more = () if machine is None else found.facts.get("disks", ())[len(machine.disks) :]
        if machine is not None and more:
            stores = ", ".join(str(disk.get("datastore") or "unknown") for disk in more)
            yield (
                f"{machine.name}: the file has {len(machine.disks)} of its disks, vCenter {len(more)} more, on the "
                f"datastore {stores}. They are judged too; add them to the file."
            )


def _returning(estate: Estate, parts: Mapping[str, Mapping[str, Any]], reading: EstateReading) -> Estate:
    """Who returns through what, and the disk slots that this takes."""
    if reading.returning is None:
        return estate
    slots: dict[str, int] = {}
    for item, target in reading.returning.items():
        machine = parts["virtual_machines"].get(item)
        slots[target] = slots.get(target, 0) + (slots_of(machine) if machine else 0)
    return replace(estate, returning_through=dict(reading.returning), disks_in_flight=slots)


def _values(part: Any, facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for fact, value in facts.items():
        if fact == "azure":
            yield fact, replace(part.azure, **value)
        elif fact == "disks":
            yield fact, tuple(_disks(part.disks, value))
        elif fact == "retention_drives":
            yield fact, tuple(_drives(part.retention_drives, value))
        else:
            yield fact, value


def _disks(written: tuple[Disk, ...], read: tuple[Mapping[str, Any], ...]) -> Iterator[Disk]:
    """Written disks in order with what was read of each; what vSphere shows besides takes a place and room too."""
    for number, disk in enumerate(written):
        yield replace(disk, **read[number]) if number < len(read) else disk
    yield from (Disk(**facts) for facts in read[len(written) :])


def _drives(written: tuple[RetentionDrive, ...], read: tuple[RetentionDrive, ...]) -> Iterator[RetentionDrive]:
    """Written drives with what was read of them; one that is not listed takes its time (M10). Then the others."""
    listed = {drive.name: drive for drive in read}
    for drive in written:
        seen = listed.pop(drive.name, None)
        yield (
            replace(drive, listed=False)
            if seen is None
            else replace(drive, listed=True, capacity_gib=seen.capacity_gib)
        )
    yield from listed.values()


def _blank(found: SourceFacts) -> Any:
    """A part of which nothing is known but what was found; None where not even its identity is."""
    kind = KINDS[found.section]
    if found.section not in ADDED or _identity(kind) - {"name"} - found.facts.keys():
        return None
    given = {key: found.facts[key] for key in _identity(kind) - {"name"}}
    return kind(name=found.name, **given, **dict.fromkeys(_may_be_unknown(kind), UNKNOWN), **_EMPTY.get(kind, {}))


_EMPTY: Final[Mapping[Any, Mapping[str, Any]]] = {
    MasterTarget: {"retention_drives": (), "local_disks": 0},
    ConfigurationServer: {"accounts": ()},
}
"""Lists whose defaults an author takes for granted."""


def _identity(kind: Any) -> frozenset[str]:
    return frozenset(f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING)


@cache
def _may_be_unknown(kind: Any) -> tuple[str, ...]:
    hints = get_type_hints(kind)
    return tuple(f.name for f in fields(kind) if Unknown in get_args(hints[f.name]))


def known_facts(section: str) -> frozenset[str]:
    """Facts that a part of this section can have."""
    return frozenset(f.name for f in fields(KINDS[section]))


def azure_facts() -> frozenset[str]:
    """Facts that a replica can have."""
    return frozenset(f.name for f in fields(AzureVm))
