"""Which virtual machine of a vCenter is which one of the estate."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from failback.reprotect import Identity, Matched, Outside, matched

from .vsphere_properties import ObjectValues, PropertyReader

INSTANCE_UUID: Final = "config.instanceUuid"


def machines_of(reader: PropertyReader, rows: Iterable[ObjectValues], wanted: Mapping[str, Identity]) -> Matched[Any]:
    """By the name in each row; the UUIDs of those that share one are read besides."""
    named: dict[str, list[Any]] = {}
    for row in rows:
        named.setdefault(str(row.get("name")), []).append(row.ref)
    known = {name for identity in wanted.values() for name in identity.names}
    shared = [ref for name in known & named.keys() if len(named[name]) > 1 for ref in named[name]]
    uuids = {row.ref: str(row.get(INSTANCE_UUID) or "").casefold() for row in reader.of(shared, INSTANCE_UUID)}
    found = (Outside(ref, name, _ids(ref, uuids.get(ref, ""))) for name, refs in named.items() for ref in refs)
    return matched(wanted, found)


def _ids(ref: Any, uuid: str) -> frozenset[str]:
    return frozenset(filter(None, (str(ref._GetMoId()).casefold(), uuid)))
