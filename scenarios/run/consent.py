"""The door before a live vault: the only way on which a change passes, once consent opens it for that change."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Protocol

from failback.reprotect import (
    Accepted,
    Answer,
    ApplyRemedy,
    ItemSeen,
    JobSeen,
    Remedies,
    RemedyAnswer,
    Vault,
    VaultCommand,
)


class Consent(Protocol):
    """What stands behind the door."""

    @property
    def is_given(self) -> bool:
        """Whether somebody has given any: then the run is held to be one of something live."""
        ...

    def demand(self, why: str) -> None:
        """Raise `ReadOnly` with everything that is missing. `why`: what is refused without consent, and why."""
        ...

    def opened_for(self, command: VaultCommand | ApplyRemedy) -> AbstractContextManager[None]:
        """The door is open for this one request while the block lasts. Raises `ReadOnly` where it stays shut."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether it is open now."""
        ...


class ConsentedVault:
    """A vault of which each request passes the door. Reads do not need it."""

    def __init__(self, vault: Vault, consent: Consent) -> None:
        self._vault, self._consent = vault, consent

    def items(self) -> tuple[str, ...]:
        """Names of all protected items."""
        return self._vault.items()

    def perform(self, command: VaultCommand) -> Answer:
        """Send one request, once, if it is consented to."""
        with self._consent.opened_for(command):
            return self._vault.perform(command)

    def reconcile(self, command: VaultCommand) -> Answer:
        """What became of a request of an earlier run. Sends nothing."""
        return self._vault.reconcile(command)

    def adopt(self, accepted: Accepted, items: Collection[str] = ()) -> None:
        """Take a job that an earlier run started for ours."""
        self._vault.adopt(accepted, items)

    def read(self, subjects: Collection[str]) -> tuple[ItemSeen | JobSeen, ...]:
        """Single reads of these items and of their jobs."""
        return self._vault.read(subjects)


class ConsentedRemedies:
    """The port `Remedies` behind the same door."""

    def __init__(self, remedies: Remedies, consent: Consent) -> None:
        self._remedies, self._consent = remedies, consent

    def apply(self, command: ApplyRemedy) -> RemedyAnswer:
        """Carry it out, if it is consented to."""
        with self._consent.opened_for(command):
            return self._remedies.apply(command)

    def reconcile(self, command: ApplyRemedy) -> RemedyAnswer:
        """Look only."""
        return self._remedies.reconcile(command)
