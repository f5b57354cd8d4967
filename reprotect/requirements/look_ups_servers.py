"""How a person finds what nobody knows of the servers, of hosts and datastores, and of the link."""

from collections.abc import Mapping
from typing import Final

from .look_ups_rows import (
    BIOS_UUID,
    ENABLE_UUID,
    HEARTBEAT,
    IDS_OF_DISKS,
    NAMES,
    NUMBER_GB,
    OWN_NAME,
    ROLE_IDS,
    TREE,
    VERSION,
    LookUp,
    no_if,
    yes_if,
)
from .persons import AZURE_NETWORK
from .places import BOX, BOXES, CS, DESKTOP, FOLDERS, GATEWAY, INFRA, ITEM, LOOK_ONLY, POWERCLI, on_replica, opens
from .row import AZURE, NETWORK, SITE, VSPHERE

_VM: Final = "vSphere client > {object}"
_SUMMARY: Final = _VM + " > Summary"
_EDIT: Final = _VM + " > Edit Settings (close it with Cancel)"
_ON: Final = "sign in to {object} by Remote Desktop, in PowerShell as administrator: "
_AS_ROOT: Final = "on {object}, as root: "
_ON_TARGET: Final = "on {object}, [[target_windows?in PowerShell as administrator¦as root]]: "
_VCENTERS: Final = CS + " > vCenter servers"
_DIALOG: Final = ITEM + " > " + LOOK_ONLY
_ROLE: Final = (
    "vSphere client > the datacenter with {home_host}, where {one_machine} comes home (and each other one where machines come home) > Permissions: the ROLE of ACCOUNT; "
    + POWERCLI
    + ": `(Get-VIRole ROLE).PrivilegeList`"
)
_ACCOUNT: Final = (AZURE, _VCENTERS + " > {vcenter} > Summary: the user name is ACCOUNT")
_BOX_ACCOUNT: Final = (
    SITE,
    "sign in to {object} by Remote Desktop: " + DESKTOP + " > vCenter server: the user name is ACCOUNT",
)
_TASKS: Final = _VM + " > Monitor > Tasks"
_MOVED: Final = yes_if("a storage migration of it came after the reprotect")
_DISKS: Final = POWERCLI + ": `Get-VM {object} | Get-HardDisk | % " + IDS_OF_DISKS + "`"
_RELEASE: Final = "[[target_windows?(Get-CimInstance Win32_OperatingSystem).Caption¦lsb_release -ds]]"
_TO_BOTH: Final = "`Test-NetConnection {configuration_server} -Port 443` and `Test-NetConnection %s -Port 9443`"
_FORBIDDEN: Final = (
    "FIPS (`reg query HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\FipsAlgorithmPolicy /v Enabled` prints 0x1), roles "
    "(`Get-WindowsFeature AD-Domain-Services,Hyper-V | ? Installed` prints one), web sites (Internet Information Services Manager > "
    "Sites: one whose Basic Settings > Physical path is in no Microsoft Azure folder) and antivirus (active, and its exclusions lack one of "
    + FOLDERS
    + ")"
)
_URLS: Final = "`'login.microsoftonline.com','management.azure.com','aka.ms' | % { Test-NetConnection $_ -Port 443 }`"
_PORTS: Final = "a list of the ports that it does not show as [[windows?TcpTestSucceeded: True¦open]], such as `[%s]`; `[]` if it shows that for each"
_LINE: Final = (
    "[[express?Azure portal > ExpressRoute circuits > the circuit > Overview: Provider status¦"
    + GATEWAY
    + " > Connections: Status]]"
)
_TRACED: Final = (
    "sign in to [[classic?[[server_in_azure?{configuration_server}¦{process_server}]]¦{appliance}]] by Remote Desktop, in "
    "PowerShell as administrator: `tracert -d ACCOUNT.blob.core.windows.net`, with the ACCOUNT of the cache storage"
)
_PROXY: Final = "`netsh winhttp show proxy`; if it names a PROXY: `iwr https://login.microsoftonline.com -UseBasicParsing -Proxy http://PROXY`"

