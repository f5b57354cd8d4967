"""The door: asks the table at the start, when a wave begins and before each request, and opens for one request."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from failback.adapters import ReadOnly
from failback.reprotect import ApplyRemedy, Operation, StartOperation, StartPlanOperation, VaultCommand
from failback.scenarios.files.schema import Scenario

from .approval import vault_id
from .case import Case, Or
from .legs import is_open
from .sources import Sources
from .subject import subject_of
from .table import When, words_of

if TYPE_CHECKING:
    from failback.adapters import AzureSettings


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person who runs has typed, and what is to be run."""

    settings: "AzureSettings"
    scenario: Scenario
    typed_name: str
    legs: Or[tuple[Operation, ...]]
    is_given: bool = True
    """Whether any option of consent was given."""


_SIMULATORS: Final = (
    "Not sent: the options of consent are for a live vault, and every endpoint in the settings is a simulator. Leave "
    "out --vault-name, --rehearsed, --checked and --open-legs, or declare a tunnel to a live vault with tunnel: true."
)


class Door:
    """Shut until all consent is there, and then open for one request at a time."""

    def __init__(self, asked: Asked, sources: Sources) -> None:
        self._asked, self._sources = asked, sources
        self._case: Case | None = None
        self._begun: set[str] = set()
        self._is_open = False

    @property
    def is_open(self) -> bool:
        """Whether it is open now."""
        return self._is_open

    @property
    def is_given(self) -> bool:
        """Whether somebody has given any consent."""
        return self._asked.is_given

    def demand(self, why: str) -> None:
        """Raise `ReadOnly` with everything that is missing, or where there is nothing live to consent to."""
        if not why:
            raise ReadOnly(_SIMULATORS)
        self._case = self._looked()
        self._refuse(self._case, When.START, why)

    @contextmanager
    def opened_for(self, command: VaultCommand | ApplyRemedy) -> Iterator[None]:
        """Open it for this request. Raises `ReadOnly` where something is missing now."""
        self._judge(command)
        self._is_open = True
        try:
            yield
        finally:
            self._is_open = False

    def _judge(self, command: VaultCommand | ApplyRemedy) -> None:
        what, waves = _what(command), self._waves(command) - self._begun
        if self._case is None:
            raise ReadOnly(f"Not sent: {what}. Nobody has consented to this run.")
        if not isinstance(command, ApplyRemedy) and not is_open(command.operation, self._asked.legs):
            raise ReadOnly(f"Not sent: {what}. This leg is not open; see --open-legs in `failback docs consent`.")
        case = replace(self._case, now=self._sources.now())
        if waves:
            case = replace(case, checked=self._sources.checked())
        self._refuse(case, When.WAVE if waves else When.REQUEST, f"Not sent: {what}.")
        self._begun |= waves

    def _refuse(self, case: Case, when: When, why: str) -> None:
        if words := "; ".join(words_of(case, when)):
            raise ReadOnly(f"{why} Consent is missing: {words}. This request changed nothing.")

    def _looked(self) -> Case:
        asked, now = self._asked, self._sources.now()
        rehearsed = self._sources.rehearsed()
        subject = subject_of(asked.scenario)
        approved = subject.hash if isinstance(rehearsed, str) else rehearsed.subject.hash
        return Case(
            asked.settings.allow_changes,
            vault_id(asked.settings),
            asked.settings.vault,
            asked.typed_name,
            asked.legs,
            subject,
            rehearsed,
            self._sources.checked(),
            self._sources.runner(),
            self._sources.approvals(approved, now),
            now,
        )

    def _waves(self, command: VaultCommand | ApplyRemedy) -> set[str]:
        """The waves that this request is part of; where the plan has none, all machines are one."""
        items = set(command.items if isinstance(command, StartPlanOperation) else (command.item,))
        waves = self._asked.scenario.plan.waves
        return {wave.name for wave in waves if items & set(wave.items)} or {""}


def _what(command: VaultCommand | ApplyRemedy) -> str:
    match command:
        case StartOperation():
            return f"{command.operation.value} of {command.item}"
        case StartPlanOperation():
            return f"{command.operation.value} of recovery plan {command.plan}"
    return f"{command.act.value} of {command.object}"
