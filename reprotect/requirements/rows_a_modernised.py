"""The requirements table, the rules of the modernised architecture (A)."""

from typing import Final

from . import predicates_a_modernised as p
from . import predicates_bfgt_way_home as w
from . import predicates_r_article as q
from .row import (
    ADMINISTRATOR,
    AFTER,
    AGAIN,
    AZURE,
    BACK,
    BEFORE,
    CHECK,
    JOB,
    KNOW,
    KNOW_BACK,
    MODERNISED,
    MODERNISED_BY_SDK,
    NETWORK,
    NO_APPLIANCE,
    OWNER,
    PICK,
    PICK_POINT,
    SITE,
    VSPHERE,
    WHILE,
    Applies,
    Architectures,
    Holds,
    Requirement,
    no,
    only_modernised,
)
from .row import ObjectKind as K

SAME_AS_CLASSIC: Final = Architectures(
    NO_APPLIANCE, Applies(Holds.YES, "inferred: the cause is the same as for the configuration server")
)
MOVE: Final = no("the machine is already modernised")
R23_INSTEAD: Final = only_modernised("see R23")
G01_INSTEAD: Final = only_modernised("see G01")
G03_INSTEAD: Final = only_modernised("see G03")
G04_INSTEAD: Final = only_modernised("see G04")
F03_INSTEAD: Final = only_modernised("see F03")
N04_INSTEAD: Final = only_modernised("see N04")
NOT_CLASSIC: Final = only_modernised("a classic request needs these values")
NO_CANCEL: Final = only_modernised("a classic failback cannot be cancelled: see F06")

