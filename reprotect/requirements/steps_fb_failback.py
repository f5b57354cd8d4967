"""The steps of the rules of the failback itself (F) and of how replication behaves (B)."""

from collections.abc import Mapping
from typing import Final

from .places import (
    AGAIN,
    AZURE_VM,
    FAILBACK,
    INFRA,
    ITEM,
    ITEMS,
    JOBS,
    PASSPHRASE,
    PLANS,
    REFRESH,
    RESCAN,
    SUPPORT,
    VAULT,
    VSPHERE_VM,
    at_failback,
    at_reprotect,
)
from .steps_shared import NEW_DRIVE, OUT_OF_PLAN, PREDICT

INCREASE: Final = "vSphere client > {object} > Configure > General > Increase (Capacity) > its LUN > Finish, if it offers one (no data is lost)"
MOVE_OFF: Final = (
    "[[other_datastore?only if less than {needed} is free then: vSphere client > {object} > VMs > a machine that is powered on, the largest first, but none that comes home "
    "and no Site Recovery server{servers_there} > Migrate > Change storage only > {other_datastore} > Finish; until {needed} are free¦]]"
)
DELETE_FILES: Final = "only if less than {needed} is still free: vSphere client > {object} > Files > each ISO image that nobody needs > Delete > Yes"
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "F01": (
        ITEM
        + " > Overview > Health and issues: open each entry; do what it says under Recommended action (on a Site Recovery "
        "server: the server administrator does it)",
        "only if that does not help: `failback explain CODE`, with the code of the entry, says what else is known of it",
        "only if the health is not Healthy half an hour later: "
        + ITEM
        + " > Resynchronize > OK (it reads the whole disks: hours)",
        "only if it is not Healthy after that: " + SUPPORT + ": what ends the entry with that code?",
    ),
    "F02": (
        ITEMS + " > {object} > Overview: wait until Latest recovery points shows a time later than its reprotect",
        "only if Status shows no percentage, or one that has not risen for an hour: "
        + ITEMS
        + " > {object} > Overview > Health and issues: open each "
        "entry, and do what it says under Recommended action (on a Site Recovery server: the server administrator does it)",
        "only if there is no entry, or its action did not help: "
        + SUPPORT
        + ": why does {object} get no recovery point on site?",
        "[[planned?only if the others cannot wait: " + OUT_OF_PLAN.replace("{machine}", "{object}") + "¦]]",
    ),
    "F03": (
        "[[no_point?[[windows?"
        + "sign in to {machine} in Azure as its administrator: `vssadmin list writers`, then `Restart-Service NAME` for each writer whose "
        "State is not Stable (NAME: SQLWRITER for SqlServerWriter, Winmgmt for WMI Writer, CryptSvc for System Writer, AppHostSvc for IIS "
        "Config Writer; for any other `Restart-Computer`)¦sign in to {machine} in Azure as its administrator, root: "
        "`/usr/local/ASR/Vx/scripts/customscript.sh --pre; echo $?` and the same with --post: correct the script until each "
        "prints 0; only if there is none: {owner} supplies it (--pre freezes the application, --post thaws it, each ends with exit 0)]]¦ask [[older?{owner}, in writing: may the changes since its last application-consistent point be lost ("
        + ITEM
        + " > Overview > Latest recovery points shows its time)? If yes, do no more¦{owners}, in writing: "
        "may each machine come home with its own latest data, even if that is some minutes older or newer than that of the others? If all say "
        "yes, do no more; no answer counts as a yes, since the latest data lose the least]]]]",
        "[[no_point?"
        + ITEM
        + " > Overview > Latest recovery points: wait until App-consistent shows a time, two hours at most (one is made every hour)¦[[older?only if not: "
        + at_failback("Latest")
        + "¦only if one says no: at the failback: [[planned?"
        + PLANS
        + " > {one_plan}¦"
        + ITEM
        + "]] > [[classic?Unplanned Failover¦Planned failover]] > Recovery Point: Latest app-consistent > OK]]]]",
        "[[no_point?only if it shows none by then: "
        + INFRA
        + " > Replication policies > the policy that Overview names: App-consistent snapshot frequency; if it is 0 and Edit settings is offered: 60 "
        "minutes > Save, then step 2 again; otherwise " + SUPPORT + ": why does {machine} get no such point?¦]]",
        "[[no_point?only if that cannot wait: ask {owner}, in writing: may {machine} come home in its latest, crash-consistent state? If yes: "
        + at_failback("Latest")
        + "¦]]",
    ),
    "F04": (
        "in SCENARIO.yaml, under `plan: item_choices`, write `{machine}: {shut_down_source: true}`",
        f"at the failback of {{machine}}: {ITEM} > {FAILBACK}: tick Shut down machine before beginning failover > OK",
        "only if it has begun without: as soon as {machine} runs on site, " + AZURE_VM + " > Stop > Yes",
    ),
    "F05": (
        "ask {owner} what is still needed of {machine} in Azure: files, or {machine} itself",
        "only if files are needed: sign in to {machine} in Azure, and copy them to a share, before anybody selects Commit: it deletes {machine} in Azure",
        "only if {machine} itself is needed (if it has to go on running there: nobody selects Commit before {owner} agrees): "
        + AZURE_VM
        + " > Disks > each disk > Create snapshot (role Disk Snapshot Contributor) > Review + create > Create, before the commit",
        "before the commit, write to {owner}: open each copy, look at the list of snapshots, and answer whether anything is missing",
    ),
    "F06": (
        VSPHERE_VM
        + " > Clone > Clone to Virtual Machine: {machine}-test, Customize this virtual machine's hardware: no "
        "network adapter > Finish",
        "vSphere client > {machine}-test > Power > Power On > Launch Web Console: wait for its login",
        "only if it shows none after 15 minutes: ask {owner}, in writing: {machine} may not boot on site; fail back all the same?",
        f"only if {{owner}} says no: {ITEM}: start no failback before the administrator of {{machine}} has fixed its boot in Azure; then step 1 again",
        "vSphere client > {machine}-test (the name ends in -test) > Power > Power Off > Yes, then Delete from Disk > Yes",
    ),
    "F07": (
        ITEM + " > Resynchronize > OK",
        f"only if that is not offered, or its job is Failed under Site Recovery jobs: {ITEM} > Compute, and Network: note what they show, and "
        "the policy that Overview names; then Disable replication > OK",
        "only if replication was disabled, before any failover: "
        + VAULT
        + " > + Replicate: {machine}, with what was noted > Enable replication; all of its data is copied to "
        "Azure anew",
        f"only if its Status is not Protected after that: {SUPPORT}: why is {{machine}} not protected?",
    ),
    "F08": (
        "[[no_account?¦sign in to {process_server} by Remote Desktop, in PowerShell as administrator: `Get-Service "
        "cxprocessserver,ProcessServer,ProcessServerMonitor | Start-Service`; then cspsconfigtool: {configuration_server}, "
        "port 443, " + PASSPHRASE + " > Save]]",
        "[[no_account?sign in to {configuration_server} by Remote Desktop: cspsconfigtool > Manage Accounts > Add Account: "
        "{account_name}, with its password; it has to be an administrator of {machine} > OK¦]]",
        "[[no_account?" + REFRESH + "¦]]",
        "at the reprotect of {machine} to Azure: " + ITEM + " > Re-protect > Process Server "
        "{process_server}, Account {account_name} > OK",
    ),
    "F09": (
        "`failback run SCENARIO.yaml --world lab --out REPORT`: it touches nothing, and writes REPORT/report.html: look whether "
        "{machine} comes home there",
        "choose a machine in Azure that matters little and has the operating system family and architecture of {machine}; write to its "
        "owner when it is brought home to try it, and ask for a yes in writing; after a no, choose another one",
        "days before: "
        + ITEMS
        + " > that machine > Re-protect > OK; wait until its Status is Protected; then > "
        + FAILBACK
        + " > OK; wait "
        "until " + JOBS + " shows that as Successful and its owner writes that it works on site; then > Commit > OK",
        "only if the return is tonight: steps 2 and 3 are done at its beginning, with the machine of the plan that matters least; start the "
        "others once its commit is Successful",
    ),
    **dict.fromkeys(("B01", "B02", "B03", "B04", "B09"), PREDICT),
    "B05": (
        ITEM + " > Overview: wait until Data in process is 0",
        "only if it has not fallen for an hour: "
        + ITEM
        + " > Overview > Health and issues: open each entry, and do what it says under "
        "Recommended action",
        at_failback("Latest"),
    ),
    "B06": (
        "if {holder} is a backup server: in the backup software stop its running job for {machine} (it then lets the disk "
        "go by itself within 10 minutes)",
        "only if {holder} still has it: ask the owner of {holder}, in writing: may this disk be taken from it?",
        "only if that owner says yes: vSphere client > {holder} > Edit Settings > the hard disk whose "
        "Disk File is in the folder of {machine} ({disk_sizes}) > remove; leave Delete files from datastore unticked > OK",
        "only if that owner says no: [[planned?"
        + OUT_OF_PLAN
        + "¦"
        + ITEM
        + ": start no Re-protect]], and write to {owner} that {machine} waits",
        AGAIN,
    ),
    "B07": NEW_DRIVE,
    "B08": (
        "vSphere client > {datastore} > Files > the folder of {machine} > its .vmx file > Register VM > {own_host} > Finish; "
        "leave it powered off; if it asks, answer I Moved It: it keeps its UUID",
        "only if the folder has no .vmx file: in {estate_file}, under `virtual_machines`, {machine}, write `exists_on_premises: false`, and "
        "check again",
        AGAIN,
    ),
    "B10": (
        ITEM + " > Overview: look at RPO every 10 minutes, and wait while it falls",
        "only if it grows: ask {owner} to stop what writes much on {machine} in Azure (backups, index runs); what has to run delays the failback",
    ),
    "B11": (
        ITEM + " > Resynchronize > OK",
        JOBS + ": wait until that job is Successful; it reads the whole disks, so plan hours",
        "only if it ends as Failed: " + SUPPORT + ": why does the resync of {machine} fail?",
    ),
    "B12": (
        "vSphere client > {own_host} > Configure > VM Startup/Shutdown > Edit: {machine} > move down to Manual > OK",
    ),
    "B13": (
        "sign in to {machine} in Azure as its administrator: [[windows?Resource Monitor > Disk¦`iotop -ao`]] shows within 10 minutes what writes so "
        "much on {disk_sizes}",
        "ask {owner}: may what writes so much be stopped until {machine} is home? After a no, do no more: common recovery points then come later",
        "only if yes: sign in to {machine} in Azure as its administrator, and stop it",
    ),
    "B14": (
        INCREASE,
        MOVE_OFF,
        "[[gone?[[other_datastore?only if less than {needed} is still free: "
        + at_reprotect("Datastore: {other_datastore}{room}")
        + "¦]]¦]]",
        DELETE_FILES,
        "only if less than {needed} is free after all of this: the storage administrator enlarges the LUN of {object}",
        f"only if it was enlarged: {RESCAN}; then step 1 again",
        "only if it cannot be enlarged before the reprotect: [[planned?"
        + OUT_OF_PLAN
        + "¦"
        + ITEM
        + ": start no Re-protect]]; write to {owner} that {machine} comes home once {object} has room",
    ),
    "B15": (
        "Azure portal > Virtual machines > {each_member} > Network settings > Create port rule > Inbound port rule: Source and "
        "Destination IP Addresses, the private ones of {members} (Overview shows them); port 20004; TCP; Allow; a Priority below that of each rule that denies it > Add",
        "Azure portal > Virtual machines > {each_member} > Run command > [[windows?RunPowerShellScript: `New-NetFirewallRule "
        "-DisplayName SiteRecovery -Direction Inbound -Protocol TCP -LocalPort 20004 -Action Allow`¦RunShellScript: "
        "`firewall-cmd --permanent --add-port=20004/tcp && firewall-cmd --reload` (Ubuntu: `ufw allow from ADDRESS to any port 20004 proto tcp`, with the private ADDRESS of each other machine)]] > Run",
    ),
    "B16": (
        INCREASE,
        *(step.replace("{needed}", "{enough}") for step in (MOVE_OFF, DELETE_FILES)),
        "only if less than {enough} is free after all of this: the storage administrator enlarges the LUN of {object}, so that at least that "
        "much is free",
        f"only if it was enlarged: {RESCAN}; then step 1 again",
        "only if it cannot be enlarged: write to {owner} that {machine} goes on running in Azure, and comes home once {object} has room",
    ),
}
"""Rule -> its steps."""
