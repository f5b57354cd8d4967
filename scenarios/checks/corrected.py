"""What is written into a file after a repair, where it is not the fact at fault; and what stays listed all the same."""

from collections.abc import Mapping
from typing import Final

from .endings import ENDINGS, OUT

_RECEIVER: Final = "under `plan: item_choices` write `{machine}: {[[classic?master_target¦appliance]]: "
_OTHER: Final = (
    _RECEIVER
    + "[[other_server?{other_server}}`¦NAME}`, and add that new server under `[[classic?master_targets¦appliances]]`]]"
)
_STORE: Final = "under `plan: item_choices` write `{machine}: {datastore: [[other_datastore?{other_datastore}¦NAME]]}`"
_DRIVE: Final = (
    "add the new drive under `master_targets`, {master_target}, `retention_drives`, and under `plan: item_choices` write "
    "`{machine}: {retention_drive: [[target_windows?'S:'¦/mnt/retention2]]}`"
)
_PROCESS: Final = (
    "under `plan: item_choices` write `{machine}: {process_server: [[other_process_server?{other_process_server}}`¦NAME}`, and "
    "add that new server under `process_servers`]]"
)
_ROLE: Final = (
    "under `[[classic?configuration_servers¦appliances]]`, {object}, `privileges`: write the ids that `(Get-VIRole "
    "AzureSiteRecoveryRole).PrivilegeList` prints"
)
CORRECTED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("R06", "R14", "R16", "R18", "R19", "G10", "M20"), OUT),
    "78093": "under `virtual_machines`, {machine}: write `azure.running: true`",
    "A11": "as step 2 says",
    **{
        rule: f"only if each disk is back where it belongs: under `{section}`, {{object}}: write `storage_vmotion: false` (until "
        "support has answered leave it)"
        for rule, section in (("M06", "master_targets"), ("A09", "appliances"))
    },
    "T05": "only if it was restored: under `configuration_servers`, {object}: write `rebuilt: false` (without a backup leave it: the "
    "finding blocks until what support answers is done)",
    "N01": "[[link_down?under `link` write `up: true`¦under `link` write `kind: vpn`]]",
    "N02": "[[link_down?under `link` write `up: true`¦under `link` write `forward: public`]]",
    "R26": "under `virtual_machines`, {machine}: write `direction_shown: azure_to_on_premises`",
    "R13": "under `hosts`, {object}: write `edition: licensed`",
    "P05": "under `virtual_machines`, {machine}, `disks`: write in MiB/s what each writes now as `churn_mib_per_s` (2 TiB a day are 24)",
    "F03": "[[no_point?under `virtual_machines`, {machine}: write how many there are now as `app_consistent_points`¦under "
    "`plan: choices` write `recovery_point: [[older?latest¦latest_app_consistent]]`, if that was chosen]]",
    "B06": "under `virtual_machines`, {machine}, `disks`: take `held_by` out",
    **dict.fromkeys(("R10", "A20"), _ROLE),
    **dict.fromkeys(("M01", "M02", "M15"), "[[no_release?" + OUT + "¦" + _OTHER + "]]"),
    "M03": "[[too_big?take {machine} out of `plan`¦[[busy?run it when the others are committed¦" + _OTHER + "]]]]",
    "A02": "[[too_big?take {machine} out of `plan`¦[[busy?run it when the others are committed¦[[queues?only if step 1 printed "
    "no Yes: as step [[other_server?2¦7]] says¦" + _OTHER + "]]]]]]",
    **dict.fromkeys(
        ("R24", "A03"),
        "[[store_down?under `datastores`, {object}: write `accessible: true`¦under `hosts`, {host}, add {object} to `datastores` (`hosts: datastores`)]]",
    ),
    **dict.fromkeys(
        ("A18", "T09"),
        "[[gone?"
        + _STORE
        + "¦under `virtual_machines`, {machine}: write `datastore: [[other_datastore?{other_datastore}¦NAME]]`]]",
    ),
    "R20": "if it comes home to where it was: under `plan` take `datastore` of {machine} out; if it goes elsewhere: under "
    "`virtual_machines`, {machine}: write `exists_on_premises: false`",
    "R25": "only if it was {target_datastore}: under `plan: item_choices` write `{machine}: {datastore: {target_datastore}}`",
    "R28": "[[other_datastore?"
    + _STORE
    + "¦add {asked_datastore} under `datastores`, and to `datastores` of {host} under `hosts`]]",
    "R32": "[[runs_twice?under `virtual_machines`, {machine}: write `powered_on: false`; or, if the copy on site counts, take it out of `plan`¦[[own_host_down?under `hosts`, {own_host}: write `connected: true`¦under `virtual_machines`, {machine}: write `pending_question: false`]]]]",
    "F02": "under `virtual_machines`, {object}: write `recovery_points: 1` once the portal shows a time[[planned?; or, if it was taken out of its recovery plan, take it out of `plan` and `recovery_plans` too¦]]",
    "B14": "under `datastores`, {object}: write what you see now as `free_gib`; take each machine that was held back out of `plan`",
    "R27": "under `plan: item_choices` write `{machine}: {master_target: {valid_master_target}, process_server: "
    "{valid_process_server}}`",
    "R29": "under `plan: item_choices` write `{machine}: {retention_drive: NAME}`, with the drive that was chosen; a new one is added under `master_targets`, {master_target}, `retention_drives`",
    "M09": "only if another one was chosen: under `plan: item_choices` write `{machine}: {retention_drive: NAME}`",
    "F04": "under `plan: item_choices` write `{machine}: {shut_down_source: true}`",
    "A04": "under `plan: item_choices` write `{machine}: {log_storage_account: [[log_account?{log_account}¦NAME]]}`",
    "R01": "[[link_down?under `link` write `up: true`¦[[no_master_target?under `master_targets` add `{name: NAME, "
    "os: [[windows?windows¦linux]], host: HOST, datastore: DATASTORE, retention_drives: [{name: [[windows?R¦/mnt/retention]]}]}`¦under `process_servers` add `{name: NAME}`]]]]",
    "P01": "under `plan: item_choices` write `{machine}: {process_server: NAME}`, and add that new server under `process_servers`",
    "P02": _PROCESS,
    "P04": "under `configuration_servers`, {configuration_server}: write the new `version`",
    "M13": "under `configuration_servers` and `process_servers`: write the new `version` of {configuration_server} and {process_server}",
    **dict.fromkeys(("M08", "B07"), _DRIVE),
    "M10": "under `master_targets`, {master_target}, `retention_drives`: write `listed: true` for that drive",
    "M11": "under `master_targets`, {object}: write `tools: [[target_windows?vmware_tools¦open_vm_tools]]`",
    "M04": "write the waves under `plan: waves`",
    "G07": "under `virtual_machines`, {machine}: write the new `agent_version`",
    "G08": "under `configuration_servers`, {object}: write `nics: 2`",
    **dict.fromkeys(("B02", "B04"), "under `virtual_machines`, {machine}: write the agreed hours as `return_within_h`"),
    "R07": "[[waves?do what the line `do` says¦" + _RECEIVER + "{common_server}}`]]",
    "R11": "[[machine_clash?under `virtual_machines`, {other_machine}: write the new `bios_uuid`¦[[server_clash?"
    + _OTHER
    + "¦under `virtual_machines`, {machine}, `disks: uuid`: write the new UUID (that of {other_machine} stays)]]]]",
    "R12": "[[other_server?"
    + _OTHER
    + "¦under `configuration_servers`, {configuration_server}: add {target_vcenter} to "
    "`vcenters` (`configuration_servers: vcenters`)]]",
    "8038": "under `hosts`, {object}: write the memory that is free now as `free_memory_gib`; take out of `plan` each machine that was held back",
    "R21": "under `plan: item_choices` write `{machine}: {master_target: {master_target}, process_server: {process_server}, "
    "retention_drive: NAME}`, with the drive that was chosen; a new one is added under `master_targets`, {master_target}, `retention_drives`",
    "R22": "as step 2 says",
    "T08": "only if it exists: under `virtual_machines`, {machine}: write `exists_on_premises: true`",
    "T04": "[[raw?under `virtual_machines`, {machine}: write `exists_on_premises: true` (`raw_device: true` stays)¦"
    + _STORE
    + "]]",
    "T07": "only if it stays in Azure: " + OUT,
    "R15": "under `virtual_machines`, {machine}: write `target: vmware`",
    "T10": "under `hosts`, {object}: take {machine} out of `other_machines`; or, if it is {machine} itself, under `virtual_machines`, {machine}: write `exists_on_premises: true`",
    "A16": "do what the line `do` says",
}
"""Rule -> what is to be corrected, where it is not the fact at fault, or not only that. Filled like a step."""
STAYS: Final[Mapping[str, str]] = {
    "R25": "if the owner wants the other datastore",
    "T01": "if the file of the disk is gone",
    "T08": "if it is gone for good",
    "F03": "if its owner accepts that",
    **dict.fromkeys(("P05", "B10", "B13"), "if what writes has to run"),
    "A02": "if step 1 printed Yes",
    "A12": "if none is possible and its owner said yes",
    "T07": "if its owner said yes",
    "F06": "if no login was seen",
    "M09": "if that volume is meant for retention",
    "R11": "until one of them has another UUID",
    "T06": "if its owner said no",
}
"""Rule -> when the finding stays listed after all is done; that does not block."""
ACCEPTED: Final = frozenset(("R05", "B01", "B03", "B09", "A24", "G03", "A08", "G09", "G06"))
"""Rules that say what is so: nothing makes them met, and who knows of it accepts them."""


def corrected_of(rule: str) -> tuple[str, str]:
    """What is written into the file, and what else behind the fact at fault where that is the only thing to correct."""
    main, other = CORRECTED.get(rule, ""), ENDINGS.get(rule, "")
    return (main + other, "") if main else ("", other)
