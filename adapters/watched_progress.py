"""How far the resync of an item is in bytes, and its recovery point objective, as far as its vault says."""

from collections.abc import Iterator
from typing import Final

from failback.reprotect import Progress

from .translation import Json, part, parts

_PROCESSED: Final = ("initialReplicationProcessedBytes", "resyncProcessedBytes")
_TRANSFERRED: Final = ("initialReplicationTransferredBytes", "resyncTransferredBytes")
_RPO: Final = ("rpoInSeconds", "lastRpoInSeconds")
_BYTES_MAX: Final = 10**18
"""An exabyte: more is no number of bytes."""


def progress_of(item: Json) -> Progress:
    """Of an item read alone: the provider's own totals, else the sum over its disks."""
    details = part(part(item, "properties"), "providerSpecificDetails")
    disks = tuple(_disk(each) for each in parts(details, "protectedDisks"))
    scanned, sent = tuple(pair[0] for pair in disks), tuple(pair[1] for pair in disks)
    return Progress(
        _first(details, _PROCESSED) or _sum(scanned),
        _first(details, _TRANSFERRED) if _first(details, _PROCESSED) else _sum(sent),
        _first(details, _RPO),
        tuple(each for each in scanned if each is not None) if None not in scanned else (),
    )


def _disk(disk: Json) -> tuple[int | None, int | None]:
    """Classic disks have their bytes on themselves, modernised ones in the details of their copy."""
    copy = part(disk, "irDetails") or part(disk, "resyncDetails")
    if copy:
        return _number(copy.get("processedBytes")), _number(copy.get("transferredBytes"))
    return _number(disk.get("resyncProcessedBytes")), _number(disk.get("resyncTotalTransferredBytes"))


def _first(details: Json, keys: tuple[str, ...]) -> int | None:
    return next(_numbers(details, keys), None)


def _numbers(details: Json, keys: tuple[str, ...]) -> Iterator[int]:
    for key in keys:
        if (found := _number(details.get(key))) is not None:
            yield found


def _number(value: object) -> int | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and 0 <= value < _BYTES_MAX else None  # type: ignore[operator, call-overload]


def _sum(values: tuple[int | None, ...]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None
