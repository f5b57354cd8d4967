"""How a person sees after a repair that the finding is gone: the facts made fresh, and the check asked again.

A repair does not always change the fact that was at fault: a raw device mapping stays one, only the machine that it
needs is back. A table says what then is to be written into the file.
"""

from collections.abc import Mapping
from typing import Final

from failback.scenarios.judging.check import Status
from failback.scenarios.text.name_lists import listed

from .told import ToldCause

_FRESH: Final = {"sim": "", "lab": " --world lab", "azure": " --world azure"}
_OUT: Final = "take {machines} out of {file} (under `virtual_machines` and wherever `plan` or `recovery_plans` name it)"
_PLANNED: Final = "write what you chose for {machines} into {file}, under `plan: item_choices`"
CORRECTED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("R06", "R14", "R16", "R17", "R18", "R19", "G10", "M20"), _OUT),
    **dict.fromkeys(("R20", "R25", "R27", "R28", "R29", "M01", "M09", "P02", "F04", "A04", "A11", "A18"), _PLANNED),
    **dict.fromkeys(("R10", "A20"), "correct the `privileges` of the account's server in {file}"),
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
    "M02": "write the new server into {file}, under `master_targets`, and choose it for {machines} under "
    "`plan: item_choices`",
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
_NAMES_MAX: Final = 5


def again_words(told: ToldCause, file: str, world: str = "sim") -> str:
    """The command, and in a world that reads a file what is to be changed in the file before it."""
    if told.cause.status == Status.AFTER_RETURN.value:
        return f"after the return: `failback import` into NEW.yaml, then `failback aftercare {file} --after NEW.yaml`"
    command = (
        f"`failback check {file} --rule {told.cause.rule}{_FRESH.get(world, '')}` no longer lists it{_stays(told)}"
    )
    if world != "sim":
        return command
    return (
        f"{_by_hand(told, file)} (or export again and repeat the `failback import` that made the file); then {command}"
    )


def _stays(told: ToldCause) -> str:
    if told.cause.status in (Status.UNKNOWN.value, Status.BLOCKS.value) or told.cause.rule not in STAYS:
        return ""
    return f" ({STAYS[told.cause.rule]}, it does, and that stops nothing)"


def _by_hand(told: ToldCause, file: str) -> str:
    unknown, rule = told.cause.status == Status.UNKNOWN.value, told.cause.rule
    if rule in CORRECTED and not unknown:
        names = listed(told.cause.items, _NAMES_MAX)
        return f"once that is seen: {CORRECTED[rule].format(machines=names, file=file)}"
    keys = "; ".join(told.keys)
    if unknown:
        return f"write what you saw into {file} ({keys})" if keys else f"once {file} says more"
    return f"once that is seen: correct it in {file}{f' ({keys})' if keys else ''}"
