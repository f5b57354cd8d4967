"""A vault as Azure Resource Manager shows it: lists and single reads, in any mix of files."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from failback.adapters.estate_translation import (
    OUTDATED,
    SILENT,
    appliance_facts,
    configuration_server_facts,
    master_target_facts,
    process_server_facts,
    vcenter_names,
)
from failback.adapters.translation import RCM, RCM_FAILBACK, Json, instant, last_segment, part, parts, text
from failback.adapters.translation_reads import is_vmware, item_name
from failback.reprotect import Architecture

from .arm_health import troubles
from .arm_items import vault_item
from .arm_kinds import (
    APPLIANCES,
    CONTAINERS,
    FABRICS,
    ITEMS,
    MAPPINGS,
    PLANS,
    POLICIES,
    PROVIDERS,
    VCENTER_SERVERS,
    kind_of,
)
from .arm_policies import Policies, leads_home
from .arm_unused import unused
from .azure_machines import AzureMachines, azure_machines
from .azure_resources import RESOURCES, resources_of
from .records import Facts, Origin, OtherItem, Part, PlanFound, Reading, VaultItem

FORMAT: Final = "vault"
VCENTERS: Final = "names_of_vcenters"
"""Fact of a configuration server, for the join: all names of each vCenter that it has discovered."""
BIOS_IDS: Final = "bios_ids"
ADDRESSES: Final = "addresses_of_server"
MEMORY: Final = "memory_of_server"
SPACE: Final = "space_of_server"
HEALTH: Final = "health_of_server"
"""What the vault says of a server that is not healthy; no fact of an estate."""
_BYTES_PER_GIB: Final = 2**30
"""Facts of a server, for the join: by what its machine in vCenter may be found."""
_BEATS: Final = ("lastHeartbeat", "lastHeartbeatUtc", "lastUpdateReceivedTime", "lastDiscoveryTimeInUtc", "endTime")
_DEEP: Final = 12
_BY_TIME: Final = {"up", "vcenter_connected", "lost_vcenters"}
_NO_TIME: Final = datetime(9999, 1, 1, tzinfo=UTC)

Rows = Mapping[str, list[Json]]


@dataclass(frozen=True, slots=True)
class _Vault:
    """All rows by kind, and as of when they hold."""

    rows: Rows
    origin: Origin
    now: datetime | None
    absent: frozenset[str] = frozenset()

    def of(self, kind: str) -> list[Json]:
        return self.rows.get(kind, [])

    def below(self, fabric: Json, kind: str) -> list[Json]:
        root = text(fabric.get("id")).casefold() + "/"
        return [row for row in self.of(kind) if text(row.get("id")).casefold().startswith(root)]


def read_arm(names: list[str], rows: list[Json]) -> Reading:
    """What these rows of the files say of a vault. Where no row says a date, heartbeats are not judged."""
    now = max(_instants(rows, 0), default=None)
    by = "newest time in the vault's files" if now else ""
    reading = vault_reading(rows, Origin(FORMAT, FORMAT, now, by), now)
    reading.origins = [Origin(name, FORMAT, now, by) for name in names]
    return reading


def vault_reading(
    rows: list[Json], origin: Origin, now: datetime | None, absent: frozenset[str] = frozenset()
) -> Reading:
    """What these rows say of a vault, when it was `now` there; Azure has no machines with the ids in `absent`."""
    sorted_rows: dict[str, list[Json]] = {}
    for row in rows:
        sorted_rows.setdefault(kind_of(row), []).append(row)
    reading = Reading(origins=[origin], has_vault=True)
    _take(_Vault(sorted_rows, origin, now, absent), reading)
    return reading


def _instants(value: Any, depth: int) -> Iterator[datetime]:
    """Times at which something was seen."""
    if isinstance(value, list) and depth < _DEEP:
        for each in value:
            yield from _instants(each, depth + 1)
    elif isinstance(value, Mapping) and depth < _DEEP:
        for key, each in value.items():
            if key in _BEATS and (seen := instant(each)) is not None:
                yield seen
            elif isinstance(each, list | dict):
                yield from _instants(each, depth + 1)


def _take(vault: _Vault, reading: Reading) -> None:
    servers = _server_names(vault)
    azure = azure_machines(vault.of("virtualmachines"), vault.of("networkinterfaces"), vault.absent)
    policies = Policies(vault.of(POLICIES), vault.of(MAPPINGS))
    for row in vault.of(ITEMS):
        if is_vmware(row):
            item = vault_item(row, vault.origin, vault.now, servers)
            found = replace(item, facts={**item.facts, **policies.facts(row)})
            reading.items.append(_with_replica(found, row, azure))
        else:
            provider = text(part(part(row, "properties"), "providerSpecificDetails").get("instanceType"))
            reading.others.append(OtherItem(item_name(row) or "unnamed", provider or "unknown"))
    reading.parts += [*_servers(vault), *_appliances(vault)]
    reading.plans += [_plan(row, vault.origin) for row in vault.of(PLANS)]
    reading.has_plans = bool(reading.plans)
    reading.servers = frozenset(_listed_servers(vault))
    reading.missing += [item.id for item in reading.items if not item.full and item.id]
    reading.in_azure += resources_of({kind: vault.of(kind) for kind in RESOURCES})
    reading.listed += [RESOURCES[kind] for kind in RESOURCES if vault.of(kind)]
    machines, interfaces = azure.unused()
    reading.leave_out("virtual machines in Azure that are no replica of a protected item", machines)
    reading.leave_out("network interfaces in Azure that no replica of a protected item has", interfaces)
    reading.troubles += troubles(vault.of)
    for why, count in unused(vault.rows, policies.used):
        reading.leave_out(why, count)


def _with_replica(item: VaultItem, row: Json, azure: AzureMachines) -> VaultItem:
    """The item with what Azure's own resources say of its replica, which wins over what the vault says."""
    found = azure.facts(row, item.phase)
    return replace(item, facts={**item.facts, "azure": {**item.facts.get("azure", {}), **found}}) if found else item


