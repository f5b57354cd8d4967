"""Machines that fail back together (`plan: together`): what one of them may ask for, and what it is kept for.

Who is lined up for its failback waits until all of its entry that have not stopped are, and until those of the lists
before it are on site. Who is lined up for its commit waits until all are. So the gates of a machine, such as its check,
do not wait for the others. Who stops is waited for no more: the rest goes on.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from failback.reprotect.item import LEGS, Operation
from failback.reprotect.plan import Plan
from failback.reprotect.plan import Together as Entry

from .batches import BatchKind, ReadyBatch
from .item_drill import DrillState, ItemDrill

Position: TypeAlias = tuple[int, int]
"""A lap, and the place of the next leg in it."""

HELD: Final = frozenset({Operation.FAILBACK, Operation.COMMIT_FAILBACK})
"""Operations for which machines wait for each other."""
_PLACE: Final = {leg: place for place, leg in enumerate(LEGS)}
_ENDED: Final = frozenset({DrillState.STOPPED, DrillState.HOME})
_ASKS: Final = frozenset({DrillState.LINED_UP, DrillState.ASKED, DrillState.RUNNING, DrillState.SETTLING})


class Mates:
    """The machines of one entry, and what is kept for them. Not `whole`: each goes alone from now on."""

    kind = BatchKind.TOGETHER

    def __init__(self, entry: Entry, items: Mapping[str, ItemDrill]) -> None:
        self.name, self.items, self.whole = entry.name, entry.items, True
        self._list_of = {name: place for place, names in enumerate(entry.order) for name in names}
        self._drill_items = items
        self._kept: list[tuple[ReadyBatch, str]] = []
        """Each with an item that it waits for: until that one changes, it waits on."""

    def keep(self, ready: ReadyBatch) -> bool:
        """Keep it where the others are not as far; False: it may be requested now."""
        behind = self._behind(ready)
        if behind is not None:
            self._kept.append((ready, behind))
        return behind is not None

    def freed_by(self, name: str) -> Iterator[ReadyBatch]:
        """What is kept no longer, since this item has gone on or has stopped."""
        waiting = [ready for ready, behind in self._kept if behind == name]
        self._kept = [(ready, behind) for ready, behind in self._kept if behind != name]
        yield from (ready for ready in waiting if not self.keep(ready))

    def parts(self) -> tuple[ReadyBatch, ...]:
        """From now on everyone goes alone; what was kept."""
        self.whole = False
        kept, self._kept = tuple(ready for ready, _ in self._kept), []
        return kept

    def _behind(self, ready: ReadyBatch) -> str | None:
        """Who is not as far as the others have to be; None where nobody is waited for."""
        first = next((item for item in self._of(ready.items) if item.state is DrillState.LINED_UP), None)
        if not self.whole or first is None or first.leg is None or first.leg.operation not in HELD:
            return None
        ordered = first.leg.operation is Operation.FAILBACK
        at, place = _position(first), self._list_of[first.item]
        for item in self._of(self.items):
            before = ordered and self._list_of[item.item] < place
            if item.item not in ready.items and not (_position(item) > at or (not before and _is_as_far(item, at))):
                return item.item
        return None

    def _of(self, names: tuple[str, ...]) -> Iterator[ItemDrill]:
        """Those of them that have not ended."""
        return (item for item in map(self._drill_items.__getitem__, names) if item.state not in _ENDED)


def mates_of(plan: Plan, items: Mapping[str, ItemDrill]) -> Mapping[str, Mates]:
    """The entry of each machine that has one."""
    made = [Mates(entry, items) for entry in plan.together]
    return {name: mates for mates in made for name in mates.items}


def _is_as_far(item: ItemDrill, at: Position) -> bool:
    """Whether it has asked for this leg, or could ask for it now."""
    return _position(item) == at and (item.state in _ASKS or item.tries > 0)


def _position(item: ItemDrill) -> Position:
    """A failback that was cancelled is asked for again: its leg counts as the reprotect before it."""
    lap = item.done.count(LEGS[-1])
    if item.leg is None:
        return lap, -1
    return lap, _PLACE.get(item.leg.operation, _PLACE[Operation.REPROTECT_TO_ON_PREMISES])
