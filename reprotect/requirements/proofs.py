"""For every rule: the value that is wanted, and what a person looks at to see that it is so.

A table of its own, keyed by rule, so that a row can be reworded without it; `test_proofs.py` says which rule lacks an
entry. Each proof can be seen before the next try: a page of the Azure portal, a place in the vSphere client, or a
command on the machine that is named; `filled` puts the real names in. `vault` means the Recovery Services vault's page. Portal pages are named as in
2026 and move now and then. Where only a person can say so, the proof is that person's word, in writing.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from .places import (
    ADVANCED,
    AZURE_VM,
    BOX,
    BOXES,
    CS,
    GATEWAY,
    INFRA,
    ITEM,
    JOBS,
    LOOK_ONLY,
    PLAN,
    PLANS,
    POWERCLI,
    URLS,
    on_replica,
    opens,
    reached,
)


class Proof(NamedTuple):
    """The value that is wanted, and how a person sees that it is so."""

    wanted: str
    seen_by: str


DIALOG: Final = ITEM + " > " + LOOK_ONLY
TAKEN_OUT: Final = (
    "[[planned?"
    + PLANS
    + " > {one_plan} > Customize does not list {machine}¦"
    + JOBS
    + ": no reprotect of {machine}]]; "
    "an email or ticket: {owner} agrees, or knows after a no, that it stays in Azure, or that {machine}-restored on site is in order ({machine} "
    "in Azure is then stopped)"
)
NONE_COMES: Final = (
    "[[planned?"
    + PLANS
    + " > {one_plan} > Customize lists none of {members}¦"
    + JOBS
    + ": no reprotect of {members}]]; an email or ticket from {owners} says yes, or Azure portal > Help + support > All support "
    "requests lists the request"
)
CONNECTION: Final = (
    "[[express?Azure portal > ExpressRoute circuits > the circuit > Overview: Provider status is Provisioned¦"
    + GATEWAY
    + " > Connections: Status is Connected]]"
)
ROLE: Final = (
    "vSphere client > the datacenter with {home_host}, where {one_machine} comes home (and each other one where machines come home) > Permissions: that account has AzureSiteRecoveryRole, Defined in: This "
    "object and its children"
)
PREDICTED: Final = (
    "`failback predict SCENARIO.yaml --start 'Fri 18:00' --by 'Mon 06:00'`, with the same start and deadline, prints a "
    "line that begins with Yes"
)
AGREED: Final = PREDICTED + "; an email or ticket from {owner} says yes to what it prints for {machine}"
PORTS_OPEN: Final = (
    on_replica(
        "443,9443 | % { Test-NetConnection {appliance_fqdn} -Port $_ }",
        f"{opens('{appliance_fqdn}', '443')}; {opens('{appliance_fqdn}', '9443')}",
    )
    + " shows [[windows?TcpTestSucceeded: True¦open]] twice"
)
DETACHED: Final = (
    POWERCLI
    + ": `Get-VM {object},{all_machines} | Get-HardDisk | select Parent,Filename` prints for {object} the disks of step 1 alone, on "
    "{own_datastore}, and each file of step 4 under its machine; in a datastore cluster: vSphere client > Storage > that cluster > "
    "Configure > VM Overrides: {object}, No Automation; or the answer to the support request"
)

# One line a rule.
# fmt: off
PROOFS: Final[Mapping[str, Proof]] = {
    "R01": Proof("[[link_down?a VPN or private peering that is up¦[[no_master_target?a registered master target¦a registered process server]]]]", f"[[link_down?{CONNECTION}¦{CS}: it lists a process server and a master target, both Connected]]"),
    "R02": Proof("up and connected to Azure", f"{CS}: Connected, with a heartbeat from the last 15 minutes; or, if it is gone for good: the answer to the support request"),
    "R03": Proof("{machine} is in the database of {configuration_server}", f"{ITEM} > Overview: Agent status has a heartbeat from the last 15 minutes; or an email or ticket from {{owner}}: it stays in Azure"),
    "R04": Proof("no snapshot", "vSphere client > {object} > Snapshots: the list is empty; {object} > Summary shows no line about consolidation"),
    "R05": Proof("no snapshot, or none that anybody needs", "a search for {machine}-before in the vSphere client finds the clone; or an email or ticket from {owner} says that nobody needs it"),
    "R06": Proof("all machines of the group on Windows, or all on Linux", NONE_COMES),
    "R07": Proof("[[waves?all machines of the group in one wave¦the same [[classic?master target¦appliance]] for every machine of the group]]", "[[waves?in SCENARIO.yaml, one wave under `plan: waves` has all of {members}¦[[planned?" + PLANS + " > {one_plan} > " + LOOK_ONLY + "¦" + PLANS + " > the new plan > " + LOOK_ONLY + "]] offers {common_server} in each row of {members}]]"),
    "R08": Proof("TCP {ports} to {object} open from [[from_server?{sender}¦{machine}]]", "[[from_server?on {process_server} `Test-NetConnection {object} -Port {port}` shows TcpTestSucceeded: True¦" + reached("{object}", "{port}") + "]]"),
    "R09": Proof("connected to vCenter", f"{CS} > vCenter servers: Connected, with a heartbeat from the last 15 minutes"),
    "R10": Proof("every privilege of the role for failback", ROLE),
    "R11": Proof("UUIDs that no other machine or master target has", "[[machine_clash?" + POWERCLI + ": `Get-VM {machine},{other_machine} | % {$_.ExtensionData.Config.Uuid} | group | ? Count -gt 1` prints nothing¦[[server_clash?" + POWERCLI + ": `(Get-VM {machine}).ExtensionData.Config.Uuid` and the same for the master target that was chosen print different values¦" + POWERCLI + ": `Get-VM [[own_clash?{machine}¦{machine},{other_machine}]] | Get-HardDisk | % {$_.ExtensionData.Backing.Uuid} | group | ? Count -gt 1` prints nothing]]]]"),
    "R12": Proof("{target_vcenter} is among the vCenters that {configuration_server} has discovered", f"{CS} > vCenter servers: {{target_vcenter}} is listed, and Connected"),
    "R13": Proof("a licensed or evaluation edition", "sign in to https://{object}/ui > Manage > Licensing: Product is vSphere Standard or better, and Expires is not past[[other_host?; or vSphere client > each machine that the line `found` names > Summary > Host: {other_host}¦]]"),
    "R14": Proof("no physical server with Windows Server 2008 R2", TAKEN_OUT),
    "R15": Proof("VMware as the target", f"{DIALOG} offers a VMware site as the target; or, if it does not: {TAKEN_OUT}"),
    "R16": Proof("migration not completed", TAKEN_OUT),
    "R17": Proof("in the resource group into which it was failed over", f"{TAKEN_OUT}; or, if support said yes: {AZURE_VM} > Overview: Resource group is the one that " + ITEM + " > Compute shows"),
    "R18": Proof("the Azure virtual machine exists", "vSphere client (or, if it was restored in Azure, Azure portal > Virtual machines) > {machine}-restored: it runs; an email or ticket from {owner} says that the application works; or, if there is neither: the answer to the support request, and an email or ticket in which {owner} accepts it"),
    "R19": Proof("protection not disabled", TAKEN_OUT),
    "R20": Proof("the location that the plan asks for", "an email or ticket from {owner}: to where it was; or, elsewhere: vSphere client > a search for {machine} finds nothing"),
    "R21": Proof("a master target, a process server and a retention drive for each machine of the plan", PLANS + " > {plan} > " + LOOK_ONLY + " offers {master_target}, {process_server} and a retention drive in the row of {machine}"),
    "R22": Proof("all machines of the group in one recovery plan", PLANS + " > [[planned?{one_plan}¦{group_name}]] > Customize: it lists all of {members}"),
    "R23": Proof("agent registered", f"{ITEM} > Overview: Agent status has a heartbeat from the last 15 minutes"),
    "R24": Proof("mounted read/write on the host of {master_target}", "[[better_host?vSphere client > {receiver} > Summary: Host is {better_host}; vSphere client > {object} > Hosts: {better_host} has access mode Read-write; or, if it was not moved: ¦]]vSphere client > {host} > Datastores: {object} is listed, Accessible; vSphere client > {object} > Hosts: {host} has access mode Read-write[[other_server?; or, if {host} cannot get it: " + DIALOG + ", field Master Target Server, offers {other_server}¦; or, if its owner refuses: an email or ticket from {owner}: {machine} waits]]"),
    "R25": Proof("{target_datastore}, on which {master_target} is", f"an email or ticket from {{owner}} says which of the two; if {{target_datastore}}: {DIALOG}, field Datastore, lists {{target_datastore}}; after the failback vSphere client > {{machine}} > Datastores shows it"),
    "R26": Proof("from Azure to on-premises", DIALOG + " offers the direction Azure to On-premises"),
    "R27": Proof("a master target and a process server that the vault knows", DIALOG + " offers {valid_master_target} and {valid_process_server}"),
    "R28": Proof("a datastore that {host} mounts", DIALOG + ", field Datastore, offers [[other_datastore?{other_datastore} (or {asked_datastore}, if it was mounted)¦{asked_datastore}]]; vSphere client > {host} > Datastores lists it"),
    "R29": Proof("one of the retention drives of {master_target}", f"{DIALOG}, field Retention drive, offers a drive of {{master_target}} and is filled"),
    "R30": Proof("a failback policy", "Azure portal > Recovery Services vault > Site Recovery infrastructure > Replication policies: a policy whose name ends in -failback is associated with {configuration_server}"),
    "R31": Proof("the initial replication runs", f"{ITEM} > Overview: the synchronisation percentage grows within 15 minutes, without error 78169"),
    "R32": Proof("[[runs_twice?{machine} runs at one place only, and its owner has said which copy counts¦{own_host} responds, and no question of {machine} is open]]", "[[runs_twice?PowerCLI `(Get-VM {machine}).PowerState` prints PoweredOff, or its Azure machine is Stopped (deallocated); an email or ticket from {owner} names the copy that counts¦[[own_host_down?vSphere client > {own_host} > Summary: no line that it does not respond; {machine} > Summary: no question is shown¦vSphere client > {machine} > Summary: no question is shown, and Power > Power Off (or On) is available]]]]"),
    "R33": Proof("powered off", f"vSphere client > {{machine}} > Summary: Powered Off, and 15 minutes later still; {ITEM} > Overview: the percentage of the resync grows; or, if the copy on site counts: {AZURE_VM} > Overview: Status is Stopped (deallocated)"),
    "R34": Proof("a window that {owner} has agreed to", "an email or ticket from {owner} says yes to its start and its end"),
    "T01": Proof("every disk of the original machine attached", POWERCLI + ": `Get-VM {machine} | Get-HardDisk | select CapacityGB,Filename` prints a line for {disks}, with its file; or an email or ticket from the VMware administrator: the file is gone"),
    "T02": Proof("{host} is discovered", CS + " > vCenter servers: {host_manager} is listed, Connected; " + DIALOG + ", Master Target Server {master_target}, offers datastores of {host}"),
    "T03": Proof("each disk on vSAN or a raw device exists and is attached", POWERCLI + ": `Get-VM {machine} | Get-HardDisk | select CapacityGB,DiskType,Filename,@{n='Uuid';e={$_.ExtensionData.Backing.Uuid}} | fl` prints for {disks} that [[raw?LUN as RawPhysical or RawVirtual¦file]]; `(Get-VM {machine}).PowerState` prints PoweredOff[[raw?¦; or, if there is no backup of {disks}: an email or ticket from {owner}: it stays in Azure]]"),
    "T04": Proof("[[raw?{machine} on site again, off, with its old UUID and its raw device mappings¦a VMFS or vSAN datastore for the new disks]]", "[[raw?" + POWERCLI + ": `(Get-VM {machine}).ExtensionData.Config.Uuid` prints {uuid}, `(Get-VM {machine}).PowerState` PoweredOff, and `(Get-VM {machine} | Get-HardDisk).DiskType` RawPhysical or RawVirtual for {disks}; or an email or ticket from {owner}: it stays in Azure¦vSphere client > {store_for_new} > Summary: Type is VMFS or vSAN]]"),
    "T05": Proof("{configuration_server} and the vCenter as they were before the failover", CS + " > Overview: Connected, and its registration date is one from before the failover; or, if there is no backup: the answer to the support request"),
    "T06": Proof("disk.EnableUUID = TRUE", "vSphere client > {machine} > Edit Settings > " + ADVANCED + " (close it with Cancel): disk.EnableUUID is TRUE"),
    "T07": Proof("the owner knows that {machine} comes back as a virtual machine", "an email or ticket from {owner} says yes; or, if it says no: [[planned?" + PLANS + " > {one_plan} > Customize does not list {machine}¦" + JOBS + ": no reprotect of {machine}]]"),
    "T08": Proof("{machine} exists on site", POWERCLI + ": `(Get-VM {machine}).ExtensionData.Config.Uuid` prints {uuid}[[raw?; or the proof of rule T04 (new disks on VMFS or vSAN) is seen¦; or, if it is gone for good: " + DIALOG + ", field Datastore, offers {datastore}]]"),
    "T09": Proof("a datastore that is not NFS", "[[gone?vSphere client > Storage > {store_for_new} > Summary: Type is VMFS or vSAN; " + DIALOG + ", field Datastore, offers {store_for_new}¦vSphere client > {machine} > Datastores: each has Type VMFS or vSAN]]"),
    "T10": Proof("no other machine of this name", "vSphere client > {host} > VMs: the list has no {machine}; or, if it is {machine} itself: `failback check SCENARIO.yaml` no longer lists this rule[[other_server?; or, if its owner refuses: " + DIALOG + ", field [[classic?Master Target Server¦Appliance]], offers {other_server}¦; or, if its owner refuses: an email or ticket from {owner}: {machine} waits]]"),
    "G01": Proof("its static address set again, and its DNS record with it", "before the failback, the command of step 2 prints PORT-GROUP with the VLAN number of step 1; before the failback, `Resolve-DnsName {dns_name} | select IPAddress,TTL` prints a TTL of at most 300; after the failback, on {machine} `ip addr` shows its address from before the failover ({addresses}), and `ping GATEWAY` has an answer; 5 minutes after the record was set, `nslookup {dns_name}` on another machine prints that address; {owner} has written that the application answers there"),
    "G02": Proof("VMware Tools running", "after the commit, vSphere client > {machine} > Summary: VMware Tools: Running"),
    "G03": Proof("the data on the added disks is stored elsewhere", "an email or ticket from {owner} from before the failback: all copies of {machine} open"),
    "G04": Proof("the iSCSI disk attached only once", "after the failback, on {machine} [[windows?`Get-Disk`¦`lsblk`]] shows a disk of the size of {disk_sizes} once"),
    "G05": Proof("the old virtual machine removed after the new one runs", "vSphere client > a search for {machine} finds one machine, Powered On; an email or ticket from {owner} says that it works"),
    "G06": Proof("nothing that anybody needs on Azure's temporary disk", "an email or ticket from {owner}: what was moved opens from the other disk; " + ITEM + " > Disks does not list the temporary disk"),
    "G07": Proof("agent 9.55 or later, and one rehearsed return", ITEM + " > Overview: Agent version is at least 9.55; if another one came home before it: vSphere client > that one > Launch Web Console shows its login"),
    "G08": Proof("[[no_azure_server?two network adapters, and a process server in Azure¦two network adapters]]", "on {configuration_server} `ipconfig /all` shows two adapters with addresses; " + CS + ": Connected, with a heartbeat from the last 15 minutes, and it lists [[server_in_azure?{process_server}¦a process server in Azure]]"),
    "G09": Proof("the data on the excluded disks is stored elsewhere, and back before the owner's check", "an email or ticket from {owner} from before the failback: all copies of {machine} open; an email or ticket from {owner} from after step 5: the data is back"),
    "F01": Proof("replication health: Healthy", f"{ITEM} > Overview: Replication health is Healthy"),
    "F02": Proof("at least one recovery point on site", "Azure portal > Recovery Services vault > Replicated items > {object} > Overview > Latest recovery points shows a time later than its reprotect[[planned?; or, if it was taken out of its recovery plan: " + PLANS + " > {one_plan} > Customize no longer lists {object}¦]]"),
    "F03": Proof("[[no_point?an application-consistent point¦[[older?the latest point, or an owner who accepts that the changes in between are lost¦one moment for all machines of {group}, or owners who accept that they differ]]]]", "[[no_point?" + ITEM + " > Overview > Latest recovery points: App-consistent has a time; or, at the failback, the dialog shows Recovery Point: Latest, and {owner} has accepted that in writing¦[[older?an email or ticket from {owner} says that the changes of {machine} may be lost¦an email or ticket from {owners} says yes]]; or, at the failback, the dialog shows Recovery Point: [[older?Latest¦Latest app-consistent]]]]"),
    "F04": Proof("the request asks for the shutdown", "at the failback the box is ticked; after it, " + AZURE_VM + " > Overview: Status is Stopped (deallocated)"),
    "F05": Proof("nobody needs the Azure virtual machine any longer", "an email or ticket from {owner} from before the commit: nothing of {machine} is missing"),
    "F06": Proof("somebody has seen {machine} boot on site", "at step 2 the console of {machine}-test shows its login, or an email or ticket from {owner} says yes; at the end a search for {machine}-test in the vSphere client finds nothing"),
    "F07": Proof("no cancelled failover", ITEM + " > Overview: Status is Protected"),
    "F08": Proof("[[no_account?the account {account_name} stored in {configuration_server}¦a registered process server]]", "[[no_account?on {configuration_server} cspsconfigtool > Manage Accounts lists {account_name}; " + ITEM + " > Re-protect offers it in the field Account (close with X)¦" + CS + ": {process_server} is listed, Connected, with a heartbeat from the last 15 minutes]]"),
    "F09": Proof("one rehearsed return", "`REPORT/report.html` shows {machine} home; " + JOBS + ": the reprotect, the failback and the commit of the machine that went first are Successful"),
    "B01": Proof("a plan in which all of its data is copied", AGREED),
    "B02": Proof("a time limit (return_within_h) that is not below what copying takes", AGREED),
    "B03": Proof("a plan in which the whole disk is copied", AGREED),
    "B04": Proof("a time limit (return_within_h) that is not below what comparing takes", AGREED),
    "B05": Proof("0 MiB still being sent", f"{ITEM} > Overview: Data in process is 0"),
    "B06": Proof("the disk not attached to any other machine", "vSphere client > {holder} > Edit Settings: no hard disk has a file in the folder of {machine}; vSphere client > {machine} > Edit Settings lists {disk_sizes} (close both with Cancel); or, if the owner of {holder} says no: an email or ticket from {owner}: {machine} waits"),
    "B07": Proof("room for the changes of 24 hours: a retention drive of {drive_size}", "on {master_target} [[target_windows?`Get-Volume`¦`df -h`]] shows the new volume with about {drive_size}; at each reprotect the dialog's field Retention Drive shows it"),
    "B08": Proof("registered in vCenter", "vSphere client: a search for {machine} finds it, without '(orphaned)' or '(inaccessible)'"),
    "B09": Proof("a plan for uncompressed data", AGREED),
    "B10": Proof("an RPO of at most 900 s (15 minutes)", f"{ITEM} > Overview: RPO is at most 15 minutes"),
    "B11": Proof("no resync required", f"{ITEM} > Overview: Status is Protected, and not Resynchronization required"),
    "B12": Proof("no automatic start", "vSphere client > {own_host} > Configure > VM Startup/Shutdown: {machine} is not under automatic start"),
    "B13": Proof("no disk that writes more than 10 MiB/s", "on {machine} in Azure, in a busy hour, [[windows?`Get-Counter '\\PhysicalDisk(*)\\Disk Write Bytes/sec'` shows no disk above 10485760¦`iostat -dm 60 2` shows no disk above 10 MB_wrtn/s]]"),
    "B14": Proof("at least {needed} free, for all new disks at their full size", "vSphere client > {object} > Summary: Free is at least {needed}; [[gone?[[other_datastore?or, if {other_datastore} was chosen: " + DIALOG + ", field Datastore, offers it; ¦]]¦]]or, if {machine} was held back: [[planned?" + PLANS + " > {one_plan} > Customize no longer lists {machine}¦" + JOBS + ": no reprotect of {machine}]]"),
    "B15": Proof("TCP 20004 open between the group's machines", "Azure portal > Virtual machines > {each_member} > Run command, with the private ADDRESS of each of the others: [[windows?`Test-NetConnection ADDRESS -Port 20004` shows TcpTestSucceeded: True¦`" + opens("ADDRESS", "20004") + "` shows open]]"),
    "B16": Proof("at least {enough} free{enough_share}, for the data that are still to be written", "vSphere client > {object} > Summary: Free is at least {enough}[[nearly_full?¦; " + ITEM + " > Overview: Data in process falls within 15 minutes]]"),
    "M01": Proof("a master target of the operating system family of {machine}", "[[no_release?" + NONE_COMES + "¦" + DIALOG + ", field Master Target Server, offers [[other_server?{other_server}¦the new one]], which runs [[windows?Windows¦Linux]]]]"),
    "M02": Proof("[[target_windows?the same Windows release as the machines of the group, or a later one¦Ubuntu {release} or later[[no_release?, on which no master target runs¦]]]]", "[[no_release?" + NONE_COMES + "¦" + DIALOG + ", field Master Target Server, offers [[other_server?{other_server}¦the new one]]; on it [[target_windows?`winver`¦`lsb_release -rs`]] shows {release} or later, and [[target_windows?`Get-Volume` the volume R:¦`df` /mnt/retention]]]]"),
    "M03": Proof("at most 60 disks on each master target: its own, and those of the machines that return through it", "[[too_big?[[planned?" + PLANS + " > {one_plan} > Customize lists none of {members}¦" + JOBS + ": no reprotect of {members}]]; Azure portal > Help + support > All support requests lists the request¦[[busy?" + JOBS + ": the commit of each of the others is Successful¦" + DIALOG + ", field Master Target Server, offers [[other_server?{other_server}¦the new one]]]]]]"),
    "M04": Proof("at most 60 disks at any one time", "[[planned?" + PLAN + ": each group¦in SCENARIO.yaml, under `plan: waves`, each wave]] has only the machines that one entry names; at most 60 disks a wave, those of {master_target} itself included"),
    "M05": Proof("LSI Logic controllers only", "vSphere client > {master_target} > Edit Settings (close it with Cancel): each SCSI controller is LSI Logic; " + CS + " > {master_target}: a heartbeat from after its start[[other_server?; or, if its old type is back: " + DIALOG + ", field Master Target Server, offers {other_server}¦; or, if its owner refuses: an email or ticket from {owner}: {machine} waits]]"),
    "M06": Proof("its own disks alone, on {own_datastore}", DETACHED),
    "M07": Proof("disk.EnableUUID = TRUE", "vSphere client > {master_target} > Edit Settings > " + ADVANCED + " (close it with Cancel): disk.EnableUUID is TRUE; vSphere client > {master_target} > Summary: Powered On"),
    "M08": Proof("a dedicated volume with [[target_windows?NTFS¦ext4]] and free capacity, not locked", f"on {{master_target}} [[target_windows?`Get-Volume` shows S: with NTFS¦`lsblk -f` shows /mnt/retention2 with ext4]]; {DIALOG}, field Retention Drive, offers it"),
    "M09": Proof("the volume that is meant for retention", "an email or ticket from the server administrator names the volume; " + DIALOG + ", field Retention drive, offers it"),
    "M10": Proof("listed in the vault", f"{DIALOG}, field Retention drive, offers it"),
    "M11": Proof("VMware Tools or open-vm-tools running", "after its restart: vSphere client > {master_target} > Summary: VMware Tools: Running"),
    "M12": Proof("at least one VMFS datastore", "vSphere client > {object} > Datastores: one has Type VMFS[[other_server?; or "+DIALOG+", field Master Target Server, offers {other_server}¦; or, if its owner refuses: an email or ticket from {owner}: {machine} waits]]"),
    "M13": Proof("a version that is not above those of {configuration_server} and {process_server}", f"{CS}: column Agent version: that of {{master_target}} is not above that of {{configuration_server}} or {{process_server}}[[other_server?; or, if it was chosen: that of {{other_server}} is not¦]]"),
    "M14": Proof("[[physical_target?a master target that is a virtual machine¦discovered as a virtual machine]]", DIALOG + ", Master Target Server [[physical_target?[[other_server?{other_server}¦the new one]]¦{master_target}]], offers datastores"),
    "M15": Proof("Ubuntu {release} without LVM", "[[no_release?" + NONE_COMES + "¦" + DIALOG + ", field Master Target Server, offers [[other_server?{other_server}¦the new one]]; on it `lsb_release -rs` prints {release}, and `lsblk` shows no entry of type lvm]]"),
    "M16": Proof("at least {sizes}", "vSphere client > {master_target} > Summary: Powered On, with at least {sizes}[[grow_disk?; on {master_target} `df -h` shows {retention_drive} with its new size¦]]"),
    "M17": Proof("its name resolves to all of its addresses, and its adapter starts at boot", "on {master_target} `getent ahosts $(hostname)` lists each address that `hostname -I` prints, and on Ubuntu 16.04 `grep ^auto /etc/network/interfaces` each adapter"),
    "M18": Proof("no authenticating proxy in between", "on {master_target} `curl -vk https://{configuration_server}` shows Connected to {configuration_server}, and no 407"),
    "M19": Proof("{master_target} reaches both servers", "on {master_target} [[target_windows?`Test-NetConnection {configuration_server} -Port 443` and `Test-NetConnection {process_server} -Port 9443` show TcpTestSucceeded: True¦`" + opens("{configuration_server}", "443") + "` and `" + opens("{process_server}", "9443") + "` show open]]"),
    "M20": Proof("no management server in a protected machine", "vSphere client > {machine}-restored > Summary: Powered On; [[classic?" + CS + ": Connected¦" + INFRA + ": its {manages} is Healthy]], with a heartbeat from the last 15 minutes; or, after a no, Azure portal > Help + support > All support requests lists the request"),
    "P01": Proof("a process server in Azure", f"{CS} > Process servers: one that runs in Azure, Connected; {DIALOG}, field Process Server, offers it"),
    "P02": Proof("the same Azure network as {machine}", DIALOG + ", field Process Server, offers [[other_process_server?{other_process_server}¦the new one]]; Azure portal > Virtual machines > that server > Overview: Virtual network is {network}"),
    "P03": Proof("{process_server} reaches both servers", "on {process_server} `Test-NetConnection {configuration_server} -Port 443` and `Test-NetConnection {master_target} -Port 9443` show TcpTestSucceeded: True; " + CS + " > {process_server}: Connected"),
    "P04": Proof("a version that is not above that of {configuration_server}", f"{CS}: column Agent version: that of {{process_server}} is not above that of {{configuration_server}}"),
    "P05": Proof("at most 2 TiB of changes a day through {process_server}", CS + " > {process_server}: data changes of the last day are at most 2 TiB; or an email or ticket from {owner}: it has to run"),
    "P06": Proof("[[loaded?CPU and memory below 70 %¦[[dynamic?a static address¦an address without NAT]]]]", "[[loaded?" + CS + " > {process_server}: CPU and memory below 70 %¦[[dynamic?[[server_in_azure?Azure portal > Virtual machines > {process_server} > Network settings > its network interface > IP configurations: Static¦on {process_server} `ipconfig /all` shows DHCP Enabled: No]]¦on {configuration_server}, in PowerShell: `(Get-NetTCPConnection -LocalPort 443 -State Established).RemoteAddress` lists the address that `ipconfig` on {process_server} shows]]]]"),
    "P07": Proof("all of its services run", CS + " > {process_server}: all services running; on it `Get-Service {services}` shows Running"),
    "P08": Proof("the vault shows {process_server} as the process server of {machine}", f"{ITEM} > Overview: field Process server shows {{process_server}}"),
    "N01": Proof("[[link_down?a link that is up¦a VPN or ExpressRoute private peering]]", CONNECTION),
    "N02": Proof("[[link_down?a link that is up¦public endpoints or Microsoft peering]]", "[[link_down?" + CONNECTION + "¦on [[classic?[[server_in_azure?{configuration_server}¦{process_server}]]¦{appliance}]] `tracert -d ACCOUNT.blob.core.windows.net` reaches its last line, and none shows an address of the VPN (the network team names its range); there `Test-NetConnection ACCOUNT.blob.core.windows.net -Port 443` and the same for login.microsoftonline.com show TcpTestSucceeded: True]]"),
    "N03": Proof("[[by_proxy?no proxy that asks for a sign-in¦the service's addresses reached over the internet, not through ExpressRoute]]", "on {configuration_server} `Test-NetConnection management.azure.com -Port 443` shows TcpTestSucceeded: True; [[by_proxy?there `netsh winhttp show proxy` prints Direct access¦on {configuration_server} `tracert -d login.microsoftonline.com`: no line shows an address of ExpressRoute (the network team names its range)]]"),
    "N04": Proof("{machine} reaches {configuration_server} on TCP 443 from Azure, and its InMage Scout application service runs", reached("{configuration_server}", "443") + ", and [[windows?`Get-Service 'InMage Scout Application Service'` there shows Running¦`systemctl is-active uarespawnd` there prints active]]"),
    "806": Proof("{process_server} sends a heartbeat", CS + " > {process_server}: Connected, with a heartbeat from the last 15 minutes"),
    "78022": Proof("[[host_down?{host} responds, and ¦]]{master_target} sends a heartbeat", CS + " > {master_target}: a heartbeat from the last 15 minutes[[host_down?; vSphere client > {host} > Summary: no line that it does not respond¦]][[other_server?; or " + DIALOG + ", field Master Target Server, offers {other_server}¦; or, if its owner refuses: an email or ticket from {owner}: {machine} waits]]"),
    "78093": Proof("running", AZURE_VM + " > Overview: Status is Running, and Agent status is Ready"),
    "8038": Proof("free memory: at least {needed}", "vSphere client > {object} > Summary: Memory: Free is at least {needed}; if machines were held back: at least what the others need"),
    "A01": Proof("healthy in all of its components, on a host that responds", BOX + ": Healthy, and each component Healthy with a heartbeat from the last 15 minutes[[host_down?; vSphere client > {host} > Summary: no line that it does not respond¦]]"),
    "A02": Proof("at most 60 disks through {appliance} at any one time", "[[too_big?[[planned?" + PLANS + " > {one_plan} > Customize lists none of {members}¦" + JOBS + ": no reprotect of {members}]]; Azure portal > Help + support > All support requests lists the request; an email or ticket from {owners} says yes¦[[busy?" + JOBS + ": the commit of each of the others is Successful¦[[queues?" + PREDICTED + "[[other_server?¦; " + BOXES + ": each new one is Healthy]]¦" + "at the reprotect of {machine}, before OK, the field Appliance shows [[other_server?{other_server}¦the new one]]; vSphere client > that appliance > Edit Settings lists at most 60 hard disks (close with Cancel)]]]]]]"),
    "A03": Proof("mounted read/write on the host of {appliance}", "[[better_host?vSphere client > {receiver} > Summary: Host is {better_host}; vSphere client > {object} > Hosts: {better_host} has access mode Read-write; or, if it was not moved: ¦]]vSphere client > {host} > Datastores: {object} is listed, Accessible; vSphere client > {object} > Hosts: {host} has access mode Read-write"),
    "A04": Proof("a standard storage account in the vault's region", "at the reprotect of {machine}, before OK, the field Cache storage account shows [[log_account?{log_account}¦the new one]]; Azure portal > Storage accounts > [[log_account?{log_account}¦the new one]] > Overview: Location is that of the vault, Performance is Standard"),
    "A05": Proof("{machine} in Azure reaches the service's addresses", on_replica(*URLS) + " shows [[windows?TcpTestSucceeded: True¦open]] three times; " + ITEM + " > Overview: Agent status has a heartbeat from the last 15 minutes"),
    "A06": Proof("agent registered", f"{ITEM} > Overview: Agent status has a heartbeat from the last 15 minutes"),
    "A07": Proof("its static address set again, and its DNS record with it", "before the failback, the command of step 2 prints PORT-GROUP with the VLAN number of step 1; before the failback, `Resolve-DnsName {dns_name} | select IPAddress,TTL` prints a TTL of at most 300; after the failback, on {machine} [[windows?`ipconfig`¦`ip addr`]] shows its address from before the failover ({addresses}), and `ping GATEWAY` has an answer; 5 minutes after the record was set, `nslookup {dns_name}` on another machine prints that address; {owner} has written that the application answers there"),
    "A08": Proof("the data on the added disks is stored elsewhere", "an email or ticket from {owner} from before the failback: all copies of {machine} open"),
    "A09": Proof("its own disks alone, on {own_datastore}", DETACHED),
    "A10": Proof("another healthy appliance", f"{BOXES} > {{object}}: Healthy, with a heartbeat from the last 15 minutes"),
    "A11": Proof("the recovery point that {owners} agreed to: Latest, or Latest app-consistent", "an email or ticket from {owners}; at the failback, before OK, the dialog shows Recovery Point: Latest (yes, or no answer) or Latest app-consistent (one said no)"),
    "A12": Proof("a snapshot can be taken, or somebody accepts that none can", "vSphere client > {machine} > Snapshots > Take Snapshot is offered (close with Cancel); or an email or ticket from {owner} says yes"),
    "A13": Proof("no move to the modernised architecture before {machine} replicates to Azure again", "an email to all Azure administrators; " + ITEM + " > Overview: Status is Protected before anybody starts the move"),
    "A14": Proof("at least {sizes}", "vSphere client > {appliance} > Edit Settings shows at least: {sizes} (close with Cancel); " + BOX + ": Healthy, with a heartbeat from the last 15 minutes[[grow_disk?; on {appliance}, Disk Management shows no unallocated space¦]]"),
    "A15": Proof("[[link_down?the link up¦[[no_fqdn?a fully qualified name¦TCP 443 and 9443 open]]]]", "[[link_down?" + CONNECTION + "¦[[no_fqdn?" + on_replica("Resolve-DnsName {appliance}", "getent hosts {appliance}") + " shows its full name and address¦" + PORTS_OPEN + "]]]]"),
    "A16": Proof("no master target, process server or retention drive in the request", "in SCENARIO.yaml nothing under `plan` names a master_target, process_server or retention_drive for {machine}"),
    "A17": Proof("the iSCSI disk attached only once", "after the failback, on {machine} [[windows?`Get-Disk`¦`lsblk`]] shows a disk of the size of {disk_sizes} once"),
    "A18": Proof("a datastore of {appliance_vcenter}, to which {appliance} is connected", "vSphere client, signed in to {appliance_vcenter} > Storage lists {store_for_new}; at the reprotect of {machine}, before OK, the field Datastore shows {store_for_new}"),
    "A19": Proof("vCenter connected", BOX + " > its vCenter: Connected, with a heartbeat from the last 15 minutes"),
    "A20": Proof("every privilege of the role for failback", ROLE),
    "A21": Proof("no proxy that asks for a password", "on {appliance} `(iwr https://login.microsoftonline.com -UseBasicParsing).StatusCode` prints 200; " + BOX + ": Healthy, with a heartbeat from the last 15 minutes"),
    "A22": Proof("{appliance} reaches the service's addresses", "on {appliance} `'login.microsoftonline.com','management.azure.com','aka.ms' | % { Test-NetConnection $_ -Port 443 }` shows TcpTestSucceeded: True three times; " + BOX + ": Healthy, with a heartbeat from the last 15 minutes"),
    "A23": Proof("no FIPS mode, no other roles, no web site, and no antivirus without exclusions", "on {appliance}, for what the line `found` names: `reg query HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\FipsAlgorithmPolicy /v Enabled` prints 0x0; `Get-WindowsFeature AD-Domain-Services,Hyper-V | ? Installed` prints nothing; Internet Information Services Manager > Sites: each of step 5 is Stopped; the antivirus's exclusions list the folders"),
    "T11": Proof("the IP address from before the failover", "on {configuration_server} `ipconfig` shows that address; " + CS + ": Connected, with a heartbeat from the last 15 minutes"),
    "G10": Proof("a virtual machine that the failover made", TAKEN_OUT),
    "M21": Proof("kernel updates off, and an operating system disk of at least 100 GB", "on {master_target} `apt-mark showhold` prints linux-image-generic and linux-headers-generic, and `lsblk` 100G or more for the disk above /"),
    "G11": Proof("/etc/fstab and /etc/lvm/lvm.conf as they were before the failover", "on {machine} after the failback `diff /etc/before-failover/fstab /etc/fstab; diff /etc/before-failover/lvm.conf /etc/lvm/lvm.conf` prints nothing, and `findmnt --verify` reports no error"),
    "G12": Proof("NetworkManager running, where it is wanted", "on {machine} after the failback `systemctl is-active NetworkManager` prints active"),
    "A24": Proof("a vault without classic servers for an appliance", "an email or ticket from the owner of the vault says yes, or, after a no, the answer to the support request; after the return: Azure portal > Recovery Services vaults lists the new one"),
    "A25": Proof("all services of the mobility agent running", on_replica("Get-Service svagents,'InMage Scout Application Service'", "systemctl is-active vxagent uarespawnd") + " shows [[windows?Running¦active]] twice"),
}
# fmt: on
