"""Steps that several rules share: a machine that stays in Azure, a link, a new server, a new retention volume."""

from typing import Final

from .places import (
    AZURE_VM,
    CS,
    ITEMS,
    JOBS,
    PASSPHRASE,
    PLAN,
    REFRESH,
    SUPPORT,
    TARGET,
    VAULT,
    at_reprotect,
)

OUT_OF_PLAN: Final = PLAN + ": take {machine} out of its group > Save"
TAKE_OUT: Final = (
    "[[planned?" + OUT_OF_PLAN + "¦in SCENARIO.yaml, take {machine} out of `plan`; in "
    "the Azure portal start no Re-protect of it]]",
    "write to its owner that {machine} stays in Azure and goes on running there, and that its data there is safe; ask for a "
    "yes in writing",
)
TAKE_GROUP_OUT: Final = (
    "[[planned?"
    + PLAN
    + ": take {members} out of their groups > Save¦in SCENARIO.yaml, take {members} out of `plan`; in "
    "the Azure portal start no Re-protect of them]]"
)
ASK_SUPPORT: Final = "only if it has to come home all the same: " + SUPPORT
LINK_UP: Final = (
    "[[express?Azure portal > ExpressRoute circuits > the circuit > Overview: call its provider, with the Service key that "
    "stands there¦Azure portal > Virtual network gateways > the gateway in the network of {machine} ("
    + AZURE_VM
    + " > "
    "Overview: Virtual network/subnet; if that network has none, in the one under its Peerings) > Connections > each one that is not Connected > Reset > Reset]]",
    "[[express?on the router of the site: bring its interface and the BGP session to that circuit up¦only if it is not "
    "Connected 10 minutes later: on the VPN device of the site: restart the tunnel to the public address of that gateway, "
    "and give it the shared key that the connection in the portal shows]]",
)
NEW_PROCESS_SERVER: Final = (
    CS + " > + Process server > in Azure: the subscription, resource group, region and virtual network of {machine} "
    "({network}), a name, user and password for it, a storage account, a subnet, a free address > OK",
    "sign in to that new server by Remote Desktop: in the window that opens: {configuration_server}, port 443, "
    + PASSPHRASE
    + " > Save",
)
NEW_MASTER_TARGET: Final = (
    "vSphere client > {host} > Actions > New Virtual Machine: [[windows?Windows Server¦Ubuntu {release}, without LVM and "
    "automatic updates]], 4 CPU, 6 GB, LSI Logic controller, disks of 100 GB and 1 TB > Finish; on the second disk "
    "[[windows?an NTFS volume R:¦ext4, mounted as /mnt/retention in /etc/fstab]]",
    "[[windows?sign in to it by Remote Desktop: Unified Setup > Install master target > Install > Proceed To Configuration: the address of "
    "{configuration_server}, " + PASSPHRASE + " > Register¦on it, as root, with the address of {configuration_server} as CS and "
    + PASSPHRASE + ": `wget https://aka.ms/latestlinuxmobsvc -O mt.tar.gz && tar -zxf mt.tar.gz && "
    "./ApplyCustomChanges.sh && ./install -q -d /usr/local/ASR -r MT -v VmWare && echo PASSPHRASE > p && "
    "/usr/local/ASR/Vx/bin/UnifiedAgentConfigurator.sh -i CS -P p`]]",
)  # fmt: skip
NEW_DRIVE: Final = (
    TARGET + " > Edit Settings > Add New Device > Hard Disk: 1024 GB, or more than a day's changes > OK",
    "on {master_target}, as [[target_windows?administrator¦root]], for that new, empty disk only: [[target_windows?`Get-Disk | ? PartitionStyle -eq RAW | "
    "Initialize-Disk -PassThru | New-Partition -DriveLetter S -UseMaximumSize | Format-Volume`¦`lsblk` shows its name, for "
    "example sdc; `mkfs.ext4 /dev/sdc && mkdir /mnt/retention2 && echo '/dev/sdc /mnt/retention2 ext4 rw 0 0' >> "
    "/etc/fstab && mount -a`]]",
    REFRESH,
    at_reprotect("Retention drive: the new volume ([[target_windows?S:¦/mnt/retention2]])"),
)
PREDICT: Final = (
    "yourself, before you call: see that SCENARIO.yaml has the measured bandwidth under `link: bandwidth_mbit_per_s`",
    "yourself: `failback predict SCENARIO.yaml --start 'Fri 18:00' --by 'Mon 06:00'`, with your own times",
    "send the time that it predicts to the owner of {machine}, who accepts it in writing, or names another deadline",
)
TOO_BIG: Final = (
    TAKE_GROUP_OUT,
    SUPPORT + ": no page documents a way home for so many disks that have to go through one server (those of one "
    "replication group, or of one machine)",
    f"[[grouped?later, before the next failover: {ITEMS} > each of {{members}} > Compute > Replication group: smaller groups > "
    "Save¦]]",
)
FREE_SLOTS: Final = (
    ITEMS
    + ": bring the machines that are on their way home to their commit first: [[classic?Unplanned Failover¦Planned "
    "failover]] > OK, then Commit > OK; their disk slots are free once " + JOBS + " shows the commit as Successful"
)
ACCOUNT_ROLE: Final = (
    "PowerCLI (first `Connect-VIServer {vcenter}`): `New-VIRole -Name AzureSiteRecoveryRole -Privilege (Get-VIPrivilege "
    "-Id {privileges})`",
    "vSphere client > the datacenter of {own_host} > Permissions > the line of that account > Edit (no line: Add): Role "
    "AzureSiteRecoveryRole, Propagate to children > OK",
)
NEW_APPLIANCE: Final = (
    VAULT + " > Getting started > Site Recovery > VMware machines to Azure: Prepare infrastructure: download the OVF "
    "template, and copy the key",
    "vSphere client > {host} > Actions > Deploy OVF Template > that file > Finish; power it on, and in its window enter "
    "that key > Login > Continue, then Add vCenter Server: {vcenter} > Continue",
)
URLS: Final = (
    "*.microsoftonline.com, management.azure.com, *.hypervrecoverymanager.windowsazure.com, "
    "*.discoverysrv.windowsazure.com, *.backup.windowsazure.com, *.servicebus.windows.net, *.blob.core.windows.net, "
    "*.vault.azure.net, *.services.visualstudio.com, aka.ms, download.microsoft.com (*. means every name that ends so)"
)
