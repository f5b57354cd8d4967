"""What an import noted and the estate of today does not settle: the entry of a repair stays in the file behind it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from failback.reprotect import Estate
from failback.scenarios.files.schema import Mismatch, MismatchKind


class ListedStore(NamedTuple):
    """A datastore that the vault lists for a server, and vCenter not on its host of then; `dates` of both."""

    server: str
    store: str
    host: str
    dates: str


def listed_stores(one: Mismatch) -> Iterator[ListedStore]:
    """By server, in the order of the entry."""
    for server, text in zip(one.parts(), one.names, strict=True):
        store, _, rest = text.removeprefix(f"{server} (datastore: ").removesuffix(")").partition(", host: ")
        host, _, dates = rest.partition(", ")
        yield ListedStore(server, store, host, dates)


def still_open(mismatches: tuple[Mismatch, ...], estate: Estate) -> tuple[Mismatch, ...]:
    """Without the datastores of a server that is on another host by now, or whose host mounts them by now."""
    return tuple(_open_stores(one, estate) if one.kind is MismatchKind.SERVER_DATASTORES else one for one in mismatches)


def _open_stores(one: Mismatch, estate: Estate) -> Mismatch:
    pairs = zip(listed_stores(one), one.names, strict=True)
    left = [(listed.server, name) for listed, name in pairs if not _is_settled(listed, estate)]
    return replace(one, names=tuple(name for _, name in left), objects=tuple(server for server, _ in left))


def _is_settled(listed: ListedStore, estate: Estate) -> bool:
    server = estate.appliances.get(listed.server) or estate.master_targets.get(listed.server)
    host = estate.hosts.get(listed.host)
    moved = server is not None and listed.host not in ("", server.host) and bool(server.host)
    return moved or (host is not None and listed.store in host.mounted)
