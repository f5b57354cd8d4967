"""Servers, hosts and datastores of an estate, as hypothesis draws them: one to four of each kind, some of them odd."""

from typing import Any, Final

from hypothesis import strategies as st

from .known_estates import servers

OF_SERVERS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("master_targets", {"snapshots": ["x"]}), ("master_targets", {"up": False}), ("master_targets", {"lvm": True}),
    ("master_targets", {"local_disks": 58}), ("appliances", {"healthy": False}), ("appliances", {"local_disks": 57}),
    ("process_servers", {"up": False}), ("process_servers", {"network": "other"}), ("hosts", {"free_memory_gib": 40}),
    ("hosts", {"edition": "free"}), ("datastores", {"free_gib": 90}), ("datastores", {"kind": "NFS"}),
    ("datastores", {"accessible": False}), ("process_servers", {"closed_ports": [9443]}),
    ("appliances", {"closed_ports": [9443]}), ("hosts", {"connected": False}), ("process_servers", {"listed": False}),
    ("master_targets", {"discovered": False}),
)  # fmt: skip
PREFIXES: Final = {
    "hosts": "esx", "datastores": "gold", "configuration_servers": "cs", "process_servers": "ps",
    "master_targets": "mt", "appliances": "box",
}  # fmt: skip
MORE: Final = (0, 0, 1, 1, 2, 3)
"""How many more than one there are of a kind, where there are more of any."""
Parts = dict[str, list[dict[str, Any]]]


def drawn_servers(draw: st.DrawFn, kinds: tuple[str, ...]) -> Parts:
    """One to four of each kind, whose places are drawn; of one kind some facts are odd, of some parts or all."""
    parts = servers(*kinds)
    several = draw(st.sampled_from((False, False, True)))
    for section in parts if several else ():
        first = parts[section][0]
        parts[section] += [another(section, first, n) for n in range(2, 2 + draw(st.sampled_from(MORE)))]
    _mount(draw, parts)
    for part in (*parts.get("master_targets", ()), *parts.get("appliances", ())):
        part["host"], part["datastore"] = a_place(draw, parts)
    section, odd = draw(st.sampled_from((("hosts", {}),) * 12 + OF_SERVERS))
    for part in parts.get(section, ())[draw(st.integers(0, 2)) if several else 0 :]:
        part.update(odd)
    return parts


def another(section: str, first: dict[str, Any], number: int) -> dict[str, Any]:
    """The same as the first of its kind, but for its name and what nobody else may have."""
    name = f"{PREFIXES[section]}{number}"
    own: dict[str, dict[str, Any]] = {
        "configuration_servers": {"vcenters": [f"vc{number}"]},
        "master_targets": {"bios_uuid": name, "disk_uuids": [f"{name}-0"]},
        "appliances": {"fqdn": f"{name}.corp"},
    }
    return {**first, "name": name, **own.get(section, {})}


def _mount(draw: st.DrawFn, parts: Parts) -> None:
    stores = [store["name"] for store in parts["datastores"]]
    for host in parts["hosts"]:
        host["datastores"] = draw(st.sampled_from([stores, *([store] for store in stores)]))


def a_place(draw: st.DrawFn, parts: Parts) -> tuple[str, str]:
    """A host and one of its datastores."""
    host = draw(st.sampled_from(parts["hosts"]))
    return host["name"], draw(st.sampled_from(host["datastores"]))
