"""A scenario: an estate, a plan, what goes wrong, who answers, and the ending that is expected.

There are two shapes of it. `ScenarioFile` is what a person writes: lists of parts with names, so that a line can be
pointed at. `Scenario` is what everything downstream sees: the same values, with the estate's parts by name and all
durations filled in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum, unique
from types import UnionType
from typing import Any, ClassVar, Final, TypeAlias, get_args, get_origin, get_type_hints

from failback.reprotect import (
    Appliance,
    ConfigurationServer,
    Datastore,
    Estate,
    Host,
    Link,
    MasterTarget,
    Phase,
    Plan,
    ProcessServer,
    RecoveryPlan,
    ReplicationGroup,
    VirtualMachine,
)
from failback.scenarios.files.calls.public_calls import bound
from failback.scenarios.files.calls.typed_fields import typed_fields
from failback.simulator import Duration, Fault, SiteParameters

from .applications import Application
from .calibration import Calibration
from .yaml_source import BadInput, KeyPath, Mistake

_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

STARTS_AT: Final = datetime(2026, 6, 5, 18, tzinfo=UTC)
"""The date that virtual second 0 is shown as: a Friday evening."""


@unique
class Stopped(Enum):
    """The outcome of an item that did not come home."""

    STOPPED = "stopped"


Ending: TypeAlias = Phase | Stopped
"""How an item ends: in a phase, or stopped."""


@dataclass(frozen=True, slots=True)
class OperatorAnswer:
    """The answer of a person at a gate, or to a question about a rule's remedy."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    gate: str
    """Name of the gate (verified), or the rule whose remedy the question is about (R04)."""
    proceed: bool = True
    """true: go on, or the remedy was applied by hand; false: stop here."""
    apply: bool = False
    """true: failback applies the remedy itself, if it can, and then tries again."""
    items: tuple[str, ...] = ()
    """Items that the answer is for; all when left out."""
    after_s: float = 0.0
    """Virtual seconds between the question and the answer."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """The expected outcome. Default: every item reaches the plan's last goal."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    all: Ending | None = None
    """Final phase of every item that `items` does not name, or stopped."""
    items: Mapping[str, Ending] = field(default_factory=dict)
    """For each item: its final phase, or stopped."""
    stopped_by: Mapping[str, str] = field(default_factory=dict)
    """For each item: the rule that stops it, such as R04."""
    findings: tuple[str, ...] = ()
    """Rules that must appear among the findings."""
    violations: tuple[str, ...] = ()
    """Checkers that must find a violation, for instance never_two_running_copies; findings of others are surprises."""


@unique
class HomeWhen(Enum):
    """When a machine counts as home."""

    COMMITTED = "committed"
    APP_CHECKED = "app_checked"
    REPROTECTED = "reprotected"


