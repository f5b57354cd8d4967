"""A remedy is able to make its rule met, and says which other blocking rule it leads into.

Each row breaks a rule in a sound estate and does what a phrase of the remedy's text says. Rows are `part.fact: value`.
"""

# ruff: noqa: E501  (a row of a table is one line)

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from failback.reprotect import (
    NOTICES,
    REQUIREMENTS,
    Architecture,
    Broken,
    Choices,
    Datastore,
    Disk,
    Estate,
    Holds,
    Host,
    Ledger,
    Load,
    OsFamily,
    RecoveryPlan,
    Requirement,
    RetentionDrive,
    Stage,
    applies,
    by_id,
    judged,
    unmet,
)
from failback.reprotect.estate import DISKS_MAX
from failback.reprotect.requirements.predicates_bfgt_way_home import LOW
from failback.reprotect.requirements.predicates_mnp_servers import (
    CHURN_MAX_TIB_PER_DAY,
    LINUX_MASTER_TARGETS,
    LOAD_MAX_PERCENT,
    OS_DISK_MIN_GIB,
)

from .test_requirements import APPLIANCE, CLASSIC, ESTATE, MASTER_TARGET, MODERNISED, NEW, PROCESS_SERVER

Facts = Mapping[str, Any]

SOUND = replace(
    ESTATE,
    hosts={**ESTATE.hosts, "esx2": Host("esx2", ("ds1", "ds2"), free_memory_gib=64.0, edition="licensed")},
    datastores={**ESTATE.datastores, "ds2": Datastore("ds2", free_gib=1000.0)},
    process_servers={**ESTATE.process_servers, "ps2": replace(PROCESS_SERVER, name="ps2")},
    master_targets={**ESTATE.master_targets, "mt2": replace(MASTER_TARGET, name="mt2", host="esx2", bios_uuid="3")},
    appliances={**ESTATE.appliances, "app2": replace(APPLIANCE, name="app2", host="esx2")},
    reachable=ESTATE.reachable
    | {("azure:web", "ps2", 9443), ("ps1", "mt2", 9443), ("ps2", "mt1", 9443), ("azure:db", "ps2", 9443)},
)
"""The sound estate with a second server of each kind, on a host that sees two datastores."""
ASKS = {"web": CLASSIC, "new": MODERNISED}
ARCHITECTURES = {"web": Architecture.CLASSIC, "new": Architecture.MODERNISED}
PARTS = {
    "db": ("virtual_machines", "db"),
    "host": ("hosts", "esx1"),
    "ds": ("datastores", "ds1"),
    "cs": ("configuration_servers", "cs1"),
    "ps": ("process_servers", "ps1"),
    "mt": ("master_targets", "mt1"),
    "app": ("appliances", "app1"),
    "app2": ("appliances", "app2"),
    "group": ("replication_groups", "shop"),
}


class Mend(NamedTuple):
    """A rule, what its remedy says, the facts that break it, and those that the remedy changes."""

    rule: str
    says: str
    bad: Facts
    good: Facts | None = None
    """The sound values of what is bad when left out."""
    only: str = ""
    """The one item that has such a part at all."""


MIXED = {"vm.replication_group": "shop", "db.replication_group": "shop"}
"""A group of two."""
GONE = {"vm.exists_on_premises": False}
BOTH_STORES = {"host.datastores": ("ds1", "ds2")}
RAW = (Disk(30, raw_device=True),)
RAW_OFF = (Disk(30, raw_device=True, attached_on_premises=False),)
LARGE = (RetentionDrive("/mnt/retention", capacity_gib=20480, filesystem="ext4"),)
SMALL = (RetentionDrive("/mnt/retention", capacity_gib=10, filesystem="ext4"),)
BUSY = Disk(30, churn_mib_per_s=100.0)
LINUX_18 = {**MIXED, "vm.os_version": "18.04", "db.os_version": "18.04"}
LINUX_22 = {**MIXED, "vm.os_version": "22.04", "db.os_version": "22.04"}
READS_ONLY = ("System.Read",)
CROWD = {"estate.ledger": Ledger({("app1",): Load(machines=151)})}

