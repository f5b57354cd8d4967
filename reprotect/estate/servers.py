"""The servers of both architectures that carry data and orders."""

from dataclasses import dataclass
from typing import Any, ClassVar

from failback.reprotect.item import UNKNOWN, OsFamily, Unknown

from .facts import STRICT, Fact, known


@dataclass(frozen=True, slots=True)
class VcenterAccount:
    """The account that a configuration server uses for one of its vCenters."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: str
    """The vCenter's name, as in `vcenters`."""
    privileges: Fact[tuple[str, ...]] = UNKNOWN
    """Privileges, by id, of this account (R10); a pattern such as Datastore.* covers a group."""


@dataclass(frozen=True)
class ConfigurationServer:
    """The classic configuration server."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

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
    """Run-as accounts stored on it."""
    privileges: Fact[tuple[str, ...]] = UNKNOWN
    """Privileges, by id, of the vCenter account that it keeps (R10); a pattern such as Datastore.* covers a group."""
    vcenters: Fact[tuple[str, ...]] = UNKNOWN
    """vCenters that it has discovered (R12)."""
    lost_vcenters: Fact[tuple[str, ...]] = ()
    """Its vCenters that it cannot reach, if it can reach others (R09)."""
    vcenter_accounts: tuple[VcenterAccount, ...] = ()
    """Its accounts for single vCenters, if their privileges differ from `privileges` (R10)."""
    address_changed: bool | Unknown = False
    """Whether it has another IP address since it was restored (T11)."""
    rebuilt: bool | Unknown = False
    """Whether it has been rebuilt since the failover instead of restored (T05)."""
    failback_policy: bool | Unknown = True
    """Whether a failback policy is associated with it (R30)."""
    nics: Fact[int] = UNKNOWN
    """Network adapters (G08)."""
    closed_ports: Fact[tuple[int, ...]] = ()
    """TCP ports to it that are closed (R08)."""
    urls_over_expressroute: Fact[bool] = UNKNOWN
    """Whether it reaches the service's URLs over ExpressRoute (N03)."""
    authenticating_proxy: Fact[bool] = UNKNOWN
    """Whether there is an authenticating proxy between it and Azure (N03)."""
    vault_name: str | None = None
    """Its name in the vault, if an import had to rename it because another part has that name."""


@dataclass(frozen=True)
class ProcessServer:
    """A classic process server, on site or in Azure."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: str
    in_azure: bool | Unknown = True
    """Whether it runs in Azure (P01, P02)."""
    up: bool | Unknown = True
    """Whether it sends heartbeats (806)."""
    version: Fact[str] = UNKNOWN
    """Version (P04)."""
    registered: bool | Unknown = True
    """Whether it is registered in the vault (R01, R27)."""
    listed: bool | Unknown = True
    """Whether a switch of machines to it is visible yet; this takes up to 15 minutes (P08)."""
    network: Fact[str] = UNKNOWN
    """Azure virtual network (P02)."""
    reaches_servers: Fact[bool] = UNKNOWN
    """Whether it reaches the configuration server, with its passphrase, and the master target (P03)."""
    stopped_services: Fact[tuple[str, ...]] = UNKNOWN
    """Required services that do not run (P07)."""
    static_ip: Fact[bool] = UNKNOWN
    """Whether its address is static IPv4 (P06)."""
    behind_nat: Fact[bool] = UNKNOWN
    """Whether its address is translated by NAT (P06)."""
    load_percent: Fact[float] = UNKNOWN
    """The higher of CPU and memory use, in percent (P06)."""
    closed_ports: Fact[tuple[int, ...]] = ()
    """TCP ports to it that are closed (R08)."""
    upload_mib_per_s: float | None = None
    """The most that it can send, MiB/s; unlimited when left out."""
    cache_gib: float | None = None
    """Its cache in GiB; it throttles while less than 20 % of it is free (C12); unlimited when left out."""
    vault_name: str | None = None
    """Its name in the vault, if an import had to rename it because another part has that name."""


@dataclass(frozen=True, slots=True)
class RetentionDrive:
    """A retention volume of a master target."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: str
    """Drive letter or mount point (M09)."""
    capacity_gib: float = 1024.0
    """Capacity in GiB (M16)."""
    listed: bool | Unknown = True
    """Whether the configuration server lists it yet; a new one takes up to 15 minutes (M10)."""
    filesystem: Fact[str] = UNKNOWN
    """NTFS, ext4, FAT32 ... (M08)."""
    free_for_retention: bool | Unknown = True
    """False: locked, a replication target, or the cache or install volume (M08)."""


