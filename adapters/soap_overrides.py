"""What an estate says and a vcsim cannot hold, as overrides for the proxy before it.

Where the proxy stands, it speaks for every part: a fact that the estate leaves unknown is taken out of the answers,
since what a vcsim makes up is nobody's fact.
"""

from collections.abc import Iterator
from typing import Any, Final

from pyVmomi import vim

from failback.reprotect import UNKNOWN, Datastore, Estate, Fact, Host, Unknown

from .soap_rewriting import Override, Value
from .vsphere import container
from .vsphere_facts import EVALUATION, GIB
from .vsphere_properties import PropertyReader
from .vsphere_session import VsphereSession

PROXIED: Final = frozenset(
    {
        ("configuration_servers", "privileges"),
        ("datastores", "accessible"),
        ("datastores", "free_gib"),
        ("datastores", "kind"),
        ("hosts", "connected"),
        ("hosts", "edition"),
        ("hosts", "free_memory_gib"),
        ("hosts", "read_only_datastores"),
        ("hosts", "version"),
    }
)
"""Section and fact: what comes through the proxy and from nowhere else in a lab."""
EDITIONS: Final = {"free": "esxBasic", "evaluation": EVALUATION, "licensed": "esx.enterprisePlus"}
KINDS: Final = {"VMFS": "VMFS", "vSAN": "vsan", "NFS": "NFS"}
LICENCE: Final = "assignedLicense.editionKey"


def needs_proxy(estate: Estate) -> bool:
    """Whether the estate says anything that a vcsim cannot hold."""
    servers = estate.configuration_servers.values()
    has_privileges = any(not isinstance(server.privileges, Unknown) for server in servers)
    return (
        has_privileges or any(map(_odd_host, estate.hosts.values())) or any(map(_odd_store, estate.datastores.values()))
    )


def _odd_host(host: Host) -> bool:
    facts = (host.edition, host.version, host.free_memory_gib)
    known = any(not isinstance(fact, Unknown) for fact in facts)
    return known or host.connected is not True or bool(host.only_reads)


def _odd_store(store: Datastore) -> bool:
    return store.kind != "VMFS" or store.accessible is not True or not isinstance(store.free_gib, Unknown)


def overrides_for(session: VsphereSession, estate: Estate) -> tuple[Override, ...]:
    """All of them, for the objects of a vcsim that has the estate. `session` leads past the proxy."""
    return session.read("reading what is overridden", lambda content: tuple(_overrides(session, content, estate)))


def _overrides(session: VsphereSession, content: Any, estate: Estate) -> Iterator[Override]:
    reader, place = PropertyReader(content), container(content, session.settings.within)
    hosts = _refs(reader, place, vim.HostSystem)
    stores = _refs(reader, place, vim.Datastore)
    for host in estate.hosts.values():
        if host.name in hosts:
            yield from _of_host(host, hosts[host.name], stores)
    for store in estate.datastores.values():
        if store.name in stores:
            yield from _of_store(store, stores[store.name])
    for server in estate.configuration_servers.values():
        if not isinstance(server.privileges, Unknown):
            yield Override(place._GetMoId(), "privileges", tuple(server.privileges or ()))


def _refs(reader: PropertyReader, place: Any, kind: Any) -> dict[str, str]:
    return {str(row.get("name")): row.ref._GetMoId() for row in reader.below(place, kind, "name")}


def _of_host(host: Host, ref: str, stores: dict[str, str]) -> Iterator[Override]:
    connection = {True: "connected", False: "notResponding"}
    yield Override(ref, "runtime.connectionState", _as_value(host.connected, connection))
    yield Override(ref, LICENCE, _as_value(host.edition, EDITIONS))
    yield Override(ref, "config.product.version", _plain(host.version))
    free = _plain(host.free_memory_gib)
    yield Override(ref, "summary.hardware.memorySize", None if free is None else round(float(free) * GIB))
    yield Override(ref, "summary.quickStats.overallMemoryUsage", None if free is None else 0)
    for name in host.only_reads:
        if name in stores:
            yield Override(stores[name], f'host["{ref}"].mountInfo.accessMode', "readOnly")


def _of_store(store: Datastore, ref: str) -> Iterator[Override]:
    yield Override(ref, "summary.type", KINDS.get(store.kind, store.kind))
    yield Override(ref, "summary.accessible", _plain(store.accessible))
    free = _plain(store.free_gib)
    yield Override(ref, "summary.freeSpace", None if free is None else round(float(free) * GIB))


def _as_value(fact: Any, words: dict[Any, str]) -> Value:
    """The server's word for a fact; None where there is none or nobody knows the fact."""
    return None if fact is UNKNOWN else words.get(fact)


def _plain(fact: Fact[Any]) -> Any:
    return None if isinstance(fact, Unknown) else fact
