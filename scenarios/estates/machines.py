"""A machine of the estate from its pair: facts, disks, and why it cannot be one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from failback.adapters.importing.records import Facts, Origin, VaultItem
from failback.reprotect import Disk, OsFamily, Phase, VirtualMachine, os_release
from failback.scenarios.files.schema import LeftOutBecause

from .addresses import adapters, addresses_on_site, compare, contradict
from .matching import Pair, dates_of, from_before
from .mismatch_words import BEFORE_FAILOVER, OTHER_ADDRESSES, OTHER_DISKS, OTHER_HARDWARE
from .remarks import NEVER_PROTECTED, NO_DISKS, NO_OS, Remark
from .told import Told

_ALLOWED: Final = frozenset(f.name for f in fields(VirtualMachine)) - {"name", "disks"}
_DISK_FACTS: Final = frozenset(f.name for f in fields(Disk))
NOT_PROTECTED: Final = "machines of vCenter that the vault does not protect"
LEFT_OUT: Final = {
    NO_DISKS: LeftOutBecause.NO_DISKS,
    NO_OS: LeftOutBecause.NO_OS,
    NEVER_PROTECTED: LeftOutBecause.NEVER_PROTECTED,
}
"""Reasons for which a machine that should come home is left out, and the word of each in the estate."""


@dataclass(slots=True)
class Machine:
    """What is known of one machine; `refused` says why it cannot be in an estate."""

    pair: Pair
    told: Told
    refused: Remark | None = None
    remarks: list[tuple[Remark, str]] = field(default_factory=list)
    """What is to be said of it, and what is said behind its name."""


def machine_of(pair: Pair, holders: Mapping[str, list[str]], architecture: str | None) -> Machine:
    """The machine. Of the vSphere facts, what vCenter itself says wins; `holders` are machines by path of a disk."""
    machine = Machine(pair, Told())
    records = [record for record in (pair.row, pair.item, pair.site) if record is not None]
    doubtful = dict(_doubtful(pair))
    for record in records:
        found_true = {fact: told for fact, told in record.facts.items() if fact not in doubtful.get(id(record), ())}
        machine.told.add(_without_vague_version(found_true, machine.told.facts), record.origin)
    if found := adapters(record.facts.get("adapters", ()) for record in records):
        machine.told.facts["adapters"] = found
    if azure := {fact: value for record in records for fact, value in record.facts.get("azure", {}).items()}:
        machine.told.facts["azure"] = azure
    if pair.item is not None and pair.item.phase is not None:
        machine.told.add({"at": pair.item.phase}, pair.item.origin)
        machine.told.add(_answered_by_state(pair.item), pair.item.origin)
    if pair.site is not None and "source" not in machine.told.facts:
        machine.told.add({"source": "vmware"}, pair.site.origin)  # it is a virtual machine of vCenter
    machine.remarks += (*_of_times_and_addresses(pair), *_differing(pair))
    disks = _disks(machine, holders)
    compare(machine.told)
    machine.told.keep(_ALLOWED)
    if architecture is not None and "architecture" not in machine.told.facts:
        machine.told.add({"architecture": architecture}, Origin("--architecture", "option"))
    machine.refused = next(_refused(machine, disks), None)
    machine.told.facts["disks"] = disks
    return machine


def _without_vague_version(facts: Mapping[str, Any], told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Words of vCenter without a release, `Ubuntu Linux (64-bit)`, do not displace the version in a list."""
    version, family = facts.get("os_version"), facts.get("os")
    vague = version is not None and family is not None and os_release(str(version), OsFamily(family)) is None
    return {k: v for k, v in facts.items() if k != "os_version"} if vague and "os_version" in told else facts


def _answered_by_state(item: VaultItem) -> dict[str, Any]:
    """What nobody has to be asked: the state of an item, or what the vault offers next for it, answers it [inferred].

    A completed migration, and a protection that was disabled, end the protection: no reprotect and no failback is
    offered then. After a failover that was cancelled the replication is not well.
    """
    before = item.protected_on_site and item.phase is Phase.REPLICATING_TO_AZURE
    found = {"migration_completed": False, "protection_disabled": False} if before or item.goes_on else {}
    if before and item.facts.get("replication_health") == "normal":
        found["failover_cancelled"] = False
    return {key: value for key, value in found.items() if key not in item.facts}


_BY_FAILOVER: Final = frozenset({"powered_on", "pending_question"})
"""What a failover or failback changes on site."""


