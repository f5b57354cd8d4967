"""One vCenter under one name: a vault has somebody's name for it and an address, an inventory only an address."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from failback.adapters.importing.arm_json import VCENTERS

from .unique_names import folded


def name_vcenters(server: dict[str, Any], seen: Mapping[str, str]) -> Iterator[str]:
    """Name the vCenters of a configuration server as the inventories that were read do; `seen` are those, folded.

    Yields those that may be one of an inventory under a third name; which ones it has discovered is unknown then.
    """
    centers = server.pop(VCENTERS, ())
    if not centers:
        return
    found = [_same(names, seen) for names in centers]
    strange = [names[0] for names, same in zip(centers, found, strict=True) if same is None and names]
    if strange and set(seen.values()) - set(found):
        server.pop("vcenters", None)
        server.pop("lost_vcenters", None)
        yield from strange
        return
    named = {names: same or names[0] for same, names in zip(found, centers, strict=True) if names}
    server["vcenters"] = tuple(named.values())
    if lost := server.get("lost_vcenters"):
        server["lost_vcenters"] = tuple(name for names, name in named.items() if not set(names).isdisjoint(lost))


def vcenters_seen(facts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The vCenters that inventories name, by their folded names."""
    return {folded(name): name for each in facts if (name := each.get("vcenter"))}


def _same(names: tuple[str, ...], seen: Mapping[str, str]) -> str | None:
    """What an inventory calls it; a name without its domain will do where one alone begins with it [inferred]."""
    for name in map(folded, names):
        short = [full for known, full in seen.items() if known.partition(".")[0] == name]
        if name in seen or len(short) == 1:
            return seen[name] if name in seen else short[0]
    return None
