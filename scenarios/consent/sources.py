"""Where consent looks: the two folders, and Azure. All of it is read, nothing is changed."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from failback.reprotect import Unreachable

from .approval import LASTS_MAX, Approval, approvals_in, group_of, place_id
from .case import Checked, Or, Rehearsed
from .check_proof import read_check
from .rehearsal_proof import read_rehearsal

if TYPE_CHECKING:
    from failback.adapters import ConsentClient, Settings, SignedIn

T = TypeVar("T")
_ABSENT = "none was given"


class Sources(Protocol):
    """What a door asks of the world outside. A string says why there is no answer."""

    def rehearsed(self) -> Or[Rehearsed]:
        """The rehearsal."""
        ...

    def checked(self) -> Or[Checked]:
        """The check, read anew: somebody may have made another."""
        ...

    def runner(self) -> "Or[SignedIn]":
        """Who is signed in here."""
        ...

    def now(self) -> Or[datetime]:
        """What time it is at the vault."""
        ...

    def approvals(self, subject_hash: str, now: Or[datetime]) -> Or[tuple[Approval, ...]]:
        """The approvals of this subject."""
        ...


@dataclass(frozen=True, slots=True)
class RealSources:
    """Folders and a vault. Without a vault's leave (`asks` false) nothing is asked of it."""

    settings: "Settings"
    rehearsal: Path | None
    check: Path | None
    asks: bool

    def rehearsed(self) -> Or[Rehearsed]:
        """The rehearsal."""
        return _ABSENT if self.rehearsal is None else read_rehearsal(self.rehearsal)

    def checked(self) -> Or[Checked]:
        """The check as it is now."""
        return _ABSENT if self.check is None else read_check(self.check)

    def runner(self) -> "Or[SignedIn]":
        """Who is signed in here."""
        return self._asked(lambda client: client.signed_in())

    def now(self) -> Or[datetime]:
        """What time it is at the vault."""
        return self._asked(lambda client: client.now())

    def approvals(self, subject_hash: str, now: Or[datetime]) -> Or[tuple[Approval, ...]]:
        """The approvals of this subject that can still hold."""
        if isinstance(now, str):
            return now
        since, until = now - LASTS_MAX, now + timedelta(minutes=5)
        found = self._asked(lambda client: client.deployments_since(since, until))
        if isinstance(found, str):
            return found
        return approvals_in(found, group_of(self.settings.azure), [subject_hash], place_id(self.settings))

    def _asked(self, ask: "Callable[[ConsentClient], T]") -> Or[T]:
        if not self.asks:
            return "Azure was not asked, since nothing was given of the above"
        from failback.adapters import ConsentClient

        try:
            with closing(ConsentClient(self.settings.azure)) as client:
                return ask(client)
        except Unreachable as broken:
            return str(broken).rstrip(".")
