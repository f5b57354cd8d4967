"""Who reaches whom through which TCP port. One link joins Azure and the site, so the kinds of two parts decide."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from itertools import product
from typing import Any, Final, TypeAlias, cast

from failback.reprotect import Estate

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


class PortRoutes(Set[Way]):
    """The ways that the ports table asks for.

    Only the parts are kept: the ways are machines times servers, hundreds of megabytes for ten thousand machines.
    """

    def __init__(self, by_kind: Mapping[str, Collection[str]]) -> None:
        self._by_kind = by_kind
        self._kind_of = {name: kind for kind, names in by_kind.items() for name in names}
        self._any = next(iter(self), None) is not None

    def __contains__(self, way: object) -> bool:
        source, target, port = cast(Way, way)
        return (self._kind_of.get(source), self._kind_of.get(target), port) in _PORTS

    def __iter__(self) -> Iterator[Way]:
        for source_kind, target_kind, port in PORTS:
            pairs = product(self._by_kind.get(source_kind, ()), self._by_kind.get(target_kind, ()))
            yield from ((source, target, port) for source, target in pairs)

    @classmethod
    def _from_iterable(cls, ways: Iterable[Any]) -> frozenset[Any]:
        return frozenset(ways)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return self._any


def reachable(estate: Estate) -> Set[Way]:
    """(from, to, port) of all pairs that the ports table asks for. What a firewall closes is a fact of its server."""
    return PortRoutes(
        {
            "azure_vm": [f"azure:{name}" for name in estate.virtual_machines],
            "configuration_server": tuple(estate.configuration_servers),
            "process_server": tuple(estate.process_servers),
            "master_target": tuple(estate.master_targets),
            "appliance": tuple(estate.appliances),
            "vcenter": ("vcenter",),
        }
    )
