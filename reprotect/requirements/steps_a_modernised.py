"""The steps of the rules of the modernised architecture (A)."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Final

from .answers import LATEST
from .places import (
    AGAIN,
    AZURE_VM,
    BOX,
    BOXES,
    DESKTOP,
    EDIT,
    FOLDERS,
    ITEM,
    ITEMS,
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
from .steps_m_master_target import attach_again
from .steps_r_article import CANNOT, MOVE_OR_MOUNT
from .steps_shared import ACCOUNT_ROLE, FREE_SLOTS, LINK_UP, NEW_APPLIANCE, TOO_BIG, URLS
from .steps_tg_way_home import COPY_FROM_AZURE, ONE_OF_BOTH, STATIC

_OTHER: Final = at_reprotect("Appliance: {other_server}")
_NEW: Final = at_reprotect("Appliance: the new one")
_START: Final = "`Get-Service | ? {$_.StartType -eq 'Automatic' -and $_.Status -ne 'Running'} | Start-Service -ErrorAction Continue`"
_BOX_VM: Final = "vSphere client > {appliance}"
_HOST: Final = host_up("host")
_INSIDE: Final = "sign in to {appliance} by Remote Desktop: " + DESKTOP
_MADE: Final = tuple(f"[[other_server?¦{step}]]" for step in NEW_APPLIANCE[1:])
_QUEUED: Final = (
    "`failback predict SCENARIO.yaml --start 'Fri 18:00' --by 'Mon 06:00'`, with your own start and deadline: if it prints a line "
    "that begins with Yes, do no more; `failback run` starts each machine when slots are free",
    f"[[other_server?¦only if it prints none: {NEW_APPLIANCE[0]}; new appliances in all: {{more_servers}}, each by steps 2 to 5]]",
    *_MADE,
    f"[[other_server?¦{BOXES}: wait until each new one is Healthy]]",
    "only if step 1 printed no Yes: [[other_server?¦in {estate_file}, under `appliances`, copy the entry of {appliance} for each new one, with its `name` and "
    "`local_disks: 0`; ]]in SCENARIO.yaml, under `plan: item_choices`, write `MACHINE: {appliance: NAME}` for each machine that the next step does not leave "
    "on {appliance}; then step 1 again; if it prints no Yes, agree a later deadline with the owners",
    f"at each reprotect: {ITEMS} > each > Re-protect > Appliance > OK: {{split}}",
)
_ALONE: Final = (f"[[other_server?{_OTHER}¦{NEW_APPLIANCE[0]}]]", *_MADE, f"[[other_server?¦{_NEW}]]")
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "A01": (
        *(f"[[host_down?{step}¦]]" for step in _HOST),
        _BOX_VM + " > Power > Power On, if it is off",
        "[[host_down?¦sign in to {appliance} by Remote Desktop, in PowerShell as administrator: " + _START + "]]",
        "[[host_down?only if {appliance} is not Healthy in the vault 15 minutes later: "
        + _INSIDE
        + " > Appliance components: open each that is not healthy, and do what its message says¦there, "
        + DESKTOP
        + " > Appliance components: open each that is not healthy{parts}, and do what its message says]]",
        "[[host_down?¦only if {appliance} is not Healthy in the vault 15 minutes later: [[other_server?"
        + _OTHER
        + ", for machines whose "
        "reprotect has not begun¦" + SUPPORT + ": what ends that message?]]]]",
    ),
    "A02": tuple(
        f"[[too_big?{too_big}¦[[busy?{busy}¦[[queues?{queued}¦{alone}]]]]]]"
        for too_big, busy, queued, alone in zip_longest(TOO_BIG, (FREE_SLOTS,), _QUEUED, _ALONE, fillvalue="")
    ),
    "A03": (
        *MOVE_OR_MOUNT,
        "[[gone?[[other_datastore?"
        + CANNOT
        + at_reprotect("Datastore: {other_datastore}")
        + "¦]]¦[[other_server?"
        + CANNOT
        + at_reprotect("Appliance: {other_server}, on a host that mounts {object}")
        + "¦]]]]",
        AGAIN,
    ),
    "A04": (
        "[[log_account?¦Azure portal > Storage accounts > + Create (role Storage Account Contributor): a name of 3 to 24 small "
        "letters and digits, the region of the vault ("
        + VAULT
        + " > Overview: Location), Performance Standard, Redundancy LRS > "
        "Review + create > Create]]",
        at_reprotect("Cache storage account: [[log_account?{log_account}¦the new one]]"),
    ),
    "A05": (
        port_out("Service Tag, Internet", "443"),
        "only if the command in the line `proof` fails then: the network team allows TCP 443 from the private address of {machine} ("
        + AZURE_VM
        + " > Overview), in the firewall or proxy that it goes through, to "
        + URLS,
    ),
    "A06": (
        on_replica(
            "Get-Service svagents,'InMage Scout Application Service' | Start-Service",
            "systemctl start vxagent uarespawnd",
        ),
        "only if its agent shows no heartbeat 15 minutes later: " + reached("login.microsoftonline.com", "443"),
        "only if it does not show that: " + port_out("Service Tag, Internet", "443"),
        "only if it still does not: the network team allows TCP 443 from the private address of {machine} ("
        + AZURE_VM
        + " > Overview) "
        "to " + URLS,
        "only if there is no heartbeat 15 minutes after all of this, or Run prints that there is no such service: "
        + SUPPORT
        + ": why does the agent of {machine} send no heartbeat?",
    ),
    "A07": STATIC,
    "A08": (
        COPY_FROM_AZURE + ", before the failback",
        "before the failback, write to {owner}: open each copy, copy again what does not open, and answer when all open",
    ),
    "A09": attach_again(
        "in PowerShell as administrator: `Get-Partition | ? DriveLetter | Get-Disk | select Size,SerialNumber`: write down each SerialNumber"
    ),
    "A10": (
        "vSphere client > {object} > Power > Power On, if it is off",
        "sign in to {object} by Remote Desktop, in PowerShell as administrator: " + _START,
        "there, " + DESKTOP + " > Appliance components: open each that is not healthy, and do what its message says",
        "only if {object} is not Healthy in the vault 15 minutes later: " + SUPPORT + ": what ends that message?",
    ),
    "A11": (
        "ask {owners}, in writing: " + LATEST + " The vault offers only two recovery points, Latest "
        "and Latest app-consistent; anything older must come from a backup",
        "in SCENARIO.yaml, under `plan: choices`, write `recovery_point: latest`; if one says no, also, for each machine "
        "of that application or replication group, under `plan: item_choices`: `{machine}: {recovery_point: "
        "latest_app_consistent}` (older[[grouped?; but one moment for the whole group¦]])",
        "at the failback of {machine}: "
        + ITEM
        + " > Planned failover > Recovery Point: Latest, or Latest app-consistent if one "
        "said no > OK",
    ),
    "A12": (
        EDIT + ", while it is off > each hard disk > Disk Mode: Dependent > OK",
        "only if "
        + VSPHERE_VM
        + " > Snapshots > Take Snapshot is not offered then: write to {owner} that a cancelled failback cannot "
        "restore the earlier state; ask for a yes in writing (after a no, {machine} stays in Azure)",
    ),
    "A13": (
        "write to all Azure administrators: start no move of {machine} to the modernised architecture before "
        + ITEM
        + " > Overview shows Protected, from on-premises to Azure",
    ),
    "A14": (
        WAIT_UNTIL_IDLE + ", and start none before step 4 is done",
        _BOX_VM + " > Power > Shut Down Guest OS > Yes",
        _BOX_VM
        + " > Edit Settings: {sizes}[[grow_disk?; enlarge the last hard disk (only if its size is grey: first Snapshots > "
        "Delete All)¦]] > OK",
        _BOX_VM + " > Power > Power On",
        "[[grow_disk?sign in to {appliance} by Remote Desktop: Disk Management > Action > Rescan Disks, then the last volume of the "
        "enlarged disk > Extend Volume > Finish¦]]",
    ),
    "A15": (
        *(f"[[link_down?{step}¦]]" for step in LINK_UP),
        "[[link_down?¦[[no_fqdn?sign in to {appliance} by Remote Desktop: System Properties > Computer Name > Change > More: the "
        "DNS suffix of your domain > OK > OK > Restart Now¦in the firewalls between Azure and the site: allow TCP {ports} from "
        "{machine} to {appliance}, and save]]]]",
        "[[link_down?¦[[no_fqdn?on the DNS server that {machine} in Azure uses: a host record with that full name and the "
        "address of {appliance}¦sign in to {appliance} by Remote Desktop, in PowerShell as administrator: "
        "`New-NetFirewallRule -DisplayName SiteRecovery -Direction Inbound -Protocol TCP -LocalPort {ports} -Action Allow`]]]]",
    ),
    "A16": (
        "in SCENARIO.yaml, under `plan`, delete master_target, process_server and retention_drive of {machine}: an appliance replaces them",
    ),
    "A17": ONE_OF_BOTH,
    "A18": (
        "[[other_server?only if {object} need not be kept: ¦]]" + at_reprotect("Datastore: {store_for_new}{room}"),
        "[[other_server?only if it has to be: " + at_reprotect("Appliance: {other_server}") + "¦]]",
    ),
    "A19": (
        "[[no_vcenter?"
        + BOX
        + ": tell the server administrator and the network team the address of its vCenter, as VCENTER¦]]",
        "sign in to {appliance} by Remote Desktop, in PowerShell: `Test-NetConnection {vcenter} -Port 443`: look at TcpTestSucceeded",
        "only if it is False, and nobody can sign in to the vSphere client of {appliance_vcenter}: in the client of the ESXi host that "
        "it runs on > Virtual Machines > that vCenter > Power on, or Restart if it is on",
        "only if it is False, and the vSphere client opens: the network team allows TCP 443 from {appliance} to {appliance_vcenter}",
        _INSIDE
        + " > vCenter server: {appliance_vcenter} > Edit: the same address and account, with its password (from the VMware "
        "administrator) > Save",
        "only if it is not Connected 15 minutes after that: "
        + SUPPORT
        + ": why does {appliance} not reach its vCenter?",
    ),
    "A20": (
        "sign in to {object} by Remote Desktop: "
        + DESKTOP
        + " > vCenter server: tell the VMware administrator the user name of the account",
        *ACCOUNT_ROLE,
        AGAIN,
    ),
    "A21": (
        "in the firewall and proxy of the site: let {appliance} through without a sign-in on TCP 443 to "
        + URLS
        + ", and save",
        _INSIDE + " > Proxy: none, or one that asks for no password > Save",
    ),
    "A22": ("in the firewall and proxy of the site: allow TCP 443 from {appliance} to " + URLS + ", and save",),
    "A23": (
        "sign in to {appliance} by Remote Desktop; do those of the next steps that the line `found` asks for",
        "for FIPS mode: " + WAIT_UNTIL_IDLE,
        "for FIPS mode: on {appliance}, as administrator, Local Security Policy > Local Policies > Security Options > System "
        "cryptography: Use FIPS compliant algorithms > Disabled > OK; then `Restart-Computer`",
        "for a role: on {appliance}, as administrator, Server Manager > Manage > Remove Roles and Features > Active Directory Domain Services, Hyper-V "
        "(whichever is there) > Remove",
        "for a web site: on {appliance}, as administrator, Internet Information Services Manager > Sites > each whose Basic Settings > "
        "Physical path is in no Microsoft Azure folder > Stop",
        "for an antivirus: on {appliance}, as administrator, exclude in it " + FOLDERS + " > Save",
    ),
    "A24": (
        "write to the owner of the vault that {object} and the classic servers stay in one vault until all machines are home; ask "
        "for a yes in writing",
        "only if that owner says no: " + SUPPORT + ": how are they parted during a return? No page says so",
        "after the return, for machines that are protected in future: Azure portal > Recovery Services vaults > + Create: a vault of "
        "their own > Review + create > Create",
    ),
    "A25": (
        on_replica(
            "Get-Service svagents,'InMage Scout Application Service' | Set-Service -StartupType Automatic -PassThru | "
            "Start-Service",
            "systemctl enable --now vxagent uarespawnd",
        )
        + "[[windows?¦; svagents is vxagent there]]",
        "only if Run prints an error: " + SUPPORT + ": what ends that error?",
        AGAIN,
    ),
}
"""Rule -> its steps."""
