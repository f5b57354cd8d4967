"""How a person sees after a repair that the finding is gone: what is written into the file, and the check asked again.

A repair does not always change the fact that was at fault: a raw device mapping stays one, only the machine that it
needs is back. A table (`corrected`) says what then is to be written into the file.
"""

from collections.abc import Sequence
from typing import Final

from failback.reprotect import FactRead
from failback.scenarios.judging.check import Status

from .corrected import ACCEPTED, STAYS
from .told import ToldCause

_FRESH: Final = {"sim": "", "lab": " --world lab", "azure": " --world azure"}
_FAULTS: Final = frozenset({"snapshots", "stopped_services", "closed_ports", "forbidden_software"})
"""Keys of lists that are empty where nothing is at fault."""


def again_words(told: ToldCause, file: str, world: str = "sim") -> str:
    """The command, and in a world that reads a file what is to be changed in the file before it."""
    if told.cause.status == Status.AFTER_RETURN.value:
        return (
            "after the return: `failback import RVTOOLS.xlsx --bandwidth 500 --out NEW.yaml`, from a new export; then "
            f"`failback aftercare {file} --after NEW.yaml`"
        )
    again = f"`failback check {file} --rule {told.cause.rule}{_FRESH.get(world, '')}`"
    if told.cause.rule in ACCEPTED and told.cause.status != Status.UNKNOWN.value:
        return f"{again} goes on listing it, which stops nothing"
    if told.reading and told.cause.status == Status.UNKNOWN.value:
        return f"{again.removesuffix('`')} --reading {told.reading}=holds`, or `does_not_hold` in place of `holds`"
    command = f"{again} no longer lists it{_stays(told)}"
    return command if world != "sim" else f"in {file}, {_by_hand(told)}; then {command}"


def _stays(told: ToldCause) -> str:
    if told.cause.status in (Status.UNKNOWN.value, Status.BLOCKS.value) or told.cause.rule not in STAYS:
        return ""
    return f" ({STAYS[told.cause.rule]}, it does, and that stops nothing)"


def _by_hand(told: ToldCause) -> str:
    if told.cause.status == Status.UNKNOWN.value:
        return f"write what you saw ({'; '.join(told.keys)})" if told.keys else "write what else is found"
    if told.corrected:
        return told.corrected
    return _of_the_fact(told.facts, told.cause.objects) if told.facts else "write what is so now"


def _of_the_fact(facts: Sequence[FactRead], objects: Sequence[str]) -> str:
    """Under which object which key gets which value: a flag at fault is turned round."""
    first, more = facts[0], len(objects) > 1
    at = f"`{first.section}`" + (f", {first.name}" if first.name else "") + (" and each of the others" if more else "")
    return f"under {at}: write {', '.join(map(_written, facts))}"


def _written(fact: FactRead) -> str:
    if isinstance(fact.value, bool):
        return f"`{fact.key}: {str(not fact.value).lower()}`"
    if fact.key.rpartition(".")[2] in _FAULTS:
        return f"`{fact.key}: []`"
    return f"what you see now as `{fact.key}`"
