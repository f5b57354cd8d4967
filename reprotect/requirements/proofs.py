"""For every rule: the value that is wanted, and what a person looks at to see that it is so.

A table of its own, keyed by rule, so that a row can be reworded without it; `test_proofs.py` says which rule lacks an
entry. Each proof can be seen before the next try: a page of the Azure portal, a place in the vSphere client, or a
command on the machine that is named. `vault` means the Recovery Services vault's page. Portal pages are named as in
2026 and move now and then. Where only a person can say so, the proof is that person's word, in writing.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Proof(NamedTuple):
    """The value that is wanted, and how a person sees that it is so."""

    wanted: str
    seen_by: str


_SERVERS: Final = "vault > Site Recovery infrastructure > Configuration Servers"
_APPLIANCES: Final = "vault > Site Recovery infrastructure > ASR replication appliances"
_ITEM: Final = "vault > Replicated items > the machine"
_RESYNC: Final = "vault > Replicated items > the machine > Compute, Disks: the disk's row"
_PLAN: Final = "vault > Recovery Plans (Site Recovery) > the plan > Customize"
_DIALOG: Final = "vault > Replicated items > the machine > Re-protect: the dialog"
_AZURE_VM: Final = "Azure portal > Virtual machines > the machine"

# One line a rule.
# fmt: off
PROOFS: Final[Mapping[str, Proof]] = {
    "R01": Proof("a registered process server, a registered master target and a working VPN or private peering", f"{_SERVERS} > the server: it lists both servers as connected; Azure portal > Virtual network gateways > Connections: Connected"),
    "R02": Proof("up and connected to Azure", f"{_SERVERS}: Connected, with a heartbeat of the last 15 minutes"),
    "R03": Proof("the machine is in its database", f"{_SERVERS} > the server: the machine is among its protected machines"),
    "R04": Proof("no snapshot", "vSphere client > the master target > Snapshots: the list is empty and no 'consolidation needed' is shown"),
    "R05": Proof("no snapshot, or none that anybody still needs", "vSphere client > the machine > Snapshots: the list is empty, or its owner has written that it may go"),
    "R06": Proof("all machines of the group on Windows, or all on Linux", "vault > Replicated items, column Replication group: each group's machines have one operating system"),
    "R07": Proof("the same master target for each machine of the group", f"{_DIALOG} shows the same master target for each machine of the group"),
    "R08": Proof("TCP 443 to the configuration server and TCP 9443 to process server and master target open", "`Test-NetConnection NAME -Port 9443` (Linux: `nc -zv NAME 9443`) from the sending machine succeeds; port 443 likewise"),
    "R09": Proof("connected to vCenter", f"{_SERVERS} > the server > vCenter servers: Connected"),
    "R10": Proof("every privilege of the role for failback", "vSphere client > Administration > Access Control > Roles > the role > Privileges; and Global Permissions: the account has it, propagated to children"),
    "R11": Proof("UUIDs that no other machine or master target has", "PowerCLI `Get-VM NAME | % { $_.ExtensionData.Config.Uuid }` for both machines: different values; the same for each disk's `Backing.Uuid`"),
    "R12": Proof("that vCenter is among those which the configuration server has discovered", f"{_SERVERS} > the server > vCenter servers: it is listed, and Connected"),
    "R13": Proof("a licensed or evaluation edition", "vSphere client > the host > Configure > Licensing: the edition is not the free one and has not expired"),
    "R14": Proof("no physical server with Windows Server 2008 R2", "`systeminfo` on the machine: OS Version is not 6.1; if it is, its owner's written decision to stay in Azure"),
    "R15": Proof("target: vmware", f"{_DIALOG} names a VMware site as the target"),
    "R16": Proof("migration not completed", f"{_ITEM}: the item is still listed, and its menu offers Re-protect"),
    "R17": Proof("in the resource group into which it was failed over", f"{_AZURE_VM} > Overview: Resource group is that of {_ITEM} > Compute"),
    "R18": Proof("it exists", f"{_AZURE_VM} > Overview opens; `az vm show -g GROUP -n NAME` finds it"),
    "R19": Proof("protection not disabled", f"{_ITEM}: the item is listed and its status is Protected"),
    "R20": Proof("the location that was asked for", f"{_DIALOG} shows the datastore that leads to that location; vSphere client: the machine is there (original) or gone (alternate)"),
    "R21": Proof("a master target, a process server and a retention drive for each machine of the plan", f"{_PLAN} > Re-protect: no machine has an empty field"),
    "R22": Proof("all machines of the group in one recovery plan", f"{_PLAN} lists every machine of the group"),
    "R23": Proof("agent registered", f"{_ITEM} > Overview: Agent status has a heartbeat of the last 15 minutes"),
    "R24": Proof("mounted read/write on that host", "vSphere client > the host > Datastores: the datastore is listed; Datastore > Hosts: Accessible, and access mode read/write"),
    "R25": Proof("the datastore that is configured for the master target", f"{_DIALOG}, field Datastore: the master target's own"),
    "R26": Proof("from Azure to on-premises", f"{_DIALOG}, field direction: Azure to on-premises"),
    "R27": Proof("a master target and a process server that the vault knows", f"{_DIALOG} offers both by name"),
    "R28": Proof("a datastore that the master target's host mounts", f"{_DIALOG}, field Datastore, offers it; vSphere client > the host > Datastores lists it"),
    "R29": Proof("one of the master target's retention drives", f"{_DIALOG}, field Retention drive, is filled"),
    "R30": Proof("a failback policy", "vault > Site Recovery infrastructure > Replication policies > the policy: a policy named -failback is associated with the configuration server"),
    "R31": Proof("the initial replication runs", f"{_ITEM} > Overview: the synchronisation percentage grows within 15 minutes, without error 78169"),
    "R32": Proof("no open question, host connected", "vSphere client > the machine > Summary: no question waits; power state can be changed; the host responds"),
    "R33": Proof("powered off", "vSphere client > the machine on site > Summary: Powered Off"),
    "R34": Proof("a window that the application's owner has agreed to", "the owner's agreement in writing, with its start and end"),
    "T01": Proof("every disk of the original machine attached", "vSphere client > the machine > Edit Settings: each hard disk is listed with its file"),
    "T02": Proof("the host is discovered", f"{_SERVERS} > the server > vCenter servers > the host is listed; if not, Refresh Server and wait for its job"),
    "T03": Proof("each disk on vSAN or a raw device exists and is attached", "vSphere client > the machine > Edit Settings: the disk is listed with its file or device"),
    "T04": Proof("VMFS or vSAN, and no raw device mapping", "vSphere client > the datastore > Summary: Type is VMFS or vSAN"),
    "T05": Proof("the configuration server and the vCenter of before the failover", f"{_SERVERS}: the name and the registration date are those of before the failover"),
    "T06": Proof("disk.EnableUUID = TRUE", "vSphere client > the machine > Edit Settings > Advanced Parameters: disk.EnableUUID is TRUE"),
    "T07": Proof("its owner knows that it comes back as a virtual machine", "the owner's agreement in writing"),
    "T08": Proof("the machine exists on site", "vSphere client: a search for its name finds it; if not, a datastore with room for all of its disks is chosen"),
    "T09": Proof("a datastore that is not NFS", "vSphere client > the datastore > Summary: Type is VMFS or vSAN"),
    "T10": Proof("no other machine of this name", "vSphere client > the host > VMs: no machine has this name"),
    "G01": Proof("its static address set again", "`ip addr` on the machine after the return shows the address, and the application answers on it"),
    "G02": Proof("VMware Tools run", "vSphere client > the machine > Summary: VMware Tools: Running"),
    "G03": Proof("their data stands elsewhere, or the disks are gone", "the owner has opened the copies and said so in writing; or the Azure portal > the machine > Disks lists no such disk"),
    "G04": Proof("the iSCSI disk attached once only", "`iscsiadm -m session` or `Get-Disk` on the machine after the return shows each volume once"),
    "G05": Proof("the old virtual machine removed after the new one runs", "vSphere client: one machine of this name, powered on, with the new size"),
    "G06": Proof("Azure's temporary disk excluded", f"{_RESYNC}: the temporary disk is not replicated"),
    "G07": Proof("an agent that can bring UEFI machines home, and one rehearsed return", f"{_ITEM} > Overview: Agent version; and one machine of this kind has come home"),
    "G08": Proof("two network adapters, and a process server in Azure", "`ipconfig /all` on the configuration server: two adapters with addresses"),
    "F01": Proof("replication health: normal", f"{_ITEM} > Overview: Replication health is Healthy"),
    "F02": Proof("at least one recovery point on site", f"{_ITEM} > Overview > Latest recovery points: there is one with a time"),
    "F03": Proof("an application-consistent point", f"{_ITEM} > Overview > Latest recovery points: App-consistent has a time; on Windows `vssadmin list writers` shows no error"),
    "F04": Proof("the request asks for the shutdown", "the planned failover's dialog: the box to shut the machine down is ticked; after it, the Azure portal shows Stopped"),
    "F05": Proof("nobody needs the Azure machine any more", "the owner's word in writing that everything needed was copied"),
    "F06": Proof("a boot on site that somebody has seen", "vSphere client: a clone of the machine, without network, boots to its login"),
    "F07": Proof("no cancelled failover", "vault > Site Recovery jobs: the last failover of the machine is Successful; the item is Protected"),
    "F08": Proof("a registered process server, and an account that the configuration server keeps", f"{_SERVERS} > the server: process server Connected; cspsconfigtool on it, tab Manage Accounts, lists the account"),
    "F09": Proof("one return that was rehearsed", "a report of a rehearsed return of a machine of this kind"),
    "B01": Proof("a plan for all of its data", "`failback predict` for the estate gives a time that its owner accepts"),
    "B02": Proof("a promise that the line can keep", "`failback predict` for the estate is within the promised hours"),
    "B03": Proof("a plan for the whole disk", "`failback predict` for the estate gives a time that its owner accepts"),
    "B04": Proof("a promise that the comparison can keep", "`failback predict` for the estate is within the promised hours"),
    "B05": Proof("0 MiB still being sent", f"{_ITEM} > Overview: Data in process is 0 at source, process server and master target"),
    "B06": Proof("no other machine holds the disk", "vSphere client > the other machine (a backup proxy, for instance) > Edit Settings: the disk's file is not listed"),
    "B07": Proof("room for the changes of 24 hours", "on the master target, `Get-Volume` or `df -h`: the retention volume is larger than a day's changes"),
    "B08": Proof("registered in vCenter", "vSphere client: a search for its name finds it, without '(orphaned)' or '(inaccessible)'"),
    "B09": Proof("a plan for uncompressed data", "`failback predict` for the estate gives a time that its owner accepts"),
    "B10": Proof("an RPO within the policy's threshold", f"{_ITEM} > Overview: RPO is below the threshold of the replication policy"),
    "B11": Proof("no resync required", f"{_ITEM} > Overview: Status does not ask for a resynchronisation"),
    "B12": Proof("no automatic start", "vSphere client > the host > Configure > VM Startup/Shutdown: the machine is not under automatic start"),
    "B13": Proof("each disk's changes below what the others can wait for", "`iostat -dm 60` or perfmon (Disk Write Bytes/sec) on the Azure machine during a busy hour"),
    "B14": Proof("free space for all new disks at their full size", "vSphere client > the datastore > Summary: Free is above the sum of the disks"),
    "B15": Proof("TCP 20004 open between the group's machines", "`Test-NetConnection MATE -Port 20004` (Linux: `nc -zv MATE 20004`) from each machine to each other succeeds"),
    "M01": Proof("a master target of the machine's operating system family", f"{_DIALOG} offers a master target of this family"),
    "M02": Proof("the same operating system version as the group's machines, or a later one", "`lsb_release -rs` or `winver` on the master target and on each machine of the group"),
    "M03": Proof("at most 60 disks on it altogether", "vSphere client > the master target > Edit Settings: count its hard disks and add those that are still to come"),
    "M04": Proof("at most 60 disks at any one time", f"{_PLAN}: the groups bring at most 60 disks to one master target together"),
    "M05": Proof("LSI Logic controllers only", "vSphere client > the master target > Edit Settings: each SCSI controller is LSI Logic"),
    "M06": Proof("on the datastore on which it was, disks included", "vSphere client > the master target > Monitor > Tasks: no migration of storage since the reprotect; Edit Settings: each disk's path"),
    "M07": Proof("disk.EnableUUID = TRUE", "vSphere client > the master target > Edit Settings > Advanced Parameters: disk.EnableUUID is TRUE"),
    "M08": Proof("a volume of its own with capacity, NTFS or ext4, not locked", "on the master target, `Get-Volume` or `lsblk -f`: the volume, its file system and its size"),
    "M09": Proof("the volume that is meant for retention", "the master target's administrator confirms the volume by name"),
    "M10": Proof("listed", f"{_DIALOG}, field Retention drive, offers it"),
    "M11": Proof("VMware Tools or open-vm-tools run", "vSphere client > the master target > Summary: VMware Tools: Running"),
    "M12": Proof("at least one VMFS datastore", "vSphere client > the host > Datastores: one of type VMFS"),
    "M13": Proof("a version that is not above those of configuration server and process server", f"{_SERVERS} > the server: column Version of all three"),
    "M14": Proof("a virtual machine that is discovered", f"{_DIALOG} offers its datastores; {_SERVERS} > the server > Refresh Server has ended"),
    "M15": Proof("a supported Ubuntu release, without LVM", "on the master target `lsb_release -rs`; and `lsblk`: no entry of type lvm"),
    "M16": Proof("4 cores, 6 GB, and the retention disk's size", "vSphere client > the master target > Summary: CPU and memory; `df -h` on it: the retention volume"),
    "M17": Proof("its name leads to all of its addresses, and its adapter starts at boot", "on the master target `getent ahosts $(hostname)` lists each address; after a restart `ip addr` shows them"),
    "M18": Proof("no proxy with authentication on the way", "on the master target `curl -v https://CONFIGURATION-SERVER` connects without a proxy's answer 407"),
    "M19": Proof("it reaches both servers", "on the master target `nc -zv NAME 443` and `nc -zv NAME 9443` (Windows: `Test-NetConnection`) succeed for each"),
    "M20": Proof("no management server in a protected machine", "its owner's word; and a backup of that server which somebody has restored once"),
    "P01": Proof("a process server in Azure", f"{_SERVERS} > the server > Process servers: one that runs in Azure, Connected"),
    "P02": Proof("the same Azure network as the machine, or TCP 9443 open between both", "`Test-NetConnection PROCESS-SERVER -Port 9443` (Linux: `nc -zv`) from the Azure machine succeeds"),
    "P03": Proof("it reaches both servers", "on the process server `Test-NetConnection NAME -Port 443` and `-Port 9443` succeed for each"),
    "P04": Proof("a version that is not above that of the configuration server", f"{_SERVERS} > the server: column Version of both"),
    "P05": Proof("at most 2 TiB of changes a day", f"{_SERVERS} > the process server > Overview: data changes of the last day"),
    "P06": Proof("a static address, no NAT, CPU and memory below 70 %", f"{_SERVERS} > the process server > Overview: CPU and memory; `ipconfig /all` on it: DHCP Enabled: No"),
    "P07": Proof("all of its services run", f"{_SERVERS} > the process server > Overview: services running; `Get-Service` on it"),
    "P08": Proof("the machine shows the new process server", f"{_ITEM} > Overview: field Process server"),
    "N01": Proof("VPN or ExpressRoute private peering", "Azure portal > Virtual network gateways > Connections: Connected, of type Site-to-site or ExpressRoute"),
    "N02": Proof("public endpoints or Microsoft peering", "`Resolve-DnsName` of the cache storage account on the sending server gives a public address; its route does not go through the VPN"),
    "N03": Proof("the service's addresses reached over the internet, without an authenticating proxy", "on the configuration server `Test-NetConnection management.azure.com -Port 443` succeeds; `netsh winhttp show proxy`"),
    "N04": Proof("the Azure machine reaches it on TCP 443, and its application service runs", "on the Azure machine `Test-NetConnection CONFIGURATION-SERVER -Port 443` succeeds; `Get-Service 'InMage Scout Application Service'`: Running"),
    "806": Proof("a heartbeat", f"{_SERVERS} > the process server: Connected, with a heartbeat of the last 15 minutes"),
    "78022": Proof("a heartbeat, and a host that responds", f"{_SERVERS} > the master target: a heartbeat of the last 15 minutes; `Get-Service svagents` on it: Running; vSphere client > its host: Connected"),
    "78093": Proof("running", f"{_AZURE_VM} > Overview: Status is Running, and its agent status is Ready"),
    "8038": Proof("as much free memory as the machine needs", "vSphere client > the host > Summary: Memory: Free is above the machine's memory"),
    "A01": Proof("healthy, each of its components too, on a host that responds", f"{_APPLIANCES} > the appliance: Healthy, and each component Healthy with a heartbeat of the last 15 minutes; vSphere client > its host: Connected"),
    "A02": Proof("at most 60 disks through it at a time", f"{_APPLIANCES} > the appliance: count the disks of the machines that return through it; a failback commit frees its machine's"),
    "A03": Proof("mounted read/write on the appliance's host", "vSphere client > the appliance's host > Datastores: the datastore is listed; Datastore > Hosts: Accessible, and access mode read/write"),
    "A04": Proof("a standard storage account in the vault's region", "Azure portal > Storage accounts > the account > Overview: Location is the vault's"),
    "A05": Proof("the service's addresses reached from it", "on the Azure machine `Test-NetConnection login.microsoftonline.com -Port 443` (Linux: `nc -zv`) succeeds; so do the other addresses of the list"),
    "A06": Proof("agent registered", f"{_ITEM} > Overview: Agent status has a heartbeat of the last 15 minutes"),
    "A07": Proof("its static address set again", "`ip addr` or `ipconfig` on the machine after the return shows the address, and the application answers on it"),
    "A08": Proof("their data stands elsewhere", "the owner has opened the copies and said so in writing, before the commit"),
    "A09": Proof("on the datastore on which it was, disks included", "vSphere client > the appliance > Monitor > Tasks: no migration of storage since the reprotect; Edit Settings: each disk's path"),
    "A10": Proof("another healthy appliance", f"{_APPLIANCES}: a second one is Healthy"),
    "A11": Proof("the latest, or the latest application-consistent point", "the planned failover's dialog: field Recovery point"),
    "A12": Proof("a snapshot can be taken, or somebody accepts that none can", "vSphere client > the machine > Snapshots > Take Snapshot is offered; Edit Settings: no disk is independent"),
    "A13": Proof("no move to modernised before it is home", f"{_ITEM}: it replicates to Azure before anybody starts the move"),
    "A14": Proof("8 cores, 16 GB, and disks of 80 and 620 GB", "vSphere client > the appliance > Summary: CPU, memory and disks"),
    "A15": Proof("line up, TCP 443 and 9443 open, and a fully qualified name", "on the Azure machine `Test-NetConnection APPLIANCE.DOMAIN -Port 443` and `-Port 9443` (Linux: `nc -zv`) succeed by name"),
    "A16": Proof("no master target, process server or retention drive in the request", "the plan of the scenario names none for this machine; the modernised dialog has no such fields"),
    "A17": Proof("the iSCSI disk attached once only", "`iscsiadm -m session` or `Get-Disk` on the machine after the return shows each volume once"),
    "A18": Proof("a datastore of the vCenter to which the appliance is connected", "vSphere client of that vCenter > Storage: the datastore is listed"),
    "A19": Proof("vCenter connected", f"{_APPLIANCES} > the appliance: its vCenter has a heartbeat of the last 15 minutes"),
    "A20": Proof("the whole role for failback", "vSphere client > Administration > Roles: the privileges of the role that the appliance's account has on the datacenter"),
}
# fmt: on
