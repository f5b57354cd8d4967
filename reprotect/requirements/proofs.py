"""For every rule: the value that is wanted, and what a person looks at to see that it is so.

A table of its own, keyed by rule, so that a row can be reworded without it; `test_proofs.py` says which rule lacks an
entry. Each proof can be seen before the next try: a page of the Azure portal, a place in the vSphere client, or a
command on the machine that is named; `filled` puts the real names in. `vault` means the Recovery Services vault's page. Portal pages are named as in
2026 and move now and then. Where only a person can say so, the proof is that person's word, in writing.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Proof(NamedTuple):
    """The value that is wanted, and how a person sees that it is so."""

    wanted: str
    seen_by: str


_SERVERS: Final = "vault > Site Recovery infrastructure > Configuration Servers"
_SERVER: Final = f"{_SERVERS} > {{configuration_server}}"
_APPLIANCES: Final = "vault > Site Recovery infrastructure > ASR replication appliances"
_ITEM: Final = "vault > Replicated items > {machine}"
_RESYNC: Final = f"{_ITEM} > Compute, Disks: the disk's row"
_PLAN: Final = "vault > Recovery Plans (Site Recovery) > {plan} > Customize"
_DIALOG: Final = f"{_ITEM} > Re-protect: the dialog"
_AZURE_VM: Final = "Azure portal > Virtual machines > {machine}"
_OPEN: Final = "shows TcpTestSucceeded: True (Linux: `nc -zv NAME PORT` says succeeded)"

# One line a rule.
# fmt: off
PROOFS: Final[Mapping[str, Proof]] = {
    "R01": Proof("a registered process server, a registered master target and a working VPN or private peering", f"{_SERVER}: it lists a process server and a master target, both Connected; Azure portal > Virtual network gateways > Connections: Connected"),
    "R02": Proof("up and connected to Azure", f"{_SERVER}: Connected, with a heartbeat from the last 15 minutes"),
    "R03": Proof("the machine is in its database", f"{_SERVER}: {{machine}} is among its protected machines"),
    "R04": Proof("no snapshot", "PowerCLI `Get-VM {object} | Get-Snapshot` prints nothing; vSphere client > {object} > Snapshots: the list is empty and no 'consolidation needed' is shown"),
    "R05": Proof("no snapshot, or none that anybody still needs", "vSphere client > {machine} > Snapshots: the list is empty, or its owner has confirmed in writing that it may be deleted"),
    "R06": Proof("all machines of the group on Windows, or all on Linux", "vault > Replicated items, column Replication group: each group's machines have one operating system"),
    "R07": Proof("the same master target for each machine of the group", f"{_DIALOG} shows the same master target (modernised: the same appliance) for each machine of the group {{group}}"),
    "R08": Proof("TCP 443 to the configuration server and TCP 9443 to process server and master target open", f"on the sending machine `Test-NetConnection {{object}} -Port 9443` {_OPEN}; port 443 likewise towards the configuration server"),
    "R09": Proof("connected to vCenter", f"{_SERVER} > vCenter servers: Connected, with a heartbeat from the last 15 minutes"),
    "R10": Proof("every privilege of the role for failback", "vSphere client > Administration > Roles > the role of {object}'s account: each privilege that is named above is ticked; Global Permissions: propagated to children"),
    "R11": Proof("UUIDs that no other machine or master target has", "PowerCLI `Get-VM {machine} | Get-HardDisk | % ExtensionData | % Backing | % Uuid` and the same for the other machine that is named: no value appears twice; `(Get-VM {machine}).ExtensionData.Config.Uuid` likewise"),
    "R12": Proof("that vCenter is among those that the configuration server has discovered", f"{_SERVER} > vCenter servers: the vCenter of {{master_target}} is listed, and Connected"),
    "R13": Proof("a licensed or evaluation edition", "vSphere client > {object} > Configure > Licensing: the edition is not the free one and has not expired"),
    "R14": Proof("no physical server with Windows Server 2008 R2", "`systeminfo` on {machine}: OS Version is not 6.1; if it is, its owner's written decision to stay in Azure"),
    "R15": Proof("target: vmware", f"{_DIALOG} names a VMware site as the target"),
    "R16": Proof("migration not completed", f"{_ITEM}: the item is still listed, and its menu offers Re-protect; if not, its owner's written decision to stay in Azure"),
    "R17": Proof("in the resource group into which it was failed over", f"{_AZURE_VM} > Overview: Resource group is the one that {_ITEM} > Compute shows; if not, its owner's written decision to stay in Azure"),
    "R18": Proof("it exists", "`az vm list --query \"[?name=='{machine}'].id\" -o tsv` prints its id; if nothing, its owner's written decision about the restore from a backup"),
    "R19": Proof("protection not disabled", f"{_ITEM}: the item is listed and its status is Protected; if not, its owner's written decision to stay in Azure"),
    "R20": Proof("the location that was asked for", f"{_DIALOG} shows the datastore that leads to that location; vSphere client: a search for {{machine}} finds it (original) or nothing (alternate)"),
    "R21": Proof("a master target, a process server and a retention drive for each machine of the plan", f"{_PLAN} > Re-protect: no machine has an empty field"),
    "R22": Proof("all machines of the group in one recovery plan", f"{_PLAN} lists every machine of the group {{group}}"),
    "R23": Proof("agent registered", f"{_ITEM} > Overview: Agent status has a heartbeat from the last 15 minutes"),
    "R24": Proof("mounted read/write on that host", "vSphere client > {host} > Datastores: {object} is listed, Accessible; > {object} > Hosts: {host} has access mode Read-write"),
    "R25": Proof("the datastore that is configured for the master target", f"{_DIALOG}, field Datastore: the one that {{master_target}} is on"),
    "R26": Proof("from Azure to on-premises", f"{_DIALOG}, field direction: Azure to on-premises"),
    "R27": Proof("a master target and a process server that the vault knows", f"{_DIALOG} offers both by name"),
    "R28": Proof("a datastore that the master target's host mounts", f"{_DIALOG}, field Datastore, offers it; vSphere client > {{host}} > Datastores lists it"),
    "R29": Proof("one of the master target's retention drives", f"{_DIALOG}, field Retention drive, offers a drive of {{master_target}} and is filled"),
    "R30": Proof("a failback policy", "vault > Site Recovery infrastructure > Replication policies: a policy whose name ends in -failback is associated with {configuration_server}"),
    "R31": Proof("the initial replication runs", f"{_ITEM} > Overview: the synchronisation percentage grows within 15 minutes, without error 78169"),
    "R32": Proof("no open question, host connected", "vSphere client > {machine} > Summary: no question waits, Power > Power Off is offered; > {own_host}: Connected"),
    "R33": Proof("powered off", "PowerCLI `(Get-VM {machine}).PowerState` prints PoweredOff"),
    "R34": Proof("a window that the application's owner has agreed to", "the owner's agreement in writing, with its start and end"),
    "T01": Proof("every disk of the original machine attached", "vSphere client > {machine} > Edit Settings: each hard disk is listed with its file"),
    "T02": Proof("the host is discovered", f"{_SERVER} > vCenter servers: {{host}} is listed; if not, Refresh Server and wait for its job"),
    "T03": Proof("each disk on vSAN or a raw device exists and is attached", "vSphere client > {machine} > Edit Settings: the disk is listed with its file or device"),
    "T04": Proof("VMFS or vSAN for new disks; a machine with raw device mappings is on site", "vSphere client > {datastore} > Summary: Type is VMFS or vSAN; with raw device mappings: {machine} is in the inventory and has its disks"),
    "T05": Proof("the configuration server and the vCenter from before the failover", f"{_SERVER}: the name and the registration date are those from before the failover"),
    "T06": Proof("disk.EnableUUID = TRUE", "PowerCLI `Get-VM {machine} | Get-AdvancedSetting disk.EnableUUID` prints TRUE"),
    "T07": Proof("its owner knows that it comes back as a virtual machine", "the owner's agreement in writing"),
    "T08": Proof("the machine exists on site", f"PowerCLI `Get-VM {{machine}}` finds it; if not, {_DIALOG}, field Datastore, names one with room for all of its disks"),
    "T09": Proof("a datastore that is not NFS", "vSphere client > the datastore of {machine} (or the one in the re-protect dialog) > Summary: Type is VMFS or vSAN"),
    "T10": Proof("no other machine of this name", "PowerCLI `Get-VMHost {host} | Get-VM {machine}` finds nothing"),
    "G01": Proof("its static address set again", "`ip addr` on {machine} after the return shows the address, and the application answers on it"),
    "G02": Proof("VMware Tools running", "vSphere client > {machine} > Summary: VMware Tools: Running"),
    "G03": Proof("their data is stored elsewhere, or the disks are gone", "the owner has opened the copies and said so in writing; or Azure portal > Virtual machines > {machine} > Disks lists no such disk"),
    "G04": Proof("the iSCSI disk attached only once", "`iscsiadm -m session` or `Get-Disk` on {machine} after the return shows each volume once"),
    "G05": Proof("the old virtual machine removed after the new one runs", "PowerCLI `Get-VM {machine}` finds one machine, PoweredOn, and its disks have the new size"),
    "G06": Proof("Azure's temporary disk excluded", f"{_RESYNC}: the temporary disk is not replicated"),
    "G07": Proof("an agent that can bring UEFI machines home, and one rehearsed return", f"{_ITEM} > Overview: Agent version; and one machine of this kind has come home"),
    "G08": Proof("two network adapters, and a process server in Azure", "`ipconfig /all` on {configuration_server}: two adapters with addresses"),
    "G09": Proof("their data is stored elsewhere", "the owner has opened the copies and said so in writing, before the failback"),
    "F01": Proof("replication health: normal", f"{_ITEM} > Overview: Replication health is Healthy"),
    "F02": Proof("at least one recovery point on site", "vault > Replicated items > {object} > Overview > Latest recovery points: there is one with a time"),
    "F03": Proof("an application-consistent point", f"{_ITEM} > Overview > Latest recovery points: App-consistent has a time; on Windows `vssadmin list writers` shows no error"),
    "F04": Proof("the request asks for the shutdown", "the planned failover's dialog: the box to shut the machine down is ticked; after it, the Azure portal shows Stopped"),
    "F05": Proof("nobody needs the Azure machine any more", "the owner's confirmation in writing that everything needed was copied"),
    "F06": Proof("somebody has seen it boot on site", "vSphere client: a clone of {machine}, without network, boots to its login"),
    "F07": Proof("no cancelled failover", "vault > Site Recovery jobs: the last failover of the machine is Successful; the item is Protected"),
    "F08": Proof("a registered process server, and an account that the configuration server keeps", f"{_SERVER}: process server Connected; cspsconfigtool on it, tab Manage Accounts, lists the account"),
    "F09": Proof("one rehearsed return", "a report of a rehearsed return of a machine of this kind"),
    "B01": Proof("a plan for all of its data", "`failback predict` for the estate gives a time that its owner accepts"),
    "B02": Proof("a promise that the link can keep", "`failback predict` for the estate is within the promised hours"),
    "B03": Proof("a plan for the whole disk", "`failback predict` for the estate gives a time that its owner accepts"),
    "B04": Proof("a promise that the comparison can keep", "`failback predict` for the estate is within the promised hours"),
    "B05": Proof("0 MiB still being sent", f"{_ITEM} > Overview: Data in process is 0 at source, process server and master target"),
    "B06": Proof("no other machine holds the disk", "vSphere client > the machine that held the disk > Edit Settings: the disk's file is not listed any more"),
    "B07": Proof("room for the changes of 24 hours", "on {master_target}, `Get-Volume` or `df -h`: the retention volume is larger than a day's changes"),
    "B08": Proof("registered in vCenter", "vSphere client: a search for {machine} finds it, without '(orphaned)' or '(inaccessible)'"),
    "B09": Proof("a plan for uncompressed data", "`failback predict` for the estate gives a time that its owner accepts"),
    "B10": Proof("an RPO within the policy's threshold", f"{_ITEM} > Overview: RPO is below the threshold of the replication policy"),
    "B11": Proof("no resync required", f"{_ITEM} > Overview: Status does not ask for a resynchronisation"),
    "B12": Proof("no automatic start", "vSphere client > {own_host} > Configure > VM Startup/Shutdown: {machine} is not under automatic start"),
    "B13": Proof("changes on each disk small enough not to delay the others", "`iostat -dm 60` or perfmon (Disk Write Bytes/sec) on {machine} in Azure during a busy hour: no disk writes more than 10 MiB/s"),
    "B14": Proof("free space for all new disks at their full size", "vSphere client > {object} > Summary: Free is above the sum of the new disks"),
    "B15": Proof("TCP 20004 open between the group's machines", f"`Test-NetConnection MATE -Port 20004` {_OPEN} from each machine of the group {{group}} to each other"),
    "M01": Proof("a master target of the machine's operating system family", f"{_DIALOG} offers a master target that runs the operating system of {{machine}}"),
    "M02": Proof("the same operating system version as the group's machines, or a later one", "`lsb_release -rs` or `winver` on {master_target} gives no older release than on each machine of the group"),
    "M03": Proof("at most 60 disks on it in total", "PowerCLI `(Get-VM {master_target} | Get-HardDisk).Count` plus the disks of the machines still to come is at most 60"),
    "M04": Proof("at most 60 disks at any one time", f"{_PLAN}: the groups bring at most 60 disks to {{master_target}} at a time"),
    "M05": Proof("LSI Logic controllers only", "PowerCLI `Get-VM {master_target} | Get-ScsiController`: each Type begins with VirtualLsiLogic"),
    "M06": Proof("on the same datastore as before, disks included", "vSphere client > {master_target} > Monitor > Tasks: no migration of storage since the reprotect; Edit Settings: each disk's path is that of its machine"),
    "M07": Proof("disk.EnableUUID = TRUE", "PowerCLI `Get-VM {master_target} | Get-AdvancedSetting disk.EnableUUID` prints TRUE"),
    "M08": Proof("a volume of its own with capacity, NTFS or ext4, not locked", "on {master_target}, `Get-Volume` or `lsblk -f`: the volume has NTFS or ext4 and a size, and nothing else is on it"),
    "M09": Proof("the volume that is meant for retention", "the administrator of {master_target} confirms the volume by name"),
    "M10": Proof("listed", f"{_DIALOG}, field Retention drive, offers it"),
    "M11": Proof("VMware Tools or open-vm-tools running", "vSphere client > {master_target} > Summary: VMware Tools: Running"),
    "M12": Proof("at least one VMFS datastore", "PowerCLI `Get-VMHost {host} | Get-Datastore`: one has Type VMFS"),
    "M13": Proof("a version that is not above those of configuration server and process server", f"{_SERVER}: column Version: that of {{master_target}} is not above that of {{configuration_server}} and of the process server"),
    "M14": Proof("a virtual machine that is discovered", f"{_DIALOG} offers datastores for {{master_target}}; {_SERVER} > Refresh Server has ended"),
    "M15": Proof("a supported Ubuntu release, without LVM", "on {master_target} `lsb_release -rs` prints 16.04 (or the release of its group), and `lsblk` shows no entry of type lvm"),
    "M16": Proof("4 cores, 6 GB, and the retention disk's size", "vSphere client > {master_target} > Summary: at least 4 CPU and 6 GB; `df -h` on it: the retention volume has 1 TB"),
    "M17": Proof("its name resolves to all of its addresses, and its adapter starts at boot", "on {master_target} `getent ahosts $(hostname)` lists each address; after a restart `ip addr` shows them"),
    "M18": Proof("no proxy with authentication on the way", "on {master_target} `curl -v https://{configuration_server}` connects without a proxy's answer 407"),
    "M19": Proof("it reaches both servers", "on {master_target} `nc -zv {configuration_server} 443` and `nc -zv {process_server} 9443` say succeeded (Windows: `Test-NetConnection`: TcpTestSucceeded: True)"),
    "M20": Proof("no management server in a protected machine", "its owner's confirmation in writing; and a backup of that server that was restored in a test"),
    "P01": Proof("a process server in Azure", f"{_SERVER} > Process servers: one that runs in Azure, Connected"),
    "P02": Proof("the same Azure network as the machine", f"on {{machine}} in Azure `Test-NetConnection {{object}} -Port 9443` {_OPEN}"),
    "P03": Proof("it reaches both servers", "on {process_server} `Test-NetConnection {configuration_server} -Port 443` and `Test-NetConnection {master_target} -Port 9443` show TcpTestSucceeded: True"),
    "P04": Proof("a version that is not above that of the configuration server", f"{_SERVER}: column Version: that of {{process_server}} is not above that of {{configuration_server}}"),
    "P05": Proof("at most 2 TiB of changes a day", f"{_SERVERS} > {{process_server}} > Overview: data changes of the last day are at most 2 TiB"),
    "P06": Proof("a static address, no NAT, CPU and memory below 70 %", f"{_SERVERS} > {{process_server}} > Overview: CPU and memory below 70 %; `ipconfig /all` on it: DHCP Enabled: No"),
    "P07": Proof("all of its services run", f"{_SERVERS} > {{process_server}} > Overview: all services running; `Get-Service` on it: Running"),
    "P08": Proof("the machine shows the new process server", f"{_ITEM} > Overview: field Process server shows {{object}}"),
    "N01": Proof("VPN or ExpressRoute private peering", "Azure portal > Virtual network gateways > Connections: Connected, of type Site-to-site or ExpressRoute"),
    "N02": Proof("public endpoints or Microsoft peering", "`Resolve-DnsName ACCOUNT.blob.core.windows.net` (the cache storage account) on the sending server gives a public address, and `tracert` to it does not pass the VPN"),
    "N03": Proof("the service's addresses reached over the internet, without an authenticating proxy", "on {configuration_server} `Test-NetConnection management.azure.com -Port 443` shows TcpTestSucceeded: True; `netsh winhttp show proxy` prints Direct access, or a proxy without a password"),
    "N04": Proof("the Azure machine reaches it on TCP 443, and its application service runs", "on {machine} in Azure `Test-NetConnection {configuration_server} -Port 443` shows TcpTestSucceeded: True; `Get-Service 'InMage Scout Application Service'`: Running"),
    "806": Proof("a heartbeat", f"{_SERVERS} > {{process_server}}: Connected, with a heartbeat from the last 15 minutes"),
    "78022": Proof("a heartbeat, and a host that responds", f"{_SERVERS} > {{master_target}}: a heartbeat from the last 15 minutes; `Get-Service svagents` on it: Running; vSphere client > {{host}}: Connected"),
    "78093": Proof("running", f"`az vm list -d --query \"[?name=='{{machine}}'].powerState\" -o tsv` prints VM running; {_AZURE_VM} > Overview: agent status is Ready"),
    "8038": Proof("as much free memory as the machine needs", "vSphere client > {object} > Summary: Memory: Free is above the memory of {machine}"),
    "A01": Proof("healthy, each of its components too, on a host that responds", f"{_APPLIANCES} > {{appliance}}: Healthy, and each component Healthy with a heartbeat from the last 15 minutes; vSphere client > {{host}}: Connected"),
    "A02": Proof("at most 60 disks through it at a time", f"{_APPLIANCES} > {{appliance}}: the disks of the machines that return through it are at most 60; the commit of a failback frees those of its machine"),
    "A03": Proof("mounted read/write on the appliance's host", "vSphere client > {host} > Datastores: {object} is listed, Accessible; > {object} > Hosts: {host} has access mode Read-write"),
    "A04": Proof("a standard storage account in the vault's region", "Azure portal > Storage accounts > the account > Overview: Location is the vault's"),
    "A05": Proof("the service's addresses reached from it", f"on {{machine}} in Azure `Test-NetConnection login.microsoftonline.com -Port 443` {_OPEN}; so for the other addresses of the service's list"),
    "A06": Proof("agent registered", f"{_ITEM} > Overview: Agent status has a heartbeat from the last 15 minutes"),
    "A07": Proof("its static address set again", "`ip addr` or `ipconfig` on {machine} after the return shows the address, and the application answers on it"),
    "A08": Proof("their data is stored elsewhere", "the owner has opened the copies and said so in writing, before the commit"),
    "A09": Proof("on the same datastore as before, disks included", "vSphere client > {appliance} > Monitor > Tasks: no migration of storage since the reprotect; Edit Settings: each disk's path is that of its machine"),
    "A10": Proof("another healthy appliance", f"{_APPLIANCES} > {{object}}: Healthy"),
    "A11": Proof("the latest, or the latest application-consistent point", "the planned failover's dialog: field Recovery point"),
    "A12": Proof("a snapshot can be taken, or somebody accepts that none can", "vSphere client > {machine} > Snapshots > Take Snapshot is offered; Edit Settings: no disk is independent; or the owner's word in writing that none is needed"),
    "A13": Proof("no move to modernised before it is home", f"{_ITEM}: it replicates to Azure before anybody starts the move"),
    "A14": Proof("8 cores, 16 GB, and disks of 80 and 620 GB", "vSphere client > {appliance} > Summary: at least 8 CPU, 16 GB and 700 GB of disks"),
    "A15": Proof("link up, TCP 443 and 9443 open, and a fully qualified name", "on {machine} in Azure `Test-NetConnection {appliance}.DOMAIN -Port 443` and `-Port 9443` show TcpTestSucceeded: True (Linux: `nc -zv` says succeeded)"),
    "A16": Proof("no master target, process server or retention drive in the request", "the plan of the scenario names none of them for {machine}; the modernised dialog has no such fields"),
    "A17": Proof("the iSCSI disk attached only once", "`iscsiadm -m session` or `Get-Disk` on {machine} after the return shows each volume once"),
    "A18": Proof("a datastore of the vCenter to which the appliance is connected", "vSphere client of the appliance's vCenter > Storage: {datastore}, the one in the re-protect dialog, is listed"),
    "A19": Proof("vCenter connected", f"{_APPLIANCES} > {{appliance}}: its vCenter is Connected, with a heartbeat from the last 15 minutes"),
    "A20": Proof("the whole role for failback", "vSphere client > Administration > Roles > the role of {object}'s account: each privilege that is named above is ticked"),
    "A21": Proof("no proxy with authentication on the way", "on {appliance} `netsh winhttp show proxy` prints Direct access, or a proxy without a password; opening https://management.azure.com asks for no password"),
    "A22": Proof("the service's addresses reached from it", "on {appliance} `Test-NetConnection management.azure.com -Port 443` shows TcpTestSucceeded: True; so for the other addresses of the service's list"),
    "A23": Proof("no FIPS mode, no other role, no web site, no antivirus without exclusions", "on {appliance} `Get-WindowsFeature | Where Installed` lists no role, and the antivirus's exclusions name its folders"),
    "T11": Proof("the IP address from before the failover", f"`ipconfig` on {{configuration_server}} shows the address that {_SERVERS} lists"),
    "G10": Proof("a virtual machine that the failover made", f"{_ITEM} > Overview names this virtual machine as its replica"),
    "M21": Proof("kernel updates off, and an operating system disk of at least 100 GB", "on {master_target} `apt-mark showhold` lists the kernel; `lsblk`: the disk of / has at least 100 GB"),
}
# fmt: on
