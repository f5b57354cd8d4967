"""What `failback check` does: load, look, judge, print."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from failback.reprotect import Phase, in_phases, parse_readings
from failback.scenarios.files.applications import owners_of
from failback.scenarios.files.lint import LEFT_TO_RULES
from failback.scenarios.files.loader import Located, load_located, resolve
from failback.scenarios.files.schema import Scenario, estate_file_of, vault_name
from failback.scenarios.gc_tuning import gc_tuning
from failback.scenarios.judging.check import Report, check_estate
from failback.scenarios.judging.passed_over import passed_over_words
from failback.scenarios.outcomes.answered_later import answered_later
from failback.scenarios.outcomes.taken_for_granted import (
    granted_json,
    granted_words,
    not_failed_over,
)
from failback.scenarios.outputs.writing import write_text
from failback.simulator import reachable

from .accept import Acceptance, Accepted, accepted
from .as_json import json_text, report_json
from .fact_sources import WORLDS, ObservedEstate
from .import_tasks import import_tasks
from .old_facts import old_files
from .still_open import still_open

FILL = "open facts"
"""The kind of output that --fill writes."""
TASKS = "tasks"
"""The kind of output that --tasks writes."""
PAGE = "check page"
"""The kind of output that --html writes."""
JUNIT = "check as JUnit"
"""The kind of output that --junit writes."""
SARIF = "findings"
"""The kind of output that --sarif writes."""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What was asked at the command line."""

    file: str
    world: str = "sim"
    readings: Sequence[str] = ()
    settings: Any = None
    unknown_blocks: bool = False
    rules: Sequence[str] = ()
    acceptances: Sequence[Acceptance] = ()
    today: date | None = None
    due: date | None = None


LIVE: Final = "azure"
"""The world whose vault tells where machines stand; that of the lab says what the file says."""


@dataclass(frozen=True, slots=True)
class CheckDone:
    """What came of it, and the file it came from."""

    request: CheckRequest
    located: Located
    seen: ObservedEstate
    report: Report

    accepted: Accepted | None = None
    granted: tuple[str, ...] = ()
    """What the answer takes for granted, in words."""

    @property
    def blocks(self) -> bool:
        """Whether anything stands in the way that nobody has accepted."""
        if self.accepted is not None:
            return self.accepted.still_blocks(unknown_blocks=self.request.unknown_blocks)
        return self.report.blocks(unknown_blocks=self.request.unknown_blocks)


NO_SCENARIO: Final = "the scenario that `failback new` writes"
"""Stands for the plan's file where an estate was checked, which has no plan."""


@gc_tuning()
def run_check(request: CheckRequest) -> CheckDone:
    """Judge a file's estate as a world shows it. Raises `BadInput`, `UnknownReading`, `Unreachable`."""
    return check_located(load_located(resolve(request.file), LEFT_TO_RULES), request)


def check_located(located: Located, request: CheckRequest) -> CheckDone:
    """The same for an estate that has been read. Raises `UnknownReading`, `Unreachable`."""
    readings, scenario = parse_readings(request.readings), located.scenario
    seen = WORLDS[request.world](scenario, request.settings)
    estate = replace(seen.estate, readings={**seen.estate.readings, **readings}, reachable=reachable(seen.estate))
    placed = in_phases(estate, seen.phases)
    later = answered_later(placed, not_failed_over(placed, scenario.phases_given))
    report = replace(
        check_estate(later.estate, scenario.plan, seen.phases),
        owners=owners_of(scenario.applications),
        file=request.file,
        estate_file=estate_file_of(scenario, request.file),
        plan_file="" if located.is_scenario else NO_SCENARIO,
        vault=_vault(request) or vault_name(scenario.vaults),
        mismatches=still_open(scenario.mismatches, scenario.estate),
        in_doubt=scenario.in_doubt,
    )
    found = accepted(report, request.acceptances, request.today) if request.today else None
    notes = (
        *seen.notes,
        *old_files(scenario),
        *(task.words() for task in import_tasks(scenario, request.file)),
        *_not_judged(scenario),
        *later.words(),
        *passed_over_words(report.passed_over),
        *(found.notes if found else ()),
    )
    granted = granted_words(scenario, report.estate, _told_live(request, seen))
    return CheckDone(request, located, replace(seen, notes=notes), report, found, granted)


