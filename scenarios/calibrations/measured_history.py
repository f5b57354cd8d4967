"""Steps and resyncs read from a history, line by line; what is torn by a gap or a jump of its clock is left out."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from failback.reprotect import PHASES, Architecture, Choices, Line, Operation, end_of
from failback.reprotect.driver import WATCHED_JOB, WATCHED_SERVERS
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.run_folders.history_lines import history_lines
from failback.scenarios.outputs.run_folders.identity import read_identity
from failback.scenarios.outputs.run_folders.result_file import result_beside

from .measured import AGENT, MeasuredStep, Measurements, ScannedDisks, task_key, tasks_of

_HOME: Final = end_of(Operation.FAILBACK).value
_BEHIND: Final = {row.phase.value: row.legs_behind for row in PHASES}
"""How many legs of the whole way are behind a machine in each phase."""
_REQUESTS: Final = frozenset({"StartOperation", "StartPlanOperation"})
_CHOICES: Final = frozenset(f.name for f in fields(Choices))
_RESYNCS: Final = {row.phase.value: row.resyncs_into.value for row in PHASES if row.resyncs_into is not None}
"""The word of a phase in which a resync is under way: that of the phase where it ends."""


def read_history(path: Path, measured: Measurements, run: int) -> None:
    """Add what this history shows. Raises `BadInput` where it shows nothing."""
    reader = HistoryReader(measured, run)
    lines = 0
    for line in history_lines(path, measured.notes, reader.on_torn_line):
        reader.on_line(line)
        lines += 1
    if not lines:
        raise BadInput(Mistake("", str(path), 0, _EMPTY))
    measured.count("histories")
    measured.dated(_day_of(path, reader.now_s))


_EMPTY: Final = "the history is empty; expected history.jsonl of a run, one JSON object in each line"


def _day_of(path: Path, ended_s: float) -> date | None:
    """The date that the result beside a history tells, or the identity of a run that left none."""
    identity = result_beside(path.parent) or read_identity(path.parent)
    try:
        return None if identity is None else (_instant(identity.starts_at) + timedelta(seconds=ended_s)).date()
    except (ValueError, OverflowError):
        return None


def _instant(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


@dataclass(slots=True)
class _OpenTask:
    """A task that runs. `since_s` None: nobody saw it begin."""

    task: str | None
    since_s: float | None


@dataclass(slots=True)
class HistoryReader:
    """Hears lines, measures steps."""

    measured: Measurements
    run: int
    now_s: float = 0.0
    _torn_s: float | None = None
    _torn: bool = False
    _kinds: dict[str, Architecture] = field(default_factory=dict)
    _tasks: dict[str, _OpenTask] = field(default_factory=dict)
    _resyncs: dict[str, tuple[str, float]] = field(default_factory=dict)
    _agents: dict[str, float] = field(default_factory=dict)
    _mixed: set[str] = field(default_factory=set)
    _away: set[str] = field(default_factory=set)
    _is_watch: bool = False
    _ended_jobs: set[str] = field(default_factory=set)

    def on_torn_line(self) -> None:
        """Forget when everything under way began."""
        self._torn = True
        self._resyncs.clear()
        self._agents.clear()
        for job in self._tasks.values():
            job.since_s = None

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        if self._torn:
            self._torn, self._torn_s = False, line.t_s
        self.now_s = line.t_s
        if line.name == "ItemSeen":
            self._item(str(line.item), line.data)
        elif line.name in _REQUESTS and line.data.get("operation") == Operation.REPROTECT_TO_ON_PREMISES.value:
            self._asked(line)
        elif line.name == WATCHED_JOB and line.item in self._kinds:
            self._watched(str(line.item), line.data)
        elif line.name == WATCHED_SERVERS:
            self._chosen(str(line.item), line.data)
        elif line.name == "WatchBegan":
            self._is_watch = True
        elif line.name == "JobSeen" and line.data.get("subject") in self._kinds and not self._is_watch:
            self._job(line.data)

    def _since_s(self) -> float | None:
        """Now, unless this instant follows a tear: then nobody knows since when."""
        return None if self._torn_s == self.now_s else self.now_s

    def _item(self, item: str, seen: Any) -> None:
        self._know(item, Architecture(seen["architecture"]))
        self._agent(item, registered=bool(seen["agent_registered"]))
        phase, running = str(seen["phase"]), self._resyncs.get(item)
        self._home(item, phase)
        if running is not None and phase != running[0]:
            del self._resyncs[item]
            if phase == _RESYNCS[running[0]]:
                scanned = ScannedDisks(self.now_s - running[1], None, None, self.run, item)
                self.measured.resyncs.append(scanned)
        since_s = self._since_s()
        if phase in _RESYNCS and item not in self._resyncs and since_s is not None:
            self._resyncs[item] = phase, since_s

    def _home(self, item: str, phase: str) -> None:
        """It comes home with its failback; a watch may see it before and only some legs after."""
        behind = _BEHIND[phase]
        if phase == _HOME or (item in self._away and behind > _BEHIND[_HOME]):
            self.measured.came_home.add(item)
        if 0 < behind < _BEHIND[_HOME]:
            self._away.add(item)

    def _asked(self, line: Line) -> None:
        """A request names the machine, or the machines of a recovery plan."""
        for item in line.data.get("items") or (str(line.item),):
            self._chosen(str(item), line.data["choices"])

    def _chosen(self, item: str, choices: Any) -> None:
        known = {name: value for name, value in choices.items() if name in _CHOICES}
        self.measured.asked[item] = Choices(**known)

    def _know(self, item: str, found: Architecture) -> None:
        known = self._kinds.setdefault(item, found)
        self.measured.architectures.add(found)
        if known is not found and item not in self._mixed:
            self._mixed.add(item)
            both = f"{known.value} and then {found.value}"
            self.measured.notes.append(
                f"In history {self.run} one machine is {both}; its steps count for what it was at the time. "
                "Was it enabled again under another architecture, or were two histories joined?"
            )
        self._kinds[item] = found

    def _agent(self, item: str, *, registered: bool) -> None:
        since_s = self._since_s()
        if not registered and since_s is not None:
            self._agents.setdefault(item, since_s)
        elif registered and item in self._agents:
            self.measured.steps.append(MeasuredStep(AGENT, self.now_s - self._agents.pop(item), self.run))

    def _watched(self, item: str, job: Any) -> None:
        """A watch looks too seldom to time a task; it has the times of the vault instead."""
        if job["ended_s"] is None or job["job_id"] in self._ended_jobs:
            return
        self._ended_jobs.add(job["job_id"])
        operation, kind = Operation(job["operation"]), self._kinds[item]
        known = {task.name for task in tasks_of(kind, operation)}
        for name, took_s in job["tasks"].items():
            if name in known:
                self.measured.steps.append(MeasuredStep(task_key(kind, operation, name), float(took_s), self.run))

    def _job(self, seen: Any) -> None:
        job, task = str(seen["job_id"]), seen["task"]
        running = self._tasks.get(job)
        if running is not None and (task != running.task or seen["state"] != "running"):
            self._ended(running, seen)
        if running is None or task != running.task:
            first = running is not None or self._is_first(seen)
            self._tasks[job] = _OpenTask(task, self._since_s() if first else None)

    def _is_first(self, seen: Any) -> bool:
        """Whether the job shows its first task, so that it has just begun."""
        tasks = self._tasks_of(seen)
        return bool(tasks) and tasks[0].friendly_name == seen["task"]

    def _ended(self, running: _OpenTask, seen: Any) -> None:
        tasks = self._tasks_of(seen)
        shown = [task.friendly_name for task in tasks]
        if running.since_s is None or running.task not in shown or seen["state"] not in ("running", "succeeded"):
            return
        at = shown.index(running.task)
        until = (
            len(tasks) if seen["state"] == "succeeded" else shown.index(seen["task"]) if seen["task"] in shown else 0
        )
        if until > at and all(task.skipped is not None for task in tasks[at + 1 : until]):
            key = task_key(self._kinds[seen["subject"]], Operation(seen["operation"]), tasks[at].name)
            self.measured.steps.append(MeasuredStep(key, self.now_s - running.since_s, self.run))

    def _tasks_of(self, seen: Any) -> Any:
        return tasks_of(self._kinds[seen["subject"]], Operation(seen["operation"]))