# Servers


def _of_fabrics(vault: _Vault, key: str) -> Iterator[Json]:
    for fabric in vault.of(FABRICS):
        yield from parts(part(part(fabric, "properties"), "customDetails"), key)


def _boxes(vault: _Vault) -> Iterator[Json]:
    for row in vault.of(APPLIANCES):
        yield from parts(part(part(row, "properties"), "providerSpecificDetails"), "appliances")


def _server_names(vault: _Vault) -> dict[str, str]:
    """Servers, fabrics and vCenters by the ids that items carry or begin with, in lower case."""
    found = {text(each.get("id")): text(each.get("name")) for each in _of_fabrics(vault, "masterTargetServers")}
    found |= {text(each.get("id")): _box_name(each) for each in _of_fabrics(vault, "reprotectAgents")}
    found |= {text(each.get("reprotectAgentId")): text(each.get("reprotectAgentName")) for each in _item_details(vault)}
    found |= {text(part(box, "reprotectAgent").get("id")): text(box.get("name")) for box in _boxes(vault)}
    found |= {text(each.get("id")): text(each.get("friendlyName")) for each in _of_fabrics(vault, "processServers")}
    found |= {_fabric_of(row): text(part(row, "properties").get("fabricFriendlyName")) for row in vault.of(CONTAINERS)}
    for kind in (FABRICS, VCENTER_SERVERS):
        found |= {text(row.get("id")): text(part(row, "properties").get("friendlyName")) for row in vault.of(kind)}
    return {server.casefold(): name for server, name in found.items() if server and name}


def _fabric_of(container: Json) -> str:
    return text(container.get("id")).rpartition("/")[0].rpartition("/")[0]


def _box_name(component: Json) -> str:
    return text(component.get("fqdn")) or text(component.get("name"))


def _servers(vault: _Vault) -> Iterator[Part]:
    for fabric in vault.of(FABRICS):
        details = part(part(fabric, "properties"), "customDetails")
        read = _SERVERS_OF.get(text(details.get("instanceType")))
        if read:
            yield from read(vault, fabric, details)


def _classic_servers(vault: _Vault, fabric: Json, details: Json) -> Iterator[Part]:
    yield _configuration_server(vault, fabric, details)
    for server in parts(details, "processServers"):
        facts = _timed(process_server_facts, server, vault.now) | _health([server], vault.now)
        yield Part("process_servers", text(server.get("friendlyName")), vault.origin, facts)
    for target in parts(details, "masterTargetServers"):
        facts = _timed(master_target_facts, target, vault.now) | {ADDRESSES: (text(target.get("ipAddress")),)}
        facts |= _health([target], vault.now)
        yield Part("master_targets", text(target.get("name")), vault.origin, facts)


NOT_WELL: Final = OUTDATED | {"Warning"}
"""States of a component of a server that are told."""


def _health(components: Collection[Json], now: datetime | None) -> Facts:
    """Which states that are not good its components are in, with the codes of their errors and a silence of theirs."""
    states = {text(each.get("health")) for each in components} & NOT_WELL
    codes = {text(error.get("errorCode")) for each in components for error in parts(each, "healthErrors")} - {""}
    words = (*sorted(states), *(f"error {code}" for code in sorted(codes)))
    return {HEALTH: ", ".join((*words, *_silence(components, now)))} if words else {}


