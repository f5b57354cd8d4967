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
    looked_up: str = ""
    """How a person finds a fact that the estate does not give; empty where it is seen as the proof is."""


_SERVERS: Final = "Azure portal > Recovery Services vault > Site Recovery infrastructure > Configuration Servers"
_SERVER: Final = f"{_SERVERS} > {{configuration_server}}"
_APPLIANCES: Final = (
    "Azure portal > Recovery Services vault > Site Recovery infrastructure > ASR replication appliances"
)
_ITEM: Final = "Azure portal > Recovery Services vault > Replicated items > {machine}"
_RESYNC: Final = f"{_ITEM} > Compute, Disks: the disk's row"
_PLANS: Final = "Azure portal > Recovery Services vault > Recovery Plans (Site Recovery)"
_PLAN: Final = "Azure portal > Recovery Services vault > Recovery Plans (Site Recovery) > {plan} > Customize"
_DIALOG: Final = f"{_ITEM} > Re-protect: the dialog"
_AZURE_VM: Final = "Azure portal > Virtual machines > {machine}"
_OPEN: Final = "shows TcpTestSucceeded: True (Linux: `nc -zv` with the same name and port says succeeded)"

# One line a rule.
# fmt: off
PROOFS: Final[Mapping[str, Proof]] = {
    "R01": Proof("a registered process server, a registered master target and a working VPN or private peering", f"{_SERVER}: it lists a process server and a master target, both Connected; Azure portal > Virtual network gateways > Connections: Connected"),
    "R02": Proof("up and connected to Azure", f"{_SERVER}: Connected, with a heartbeat from the last 15 minutes"),
    "R03": Proof("{machine} is in the database of {configuration_server}", f"{_SERVER}: {{machine}} is among its protected machines"),
    "R04": Proof("no snapshot", "PowerCLI `Get-VM {object} | Get-Snapshot` prints nothing; vSphere client > {object} > Snapshots: the list is empty and no 'consolidation needed' is shown"),
    "R05": Proof("no snapshot, or none that anybody needs", "vSphere client > {machine} > Snapshots: the list is empty, or the owner of {machine} has confirmed in writing that the snapshots may be deleted"),
    "R06": Proof("all machines of the group on Windows, or all on Linux", "Azure portal > Recovery Services vault > Replicated items, column Replication group: each group's machines have one operating system"),
    "R07": Proof("[[waves?all machines of the group in one wave¦the same [[classic?master target¦appliance]] for every machine of the group]]", f"[[waves?in the file, one wave under `plan: waves` has every machine of {{group}}¦{_DIALOG} shows the same [[classic?master target¦appliance]] for every machine of {{group}}]]"),
    "R08": Proof("TCP 443 to {configuration_server} and TCP 9443 to {process_server} and {master_target} open", "on {machine} in Azure [[windows?`Test-NetConnection {process_server} -Port 9443` shows TcpTestSucceeded: True¦`nc -zv {process_server} 9443` says succeeded]]; on {process_server} `Test-NetConnection {master_target} -Port 9443` shows TcpTestSucceeded: True, and `Test-NetConnection {configuration_server} -Port 443` shows TcpTestSucceeded: True"),
    "R09": Proof("connected to vCenter", f"{_SERVER} > vCenter servers: Connected, with a heartbeat from the last 15 minutes"),
    "R10": Proof("every privilege of the role for failback", "vSphere client > Administration > Roles > the role of the account of {object} > Privileges (or PowerCLI `(Get-VIRole ROLE).PrivilegeList`): each one that the line `found` names is listed; the datacenter > Permissions: the account has this role, This object and its children"),
    "R11": Proof("UUIDs that no other machine or master target has", "[[server_clash?PowerCLI `(Get-VM {machine}).ExtensionData.Config.Uuid` and `(Get-VM {receiver}).ExtensionData.Config.Uuid` (and that of the server that was chosen instead) print different values¦[[own_clash?PowerCLI `Get-VM {machine} | Get-HardDisk | % {$_.ExtensionData.Backing.Uuid} | group | ? Count -gt 1` prints nothing¦PowerCLI `Get-VM {machine},{other_machine} | Get-HardDisk | % {$_.ExtensionData.Backing.Uuid} | group | ? Count -gt 1` prints nothing]]]]"),
    "R12": Proof("{target_vcenter} is among the vCenters that {configuration_server} has discovered", f"{_SERVER} > vCenter servers: {{target_vcenter}} is listed, and Connected"),
    "R13": Proof("a licensed or evaluation edition", "vSphere client of {object} itself (not of vCenter) > Manage > Licensing: the edition is not the free one and has not expired[[other_host?; or vSphere client > each machine that the line `found` names > Summary > Host: {other_host}¦]]"),
    "R14": Proof("no physical server with Windows Server 2008 R2", f"[[planned?{_PLANS} > {{plan}} does not list {{machine}}¦Azure portal > Recovery Services vault > Site Recovery jobs: no reprotect of {{machine}}]]; its owner has agreed in writing that it stays in Azure"),
    "R15": Proof("VMware as the target", f"{_DIALOG} names a VMware site as the target"),
    "R16": Proof("migration not completed", f"{_ITEM}: the item is still listed, and its menu offers Re-protect; if not, the owner has agreed in writing that it stays in Azure"),
    "R17": Proof("in the resource group into which it was failed over", f"{_AZURE_VM} > Overview: Resource group is the one that {_ITEM} > Compute shows; if not, the owner has agreed in writing that it stays in Azure"),
    "R18": Proof("the Azure virtual machine exists", "`az vm list --query \"[?name=='{machine}'].id\" -o tsv` prints its id; if it prints nothing, the owner has decided in writing about the restore from a backup"),
    "R19": Proof("protection not disabled", f"{_ITEM}: the item is listed and its status is Protected; if not, the owner has agreed in writing that it stays in Azure"),
    "R20": Proof("the location that the plan asks for", f"{_DIALOG} shows the datastore that leads to that location; vSphere client: a search for {{machine}} finds it (original) or nothing (alternate)"),
    "R21": Proof("a master target, a process server and a retention drive for each machine of the plan", f"{_PLANS} > {{plan}} > Re-protect: the row of {{machine}} has no empty field"),
    "R22": Proof("all machines of the group in one recovery plan", f"{_PLANS} > [[planned?{{one_plan}}¦the new plan]] > Customize lists every machine of {{group}}"),
    "R23": Proof("agent registered", f"{_ITEM} > Overview: Agent status has a heartbeat from the last 15 minutes"),
    "R24": Proof("mounted read/write on the host of {master_target}", "vSphere client > {host} > Datastores: {object} is listed, Accessible; vSphere client > {object} > Hosts: {host} has access mode Read-write"),
    "R25": Proof("the datastore that {master_target} is on", f"{_DIALOG}, field Datastore: {{target_datastore}}"),
    "R26": Proof("from Azure to on-premises", f"{_DIALOG}, field direction: Azure to on-premises"),
    "R27": Proof("a master target and a process server that the vault knows", f"{_DIALOG} offers both by name"),
    "R28": Proof("a datastore that {host} mounts", f"{_DIALOG}, field Datastore, offers it; vSphere client > {{host}} > Datastores lists it"),
    "R29": Proof("one of the retention drives of {master_target}", f"{_DIALOG}, field Retention drive, offers a drive of {{master_target}} and is filled"),
    "R30": Proof("a failback policy", "Azure portal > Recovery Services vault > Site Recovery infrastructure > Replication policies: a policy whose name ends in -failback is associated with {configuration_server}"),
    "R31": Proof("the initial replication runs", f"{_ITEM} > Overview: the synchronisation percentage grows within 15 minutes, without error 78169"),
    "R32": Proof("{own_host} responds, and no question of {machine} is open", "[[own_host_down?vSphere client > {own_host} > Summary: Connected¦vSphere client > {machine} > Summary: no question is shown, and Power > Power Off (or On) is available]]"),
    "R33": Proof("powered off", f"PowerCLI `(Get-VM {{machine}}).PowerState` prints PoweredOff; {_ITEM} > Overview: the resynchronisation runs"),
    "R34": Proof("a window that the application's owner has agreed to", "the owner's agreement in writing, with its start and end"),
    "T01": Proof("every disk of the original machine attached", "vSphere client > {machine} > Edit Settings: each hard disk is listed with its file"),
    "T02": Proof("{host} is discovered", f"{_SERVER} > vCenter servers: the vCenter of {{host}} (or {{host}} itself, if no vCenter manages it) is listed, and the job of Refresh Server is Successful"),
    "T03": Proof("each disk on vSAN or a raw device exists and is attached", "[[raw?vSphere client > {machine} > Edit Settings: a hard disk of the size of {disks} is listed, with its LUN (line Physical LUN)¦vSphere client > {machine} > Edit Settings: a hard disk of the size of {disks} is listed, with its file (line Disk File)]]; PowerCLI `(Get-VM {machine}).PowerState` prints PoweredOff"),
    "T04": Proof("[[raw?{machine} on site again, off, with its old UUID and its raw device mappings¦a VMFS or vSAN datastore for the new disks]]", "[[raw?PowerCLI `(Get-VM {machine}).ExtensionData.Config.Uuid` prints the UUID from before ({uuid}); `Get-VM {machine} | Get-HardDisk -DiskType RawPhysical,RawVirtual` lists {disks}; `(Get-VM {machine}).PowerState` prints PoweredOff¦vSphere client > the datastore that was chosen > Summary: Type is VMFS or vSAN]]"),
    "T05": Proof("{configuration_server} and the vCenter as they were before the failover", f"{_SERVER}: the name and the registration date are those from before the failover"),
    "T06": Proof("disk.EnableUUID = TRUE", "PowerCLI `Get-VM {machine} | Get-AdvancedSetting disk.EnableUUID` prints TRUE"),
    "T07": Proof("the owner knows that {machine} comes back as a virtual machine", "the owner's agreement in writing"),
    "T08": Proof("{machine} exists on site", f"PowerCLI `(Get-VM {{machine}}).ExtensionData.Config.Uuid` prints the UUID from before the failover ({{uuid}})[[raw?; if it is gone for good, this stays listed, and what is done about its raw device mappings counts¦; or, if it is gone for good (this then stays listed, and stops nothing), {_DIALOG}, field Datastore, names one with room for all of its disks]]"),
    "T09": Proof("a datastore that is not NFS", f"[[gone?{_DIALOG}, field Datastore: one that vSphere client > Storage > its Summary shows with Type VMFS or vSAN¦vSphere client > {{machine}} > Datastores: each has Type VMFS or vSAN]]"),
    "T10": Proof("no other machine of this name", "PowerCLI `Get-VMHost {host} | Get-VM {machine}` finds nothing"),
    "G01": Proof("its static address set again", "`ip addr` on {machine} after the return shows the address, and the application answers on it"),
    "G02": Proof("VMware Tools running", "vSphere client > {machine} > Summary: VMware Tools: Running"),
    "G03": Proof("the data on the added disks is stored elsewhere, or the disks are removed", "the owner has opened the copies and said so in writing"),
    "G04": Proof("the iSCSI disk attached only once", "after the return, on {machine} [[windows?`Get-Disk`¦`lsblk`]] shows each volume once"),
    "G05": Proof("the old virtual machine removed after the new one runs", "PowerCLI `Get-VM {machine}` finds one machine, PoweredOn, and its disks have the new size"),
    "G06": Proof("Azure's temporary disk excluded", "Azure portal > Recovery Services vault > Replicated items > {machine} > Compute, Disks: the row of the temporary disk shows that it is not replicated"),
    "G07": Proof("an agent that can bring UEFI machines home, and one rehearsed return", f"{_ITEM} > Overview: Agent version; and one machine of this kind has come home"),
    "G08": Proof("two network adapters, and a process server in Azure", "`ipconfig /all` on {configuration_server}: two adapters with addresses"),
    "G09": Proof("the data on the excluded disks is stored elsewhere", "the owner has opened the copies and said so in writing, before the failback"),
    "F01": Proof("replication health: Healthy (a warning passes, unless reading C24 is strict)", f"{_ITEM} > Overview: Replication health is Healthy"),
    "F02": Proof("at least one recovery point on site", "Azure portal > Recovery Services vault > Replicated items > {object} > Overview > Latest recovery points: there is one with a time"),
    "F03": Proof("[[no_point?an application-consistent point¦[[older?the latest point, or an owner who accepts that the changes in between are lost¦one moment for all machines of {group}, or owners who accept that they differ]]]]", f"[[no_point?{_ITEM} > Overview > Latest recovery points: App-consistent has a time; on {{machine}} in Azure [[windows?`vssadmin list writers` shows Stable for each writer¦the scripts that freeze and thaw the application end without an error]]¦the owners' agreement in writing; or the planned failover's dialog shows [[older?Latest¦Latest app-consistent]]]]"),
    "F04": Proof("the request asks for the shutdown", "the planned failover's dialog: the box to shut {machine} down is ticked; after it, the Azure portal shows Stopped"),
    "F05": Proof("nobody needs the Azure virtual machine any longer", "the owner's confirmation in writing that everything needed was copied"),
    "F06": Proof("somebody has seen {machine} boot on site", "vSphere client: a clone of {machine}, without network, boots to its login"),
    "F07": Proof("no cancelled failover", "Azure portal > Recovery Services vault > Site Recovery jobs: the last failover of {machine} is Successful; its status is Protected"),
    "F08": Proof("a registered process server, and an account that is stored in {configuration_server}", f"{_SERVER}: process server Connected; cspsconfigtool on it, tab Manage Accounts, lists the account"),
    "F09": Proof("one rehearsed return", "a report of a rehearsed return of a machine of this kind"),
    "B01": Proof("a plan in which all of its data is copied", "`failback predict` for the scenario gives a time that its owner accepts"),
    "B02": Proof("a recovery target that the link can meet", "`failback predict` gives a time within the recovery target"),
    "B03": Proof("a plan in which the whole disk is copied", "`failback predict` for the scenario gives a time that its owner accepts"),
    "B04": Proof("a recovery target within which its disks can be compared", "`failback predict` gives a time within the recovery target"),
    "B05": Proof("0 MiB still being sent", f"{_ITEM} > Overview: Data in process is 0 at source, process server and master target"),
    "B06": Proof("the disk not attached to any other machine", "vSphere client > {holder} > Edit Settings: no hard disk has a file in the folder of {machine}; vSphere client > {machine} > Edit Settings lists {disks}"),
    "B07": Proof("room for the changes of 24 hours", "on {master_target} [[target_windows?`Get-Volume`¦`df -h`]]: the retention volume is larger than a day's changes, which the line `found` names; at each reprotect the dialog's field Retention Drive shows that volume"),
    "B08": Proof("registered in vCenter", "vSphere client: a search for {machine} finds it, without '(orphaned)' or '(inaccessible)'"),
    "B09": Proof("a plan for uncompressed data", "`failback predict` for the scenario gives a time that its owner accepts"),
    "B10": Proof("an RPO within the policy's threshold", f"{_ITEM} > Overview: RPO is below the threshold of the replication policy"),
    "B11": Proof("no resync required", f"{_ITEM} > Overview: Status does not ask for a resynchronisation"),
    "B12": Proof("no automatic start", "vSphere client > {own_host} > Configure > VM Startup/Shutdown: {machine} is not under automatic start"),
    "B13": Proof("no disk with so many changes that it delays the others", "`iostat -dm 60` or perfmon (Disk Write Bytes/sec) on {machine} in Azure during a busy hour: no disk writes more than 10 MiB/s"),
    "B14": Proof("free space for all new disks at their full size", "vSphere client > {object} > Summary: Free is at least what the line `found` says that all machines need together"),
    "B15": Proof("TCP 20004 open between the group's machines", "on each machine of {group} in Azure, for each of the others: [[windows?`Test-NetConnection ADDRESS -Port 20004` shows TcpTestSucceeded: True¦`nc -zv ADDRESS 20004` says succeeded]]"),
    "B16": Proof("free space for all data that are still to be written", "vSphere client > {object} > Summary: Free is above what the machines' new disks still need"),
    "M01": Proof("a master target of the operating system family of {machine}", f"{_DIALOG}, field Master Target: one that runs [[windows?Windows¦Linux]]"),
    "M02": Proof("the same operating system version as the group's machines, or a later one", f"{_DIALOG}, field Master Target: the one that was chosen; on it [[target_windows?`winver`¦`lsb_release -rs`]] shows the same release as on each machine of the group, or a later one"),
    "M03": Proof("at most 60 disks on each master target: its own, and those of the machines that return through it", "[[too_big?a written answer of Microsoft support¦PowerCLI `(Get-VM {master_target} | Get-HardDisk).Count`, and the same for each other master target that was chosen, plus the disks of the machines assigned to it that are still to come, is at most 60]]"),
    "M04": Proof("at most 60 disks at any one time", f"[[planned?{_PLAN}: the groups bring¦in the file, `plan: waves` brings]] at most 60 disks to {{master_target}} at a time; `failback check` no longer lists it"),
    "M05": Proof("LSI Logic controllers only", "PowerCLI `Get-VM {master_target} | Get-ScsiController`: each Type begins with VirtualLsiLogic"),
    "M06": Proof("on the same datastore as before, with all of its disks", "vSphere client > {master_target} > Monitor > Tasks: no storage migration since the reprotect; Edit Settings: each disk's path is that of its machine"),
    "M07": Proof("disk.EnableUUID = TRUE", "PowerCLI `Get-VM {master_target} | Get-AdvancedSetting disk.EnableUUID` prints TRUE"),
    "M08": Proof("a dedicated volume with NTFS or ext4 and free capacity, not locked", f"on {{master_target}} [[target_windows?`Get-Volume` shows the volume with NTFS¦`lsblk -f` shows the volume with ext4]], and nothing else is on it; {_DIALOG}, field Retention Drive, offers it"),
    "M09": Proof("the volume that is meant for retention", "the administrator of {master_target} has confirmed the volume by name, in writing"),
    "M10": Proof("listed in the vault", f"{_DIALOG}, field Retention drive, offers it"),
    "M11": Proof("VMware Tools or open-vm-tools running", "vSphere client > {master_target} > Summary: VMware Tools: Running"),
    "M12": Proof("at least one VMFS datastore", "PowerCLI `Get-VMHost {host} | Get-Datastore`: one has Type VMFS"),
    "M13": Proof("a version that is not above those of {configuration_server} and {process_server}", f"{_SERVER}: column Version: the version of {{master_target}} is not above that of {{configuration_server}} or {{process_server}}"),
    "M14": Proof("discovered as a virtual machine", f"{_DIALOG} offers datastores for {{master_target}}; {_SERVER} > Refresh Server has ended"),
    "M15": Proof("a supported Ubuntu release, without LVM", "on {master_target} `lsb_release -rs` prints 16.04 (or 18.04 or 20.04, if its group is on that release), and `lsblk` shows no entry of type lvm"),
    "M16": Proof("4 cores, 6 GB, and a retention disk that is large enough", "vSphere client > {master_target} > Summary: at least 4 CPU and 6 GB; on it [[target_windows?`Get-Volume`¦`df -h`]]: the retention volume has at least 600 GB"),
    "M17": Proof("its name resolves to all of its addresses, and its adapter starts at boot", "on {master_target} `getent ahosts $(hostname)` lists each address; after a restart `ip addr` shows them"),
    "M18": Proof("no authenticating proxy in between", "on {master_target} `curl -v https://{configuration_server}` connects, and no proxy responds with 407"),
    "M19": Proof("{master_target} reaches both servers", "on {master_target} [[target_windows?`Test-NetConnection {configuration_server} -Port 443` shows TcpTestSucceeded: True¦`nc -zv {configuration_server} 443` says succeeded]], and [[target_windows?`Test-NetConnection {process_server} -Port 9443` shows TcpTestSucceeded: True¦`nc -zv {process_server} 9443` says succeeded]]"),
    "M20": Proof("no management server in a protected machine", "the owner's confirmation in writing, and a backup of that server that was restored in a test"),
    "P01": Proof("a process server in Azure", f"{_SERVER} > Process servers: one that runs in Azure, Connected"),
    "P02": Proof("the same Azure network as {machine}", f"{_DIALOG}, field Process Server: the one that was chosen; on {{machine}} in Azure [[windows?`Test-NetConnection` to it with `-Port 9443` shows TcpTestSucceeded: True¦`nc -zv` to it with port 9443 says succeeded]]"),
    "P03": Proof("{process_server} reaches both servers", "on {process_server} `Test-NetConnection {configuration_server} -Port 443` and `Test-NetConnection {master_target} -Port 9443` show TcpTestSucceeded: True"),
    "P04": Proof("a version that is not above that of {configuration_server}", f"{_SERVER}: column Version: the version of {{process_server}} is not above that of {{configuration_server}}"),
    "P05": Proof("at most 2 TiB of changes a day", f"{_SERVERS} > {{process_server}} > Overview: data changes of the last day are at most 2 TiB"),
    "P06": Proof("a static address, no NAT, CPU and memory below 70 %", f"{_SERVERS} > {{process_server}} > Overview: CPU and memory below 70 %; `ipconfig /all` on it: DHCP Enabled: No"),
    "P07": Proof("all of its services run", f"{_SERVERS} > {{process_server}} > Overview: all services running; `Get-Service` on it: Running"),
    "P08": Proof("the vault shows the new process server as that of {machine}", f"{_ITEM} > Overview: field Process server shows the new process server, not the old one"),
    "N01": Proof("VPN or ExpressRoute private peering", "Azure portal > Virtual network gateways > Connections: Connected, of type Site-to-site or ExpressRoute"),
    "N02": Proof("public endpoints or Microsoft peering, on a link that is up", "`Resolve-DnsName ACCOUNT.blob.core.windows.net` (the cache storage account) on {data_server} gives a public address, and `tracert` to it does not pass the VPN; Azure portal > Virtual network gateways (or ExpressRoute circuits) > Connections: Connected"),
    "N03": Proof("the service's addresses reached over the internet, without an authenticating proxy", "on {configuration_server} `Test-NetConnection management.azure.com -Port 443` shows TcpTestSucceeded: True; `netsh winhttp show proxy` prints Direct access, or a proxy without a password"),
    "N04": Proof("{machine} reaches {configuration_server} on TCP 443 from Azure, and its InMage Scout application service runs", "on {machine} in Azure [[windows?`Test-NetConnection {configuration_server} -Port 443` shows TcpTestSucceeded: True¦`nc -zv {configuration_server} 443` says succeeded]], and [[windows?`Get-Service 'InMage Scout Application Service'` shows Running¦`systemctl is-active uarespawnd` prints active]]"),
    "806": Proof("a heartbeat", f"{_SERVERS} > {{process_server}}: Connected, with a heartbeat from the last 15 minutes"),
    "78022": Proof("a heartbeat, and a host that responds", f"{_SERVERS} > {{master_target}}: a heartbeat from the last 15 minutes; on it [[target_windows?`Get-Service svagents` shows Running¦`systemctl is-active vxagent` prints active]]; vSphere client > {{host}}: Connected"),
    "78093": Proof("running", f"`az vm list -d --query \"[?name=='{{machine}}'].powerState\" -o tsv` prints VM running; {_AZURE_VM} > Overview: agent status is Ready"),
    "8038": Proof("as much free memory as {machine} needs", "vSphere client > {object} > Summary: Memory: Free is at least what the line `found` says that all machines need together"),
    "A01": Proof("healthy in all of its components, on a host that responds", f"{_APPLIANCES} > {{appliance}}: Healthy, and each component Healthy with a heartbeat from the last 15 minutes; vSphere client > {{host}}: Connected"),
    "A02": Proof("at most 60 disks through {appliance} at a time", f"[[too_big?a written answer of Microsoft support¦{_APPLIANCES} > {{appliance}}: the machines that return through it have at most 60 disks; the commit of a failback frees the disk slots of its machine]]"),
    "A03": Proof("mounted read/write on the host of {appliance}", "vSphere client > {host} > Datastores: {object} is listed, Accessible; vSphere client > {object} > Hosts: {host} has access mode Read-write"),
    "A04": Proof("a standard storage account in the vault's region", "Azure portal > Storage accounts > the account that was chosen > Overview: Location is that of the vault, Performance is Standard"),
    "A05": Proof("{machine} in Azure reaches the service's addresses", "on {machine} in Azure [[windows?`Test-NetConnection login.microsoftonline.com -Port 443` shows TcpTestSucceeded: True¦`nc -zv login.microsoftonline.com 443` says succeeded]]; the same for management.azure.com; if all traffic goes through a proxy, the proxy's log shows these names as allowed"),
    "A06": Proof("agent registered", f"{_ITEM} > Overview: Agent status has a heartbeat from the last 15 minutes"),
    "A07": Proof("its static address set again", "after the return, on {machine} [[windows?`ipconfig`¦`ip addr`]] shows the address, and the application answers on it"),
    "A08": Proof("the data on the added disks is stored elsewhere", "the owner has opened the copies and said so in writing, before the commit"),
    "A09": Proof("on the same datastore as before, with all of its disks", "vSphere client > {appliance} > Monitor > Tasks: no storage migration since the reprotect; Edit Settings: each disk's path is that of its machine"),
    "A10": Proof("another healthy appliance", f"{_APPLIANCES} > {{object}}: Healthy"),
    "A11": Proof("the latest application-consistent point; or the latest point, if the data of the machines of a group may be from different points in time", "the field Recovery point in the dialog of the planned failover"),
    "A12": Proof("a snapshot can be taken, or somebody accepts that none can", "vSphere client > {machine} > Snapshots > Take Snapshot is offered; Edit Settings: no disk is independent; or the owner's written confirmation that none is needed"),
    "A13": Proof("no move to the modernised architecture before {machine} is home", f"{_ITEM}: the status shows replication to Azure before anybody starts the move"),
    "A14": Proof("at least 8 cores, 16 GB, and disks of 80 and 620 GB (for 151 to 200 machines: 16 cores, 32 GB, 1 TB)", "vSphere client > {appliance} > Summary: at least the CPU cores, memory and disks that the line `found` says are expected"),
    "A15": Proof("link up, TCP 443 and 9443 open, and a fully qualified name", "on {machine} in Azure [[windows?`Test-NetConnection {appliance} -Port 443` shows TcpTestSucceeded: True¦`nc -zv {appliance} 443` says succeeded]], and [[windows?`Test-NetConnection {appliance} -Port 9443` shows TcpTestSucceeded: True¦`nc -zv {appliance} 9443` says succeeded]], by its fully qualified name"),
    "A16": Proof("no master target, process server or retention drive in the request", "the plan of the scenario names none of them for {machine}; the modernised dialog has no such fields"),
    "A17": Proof("the iSCSI disk attached only once", "after the return, on {machine} [[windows?`Get-Disk`¦`lsblk`]] shows each volume once"),
    "A18": Proof("a datastore of the vCenter to which {appliance} is connected", f"vSphere client of the vCenter of {{appliance}} > Storage: the datastore that was chosen is listed; {_DIALOG} shows it"),
    "A19": Proof("vCenter connected", f"{_APPLIANCES} > {{appliance}}: its vCenter is Connected, with a heartbeat from the last 15 minutes"),
    "A20": Proof("every privilege of the role for failback", "vSphere client > Administration > Roles > the role of the account of {object} > Privileges (or PowerCLI `(Get-VIRole ROLE).PrivilegeList`): each one that the line `found` names is listed; the datacenter > Permissions: the account has this role, This object and its children"),
    "A21": Proof("no authenticating proxy in between", "on {appliance} `netsh winhttp show proxy` prints Direct access, or a proxy without a password; opening https://management.azure.com asks for no password"),
    "A22": Proof("{appliance} reaches the service's addresses", "on {appliance} `Test-NetConnection management.azure.com -Port 443` shows TcpTestSucceeded: True; the same for the other addresses in the service's list"),
    "A23": Proof("no FIPS mode, no other roles, no web site, and no antivirus without exclusions", "on {appliance} `Get-WindowsFeature AD-Domain-Services,Hyper-V | ? Installed` prints nothing; Internet Information Services Manager > Sites: none of somebody else's; the antivirus's exclusions list its folders; `reg query HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\FipsAlgorithmPolicy /v Enabled` prints 0x0"),
    "T11": Proof("the IP address from before the failover", f"`ipconfig` on {{configuration_server}} shows the address that {_SERVERS} lists"),
    "G10": Proof("a virtual machine that the failover made", f"{_ITEM} > Overview names this virtual machine as its replica"),
    "M21": Proof("kernel updates off, and an operating system disk of at least 100 GB", "on {master_target} `apt-mark showhold` prints linux-image-generic and linux-headers-generic; `lsblk` shows at least 100 GB for the disk of /"),
    "G11": Proof("the fstab and LVM configuration that it should have", "on {machine} after the return `findmnt --verify` reports no error, and `lvs` lists each volume as in the copy"),
    "G12": Proof("NetworkManager running, where it is wanted", "on {machine} after the return `systemctl is-active NetworkManager` prints active"),
    "A24": Proof("a vault without classic servers for an appliance", "Azure portal > Recovery Services vault > Site Recovery infrastructure: Configuration Servers is empty, or the owner says in writing that both stay"),
    "A25": Proof("all services of the mobility agent running", "on {machine} in Azure [[windows?`Get-Service svagents,'InMage Scout Application Service'` shows Running twice¦`systemctl is-active vxagent uarespawnd` prints active twice]]"),
}

