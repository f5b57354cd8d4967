"""What is written into a file where the steps of a finding ended another way than in the repair.

The machine stays in Azure, goes through another server or to another datastore, or waits: who did that should not have
to write down a repair that was not made. Each text goes on behind what `corrected` or the fact at fault says.
"""

from collections.abc import Mapping
from typing import Final

OUT: Final = "take {machine} out, under `virtual_machines`, `plan` and `recovery_plans`"
STAYS_IN_AZURE: Final = "; or, if it stays in Azure: " + OUT
_NOT_HOME: Final = "; or, if it stays in Azure or was restored on site: " + OUT


def chosen(field: str, name: str) -> str:
    """Another server or datastore for a machine: what stands in a plan for it."""
    return f"under `plan: item_choices` write `{{machine}}: {{{field}: {{{name}}}}}`"


_MOVED: Final = (
    "[[better_host?; or, if {receiver} was moved: under `[[classic?master_targets¦appliances]]`, {receiver}: write "
    "`host: {better_host}`¦]]"
)
_TARGET: Final = chosen("master_target", "other_server")
_BOX: Final = chosen("appliance", "other_server")
_RECEIVER: Final = chosen("[[classic?master_target¦appliance]]", "other_server")
_DATASTORE: Final = chosen("datastore", "other_datastore")
_INSTEAD: Final = "[[other_server?; or, if {other_server} was chosen: " + _TARGET + "¦]]"
ENDINGS: Final[Mapping[str, str]] = {
    "R03": STAYS_IN_AZURE,
    **dict.fromkeys(("R15", "R17"), _NOT_HOME),
    "R12": "[[other_server?; or, if {other_server} is not in that vCenter: under `configuration_servers`, "
    "{configuration_server}: add {target_vcenter} to `vcenters` (`configuration_servers: vcenters`)¦]]",
    "R13": "[[other_host?; or, if they were moved: write `host: {other_host}` for each machine that the line `found` "
    "names, under `[[classic?master_targets¦appliances]]` or `virtual_machines`¦]]; or, if {machine} waits for a "
    "licence: take it out of `plan`",
    "R24": _MOVED + "[[other_server?; or, if {host} cannot get it: " + _TARGET + "¦]]",
    "A03": _MOVED
    + "[[gone?[[other_datastore?; or, if {host} cannot get it: "
    + _DATASTORE
    + "¦]]¦[[other_server?; or, if {host} cannot get it: "
    + _BOX
    + "¦]]]]",
    "R28": "[[other_datastore?; or, if {asked_datastore} was mounted: add it under `datastores`, and to `datastores` "
    "of {host} under `hosts`¦]]",
    "R33": "; or, if the copy on site counts: " + OUT,
    "T03": "[[raw?¦" + STAYS_IN_AZURE + "]]",
    "T04": "[[raw?" + STAYS_IN_AZURE + "¦]]",
    "T10": "; or, if the owner of the other machine refuses: [[other_server?"
    + _RECEIVER
    + "¦take {machine} out of `plan`]]",
    "A01": "[[host_down?¦[[other_server?; or, if {other_server} was chosen: " + _BOX + "¦]]]]",
    "A12": "; or, if {owner} said no: " + OUT,
    "B06": "; or, if {machine} waits: take it out of `plan`",
    "A18": "[[other_server?; or, if {object} was kept: " + _BOX + "¦]]",
    "B14": "[[gone?[[other_datastore?; or, for what goes to {other_datastore}: " + _DATASTORE + "¦]]¦]]",
    **dict.fromkeys(("M05", "M12", "78022"), _INSTEAD),
    "M13": "[[other_server?; or, if {other_server} was chosen: " + _TARGET + "¦]]",
    "P02": "[[other_process_server?; or, if a new one was made: under `plan: item_choices` write `{machine}: "
    "{process_server: NAME}`, and add it under `process_servers`¦]]",
    "P05": "[[other_process_server?; or, if machines were moved: for each "
    + chosen("process_server", "other_process_server")
    + "¦]]",
    "F03": "[[no_point?; or, if its latest state was accepted: under `plan: choices` write `recovery_point: latest`¦]]",
    "M14": "[[physical_target?[[other_server?; or, if {other_server} was chosen: "
    + _TARGET
    + "¦; or, with the new one: under `plan: item_choices` write `{machine}: {master_target: NAME}`, and add it under "
    "`master_targets`]]¦]]",
    "B08": "; or, if its folder has no .vmx file: as step 2 says",
    "G08": "[[no_azure_server?; add the new server under `process_servers`¦]]",
}
"""Rule -> what else, each with its condition. Filled like a step; empty where no other way is open."""
