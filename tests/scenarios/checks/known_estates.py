"""Estates of which every fact is known and no rule is broken, as a file gives them; drawn ones change them."""

from typing import Any, Final

KNOWN: Final[dict[str, Any]] = {
    "os": "linux", "host": "esx", "datastore": "gold", "snapshots": [], "static_ip": False, "os_version": "16.04",
    "agent_version": "9.61", "firmware": "bios", "disk_enable_uuid": True, "vcenter": "vc", "autostart": False,
    "snapshots_possible": True, "tools": "toolsOk", "retains_ip": False, "replication_health": "normal",
    "resync_required": False, "recovery_points": 3, "app_consistent_points": 2, "rpo_s": 200, "backlog_mib": 0,
    "holds_compressed_data": False, "downtime_agreed": True, "boot_tested": True, "way_home_rehearsed": True,
    "return_within_h": None, "configuration_server": "cs",
}  # fmt: skip
REPLICA: Final[dict[str, Any]] = {
    "running": True, "exists": True, "moved": False, "reaches_configuration_server": True,
    "reaches_service_urls": True, "reaches_group": True, "network": "vnet", "needed_after_return": False,
}  # fmt: skip
_ROLE: Final = ["Datastore.*", "Network.*", "Resource.*", "Task.*", "VirtualMachine.*"]
SERVERS: Final[dict[str, dict[str, Any]]] = {
    "hosts": {
        "name": "esx", "datastores": ["gold"], "free_memory_gib": 100, "edition": "licensed", "version": "7.0",
    },
    "datastores": {"name": "gold", "kind": "VMFS", "capacity_gib": 4096, "free_gib": 3000},
    "configuration_servers": {
        "name": "cs", "version": "9.61", "vcenters": ["vc"], "nics": 2, "urls_over_expressroute": False,
        "authenticating_proxy": False, "privileges": _ROLE,
    },
    "process_servers": {
        "name": "ps", "version": "9.61", "network": "vnet", "reaches_servers": True, "stopped_services": [],
        "static_ip": True, "behind_nat": False, "load_percent": 20,
    },
    "master_targets": {
        "name": "mt", "os": "linux", "host": "esx", "datastore": "gold", "snapshots": [], "local_disks": 2,
        "retention_drives": [{"name": "/mnt/retention", "capacity_gib": 1024, "filesystem": "ext4"}],
        "version": "9.61", "os_version": "16.04", "vcenter": "vc", "bios_uuid": "mt", "disk_uuids": ["mt-0"],
        "disk_enable_uuid": True, "scsi_controllers": ["lsilogic"], "tools": "toolsOk", "lvm": False, "cores": 8,
        "memory_gib": 16, "hosts_file_complete": True, "nic_starts_at_boot": True, "authenticating_proxy": False,
        "reaches_servers": True,
    },
    "appliances": {
        "name": "box", "host": "esx", "datastore": "gold", "log_storage_accounts": ["logs"], "fqdn": "box.corp",
        "cores": 8, "memory_gib": 16, "disk_gib": 700, "vcenter": "vc", "vcenter_connected": True, "privileges": _ROLE,
    },
}  # fmt: skip
CLASSIC_ONLY: Final = ("configuration_servers", "process_servers", "master_targets")


def machine(name: str, architecture: str, count: int = 1, **facts: Any) -> dict[str, Any]:
    """A healthy machine with so many disks; `facts` differ."""
    own = {"name": name, "architecture": architecture, "bios_uuid": name, "instance_uuid": name, "memory_gib": 8}
    vmdks = [{"size_gib": 10, "uuid": f"{name}-{n}"} for n in range(count)]
    return {**KNOWN, **own, "disks": vmdks, **facts, "azure": {**REPLICA, **facts.get("azure", {})}}


def servers(*architectures: str) -> dict[str, list[dict[str, Any]]]:
    """One healthy part of each kind that these architectures need."""
    return {section: [dict(part)] for section, part in SERVERS.items() if _is_used(section, architectures)}


def _is_used(section: str, architectures: tuple[str, ...]) -> bool:
    if section in CLASSIC_ONLY:
        return "classic" in architectures
    return section != "appliances" or "modernised" in architectures
