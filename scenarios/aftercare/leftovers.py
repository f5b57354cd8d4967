"""What is left in Azure of machines that are home, and what is attached to nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, unique
from typing import Final

from failback.adapters.importing.records import AzureResource

from .after import After
from .aspects import Pair
from .prices import KINDS, Prices

_REPLICATION: Final = ("asrseeddisk", "asrreplica")
"""How the names of disks begin that replication to Azure writes to [inferred]: they are needed."""


@unique
class Why(Enum):
    """Why something in Azure is in the list."""

    OF_HOME = "its machine is home"
    LOOSE = "attached to nothing"


@dataclass(frozen=True, slots=True)
class Leftover:
    """One of them. `machine`: whose it was, where that is known; `per_month` None: nobody said what it costs."""

    resource: AzureResource
    why: Why
    machine: str
    per_month: float | None


@dataclass(frozen=True, slots=True)
class KindCount:
    """One kind: how many are left, what they cost where that is known, and of how many it is not.

    `left` None: no list of this kind was read. `needed`: those of machines that are not home yet, and of replication;
    `others`: those of other machines.
    """

    kind: str
    left: int | None
    needed: int
    others: int
    per_month: float
    unpriced: int


@dataclass(frozen=True, slots=True)
class InAzure:
    """All of it."""

    left: tuple[Leftover, ...]
    kinds: tuple[KindCount, ...]
    currency: str

    @property
    def per_month(self) -> float:
        """What is known of the cost."""
        return sum(kind.per_month for kind in self.kinds)

    @property
    def unpriced(self) -> int:
        """Of how many the cost is not known."""
        return sum(kind.unpriced for kind in self.kinds)


def in_azure(after: After, pairs: Mapping[str, Pair], prices: Prices) -> InAzure:
    """What of all that was read is left over."""
    owners = _Owners(after, pairs)
    rows = [(one, *owners.judged(one)) for one in after.resources]
    left = tuple(Leftover(one, why, machine, prices.of(one)) for one, why, machine in rows if why is not None)
    others = {kind: sum(1 for one, why, machine in rows if _is_other(one, kind, why, machine)) for kind in KINDS}
    kinds = tuple(_count(kind, after, left, others[kind]) for kind in KINDS)
    return InAzure(tuple(sorted(left, key=_order)), kinds, prices.currency)


def _is_other(one: AzureResource, kind: str, why: Why | None, machine: str) -> bool:
    return one.kind == kind and why is None and not machine


def _count(kind: str, after: After, left: Iterable[Leftover], others: int) -> KindCount:
    own = [each for each in left if each.resource.kind == kind]
    known = [each.per_month for each in own if each.per_month is not None]
    all_ = sum(one.kind == kind for one in after.resources)
    found = len(own) if kind in after.listed or own else None
    return KindCount(kind, found, all_ - len(own) - others, others, sum(known), len(own) - len(known))


def _order(each: Leftover) -> tuple[int, str, str]:
    return KINDS.index(each.resource.kind), each.machine.casefold(), each.resource.id.casefold()


class _Owners:
    """Whose each thing is, by the ids along which things are attached to one another."""

    def __init__(self, after: After, pairs: Mapping[str, Pair]) -> None:
        self._part_of = {one.id.casefold(): one.part_of.casefold() for one in after.resources}
        self._pairs = pairs
        self._by_id = dict(_by_id(pairs))
        self._by_name = {name.casefold(): name for name in pairs}

    def judged(self, one: AzureResource) -> tuple[Why | None, str]:
        """Why it is left over, and whose it is; no reason and a name or `replication`: it is needed."""
        if one.kind != KINDS[0] and not one.part_of:
            needed = one.name.casefold().startswith(_REPLICATION)
            return (None, "replication") if needed else (Why.LOOSE, "")
        machine = self._machine(one.id.casefold(), 0)
        if not machine:
            return None, ""
        return (Why.OF_HOME if self._pairs[machine].is_home else None), machine

    def _machine(self, id_: str, steps: int) -> str:
        """The machine at the end of the chain: a public address is part of an interface, that of a machine."""
        if "/virtualmachines/" in id_:
            return self._by_id.get(id_) or self._by_name.get(id_.rpartition("/")[2], "")  # by name: inferred
        owner = self._part_of.get(id_) or self._part_of.get(id_.partition("/ipconfigurations/")[0], "")
        return self._machine(owner, steps + 1) if owner and steps < len(KINDS) else ""


def _by_id(pairs: Mapping[str, Pair]) -> Iterator[tuple[str, str]]:
    for name, pair in pairs.items():
        if pair.after is not None and pair.after.azure_id:
            yield pair.after.azure_id.casefold(), name
