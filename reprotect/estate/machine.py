"""Protected machines, their disks and their copies in Azure."""

from dataclasses import dataclass
from typing import Any, ClassVar

from failback.reprotect.item import UNKNOWN, Architecture, OsFamily, Phase, Unknown

from .facts import STRICT, Fact


@dataclass(frozen=True, slots=True)
class Disk:
    """One virtual disk of a protected machine."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

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
    excluded: bool | Unknown = False
    """Excluded from the replication: not in Azure, and not sent home (G09)."""
    datastore: str = ""
    """Its datastore, if it differs from that of the machine (R24, A03, T03, T09)."""
    added_in_azure: bool = False
    """Attached to the Azure VM after failover (G03, A08)."""
    iscsi: bool | Unknown = False
    """An iSCSI disk of the guest (G04, A17)."""
    resized_in_azure: bool = False
    """Made larger on the Azure VM after failover (G05)."""
    rewritten_in_azure: bool = False
    """Encrypted, defragmented or restored in Azure, so that every block differs (B03)."""
    temporary_storage: bool = False
    """Its only volume is labelled Temporary Storage: Azure's temporary disk (G06)."""
    raw_device: bool | Unknown = False
    """A raw device mapping (T03, T04)."""
    attached_on_premises: bool | Unknown = True
    """Whether its VMDK exists and is attached to the on-premises virtual machine (T01, T03)."""
    held_by: Fact[str] = None
    """Another machine to which the VMDK is attached, such as a backup proxy (B06)."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """A network adapter of the on-premises virtual machine. No rule reads it; a runbook does."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    mac: str = ""
    """Its MAC address."""
    network: str = ""
    """The port group or network on site to which it is connected."""
    addresses: tuple[str, ...] = ()
    """Its IP addresses on site."""


@dataclass(frozen=True, slots=True)
class ReplicationPolicy:
    """A replication policy of the vault. No rule reads it; a runbook does."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: str = ""
    """Its name; unknown when left out."""
    rpo_threshold_min: float | None = None
    """Minutes without a recovery point after which the vault warns; unknown when left out."""
    retention_h: float | None = None
    """Hours for which recovery points are kept; unknown when left out."""
    app_consistent_every_min: float | None = None
    """Minutes between two application-consistent recovery points, 0: none are made; unknown when left out."""
    crash_consistent_every_min: float | None = None
    """Minutes between two crash-consistent recovery points; unknown when left out."""


@dataclass(frozen=True)
class AzureVm:
    """The replica virtual machine in Azure."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    running: Fact[bool] = UNKNOWN
    """Powered on and answering (78093)."""
    created_by_hand: bool | Unknown = False
    """Whether somebody created it by hand instead of a failover (G10)."""
    stopped_services: Fact[tuple[str, ...]] = ()
    """Services of the mobility agent that do not run on it (A25)."""
    disks_unchanged: bool | Unknown = True
    """Whether its disks are those of the failover: none added, resized or rewritten, and no temporary disk; false:
    `disks` says which (A08, B03, G03, G05, G06)."""
    exists: bool | Unknown = UNKNOWN
    """False: the replica was deleted (R18)."""
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
    addresses: tuple[str, ...] = ()
    """Its private IP addresses in Azure."""


