"""What the drill fixes by itself, over a real vCenter and a real vault, or what speaks as they do: the port `Remedies`.

An act is looked at first, sent once where it is not so yet, and looked at again. So a reply that was lost on the way is
settled by a look, never by a second request; what cannot be seen (a refresh) has not worked where no answer came back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from failback.reprotect import Act, ApplyRemedy, RemedyAnswer, RemedyApplied, RemedyFailed, Unreachable, VsphereRefused

from .site_recovery_client import ResourceAbsent
from .translation import MissingChoice, NotUnderstood

Holds: TypeAlias = Callable[[ApplyRemedy], bool | None]
Do: TypeAlias = Callable[[ApplyRemedy], None]


class NotFixed(Exception):
    """An act was refused, or cannot be done; the message says why."""


class ReplyLost(Exception):
    """An act was sent, and nobody knows what became of it."""


@dataclass(frozen=True, slots=True)
class RemedySteps:
    """How one act is looked at and done. `holds` None: it cannot be seen."""

    holds: Holds
    do: Do


class SiteRemedies:
    """Remedies by act. One that is in no table has nobody to carry it out: no vCenter or vault was named."""

    def __init__(self, *tables: Mapping[Act, RemedySteps]) -> None:
        self._steps = {act: steps for table in tables for act, steps in table.items()}

    def apply(self, command: ApplyRemedy) -> RemedyAnswer:
        """Look, send once where it is not so yet, look again.

        Raises `Unreachable` where it was sent and not even the look is answered, `ReadOnly` for a live vault.
        """
        steps = self._steps.get(command.act)
        if steps is None:
            return _failed(command, "it cannot be applied, because the settings name no vCenter")
        try:
            if steps.holds(command):
                return _applied(command, already=True)
        except (*_NO, NotUnderstood, Unreachable) as no:
            return _failed(command, f"nothing was sent: {no}")
        try:
            return _done(command, steps)
        except _NO as no:
            return _failed(command, str(no))

    def reconcile(self, command: ApplyRemedy) -> RemedyAnswer:
        """Look only."""
        steps = self._steps.get(command.act)
        if steps is not None and steps.holds(command):
            return _applied(command, already=True)
        return _failed(command, "an earlier run sent it, and its effect is not visible")


_NO: Final = (NotFixed, VsphereRefused, ResourceAbsent, MissingChoice)
_UNSEEN: Final = "it was sent, and its effect is not visible"
_LOST: Final = "it was sent, no answer came back, and its effect is not visible"


def _done(command: ApplyRemedy, steps: RemedySteps) -> RemedyAnswer:
    answered = _answered(command, steps)
    seen = steps.holds(command)
    if seen or (seen is None and answered):
        return _applied(command)
    return _failed(command, _UNSEEN if answered else _LOST)


def _answered(command: ApplyRemedy, steps: RemedySteps) -> bool:
    """Send it, once. Whether an answer came back."""
    try:
        steps.do(command)
    except (NotUnderstood, ReplyLost, Unreachable):
        return False
    return True


def _applied(command: ApplyRemedy, *, already: bool = False) -> RemedyApplied:
    return RemedyApplied(command.item, command.rule, command.object, command.key, already)


def _failed(command: ApplyRemedy, message: str) -> RemedyFailed:
    return RemedyFailed(command.item, command.rule, command.object, command.key, message)
