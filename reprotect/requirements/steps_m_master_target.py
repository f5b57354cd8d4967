"""The steps of the rules about the master target (M)."""

from collections.abc import Mapping
from typing import Final

from .places import (
    ADVANCED,
    CS,
    EMPTY_LUN,
    INFRA,
    INSTALLER,
    ITEMS,
    JOBS,
    NEW_DATASTORE,
    PLAN,
    POWERCLI,
    REFRESH,
    SUPPORT,
    TARGET,
    VSPHERE_VM,
    WAIT_UNTIL_IDLE,
    at_reprotect,
)
from .steps_shared import (
    ASK_SUPPORT,
    FREE_SLOTS,
    NEW_DRIVE,
    NEW_MASTER_TARGET,
    RESTORED,
    TAKE_GROUP_OUT,
    TAKE_OUT,
    TOO_BIG,
    vcenter_added,
)

_OTHER: Final = at_reprotect("Master Target Server: {other_server}")
_NEW: Final = at_reprotect("Master Target Server: the new one")
OFF: Final = TARGET + " > Power > Shut Down Guest OS > Yes"
ON: Final = TARGET + " > Power > Power On"
_IF_ABOVE: Final = "[[other_server?only if the version of {other_server} is above theirs: ¦]]"
_SMALL: Final = "`lsblk` on {master_target} shows less than 100G for the disk above /"
INSTEAD: Final = (
    "[[other_server?" + _OTHER + "¦" + NEW_MASTER_TARGET[0] + "]]",
    "[[other_server?¦" + NEW_MASTER_TARGET[1] + "]]",
    "[[other_server?¦" + REFRESH + "]]",
    "[[other_server?¦" + _NEW + "]]",
)
_OF_RELEASE: Final = (
    *(f"[[no_release?{TAKE_GROUP_OUT if n == 0 else ''}¦{step}]]" for n, step in enumerate(INSTEAD)),
    "[[no_release?write to {owners} that [[grouped?they stay¦it stays]] in Azure, because no master target runs on Ubuntu "
    "{release}; ask for a yes in writing¦]]",
    "[[no_release?" + ASK_SUPPORT + "¦]]",
)
"""Another master target, or a new one; none where no master target exists on the machine's release."""
_DISCOVERED: Final = (
    REFRESH + "; the discovery can take 30 minutes",
    *(
        f"only if the dialog of the proof {'still offers' if n == 0 else 'offered'} no datastores: {step}"
        for n, step in enumerate(vcenter_added("target_vcenter"))
    ),
)
_SERIALS: Final = (
    "`Get-Partition | ? DriveLetter | Get-Disk | select Size,SerialNumber`: write down each SerialNumber",
    "as root: `lsblk -o NAME,SIZE,SERIAL,MOUNTPOINT`: write down the SERIAL of each disk with a mount point",
)


def attach_again(on_it: str) -> tuple[str, ...]:
    """Disks of machines that moved with their server go back to them; `on_it`: how the server shows its own disks.

    Those keep the UUIDs that they had: to its guest, a disk's serial number is its UUID without dashes.
    """
    return (
        f"on {{object}}, {on_it}: these disks are its own",
        POWERCLI + ": `Get-VM {object},{all_machines} | Get-HardDisk | select "
        "Parent,Name,CapacityGB,Filename,@{n='Uuid';e={$_.ExtensionData.Backing.Uuid}} | fl`: each disk of {object} whose Uuid is none "
        "of these numbers (leave out spaces and dashes) belongs to the machine that has a disk of that Uuid (if vCenter shows none: "
        "that has it as `uuid` in {estate_file}); start none of the machines until step 4 is done",
        "only if a disk of {object} belongs to none: leave it there, and "
        + SUPPORT
        + ": to which machine does it belong?",
        "for each disk that belongs to a machine: vSphere client > {object} > Edit Settings > that hard disk > remove, without Delete "
        "files from datastore > OK; then vSphere client > that machine > Edit Settings > remove the hard disk whose file "
        "is gone, then Add New Device > Existing Hard Disk > its file > OK",
        "when {object} has its own disks alone: vSphere client > {object} > Migrate > Change storage only > {own_datastore} > Finish",
        "only if {own_datastore} is in a datastore cluster: vSphere client > Storage > that cluster > Configure > VM Overrides > Add: {object} > "
        "Storage DRS automation level: Override, No Automation > Finish",
    )


STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "M01": _OF_RELEASE,
    "M02": _OF_RELEASE,
    "M03": (
        "[[too_big?" + TOO_BIG[0] + "¦[[busy?" + FREE_SLOTS + "¦" + INSTEAD[0] + "]]]]",
        "[[too_big?" + TOO_BIG[1] + "¦[[busy?¦" + INSTEAD[1] + "]]]]",
        "[[too_big?" + TOO_BIG[2] + "¦[[busy?¦" + INSTEAD[2] + "]]]]",
        "[[too_big?¦[[busy?¦" + INSTEAD[3] + "]]]]",
    ),
    "M04": (
        "in SCENARIO.yaml, under `plan: waves`, write one entry `- {name: NAME, items: [MACHINES]}` for each of these: {split}",
        "[[planned?" + PLAN + ": + Group for each of them, and move its machines into it > Save¦]]",
        f"at the reprotect: {ITEMS}: start those of a wave once {JOBS} shows the commits of the wave before as Successful (`failback run` does so)",
    ),
    "M05": (
        WAIT_UNTIL_IDLE,
        OFF,
        TARGET
        + " > Edit Settings > each SCSI controller > Change Type > LSI Logic SAS ([[target_windows?Windows¦Linux]] "
        "has its driver) > OK",
        ON + " > Launch Web Console: wait for its login",
        "only if no login appears within 10 minutes: "
        + TARGET
        + " > Power > Power Off; Edit Settings > Change Type > the type "
        "that it had > OK; Power On",
        "only if it has its old type again: [[other_server?"
        + _OTHER
        + "¦"
        + SUPPORT
        + ": how does {master_target} start with LSI Logic?]]",
    ),
    "M06": attach_again(f"[[target_windows?in PowerShell as administrator: {_SERIALS[0]}¦{_SERIALS[1]}]]"),
    "M07": (WAIT_UNTIL_IDLE, OFF, TARGET + " > Edit Settings > " + ADVANCED + ": disk.EnableUUID = TRUE > OK > OK", ON),
    "M08": NEW_DRIVE,
    "M09": (
        "ask the server administrator who set {master_target} up, in writing: which volume is meant for retention? If it is "
        "{object}, do no more",
        "only if it is another one: " + at_reprotect("Retention drive: the one that the answer names"),
    ),
    "M10": (REFRESH, at_reprotect("Retention drive: {retention_drive}")),
    "M11": (
        "[[target_windows?"
        + TARGET
        + " > Actions > Guest OS > Install VMware Tools > Mount¦on {master_target}, as root: `apt install -y open-vm-tools "
        "&& systemctl enable --now open-vm-tools`]]",
        "[[target_windows?sign in to {master_target} by Remote Desktop: setup64.exe on the mounted drive > Next > Typical > Install "
        "> Finish¦]]",
        WAIT_UNTIL_IDLE,
        TARGET + " > Power > Restart Guest OS > Yes",
    ),
    "M12": (
        "vSphere client > {object} > Configure > Storage Adapters > Rescan Storage > OK",
        "only if {object} > Datastores then lists none of Type VMFS: [[other_server?"
        + at_reprotect("Master Target Server: {other_server}")
        + "¦"
        + EMPTY_LUN.replace("an empty LUN", "an empty LUN of 100 GiB (no disk has to come to it)")
        + "]]",
        "[[other_server?¦only if it presented one: " + NEW_DATASTORE + "]]",
        "[[other_server?¦" + REFRESH + "]]",
    ),
    "M13": (
        "[[other_server?" + "only if the version of {other_server} is not above theirs: " + _OTHER + "¦]]",
        _IF_ABOVE + CS + ": the link in the column Agent version: download " + INSTALLER + " and give "
        "it to the server administrator",
        _IF_ABOVE + "sign in to {configuration_server} by Remote Desktop: run " + INSTALLER + " > Yes > Finish",
        _IF_ABOVE + "sign in to {process_server} by Remote Desktop: run it there too > Yes > Finish",
        _IF_ABOVE + REFRESH,
        "only if {master_target} still has a version above theirs: "
        + SUPPORT
        + ": how do we get a master target of the version of {configuration_server}?",
    ),
    "M14": (
        *(f"[[physical_target?{step}¦]]" for step in INSTEAD),
        *(f"[[physical_target?¦{step}]]" for step in _DISCOVERED),
    ),
    "M15": _OF_RELEASE,
    "M16": (
        WAIT_UNTIL_IDLE,
        OFF,
        TARGET + " > Edit Settings: {sizes} > OK",
        ON,
        "[[grow_disk?on {master_target}, as root, with DEVICE, what `lsblk` shows for {retention_drive}: `resize2fs /dev/DEVICE` (for a partition such as "
        "sdb1 first `growpart /dev/sdb 1`)¦]]",
    ),
    "M17": (
        'on {master_target}, as root: `for a in $(hostname -I); do echo "$a $(hostname)" >> /etc/hosts; done`',
        "on {master_target}, as root, on Ubuntu 16.04 (later releases start them by themselves): for each adapter ADAPTER of `ls "
        "/sys/class/net`, lo aside, without a line `auto ADAPTER` in /etc/network/interfaces: `echo auto ADAPTER >> "
        "/etc/network/interfaces`",
    ),
    "M18": (
        "on {master_target}, as root: `sed -i '/https\\?_proxy/Id' /etc/environment`, then sign in again",
        "in the firewall of the site: allow TCP 443 from {master_target} directly to {configuration_server}, and save",
    ),
    "M19": (
        "in the firewalls between {master_target} and these servers: allow TCP 443 to {configuration_server} and TCP 9443 to "
        "{process_server}, and save",
    ),
    "M20": (
        TAKE_OUT[0],
        "ask {owner}, in writing: may {machine} go on on site as its latest backup has it, and be turned off in Azure? What was written "
        "after that backup is lost; after a no, {machine} stays in Azure",
        f"only if {{owner}} says yes: {RESTORED[0]}",
        RESTORED[1],
        f"only if {{machine}}-restored was made, and {VSPHERE_VM} > Summary shows Powered On: {VSPHERE_VM} > Power > Shut Down Guest OS > Yes",
        RESTORED[2],
        "only if {machine}-restored runs: [[classic?"
        + REFRESH
        + "¦"
        + INFRA
        + ": wait until its {manages} is Healthy (15 minutes)]]",
        "only if {owner} says no, or there is no backup: "
        + SUPPORT
        + ": {machine} stays in Azure; where is its {manages} to run? No page says so",
    ),
    "M21": (
        "on {master_target}, as root: `apt-mark hold linux-image-generic linux-headers-generic`",
        f"only if {_SMALL}: in the backup software back {{master_target}} up; no snapshot of it may stay",
        f"only if {_SMALL}: {TARGET} > Edit Settings > the hard disk of that size: 100 GB > OK",
        "only if that disk was enlarged: on {master_target}, as root, with DISK and N of / in `lsblk` (sda and 1 for sda1): `echo 1 > "
        "/sys/class/block/DISK/device/rescan && growpart /dev/DISK N && resize2fs /dev/DISKN`; if it prints NOCHANGE, leave it so: "
        "the size of the disk counts",
    ),
}
"""Rule -> its steps."""
