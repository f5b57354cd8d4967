"""The steps of the rules of the failback itself (F) and of how replication behaves (B)."""

from collections.abc import Mapping
from typing import Final

from .places import (
    AGAIN,
    AZURE_VM,
    FAILBACK,
    ITEM,
    ITEMS,
    JOBS,
    PASSPHRASE,
    PLANS,
    SUPPORT,
    VAULT,
    VSPHERE_VM,
    at_failback,
    at_reprotect,
)
from .steps_shared import NEW_DRIVE, OUT_OF_PLAN, PREDICT

INCREASE: Final = (
    "vSphere client > {object} > Configure > General > Increase (Capacity) > its LUN > Finish, if it offers one; that "
    "endangers nothing"
)
MOVE_OFF: Final = (
    "[[other_datastore?otherwise: vSphere client > {object} > VMs > a running machine that is not in this plan, the largest first > Migrate > "
    "Change storage only > {other_datastore} > Finish; until as much is free as the line `proof` says¦]]"
)
DELETE_FILES: Final = (
    "only if that is not enough: vSphere client > {object} > Files > what belongs to no machine, such as ISO images > "
    "Delete > Yes"
)
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "F01": (
        ITEM
        + " > Overview > Health and issues: open each entry, error or warning; do what it says under Recommended action",
        "yourself: `failback explain CODE`, with the code of an entry, says what else is known of it",
        "only if the health is not Healthy half an hour after all are mended: " + ITEM + " > Resynchronize > OK",
    ),
    "F02": (
        ITEMS
        + " > {object} > Overview: wait until Status shows no synchronisation any more, and Latest recovery points shows a time",
        "only if its percentage stands still for an hour, or no point appears within an hour after it: "
        + ITEMS
        + " > {object} > Overview > Health and issues: open each "
        "entry, and do what it says under Recommended action; if there is none: " + SUPPORT,
        "[[planned?only if the others cannot wait: "
        + OUT_OF_PLAN.replace("{machine}", "{object}")
        + ", and bring it home "
        "later¦]]",
    ),
    "F03": (
        "[[no_point?[[windows?"
        + AZURE_VM
        + " > Run command > RunPowerShellScript: `vssadmin list writers` > Run: restart the service of each writer whose "
        "State is not Stable¦sign in to {machine} in Azure: run the scripts that freeze and thaw the application (its owner "
        "knows them), and correct what fails]]¦ask the [[older?owner of {machine} whether the changes since its last "
        "application-consistent point may be lost; its time: "
        + ITEM
        + " > Overview > Latest recovery points¦owners of "
        "{members} whether each machine may come home with the data of its own latest point]]; if so, nothing has to be "
        "done]]",
        "[[no_point?"
        + ITEM
        + " > Overview > Latest recovery points: wait until App-consistent shows a time¦[[older?only if "
        "they may not: "
        + at_failback("Latest")
        + "¦only if all have to be of one moment: at the failback, when its turn "
        "comes: [[planned?"
        + PLANS
        + " > {one_plan}¦"
        + ITEM
        + "]] > [[classic?Unplanned Failover¦Planned failover]] > "
        "Recovery Point: Latest app-consistent > OK]]]]",
        "[[no_point?only if that cannot wait, and its owner accepts its latest, crash-consistent state: "
        + at_failback("Latest")
        + "¦]]",
    ),
    "F04": (
        "at the failback of {machine}, when its turn comes: "
        + f"{ITEM} > {FAILBACK}: tick the box that shuts it down before the failover > OK; in SCENARIO.yaml, under `plan: "
        "choices`, write `shut_down_source: true`",
        "only if it has begun without: as soon as {machine} runs on site, " + AZURE_VM + " > Stop > Yes",
    ),
    "F05": (
        "ask the owner of {machine} what is still needed of it in Azure",
        "sign in to {machine} in Azure, and copy that to a share before anybody selects Commit: the commit deletes {machine} "
        "in Azure",
    ),
    "F06": (
        VSPHERE_VM
        + " > Clone > Clone to Virtual Machine: {machine}-test, Customize this virtual machine's hardware: no "
        "network adapter > Finish",
        "vSphere client > {machine}-test > Power > Power On; Launch Web Console: wait for its login",
        "vSphere client > {machine}-test > Power > Power Off > Yes, then Delete from Disk > Yes; look twice that its name "
        "ends in -test",
    ),
    "F07": (
        ITEM + " > Resynchronize > OK",
        "only if that is not offered: "
        + ITEM
        + " > Disable replication > OK, then "
        + VAULT
        + " > + Replicate: {machine} > "
        "Enable replication, before any failover; all of its data is copied to Azure anew",
    ),
    "F08": (
        "sign in to {process_server} by Remote Desktop, in PowerShell as administrator: `Get-Service "
        "cxprocessserver,ProcessServer,ProcessServerMonitor | Start-Service`; then cspsconfigtool: {configuration_server}, "
        "port 443, " + PASSPHRASE + " > Save",
        "on {configuration_server}: cspsconfigtool > Manage Accounts > Add Account: an account that may install on {machine} "
        "> OK",
        "at the reprotect of {machine} to Azure, when its turn comes: " + ITEM + " > Re-protect > Process Server "
        "{process_server}, and that account > OK",
    ),
    "F09": (
        "now, which touches nothing: `failback run SCENARIO.yaml --world lab`, and keep its report",
        "before the night: bring home one machine of this kind that matters little: " + ITEMS + " > that machine > "
        "Re-protect > OK, then its failback and Commit",
    ),
    **dict.fromkeys(("B01", "B02", "B03", "B04", "B09"), PREDICT),
    "B05": (
        ITEM + " > Overview: wait until Data in process is 0",
        at_failback("Latest"),
    ),
    "B06": (
        "if {holder} is a backup server: in the backup software stop its running job for {machine} (it then lets the disk "
        "go by itself)",
        "vSphere client > {holder} > Edit Settings > the hard disk whose Disk File is in the folder of {machine} ({disks}) > "
        "remove; leave Delete files from datastore unticked > OK",
        AGAIN,
    ),
    "B07": NEW_DRIVE,
    "B08": (
        "vSphere client > {datastore} > Files > the folder of {machine} > its .vmx file > Register VM > {own_host} > Finish; "
        "leave it powered off; if it asks, answer moved: it keeps its UUID",
        AGAIN,
    ),
    "B10": (
        ITEM + " > Overview: look at RPO every 10 minutes, and wait while it falls",
        "only if it grows: "
        + ITEM
        + " > Overview > Health and issues names why; usually too many changes: stop what writes "
        "much on {machine} in Azure (backups, index runs)",
    ),
    "B11": (
        ITEM + " > Resynchronize > OK",
        JOBS + ": wait until that job is Successful; it reads the whole disks, so plan hours",
    ),
    "B12": (
        "vSphere client > {own_host} > Configure > VM Startup/Shutdown > Edit: {machine} > move down to Manual > OK",
    ),
    "B13": (
        "sign in to {machine} in Azure: [[windows?Resource Monitor > Disk¦`iotop -ao`]] shows what writes so much on "
        "{disks}; usually a dump or a temporary database",
        "with its owner's agreement stop it until {machine} is home, or move its files to a disk that is not replicated",
    ),
    "B14": (
        INCREASE,
        MOVE_OFF,
        "[[gone?[[other_datastore?or " + at_reprotect("Datastore: {other_datastore}") + "¦]]¦]]",
        DELETE_FILES,
        "only if that is not enough either: [[planned?"
        + OUT_OF_PLAN
        + "¦in SCENARIO.yaml, take {machine} out of `plan`]], "
        "for a later return",
    ),
    "B15": (
        AZURE_VM
        + " > Network settings > Create port rule > Inbound port rule: Source and Destination IP Addresses, those of "
        "{members}; port 20004; TCP; Allow > Add",
        "on each of {members} in Azure: [[windows?`New-NetFirewallRule -DisplayName SiteRecovery -Direction Inbound "
        "-Protocol TCP -LocalPort 20004 -Action Allow`¦`firewall-cmd --permanent --add-port=20004/tcp && firewall-cmd "
        "--reload` (Ubuntu: `ufw allow 20004/tcp`)]]",
    ),
    "B16": (INCREASE, MOVE_OFF, DELETE_FILES + "; the replication then goes on by itself"),
}
"""Rule -> its steps."""
