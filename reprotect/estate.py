"""The estate: everything on both sides that a prerequisite asks about, as three-valued facts.

A fact is known (a value), known absent (`None`) or unknown (`UNKNOWN`, written `unknown` in a scenario). A fact with
a plain type is part of the object's identity and always known. The values are frozen; the mappings that hold them may
be live ones (the simulated site replaces a part when it changes), so that a rule reads a running world and a file
with the same code.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from math import inf
from typing import Any, ClassVar, Final, TypeAlias, TypeGuard, TypeVar

from .item import UNKNOWN, Architecture, OsFamily, Unknown

T = TypeVar("T")
Fact: TypeAlias = T | Unknown | None
"""Known, known absent, or unknown."""

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the week."""
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
    resized_in_azure: bool = False
    """Made larger on the Azure VM after failover (G05)."""
    rewritten_in_azure: bool = False
    """Encrypted, defragmented or restored in Azure, so that every block differs (B03)."""
    temporary_storage: bool = False
    """Its only volume is labelled Temporary Storage: Azure's temporary disk (G06)."""
    raw_device: bool = False
    """A raw device mapping (T03, T04)."""
    attached_on_premises: bool | Unknown = True
    """Whether its VMDK exists and is attached to the on-premises virtual machine (T01, T03)."""
    held_by: Fact[str] = None
    """Another machine that has the VMDK attached, a backup proxy for instance (B06)."""


@dataclass(frozen=True)
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
    reaches_service_urls: bool | Unknown = UNKNOWN
    """Whether it reaches the service's URLs (A05)."""
    reaches_group: bool | Unknown = UNKNOWN
    """Whether it reaches the other machines of its replication group on TCP 20004 (B15)."""
    network: Fact[str] = UNKNOWN
    """Azure virtual network (P02)."""
    needed_after_return: Fact[bool] = UNKNOWN
    """Whether somebody still needs it after the return; the commit deletes it (F05)."""


@dataclass(frozen=True)
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
    source: str = "vmware"
    """What it was before failover: vmware or physical (R14, T07)."""
    target: str = "vmware"
    """What it shall come home to: vmware or hyper-v (R15)."""
    os_version: Fact[str] = UNKNOWN
    """Version of the operating system, such as 18.04 or 2008 R2 SP1 (R14, M02)."""
    agent_version: Fact[str] = UNKNOWN
    """Version of the mobility agent (C05)."""
    firmware: Fact[str] = UNKNOWN
    """bios or efi (G07)."""
    bios_uuid: Fact[str] = UNKNOWN
    """UUID of the virtual machine's BIOS (R11)."""
    instance_uuid: Fact[str] = UNKNOWN
    """UUID by which vCenter knows the virtual machine (R11)."""
    template: Fact[str] = UNKNOWN
    """Template that it was cloned from (R11, C04)."""
    disk_enable_uuid: Fact[bool] = UNKNOWN
    """disk.EnableUUID of the virtual machine (T06)."""
    vcenter: Fact[str] = UNKNOWN
    """vCenter that it belonged to before failover; known absent: a host without vCenter (R12, T02, T05)."""
    registered_in_vcenter: bool | Unknown = True
    """Whether the on-premises virtual machine is in the inventory and not only its files are there (B08)."""
    pending_question: Fact[bool] = False
    """Whether vSphere waits for an answer about it, which keeps it from being turned off (R32)."""
    autostart: Fact[bool] = UNKNOWN
    """Whether its host starts it by itself after a restart (B12)."""
    snapshots_possible: Fact[bool] = UNKNOWN
    """Whether vSphere can take a snapshot of it; independent disks and shared buses forbid it (A12)."""
    tools: Fact[str] = UNKNOWN
    """VMware Tools of the guest; known absent: none (G02)."""
    retains_ip: Fact[bool] = UNKNOWN
    """Whether it kept its IP address in Azure (G08)."""
    manages_recovery: Fact[str] = None
    """Kind of management server that runs in it, such as configuration server (M20)."""
    migration_completed: bool | Unknown = False
    """Whether somebody completed the migration (R16)."""
    protection_disabled: bool | Unknown = False
    """Whether somebody disabled protection while it ran in Azure (R19)."""
    failover_cancelled: bool | Unknown = False
    """Whether a running failover to Azure was cancelled (F07)."""
    direction_shown: str = "azure_to_on_premises"
    """Direction that the reprotect dialog shows once failed over: this, or on_premises_to_azure (R26)."""
    replication_starts: bool | Unknown = True
    """False: the initial replication after a reprotect does not begin: connectivity, time, antivirus (R31, 78169)."""
    replication_health: Fact[str] = UNKNOWN
    """normal, warning or critical, while it replicates home (F01)."""
    resync_required: Fact[bool] = UNKNOWN
    """Whether it is marked for a resync (B11)."""
    recovery_points: Fact[int] = UNKNOWN
    """Recovery points on site (F02)."""
    app_consistent_points: Fact[int] = UNKNOWN
    """Application-consistent ones among them (F03)."""
    rpo_s: Fact[float] = UNKNOWN
    """Recovery point objective as reported, in seconds (B10)."""
    backlog_mib: Fact[float] = UNKNOWN
    """Data that waits at source, process server and master target, in MiB (B05)."""
    holds_compressed_data: Fact[bool] = UNKNOWN
    """Whether its data is compressed or encrypted already (B09)."""
    return_within_h: Fact[float] = None
    """Hours within which its data was promised to be home; known absent: nothing was promised (B02, B04)."""
    downtime_agreed: Fact[bool] = UNKNOWN
    """Whether the application's owner agreed to a downtime for failback (R34)."""
    boot_tested: Fact[bool] = UNKNOWN
    """Whether anybody knows that the on-premises virtual machine boots (F06)."""
    way_home_rehearsed: Fact[bool] = UNKNOWN
    """Whether its way home was rehearsed in any way (F09)."""
    move_to_modernised_planned: bool = False
    """Whether it is planned to be moved to the modernised architecture meanwhile (A13)."""