@dataclass(frozen=True)
class VirtualMachine:
    """One protected machine: the item, its on-premises virtual machine and its replica."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

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
    """Datastore of its disks; a disk may name another one."""
    tier: str = ""
    """Tier or application, for people."""
    exists_on_premises: bool | Unknown = True
    """False: the on-premises virtual machine is gone, recovery goes to an alternate location (T04)."""
    powered_on: bool | Unknown = True
    """Whether the on-premises virtual machine is powered on at the start; when left out, as in its phase (`at`)."""
    snapshots: Fact[tuple[str, ...]] = ()
    """Snapshots of the on-premises virtual machine (R05)."""
    replication_group: str | None = None
    """Multi-VM consistency group (R06, R07, R22)."""
    configuration_server: Fact[str] = UNKNOWN
    """Configuration server that protects it (R02, R09, R10, R12, T05); classic only. If it is unknown and there are
    several, it is the one that has discovered its vCenter."""
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
    source: str | Unknown = "vmware"
    """Platform before the failover: vmware or physical (R14, T07)."""
    target: str | Unknown = "vmware"
    """Platform to which it returns: vmware or hyper-v (R15)."""
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
    """Whether the on-premises virtual machine is in the inventory, and not just its files on a datastore (B08)."""
    pending_question: Fact[bool] = False
    """Whether vSphere is waiting for an answer about it, which keeps it from being turned off or on (R32)."""
    autostart: Fact[bool] = UNKNOWN
    """Whether its host starts it by itself after a restart (B12)."""
    snapshots_possible: Fact[bool] = UNKNOWN
    """Whether vSphere can take a snapshot of it; independent disks and shared buses prevent it (A12)."""
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
    direction_shown: str | Unknown = "azure_to_on_premises"
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
    """Application-consistent recovery points among them (F03)."""
    rpo_s: Fact[float] = UNKNOWN
    """Recovery point objective as reported, in seconds (B10)."""
    backlog_mib: Fact[float] = UNKNOWN
    """Data that is waiting at source, process server and master target, in MiB (B05)."""
    holds_compressed_data: Fact[bool] = UNKNOWN
    """Whether its data is compressed or encrypted already (B09)."""
    return_within_h: Fact[float] = None
    """Agreed hours from the start of the way home until it must be home; known absent: none were agreed (B02, B04)."""
    downtime_agreed: Fact[bool] = UNKNOWN
    """Whether the application's owner agreed to a downtime for failback (R34)."""
    boot_tested: Fact[bool] = UNKNOWN
    """Whether it was tested that the on-premises virtual machine boots (F06)."""
    way_home_rehearsed: Fact[bool] = UNKNOWN
    """Whether its way home was rehearsed in any way (F09)."""
    mounts_by_hand: Fact[bool] = None
    """Whether /etc/fstab or the LVM configuration of a Linux machine was written by hand (G11)."""
    network_manager: Fact[bool] = None
    """Whether a Linux machine uses NetworkManager (G12)."""
    move_to_modernised_planned: bool | Unknown = False
    """Whether it is planned to move it to the modernised architecture before it is home (A13)."""
    id: str = ""
    """The id that distinguishes it from others of the same name in vSphere, if an import had to rename it."""
    vsphere_name: str = ""
    """Its name in vSphere, if that is different."""
    vault_id: str = ""
    """The id of its protected item, the last part of the item's path, if the vault calls it otherwise."""
    adapters: tuple[Adapter, ...] = ()
    """Its network adapters on site, as far as they are known."""
    dns_name: str = ""
    """DNS name of the guest."""
    policy: ReplicationPolicy = ReplicationPolicy()
    """Policy of its replication to Azure."""
    failback_policy: ReplicationPolicy = ReplicationPolicy()
    """Policy of its replication home (R30)."""
    log_storage_account: str = ""
    """Cache storage account that its replication uses, by name, or by its ARM id if it is in another resource group
    than the vault. A request home that names none takes it (A04; inferred)."""
    at: Phase = Phase.REPLICATING_TO_AZURE
    """Phase in which it starts the run, such as failover_committed."""
    returns_through: str = ""
    """Master target or appliance that has its disks, or is asked to take them, in the phase in which it stands; the
    one that the plan would choose when left out."""
    process_server: str = ""
    """Classic process server that carries its changes home in the phase in which it stands; the one that the plan would
    choose when left out."""
    resync_done_fraction: float = 0.0
    """Completed share of its resync, if a resync is running, 0 to 1."""
    job_running_s: float = 0.0
    """Seconds for which its job has already run, if a job is running; 0: the job has just begun."""

    @property
    def datastores(self) -> tuple[str, ...]:
        """All datastores of the disks that come home, its own first."""
        theirs = (disk.datastore or self.datastore for disk in self.disks if disk.excluded is not True)
        return tuple(dict.fromkeys((self.datastore, *theirs)))