# fmt: off
MENDS = (
    Mend("R01", "set up what is missing: a process server", {"ps.registered": False, "ps2.registered": False}),
    Mend("R01", "master target on site", {"mt.registered": False, "mt2.registered": False}),
    Mend("R01", "VPN or private peering", {"link.up": False}),
    Mend("R02", "start the configuration server", {"cs.up": False}),
    Mend("R02", "start the configuration server", {"cs.connected": False}),
    Mend("R03", "restore the configuration server", {"vm.in_configuration_database": False}),
    Mend("R04", "delete the snapshots of the master target", {"mt.snapshots": ("a",)}),
    Mend("R04", "also those of the machine", {"vm.snapshots": ("a",), "estate.readings": {"C01": "strict"}}, {"vm.snapshots": ()}),
    Mend("R06", "split the group before the next failover", {**MIXED, "db.os": OsFamily.WINDOWS}, {"vm.replication_group": None, "group.items": ("db",)}),
    Mend("R07", "with the same master target", {**MIXED, "estate.returning_through": {"web": "mt1", "db": "mt2"}}, {"estate.returning_through": {"web": "mt1", "db": "mt1"}}),
    Mend("R08", "open TCP 443 to the configuration server", {"cs.closed_ports": (443,)}),
    Mend("R08", "TCP 9443 to the process server", {"ps.closed_ports": (9443,)}),
    Mend("R08", "the master target", {"mt.closed_ports": (9443,)}),
    Mend("R09", "reconnect the vCenter", {"cs.vcenter_connected": False}),
    Mend("R10", "give the account the role", {"cs.privileges": READS_ONLY}, {"cs.privileges": ("*",)}),
    Mend("R11", "use a master target that was created", {"vm.bios_uuid": "2"}, {"ask.master_target": "mt2"}, "web"),
    Mend("R11", "give one of them a new UUID", {"vm.disks": (Disk(1, uuid="a"), Disk(1, uuid="a"))}, {"vm.disks": (Disk(1, uuid="a"), Disk(1, uuid="b"))}),
    Mend("R11", "give one of them a new UUID", {"estate.same_uuid": {"web": ("db",), "new": ("db",)}}),
    Mend("R12", "use a master target of the machine's own vCenter", {"mt.vcenter": "vc9"}, {"ask.master_target": "mt2"}),
    Mend("R12", "add the master target's vCenter to the configuration server", {"mt.vcenter": "vc9"}, {"cs.vcenters": ("vc", "vc9")}),
    Mend("R13", "give the host a full or evaluation licence", {"host.edition": "free"}, {"host.edition": "evaluation"}),
    Mend("R13", "move the machine to a host with such a licence", {"host.edition": "free", "ask.master_target": "mt2", "ask.appliance": "app2"}, {"vm.host": "esx2"}),
    Mend("R13", "use one on a host with such a licence", {"host.edition": "free", "vm.host": "esx2"}, {"ask.master_target": "mt2", "ask.appliance": "app2"}),
    Mend("R15", "fail back to VMware", {"vm.target": "hyper-v"}),
    Mend("R20", "choose the datastore that the machine is on", {"ask.datastore": "ds2"}),
    Mend("R20", "delete the machine on site", {"ask.datastore": "ds2", **BOTH_STORES}, GONE),
    Mend("R21", "a process server", {"ask.process_server": None}),
    Mend("R21", "if a master target has no retention drive, add one", {"ask.retention_drive": None, "mt.retention_drives": ()}),
    Mend("R22", "put all machines of the group into the same recovery plan", {**MIXED, "estate.recovery_plans": {}}, {"estate.recovery_plans": {"all": RecoveryPlan("all", (("web", "db", "new"),))}}),
    Mend("R23", "wait up to 15 minutes", {"vm.agent_registered": False}),
    Mend("R24", "mount the datastore read/write", {"host.datastores": ("ds2",)}),
    Mend("R24", "choose another master target", {"host.datastores": ("ds2",)}, {"ask.master_target": "mt2"}),
    Mend("R24", "restore access to it", {"ds.accessible": False}),
    Mend("R25", "choose the datastore that the master target is on", {**GONE, **BOTH_STORES, "ask.datastore": "ds2"}, {"ask.datastore": "ds1"}),
    Mend("R26", "choose the direction from Azure to on-premises", {"vm.direction_shown": "on_premises_to_azure"}),
    Mend("R27", "choose a master target and a process server", {"ask.process_server": "nobody"}),
    Mend("R28", "choose a datastore that the master target's host mounts", {**GONE, "ask.datastore": "elsewhere"}, {"ask.datastore": "ds1"}),
    Mend("R29", "choose one of the master target's retention drives", {"ask.retention_drive": "Z"}),
    Mend("R29", "add one", {"mt.retention_drives": ()}),
    Mend("R30", "associate a failback policy", {"cs.failback_policy": False}),
    Mend("R31", "check the network connection, the clocks and the antivirus", {"vm.replication_starts": False}),
    Mend("R32", "answer the question that vSphere asks about it", {"vm.pending_question": True}),
    Mend("R32", "reconnect its host", {"host.connected": False}),
    Mend("R33", "power off the machine on site", {"vm.powered_on": True}),
    Mend("R34", "agree on a time", {"vm.downtime_agreed": False}),
    Mend("T01", "attach the disk", {"vm.disks": (Disk(30, attached_on_premises=False),)}),
    Mend("T02", "add the host or its vCenter", {"vm.source": "physical", "host.discovered": False}, {"host.discovered": True}),
    Mend("T03", "attach the disks to the machine again", {"vm.disks": RAW_OFF}, {"vm.disks": RAW}),
    Mend("T04", "choose a VMFS or vSAN datastore", {**GONE, **BOTH_STORES, "ds.kind": "RDM"}, {"ask.datastore": "ds2"}),
    Mend("T04", "restore the machine on site", {**GONE, "vm.disks": RAW}, {"vm.exists_on_premises": True}),
    Mend("T05", "restore the original configuration server", {"cs.rebuilt": True}),
    Mend("T05", "use a master target of the machine's own vCenter", {"mt.vcenter": "vc9", "estate.readings": {"C03": "strict"}}, {"ask.master_target": "mt2"}, "web"),
    Mend("T06", "set disk.EnableUUID to TRUE", {"vm.disk_enable_uuid": False}),
    Mend("T09", "move the machine to a VMFS or vSAN datastore", {**BOTH_STORES, "ds.kind": "NFS"}, {"vm.datastore": "ds2"}),
    Mend("T09", "choose such a datastore for its new disks", {**GONE, **BOTH_STORES, "ds.kind": "NFS"}, {"ask.datastore": "ds2"}),
    Mend("T10", "rename the other machine", {**GONE, "host.other_machines": ("web", "new")}, {"host.other_machines": ()}),
    Mend("T10", "use a master target or appliance on another host", {**GONE, "host.other_machines": ("web", "new")}, {"ask.master_target": "mt2", "ask.appliance": "app2"}),
    Mend("G02", "install VMware Tools", {"vm.os": OsFamily.WINDOWS, "mt.os": OsFamily.WINDOWS, "vm.tools": None}, {"vm.tools": "toolsOk"}),
    Mend("G03", "remove these disks", {"vm.disks": (Disk(30), Disk(1, added_in_azure=True))}, {"vm.disks": (Disk(30),)}),
    Mend("G07", "update the agent", {"vm.firmware": "efi", "vm.agent_version": "9.40"}, {"vm.agent_version": "9.60"}),
    Mend("G08", "give the configuration server a second network adapter", {"vm.retains_ip": True, "cs.nics": 1}, {"cs.nics": 2}),
    Mend("G08", "use a process server in Azure", {"vm.retains_ip": True, "ps.in_azure": False}, {"ask.process_server": "ps2"}),
    Mend("F01", "read the replication health errors", {"vm.replication_health": "critical"}),
    Mend("F02", "wait until the machine has a recovery point", {"vm.recovery_points": 0}),
    Mend("F03", "wait for the next", {"vm.app_consistent_points": 0, "ask.recovery_point": "latest_app_consistent"}, {"vm.app_consistent_points": 1}),
    Mend("F03", "the latest point", {"vm.app_consistent_points": 0, "ask.recovery_point": "latest_app_consistent"}, {"ask.recovery_point": "latest"}),
    Mend("F04", "let the failback job shut down the Azure virtual machine", {"ask.shut_down_source": False}),
    Mend("F05", "copy what you need", {"azure.needed_after_return": True}),
    Mend("F06", "boot a clone", {"vm.boot_tested": False}),
    Mend("F07", "protect the machine again", {"vm.failover_cancelled": True}),
    Mend("F08", "choose a process server", {"ask.process_server": "nobody"}),
    Mend("F08", "an account that is stored in the configuration server", {"ask.account": "nobody"}),
    Mend("F09", "rehearse the way home", {"vm.way_home_rehearsed": False}),
    Mend("B02", "agree to a time limit that", {"vm.return_within_h": 0.05}, {"vm.return_within_h": 10.0}),
    Mend("B02", "increase the bandwidth", {"vm.return_within_h": 0.05}, {"link.bandwidth_mbit_per_s": 10000}),
    Mend("B04", "agree to a time limit that", {"vm.return_within_h": 0.1}, {"vm.return_within_h": 10.0}),
    Mend("B05", "wait until all data has arrived", {"vm.backlog_mib": 5.0}),
    Mend("B06", "detach the disks from the other machine", {"vm.disks": (Disk(30, held_by="backup"),)}),
    Mend("B07", "use a larger retention drive", {"mt.retention_drives": SMALL, "vm.disks": (Disk(30, churn_mib_per_s=1.0),)}, {"mt.retention_drives": LARGE}),
    Mend("B08", "register the machine", {"vm.registered_in_vcenter": False}),
    Mend("B10", "wait until the replication has caught up", {"vm.rpo_s": 1000.0}),
    Mend("B11", "start the resync manually", {"vm.resync_required": True}),
    Mend("B12", "turn off the automatic startup of the machine with its host", {"vm.autostart": True}),
    Mend("B13", "reduce the writes of the machine", {"vm.disks": (BUSY, Disk(1, uuid="b"))}, {"vm.disks": (Disk(30, uuid="a"), Disk(1, uuid="b"))}),
    Mend("B13", "exclude the busy disk from the replication", {"vm.disks": (BUSY, Disk(1, uuid="b"))}, {"vm.disks": (replace(BUSY, excluded=True), Disk(1, uuid="b"))}),
    Mend("B14", "free up space on the datastore", {**GONE, "ds.free_gib": 1.0}, {"ds.free_gib": 100.0}),
    Mend("B14", "choose a larger datastore", {**GONE, **BOTH_STORES, "ds.free_gib": 1.0}, {"ask.datastore": "ds2"}),
    Mend("B16", "free up space on the datastore", {"ds.free_gib": 0.0}, {"ds.free_gib": 100.0}),
    Mend("B16", "make the datastore larger", {"ds.free_gib": 0.0}, {"ds.free_gib": 100.0}),
    Mend("B15", "open TCP 20004", {**MIXED, "azure.reaches_group": False}, {"azure.reaches_group": True}),
    Mend("M01", "use a master target of the machine's operating system family", {"mt.os": OsFamily.WINDOWS}, {"ask.master_target": "mt2"}),
    Mend("M02", "the same or a later version of the operating system", LINUX_18, {"mt.os_version": "18.04"}),
    Mend("M02", "the same or a later version of the operating system", LINUX_22, {"mt.os_version": "22.04"}),
    Mend("M03", "fail back and commit them first", {"estate.disks_in_flight": {"mt1": 60}}),
    Mend("M03", "add a master target", {"estate.disks_in_flight": {"mt1": 60}}, {"ask.master_target": "mt2"}),
    Mend("M04", "bring the machines home in waves", {"estate.ledger": Ledger({("mt1",): Load(disks=59)})}),
    Mend("M05", "change the SCSI controllers", {"mt.scsi_controllers": ("pvscsi",)}),
    Mend("M06", "attach them to their machines manually", {"mt.storage_vmotion": True}),
    Mend("M07", "set disk.EnableUUID to TRUE", {"mt.disk_enable_uuid": False}),
    Mend("M08", "use a dedicated drive", {"mt.retention_drives": (RetentionDrive("/mnt/retention", filesystem="FAT32"),)}),
    Mend("M10", "wait up to 15 minutes", {"mt.retention_drives": (RetentionDrive("/mnt/retention", filesystem="ext4", listed=False),)}),
    Mend("M11", "install VMware Tools", {"mt.tools": None}),
    Mend("M12", "add a VMFS datastore", {"ds.kind": "vSAN"}, BOTH_STORES),
    Mend("M13", "update the configuration server and the process server", {"mt.version": "9.5"}, {"cs.version": "9.5", "ps.version": "9.5"}),
    Mend("M13", "use a master target with an older version", {"mt.version": "9.5"}, {"ask.master_target": "mt2"}),
    Mend("M14", "refresh the configuration server", {"mt.discovered": False}),
    Mend("M14", "use a virtual machine as the master target", {"mt.physical": True}, {"ask.master_target": "mt2"}),
    Mend("M15", "without LVM", {"mt.lvm": True}),
    Mend("M15", "on Ubuntu 16.04", {"mt.os_version": "22.04"}),
    Mend("M15", "runs Ubuntu 18.04 or 20.04, install the master target on that release", {**LINUX_18, "mt.os_version": "22.04"}, {"mt.os_version": "18.04"}),
    Mend("M16", "give the master target 4 cores", {"mt.cores": 2}),
    Mend("M16", "a retention drive of 1 TB", {"mt.retention_drives": SMALL}, {"mt.retention_drives": LARGE}),
    Mend("M17", "in the hosts file", {"mt.hosts_file_complete": False}),
    Mend("M17", "let its network adapter start at boot", {"mt.nic_starts_at_boot": False}),
    Mend("M18", "without the proxy", {"mt.authenticating_proxy": True}),
    Mend("M19", "fix the master target's connection", {"mt.reaches_servers": False}),
    Mend("P01", "set up a process server in Azure", {"ps.in_azure": False}, {"ask.process_server": "ps2"}),
    Mend("P02", "choose a process server in the machine's Azure network", {"ps.network": "hub"}, {"ask.process_server": "ps2"}),
    Mend("P03", "fix the process server's connection", {"ps.reaches_servers": False}),
    Mend("P04", "update the configuration server to at least the version of the process server", {"ps.version": "9.5"}, {"cs.version": "9.5"}),
    Mend("P05", "reduce the writes", {"vm.disks": (BUSY,)}, {"vm.disks": (Disk(30),)}),
    Mend("P05", "exclude the busiest disk from the replication", {"vm.disks": (BUSY, Disk(1, uuid="b"))}, {"vm.disks": (replace(BUSY, excluded=True), Disk(1, uuid="b"))}),
    Mend("P05", "another process server", {"estate.ledger": Ledger({("ps1",): Load(machines=9, churn_mib_per_s=100.0)})}, {"ask.process_server": "ps2"}),
    Mend("P06", "give the process server a static address", {"ps.static_ip": False}),
    Mend("P06", "without NAT", {"ps.behind_nat": True}),
    Mend("P06", "run nothing else on it", {"ps.load_percent": 90.0}),
    Mend("P07", "start the services", {"ps.stopped_services": ("tmansvc",)}),
    Mend("P08", "wait up to 15 minutes", {"ps.listed": False}),
    Mend("N01", "set up a site-to-site VPN", {"link.kind": "public"}),
    Mend("N02", "over public endpoints", {"link.forward": "vpn"}),
    Mend("N03", "over the internet", {"cs.urls_over_expressroute": True}),
    Mend("N03", "without an authenticating proxy", {"cs.authenticating_proxy": True}),
    Mend("N04", "fix the VPN", {"azure.reaches_configuration_server": False}),
    Mend("806", "start the process server", {"ps.up": False}),
    Mend("78022", "restart the service svagents", {"mt.up": False}),
    Mend("78022", "reconnect the host", {"host.connected": False, "vm.host": "esx2"}, {"host.connected": True}),
    Mend("78093", "start the Azure virtual machine", {"azure.running": False}),
    Mend("8038", "add memory", {"host.free_memory_gib": 1.0}),
    Mend("8038", "another host", {"host.free_memory_gib": 1.0}, {"vm.host": "esx2"}),
    Mend("A01", "start it", {"app.healthy": False}),
    Mend("A01", "choose another healthy appliance", {"app.healthy": False}, {"ask.appliance": "app2"}),
    Mend("A01", "reconnect its host", {"host.connected": False, "vm.host": "esx2"}, {"host.connected": True}),
    Mend("A02", "fail back and commit them first", {"estate.disks_in_flight": {"app1": 60}}),
    Mend("A02", "add an appliance", {"estate.disks_in_flight": {"app1": 60}}, {"ask.appliance": "app2"}),
    Mend("A03", "mount the datastore on the appliance's host", {"host.datastores": ("ds2",)}),
    Mend("A03", "another appliance", {"host.datastores": ("ds2",)}, {"ask.appliance": "app2"}),
    Mend("A03", "another datastore", {**GONE, "host.datastores": ("ds2",)}, {"ask.datastore": "ds2"}),
    Mend("A03", "restore access to it", {"ds.accessible": False}),
    Mend("A04", "choose a cache storage account", {"ask.log_storage_account": "far"}),
    Mend("A05", "open the URLs of Site Recovery", {"azure.reaches_service_urls": False}),
    Mend("A06", "wait up to 15 minutes", {"vm.agent_registered": False}),
    Mend("A09", "attach them to their machines manually", {"app.storage_vmotion": True}),
    Mend("A10", "repair another appliance", {"app2.healthy": False}),
    Mend("A11", "accept the latest recovery point", {"ask.recovery_point": "yesterday"}, {"ask.recovery_point": "latest"}),
    Mend("A25", "start the services", {"azure.stopped_services": ("svagents",)}),
    Mend("G11", "keep copies of fstab", {"vm.mounts_by_hand": True}),
    Mend("G12", "install NetworkManager again", {"vm.network_manager": True}),
    Mend("A13", "only when it replicates to Azure again", {"vm.move_to_modernised_planned": True}),
    Mend("A14", "give the appliance 8 cores, 16 GB", {"app.cores": 4}),
    Mend("A14", "for 151 to 200 machines: 16 cores, 32 GB of memory and 1 TB of disks", CROWD, {"app.cores": 16, "app.memory_gib": 32.0, "app.disk_gib": 1024.0}),
    Mend("A15", "bring up the link", {"link.up": False}),
    Mend("A15", "open TCP 443 and 9443", {"app.closed_ports": (443,)}),
    Mend("A15", "give the appliance a fully qualified name", {"app.fqdn": None}),
    Mend("A16", "leave the classic values out", {"ask.retention_drive": "R"}),
    Mend("A18", "choose a datastore of the appliance's own vCenter", {**GONE, **BOTH_STORES, "app.vcenter": "vc", "ds.vcenter": "vc2", "ds2.vcenter": "vc"}, {"ask.datastore": "ds2"}),
    Mend("A18", "or an appliance that is connected to the datastore's vCenter", {**GONE, "app.vcenter": "vc", "ds.vcenter": "vc2", "app2.vcenter": "vc2"}, {"ask.appliance": "app2"}),
    Mend("A19", "reconnect the vCenter", {"app.vcenter_connected": False}),
    Mend("A21", "without an authenticating proxy", {"app.authenticating_proxy": True}),
    Mend("A22", "open the URLs of Site Recovery for the appliance", {"app.reaches_service_urls": False}),
    Mend("A23", "turn FIPS mode off", {"app.forbidden_software": ("FIPS mode",)}),
    Mend("T11", "the IP address that it had before", {"cs.address_changed": True}),
    Mend("M21", "turn kernel updates off", {"mt.kernel_updates": True}),
    Mend("M21", "an operating system disk of at least 100 GB", {"mt.os_disk_gib": 40.0}),
    Mend("A20", "give the account the role", {"app.privileges": READS_ONLY}),
)
# fmt: on
AFTERWARDS = {
    "R05": "what is in the snapshots is saved",
    "T07": "a plan for a virtual machine",
    "T08": "a plan for all data",
    "G01": "the address is set after the return",
    "A07": "the address is set after the return",
    "G04": "the copy is detached after the return",
    "A17": "the copy is detached after the return",
    "G05": "the old machine is removed after the return",
    "G06": "nothing is kept on the disk",
    "G09": "what is on the disk is saved",
    "A08": "what is on the disk is saved",
    "A12": "something to expect",
    "A24": "something for machines of later",
    "B01": "a plan for all data",
    "B03": "a plan for the whole disk",
    "B09": "a plan for uncompressed data",
    "M09": "somebody checks that the volume is the right one",
}
"""Notices whose remedy is work or a plan that no fact of an estate shows."""


