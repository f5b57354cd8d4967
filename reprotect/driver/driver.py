"""One driver for every world: perform commands, wait, read what changed, let the drill decide."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from failback.reprotect.commands import ApplyRemedy, AskOperator, Command, StartOperation, StartPlanOperation
from failback.reprotect.decisions import Decided
from failback.reprotect.drill import Drill
from failback.reprotect.events import (
    Answer,
    Event,
    ItemSeen,
    JobCancelled,
    JobEnded,
    JobFailed,
    JobSeen,
    JobState,
    JobSucceeded,
    RemedyAnswer,
    VmSeen,
)
from failback.reprotect.history import History
from failback.reprotect.ports import Clock, Remedies, Vault, VmFacts, Vsphere

from .operator import Operator


@dataclass(frozen=True, slots=True)
class Ports:
    """What a world offers to the driver, and who answers for the people. `vsphere` None: nobody named a vCenter.

    `remedies` carries out what the plan, or a person, lets us mend ourselves.
    """

    clock: Clock
    vault: Vault
    vsphere: Vsphere | None
    operator: Operator
    remedies: Remedies


class Driver:
    """Knows no phases and no rules: it carries events in and commands out, and writes both down."""

    def __init__(self, drill: Drill, subjects: Iterable[str], ports: Ports, history: History) -> None:
        self._drill, self._ports, self._history = drill, ports, history
        self._order = {name: n for n, name in enumerate(subjects)}
        self._seen: dict[tuple[type, str], ItemSeen | JobSeen | VmSeen] = {}
        self._facts: dict[str, VmFacts] = {}
        self._touched: set[str] = set()
        self._now_s = ports.clock.now()

    @property
    def now_s(self) -> float:
        """The instant at which the driver stands, in virtual seconds."""
        return self._now_s

    @property
    def has_begun(self) -> bool:
        """Whether any item was seen: before that, nothing was asked."""
        return bool(self._seen)

    def run(self) -> None:
        """Drive until every item is home or stopped."""
        self._begin()
        while not self._drill.over:
            until_s = min(self._drill.deadline_s, self._ports.operator.next_s)
            self._now_s, changed = self._ports.clock.wait(max(until_s, self._now_s))
            self._look(self._order if changed is None else changed)
            for answer in self._ports.operator.answers(self._now_s):
                self._on_event(answer)
            for event in self._drill.due(self._now_s):
                self._do(self._drill.on_event(event, self._now_s))

    def _begin(self) -> None:
        items = [seen for seen in self._ports.vault.read(list(self._order)) if isinstance(seen, ItemSeen)]
        for item in items:
            self._seen[ItemSeen, item.item] = item
            self._history.write(self._now_s, "observation", item)
        self._do(self._drill.begin(self._now_s, items))
        self._look_on_premises([item.item for item in items])

    def _look(self, subjects: Collection[str]) -> None:
        names = sorted((s for s in subjects if s in self._order), key=self._order.__getitem__)
        seen = self._ports.vault.read(names)
        ended = [self._see_job(job) for job in seen if isinstance(job, JobSeen)]
        for event in self._drill.in_order(event for event in ended if event is not None):
            self._on_event(event)
        items = self._afresh([o for o in seen if isinstance(o, ItemSeen)])
        for item in items:
            self._see(item)
        self._look_on_premises([item.item for item in items])

    def _afresh(self, items: list[ItemSeen]) -> list[ItemSeen]:
        """The same items; those for which we have fixed something since are read again, or we heard of the past."""
        if not self._touched:
            return items
        touched, self._touched = self._touched & {item.item for item in items}, set()
        again = self._ports.vault.read([item.item for item in items if item.item in touched]) if touched else ()
        fresh = {seen.item: seen for seen in again if isinstance(seen, ItemSeen)}
        return [fresh.get(item.item, item) for item in items]

    def _look_on_premises(self, names: list[str]) -> None:
        if self._ports.vsphere is None or not names:
            return
        found = self._ports.vsphere.look(names)
        for name in names:
            facts = found.get(name)
            if facts is None or facts is not self._facts.get(name) or (VmSeen, name) not in self._seen:
                self._see(_vm_seen(name, facts))
        self._facts |= found

    def _see_job(self, job: JobSeen) -> JobEnded | None:
        key = (JobSeen, job.subject)
        if self._seen.get(key) == job:
            return None
        self._seen[key] = job
        self._history.write(self._now_s, "observation", job)
        return _ended(job)

    def _see(self, seen: ItemSeen | VmSeen) -> None:
        key = (type(seen), seen.item)
        if self._seen.get(key) != seen:
            self._forget_vm_of_another_phase(seen)
            self._seen[key] = seen
            self._history.write(self._now_s, "observation", seen)
            self._do(self._drill.on_event(seen, self._now_s))

    def _forget_vm_of_another_phase(self, seen: ItemSeen | VmSeen) -> None:
        """A machine that was on may be on still, which matters anew once it is a replication target (R33)."""
        before = self._seen.get((ItemSeen, seen.item))
        if isinstance(seen, ItemSeen) and isinstance(before, ItemSeen) and before.phase is not seen.phase:
            self._seen.pop((VmSeen, seen.item), None)

    def _on_event(self, event: Event) -> None:
        self._history.write(self._now_s, "event", event)
        self._do(self._drill.on_event(event, self._now_s))

    def _do(self, orders: Iterable[Command | Decided]) -> None:
        """Perform all orders, then hear the answers: mates of a group are asked before one refusal calls them off."""
        answers = [self._perform(order) for order in orders]
        for answer in answers:
            if answer is not None:
                self._on_event(answer)

    def _perform(self, order: Command | Decided) -> Answer | RemedyAnswer | None:
        match order:
            case Decided():
                self._history.write(self._now_s, "decision", order)
                return None
            case AskOperator():
                self._history.write(self._now_s, "command", order)
                self._ports.operator.ask(order, self._now_s)
                return None
            case StartOperation() | StartPlanOperation():
                self._history.write(self._now_s, "command", order)
                return self._ports.vault.perform(order)
            case ApplyRemedy():
                self._history.write(self._now_s, "command", order)
                self._touched.add(order.item)
                return self._ports.remedies.apply(order)


def _vm_seen(item: str, facts: VmFacts | None) -> VmSeen:
    if facts is None:
        return VmSeen(item, None, 0)
    return VmSeen(item, facts.powered_on, len(facts.disks), facts.snapshots)


def _ended(job: JobSeen) -> JobEnded | None:
    match job.state:
        case JobState.SUCCEEDED:
            return JobSucceeded(job.subject, job.operation, job.job_id)
        case JobState.FAILED if job.failure is not None:
            return JobFailed(job.subject, job.operation, job.job_id, job.failure)
        case JobState.FAILED | JobState.CANCELLED:
            return JobCancelled(job.subject, job.operation, job.job_id)
        case JobState.RUNNING | JobState.SUSPENDED:
            return None