LOOKED_UP: Final[Mapping[str, str]] = {
    "R10": "vSphere client > Administration > Roles > the role of the account of {object} > Privileges: each one that `failback check` asks for is listed (PowerCLI `(Get-VIRole ROLE).PrivilegeList` prints their ids, to be written into the file)",
    "A20": "vSphere client > Administration > Roles > the role of the account of {object} > Privileges: each one that `failback check` asks for is listed (PowerCLI `(Get-VIRole ROLE).PrivilegeList` prints their ids, to be written into the file)",
    "R18": "`az vm list --query \"[?name=='{machine}'].id\" -o tsv` prints its id; if it prints nothing, the machine no longer exists",
    "G01": "on {machine} before its failover the network's configuration files said DHCP; otherwise its address is static",
    "A07": "on {machine} before its failover [[windows?`ipconfig /all` showed DHCP Enabled: Yes¦the network's configuration files said DHCP]]; otherwise its address is static",
    "G04": "on {machine} in Azure [[windows?`Get-Disk` shows no disk of BusType iSCSI¦`iscsiadm -m session` shows no session]]",
    "A17": "on {machine} in Azure [[windows?`Get-Disk` shows no disk of BusType iSCSI¦`iscsiadm -m session` shows no session]]",
    "G07": "vSphere client > {machine} > Edit Settings > VM Options > Boot Options: Firmware is BIOS; if it is EFI, the rule also asks for the version of the agent",
    "F09": "the owner has a report of a rehearsed return of this machine or of one of its kind",
    "B07": "on {master_target} [[target_windows?`Get-Volume`¦`df -h`]]: the retention volume is larger than what its machines write in 24 hours",
    "B09": "the owner's word: its data is neither compressed nor encrypted",
    "B14": "vSphere client > {object} > Summary: Free is at least the size of all disks that come home as new ones",
    "8038": "vSphere client > {object} > Summary: Memory: Free is at least the memory of all machines that come home to it",
    "M02": "on {master_target} [[target_windows?`winver`¦`lsb_release -rs`]] shows the same release as on each machine of the group, or a later one",
    "P02": "Azure portal > Virtual machines > {machine} > Networking: Virtual network is that of the process server",
    "A14": "vSphere client > {appliance} > Summary: at least 8 CPU cores and 16 GB of memory, and disks of 80 and 620 GB (for 151 to 200 machines: 16 cores, 32 GB, 1 TB)",
}
# fmt: on
"""Where the proof is seen only after the repair: how a person finds the fact that the estate does not give."""
