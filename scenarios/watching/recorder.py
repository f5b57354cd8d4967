"""Writes down what is new in a look: what the vault shows, and what nobody could see."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from failback.reprotect import History, ItemSeen, JobSeen, Line, VmFacts, VmSeen
from failback.reprotect.driver import WATCHED_SERVERS

from .record import JOB_TIMES, NOT_SEEN, PROGRESS, READ_AFTER_S, Machine, Point, Record

if TYPE_CHECKING:
    from failback.adapters import VaultLook, WatchedJob


class Recorder:
    """One night's record, and the history that it is written into. `zero` is the instant of second 0."""

    def __init__(self, record: Record, history: History, zero: datetime) -> None:
        self.record, self._history, self.zero = record, history, zero

    def note(self, t_s: float, name: str, data: Mapping[str, Any], item: str | None = None) -> None:
        """A line that is not of the vocabulary."""
        self._heard(self._history.add(t_s, "note", name, item, data))

    def write(self, t_s: float, thing: ItemSeen | JobSeen | VmSeen) -> None:
        """Something that was seen."""
        self._heard(self._history.write(t_s, "observation", thing), thing)

    def sync(self) -> None:
        """Let the disk have every line so far."""
        self._history.sync()

    def _heard(self, line: Line, thing: object = None) -> None:
        self.record.hear(line, thing)

    def look(self, look: "VaultLook", t_s: float, vms: Mapping[str, VmFacts] | None = None) -> tuple[str, ...]:
        """Write what is new; returns a sentence for each change that people wait for."""
        changes = list(self._items(look, t_s))
        for job in sorted(look.jobs, key=lambda job: job.began or self.zero):
            changes += self._job(job, t_s)
        for name, machine in self.record.machines.items():
            self._progress(name, machine, look, t_s)
            if (servers := look.servers.get(name, machine.servers)) != machine.servers:
                self.note(t_s, WATCHED_SERVERS, servers, name)
        if vms is not None:
            changes += self._vms(vms, t_s)
        changes += self._unseen(look, t_s)
        self.sync()
        return tuple(changes)

    def _items(self, look: "VaultLook", t_s: float) -> Iterator[str]:
        for name, seen in look.items.items():
            before = self.record.machines[name].seen
            if seen == before and not self.record.machines[name].not_seen:
                continue
            self.write(t_s, seen)
            yield from _changed(before, seen)

    def _job(self, job: "WatchedJob", t_s: float) -> Iterator[str]:
        seen = job.seen
        before = self.record.machines[seen.subject].jobs.get(seen.job_id)
        if seen != before:
            self.write(t_s, seen)
        times = self._times(job)
        if self.record.job_times.get(seen.job_id) != times:
            self.note(t_s, JOB_TIMES, times, seen.subject)
        if seen.failure is not None and (before is None or before.failure is None):
            operation = seen.operation.value.replace("_", " ")
            yield f"{seen.subject}: {operation} failed: {seen.failure.code} {seen.failure.message}"

    def _times(self, job: "WatchedJob") -> Mapping[str, Any]:
        """When it ran, in seconds of this night: what began before it began at second 0."""
        began_s, ended_s = (
            None if at is None else max(0.0, (at - self.zero).total_seconds()) for at in (job.began, job.ended)
        )
        names = {"job_id": job.seen.job_id, "operation": job.seen.operation.value, "state": job.seen.state.value}
        return {**names, "began_s": began_s or 0.0, "ended_s": ended_s, "tasks": dict(job.took_s)}

    def _progress(self, name: str, machine: Machine, look: "VaultLook", t_s: float) -> None:
        """What is new; and once that nothing is, so that one can tell since when."""
        found, last = look.progress.get(name), machine.points[-1] if machine.points else None
        if found is None or (found.scanned_bytes is None and found.rpo_s is None):
            return
        new = Point(t_s, machine.phase, found.scanned_bytes, found.transferred_bytes, found.rpo_s, found.disks)
        stands = name in look.fresh and new.moves and machine.stalled_since_s is None
        if last is None or stands or _without_time(last) != _without_time(new):
            after_s = (look.fresh.get(name, look.at) - look.at).total_seconds()
            self.note(t_s, PROGRESS, {**asdict(found), READ_AFTER_S: max(0.0, after_s)}, name)

    def _vms(self, vms: Mapping[str, VmFacts], t_s: float) -> Iterator[str]:
        for name, machine in self.record.machines.items():
            facts = vms.get(name)
            seen = VmSeen(name, None, 0) if facts is None else _vm_seen(facts)
            if seen != machine.vm:
                if machine.vm is not None and seen.powered_on is not machine.vm.powered_on:
                    yield f"{name}: on site it is {_power(seen)}"
                self.write(t_s, seen)

    def _unseen(self, look: "VaultLook", t_s: float) -> Iterator[str]:
        now = dict(_not_seen(look))
        before = {name: machine.not_seen for name, machine in self.record.machines.items() if machine.not_seen}
        if now != before:
            self.note(t_s, NOT_SEEN, {"items": now})
            yield from (f"{name}: {why}" for name, why in now.items() if before.get(name) != why)


def _not_seen(look: "VaultLook") -> Iterator[tuple[str, str]]:
    for name in look.missing:
        yield name, "the vault has no protected item of this name"
    for name in look.unclear:
        yield name, f"ambiguous: the vault has {look.unclear[name]}; nobody can tell which one is meant, so rename one"
    yield from look.odd.items()


def _changed(before: ItemSeen | None, seen: ItemSeen) -> Iterator[str]:
    if before is None:
        return
    if before.phase is not seen.phase:
        yield f"{seen.item}: {seen.phase.value.replace('_', ' ')}"
    for code in seen.health_errors:
        if code not in before.health_errors:
            yield f"{seen.item}: health error {code}"
    if seen.agent_registered and before.agent_registered is False:
        yield f"{seen.item}: its agent is registered"


def _vm_seen(facts: VmFacts) -> VmSeen:
    return VmSeen(facts.name, facts.powered_on, len(facts.disks), facts.snapshots)


def _power(seen: VmSeen) -> str:
    return {True: "on", False: "off", None: "not there"}[seen.powered_on]


def _without_time(point: Point) -> tuple[object, ...]:
    return point.scanned_bytes, point.transferred_bytes, point.rpo_s, point.disks
