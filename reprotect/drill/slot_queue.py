"""The slot queue: who may ask for the way home now, and with which values, as far as disk slots decide it.

Linked items (a replication group or a recovery plan holds them together) claim their slots when the first of them line
up. Until the claim is met they wait in the queue. Where it could never be met at once, their recovery plans are
broken up and each group or item claims for itself; where even that never fits, it stops.
"""

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from failback.reprotect.assessment import RequestDefaults, through
from failback.reprotect.choices import Choices
from failback.reprotect.decisions import Decided
from failback.reprotect.estate import Estate, slots_of
from failback.reprotect.item import Architecture, Operation, Unknown
from failback.reprotect.phases import phase_row
from failback.reprotect.requirements import ObjectKind, by_id, rule_behind

from .batches import Batch, Linked, ReadyBatch, linked_items
from .item_drill import CalledOff, DrillState, ItemDrill, Stop, TurnCame, tried_appliances
from .slots import Claim, Slots
from .together import Mates

_HOMEWARD: Final = Operation.REPROTECT_TO_ON_PREMISES
_ENDED: Final = frozenset({DrillState.STOPPED, DrillState.HOME})
_RULES: Final = {Architecture.CLASSIC: "M03", Architecture.MODERNISED: "A02"}


class SlotQueue:
    """Slots for the drill's items. `items` and the batches are the drill's own, read and not changed here."""

    def __init__(
        self,
        estate: Estate,
        defaults: RequestDefaults,
        items: Mapping[str, ItemDrill],
        groups: Mapping[str, Batch],
        plans: Mapping[str, Batch],
        together: Mapping[str, Mates] = MappingProxyType({}),
    ) -> None:
        self._estate, self._defaults, self._items = estate, defaults, items
        self._groups = groups
        self._linking: tuple[tuple[str, Linked], ...] = (*plans.items(), *together.items())
        self._slots = Slots(estate)
        self._linked = linked_items(_whole(groups), _whole(plans), self._even(together))
        self._waiting: dict[str, list[str]] = {}
        self._chosen: dict[str, Choices] = {}
        self._note()

    def line_up(self, names: tuple[str, ...]) -> Iterator[TurnCame | CalledOff | ReadyBatch | Decided]:
        """The turn of those that hold slots; the others wait in the queue."""
        if not any(self._slots.knows(name) for name in names):
            yield from self._claim(names)
        for name in names:
            if self._slots.claims(name):
                self._waiting.setdefault(self._linked_to(name)[0], []).append(name)
                yield Decided(name, "line_up", "waits for disk slots")
            elif self._slots.knows(name) or self._target(name) is None:
                yield from self._turn(self._items[name])

    def leave(self, name: str) -> Iterator[ReadyBatch]:
        """It needs no slots any more; whom that lets go."""
        return self._release(self._slots.leave(name))

    def loses(self, name: str) -> Iterator[ReadyBatch]:
        """The reprotect that gave it slots came to nothing: from now on it stands in line alone; whom that lets go."""
        self._part((name,))
        yield from self.leave(name)

    def lets_go(self, item: ItemDrill) -> bool:
        """Whether an item whose drill has ended frees its slots: not when its disks are, or may be, still lent."""
        return not phase_row(item.phase).holds_slots and item.key is None

    @property
    def occupied(self) -> bool:
        """Whether somebody waits in the queue."""
        return bool(self._waiting)

    def holders_before(self, name: str) -> tuple[str, ...] | None:
        """Items with slots where this one waits for some; None where it waits for none."""
        if not self._slots.claims(name):
            return None
        return tuple(other for other in self._items if self._slots.holds(other) == self._target(name))

    def part_from_waiting(self) -> Iterator[ReadyBatch | Decided]:
        """Whose mates wait for slots does not wait for them: it may be its own that they lack."""
        names = frozenset(name for waiting in self._waiting.values() for name in waiting)
        for one in self._linking_any(names):
            if one.whole:
                why = f"machines of {one.kind.value} {one.name} wait for slots that the others hold"
                yield Decided(None, "go_alone", why)
                yield from one.parts()

    def abandon_waiting(self) -> Iterator[CalledOff | ReadyBatch]:
        """Nobody moves any more, so whoever lacks slots lacks those of items that went no further and keep theirs.

        It stops. Who needs fewer, behind it or linked with it, stands in line again: each group or item for itself.
        """
        names = tuple(name for waiting in self._waiting.values() for name in waiting)
        self._waiting.clear()
        self._slots.clear_lines()
        for parts in self._by_group(names):
            claims = tuple(self._chosen_claim(name) for name in parts)
            if self._slots.fit_now(claims):
                self._part(parts)
                self._waiting[parts[0]] = list(parts)
                yield from self._release(self._slots.claim(parts[0], claims))
            else:
                yield from (self._no_room(name, "items that have stopped still hold them") for name in parts)

    def _by_group(self, names: Iterable[str]) -> Iterator[tuple[str, ...]]:
        parts: dict[int | str, list[str]] = {}
        for name in names:
            group = self._groups.get(name)
            parts.setdefault(name if group is None else id(group), []).append(name)
        return map(tuple, parts.values())

    def _part(self, names: tuple[str, ...]) -> None:
        """Link these with each other alone."""
        for mate in self._linked_to(names[0]):
            self._linked[mate] = tuple(other for other in self._linked_to(mate) if other not in names)
        self._linked |= dict.fromkeys(names, names)

    def _claim(self, names: tuple[str, ...]) -> Iterator[CalledOff | ReadyBatch | Decided]:
        """Claim for all linked items, or for these alone where all would never fit."""
        linked = self._linked_to(names[0])
        claims = tuple(claim for claim in map(self._claim_of, filter(self._may_claim, linked)) if claim.target)
        if self._slots.ever_fit(claims):
            yield from self._release(self._slots.claim(linked[0], claims) if claims else ())
        elif len(linked) > len(names):
            yield from self._break_up(linked)
            yield from self._claim(names)
        else:
            yield from (self._no_room(name, "it has more disks than there are slots in total") for name in names)

    def _may_claim(self, name: str) -> bool:
        return self._items[name].state not in _ENDED and not self._slots.knows(name)

    def _claim_of(self, name: str) -> Claim:
        self._chosen[name] = self._defaults.choose(name, _HOMEWARD)
        return self._chosen_claim(name)

    def _chosen_claim(self, name: str) -> Claim:
        return Claim(name, self._target(name) or "", slots_of(self._estate.virtual_machines[name]))

    def _target(self, name: str) -> str | None:
        return through(self._chosen.get(name, Choices()))

    def _linked_to(self, name: str) -> tuple[str, ...]:
        return self._linked.get(name, (name,))

    def _break_up(self, linked: tuple[str, ...]) -> Iterator[ReadyBatch | Decided]:
        for one in self._linking_any(linked):
            yield Decided(None, "go_alone", f"{one.kind.value} {one.name} has more disks than there are slots")
            yield from one.parts()
        self._linked |= {name: self._groups[name].items if name in self._groups else (name,) for name in linked}

    def _linking_any(self, names: Collection[str]) -> tuple[Linked, ...]:
        """The recovery plans and entries that link one of these with others."""
        found: dict[int, Linked] = {id(one): one for name, one in self._linking if name in names}
        return tuple(found.values())

    def _even(self, together: Mapping[str, Mates]) -> dict[str, Mates]:
        """Entries whose items begin at one point: of the others some may hold slots already, or need none any more."""
        phases = {name: self._items[name].phase for name in together}
        return {name: one for name, one in together.items() if len({phases[mate] for mate in one.items}) == 1}

    def _turn(self, item: ItemDrill) -> Iterator[TurnCame | ReadyBatch | Decided]:
        if item.item in self._chosen:
            yield TurnCame(item.item, self._chosen.pop(item.item))
            return
        freed = yield from self._ask_again(item)
        yield from self._release(freed)

    def _ask_again(self, item: ItemDrill) -> Generator[TurnCame | Decided, None, tuple[str, ...]]:
        """A retry takes another fit appliance (A10) that has room, since its slots move with it; whom that lets go.

        Where all of them are taken it waits for one, if the appliance is to blame; else it tries the same again.
        """
        held, others = self._slots.holds(item.item), self._defaults.instead(item.item, tried_appliances(item))
        if held is None or not others:
            yield TurnCame(item.item, self._defaults.choose(item.item, _HOMEWARD))
            return ()
        for wish in others:
            freed = self._slots.move(item.item, through(wish) or "")
            if freed is not None:
                yield TurnCame(item.item, wish)
                return freed
        if not _server_is_to_blame(item):
            yield TurnCame(item.item, item.choices)
            return ()
        yield Decided(
            item.item, "line_up", f"waits for disk slots of {through(others[0])}, because {held} cannot be used"
        )
        return self._wait_for(item.item, others[0])

    def _wait_for(self, name: str, wish: Choices) -> tuple[str, ...]:
        """Give its slots back and stand in line for another server's, alone; whom that lets go."""
        freed = self._slots.leave(name)
        self._linked[name], self._chosen[name] = (name,), wish
        self._waiting.setdefault(name, []).append(name)
        return (*freed, *self._slots.claim(name, (self._chosen_claim(name),)))

    def _release(self, met: Iterable[str]) -> Iterator[ReadyBatch]:
        yield from (ReadyBatch(None, tuple(self._waiting.pop(linked, ()))) for linked in met)

    def _no_room(self, name: str, why: str) -> CalledOff:
        return CalledOff(name, self.no_room(name, why))

    def no_room(self, name: str, why: str) -> Stop:
        """Why an item stops that has no slots."""
        rule = by_id(_RULES[self._items[name].architecture])
        if rule is None:
            raise LookupError("the table has no row for disk slots")
        return Stop(rule.id, f"{name} has no disk slots: {why}", rule.who, rule.remedy)

    def _note(self) -> None:
        """Items that begin on their way home hold slots already."""
        returning = self._estate.returning_through
        through_now = {} if isinstance(returning, Unknown) else returning
        for name, item in self._items.items():
            if phase_row(item.phase).holds_slots and name in through_now:
                self._slots.take(Claim(name, through_now[name], slots_of(self._estate.virtual_machines[name])))


def _server_is_to_blame(item: ItemDrill) -> bool:
    failed = item.failure
    rule = rule_behind(failed.code, failed.possible_causes) if failed is not None else None
    return rule is not None and rule.kind_of_object is ObjectKind.APPLIANCE


def _whole(batches: Mapping[str, Batch]) -> dict[str, Batch]:
    return {name: batch for name, batch in batches.items() if batch.whole}
