"""Datastores that the vault lists as accessible to a server, and that vCenter does not list on the server's host."""

from collections.abc import Iterator, Mapping
from typing import Final

from failback.adapters.importing.records import Origin, Reading

from .join import Joined
from .remarks import Named
from .told import JoinedPart

_LISTED: Final = "accessible_datastores"
_MOUNTED: Final = "datastores"


def contradicted_datastores(done: Joined, reading: Reading) -> Iterator[Named]:
    """Each with its server, the host, and the date of each source.

    A host whose mounts nobody told says nothing, nor a datastore that has another name in the estate.
    """
    hosts = {part.name: part for part in done.parts["hosts"] if _MOUNTED in part.told.facts}
    stores = {part.name for part in done.parts["datastores"]}
    origins = (*reading.origins, *(part.origin for part in reading.parts))
    dates = {origin.file: _date(origin) for origin in origins if origin.dated}
    for server in (*done.parts["master_targets"], *done.parts["appliances"]):
        if (host := hosts.get(str(server.told.facts.get("host", "")))) is not None:
            told = "".join(_told(server, host, dates))
            for store in sorted(stores & set(server.told.facts.get(_LISTED, ())) - set(host.told.facts[_MOUNTED])):
                yield server.name, f"datastore: {store}, host: {host.name}{told}"


def _told(server: JoinedPart, host: JoinedPart, dates: Mapping[str, str]) -> Iterator[str]:
    for side, file in (("vault", server.told.files.get(_LISTED)), ("inventory", host.told.files.get(_MOUNTED))):
        if date := dates.get(file or ""):
            yield f", {side}: {date}"


def _date(origin: Origin) -> str:
    """An export of RVTools has no offset."""
    return f"{origin.dated:%Y-%m-%d %H:%M}{' UTC' if origin.dated and origin.dated.tzinfo else ''}"
