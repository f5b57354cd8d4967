"""What is judged of each machine after its return: one row per aspect, and no other list of them anywhere."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, unique
from typing import Final, NamedTuple

from failback.reprotect import Phase, Replica, Side, VirtualMachine, known, phase_row
from failback.scenarios.text.plain_words import PHASE_WORDS, date_words

from .after import MachineAfter
from .disks import disks_after


@unique
class Mark(Enum):
    """How an aspect stands."""

    DONE = "done"
    OPEN = "open"
    UNKNOWN = "unknown"
    NOT_YET = "not yet"
    """It comes after something else that is open."""


class Answer(NamedTuple):
    """How one aspect of one machine stands, with what was seen."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One machine before and after; `after` None: nothing that was read has it."""

    before: VirtualMachine
    after: MachineAfter | None

    @property
    def phase(self) -> Phase | None:
        """Where it stands now."""
        return None if self.after is None else self.after.vm.at

    @property
    def on_site(self) -> bool:
        """Whether it runs on site now."""
        return self.phase is not None and phase_row(self.phase).runs is Side.SITE

    @property
    def is_home(self) -> bool:
        """Whether it runs on site and its return is committed, so that nothing in Azure is needed any more."""
        return self.phase is not None and self.on_site and phase_row(self.phase).replica is Replica.ABSENT

    @property
    def is_lost(self) -> bool:
        """Whether its item says that it runs in Azure, and its machine there is no more."""
        if self.after is None or self.after.vm.azure.exists is not False:
            return False
        row = phase_row(self.after.vm.at)
        return row.runs is Side.AZURE and row.replica is Replica.PRESENT


def committed(pair: Pair) -> Answer:
    """Whether the return is final."""
    if pair.phase is None:
        return _NOT_READ
    if pair.is_home:
        return Answer(Mark.DONE, "yes")
    if pair.is_lost:
        return Answer(Mark.OPEN, "it runs nowhere: its machine in Azure was deleted")
    return Answer(Mark.OPEN, PHASE_WORDS[pair.phase])


def running(pair: Pair) -> Answer:
    """Whether the machine on site is on."""
    if pair.after is None:
        return _NOT_READ
    if not pair.on_site:
        return _FIRST_HOME
    powered = pair.after.vm.powered_on
    if not known(powered):
        return Answer(Mark.UNKNOWN, "no vCenter was read, or it does not say")
    return Answer(Mark.DONE, "on") if powered else Answer(Mark.OPEN, "off")


def protected(pair: Pair) -> Answer:
    """Whether it replicates to Azure again."""
    if pair.phase is None:
        return Answer(Mark.OPEN, "the vault shows no item of it")
    if not pair.is_home:
        return _FIRST_HOME
    if phase_row(pair.phase).replicates:
        return Answer(Mark.DONE, "yes")
    return Answer(Mark.OPEN, PHASE_WORDS[pair.phase])


def recovery_point(pair: Pair) -> Answer:
    """Whether there is a recovery point that was made after the return."""
    if pair.after is None:
        return _NOT_READ
    if not pair.is_home or not phase_row(pair.after.vm.at).replicates:
        return Answer(Mark.NOT_YET, "is protected first")
    point, moved = pair.after.last_point, pair.after.last_failover
    if point is None:
        alone = pair.after.read_alone
        return Answer(Mark.OPEN, "none yet") if alone else Answer(Mark.UNKNOWN, "the item was not read by itself")
    if moved is not None and point <= moved:
        return Answer(Mark.OPEN, f"none since it came home; the last one is of {date_words(point)}")
    return Answer(Mark.DONE, date_words(point))


def addresses(pair: Pair) -> Answer:
    """Whether it has the addresses from before."""
    if pair.after is None:
        return _NOT_READ
    if not pair.on_site:
        return _FIRST_HOME
    before, now = _addresses(pair.before), _addresses(pair.after.vm)
    if not before or not now:
        return Answer(Mark.UNKNOWN, f"before: {_some(before)}; now: {_some(now)}")
    if set(before) == set(now):
        return Answer(Mark.DONE, ", ".join(now))
    return Answer(Mark.OPEN, f"before: {_some(before)}; now: {_some(now)}")


def disks(pair: Pair) -> Answer:
    """Whether all disks from before are attached."""
    if pair.after is None:
        return _NOT_READ
    if not pair.on_site:
        return _FIRST_HOME
    found = disks_after(pair.before, pair.after.vm)
    if found.missing:
        return Answer(Mark.OPEN, f"missing: {', '.join(f'{d.name} ({d.size_gib:g} GiB)' for d in found.missing)}")
    if found.unseen:
        return Answer(Mark.UNKNOWN, f"not seen on site: {', '.join(d.name for d in found.unseen)}")
    return Answer(Mark.DONE, f"all {len(pair.before.disks)}")


def snapshots(pair: Pair) -> Answer:
    """Whether a snapshot was left on it. Until the commit, replication itself may need one."""
    if pair.after is None:
        return _NOT_READ
    if not pair.is_home:
        return Answer(Mark.NOT_YET, "is committed first")
    now = pair.after.vm.snapshots
    if not known(now):
        return Answer(Mark.UNKNOWN, "no vCenter was read, or it does not say")
    if not now:
        return Answer(Mark.DONE, "none")
    before = pair.before.snapshots if known(pair.before.snapshots) else None
    old = set(before or ())
    named = [f"{name} (was there before)" if name in old else name for name in now]
    return Answer(Mark.OPEN, ", ".join(named))


@dataclass(frozen=True, slots=True)
class Aspect:
    """One row."""

    key: str
    head: str
    judge: Callable[[Pair], Answer]


ASPECTS: Final[tuple[Aspect, ...]] = (
    Aspect("committed", "committed", committed),
    Aspect("running", "running on site", running),
    Aspect("protected", "protected again", protected),
    Aspect("recovery_point", "new recovery point", recovery_point),
    Aspect("addresses", "addresses", addresses),
    Aspect("disks", "disks", disks),
    Aspect("snapshots", "snapshots", snapshots),
)
_NOT_READ: Final = Answer(Mark.UNKNOWN, "not in what was read")
_FIRST_HOME: Final = Answer(Mark.NOT_YET, "comes home first")


def _addresses(vm: VirtualMachine) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for adapter in vm.adapters for address in adapter.addresses))


def _some(addresses: tuple[str, ...]) -> str:
    return ", ".join(addresses) or "not known"
