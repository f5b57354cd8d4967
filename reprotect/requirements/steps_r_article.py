"""The steps of the rules of the article (R)."""

from collections.abc import Mapping
from typing import Final

from .places import (
    AGAIN,
    CS,
    INFRA,
    ITEM,
    JOBS,
    PLANS,
    POWERCLI,
    REFRESH,
    RESCAN,
    SUPPORT,
    VSPHERE_VM,
    at_reprotect,
    host_up,
    on_replica,
)
from .steps_shared import (
    ACCOUNT_ROLE,
    ASK_SUPPORT,
    LINK_UP,
    NEW_DRIVE,
    NEW_MASTER_TARGET,
    NEW_PROCESS_SERVER,
    OUT_OF_PLAN,
    TAKE_GROUP_OUT,
    TAKE_OUT,
)

MOUNT: Final = (
    "[[store_down?the storage administrator restores the paths of {object} on the storage system¦[[nfs?vSphere client > "
    "{object} > Actions > Mount Datastore to Additional Hosts > {host} > OK, not read-only¦" + RESCAN + "]]]]",
    "[[store_down?"
    + RESCAN
    + "¦[[nfs?¦only if {object} is not listed under {host} > Datastores then, or not as Accessible: the storage "
    "administrator presents its LUN to {host}, read and write (vSphere client > {object} > Configure > Device Backing names "
    "it); then rescan again]]]]",
)
UNREGISTER: Final = (
    "[[other_host?only if there is none: vSphere client > each machine that the line `found` names, powered off > Remove "
    "from Inventory > Yes; then {other_host} > Actions > Register VM: its .vmx, on a datastore that both hosts see > OK¦]]"
)
_HOST: Final = host_up("own_host")
_SETUUID: Final = (
    "on {own_host}, signed in by SSH (vSphere client > {own_host} > Configure > Services > SSH > Start): `vmkfstools -J "
    "setuuid /vmfs/volumes/DATASTORE/FOLDER/DISK.vmdk`, with the Filename of the disk of {machine} (`[gold] a/a.vmdk` is "
    "/vmfs/volumes/gold/a/a.vmdk); leave the other disk as it is"
)
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "R01": (
        *(f"[[link_down?{step}¦]]" for step in LINK_UP),
        *(f"[[no_process_server?{step}¦]]" for step in NEW_PROCESS_SERVER),
        *(f"[[no_master_target?{step}¦]]" for step in NEW_MASTER_TARGET),
        "[[link_down?¦" + REFRESH + "]]",
    ),
    "R02": (
        "vSphere client > {configuration_server} > Power > Power On, if it is off",
        "sign in to {configuration_server} by Remote Desktop, in PowerShell as administrator: `Get-Service "
        "svagents,dra,cxprocessserver | Start-Service`",
        REFRESH,
        "only if {configuration_server} no longer exists: in the backup software restore its last backup, with the same "
        "name and IP address; a new server does not help",
    ),
    "R03": (
        "in the backup software restore {configuration_server} from its last backup of a time at which it protected "
        "{machine}, with the same name and IP address; no entry can be made by hand, and a new server does not help",
        REFRESH,
    ),
    "R04": (
        "in the backup software, exclude {object} from its jobs until the machines are home: the next backup would make a "
        "snapshot again",
        "vSphere client > {object} > Snapshots > Delete All > OK; wait until its task is Completed",
        "vSphere client > {object} > Snapshots > Consolidate > Yes, if {object} > Summary says that consolidation is "
        "needed",
    ),
    "R05": (
        "ask the owner of {machine} whether anybody needs the state that the snapshot keeps; if nobody does, nothing has "
        "to be done",
        "only if somebody does, before the reprotect: "
        + VSPHERE_VM
        + " > Snapshots > the snapshot > Clone VM: the name of "
        "{machine} with -before behind it > Finish",
    ),
    "R06": (
        TAKE_GROUP_OUT + " (no page documents a way to divide a group while it runs in Azure)",
        "write to the owners of {members} that they stay in Azure and go on running there",
        ASK_SUPPORT,
    ),
    "R07": (
        "[[waves?in SCENARIO.yaml, under `plan: waves`, write {members} into the latest of the waves that have one of "
        "them, and take them out of the others¦[[planned?at the reprotect of {group}, when its turn comes: "
        + PLANS
        + " > "
        "{one_plan} > Re-protect: in each row of {members}¦first do what rule R22 (a replication group in one recovery "
        "plan), which is listed too, says; then " + PLANS + " > the new plan > Re-protect: in each row of {members}]] "
        "choose the [[classic?Master Target Server¦appliance]] that most of them have in the line `found` > OK]]",
    ),
    "R08": (
        "in the firewalls and routers between {sender} and {object}: allow TCP {ports} to {object}, and save",
        "if {sender} runs in Azure: Azure portal > Virtual machines > {sender} > Network settings > Create port rule > "
        "Outbound port rule: Destination IP Addresses, the address of {object}; ports {ports}; TCP; Allow; a Priority that "
        "is a lower number than that of each rule that denies it > Add",
        "on {object}, in its own firewall: [[object_windows?`New-NetFirewallRule -DisplayName SiteRecovery -Direction "
        "Inbound -Protocol TCP -LocalPort {ports} -Action Allow`¦`ufw allow {ports}/tcp`]]",
    ),
    "R09": (
        CS + " > vCenter servers > {vcenter} > Summary: its address and account as they are now > Save",
        "sign in to {configuration_server} by Remote Desktop: `Test-NetConnection {vcenter} -Port 443`; if it does not show TcpTestSucceeded: True, "
        "the network team opens TCP 443 from {configuration_server} to it",
        REFRESH,
    ),
    "R10": (
        CS + " > vCenter servers > {vcenter} > Summary: note the account; on {configuration_server}, cspsconfigtool > "
        "Manage Accounts shows its user name",
        *ACCOUNT_ROLE,
        AGAIN,
    ),
    "R11": (
        "[[server_clash?[[other_server?"
        + at_reprotect("Master Target Server: {other_server}, which must not be made from the template of {machine}")
        + "¦"
        + NEW_MASTER_TARGET[0]
        + "; not a clone, and not from the template of "
        "{machine}]]¦" + VSPHERE_VM + " > Summary: Powered Off, or Power > Shut Down Guest OS > Yes (leave its Azure "
        "machine running)]]",
        "[[server_clash?[[other_server?¦"
        + NEW_MASTER_TARGET[1]
        + "]]¦[[own_clash?"
        + POWERCLI
        + ": `Get-VM {machine} | "
        "Get-HardDisk | select Name,Filename,@{n='Uuid';e={$_.ExtensionData.Backing.Uuid}}`¦" + POWERCLI + ": `Get-VM "
        "{machine},{other_machine} | Get-HardDisk | select Parent,Name,Filename,@{n='Uuid';"
        "e={$_.ExtensionData.Backing.Uuid}}`]] prints the file of each disk]]",
        "[[server_clash?[[other_server?¦" + at_reprotect("Master Target Server: the new one") + "]]¦" + _SETUUID + "]]",
        AGAIN,
    ),
    "R12": (
        "[[other_server?"
        + at_reprotect("Master Target Server: {other_server}, if it is in the vCenter of {machine}")
        + "¦]]",
        "[[other_server?only if it is not: ¦]]on {configuration_server}, cspsconfigtool > Manage Accounts > Add Account: "
        "one that may read {target_vcenter}, which the VMware administrator names > OK; wait 15 minutes",
        CS + " > + vCenter: {target_vcenter}, its address, port 443, that account > OK",
        REFRESH,
    ),
    "R13": (
        "vSphere client of {object} itself (https:// and its address; vCenter does not manage a host of the free edition) > "
        "Manage > Licensing > Assign license: a key of vSphere Standard or better (vSphere client > Administration > Licenses lists yours) > Check license > Assign license",
        UNREGISTER,
    ),
    "R14": TAKE_OUT,
    "R15": (
        at_reprotect("Target: the VMware site"),
        "only if the dialog offers no VMware site: " + TAKE_OUT[0],
    ),
    "R16": TAKE_OUT,
    "R17": (*TAKE_OUT, SUPPORT + ", before anybody moves it back: no page says that this helps"),
    "R18": (
        "[[planned?" + OUT_OF_PLAN + "¦leave {machine} out of this return]], so that the others are not held up",
        "tell the owner of {machine} that its Azure machine is gone, with all that was written since the failover, and get "
        "a decision in writing on which backup to restore",
        "in the backup software restore that backup of {machine} to a new machine on site",
    ),
    "R19": (
        *TAKE_OUT,
        "only if it has to come home: in the backup software restore a backup that was made of it in Azure, to a new "
        "machine on site",
    ),
    "R20": (
        "ask the owner of {machine} whether it comes home to where it was ({datastore}); if so, in SCENARIO.yaml take "
        "`datastore` of {machine} out of `plan`, and nothing else has to be done",
        "only if the owner wants it elsewhere and {machine} is backed up, before the reprotect: "
        + VSPHERE_VM
        + " > Delete "
        "from Disk > Yes; all of its data is then copied",
    ),
    "R21": (
        "at the reprotect of {machine}, when its turn comes: "
        + PLANS
        + " > {plan} > Re-protect > its row: Master Target "
        "Server {master_target}, Process Server {process_server}, Retention drive {retention_drive} > OK",
        "only if it offers no retention drive, before that: " + NEW_DRIVE[0],
        "then " + NEW_DRIVE[1],
        REFRESH,
    ),
    "R22": (
        "[[planned?"
        + PLANS
        + " > {one_plan} > Customize: {members} in its groups > Save; then take them out of every other "
        "recovery plan¦"
        + PLANS
        + " > + Recovery plan: Name {group_name}, the Source and Target under which Select items "
        "lists {members} > tick them > OK > Create]]",
        "in SCENARIO.yaml, under `recovery_plans`, write `- {name: [[planned?{one_plan}¦{group_name}]], groups: [ [{members}] "
        "]}`, and under `plan`, `recovery_plans: [ [[planned?{one_plan}¦{group_name}]] ]`",
    ),
    "R23": (
        on_replica(
            "Get-Service svagents,'InMage Scout Application Service' | Start-Service",
            "systemctl start vxagent uarespawnd",
        ),
        "only if it does not register then: "
        + on_replica("Test-NetConnection {configuration_server} -Port 443", "nc -zvw5 {configuration_server} 443")
        + "; if that fails, the network team opens TCP 443 from {machine} to {configuration_server}",
    ),
    "R24": (
        *MOUNT,
        "[[other_server?only if {host} cannot get it: "
        + at_reprotect("Master Target Server: {other_server}, on a host that mounts {object}")
        + "¦]]",
        AGAIN,
    ),
    "R25": (
        at_reprotect("Datastore: {target_datastore}")
        + "; if the owner wants another one, change nothing: this is only "
        "advice",
    ),
    "R26": (
        ITEM + " > Commit > OK, if its menu offers that; " + JOBS + ": wait until that job is Successful",
        at_reprotect("Direction: Azure to On-premises"),
    ),
    "R27": (at_reprotect("Master Target Server: {valid_master_target}; Process Server: {valid_process_server}"),),
    "R28": (
        "[[other_datastore?" + at_reprotect("Datastore: {other_datastore}") + "¦]]",
        "[[other_datastore?only if it has to be the wanted one: ¦]]vSphere client > Storage > {asked_datastore} > Actions > "
        "Mount Datastore to Additional Hosts > {host} > OK, not read-only",
        REFRESH,
    ),
    "R29": (
        at_reprotect("Retention drive: one that it offers for {master_target}"),
        "only if it offers none, before that: " + NEW_DRIVE[0],
        "then " + NEW_DRIVE[1],
        REFRESH,
    ),
    "R30": (
        INFRA
        + " > Replication policies > the policy whose name ends in -failback > Associate > {configuration_server} > "
        "OK",
        JOBS + ": wait until that job is Successful",
    ),
    "R31": (
        on_replica("Test-NetConnection {data_server} -Port 9443", "nc -zvw5 {data_server} 9443")
        + "; if that fails, the "
        "network team opens TCP 9443 from {machine} to {data_server}",
        on_replica("w32tm /resync", "timedatectl set-ntp true") + ", so that its clock is right",
        "sign in to {machine} in Azure: in its antivirus exclude [[windows?C:\\Program Files (x86)\\Microsoft Azure Site "
        "Recovery¦/usr/local/ASR]], and save",
        ITEM + " > Resynchronize > OK",
    ),
    "R32": (
        *(
            f"[[own_host_down?{step}¦{VSPHERE_VM} > Summary > Answer Question: the answer; if it asks whether it was moved "
            "or copied: moved, which keeps its UUID > OK]]"
            if n == 0
            else f"[[own_host_down?{step}¦]]"
            for n, step in enumerate(_HOST)
        ),
        "if a reprotect has failed already: " + JOBS + " > that job > Restart",
    ),
    "R33": (
        "call the owner of {machine}, because two copies of it run: agree which copy of the data to keep; a resync "
        "overwrites the copy on site",
        VSPHERE_VM + " > Power > Shut Down Guest OS > Yes",
        "to keep the copy in Azure: " + ITEM + " > Resynchronize > OK",
    ),
    "R34": (
        "yourself, before you call: `failback predict SCENARIO.yaml --start 'Fri 18:00' --by 'Mon 06:00'`, with your own "
        "times",
        "send the owner of {machine} the downtime that it gives, with its start and end, and get a yes in writing",
    ),
}
"""Rule -> its steps."""
