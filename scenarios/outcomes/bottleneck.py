"""Which part held a resync up: the one on its way that was full for longest while it went on."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import Final

from failback.reprotect import Estate
from failback.simulator import LINK, Load, SiteParameters
from failback.simulator.data_path import carries

LINE, STORE, SERVER = "link", "datastore", "server"
FULL: Final = 0.999
"""Share of its capacity from which on a part is full."""


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
    name = max(full_s, key=lambda name: full_s[name])
    return LINE if name == LINK else STORE if name in estate.datastores else SERVER


def _full_s(points: Sequence[Load], start_s: float, end_s: float) -> float:
    at = max(0, bisect_right(points, start_s, key=lambda load: load.t_s) - 1)
    total_s = 0.0
    while at < len(points) and points[at].t_s < end_s:
        until_s = points[at + 1].t_s if at + 1 < len(points) else end_s
        if points[at].bytes_per_s >= FULL * points[at].capacity_bytes_per_s:
            total_s += max(0.0, min(until_s, end_s) - max(points[at].t_s, start_s))
        at += 1
    return total_s
