"""What the readers of files yield: neutral records, each with its file. A fact that nobody told is absent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum, unique
from typing import Any

from failback.reprotect import Phase

Facts = dict[str, Any]
READ = "read live"
"""How the date of a live source is known."""


class CannotImport(Exception):
    """A file is not what it seems, or cannot be read: what was found, where, and what to do."""

    def __init__(self, file: str, message: str) -> None:
        super().__init__(f"{file}: {message}")
        self.file, self.message = file, message


@dataclass(frozen=True, slots=True)
class Origin:
    """A file, what it is, and as of when its facts hold; `dated_by` says how we know."""

    file: str
    format: str
    dated: datetime | None = None
    dated_by: str = ""
    named: datetime | None = None
    """The date in the file's name, where the facts are dated by something else."""


@dataclass(frozen=True, slots=True)
class SiteMachine:
    """A virtual machine as an inventory of vSphere shows it. `disks` None: nobody listed them."""

    name: str
    origin: Origin
    facts: Mapping[str, Any]
    disks: tuple[Facts, ...] | None = None
    id: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class VaultItem:
    """A protected item. `full`: it was read by itself; a list leaves its disks blank."""

    name: str
    origin: Origin
    facts: Mapping[str, Any]
    disks: tuple[Facts, ...] = ()
    id: str = ""
    phase: Phase | None = None
    odd: str = ""
    state: tuple[str, str] = ("", "")
    """Its protection state and active location, in the words of the vault."""
    protected_on_site: bool = False
    """Whether that state is the one of a machine that runs on site and is replicated."""
    goes_on: bool = False
    """Whether the vault offers what only a protected item is offered; it offers nothing while a job locks the item."""
    never_protected: bool = False
    instance_uuid: str = ""
    policy: str = ""
    silent: bool | None = None
    errors: tuple[str, ...] = ()
    full: bool = True
    azure_id: str = ""
    last_point: datetime | None = None
    last_failover: datetime | None = None
    """When its newest recovery point was made, and when it was last moved to the side where it runs."""
    discovered: tuple[str, ...] = ()
    """Where the vault saw it on site, when, and whether it was deleted there: each as `vcenter: NAME`."""


@dataclass(frozen=True, slots=True)
class Part:
    """Any other part of an estate: a server, host or datastore."""

    section: str
    name: str
    origin: Origin
    facts: Mapping[str, Any]
    id: str = ""


@dataclass(frozen=True, slots=True)
class PlanFound:
    """A recovery plan: the ids of the items of each group."""

    name: str
    origin: Origin
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class OtherItem:
    """An item that another provider than VMware replication protects."""

    name: str
    provider: str


@unique
class TroubleKind(Enum):
    """What the vault says is wrong."""

    UNWELL = "unwell"
    """Errors in its health, and in that of its fabrics, mappings, providers and vCenters."""
    COUNTED = "counted"
    """What its own summary counts."""
    MISSING = "missing"
    """Containers with more items than were read."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of it, with the objects and what is said of each."""

    kind: TroubleKind
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AzureResource:
    """Something in Azure that costs money or stays behind. `part_of`: the id of what it is attached to, if anything."""

    kind: str
    name: str
    id: str
    part_of: str = ""
    size: str = ""
    size_gib: float | None = None


@dataclass(frozen=True, slots=True)
class MachineRow:
    """A row of somebody's own list of machines."""

    name: str
    origin: Origin
    facts: Mapping[str, Any]
    id: str = ""


@dataclass(slots=True)
class Reading:
    """All that was read. `left_out` counts what was left out on purpose, by reason; `missing` names GETs to do."""

    origins: list[Origin] = field(default_factory=list)
    machines: list[SiteMachine] = field(default_factory=list)
    items: list[VaultItem] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    plans: list[PlanFound] = field(default_factory=list)
    rows: list[MachineRow] = field(default_factory=list)
    others: list[OtherItem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    in_azure: list[AzureResource] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    """Kinds of what is in Azure of which somebody gave a list, be it an empty one."""
    left_out: dict[str, int] = field(default_factory=dict)
    names_left_out: dict[str, list[str]] = field(default_factory=dict)
    """Names of machines among them, by reason."""
    has_vault: bool = False
    has_plans: bool = False
    """Whether somebody listed the vault's recovery plans; there may be none."""
    servers: frozenset[str] = frozenset()
    """Architectures of which somebody listed the vault's servers."""

    def leave_out(self, why: str, count: int = 1, *names: str) -> None:
        """Count something that is left out on purpose; machines with their names."""
        if count:
            self.left_out[why] = self.left_out.get(why, 0) + count
        if names:
            self.names_left_out.setdefault(why, []).extend(names)


def together(readings: Iterable[Reading]) -> Reading:
    """Several readings as one, in their order."""
    whole = Reading()
    for each in readings:
        for kept in fields(Reading):
            if isinstance(mine := getattr(whole, kept.name), list):
                mine += getattr(each, kept.name)
        for why, count in each.left_out.items():
            whole.leave_out(why, count, *each.names_left_out.get(why, ()))
        whole.has_vault |= each.has_vault
        whole.has_plans |= each.has_plans
        whole.servers |= each.servers
    return whole
