"""Companies: items that ask together, as a replication group (R07) or as a recovery plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, unique
from typing import TypeAlias

from failback.reprotect.estate import Estate
from failback.reprotect.item import Operation
from failback.reprotect.plan import Plan

Leg: TypeAlias = tuple[Operation, int]
"""An operation and its lap."""


@unique
class Kind(Enum):
    """What holds a company together."""

    REPLICATION_GROUP = "replication group"
    RECOVERY_PLAN = "recovery plan"


@dataclass(frozen=True, slots=True)
class Together:
    """Items whose turn may have come, lined up for one leg. `company` None: each for itself."""

    company: "Company | None"
    items: tuple[str, ...]


class Company:
    """Gathers its items before a leg. Once a leg was asked, a latecomer (a second try) goes alone."""

    def __init__(self, kind: Kind, name: str, items: Iterable[str]) -> None:
        self.kind, self.name, self.items = kind, name, tuple(items)
        self.whole = True
        self.culprit: str | None = None
        self._alive = set(self.items)
        self._gathered: dict[Leg, set[str]] = {}
        self._asked: set[Leg] = set()

    def joins(self, item: str, leg: Leg) -> Together | None:
        """One more lined up for this leg; all of them when it was the last."""
        if not self.whole or leg in self._asked:
            return Together(None, (item,))
        gathered = self._gathered.setdefault(leg, set())
        gathered.add(item)
        return self._released(leg) if len(gathered) == len(self._alive) else None

    def loses(self, item: str) -> tuple[Together, ...]:
        """An item has stopped; what the others' waiting for it held up."""
        self._alive.discard(item)
        self.culprit = self.culprit or item
        for gathered in self._gathered.values():
            gathered.discard(item)
        return self.parts()

    def parts(self) -> tuple[Together, ...]:
        """From now on everyone goes alone; those that were held up."""
        self.whole = False
        return tuple(self._released(leg) for leg in tuple(self._gathered))

    def alive(self) -> tuple[str, ...]:
        """Items that have not stopped, in the company's order."""
        return tuple(name for name in self.items if name in self._alive)

    def _released(self, leg: Leg) -> Together:
        self._asked.add(leg)
        gathered = self._gathered.pop(leg)
        return Together(self, tuple(name for name in self.items if name in gathered))


def groups_of(estate: Estate) -> Mapping[str, Company]:
    """The replication group of each item that has one."""
    made = [Company(Kind.REPLICATION_GROUP, group.name, group.items) for group in estate.replication_groups.values()]
    return {name: company for company in made for name in company.items}


def plans_of(estate: Estate, plan: Plan) -> Mapping[str, Company]:
    """The recovery plan of each item that goes by one."""
    plans = [estate.recovery_plans[name] for name in plan.recovery_plans]
    made = [Company(Kind.RECOVERY_PLAN, p.name, (name for group in p.groups for name in group)) for p in plans]
    return {name: company for company in made for name in company.items}


def parties(*ways: Mapping[str, Company]) -> dict[str, tuple[str, ...]]:
    """Who must come home together: items that a chain of shared companies connects."""
    party_of: dict[str, tuple[str, ...]] = {}
    for company in {id(c): c for way in ways for c in way.values()}.values():
        joined = tuple(dict.fromkeys(name for member in company.items for name in party_of.get(member, (member,))))
        party_of |= dict.fromkeys(joined, joined)
    return party_of
