"""For every rule that can block: how an estate without a fault comes to break it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from failback.reprotect import NOTICES, REQUIREMENTS, Architecture, Holds, applies

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Break:
    """What changes: facts of some machines, of the first part of a section, a part more, the link, the plan's choices.

    `disk`: facts of the first disk. `grouped`: the machines are one replication group. `first`: facts and choices of
    the first of them alone. `unplanned`: no recovery plan has them. `readings`: what somebody decided.
    """

    machine: Facts = field(default_factory=dict)
    disk: Facts = field(default_factory=dict)
    parts: Mapping[str, Facts] = field(default_factory=dict)
    more: Mapping[str, Facts] = field(default_factory=dict)
    link: Facts = field(default_factory=dict)
    choices: Facts = field(default_factory=dict)
    first: Facts = field(default_factory=dict)
    first_choices: Facts = field(default_factory=dict)
    readings: tuple[str, ...] = ()
    grouped: bool = False
    unplanned: bool = False


def _azure(**facts: Any) -> Break:
    return Break({"azure": facts})


def _part(section: str, **facts: Any) -> Break:
    return Break(parts={section: facts})


_CS, _PS, _MT, _BOX = "configuration_servers", "process_servers", "master_targets", "appliances"
_GONE: Final = {"exists_on_premises": False}
_SILVER: Final = {"name": "silver", "kind": "VMFS", "capacity_gib": 4096, "free_gib": 3000}
_ELSEWHERE: Final = Break(
    {"host": "esx2", "datastore": "silver"},
    more={"hosts": {"name": "esx2", "datastores": ["silver"]}, "datastores": _SILVER},
)
_BOTH: Final[dict[str, Break]] = {
    "R11": Break(disk={"uuid": "twice"}),
    "R13": _part("hosts", edition="free"),
    "R14": Break({"source": "physical", "os": "windows", "os_version": "2008 R2 SP1", **_GONE}),
    "R15": Break({"target": "hyper-v"}),
    "R16": Break({"migration_completed": True}),
    "R17": _azure(moved=True),
    "R18": _azure(exists=False),
    "R19": Break({"protection_disabled": True}),
    "R22": Break(grouped=True, unplanned=True),
    "R26": Break({"direction_shown": "on_premises_to_azure"}),
    "R31": Break({"replication_starts": False}),
    "R32": Break({"pending_question": True}),
    "T03": Break(disk={"attached_on_premises": False}, parts={"datastores": {"kind": "vSAN"}}),
    "T04": Break(_GONE, disk={"raw_device": True}),
    "T09": _part("datastores", kind="NFS"),
    "T10": Break(_GONE, parts={"hosts": {"other_machines": [f"m{n}" for n in range(40)]}}),
    "F01": Break({"replication_health": "critical"}),
    "F02": Break({"recovery_points": 0}),
    "F07": Break({"failover_cancelled": True}),
    "B06": Break(disk={"held_by": "backup"}),
    "B08": Break({"registered_in_vcenter": False}),
    "B11": Break({"resync_required": True}),
    "B14": Break(_GONE, disk={"size_gib": 4000}),
    "B16": _part("datastores", free_gib=0),
    "M20": Break({"manages_recovery": "configuration server"}),
    "N02": Break(link={"forward": "vpn"}),
    "78093": _azure(running=False),
    "8038": Break({"memory_gib": 200}),
    "G10": _azure(created_by_hand=True),
}
_MODERNISED: Final[dict[str, Break]] = {
    "R06": Break(grouped=True, first={"os": "windows"}, readings=("C25=holds",)),
    "R07": Break(grouped=True, more={_BOX: {"name": "box2"}}, first_choices={"appliance": "box2"},
                 choices={"appliance": "box"}, readings=("C26=holds",)),
    "A01": _part(_BOX, healthy=False),
    "A02": _part(_BOX, local_disks=60),
    "A03": _ELSEWHERE,
    "A04": Break(choices={"log_storage_account": "elsewhere"}),
    "A05": _azure(reaches_service_urls=False),
    "A06": Break({"agent_registered": False}),
    "A09": _part(_BOX, storage_vmotion=True),
    "A11": Break(choices={"recovery_point": "last tuesday"}),
    "A15": _part(_BOX, closed_ports=[9443]),
    "A25": _azure(stopped_services=["svagents"]),
    "A18": Break(_GONE, choices={"datastore": "silver"}, more={"datastores": {**_SILVER, "vcenter": "vc9"}},
                 parts={"hosts": {"datastores": ["gold", "silver"]}}),
    "A19": _part(_BOX, vcenter_connected=False),
    "A20": _part(_BOX, privileges=["Datastore.*"]),
    "A21": _part(_BOX, authenticating_proxy=True),
    "A22": _part(_BOX, reaches_service_urls=False),
}  # fmt: skip
_CLASSIC: Final[dict[str, Break]] = {
    "R01": _part(_MT, registered=False),
    "R02": _part(_CS, connected=False),
    "R03": Break({"in_configuration_database": False}),
    "R04": _part(_MT, snapshots=["forgotten"]),
    "R06": Break(grouped=True, first={"os": "windows"}),
    "R07": Break(grouped=True, more={_MT: {"name": "mt2", "bios_uuid": "mt2", "disk_uuids": ["mt2-0"]}},
                 first_choices={"master_target": "mt2"}, choices={"master_target": "mt"}),
    "R08": _part(_PS, closed_ports=[9443]),
    "R09": _part(_CS, vcenter_connected=False),
    "R10": _part(_CS, privileges=["Datastore.*"]),
    "R12": _part(_MT, vcenter="vc9"),
    "R21": _part(_MT, retention_drives=[]),
    "R23": Break({"agent_registered": False}),
    "R24": _ELSEWHERE,
    "R27": Break(choices={"master_target": "mt2"},
                 more={_MT: {"name": "mt2", "bios_uuid": "mt2", "disk_uuids": ["mt2-0"], "registered": False}}),
    "R28": Break(_GONE, choices={"datastore": "silver"}, more={"datastores": _SILVER}),
    "R29": Break(unplanned=True, parts={_MT: {"retention_drives": []}}),
    "R30": _part(_CS, failback_policy=False),
    "T02": Break({"vcenter": None}, parts={"hosts": {"discovered": False}, _MT: {"vcenter": None}}),
    "T05": _part(_CS, rebuilt=True),
    "T11": _part(_CS, address_changed=True),
    "G08": Break({"retains_ip": True}, parts={_CS: {"nics": 1}}),
    "F03": Break({"app_consistent_points": 0}, choices={"recovery_point": "latest_app_consistent"}),
    "F08": Break(more={_PS: {"name": "ps-home", "in_azure": False, "registered": False}}),
    "M01": Break(more={_MT: {"name": "mt-win", "os": "windows"}}, choices={"master_target": "mt-win"}),
    "M02": Break({"os_version": "22.04"}, grouped=True),
    "M03": _part(_MT, local_disks=60),
    "M05": _part(_MT, scsi_controllers=["pvscsi"]),
    "M06": _part(_MT, storage_vmotion=True),
    "M07": _part(_MT, disk_enable_uuid=False),
    "M08": _part(_MT, retention_drives=[{"name": "/mnt/retention", "capacity_gib": 1024, "filesystem": "FAT32"}]),
    "M10": _part(_MT, retention_drives=[
        {"name": "/mnt/retention", "capacity_gib": 1024, "filesystem": "ext4", "listed": False}]),
    "M11": _part(_MT, tools=None),
    "M12": _part("datastores", kind="vSAN"),
    "M13": _part(_MT, version="9.70"),
    "M14": _part(_MT, discovered=False),
    "M15": _part(_MT, lvm=True),
    "M17": _part(_MT, hosts_file_complete=False),
    "M18": _part(_MT, authenticating_proxy=True),
    "M19": _part(_MT, reaches_servers=False),
    "P02": _part(_PS, network="other"),
    "P03": _part(_PS, reaches_servers=False),
    "P04": _part(_PS, version="9.70"),
    "P07": _part(_PS, stopped_services=["cxprocessserver"]),
    "P08": _part(_PS, listed=False),
    "N01": Break(link={"kind": "microsoft_peering"}),
    "N03": _part(_CS, authenticating_proxy=True),
    "N04": _azure(reaches_configuration_server=False),
    "806": _part(_PS, up=False),
    "78022": _part(_MT, up=False),
}  # fmt: skip
BREAKS: Final[Mapping[str, Mapping[str, Break]]] = {
    "modernised": {**_BOTH, **_MODERNISED},
    "classic": {**_BOTH, **_CLASSIC},
}
NOT_BY_A_FILE: Final = {
    "R33": "it bites on who is on its way home already",
    "A16": "requests of the drill never have anything classic for a modernised machine",
}
"""Rules that no file breaks whose machines all begin on site, and why."""


def blocking_rules(architecture: str) -> frozenset[str]:
    """All rules that can stop a machine of this architecture."""
    asked = (row for row in REQUIREMENTS if applies(row, Architecture(architecture)).answer is not Holds.NO)
    return frozenset(row.id for row in asked if any(point.stage not in NOTICES for point in row.where))