def _doubtful(pair: Pair) -> Iterator[tuple[int, frozenset[str]]]:
    """By `id()` of a record the facts in it that no longer hold, or that another record contradicts."""
    if pair.site is not None and from_before(pair):
        yield id(pair.site), _BY_FAILOVER
    if pair.site is not None and pair.item is not None and contradict(pair.item.facts, pair.site.facts):
        yield id(pair.item), frozenset({"static_ip"})


def _of_times_and_addresses(pair: Pair) -> Iterator[tuple[Remark, str]]:
    if pair.site is None or pair.item is None:
        return
    if from_before(pair):
        yield BEFORE_FAILOVER, dates_of(pair)
    if contradict(pair.item.facts, pair.site.facts):
        vault, site = (", ".join(addresses_on_site(each.facts)) for each in (pair.item, pair.site))
        yield OTHER_ADDRESSES, f"vault: {vault}, vCenter: {site}"


def _differing(pair: Pair) -> Iterator[tuple[Remark, str]]:
    """Where the vault says another thing of the hardware than vCenter, whose word counts."""
    if pair.item is None or pair.site is None:
        return
    for fact, what in OTHER_HARDWARE.items():
        vault, site = pair.item.facts.get(fact), pair.site.facts.get(fact)
        if None not in (vault, site) and _shown(fact, vault) != _shown(fact, site):
            yield what, f"vault: {_shown(fact, vault)}, vCenter: {_shown(fact, site)}"


def _shown(fact: str, value: object) -> str:
    return f"{float(str(value)):g} GiB" if fact == "memory_gib" else str(value)


def _refused(machine: Machine, disks: tuple[Facts, ...]) -> Iterator[Remark]:
    """Why it is left out; the first reason counts."""
    if machine.pair.item is not None and machine.pair.item.never_protected:
        yield NEVER_PROTECTED
    if not disks:
        yield NO_DISKS
    if "os" not in machine.told.facts:
        yield NO_OS


def _disks(machine: Machine, holders: Mapping[str, list[str]]) -> tuple[Facts, ...]:
    pair = machine.pair
    vault = tuple(d for d in (pair.item.disks if pair.item else ()) if "size_gib" in d)
    site = tuple(_on_site(pair, disk, holders) for disk in (pair.site.disks if pair.site else None) or ())
    if pair.site and site:
        machine.told.files["disks"] = pair.site.origin.file
    if vault and len(vault) != len(site):
        machine.remarks += [(OTHER_DISKS, "")] if site else []
        machine.told.files["disks"] = pair.item.origin.file if pair.item else ""
        return tuple(_joined(disk, _same(disk, site)) for disk in vault)
    if site:
        replicated = {"excluded": False} if vault else {}
        return (
            tuple(_kept({**_OPEN, **replicated, **disk}) for disk in site) if all("size_gib" in d for d in site) else ()
        )
    return _from_list(machine)


_OPEN: Final[Facts] = dict.fromkeys(("excluded", "iscsi", "raw_device", "attached_on_premises", "held_by"), "unknown")
"""Of a disk on which no file says more."""


def _from_list(machine: Machine) -> tuple[Facts, ...]:
    row = machine.pair.row
    sizes = row.facts.get("disks", ()) if row else ()
    return tuple({"size_gib": size, **_OPEN} for size in sizes)


def _same(disk: Facts, site: Iterable[Facts]) -> Facts:
    uuid = str(disk.get("uuid", "")).casefold()
    return next((each for each in site if uuid and str(each.get("uuid", "")).casefold() == uuid), {})


def _joined(vault: Facts, site: Facts) -> Facts:
    """The vault lists only what it replicates."""
    return _kept({**_OPEN, "excluded": False, **vault, **site})


def _kept(disk: Facts) -> Facts:
    return {fact: value for fact, value in disk.items() if fact in _DISK_FACTS}


def _on_site(pair: Pair, disk: Facts, holders: Mapping[str, list[str]]) -> Facts:
    """With the other machine that has the same VMDK attached; known absent if all machines were seen.

    An iSCSI disk of the guest is none of the disks that vCenter shows.
    """
    here = holders.get(str(disk.get("path", "")), [])
    nobody = None if here and "held_by" not in disk else "unknown"
    return {**disk, "iscsi": False, "held_by": next((other for other in here if other != pair.name), nobody)}


def holders_of(machines: Iterable[Any]) -> dict[str, list[str]]:
    """Names of the machines that have a disk attached, by its path."""
    found: dict[str, list[str]] = {}
    for machine in machines:
        for path in _paths(machine.disks or ()):
            found.setdefault(path, []).append(machine.name)
    return found


def _paths(disks: Iterable[Facts]) -> Iterator[str]:
    return (str(disk["path"]) for disk in disks if disk.get("path"))