def _vault(request: CheckRequest) -> str:
    """The vault that a live world reads."""
    return str(request.settings.azure.vault) if request.world == LIVE and request.settings is not None else ""


def _told_live(request: CheckRequest, seen: ObservedEstate) -> Iterable[str]:
    """Machines of which a vault told where they stand."""
    return seen.phases if request.world == LIVE else ()


def _not_judged(scenario: Scenario) -> Iterator[str]:
    """How many faults of the file a run would play and a check does not see."""
    if count := len(scenario.faults):
        kinds = Counter(fault.kind.value for fault in scenario.faults)
        named = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
        faults = "1 fault" if count == 1 else f"{count} faults"
        yield f"Not judged: {faults} in the file ({named}). Faults occur only in a run; a check judges the start."


@gc_tuning()
def print_check(done: CheckDone, *, as_json: bool, terminal: bool) -> None:
    """Print the report for people or as JSON."""
    from .page import console_for, print_report

    if as_json:
        print(json_text(as_value(done)))
        return
    ask = done.request
    out, notes, unknown_blocks = console_for(terminal), done.seen.notes, ask.unknown_blocks
    checked = ask.file, ask.world
    print_report(
        done.report,
        out,
        notes,
        unknown_blocks=unknown_blocks,
        rules=ask.rules,
        accepted=done.accepted,
        checked=checked,
        granted=done.granted,
    )


def as_value(done: CheckDone) -> Mapping[str, Any]:
    """The report as a plain value, with the phases of items that stand somewhere on the way."""
    shown = report_json(
        done.report,
        scenario=done.located.scenario.name,
        world=done.request.world,
        notes=(*done.granted, *done.seen.notes),
        unknown_blocks=done.request.unknown_blocks,
    )
    machines, seen = done.report.estate.virtual_machines.values(), done.seen.phases
    phases = {vm.name: vm.at.value for vm in machines if vm.name in seen or vm.at is not Phase.REPLICATING_TO_AZURE}
    read = {source: {s: list(facts) for s, facts in parts.items()} for source, parts in done.seen.sources.items()}
    faults = {"faults_not_judged": len(done.located.scenario.faults)}
    granted = granted_json(done.located.scenario, done.report.estate, _told_live(done.request, done.seen))
    return {**shown, "phases": phases, "read": read, **faults, **granted, **_accepted_json(done, shown["findings"])}


def _accepted_json(done: CheckDone, findings: Sequence[dict[str, Any]]) -> Mapping[str, Any]:
    """The acceptances with what each covers; marks the findings that are covered."""
    if done.accepted is None:
        return {}
    covered = {(each.id, each.status) for each in done.accepted.covered}
    for row in findings:
        if (row["id"], row["status"]) in covered:
            row["accepted"] = True
    counts = Counter(done.accepted.covered.values())
    entries = [{**asdict(entry), "expires": entry.expires.isoformat(), "findings": n} for entry, n in counts.items()]
    return {"accepted": entries, "blocks": done.blocks}


def write_sarif(done: CheckDone, file: Path) -> None:
    """Write the findings with their lines in the estate's file."""
    from .sarif import sarif

    log = sarif(done.report, done.located.places, unknown_blocks=done.request.unknown_blocks, accepted=done.accepted)
    write_text(file, json.dumps(log, indent=2) + "\n", SARIF)


def write_task_list(done: CheckDone, file: Path) -> None:
    """Write one task per cause; due on the day that was asked for, or when the way home starts where the file says."""
    from .tasks import write_tasks

    scenario = done.located.scenario
    due = done.request.due or (None if scenario.start_is_example else scenario.starts_at.date())
    tasks = import_tasks(scenario, done.request.file)
    write_tasks(done.report, due, file, done.accepted, tasks)


def write_fill(done: CheckDone, file: Path) -> None:
    """Write all facts that nobody knows, to be filled in."""
    from .fill import fill_text

    write_text(file, fill_text(done.report), FILL)
