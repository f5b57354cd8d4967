"""What happened to a mock so far: requests that changed something, faults that fired, jobs. In virtual time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from failback.reprotect import Failure, rule_behind
from failback.simulator import ENDED, Fault, Job, Progress, SimulatedVault
from failback.simulator.arm.wire.response import Json
from failback.simulator.resync import COMPLETIONS


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line, in the product's own form of a history."""

    t_s: float
    kind: str
    name: str
    item: str | None
    data: Mapping[str, Json]


class MockHistory:
    """Lines as they come; those of jobs are read from the vault when somebody asks.

    Nothing is in it of what was there when it began: a job that ran then, and what comes of that.
    """

    def __init__(self) -> None:
        self._lines: list[HistoryEntry] = []
        self._before: frozenset[str] = frozenset()

    def begin(self, vault: SimulatedVault) -> None:
        """Let it begin here."""
        self._lines.clear()
        self._before = frozenset(vault.jobs)

    def add(self, t_s: float, kind: str, name: str, item: str | None, data: Mapping[str, Json]) -> None:
        """One more."""
        self._lines.append(HistoryEntry(t_s, kind, name, item, data))

    def add_fault(self, fault: Fault, now_s: float) -> None:
        """A fault of the site or of a job fired."""
        facts = {name: repr(value) for name, value in fault.facts.items()}
        self.add(now_s, "fault", "FaultFired", fault.object, {"kind": fault.kind.value, "facts": facts})

    def lines(self, vault: SimulatedVault) -> list[dict[str, Any]]:
        """All lines in order, with those of the jobs."""
        jobs = [line for job in self._since(vault) for line in _of_job(job)]
        ordered = sorted((*self._lines, *jobs), key=_instant)
        return [{"n": n, **_as_json(line)} for n, line in enumerate(ordered, 1)]

    def _since(self, vault: SimulatedVault) -> Iterator[Job]:
        """Jobs that somebody has asked for since it began; the end of a resync belongs to the job that it followed."""
        asked: set[str] = set()
        for job in vault.jobs.values():
            root = job if job.parent is None else job.parent
            if root.id in self._before:
                continue
            if job.scenario_name not in _COMPLETIONS:
                asked.add(job.subject)
            if job.subject in asked:
                yield job


_COMPLETIONS: Final = frozenset(name for names in COMPLETIONS.values() for name in names)


def _instant(line: HistoryEntry) -> float:
    return line.t_s


def _as_json(line: HistoryEntry) -> dict[str, Any]:
    return {"t_s": line.t_s, "kind": line.kind, "name": line.name, "item": line.item, "data": dict(line.data)}


def _of_job(job: Job) -> list[HistoryEntry]:
    operation = job.operation.value if job.operation else None
    data = {"job": job.id, "what": job.friendly_name, "operation": operation}
    began = HistoryEntry(job.started_s, "observation", "JobStarted", job.subject, data)
    if job.state not in ENDED or job.ended_s is None:
        return [began]
    failure = job.failure
    why = {} if failure is None else _why(failure)
    ended = HistoryEntry(job.ended_s, "observation", _NAMES.get(job.state, "JobSucceeded"), job.subject, data | why)
    return [began, ended]


def _why(failure: Failure) -> dict[str, Any]:
    """What the vault says, and the rule behind it: Azure's few codes do not tell our rules apart."""
    rule = rule_behind(failure.code, failure.possible_causes)
    said = {"task": failure.task, "code": failure.code, "message": failure.message}
    return said | ({"rule": rule.id} if rule else {})


_NAMES = {Progress.FAILED: "JobFailed", Progress.CANCELLED: "JobCancelled"}
