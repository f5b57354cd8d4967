"""A vault over a line that loses things: what reaches it, what comes back, and what its client makes of that.

The client settles what is in doubt by a look, as the adapter of a real vault does: a job of its own that is there now
was begun by its request; otherwise nothing was started, or the request was refused.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from failback.reprotect import (
    Accepted,
    Answer,
    ItemSeen,
    JobSeen,
    RequestRefused,
    StartOperation,
    Unanswered,
    VaultCommand,
)
from failback.simulator import Refusal, World, WorldVault

from .case import Loss, Sight


@dataclass(frozen=True, slots=True)
class OnTheLine:
    """How often a request arrives, and the code with which it seems to be declined; None: no clear answer."""

    arrives: int
    declined: str | None = None


# fmt: off
LINE: Final[dict[Loss, OnTheLine]] = {
    Loss.REPLY_LOST:         OnTheLine(1),
    Loss.DUPLICATED:         OnTheLine(2, "OperationInProgress"),
    Loss.TIMED_OUT:          OnTheLine(0),
    Loss.CONFLICT_BEFORE:    OnTheLine(0, "OperationInProgress"),
    Loss.CONFLICT_AFTER:     OnTheLine(1, "OperationInProgress"),
    Loss.THROTTLED_BEFORE:   OnTheLine(0),
    Loss.THROTTLED_AFTER:    OnTheLine(1),
    Loss.ERROR_BEFORE:       OnTheLine(0),
    Loss.ERROR_AFTER:        OnTheLine(1),
    Loss.UNAVAILABLE_BEFORE: OnTheLine(0),
    Loss.UNAVAILABLE_AFTER:  OnTheLine(1),
}
# fmt: on
"""429, 500 and 503 say nothing about the request: they differ in nothing but their name."""


DOWN_S: Final[dict[Sight, float]] = {Sight.REVOKED: 3600.0, Sight.RESTARTED: 60.0, Sight.UNKNOWN_WORD: 600.0}
"""Reads that end the program, as the adapter of a real vault does, and how long it takes until somebody resumes it."""


class Unreadable(Exception):
    """A read that ends the program: nothing can be read, or what was read cannot be understood."""

    def __init__(self, how: Sight) -> None:
        self.down_s = DOWN_S[how]
        super().__init__(f"a read ended with {how.value}")


class DisturbedVault:
    """The port `Vault` of a world, with what `choose` says of each request, and `sees` of each read."""

    def __init__(
        self, world: World, choose: Callable[[], Loss | None], copies: set[int], sees: Callable[[], Sight | None]
    ) -> None:
        self._world, self._vault = world, WorldVault(world)
        self._choose, self._copies, self._sees = choose, copies, sees

    def items(self) -> tuple[str, ...]:
        """Names of all items."""
        return self._vault.items()

    def perform(self, command: VaultCommand) -> Answer:
        """Send one request, once; what happens to it is chosen."""
        how = self._choose()
        return self._vault.perform(command) if how is None else self._lost(command, how)

    def _lost(self, command: VaultCommand, how: Loss) -> Answer:
        line = LINE[how]
        for copy in range(line.arrives):
            if copy:
                self._copies.add(len(self._world.vault.record.requests))
            with suppress(Refusal):
                self._vault.send(command)
        found = self._vault.reconcile(command)
        if line.declined is None or not isinstance(found, Unanswered):
            return found
        subject = command.item if isinstance(command, StartOperation) else command.plan
        return RequestRefused(subject, command.operation, command.key, line.declined, f"answered with {how.value}")

    def reconcile(self, command: VaultCommand) -> Answer:
        """Look only."""
        return self._vault.reconcile(command)

    def adopt(self, accepted: Accepted, items: Collection[str] = ()) -> None:
        """Take a job for ours."""
        self._vault.adopt(accepted, items)

    def read(self, subjects: Collection[str]) -> tuple[ItemSeen | JobSeen, ...]:
        """Read; what is seen is chosen. Raises `Unreadable`."""
        how = self._sees()
        if how in DOWN_S:
            raise Unreadable(how)
        seen = self._vault.read(subjects)
        return seen if how is None else tuple(map(_with_fields_missing, seen))


def _with_fields_missing(seen: ItemSeen | JobSeen) -> ItemSeen | JobSeen:
    """What a client makes of an answer without the fields that may be left out."""
    if isinstance(seen, ItemSeen):
        return replace(seen, agent_registered=None, health_errors=(), resync_percent=None)
    return replace(seen, task=None)
