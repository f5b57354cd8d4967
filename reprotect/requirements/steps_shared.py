"""Steps that several rules share: a machine that stays in Azure, a link, a new server, a new retention volume."""

from typing import Final

from .places import (
    AZURE_VM,
    CS,
    GATEWAY,
    INSTALLER,
    ITEM,
    ITEMS,
    JOBS,
    PASSPHRASE,
    PLAN,
    REFRESH,
    SERVERS,
    SUPPORT,
    TARGET,
    VAULT,
    at_reprotect,
)

OUT_OF_PLAN: Final = PLAN + ": take {machine} out of its group > Save"
RESTORED: Final = (
    "in the backup software restore the latest backup that it has of {machine} to a new machine on site, named {machine}-restored, and leave "
    "it powered off (a backup that Azure Backup made in Azure cannot be restored there); what was written after it is lost; Site Recovery has no "
    "other way",
    "only if {machine}-restored was made: " + AZURE_VM + " > Stop > Yes, so that the two do not run at once",
    "only if {machine} in Azure was stopped: vSphere client > {machine}-restored > Power > Power On",
)
"""One of two machines of one name runs: the one in Azure is stopped and kept, with what was written since."""
TAKE_OUT: Final = (
    "[[planned?" + OUT_OF_PLAN + "¦" + ITEM + ": start no Re-protect]]",
    "write to {owner} that {machine} stays in Azure and goes on running there with its data; ask for a yes in writing; a no means that its "
    "latest backup is restored on site and that what was written after it is lost; without a backup it stays in Azure all the same",
    f"only if {{owner}} says no: {RESTORED[0]}",
    *RESTORED[1:],
)
TAKE_GROUP_OUT: Final = (
    "[[planned?"
    + PLAN
    + ": take {members} out of their groups > Save¦"
    + ITEMS
    + " > {each_member}: start no Re-protect]]"
)
ASK_SUPPORT: Final = "only if an owner says no: " + SUPPORT + ": how do {members} come home? No page names a way"
LINK_UP: Final = (
    "[[express?Azure portal > ExpressRoute circuits > the circuit > Overview: call its provider, with the Service key that "
    "stands there¦" + GATEWAY + " > Connections > each one that is not Connected > Reset > Reset]]",
    "[[express?on the router of the site: bring its interface and the BGP session to that circuit up¦only if it is not "
    "Connected 10 minutes later: Azure portal > Virtual network gateways > the same one: tell the network team its Public IP "
    "address, and of its connection the Authentication > Shared key]]",
    "[[express?¦only if it is not Connected then: the network team restarts the tunnel on the VPN device of the site, with that "
    "address and key; if it stays down, they call the internet provider of the site]]",
)
NEW_PROCESS_SERVER: Final = (
    CS
    + " > + Process server > in Azure: the subscription, resource group, region and virtual network of {one_machine} "
    "({network}), a name, user and password, a storage account, a subnet, a free address > OK; give the server administrator that address, user and password",
    "sign in to that new server by Remote Desktop, with that user; in the window that opens: {configuration_server}, port 443, "
    + PASSPHRASE
    + " > Save",
    REFRESH,
)
NEW_MASTER_TARGET: Final = (
    "vSphere client > {host} > Actions > New Virtual Machine: any new name, a VMFS datastore and the network of the other "
    "servers, 4 CPU, 6 GB, LSI Logic SAS, disks of 100 GB and 1 TB, the ISO of [[windows?a Windows Server not older than {members}¦Ubuntu {release}]], "
    "Advanced: disk.EnableUUID = TRUE > Finish; then Power On; without DHCP there, get a free address with mask, gateway and DNS server "
    "from the network team, and give it to the server administrator",
    "[[windows?on its console: install Windows Server on the disk of 100 GB, a volume R: (NTFS) on the other; then " + INSTALLER + " (from the Azure "
    "administrator, who downloads it: " + SERVERS + ", the link in the column Agent version) > Install master target > Install > Proceed To Configuration: the address of {configuration_server}, "
    + PASSPHRASE + " > Register¦on its console: install Ubuntu on the disk of 100 GB, without LVM; then as root, with "
    + PASSPHRASE + ": `mkfs.ext4 /dev/sdb && mkdir /mnt/retention && echo UUID=$(blkid -s UUID -o value /dev/sdb) '/mnt/retention ext4 rw 0 0' >> /etc/fstab "
    "&& mount -a && wget https://aka.ms/latestlinuxmobsvc -O mt.tar.gz && tar -zxf mt.tar.gz && "
    "./ApplyCustomChanges.sh && ./install -q -d /usr/local/ASR -r MT -v VmWare && echo PASSPHRASE > p && "
    "/usr/local/ASR/Vx/bin/UnifiedAgentConfigurator.sh -i {configuration_server} -P p; rm p`]]",
)  # fmt: skip
NEW_DRIVE: Final = (
    TARGET + " > Edit Settings > Add New Device > Hard Disk: {drive_size} > OK",
    "on {master_target}, as [[target_windows?administrator, with N, the number of the new disk of {drive_size} in `Get-Disk` (RAW): "
    "`Get-Disk N | Initialize-Disk -PassThru | New-Partition -DriveLetter S -UseMaximumSize | Format-Volume`¦root, with DISK, the "
    "name of the new disk of {drive_size} in `lsblk` (nothing below it): `mkfs.ext4 /dev/DISK && mkdir /mnt/retention2 && echo "
    "UUID=$(blkid -s UUID -o value /dev/DISK) '/mnt/retention2 ext4 rw 0 0' >> /etc/fstab && mount -a`]]",
    REFRESH,
    at_reprotect("Retention drive: the new volume ([[target_windows?S:¦/mnt/retention2]])"),
)
PREDICT: Final = (
    "ask the network team how many Mbit/s are free from Azure to the site in the hours of the return; in {estate_file}, under `link`, "
    "write them as `bandwidth_mbit_per_s`",
    "`failback predict SCENARIO.yaml --start 'Fri 18:00' --by 'Mon 06:00'`, with your own start and deadline",
    "send what it prints for {machine} to {owner}; ask for a yes in writing, or for another deadline: then step 2 again with that one",
)
TOO_BIG: Final = (
    TAKE_GROUP_OUT,
    SUPPORT + ": how do so many disks of one [[grouped?replication group¦machine]] come home? No page names a way",
    "write to {owners} that [[grouped?they stay in Azure and go¦it stays in Azure and goes]] on running there until support answers; ask "
    "for a yes in writing (a no goes into the support request)",
)
FREE_SLOTS: Final = (
    ITEMS
    + " > each machine that is on its way home: [[classic?Unplanned Failover¦Planned failover]] > OK, then Commit > OK; its "
    "disk slots are free once " + JOBS + " shows the commit as Successful"
)
LOST_BY_RESTORE: Final = (
    JOBS
    + ": each Enable replication from after that backup is of a machine that the restore loses: write to its owner, and ask for a "
    "yes in writing (no answer is no yes)"
)
SERVER_RESTORED: Final = (
    "in the backup software look for the last backup of {configuration_server} from before that time, and tell the VMware administrator and "
    "the Azure administrator when it was made, or that there is none",
    "only if there is one: " + LOST_BY_RESTORE,
    "only if there is one and each of these owners said yes: vSphere client > {configuration_server} > Power > Shut Down Guest OS > Yes, so that the "
    "two never run under one address",
    "only if it was shut down for that: in the backup software restore that backup, with the same name and IP address, and power it on; no "
    "entry can be made by hand, and a new server does not help",
    "only if it was restored: " + REFRESH,
)
"""The configuration server as it was before a failover, in place of the one that runs now."""
ROLE_COMMAND: Final = "New-VIRole -Name AzureSiteRecoveryRole -Privilege (Get-VIPrivilege -Id {privileges})"
"""It lists some forty privileges: `failback explain` prints it, so that it can be copied whole."""