def _silence(components: Collection[Json], now: datetime | None) -> Iterator[str]:
    """The oldest last heartbeat, and how long before the newest time in the files that was."""
    beats = (instant(each.get("lastHeartbeatUtc") or each.get("lastHeartbeat")) for each in components)
    last = min((beat for beat in beats if beat is not None), default=None)
    if last is not None and now is not None and now - last >= SILENT:
        yield f"last heartbeat: {last:%Y-%m-%d %H:%M} UTC"
        yield f"silent for: {(now - last).total_seconds() // 60:.0f} min"


_SERVERS_OF: Final[Mapping[str, Callable[[_Vault, Json, Json], Iterator[Part]]]] = {"VMware": _classic_servers}
"""By the kind of a fabric."""


def _timed(facts_of: Callable[[Json, datetime], dict[str, Any]], server: Json, now: datetime | None) -> dict[str, Any]:
    facts = facts_of(server, now or _NO_TIME)
    return facts if now else {fact: value for fact, value in facts.items() if fact not in _BY_TIME}


def _configuration_server(vault: _Vault, fabric: Json, details: Json) -> Part:
    providers = vault.below(fabric, PROVIDERS)
    provider = part(providers[0], "properties") if providers else {}
    centers = tuple(part(row, "properties") for row in vault.below(fabric, VCENTER_SERVERS))
    facts = _timed(lambda d, now: configuration_server_facts(d, provider, centers, now), details, vault.now)
    if centers:
        facts[VCENTERS] = tuple(map(vcenter_names, centers))
    mappings = vault.below(fabric, MAPPINGS)
    if mappings:
        facts["failback_policy"] = any(map(leads_home, mappings))
    return Part("configuration_servers", text(part(fabric, "properties").get("friendlyName")), vault.origin, facts)


def _listed_servers(vault: _Vault) -> Iterator[str]:
    """Architectures whose servers are listed. A list of fabrics leaves the servers blank."""
    if vault.of(APPLIANCES) or any(_of_fabrics(vault, "reprotectAgents")):
        yield Architecture.MODERNISED.value
    if any(_of_fabrics(vault, "masterTargetServers")):
        yield Architecture.CLASSIC.value


def _appliances(vault: _Vault) -> Iterator[Part]:
    """Each once: the list of appliances and the fabric tell of the same agents, the latter by their full names.

    Where nobody listed them, those that protected items name are there, and nothing else is known of them.
    """
    named = {text(box.get("name")): box for box in _boxes(vault)}
    listed = {known for box in named.values() for known in _marks(part(box, "reprotectAgent"))}
    for agent in _of_fabrics(vault, "reprotectAgents"):
        if not listed & set(_marks(agent)):
            named.setdefault(_box_name(agent), {"name": _box_name(agent), "reprotectAgent": agent})
    for name in _named_by_items(vault) if not named else ():
        named[name] = {}
    for name, box in named.items():
        if name:
            yield Part("appliances", name, vault.origin, appliance_facts(box) | _marks_of_machine(box, vault.now))


def _item_details(vault: _Vault) -> Iterator[Json]:
    return (part(part(row, "properties"), "providerSpecificDetails") for row in vault.of(ITEMS))


def _named_by_items(vault: _Vault) -> list[str]:
    """The process server of a modernised item is a part of its appliance and has its name [inferred]."""
    details = _item_details(vault)
    keys = {RCM: "processServerName", RCM_FAILBACK: "reprotectAgentName"}
    found = (text(each.get(keys.get(text(each.get("instanceType")), ""))) for each in details)
    return sorted(set(found) - {""})


def _marks_of_machine(box: Json, now: datetime | None) -> Facts:
    components = [part(box, key) for key in box if isinstance(box[key], Mapping)]
    addresses = [str(each) for component in components for each in component.get("ipAddresses") or ()]
    sizes = dict((*_most(components, MEMORY, "totalMemoryInBytes"), *_most(components, SPACE, "totalSpaceInBytes")))
    bios = tuple({text(each.get("biosId")) for each in components} - {""})
    return {BIOS_IDS: bios, ADDRESSES: tuple(dict.fromkeys(addresses)), **sizes, **_health(components, now)}


def _most(components: Collection[Json], fact: str, key: str) -> Iterator[tuple[str, float]]:
    """In GiB what the component says that sees the most."""
    if sizes := [each[key] for each in components if isinstance(each.get(key), int)]:
        yield fact, max(sizes) / _BYTES_PER_GIB


def _marks(agent: Json) -> Iterator[str]:
    """By what an agent is known again."""
    return (text(agent.get(key)).casefold() for key in ("id", "fqdn") if agent.get(key))


# Recovery plans


def _plan(row: Json, origin: Origin) -> PlanFound:
    properties = part(row, "properties")
    boots = [group for group in parts(properties, "groups") if text(group.get("groupType")) == "Boot"]
    groups = tuple(tuple(text(each.get("id")) for each in parts(group, "replicationProtectedItems")) for group in boots)
    return PlanFound(text(properties.get("friendlyName")) or last_segment(text(row.get("id"))), origin, groups)