def _laid(estate: Estate, ask: Choices, item: str, facts: Facts) -> tuple[Estate, Choices]:
    for key, value in facts.items():
        part, fact = key.split(".")
        if part == "ask":
            ask = replace(ask, **{fact: value})
        elif part == "estate":
            estate = replace(estate, **{fact: value})
        elif part == "link":
            estate = replace(estate, link=replace(estate.link, **{fact: value}))
        else:
            estate = _with(estate, item, part, fact, value)
    return estate, ask


def _with(estate: Estate, item: str, part: str, fact: str, value: Any) -> Estate:
    extra = {"ps2": ("process_servers", "ps2"), "mt2": ("master_targets", "mt2"), "ds2": ("datastores", "ds2")}
    mapping, name = {**PARTS, **extra}.get(part, ("virtual_machines", item))
    old = getattr(estate, mapping)[name]
    new = replace(old, azure=replace(old.azure, **{fact: value})) if part == "azure" else replace(old, **{fact: value})
    return replace(estate, **{mapping: {**getattr(estate, mapping), name: new}})  # type: ignore[arg-type]  # a mapping


def _sound(item: str, facts: Facts) -> Facts:
    """The sound values of these facts."""
    return {key: _value(item, key) for key in facts}


def _value(item: str, key: str) -> Any:
    part, fact = key.split(".")
    if part in ("ask", "estate", "link"):
        return getattr({"ask": ASKS[item], "estate": SOUND, "link": SOUND.link}[part], fact)
    extra = {"ps2": ("process_servers", "ps2"), "mt2": ("master_targets", "mt2"), "ds2": ("datastores", "ds2")}
    mapping, name = {**PARTS, **extra}.get(part, ("virtual_machines", item))
    whole = getattr(SOUND, mapping)[name]
    return getattr(whole.azure if part == "azure" else whole, fact)


