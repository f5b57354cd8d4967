"""The requests of a runbook as scripts that people run themselves: per wave one script and the list that it reads.

Only modernised machines have scripts: the classic architecture is retired. Values go into shell and JSON as they are,
so that a name with a character that either would read differently is refused.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum, unique
from importlib.resources import files
from typing import Final

from failback.adapters.translation import (
    ACTIONS,
    ARCHITECTURES,
    ITEM_STATES,
    POSTS,
    RCM_FAILBACK,
    RECOVERY_POINT_TYPES,
)
from failback.reprotect import LEGS, Architecture, Operation, Phase, allowed, end_of, phase_row
from failback.scenarios.files.yaml_source import BadInput, Mistake

from .planned_requests import PlannedRequest
from .runbook import Runbook

HEADS: Final = ("machine", "leg", "appliance", "datastore", "log storage account", "recovery point")
"""Columns of the list."""
SCRIPTED: Final = frozenset({Architecture.MODERNISED})
"""Architectures whose requests the scripts can make."""
_PLAIN: Final = re.compile(r"[\w ./()+:@-]*")


@unique
class ScriptKind(Enum):
    """The shell that runs the scripts."""

    AZ = "az"
    PS1 = "ps1"


TEMPLATES: Final = {ScriptKind.AZ: "wave.sh", ScriptKind.PS1: "wave.ps1"}


LEG_WORDS: Final = {
    Operation.REPROTECT_TO_ON_PREMISES: "reprotect",
    Operation.FAILBACK: "failback",
    Operation.COMMIT_FAILBACK: "commit",
    Operation.REPROTECT_TO_AZURE: "reprotect-to-azure",
}
"""What a person types for a leg."""


def scripts(found: Runbook, kind: ScriptKind) -> Mapping[str, str]:
    """Texts by file name, two a wave. Raises `BadInput` where a wave cannot be written as a script."""
    _refuse_what_has_none(found)
    waves = dict.fromkeys(request.wave for request in found.requests)
    made: dict[str, str] = {}
    for number, wave in enumerate(waves, start=1):
        name = f"wave-{number}"
        made[f"{name}.{TEMPLATES[kind].rpartition('.')[2]}"] = _script(found, wave, name, kind)
        made[f"{name}.csv"] = _list(found, wave)
    return made


def left_out(found: Runbook) -> tuple[str, ...]:
    """Machines that a rule stops in the simulation: no script asks for what follows."""
    requests = (request for section in found.sections for request in section.requests)
    return tuple(dict.fromkeys(item for request in requests if request.number is None for item in request.items))


def _refuse_what_has_none(found: Runbook) -> None:
    machines = found.scenario.estate.virtual_machines
    for request in found.requests:
        kinds = {machines[item].architecture for item in request.items}
        if strange := sorted(kind.value for kind in kinds - SCRIPTED):
            raise _no_script(found, f"{request.items[0]} is {strange[0]}; scripts are for modernised machines only")
        if request.by_plan:
            text = f"wave '{request.wave}' is asked for by recovery plan '{request.subject}', which scripts cannot do"
            raise _no_script(found, text)


def _no_script(found: Runbook, text: str) -> BadInput:
    advice = "use the runbook's page and the portal, or leave --script out"
    return BadInput(Mistake("", found.scenario.name, 0, f"{text}; {advice}"))


def _script(found: Runbook, wave: str, name: str, kind: ScriptKind) -> str:
    text = files("failback.scenarios").joinpath("templates", TEMPLATES[kind]).read_text(encoding="utf-8")
    values = {"WAVE": wave or "all", "PLAN": found.plan_hash, "FILE": name, "STATES": STATES[kind]()}
    for key, value in values.items():
        text = text.replace(f"@{key}@", value if key == "STATES" else _plain(found, value))
    return text


def _list(found: Runbook, wave: str) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADS)
    for request in found.requests:
        if request.wave == wave:
            writer.writerows(_rows(found, request))
    return file.getvalue()


def _rows(found: Runbook, request: PlannedRequest) -> Iterator[list[str]]:
    choices = request.choices
    point = choices.get("recovery_point", "")
    values = (
        LEG_WORDS[request.operation],
        choices.get("appliance") or choices.get("process_server", ""),
        choices.get("datastore", ""),
        choices.get("log_storage_account", ""),
        RECOVERY_POINT_TYPES[RCM_FAILBACK].get(point, point),
    )
    for item in request.items:
        vm = found.scenario.estate.virtual_machines[item]
        yield [_plain(found, str(value)) for value in (vm.vsphere_name or vm.name, *values)]


def _plain(found: Runbook, value: str) -> str:
    """The value, where shell, JSON and query read it as it is."""
    if _PLAIN.fullmatch(value):
        return value
    text = f"{value!r} cannot stand in a script: only letters, digits, blanks and . _ - / ( ) + : @ can"
    raise _no_script(found, text)


def _ready(leg: Operation, phase: Phase) -> bool:
    """Whether the leg is the next one of an item at rest in this phase."""
    return phase_row(phase).legs_behind == LEGS.index(leg) and any(leg in allowed(kind, phase) for kind in SCRIPTED)


def _behind(leg: Operation, phase: Phase) -> bool:
    """Whether the leg is behind.

    An item that replicates to Azure may be before the way home or after it: the latter counts after the last leg only.
    """
    row = phase_row(phase)
    return end_of(leg) in (phase, row.resyncs_into) or LEGS.index(leg) < row.legs_behind < len(LEGS)


def _states(leg: Operation, holds: Callable[[Operation, Phase], bool]) -> list[str]:
    """What a modernised item shows in the phases for which that holds, as provider/protectionState."""
    rows = (row for row in ITEM_STATES if ARCHITECTURES[row.provider] in SCRIPTED and holds(leg, row.phase))
    return [f"{row.provider}/{row.protection_state}" for row in rows]


def _action(leg: Operation) -> str:
    """Last segment of the request's path; the architectures that have scripts have the same."""
    (action,) = {ACTIONS[POSTS[kind, leg].verb] for kind in SCRIPTED}
    return action


def _az_states() -> str:
    lines = []
    for leg, word in LEG_WORDS.items():
        ready, behind = (" ".join(_states(leg, holds)) for holds in (_ready, _behind))
        lines.append(f"  {word})\n    action={_action(leg)}\n    ready='{ready}'\n    behind='{behind}'\n    ;;")
    return "\n".join(lines)


def _ps1_states() -> str:
    def quoted(words: list[str]) -> str:
        return ", ".join(f"'{word}'" for word in words)

    rows = (
        f"    '{word}' = @{{ Action = '{_action(leg)}'; Ready = @({quoted(_states(leg, _ready))}); "
        f"Behind = @({quoted(_states(leg, _behind))}) }}"
        for leg, word in LEG_WORDS.items()
    )
    return "\n".join(rows)


STATES: Final = {ScriptKind.AZ: _az_states, ScriptKind.PS1: _ps1_states}
