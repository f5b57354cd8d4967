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
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import machines

from .causes import outcome_words
from .command import FILES, check_runs, texts
from .home_places import home_places
from .leg_guide import GUIDE
from .page import PilotRow
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
        made = runbook(restricted(scenario, found.machines), runs)
        for file, text in texts(made, pilot_rows(scenario, found)).items():
            write_text(out / file, text, FILES[file])
    print(json.dumps(as_json(scenario, found), indent=2) if json_wanted else "\n".join(_lines(scenario, found)))
    if not json_wanted:
        print(f"{outcome_words(made)} Runbook of the pilot: {out / 'runbook.html'}")


def pilot_rows(scenario: Scenario, found: Pilot) -> tuple[PilotRow, ...]:
    """What each group of machines tries, where it comes home to, and how one backs out."""
    places = home_places(scenario)
    return tuple(
        PilotRow(
            group.machines,
            group.size_gib,
            found.proves[group.machines],
            tuple(dict.fromkeys(places[name] for name in group.machines)),
            _back_out(scenario, group.machines[0]),
        )
        for group in found.groups
    )


def as_json(scenario: Scenario, found: Pilot) -> dict[str, Any]:
    """The pilot as plain data."""
    return {
        "scenario": scenario.name,
        "machines": list(found.machines),
        "groups": [
            {
                "machines": list(row.machines),
                "proves": list(row.proves),
                "size_gib": row.size_gib,
                "comes_home_to": list(row.places),
                "back_out": row.back_out,
            }
            for row in pilot_rows(scenario, found)
        ],
        "not_covered": {name: list(blocked) for name, blocked in found.uncovered.items()},
    }


def _lines(scenario: Scenario, found: Pilot) -> Iterator[str]:
    of = len(scenario.estate.virtual_machines)
    tries = "it tries" if len(found.machines) == 1 else "together they try"
    early = f"Bring {machines(len(found.machines))} of {of} home early"
    yield f"{early}; {tries} every kind of way home that the plan needs."
    for row in pilot_rows(scenario, found):
        yield ""
        yield f"{', '.join(row.machines)} ({row.size_gib:,.0f} GiB)"
        yield f"  tries first: {', '.join(row.proves)}"
        yield from (f"  comes home to {place}" for place in row.places)
        yield f"  back out: {row.back_out}"
    for name, blocked in found.uncovered.items():
        yield ""
        yield f"Not tried: {name}. Only {listed(blocked)} could, and a rule blocks that now; see `failback check`."
    yield ""
    yield "Afterwards give the pilot's history to `failback calibrate`."


def _back_out(scenario: Scenario, machine: str) -> str:
    return GUIDE[scenario.estate.virtual_machines[machine].architecture, Operation.FAILBACK].undo
