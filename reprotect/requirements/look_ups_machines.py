"""How a person finds what nobody knows of a protected machine, of its disks and of its machine in Azure."""

from collections.abc import Mapping
from typing import Final

from .look_ups_rows import (
    ANSWER,
    BIOS_UUID,
    ENABLE_UUID,
    HEARTBEAT,
    IDS_OF_DISKS,
    INSIDE,
    NAMES,
    NUMBER_GB,
    OWN_NAME,
    TREE,
    VERSION,
    LookUp,
    no_if,
    yes_if,
)
from .places import AZURE_VM, EDIT, INFRA, ITEM, ITEMS, JOBS, LOOK_ONLY, POWERCLI, URLS, VSPHERE_VM, on_replica, opens
from .row import AZURE, NETWORK, OWNER, VSPHERE

_OVERVIEW: Final = ITEM + " > Overview"
_DIALOG: Final = ITEM + " > " + LOOK_ONLY
_POINTS: Final = _OVERVIEW + " > Latest recovery points"
_SEARCH: Final = "vSphere client > a search for {machine}"
_NO_NAME: Final = "`null` if it belongs to none"
_SERVICES: Final = on_replica(
    "Get-Service svagents,'InMage Scout Application Service'", "systemctl is-active vxagent uarespawnd"
)
_URLS: Final = on_replica(*URLS)
_SHOWS_OPEN: Final = "it shows [[windows?TcpTestSucceeded: True¦open]]"
_TO_SERVER: Final = on_replica(
    "Test-NetConnection {configuration_server} -Port 443", opens("{configuration_server}", "443")
)
_TO_MATES: Final = on_replica("Test-NetConnection ADDRESS -Port 20004", opens("ADDRESS", "20004"))
_RELEASE: Final = "[[windows?(Get-CimInstance Win32_OperatingSystem).Caption¦lsb_release -ds]]"
_DISKS: Final = (
    POWERCLI
    + ": `Get-VM {machine} | Get-HardDisk | select CapacityGB,Filename,@{n='Uuid';e="
    + IDS_OF_DISKS
    + "} | fl`"
)
_SECONDS: Final = "it in seconds, such as `300`"
_BY_DEFAULT: Final = "as `%s` write `true` for each machine that it prints, and once, under `defaults: virtual_machine`, `false` for the others"
_QUESTIONS: Final = (
    POWERCLI
    + ": `(Get-View -ViewType VirtualMachine -Property Name,Runtime.Question | ? {$_.Runtime.Question}).Name`; "
    + _BY_DEFAULT % "pending_question"
)
_AUTOSTART: Final = (
    POWERCLI
    + ": `Get-View -ViewType HostSystem -Property Config.AutoStart | % {$_.Config.AutoStart.PowerInfo} | "
    + "? StartAction -eq powerOn | % {(Get-View $_.Key -Property Name).Name}`; "
    + _BY_DEFAULT % "autostart"
)
_IN_AZURE: Final = (
    "if `failback import` made the file: `az vm list -d -o json > vms.json` in the subscription of the Azure machines, "
    "then the same import again with vms.json among its files (it writes the file anew: keep what was added by hand)"
)
"""`failback import` reads this list. PowerCLI shows the properties that an import of `govc object.save` reads."""

_READ_ALONE: Final = (
    "the requests for each item that `failback import` printed, or the script of `failback import --collect sh`, then the same "
    "import again with the answers (it writes the file anew: keep what was added by hand)"
)
_RAN_BEFORE: Final = (
    "`journalctl -u NetworkManager | head; grep -sh NetworkManager /var/log/messages* /var/log/syslog* | head`"
)

