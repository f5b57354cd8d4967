"""The command `pilot`: chooses machines, says what each proves and how to back out, and writes their runbook."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from failback.reprotect import Operation
from failback.scenarios.files.loader import load_located, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.text.plain_words import machines

from .command import FILES, check_runs, texts
from .leg_guide import GUIDE
from .pilot import Pilot, pilot, restricted
from .runbook import runbook


def run_pilot(name: str, runs: int, out: Path, *, json_wanted: bool) -> None:
    """Choose, print, write. Raises `BadInput`, `UsageError`, `CannotWrite`."""
    check_runs(runs)
    scenario = load_located(resolve(name)).scenario
    found = pilot(scenario)
    if not found.machines:
        text = "no machine can go home early: a rule blocks each of them; `failback check` names the rules"
        raise BadInput(Mistake("", name, 0, text))
    with reserved(out, FILES):
        for file, text in texts(runbook(restricted(scenario, found.machines), runs)).items():
            write_text(out / file, text, FILES[file])
    print(json.dumps(as_json(scenario, found), indent=2) if json_wanted else "\n".join(_lines(scenario, found)))
    if not json_wanted:
        print(f"Runbook of the pilot: {out / 'runbook.html'}")


def as_json(scenario: Scenario, found: Pilot) -> dict[str, Any]:
    """The pilot as plain data."""
    return {
        "scenario": scenario.name,
        "machines": list(found.machines),
        "groups": [
            {
                "machines": list(group.machines),
                "proves": list(found.proves[group.machines]),
                "size_gib": group.size_gib,
                "back_out": _back_out(scenario, group.machines[0]),
            }
            for group in found.groups
        ],
        "not_covered": {name: list(blocked) for name, blocked in found.uncovered.items()},
    }


def _lines(scenario: Scenario, found: Pilot) -> Iterator[str]:
    of = len(scenario.estate.virtual_machines)
    yield f"Bring {machines(len(found.machines))} of {of} home early; together they try all that the others need."
    for group in found.groups:
        yield ""
        yield f"{', '.join(group.machines)} ({group.size_gib:,.0f} GiB)"
        yield f"  proves: {', '.join(found.proves[group.machines])}"
        yield f"  back out: {_back_out(scenario, group.machines[0])}"
    for name, blocked in found.uncovered.items():
        yield ""
        yield f"Not covered: {name}. Only {', '.join(blocked)} could try it, and a rule blocks that now."
    yield ""
    yield "Afterwards give the pilot's history to `failback calibrate`."


def _back_out(scenario: Scenario, machine: str) -> str:
    return GUIDE[scenario.estate.virtual_machines[machine].architecture, Operation.FAILBACK].undo