def _for_item(item: str, facts: Facts) -> Facts:
    """Without what this architecture's requests do not have."""
    other = {"web": ("appliance",), "new": ("master_target",)}[item]
    return {key: value for key, value in facts.items() if key not in {f"ask.{name}" for name in other}}


CASES = [
    (mend, item)
    for mend in MENDS
    for item in ASKS
    if mend.only in ("", item) and (row := by_id(mend.rule)) and applies(row, ARCHITECTURES[item]).answer is Holds.YES
]


@pytest.mark.parametrize(("mend", "item"), CASES, ids=lambda part: getattr(part, "rule", part))
def test_doing_what_the_remedy_says_makes_its_rule_met_and_leads_into_no_other_untold(mend: Mend, item: str) -> None:
    row = by_id(mend.rule)
    assert row is not None
    assert mend.says in row.remedy
    bad = _laid(SOUND, ASKS[item], item, _for_item(item, mend.bad))
    good = _laid(*bad, item, _for_item(item, mend.good or _sound(item, mend.bad)))
    assert _verdict(mend.rule, *bad, item) is Broken
    assert _verdict(mend.rule, *good, item) is not Broken
    for other in _blocking(*good, item) - _blocking(*bad, item):
        assert other in row.remedy


def _verdict(rule: str, estate: Estate, ask: Choices, item: str) -> type:
    return next(type(j.verdict) for j in judged(estate, item, None, None, ask) if j.requirement.id == rule)


