"""The requests of a runbook as scripts that people run themselves: per wave one script and the list that it reads.

Values go into shell and JSON as they are: a name with a character that either would read differently is refused.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum, unique
from importlib.resources import files
from typing import Any, Final

from failback.adapters.translation import (
    ACTIONS,
    INMAGE,
    ITEM_STATES,
    POSTS,
    RCM_FAILBACK,
    RECOVERY_POINT_TYPES,
    SHUT_DOWN,
)
from failback.reprotect import LEGS, Architecture, Operation, Phase, VirtualMachine, allowed, end_of, phase_row
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.text.local_time import after

from .planned_requests import PlannedRequest
from .runbook import Runbook

HEADS: Final = (
    "machine",
    "leg",
    "plan",
    "appliance",
    "master target",
    "process server",
    "retention drive",
    "account",
    "datastore",
    "log storage account",
    "recovery point",
    "shut down",
)
"""Columns of the list."""
TO_CHOOSE: Final = "TO-BE-CHOSEN"
"""Stands in the list for a value that nobody told; the scripts stop there before they send anything."""
_OPTIONAL: Final = frozenset({"account", "datastore"})
"""Values that a request can do without."""
_PLAIN: Final = re.compile(r"[\w ./()+:@-]*|[A-Za-z]:\\")
"""Text that is the same everywhere, or a drive, whose backslash the scripts escape."""


@unique
class ScriptKind(Enum):
    """The shell that runs the scripts."""

    AZ = "az"
    PS1 = "ps1"


_FREEZES: Final = {
    ScriptKind.AZ: "{0} {1} freeze window {2} lasts until {3}",
    ScriptKind.PS1: "    @{{ From = {0}; Until = {1}; Words = 'freeze window {2} lasts until {3}' }}",
}
"""One freeze window as each script reads it."""
_FOREVER_S: Final = 1e9
"""A window without an end lasts for thirty years."""
TEMPLATES: Final = {ScriptKind.AZ: "wave.sh", ScriptKind.PS1: "wave.ps1"}


_HOMEWARD: Final = {Architecture.CLASSIC: (INMAGE, True), Architecture.MODERNISED: (RCM_FAILBACK, False)}
"""The provider of a machine that comes home, and whether its failback says that Azure's machine is shut down."""
LEG_WORDS: Final = {
    Operation.COMMIT_FAILOVER: "commit-failover",
    Operation.REPROTECT_TO_ON_PREMISES: "reprotect",
    Operation.FAILBACK: "failback",
    Operation.COMMIT_FAILBACK: "commit",
    Operation.REPROTECT_TO_AZURE: "reprotect-to-azure",
}
"""What a person types for a leg."""


def scripts(found: Runbook, kind: ScriptKind) -> Mapping[str, str]:
    """Texts by file name, two a wave. Raises `BadInput` where a wave cannot be written as a script."""
    waves = dict.fromkeys(request.wave for request in found.requests)
    made: dict[str, str] = {}
    for number, wave in enumerate(waves, start=1):
        name = f"wave-{number}"
        made[f"{name}.{TEMPLATES[kind].rpartition('.')[2]}"] = _script(found, wave, name, kind)
        made[f"{name}.csv"] = _list(found, wave)
    return made


def left_out(found: Runbook) -> tuple[str, ...]:
    """Machines that stop in the simulation: no script asks for what would stop them, nor for what follows."""
    return tuple(stop.item for stop in found.stops)


def _no_script(found: Runbook, text: str) -> BadInput:
    advice = "use the runbook's page and the portal, or leave --script out"
    return BadInput(Mistake("", found.scenario.name, 0, f"{text}; {advice}"))


def _script(found: Runbook, wave: str, name: str, kind: ScriptKind) -> str:
    text = files("failback.scenarios").joinpath("templates", TEMPLATES[kind]).read_text(encoding="utf-8")
    values = {"WAVE": wave or "all", "PLAN": found.plan_hash, "FILE": name, "STATES": STATES[kind]()}
    for key, value in values.items():
        text = text.replace(f"@{key}@", value if key == "STATES" else _plain(found, value))
    return text.replace("@FREEZES@", "\n".join(_FREEZES[kind].format(*row) for row in _freezes(found)))


