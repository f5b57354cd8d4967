"""Steps read from a vault's jobs, as Azure Resource Manager shows them, and resyncs from its protected items."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from failback.adapters.translation import SCENARIOS
from failback.reprotect import Architecture, Operation
from failback.scenarios.files.yaml_source import BadInput, Mistake

from .job_rows import EXPECTED, ONE_BY_ONE, rows_of
from .measured import MeasuredStep, Measurements, ScannedDisks, task_key, tasks_of

Json = Mapping[str, Any]
_O = Operation
_PAIRS: Final = (
    (_O.FAILOVER, _O.FAILBACK),
    (_O.COMMIT_FAILOVER, _O.COMMIT_FAILBACK),
    (_O.REPROTECT_TO_ON_PREMISES, _O.REPROTECT_TO_AZURE),
    (_O.CANCEL_FAILBACK, _O.CANCEL_FAILBACK),
    (_O.TEST_FAILOVER, _O.TEST_FAILOVER),
    (_O.CLEAN_UP_TEST, _O.CLEAN_UP_TEST),
)
_SIDES: Final[Mapping[str, tuple[Operation, Operation]]] = {
    name: pair for pair in _PAIRS for operation in pair for name in SCENARIOS[operation]
}
"""Operations that a job of this name may be: on the way out, on the way home [recorded: one name for both ways]."""
_NUMBER_MAX: Final = 1e18
"""An exabyte; no disk is larger, and no resync as long."""
WORDS_MAX: Final = 5
"""Kinds that are named in one note."""
WORD_MAX: Final = 40
_TURNS: Final = frozenset(SCENARIOS[_O.REPROTECT_TO_ON_PREMISES])
_HOME_ALONE: Final = frozenset(SCENARIOS[_O.FAILBACK]) - frozenset(SCENARIOS[_O.FAILOVER])
"""Names of jobs that only a failback has, and only of the modernised architecture [inferred]."""


def read_jobs(path: Path, measured: Measurements, run: int, architecture: Architecture | None = None) -> None:
    """Add what this file shows. Raises `BadInput` where it is no such file, or shows nothing."""
    found = rows_of(path)
    measured.notes += found.notes
    take_rows(found.rows, str(path), measured, run, architecture)


def take_rows(
    rows: Iterable[Any], source: str, measured: Measurements, run: int, architecture: Architecture | None = None
) -> None:
    """Add jobs and protected items. Raises `BadInput` where there is nothing to learn from."""
    dicts = _dicts(rows)
    found = _dicts(row.get("properties", row) for row in _each_once(dicts))
    items = [row for row in found if isinstance(row.get("providerSpecificDetails"), dict)]
    jobs = sorted(_jobs(found, source, measured), key=lambda job: job.begun)
    if not items and not any("scenarioName" in row for row in found):
        raise _bad(source, f"it contains neither jobs nor protected items; {EXPECTED}")
    _take_items(items, measured, run)
    if any(job.tasks for job in jobs):
        _take_jobs(jobs, source, measured, run, architecture)
        measured.count("job lists")
    elif jobs and not items:
        raise _bad(source, f"{len(jobs)} finished jobs are in it, but none with its tasks; {ONE_BY_ONE}")
    elif not items:
        raise _bad(
            source, "no job in it has a start and an end that can be read; export finished jobs with their times"
        )


def _each_once(rows: Iterable[Json]) -> list[Json]:
    """Without those that are there twice, as where two pages of a list were joined that overlap."""
    return list({json.dumps(row, sort_keys=True): row for row in rows}.values())


@dataclass(frozen=True, slots=True)
class _Job:
    """A job of an item that succeeded."""

    name: str
    machine: str
    begun: datetime
    tasks: tuple[Json, ...]


def _bad(source: str, message: str) -> BadInput:
    return BadInput(Mistake("", source, 0, message))


def _jobs(found: Iterable[Json], source: str, measured: Measurements) -> Iterator[_Job]:
    untimed = bare = 0
    other, unfinished = Counter[str](), Counter[str]()
    for row in found:
        if "scenarioName" not in row:
            continue
        if (name := str(row["scenarioName"])) not in _SIDES:
            other[name] += 1
            continue
        if (state := str(row.get("state"))) != "Succeeded":
            unfinished[state] += 1
            continue
        begun, tasks = _moment(row.get("startTime")), _dicts(row.get("tasks"))
        untimed += begun is None
        bare += not tasks
        if begun is not None:
            machine = str(row.get("targetObjectName") or row.get("targetObjectId"))
            yield _Job(row["scenarioName"], machine, begun, tuple(tasks))
    _note(measured, untimed, f"{source}: {untimed} jobs have no start time that can be read; they are left out.")
    _note(measured, bare, f"{source}: {bare} jobs show no tasks; {ONE_BY_ONE}.")
    _note(measured, other.total(), f"{source}: {_counted(other)} are no leg of a machine; they are left out.")
    _note(measured, unfinished.total(), f"{source}: {_counted(unfinished)} did not succeed; they are left out.")


def _counted(jobs: Counter[str]) -> str:
    """How many jobs of which words, the most frequent first; there may be any number of words."""
    shown = ", ".join(f"{count} {word[:WORD_MAX]}" for word, count in jobs.most_common(WORDS_MAX))
    more = f" and {len(jobs) - WORDS_MAX} other kinds" if len(jobs) > WORDS_MAX else ""
    return f"{jobs.total()} jobs ({shown}{more})"


def _dicts(rows: Any) -> list[Json]:
    """The objects of a list; of anything else, none."""
    listed = rows if isinstance(rows, list | tuple | Iterator) else ()
    return [row for row in listed if isinstance(row, dict)]


def _positive(value: Any) -> float | None:
    """A number of bytes or seconds that can be one."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value < _NUMBER_MAX else None


