"""The steps of the rules about process server, link and memory (P, N), and those with a code of Microsoft's."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Final

from .places import (
    AGAIN,
    AZURE_VM,
    CS,
    GATEWAY,
    INSTALLER,
    ITEM,
    PASSPHRASE,
    REFRESH,
    SUPPORT,
    VAULT,
    at_reprotect,
    host_up,
    on_replica,
    port_out,
    reached,
)
from .steps_m_master_target import ON
from .steps_shared import (
    LINK_UP,
    NEW_PROCESS_SERVER,
    OUT_OF_PLAN,
)

_OTHER: Final = at_reprotect("Master Target Server: {other_server}")
_IF_ELSEWHERE: Final = "only if {other_process_server} is in another network: "
_NEW_VPN: Final = (
    "the network team names the public address of the site's VPN device, and the address ranges of the site",
    "only if {azure_network} has no gateway, nor a network among its Peerings: Azure portal > Virtual network gateways > + Create: Gateway type VPN, "
    "{azure_network}, "
    "a free range for its gateway subnet, a new public IP address > Review + create > Create (45 minutes)",
    "Azure portal > Local network gateways > + Create: that address and those ranges > Review + create > Create",
    GATEWAY
    + " > Connections > + Add: Site-to-site (IPsec), that local network gateway, a new shared key > OK; give the network team that key, "
    "the gateway's Public IP address and the ranges under Virtual networks > {azure_network} > Address space",
    "on the VPN device of the site: a tunnel to that address with that key, and a route for those ranges of {azure_network} into it > save",
    "only if the connection is not Connected 10 minutes later: " + SUPPORT + ": why does this connection not come up?",
)
"""A first VPN between the network of the machine in Azure and the site."""
_SENDS_OUT: Final = (
    "[[classic?[[server_in_azure?configuration server {configuration_server} (its own process server sends to Azure)¦process server "
    "{process_server}]]¦appliance {appliance}]]"
)
"""What sends changes from the site to Azure: no server that runs there."""
_SERVICES: Final = "| Set-Service -StartupType Automatic -PassThru | Start-Service`"
_HOST: Final = host_up("host")
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "P01": (*NEW_PROCESS_SERVER, at_reprotect("Process Server: the new one")),
    "P02": (
        "[[other_process_server?"
        + "only if {other_process_server} is in the same Azure network as {machine}: "
        + at_reprotect("Process Server: {other_process_server}")
        + "¦"
        + NEW_PROCESS_SERVER[0]
        + "]]",
        "[[other_process_server?" + _IF_ELSEWHERE + NEW_PROCESS_SERVER[0] + "¦" + NEW_PROCESS_SERVER[1] + "]]",
        "[[other_process_server?" + _IF_ELSEWHERE + NEW_PROCESS_SERVER[1] + "¦" + NEW_PROCESS_SERVER[2] + "]]",
        "[[other_process_server?" + _IF_ELSEWHERE + NEW_PROCESS_SERVER[2] + "¦]]",
        "[[other_process_server?" + _IF_ELSEWHERE + "¦]]" + at_reprotect("Process Server: the new one"),
    ),
    "P03": (
        "in the firewalls between {process_server} and these servers: allow TCP 443 to {configuration_server} and TCP 9443 to "
        "{master_target}, and save",
        "sign in to {process_server} by Remote Desktop: cspsconfigtool: {configuration_server}, port 443, "
        + PASSPHRASE
        + " > Save",
    ),
    "P04": (
        CS
        + ": the link in the column Agent version: download "
        + INSTALLER
        + " and give it to the server administrator",
        "sign in to {configuration_server} by Remote Desktop: run " + INSTALLER + " > Yes > Finish",
        REFRESH,
        "only if {process_server} still has a version above it: "
        + SUPPORT
        + ": how do we get a process server of the version of {configuration_server}?",
    ),
    "P05": (
        "sign in to {machine} in Azure as its administrator: [[windows?Resource Monitor > Disk¦`iotop -ao`]] shows within 10 minutes what "
        "writes so much",
        "ask {owner}: may that be stopped until {machine} is home? After a no, do [[other_process_server?step 4¦no more: the way home then "
        "lags]]",
        "only if yes: sign in to {machine} in Azure as its administrator, and stop it",
        "[[other_process_server?only if it has to run: "
        + CS
        + " > {process_server} > Load balance > {other_process_server} > OK > "
        "Select machines: some of them > OK¦]]",
    ),
    "P06": (
        "[[loaded?sign in to {process_server} by Remote Desktop: Task Manager > each program "
        "above 10 % that is no part of Site Recovery > End task¦]]",
        "[[dynamic?[[server_in_azure?Azure portal > Virtual machines > {process_server} > Network settings > "
        "its network interface > IP configurations > ipconfig1 > Allocation Static > Save¦sign in to {process_server} by Remote "
        "Desktop: Network Connections > the adapter > Properties > Internet Protocol Version 4 > Properties: its address of now, as "
        "a static one > OK > Close]]¦]]",
        "[[translated?in the firewalls and routers: the network team lets {configuration_server} and {master_target} reach "
        "{process_server} at its own address, without NAT¦]]",
    ),
    "P07": (
        "sign in to {process_server} by Remote Desktop, in PowerShell as administrator: `Get-Service {services} "
        + _SERVICES,
        "only if it prints an error: " + SUPPORT + ": what ends that error?",
    ),
    "P08": (
        REFRESH,
        "only if the page of the proof shows another one then: "
        + SUPPORT
        + ": why does the switch of {machine} not show?",
    ),
    "N01": (*(f"[[link_down?{step}¦{new}]]" for step, new in zip_longest(LINK_UP, _NEW_VPN, fillvalue="")),),
    "N02": (
        "[[link_down?"
        + LINK_UP[0]
        + "¦"
        + VAULT
        + " > Overview: tell the network team its Location as REGION, and the server administrator as ACCOUNT the name of a storage "
        "account of that Location (Azure portal > Storage accounts)]]",
        "[[link_down?"
        + LINK_UP[1]
        + "¦on the router of the site: the address ranges of the tags Storage.REGION, AzureSiteRecovery and AzureActiveDirectory "
        "(Microsoft's download Azure IP Ranges and Service Tags) go to the internet, not into the VPN; save]]",
        "[[link_down?"
        + LINK_UP[2]
        + "¦in the firewall and proxy of the site: allow TCP 443 from "
        + _SENDS_OUT
        + " to "
        "login.microsoftonline.com, *.blob.core.windows.net and *.hypervrecoverymanager.windowsazure.com, and save]]",
    ),
    "N03": (
        "[[by_proxy?sign in to {configuration_server} by Remote Desktop, in a shell as administrator: `netsh winhttp reset proxy`¦on "
        "the router of the site: the address ranges of the tags AzureActiveDirectory, AzureResourceManager and AzureSiteRecovery "
        "(Microsoft's download Azure IP Ranges and Service Tags) go to the internet, not into ExpressRoute; save]]",
        "in the firewall and proxy of the site: allow TCP 443 from {configuration_server} to login.microsoftonline.com, "
        "management.azure.com and *.hypervrecoverymanager.windowsazure.com, without a sign-in, and save",
    ),
    "N04": (
        *(f"[[link_down?{step}¦]]" for step in LINK_UP),
        on_replica(
            "Get-Service 'InMage Scout Application Service' " + _SERVICES.rstrip("`"),
            "systemctl enable --now uarespawnd",
        ),
        reached("{configuration_server}", "443"),
        "only if it does not: " + port_out("IP Addresses, that of {configuration_server}", "443"),
        "only if it still does not: the network team allows TCP 443 from {machine} to {configuration_server} in the firewalls between them",
    ),
    "806": (
        "[[server_in_azure?Azure portal > Virtual machines > {process_server} > Start¦vSphere client > {process_server} > "
        "Power > Power On]], if it is off",
        "sign in to {process_server} by Remote Desktop, in PowerShell as administrator: `Get-Service "
        "tmansvc,cxprocessserver,ProcessServer,ProcessServerMonitor | Start-Service`",
        "only if it sends no heartbeat within 15 minutes: sign in to {process_server} by Remote Desktop, in PowerShell: "
        "`Test-NetConnection {configuration_server} -Port 443`; if it shows TcpTestSucceeded: True, `Restart-Computer`",
        "only if it shows False: the network team allows TCP 443 from {process_server} to {configuration_server}",
        "only if it sends none 15 minutes after that: " + SUPPORT + ": why does {process_server} send no heartbeat?",
    ),
    "78022": (
        *(f"[[host_down?{step}¦]]" for step in _HOST),
        ON + ", if it is off",
        "on {master_target}, as [[target_windows?administrator: `Restart-Service svagents`¦root: `systemctl restart vxagent`]]",
        "only if it sends no heartbeat within 15 minutes: [[other_server?"
        + _OTHER
        + "¦register it again: on {master_target}, as [[target_windows?administrator, with "
        + PASSPHRASE
        + " in C:\\p: `cd 'C:\\Program Files (x86)\\Microsoft Azure Site Recovery\\agent'; .\\UnifiedAgentConfigurator.exe "
        "/CSEndPoint {configuration_server} /PassphraseFilePath C:\\p`¦root, with "
        + PASSPHRASE
        + ": `echo PASSPHRASE > p && /usr/local/ASR/Vx/bin/UnifiedAgentConfigurator.sh -i {configuration_server} -P p`]]]]",
        "[[other_server?¦only if it sends none 15 minutes after that: "
        + SUPPORT
        + ": why does {master_target} send no heartbeat?]]",
    ),
    "78093": (
        "write to {owner}: {machine} in Azure is started or restarted now; its application stops for some minutes, and its temporary disk may be emptied",
        AZURE_VM + " > Start; if its Status is Running already: Restart > Yes",
        AZURE_VM + " > Overview: wait until Status is Running and Agent status is Ready (about 10 minutes)",
        "only if they are not then: " + AZURE_VM + " > Help > Redeploy + reapply > Redeploy; then step 3 again",
        "only if they are not after that: " + SUPPORT + ": why does {machine} not start?",
        AGAIN,
    ),
    "8038": (
        "vSphere client > {object} > VMs > the running machine with most memory, but not {receiver} > Migrate > Change compute "
        "resource only > [[other_host?{other_host}¦another host with free memory]] > Finish (it goes on running); then the next one, "
        "until {needed} are free",
        "only if no other host has room: vSphere client > {object} > VMs > a running machine whose owner agrees in writing that it "
        "stays off until {object} has memory for it again > Power > Shut Down Guest OS > Yes",
        "only if that is not enough: hold {machine} back, and write to {owner} that it comes home when {object} has memory: "
        "[[planned?" + OUT_OF_PLAN + "¦" + ITEM + ": start no Re-protect]]",
    ),
}
"""Rule -> its steps."""
