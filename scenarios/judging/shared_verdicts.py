"""What the rules about a server alone say, asked once for all machines of a kind that go through it."""

from operator import attrgetter
from typing import Final, TypeAlias

from failback.reprotect import (
    Broken,
    Choices,
    Estate,
    MachineKinds,
    Noted,
    Unknown,
    Unsure,
    Verdict,
    VirtualMachine,
)

from .rows import RuleRow, Section

Shared: TypeAlias = tuple[Verdict | None, ...]
"""By row; None: each machine is to be asked."""
_SERVERS: Final = attrgetter("master_target", "process_server", "retention_drive", "appliance", "log_storage_account")
"""What a request says that these rules read."""


class SharedVerdicts:
    """Keeps them for one estate."""

    def __init__(self, estate: Estate) -> None:
        returning = estate.returning_through
        self._estate, self._kinds = estate, MachineKinds(estate)
        self._through = {} if isinstance(returning, Unknown) else returning
        self._kept: dict[tuple[object, ...], Shared] = {}

    def of(self, vm: VirtualMachine, section: Section, asked: Choices, planned: Choices) -> Shared:
        """For this machine and request; `planned`: what rules are asked with that block nothing."""
        if not section.shares:
            return section.nothing
        key = section, self._kinds.number(vm), self._through.get(vm.name), _SERVERS(asked), _SERVERS(planned)
        if key not in self._kept:
            each = (self._shared(row, vm, asked if row.blocks else planned) for row in section.rows)
            self._kept[key] = tuple(each)
        return self._kept[key]

    def _shared(self, row: RuleRow, vm: VirtualMachine, choices: Choices) -> Verdict | None:
        """A verdict that names the machine is no other's."""
        if not row.of_server:
            return None
        verdict = row.predicate(self._estate, vm.name, choices)
        return None if any(vm.name in text for text in _texts(verdict)) else verdict


def _texts(verdict: Verdict) -> list[str]:
    objects = verdict.blockers if isinstance(verdict, Broken) else ()
    notes = verdict.notes if isinstance(verdict, Noted | Unsure) else ()
    gaps = verdict.gaps if isinstance(verdict, Unsure) else ()
    told = [text for each in (*objects, *notes) for text in (each.name, each.sentence)]
    return told + [gap.fact for gap in gaps]
