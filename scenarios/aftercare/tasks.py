"""The handover: who has to do what, until when, and how to see that it is done. One row per kind of task."""

# ruff: noqa: E501  (a row of a table is one line)

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, unique
from typing import Final

from failback.reprotect import AZURE, NETWORK, VSPHERE, OsFamily, known

from .aspects import ASPECTS, Answer, Mark, Pair


@unique
class Due(Enum):
    """Until when."""

    NOW = "now"
    NEXT_DAY = "the next day"
    WEEK = "within a week"


@dataclass(frozen=True, slots=True)
class Judged:
    """One machine with how each aspect of it stands, and how many things of it are left in Azure."""

    pair: Pair
    answers: Mapping[str, Answer]
    left: int

    def is_open(self, key: str) -> bool:
        """Whether this aspect is open."""
        return self.answers[key].mark is Mark.OPEN

    def is_unknown(self) -> bool:
        """Whether any aspect is unknown."""
        return any(answer.mark is Mark.UNKNOWN for answer in self.answers.values())


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One row: for which machines it is, whose, until when, what, and how to see that it is done."""

    id: str
    owner: str
    due: Due
    text: str
    verify: str
    applies: Callable[[Judged], bool]


@dataclass(frozen=True, slots=True)
class Task:
    """A task with the machines that it is for."""

    row: TaskRow
    machines: tuple[str, ...]


BACKUP, MONITORING, LICENCES = "backup team", "monitoring team", "licence manager"
OWNERS: Final = (AZURE, VSPHERE, NETWORK, BACKUP, MONITORING, LICENCES)
"""In the order of the sheet."""


def _is_home(one: Judged) -> bool:
    return one.pair.is_home


def _is_new_object(one: Judged) -> bool:
    """Whether vCenter knows it by another UUID than before: to a backup it is another machine."""
    after = one.pair.after
    if not _is_home(one) or after is None:
        return False
    uuids = ((getattr(one.pair.before, key), getattr(after.vm, key)) for key in ("instance_uuid", "bios_uuid"))
    return any(isinstance(a, str) and isinstance(b, str) and a.casefold() != b.casefold() for a, b in uuids)


def _retained(one: Judged) -> bool:
    kept = one.pair.before.retains_ip
    return _is_home(one) and not (known(kept) and kept)


_AGAIN: Final = "run `failback aftercare` again: the machine is no longer listed here"

# fmt: off
TASKS: Final[tuple[TaskRow, ...]] = (
    TaskRow("return", AZURE, Due.NOW, "Bring the machine home, or decide when: it does not run on site.", _AGAIN,
            lambda one: one.is_open("committed") and not one.pair.on_site and not one.pair.is_lost),
    TaskRow("lost", AZURE, Due.NOW, "Tell the owner of the application that the machine in Azure was deleted and that nothing is left to bring home, and agree on the backup to restore. Until then, delete no disk in Azure that is attached to nothing: it may be the machine's.", "the restored machine runs, and its owner agrees with its data",
            lambda one: one.pair.is_lost),
    TaskRow("commit", AZURE, Due.NOW, "Commit the failback, once the owner of the application agrees. This deletes the machine in Azure and cannot be undone.", _AGAIN,
            lambda one: one.is_open("committed") and one.pair.on_site),
    TaskRow("protect", AZURE, Due.NOW, "Protect the machine to Azure again, or wait until its resync has ended: a disaster now would lose it.", _AGAIN,
            lambda one: one.is_open("protected") and not one.is_open("committed")),
    TaskRow("point", AZURE, Due.NEXT_DAY, "Find out why the machine has no recovery point since its return.", _AGAIN,
            lambda one: one.is_open("recovery_point")),
    TaskRow("leftovers", AZURE, Due.WEEK, "Delete what the machine has left in Azure, once nobody needs it for comparison.", _AGAIN,
            lambda one: one.left > 0),
    TaskRow("test", AZURE, Due.WEEK, "Make a test failover, and clean it up.", "vault > Replicated items > the machine: the date of the last successful test failover",
            lambda one: one.answers["recovery_point"].mark is Mark.DONE),
    TaskRow("power", VSPHERE, Due.NOW, "Power on the machine, or find out why it is off.", _AGAIN,
            lambda one: one.is_open("running")),
    TaskRow("disks", VSPHERE, Due.NOW, "Attach the missing disks, or restore their data. Do not delete any disk in Azure before.", _AGAIN,
            lambda one: one.is_open("disks")),
    TaskRow("snapshots", VSPHERE, Due.WEEK, "Delete the snapshots that nobody needs any more: they grow and slow the machine down.", _AGAIN,
            lambda one: one.is_open("snapshots")),
    TaskRow("addresses", NETWORK, Due.NOW, "Set the addresses from before, or change DNS, firewalls and load balancers to the new ones.", _AGAIN,
            lambda one: one.is_open("addresses")),
    TaskRow("dns", NETWORK, Due.NEXT_DAY, "Point load balancers, and each DNS record that still shows Azure, to the site again, and remove the rules for Azure.", "the name of the machine resolves to an address on site",
            _retained),
    TaskRow("backup", BACKUP, Due.NEXT_DAY, "Include the machine in the backup on site again, and make a full backup. End its backup in Azure.", "the backup's report: a successful run since the return",
            lambda one: _is_home(one) and not _is_new_object(one)),
    TaskRow("new backup", BACKUP, Due.NEXT_DAY, "Add the machine to the backup as a new one: vCenter knows it by another UUID than before. Keep its earlier backups.", "the backup's report: a successful run since the return",
            _is_new_object),
    TaskRow("monitoring", MONITORING, Due.NEXT_DAY, "End the maintenance period, and remove the machine in Azure from the monitoring.", "the monitoring shows current values from the machine on site",
            _is_home),
    TaskRow("activation", LICENCES, Due.NEXT_DAY, "Check that Windows and licensed applications are activated: the hardware has changed.", "on the machine: slmgr /xpr",
            lambda one: _is_home(one) and one.pair.before.os is OsFamily.WINDOWS),
    TaskRow("licences", LICENCES, Due.WEEK, "Return the licences that were used in Azure, and count those on site again.", "the register of licences names the site for the machine",
            _is_home),
)
# fmt: on


def tasks_of(machines: Mapping[str, Judged]) -> Iterator[Task]:
    """The rows that are for at least one machine, by owner, the most urgent first."""
    order = {due: place for place, due in enumerate(Due)}
    for row in sorted(TASKS, key=lambda row: (OWNERS.index(row.owner), order[row.due])):
        if names := tuple(name for name, one in machines.items() if row.applies(one)):
            yield Task(row, names)


def judged(pair: Pair, left: int) -> Judged:
    """The machine with all aspects."""
    return Judged(pair, {aspect.key: aspect.judge(pair) for aspect in ASPECTS}, left)
