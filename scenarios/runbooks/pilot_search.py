"""The best set of groups that tries all that is wanted: branch and bound over the groups of each property."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from .pilot_cover import PilotGroup, covered, names_of, stored
from .pilot_goals import Goals, goals, important_first

_STEPS: Final = 5_000
"""After so many the best set found so far is taken. Most estates have few kinds of machines and need fewer."""

Bound: TypeAlias = tuple[int, int, int, int, tuple[float, ...]]
"""The first of the goals."""


def covering(
    groups: Sequence[PilotGroup], wanted: frozenset[str], taken: Sequence[PilotGroup] = ()
) -> tuple[PilotGroup, ...]:
    """Those of `groups` that try all of `wanted` with the least `Goals`, beside those `taken` anyway."""
    if not wanted:
        return ()
    useful = tuple(_useful(groups, wanted))
    search = _Search(useful, tuple(taken), wanted, _greedy(useful, wanted))
    search.walk((), wanted, frozenset())
    return search.best


def _useful(groups: Sequence[PilotGroup], wanted: frozenset[str]) -> Iterator[PilotGroup]:
    """Of groups that differ in nothing but the goals that add up, the best: no best set has two of them."""
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
    """Branches over the groups of the property that the fewest have."""

    groups: tuple[PilotGroup, ...]
    taken: tuple[PilotGroup, ...]
    wanted: frozenset[str]
    best: tuple[PilotGroup, ...]
    least: Goals = field(init=False)
    having: Mapping[str, Sequence[PilotGroup]] = field(init=False)
    steps: int = 0

    def __post_init__(self) -> None:
        self.least = goals(self.best, self.taken)
        self.having = {one: [group for group in self.groups if one in group.properties] for one in self.wanted}

    def walk(self, chosen: tuple[PilotGroup, ...], left: frozenset[str], refused: frozenset[PilotGroup]) -> None:
        """All sets with `chosen` and without `refused` that can be better than the best."""
        self.steps += 1
        if self.steps > _STEPS or self._bound(chosen, left) > self.least:
            return
        if not left:
            self._compare(chosen)
            return
        rarest = min(left, key=lambda one: (len(self.having[one]), one))
        for group in self.having[rarest]:
            if group not in refused:
                self.walk((*chosen, group), left - group.properties, refused)
                refused |= {group}

    def _compare(self, chosen: tuple[PilotGroup, ...]) -> None:
        if (found := goals(chosen, self.taken)) < self.least:
            self.best, self.least = chosen, found

    def _bound(self, chosen: Sequence[PilotGroup], left: frozenset[str]) -> "Bound":
        """No set with these, and with what is left, has less: the first goals."""
        now = goals(chosen, self.taken)
        doubtful = frozenset(one for one in left if all(group.waits_for for group in self.having[one]))
        in_doubt, size = now.in_doubt + self._at_least(doubtful), now.machines + self._at_least(left)
        if (in_doubt, size) != (self.least.in_doubt, self.least.machines):
            return in_doubt, size, 0, 0, ()
        best = max(group.rank for group in self.groups)
        ranks = ((group.rank, len(group.machines)) for group in chosen)
        stores = max(now.stores - (size - now.machines), -len(stored((*self.taken, *self.groups))))
        least = important_first((*ranks, (best, size - now.machines)))
        return in_doubt, size, self._split(chosen, size), stores, least

    def _at_least(self, left: frozenset[str]) -> int:
        """So many machines are needed for properties of which no group has two."""
        counted: set[PilotGroup] = set()
        least = 0
        for one in sorted(left, key=lambda one: (len(self.having[one]), one)):
            if counted.isdisjoint(self.having[one]):
                counted.update(self.having[one])
                least += min(len(group.machines) for group in self.having[one])
        return least

    def _split(self, chosen: Sequence[PilotGroup], size: int) -> int:
        """Applications in parts that a set of this size cannot make whole."""
        names = frozenset(names_of((*self.taken, *chosen)))
        more = size - len(names_of(chosen))
        parted = frozenset[frozenset[str]]().union(*(group.parted for group in chosen))
        return sum(len(machines - names) > more for machines in parted)
