"""What must hold before and while an item goes home: the requirements table.

The lifecycle says what ASR permits in a phase; this table says what must be true of the estate besides. A rehearsal wants every unmet
row with its remedy, a vault the first one that bites at the stage its job has reached; both read these rows. A row bites where it
says: at a stage of an operation, sometimes at several. Whether it holds for an architecture is itself three-valued, with its source:
a row that is broken where nobody knows whether it applies is reported as unsure, never as broken.

Two columns say what patience is worth. `waits_s`: the rule resolves itself within that time, so a refusal is asked again and not
counted as a try. `retry`: people would try again, since the cause may pass (a server that is down); without it, only somebody's hand
mends it, and a second try is a waste of the night.

Codes are those that Microsoft published; the others are ours and begin with FB-. A rule that is known only by its error code has
that code for its id.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, unique
from typing import Final, TypeAlias

from . import predicates as p
from .choices import Choices
from .estate import Estate
from .item import Architecture, Operation
from .verdict import MET, Blocker, Broken, Gap, Met, Unsure, Verdict


@unique
class Stage(Enum):
    """Where a rule bites."""

    SELECTION = "selection"
    PREREQUISITE_CHECK = "prerequisite_check"
    JOB = "job"
    REPLICATION = "replication"
    FAILBACK = "failback"
    COMMIT = "commit"
    AFTER_RETURN = "after_return"
    ADVICE = "advice"


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


@dataclass(frozen=True, slots=True)
class Architectures:
    """Whether a rule holds, per architecture."""

    classic: Applies
    modernised: Applies


@dataclass(frozen=True, slots=True)
class Bite:
    """One place where a rule bites."""

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
    where: tuple[Bite, ...]
    predicate: Predicate
    code: str
    kind_of_object: str
    who: str
    remedy: str
    source: str
    retry: bool = False
    waits_s: float | None = None

    @property
    def stage(self) -> Stage:
        """Where it bites first."""
        return self.where[0].stage


@dataclass(frozen=True, slots=True)
class Judgement:
    """One row judged for one item at one of its places."""

    requirement: Requirement
    item: str
    bite: Bite
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Unmet:
    """One broken row, as a vault says it and a person reads it."""

    rule: str
    item: str
    stage: Stage
    code: str
    message: str
    possible_causes: str
    remedy: str
    blockers: tuple[Blocker, ...]


_YES, _NO, _UNKNOWN = Holds.YES, Holds.NO, Holds.UNKNOWN
_DOCUMENTED = Applies(_YES, "documented")
_CLASSIC = Architectures(_DOCUMENTED, Applies(_NO, "one appliance replaces the classic servers"))
_CLASSIC_SO_FAR = Architectures(_DOCUMENTED, Applies(_UNKNOWN, "not documented"))
_MODERNISED = Architectures(Applies(_NO, "classic has no appliance"), _DOCUMENTED)
_BOTH = Architectures(_DOCUMENTED, Applies(_YES, "inferred: the cause is the same"))

_PICK = (Bite(Operation.REPROTECT_TO_ON_PREMISES, Stage.SELECTION),)
_CHECK = (Bite(Operation.REPROTECT_TO_ON_PREMISES, Stage.PREREQUISITE_CHECK),)
_JOB = (Bite(Operation.REPROTECT_TO_ON_PREMISES, Stage.JOB),)
_WHILE = (Bite(Operation.REPROTECT_TO_ON_PREMISES, Stage.REPLICATION),)
_BACK = (Bite(Operation.FAILBACK, Stage.FAILBACK),)
_AGAIN = (Bite(Operation.REPROTECT_TO_AZURE, Stage.PREREQUISITE_CHECK),)

_AZURE, _VSPHERE = "Azure administrator", "vSphere administrator"
_NETWORK, _SITE = "network administrator", "site administrator"

# Two lines a row: what machines read, then what people read.
# fmt: off
REQUIREMENTS: Final[tuple[Requirement, ...]] = (
    Requirement("R02", "configuration server up and connected to Azure",      _CLASSIC,        _CHECK + _BACK + _AGAIN, p.configuration_server_is_connected,      "FB-R02", retry=True,
        kind_of_object="configuration server", who=_SITE,    source="prepare, failback",  remedy="start it, or restore it from its backup with the same IP address"),
    Requirement("R03", "the configuration server's database has the machine", _CLASSIC,        _BACK,                   p.machine_is_in_configuration_database,   "FB-R03",
        kind_of_object="virtual machine",      who=_SITE,    source="prepare, types",     remedy="restore the configuration server from a backup that has it; a new server will not do"),
    Requirement("R04", "no snapshot on the master target",                    _CLASSIC,        _CHECK + _BACK,          p.master_target_has_no_snapshot,          "FB-R04",
        kind_of_object="master target",        who=_VSPHERE, source="prepare, Linux master target", remedy="delete the master target's snapshots"),
    Requirement("R06", "one operating system family in a replication group",  _CLASSIC_SO_FAR, _CHECK,                  p.group_is_of_one_family,                 "FB-R06",
        kind_of_object="replication group",    who=_AZURE,   source="reprotect 2018",     remedy="split the group before failover"),
    Requirement("R07", "one master target for a replication group",           _CLASSIC,        _CHECK,                  p.group_uses_one_master_target,           "FB-R07",
        kind_of_object="virtual machine",      who=_AZURE,   source="reprotect",          remedy="ask for every machine of the group with one master target"),
    Requirement("R09", "vCenter connected before failback",                   _CLASSIC_SO_FAR, _BACK,                   p.vcenter_is_connected,                   "FB-R09", retry=True,
        kind_of_object="configuration server", who=_VSPHERE, source="failback",           remedy="reconnect vCenter and retry"),
    Requirement("R17", "Azure virtual machine in its resource group",         _BOTH,           _CHECK,                  p.replica_was_not_moved,                  "FB-R17",
        kind_of_object="virtual machine",      who=_AZURE,   source="reprotect",          remedy="none is documented: a moved machine cannot fail back"),
    Requirement("R18", "Azure virtual machine exists",                        _BOTH,           _CHECK,                  p.replica_exists,                         "FB-R18",
        kind_of_object="virtual machine",      who=_AZURE,   source="reprotect",          remedy="none: a deleted replica cannot fail back"),
    Requirement("R23", "agent registered with the configuration server",      _CLASSIC,        _CHECK + _AGAIN,         p.agent_is_registered,                    "FB-R23", waits_s=900.0,
        kind_of_object="virtual machine",      who=_AZURE,   source="reprotect, failback", remedy="wait up to 15 minutes after the boot and retry"),
    Requirement("R24", "datastore mounted read/write on the master target's host", _CLASSIC,   _JOB,                    p.master_target_sees_the_datastore,       "8061",
        kind_of_object="datastore",            who=_VSPHERE, source="reprotect, troubleshooting", remedy="mount it on that host, or choose another master target"),
    Requirement("R27", "master target and process server chosen",             _CLASSIC,        _PICK,                   p.chosen_servers_exist,                   "FB-R27",
        kind_of_object="virtual machine",      who=_AZURE,   source="reprotect, SDK",     remedy="choose a master target and a process server that exist"),
    Requirement("R28", "a listed datastore where disks must be made",         _CLASSIC,        _PICK,                   p.datastore_for_new_disks_is_listed,      "FB-R28",
        kind_of_object="virtual machine",      who=_AZURE,   source="reprotect, types",   remedy="choose a datastore that the master target's host mounts"),
    Requirement("R29", "retention drive of the master target chosen",         _CLASSIC,        _PICK,                   p.retention_drive_is_chosen,              "FB-R29",
        kind_of_object="master target",        who=_AZURE,   source="reprotect, SDK",     remedy="choose one of its retention drives, or add one"),
    Requirement("R33", "machine powered off while it is a replication target", _BOTH,          _WHILE,                  p.target_is_powered_off,                  "FB-R33",
        kind_of_object="virtual machine",      who=_VSPHERE, source="reprotect",          remedy="power it off; its disks need a resync, decide with the application's owner"),
    Requirement("T10", "name free on the master target's host",               _CLASSIC_SO_FAR, _JOB,                    p.name_is_free_on_the_host,               "78052",
        kind_of_object="host",                 who=_VSPHERE, source="troubleshooting",    remedy="rename the other machine, or use a master target on another host"),
    Requirement("M01", "master target of the machine's family",               _CLASSIC,        _PICK,                   p.master_target_is_of_the_family,         "FB-M01",
        kind_of_object="master target",        who=_VSPHERE, source="Linux master target, capacity", remedy="add a master target of that family"),
    Requirement("M03", "at most 60 disks on the master target",               _CLASSIC,        _CHECK,                  p.master_target_has_room,                 "FB-M03",
        kind_of_object="master target",        who=_VSPHERE, source="reprotect 2018, capacity", remedy="fail back and commit others first, or add a master target"),
    Requirement("M10", "retention drive listed",                              _CLASSIC,        _PICK,                   p.retention_drive_is_listed,              "FB-M10", waits_s=900.0,
        kind_of_object="retention drive",      who=_AZURE,   source="prepare",            remedy="wait up to 15 minutes, or refresh the configuration server"),
    Requirement("N04", "Azure virtual machine reaches the configuration server", _CLASSIC,     _CHECK,                  p.replica_reaches_configuration_server,   "95226",  retry=True,
        kind_of_object="virtual machine",      who=_NETWORK, source="reprotect 2018, troubleshooting", remedy="mend the VPN or private peering; start the InMage Scout application service"),
    Requirement("806", "process server up",                                   _CLASSIC,        _CHECK + _AGAIN,         p.process_server_is_up,                   "806",    retry=True,
        kind_of_object="process server",       who=_SITE,    source="process server troubleshooting", remedy="start it and check its services"),
    Requirement("78022", "master target up",                                  _CLASSIC,        _CHECK + _BACK,          p.master_target_is_up,                    "78022",  retry=True,
        kind_of_object="master target",        who=_SITE,    source="replication troubleshooting", remedy="restart svagents on it, or register it again"),
    Requirement("78093", "Azure virtual machine running",                     _BOTH,           _CHECK,                  p.replica_is_running,                     "78093",  retry=True,
        kind_of_object="virtual machine",      who=_AZURE,   source="troubleshooting",    remedy="restart it, then restart the job"),
    Requirement("8038", "memory free on the host",                            _CLASSIC_SO_FAR, _BACK,                   p.host_has_memory,                        "8038",
        kind_of_object="host",                 who=_VSPHERE, source="troubleshooting",    remedy="add memory, or move machines to another host"),
    Requirement("A01", "a healthy appliance",                                 _MODERNISED,     _CHECK + _BACK + _AGAIN, p.appliance_is_healthy,                   "FB-A01", retry=True,
        kind_of_object="appliance",            who=_SITE,    source="modernised overview", remedy="mend it, or choose another healthy appliance"),
    Requirement("A02", "at most 60 disks through the appliance",              _MODERNISED,     _CHECK,                  p.appliance_has_room,                     "FB-A02",
        kind_of_object="appliance",            who=_VSPHERE, source="modernised overview", remedy="fail back and commit others first, or add an appliance"),
    Requirement("A06", "agent registered by itself after the boot",           _MODERNISED,     _CHECK + _AGAIN,         p.agent_is_registered,                    "FB-A06", waits_s=900.0,
        kind_of_object="virtual machine",      who=_AZURE,   source="modernised overview; the 15 minutes are inferred from R23", remedy="see why the agent does not reach the service"),
)
# fmt: on

_BY_ID: Final = {row.id: row for row in REQUIREMENTS}
_BY_CODE: Final = {row.code: row for row in REQUIREMENTS}


def by_id(rule: str) -> Requirement | None:
    """The row of this rule, if it has one."""
    return _BY_ID.get(rule)


def by_code(code: str) -> Requirement | None:
    """The row whose breach a vault reports by this code, if there is one."""
    return _BY_CODE.get(code)


def applies(requirement: Requirement, architecture: Architecture) -> Applies:
    """Whether the rule holds for this architecture, and who says so."""
    match architecture:
        case Architecture.CLASSIC:
            return requirement.architectures.classic
        case Architecture.MODERNISED:
            return requirement.architectures.modernised


def judged(
    estate: Estate, item: str, stage: Stage | None, operation: Operation | None, choices: Choices
) -> Iterator[Judgement]:
    """Every row that bites here, with its verdict, in the table's order. None means: any stage, any operation."""
    architecture = estate.virtual_machines[item].architecture
    for row in REQUIREMENTS:
        holds = applies(row, architecture)
        bite = next((b for b in row.where if stage in (None, b.stage) and operation in (None, b.operation)), None)
        if bite is not None and holds.answer is not Holds.NO:
            yield Judgement(row, item, bite, _weighed(row.predicate(estate, item, choices), row, holds))