@dataclass(frozen=True)
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
    privileges: Fact[tuple[str, ...]] = UNKNOWN
    """Privileges, by id, of the vCenter account that it keeps (R10); a pattern such as Datastore.* covers a group."""
    vcenters: Fact[tuple[str, ...]] = UNKNOWN
    """vCenters that it has discovered (R12)."""
    rebuilt: bool | Unknown = False
    """Whether it was built anew since the failover and not restored (T05)."""
    failback_policy: bool | Unknown = True
    """Whether a failback policy is associated with it (R30)."""
    nics: Fact[int] = UNKNOWN
    """Network adapters (G08)."""
    closed_ports: tuple[int, ...] = ()
    """TCP ports towards it that are closed (R08)."""
    urls_over_expressroute: Fact[bool] = UNKNOWN
    """Whether its way to the service's URLs is ExpressRoute (N03)."""
    authenticating_proxy: Fact[bool] = UNKNOWN
    """Whether a proxy with authentication stands between it and Azure (N03)."""


@dataclass(frozen=True)
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
    registered: bool | Unknown = True
    """Whether the vault knows it, so that it is offered (R01, R27)."""
    listed: bool | Unknown = True
    """Whether a switch of machines to it shows already; it takes up to 15 minutes (P08)."""
    network: Fact[str] = UNKNOWN
    """Azure virtual network (P02)."""
    reaches_servers: Fact[bool] = UNKNOWN
    """Whether it reaches the configuration server, with its passphrase, and the master target (P03)."""
    stopped_services: Fact[tuple[str, ...]] = UNKNOWN
    """Services that ought to run and do not (P07)."""
    static_ip: Fact[bool] = UNKNOWN
    """Whether its address is static IPv4 (P06)."""
    behind_nat: Fact[bool] = UNKNOWN
    """Whether its address is translated (P06)."""
    load_percent: Fact[float] = UNKNOWN
    """The higher of CPU and memory use, in percent (P06)."""
    closed_ports: tuple[int, ...] = ()
    """TCP ports towards it that are closed (R08)."""
    upload_mib_per_s: float | None = None
    """What it sends on at most, MiB/s; unlimited when left out."""
    cache_gib: float | None = None
    """Its cache in GiB; it throttles while less than 20 % of it are free (C12); unlimited when left out."""


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
    filesystem: Fact[str] = UNKNOWN
    """NTFS, ext4, FAT32 ... (M08)."""
    free_for_retention: bool | Unknown = True
    """False: locked, a replication target, or the cache or install volume (M08)."""


