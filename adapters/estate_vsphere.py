"""The estate as one vCenter shows it, read only: machines, master targets, appliances, their hosts and datastores."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyVmomi import vim, vmodl

from failback.reprotect import Estate, Identity, datastore_here, identities

from .estate_facts import EstateReading, SourceFacts
from .foreign import understood
from .vsphere import container
from .vsphere_facts import (
    DATASTORE_PATHS,
    HOST_PATHS,
    VM_PATHS,
    Facts,
    appliance_facts,
    autostarted,
    datastore_facts,
    edition_of,
    host_facts,
    machine_facts,
    master_target_facts,
)
from .vsphere_machines import machines_of
from .vsphere_properties import ObjectValues, PropertyReader
from .vsphere_session import VsphereSession
from .vsphere_twins import twins_of, twins_words

SOURCE: Final = "vCenter"
Translate = Callable[[ObjectValues, Mapping[Any, str]], Facts]
_MACHINES: Final[Mapping[str, Translate]] = {
    "virtual_machines": machine_facts,
    "master_targets": master_target_facts,
    "appliances": appliance_facts,
}


@dataclass(frozen=True, slots=True)
class _Inventory:
    """What one look at the vCenter brought home."""

    names: Mapping[Any, str]
    machines: Mapping[str, ObjectValues]
    doubles: frozenset[str]
    twins: Sequence[tuple[str, ...]]
    """Names of machines that have one BIOS UUID, at least one of them ours."""
    ours: frozenset[Any]
    """What is, or may be, a machine or a server of the estate."""
    hosts: Mapping[Any, ObjectValues]
    stores: Sequence[ObjectValues]
    editions: Mapping[Any, str]
    privileges: tuple[str, ...] | None

    @property
    def host_names(self) -> Mapping[Any, str]:
        return {ref: str(row.get("name")) for ref, row in self.hosts.items()}


@understood("The vCenter")
def read_vsphere(session: VsphereSession, estate: Estate, account: str | None = None) -> EstateReading:
    """What the vCenter says of the estate's parts and of the hosts and datastores that they use.

    `account` is the one that the configuration server or appliance has stored; its privileges are asked for, never
    those of the session's own. Raises `Unreachable` and `VsphereRefused`.
    """
    wanted = identities(estate)
    seen = session.read("reading the estate", lambda content: _look(content, session.settings.within, wanted, account))
    return EstateReading(tuple(_found(estate, seen)), tuple(_notes(estate, seen, session.settings.address)))


def _look(content: Any, within: str | None, wanted: Mapping[str, Identity], account: str | None) -> _Inventory:
    reader, place = PropertyReader(content), container(content, within)
    every = reader.below(place, vim.VirtualMachine, "name", "config.uuid")
    names = {row.ref: str(row.get("name")) for row in every}
    match = machines_of(reader, every, wanted)
    ours = frozenset((*match.one.values(), *(ref for found in match.unclear.values() for ref in found)))
    rows = {row.ref: row for row in reader.of(set(match.one.values()), *VM_PATHS)}
    hosts = {row.ref: row for row in reader.below(content.rootFolder, vim.HostSystem, *HOST_PATHS)}
    return _Inventory(
        names=names,
        machines={name: rows[ref] for name, ref in match.one.items() if ref in rows},
        doubles=frozenset(match.unclear),
        twins=tuple(twins_of(every, lambda row: row.ref in ours)),
        ours=ours,
        hosts=hosts,
        stores=reader.below(content.rootFolder, vim.Datastore, *DATASTORE_PATHS),
        editions=dict(editions(content, reader, hosts)),
        privileges=privileges_of(content, place, account),
    )


def editions(content: Any, reader: PropertyReader, hosts: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    """Editions of the hosts whose licence the account may read."""
    manager = _licence_assignments(content, reader)
    if manager is None:
        return
    for ref in hosts:
        try:
            edition = edition_of(manager.QueryAssignedLicenses(entityId=ref._GetMoId()))
        except (vim.fault.NoPermission, vmodl.fault.NotSupported, vmodl.fault.ManagedObjectNotFound):
            return
        if edition is not None:
            yield ref, edition


def _licence_assignments(content: Any, reader: PropertyReader) -> Any:
    """Who knows them; None where the account may not ask."""
    if content.licenseManager is None:
        return None
    try:
        rows = reader.of([content.licenseManager], "licenseAssignmentManager")
    except vim.fault.NoPermission:
        return None
    return rows[0].get("licenseAssignmentManager") if rows else None


def privileges_of(content: Any, place: Any, account: str | None) -> tuple[str, ...] | None:
    """Privileges of the stored account at a place; None where nobody named it or it may not be asked for."""
    if account is None:
        return None
    try:
        results = content.authorizationManager.FetchUserPrivilegeOnEntities(entities=[place], userName=account)
    except (vim.fault.NoPermission, vmodl.fault.NotSupported, vmodl.fault.InvalidArgument):
        return None
    return tuple(privilege for result in results for privilege in result.privileges or ())


# From what was seen to what was found


def _found(estate: Estate, seen: _Inventory) -> Iterator[SourceFacts]:
    used: set[str] = set(estate.hosts)
    for section, translate in _MACHINES.items():
        for name in getattr(estate, section):
            facts = _in_names_here(estate, _machine(section, name, seen, translate))
            used.add(str(facts.get("host", "")))
            if facts:
                yield SourceFacts(section, name, facts, SOURCE)
    yield from _places(estate, seen, used)
    if seen.privileges is not None:
        for section in ("configuration_servers", "appliances"):
            for name in getattr(estate, section):
                yield SourceFacts(section, name, {"privileges": seen.privileges}, SOURCE)


def _machine(section: str, name: str, seen: _Inventory, translate: Translate) -> Facts:
    row = seen.machines.get(name)
    if row is not None:
        return translate(row, seen.host_names) | _autostart(section, row, seen)
    gone = section == "virtual_machines" and name not in seen.doubles
    return {"exists_on_premises": False, "powered_on": False, "snapshots": ()} if gone else {}


def _autostart(section: str, row: ObjectValues, seen: _Inventory) -> Facts:
    host = seen.hosts.get(row.get("runtime.host"))
    started = None if host is None else autostarted(host)
    return {} if started is None or section != "virtual_machines" else {"autostart": row.ref in started}


def _places(estate: Estate, seen: _Inventory, used: set[str]) -> Iterator[SourceFacts]:
    """Hosts that the estate names or its machines run on, and the datastores that these mount."""
    others = {ref: name for ref, name in seen.names.items() if ref not in seen.ours}
    stores: set[str] = set(estate.datastores)
    for ref, row in seen.hosts.items():
        name = str(row.get("name"))
        if name in used:
            facts = host_facts(row, seen.stores, others) | _edition(ref, seen)
            facts = _in_names_here(estate, facts, name)
            stores.update(facts.get("datastores", ()))
            yield SourceFacts("hosts", name, facts, SOURCE)
    for row in seen.stores:
        mounted = [seen.host_names[mount.key] for mount in row.get("host") or () if mount.key in seen.hosts]
        name = datastore_here(estate, str(row.get("name")), mounted)
        if name in stores:
            yield SourceFacts("datastores", name, datastore_facts(row), SOURCE)


def _in_names_here(estate: Estate, facts: Facts, host: str = "") -> Facts:
    """Datastores under the names that the estate has for them; `host` is the one that mounts them."""
    hosts = (host or str(facts.get("host", "")),)
    here: Facts = {key: datastore_here(estate, facts[key], hosts) for key in ("datastore",) if key in facts}
    for key in ("datastores", "read_only_datastores"):
        if key in facts:
            here[key] = tuple(datastore_here(estate, store, hosts) for store in facts[key])
    if "disks" in facts:
        here["disks"] = tuple(_in_names_here(estate, disk, *hosts) for disk in facts["disks"])
    return {**facts, **here}


def _edition(ref: Any, seen: _Inventory) -> Facts:
    return {"edition": seen.editions[ref]} if ref in seen.editions else {}


def _notes(estate: Estate, seen: _Inventory, address: str) -> Iterator[str]:
    if seen.doubles:
        names = ", ".join(sorted(seen.doubles))
        yield f"vCenter {address} has several machines named {names}: nothing was read of them."
    for twins in seen.twins:
        yield twins_words(address, twins)
    denied = sorted({path for row in seen.machines.values() for path in row.denied})
    if denied:
        yield f"The account that reads vCenter {address} may not see {', '.join(denied)} of some machines."
    if seen.privileges is None and (estate.configuration_servers or estate.appliances):
        yield (
            "The privileges of the account that is stored in the configuration server or appliance were not read: "
            "name it in the settings (vsphere: site_recovery_account)."
        )
