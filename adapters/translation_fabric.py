"""From the names that people use to the ids that requests carry, for one fabric."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .translation import Json, MissingChoice, part, parts, text


@dataclass(frozen=True, slots=True)
class Directory:
    """Ids by name, in the fabric's order. `drives` and `datastores` are what each master target or appliance offers."""

    fabric: str
    master_targets: Mapping[str, str] = field(default_factory=dict)
    process_servers: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    appliances: Mapping[str, str] = field(default_factory=dict)
    drives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    datastores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own_process_server: str | None = None
    failback_policy: str | None = None
    azure_policy: str | None = None


def directory_from_sdk(
    fabric: Json, container_id: str, mappings: Iterable[Json], appliances: Iterable[Json] = ()
) -> Directory:
    """The directory of a classic or modernised fabric, with the policies of this container's mappings."""
    details = part(part(fabric, "properties"), "customDetails")
    targets, agents = parts(details, "masterTargetServers"), parts(details, "reprotectAgents")
    boxes = _boxes(appliances)
    servers = {
        **_ids(parts(details, "processServers"), "fqdn", "name", "friendlyName"),
        **_of_boxes(boxes, "processServer"),
    }
    failback, azure = _policies(container_id, mappings)
    return Directory(
        fabric=text(part(fabric, "properties").get("friendlyName")) or text(fabric.get("name")),
        master_targets=_ids(targets, "name"),
        process_servers=servers,
        accounts=_pairs(parts(details, "runAsAccounts"), "accountName", "accountId"),
        appliances={**_ids(agents, "fqdn", "name"), **_of_boxes(boxes, "reprotectAgent")},
        drives={text(t.get("name")): _names(parts(t, "retentionVolumes"), "volumeName") for t in targets},
        datastores=_seen_datastores(targets, agents),
        own_process_server=servers.get(text(details.get("hostName"))),
        failback_policy=failback,
        azure_policy=azure,
    )


def look_up(ids: Mapping[str, str], name: str, what: str, fabric: str) -> str:
    """The id of a named thing; server names are compared without case. Raises `MissingChoice`."""
    folded = {known.casefold(): arm_id for known, arm_id in ids.items()}
    if name.casefold() not in folded:
        offered = ", ".join(ids) or "none"
        raise MissingChoice(
            f"Fabric '{fabric}' has no {what} '{name}'; it offers: {offered}. Choose one of these, or refresh it."
        )
    return folded[name.casefold()]


def _boxes(appliances: Iterable[Json]) -> tuple[Json, ...]:
    lists = (parts(part(part(a, "properties"), "providerSpecificDetails"), "appliances") for a in appliances)
    return tuple(box for found in lists for box in found)


def _of_boxes(boxes: tuple[Json, ...], role: str) -> dict[str, str]:
    return {text(box.get("name")): text(part(box, role).get("id")) for box in boxes if part(box, role).get("id")}


def _ids(things: tuple[Json, ...], *name_keys: str) -> dict[str, str]:
    return {text(t.get(key)): text(t.get("id")) for key in name_keys for t in things if t.get(key) and t.get("id")}


def _pairs(things: tuple[Json, ...], key: str, value: str) -> dict[str, str]:
    return {text(thing.get(key)): text(thing.get(value)) for thing in things}


def _names(things: tuple[Json, ...], key: str) -> tuple[str, ...]:
    return tuple(text(thing.get(key)) for thing in things)


def _seen_datastores(targets: tuple[Json, ...], agents: tuple[Json, ...]) -> dict[str, tuple[str, ...]]:
    classic = {text(t.get("name")): _names(parts(t, "dataStores"), "symbolicName") for t in targets}
    return classic | {text(a.get("name")): tuple(a.get("accessibleDatastores") or ()) for a in agents}


def _policies(container_id: str, mappings: Iterable[Json]) -> tuple[str | None, str | None]:
    """(failback, to Azure). Recorded for classic: the failback policy's mapping has the container itself for target."""
    failback = azure = None
    for mapping in (part(m, "properties") for m in mappings):
        policy = text(mapping.get("policyId")) or None
        if text(mapping.get("targetProtectionContainerId")).casefold() == container_id.casefold():
            failback = failback or policy
        else:
            azure = azure or policy
    return failback, azure
