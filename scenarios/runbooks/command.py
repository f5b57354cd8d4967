"""The command `runbook`: plays the plan and writes it down."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from failback.scenarios.files.loader import load_located, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.taken_for_granted import granted_words
from failback.scenarios.outputs.folders import ensure_writable
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.predictions.if_fixed import if_fixed
from failback.scenarios.text.local_time import read_time, zone_named, zone_of
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import counted, date_words
from failback.scenarios.usage_error import UsageError

from .causes import outcome_words
from .first_page import doubts_about_times
from .page import NO_PILOT, PilotPart, html, markdown
from .remaining import SoFar, remaining
from .rows import span_words
from .runbook import Runbook, runbook
from .scripts import ScriptKind, left_out, scripts
from .sheets import WORKBOOK, csv_text, write_runbook_workbook

FILES: Final = {
    "runbook.html": "runbook page",
    "runbook.md": "runbook text",
    "steps.csv": "runbook steps",
}
"""What is written, with the kind of each."""
WORKBOOK_FILE: Final = "runbook.xlsx"
RUNS_MAX: Final = 10_000
"""More runs narrow no band that a person plans with."""


@dataclass(frozen=True, slots=True)
class Extra:
    """What is written besides the page, its text and the steps."""

    workbook: bool = False
    script: ScriptKind | None = None
    later: Path | None = None
    """An estate imported later, or the folder of a watch: only what is left is written, from `start` on."""
    start: str = ""
    tz: str = ""
    """Time zone of `start` and of what is written; where it is empty, that of the scenario's start."""
    now: datetime | None = None
    """After it comes a weekday of `start` where nobody said when the plan begins."""
    so_far: Callable[[Scenario, Path], SoFar] | None = None
    """Reads the folder of a watch."""


def run_runbook(name: str, runs: int, out: Path, extra: Extra = Extra()) -> None:  # frozen
    """Write the runbook of a scenario. Raises `BadInput`, `UsageError`, `CannotWrite`."""
    check_runs(runs)
    scenario = _asked(shown_in(load_located(resolve(name)).scenario, extra.tz), extra)
    with reserved(out, {**FILES, **({WORKBOOK_FILE: WORKBOOK} if extra.workbook else {})}):
        found = _with_if_fixed(runbook(scenario, runs, name))
        made = scripts(found, extra.script) if extra.script else {}
        ensure_writable(out, {file: _kind(file) for file in made})
        if extra.workbook:
            write_runbook_workbook(found, out / WORKBOOK_FILE)
        for file, text in (texts(found) | dict(made)).items():
            write_text(out / file, text, _kind(file))
    print("\n".join(_said(found, out, tuple(made))))


def _with_if_fixed(found: Runbook) -> Runbook:
    return replace(found, if_fixed=if_fixed(found.scenario, found.runs).words) if found.stops else found


def _asked(scenario: Scenario, extra: Extra) -> Scenario:
    if extra.later is None:
        return started(scenario, extra.start, extra.now)
    if extra.so_far is not None and extra.later.is_dir():
        return _rest_of_a_night(scenario, extra.so_far(scenario, extra.later), extra)
    if not extra.start:
        raise UsageError("--remaining needs --start, the time at which the remaining steps begin.")
    later = load_located(extra.later).scenario
    left = remaining(scenario, later.estate, str(extra.later), _start(scenario, extra))
    return replace(left, estate_files=(*left.estate_files, *later.estate_files))


def _rest_of_a_night(scenario: Scenario, night: SoFar, extra: Extra) -> Scenario:
    """From the last look of a watch on, where nobody says otherwise."""
    if night.unseen:
        print(f"The watch has not seen {listed(night.unseen)}; they stand where the estate says.")
    placed = replace(scenario, starts_at=night.plan_starts_at)
    return remaining(placed, night.estate, str(extra.later), _start(placed, extra) if extra.start else night.at)


def shown_in(scenario: Scenario, tz: str) -> Scenario:
    """The scenario with its dates in this time zone; as it is where nobody names one. Raises `UsageError`."""
    return replace(scenario, starts_at=scenario.starts_at.astimezone(zone_named(tz)), time_zone=tz) if tz else scenario


def started(scenario: Scenario, start: str, now: datetime | None) -> Scenario:
    """The scenario as it begins at this start; as it is where nobody gives one. Raises `UsageError`."""
    return replace(scenario, starts_at=_instant(scenario, start, now)) if start else scenario


def started_before(scenario: Scenario, start: str, now: datetime | None) -> datetime | None:
    """A start that lies before the scenario's: of a weekday the last such time. `None` where nobody gives one.

    A scenario whose start is only an example has none to be before: then it is the first such weekday from now on.
    Raises `UsageError`, also for a time that has passed while the scenario's start has not.
    """
    if not start:
        return None
    if scenario.start_is_example and now is not None:
        return _instant(scenario, start, now)
    found = read_time(start, "start", zone_of(None, scenario.starts_at), _a_week_before(scenario))
    if now is not None and found < now < scenario.starts_at:
        raise UsageError(
            f"--start {start!r} would be {date_words(found)}, which has passed. Give a time between now and the start "
            f"of the scenario, {date_words(scenario.starts_at)}, or set a later `starts_at` in the scenario."
        )
    return found


def _a_week_before(scenario: Scenario) -> datetime:
    """The weekday and hour of the start itself, a week earlier, is the first one after it."""
    return scenario.starts_at - timedelta(days=7) - datetime.resolution


def _start(scenario: Scenario, extra: Extra) -> datetime:
    return _instant(scenario, extra.start, extra.now)


def _instant(scenario: Scenario, start: str, now: datetime | None) -> datetime:
    after = now if scenario.start_is_example and now is not None else scenario.starts_at
    return read_time(start, "start", zone_of(None, scenario.starts_at), after - datetime.resolution)  # at `after` too


def _kind(file: str) -> str:
    return FILES.get(file) or ("wave list" if file.endswith(".csv") else "wave script")


def _said(found: Runbook, out: Path, made: Sequence[str]) -> Iterator[str]:
    requests = counted(len(found.requests), "request")
    zone = f"{found.scenario.starts_at:%Z}"
    yield f"{outcome_words(found)} {requests}, {span_words(found, found.requests)} (simulated; times in {zone})."
    yield from filter(None, (found.if_fixed,))
    yield from granted_words(found.scenario)
    yield from doubts_about_times(found)
    yield f"Runbook: {out / 'runbook.html'}"
    if found.scenario.start_is_example:
        yield "The dates are examples: give the start with --start, such as --start 'Fri 18:00'."
    if made:
        yield f"Scripts: {', '.join(str(out / file) for file in made if not file.endswith('.csv'))}"
    if made and (stopped := left_out(found)):
        yield f"These stop as planned, and the scripts leave them out from there on (see its top): {listed(stopped)}"


def check_runs(runs: int) -> None:
    """Refuse a number of runs that makes no sense. Raises `UsageError`."""
    if not 1 <= runs <= RUNS_MAX:
        raise UsageError(f"--runs is {runs}; it must be a whole number from 1 to {RUNS_MAX}.")


def texts(found: Runbook, pilot: PilotPart = NO_PILOT) -> dict[str, str]:
    """The files by name."""
    pages = {"runbook.html": html(found, pilot), "runbook.md": markdown(found, pilot)}
    return pages | {"steps.csv": csv_text(found)}
