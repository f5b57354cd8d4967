"""Servers, hosts and datastores of an estate, as hypothesis draws them: one or two of each kind, some of them odd."""

from typing import Any, Final

from hypothesis import strategies as st

from .known_estates import servers

OF_SERVERS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("master_targets", {"snapshots": ["x"]}), ("master_targets", {"up": False}), ("master_targets", {"lvm": True}),
    ("master_targets", {"local_disks": 58}), ("appliances", {"healthy": False}), ("appliances", {"local_disks": 57}),
    ("process_servers", {"up": False}), ("process_servers", {"network": "other"}), ("hosts", {"free_memory_gib": 40}),
    ("hosts", {"edition": "free"}), ("datastores", {"free_gib": 90}), ("datastores", {"kind": "NFS"}),
)  # fmt: skip
OWN: Final[dict[str, dict[str, Any]]] = {
    "hosts": {"name": "esx2"},
    "datastores": {"name": "silver"},
    "configuration_servers": {"name": "cs2", "vcenters": ["vc2"]},
    "process_servers": {"name": "ps2"},
    "master_targets": {"name": "mt2", "bios_uuid": "mt2", "disk_uuids": ["mt2-0"]},
    "appliances": {"name": "box2", "fqdn": "box2.corp"},
}
"""What the second of a kind has for itself."""
Parts = dict[str, list[dict[str, Any]]]


def drawn_servers(draw: st.DrawFn, kinds: tuple[str, ...]) -> Parts:
    """One of each kind, or two of some, whose places are drawn; of one kind some facts are odd, of one part or all."""
    parts = servers(*kinds)
    several = draw(st.sampled_from((False, False, True)))
    for section in parts if several else ():
        if draw(st.booleans()):
            parts[section].append({**parts[section][0], **OWN[section]})
    _mount(draw, parts)
    for part in (*parts.get("master_targets", ()), *parts.get("appliances", ())):
        part["host"], part["datastore"] = a_place(draw, parts)
    section, odd = draw(st.sampled_from((("hosts", {}),) * 12 + OF_SERVERS))
    for part in parts.get(section, ())[draw(st.integers(0, 1)) if several else 0 :]:
        part.update(odd)
    return parts


def _mount(draw: st.DrawFn, parts: Parts) -> None:
    stores = [store["name"] for store in parts["datastores"]]
    for host in parts["hosts"]:
        host["datastores"] = draw(st.sampled_from([stores, *([store] for store in stores)]))


def a_place(draw: st.DrawFn, parts: Parts) -> tuple[str, str]:
    """A host and one of its datastores."""
    host = draw(st.sampled_from(parts["hosts"]))
    return host["name"], draw(st.sampled_from(host["datastores"]))