@dataclass(frozen=True)
class MasterTarget:
    """A classic master target."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: str
    os: OsFamily
    """Its family, which must be that of the machines (R06, M01)."""
    host: str = ""
    """ESXi host on which it runs (R24)."""
    datastore: str = ""
    """Datastore of its own disks."""
    up: bool | Unknown = True
    """Whether it sends heartbeats (78022)."""
    snapshots: Fact[tuple[str, ...]] = ()
    """Snapshots on its disks (R04)."""
    local_disks: int = 2
    """Number of its own disks, which count against its limit of 60 disks (M03)."""
    retention_drives: tuple[RetentionDrive, ...] = (RetentionDrive("R"),)
    """Volumes it offers for retention (R29, M08)."""
    version: Fact[str] = UNKNOWN
    """Version (M13)."""
    os_version: Fact[str] = UNKNOWN
    """Version of its operating system (M02, M15)."""
    registered: bool | Unknown = True
    """Whether it is registered in the vault (R01, R27)."""
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
    """Whether Storage vMotion has moved it since machines began to return through it (M06)."""
    lvm: Fact[bool] = UNKNOWN
    """Whether it uses LVM (M15)."""
    cores: Fact[int] = UNKNOWN
    """CPU cores (M16)."""
    memory_gib: Fact[float] = UNKNOWN
    """Memory in GiB (M16)."""
    os_disk_gib: Fact[float] = UNKNOWN
    """Size of its operating system disk in GiB (M21)."""
    kernel_updates: Fact[bool] = UNKNOWN
    """Whether kernel updates are turned on (M21)."""
    hosts_file_complete: Fact[bool] = UNKNOWN
    """Whether its hosts file maps its name to the addresses of all adapters (M17)."""
    nic_starts_at_boot: Fact[bool] = UNKNOWN
    """Whether its network adapter starts with the system (M17)."""
    authenticating_proxy: Fact[bool] = UNKNOWN
    """Whether there is an authenticating proxy between it and the configuration server (M18)."""
    reaches_servers: Fact[bool] = UNKNOWN
    """Whether it reaches process server and configuration server (M19)."""
    accessible_datastores: Fact[tuple[str, ...]] = UNKNOWN
    """Datastores that the vault lists for it; if its host is known, those of the host are used instead (R24)."""
    closed_ports: Fact[tuple[int, ...]] = ()
    """TCP ports to it that are closed (R08)."""
    receive_mib_per_s: float | None = None
    """The most that it can receive, MiB/s; unlimited when left out."""
    vault_name: str | None = None
    """Its name in the vault, if an import had to rename it because another part has that name."""


@dataclass(frozen=True, slots=True)
class AppliancePart:
    """One part of a replication appliance."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: str
    """proxy, discovery, reprotection_agent, process_server, provider ..."""
    healthy: bool | Unknown = True
    """Whether it reports itself healthy (A01)."""


@dataclass(frozen=True)
class Appliance:
    """A modernised replication appliance."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: str
    host: str = ""
    """ESXi host on which it runs."""
    datastore: str = ""
    """Datastore of its own disks."""
    healthy: bool | Unknown = True
    """Connected and healthy (A01)."""
    parts: tuple[AppliancePart, ...] = ()
    """Its parts, if they are described separately (A01); a part that is not listed has the health of the appliance."""
    local_disks: int = 0
    """Own disks that count against its limit of 60 disks (A02; zero is our assumption)."""
    storage_vmotion: bool | Unknown = False
    """Whether Storage vMotion has moved it since machines began to return through it (A09)."""
    vcenter: Fact[str] = UNKNOWN
    """vCenter to which it is connected (A18)."""
    vcenter_connected: bool | Unknown = True
    """Whether it reaches that vCenter (A19)."""
    privileges: Fact[tuple[str, ...]] = ("*",)
    """Privileges, by id, of the vCenter account that it keeps (A20); a pattern such as Datastore.* covers a group. All
    when left out."""
    authenticating_proxy: bool | Unknown = False
    """Whether there is an authenticating proxy between it and Azure (A21)."""
    reaches_service_urls: bool | Unknown = True
    """Whether it reaches the service's URLs (A22)."""
    forbidden_software: Fact[tuple[str, ...]] = UNKNOWN
    """Forbidden software and settings: FIPS mode, a web site on port 443, an antivirus without exclusions (A23)."""
    log_storage_accounts: Fact[tuple[str, ...]] = UNKNOWN
    """Cache storage accounts that it can use (A04)."""
    accessible_datastores: Fact[tuple[str, ...]] = UNKNOWN
    """Datastores that it reports as accessible; if its host is known, those of the host are used instead (A03)."""
    fqdn: Fact[str] = UNKNOWN
    """Fully qualified name; known absent: it is reached by address only (A15)."""
    closed_ports: Fact[tuple[int, ...]] = ()
    """TCP ports to it that are closed (A15)."""
    cores: Fact[int] = UNKNOWN
    """CPU cores (A14)."""
    memory_gib: Fact[float] = UNKNOWN
    """Memory in GiB (A14)."""
    disk_gib: Fact[float] = UNKNOWN
    """Total size of its own disks, in GiB (A14)."""
    receive_mib_per_s: float | None = None
    """The most that it can receive, MiB/s; unlimited when left out."""
    cache_gib: float | None = None
    """Cache of its process server in GiB; unlimited when left out."""
    vault_name: str | None = None
    """Its name in the vault, if an import had to rename it because another part has that name."""

    @property
    def full_name(self) -> str:
        """By which a machine in Azure finds it (A15); its short name where nobody knows the full one."""
        return self.fqdn if known(self.fqdn) and self.fqdn else self.name
