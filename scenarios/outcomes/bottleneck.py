"""Which part held a resync up: when one on its way carried nothing at all, and which was full for longest else."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Final

from failback.reprotect import Estate
from failback.scenarios.text.language import message, said
from failback.simulator import LINK, Load, SiteParameters
from failback.simulator.data_path import carries

LINE, STORE, SERVER = "link", "datastore", "server"
FULL: Final = 0.999
"""Share of its capacity from which on a part is full."""
CAUSES: Final = {
    "link": message("the network link"),
    "scan": message("the scan of the disks"),
    "datastore": message("the datastores"),
    "server": message("the appliance or server that receives the data"),
    "people": message("the people who check machines"),
    "jobs": message("the vault's jobs, one after another"),
    "wait": message("waiting for a wave or a retry"),
    "date": message("waiting for a wave to open"),
    "decision": message("waiting for an answer at a gate"),
}
"""What sets the length of a piece of the critical path, by the name that the path has for it."""


def cause_name(cause: str) -> str:
    """A cause in words."""
    return said(CAUSES[cause]) if cause in CAUSES else cause


def is_only_the_line(estate: Estate, parameters: SiteParameters) -> bool:
    """Whether no server and no datastore has a limit, so that nobody has to watch them."""
    parts = (estate.process_servers, estate.master_targets, estate.appliances, estate.datastores)
    limits = (carries(part, parameters) for mapping in parts for part in mapping.values())
    return all(limit in (None, 0.0, inf) for limit in limits)


def fullest(
    estate: Estate, loads: Mapping[str, Sequence[Load]], route: Iterable[str], start_s: float, end_s: float
) -> str:
    """The kind of the part that was full for longest between two instants; the line where none was."""
    full_s = {name: _full_s(loads.get(name, ()), start_s, end_s) for name in dict.fromkeys((LINK, *route)) if name}
    return _kind(estate, max(full_s, key=lambda name: full_s[name]))


def stood_still(
    estate: Estate, loads: Mapping[str, Sequence[Load]], route: Iterable[str], start_s: float, end_s: float
) -> tuple[tuple[float, float, str], ...]:
    """Spans in which a part of the way carried nothing, with its kind; in order, and none over another."""
    names = [name for name in dict.fromkeys((LINK, *route)) if name]
    spans = [(*span, _kind(estate, n)) for n in names for span in _dead(loads.get(n, ()), start_s, end_s)]
    found, now_s = [], start_s
    for begin_s, stop_s, kind in sorted(spans):
        if stop_s > now_s:
            found.append((max(begin_s, now_s), stop_s, kind))
            now_s = stop_s
    return tuple(found)


def _kind(estate: Estate, name: str) -> str:
    return LINE if name == LINK else STORE if name in estate.datastores else SERVER


def _full_s(points: Sequence[Load], start_s: float, end_s: float) -> float:
    spans = _spans(points, start_s, end_s)
    return sum(until_s - from_s for load, from_s, until_s in spans if _is_full(load))


def _is_full(load: Load) -> bool:
    """Whether it carried all it could; what carries nothing at all is no matter of how much."""
    return load.capacity_bytes_per_s > 0 and load.bytes_per_s >= FULL * load.capacity_bytes_per_s


def _dead(points: Sequence[Load], start_s: float, end_s: float) -> Iterator[tuple[float, float]]:
    for load, from_s, until_s in _spans(points, start_s, end_s):
        if load.capacity_bytes_per_s <= 0:
            yield from_s, until_s


def _spans(points: Sequence[Load], start_s: float, end_s: float) -> Iterator[tuple[Load, float, float]]:
    """Each load with the part of the time between two instants in which it held."""
    at = max(0, bisect_right(points, start_s, key=lambda load: load.t_s) - 1)
    while at < len(points) and points[at].t_s < end_s:
        until_s = points[at + 1].t_s if at + 1 < len(points) else end_s
        from_s = max(points[at].t_s, start_s)
        if min(until_s, end_s) > from_s:
            yield points[at], from_s, min(until_s, end_s)
        at += 1
