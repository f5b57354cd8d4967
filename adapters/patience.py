"""Reads again while an endpoint that has answered before cannot be reached: a night outlives a lost connection.

Only reads wait. A request that changes something is sent once; where nobody can read what became of it, the run ends
and `failback resume` settles it.
"""

import time
from collections.abc import Callable, Collection, Mapping
from random import Random
from typing import Final, TypeVar

from failback.reprotect import (
    Accepted,
    Answer,
    ItemSeen,
    JobSeen,
    Unreachable,
    Vault,
    VaultCommand,
    VmFacts,
    Vsphere,
)

T = TypeVar("T")

FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 60.0


class LastingFailure(Unreachable):
    """One that waiting does not end, such as a refused password."""


class Patience:
    """How long one endpoint may be away. Waits double up to a minute; chance keeps two programs out of step.

    `told` hears once that it is away, and once that it is back. Nothing is waited for before its first answer: then the
    address is wrong, and not the night.
    """

    def __init__(
        self,
        patience_s: float,
        told: Callable[[str], None],
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        chance: Random | None = None,
    ) -> None:
        self._patience_s, self._told, self._sleep, self._now = patience_s, told, sleep, now
        self._chance = chance or Random()
        self._has_answered = False

    def read(self, ask: Callable[[], T]) -> T:
        """What `ask` answers. Raises its `Unreachable` if it was away for too long, or from the start."""
        try:
            answer = ask()
        except LastingFailure:
            raise
        except Unreachable as lost:
            if not self._has_answered:
                raise
            return self._read_again(ask, lost)
        self._has_answered = True
        return answer

    def _read_again(self, ask: Callable[[], T], lost: Unreachable) -> T:
        began_s, wait_s, last = self._now(), FIRST_WAIT_S, lost
        self._told(f"{lost} Trying again for up to {self._patience_s:g} s.")
        while (left_s := began_s + self._patience_s - self._now()) > 0:
            self._sleep(min(left_s, wait_s * self._chance.uniform(0.5, 1.0)))
            wait_s = min(LONGEST_WAIT_S, 2 * wait_s)
            try:
                answer = ask()
            except LastingFailure:
                raise
            except Unreachable as again:
                last = again
            else:
                self._told(f"It answers again, after {self._now() - began_s:.0f} s.")
                return answer
        raise last


class PatientVault:
    """A vault whose reads wait for a lost connection."""

    def __init__(self, vault: Vault, patience: Patience) -> None:
        self._vault, self._patience = vault, patience

    def items(self) -> tuple[str, ...]:
        """Names of all protected items."""
        return self._patience.read(self._vault.items)

    def perform(self, command: VaultCommand) -> Answer:
        """Send one request, once."""
        return self._vault.perform(command)

    def reconcile(self, command: VaultCommand) -> Answer:
        """What became of a request of an earlier run. Sends nothing."""
        return self._patience.read(lambda: self._vault.reconcile(command))

    def adopt(self, accepted: Accepted, items: Collection[str] = ()) -> None:
        """Take a job that an earlier run started for ours."""
        self._vault.adopt(accepted, items)

    def read(self, subjects: Collection[str]) -> tuple[ItemSeen | JobSeen, ...]:
        """Single reads of these items and of their jobs."""
        return self._patience.read(lambda: self._vault.read(subjects))


class PatientVsphere:
    """A vCenter whose reads wait for a lost connection."""

    def __init__(self, vsphere: Vsphere, patience: Patience) -> None:
        self._vsphere, self._patience = vsphere, patience

    def look(self, names: Collection[str]) -> Mapping[str, VmFacts]:
        """Facts of the virtual machines that exist among `names`."""
        return self._patience.read(lambda: self._vsphere.look(names))
