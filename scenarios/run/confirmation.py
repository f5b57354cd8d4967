"""Before a remedy touches something real, somebody types the name of what it is about to touch."""

from collections.abc import Callable, Collection
from typing import Final

from failback.reprotect import ApplyRemedy, Remedies, RemedyAnswer, RemedyFailed, does, remedy_of

OPTION: Final = "--confirm-remedy"
CONFIRMED: Final = frozenset({"azure"})
"""Worlds in which a remedy waits for the typed name of its object."""


class Confirmation:
    """Which objects may be acted on: those named beforehand, and those whose names are typed when asked for.

    `ask` puts a question and gives what was typed; None: nobody is there to type, so that only names given count.
    """

    def __init__(self, named: Collection[str] = (), ask: Callable[[str], str] | None = None) -> None:
        self._named, self._ask = frozenset(named), ask
        self._typed: dict[tuple[str, str], bool] = {}

    def given(self, command: ApplyRemedy) -> bool:
        """Whether this act on this object is confirmed. Each is asked for once."""
        if command.object in self._named:
            return True
        act = (command.act.value, command.object)
        if act not in self._typed:
            self._typed[act] = self._ask is not None and self._ask(_question(command)).strip() == command.object
        return self._typed[act]


class ConfirmedRemedies:
    """The port `Remedies` that acts on what is confirmed, and says of the rest how to confirm it."""

    def __init__(self, remedies: Remedies, confirmation: Confirmation) -> None:
        self._remedies, self._confirmation = remedies, confirmation

    def apply(self, command: ApplyRemedy) -> RemedyAnswer:
        """Carry it out, if it is confirmed."""
        if self._confirmation.given(command):
            return self._remedies.apply(command)
        why = (
            f"it was not confirmed. Run again at a terminal and type {command.object} when asked, "
            f"or give {OPTION} {command.object}"
        )
        return RemedyFailed(command.item, command.rule, command.object, command.key, why)

    def reconcile(self, command: ApplyRemedy) -> RemedyAnswer:
        """Look only; that needs no confirmation."""
        return self._remedies.reconcile(command)


def _question(command: ApplyRemedy) -> str:
    remedy = remedy_of(command.rule)
    undone = (remedy.undone_by if remedy else "") or "it cannot be undone"
    what = does(command.act, command.object, command.beside)
    return (
        f"{command.item}, rule {command.rule}: failback is about to {what} (undo: {undone}). "
        f"Type {command.object} to confirm"
    )
