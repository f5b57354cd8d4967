"""The smallest set of groups that covers what is wanted, of the least important tiers and without open questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeAlias

EXACT_MAX: Final = 4
"""Up to this size every set is tried; beyond it, the machine that covers most is added until all is covered."""
_CANDIDATES_MAX: Final = 60
"""More candidates than this make trying every set too slow."""


@dataclass(frozen=True, slots=True)
class PilotGroup:
    """Machines that come home together: one machine, or a replication group. `properties` is what they try.

    `warnings`: work after the return that they need; tried where it costs nothing. `rank`: number of the most important
    tier of their applications, infinite where none has a number; `tier`: the same of their own tiers. `faults`: how
    many rules they do not meet that do not block. `parted`: the machines of each application that these alone are not.
    `waits_for`: machines in doubt of their applications, and of those on which these depend.
    """

    machines: tuple[str, ...]
    properties: frozenset[str]
    promises: int
    size_gib: float
    warnings: frozenset[str] = frozenset()
    rank: float = float("inf")
    faults: int = 0
    tier: float = float("inf")
    parted: frozenset[frozenset[str]] = frozenset()
    waits_for: tuple[str, ...] = ()

    @property
    def turn(self) -> "Turn":
        """The lower, the less it is taken in the place of others: what is in doubt around it, then its tier."""
        return not self.waits_for, self.rank

    @property
    def cost(self) -> "Cost":
        """Less is better."""
        return _cost((self,))


Turn: TypeAlias = tuple[bool, float]
Cost: TypeAlias = tuple[int, int, float, int, int, int, float, tuple[str, ...]]
"""Machines, applications in parts, their own tier, promises, faults, work after the return, size, names."""


def covering(groups: Sequence[PilotGroup], wanted: frozenset[str]) -> tuple[PilotGroup, ...]:
    """Of each turn as few as possible, the lowest first: one takes only what no group of a higher turn can try."""
    chosen: list[PilotGroup] = []
    for turn in sorted({group.turn for group in groups}):
        left = wanted - covered(chosen) - covered(group for group in groups if group.turn > turn)
        chosen += _fewest([group for group in groups if group.turn == turn], left)
    return tuple(_needed(chosen, wanted))


def covered(groups: Iterable[PilotGroup]) -> frozenset[str]:
    """What they try together."""
    return frozenset[str]().union(*(group.properties for group in groups))


def names_of(groups: Iterable[PilotGroup]) -> tuple[str, ...]:
    """Their machines, group by group."""
    return tuple(name for group in groups for name in group.machines)


def tried_by(groups: Iterable[PilotGroup]) -> tuple[str, ...]:
    """The properties of each in alphabetical order, then its warnings; each once."""
    return tuple(dict.fromkeys(one for group in groups for one in (*sorted(group.properties), *sorted(group.warnings))))


def _needed(chosen: Sequence[PilotGroup], wanted: frozenset[str]) -> list[PilotGroup]:
    """Without those of which the others try everything."""
    kept = list(chosen)
    for group in chosen:
        others = [other for other in kept if other is not group]
        if covered(others) >= wanted:
            kept = others
    return kept


def _fewest(groups: Sequence[PilotGroup], wanted: frozenset[str]) -> tuple[PilotGroup, ...]:
    if not wanted:
        return ()
    cheapest: dict[frozenset[str], PilotGroup] = {}
    for group in sorted(groups, key=lambda group: group.cost):
        cheapest.setdefault(group.properties, group)
    useful = [g for g in cheapest.values() if not any(g.properties < o.properties and o.cost <= g.cost for o in groups)]
    if len(useful) <= _CANDIDATES_MAX:
        for size in range(1, EXACT_MAX + 1):
            found = [some for some in combinations(useful, size) if covered(some) >= wanted]
            if found:
                return min(found, key=_cost)
    return _greedy(useful, wanted)


def _cost(groups: Sequence[PilotGroup]) -> Cost:
    names = names_of(groups)
    warnings = frozenset[str]().union(*(group.warnings for group in groups))
    parted = frozenset[frozenset[str]]().union(*(group.parted for group in groups))
    return (
        len(names),
        sum(not machines.issubset(names) for machines in parted),
        -min(group.tier for group in groups),
        sum(group.promises for group in groups),
        sum(group.faults for group in groups),
        -len(warnings),
        sum(group.size_gib for group in groups),
        names,
    )


def _greedy(groups: Sequence[PilotGroup], wanted: frozenset[str]) -> tuple[PilotGroup, ...]:
    chosen: list[PilotGroup] = []
    while left := wanted - covered(chosen):
        chosen.append(min(groups, key=lambda group: (-len(group.properties & left), group.cost)))
    return tuple(chosen)