# One line a fact.
# fmt: off
_VM: Final[Mapping[str, LookUp]] = {
    "exists_on_premises": LookUp(VSPHERE, _SEARCH, yes_if("it finds the machine")),
    "powered_on": LookUp(VSPHERE, VSPHERE_VM + " > Summary", yes_if("it shows Powered On")),
    "snapshots": LookUp(VSPHERE, VSPHERE_VM + " > Snapshots", NAMES),
    "configuration_server": LookUp(AZURE, _OVERVIEW + " names its configuration server", OWN_NAME),
    "in_configuration_database": LookUp(AZURE, _OVERVIEW + ": Agent status", yes_if(f"it has {HEARTBEAT}")),
    "agent_registered": LookUp(AZURE, _OVERVIEW + ": Agent status", yes_if(f"it has {HEARTBEAT}")),
    "static_ip": LookUp(OWNER, "ask {owner}: did {machine} have a fixed IP address before the failover, and none by DHCP?", ANSWER),
    "memory_gib": LookUp(VSPHERE, VSPHERE_VM + " > Summary: Memory", NUMBER_GB),
    "os_version": LookUp(INSIDE, "sign in to {machine} as its administrator: `" + _RELEASE + "`", "what it prints"),
    "agent_version": LookUp(AZURE, _OVERVIEW + ": Agent version", VERSION),
    "firmware": LookUp(VSPHERE, EDIT + " > VM Options > Boot Options: Firmware (close with Cancel)", "`bios` or `efi`"),
    "bios_uuid": LookUp(VSPHERE, BIOS_UUID % "{machine}", "what it prints, in quotes"),
    "instance_uuid": LookUp(VSPHERE, POWERCLI + ": `(Get-VM {machine}).ExtensionData.Config.InstanceUuid`", "what it prints, in quotes"),
    "template": LookUp(VSPHERE, VSPHERE_VM + " > Monitor > Events: from which template it was deployed", "the template's name; `null` if none is named"),
    "disk_enable_uuid": LookUp(VSPHERE, ENABLE_UUID % "{machine}", yes_if("it prints TRUE")),
    "vcenter": LookUp(VSPHERE, TREE % "{machine}", f"its name; {_NO_NAME}"),
    "host": LookUp(VSPHERE, VSPHERE_VM + " > Summary: Host", OWN_NAME),
    "datastore": LookUp(VSPHERE, VSPHERE_VM + " > Datastores", OWN_NAME),
    "registered_in_vcenter": LookUp(VSPHERE, _SEARCH, yes_if("it finds the machine, without '(orphaned)' or '(inaccessible)'")),
    "pending_question": LookUp(VSPHERE, VSPHERE_VM + " > Summary", yes_if("it shows a question that waits for an answer"), for_all=_QUESTIONS),
    "autostart": LookUp(VSPHERE, "vSphere client > {own_host} > Configure > VM Startup/Shutdown", yes_if("{machine} is under automatic start"), for_all=_AUTOSTART),
    "snapshots_possible": LookUp(VSPHERE, EDIT + " (close it with Cancel): Disk Mode of each hard disk, SCSI Bus Sharing of each controller", yes_if("each disk is Dependent and each controller has None")),
    "tools": LookUp(VSPHERE, VSPHERE_VM + " > Summary: VMware Tools", "`vmware_tools`; `null` if it shows Not installed"),
    "retains_ip": LookUp(AZURE, AZURE_VM + " > Overview: Private IP address", yes_if("it is that address"), ((NETWORK, "the network team names the IP address that {machine} has on site"),)),
    "manages_recovery": LookUp(AZURE, INFRA + ": the names and IP addresses of its servers and appliances", "the kind of the one that is {machine}, such as `configuration server`; `null` if none is"),
    "source": LookUp(VSPHERE, "vSphere client > a search for {machine}", "`vmware` if it finds a virtual machine from before the failover, `physical` if there was none"),
    "target": LookUp(AZURE, _DIALOG, "`vmware` if it offers a VMware site as the target, `hyper-v` if it offers another"),
    "direction_shown": LookUp(AZURE, _DIALOG, "the name of the direction that it shows: `azure_to_on_premises` or `on_premises_to_azure`"),
    "move_to_modernised_planned": LookUp(AZURE, ITEMS + ", and your own list of planned changes", yes_if("{machine} is to move to the modernised architecture before it is home")),
    "migration_completed": LookUp(AZURE, JOBS, yes_if("one that completed the migration of {machine} is Successful")),
    "protection_disabled": LookUp(AZURE, ITEMS, no_if("it lists {machine}")),
    "failover_cancelled": LookUp(AZURE, JOBS, yes_if("the last failover of {machine} is Cancelled")),
    "replication_starts": LookUp(AZURE, _OVERVIEW + ", once its reprotect is Successful", yes_if("the synchronisation percentage grows within 15 minutes, without error 78169")),
    "replication_health": LookUp(AZURE, _OVERVIEW + ": Replication health", "`normal` for Healthy, `warning` or `critical`"),
    "resync_required": LookUp(AZURE, _OVERVIEW + ": Status", yes_if("it is Resynchronization required")),
    "recovery_points": LookUp(AZURE, _POINTS + ", once its reprotect is Successful", "`1` if there is a time later than that, `0` if not"),
    "app_consistent_points": LookUp(AZURE, _POINTS + ", once its reprotect is Successful", "`1` if App-consistent has a time later than that, `0` if not"),
    "rpo_s": LookUp(AZURE, _OVERVIEW + ": RPO", _SECONDS),
    "backlog_mib": LookUp(AZURE, _OVERVIEW + ": Data in process", "it as a number of MiB (1 GB is 1024), `0` for none"),
    "holds_compressed_data": LookUp(OWNER, "ask {owner}: is most data of {machine} compressed or encrypted?", ANSWER),
    "return_within_h": LookUp(OWNER, "ask {owner}: within how many hours has {machine} to be back, by promise?", "that number; `null` if none was promised"),
    "downtime_agreed": LookUp(OWNER, "ask {owner}, with the planned start and end of the return: may {machine} be down in that time?", "`true` for yes in writing, `false` for no"),
    "boot_tested": LookUp(OWNER, "ask {owner}: has somebody seen {machine} boot on site since it was last changed?", ANSWER),
    "way_home_rehearsed": LookUp(AZURE, JOBS + ", and your own records of earlier ones", yes_if("a commit of the failback of {machine}, or of one with its operating system and architecture, was Successful")),
    "mounts_by_hand": LookUp(OWNER, "ask {owner}: did somebody write /etc/fstab or the LVM configuration of {machine} by hand?", ANSWER),
    "network_manager": LookUp(INSIDE, "sign in to {machine} as its administrator, and look whether it ran NetworkManager before the failover to Azure, which may have removed it: " + _RAN_BEFORE, "`true` if a line is from before the failover, or its records say that it ran then; `false` if they say that it did not"),
}
_AZURE: Final[Mapping[str, LookUp]] = {
    "running": LookUp(AZURE, AZURE_VM + " > Overview", yes_if("Status is Running and Agent status is Ready"), for_all=_IN_AZURE),
    "created_by_hand": LookUp(AZURE, _OVERVIEW + " names its virtual machine in Azure", no_if("it is this one"), for_all=_IN_AZURE),
    "stopped_services": LookUp(AZURE, _SERVICES, "the names of those that are not [[windows?Running¦active]] as a list; `[]` if all are"),
    "disks_unchanged": LookUp(AZURE, AZURE_VM + " > Disks, beside " + ITEM + " > Disks: the number of disks and their sizes; there > Size: whether it has temporary storage", "`true` if nothing differs, there is none and that answer is no; `false` if not: then under `disks` each that differs gets `added_in_azure: true`, `resized_in_azure: true`, `rewritten_in_azure: true` or `temporary_storage: true`", ((OWNER, "ask {owner}: was a disk of {machine} encrypted, defragmented or restored in Azure?"),)),
    "exists": LookUp(AZURE, "Azure portal > Virtual machines", yes_if("it lists {machine}"), for_all=_IN_AZURE),
    "moved": LookUp(AZURE, AZURE_VM + " > Overview: Resource group", no_if("it is the one that " + ITEM + " > Compute shows"), for_all=_IN_AZURE),
    "reaches_configuration_server": LookUp(AZURE, _TO_SERVER, yes_if(_SHOWS_OPEN)),
    "reaches_service_urls": LookUp(AZURE, _URLS, yes_if(_SHOWS_OPEN + " three times")),
    "reaches_group": LookUp(AZURE, _TO_MATES + ", with the private ADDRESS of each other machine of replication group {group_name} ({members})", yes_if(_SHOWS_OPEN + " each time")),
    "network": LookUp(AZURE, AZURE_VM + " > Overview: Virtual network/subnet", "the network's name, which stands before the slash"),
    "needed_after_return": LookUp(OWNER, "ask {owner}: is anything of the machine {machine} in Azure needed after its return?", ANSWER),
}
_DISK: Final[Mapping[str, LookUp]] = {
    "excluded": LookUp(AZURE, ITEM + " > Disks", no_if("it lists a disk with the size of {disk_sizes}"), for_all=_READ_ALONE),
    "iscsi": LookUp(OWNER, "ask {owner}: did the system of {machine} connect {disk_sizes} by iSCSI itself?", ANSWER),
    "raw_device": LookUp(VSPHERE, POWERCLI + ": `Get-VM {machine} | Get-HardDisk | select CapacityGB,DiskType`; of a machine that is gone, what its last backup says", yes_if("the DiskType of {disk_sizes} begins with Raw")),
    "uuid": LookUp(VSPHERE, _DISKS, "of {disk_sizes} the Uuid of the disk of that size and place, in quotes"),
    "attached_on_premises": LookUp(VSPHERE, _DISKS, yes_if("it prints a disk of the size of {disk_sizes}")),
    "held_by": LookUp(VSPHERE, POWERCLI + ": `Get-VM | Get-HardDisk | ? Filename -match '/{machine}' | select Parent,Filename`", "the other machine under Parent; `null` if {machine} is the only one"),
}
# fmt: on
MACHINES: Final[Mapping[tuple[str, str], LookUp]] = {
    **{("virtual_machines", key): row for key, row in _VM.items()},
    **{("virtual_machines", f"azure.{key}"): row for key, row in _AZURE.items()},
    **{("virtual_machines", f"disks.{key}"): row for key, row in _DISK.items()},
}
"""Section and key -> who looks where, and what is written down."""