@unique
class Weekday(Enum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


@dataclass(frozen=True, slots=True)
class ManualStep:
    """A step that a person carries out on every machine between failback and commit, such as a check."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Name, for instance check the application."""
    takes: Duration
    """Working time of one person on one machine."""
    tiers: tuple[str, ...] = ()
    """Tiers whose machines need it; all when left out."""


@dataclass(frozen=True, slots=True)
class Shift:
    """People who work together, each on one machine at a time. Hours are on the clock of the scenario's start."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Name, for instance day."""
    people: int = 1
    """Number of people."""
    days: tuple[Weekday, ...] = tuple(Weekday)
    """Days on which the shift begins."""
    from_hour: float = 0.0
    """Hour of the day at which it begins, 0 to 24."""
    to_hour: float = 24.0
    """Hour at which it ends; at or before `from_hour`: on the next day."""

    def __post_init__(self) -> None:
        if not (0 <= self.from_hour <= 24 and 0 <= self.to_hour <= 24 and self.people >= 1 and self.days):
            raise ValueError("a shift must have at least one person, one day, and hours from 0 to 24")


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of running in Azure, in one currency."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    currency: str = "EUR"
    """Its name."""
    machine_per_h: float = 0.0
    """One machine running in Azure for an hour."""
    egress_per_gib: float = 0.0
    """One GiB that leaves Azure."""


@dataclass(frozen=True, slots=True)
class Target:
    """The recovery target of a tier."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    tier: str = ""
    """The tier; all machines when left out."""
    downtime_s: float | None = None
    """Longest time that an application of it may be down while it moves home."""
    home_within_s: float | None = None
    """Longest time from the start of the way home until its last machine is home. If `return_within_h` of a machine
    is unknown, rules B02 and B04 use this time."""
    rpo_s: float | None = None
    """Most data, in seconds of change, that may be lost at the failback."""


@dataclass(frozen=True, slots=True)
class Lever:
    """A change that you could make to be home in time, with its lead time. Predict simulates each lever alone."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Name, for instance a second appliance."""
    appliances: int | None = None
    """Number of appliances with it."""
    master_targets: int | None = None
    """Number of master targets of each operating system with it."""
    process_servers: int | None = None
    """Number of process servers in Azure with it."""
    bandwidth_mbit_per_s: float | None = None
    """Bandwidth of the link with it."""
    people: int | None = None
    """People in each shift with it."""
    wave_size: int | None = None
    """Number of machines in each wave."""
    starts_earlier_h: float = 0.0
    """Number of hours by which the way home starts earlier."""
    leaves_tiers: tuple[str, ...] = ()
    """Tiers whose machines stay in Azure for now."""
    lead_days: float = 0.0
    """Lead time: days from today until it is available."""
    available_from: date | None = None
    """Instead of `lead_days`: the date from which it is available."""


@dataclass(frozen=True, slots=True)
class Homecoming:
    """Further inputs of `predict` and `whatif`: when a machine is home, people, targets, prices and levers.

    `run` uses only `fail_back_when_staffed`, with the shifts and the manual steps.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    home_when: HomeWhen = HomeWhen.COMMITTED
    """A machine is home once its failback is committed, its application checked, or it is protected again."""
    manual_steps: tuple[ManualStep, ...] = ()
    """Steps that people carry out on each machine before its failback is committed."""
    shifts: tuple[Shift, ...] = ()
    """Shifts of these people; if left out, there are always enough people."""
    fail_back_when_staffed: bool = False
    """true: a machine that people work on (without manual steps: any) keeps working in Azure until somebody is there
    for as long as its failback and its manual steps are planned to take. `run` does this too. Needs `shifts`."""
    targets: tuple[Target, ...] = ()
    """The recovery targets of the tiers."""
    prices: Prices = Prices()
    """Prices of running in Azure."""
    levers: tuple[Lever, ...] = ()
    """Changes that you could make; if left out, predict tries usual purchases, whose lead time is unknown."""
    calibration: str | None = None
    """Path of a file that `failback calibrate` wrote, relative to the scenario; its numbers override the scenario's."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that an estate was imported from."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    file: str
    """Its name."""
    format: str = ""
    """Its kind, for instance RVTools."""
    dated: str = ""
    """Date of its facts; left out if the file does not contain a date."""
    dated_by: str = ""
    """Source of this date, such as vMetaData."""


@unique
class MismatchKind(Enum):
    """What a mismatch of an import is about; readers act on it, whatever its words are."""

    DIFFERS = "differs"
    NOT_IN_VCENTER = "not_in_vcenter"
    SEVERAL_IN_VCENTER = "several_in_vcenter"
    ONLY_IN_A_LIST = "only_in_a_list"
    OTHER_PROVIDER = "other_provider"
    NO_DISKS = "no_disks"
    NO_OS = "no_os"
    NEVER_PROTECTED = "never_protected"
    BEFORE_FAILOVER = "before_failover"
    OTHER_ADDRESSES = "other_addresses"
    SEVERAL_IN_VAULT = "several_in_vault"
    SERVER_UNWELL = "server_unwell"
    SERVER_IDENTITY = "server_identity"
    SERVER_DATASTORES = "server_datastores"
    SAME_ADDRESS = "same_address"
    ITEMS_MISSING = "items_missing"
    PLAN_WITHOUT_GROUPS = "plan_without_groups"
    TARGET_WITHOUT_OS = "target_without_os"
    OTHER = "other"


_IN_WORDS: Final = (
    (MismatchKind.OTHER, re.compile(r"^another memory in the vault")),
    (MismatchKind.OTHER_ADDRESSES, re.compile(r"^other addresses on site in the vault")),
    (MismatchKind.SEVERAL_IN_VAULT, re.compile(r"^more than one item of this name in the vault")),
    (MismatchKind.SERVER_IDENTITY, re.compile(r"^server with another BIOS UUID in the vault")),
    (MismatchKind.SERVER_DATASTORES, re.compile(r"^server with a datastore that the vault lists")),
    (MismatchKind.SAME_ADDRESS, re.compile(r"^servers with one IP address in the vault")),
    (MismatchKind.SERVER_UNWELL, re.compile(r"^server with a warning or an error in the vault")),
    (MismatchKind.ITEMS_MISSING, re.compile(r"^protection containers with more protected items")),
    (MismatchKind.PLAN_WITHOUT_GROUPS, re.compile(r"^recovery plans left out, because")),
    (MismatchKind.TARGET_WITHOUT_OS, re.compile(r"^master targets left out, because")),
    (MismatchKind.BEFORE_FAILOVER, re.compile(r"^in an inventory from before their last failover")),
    (MismatchKind.DIFFERS, re.compile(r"in the vault (than|and) in vCenter")),
    (MismatchKind.NOT_IN_VCENTER, re.compile(r"^protected, but in no vCenter")),
    (MismatchKind.SEVERAL_IN_VCENTER, re.compile(r"^protected, but several machines in vCenter")),
    (MismatchKind.ONLY_IN_A_LIST, re.compile(r"^in a list of machines, but neither")),
    (MismatchKind.OTHER_PROVIDER, re.compile(r"^protected by .+left out$")),
    (MismatchKind.NO_DISKS, re.compile(r"^left out, because no file contains their disks")),
    (MismatchKind.NO_OS, re.compile(r"^left out, because no file says whether they run")),
    (MismatchKind.NEVER_PROTECTED, re.compile(r"^left out, because their protection could not be enabled")),
)
"""For files without kinds: the words that the import had for each when it began to write them."""


_BROAD: Final = frozenset({MismatchKind.DIFFERS, MismatchKind.OTHER})
"""Kinds of what has a kind of its own by now: an import wrote them before there was one."""


def _kind_in_words(what: str) -> MismatchKind:
    return next((kind for kind, words in _IN_WORDS if words.search(what)), MismatchKind.OTHER)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A mismatch: a contradiction in the imported data, or another thing to review."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    what: str
    """What it is."""
    names: tuple[str, ...] = ()
    """The objects that it concerns, with the values in brackets."""
    kind: MismatchKind | None = None
    """Its kind: differs means that the vault says something else than vCenter. If left out, `what` says it."""
    objects: tuple[str, ...] = ()
    """The names without values in brackets; if left out, `names` has nothing in brackets."""

    def __post_init__(self) -> None:
        """The import wrote no kind at first, or a broad one: such a file says it in words alone."""
        if self.kind is None:
            object.__setattr__(self, "kind", _kind_in_words(self.what))
            alone = tuple(name.partition(" (vault: ")[0] for name in self.names)
            object.__setattr__(self, "objects", alone if alone != self.names else ())
        elif self.kind in _BROAD and (now := _kind_in_words(self.what)) not in _BROAD:
            object.__setattr__(self, "kind", now)

    def parts(self) -> tuple[str, ...]:
        """The names alone."""
        return self.objects or self.names

    def in_short(self) -> str:
        """Its first clause: the others say what was done, or is to be done."""
        return self.what.partition(";")[0]


@dataclass(frozen=True, slots=True)
class SourceVault:
    """A vault that the protected machines of an import are in."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Its name."""
    resource_group: str = ""
    """Its resource group."""
    subscription: str = ""
    """The id of its subscription."""


def vault_name(vaults: Sequence[SourceVault]) -> str:
    """The vault's name where there is one vault; of several, nobody knows which a step is about."""
    return vaults[0].name if len(vaults) == 1 else ""


@unique
class LeftOutBecause(Enum):
    """Why an import left a machine out."""

    NO_DISKS = "no_disks"
    NO_OS = "no_os"
    NEVER_PROTECTED = "never_protected"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Machines that should come home and that an import left out, since no file has what an estate needs of them."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    why: LeftOutBecause
    """no_disks: no file contains their disks; no_os: no file says whether they run Windows or Linux;
    never_protected: their protection could not be enabled (EnablingFailed)."""
    machines: tuple[str, ...] = ()
    """The machines."""
    not_in_vcenter: tuple[str, ...] = ()
    """Those of them that are in no vCenter that was read."""


@unique
class DoubtBecause(Enum):
    """Why the files of an import leave a machine in doubt."""

    DIFFERS = "differs"
    NOT_IN_VCENTER = "not_in_vcenter"
    SEVERAL_IN_VCENTER = "several_in_vcenter"
    SEVERAL_IN_VAULT = "several_in_vault"


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Machines of the estate of which the imported files contradict each other, or of which one file says nothing."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    why: DoubtBecause
    """differs: matched by its name alone, and the vault and vCenter show other disks, firmware or another operating
    system, so it may be another machine; not_in_vcenter: protected, but in no vCenter that was read;
    several_in_vcenter, several_in_vault: more than one has this name."""
    machines: tuple[str, ...] = ()
    """The machines."""


@dataclass(frozen=True, slots=True)
class EstateSources:
    """Origin of the facts of an imported estate. No rule uses it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    files: tuple[SourceFile, ...] = ()
    """The files."""
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For each section and fact, the file that most of its values come from."""
    exceptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For each part and fact, the file, if it is a different one."""
    assumed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facts that are in no file and got a default, with the parts, because they cannot be unknown."""
    policies: Mapping[str, int] = field(default_factory=dict)
    """Replication policies, and how many machines have each."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Data that was left out on purpose, with the number of objects."""
    names_left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of the machines among it."""
    notes: tuple[str, ...] = ()
    """Messages from reading the files."""
    phases: Mapping[str, int] = field(default_factory=dict)
    """Where the machines stand, in words and as the vault says it, with the number of machines."""
    mismatches: tuple[Mismatch, ...] = ()
    """Contradictions in the imported data, and other things to review."""
    machines_left_out: tuple[LeftOut, ...] = ()
    """Machines that should come home and are not in the estate, by reason."""
    vaults: tuple[SourceVault, ...] = ()
    """The vaults that the machines are in; the runbook and the steps of the check name them."""
    machines_in_doubt: tuple[InDoubt, ...] = ()
    """Machines of the estate that a pilot leaves out until somebody has looked, by reason."""


@dataclass(frozen=True, slots=True)
class EstateFile:
    """All facts, on site and in Azure, that the rules use."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    virtual_machines: tuple[VirtualMachine, ...]
    """The protected machines."""
    link: Link
    """The link between Azure and the site."""
    hosts: tuple[Host, ...] = ()
    """ESXi hosts."""
    datastores: tuple[Datastore, ...] = ()
    """Datastores."""
    configuration_servers: tuple[ConfigurationServer, ...] = ()
    """Classic configuration servers."""
    process_servers: tuple[ProcessServer, ...] = ()
    """Classic process servers."""
    master_targets: tuple[MasterTarget, ...] = ()
    """Classic master targets."""
    appliances: tuple[Appliance, ...] = ()
    """Modernised replication appliances."""
    replication_groups: tuple[ReplicationGroup, ...] = ()
    """Multi-VM consistency groups, besides those that the machines name themselves."""
    recovery_plans: tuple[RecoveryPlan, ...] = ()
    """Recovery plans of the vault."""
    recovery_plans_known: bool = True
    """`false`: there may be more recovery plans, since nobody read them all; what depends on them is unknown (R22)."""
    servers_known: bool = True
    """`false`: the vault may have more servers, since no file lists them; whether one is there is unknown (R01, R02,
    A01)."""
    sources: EstateSources | None = None
    """Origin of its facts; written by `failback import`."""


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario to rehearse: an estate, a plan for the way home, faults, and the expected outcome."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Short name that describes the fault, such as retention_drive_full."""
    estate: EstateFile | None = None
    """The estate."""
    estate_file: str | None = None
    """Instead of `estate`: the path of a file with the estate, relative to this one."""
    title: str = ""
    """One line for people."""
    description: str = ""
    """What happens, for somebody who has never seen Azure Site Recovery."""
    seed: int = 1
    """Seed of everything random; the same seed gives the same history."""
    starts_at: datetime = STARTS_AT
    """Date and time of virtual second 0, with its offset from UTC."""
    plan: Plan = Plan()
    """The plan of a run."""
    operator: tuple[OperatorAnswer, ...] = ()
    """The answers of the person; a question without an answer here is answered with: do not proceed."""
    faults: tuple[Fault, ...] = ()
    """The faults, with their times."""
    durations: Mapping[str, Duration] = field(default_factory=dict)
    """Durations that differ from the built-in ones; a plain number is a fixed time in seconds."""
    site: SiteParameters = SiteParameters()
    """Numbers of the site's model."""
    poll_s: float = 0.0
    """Virtual seconds between two polls by the run; 0: it sees every change at once."""
    expect: Expectation = Expectation()
    """The expected outcome."""
    homecoming: Homecoming = Homecoming()
    """When a machine is home, people, recovery targets and levers; for predict and whatif."""
    applications: tuple[Application, ...] = ()
    """Applications with their machines, owners and checks; for the runbook."""
    time_zone: str | None = None
    """Time zone of the site, a name of the IANA database such as Europe/Berlin. Dates and shifts follow its clock
    changes. Default: the UTC offset of `starts_at`, all the time."""


@typed_fields("failback.load_scenario returns one")
@dataclass(frozen=True, slots=True)
class Scenario:
    """A loaded scenario, with defaults for what its file leaves out."""

    name: str
    estate: Estate
    durations: Mapping[str, Duration]
    title: str = ""
    description: str = ""
    seed: int = 1
    starts_at: datetime = STARTS_AT
    plan: Plan = Plan()
    operator: tuple[OperatorAnswer, ...] = ()
    faults: tuple[Fault, ...] = ()
    site: SiteParameters = SiteParameters()
    poll_s: float = 0.0
    expect: Expectation = Expectation()
    homecoming: Homecoming = Homecoming()
    applications: tuple[Application, ...] = ()
    calibration: Calibration | None = None
    estate_files: tuple[SourceFile, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    vaults: tuple[SourceVault, ...] = ()
    in_doubt: tuple[InDoubt, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()
    phases_given: frozenset[str] = frozenset()
    time_zone: str | None = None
    file: str = field(default="", compare=False)
    """The path that it was loaded from; empty for a scenario of the library, or one that was made in Python."""
    estate_file: str = field(default="", compare=False)
    """The path of the file in which its estate stands, which may be the same."""

    def __repr__(self) -> str:
        """The estate alone fills a screen."""
        machines = len(self.estate.virtual_machines)
        return f"<Scenario {self.name}: {machines} machine{'' if machines == 1 else 's'}, seed {self.seed}>"

    @property
    def start_is_example(self) -> bool:
        """True if no start of the way home was given; the dates of the scenario are then only examples."""
        return self.starts_at == STARTS_AT

    @bound
    def ending(self, item: str) -> Ending:
        """Return the outcome that the scenario expects for this machine: its last phase, or stopped."""
        if item not in tuple(self.estate.virtual_machines):  # a tuple, since what is no name may have no hash
            known = ", ".join(self.estate.virtual_machines) or "none"
            raise BadInput(Mistake("", self.name, 0, f"no machine is called {item!r:.80}; there are: {known:.400}"))
        return ending_of(self, item)


def estate_file_of(scenario: Scenario, file: str) -> str:
    """The file with the facts, as a person names it: `file`, which was asked for, where it has its own estate."""
    return file if scenario.estate_file == scenario.file else scenario.estate_file


def ending_of(scenario: Scenario, item: str) -> Ending:
    """The same, also for a machine that is in no estate: a history may be all that is left of a run."""
    if item in scenario.expect.stopped_by:
        return Stopped.STOPPED
    return scenario.expect.items.get(item) or scenario.expect.all or scenario.plan.goals[-1]


_NO_SECTIONS: Final = ("link", "recovery_plans_known", "servers_known", "sources")
SECTIONS: Final = tuple(f.name for f in fields(EstateFile) if f.name not in _NO_SECTIONS)
"""Lists of an estate file."""
EXTRA_KEYS: Final[Mapping[type, tuple[str, ...]]] = {
    ScenarioFile: ("$schema",),
    EstateFile: ("$schema", "defaults", "facts"),
    VirtualMachine: ("count",),
}
"""Keys that the loader takes out before the types see them."""


def keys_at(shape: Any, path: KeyPath) -> tuple[str, ...]:
    """Keys that may stand in the mapping at this path of a file of this shape; none where any may."""
    for step in path:
        shape = _below(_part_of(shape), step)
    part = _part_of(shape)
    if not isinstance(part, type) or not is_dataclass(part):
        return ()
    return (*(f.name for f in fields(part)), *EXTRA_KEYS.get(part, ()))


def _part_of(hint: Any) -> Any:
    """The dataclass, or else the first container, of a union."""
    if not isinstance(hint, UnionType) and get_origin(hint) is not UnionType:
        return hint
    parts = [part for part in get_args(hint) if is_dataclass(part) or get_origin(part)]
    return parts[0] if parts else Any


def _below(hint: Any, step: str | int) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return get_type_hints(hint).get(str(step), Any)
    arguments = get_args(hint)
    if not arguments:
        return Any
    return arguments[0] if isinstance(step, int) else arguments[-1]