def _blocking(estate: Estate, ask: Choices, item: str) -> set[str]:
    return {each.rule for each in unmet(estate, item, None, None, ask) if each.stage not in NOTICES}


def test_a_remedy_that_cannot_be_tried_says_that_there_is_none_or_belongs_to_a_notice() -> None:
    tried = {mend.rule for mend in MENDS}
    for row in REQUIREMENTS:
        if row.id in AFTERWARDS:
            assert row.stage in NOTICES
            assert row.id not in tried
        else:
            assert (row.id in tried) != row.remedy.startswith("none"), row.id


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row.id)
def test_behind_none_stands_why_and_nothing_to_do(row: Requirement) -> None:
    assert not re.match(r"none(?: is documented)?: (?!an? |the |only )", row.remedy)
    assert row.remedy.startswith("none for the machine") or not re.match("none.*;", row.remedy)


BEFORE = [row for row in REQUIREMENTS if row.stage is Stage.BEFORE_RETURN]


@pytest.mark.parametrize("row", BEFORE, ids=lambda row: row.id)
def test_data_that_does_not_come_home_has_one_deadline(row: Requirement) -> None:
    assert row.remedy.startswith("before the failback, ")
    assert "before the commit" not in row.remedy


NUMBERS = {
    "B16": f"{LOW:.0%}".replace("%", " %"),
    "M03": f"{DISKS_MAX} disks",
    "M21": f"{OS_DISK_MIN_GIB:g} GB",
    "P05": f"{CHURN_MAX_TIB_PER_DAY:g} TiB",
    "P06": f"{LOAD_MAX_PERCENT:g} %",
}


@pytest.mark.parametrize("rule", NUMBERS)
def test_a_number_in_a_title_or_source_is_that_of_the_code(rule: str) -> None:
    row = by_id(rule)
    assert row is not None
    assert NUMBERS[rule] in f"{row.title}; {row.source}"


def test_the_title_of_the_supported_releases_lists_them_all() -> None:
    row = by_id("M15")
    assert row is not None
    assert re.findall(r"\d\d\.\d\d", row.title) == [f"{major}.{minor:02}" for major, minor in LINUX_MASTER_TARGETS]


def test_the_estate_in_which_remedies_are_tried_is_sound() -> None:
    assert NEW.name in SOUND.virtual_machines
    for item, ask in ASKS.items():
        assert list(unmet(SOUND, item, None, None, ask)) == []
