"""The steps of the rules about process server, link and memory (P, N), and those with a code of Microsoft's."""

from collections.abc import Mapping
from typing import Final

from .places import (
    AGAIN,
    AZURE_VM,
    CS,
    PASSPHRASE,
    REFRESH,
    at_reprotect,
    host_up,
    on_replica,
    reached,
)
from .steps_m_master_target import ON
from .steps_shared import (
    LINK_UP,
    NEW_PROCESS_SERVER,
    OUT_OF_PLAN,
)

_OTHER: Final = at_reprotect("Master Target Server: {other_server}")
_SERVICES: Final = "| Set-Service -StartupType Automatic -PassThru | Start-Service`"
_HOST: Final = host_up("host")
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "P01": (*NEW_PROCESS_SERVER, at_reprotect("Process Server: the new one")),
    "P02": (
        "[[other_process_server?"
        + at_reprotect("Process Server: {other_process_server}, if it is in network {network}")
        + "¦]]",
        "[[other_process_server?only if it is not: ¦]]" + NEW_PROCESS_SERVER[0],
        NEW_PROCESS_SERVER[1],
        at_reprotect("Process Server: the new one"),
    ),
    "P03": (
        "in the firewalls between {process_server} and its servers: allow TCP 443 to {configuration_server} and TCP 9443 to "
        "{master_target}, and save",
        "sign in to {process_server} by Remote Desktop: cspsconfigtool: {configuration_server}, port 443, "
        + PASSPHRASE
        + " > Save",
    ),
    "P04": (
        CS + ": the link in the column Agent version: download the installer",
        "sign in to {configuration_server} by Remote Desktop: run that installer > Yes > Finish",
        REFRESH,
    ),
    "P05": (
        "sign in to {machine} in Azure: [[windows?Resource Monitor > Disk¦`iotop -ao`]] shows within 10 minutes what writes so "
        "much (usually dumps or index runs)",
        "stop that on {machine} until it is home; of all machines of {process_server} together, what is above 2 TiB a day "
        "has to go",
        "[[other_process_server?only if other machines share {process_server}: "
        + CS
        + " > {process_server} > Load balance > "
        "{other_process_server} > OK > Select machines: some of the others > OK¦]]",
    ),
    "P06": (
        "sign in to {process_server} by Remote Desktop: Task Manager > what uses much CPU or memory and is no part of Site Recovery > End task",
        "only if its address is by DHCP or behind NAT: Azure portal > Virtual machines > {process_server} > Network settings > "
        "its network interface > IP configurations > ipconfig1 > Static > Save; the servers reach it at that address",
    ),
    "P07": (
        "sign in to {process_server} by Remote Desktop, in PowerShell as administrator: `Get-Service {services} "
        + _SERVICES,
    ),
    "P08": (REFRESH,),
    "N01": (
        "[[link_down?"
        + LINK_UP[0]
        + "¦Azure portal > Virtual network gateways > the gateway in the network of {machine} > "
        "Connections > + Add: Site-to-site (IPsec), the local network gateway of the site, the shared key of its VPN device > "
        "OK; the network team says which values]]",
        "[[link_down?"
        + LINK_UP[1]
        + "¦on the VPN device of the site: the public address of that gateway, the same shared key, "
        "and a route to the network of {machine} in Azure]]",
    ),
    "N02": (
        "[[link_down?"
        + LINK_UP[0]
        + "¦on the router of the site: take the routes for Azure Storage and Site Recovery out of "
        "the VPN, so that they go to the internet (or to Microsoft peering), and save]]",
        "[[link_down?" + LINK_UP[1] + "¦in the firewall and proxy of the site: allow TCP 443 from {data_server} to "
        "*.blob.core.windows.net and *.hypervrecoverymanager.windowsazure.com, and save]]",
    ),
    "N03": (
        "sign in to {configuration_server} by Remote Desktop, in a shell as administrator: `netsh winhttp reset proxy`, if "
        "`netsh winhttp show proxy` names one that asks for a password",
        "on the router of the site: send login.microsoftonline.com, management.azure.com and the addresses of "
        "*.hypervrecoverymanager.windowsazure.com to the internet, not into ExpressRoute",
    ),
    "N04": (
        *(f"[[link_down?{step}¦]]" for step in LINK_UP),
        on_replica(
            "Get-Service 'InMage Scout Application Service' " + _SERVICES.rstrip("`"),
            "systemctl enable --now uarespawnd",
        ),
        reached("{configuration_server}", "443")
        + "; if it does not, the network team opens TCP 443 from {machine} to {configuration_server} in the firewalls and "
        "network security groups between them",
    ),
    "806": (
        "[[server_in_azure?Azure portal > Virtual machines > {process_server} > Start¦vSphere client > {process_server} > "
        "Power > Power On]], if it is off",
        "sign in to {process_server} by Remote Desktop, in PowerShell as administrator: `Get-Service "
        "tmansvc,cxprocessserver,ProcessServer,ProcessServerMonitor | Start-Service`",
        "only if it stays silent for 15 minutes, there: `Test-NetConnection {configuration_server} -Port 443`; "
        "if that fails, the network team opens it",
    ),
    "78022": (
        "[[host_down?" + _HOST[0] + "¦" + ON + ", if it is off]]",
        *(f"[[host_down?{step}¦]]" for step in _HOST[1:]),
        "on {master_target}, as [[target_windows?administrator: `Restart-Service svagents`¦root: `systemctl restart vxagent`]]",
        "[[other_server?only if it stays silent: " + _OTHER + "¦]]",
    ),
    "78093": (
        AZURE_VM + " > Start; if its Status is Running already: Restart > Yes",
        AZURE_VM + " > Overview: wait until Status is Running and Agent status is Ready (about 10 minutes)",
        AGAIN,
    ),
    "8038": (
        "vSphere client > {object} > VMs > a running machine that is not in this plan, the one with most memory first > Migrate > Change compute resource only "
        "> [[other_host?{other_host}¦another host with free memory]] > Finish (it goes on running); until as much memory is "
        "free as the line `proof` says",
        "only if no other host has room: vSphere client > {object} > VMs > machines that are not in this plan, with their "
        "owners' agreement > Power > Shut Down Guest OS > Yes",
        "only if that is not enough: [[planned?"
        + OUT_OF_PLAN
        + "¦in SCENARIO.yaml, take {machine} out of `plan`]], for a "
        "later return",
    ),
}
"""Rule -> its steps."""
