"""Fits of the resync: how fast disks are compared, and what share of them differed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import pi, sqrt
from statistics import fmean, median, stdev
from typing import Final

from failback.reprotect import Estate, scanned_gib
from failback.simulator.parameters import DiskScan

from .measured import ScannedDisks

_MIB, _GIB = float(2**20), float(2**30)
MEDIAN_ERROR: Final = sqrt(pi / 2)
"""Standard error of a median over that of a mean, for normal values."""
AT_FULL_RATE: Final = 0.9
"""Resyncs at this share of the best rate or more count as bound by the scan [inferred]."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number from `n` resyncs out of `of`, with its standard error where two or more tell one."""

    value: float
    error: float | None
    n: int
    of: int


def sized(resyncs: Iterable[ScannedDisks], estate: Estate, scan: DiskScan) -> list[ScannedDisks]:
    """The resyncs with what one scanner read, where the estate knows the machine (B03: the whole disk is read)."""
    together = max if scan is DiskScan.PARALLEL else sum
    known = {name: together(scanned_gib(vm) or (0.0,)) * _GIB for name, vm in estate.virtual_machines.items()}
    return [r if r.scanned_bytes else replace(r, scanned_bytes=known.get(r.item)) for r in resyncs]


def scan_rate(resyncs: Sequence[ScannedDisks]) -> Value | None:
    """MiB/s at which a disk is compared: the median of those that nothing else slowed."""
    rates = [r.scanned_bytes / _MIB / r.took_s for r in resyncs if r.scanned_bytes and r.took_s > 0]
    found = _mean(fast := [rate for rate in rates if rate >= AT_FULL_RATE * max(rates)], len(rates))
    if found is None:
        return None
    error = None if found.error is None else MEDIAN_ERROR * found.error
    return replace(found, value=median(fast), error=error)


def changed_share(resyncs: Sequence[ScannedDisks]) -> Value | None:
    """Share of the bytes that crossed the link, weighed by size."""
    pairs = [(r.transferred_bytes, r.scanned_bytes) for r in resyncs if r.transferred_bytes is not None]
    pairs = [(moved, read) for moved, read in pairs if read]
    shares = [min(1.0, moved / read) for moved, read in pairs if read]
    found = _mean(shares, len(shares))
    whole = sum(read for _, read in pairs if read)
    return None if found is None else replace(found, value=min(1.0, sum(moved for moved, _ in pairs) / whole))


def _mean(values: Sequence[float], of: int) -> Value | None:
    if not values:
        return None
    error = stdev(values) / sqrt(len(values)) if len(values) > 1 else None
    return Value(fmean(values), error, len(values), of)


def as_row(found: Value, unit: str) -> Mapping[str, object]:
    """For the file: the number with its unit, its error, and from how many resyncs."""
    error = None if found.error is None else float(f"{found.error:.3g}")
    return {f"estimate_{unit}": float(f"{found.value:.6g}"), "standard_error": error, "n": found.n, "of": found.of}
