"""The steps of the rules about where the machine comes home, and what comes with it (T, G)."""

from collections.abc import Mapping
from typing import Final

from .places import (
    ADVANCED,
    AGAIN,
    AZURE_VM,
    CS,
    EDIT,
    ITEM,
    JOBS,
    POWERCLI,
    REFRESH,
    SUPPORT,
    VSPHERE_VM,
    at_reprotect,
)
from .steps_shared import NEW_PROCESS_SERVER, TAKE_OUT

_UUID: Final = "`(Get-VM {machine}).ExtensionData.Config.Uuid`"
_ADDRESS: Final = (
    "the network team sends the VMware administrator and the owner of {machine} its address, prefix, gateway and name servers of before the failover "
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
        + ": where {disks} is missing, Add New Device > RDM Disk > the LUN that the storage administrator names for it, with its "
        "Compatibility Mode from before > OK; leave {machine} powered "
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
        "tell the owner of {machine} in writing that it comes home as a virtual machine, not to its old hardware: on {host}, "
        "on {datastore}, in the network of its address ({addresses})",
        "only if the owner says no: in SCENARIO.yaml, take {machine} out of `plan`; it stays in Azure",
    ),
    "T08": (
        POWERCLI
        + ": "
        + _UUID
        + ": if it prints {uuid}, it does exist: in SCENARIO.yaml write `exists_on_premises: true`; "
        "if it prints another UUID, that is another machine, and rule T10 (name free on the master target's host) says what "
        "to do",
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
        "now: " + AZURE_VM + " > Run command > RunShellScript: `cp /etc/fstab /etc/fstab.azure; vgcfgbackup -f "
        "/etc/lvm/azure-%s` > Run",
        _CONSOLE + "`diff /etc/fstab.azure /etc/fstab` shows the changed lines: write those that its last backup from "
        "before the failover has back into /etc/fstab",
        "on {machine}, there: `mount -a && lvs`",
    ),
    "G12": (
        _CONSOLE + "`yum install -y NetworkManager` (Debian, Ubuntu: `apt install -y network-manager`; SUSE: `zypper "
        "install -y NetworkManager`)",
        "on {machine}, there: `systemctl enable --now NetworkManager`",
    ),
}
"""Rule -> its steps."""
