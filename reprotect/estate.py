"""The estate: everything on both sides that a prerequisite asks about, as three-valued facts.

A fact is known (a value), known absent (`None`) or unknown (`UNKNOWN`, written `unknown` in a scenario). A fact with
a plain type is part of the object's identity and always known. The values are frozen; the mappings that hold them may
be live ones (the simulated site replaces a part when it changes), so that a rule reads a running world and a file
with the same code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, TypeAlias, TypeGuard, TypeVar

from .item import UNKNOWN, Architecture, OsFamily, Unknown

T = TypeVar("T")
Fact: TypeAlias = T | Unknown | None
"""Known, known absent, or unknown."""

_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}


def known(fact: T | Unknown) -> TypeGuard[T]:
    """Whether somebody knows this fact (known absent counts as known)."""
    return not isinstance(fact, Unknown)


@dataclass(frozen=True, slots=True)
class Disk:
    """One virtual disk of a protected machine."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    size_gib: float
    """Size in GiB."""
    name: str = ""
    """Name; Disk0, Disk1 ... when left out."""
    changed_fraction: float | None = None
    """Share of the blocks that differ when the disk comes home to its original location, 0 to 1; the site's default
    when left out."""
    churn_mib_per_s: float | None = None
    """Data written per second in Azure, MiB/s; the site's default when left out."""
    uuid: Fact[str] = UNKNOWN
    """The VMDK's UUID (R11)."""
    added_in_azure: bool = False
    """Attached to the Azure VM after failover (G03, A08)."""
    iscsi: bool = False
    """An iSCSI disk of the guest (G04, A17)."""


@dataclass(frozen=True, slots=True)
class AzureVm:
    """The replica virtual machine in Azure."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    running: Fact[bool] = UNKNOWN
    """Powered on and answering (78093)."""
    exists: bool | Unknown = UNKNOWN
    """False once the replica was deleted (R18)."""
    moved: bool | Unknown = UNKNOWN
    """Moved to another resource group (R17)."""
    reaches_configuration_server: bool | Unknown = UNKNOWN
    """Whether the machine reaches the configuration server (N04, 95226)."""


@dataclass(frozen=True, slots=True)
class VirtualMachine:
    """One protected machine: the item, its on-premises virtual machine and its replica."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Name of the virtual machine and of its protected item."""
    os: OsFamily
    """windows or linux."""
    disks: tuple[Disk, ...]
    """Its disks, in order."""
    architecture: Architecture = Architecture.MODERNISED
    """classic or modernised."""
    host: str = ""
    """ESXi host on which it is registered."""
    datastore: str = ""
    """Datastore of its disks."""
    tier: str = ""
    """Tier or application, for people."""
    exists_on_premises: bool | Unknown = True
    """False: the on-premises virtual machine is gone, recovery goes to an alternate location (T04)."""
    powered_on: bool | Unknown = True
    """Power of the on-premises virtual machine at the start."""
    snapshots: Fact[tuple[str, ...]] = ()
    """Snapshots of the on-premises virtual machine (R05)."""
    replication_group: str | None = None
    """Multi-VM consistency group (R06, R07, R22)."""
    in_configuration_database: bool | Unknown = True
    """Whether the configuration server's database has it (R03); classic only."""
    agent_registered: bool | Unknown = True
    """Whether the mobility agent is registered now (R23, A06)."""
    static_ip: Fact[bool] = UNKNOWN
    """Whether the guest has a static IP address (G01, A07)."""
    azure: AzureVm = AzureVm()
    """Its replica, once failed over."""
    memory_gib: Fact[float] = UNKNOWN
    """Memory in GiB, which its host must have free at failback (8038)."""


@dataclass(frozen=True, slots=True)
class ConfigurationServer:
    """The classic configuration server."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    up: bool | Unknown = True
    """Runs on site."""
    connected: bool | Unknown = True
    """Connected to Azure (R02)."""
    vcenter_connected: bool | Unknown = True
    """Reaches vCenter (R09)."""
    version: Fact[str] = UNKNOWN
    """Version, for comparison (M13, P04)."""
    accounts: tuple[str, ...] = ("root-linux", "administrator-windows")
    """Run-as accounts it keeps."""


@dataclass(frozen=True, slots=True)
class ProcessServer:
    """A classic process server, on site or in Azure."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    in_azure: bool = True
    """Where it runs (P01, P02)."""
    up: bool | Unknown = True
    """Heartbeat seen (806)."""
    version: Fact[str] = UNKNOWN
    """Version (P04)."""


