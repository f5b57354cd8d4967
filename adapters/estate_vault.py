"""The estate as one vault shows it, read only: servers, items, and the Azure machines that the items name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from failback.reprotect import (
    Estate,
    Replica,
    Unreachable,
    datastore_here,
    items_in_the_vault,
    named_as_here,
    phase_row,
)

from .estate_client import EstateClient
from .estate_facts import EstateReading, SourceFacts
from .estate_translation import (
    Facts,
    appliance_facts,
    azure_machine_id,
    configuration_server_facts,
    configuration_server_id,
    item_facts,
    machine_facts,
    master_target_facts,
    missing_machine_facts,
    os_family,
    process_server_facts,
    returns_through,
)
from .foreign import understood
from .site_recovery_client import ResourceAbsent, item_path
from .translation import Json, last_segment, part, parts, text
from .translation_reads import architecture_of, item_from_sdk
from .vault_names import vault_names

VAULT, AZURE = "vault", "Azure"
CLASSIC_FABRIC: Final = "VMware"
_STORES: Final = "accessible_datastores"


@dataclass(frozen=True, slots=True)
class _Items:
    """The items of the estate's machines as single reads showed them, and what else the vault protects."""

    read: Mapping[str, Json]
    others: int
    unclear: tuple[str, ...] = ()
    spelt_otherwise: tuple[str, ...] = ()


@understood("The vault")
def read_vault(client: EstateClient, estate: Estate, now: Callable[[], datetime] | None = None) -> EstateReading:
    """What the vault says of the estate's parts.

    `now` is the vault's time, for the age of heartbeats; the date of its answers when left out. Raises `Unreachable`,
    and `NotUnderstood` for an item that shows what was never recorded.
    """
    fabrics, boxes = _fabrics(client), _boxes(client)
    instant = now() if now else client.server_time or datetime.now(UTC)
    items = _items(client, estate)
    servers = (*_servers(client, fabrics, instant), *_appliances(boxes))
    ids, replicas = _server_ids(fabrics, boxes, estate), dict(_replicas(client, items))
    return EstateReading(
        found=(
            *(_named(each, estate) for each in servers),
            *_machines(items, fabrics, estate),
            *_of_replicas(replicas),
        ),
        notes=tuple(_notes(estate, items, [name for name, facts in replicas.items() if facts is None])),
        phases={name: item_from_sdk(item).phase for name, item in items.read.items()},
        returning=_returning(items, ids),
    )


# Servers


def _named(found: SourceFacts, estate: Estate) -> SourceFacts:
    """Under the name that the estate has for it, and its datastores under theirs."""
    name = named_as_here(estate, found.section, found.name)
    if stores := found.facts.get(_STORES):
        host = getattr(getattr(estate, found.section).get(name), "host", None)
        here = tuple(datastore_here(estate, store, (str(host),)) for store in stores)
        return replace(found, name=name, facts={**found.facts, _STORES: here})
    return replace(found, name=name)


def _fabrics(client: EstateClient) -> tuple[Json, ...]:
    """Each fabric in full: the list may leave its servers out."""
    return tuple(client.resource(text(fabric.get("id"))) for fabric in client.below_vault("replicationFabrics"))


def _servers(client: EstateClient, fabrics: tuple[Json, ...], now: datetime) -> Iterator[SourceFacts]:
    for fabric in fabrics:
        details = part(part(fabric, "properties"), "customDetails")
        read = _SERVERS_OF.get(text(details.get("instanceType")))
        if read:
            yield from read(client, fabric, now)


def _classic_servers(client: EstateClient, fabric: Json, now: datetime) -> Iterator[SourceFacts]:
    details = part(part(fabric, "properties"), "customDetails")
    yield _configuration_server(client, fabric, now)
    for server in parts(details, "processServers"):
        facts = process_server_facts(server, now)
        yield SourceFacts("process_servers", text(server.get("friendlyName")), facts, VAULT)
    for target in parts(details, "masterTargetServers"):
        yield SourceFacts("master_targets", text(target.get("name")), master_target_facts(target, now), VAULT)


_SERVERS_OF: Final[Mapping[str, Callable[[EstateClient, Json, datetime], Iterator[SourceFacts]]]] = {
    CLASSIC_FABRIC: _classic_servers,
}
"""By the kind of a fabric. Appliances have a list of their own."""


def _configuration_server(client: EstateClient, fabric: Json, now: datetime) -> SourceFacts:
    properties, arm_id = part(fabric, "properties"), text(fabric.get("id"))
    providers = client.below(arm_id, "replicationRecoveryServicesProviders")
    vcenters = tuple(part(v, "properties") for v in client.below(arm_id, "replicationvCenters"))
    provider = part(providers[0], "properties") if providers else {}
    facts = configuration_server_facts(part(properties, "customDetails"), provider, vcenters, now)
    return SourceFacts("configuration_servers", text(properties.get("friendlyName")), facts, VAULT)


