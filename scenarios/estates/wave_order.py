"""The order of the units of a plan: applications after what they depend on, the most important tier first."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import groupby

from failback.scenarios.files.applications import Application, tier_number

from .wave_units import Unit


class DependencyCircle(ValueError):
    """Applications wait for one another."""


def ranks_of(units: Sequence[Unit], applications: Sequence[Application]) -> Mapping[str, float]:
    """Application -> the number of its tier, or of the most important one among those that need it."""
    ranks = {one.name: tier_number(one.tier) for one in applications}
    for _ in units:  # as often as the longest chain can be
        for unit in units:
            rank = min(ranks[name] for name in unit.names)
            ranks |= {name: min(rank, ranks[name]) for name in (*unit.names, *unit.needs)}
    return ranks


def generations(units: Sequence[Unit], ranks: Mapping[str, float]) -> Iterator[tuple[Unit, ...]]:
    """Those that nothing holds back and that are of the most important tier among them, again and again.

    A second part for which nothing waits comes along with whatever is next.
    """
    sorter = _sorter(units)
    needed = frozenset(name for unit in units for name in unit.needs)
    along = {n for n, unit in enumerate(units) if unit.part and not needed.intersection(unit.names)}
    ready = _ready(sorter, units)
    while ready:
        first = min((_rank(units[n], ranks) for n in ready if n not in along), default=None)
        now = sorted(n for n in ready if n in along or _rank(units[n], ranks) == first)
        yield tuple(units[n] for n in now)
        sorter.done(*now)
        ready = [n for n in ready if n not in now] + list(sorter.get_ready())


def _sorter(units: Sequence[Unit]) -> TopologicalSorter[int]:
    """Numbers of units: a part comes after the one before it, the first after all that its applications need."""
    of: defaultdict[str, list[int]] = defaultdict(list)
    for n, unit in enumerate(units):
        for name in unit.names:
            of[name].append(n)
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for n, unit in enumerate(units):
        sorter.add(n, *((n - 1,) if unit.part else (other for need in unit.needs for other in of[need])))
    return sorter


def _ready(sorter: TopologicalSorter[int], units: Sequence[Unit]) -> list[int]:
    try:
        sorter.prepare()
    except CycleError as circle:
        names = [units[n].names[0] for n in circle.args[1]]
        raise DependencyCircle(" -> ".join(name for name, _ in groupby(names))) from None
    return list(sorter.get_ready())


def _rank(unit: Unit, ranks: Mapping[str, float]) -> float:
    return ranks[unit.names[0]]
