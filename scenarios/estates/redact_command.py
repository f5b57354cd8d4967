"""What `failback redact` does, and `failback import --redact`: a copy fit to send to others, and the map that stays."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Any, Final

from failback.reprotect import scratch_folder
from failback.scenarios.files.lint import LEFT_TO_RULES
from failback.scenarios.files.loader import Typed, adapter_of, load_typed, resolve
from failback.scenarios.files.resolved import plain
from failback.scenarios.files.schema import ScenarioFile
from failback.scenarios.outputs.kinds import COPY_MARK, MAP_KEY
from failback.scenarios.outputs.writing import refuse_what_is_not_ours, write_text
from failback.scenarios.text.plain_words import counted
from failback.scenarios.text.yaml_text import yaml_text
from failback.scenarios.usage_error import UsageError

from .pseudonyms import Pseudonyms
from .redacting import redacted_file

COPY: Final = "pseudonymised copy"
MAP: Final = "map of pseudonyms"
KEY_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class RedactRequest:
    """What was asked. `key` is drawn anew for each copy unless given."""

    file: str
    out: Path
    map: Path | None = None
    key: bytes = b""


def run_redact(request: RedactRequest) -> str:
    """Write the copy; returns what is to be said. Raises `BadInput`."""
    _refuse(request)
    return _written(load_typed(resolve(request.file), LEFT_TO_RULES), request)


def redact_text(text: str, request: RedactRequest) -> str:
    """The same for an estate that has not been written anywhere yet."""
    _refuse(request)
    with scratch_folder("failback-redact-") as folder:
        path = folder / "estate.yaml"
        write_text(path, text, "estate")
        return _written(load_typed(path, LEFT_TO_RULES), request)


def _refuse(request: RedactRequest) -> None:
    if request.map is not None:
        _refuse_beside_the_copy(request.map, request.out)
    refuse_what_is_not_ours(request.out, COPY)
    if request.map is not None:
        refuse_what_is_not_ours(request.map, MAP)


def _refuse_beside_the_copy(map_file: Path, out: Path) -> None:
    """Whoever sends the copy sends its folder too: as a zip, or by a share that others see."""
    folder = out.resolve().parent
    if map_file.resolve().is_relative_to(folder):
        raise UsageError(
            f"--map is {map_file}, in {folder}, the folder of the copy: whoever gets this folder gets the real names. "
            f"Write the map outside it, such as to {out.parent / '..' / map_file.name}."
        )


def _written(typed: Typed, request: RedactRequest) -> str:
    pseudonyms = Pseudonyms.new(request.key or token_bytes(KEY_BYTES))
    copy = redacted_file(typed.file, pseudonyms)
    write_text(request.out, copy_text(copy, is_scenario=typed.is_scenario, standing=_standing(typed)), COPY)
    if request.map is not None:
        write_text(request.map, json.dumps({MAP_KEY: dict(pseudonyms.given)}, indent=1, ensure_ascii=False) + "\n", MAP)
    return "\n".join(_said(typed, request, len(pseudonyms.given)))


def _standing(typed: Typed) -> frozenset[int]:
    """Which machines, by number, the file says the phase of."""
    estate = typed.file.estate
    machines = enumerate(estate.virtual_machines if estate else ())
    return frozenset(number for number, vm in machines if vm.name in typed.phases_given)


def copy_text(copy: ScenarioFile, *, is_scenario: bool, standing: Collection[int] = ()) -> str:
    """The file's text: only what differs from the defaults.

    `standing`: machines, by number, of which the file says the phase. It says it in the copy too, and whether they
    are on, which hangs on the phase where it is left out.
    """
    part: Any = copy if is_scenario else copy.estate
    shape: Any = type(part)
    data = adapter_of(shape).dump_python(part, mode="json", exclude_defaults=True)
    machines = copy.estate.virtual_machines if copy.estate else ()
    for number in standing:
        vm = machines[number]
        written = (data["estate"] if is_scenario else data)["virtual_machines"][number]
        written |= {"at": vm.at.value, "powered_on": plain(vm.powered_on)}
    return f"{COPY_MARK}\n" + yaml_text(data)


def _said(typed: Typed, request: RedactRequest, names: int) -> Iterator[str]:
    have = "has a pseudonym" if names == 1 else "have pseudonyms"
    yield f"{request.out}: a pseudonymised copy; {counted(names, 'name')} {have}, free text was dropped."
    if request.map is None:
        yield "The map was not kept, so nobody can translate back; --map FILE keeps one."
    else:
        back = f"`failback redact ANSWER.txt --back --map {request.map}`"
        yield f"{request.map}: who is who. Keep it; do not send it along. {back} prints an answer with the names."
    if typed.file.homecoming.calibration:
        yield "The calibration is not in the copy: without it, times are predicted from the scenario's own numbers."