def _freezes(found: Runbook) -> Iterator[tuple[int, int, str, str]]:
    """Begin and end of each freeze window in seconds since 1970, its name, and when it is over."""
    begins_s = found.scenario.starts_at.timestamp()
    for freeze in found.scenario.plan.freezes:
        until_s = min(freeze.until_s, _FOREVER_S)
        over = after(found.scenario.starts_at, until_s).isoformat(" ", "minutes")
        span = math.floor(begins_s + freeze.from_s), math.ceil(begins_s + until_s)
        yield (*span, _plain(found, freeze.name), over)


def _list(found: Runbook, wave: str) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADS)
    for request in found.requests:
        if request.wave == wave:
            writer.writerows(_rows(found, request))
    return file.getvalue()


def _rows(found: Runbook, request: PlannedRequest) -> Iterator[list[str]]:
    plan = request.subject if request.by_plan else ""
    for item in request.items:
        vm = found.scenario.estate.virtual_machines[item]
        values = (vm.vsphere_name or vm.name, LEG_WORDS[request.operation], plan, *_values(_open(request), vm))
        yield [_plain(found, str(value)) for value in values]


def _open(request: PlannedRequest) -> Mapping[str, Any]:
    """The values, and the word at which a script stops for each that nobody told, where the request needs it."""
    return {**request.choices, **{name: TO_CHOOSE for name in request.untold if name not in _OPTIONAL}}


def _values(choices: Mapping[str, Any], vm: VirtualMachine) -> Iterator[str]:
    """What the request of this machine's architecture says, under the columns behind the first three."""
    for name in ("appliance", "master_target", "process_server", "retention_drive", "account"):
        yield choices.get(name, "")
    for name in ("datastore", "log_storage_account"):
        yield choices.get(name, "")
    point = choices.get("recovery_point", "")
    provider, shuts_down = _HOMEWARD[vm.architecture]
    yield RECOVERY_POINT_TYPES[provider].get(point, point)
    shut_down = choices.get("shut_down_source")
    yield SHUT_DOWN[shut_down] if shuts_down and shut_down is not None else ""


def _plain(found: Runbook, value: str) -> str:
    """The value, where shell, JSON and query read it as it is."""
    if _PLAIN.fullmatch(value):
        return value
    text = f"{value!r} cannot stand in a script: only letters, digits, blanks and . _ - / ( ) + : @ can"
    raise _no_script(found, text)


def _ready(leg: Operation, phase: Phase) -> bool:
    """Whether the leg is the next one of an item at rest in this phase."""
    return phase_row(phase).legs_behind == LEGS.index(leg) and any(leg in allowed(kind, phase) for kind in Architecture)


def _behind(leg: Operation, phase: Phase) -> bool:
    """Whether the leg is behind.

    An item that replicates to Azure may be before the way home or after it: the latter counts after the last leg only.
    """
    row = phase_row(phase)
    return end_of(leg) in (phase, row.resyncs_into) or LEGS.index(leg) < row.legs_behind < len(LEGS)


def _states(leg: Operation, holds: Callable[[Operation, Phase], bool]) -> list[str]:
    """What an item shows in the phases for which that holds, as provider/protectionState."""
    return [f"{row.provider}/{row.protection_state}" for row in ITEM_STATES if holds(leg, row.phase)]


def _action(leg: Operation, kind: Architecture) -> str:
    """Last segment of the request's path."""
    return ACTIONS[POSTS[kind, leg].verb]


def _az_states() -> str:
    lines = []
    for leg, word in LEG_WORDS.items():
        ready, behind = (" ".join(_states(leg, holds)) for holds in (_ready, _behind))
        actions = "".join(f"    {kind.value}_action={_action(leg, kind)}\n" for kind in Architecture)
        lines.append(f"  {word})\n{actions}    ready='{ready}'\n    behind='{behind}'\n    ;;")
    return "\n".join(lines)


def _ps1_states() -> str:
    def quoted(words: list[str]) -> str:
        return ", ".join(f"'{word}'" for word in words)

    rows = (
        f"    '{word}' = @{{ Classic = '{_action(leg, Architecture.CLASSIC)}'; "
        f"Modernised = '{_action(leg, Architecture.MODERNISED)}'; Ready = @({quoted(_states(leg, _ready))}); "
        f"Behind = @({quoted(_states(leg, _behind))}) }}"
        for leg, word in LEG_WORDS.items()
    )
    return "\n".join(rows)


STATES: Final = {ScriptKind.AZ: _az_states, ScriptKind.PS1: _ps1_states}