def _boxes(client: EstateClient) -> tuple[Json, ...]:
    listed = client.below_vault("replicationAppliances")
    lists = (part(part(each, "properties"), "providerSpecificDetails") for each in listed)
    return tuple(box for found in lists for box in parts(found, "appliances"))


def _appliances(boxes: tuple[Json, ...]) -> Iterator[SourceFacts]:
    return (SourceFacts("appliances", text(box.get("name")), appliance_facts(box), VAULT) for box in boxes)


def _server_ids(fabrics: tuple[Json, ...], boxes: tuple[Json, ...], estate: Estate) -> Mapping[str, str]:
    """Names in the estate of master targets and appliances by the ids that items carry."""
    details = (part(part(fabric, "properties"), "customDetails") for fabric in fabrics)
    targets = {text(t.get("id")): text(t.get("name")) for d in details for t in parts(d, "masterTargetServers")}
    agents = {text(part(box, "reprotectAgent").get("id")): text(box.get("name")) for box in boxes}
    here = {server: named_as_here(estate, "master_targets", name) for server, name in targets.items()}
    here |= {server: named_as_here(estate, "appliances", name) for server, name in agents.items()}
    return {server.casefold(): name for server, name in here.items() if server}


# Items


def _items(client: EstateClient, estate: Estate) -> _Items:
    """One GET for each machine of the estate: the list leaves half of an item blank."""
    listed = vault_names(client.below_vault("replicationProtectedItems"), items_in_the_vault(estate))
    names = estate.virtual_machines
    found = {name: item for name in names if (item := listed.one(name)) is not None}
    each = client.at_once(_item, list(found.values()))
    read = {name: item for name, item in zip(found, each, strict=True) if item is not None}
    others = sum(name not in names for name in listed.items)
    return _Items(read, others, tuple(listed.unclear(names)), tuple(listed.spelt_otherwise(names)))


def _item(client: EstateClient, listed: Json) -> Json | None:
    """The whole item; None where it vanished after the list, which is as if it had never been in it."""
    try:
        return client.resource(item_path(text(listed.get("id"))).id)
    except ResourceAbsent:
        return None


def _machines(items: _Items, fabrics: tuple[Json, ...], estate: Estate) -> Iterator[SourceFacts]:
    titles = {text(f.get("id")).casefold(): text(part(f, "properties").get("friendlyName")) for f in fabrics}
    for name, item in items.read.items():
        facts = item_facts(item) | {"architecture": architecture_of(item)}
        if server := titles.get(configuration_server_id(item)):
            facts["configuration_server"] = named_as_here(estate, "configuration_servers", server)
        family = os_family(_os(item))
        yield SourceFacts("virtual_machines", name, facts | ({"os": family} if family else {}), VAULT)


def _os(item: Json) -> Any:
    details = part(part(item, "properties"), "providerSpecificDetails")
    return details.get("osType") or part(details, "osDetails").get("osType")


def _returning(items: _Items, ids: Mapping[str, str]) -> Mapping[str, str]:
    through = {name: returns_through(item, ids) for name, item in items.read.items()}
    return {name: target for name, target in through.items() if target and _is_on_its_way(items.read[name])}


def _is_on_its_way(item: Json) -> bool:
    return phase_row(item_from_sdk(item).phase).holds_slots


# Azure machines


def _replicas(client: EstateClient, items: _Items) -> Iterator[tuple[str, Facts | None]]:
    """Facts of each Azure machine that there ought to be; None where it could not be read."""
    wanted = {name: arm_id for name, item in items.read.items() if (arm_id := _machine_of(item)) is not None}
    return zip(wanted, client.at_once(_replica, list(wanted.values())), strict=True)


def _machine_of(item: Json) -> str | None:
    """The Azure machine that there ought to be."""
    return azure_machine_id(item) if phase_row(item_from_sdk(item).phase).replica is Replica.PRESENT else None


def _replica(client: EstateClient, arm_id: str) -> Facts | None:
    try:
        return machine_facts(client.machine(arm_id))
    except ResourceAbsent:
        return missing_machine_facts(arm_id, client.machines_named(last_segment(arm_id)))
    except Unreachable:  # a reader of the vault need not be one of the machines
        return None


def _of_replicas(replicas: Mapping[str, Facts | None]) -> Iterator[SourceFacts]:
    return (SourceFacts("virtual_machines", name, {"azure": facts}, AZURE) for name, facts in replicas.items() if facts)


def _notes(estate: Estate, items: _Items, unread: list[str]) -> Iterator[str]:
    for unclear in items.unclear:
        yield f"Ambiguous: the vault has {unclear}. Nobody can tell which one is meant, so rename one."
    for other in items.spelt_otherwise:
        yield f"The vault has {other}. Spell it in the file as the vault does."
    missing = [name for name in estate.virtual_machines if name not in items.read]
    if missing:
        yield f"The vault has no protected item named {_some(missing)}: facts about them come from the file."
    if items.others:
        yield f"The vault protects {items.others} machines that the file does not name; they were not checked."
    if unread:
        yield f"The Azure machines of {_some(unread)} could not be read: that takes the role Reader on their group."


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
