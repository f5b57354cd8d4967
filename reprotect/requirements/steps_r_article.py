"""The steps of the rules of the article (R)."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Final

from .places import (
    AGAIN,
    AZURE_VM,
    CS,
    INFRA,
    ITEM,
    ITEMS,
    JOBS,
    LOOK_ONLY,
    PLAN,
    PLANS,
    POWERCLI,
    REFRESH,
    RESCAN,
    SUPPORT,
    VAULT,
    VSPHERE_VM,
    WAIT_UNTIL_IDLE,
    at_reprotect,
    host_up,
    on_replica,
    port_out,
    reached,
)
from .steps_shared import (
    ACCOUNT_ROLE,
    ASK_SUPPORT,
    LINK_UP,
    LOST_BY_RESTORE,
    NEW_DRIVE,
    NEW_MASTER_TARGET,
    NEW_PROCESS_SERVER,
    OUT_OF_PLAN,
    RESTORED,
    SERVER_RESTORED,
    TAKE_GROUP_OUT,
    TAKE_OUT,
    vcenter_added,
)

_LET_THROUGH: Final = "only if it still does not: the network team allows TCP 9443 from {machine} to {data_server}"
OUTBOUND: Final = (
    "Azure portal > Virtual machines > [[from_server?{sender}¦{machine}]] > Network settings > Create port rule > Outbound port rule: Destination IP "
    "Addresses, the address of {object}; ports {ports}; TCP; Allow; a Priority below that of each rule that denies it > Add"
)
MOUNT: Final = (
    "[[nfs?vSphere client > {object} > Actions > Mount Datastore to Additional Hosts > {host} > OK, not read-only¦"
    + RESCAN
    + "; if {object} is then listed as unmounted: {object} > Actions > Mount Datastore > {host} > OK]]",
    "[[nfs?[[store_down?only if it is not Accessible then: the storage administrator puts the NFS export of {object} online for "
    "{host}; then step 1 again¦]]¦only if {host} > Datastores does not list {object} as Accessible then: the storage administrator "
    "[[store_down?puts its LUN online for {host}¦presents its LUN to {host}, read and write]] (device name: vSphere client > {object} > "
    "Configure > Device Backing); then step 1 again]]",
)
_NO_MOVE: Final = "only if {receiver} could not be moved"
_MOVE: Final = (
    WAIT_UNTIL_IDLE,
    "vSphere client > {receiver} > Migrate > Change compute resource only > {better_host}, which mounts {object} and the "
    "disks of {receiver} > its networks as they are > Finish, if the wizard shows no error (before a reprotect; that this is "
    "allowed is inferred: only Storage vMotion is forbidden)",
    "only if {better_host} is in a cluster, so that DRS does not move it back: vSphere client > that cluster > Configure > VM "
    "Overrides > Add: {receiver}, DRS automation level Manual > OK; VM/Host Rules: a rule that ties it to {host} > Edit > "
    "untick Enable rule > OK",
    _NO_MOVE + ": " + MOUNT[0],
    _NO_MOVE
    + " and {host} > Datastores does not list {object} as Accessible then: the storage administrator presents it "
    "to {host}, read and write (device name: vSphere client > {object} > Configure > Device Backing); then step 4 again",
)
MOVE_OR_MOUNT: Final = tuple(
    f"[[better_host?{move}¦{mount}]]" for move, mount in zip_longest(_MOVE, MOUNT, fillvalue="")
)
"""The cheapest first: a host that mounts it already; the datastore comes to the host where there is none."""
CANNOT: Final = (
    "[[better_host?only if {receiver} was not moved, and {host} cannot get it: ¦only if {host} cannot get it: ]]"
)
UNREGISTER: Final = (
    "[[other_host?only if you have no key, and no resync runs through them: sign in to https://{object}/ui > Virtual Machines > "
    "each machine that the line `found` names > Guest OS > Shut down, then Actions > Unregister; in the vSphere client > its "
    "datastore, which {other_host} has to mount > Files > its folder > its .vmx > Register VM > {other_host} > Finish; then "
    "Power > Power On¦]]"
)
_HOST: Final = host_up("own_host")
_SETUUID: Final = (
    "on {own_host}, signed in by SSH (vSphere client > {own_host} > Configure > Services > SSH > Start): `vmkfstools -J "
    "setuuid /vmfs/volumes/{datastore}/{machine}/{machine}.vmdk`, with the file that step 2 prints for {machine} and the UUID in "
    "the line `found` ([DATASTORE] FOLDER/FILE is /vmfs/volumes/DATASTORE/FOLDER/FILE); leave the other disk as it is"
)
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "R01": (
        *(f"[[link_down?{step}¦]]" for step in LINK_UP),
        *(f"[[no_process_server?{step}¦]]" for step in NEW_PROCESS_SERVER[:2]),
        *(f"[[no_master_target?{step}¦]]" for step in NEW_MASTER_TARGET),
        "[[link_down?¦" + REFRESH + "]]",
    ),
    "R02": (
        "vSphere client > {configuration_server} > Power > Power On, if it is off",
        "sign in to {configuration_server} by Remote Desktop, in PowerShell as administrator: `Get-Service "
        "svagents,dra,cxprocessserver | Start-Service`",
        REFRESH,
        "only if it is not Connected then: the network team allows TCP 443 from {configuration_server} to the internet",
        "only if {configuration_server} exists, and is not Connected 15 minutes after that: "
        + SUPPORT
        + ": why does {configuration_server} not connect?",
        "only if {configuration_server} no longer exists: in the backup software look for its last backup, and tell the Azure administrator when it was made, or "
        "that there is none",
        "only if there is one: " + LOST_BY_RESTORE,
        "only if there is one and each of these owners said yes: in the backup software restore it, with its name and IP address; a new server does not help",
        "only if there is none, or not each of these owners said yes: "
        + SUPPORT
        + ": how do the machines come home without {configuration_server}?",
    ),
    "R03": (
        JOBS + ": the last failover of {machine}: give its time to the backup administrator",
        *SERVER_RESTORED,
        "only if there is no such backup, or not each of these owners said yes: "
        + SUPPORT
        + ": how does {machine} come home without it? Write to {owner} that {machine} stays in Azure until the answer, and ask for a "
        "yes in writing (a no goes into the support request)",
    ),
    "R04": (
        "in the backup software, exclude {object} from its jobs until the machines are home",
        JOBS + ": wait until no reprotect and no failback is In progress",
        "vSphere client > {object} > Snapshots > Delete All > OK; wait until its task is Completed",
        "only if {object} > Summary says that consolidation is needed: vSphere client > {object} > Snapshots > Consolidate > Yes",
    ),
    "R05": (
        "ask {owner}, in writing: does anybody need the state that the snapshot keeps? If not, do no more; until the answer, start no Re-protect "
        "of {machine}",
        "only if somebody does, before the reprotect: "
        + VSPHERE_VM
        + " > Snapshots > the snapshot > Clone VM: {machine}-before > Finish",
    ),
    "R06": (
        TAKE_GROUP_OUT,
        "write to {owners} that [[grouped?they stay¦it stays]] in Azure and go on running there: no page documents a way to divide a "
        "group there; ask for a yes in writing",
        ASK_SUPPORT,
    ),
    "R07": (
        "[[waves?in SCENARIO.yaml, under `plan: waves`, write {members} into the latest of the waves that have one of "
        "them, and take them out of the others¦[[planned?at the reprotect of {group}: "
        + PLANS
        + " > {one_plan} > Re-protect: in each row of {members}¦first do what rule R22 (all machines of a "
        "replication group in the same recovery plan), which is listed too, says; then "
        + PLANS
        + " > the new plan > Re-protect: in each row of {members}]] "
        "choose [[classic?Master Target Server¦Appliance]] {common_server} > OK]]",
    ),
    "R08": (
        "[[from_server?¦"
        + AZURE_VM
        + " > Overview: give the network team and the server administrator its private IP address]]",
        "in the firewalls and routers between [[from_server?{sender}¦{machine}]] and {object}: allow TCP {ports} to {object}, and save",
        "[[from_server?[[server_in_azure?" + OUTBOUND + "¦]]¦" + OUTBOUND + "]]",
        "[[object_windows?sign in to {object} by Remote Desktop, in PowerShell as administrator: `New-NetFirewallRule "
        "-DisplayName SiteRecovery -Direction Inbound -Protocol TCP -LocalPort {ports} -RemoteAddress ADDRESS -Action Allow`¦on {object}, as root: "
        "`ufw allow from ADDRESS to any port {ports} proto tcp`]], with the ADDRESS of [[from_server?{sender}¦{machine}]]",
    ),
    "R09": (
        "[[no_vcenter?"
        + CS
        + " > vCenter servers: tell the server administrator, the VMware administrator and the network team the address of "
        "the one that is not Connected, as VCENTER¦]]",
        "sign in to {configuration_server} by Remote Desktop, in PowerShell: `Test-NetConnection {vcenter} -Port 443`: look at TcpTestSucceeded",
        "only if it is False, and nobody can sign in to the vSphere client: in the client of the ESXi host that vCenter runs on > Virtual "
        "Machines > vCenter > Power on, or Restart if it is on",
        "only if it is False, and the vSphere client opens: the network team allows TCP 443 from {configuration_server} to {vcenter}",
        "sign in to {configuration_server} by Remote Desktop: cspsconfigtool (on its desktop) > Manage Accounts > the account for "
        "vCenter > Edit: the password that the VMware administrator gives > OK",
        CS + " > vCenter servers > {vcenter} > Summary: the address and that account > Save",
        REFRESH,
        "only if it is not Connected then: " + SUPPORT + ": why does {configuration_server} not reach vCenter?",
    ),
    "R10": (
        CS + " > vCenter servers > {vcenter} > Summary: tell the VMware administrator its user name",
        *ACCOUNT_ROLE,
        AGAIN,
    ),
    "R11": (
        "[[machine_clash?"
        + POWERCLI
        + ": `Get-VM {machine},{other_machine} | select Name,@{n='Uuid';e={$_.ExtensionData.Config.Uuid}}` prints the BIOS UUID "
        "of each; do no more if they differ¦[[server_clash?[[other_server?"
        + at_reprotect("Master Target Server: {other_server}")
        + "¦"
        + NEW_MASTER_TARGET[0]
        + "; not a clone, and not from the template of {machine}]]¦"
        + VSPHERE_VM
        + " > Power > Shut Down Guest OS > Yes, if it is on (leave its Azure machine running)]]]]",
        "[[machine_clash?in SCENARIO.yaml, under `plan: waves`, [[apart?leave {machine} in another wave than¦write {machine} into an earlier wave than]] {other_machine}¦[[server_clash?[[other_server?¦"
        + NEW_MASTER_TARGET[1]
        + "]]¦[[own_clash?"
        + POWERCLI
        + ": `Get-VM {machine} | "
        "Get-HardDisk | select Parent,Filename,@{n='Uuid';e={$_.ExtensionData.Backing.Uuid}}`¦"
        + POWERCLI
        + ": `Get-VM {machine},{other_machine} | Get-HardDisk | select Parent,Filename,@{n='Uuid';e={$_.ExtensionData.Backing.Uuid}}`]] "
        "prints file and UUID of each disk]]]]",
        "[[server_clash?[[other_server?¦" + REFRESH + "]]¦]]",
        "[[machine_clash?before the commit of {machine}: ask {owner}: are its data its own? Without a yes, do not commit it (that deletes its copy in "
        "Azure), and begin no Re-protect of {other_machine} if that comes home later¦[[server_clash?[[other_server?¦"
        + at_reprotect("Master Target Server: the new one")
        + "]]¦"
        + _SETUUID
        + "]]]]",
        "[[machine_clash?before the commit of {other_machine}: ask {other_owner}: are its data its own? Without a yes, do not commit it¦]]",
        "[[machine_clash?only if an owner says no: "
        + SUPPORT
        + ": whose data came home in that machine? Commit neither until the answer¦]]",
        "[[machine_clash?after the commit of both: ask {other_owner}: when may {other_machine} be down for some minutes, to get a UUID of its own?¦]]",
        "[[machine_clash?at that time: " + ITEMS + " > {other_machine} > Disable replication > OK¦]]",
        "[[machine_clash?when its replication is disabled: vSphere client > {other_machine} > Power > Shut Down Guest OS > Yes¦]]",
        "[[machine_clash?"
        + POWERCLI
        + ": `(Get-VM {other_machine}).ExtensionData.ReconfigVM((New-Object VMware.Vim.VirtualMachineConfigSpec -Property "
        "@{Uuid=[guid]::NewGuid().ToString()})); Start-VM {other_machine}`¦[[server_clash?¦" + AGAIN + "]]]]",
        "[[machine_clash?" + VAULT + " > + Replicate: {other_machine} > Enable replication¦]]",
    ),
    "R12": (
        "[[other_server?"
        + "only if {other_server} is in the vCenter of {machine}: "
        + at_reprotect("Master Target Server: {other_server}")
        + "¦]]",
        *(
            f"[[other_server?only if {{other_server}} is in another vCenter: ¦]]{step}"
            for step in vcenter_added("target_vcenter")
        ),
    ),
    "R13": (
        "sign in to https://{object}/ui > Manage > Licensing > Assign license: a key of vSphere Standard or better (vSphere "
        "client > Administration > Licenses lists yours) > Check license > Assign license",
        UNREGISTER,
        "only if [[other_host?neither is possible¦you have no key]]: "
        + "[[planned?"
        + OUT_OF_PLAN
        + "¦"
        + ITEM
        + ": start no Re-protect]], and write to {owner} that {machine} waits for a licence",
    ),
    "R14": TAKE_OUT,
    "R15": (
        at_reprotect("Target: the VMware site"),
        "only if that dialog offers no VMware site: " + TAKE_OUT[0],
        "only if it offers none: " + TAKE_OUT[1],
        *TAKE_OUT[2:],
    ),
    "R16": TAKE_OUT,
    "R17": (
        *TAKE_OUT[:2],
        SUPPORT
        + ": does moving {machine} back to its resource group help? No page says so; move nothing before the answer",
        "only if support says yes: "
        + AZURE_VM
        + " > Move > Move to another resource group: the one that "
        + ITEM
        + " > Compute shows > Move[[planned?; then "
        + PLAN
        + ": put {machine} back into its group > Save¦]]",
        f"only if support and {{owner}} both say no: {RESTORED[0]}",
        *RESTORED[1:],
    ),
    "R18": (
        "[[planned?" + OUT_OF_PLAN + "¦" + ITEM + ": start no Re-protect]]",
        "Azure portal > Disks, and "
        + VAULT
        + " > Backup items > Azure Virtual Machine: look for disks and backups of {machine}; delete none of them",
        "in the backup software look for backups of {machine}, and tell the Azure administrator which there are",
        "write to {owner} that the Azure machine of {machine} is gone, and which of its disks and backups there are; ask which "
        "one is to be restored",
        "only if the answer names a backup of the backup software: in the backup software restore it to a new machine on site, named "
        "{machine}-restored, and start it",
        "only if it names one of Backup items (it can be restored in Azure only): "
        + VAULT
        + " > Backup items > Azure Virtual Machine > {machine} > Restore VM > Create new: {machine}-restored > Restore",
        "only if it names disks: Azure portal > Disks > the one of its operating system > Create VM: {machine}-restored, with the other "
        "disks under Disks > Review + create > Create",
        "only if there are neither: " + SUPPORT + ": can the deleted machine and its disks be recovered?",
    ),
    "R19": TAKE_OUT,
    "R20": (
        "ask {owner}, in writing: does it come home to where it was ({datastore})? A no means that {machine} on site is deleted, after a "
        "backup. If yes: in SCENARIO.yaml, under `plan`, delete "
        "`datastore` of {machine}, and do no more",
        "only if it goes elsewhere: in the backup software make a backup of {machine} as it is on site",
        "only if that backup was made, before the reprotect: "
        + VSPHERE_VM
        + " > Delete from Disk > Yes; all of its data is then copied",
    ),
    "R21": (
        PLANS + " > {plan} > " + LOOK_ONLY + " offers a retention drive in the row of {machine}, or none",
        *(f"only if it offer{'s' if n == 0 else 'ed'} none: {step}" for n, step in enumerate(NEW_DRIVE[:3])),
        "at the reprotect of {machine}: " + PLANS + " > {plan} > Re-protect > its row: Master Target "
        "Server {master_target}, Process Server {process_server}, Retention drive: {retention_drive} > OK, once each row is filled in",
    ),
    "R22": (
        "[[planned?"
        + PLANS
        + " > {one_plan} > Customize: {members} in its groups > Save; then take them out of every other "
        "recovery plan¦"
        + PLANS
        + " > + Recovery plan: Name {group_name}, the Source and Target under which Select items "
        "lists {members} > tick them > OK > Create]]",
        "in {estate_file}, under `recovery_plans`, write `- {name: [[planned?{one_plan}¦{group_name}]], groups: [ [{members}] "
        "]}`, and under `plan`, `recovery_plans: [ [[planned?{one_plan}¦{group_name}]] ]`",
    ),
    "R23": (
        on_replica(
            "Get-Service svagents,'InMage Scout Application Service' | Start-Service",
            "systemctl start vxagent uarespawnd",
        ),
        "only if it shows no heartbeat within 15 minutes: " + reached("{configuration_server}", "443"),
        "only if it does not: " + port_out("IP Addresses, that of {configuration_server}", "443"),
        "only if it still does not: the network team allows TCP 443 from {machine} to {configuration_server}",
        "only if there is no such service, or the port is open and there is no heartbeat 15 minutes later: "
        + SUPPORT
        + ": why does the agent of {machine} send no heartbeat?",
    ),
    "R24": (
        *MOVE_OR_MOUNT,
        REFRESH,
        "[[other_server?" + CANNOT + at_reprotect("Master Target Server: {other_server}") + "¦" + AGAIN + "]]",
        "[[other_server?" + AGAIN + ", or {other_server} if that was chosen¦]]",
    ),
    "R25": (
        "ask {owner}, in writing: are the new disks of {machine} to be on {target_datastore}, or on {datastore} as the plan says? In "
        "the second case do no more",
        "only if on {target_datastore}: " + at_reprotect("Datastore: {target_datastore}"),
    ),
    "R26": (
        ITEM + " > Commit > OK, if its menu offers that; wait until its job is Successful under Site Recovery jobs",
        at_reprotect("Direction: Azure to On-premises"),
    ),
    "R27": (at_reprotect("Master Target Server: {valid_master_target}; Process Server: {valid_process_server}"),),
    "R28": (
        "[[other_datastore?ask {owner}, in writing: may the new disks be on {other_datastore}, or have they to be on {asked_datastore}?¦]]",
        "[[other_datastore?only if {asked_datastore}: ¦]]vSphere client > Storage > {asked_datastore} (if it is not listed, it does not exist) > Actions > "
        "Mount Datastore to Additional Hosts > {host} > OK, not read-only",
        "only if {host} is not offered there (so with VMFS): the storage administrator presents the LUN of {asked_datastore} to {host}, read and write",
        "only if its LUN was presented: " + RESCAN,
        "[[other_datastore?only if it was mounted: ¦]]" + REFRESH,
        "[[other_datastore?"
        + at_reprotect("Datastore: {other_datastore}{room} (or {asked_datastore}, if it was mounted)")
        + "¦]]",
    ),
    "R29": (
        ITEM + " > " + LOOK_ONLY + " offers a retention drive for {master_target}, or none",
        *(f"only if it offer{'s' if n == 0 else 'ed'} none: {step}" for n, step in enumerate(NEW_DRIVE[:3])),
        at_reprotect("Retention drive: the first that it offers for {master_target}"),
    ),
    "R30": (
        INFRA
        + " > Replication policies > the policy whose name ends in -failback > Associate > {configuration_server} > "
        "OK; wait until its job is Successful under Site Recovery jobs",
        "only if no name ends so: "
        + INFRA
        + " > Replication policies > + Replication policy: any name > OK (its -failback policy is made with it); "
        "then step 1 again",
    ),
    "R31": (
        reached("{data_server}", "9443"),
        "only if it does not: " + port_out("IP Addresses, that of {data_server}", "9443"),
        "[[classic?[[server_in_azure?¦" + _LET_THROUGH + "]]¦" + _LET_THROUGH + "]]",
        on_replica("w32tm /resync", "timedatectl set-ntp true") + " (sets its clock)",
        "sign in to {machine} as its administrator: in its antivirus exclude [[windows?C:\\Program Files (x86)\\Microsoft Azure Site "
        "Recovery¦/usr/local/ASR]], and save",
        ITEM + " > Resynchronize > OK",
        "only if its percentage does not grow within 15 minutes: "
        + SUPPORT
        + ": why does the replication of {machine} not begin?",
    ),
    "R32": (
        *(
            f"[[own_host_down?{step}¦[[runs_twice?write to {{owner}}: {{machine}} runs on site and in Azure; which copy of the "
            f"data counts?¦{VSPHERE_VM} > Summary > Answer Question: I Moved It, if it offers that (it keeps its "
            "UUID); else the answer that lets it be turned off > OK]]]]"
            if n == 0
            else f"[[own_host_down?{step}¦]]"
            for n, step in enumerate(_HOST[:2])
        ),
        "[[runs_twice?only if the copy in Azure counts: "
        + VSPHERE_VM
        + " > Power > Shut Down Guest OS > Yes¦[[own_host_down?"
        + _HOST[2]
        + "¦]]]]",
        "[[runs_twice?¦only if a reprotect has failed already: " + JOBS + " > that job > Restart]]",
        "[[runs_twice?only if the copy on site counts: "
        + TAKE_OUT[0]
        + " (a reprotect would overwrite it); Azure portal > Virtual machines > {machine} > Stop > Yes¦]]",
    ),
    "R33": (
        "ask {owner}, in writing: {machine} runs on site and in Azure; which copy of the data counts?",
        f"only if the copy in Azure counts: {VSPHERE_VM} > Power > Shut Down Guest OS > Yes; then vSphere client > {{own_host}} > Configure > VM "
        "Startup/Shutdown > Edit: {machine} > move down to Manual > OK",
        f"only if it was shut down: {ITEM} > Resynchronize > OK",
        f"only if the copy on site counts: {ITEM} > Disable replication > OK; then {AZURE_VM} > Stop > Yes",
    ),
    "R34": (
        "`failback predict SCENARIO.yaml --start 'Fri 18:00' --by 'Mon 06:00'`, with your own start and deadline",
        "send {owner} the downtime that it prints for {machine}, with its start and end; ask for a yes in writing, or "
        "for another window: then step 1 again with that one",
    ),
}
"""Rule -> its steps."""
