"""The steps of the rules about the machine on its way home (T, G, F) and how replication behaves (B)."""

from collections.abc import Mapping
from typing import Final

from .places import (
    ADVANCED,
    AGAIN,
    AZURE_VM,
    CS,
    EDIT,
    FAILBACK,
    ITEM,
    ITEMS,
    JOBS,
    PASSPHRASE,
    PLANS,
    POWERCLI,
    REFRESH,
    SUPPORT,
    VAULT,
    VSPHERE_VM,
    at_failback,
    at_reprotect,
)
from .steps_shared import NEW_DRIVE, NEW_PROCESS_SERVER, OUT_OF_PLAN, PREDICT, TAKE_OUT

_UUID: Final = "`(Get-VM {machine}).ExtensionData.Config.Uuid`"
_ADDRESS: Final = (
    "the network team sends the owner of {machine} its address, prefix, gateway and name servers of before the failover "
    "({addresses})"
)
_CONSOLE: Final = "after the return: " + VSPHERE_VM + " > Launch Web Console, and sign in: "
_NMCLI: Final = (
    "`nmcli con` lists CONNECTION; with those values `nmcli con mod CONNECTION ipv4.method manual ipv4.addresses "
    "ADDRESS/PREFIX ipv4.gateway GATEWAY ipv4.dns DNS && nmcli con up CONNECTION`"
)
STATIC: Final = (
    _ADDRESS,
    _CONSOLE
    + "[[windows?Network Connections > the adapter > Properties > Internet Protocol Version 4 > Properties: those values > "
    "OK > Close¦" + _NMCLI + "]]",
)
COPY_FROM_AZURE: Final = (
    "sign in to {machine} in Azure, and copy what matters on {disks} to a share, or to a disk that was there before the "
    "failover ([[windows?`Get-Disk`¦`lsblk`]] shows the disks with their sizes)"
)
ONE_OF_BOTH: Final = (
    "after the return, ask the owner of {machine} which one counts: the iSCSI volume, or its copy as a VMDK ({disks})",
    "to keep the copy, on {machine}: [[windows?iSCSI Initiator > Targets > the target > Disconnect > Yes¦`iscsiadm -m "
    "node -u`]]; to keep the iSCSI volume: "
    + EDIT
    + " > the hard disk of that size > remove, without deleting its file > "
    "OK",
)
INCREASE: Final = (
    "vSphere client > {object} > Configure > General > Increase (Capacity) > its LUN > Finish, if it offers one; that "
    "endangers nothing"
)
MOVE_OFF: Final = (
    "[[other_datastore?otherwise: vSphere client > {object} > VMs > a running machine that is not in this plan > Migrate > "
    "Change storage only > {other_datastore} > Finish; until as much is free as the line `proof` says¦]]"
)
DELETE_FILES: Final = (
    "only if that is not enough: vSphere client > {object} > Files > what belongs to no machine, such as ISO images > "
    "Delete > Yes"
)
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "T01": (
        EDIT
        + " > Add New Device > Existing Hard Disk > {datastore}, the folder of {machine}, the .vmdk of {disks} > OK, "
        "before the reprotect",
        "only if that file is gone: nothing has to be done, but all data of the disk is copied, which takes longer",
    ),
    "T02": (
        "on {configuration_server}, cspsconfigtool > Manage Accounts > Add Account: one that may read {host_manager}, which "
        "the VMware administrator names > OK; wait 15 minutes",
        CS
        + " > + vCenter: {host_manager}, its address, port 443, that account > OK (if it is listed already, leave this "
        "step out)",
        REFRESH,
    ),
    "T03": (
        "[[raw?vSphere client > {own_host} > Configure > Storage Devices: the LUN of {disks}, by its size; the storage "
        "administrator says which one it was¦vSphere client > {datastore} > Files > the folder of {machine}: the .vmdk of "
        "{disks}; where a UUID is named, on {own_host}, signed in by SSH, `vmkfstools -J getuuid "
        "/vmfs/volumes/{datastore}/{machine}/DISK.vmdk` prints it]]; if none fits, or several do, attach nothing and ask "
        "the storage administrator",
        EDIT + " > Add New Device > [[raw?RDM Disk > that LUN; Compatibility Mode as it was¦Existing Hard Disk > that "
        "file]] > OK; leave {machine} powered off",
        AGAIN,
    ),
    "T04": (
        "[[raw?¦[[other_datastore?¦vSphere client > {host} > Actions > Storage > New Datastore > VMFS > a LUN that the "
        "storage administrator says is empty > Finish]]]]",
        "[[raw?in the backup software restore {machine} to its original place, with its name, its disks and raw device "
        "mappings and {uuid}; a restore as a new machine has another UUID and does not count¦"
        + at_reprotect("Datastore: {store_for_new}")
        + "]]",
        "[[raw?"
        + EDIT
        + ": where {disks} is missing, Add New Device > RDM Disk > its LUN > OK; leave {machine} powered "
        "off: the Azure machine has the newer data¦]]",
        "[[raw?only if there is no backup with this UUID: write to its owner that {machine} stays in Azure; "
        + SUPPORT
        + ": "
        "no page documents a way home¦]]",
    ),
    "T05": (
        "vSphere client > {configuration_server} > Power > Shut Down Guest OS > Yes: it is not the original one",
        "in the backup software restore the original configuration server, with its name and IP address from before the "
        "failover, and power it on",
        REFRESH,
    ),
    "T06": (
        "[[gone?nothing to set: {machine} is made anew on site¦"
        + VSPHERE_VM
        + " > Summary: Powered Off; if it is on, two "
        "copies run: Power > Shut Down Guest OS > Yes, once its owner agrees]]",
        "[[gone?¦" + EDIT + " > " + ADVANCED + ": disk.EnableUUID = TRUE > OK > OK]]",
    ),
    "T07": (
        "tell the owner of {machine} in writing that it comes home as a virtual machine, not to its old hardware, and get a "
        "yes",
        "write to the VMware administrator where it comes home: on {host}, on {datastore}, in the network of its address "
        "({addresses})",
    ),
    "T08": (
        POWERCLI
        + ": "
        + _UUID
        + ": if it prints {uuid}, it does exist: in SCENARIO.yaml write `exists_on_premises: true`; "
        "if it prints another UUID, that is another machine, and rule T10 (no other machine of this name) says what to do",
        "only if it is not found: vSphere client > {datastore} > Files > its folder > its .vmx, if it is there > Register VM "
        "> Finish; leave it powered off",
        "only if its files are gone too: [[raw?start no Re-protect of it: rule T04 (new disks on VMFS or vSAN), which is "
        "listed too, says in the Azure portal and on site what to do about its raw device mappings¦[[store_unfit?first do "
        "what the finding about {datastore}, which is listed too, says¦"
        + at_reprotect("Datastore: {datastore}")
        + "]]; all of its data is copied, so tell its owner how long that takes (`failback predict SCENARIO.yaml --start "
        "'Fri 18:00' --by 'Mon 06:00'`)]]",
    ),
    "T09": (
        "[[other_datastore?¦vSphere client > {host} > Actions > Storage > New Datastore > VMFS > a LUN that the storage "
        "administrator says is empty > Finish]]",
        "[[gone?"
        + at_reprotect("Datastore: {store_for_new}")
        + f"¦{VSPHERE_VM} > Migrate > Change storage only > {{store_for_new}} > Finish, before the reprotect]]",
    ),
    "T10": (
        POWERCLI
        + ": "
        + _UUID
        + ": if it prints {uuid}, it is this very machine: rename nothing; in SCENARIO.yaml write "
        "`exists_on_premises: true`",
        "if it prints another UUID, and its owner agrees: vSphere client > {host} > VMs > {machine} > Rename: {machine}-old "
        "> OK",
        "[[other_server?only if the owner refuses: "
        + at_reprotect("[[classic?Master Target Server¦Appliance]]: {other_server}, on another host")
        + "¦]]",
    ),
    "T11": (
        CS + " > Overview: note its IP address",
        "vSphere client > {configuration_server} > Launch Web Console, sign in: Network Connections > the adapter > "
        "Properties > Internet Protocol Version 4 > Properties: that address > OK > Close; then `Restart-Computer`",
        "wait 15 minutes; " + REFRESH,
    ),
    "G01": STATIC,
    "G02": (
        "after the return: " + VSPHERE_VM + " > Actions > Guest OS > Install VMware Tools > Mount",
        VSPHERE_VM
        + " > Launch Web Console, sign in: setup64.exe on the mounted drive > Next > Typical > Install > Finish > "
        "Yes (it restarts; the owner of {machine} has to agree)",
    ),
    "G03": (
        COPY_FROM_AZURE + ", before the failback",
        "let the owner of {machine} open the copies, and say so in writing",
    ),
    "G04": ONE_OF_BOTH,
    "G05": (
        "wait until {machine}, which was made anew, runs on site and its owner has written that it works",
        "vSphere client > search for {machine}: of the two take the one that is Powered Off and has the old disk size "
        "({disks}) > Delete from Disk > Yes",
    ),
    "G06": (
        "sign in to {machine} in Azure, and move what anybody needs from its temporary disk ([[windows?D:¦/mnt/resource or "
        "/mnt]]) to another disk, before the failback",
    ),
    "G07": (
        ITEM + " > Overview > Update agent > OK; " + JOBS + ": wait until that job is Successful",
        "bring home one machine with UEFI that matters less first, alone: "
        + VSPHERE_VM
        + " > Launch Web Console shows how "
        "such a machine boots",
    ),
    "G08": (
        "vSphere client > {configuration_server} > Edit Settings > Add New Device > Network Adapter > the network of the site "
        "> OK",
        "sign in to {configuration_server} by Remote Desktop: Network Connections > the new adapter > Properties > Internet "
        "Protocol Version 4 > Properties: a free address of that network > OK > Close",
        CS
        + " > Download registration key; on {configuration_server} cspsconfigtool > Vault Registration > Browse: that "
        "file > Register",
        *(f"[[no_azure_server?{step}¦]]" for step in NEW_PROCESS_SERVER),
    ),
    "G09": (
        "sign in to {machine} in Azure if {disks} is there, or open its last backup: copy what matters to a share, before "
        "the failback",
        "after the return: "
        + EDIT
        + " > Add New Device > Hard Disk: the old size > OK; on {machine} format that new, empty "
        "disk, and copy the data back",
    ),
    "G10": TAKE_OUT,
    "G11": (
        "now: " + AZURE_VM + " > Run command > RunShellScript: `cp /etc/fstab /root/fstab.azure; vgcfgbackup -f "
        "/root/lvm.azure-%s` > Run",
        _CONSOLE + "`diff /root/fstab.azure /etc/fstab` shows the changed lines: write those that its last backup from "
        "before the failover has back into /etc/fstab",
        "on {machine}, there: `mount -a && lvs`",
    ),
    "G12": (
        _CONSOLE + "`yum install -y NetworkManager` (Debian, Ubuntu: `apt install -y network-manager`; SUSE: `zypper "
        "install -y NetworkManager`)",
        "on {machine}, there: `systemctl enable --now NetworkManager`",
    ),
    "F01": (
        ITEM
        + " > Overview > Health and issues: open each entry, error or warning; do what it says under Recommended action",
        "yourself: `failback explain CODE`, with the code of an entry, says what else is known of it",
        "only if the health is not Healthy half an hour after all are mended: " + ITEM + " > Resynchronize > OK",
    ),
    "F02": (
        ITEMS
        + " > {object} > Overview: wait until the synchronisation has ended and Latest recovery points shows a time",
        "only if none appears within an hour after that: "
        + ITEMS
        + " > {object} > Overview > Health and issues: open each "
        "entry, and do what it says under Recommended action; if there is none: " + SUPPORT,
        "[[planned?only if the others cannot wait: "
        + OUT_OF_PLAN.replace("{machine}", "{object}")
        + ", and bring it home "
        "later¦]]",
    ),
    "F03": (
        "[[no_point?[[windows?"
        + AZURE_VM
        + " > Run command > RunPowerShellScript: `vssadmin list writers` > Run: restart the service of each writer whose "
        "State is not Stable¦sign in to {machine} in Azure: run the scripts that freeze and thaw the application (its owner "
        "knows them), and correct what fails]]¦ask the [[older?owner of {machine} whether the changes since its last "
        "application-consistent point may be lost; its time: "
        + ITEM
        + " > Overview > Latest recovery points¦owners of "
        "{members} whether each machine may come home with the data of its own latest point]]; if so, nothing has to be "
        "done]]",
        "[[no_point?"
        + ITEM
        + " > Overview > Latest recovery points: wait until App-consistent shows a time¦[[older?only if "
        "they may not: "
        + at_failback("Latest")
        + "¦only if all have to be of one moment: at the failback, when its turn "
        "comes: [[planned?"
        + PLANS
        + " > {one_plan}¦"
        + ITEM
        + "]] > [[classic?Unplanned Failover¦Planned failover]] > "
        "Recovery Point: Latest app-consistent > OK]]]]",
        "[[no_point?only if that cannot wait, and its owner accepts its latest, crash-consistent state: "
        + at_failback("Latest")
        + "¦]]",
    ),
    "F04": (
        "at the failback of {machine}, when its turn comes: "
        + f"{ITEM} > {FAILBACK}: tick the box that shuts it down before the failover > OK; in SCENARIO.yaml, under `plan: "
        "choices`: `shut_down_source: true`",
        "only if it has begun without: as soon as {machine} runs on site, " + AZURE_VM + " > Stop > Yes",
    ),
    "F05": (
        "ask the owner of {machine} what is still needed of it in Azure",
        "sign in to {machine} in Azure, and copy that to a share before anybody selects Commit: the commit deletes {machine} "
        "in Azure",
    ),
    "F06": (
        VSPHERE_VM
        + " > Clone > Clone to Virtual Machine: {machine}-test, Customize this virtual machine's hardware: no "
        "network adapter > Finish",
        "vSphere client > {machine}-test > Power > Power On; Launch Web Console: wait for its login",
        "vSphere client > {machine}-test > Power > Power Off > Yes, then Delete from Disk > Yes; look twice that its name "
        "ends in -test",
    ),
    "F07": (
        ITEM + " > Resynchronize > OK",
        "only if that is not offered: "
        + ITEM
        + " > Disable replication > OK, then "
        + VAULT
        + " > + Replicate: {machine} > "
        "Enable replication, before any failover; all of its data is copied to Azure anew",
    ),
    "F08": (
        "sign in to {process_server} by Remote Desktop, in PowerShell as administrator: `Get-Service "
        "cxprocessserver,ProcessServer,ProcessServerMonitor | Start-Service`; then cspsconfigtool: {configuration_server}, "
        "port 443, " + PASSPHRASE + " > Save",
        "on {configuration_server}: cspsconfigtool > Manage Accounts > Add Account: an account that may install on {machine} "
        "> OK",
        "at the reprotect of {machine} to Azure, when its turn comes: " + ITEM + " > Re-protect > Process Server "
        "{process_server}, and that account > OK",
    ),
    "F09": (
        "now, which touches nothing: `failback run SCENARIO.yaml --world lab`, and keep its report",
        "before the night: bring home one machine of this kind that matters little: " + ITEMS + " > that machine > "
        "Re-protect > OK, then its failback and Commit",
    ),
    **dict.fromkeys(("B01", "B02", "B03", "B04", "B09"), PREDICT),
    "B05": (
        ITEM + " > Overview: wait until Data in process is 0",
        at_failback("Latest"),
    ),
    "B06": (
        "if {holder} is a backup server: in the backup software stop its running job for {machine} (it then lets the disk "
        "go by itself)",
        "vSphere client > {holder} > Edit Settings > the hard disk whose Disk File is in the folder of {machine} ({disks}) > "
        "remove; leave Delete files from datastore unticked > OK",
        AGAIN,
    ),
    "B07": NEW_DRIVE,
    "B08": (
        "vSphere client > {datastore} > Files > the folder of {machine} > its .vmx file > Register VM > {own_host} > Finish; "
        "leave it powered off; if it asks, answer moved: it keeps its UUID",
        AGAIN,
    ),
    "B10": (
        ITEM + " > Overview: look at RPO every 10 minutes, and wait while it falls",
        "only if it grows: "
        + ITEM
        + " > Overview > Health and issues names why; usually too many changes: stop what writes "
        "much on {machine} in Azure (backups, index runs)",
    ),
    "B11": (
        ITEM + " > Resynchronize > OK",
        JOBS + ": wait until that job is Successful; it reads the whole disks, so plan hours",
    ),
    "B12": (
        "vSphere client > {own_host} > Configure > VM Startup/Shutdown > Edit: {machine} > move down to Manual > OK",
    ),
    "B13": (
        "sign in to {machine} in Azure: [[windows?Resource Monitor > Disk¦`iotop -ao`]] shows what writes so much on "
        "{disks}; usually a dump or a temporary database",
        "with its owner's agreement stop it until {machine} is home, or move its files to a disk that is not replicated",
    ),
    "B14": (
        INCREASE,
        MOVE_OFF,
        "[[gone?[[other_datastore?or " + at_reprotect("Datastore: {other_datastore}") + "¦]]¦]]",
        DELETE_FILES,
        "only if that is not enough either: [[planned?"
        + OUT_OF_PLAN
        + "¦in SCENARIO.yaml, take {machine} out of `plan`]], "
        "for a later return",
    ),
    "B15": (
        AZURE_VM
        + " > Network settings > Create port rule > Inbound port rule: Source and Destination IP Addresses, those of "
        "{members}; port 20004; TCP; Allow > Add",
        "on each of {members} in Azure: [[windows?`New-NetFirewallRule -DisplayName SiteRecovery -Direction Inbound "
        "-Protocol TCP -LocalPort 20004 -Action Allow`¦`firewall-cmd --permanent --add-port=20004/tcp && firewall-cmd "
        "--reload` (Ubuntu: `ufw allow 20004/tcp`)]]",
    ),
    "B16": (INCREASE, MOVE_OFF, DELETE_FILES + "; the replication then goes on by itself"),
}
"""Rule -> its steps."""