def vcenter_added(
    vcenter: str, account: str = "a vCenter account that you choose for Site Recovery"
) -> tuple[str, ...]:
    """A vCenter or host that the configuration server has not discovered; `vcenter`: the name that stands for it."""
    name = f"{{{vcenter}}}"
    return (
        f"PowerCLI, connected to {name}, with ACCOUNT, {account}: the command that `failback explain R10` "
        "prints, then `New-VIPermission -Entity (Get-Folder -NoRecursion) -Principal ACCOUNT -Role AzureSiteRecoveryRole -Propagate "
        "$true`",
        "sign in to {configuration_server} by Remote Desktop: cspsconfigtool (on its desktop) > Manage Accounts > Add Account: "
        "ACCOUNT, with its password (from the VMware administrator) > OK; wait 15 minutes",
        f"{CS} > vCenter servers: if it does not list {name}: + vCenter: its address, port 443, ACCOUNT > OK; if it does: "
        f"{name} > Summary: ACCOUNT > Save",
        REFRESH,
    )


ACCOUNT_ROLE: Final = (
    "PowerCLI (first `Connect-VIServer {vcenter}`): the command that `failback explain {rule}` prints (it makes the role "
    "AzureSiteRecoveryRole)",
    "vSphere client > the datacenter with {home_host}, where {one_machine} comes home (and each other one where machines come home) > Permissions > the account of step 1 > Edit (no line: Add): Role "
    "AzureSiteRecoveryRole, Propagate to children > OK",
)
NEW_APPLIANCE: Final = (
    VAULT + " > Getting started > Site Recovery > VMware machines to Azure: Prepare infrastructure: download the OVF "
    "template, select Generate key, and copy the key (each appliance has a key of its own)",
    "vSphere client > {host}[[queues?, or another host that mounts their datastores, with 8 CPUs, 16 GB of memory and 700 GB of datastore free for "
    "each (only as many as there is room for)¦]] > Actions > Deploy OVF Template > that file > Finish; then Power On > Launch Web Console",
    "in that console, with the account that signs in to Azure portal: that key > Login > Continue",
    "vSphere client > the new one > Launch Web Console: Add vCenter Server: {vcenter}, with Site Recovery's account there > Continue",
)
URLS: Final = (
    "*.microsoftonline.com, management.azure.com, *.hypervrecoverymanager.windowsazure.com, "
    "*.discoverysrv.windowsazure.com, *.backup.windowsazure.com, *.servicebus.windows.net, *.blob.core.windows.net, "
    "*.vault.azure.net, *.services.visualstudio.com, aka.ms, download.microsoft.com (*. means every name that ends so)"
)
