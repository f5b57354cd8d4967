"""The best set of groups that tries all that is wanted: branch and bound over the groups of each property."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import inf
from typing import Final, TypeAlias

from .pilot_cover import PilotGroup, covered, names_of, stored
from .pilot_goals import Goals, goals, important_first, too_many

_STEPS: Final = 5_000
"""After so many the best set found so far is taken. Most estates have few kinds of machines and need fewer."""

Bound: TypeAlias = tuple[int, int, int, int, float, int, int, tuple[float, ...]]
"""The first of the goals."""


def covering(
    groups: Sequence[PilotGroup], wanted: frozenset[str], taken: Sequence[PilotGroup] = ()
) -> tuple[PilotGroup, ...]:
    """Those of `groups` that try all of `wanted` with the least `Goals`, beside those `taken` anyway."""
    if not wanted:
        return ()
    useful = tuple(_useful(groups, wanted))
    search = _Search(tuple(groups), useful, tuple(taken), wanted, _greedy(useful, wanted))
    search.walk((), wanted, frozenset())
    return search.best


def _useful(groups: Sequence[PilotGroup], wanted: frozenset[str]) -> Iterator[PilotGroup]:
    """Of groups that differ in nothing but the goals that add up, the best.

    A best set has another of them only to make an application whole.
    """
    seen = set()
    for group in sorted(groups, key=lambda group: goals((group,))):
        tries = group.properties & wanted
        alike = (tries, len(group.machines), group.beside, group.parted, bool(group.waits_for))
        if tries and alike not in seen:
            seen.add(alike)
            yield group


def _greedy(groups: Sequence[PilotGroup], wanted: frozenset[str]) -> tuple[PilotGroup, ...]:
    """To begin with: always the one that tries most of what is left, and one in doubt only where no other tries any."""
    chosen: list[PilotGroup] = []
    while left := wanted - covered(chosen):
        news = {group: len(group.properties & left) for group in groups}
        chosen.append(max(groups, key=lambda group: (news[group] > 0, not group.waits_for, news[group])))
    return tuple(chosen)


@dataclass(slots=True)
class _Search:
    """Branches over the groups of the property that the fewest have, then over the applications to make whole."""

    groups: tuple[PilotGroup, ...]
    useful: tuple[PilotGroup, ...]
    taken: tuple[PilotGroup, ...]
    wanted: frozenset[str]
    best: tuple[PilotGroup, ...]
    least: Goals = field(init=False)
    having: Mapping[str, Sequence[PilotGroup]] = field(init=False)
    of: Mapping[str, PilotGroup] = field(init=False)
    """Machine -> its group."""
    steps: int = 0

    def __post_init__(self) -> None:
        self.least = goals(self.best, self.taken)
        self.having = {one: [group for group in self.useful if one in group.properties] for one in self.wanted}
        self.of = {name: group for group in self.groups for name in group.machines}

    def walk(self, chosen: tuple[PilotGroup, ...], left: frozenset[str], refused: frozenset[PilotGroup]) -> None:
        """All sets with `chosen` and without `refused` that can be better than the best."""
        self.steps += 1
        if self.steps > _STEPS or self._bound(chosen, left, refused) > self.least:
            return
        if not left:
            self._compare(chosen)
            self._complete(chosen, refused)
            return
        rarest = min(left, key=lambda one: (len(self.having[one]), one))
        for group in self.having[rarest]:
            if group not in refused:
                self.walk((*chosen, group), left - group.properties, refused)
                refused |= {group}

    def _compare(self, chosen: tuple[PilotGroup, ...]) -> None:
        if (found := goals(chosen, self.taken)) < self.least:
            self.best, self.least = chosen, found

    def _complete(self, chosen: tuple[PilotGroup, ...], refused: frozenset[PilotGroup]) -> None:
        """The same with one application more that comes home whole."""
        for missing in self._missing(chosen):
            if missing and refused.isdisjoint(missing):
                self.walk((*chosen, *missing), frozenset(), refused)

    def _missing(self, chosen: Sequence[PilotGroup]) -> Iterator[tuple[PilotGroup, ...]]:
        """Of each application in parts the groups that would make it whole; none where that is impossible."""
        together = frozenset(names_of((*self.taken, *chosen)))
        for machines in sorted(_in_parts(chosen, together), key=sorted):
            names = sorted(machines - together)
            yield tuple(dict.fromkeys(self.of[name] for name in names)) if all(map(self.of.get, names)) else ()

    def _bound(self, chosen: Sequence[PilotGroup], left: frozenset[str], refused: frozenset[PilotGroup]) -> Bound:
        """No set with these, without `refused`, and with what is left, has less: the first goals."""
        now = goals(chosen, self.taken)
        doubtful = frozenset(one for one in left if all(group.waits_for for group in self.having[one]))
        in_doubt, excess = now.in_doubt + self._at_least(doubtful), too_many(now.machines + self._at_least(left))
        wholes = [one if one and refused.isdisjoint(one) else () for one in self._missing(chosen)]
        in_parts = wholes.count(())
        if (in_doubt, excess, in_parts) != (self.least.in_doubt, self.least.too_many, self.least.in_parts):
            return in_doubt, excess, in_parts, 0, -inf, 0, 0, ()
        sure = tuple(dict.fromkeys((*chosen, *chain.from_iterable(wholes))))
        return in_doubt, excess, in_parts, *self._bound_of(sure, left - covered(sure))

    def _bound_of(
        self, sure: Sequence[PilotGroup], left: frozenset[str]
    ) -> tuple[int, float, int, int, tuple[float, ...]]:
        """The same of the goals after the applications: these groups all belong to a set that is as good there."""
        now = goals(sure, self.taken)
        size = now.machines + self._at_least(left)
        first_tier = max((now.first_tier, *(-max(group.rank for group in self.having[one]) for one in left)))
        stores = max(now.stores - (size - now.machines), -len(stored((*self.taken, *self.groups))))
        best = max(group.rank for group in self.groups)
        ranks = ((group.rank, len(group.machines)) for group in sure)
        return now.needed, first_tier, size, stores, important_first((*ranks, (best, size - now.machines)))

    def _at_least(self, left: frozenset[str]) -> int:
        """So many machines are needed for properties of which no group has two."""
        counted: set[PilotGroup] = set()
        least = 0
        for one in sorted(left, key=lambda one: (len(self.having[one]), one)):
            if counted.isdisjoint(self.having[one]):
                counted.update(self.having[one])
                least += min(len(group.machines) for group in self.having[one])
        return least


def _in_parts(groups: Sequence[PilotGroup], together: frozenset[str]) -> Iterator[frozenset[str]]:
    """The machines of each of their applications that are not all here."""
    parted = frozenset[frozenset[str]]().union(*(group.parted for group in groups))
    return (machines for machines in parted if not machines <= together)
