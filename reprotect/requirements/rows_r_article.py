"""The requirements table, the rules of the article itself (R01 to R34), in its order."""

from typing import Final

from . import predicates_r_article as p
from .row import (
    AGAIN,
    AZURE,
    BACK,
    BOTH,
    CHECK,
    CLASSIC,
    JOB,
    KNOW,
    KNOW_BACK,
    NETWORK,
    OWNER,
    PICK,
    SITE,
    VSPHERE,
    WHILE,
    Requirement,
    no,
    open_for_modernised,
)
from .row import ObjectKind as K

GROUP_FAMILY: Final = open_for_modernised(
    "the documented reason is that a master target serves only one family, but modernised groups have no master target",
    "C25",
)
GROUP_TARGET: Final = open_for_modernised("no page says whether a group may come home through two appliances", "C26")
A18_INSTEAD: Final = no("see A18")
A19_INSTEAD: Final = no("see A19")
A20_INSTEAD: Final = no("see A20")

# Two lines a row: what machines read, then what people read.
# fmt: off
ARTICLE: Final[tuple[Requirement, ...]] = (
    Requirement("R01",   "process server and master target registered, and the link to Azure up, at the start of the reprotect", CLASSIC,        PICK,                 p.servers_for_the_way_home_exist,       "FB-R01",
        kind_of_object=K.VIRTUAL_MACHINE,      who=SITE,    source="failback preparation",                                                         remedy="set up what is missing: a process server in Azure, a master target on site, or a VPN or private peering"),
    Requirement("R02",   "configuration server up and connected to Azure",           CLASSIC,        CHECK + BACK + AGAIN, p.configuration_server_is_connected,    "FB-R02", retry=True,
        kind_of_object=K.CONFIGURATION_SERVER, who=SITE,    source="failback preparation, failback",                                               remedy="start the configuration server, or restore it from its backup with the same IP address"),
    Requirement("R03",   "machine in the configuration server's database",            CLASSIC,        BACK,                 p.machine_is_in_configuration_database, "FB-R03",
        kind_of_object=K.VIRTUAL_MACHINE,      who=SITE,    source="failback preparation, types of failback",                                                  remedy="restore the configuration server from a backup whose database contains the machine; a new configuration server does not help"),
    Requirement("R04",   "no snapshot on the master target",                         CLASSIC,        CHECK + BACK,         p.master_target_has_no_snapshot,        "FB-R04", reads_machine=True,
        kind_of_object=K.MASTER_TARGET,        who=VSPHERE, source="failback preparation, Linux master target; reading C01",                                    remedy="delete the snapshots of the master target; if you chose reading C01=strict, also those of the machine"),
    Requirement("R05",   "machine's snapshots no longer needed",              BOTH,           KNOW,                 p.snapshots_are_merged,                 "FB-R05",
        kind_of_object=K.VIRTUAL_MACHINE,      who=VSPHERE, source="reprotect; reading C01",                                                  remedy="before the reprotect, which merges the snapshots, save what is still needed from them"),
    Requirement("R06",   "one operating system family in a replication group",       GROUP_FAMILY,   CHECK,                p.group_is_of_one_family,               "FB-R06",
        kind_of_object=K.REPLICATION_GROUP,    who=AZURE,   source="reprotect 2018; reading C25",                                                  remedy="split the group before the next failover; after a failover, no remedy is documented"),
    Requirement("R07",   "same master target or appliance for all machines of a replication group", GROUP_TARGET,        CHECK,                p.group_uses_one_master_target,         "FB-R07",
        kind_of_object=K.REPLICATION_GROUP,      who=AZURE,   source="reprotect; reading C26",                                                       remedy="reprotect all machines of the group with the same master target (modernised: the same appliance)"),
    Requirement("R08",   "required ports open",                                      CLASSIC,        CHECK + WHILE,        p.ports_are_open,                       "FB-R08", retry=True, reads_ways=True,
        kind_of_object=K.PROCESS_SERVER,       who=NETWORK, source="classic architecture, process server troubleshooting; TCP 9443 to the master target is inferred; reading C11", remedy="open TCP 443 to the configuration server and TCP 9443 to the process server and the master target"),
    Requirement("R09",   "vCenter connected to the configuration server before failback", A19_INSTEAD,    BACK,                 p.vcenter_is_connected,                 "FB-R09", retry=True,
        kind_of_object=K.CONFIGURATION_SERVER, who=VSPHERE, source="failback",                                                        remedy="reconnect the vCenter to the configuration server, and retry"),
    Requirement("R10",   "the configuration server's vCenter account has the role for failback", A20_INSTEAD,    JOB,                  p.vcenter_account_has_the_role,         "FB-R10",
        kind_of_object=K.CONFIGURATION_SERVER, who=VSPHERE, source="reprotect, prepare on-premises, multi-tenant",                    remedy="give the account the role, update the credentials on the configuration server, and retry the job"),
    Requirement("R11",   "no UUID of a machine, disk or master target occurs twice", BOTH,           JOB,                  p.uuids_differ,                         "FB-R11", another_server_mends=True, reads_machine=True,
        kind_of_object=K.VIRTUAL_MACHINE,      who=VSPHERE, source="reprotect; reading C04",                                                  remedy="if the machine and the master target have the same UUID: use a master target that was created from another template; if two disks have the same UUID: give one of them a new UUID (inferred); if two machines have the same BIOS UUID (this does not block them): bring them home one after the other, and after both commits give one of them a new UUID (inferred)"),
    Requirement("R12",   "master target's vCenter is discovered",                    A18_INSTEAD,    PICK,                 p.other_vcenter_is_discovered,          "FB-R12",
        kind_of_object=K.MASTER_TARGET,        who=AZURE,   source="reprotect; reading C03",                                                  remedy="use a master target of the machine's own vCenter; or add the master target's vCenter to the configuration server, refresh the configuration server, wait until the vCenter is discovered, and first bring home one machine as a trial"),
    Requirement("R13",   "no free edition of ESXi on a host that takes part in the failback", BOTH,           BACK,                 p.host_is_licensed,                     "FB-R13", reads_machine=True,
        kind_of_object=K.HOST,                 who=VSPHERE, source="reprotect 2018",                                                  remedy="give the host a full or evaluation licence; or, if the machine is on this host, move the machine to a host with such a licence; or, if the master target or appliance is on this host, use one on a host with such a licence"),
    Requirement("R14",   "no physical server with Windows Server 2008 R2 SP1",                   BOTH,           PICK,                 p.source_can_come_back,                 "FB-R14",
        kind_of_object=K.VIRTUAL_MACHINE,      who=AZURE,   source="reprotect, failback",                                             remedy="none: the machine stays in Azure"),
    Requirement("R15",   "VMware is the failback target",                              BOTH,           PICK,                 p.target_is_vmware,                     "FB-R15",
        kind_of_object=K.VIRTUAL_MACHINE,      who=AZURE,   source="reprotect",                                                       remedy="fail back to VMware; no other target is possible"),
    Requirement("R16",   "before the reprotect, nobody has chosen Complete Migration for the machine", BOTH,           PICK,                 p.migration_is_not_completed,           "FB-R16",
        kind_of_object=K.VIRTUAL_MACHINE,      who=AZURE,   source="reprotect",                                                       remedy="none: the machine cannot come home after Complete Migration"),
    Requirement("R17",   "Azure virtual machine not moved to another resource group", BOTH,           CHECK,                p.replica_was_not_moved,                "FB-R17",
        kind_of_object=K.VIRTUAL_MACHINE,      who=AZURE,   source="reprotect",                                                       remedy="none is documented: the machine cannot come home after such a move"),
    Requirement("R18",   "Azure virtual machine not deleted",                             BOTH,           CHECK,                p.replica_exists,                       "FB-R18",
        kind_of_object=K.VIRTUAL_MACHINE,      who=AZURE,   source="reprotect",                                                       remedy="none: the machine cannot come home without its Azure virtual machine"),
    Requirement("R19",   "protection still enabled before failback",                                BOTH,           BACK,                 p.protection_is_not_disabled,           "FB-R19",
        kind_of_object=K.VIRTUAL_MACHINE,      who=AZURE,   source="reprotect, failback",                                             remedy="none: the machine stays in Azure once its protection has been disabled"),
    Requirement("R20",   "if the machine still exists on site, the chosen datastore is the one that it is on",                     BOTH,           KNOW,                 p.location_is_as_asked,                 "FB-R20",
        kind_of_object=K.VIRTUAL_MACHINE,      who=VSPHERE, source="reprotect",                                                       remedy="choose the datastore that the machine is on; to make the machine return to another datastore instead, delete the machine on site before the reprotect; all of its data is then copied"),
    Requirement("R21",   "master target, process server and retention drive given for every machine of the recovery plan", CLASSIC,        PICK,                 p.plan_has_all_values,                  "FB-R21",
        kind_of_object=K.VIRTUAL_MACHINE,      who=AZURE,   source="reprotect; reading C21",                                                  remedy="give each machine a master target, a process server and a retention drive; if a master target has no retention drive, add one to it"),
    Requirement("R22",   "all machines of a replication group in the same recovery plan", BOTH,           PICK,                 p.group_has_a_recovery_plan,            "FB-R22",
        kind_of_object=K.REPLICATION_GROUP,    who=AZURE,   source="reprotect; reading C21",                                                  remedy="put all machines of the group into the same recovery plan; a recovery plan of classic machines needs a master target, process server and retention drive for each machine (R21)"),
    Requirement("R23",   "agent registered with the configuration server",           CLASSIC,        CHECK + AGAIN,        p.agent_is_registered,                  "FB-R23", waits_s=900.0,
        kind_of_object=K.VIRTUAL_MACHINE,      who=AZURE,   source="reprotect, failback",                                             remedy="wait up to 15 minutes after the machine has booted, and retry"),
    Requirement("R24",   "datastore mounted read/write on the master target's host", CLASSIC,        JOB,                  p.master_target_sees_the_datastore,     "8061", carries=p.datastores_are_accessible, reads_machine=True,
        kind_of_object=K.DATASTORE,            who=VSPHERE, source="reprotect, reprotect troubleshooting",                                      remedy="mount the datastore read/write on the master target's host, or choose another master target; if the datastore is not accessible, restore access to it; if it is accessible and mounted, check that VMware Tools runs on the master target (M11), that the master target's host has a VMFS datastore (M12), and that the datastore is not NFS (T09)"),
    Requirement("R25",   "new disks on the master target's datastore",               CLASSIC,        KNOW,                 p.datastore_is_the_master_targets,      "FB-R25", reads_machine=True,
        kind_of_object=K.DATASTORE,            who=VSPHERE, source="reprotect; reading C22",                                                  remedy="choose the datastore that the master target is on"),
    Requirement("R26",   "direction is Azure to on-premises",                        BOTH,           PICK,                 p.direction_is_home,                    "FB-R26",
        kind_of_object=K.VIRTUAL_MACHINE,      who=AZURE,   source="reprotect; reading C16",                                                  remedy="commit the failover if this has not been done, and choose the direction from Azure to on-premises in the Re-protect dialog"),
    Requirement("R27",   "master target and process server chosen",                  CLASSIC,        PICK,                 p.chosen_servers_exist,                 "FB-R27", another_server_mends=True,
        kind_of_object=K.VIRTUAL_MACHINE,      who=AZURE,   source="reprotect, SDK",                                                  remedy="choose a master target and a process server that exist"),
    Requirement("R28",   "new disks on a datastore that the vault offers",           CLASSIC,        PICK,                 p.datastore_for_new_disks_is_listed,    "FB-R28", another_server_mends=True, reads_machine=True,
        kind_of_object=K.VIRTUAL_MACHINE,      who=AZURE,   source="reprotect, types of failback; readings C20 and C22",                                      remedy="choose a datastore that the master target's host mounts"),
    Requirement("R29",   "retention drive of the master target chosen",              CLASSIC,        PICK,                 p.retention_drive_is_chosen,            "FB-R29",
        kind_of_object=K.MASTER_TARGET,        who=AZURE,   source="reprotect, SDK",                                                  remedy="choose one of the master target's retention drives, or add one"),
    Requirement("R30",   "failback policy associated with the configuration server", CLASSIC,        PICK,                 p.failback_policy_is_there,             "FB-R30",
        kind_of_object=K.CONFIGURATION_SERVER, who=AZURE,   source="reprotect, failback preparation; reading C08",                                         remedy="associate a failback policy with the configuration server"),
    Requirement("R31",   "initial replication progresses after the reprotect",       BOTH,           WHILE,                p.replication_starts,                   "78169",
        after_reprotect=True, kind_of_object=K.VIRTUAL_MACHINE,      who=NETWORK, source="reprotect, replication troubleshooting; reading C23",                     remedy="check the network connection, the clocks and the antivirus of the machine and of its process server or appliance"),
    Requirement("R32",   "machine on site can be turned off and on",                 BOTH,           JOB + BACK,           p.machine_can_be_turned_off,            "FB-R32", loses_data=True,
        kind_of_object=K.VIRTUAL_MACHINE,      who=VSPHERE, source="reprotect",                                                       remedy="if the machine cannot be turned off or on: answer the question that vSphere asks about it, or reconnect its host, then run the job again; if the machine runs both on site and in Azure: ask the application owner which copy of the data to keep; to keep the copy in Azure, shut down the machine on site before the reprotect; to keep the copy on site, start no reprotect, because a reprotect overwrites this copy"),
    Requirement("R33",   "machine on site stays off while it is a replication target",     BOTH,           WHILE,                p.target_is_powered_off,                "FB-R33", of_target=True,
        kind_of_object=K.VIRTUAL_MACHINE,      who=VSPHERE, source="reprotect",                                                       remedy="agree with the application owner on which copy of the data to keep: to keep the copy in Azure, power off the machine on site and start a resync, which overwrites the disks on site; to keep the copy on site, disable the replication, after which the copy in Azure cannot come home"),
    Requirement("R34",   "downtime of the failback agreed",                          BOTH,           KNOW_BACK,            p.downtime_is_agreed,                   "FB-R34",
        kind_of_object=K.VIRTUAL_MACHINE,      who=OWNER,   source="reprotect",                                                       remedy="agree on a time for the downtime of the failback"),
)
# fmt: on