# One line a fact.
# fmt: off
_CONFIGURATION_SERVER: Final[Mapping[str, LookUp]] = {
    "up": LookUp(VSPHERE, _SUMMARY, yes_if("it shows Powered On")),
    "connected": LookUp(AZURE, CS, yes_if(f"it shows Connected, with {HEARTBEAT}")),
    "vcenter_connected": LookUp(AZURE, _VCENTERS, yes_if(f"each shows Connected, with {HEARTBEAT}")),
    "version": LookUp(AZURE, CS + ": column Agent version, row {object}", VERSION),
    "privileges": LookUp(VSPHERE, _ROLE, ROLE_IDS, (_ACCOUNT,)),
    "vcenter_accounts.privileges": LookUp(VSPHERE, _ROLE, ROLE_IDS, (_ACCOUNT,)),
    "vcenters": LookUp(AZURE, _VCENTERS, NAMES),
    "lost_vcenters": LookUp(AZURE, _VCENTERS + ": those that are not Connected", NAMES),
    "address_changed": LookUp(SITE, _ON + "`ipconfig`", no_if("it prints that address"), ((AZURE, CS + " > Overview: its IP address"),)),
    "rebuilt": LookUp(AZURE, CS + " > Overview: registration date", no_if("it is one from before the failover")),
    "failback_policy": LookUp(AZURE, INFRA + " > Replication policies", yes_if("a policy whose name ends in -failback is associated with {object}")),
    "closed_ports": LookUp(AZURE, on_replica("Test-NetConnection {object} -Port 443", opens("{object}", "443")), _PORTS % "443"),
    "nics": LookUp(VSPHERE, _EDIT + ": how many network adapters it has", "that number, such as `2`"),
    "urls_over_expressroute": LookUp(SITE, _ON + "`tracert -d login.microsoftonline.com`", "`true` if a line shows an address of that range, `false` if none does or there is no range", ((NETWORK, "the network team names the address range of ExpressRoute, or says that there is none"),)),
    "authenticating_proxy": LookUp(SITE, _ON + _PROXY, "`true` if that prints 407, `false` if it prints 200 or there is no proxy"),
}
_PROCESS_SERVER: Final[Mapping[str, LookUp]] = {
    "up": LookUp(AZURE, CS + " > {object}", yes_if(f"it shows Connected, with {HEARTBEAT}")),
    "version": LookUp(AZURE, CS + ": column Agent version, row {object}", VERSION),
    "registered": LookUp(AZURE, CS, yes_if("it lists {object}")),
    "listed": LookUp(AZURE, ITEM + " > Overview: Process server", yes_if("it shows {object}")),
    "network": LookUp(AZURE, "Azure portal > Virtual machines > {object} > Overview: Virtual network/subnet", "the network's name, which stands before the slash"),
    "reaches_servers": LookUp(SITE, _ON + _TO_BOTH % "{master_target}", yes_if("both show TcpTestSucceeded: True")),
    "stopped_services": LookUp(SITE, _ON + "`Get-Service cxprocessserver,ProcessServer,ProcessServerMonitor`", "the names of those that are not Running as a list, such as `[ProcessServer]`; `[]` if all run"),
    "static_ip": LookUp(f"[[server_in_azure?{AZURE_NETWORK}¦{SITE}]]", "[[server_in_azure?Azure portal > Virtual machines > {object} > Network settings > its network interface > IP configurations¦" + _ON + "`ipconfig /all`]]", yes_if("it shows [[server_in_azure?Static¦DHCP Enabled: No]]")),
    "behind_nat": LookUp(SITE, _ON + "`ipconfig`", no_if("it prints that address"), ((AZURE, CS + " > {object}: its IP address"),)),
    "in_azure": LookUp(AZURE, "Azure portal > Virtual machines", yes_if("it lists {object}")),
    "closed_ports": LookUp(AZURE, on_replica("Test-NetConnection {object} -Port 9443", opens("{object}", "9443")), _PORTS % "9443"),
    "load_percent": LookUp(AZURE, CS + " > {object}: CPU and memory", "the higher of the two in percent, such as `45`"),
}
_MASTER_TARGET: Final[Mapping[str, LookUp]] = {
    "up": LookUp(AZURE, CS + " > {object}", yes_if(f"it has {HEARTBEAT}")),
    "host": LookUp(VSPHERE, _SUMMARY + ": Host", OWN_NAME),
    "datastore": LookUp(VSPHERE, _VM + " > Datastores", OWN_NAME),
    "snapshots": LookUp(VSPHERE, _VM + " > Snapshots", NAMES),
    "version": LookUp(AZURE, CS + ": column Agent version, row {object}", VERSION),
    "os_version": LookUp(SITE, _ON_TARGET + "`" + _RELEASE + "`", "what it prints"),
    "registered": LookUp(AZURE, CS, yes_if("it lists {object}")),
    "physical": LookUp(VSPHERE, "vSphere client > a search for {object}", no_if("it finds a virtual machine")),
    "discovered": LookUp(AZURE, _DIALOG + ", Master Target Server {object}", yes_if("it offers datastores")),
    "vcenter": LookUp(VSPHERE, TREE % "{object}", OWN_NAME),
    "bios_uuid": LookUp(VSPHERE, BIOS_UUID % "{object}", "what it prints, in quotes"),
    "template": LookUp(VSPHERE, _VM + " > Monitor > Events: from which template it was deployed", "the template's name; `null` if none is named"),
    "disk_uuids": LookUp(VSPHERE, _DISKS, "what it prints, each in quotes, as a list; `[]` if it prints nothing"),
    "disk_enable_uuid": LookUp(VSPHERE, ENABLE_UUID % "{object}", yes_if("it prints TRUE")),
    "scsi_controllers": LookUp(VSPHERE, _EDIT + ": the type of each SCSI controller", "a list of `lsilogic` (LSI Logic Parallel), `lsilogic-sas` and `pvscsi` (VMware Paravirtual), such as `[lsilogic-sas]`; `[]` if it has none"),
    "tools": LookUp(VSPHERE, _SUMMARY + ": VMware Tools", "`vmware_tools` if it shows Running, `null` if not"),
    "storage_vmotion": LookUp(VSPHERE, _TASKS, _MOVED),
    "lvm": LookUp(SITE, _AS_ROOT + "`lsblk`", yes_if("it shows an entry of type lvm")),
    "cores": LookUp(VSPHERE, _SUMMARY, "the number of CPUs"),
    "memory_gib": LookUp(VSPHERE, _SUMMARY, "the memory as a number of GB"),
    "os_disk_gib": LookUp(SITE, _AS_ROOT + "`lsblk`: the SIZE of the disk above the line that ends in /", "that number of G, such as `100`"),
    "kernel_updates": LookUp(SITE, _AS_ROOT + "`apt-mark showhold`", no_if("it prints linux-image-generic and linux-headers-generic")),
    "hosts_file_complete": LookUp(SITE, _AS_ROOT + "`getent ahosts $(hostname)`", yes_if("it lists each address that `hostname -I` prints")),
    "nic_starts_at_boot": LookUp(SITE, _AS_ROOT + "`lsb_release -rs; ls /sys/class/net; grep ^auto /etc/network/interfaces`", yes_if("the release is above 16.04, or each adapter, lo aside, has a line that begins with auto")),
    "authenticating_proxy": LookUp(SITE, _AS_ROOT + "`curl -vk https://{configuration_server}`", "`true` if it shows 407, `false` if it shows Connected to {configuration_server} and no 407"),
    "closed_ports": LookUp(SITE, "sign in to {process_server} by Remote Desktop, in PowerShell as administrator: `Test-NetConnection {object} -Port 9443`", "a list of the port if it does not show TcpTestSucceeded: True, `[9443]`; `[]` if it does"),
    "reaches_servers": LookUp(SITE, _ON_TARGET + "[[target_windows?" + _TO_BOTH % "{process_server}" + f"¦`{opens('{configuration_server}', '443')}; {opens('{process_server}', '9443')}`]]", yes_if("[[target_windows?both show TcpTestSucceeded: True¦open stands there twice]]")),
    "accessible_datastores": LookUp(AZURE, _DIALOG + ", Master Target Server {object}: the datastores that it offers", NAMES),
    "retention_drives.listed": LookUp(AZURE, _DIALOG + ", field Retention drive", yes_if("it offers {retention_drive}")),
    "retention_drives.filesystem": LookUp(SITE, _ON_TARGET + "`[[target_windows?Get-Volume¦lsblk -f]]`: the [[target_windows?FileSystem of drive¦FSTYPE of]] {retention_drive}", "that word, such as `[[target_windows?NTFS¦ext4]]`"),
    "retention_drives.free_for_retention": LookUp(SITE, _ON_TARGET + "[[target_windows?`dir` of¦`ls -A` in]] {retention_drive}", no_if("it prints an error, or shows an installation, a cache or the disk of a machine")),
}
_APPLIANCE: Final[Mapping[str, LookUp]] = {
    "host": LookUp(VSPHERE, _SUMMARY + ": Host", OWN_NAME),
    "datastore": LookUp(VSPHERE, _VM + " > Datastores", OWN_NAME),
    "closed_ports": LookUp(AZURE, on_replica("443,9443 | % { Test-NetConnection {appliance_fqdn} -Port $_ }", f"{opens('{appliance_fqdn}', '443')}; {opens('{appliance_fqdn}', '9443')}"), _PORTS % "9443" + "; if it says that the name is not known, add a host record of it to the DNS that the machine uses in Azure, and look again"),
    "healthy": LookUp(AZURE, BOXES + " > {object}", yes_if(f"it shows Healthy, with {HEARTBEAT}")),
    "parts.healthy": LookUp(AZURE, BOXES + " > {object}: its components", yes_if("that one is Healthy")),
    "storage_vmotion": LookUp(VSPHERE, _TASKS, _MOVED),
    "vcenter": LookUp(AZURE, BOX + ": its vCenter", OWN_NAME),
    "vcenter_connected": LookUp(AZURE, BOX + " > its vCenter", yes_if(f"it shows Connected, with {HEARTBEAT}")),
    "privileges": LookUp(VSPHERE, _ROLE, ROLE_IDS, (_BOX_ACCOUNT,)),
    "authenticating_proxy": LookUp(SITE, _ON + _PROXY, "`true` if that prints 407, `false` if it prints 200 or there is no proxy"),
    "reaches_service_urls": LookUp(SITE, _ON + _URLS, yes_if("it shows TcpTestSucceeded: True three times")),
    "forbidden_software": LookUp(SITE, _ON + "look for " + _FORBIDDEN, "a list of those that are there, of the words `FIPS mode`, `role`, `web site`, `antivirus`, such as `[FIPS mode, role]`; `[]` for none"),
    "log_storage_accounts": LookUp(AZURE, "Azure portal > Storage accounts: those whose Location is that of the vault and whose Performance is Standard", NAMES),
    "accessible_datastores": LookUp(AZURE, _DIALOG + ", Appliance {object}: the datastores that it offers", NAMES),
    "fqdn": LookUp(SITE, _ON + "`[Net.Dns]::GetHostEntry('').HostName`", "what it prints, such as `box.example.com`; `null` if there is no dot in it"),
    "cores": LookUp(VSPHERE, _EDIT, "the number of CPUs"),
    "memory_gib": LookUp(VSPHERE, _EDIT, "the memory as a number of GB"),
    "disk_gib": LookUp(VSPHERE, _EDIT, "the sizes of all of its hard disks together, as a number of GB"),
}
_HOST: Final[Mapping[str, LookUp]] = {
    "connected": LookUp(VSPHERE, _SUMMARY, no_if("a line says that it does not respond or is disconnected")),
    "free_memory_gib": LookUp(VSPHERE, _SUMMARY + ": Memory: Free", NUMBER_GB),
    "edition": LookUp(VSPHERE, _VM + " > Configure > Licensing", "`evaluation` if it shows Evaluation Mode, `free` if it shows Hypervisor (the free edition), else `licensed`"),
    "version": LookUp(VSPHERE, _SUMMARY + ": Hypervisor", VERSION),
    "other_machines": LookUp(VSPHERE, _VM + " > VMs: those that are not protected", NAMES),
    "datastores": LookUp(VSPHERE, _VM + " > Datastores: all that it lists", NAMES),
    "read_only_datastores": LookUp(VSPHERE, _VM + " > Datastores > each > Hosts: those of which {object} has the access mode Read-only", NAMES),
    "discovered": LookUp(AZURE, _VCENTERS, yes_if("it lists {object} or its vCenter, Connected")),
}
_DATASTORE: Final[Mapping[str, LookUp]] = {
    "free_gib": LookUp(VSPHERE, _SUMMARY + ": Free", "it as a number of GB (1 TB is 1024)"),
    "vcenter": LookUp(VSPHERE, TREE % "{object}", OWN_NAME),
    "accessible": LookUp(VSPHERE, "vSphere client > {host} > Datastores: {object}", yes_if("it is listed without (inaccessible)")),
}
_LINK: Final[Mapping[str, LookUp]] = {
    "up": LookUp(AZURE_NETWORK, _LINE, yes_if("it is [[express?Provisioned¦Connected]]")),
    "kind": LookUp(AZURE_NETWORK, _LINE, "`vpn` if the link is a connection there, `expressroute_private` if it is a circuit with private peering, `public` if it is neither"),
    "forward": LookUp(SITE, _TRACED, "`vpn` if a line shows an address of that range; else `public`, or `private_endpoints` if the last line is a private address", ((NETWORK, "the network team names the address range of the VPN, and for private endpoints that they are used"),)),
}
# fmt: on
_SECTIONS: Final = {
    "configuration_servers": _CONFIGURATION_SERVER,
    "process_servers": _PROCESS_SERVER,
    "master_targets": _MASTER_TARGET,
    "appliances": _APPLIANCE,
    "hosts": _HOST,
    "datastores": _DATASTORE,
    "link": _LINK,
}
LOOK_UPS_OF_SERVERS: Final[Mapping[tuple[str, str], LookUp]] = {
    (section, key): row for section, rows in _SECTIONS.items() for key, row in rows.items()
}
"""Section and key -> who looks where, and what is written down."""
