"""Tells a run something: which run of a folder that is, whether it can hear, and what was written for it."""

from difflib import get_close_matches
from pathlib import Path
from typing import Final

from failback.reprotect import Instruction
from failback.scenarios.files.loader import load_scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.lock import Busy, locked
from failback.scenarios.outputs.run_folders.identity import FINISHED, Identity, read_identity
from failback.scenarios.outputs.run_folders.instructions import add_instruction
from failback.scenarios.outputs.run_folders.run_folder import HISTORY, SCENARIO, broken_off
from failback.scenarios.run import player
from failback.scenarios.text.plain_words import machines

from .resumed_run import WATCH

HEARD: Final[dict[Instruction, str]] = {
    Instruction.PAUSE: "it sends nothing more until it is told to continue; jobs that are running go on",
    Instruction.CONTINUE: "it goes on from where it was paused",
    Instruction.SKIP: "it does nothing more for this machine, nor for those that cannot go on without it",
    Instruction.ABANDON: "it sends nothing more and ends; no job is cancelled, so look in the vault what still runs",
}
"""What a run does once it has heard."""
TAIL_BYTES: Final = 4_096
"""Where the last line of a history is looked for."""
_NO_RUN: Final = "no run is kept here; expected the folder of a run with --out"
_OVER: Final = "this run has ended, so it hears nothing more; `failback report` shows what it did"
_WATCHED: Final = (
    "this is the folder of a watch, which sends nothing, so there is nothing to tell it; see `failback note`"
)
_SIMULATED: Final = "a run in world sim takes no time in which it could be told anything; change its scenario instead"


def tell(folder: Path, instruction: Instruction, item: str | None) -> str:
    """Write it down for the run, and say what will happen. Raises `BadInput`, and `CannotWrite`."""
    if not folder.is_dir():
        raise _bad(folder, _NO_RUN)
    place = next(iter(broken_off(folder)), folder)
    identity = _identity(place)
    _check_item(place, instruction, item)
    add_instruction(place, instruction, item or "")
    if _is_driven(folder):
        return f"{identity.scenario}: written down. The run hears it when it looks next; then {HEARD[instruction]}."
    later = f"`failback resume {folder}` hears it first; then {HEARD[instruction]}"
    return f"{identity.scenario}: written down. No process is driving this run now. {later}."


def _identity(place: Path) -> Identity:
    identity = read_identity(place)
    if identity is None:
        raise _bad(place, _NO_RUN)
    if identity.command == WATCH:
        raise _bad(place, _WATCHED)
    if identity.state == FINISHED and _has_ended(place):
        raise _bad(place, _OVER)
    if identity.world not in player.DURABLE:
        raise _bad(place, _SIMULATED)
    return identity


def _has_ended(place: Path) -> bool:
    """Whether its history says so: one that was interrupted is over too, and can be resumed."""
    try:
        with (place / HISTORY).open("rb") as file:
            file.seek(max(0, (place / HISTORY).stat().st_size - TAIL_BYTES))
            return b'"name":"RunEnded"' in file.read()
    except OSError:
        return False


def _check_item(place: Path, instruction: Instruction, item: str | None) -> None:
    if instruction is not Instruction.SKIP:
        if item is not None:
            raise _bad(
                place, f"{instruction.value} applies to the whole run, so no machine can be given; found '{item}'"
            )
        return
    if item is None:
        raise _bad(place, "skip needs the name of a machine, such as `failback tell FOLDER skip web-01`")
    known = list(load_scenario(place / SCENARIO).estate.virtual_machines)
    if item not in known:
        near = get_close_matches(item, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"it has {machines(len(known))}, named in {SCENARIO}."
        raise _bad(place / SCENARIO, f"the run has no machine '{item[:100]}'; {hint}")


def _is_driven(folder: Path) -> bool:
    """Whether a process has the run."""
    try:
        with locked(folder):
            return False
    except Busy:
        return True


def _bad(path: Path, what: str) -> BadInput:
    return BadInput(Mistake("", str(path), 0, what))
