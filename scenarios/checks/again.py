"""How a person sees after a repair that the finding is gone: what is written into the file, and the check asked again.

A repair does not always change the fact that was at fault: a raw device mapping stays one, only the machine that it
needs is back. A table (`corrected`) says what then is to be written into the file.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from failback.reprotect import FactRead
from failback.scenarios.files.schema import SECTIONS
from failback.scenarios.judging.check import Status

from .corrected import ACCEPTED, STAYS
from .told import ToldCause

FRESH: Final = {"sim": "", "lab": " --world lab", "azure": " --world azure"}
_PLAN: Final = re.compile(r"`plan\b")
_OF_ESTATE: Final = re.compile(rf"`(?:link|{'|'.join(SECTIONS)})\b")
"""Keys of a scenario, and of its estate, as texts name them."""
_FAULTS: Final = frozenset({"snapshots", "stopped_services", "closed_ports", "forbidden_software"})
"""Keys of lists that are empty where nothing is at fault."""


def again_words(told: ToldCause, file: str, world: str = "sim") -> str:
    """The command, and in a world that reads a file what is to be changed in the file before it."""
    if told.cause.status == Status.AFTER_RETURN.value:
        imported = f"`failback import RVTOOLS.xlsx --bandwidth {told.bandwidth_mbit_per_s:g} --out NEW.yaml`"
        return (
            "after the return, with a new RVTools export, RVTOOLS.xlsx, from the VMware administrator: "
            f"{imported}; then `failback aftercare {file} --after NEW.yaml` lists what is still open"
        )
    again = f"`failback check {file} --rule {told.cause.rule}{FRESH.get(world, '')}`"
    if told.cause.rule in ACCEPTED and told.cause.status != Status.UNKNOWN.value:
        return f"{again} still lists it; that does not block"
    if told.reading and told.cause.status == Status.UNKNOWN.value:
        with_answer = f"{again.removesuffix('`')} --reading {told.reading}="
        return f"if support says no: {with_answer}holds`; if it says yes: {with_answer}does_not_hold`"
    command = f"{again} no longer lists it{_stays(told)}"
    if world != "sim":
        return command
    return f"{_in_files(_by_hand(told), told, file)}{_settles(told, file)}; then {command}"


def _settles(told: ToldCause, file: str) -> str:
    """What the import noted against the finding is told until somebody deletes it."""
    if not told.noted.found or told.cause.status == Status.UNKNOWN.value:
        return ""
    return f"; delete what that settles in {told.estate_file or file}, under `sources: mismatches`"


def _in_files(written: str, told: ToldCause, file: str) -> str:
    """With the file in which that is written: facts of the estate may stand in another than the plan."""
    of_plan, estate_file, plan_file = _PLAN.search(written), told.estate_file, told.plan_file or file
    if of_plan and not _OF_ESTATE.search(written):
        return f"in {plan_file}, {written}"
    if estate_file == told.file and not (of_plan and told.plan_file):
        return f"in {file}, {written}"
    if written == told.corrected and not of_plan and not _OF_ESTATE.search(written):
        return written  # it leads to a step, which names its file
    return f"in {estate_file}, {written}{f' (`plan` is in {plan_file})' if of_plan else ''}"


def _stays(told: ToldCause) -> str:
    if told.cause.status in (Status.UNKNOWN.value, Status.BLOCKS.value) or told.cause.rule not in STAYS:
        return ""
    return f" ({STAYS[told.cause.rule]}, it still does, and that does not block)"


def _by_hand(told: ToldCause) -> str:
    if told.cause.status == Status.UNKNOWN.value:
        return f"write what you saw ({'; '.join(told.keys)})" if told.keys else "write what those findings ask for"
    if told.corrected:
        return told.corrected
    main = _of_the_fact(told.facts, told.cause.objects) if told.facts else "write what is so now"
    return main + told.otherwise


def _of_the_fact(facts: Sequence[FactRead], objects: Sequence[str]) -> str:
    """Under which object which key gets which value: a flag at fault is turned round."""
    first, more = facts[0], len(objects) > 1
    at = f"`{first.section}`" + (f", {first.name}" if first.name else "") + (" and each of the others" if more else "")
    return f"under {at}: write {', '.join(map(_written, facts))}"


def value_after(told: ToldCause, fact: FactRead) -> object | None:
    """What is to be written as this fact after the repair; None where the texts give no value for it."""
    text, key = told.corrected.partition("; ")[0] or _written(fact), fact.key.rpartition(".")[2]
    found = re.search(rf"write `(?:[\w.]+\.)?{key}: ([^`]+)`", f"write {text}")
    if found is None or (type(fact.value), found[1]) not in _VALUES:
        return found[1] if found is not None and isinstance(fact.value, str) else None
    return _VALUES[type(fact.value), found[1]]


_VALUES: Final[Mapping[tuple[type, str], object]] = {(bool, "true"): True, (bool, "false"): False, (tuple, "[]"): ()}
"""What a value in the texts is, for a fact of this kind."""


def _written(fact: FactRead) -> str:
    if isinstance(fact.value, bool):
        return f"`{fact.key}: {str(not fact.value).lower()}`"
    if fact.key.rpartition(".")[2] in _FAULTS:
        return f"`{fact.key}: []`"
    return f"what you see now as `{fact.key}`"
