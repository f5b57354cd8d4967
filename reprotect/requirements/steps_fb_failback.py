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

INCREASE: Final = "vSphere client > {object} > Configure > General > Increase (Capacity) > its LUN > Finish, if it offers one (no data is lost)"
MOVE_OFF: Final = (
    "[[other_datastore?otherwise: vSphere client > {object} > VMs > a running machine that is not in this plan, the largest first > Migrate > "
    "Change storage only > {other_datastore} > Finish; until {needed} are free¦]]"
)
DELETE_FILES: Final = "only if that is not enough: vSphere client > {object} > Files > each ISO image > Delete > Yes"
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "F01": (
        ITEM + " > Overview > Health and issues: open each entry; do what it says under Recommended action",
        "only if that does not help: `failback explain CODE`, with the code of the entry, says what else is known of it",
        "only if the health is not Healthy half an hour later: " + ITEM + " > Resynchronize > OK",
    ),
    "F02": (
        ITEMS + " > {object} > Overview: wait until Latest recovery points shows a time",
        "only if the percentage beside Status has not risen for an hour, or Status shows none: "
        + ITEMS
        + " > {object} > Overview > Health and issues: open each "
        "entry, and do what it says under Recommended action",
        "only if there is no entry, or its action did not help: " + SUPPORT,
        "[[planned?only if the others cannot wait: " + OUT_OF_PLAN.replace("{machine}", "{object}") + "¦]]",
    ),
    "F03": (
        "[[no_point?[[windows?"
        + AZURE_VM
        + " > Run command > RunPowerShellScript: `vssadmin list writers` > Run: restart the "
        "service of each writer whose State is not Stable¦sign in to {machine} in Azure, as root: "
        "`/usr/local/ASR/Vx/scripts/customscript.sh --pre; echo $?` and the same with --post: correct the script until each "
        "prints 0]]¦ask [[older?{owner}, in writing: may the changes since its last application-consistent point be lost ("
        + ITEM
        + " > Overview > Latest recovery points shows its time)? If yes, do no more¦{owners}, in writing: "
        "may each machine come home with its own latest data, even if that is some minutes older or newer than the data of "
        "the others? If all say yes, do no more]]]]",
        "[[no_point?"
        + ITEM
        + " > Overview > Latest recovery points: wait until App-consistent shows a time¦[[older?only if not: "
        + at_failback("Latest")
        + "¦only if one says no: at the failback: [[planned?"
        + PLANS
        + " > {one_plan}¦"
        + ITEM
        + "]] > [[classic?Unplanned Failover¦Planned failover]] > Recovery Point: Latest app-consistent > OK]]]]",
        "[[no_point?only if that cannot wait, and {owner} accepts its latest, crash-consistent state in writing: "
        + at_failback("Latest")
        + "¦]]",
    ),
    "F04": (
        "in SCENARIO.yaml, under `plan: choices`, write `shut_down_source: true`",
        f"at the failback of {{machine}}: {ITEM} > {FAILBACK}: tick the box that shuts it down before the failover > OK",
        "only if it has begun without: as soon as {machine} runs on site, " + AZURE_VM + " > Stop > Yes",
    ),
    "F05": (
        "ask {owner} what is still needed of it in Azure",
        "sign in to {machine} in Azure, and copy that to a share, before anybody selects Commit: it deletes {machine} in Azure",
        "before the commit, write to {owner}: open each copy, and answer whether anything lacks",
    ),
    "F06": (
        VSPHERE_VM
        + " > Clone > Clone to Virtual Machine: {machine}-test, Customize this virtual machine's hardware: no "
        "network adapter > Finish",
        "vSphere client > {machine}-test > Power > Power On > Launch Web Console: wait for its login",
        "vSphere client > {machine}-test (the name ends in -test) > Power > Power Off > Yes, then Delete from Disk > Yes",
    ),
    "F07": (
        ITEM + " > Resynchronize > OK",
        "only if that is not offered: " + ITEM + " > Disable replication > OK",
        "then, before any failover: "
        + VAULT
        + " > + Replicate: {machine} > Enable replication; all of its data is copied to "
        "Azure anew",
    ),
    "F08": (
        "sign in to {process_server} by Remote Desktop, in PowerShell as administrator: `Get-Service "
        "cxprocessserver,ProcessServer,ProcessServerMonitor | Start-Service`; then cspsconfigtool: {configuration_server}, "
        "port 443, " + PASSPHRASE + " > Save",
        "on {configuration_server}: cspsconfigtool > Manage Accounts > Add Account: an account that may install on {machine} "
        "> OK",
        "at the reprotect of {machine} to Azure: " + ITEM + " > Re-protect > Process Server "
        "{process_server}, and that account > OK",
    ),
    "F09": (
        "`failback run SCENARIO.yaml --world lab --out REPORT`: it touches nothing, and writes REPORT/report.html",
        "before the night: "
        + ITEMS
        + " > one machine of this kind that matters little > Re-protect > OK, then [[classic?Unplanned Failover¦Planned failover]] > OK, then "
        "Commit > OK",
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
        "only if it grows: ask {owner} to stop what writes much on {machine} in Azure (backups, index runs)",
    ),
    "B11": (
        ITEM + " > Resynchronize > OK",
        JOBS + ": wait until that job is Successful; it reads the whole disks, so plan hours",
    ),
    "B12": (
        "vSphere client > {own_host} > Configure > VM Startup/Shutdown > Edit: {machine} > move down to Manual > OK",
    ),
    "B13": (
        "sign in to {machine} in Azure: [[windows?Resource Monitor > Disk¦`iotop -ao`]] shows within 10 minutes what writes so "
        "much on {disks}",
        "on {machine}, stop that until it is home; if it has to run, do no more: common recovery points then come later",
    ),
    "B14": (
        INCREASE,
        MOVE_OFF,
        "[[gone?[[other_datastore?or " + at_reprotect("Datastore: {other_datastore}{room}") + "¦]]¦]]",
        DELETE_FILES,
        "only if that is not enough either: [[planned?" + OUT_OF_PLAN + "¦" + ITEM + ": start no Re-protect]]",
    ),
    "B15": (
        "Azure portal > Virtual machines > {each_member} > Network settings > Create port rule > Inbound port rule: Source and "
        "Destination IP Addresses, those of {members}; port 20004; TCP; Allow > Add",
        "Azure portal > Virtual machines > {each_member} > Run command > [[windows?RunPowerShellScript: `New-NetFirewallRule "
        "-DisplayName SiteRecovery -Direction Inbound -Protocol TCP -LocalPort 20004 -Action Allow`¦RunShellScript: "
        "`firewall-cmd --permanent --add-port=20004/tcp && firewall-cmd --reload` (Ubuntu: `ufw allow 20004/tcp`)]] > Run",
    ),
    "B16": (INCREASE, MOVE_OFF, DELETE_FILES),
}
"""Rule -> its steps."""
