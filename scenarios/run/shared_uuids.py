"""Machines that have the same BIOS UUID, such as a copy beside its original: a run says so once, when it begins."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from failback.reprotect import (
    Estate,
    History,
    Line,
    MasterTarget,
    Unreachable,
    VirtualMachine,
    VsphereRefused,
    known,
    plain,
)
from failback.reprotect.driver import Ports
from failback.scenarios.judging.check import Report, Status

from .result import Finding

_RULE: Final = "R11"
"""The rule that judges the same by the facts of the estate."""
_MESSAGE: Final = (
    "several machines have the same BIOS UUID: {}; they are read, and remedies are carried out, by name, and Site "
    "Recovery may take one for the other (inferred)"
)
_REMEDY: Final = "give the copy another UUID, or remove it"


@dataclass(frozen=True, slots=True)
class SharedUuid:
    """Names of all that have the same BIOS UUID."""

    machines: tuple[str, ...]


NAME: Final = SharedUuid.__name__
NOTED: Final[Mapping[str, type[Any]]] = {NAME: SharedUuid}
"""Name of a note -> what its data must be."""


def shared_by_file(estate: Estate, names: Collection[str]) -> Sequence[tuple[str, ...]]:
    """Those of `names` that share one, by the facts of the estate."""
    owners: defaultdict[Any, list[str]] = defaultdict(list)
    parts: tuple[VirtualMachine | MasterTarget, ...]
    parts = (*estate.virtual_machines.values(), *estate.master_targets.values())
    for part in sorted(parts, key=lambda each: each.name):
        if part.name in names and known(part.bios_uuid) and part.bios_uuid:
            owners[part.bios_uuid.casefold(), part.vcenter].append(part.name)
    return tuple(tuple(found) for found in owners.values() if len(found) > 1)


def note_shared_uuids(history: History, ports: Ports, estate: Estate, now_s: float) -> None:
    """Note each group in the history. Where nobody can see, nothing: the look tells why."""
    try:
        groups = ports.shared_uuids((*estate.virtual_machines, *estate.master_targets))
    except (Unreachable, VsphereRefused):
        return
    for group in groups:
        if not _is_judged(group, estate):
            history.note(now_s, NAME, plain(SharedUuid(tuple(group))))


def judged_twins(report: Report) -> Mapping[str, Sequence[str]]:
    """Machines of which the check tells that others have their BIOS UUID, and which others."""
    told = {found.item for found in report.of(Status.ADVICE) if found.rule == _RULE}
    return {name: others for name, others in report.estate.same_bios_uuid.items() if name in told}


def _is_judged(group: Sequence[str], estate: Estate) -> bool:
    """A machine and its master target: rule R11 says it."""
    others = [name for name in group if name not in estate.master_targets]
    return len(others) == 1 and others[0] in estate.virtual_machines


class SharedUuids:
    """Makes a finding of each group that was noted."""

    listens_to = frozenset({NAME})
    """Names of the lines that tell it something."""

    def __init__(self, ours: Collection[str]) -> None:
        self._ours = ours
        self._groups: dict[tuple[str, ...], float] = {}

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        self._groups.setdefault(tuple(line.data["machines"]), line.t_s)

    def findings(self, status: str, judged: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
        """One for each group, about the other machines, at the first that is ours.

        `judged`: machine -> those with its UUID, of which rule R11 has told.
        """
        for group, at_s in self._groups.items():
            if any(set(group) <= {name, *judged[name]} for name in group if name in judged):
                continue
            item = next((name for name in group if name in self._ours), group[0])
            others = ", ".join(name for name in group if name != item)
            yield Finding("same_uuid", others, item, "drill", status, _MESSAGE.format(", ".join(group)), _REMEDY, at_s)
