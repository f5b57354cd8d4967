"""Machines that should come home one after the other: those of one BIOS UUID, and those that may stand in for others.

Each such group has *turns*. Machines of one BIOS UUID have a turn each. Of stand-ins the first half has the first turn,
so that the others run meanwhile; they have no turns where their application has a machine without a stand-in, since it
is down anyway while that one comes home. Two machines of different turns are never in one wave, unless a replication
group keeps them there (R07).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, unique

from failback.reprotect import Estate
from failback.scenarios.files.applications import Application
from failback.scenarios.outcomes.stand_ins import StandIns, stand_ins
from failback.scenarios.predictions.later_twins import twins_of


@unique
class Because(Enum):
    """Why machines have turns."""

    ONE_UUID = "one BIOS UUID"
    STAND_IN = "one may stand in for the other"


@dataclass(frozen=True, slots=True)
class Turns:
    """Machines that should not be in one wave, turn by turn."""

    because: Because
    turns: tuple[tuple[str, ...], ...]

    @property
    def machines(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(name for turn in self.turns for name in turn)


def turns_of(estate: Estate, applications: Iterable[Application]) -> tuple[Turns, ...]:
    """All groups of the estate, those of one BIOS UUID first; stand-ins are looked for within each application."""
    pairs = (one.machines for one in _stand_ins(estate, applications) if not one.alone)
    return (
        *(Turns(Because.ONE_UUID, tuple((name,) for name in names)) for names in twins_of(estate)),
        *(Turns(Because.STAND_IN, _halves(names)) for names in pairs),
    )


def without_turns(estate: Estate, applications: Iterable[Application]) -> Iterator[StandIns]:
    """Stand-ins that may come home at once, since their application is down anyway with what has no stand-in."""
    return (one for one in _stand_ins(estate, applications) if one.alone)


def _stand_ins(estate: Estate, applications: Iterable[Application]) -> Iterator[StandIns]:
    twins = frozenset(map(frozenset, twins_of(estate)))
    return (one for one in stand_ins(estate, applications) if frozenset(one.machines) not in twins)


class TurnTable:
    """Asks whether machines may be in one wave. Built once for all groups."""

    def __init__(self, groups: Sequence[Turns]) -> None:
        self._turns: dict[str, list[tuple[int, int]]] = {}
        for n, group in enumerate(groups):
            for turn, names in enumerate(group.turns):
                for name in names:
                    self._turns.setdefault(name, []).append((n, turn))

    def apart(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """Whether one of `some` and one of `others` have different turns of one group."""
        theirs: dict[int, set[int]] = {}
        for n, turn in self._of(others):
            theirs.setdefault(n, set()).add(turn)
        return any(theirs.get(n, {turn}) != {turn} for n, turn in self._of(some))

    def parted(self, blocks: Iterable[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
        """Blocks that cannot be split, as few lots as needed, in order; in no lot are two that should be apart."""
        lots: list[list[tuple[str, ...]]] = []
        turns: list[dict[int, int]] = []
        for block in blocks:
            own = dict(self._of(block))
            place = next((k for k, lot in enumerate(turns) if all(lot.get(n, t) == t for n, t in own.items())), None)
            if place is None:
                place = len(lots)
                lots.append([])
                turns.append({})
            lots[place].append(block)
            turns[place].update(own)
        return lots

    def _of(self, names: Iterable[str]) -> Iterator[tuple[int, int]]:
        for name in names:
            yield from self._turns.get(name, ())


def _halves(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    middle = len(names) // 2
    return tuple(names[:middle]), tuple(names[middle:])