def unmet(
    estate: Estate, item: str, stage: Stage | None, operation: Operation | None, choices: Choices
) -> Iterator[Unmet]:
    """The broken rows among `judged`, one after the other as they are looked at."""
    for judgement in judged(estate, item, stage, operation, choices):
        if isinstance(judgement.verdict, Broken):
            yield _unmet(judgement, judgement.verdict)


def first_unmet(
    estate: Estate, item: str, stage: Stage | None, operation: Operation | None, choices: Choices
) -> Unmet | None:
    """The broken row that a vault would report; later rows are not looked at."""
    return next(unmet(estate, item, stage, operation, choices), None)


def sentences(verdict: Verdict) -> str:
    """The verdict for people."""
    match verdict:
        case Met():
            return "met"
        case Broken(blockers):
            return "; ".join(f"{b.name}: {b.sentence}" for b in blockers)
        case Unsure(gaps):
            return "; ".join(f"{g.fact} ({g.how})" for g in gaps)


def _unmet(judgement: Judgement, verdict: Broken) -> Unmet:
    row = judgement.requirement
    causes = f"{row.id} does not hold: {row.title}"
    said = (row.code, sentences(verdict), causes, row.remedy)
    return Unmet(row.id, judgement.item, judgement.bite.stage, *said, verdict.blockers)


def _weighed(verdict: Verdict, row: Requirement, holds: Applies) -> Verdict:
    if holds.answer is Holds.UNKNOWN and verdict != MET:
        return Unsure((Gap(f"whether {row.id} holds for this architecture", holds.source),))
    return verdict
