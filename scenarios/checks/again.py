"""How a person sees after a repair that the finding is gone: the facts made fresh, and the check asked again.

A repair does not always change the fact that was at fault: a raw device mapping stays one, only the machine that it
needs is back. A table (`corrected`) says what then is to be written into the file.
"""

from typing import Final

from failback.scenarios.judging.check import Status
from failback.scenarios.text.name_lists import listed

from .corrected import ACCEPTED, CORRECTED, STAYS
from .told import ToldCause

_FRESH: Final = {"sim": "", "lab": " --world lab", "azure": " --world azure"}
_NAMES_MAX: Final = 5


def again_words(told: ToldCause, file: str, world: str = "sim") -> str:
    """The command, and in a world that reads a file what is to be changed in the file before it."""
    if told.cause.status == Status.AFTER_RETURN.value:
        return f"after the return: `failback import` into NEW.yaml, then `failback aftercare {file} --after NEW.yaml`"
    again = f"`failback check {file} --rule {told.cause.rule}{_FRESH.get(world, '')}`"
    if told.cause.rule in ACCEPTED and told.cause.status != Status.UNKNOWN.value:
        return f"{again} goes on listing it, which stops nothing; with `--accept ACCEPT.yaml` it counts as accepted"
    command = f"{again} no longer lists it{_stays(told)}"
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
