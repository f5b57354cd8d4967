"""The command `pilot`: chooses machines, says what each proves and how to back out, and writes their runbook."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from failback.reprotect import Operation, by_id
from failback.scenarios.files.loader import load_located, resolve
from failback.scenarios.files.schema import STARTS_AT, Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import LEG_WORDS, machines

from .causes import outcome_words
from .command import FILES, check_runs, shown_in, started_before, texts
from .home_places import home_places
from .leg_guide import GUIDE
from .page import PilotPart, PilotRow
from .pilot import Pilot, pilot, restricted
from .pilot_limits import PilotChoice, Why
from .rows import start_words
from .runbook import runbook
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
    found = pilot(scenario, choice)
    if not found.machines:
        raise BadInput(Mistake("", name, 0, _nobody(found)))
    with reserved(out, FILES):
        made = runbook(restricted(scenario, found.machines), runs, name)
        for file, text in texts(made, pilot_part(scenario, found)).items():
            write_text(out / file, text, FILES[file])
    print(json.dumps(as_json(scenario, found), indent=2) if json_wanted else "\n".join(told_lines(scenario, found)))
    if not json_wanted:
        print(_when(scenario, whole, given=begins is not None))
        print(f"{outcome_words(made)} Runbook of the pilot: {out / 'runbook.html'}")


def _when(pilot_of: Scenario, whole: Scenario, *, given: bool) -> str:
    """When the pilot begins, and whether that is before the way home of all machines."""
    begins = f"The pilot begins {start_words(pilot_of)}"
    if not given:
        return f"{begins}, like the way home of all machines: give an earlier time with --start."
    if whole.starts_at == STARTS_AT or pilot_of.starts_at < whole.starts_at:
        return f"{begins}."
    return f"{begins}: that is not before the way home of all machines, which begins {start_words(whole)}."


def pilot_part(scenario: Scenario, found: Pilot) -> PilotPart:
    """What the runbook says of the pilot."""
    return PilotPart(pilot_rows(scenario, found), tuple(untried_lines(scenario, found)))


def pilot_rows(scenario: Scenario, found: Pilot) -> tuple[PilotRow, ...]:
    """What each group of machines tries, where it comes home to, and how one backs out."""
    places, tiers = home_places(scenario), {name: vm.tier for name, vm in scenario.estate.virtual_machines.items()}
    return tuple(
        PilotRow(
            group.machines,
            group.size_gib,
            listed(tuple(dict.fromkeys(filter(None, (tiers[name] for name in group.machines))))),
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
                "tier": row.tier,
                "comes_home_to": list(row.places),
                "back_out": row.back_out,
            }
            for row in pilot_rows(scenario, found)
        ],
        "not_covered": {one.name: list(one.machines) for one in found.untried if one.why is not Why.WARNING},
        "not_tried": [
            {"what": one.name, "machines": list(one.machines), "why": one.why.value, "with": list(one.offers)}
            for one in found.untried
        ],
        "passed_over": [
            {"machine": stop.item, "leg": stop.operation.value, "rule": stop.rule, "why": stop.message}
            for stop in found.passed_over
        ],
    }


def told_lines(scenario: Scenario, found: Pilot) -> Iterator[str]:
    """The pilot in words."""
    of = len(scenario.estate.virtual_machines)
    early = f"Bring {machines(len(found.machines))} of {of} home early"
    yield f"{early}; {_how_much(found)}."
    for row in pilot_rows(scenario, found):
        yield ""
        yield f"{', '.join(row.machines)} ({row.size_gib:,.0f} GiB{row.tier and f', tier {row.tier}'})"
        yield f"  tries first: {', '.join(row.proves) or 'nothing that the others do not try'}"
        yield from (f"  comes home to {place}" for place in row.places)
        yield f"  back out: {row.back_out}"
    for line in untried_lines(scenario, found):
        yield ""
        yield f"Not tried: {line}"
    yield from _passed_over(found)
    yield from _without_mates(scenario, found.machines)
    yield ""
    yield (
        "The pilot also measures how much data has changed, if `failback watch` follows it: afterwards give the folder "
        "of the watch to `failback calibrate`."
    )


def _how_much(found: Pilot) -> str:
    """How much of the way home they try."""
    tries = "it tries" if len(found.machines) == 1 else "together they try"
    if not found.untried:
        return f"{tries} every kind of way home that the plan needs"
    tried = {one for group in found.groups for one in found.proves[group.machines]}
    every = len(tried) + len(found.untried)
    return f"{tries} {len(tried)} of the {every} properties and warnings of the way home, and the rest is listed below"


def _without_mates(scenario: Scenario, chosen: Sequence[str]) -> Iterator[str]:
    """Applications of which the pilot brings only some machines home."""
    for one in scenario.applications:
        early = [name for name in one.machines if name in chosen]
        rest = [name for name in one.machines if name not in chosen]
        if early and rest:
            yield ""
            yield (
                f"Of {one.name}, only {listed(early)} comes home early, and not {listed(rest)}. Ask the owner whether "
                "the application works like that, across the link."
            )


def _passed_over(found: Pilot) -> Iterator[str]:
    """Who would have been able to go by the check: a line for each leg and reason."""
    groups: dict[tuple[str, str], list[str]] = {}
    for stop in found.passed_over:
        groups.setdefault((LEG_WORDS[stop.operation].name, stop.rule), []).append(stop.item)
    for (leg, rule), names in groups.items():
        row = by_id(rule)
        why = f"{rule} {row.title}" if row is not None else rule.replace("_", " ")
        yield ""
        yield f"Passed over: {listed(names)}. In the simulation, {_stop_words(len(names))} at {leg} ({why})."


def _stop_words(count: int) -> str:
    """That it stops, or that they do."""
    return "it stops" if count == 1 else "they stop"


def _nobody(found: Pilot) -> str:
    blocked = "a rule blocks each of them; `failback check` names the rules"
    if not found.passed_over:
        return f"no machine can go home early: {blocked}"
    told = " ".join(filter(None, _passed_over(found)))
    return f"no machine can go home early: each is blocked by a rule or stops in the simulation. {told}"


def _back_out(scenario: Scenario, machine: str) -> str:
    return GUIDE[scenario.estate.virtual_machines[machine].architecture, Operation.FAILBACK].undo
