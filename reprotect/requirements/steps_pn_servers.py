"""The steps of the rules about process server, link and memory (P, N), and those with a code of Microsoft's."""

from collections.abc import Mapping
from typing import Final

from .places import (
    AGAIN,
    AZURE_VM,
    CS,
    ITEM,
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
        + "¦"
        + NEW_PROCESS_SERVER[0]
        + "]]",
        "[[other_process_server?only if it is not: " + NEW_PROCESS_SERVER[0] + "¦" + NEW_PROCESS_SERVER[1] + "]]",
        "[[other_process_server?" + NEW_PROCESS_SERVER[1] + "¦]]",
        "[[other_process_server?then, ¦]]" + at_reprotect("Process Server: the new one"),
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
        "ask {owner} to stop what writes so much on {machine} in Azure ([[windows?Resource Monitor > Disk¦`iotop -ao`]] shows it "
        "within 10 minutes) until it is home: all machines of {process_server} together may change 2 TiB a day; if it has to "
        "run, do no more: the way home then lags",
        "[[other_process_server?only if it has to run: "
        + CS
        + " > {process_server} > Load balance > {other_process_server} > OK > "
        "Select machines: some of them > OK¦]]",
    ),
    "P06": (
        "sign in to {process_server} by Remote Desktop: Task Manager > each program above 10 % of CPU or memory that is no part "
        "of Site Recovery > End task",
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
        + "¦Azure portal > Virtual network gateways > the gateway in the network of {one_machine} > "
        "Connections > + Add: Site-to-site (IPsec), the local network gateway of the site, a shared key > OK]]",
        "[[link_down?"
        + LINK_UP[1]
        + "¦on the VPN device of the site: the public address of that gateway, the same shared key, "
        "and a route to the network of {one_machine} in Azure > save]]",
    ),
    "N02": (
        "[[link_down?"
        + LINK_UP[0]
        + "¦on the router of the site: take the routes for Azure Storage and Site Recovery out of "
        "the VPN, so that they go to the internet, and save]]",
        "[[link_down?" + LINK_UP[1] + "¦in the firewall and proxy of the site: allow TCP 443 from {data_server} to "
        "*.blob.core.windows.net and *.hypervrecoverymanager.windowsazure.com, and save]]",
    ),
    "N03": (
        "only if the line `found` names ExpressRoute: on the router of the site: send login.microsoftonline.com, "
        "management.azure.com and the addresses of *.hypervrecoverymanager.windowsazure.com to the internet",
        "only if it names a proxy: sign in to {configuration_server} by Remote Desktop, in a shell as administrator: `netsh "
        "winhttp reset proxy`",
        "only if management.azure.com is not reached then: the network team allows TCP 443 from {configuration_server} to "
        "the internet without a sign-in",
    ),
    "N04": (
        *(f"[[link_down?{step}¦]]" for step in LINK_UP),
        on_replica(
            "Get-Service 'InMage Scout Application Service' " + _SERVICES.rstrip("`"),
            "systemctl enable --now uarespawnd",
        ),
        reached("{configuration_server}", "443"),
        "only if it does not: the network team allows TCP 443 from {machine} to {configuration_server} in the firewalls and "
        "network security groups between them",
    ),
    "806": (
        "[[server_in_azure?Azure portal > Virtual machines > {process_server} > Start¦vSphere client > {process_server} > "
        "Power > Power On]], if it is off",
        "sign in to {process_server} by Remote Desktop, in PowerShell as administrator: `Get-Service "
        "tmansvc,cxprocessserver,ProcessServer,ProcessServerMonitor | Start-Service`",
        "only if it stays silent for 15 minutes: sign in to {process_server} by Remote Desktop, in PowerShell: "
        "`Test-NetConnection {configuration_server} -Port 443` shows TcpTestSucceeded",
        "only if that is False: the network team allows TCP 443 from {process_server} to {configuration_server}",
    ),
    "78022": (
        *(f"[[host_down?{step}¦]]" for step in _HOST),
        ON + ", if it is off",
        "on {master_target}, as [[target_windows?administrator: `Restart-Service svagents`¦root: `systemctl restart vxagent`]]",
        "[[other_server?only if it stays silent for 15 minutes: " + _OTHER + "¦]]",
    ),
    "78093": (
        AZURE_VM + " > Start; if its Status is Running already: Restart > Yes",
        AZURE_VM + " > Overview: wait until Status is Running and Agent status is Ready (about 10 minutes)",
        AGAIN,
    ),
    "8038": (
        "vSphere client > {object} > VMs > a running machine that is not in this plan, the one with most memory first > Migrate > "
        "Change compute resource only > [[other_host?{other_host}¦another host with free memory]] > Finish (it goes on "
        "running); until {needed} are free",
        "only if no other host has room: vSphere client > {object} > VMs > a machine that is not in this plan, with its owner's "
        "agreement > Power > Shut Down Guest OS > Yes",
        "only if that is not enough: [[planned?" + OUT_OF_PLAN + "¦" + ITEM + ": start no Re-protect]]",
    ),
}
"""Rule -> its steps."""