@dataclass(frozen=True)
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
    os_version: Fact[str] = UNKNOWN
    """Version of its operating system (M02, M15)."""
    registered: bool | Unknown = True
    """Whether the vault knows it, so that it is offered (R01, R27)."""
    physical: bool | Unknown = False
    """Whether it is a physical server (M14)."""
    discovered: bool | Unknown = True
    """Whether the configuration server has discovered it as a VM of a vCenter; that takes up to 30 minutes (M14)."""
    vcenter: Fact[str] = UNKNOWN
    """vCenter that it belongs to (R12, T05)."""
    bios_uuid: Fact[str] = UNKNOWN
    """UUID of its BIOS (R11)."""
    template: Fact[str] = UNKNOWN
    """Template that it was cloned from (R11, C04)."""
    disk_uuids: Fact[tuple[str, ...]] = UNKNOWN
    """UUIDs of its own VMDKs (R11)."""
    disk_enable_uuid: Fact[bool] = UNKNOWN
    """disk.EnableUUID (M07)."""
    scsi_controllers: Fact[tuple[str, ...]] = UNKNOWN
    """Kinds of its SCSI controllers: lsilogic, lsilogic-sas, pvscsi (M05)."""
    tools: Fact[str] = UNKNOWN
    """VMware Tools or open-vm-tools; known absent: none (M11)."""
    storage_vmotion: bool | Unknown = False
    """Whether it was moved by Storage vMotion since machines return through it (M06)."""
    lvm: Fact[bool] = UNKNOWN
    """Whether it uses LVM (M15)."""
    cores: Fact[int] = UNKNOWN
    """CPU cores (M16)."""
    memory_gib: Fact[float] = UNKNOWN
    """Memory in GiB (M16)."""
    hosts_file_complete: Fact[bool] = UNKNOWN
    """Whether its hosts file maps its name to the addresses of all adapters (M17)."""
    nic_starts_at_boot: Fact[bool] = UNKNOWN
    """Whether its network adapter starts with the system (M17)."""
    authenticating_proxy: Fact[bool] = UNKNOWN
    """Whether a proxy with authentication stands between it and the configuration server (M18)."""
    reaches_servers: Fact[bool] = UNKNOWN
    """Whether it reaches process server and configuration server (M19)."""
    closed_ports: tuple[int, ...] = ()
    """TCP ports towards it that are closed (R08)."""
    receive_mib_per_s: float | None = None
    """What it receives at most, MiB/s; unlimited when left out."""


@dataclass(frozen=True, slots=True)
class AppliancePart:
    """One part of a replication appliance."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """proxy, discovery, reprotection_agent, process_server, provider ..."""
    healthy: bool | Unknown = True
    """Whether it reports itself healthy (A01)."""


@dataclass(frozen=True)
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
    parts: tuple[AppliancePart, ...] = ()
    """Its parts, where anything is to be said of them one by one (A01); what is not named is as the whole."""
    local_disks: int = 0
    """Disks that count against its 60 besides those of items (A02; zero is our reading)."""
    storage_vmotion: bool | Unknown = False
    """Whether it was moved by Storage vMotion since machines return through it (A09)."""
    log_storage_accounts: Fact[tuple[str, ...]] = UNKNOWN
    """Log storage accounts that it can use (A04)."""
    fqdn: Fact[str] = UNKNOWN
    """Fully qualified name; known absent: it is reached by address only (A15)."""
    closed_ports: tuple[int, ...] = ()
    """TCP ports towards it that are closed (A15)."""
    cores: Fact[int] = UNKNOWN
    """CPU cores (A14)."""
    memory_gib: Fact[float] = UNKNOWN
    """Memory in GiB (A14)."""
    disk_gib: Fact[float] = UNKNOWN
    """Disks of its own altogether, in GiB (A14)."""
    receive_mib_per_s: float | None = None
    """What it receives at most, MiB/s; unlimited when left out."""
    cache_gib: float | None = None
    """The cache of its process server in GiB, as of a classic one; unlimited when left out."""


@dataclass(frozen=True)
class Host:
    """An ESXi host."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    datastores: tuple[str, ...] = ()
    """Datastores mounted read/write."""
    connected: bool | Unknown = True
    """Responds to vCenter; one that does not is taken to be down, and its master targets and appliances with it."""
    free_memory_gib: Fact[float] = UNKNOWN
    """Free memory in GiB while the protected machines are away; those that come home use it up (8038)."""
    other_machines: tuple[str, ...] = ()
    """Names taken on it by machines that are not protected (T10)."""
    read_only_datastores: tuple[str, ...] = ()
    """Datastores among them that are mounted read-only after all (R24, A03)."""
    edition: Fact[str] = UNKNOWN
    """free, evaluation or licensed (R13)."""
    version: Fact[str] = UNKNOWN
    """ESXi version (R13)."""
    discovered: bool | Unknown = True
    """Whether the configuration server has discovered it (T02)."""


