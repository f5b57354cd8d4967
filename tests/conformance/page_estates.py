"""Thirty small estates, each from a sentence of the vendor's pages, with what must come of it written down first.

`says` is the statement in our words, `page` the short name of the page. Everything that an estate does not name is in
order. `ends`: of each machine "home" or the rule that stops it; `told`: rules that are told and stop nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.scenarios.checks.known_estates import machine, servers

Facts = Mapping[str, Any]
HOME: Final = "home"
NEW, OLD = "modernised", "classic"


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine: what differs from a sound one. `disks`: how many, and facts of the last of them."""

    name: str = "app"
    disks: int = 1
    disk: Facts = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageEstate:
    """One estate and what must come of it."""

    name: str
    page: str
    says: str
    architecture: str
    ends: Mapping[str, str]
    machines: tuple[Machine, ...] = (Machine(),)
    parts: Mapping[str, Facts] = field(default_factory=dict)
    more: Mapping[str, tuple[Facts, ...]] = field(default_factory=dict)
    link: Facts = field(default_factory=dict)
    plan: Facts = field(default_factory=dict)
    told: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """It as a scenario file has it."""
        estate: dict[str, Any] = {"link": {"bandwidth_mbit_per_s": 500, **self.link}}
        estate["virtual_machines"] = [_machine(each, self.architecture) for each in self.machines]
        for section, parts in servers(self.architecture).items():
            estate[section] = [{**parts[0], **self.parts.get(section, {})}]
        for section, added in self.more.items():
            estate.setdefault(section, []).extend(dict(part) for part in added)
        groups = sorted({vm["replication_group"] for vm in estate["virtual_machines"] if "replication_group" in vm})
        plan = dict(self.plan)
        if groups:
            names = [each.name for each in self.machines]
            estate["recovery_plans"] = [{"name": "all", "groups": [names]}]
            plan["recovery_plans"] = ["all"]
        return {"name": self.name, "title": self.says, "description": self.page, "estate": estate, "plan": plan}


def _machine(row: Machine, architecture: str) -> dict[str, Any]:
    vm = machine(row.name, architecture, row.disks, **row.facts)
    return {**vm, "disks": [*vm["disks"][:-1], {**vm["disks"][-1], **row.disk}]} if row.disk else vm


def _one(disk: Facts | None = None, disks: int = 1, **facts: Any) -> tuple[Machine, ...]:
    return (Machine("app", disks, disk or {}, facts),)


_ALONE: Final = {"app": HOME}
_DELETED: Final[dict[str, Any]] = {"exists_on_premises": False}
_FAR: Final = {"name": "far", "kind": "VMFS", "capacity_gib": 4096, "free_gib": 3000, "vcenter": "vc2"}
_SHARE: Final = {"name": "share", "kind": "NFS", "capacity_gib": 4096, "free_gib": 3000, "vcenter": "vc"}
_SECOND_BOX: Final = {**servers(NEW)["appliances"][0], "name": "box2", "fqdn": "box2.corp"}
_GROUP: Final = {"replication_group": "shop"}

