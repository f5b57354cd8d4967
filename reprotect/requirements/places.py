"""Where a step is done and a proof is seen: the pages of Azure portal, vSphere client and servers, each written once.

The words of Site Recovery's own pages are those of Microsoft's articles. `{machine}` and its like become real names, and
`[[case?this¦that]]` becomes what holds (`cases`).
"""

from typing import Final

VAULT: Final = "Azure portal > Recovery Services vault"
INFRA: Final = VAULT + " > Site Recovery infrastructure"
SERVERS: Final = INFRA + " > Configuration Servers"
CS: Final = SERVERS + " > {configuration_server}"
BOXES: Final = INFRA + " > ASR replication appliances"
BOX: Final = BOXES + " > {appliance}"
ITEMS: Final = VAULT + " > Replicated items"
ITEM: Final = ITEMS + " > {machine}"
JOBS: Final = VAULT + " > Site Recovery jobs"
PLANS: Final = VAULT + " > Recovery Plans (Site Recovery)"
PLAN: Final = PLANS + " > {plan} > Customize"
AZURE_VM: Final = "Azure portal > Virtual machines > {machine}"
EMPTY_LUN: Final = "the storage administrator presents an empty LUN to {host}, read and write, and names it"
"""A datastore is made by one person on what another one gives."""
NEW_DATASTORE: Final = (
    "vSphere client > {host} > Configure > Storage Adapters > Rescan Storage > OK; then Actions > Storage > New Datastore > VMFS > that LUN "
    "> Finish"
)
INSTALLER: Final = "MicrosoftAzureSiteRecoveryUnifiedSetup.exe"
SUPPORT: Final = "Azure portal > Help + support > Create a support request"
VSPHERE_VM: Final = "vSphere client > {machine}"
EDIT: Final = VSPHERE_VM + " > Edit Settings"
TARGET: Final = "vSphere client > {master_target}"
POWERCLI: Final = "PowerCLI (first `Connect-VIServer {vcenter}`)"
ADVANCED: Final = "VM Options > Advanced > Edit Configuration (vSphere 8: the tab Advanced Parameters)"
LOOK_ONLY: Final = "Re-protect, before its OK (close it with X): the dialog"
GATEWAY: Final = "Azure portal > Virtual network gateways > the one of {azure_network} (if it has none: of a network among its Peerings)"
DESKTOP: Final = "Microsoft Azure Appliance Configuration Manager (on its desktop)"
FOLDERS: Final = (
    "C:\\ProgramData\\Microsoft Azure, C:\\ProgramData\\ASRLogs, C:\\Windows\\Temp\\MicrosoftAzure, each C:\\Program Files\\Microsoft "
    "Azure folder, C:\\Program Files\\Microsoft on-premises to Azure Replication agent and E:\\"
)
"""What an antivirus on an appliance has to leave alone (appliance matrix)."""
PASSPHRASE: Final = (
    "the PASSPHRASE that on {configuration_server} `C:\\ProgramData\\ASR\\home\\svsystems\\bin\\genpassphrase.exe -v` "
    "prints"
)
REFRESH: Final = CS + " > More > Refresh Server; wait until its job is Successful under Site Recovery jobs (15 minutes)"
AGAIN: Final = (
    "only if the reprotect of {machine} has failed already: " + ITEM + " > Re-protect: [[classic?Master Target "
    "Server {master_target}, Process Server {process_server}¦Appliance {appliance}]], Datastore {datastore} > OK"
)
RESCAN: Final = "vSphere client > {host} > Configure > Storage Adapters > Rescan Storage > OK"
WAIT_UNTIL_IDLE: Final = ITEMS + ": wait until no Status shows a reprotect or a resync to on-premises"
OUT_OF_GROUPS: Final = (
    "later, before the next failover: "
    + ITEMS
    + " > each of these machines > Compute > Replication group > Edit: smaller "
    "groups > Save"
)


def at_reprotect(field: str) -> str:
    """A value for the reprotect that the plan makes, not for one that somebody starts now."""
    return f"at the reprotect of {{machine}}: {ITEM} > Re-protect > {field} > OK"


FAILBACK: Final = "[[classic?Unplanned Failover¦Planned failover]]"
"""The failback in the portal's menu; Microsoft's article of either architecture has its own word for it."""


def at_failback(point: str) -> str:
    """A recovery point for the failback."""
    return f"at the failback of {{machine}}: {ITEM} > {FAILBACK} > Recovery Point: {point} > OK"


def on_replica(windows: str, linux: str) -> str:
    """A command on the Azure virtual machine, which an Azure administrator runs without an account on it."""
    where = f"{AZURE_VM} > Run command > [[windows?RunPowerShellScript¦RunShellScript]]"
    return f"{where}: [[windows?`{windows}`¦`{linux}`]] > Run"


def reached(target: str, port: str) -> str:
    """A connection from the Azure virtual machine that works, as the command's output says it."""
    windows, linux = f"Test-NetConnection {target} -Port {port}", opens(target, port)
    return f"{on_replica(windows, linux)} shows [[windows?TcpTestSucceeded: True¦open]]"


def opens(target: str, port: str) -> str:
    """A command of Linux that prints open or closed; bash alone can do it, while `nc` is not on every machine."""
    return f"timeout 5 bash -c '</dev/tcp/{target}/{port}' && echo open || echo closed"


URLS: Final = (
    "'login.microsoftonline.com','management.azure.com','aka.ms' | % { Test-NetConnection $_ -Port 443 }",
    f"for n in login.microsoftonline.com management.azure.com aka.ms; do {opens('$n', '443').replace(chr(39), chr(34))}; done",
)
"""The addresses that a machine in Azure has to reach, for Windows and for Linux."""


def port_out(to: str, port: str) -> str:
    """The way out of Azure's own network, which another one opens than the firewalls of the site."""
    return (
        f"{AZURE_VM} > Network settings > Create port rule > Outbound port rule: Destination {to}; port {port}; TCP; Allow; a Priority below "
        "that of each rule that denies it > Add"
    )


def host_up(host: str) -> tuple[str, str, str]:
    """A host that vCenter cannot reach is looked at where it stands, then connected again."""
    name = f"{{{host}}}"
    return (
        f"on the server management of {name} (iLO, iDRAC) > remote console: if it is off: Power On; if its screen is purple: "
        "a photo of it, then Reset; if it shows ESXi: F2 > sign in as root > Troubleshooting Options > Restart Management "
        "Agents, and confirm; then wait 10 minutes",
        f"vSphere client > {name} > Connection > Connect > OK",
        "only if that fails: the network team fixes what the same console shows as failed under F2 > Test Management Network; "
        "then step 2 again",
    )
