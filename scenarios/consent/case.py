"""All that is known when consent is asked for. A string stands where something could not be had, and says why."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from failback.reprotect import Operation

from .approval import Approval
from .subject import Subject

if TYPE_CHECKING:
    from failback.adapters import SignedIn

T = TypeVar("T")
Or: TypeAlias = T | str


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A run in sim or lab. `is_whole`: it has finished, and its scenario is the one that it was begun with."""

    subject: Subject
    world: str
    verdict: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of the vault. `unknown`: findings that nobody could judge and nobody accepted, by id."""

    subject: Subject
    vault: str
    world: str
    at: datetime
    blocks: bool
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One request for consent."""

    allow_changes: bool
    vault: str
    """Its id."""
    vault_name: str
    typed_name: str
    legs: Or[tuple[Operation, ...]]
    subject: Subject
    rehearsed: Or[Rehearsed]
    checked: Or[Checked]
    runner: "Or[SignedIn]"
    approvals: Or[tuple[Approval, ...]]
    now: Or[datetime]
