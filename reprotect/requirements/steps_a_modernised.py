"""The steps of the rules of the modernised architecture (A)."""

from collections.abc import Mapping
from typing import Final

from .places import (
    AGAIN,
    BOX,
    DESKTOP,
    EDIT,
    INFRA,
    ITEM,
    VAULT,
    WAIT_UNTIL_IDLE,
    at_reprotect,
    host_up,
    on_replica,
    reached,
)
from .steps_m_master_target import ATTACH_AGAIN
from .steps_r_article import MOUNT
from .steps_shared import ACCOUNT_ROLE, FREE_SLOTS, LINK_UP, NEW_APPLIANCE, TOO_BIG, URLS
from .steps_tg_way_home import COPY_FROM_AZURE, ONE_OF_BOTH, STATIC

_OTHER: Final = at_reprotect("Appliance: {other_server}")
_START: Final = "`Get-Service | ? {$_.StartType -eq 'Automatic' -and $_.Status -ne 'Running'} | Start-Service -ErrorAction Continue`"
_BOX_VM: Final = "vSphere client > {appliance}"
_HOST: Final = host_up("host")
_INSIDE: Final = "sign in to {appliance} by Remote Desktop: " + DESKTOP
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "A01": (
        *(f"[[host_down?{step}¦]]" for step in _HOST),
        _BOX_VM + " > Power > Power On, if it is off",
        f"[[host_down?¦{BOX}: note each component that is not Healthy]]",
        "sign in to {appliance} by Remote Desktop, in PowerShell as administrator: " + _START,
        "there, "
        + DESKTOP
        + " > Appliance components: open each whose Status is not healthy ({parts}), and do what its "
        "message says; {appliance} shows as Healthy in the vault about 15 minutes later",
        "[[other_server?only if that takes too long, for machines whose reprotect has not begun: " + _OTHER + "¦]]",
    ),
    "A02": (
        "[[too_big?"
        + TOO_BIG[0]
        + "¦[[busy?"
        + FREE_SLOTS
        + "¦[[other_server?"
        + _OTHER
        + "¦"
        + NEW_APPLIANCE[0]
        + "]]]]]]",
        "[[too_big?" + TOO_BIG[1] + "¦[[busy?¦[[other_server?¦" + NEW_APPLIANCE[1] + "]]]]]]",
        "[[too_big?"
        + TOO_BIG[2]
        + "¦[[busy?¦[[other_server?¦"
        + at_reprotect("Appliance: the new one")
        + ", for as many of the machines as leave each appliance at most 60 disks (a new one for each 60)]]]]]]",
    ),
    "A03": (
        *MOUNT,
        "[[gone?[[other_datastore?only if {host} cannot get it: "
        + at_reprotect("Datastore: {other_datastore}")
        + "¦]]¦[[other_server?only if {host} cannot get it: "
        + at_reprotect("Appliance: {other_server}, on a host that mounts {object}")
        + "¦]]]]",
        AGAIN,
    ),
    "A04": (
        "[[log_account?¦Azure portal > Storage accounts > + Create: the region of the vault (" + VAULT + " > Overview: "
        "Location), Performance Standard, Redundancy LRS > Review + create > Create]]",
        at_reprotect("Cache storage account: [[log_account?{log_account}¦the new one]]"),
    ),
    "A05": (
        "Azure portal > Virtual machines > {machine} > Network settings > Create port rule > Outbound port rule: Destination "
        "Service Tag, Internet; port 443; TCP; Allow; a Priority that is a lower number than that of each rule that denies "
        "it > Add",
        "only if its traffic goes through a firewall or proxy: allow TCP 443 there to " + URLS + ", and save",
    ),
    "A06": (
        on_replica(
            "Get-Service svagents,'InMage Scout Application Service' | Start-Service",
            "systemctl start vxagent uarespawnd",
        ),
        "only if it does not register then: "
        + reached("login.microsoftonline.com", "443")
        + "; if it does not, the network team opens "
        + URLS
        + " for it on TCP 443",
    ),
    "A07": STATIC,
    "A08": (
        COPY_FROM_AZURE + ", before the commit",
        "let the owner of {machine} open the copies, and say so in writing: the commit deletes the Azure machine",
    ),
    "A09": ATTACH_AGAIN,
    "A10": (
        "vSphere client > {object} > Power > Power On, if it is off",
        "sign in to {object} by Remote Desktop, in PowerShell as administrator: " + _START,
        "there, "
        + DESKTOP
        + " > Appliance components: open each whose Status is not healthy, and do what its message says",
    ),
    "A11": (
        "ask the owners of the machines: may each machine come home with the data of its own latest recovery point? If all "
        "say yes, write `recovery_point: latest` in SCENARIO.yaml, under `plan: choices`; then no other step is needed",
        "if an owner says no: at the failback of {machine}, choose the older point that all machines of the group have in "
        "common: " + ITEM + " > Planned failover > Recovery Point: Latest app-consistent > OK; in SCENARIO.yaml, under "
        "`plan: choices`, write `recovery_point: latest_app_consistent`",
    ),
    "A12": (
        EDIT + " > each hard disk > Disk Mode: Dependent > OK, while it is off",
        "only if a disk has to stay independent, or its bus is shared: write to its owner that a cancelled failback cannot "
        "restore the earlier state",
    ),
    "A13": (
        "write to who plans the move that it waits: "
        + ITEM
        + " > Overview has to show first that it replicates to Azure "
        "again",
    ),
    "A14": (
        WAIT_UNTIL_IDLE,
        _BOX_VM + " > Power > Shut Down Guest OS > Yes",
        _BOX_VM + " > Edit Settings: CPU, Memory and hard disks as the line `found` says is expected > OK",
        _BOX_VM
        + " > Power > Power On; if a disk was enlarged, Launch Web Console, sign in: Disk Management > the volume of that "
        "disk > Extend Volume > Finish",
    ),
    "A15": (
        *(f"[[link_down?{step}¦]]" for step in LINK_UP),
        "[[link_down?¦in the firewalls between Azure and the site: allow TCP 443 and 9443 from {machine} to {appliance}, and "
        "save]]",
        "[[link_down?¦sign in to {appliance} by Remote Desktop, in PowerShell as administrator: `New-NetFirewallRule "
        "-DisplayName SiteRecovery -Direction Inbound -Protocol TCP -LocalPort 443,9443 -Action Allow`]]",
        "[[no_fqdn?on {appliance}, System Properties > Computer Name > Change > More: the DNS suffix of your domain > OK > OK > "
        "Restart Now; on the DNS server of {machine} in Azure a record for that full name¦]]",
    ),
    "A16": (
        "in SCENARIO.yaml, under `plan`, take master_target, process_server and retention_drive of {machine} out: modernised "
        "machines have none of them",
    ),
    "A17": ONE_OF_BOTH,
    "A18": (
        at_reprotect(
            "Datastore: [[other_datastore?{other_datastore}¦one of {appliance_vcenter}, to which {appliance} is connected]]"
        ),
        "[[other_server?only if {object} has to be kept: "
        + at_reprotect("Appliance: {other_server}, if it is connected to the vCenter of {object}")
        + "¦]]",
    ),
    "A19": (
        _INSIDE + " > vCenter server: {appliance_vcenter} > Edit: its address and account as they are now > Save",
        "on {appliance} `Test-NetConnection {vcenter} -Port 443`; if it does not show TcpTestSucceeded: True, the network team "
        "opens TCP 443 from {appliance} to it",
    ),
    "A20": (
        "sign in to {object} by Remote Desktop: " + DESKTOP + " > vCenter server shows the user name of the account",
        *ACCOUNT_ROLE,
        AGAIN,
    ),
    "A21": (
        _INSIDE + " > Proxy: none, or one that asks for no password > Save",
        "in the firewall and proxy of the site: let {appliance} through to Azure on TCP 443 without a sign-in, and save",
    ),
    "A22": ("in the firewall and proxy of the site: allow TCP 443 from {appliance} to " + URLS + ", and save",),
    "A23": (
        "sign in to {appliance} by Remote Desktop, and take away only what the line `found` names: a role: Server Manager > "
        "Manage > Remove Roles and Features > Remove; a web site: Internet Information Services Manager > Sites > the one "
        "that is not of Site Recovery > Stop",
        "FIPS: there, Local Security Policy > Local Policies > Security Options > System cryptography: Use FIPS compliant "
        "algorithms > Disabled > OK, then `Restart-Computer`",
        "antivirus: exclude the folders that Microsoft's page lists (`failback explain A23` prints its address) > Save",
    ),
    "A24": (
        "nothing for this return, as long as no recovery plan has machines of both architectures",
        "later, for machines that are protected in future: Azure portal > Recovery Services vaults > + Create: a vault of "
        "their own > Create, and an appliance in it (" + INFRA + " shows both kinds of servers now)",
    ),
    "A25": (
        on_replica(
            "Get-Service svagents,'InMage Scout Application Service' | Set-Service -StartupType Automatic -PassThru | "
            "Start-Service",
            "systemctl enable --now vxagent uarespawnd",
        ),
    ),
}
"""Rule -> its steps."""
