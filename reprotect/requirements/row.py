"""One row of the requirements table: what a column means, and the short words that the rows are written with."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, unique
from typing import Final, TypeAlias

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Estate
from failback.reprotect.item import Architecture, Operation, Word

from .verdict import Verdict


@unique
class Stage(Word):
    """Where a rule is checked."""

    SELECTION = "selection"
    PREREQUISITE_CHECK = "prerequisite_check"
    JOB = "job"
    REPLICATION = "replication"
    FAILBACK = "failback"
    COMMIT = "commit"
    BEFORE_RETURN = "before_return"
    AFTER_RETURN = "after_return"
    ADVICE = "advice"


@unique
class ObjectKind(Enum):
    """What kind of object breaks a rule."""

    VIRTUAL_MACHINE = "virtual machine"
    REPLICATION_GROUP = "replication group"
    RECOVERY_PLAN = "recovery plan"
    LINK = "link"
    MASTER_TARGET = "master target"
    RETENTION_DRIVE = "retention drive"
    PROCESS_SERVER = "process server"
    CONFIGURATION_SERVER = "configuration server"
    APPLIANCE = "appliance"
    DATASTORE = "datastore"
    HOST = "host"


@unique
class Holds(Enum):
    """Whether a rule holds for an architecture."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Applies:
    """Whether a rule holds for one architecture, and who says so."""

    answer: Holds
    source: str
    reading: str = ""
    """Where nobody knows: the reading that decides it (see `readings`)."""


@dataclass(frozen=True, slots=True)
class Architectures:
    """Whether a rule holds, per architecture."""

    classic: Applies
    modernised: Applies

    def of(self, architecture: Architecture) -> Applies:
        """Whether it holds for this one."""
        return {Architecture.CLASSIC: self.classic, Architecture.MODERNISED: self.modernised}[architecture]


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """One place where a rule is checked."""

    operation: Operation
    stage: Stage


Predicate: TypeAlias = Callable[[Estate, str, Choices], Verdict]
"""(estate, item, what is asked) -> verdict."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row. `kind_of_object` is what breaks it, `who` is who must act; the rest is told above."""

    id: str
    title: str
    architectures: Architectures
    where: tuple[CheckPoint, ...]
    predicate: Predicate
    code: str
    kind_of_object: ObjectKind
    who: str
    remedy: str
    source: str
    retry: bool = False
    waits_s: float | None = None
    carries: Predicate | None = None
    """Of a rule whose object carries the data of a resync: where this is broken, one that is under way stands still."""

    of_target: bool = False
    """It concerns a machine only while that is a replication target: before, nobody can judge it."""

    after_reprotect: bool = False
    """What it asks for begins with the reprotect: before, nobody can know it, and it is looked up afterwards."""

    loses_data: bool = False
    """Where it does not block, the machine comes home without what was written on site since its failover."""

    allotted: bool = False
    """What it asks for is allotted among the machines in the plan's order, and nobody gives it back."""

    another_server_mends: bool = False
    """It blames no server, and another server can still mend it."""

    reads_machine: bool = False
    """Of a rule that another server can mend: it looks at the machine too. Others say the same for all of a kind."""

    reads_ways: bool = False
    """It looks at the ways of the topology, which are each machine's own."""

    @property
    def stage(self) -> Stage:
        """Where it is checked first."""
        return self.where[0].stage


NOTICES: Final = frozenset({Stage.BEFORE_RETURN, Stage.AFTER_RETURN, Stage.ADVICE})
"""Stages that block nothing: a broken row is work before or after the return, or something to know."""

_YES, _NO, _UNKNOWN = Holds.YES, Holds.NO, Holds.UNKNOWN
_DOCUMENTED = Applies(_YES, "documented")


def no(why: str) -> Architectures:
    """It holds for classic only, and why not for modernised."""
    return Architectures(_DOCUMENTED, Applies(_NO, why))


def only_modernised(why: str) -> Architectures:
    """It holds for modernised only, and why not for classic."""
    return Architectures(Applies(_NO, why), _DOCUMENTED)


def open_for_modernised(why: str, reading: str) -> Architectures:
    """It holds for classic; for modernised nobody knows, and why; a reading can decide it."""
    return Architectures(_DOCUMENTED, Applies(_UNKNOWN, why, reading))


CLASSIC: Final = no("an appliance replaces the classic servers")
NO_APPLIANCE: Final = Applies(_NO, "classic has no appliance")
MODERNISED: Final = Architectures(NO_APPLIANCE, _DOCUMENTED)
MODERNISED_BY_SDK: Final = Architectures(NO_APPLIANCE, Applies(_YES, "required by the SDK's model"))
_SAME_CAUSE: Final = Applies(_YES, "inferred: the cause is the same")
BOTH: Final = Architectures(_DOCUMENTED, _SAME_CAUSE)
BY_TYPES: Final = Architectures(
    _DOCUMENTED, Applies(_YES, "documented: the modernised overview refers to the page 'types of failback'")
)
DOCUMENTED: Final = Architectures(_DOCUMENTED, _DOCUMENTED)
BOTH_RECORDED: Final = Architectures(Applies(_YES, "recorded"), _SAME_CAUSE)
BOTH_INFERRED: Final = Architectures(Applies(_YES, "inferred"), _SAME_CAUSE)

_HOME: Final = Operation.REPROTECT_TO_ON_PREMISES
PICK: Final = (CheckPoint(_HOME, Stage.SELECTION),)
CHECK: Final = (CheckPoint(_HOME, Stage.PREREQUISITE_CHECK),)
JOB: Final = (CheckPoint(_HOME, Stage.JOB),)
WHILE: Final = (CheckPoint(_HOME, Stage.REPLICATION),)
KNOW: Final = (CheckPoint(_HOME, Stage.ADVICE),)
BACK: Final = (CheckPoint(Operation.FAILBACK, Stage.FAILBACK),)
PICK_POINT: Final = (CheckPoint(Operation.FAILBACK, Stage.SELECTION),)
KNOW_BACK: Final = (CheckPoint(Operation.FAILBACK, Stage.ADVICE),)
BEFORE: Final = (CheckPoint(Operation.FAILBACK, Stage.BEFORE_RETURN),)
AFTER: Final = (CheckPoint(Operation.FAILBACK, Stage.AFTER_RETURN),)
KNOW_COMMIT: Final = (CheckPoint(Operation.COMMIT_FAILBACK, Stage.ADVICE),)
PICK_OUT: Final = (CheckPoint(Operation.REPROTECT_TO_AZURE, Stage.SELECTION),)
AGAIN: Final = (CheckPoint(Operation.REPROTECT_TO_AZURE, Stage.PREREQUISITE_CHECK),)
WHILE_OUT: Final = (CheckPoint(Operation.REPROTECT_TO_AZURE, Stage.REPLICATION),)
PICK_FAILOVER: Final = (CheckPoint(Operation.FAILOVER, Stage.SELECTION),)

AZURE: Final = "Azure administrator"
VSPHERE: Final = "VMware administrator"
NETWORK: Final = "network team"
SITE: Final = "server administrator"
OWNER: Final = "application owner"
ADMINISTRATOR: Final = "administrator of the machine"
