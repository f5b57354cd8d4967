"""Disk slots of master targets and appliances: 60 each (M03, A02), taken from the reprotect to the failback commit.

Who comes home together takes its slots together. Were they taken one by one, two recovery plans could each hold half
of a master target and wait for the other half until morning. So linked items claim all at once, on every
target that they need, and stands in the queues of all these targets in one order: first come, first served, and the
oldest claim can always be met.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from failback.reprotect.estate import DISKS_MAX, Estate
from failback.reprotect.requirements import own_disks


@dataclass(frozen=True, slots=True)
class Claim:
    """What one item needs: so many slots of one master target or appliance."""

    item: str
    target: str
    disks: int


class Slots:
    """Who holds slots and who stands in line for them. An event costs the number of claims it settles."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._used: defaultdict[str, int] = defaultdict(int)
        self._held: dict[str, Claim] = {}
        self._claims: dict[str, dict[str, Claim]] = {}
        self._linked_to: dict[str, str] = {}
        self._lines: defaultdict[str, deque[str]] = defaultdict(deque)

    def take(self, claim: Claim) -> None:
        """Note slots that are taken already."""
        self._held[claim.item] = claim
        self._used[claim.target] += claim.disks

    def claim(self, linked: str, claims: Sequence[Claim]) -> tuple[str, ...]:
        """Stand in line for all of these; the linked items whose claims are met now."""
        self._claims[linked] = {c.item: c for c in claims}
        self._linked_to.update({c.item: linked for c in claims})
        targets = {c.target for c in claims}
        for target in targets:
            self._lines[target].append(linked)
        return self._settle(targets)

    def leave(self, item: str) -> tuple[str, ...]:
        """Give up what the item holds or claims; the linked items whose claims are met by that."""
        if (held := self._held.pop(item, None)) is not None:
            self._used[held.target] -= held.disks
            return self._settle((held.target,))
        if (linked := self._linked_to.pop(item, None)) is not None:
            return self._withdraw(linked, item)
        return ()

    def move(self, item: str, target: str) -> tuple[str, ...] | None:
        """Change to another target if it has room and nobody stands in line there; None: no room."""
        held = self._held[item]
        if self._line_of(target) or self._used[target] + held.disks > self.room(target):
            return None
        freed = self.leave(item)
        self.take(Claim(item, target, held.disks))
        return freed

    def holds(self, item: str) -> str | None:
        """The target whose slots the item holds."""
        held = self._held.get(item)
        return None if held is None else held.target

    def claims(self, item: str) -> bool:
        """Whether it stands in line."""
        return item in self._linked_to

    def knows(self, item: str) -> bool:
        """Whether it holds slots or stands in line for them."""
        return item in self._held or item in self._linked_to

    def ever_fit(self, claims: Iterable[Claim]) -> bool:
        """Whether all of these could be met together on empty targets."""
        needs = _per_target(claims)
        return all(disks <= self.room(target) for target, disks in needs.items())

    def fit_now(self, claims: Iterable[Claim]) -> bool:
        """Whether all of these could be met together beside what is held."""
        return all(self._used[target] + disks <= self.room(target) for target, disks in _per_target(claims).items())

    def clear_lines(self) -> None:
        """Nobody stands in line any more."""
        self._claims.clear()
        self._linked_to.clear()
        self._lines.clear()

    def room(self, target: str) -> int:
        """Slots besides the target's own disks."""
        part = self._estate.master_targets.get(target) or self._estate.appliances.get(target)
        return DISKS_MAX - (own_disks(self._estate, part) if part else 0)

    def _withdraw(self, linked: str, item: str) -> tuple[str, ...]:
        claims = self._claims[linked]
        claim = claims.pop(item)
        if not claims:
            del self._claims[linked]
        return self._settle({claim.target, *(c.target for c in claims.values())})

    def _settle(self, targets: Iterable[str]) -> tuple[str, ...]:
        met: list[str] = []
        look = deque(targets)
        while look:
            line = self._line_of(look.popleft())
            if line and self._may_be_met(line[0]):
                met.append(line[0])
                look.extend(self._meet(line[0]))
        return tuple(met)

    def _may_be_met(self, linked: str) -> bool:
        claims = self._claims[linked].values()
        first = all(self._line_of(claim.target)[0] == linked for claim in claims)
        return first and self.fit_now(claims)

    def _meet(self, linked: str) -> Iterable[str]:
        claims = self._claims.pop(linked)
        for claim in claims.values():
            del self._linked_to[claim.item]
            self.take(claim)
        return {claim.target for claim in claims.values()}

    def _line_of(self, target: str) -> deque[str]:
        """The line, without those who have left it."""
        line = self._lines[target]
        while line and not self._stands_for(line[0], target):
            line.popleft()
        return line

    def _stands_for(self, linked: str, target: str) -> bool:
        return any(claim.target == target for claim in self._claims.get(linked, {}).values())


def _per_target(claims: Iterable[Claim]) -> dict[str, int]:
    needs: defaultdict[str, int] = defaultdict(int)
    for claim in claims:
        needs[claim.target] += claim.disks
    return dict(needs)