@dataclass(frozen=True, slots=True)
class RetentionDrive:
    """A retention volume of a master target."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Drive letter or mount point (M09)."""
    capacity_gib: float = 1024.0
    """Capacity in GiB (M16)."""
    listed: bool | Unknown = True
    """Whether the configuration server lists it already; a new one takes up to 15 minutes (M10)."""


@dataclass(frozen=True, slots=True)
class MasterTarget:
    """A classic master target."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    os: OsFamily
    """Its family, which must be that of the machines (R06, M01)."""
    host: str = ""
    """ESXi host on which it runs (R24)."""
    datastore: str = ""
    """Datastore of its own disks."""
    up: bool | Unknown = True
    """Heartbeat seen (78022)."""
    snapshots: Fact[tuple[str, ...]] = ()
    """Snapshots on its disks (R04)."""
    local_disks: int = 2
    """Its own disks, which count against the 60 (M03)."""
    retention_drives: tuple[RetentionDrive, ...] = (RetentionDrive("R"),)
    """Volumes it offers for retention (R29, M08)."""
    version: Fact[str] = UNKNOWN
    """Version (M13)."""


@dataclass(frozen=True, slots=True)
class Appliance:
    """A modernised replication appliance."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    host: str = ""
    """ESXi host on which it runs."""
    datastore: str = ""
    """Datastore of its own disks."""
    healthy: bool | Unknown = True
    """Connected and healthy (A01)."""
    local_disks: int = 0
    """Disks that count against its 60 besides those of items (A02; zero is our reading)."""


@dataclass(frozen=True, slots=True)
class Host:
    """An ESXi host."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    datastores: tuple[str, ...] = ()
    """Datastores mounted read/write."""
    connected: bool | Unknown = True
    """Connected to vCenter."""
    free_memory_gib: Fact[float] = UNKNOWN
    """Free memory in GiB (8038)."""
    other_machines: tuple[str, ...] = ()
    """Names taken on it by machines that are not protected (T10)."""


@dataclass(frozen=True, slots=True)
class Datastore:
    """A datastore."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    kind: str = "VMFS"
    """VMFS, vSAN, NFS or RDM (T03, T04, T09)."""
    capacity_gib: float = 10240.0
    """Capacity in GiB."""


@dataclass(frozen=True, slots=True)
class ReplicationGroup:
    """A multi-VM consistency group."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecoveryPlan:
    """A recovery plan: groups run in order, the items of a group in parallel; at most 100 instances."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """The way between Azure and the site: VPN or ExpressRoute private peering (N01)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    bandwidth_mbit_per_s: float
    """Bandwidth in Mbit/s (decimal), both directions alike."""
    kind: str = "vpn"
    """vpn or expressroute_private."""


PLAN_INSTANCES_MAX: Final = 100
"""Instances in one recovery plan [documented]."""
DISKS_MAX: Final = 60
"""Disks of one master target (M03) or appliance (A02)."""


@dataclass(frozen=True, slots=True)
class Estate:
    """All parts by name, in the scenario's order."""

    virtual_machines: Mapping[str, VirtualMachine]
    link: Link
    hosts: Mapping[str, Host] = field(default_factory=dict)
    datastores: Mapping[str, Datastore] = field(default_factory=dict)
    configuration_servers: Mapping[str, ConfigurationServer] = field(default_factory=dict)
    process_servers: Mapping[str, ProcessServer] = field(default_factory=dict)
    master_targets: Mapping[str, MasterTarget] = field(default_factory=dict)
    appliances: Mapping[str, Appliance] = field(default_factory=dict)
    replication_groups: Mapping[str, ReplicationGroup] = field(default_factory=dict)
    recovery_plans: Mapping[str, RecoveryPlan] = field(default_factory=dict)
    reachable: frozenset[tuple[str, str, int]] = frozenset()
    """(from, to, TCP port) of parts that reach each other; computed outside by the topology."""
    returning_through: Mapping[str, str] | Unknown = UNKNOWN
    """Items on their way home and the master target or appliance each was asked with, from the request for the
    reprotect to the failback commit (R04, R07, R33). A vault keeps it live; in a file it is unknown."""
    disks_in_flight: Mapping[str, int] = field(default_factory=dict)
    """Disks of such items per master target or appliance (M03, A02), the judged item's own not counted."""
