"""Berths: who may ask for the way home now, and with which values, as far as disk slots decide it.

A party (items that a replication group or a recovery plan holds together) claims its slots when its first items line
up. Until the claim is met they wait at the dock. Where a party could never be met at once, its recovery plans are
broken up and each group or item claims for itself; where even that never fits, it stops.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.decisions import Decided
from failback.reprotect.estate import Estate
from failback.reprotect.item import Architecture, Operation, Unknown
from failback.reprotect.phases import phase_row
from failback.reprotect.plan import Plan
from failback.reprotect.requirements import by_id

from .choosing import Chooser, through
from .companies import Company, Together, parties
from .item_drill import CalledOff, ItemDrill, Stance, Stop, TurnCame, tried_appliances
from .slots import Claim, Slots

_HOMEWARD: Final = Operation.REPROTECT_TO_ON_PREMISES
_ENDED: Final = frozenset({Stance.STOPPED, Stance.HOME})
_RULES: Final = {Architecture.CLASSIC: "M03", Architecture.MODERNISED: "A02"}


class Berths:
    """Slots for the drill's items. `items` and the companies are the drill's own, read and not changed here."""

    def __init__(
        self,
        estate: Estate,
        plan: Plan,
        items: Mapping[str, ItemDrill],
        groups: Mapping[str, Company],
        plans: Mapping[str, Company],
    ) -> None:
        self._estate, self._chooser, self._items = estate, Chooser(estate, plan), items
        self._groups, self._plans = groups, plans
        self._slots = Slots(estate)
        self._party = parties(_whole(groups), _whole(plans))
        self._docked: dict[str, list[str]] = {}
        self._chosen: dict[str, Choices] = {}
        self._note()

    def line_up(self, names: tuple[str, ...]) -> Iterator[TurnCame | CalledOff | Together | Decided]:
        """The turn of those that hold slots; the others wait at the dock."""
        if not any(self._slots.knows(name) for name in names):
            yield from self._claim(names)
        for name in names:
            if self._slots.claims(name):
                self._docked.setdefault(self._party_of(name)[0], []).append(name)
                yield Decided(name, "line_up", "waits for disk slots")
            elif self._slots.knows(name) or self._target(name) is None:
                yield from self._turn(self._items[name])

    def leave(self, name: str) -> Iterator[Together]:
        """It needs no slots any more; whom that lets go."""
        return self._undock(self._slots.leave(name))

    def lets_go(self, item: ItemDrill) -> bool:
        """Whether an item whose drill has ended frees its slots: not when its disks are, or may be, still lent."""
        return not phase_row(item.phase).holds_slots and item.key is None

    @property
    def occupied(self) -> bool:
        """Whether somebody waits at the dock."""
        return bool(self._docked)

    def strand(self) -> Iterator[CalledOff]:
        """Nobody moves any more, so whoever waits for slots waits for items that went no further and keep theirs."""
        names = tuple(name for docked in self._docked.values() for name in docked)
        self._docked.clear()
        yield from (self._no_room(name, "items that went no further keep them") for name in names)

    def _claim(self, names: tuple[str, ...]) -> Iterator[CalledOff | Together | Decided]:
        """Claim for the whole party, or for these alone where the party would never fit."""
        party = self._party_of(names[0])
        claims = tuple(claim for claim in map(self._claim_of, filter(self._may_claim, party)) if claim.target)
        if self._slots.ever_fit(claims):
            yield from self._undock(self._slots.claim(party[0], claims) if claims else ())
        elif len(party) > len(names):
            yield from self._break_up(party)
            yield from self._claim(names)
        else:
            yield from (self._no_room(name, "it has more disks than there ever are slots") for name in names)

    def _may_claim(self, name: str) -> bool:
        return self._items[name].stance not in _ENDED and not self._slots.knows(name)

    def _claim_of(self, name: str) -> Claim:
        self._chosen[name] = self._chooser.choose(name, _HOMEWARD)
        return Claim(name, self._target(name) or "", len(self._estate.virtual_machines[name].disks))

    def _target(self, name: str) -> str | None:
        return through(self._chosen.get(name, Choices()))

    def _party_of(self, name: str) -> tuple[str, ...]:
        return self._party.get(name, (name,))

    def _break_up(self, party: tuple[str, ...]) -> Iterator[Together | Decided]:
        for company in {id(c): c for c in map(self._plans.get, party) if c is not None}.values():
            why = f"recovery plan {company.name} has more disks than there are slots at once"
            yield Decided(None, "go_alone", why)
            yield from company.parts()
        self._party |= {name: self._groups[name].items if name in self._groups else (name,) for name in party}

    def _turn(self, item: ItemDrill) -> Iterator[TurnCame | Together]:
        if item.item in self._chosen:
            yield TurnCame(item.item, self._chosen.pop(item.item))
            return
        wish, freed = self._chosen_again(item)
        yield TurnCame(item.item, wish)
        yield from self._undock(freed)

    def _chosen_again(self, item: ItemDrill) -> tuple[Choices, tuple[str, ...]]:
        """A retry takes another healthy appliance (A10) where that has room, since its slots move with it."""
        wish = self._chooser.choose(item.item, _HOMEWARD, tried_appliances(item))
        target, held = through(wish), self._slots.holds(item.item)
        if target is None or target == held:
            return wish, ()
        freed = self._slots.move(item.item, target)
        return (item.choices, ()) if freed is None else (wish, freed)

    def _undock(self, met: Iterable[str]) -> Iterator[Together]:
        yield from (Together(None, tuple(self._docked.pop(party, ()))) for party in met)

    def _no_room(self, name: str, why: str) -> CalledOff:
        rule = by_id(_RULES[self._items[name].architecture])
        if rule is None:
            raise LookupError("the table has no row for disk slots")
        return CalledOff(name, Stop(rule.id, f"{name} has no disk slots: {why}", rule.who, rule.remedy))

    def _note(self) -> None:
        """Items that begin on their way home hold slots already."""
        returning = self._estate.returning_through
        through_now = {} if isinstance(returning, Unknown) else returning
        for name, item in self._items.items():
            if phase_row(item.phase).holds_slots and name in through_now:
                self._slots.take(Claim(name, through_now[name], len(self._estate.virtual_machines[name].disks)))


def _whole(companies: Mapping[str, Company]) -> dict[str, Company]:
    return {name: company for name, company in companies.items() if company.whole}
