"""The steps of the rules about where the machine comes home, and what comes with it (T, G)."""

from collections.abc import Mapping
from typing import Final

from .on_site import AFTER_COMMIT, BEFORE_FAILBACK, ON_SITE_AT
from .places import (
    ADVANCED,
    AGAIN,
    CS,
    EDIT,
    EMPTY_LUN,
    FAILBACK,
    ITEM,
    ITEMS,
    JOBS,
    NEW_DATASTORE,
    POWERCLI,
    REFRESH,
    SUPPORT,
    VSPHERE_VM,
    at_reprotect,
)
from .steps_shared import NEW_PROCESS_SERVER, OUT_OF_PLAN, SERVER_RESTORED, TAKE_OUT, vcenter_added

_ACCOUNT: Final = "an account of it that you choose for Site Recovery"
_GET_UUID: Final = (
    "[[no_uuid?in the backup software open the .vmx file of {machine} in its last backup before the failover, and give its line uuid.bios to "
    "the VMware administrator¦]]"
)
_UUID: Final = "`(Get-VM {machine}).ExtensionData.Config.Uuid`"
_VALUES: Final = (
    BEFORE_FAILBACK
    + ": the network team sends the VMware administrator the VLAN number of the network on site of {machine}, and the "
    "administrator of {machine} its address, prefix, gateway and name servers there ({addresses})"
)
_SEEK_PORT_GROUP: Final = (
    BEFORE_FAILBACK
    + ": "
    + POWERCLI
    + ": `Get-VirtualPortGroup -VMHost {home_host} -Standard | select Name,VLanId; Get-VDSwitch -VMHost {home_host} | "
    "Get-VDPortgroup | select Name,VlanConfiguration` prints the port groups of {home_host} with their VLAN: the PORT-GROUP of {machine} is {port_group} if it has that "
    "VLAN number, else another that has it"
)
_NEW_PORT_GROUP: Final = (
    "only if none has it (change the VLAN of no port group, since other machines use it): vSphere client > {home_host} > Actions > Add Networking > Virtual "
    "Machine Port Group for a Standard Switch > its switch > Network label: a new name, PORT-GROUP of {machine}; VLAN ID: that number > Finish; if {home_host} has "
    "a distributed switch alone: vSphere client > Networking > it > Actions > Distributed Port Group > New Distributed Port Group > PORT-GROUP; "
    "VLAN type VLAN; that number > Finish"
)
_PREPARE_RECORD: Final = (
    BEFORE_FAILBACK
    + ": the network team writes down what each DNS record of {machine} ({dns_name}) shows now, with its TTL, and sets the TTL to 300 seconds; "
    "it changes no address yet, since {machine} runs in Azure until the failback"
)
_CONSOLE: Final = (
    ON_SITE_AT
    + ": "
    + EDIT
    + " > Network adapter 1 > PORT-GROUP, Connected > OK; then Launch Web Console; leave it open for the administrator "
    "of {machine}"
)
_IN_CONSOLE: Final = "in that console, sign in to {machine} as its administrator: "
_AFTERWARDS: Final = ON_SITE_AT + ": sign in to {machine} as its administrator"
_NMCLI: Final = (
    "with the values of step 1, and CONNECTION as `nmcli con` names it, `nmcli con mod CONNECTION ipv4.method manual ipv4.addresses "
    "ADDRESS/PREFIX ipv4.gateway GATEWAY ipv4.dns DNS && nmcli con up CONNECTION`"
)
_RAW_MODE: Final = "Compatibility Mode Physical (Virtual if the records of the site, such as RVTools, vDisk, say so)"
_LUN: Final = EMPTY_LUN.replace("an empty LUN", "an empty LUN of at least {lun_size}")
_GATEWAY: Final = "only if `ping GATEWAY` on {machine} has no answer then: the network team allows that VLAN on the switch ports of {home_host}"
_RECORD: Final = (
    ON_SITE_AT
    + ": the network team sets each DNS record of {machine} that shows another address to the one on site ({addresses}), if the ping has "
    "an answer; if the failback is cancelled: back to its address in Azure; if {machine} fails over to Azure again: to the address of the new "
    "machine there"
)
_TTL: Final = (
    AFTER_COMMIT + ": the network team sets the TTL of each DNS record of {machine} to what it was before step 4"
)
STATIC: Final = (
    _VALUES,
    _SEEK_PORT_GROUP,
    _NEW_PORT_GROUP,
    _PREPARE_RECORD,
    _CONSOLE,
    _IN_CONSOLE
    + "[[windows?Network Connections > the adapter > Properties > Internet Protocol Version 4 > Properties: the values of step 1 > "
    "OK > Close¦" + _NMCLI + "]]",
    "[[windows?¦only if `nmcli` is not there, and `ls /etc/netplan` shows a file (Ubuntu): "
    + _IN_CONSOLE
    + "in that file, under the device that `ip link` names, with the values of step 1: `dhcp4: false`, `addresses: [ADDRESS/PREFIX]`, "
    "`routes: [{to: default, via: GATEWAY}]`, `nameservers: {addresses: [DNS]}`; then `netplan apply`]]",
    "[[windows?¦only if neither is there (NetworkManager is missing): "
    + _IN_CONSOLE
    + "with the values of step 1, and DEVICE as `ip link` names it, `ip addr replace ADDRESS/PREFIX dev DEVICE; "
    "ip route replace default via GATEWAY`; then install NetworkManager, and do the step with `nmcli`]]",
    _GATEWAY,
    _RECORD,
    _TTL,
)
COPY_FROM_AZURE: Final = (
    "sign in to {machine} in Azure, and copy what nobody may lose on {disk_sizes} to a share that is not on {machine} ([[windows?`Get-Disk`¦`lsblk`]] "
    "shows the disks with their sizes)"
)
ONE_OF_BOTH: Final = (
    ON_SITE_AT
    + ", tell {owner} to keep its application stopped, and ask which one counts: the iSCSI volume, or its copy as a VMDK, "
    "{disk_sizes}",
    "only if the copy counts: sign in to {machine} as its administrator: [[windows?iSCSI Initiator > Targets > the target > Disconnect > Yes, "
    "then Favorite Targets > it > Remove; Disk Management > the disk with the size of {disk_sizes} > Online, then Change Drive Letter and Paths: the letter that the volume had¦`iscsiadm -m session -P 3` shows TARGET and its disk; `umount` what `lsblk` shows of that disk, then `iscsiadm -m node -T TARGET -u && iscsiadm -m node -T TARGET -o delete`; `mount -a` then mounts the copy, which has the same UUID (where /etc/fstab names a device, write UUID= and what `blkid` shows)]]",
    "only if the iSCSI volume counts: sign in to {machine} as its administrator: [[windows?`Get-Disk | select Number,BusType,Size,SerialNumber`: of "
    "the disk with the size of {disk_sizes} whose BusType is not iSCSI give SERIAL, its SerialNumber, to the VMware administrator; then `Set-Disk NUMBER "
    "-IsOffline $true`¦`lsblk -o NAME,SIZE,SERIAL,MOUNTPOINT`: of the disk with the size of {disk_sizes} that `iscsiadm -m session -P 3` does not show give its "
    "SERIAL to the VMware administrator, and `umount` its mount points]]",
    "only if the iSCSI volume counts: "
    + POWERCLI
    + ": `Get-VM {machine} | Get-HardDisk | select Name,@{n='Uuid';e={$_.ExtensionData.Backing.Uuid}}`: NAME is the disk whose Uuid, without "
    "spaces and dashes, is that SERIAL; then "
    + EDIT
    + " > NAME > remove; leave Delete files from datastore unticked > OK",
    "only if that disk was removed: sign in to {machine} as its administrator: [[windows?`Get-Disk | ? BusType -eq iSCSI | Set-Disk -IsOffline $false`¦`iscsiadm -m node "
    "-L all; mount -a`]]",
)
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "T01": (
        EDIT
        + " > Add New Device > Existing Hard Disk > {datastore}, the folder of {machine}, the .vmdk of {disks} > OK, "
        "before the reprotect",
        "only if that file is gone: do no more; all data of the disk is copied, which takes longer",
    ),
    "T02": (
        "[[in_vcenter?¦sign in to https://{host}/ui: a line at the top names the vCenter that manages {host}: that is MANAGER in the "
        "next steps; without such a line MANAGER is {host} itself (Manage > Security & users > Users > Add user makes ACCOUNT there)]]",
        *vcenter_added("host_manager", _ACCOUNT),
        "only if [[in_vcenter?¦MANAGER is a vCenter, and ]]the dialog of the proof offers no datastores of {host} then: vSphere client > {host} > "
        "Permissions > Add: ACCOUNT, Role AzureSiteRecoveryRole > OK",
        "only if that was added: " + REFRESH,
    ),
    "T03": (
        "[[raw?the storage administrator names the LUN of {disks} of {machine}¦on {own_host}, signed in by SSH "
        "(vSphere client > {own_host} > Configure > Services > SSH > Start): `cd /vmfs/volumes/{datastore}/{machine}; for f in *.vmdk; do "
        "echo $f; vmkfstools -J getuuid $f; done` prints the UUIDs in bytes: which file has that of {disks}?]]",
        "[[raw?¦only if nobody knows that UUID, or none or several have it: in the backup software open the .vmx file of {machine} in its last backup "
        "before the failover; its lines that end in fileName name the file: tell the VMware administrator (attach nothing before)]]",
        "[[raw?¦only if there is no such file: in the backup software restore {disks} of {machine} to its original place]]",
        "[[raw?¦only if there is no backup of it either: "
        + SUPPORT
        + ": how does {machine} come home without {disks}? Write to {owner} that {machine} stays in Azure until the answer, and ask for a yes in "
        "writing (a no goes into the support request)]]",
        EDIT + " > Add New Device > [[raw?RDM Disk > that LUN, " + _RAW_MODE + "¦Existing Hard "
        "Disk > that file]] > OK; leave {machine} powered off",
        AGAIN,
    ),
    "T04": (
        "[[raw?¦[[other_datastore?¦" + _LUN + "]]]]",
        "[[raw?¦[[other_datastore?¦" + NEW_DATASTORE + "]]]]",
        "[[raw?¦[[other_datastore?¦[[classic?" + REFRESH + "¦]]]]]]",
        "[[raw?in the backup software, if it has a backup of {machine} [[no_uuid?from before the failover¦with {uuid}]]: restore that to its original place, with its name and disks; "
        "a restore as a new machine has another UUID and does not count¦"
        + at_reprotect("Datastore: {store_for_new}{room}")
        + "]]",
        "[[raw?only if it was restored: the storage administrator names the LUN of {disks} of {machine}¦]]",
        "[[raw?only if it was restored: "
        + EDIT
        + ": where {disks} is missing, Add New Device > RDM Disk > that LUN, "
        + _RAW_MODE
        + " > OK; leave "
        "{machine} powered off¦]]",
        "[[raw?only if there is no such backup: "
        + SUPPORT
        + ": how does {machine} come home without it? No page says so; write to {owner} that {machine} stays in Azure, and ask for a yes in writing (a no goes into the support request)¦]]",
    ),
    "T05": (
        JOBS + ": when the first failover began: give that time to the backup administrator",
        *SERVER_RESTORED,
        "only if there is no such backup, or not each of these owners said yes: "
        + SUPPORT
        + ": how do the machines come home without it?",
    ),
    "T06": (
        "[[gone?nothing to set: {machine} is made anew on site¦vSphere client > {machine} > Summary: if it shows Powered On, tell the Azure administrator]]",
        "[[gone?¦only if {machine} is on: ask {owner}: may it be shut down on site? After a no, do no more]]",
        "[[gone?¦only if {machine} is on and its owner said yes: "
        + VSPHERE_VM
        + " > Power > Shut Down Guest OS > Yes]]",
        "[[gone?¦" + EDIT + " > " + ADVANCED + ": disk.EnableUUID = TRUE > OK > OK]]",
    ),
    "T07": (
        "write to {owner} that {machine} comes home as a virtual machine on host {host} and datastore {datastore}, not to its old "
        "hardware; ask for a yes in writing",
        "only if {owner} says no: [[planned?" + OUT_OF_PLAN + "¦" + ITEM + ": start no Re-protect]]; it stays in Azure",
    ),
    "T08": (
        _GET_UUID,
        POWERCLI + ": " + _UUID + ": if it prints {uuid}, {machine} does exist: do no more",
        "only if it prints another UUID: that is another machine of this name: vSphere client > {machine} > "
        "Actions > Rename: {machine}-old > OK, if its owner agrees (else leave its name)",
        "only if none has {uuid}: vSphere client > {datastore} > Files > the folder of {machine} > its .vmx, if its line uuid.bios has "
        "that UUID (Download, and look) > Register VM > Finish; leave it powered off",
        "only if its files are gone too: [[raw?start no Re-protect; do what rule T04 (new disks on VMFS or vSAN) says, which is "
        "listed too¦[[store_unfit?do what the finding about {datastore} says, which is listed too¦"
        + at_reprotect("Datastore: {datastore}")
        + "; all of its data is copied]]]]",
    ),
    "T09": (
        "[[other_datastore?¦" + _LUN + "]]",
        "[[other_datastore?¦" + NEW_DATASTORE + "]]",
        "[[gone?[[other_datastore?¦[[classic?" + REFRESH + "¦]]]]¦]]",
        "[[gone?"
        + at_reprotect("Datastore: {store_for_new}{room}")
        + f"¦before the reprotect: {VSPHERE_VM} > Migrate > Change storage only > {{store_for_new}} > Finish]]",
    ),
    "T10": (
        _GET_UUID,
        POWERCLI + ": `(Get-VMHost {host} | Get-VM {machine}).ExtensionData.Config.Uuid`: does it print {uuid}?",
        "only if it does: in {estate_file}, under `virtual_machines`, {machine}, write `exists_on_premises: true`; rename nothing, and do no more",
        "only if it prints another UUID: that is another machine: vSphere client > {host} > VMs > {machine} > Rename: "
        "{machine}-old > OK, if its owner agrees",
        "only if that owner refuses: [[other_server?"
        + at_reprotect("[[classic?Master Target Server¦Appliance]]: {other_server}")
        + "¦[[planned?"
        + OUT_OF_PLAN
        + "¦"
        + ITEM
        + ": start no Re-protect]], and write to {owner} that {machine} waits]]",
    ),
    "T11": (
        CS + " > Overview: note its IP address",
        "only if it is the one that {configuration_server} has now: the network team names the one from before the failover",
        "sign in to {configuration_server} on its console: Network Connections > the adapter > Properties > Internet Protocol "
        "Version 4 > Properties: the address of step 1 or 2 > OK > Close; then, in PowerShell, `Restart-Computer`",
        REFRESH,
    ),
    "G01": STATIC,
    "G02": (
        "after the commit, ask {owner} when {machine} may restart",
        "at that time: " + VSPHERE_VM + " > Actions > Guest OS > Install VMware Tools > Mount",
        "sign in to {machine} as its administrator: setup64.exe on the mounted drive > Next > Typical > Install > Finish > Yes (it restarts)",
    ),
    "G03": (
        COPY_FROM_AZURE + ", before the failback",
        "before the failback, write to {owner}: open each copy, copy again what does not open, and answer when all open",
    ),
    "G04": ONE_OF_BOTH,
    "G05": (
        "after the commit, ask {owner} in writing: does {machine}, which was made anew, work? After a no, delete neither",
        "only if yes: vSphere client > search for {machine}: of the two the one that is Powered Off and has the disk sizes from before "
        "the failover > Delete from Disk > Yes",
    ),
    "G06": (
        "sign in to {machine} in Azure, and move what anybody needs from its temporary disk ([[windows?D:¦/mnt/resource or "
        "/mnt]]) to another disk, before the failback; write to the Azure administrator that it opens there",
    ),
    "G07": (
        ITEM + " > Overview > Update agent > OK; wait until its job is Successful under Site Recovery jobs",
        ITEMS
        + ": tell the VMware administrator the names of the other machines that are to come home, those that matter least first",
        "vSphere client > each of them > Edit Settings > VM Options > Boot Options (close it with Cancel): tell the Azure administrator the first "
        "with Firmware EFI",
        "only if there is one: ask its owner, in writing: may it come home before {machine}, to try it? After a no, ask for the next one",
        "only if an owner says yes: "
        + ITEMS
        + " > that one > Re-protect, with the values in its runbook (`failback runbook SCENARIO.yaml`) > OK; wait until its Status is Protected; then > "
        + FAILBACK
        + " > OK; wait until "
        + JOBS
        + " shows that as Successful; then > Commit > OK, before {machine}",
    ),
    "G08": (
        "the network team names a network of the site other than the one of {machine}, by its VLAN number, from which [[no_azure_server?the new process server¦"
        "[[server_in_azure?process server {process_server}¦its process server]]]] in Azure is reached; a free ADDRESS of it with its mask; and its ROUTER towards Azure",
        "Azure portal > Virtual networks > {azure_network} > Address space: the address range, RANGE, in which that process server is",
        "vSphere client > {configuration_server} > Edit Settings > Add New Device > Network Adapter > a port group with that VLAN number > OK",
        "sign in to {configuration_server} by Remote Desktop: Network Connections > the new adapter, ADAPTER > Properties > Internet "
        "Protocol Version 4 > Properties: ADDRESS, its mask, Default gateway empty > OK > Close; then, in PowerShell as administrator, "
        "`New-NetRoute -DestinationPrefix RANGE -InterfaceAlias ADAPTER -NextHop ROUTER`",
        CS + " > Download registration key, and give the file to the server administrator",
        "sign in to {configuration_server} by Remote Desktop: cspsconfigtool (on its desktop) > Vault Registration > Browse: that "
        "file > Register",
        *(f"[[no_azure_server?{step}¦]]" for step in NEW_PROCESS_SERVER),
    ),
    "G09": (
        "sign in to {machine} in Azure, and copy what matters of {disk_sizes} to a share that is not on {machine}, before the failback",
        "only if it is not there: in the backup software restore it from the last backup of {machine} to that share",
        "before the failback, write to {owner}: open each copy, copy again what does not open, and answer when all open",
        ON_SITE_AT + ": " + EDIT + " > Add New Device > Hard Disk, the size of {disk_sizes} > OK",
        "sign in to {machine} as its administrator, format that new, empty disk, and copy the data back",
    ),
    "G10": TAKE_OUT,
    "G11": (
        BEFORE_FAILBACK
        + ": in the backup software restore /etc/fstab and /etc/lvm/lvm.conf of {machine}, from its last backup before the failover, to "
        "a share that is not on {machine}",
        _AFTERWARDS
        + ": copy the two files to /etc/before-failover; `diff /etc/before-failover/fstab /etc/fstab; diff /etc/before-failover/lvm.conf "
        "/etc/lvm/lvm.conf` prints what the failover changed: put these lines back as /etc/before-failover has them",
        "sign in to {machine} as its administrator: `mount -a && vgchange -ay`",
    ),
    "G12": (
        ON_SITE_AT
        + ", once its address is set: sign in to {machine} as its administrator: `yum install -y NetworkManager` (Debian, Ubuntu: `apt install -y network-manager`; SUSE: `zypper "
        "install -y NetworkManager`)",
        "sign in to {machine} as its administrator: `systemctl enable --now NetworkManager`",
    ),
}
"""Rule -> its steps."""
