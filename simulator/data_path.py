"""The way of replicated data through the estate (B06): which parts it passes, and what each of them carries now."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from math import inf
from typing import Any, Final, TypeAlias

import networkx as nx

from failback.reprotect import DATA_PORT, Appliance, Datastore, Estate, Link, MasterTarget, ProcessServer, known

from .appliance import parts_of
from .link import LINK, LINK_OUT
from .network import Route, Scaled, Schedule, as_schedule, shares_of
from .parameters import SiteParameters

MIB: Final = float(2**20)
GIB: Final = float(2**30)
_MBIT_BYTES: Final = 125_000.0
_AZURE, _SITE, _STORAGE = "(azure)", "(site)", "(storage)"
_Limit: TypeAlias = "Callable[[Any, SiteParameters], float]"


def data_graph(estate: Estate) -> "nx.DiGraph[str]":
    """Where data can flow: an arrow from each part to the next."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(((_AZURE, LINK), (LINK, _SITE), (_SITE, LINK_OUT), (LINK_OUT, _AZURE)))
    for name, server in estate.process_servers.items():
        side = _AZURE if server.in_azure is not False else _SITE
        graph.add_edges_from(((side, name), (name, side)))
    for name in (*estate.master_targets, *estate.appliances):
        graph.add_edges_from(((_SITE, name), (name, _STORAGE)))
    graph.add_edges_from((_STORAGE, name) for name in estate.datastores)
    return graph


class ChosenRoutes:
    """Routes by the parts that are chosen for them, each found once."""

    def __init__(self, estate: Estate) -> None:
        self._graph = data_graph(estate)
        self._found: dict[tuple[str, ...], Route] = {}

    def home(self, *chosen: str | None) -> Route:
        """From Azure through the chosen process server, if any, to its disk host and the datastore."""
        return self._through(_AZURE, *(name for name in chosen if name is not None and name in self._graph))

    def out(self) -> Route:
        """From the site to Azure."""
        return self._through(_SITE, _AZURE)

    def _through(self, *stations: str) -> Route:
        if stations not in self._found:
            hops = (nx.shortest_path(self._graph, *pair)[1:] for pair in pairwise(stations))
            self._found[stations] = tuple(dict.fromkeys(n for hop in hops for n in hop if not n.startswith("(")))
        return self._found[stations]


# What a part carries, bytes/s


def _process_server(server: ProcessServer, _: SiteParameters) -> float:
    """What it sends on; nothing while it is down (806) or its data port is closed (R08)."""
    return _at_most(server.upload_mib_per_s, server.up is not False and _is_open(server))


def _master_target(target: MasterTarget, _: SiteParameters) -> float:
    """What it takes; nothing while it is down (78022) or its data port is closed (R08)."""
    return _at_most(target.receive_mib_per_s, target.up is not False and _is_open(target))


def _appliance(box: Appliance, _: SiteParameters) -> float:
    """What it takes; nothing while it, or a part of it, is known to be sick (A01), or its data port is closed (A15)."""
    sick = box.healthy is False or any(part.healthy is False for part in parts_of(box))
    return _at_most(box.receive_mib_per_s, not sick and _is_open(box))


def _datastore(store: Datastore, parameters: SiteParameters) -> float:
    """What it writes, counted as it is on the line, compressed; nothing while it is full or out of reach (R24)."""
    is_full = known(store.free_gib) and (store.free_gib or 0.0) <= 0
    return _at_most(store.write_mib_per_s, store.accessible is not False and not is_full) / parameters.compression_ratio


def _is_open(server: ProcessServer | MasterTarget | Appliance) -> bool:
    return not known(server.closed_ports) or DATA_PORT not in (server.closed_ports or ())


def _at_most(mib_per_s: float | None, works: bool) -> float:
    return 0.0 if not works else inf if mib_per_s is None else mib_per_s * MIB


_LIMITS: Final[Mapping[type, _Limit]] = {
    ProcessServer: _process_server,
    MasterTarget: _master_target,
    Appliance: _appliance,
    Datastore: _datastore,
}


def carries(part: Any, parameters: SiteParameters) -> float | None:
    """Bytes/s that this part of the estate carries now; None for a part that no data passes."""
    limit = _LIMITS.get(type(part))
    return None if limit is None else limit(part, parameters)


def capacities(estate: Estate, parameters: SiteParameters, week_s: float) -> dict[str, float | Schedule]:
    """All parts that data passes, with what each carries at the start; `week_s`: the start, since Monday 00:00."""
    parts = [part for mapping in _passed(estate) for part in mapping.values()]
    line = line_capacities(estate.link, 1.0, week_s)
    own: dict[str, float | Schedule] = {part.name: carries(part, parameters) or 0.0 for part in parts}
    return {**line, **own, **{room_on(name): inf for name in estate.datastores}}


def room_on(store: str) -> str:
    """What stands in the way of new disks besides the datastore itself: room, which ends."""
    return f"(room on {store})"


def room_bytes(store: Datastore, parameters: SiteParameters) -> float:
    """Its room as it is counted on the line, compressed."""
    return (store.free_gib or 0.0) * GIB / parameters.compression_ratio if known(store.free_gib) else inf


def _passed(estate: Estate) -> tuple[Mapping[str, Any], ...]:
    return estate.process_servers, estate.master_targets, estate.appliances, estate.datastores


def line_capacities(link: Link, share: float, week_s: float) -> dict[str, Schedule]:
    """The line, each way with its own bandwidth [inferred: full duplex]; what narrows it does so both ways."""
    here = share if link.up is not False else 0.0
    both = {LINK: link.bandwidth_mbit_per_s, LINK_OUT: link.bandwidth_to_azure_mbit_per_s or link.bandwidth_mbit_per_s}
    shares = shares_of(link, week_s) if here > 0 else ()
    return {name: _line(mbit * _MBIT_BYTES * here, shares) for name, mbit in both.items()}


def _line(bytes_per_s: float, shares: tuple[Schedule, ...]) -> Schedule:
    return Scaled(bytes_per_s, shares) if shares else as_schedule(bytes_per_s)


def caches(estate: Estate) -> dict[str, float]:
    """Bytes of each cache that the estate speaks of (C12)."""
    servers: tuple[ProcessServer | Appliance, ...] = (*estate.process_servers.values(), *estate.appliances.values())
    return {server.name: server.cache_gib * GIB for server in servers if server.cache_gib is not None}
