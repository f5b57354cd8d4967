"""Batches: items that ask together, as a replication group (R07) or as a recovery plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, unique
from typing import Protocol, TypeAlias

from failback.reprotect.estate import Estate
from failback.reprotect.item import Operation
from failback.reprotect.plan import Plan

Leg: TypeAlias = tuple[Operation, int]
"""An operation and its lap."""


@unique
class BatchKind(Enum):
    """What holds a batch together."""

    REPLICATION_GROUP = "replication group"
    RECOVERY_PLAN = "recovery plan"
    TOGETHER = "entry"
    """Of `plan: together`: its items wait for each other, and each asks by a request of its own."""


@dataclass(frozen=True, slots=True)
class ReadyBatch:
    """Items whose turn may have come, lined up for one leg. `batch` None: each for itself."""

    batch: "Batch | None"
    items: tuple[str, ...]


class Linked(Protocol):
    """Items that claim their disk slots together, while it is `whole`."""

    kind: BatchKind
    name: str
    items: tuple[str, ...]
    whole: bool

    def parts(self) -> tuple[ReadyBatch, ...]:
        """From now on everyone goes alone; those that were held up."""
        ...


class Batch:
    """Gathers its items before a leg. Once a leg was asked, a latecomer (a second try) goes alone."""

    def __init__(self, kind: BatchKind, name: str, items: Iterable[str]) -> None:
        self.kind, self.name, self.items = kind, name, tuple(items)
        self.whole = self.binds = True
        self.stopped_by: str | None = None
        self._alive = set(self.items)
        self._gathered: dict[Leg, set[str]] = {}
        self._asked: set[Leg] = set()

    def joins(self, item: str, leg: Leg) -> ReadyBatch | None:
        """One more lined up for this leg; all of them when it was the last."""
        if not self.whole or leg in self._asked:
            return ReadyBatch(None, (item,))
        gathered = self._gathered.setdefault(leg, set())
        gathered.add(item)
        return self._released(leg) if len(gathered) == len(self._alive) else None

    def loses(self, item: str) -> tuple[ReadyBatch, ...]:
        """An item has stopped; what the others' waiting for it held up."""
        self._alive.discard(item)
        self.stopped_by = self.stopped_by or item
        for gathered in self._gathered.values():
            gathered.discard(item)
        return self.parts()

    def parts(self) -> tuple[ReadyBatch, ...]:
        """From now on everyone goes alone; those that were held up."""
        self.whole = False
        return tuple(self._released(leg) for leg in tuple(self._gathered))

    def has_asked(self, leg: Leg) -> None:
        """This leg was asked before the drill began: whoever has to ask again goes alone."""
        self._asked.add(leg)

    def part_for_good(self) -> None:
        """Its items begin at different points: they go alone, and who stops takes nobody along."""
        self.whole = self.binds = False

    def alive(self) -> tuple[str, ...]:
        """Items that have not stopped, in the batch's order."""
        return tuple(name for name in self.items if name in self._alive)

    def _released(self, leg: Leg) -> ReadyBatch:
        self._asked.add(leg)
        gathered = self._gathered.pop(leg)
        return ReadyBatch(self, tuple(name for name in self.items if name in gathered))


def groups_of(estate: Estate) -> Mapping[str, Batch]:
    """The replication group of each item that has one."""
    made = [Batch(BatchKind.REPLICATION_GROUP, group.name, group.items) for group in estate.replication_groups.values()]
    return {name: batch for batch in made for name in batch.items}


def plans_of(estate: Estate, plan: Plan) -> Mapping[str, Batch]:
    """The recovery plan of each item that goes by one."""
    plans = [estate.recovery_plans[name] for name in plan.recovery_plans]
    made = [Batch(BatchKind.RECOVERY_PLAN, p.name, (name for group in p.groups for name in group)) for p in plans]
    return {name: batch for batch in made for name in batch.items}


def linked_items(*ways: Mapping[str, Linked]) -> dict[str, tuple[str, ...]]:
    """Who must come home together: items that a chain of shared batches connects."""
    linked_to: dict[str, tuple[str, ...]] = {}
    for batch in {id(c): c for way in ways for c in way.values()}.values():
        joined = tuple(dict.fromkeys(name for member in batch.items for name in linked_to.get(member, (member,))))
        linked_to |= dict.fromkeys(joined, joined)
    return linked_to