@dataclass(frozen=True)
class Datastore:
    """A datastore."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    kind: str = "VMFS"
    """VMFS, vSAN, NFS or RDM (T03, T04, T09)."""
    capacity_gib: float = 10240.0
    """Capacity in GiB."""
    free_gib: Fact[float] = UNKNOWN
    """Free space in GiB (B14)."""
    accessible: bool | Unknown = True
    """Whether its hosts can read and write it now (R24)."""
    write_mib_per_s: float | None = None
    """What it writes at most, MiB/s; unlimited when left out."""


@dataclass(frozen=True)
class ReplicationGroup:
    """A multi-VM consistency group."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class RecoveryPlan:
    """A recovery plan: groups run in order, the items of a group in parallel; at most 100 instances."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Throttle:
    """A time in which only a share of a link's bandwidth is left; 0 is a maintenance window."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    share: float
    """Share that is left, 0 to 1."""
    from_s: float = 0.0
    """Virtual second at which it begins."""
    to_s: float | None = None
    """Virtual second at which it ends; never when left out."""
    every_s: float | None = None
    """Seconds after which it comes again, such as 86400 for every day."""

    def __post_init__(self) -> None:
        end_s = inf if self.to_s is None else self.to_s
        if not (0 <= self.share <= 1 and 0 <= self.from_s < end_s <= (self.every_s or inf)):
            found = f"found a share of {self.share:g} from {self.from_s:g} s to {end_s:g} s"
            raise ValueError(
                f"{found}; a throttle leaves a share from 0 to 1 and ends after it began, before it recurs"
            )


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Hours of the week in which only a share of a link's bandwidth is left."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    share: float
    """Share that is left, 0 to 1."""
    days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    """Days on which they begin."""
    from_hour: float = 8.0
    """Hour of the day at which they begin, 0 to 24."""
    to_hour: float = 18.0
    """Hour at which they end; at or before `from_hour`: on the next day."""

    def __post_init__(self) -> None:
        hours = 0 <= self.from_hour <= 24 and 0 <= self.to_hour <= 24
        if not (0 <= self.share <= 1 and hours and self.days and set(self.days) <= set(DAYS)):
            raise ValueError(
                f"working hours have a share from 0 to 1, hours from 0 to 24 and days of {', '.join(DAYS)}"
            )


@dataclass(frozen=True)
class Link:
    """The way between Azure and the site: VPN or ExpressRoute private peering (N01)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    bandwidth_mbit_per_s: float
    """Bandwidth in Mbit/s (decimal), both directions alike."""
    kind: str = "vpn"
    """vpn or expressroute_private."""
    up: bool | Unknown = True
    """Whether it is there at all (R01)."""
    forward: str = "public"
    """What replication to Azure goes over: public, microsoft_peering, private_endpoints or vpn (N02)."""
    schedule: tuple[Throttle, ...] = ()
    """When only a share of it is left: throttling, maintenance windows."""
    working_hours: tuple[WorkingHours, ...] = ()
    """Hours of the week in which only a share of it is left, on the clock of the scenario's `starts_at`."""
    bandwidth_to_azure_mbit_per_s: float | None = None
    """What replication to Azure has of it, Mbit/s; as much as the way home when left out [inferred: full duplex]."""


PLAN_INSTANCES_MAX: Final = 100
"""Instances in one recovery plan [documented]."""
DISKS_MAX: Final = 60
"""Disks of one master target (M03) or appliance (A02)."""


@dataclass(frozen=True)
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
    reachable: Set[tuple[str, str, int]] = frozenset()
    """(from, to, TCP port) of parts that reach each other; computed outside by the topology."""
    returning_through: Mapping[str, str] | Unknown = UNKNOWN
    """Items on their way home and the master target or appliance each was asked with, from the request for the
    reprotect to the failback commit (R04, R07, R33). A vault keeps it live; in a file it is unknown."""
    disks_to_return: Mapping[str, int] | None = None
    """Disks of all items of `returning_through` per master target or appliance (M04); counted when left out."""
    disks_in_flight: Mapping[str, int] = field(default_factory=dict)
    """Disks of such items per master target or appliance (M03, A02), the judged item's own not counted."""
    readings: Mapping[str, str] = field(default_factory=dict)
    """Readings of the articles' conflicts that differ from the default (C03: strict), see `readings`."""