# Two lines a row: what machines read, then what people read.
# fmt: off
APPLIANCE: Final[tuple[Requirement, ...]] = (
    Requirement("A01",   "a healthy appliance",                             MODERNISED,        CHECK + BACK + AGAIN, p.appliance_is_healthy,              "FB-A01", retry=True, carries=p.appliance_is_healthy,
        kind_of_object=K.APPLIANCE,       who=SITE,    source="modernised overview",                                       remedy="start the appliance, restart its unhealthy component, or reconnect its host; until the reprotect has succeeded, you can also choose another healthy appliance (after that, the machine cannot change its appliance)"),
    Requirement("A02",   "at most 60 disks through the appliance at the same time", MODERNISED,        CHECK,                p.appliance_has_room,                "FB-A02", reads_machine=True,
        kind_of_object=K.APPLIANCE,       who=VSPHERE, source="modernised overview",                                       remedy="if other machines on their way home use the same appliance, fail back and commit them first; otherwise add an appliance; no remedy is documented for a single machine with more than 60 disks"),
    Requirement("A03",   "a datastore that the appliance can read and write", MODERNISED,        JOB,                  p.appliance_sees_the_datastore,      "FB-A03", carries=q.datastores_are_accessible, reads_machine=True,
        kind_of_object=K.DATASTORE,       who=VSPHERE, source="modernised overview, SDK",                                  remedy="mount the datastore on the appliance's host, or choose another appliance; for a machine that no longer exists on site, you can also choose another datastore; if the datastore is not accessible, restore access to it"),
    Requirement("A04",   "a cache storage account that the appliance can use", MODERNISED_BY_SDK, PICK,                 p.log_storage_account_is_usable,     "FB-A04", another_server_mends=True,
        kind_of_object=K.VIRTUAL_MACHINE, who=AZURE,   source="SDK",                                                       remedy="choose a cache storage account in the vault's region"),
    Requirement("A05",   "Azure virtual machine reaches the URLs of Site Recovery", N04_INSTEAD,        WHILE,                p.replica_reaches_the_service,       "FB-A05",
        kind_of_object=K.VIRTUAL_MACHINE, who=NETWORK, source="moving to modernised, modernised tutorial",                 remedy="open the URLs of Site Recovery for the Azure virtual machine"),
    Requirement("A06",   "agent registered since the machine's last boot", R23_INSTEAD,        CHECK + AGAIN,        q.agent_is_registered,               "FB-A06", waits_s=900.0,
        kind_of_object=K.VIRTUAL_MACHINE, who=AZURE,   source="modernised overview; the 15 minutes are inferred from R23", remedy="wait up to 15 minutes after the boot; if the agent has not registered by then, find out why it does not reach Site Recovery"),
    Requirement("A07",   "static IP address set again after the failback, before the owner's check", G01_INSTEAD,        AFTER,                p.address_is_kept,                   "FB-A07",
        kind_of_object=K.VIRTUAL_MACHINE, who=ADMINISTRATOR, source="modernised overview; the time is inferred",            remedy="set the static address manually after the failback, before the owner checks the machine and before the commit, which deletes the Azure virtual machine"),
    Requirement("A08",   "data on disks that were added in Azure is saved elsewhere",    G03_INSTEAD,        BEFORE,               p.no_disk_stays_behind,              "FB-A08",
        kind_of_object=K.VIRTUAL_MACHINE, who=OWNER,   source="modernised overview",                                       remedy="before the failback, copy the data on the disks that were added in Azure; the failback shuts down the Azure virtual machine, and the commit deletes it"),
    Requirement("A09",   "no Storage vMotion of the appliance after the reprotect", MODERNISED,        BACK,                 p.appliance_stayed_on_its_datastore, "FB-A09",
        after_reprotect=True, kind_of_object=K.APPLIANCE,       who=VSPHERE, source="modernised overview",                                       remedy="find the disks that moved with the appliance and attach them to their machines manually; exclude the appliance from Storage vMotion"),
    Requirement("A10",   "if there are other appliances, at least one is healthy and can be used for a retry", MODERNISED,        KNOW,                 p.another_appliance_is_healthy,      "FB-A10",
        kind_of_object=K.APPLIANCE,       who=SITE,    source="modernised overview",                                       remedy="repair another appliance, so that a failed reprotect can be retried through it"),
    Requirement("A11",   "recovery point is the latest or the latest application-consistent one, and acceptable for the whole group", F03_INSTEAD,        PICK_POINT,           p.asked_point_can_be_made,           "FB-A11",
        after_reprotect=True, kind_of_object=K.VIRTUAL_MACHINE, who=AZURE,   source="modernised tutorial, SDK",                                  remedy="choose the latest application-consistent recovery point (older, but common to all machines of a replication group), or accept the latest recovery point (newer, but different for each machine)"),
    Requirement("A12",   "failback can be cancelled",                       NO_CANCEL,        KNOW_BACK,            p.failback_can_be_reverted,          "FB-A12",
        kind_of_object=K.VIRTUAL_MACHINE, who=VSPHERE, source="modernised tutorial",                                       remedy="make it possible to take a snapshot of the machine on site (for example, set the mode of its disks to Dependent), or accept that a cancelled failback cannot restore the earlier state"),
    Requirement("A13",   "no move to the modernised architecture before the machine replicates to Azure again", MOVE,              KNOW,                 w.move_waits_for_the_return,         "FB-A13",
        kind_of_object=K.VIRTUAL_MACHINE, who=AZURE,   source="moving to modernised",                                      remedy="move the machine to the modernised architecture only when it replicates to Azure again"),
    Requirement("A14",   "appliance large enough",                          MODERNISED,        KNOW,                 p.appliance_is_large_enough,         "FB-A14",
        kind_of_object=K.APPLIANCE,       who=VSPHERE, source="appliance matrix",                                          remedy="give the appliance 8 cores, 16 GB of memory and disks of 80 and 620 GB; for 151 to 200 machines: 16 cores, 32 GB of memory and 1 TB of disks"),
    Requirement("A15",   "appliance reachable from Azure",                  MODERNISED,        CHECK + WHILE,        p.appliance_is_reached,              "FB-A15", retry=True,
        kind_of_object=K.APPLIANCE,       who=NETWORK, source="appliance matrix",                                          remedy="bring up the link between Azure and the site, open TCP 443 and 9443 on the appliance, and give the appliance a fully qualified name"),
    Requirement("A16",   "no classic server or retention drive in the request",                NOT_CLASSIC,       PICK + KNOW,          p.nothing_classic_is_asked_for,      "FB-A16",
        kind_of_object=K.VIRTUAL_MACHINE, who=AZURE,   source="modernised overview",                                       remedy="leave the classic values out; the appliance and the cache storage account replace them"),
    Requirement("A17",   "iSCSI disk attached only once after the failback, before the owner's check", G04_INSTEAD,        AFTER,                w.no_disk_is_iscsi,                  "FB-A17",
        kind_of_object=K.VIRTUAL_MACHINE, who=OWNER,   source="modernised tutorial; the time is inferred",                  remedy="after the failback, before the owner's check, detach either the iSCSI disk or its copy"),
    Requirement("A18",   "new disks on a datastore of the appliance's vCenter", MODERNISED,        PICK,                 p.new_datastore_is_of_the_appliances_vcenter, "FB-A18", reads_machine=True,
        kind_of_object=K.DATASTORE,       who=VSPHERE, source="modernised overview",                                       remedy="choose a datastore of the appliance's own vCenter, or an appliance that is connected to the datastore's vCenter"),
    Requirement("A19",   "vCenter connected to the appliance",              SAME_AS_CLASSIC,   BACK,                 p.appliance_reaches_vcenter,         "FB-A19", retry=True,
        kind_of_object=K.APPLIANCE,       who=VSPHERE, source="failback; stated there for the configuration server",                    remedy="reconnect the vCenter on the appliance, and retry"),
    Requirement("A20",   "the appliance's vCenter account has the role for failback", SAME_AS_CLASSIC,   JOB,                  p.appliances_account_has_the_role,   "FB-A20",
        kind_of_object=K.APPLIANCE,       who=VSPHERE, source="appliance deletion, prepare on-premises", remedy="give the account the role, update the credentials on the appliance, and retry the job"),
    Requirement("A21",   "no authenticating proxy between the appliance and Azure", MODERNISED,        CHECK,                p.appliance_has_no_authenticating_proxy, "FB-A21",
        kind_of_object=K.APPLIANCE,       who=NETWORK, source="modernised architecture",                                   remedy="let the appliance reach Azure without an authenticating proxy"),
    Requirement("A22",   "appliance reaches the URLs of Site Recovery", MODERNISED,        CHECK,                p.appliance_reaches_the_service,     "FB-A22", retry=True,
        kind_of_object=K.APPLIANCE,       who=NETWORK, source="appliance matrix",                                          remedy="open the URLs of Site Recovery for the appliance"),
    Requirement("A23",   "no forbidden role, setting or software on the appliance", MODERNISED,       KNOW,                 p.appliance_has_nothing_forbidden,   "FB-A23",
        kind_of_object=K.APPLIANCE,       who=SITE,    source="appliance matrix",                                          remedy="turn FIPS mode off on the appliance, remove other roles and web sites, and exclude the appliance's folders from antivirus scans"),
    Requirement("A24",   "no classic servers in the appliance's vault",    MODERNISED,        KNOW,                 p.vault_is_the_appliances_own,       "FB-A24",
        kind_of_object=K.APPLIANCE,       who=AZURE,   source="appliance deployment; that all servers in the estate file belong to one vault is inferred", remedy="for this return, it is enough that each architecture has its own recovery plans; for machines that you protect in future, create a separate vault with an appliance of its own"),
    Requirement("A25",   "services of the mobility agent run on the Azure virtual machine", N04_INSTEAD,        CHECK,                p.mobility_services_run,             "FB-A25", retry=True,
        kind_of_object=K.VIRTUAL_MACHINE, who=AZURE,   source="modernised tutorial",                                       remedy="start the services of the mobility agent, and set them to start automatically"),
)
# fmt: on
