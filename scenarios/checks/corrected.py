"""What is written into a file after a repair, where it is not the fact at fault; and what stays listed all the same."""

from collections.abc import Mapping
from typing import Final

_OUT: Final = "take {machines} out of {file} (under `virtual_machines` and wherever `plan` or `recovery_plans` name it)"
_PLANNED: Final = "write what you chose for {machines} into {file}, under `plan: item_choices`"
CORRECTED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("R06", "R14", "R16", "R17", "R18", "R19", "G10", "M20"), _OUT),
    "A11": "write what you chose into {file}, under `plan: choices`",
    **dict.fromkeys(("R20", "R25", "R27", "R28", "R29", "M01", "M09", "F04", "A04", "A18"), _PLANNED),
    **dict.fromkeys(
        ("R10", "A20"),
        "write the ids that `(Get-VIRole AzureSiteRecoveryRole).PrivilegeList` prints into {file}, under "
        "`privileges` of the "
        "account's server",
    ),
    "R01": "write the new server into {file} (`process_servers` or `master_targets`), or `up: true` under `link`",
    "P01": "write the new server into {file} (`process_servers`), and choose it for {machines} under `plan: "
    "item_choices`",
    "P02": "write the process server that was chosen for {machines} into {file}, under `plan: item_choices` (a "
    "new one also "
    "under `process_servers`)",
    "P04": "write its new version into {file} (`configuration_servers: version`)",
    "M13": "write the new versions into {file} (`configuration_servers: version`, `process_servers: version`), "
    "or the other "
    "master target that was chosen for {machines}, under `plan: item_choices`",
    **dict.fromkeys(
        ("M08", "B07"),
        "write the new drive into {file} (`master_targets: retention_drives`), and choose it for {machines} "
        "under `plan: "
        "item_choices`",
    ),
    "M10": "write `listed: true` for that drive into {file} (`master_targets: retention_drives`)",
    "M11": "write which tools run into {file} (`master_targets: tools`)",
    "M04": "write the waves into {file} (`plan: waves`), or the groups of the recovery plan (`recovery_plans`)",
    "T09": "write into {file} on which datastore each machine is now (`virtual_machines: datastore`), or which "
    "one was chosen "
    "for {machines}, under `plan: item_choices`",
    "G07": "write its new version into {file} (`virtual_machines: agent_version`)",
    "G08": "write how many adapters it has now into {file} (`configuration_servers: nics`)",
    **dict.fromkeys(("B02", "B04"), "write the time that was agreed into {file} (`virtual_machines: return_within_h`)"),
    "R07": "write what was changed for {machines} into {file}: the same server under `plan: item_choices` (or `plan: "
    "choices`), or one wave under `plan: waves`",
    "R11": "write into {file} the UUID that the changed disk has now (`virtual_machines: disks: uuid`), or "
    "for {machines} the server that was chosen instead, under `plan: item_choices`",
    "R12": "write the vCenter that was added into {file} (`configuration_servers: vcenters`), or the other "
    "master target that was chosen for {machines}, under `plan: item_choices`",
    **dict.fromkeys(
        ("R24", "A03"),
        "write the datastore into {file} where it is mounted now (`hosts: datastores`), or for {machines} what "
        "was chosen instead, under `plan: item_choices`",
    ),
    **dict.fromkeys(
        ("M02", "M15"),
        "write the new server into {file}, under `master_targets`, and choose it for {machines} under `plan: "
        "item_choices`",
    ),
    "M03": "write what was done into {file}: {machines} taken out of `plan`, or the other master target chosen under "
    "`plan: item_choices` (a new one with its own disks under `master_targets`); change no number that is true",
    "A02": "write what was done into {file}: {machines} taken out of `plan`, or the other appliance chosen under "
    "`plan: item_choices` (a new one also under `appliances`); change no number that is true",
    "8038": "write into {file} how much memory is free now (`hosts: free_memory_gib`), or take those that "
    "stay out of `plan`",
    "R21": "write the missing values for {machines} into {file}, under `plan: item_choices`",
    "R22": "write the recovery plan with all machines of the group into {file}, under `recovery_plans`, and its name "
    "under `plan: recovery_plans`",
    "F03": "write the point that was chosen into {file}, under `plan: choices: recovery_point`; or, if one was waited "
    "for, how many there are now (`virtual_machines: app_consistent_points`)",
    "T08": "if it exists after all, write `exists_on_premises: true` for {machines} into {file}",
    "T04": "write into {file} what is true now: `exists_on_premises: true` for {machines} once restored (a raw "
    "device mapping stays `raw_device: true`), or another `datastore` under `plan: choices`",
    "A16": "remove those values for {machines} from {file}",
}
"""Rule -> what is to be corrected, where it is not the fact at fault, or not only that."""
STAYS: Final[Mapping[str, str]] = {
    "R05": "if its snapshots may be merged",
    "R25": "if the owner wants the other datastore",
    "T01": "if the file of the disk is gone",
    "T08": "if it is gone for good",
    "F03": "if its owner accepts that",
    "M09": "if that volume is meant for retention",
}
"""Rule -> when the finding stays listed after all is done; that stops nothing."""
ACCEPTED: Final = frozenset(("T07", "B01", "B03", "B09", "A24"))
"""Rules that say what is so: nothing makes them met, and who knows of it accepts them."""