PAGE_ESTATES: Final = (
    PageEstate("all_in_order", "overview-modernized", "everything is as the page wants it", NEW, _ALONE),
    PageEstate(
        "any_healthy_appliance_takes_a_retry",
        "overview-modernized",
        "an appliance that is not healthy is no obstacle where another one is healthy",
        NEW,
        _ALONE,
        parts={"appliances": {"healthy": False}},
        more={"appliances": (_SECOND_BOX,)},
    ),
    PageEstate(
        "only_appliance_is_sick",
        "overview-modernized",
        "the appliance must be in a healthy state",
        NEW,
        {"app": "A01"},
        parts={"appliances": {"healthy": False}},
    ),
    PageEstate(
        "no_point_no_failback",
        "failback",
        "a machine without a recovery point cannot fail back, its neighbour can",
        NEW,
        {"app": HOME, "db": "F02"},
        (Machine(), Machine("db", facts={"recovery_points": 0})),
    ),
    PageEstate(
        "second_disk_out_of_reach",
        "overview-modernized",
        "the appliance reaches every datastore of the source, that of its second disk too",
        NEW,
        {"app": "A03"},
        _one({"datastore": "far"}, 2, host="esx-2"),
        more={
            "datastores": ({**_FAR, "vcenter": "vc"},),
            "hosts": ({**servers(NEW)["hosts"][0], "name": "esx-2", "datastores": ["gold", "far"]},),
        },
    ),
    PageEstate(
        "read_only_datastore",
        "overview-modernized",
        "the appliance has read and write access to the datastore",
        NEW,
        {"app": "A03"},
        parts={"hosts": {"read_only_datastores": ["gold"]}},
    ),
    PageEstate(
        "deleted_and_nfs",
        "types",
        "a machine that was deleted comes home to VMFS or vSAN only",
        NEW,
        {"app": "T09"},
        _one(**_DELETED),
        parts={"hosts": {"datastores": ["gold", "share"]}},
        more={"datastores": (_SHARE,)},
        plan={"choices": {"datastore": "share"}},
    ),
    PageEstate(
        "deleted_and_raw_device",
        "types",
        "a raw device needs the disk to be there and attached",
        NEW,
        {"app": "T04"},
        _one({"raw_device": True}, **_DELETED),
        plan={"choices": {"datastore": "gold"}},
    ),
    PageEstate(
        "vsan_with_its_disks",
        "types",
        "vSAN works where the disks exist and are attached",
        NEW,
        _ALONE,
        parts={"datastores": {"kind": "vSAN"}},
    ),
    PageEstate(
        "other_vcenters_datastore",
        "overview-modernized",
        "the datastore of the alternate location is managed by the appliance's vCenter",
        NEW,
        {"app": "A18"},
        _one(**_DELETED),
        parts={"hosts": {"datastores": ["gold", "far"]}},
        more={"datastores": (_FAR,)},
        plan={"choices": {"datastore": "far"}},
    ),
    PageEstate(
        "excluded_disk_at_home",
        "exclude-disks-replication",
        "an excluded disk is not on the machine after it fails back to its original location",
        NEW,
        _ALONE,
        _one({"excluded": True}, 2),
        told=("G09",),
    ),
    PageEstate(
        "machine_in_azure_is_off",
        "tutorial-modernized",
        "the machine in Azure is switched on",
        NEW,
        {"app": "78093"},
        _one(azure={"running": False}),
    ),
    PageEstate(
        "vpn_both_ways",
        "architecture-modernized",
        "replication to Azure does not work over a site-to-site VPN",
        NEW,
        {"app": "N02"},
        link={"forward": "vpn"},
    ),
    PageEstate(
        "proxy_asks_for_a_password",
        "architecture-modernized",
        "an authenticating proxy is not supported",
        NEW,
        {"app": "A21"},
        parts={"appliances": {"authenticating_proxy": True}},
    ),
    PageEstate(
        "vcenter_gone_from_the_appliance",
        "overview-modernized",
        "the appliance is connected to its vCenter",
        NEW,
        {"app": "A19"},
        parts={"appliances": {"vcenter_connected": False}},
    ),
    PageEstate(
        "role_cannot_remove_snapshots",
        "delete-appliance",
        "the role has Create snapshot and Remove snapshot",
        NEW,
        {"app": "A20"},
        parts={
            "appliances": {
                "privileges": [
                    "Datastore.*",
                    "Network.*",
                    "Resource.*",
                    "Task.*",
                    "VirtualMachine.Config.*",
                    "VirtualMachine.Interact.*",
                    "VirtualMachine.Inventory.*",
                    "VirtualMachine.Provisioning.*",
                    "VirtualMachine.GuestOperations.*",
                    "VirtualMachine.State.CreateSnapshot",
                ]
            }
        },
    ),
    PageEstate(
        "appliance_moved_by_storage_vmotion",
        "overview-modernized",
        "no Storage vMotion of the appliance",
        NEW,
        {"app": "A09"},
        parts={"appliances": {"storage_vmotion": True}},
    ),
    PageEstate(
        "static_address",
        "overview-modernized",
        "a static address is not kept and is set again by hand",
        NEW,
        _ALONE,
        _one(static_ip=True),
        told=("A07",),
    ),
    PageEstate(
        "iscsi_disk",
        "tutorial-modernized",
        "an iSCSI disk comes home as a disk of its own and would be there twice",
        NEW,
        _ALONE,
        _one({"iscsi": True}, 2),
        told=("A17",),
    ),
    PageEstate(
        "disk_added_in_azure",
        "overview-modernized",
        "a disk that was added in Azure does not come home",
        NEW,
        _ALONE,
        _one({"added_in_azure": True}, 2),
        told=("A08",),
    ),
    PageEstate(
        "free_esxi",
        "reprotect",
        "a host with the free edition of ESXi cannot take a machine back",
        NEW,
        {"app": "R13"},
        parts={"hosts": {"edition": "free"}},
    ),
    PageEstate(
        "host_without_memory",
        "troubleshoot",
        "8038: the host has too little memory to start the machine",
        NEW,
        {"app": "8038"},
        parts={"hosts": {"free_memory_gib": 4}},
    ),
    PageEstate(
        "sixty_one_disks",
        "overview-modernized",
        "at most sixty disks of all machines go through one appliance",
        NEW,
        {"app": "A02"},
        _one(disks=61),
    ),
    PageEstate(
        "ninety_disks_in_turn",
        "overview-modernized",
        "three machines of thirty disks go through it one after the other",
        NEW,
        {"app": HOME, "db": HOME, "web": HOME},
        tuple(Machine(name, 30) for name in ("app", "db", "web")),
    ),
    PageEstate(
        "health_critical",
        "tutorial-modernized",
        "replication health is fine before the planned failover",
        NEW,
        {"app": "F01"},
        _one(replication_health="critical"),
    ),
    PageEstate(
        "database_lacks_the_machine",
        "reprotect",
        "a restored configuration server has to know the machine",
        OLD,
        {"app": "R03"},
        _one(in_configuration_database=False),
    ),
    PageEstate(
        "snapshot_on_the_master_target",
        "reprotect",
        "no snapshot on the master target",
        OLD,
        {"app": "R04"},
        parts={"master_targets": {"snapshots": ["before"]}},
    ),
    PageEstate(
        "group_of_two_families",
        "prepare",
        "machines of one group are all Windows or all Linux",
        OLD,
        {"app": "R06", "db": "R06"},
        (Machine(facts=_GROUP), Machine("db", facts={**_GROUP, "os": "windows", "os_version": "2016"})),
        more={
            "master_targets": (
                {
                    **servers(OLD)["master_targets"][0],
                    "name": "mtw",
                    "os": "windows",
                    "os_version": "2016",
                    "bios_uuid": "mtw",
                    "disk_uuids": ["mtw-0"],
                    "retention_drives": [{"name": "R:", "capacity_gib": 1024, "filesystem": "NTFS"}],
                },
            )
        },
    ),
    PageEstate(
        "process_server_in_another_network",
        "prepare",
        "the process server is in the network of the machine in Azure",
        OLD,
        {"app": "P02"},
        parts={"process_servers": {"network": "elsewhere"}},
    ),
    PageEstate(
        "port_9443_is_closed",
        "reprotect",
        "TCP 443 and 9443 are open to the process server",
        OLD,
        {"app": "R08"},
        parts={"process_servers": {"closed_ports": [9443]}},
    ),
)
