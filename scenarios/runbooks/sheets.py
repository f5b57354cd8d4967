"""A runbook as sheets to fill in: CSV with a byte-order mark, by which spreadsheets know UTF-8, or one workbook."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from failback.reprotect import Operation
from failback.scenarios.files.applications import Application
from failback.scenarios.outputs.kinds import RUNBOOK_CREATOR
from failback.scenarios.outputs.workbook import write_workbook
from failback.scenarios.text.plain_words import LEG_WORDS
from failback.scenarios.text.spreadsheet_cells import BOM, cell

from .network_rows import NETWORK_HEADS, TO_BE_FILLED_IN, network_rows
from .night_calls import night_calls_of
from .night_plan import WAVE_HEADS, wave_rows
from .on_site import OnSiteAct, all_acts, fails_back, open_acts, times_of
from .owner_questions import QUESTION_HEADS
from .owners_asked import owners_asked
from .people import PEOPLE_HEADS, lead_and_owners, people
from .rows import HEADS, ON_SITE_STEP, TO_FILL, all_steps, downtime_words
from .runbook import Runbook
from .stays_away import meanwhile
from .took import JOB_HEADS, job_rows, machine_took_words

WORKBOOK: Final = "runbook workbook"
"""The kind of output that it is."""
APPLICATION_HEADS: Final = (
    "application",
    "tier",
    "owner",
    "phone",
    "depends on",
    "machine",
    "planned downtime",
    "called at night",
    "way home takes (predicted)",
    "on site, before its check",
    "checks",
    "if it does not come home",
)

ANSWERED: Final = ("answer", "by", "on")
Row = tuple[str, ...]
_FAILBACK: Final = LEG_WORDS[Operation.FAILBACK].name
_COMMIT: Final = LEG_WORDS[Operation.COMMIT_FAILBACK].name


def csv_text(found: Runbook) -> str:
    """One row a request, with empty columns to fill in."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(tuple(map(cell, row)) for row in _steps(found))
    return BOM + file.getvalue()


def write_runbook_workbook(found: Runbook, file: Path) -> None:
    """The same steps, how long waves and jobs take, the owners' machines and questions, and the network team's table.

    Raises `BadInput`, `CannotWrite`.
    """
    durations = {"waves": _headed(WAVE_HEADS, wave_rows(found)), "jobs": _headed(JOB_HEADS, job_rows(found))}
    sheets = {"steps": _steps(found), **durations, "applications": _applications(found), "questions": _questions(found)}
    sheets |= {"network": _network(found), "people": _people(found)}
    write_workbook({name: list(rows) for name, rows in sheets.items()}, RUNBOOK_CREATOR, file, WORKBOOK)


def _headed(heads: Row, rows: Iterator[Row]) -> Iterator[Row]:
    yield heads
    yield from rows


def _steps(found: Runbook) -> Iterator[Row]:
    yield (*HEADS, *TO_FILL)
    for row in _in_order(found):
        yield (*row, *("" for _ in TO_FILL))


def _in_order(found: Runbook) -> Iterator[Row]:
    """The steps; what is done on a machine on site stands before its commit, or behind its failback without one.

    Of machines that are committed together, before the first of their commits.
    """
    acts: dict[str, list[OnSiteAct]] = {}
    for act in (*all_acts(found), *open_acts(found)):
        acts.setdefault(act.machine, []).append(act)
    steps, later = all_steps(found), fails_back(found)
    commits = {item for step in steps if step.leg == _COMMIT and not step.stopped_by for item in step.machines}
    for step in steps:
        names = step.machines if not step.stopped_by else [name for name in step.machines if name not in later]
        if step.leg == _COMMIT:
            waits = (name for name in _waited_for(found, step.machines) if name in commits)
            yield from (_act(found, act) for name in dict.fromkeys((*waits, *names)) for act in acts.pop(name, ()))
        yield step.cells()
        alone = (name for name in names if step.leg == _FAILBACK and name not in commits)
        yield from (_act(found, act) for name in alone for act in acts.get(name, ()))


def _waited_for(found: Runbook, machines: Sequence[str]) -> Iterator[str]:
    """Those that have to be checked before one of these is committed, in the order of their entry."""
    yield from (name for entry in found.together if set(entry.items) & set(machines) for name in entry.items)


def _act(found: Runbook, act: OnSiteAct) -> Row:
    """Under `HEADS`."""
    begins, ends = times_of(found, act)
    cells = {
        "step": ON_SITE_STEP,
        "wave": act.wave,
        "leg": f"{act.rule.id} {act.what}",
        "machine or plan": act.machine,
        "machines": act.machine,
        "planned begin": begins,
        "planned end": ends,
        "values to enter": act.values,
        "proof": act.proof,
        "who": act.who,
    }
    return tuple(cells.get(head, "") for head in HEADS)


def _applications(found: Runbook) -> Iterator[Row]:
    yield (*APPLICATION_HEADS, *TO_FILL)
    acts, nights, questions = all_acts(found), night_calls_of(found), owners_asked(found)
    for one, machines in found.applications.items():
        asked = bool(questions[one])
        for vm in machines:
            away = "; ".join(f"{label}: {text}" for label, text in meanwhile(found, one, (vm,), asked))
            ready = "; ".join(act.words for act in acts if act.machine == vm.name)
            called = nights.get(one.name, "") if vm.name in found.downs else ""
            times = (downtime_words(found, vm), called, machine_took_words(found, vm.name))
            yield (*_of_application(one), vm.name, *times, ready, _checks(one), away, *("" for _ in TO_FILL))


def _questions(found: Runbook) -> Iterator[Row]:
    yield ("application", "owner", "phone", *QUESTION_HEADS, *ANSWERED)
    for one, asked in owners_asked(found).items():
        for question in asked:
            yield (one.name or "none named", one.owner, one.phone, *question.cells(), *("" for _ in ANSWERED))


def _of_application(one: Application) -> Row:
    return (one.name or "none named", one.tier, one.owner, one.phone, ", ".join(one.depends_on))


def _checks(one: Application) -> str:
    return "; ".join(f"{check.kind.value.upper()} {check.target}" for check in one.checks)


def _people(found: Runbook) -> Iterator[Row]:
    yield PEOPLE_HEADS
    for one in (*lead_and_owners(found), *people(found)):
        yield one.role, one.acts_on, one.name, one.phone


def _network(found: Runbook) -> Iterator[Row]:
    blanks = (*TO_BE_FILLED_IN, *TO_FILL)
    yield (*NETWORK_HEADS, *blanks)
    for row in network_rows(found.scenario, found.downs):
        yield (*row, *("" for _ in blanks))