def _note(measured: Measurements, times: int, text: str) -> None:
    if times:
        measured.notes.append(text)


def _moment(text: Any) -> datetime | None:
    """An instant; None for the year 1 or 1753 that the service writes where there is none [recorded]."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return at.replace(tzinfo=at.tzinfo or UTC) if at.year > 1900 else None


def _take_jobs(jobs: list[_Job], source: str, measured: Measurements, run: int, given: Architecture | None) -> None:
    machines: dict[str, list[_Job]] = {}
    for job in jobs:
        machines.setdefault(job.machine, []).append(job)
    legs = {name: _directed(done) for name, done in machines.items()}
    kinds = {name: given or _architecture(done) for name, done in legs.items()}
    known = {kind for kind in kinds.values() if kind is not None}
    if not known:
        ask = "say which with --architecture classic or --architecture modernised"
        raise _bad(
            source,
            f"these jobs do not show whether the machines are classic or modernised (they contain no failback); {ask}",
        )
    alone = next(iter(known)) if len(known) == 1 else None
    left = sum((kinds[name] or alone) is None for name in legs)
    _note(
        measured,
        left,
        f"{source}: classic and modernised machines are mixed, and {left} show no failback that "
        "tells which they are; they are left out. Give one architecture's jobs, with --architecture.",
    )
    strange = Counter[str]()
    for name, done in legs.items():
        if (kind := kinds[name] or alone) is not None:
            strange += _take_machine(done, kind, measured, run, source)
    _tell_strange(strange, measured, source)


def _tell_strange(names: Counter[str], measured: Measurements, source: str) -> None:
    """Tasks that no leg of the model has, said once for all machines of a source."""
    shown = ", ".join(f"{name[:WORD_MAX]} ({count})" for name, count in names.most_common(WORDS_MAX))
    more = f" and {len(names) - WORDS_MAX} more names" if len(names) > WORDS_MAX else ""
    _note(measured, names.total(), f"{source}: tasks that no leg has here are left out: {shown}{more}.")


def _directed(jobs: list[_Job]) -> list[tuple[_Job, Operation]]:
    """Each job with its operation: a reprotect turns the direction; jobs of one side only tell where it began."""
    turns, votes = 0, []
    for job in jobs:
        side = _side(job)
        votes += [] if side is None else [side ^ (turns & 1)]
        turns += job.name in _TURNS
    began, turns, found = round(sum(votes) / len(votes)) if votes else 0, 0, []
    for job in jobs:
        found.append((job, _SIDES[job.name][began ^ (turns & 1)]))
        turns += job.name in _TURNS
    return found


def _side(job: _Job) -> int | None:
    """0 on the way out, 1 on the way home, None where the job does not tell."""
    if job.name in _HOME_ALONE:
        return 1
    if job.name not in _TURNS:
        return None
    found = [task for task in job.tasks if task.get("name") == "DiscoverReplicaTask"]
    return None if not found else 0 if found[0].get("taskType") == "GroupTaskDetails" else 1


def _architecture(legs: list[tuple[_Job, Operation]]) -> Architecture | None:
    """By the name of its failback [UnplannedFailover: classic, recorded; PlannedFailover: modernised, inferred]."""
    names = {job.name for job, operation in legs if operation is _O.FAILBACK}
    if names & _HOME_ALONE:
        return Architecture.MODERNISED
    return Architecture.CLASSIC if names else None


def _take_machine(
    legs: list[tuple[_Job, Operation]], kind: Architecture, measured: Measurements, run: int, source: str
) -> Counter[str]:
    """Add its steps; answers with the names of tasks that no leg has."""
    measured.architectures.add(kind)
    measured.came_home |= {job.machine for job, operation in legs if operation is _O.FAILBACK}
    blurred, strange = 0, Counter[str]()
    for job, operation in legs:
        known = {task.name for task in tasks_of(kind, operation)}
        for task in job.tasks:
            blurred += _is_blurred(task)
            took_s = _took_s(task, source, measured)
            if took_s is None:
                continue
            if str(task.get("name")) not in known:
                strange[str(task.get("name"))] += 1
            else:
                measured.steps.append(MeasuredStep(task_key(kind, operation, task["name"]), took_s, run))
        measured.count("jobs")
        measured.dated(job.begun.date())
    what = f"{blurred} tasks of {legs[0][0].machine} have no start or end that can be read"
    _note(measured, blurred, f"{source}: {what}; they are left out.")
    return strange


def _is_blurred(task: Json) -> bool:
    """Whether it ended, by its state, at a time that is none."""
    return task.get("state") == "Succeeded" and not all(_is_iso(task.get(end)) for end in ("startTime", "endTime"))


def _is_iso(text: Any) -> bool:
    try:
        return datetime.fromisoformat(text) is not None
    except (TypeError, ValueError):
        return False


def _took_s(task: Json, source: str, measured: Measurements) -> float | None:
    begun, ended = _moment(task.get("startTime")), _moment(task.get("endTime"))
    if task.get("state") != "Succeeded" or begun is None or ended is None:
        return None
    if ended < begun:
        measured.notes.append(
            f"{source}: task {task.get('name')} ends at {task['endTime']}, before it begins at {task['startTime']}; "
            "it is left out. Was a clock set back meanwhile?"
        )
        return None
    return (ended - begun).total_seconds()


def _take_items(items: Iterable[Json], measured: Measurements, run: int) -> None:
    for item in items:
        measured.count("protected items")
        for disk in _dicts(item["providerSpecificDetails"].get("protectedDisks")):
            _take_disk(disk, measured, run)


def _take_disk(disk: Json, measured: Measurements, run: int) -> None:
    """One disk's resync; what was processed is what was transferred and what matched (B03)."""
    took_s = _positive(disk.get("resyncDurationInSeconds"))
    scanned = _positive(disk.get("resyncProcessedBytes")) or _positive(disk.get("diskCapacityInBytes"))
    moved = disk.get("resyncTotalTransferredBytes")
    if took_s is not None and scanned is not None:
        measured.resyncs.append(ScannedDisks(took_s, scanned, 0.0 if moved == 0 else _positive(moved), run))
