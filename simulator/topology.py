"""Who reaches whom through which TCP port: a networkx graph of the estate."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from itertools import product
from typing import Any, Final, TypeAlias, cast

import networkx as nx

from failback.reprotect import Estate, known

from .link import LINK

Way: TypeAlias = tuple[str, str, int]
"""From, to, TCP port."""

# from kind, to kind, TCP port. Sources: the vendor's articles; PS to MT is inferred from their wording.
PORTS: Final[tuple[tuple[str, str, int], ...]] = (
    ("azure_vm", "configuration_server", 443),
    ("azure_vm", "process_server", 9443),
    ("azure_vm", "appliance", 443),
    ("azure_vm", "appliance", 9443),
    ("process_server", "configuration_server", 443),
    ("process_server", "master_target", 9443),
    ("master_target", "configuration_server", 443),
    ("configuration_server", "vcenter", 443),
    ("appliance", "vcenter", 443),
)

_PORTS: Final[frozenset[tuple[str | None, str | None, int]]] = frozenset(PORTS)


def graph_of(estate: Estate) -> "nx.Graph[str]":
    """Parts hang on the network of their side; the two sides are joined by the link."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edge("azure", LINK)
    graph.add_edge(LINK, "site")
    for name, (kind, side) in _parts(estate).items():
        graph.add_node(name, kind=kind)
        graph.add_edge(name, side)
    return graph


class PortRoutes(Set[Way]):
    """The ways that the ports table asks for and a graph connects.

    Only the parts are kept: the ways are machines times servers, hundreds of megabytes for ten thousand machines.
    """

    def __init__(self, by_kind: Mapping[str, Collection[str]], components: Iterable[Collection[str]]) -> None:
        self._by_kind = by_kind
        self._kind_of = {name: kind for kind, names in by_kind.items() for name in names}
        self._component_of = {name: number for number, names in enumerate(components) for name in names}
        self._any = next(iter(self), None) is not None

    def __contains__(self, way: object) -> bool:
        source, target, port = cast(Way, way)
        wanted = (self._kind_of.get(source), self._kind_of.get(target), port) in _PORTS
        return wanted and self._component_of[source] == self._component_of[target]

    def __iter__(self) -> Iterator[Way]:
        for source_kind, target_kind, port in PORTS:
            pairs = product(self._by_kind.get(source_kind, ()), self._by_kind.get(target_kind, ()))
            yield from ((a, b, port) for a, b in pairs if self._component_of[a] == self._component_of[b])

    @classmethod
    def _from_iterable(cls, ways: Iterable[Any]) -> frozenset[Any]:
        return frozenset(ways)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return self._any


def reachable(estate: Estate) -> Set[Way]:
    """(from, to, port) of all pairs that the ports table asks for and the graph connects."""
    return PortRoutes(_by_kind(estate), nx.connected_components(graph_of(estate)))


def _parts(estate: Estate) -> dict[str, tuple[str, str]]:
    azure_process_servers = {n for n, p in estate.process_servers.items() if known(p.in_azure) and p.in_azure}
    parts = {f"azure:{name}": ("azure_vm", "azure") for name in estate.virtual_machines}
    parts |= dict.fromkeys(estate.configuration_servers, ("configuration_server", "site"))
    parts |= {n: ("process_server", "azure" if n in azure_process_servers else "site") for n in estate.process_servers}
    parts |= dict.fromkeys(estate.master_targets, ("master_target", "site"))
    parts |= dict.fromkeys(estate.appliances, ("appliance", "site"))
    return parts | {"vcenter": ("vcenter", "site")}


def _by_kind(estate: Estate) -> dict[str, list[str]]:
    by_kind: dict[str, list[str]] = {}
    for name, (kind, _) in _parts(estate).items():
        by_kind.setdefault(kind, []).append(name)
    return by_kind
