"""The command `pilot`: chooses machines, says what each proves and how to back out, and writes their runbook."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from failback.scenarios.files.loader import load_located, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.true_seconds import seconds_between
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.predictions.times_assume import times_assume
from failback.scenarios.run.staffing import with_staffing

from .causes import outcome_words
from .command import FILES, check_runs, shown_in, started_before, texts
from .fix_first import faults, fix_first_lines, fix_first_named, fix_first_without_box
from .page import PilotPart
from .pilot import Pilot, pilot
from .pilot_after import after_words
from .pilot_concerns import concerning, elsewhere_words
from .pilot_end import end_json, end_words, pilot_end
from .pilot_hours import working_hours_lines
from .pilot_limits import PilotChoice
from .pilot_options import Limit
from .pilot_parts import in_parts, left_in_azure
from .pilot_passed_over import passed_over
from .pilot_rows import as_json, pilot_rows, ways_back
from .pilot_settling import restricted
from .pilot_words import notes, told_lines
from .planned_requests import PlannedRequest, planned_requests
from .runbook import Runbook, runbook
from .untried_words import untried_lines

_AS_COMPUTED: Final = PilotChoice()


def run_pilot(
    name: str,
    runs: int,
    out: Path,
    *,
    json_wanted: bool,
    start: str = "",
    now: datetime | None = None,
    tz: str = "",
    choice: PilotChoice = _AS_COMPUTED,
) -> None:
    """Choose, print, write. Raises `BadInput`, `UsageError`, `CannotWrite`."""
    check_runs(runs)
    whole = shown_in(load_located(resolve(name)).scenario, tz)
    begins = started_before(whole, start, now)
    scenario = whole if begins is None else replace(whole, starts_at=begins)
    found = pilot(scenario, choice, limit_of(scenario, whole, runs))
    if not found.machines:
        raise BadInput(Mistake("", name, 0, _nobody(found)))
    with reserved(out, FILES):
        made = runbook(concerning(restricted(scenario, found.machines), scenario), runs, name)
        made = replace(made, left=left_in_azure(scenario, found.machines))
        shorter = _shorter_requests(scenario, found, runs)
        end = pilot_end(scenario, whole, made.requests)
        ends, assume = end_words(end, scenario, given=begins is not None), times_assume(made.scenario)
        hours = tuple(working_hours_lines(made.scenario, made.requests))
        decide = (note.line() for note in notes(found, made.requests, shorter))
        told = (ends, *hours, assume, *decide, after_words(scenario, found))
        part = replace(_part(scenario, found, made), notes=told)
        for file, text in texts(made, part).items():
            write_text(out / file, text, FILES[file])
    if json_wanted:
        known = {"fix_first": [asdict(fault) for fault in faults(made)]}
        print(json.dumps(as_json(scenario, found, made.requests) | end_json(end) | known, indent=2))
        return
    fix = tuple(fix_first_lines(made))
    print("\n".join(told_lines(scenario, found, made.requests, shorter, (ends, *hours, assume), fix)))
    print(f"{outcome_words(made)} Runbook of the pilot: {out / 'runbook.html'}")


def _part(scenario: Scenario, found: Pilot, made: Runbook) -> PilotPart:
    return PilotPart(
        pilot_rows(scenario, found, made.requests),
        tuple(untried_lines(scenario, found)),
        fix_first=tuple(fix_first_named(made)),
        fix_here=tuple(fix_first_without_box(made)),
        ways_back=ways_back(scenario, found),
        in_parts=in_parts(scenario, found),
        left_in_azure=len(scenario.estate.virtual_machines) - len(found.machines),
        elsewhere=elsewhere_words(made.scenario, scenario, made.file),
    )


def limit_of(pilot_of: Scenario, whole: Scenario, runs: int) -> Limit | None:
    """By when the pilot must end; `None` where nobody told when the way home of all machines begins."""
    if whole.start_is_example:
        return None
    return Limit(seconds_between(pilot_of.starts_at, whole.starts_at), runs)


def _shorter_requests(scenario: Scenario, found: Pilot, runs: int) -> Sequence[PlannedRequest]:
    if found.shorter is None:
        return ()
    return planned_requests(with_staffing(restricted(scenario, found.shorter.machines)), runs)


def _nobody(found: Pilot) -> str:
    """Why nobody is left, with the reasons."""
    told = " ".join(note.line() for note in passed_over(found))
    return (
        "no machine can go home early: each is blocked by a rule, stops in the simulation, is in doubt or of the most "
        f"important tier (--with takes these two all the same), or is left out. {told}"
    ).strip()
