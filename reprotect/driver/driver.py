"""One driver for every world: perform commands, wait, read what changed, let the drill decide."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from failback.reprotect.commands import ApplyRemedy, AskOperator
from failback.reprotect.decisions import Decided
from failback.reprotect.drill import Drill
from failback.reprotect.events import (
    Answer,
    Heard,
    Instructed,
    ItemGone,
    ItemSeen,
    JobCancelled,
    JobEnded,
    JobFailed,
    JobSeen,
    JobState,
    JobSucceeded,
    OperatorAnswered,
    RemedyAnswer,
    Unanswered,
    VmSeen,
)
from failback.reprotect.history import RESUMED, History
from failback.reprotect.ports import Clock, Remedies, Vault, VmFacts, Vsphere

from .absent import Absent
from .held import REQUESTS, Order, Request, Said, held_back, requests_of, stops
from .operator import NotAsked, Operator
from .replay import Question, Replay
from .seen import Seen


def _none_seen(_: Collection[str]) -> Sequence[tuple[str, ...]]:
    return ()


@dataclass(frozen=True, slots=True)
class Ports:
    """What a world offers to the driver, and who answers for the people. `vsphere` None: nobody named a vCenter.

    `remedies` carries out what the plan, or a person, lets us mend ourselves. `shared_uuids` gets names of machines and
    gives, for each BIOS UUID that one of them shares, all that have it; it may raise `Unreachable`, `VsphereRefused`.
    """

    clock: Clock
    vault: Vault
    vsphere: Vsphere | None
    operator: Operator
    remedies: Remedies
    shared_uuids: Callable[[Collection[str]], Sequence[tuple[str, ...]]] = _none_seen


class Driver:
    """Knows no phases and no rules: it carries events in and commands out, and writes both down.

    What the drill asks for is written down at once and done when all of an instant is heard, after one sync.
    """

    def __init__(self, drill: Drill, subjects: Iterable[str], ports: Ports, history: History) -> None:
        self._drill, self._ports, self._history = drill, ports, history
        self._order = {name: n for n, name in enumerate(subjects)}
        self._seen, self._absent = Seen(), Absent()
        self._facts: dict[str, VmFacts] = {}
        self._put_off: list[Callable[[], Answer | RemedyAnswer | None]] = []
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
        self._begin(())
        self._go_on()

    def resume(self, replay: Replay) -> None:
        """Take up what another driver has left, and drive until every item is home or stopped.

        Its jobs are ours; its questions are put again; what it may have asked for is settled by looking.
        """
        if replay.begun:
            self._take_up(replay)
            self._look(self._order)
        else:
            self._begin(self._ports.operator.answers(self._now_s))
        self._go_on()

    def _take_up(self, replay: Replay) -> None:
        self._seen = replay.seen
        self._now_s, _ = self._ports.clock.wait(replay.now_s)
        said = self._wait_for_thaw(replay)
        held = held_back(replay.pending, said, self._drill, self._now_s)
        self._write_down(replay.pending, replay.now_s if held else self._now_s)
        self._put_off += [partial(self._reconcile_or_perform, o) for o in requests_of(replay.pending) if o not in held]
        self._history.note(self._now_s, RESUMED, {}, transport=True)
        for accepted, members in replay.accepted:
            self._ports.vault.adopt(accepted, members)
        looked = [self._reconcile(command) for command in (*replay.unanswered, *held)]
        self._hear([*said, *looked])
        self._ask_again(replay)

    def _wait_for_thaw(self, replay: Replay) -> list[Said]:
        """What was decided before a freeze window, and may not have been sent, is sent after it.

        Returns what people have said meanwhile; an instruction that forbids to send it ends the wait.
        """
        said = list(self._ports.operator.answers(self._now_s))
        waits = any(isinstance(order, REQUESTS) for order in replay.pending)
        while waits and not stops(said) and (until_s := self._drill.frozen_until_s(self._now_s)) is not None:
            self._now_s, _ = self._ports.clock.wait(until_s)
            said += self._ports.operator.answers(self._now_s)
        return said

    def _ask_again(self, replay: Replay) -> None:
        """The questions that are open, also after what people have said meanwhile."""
        new = (Question(order, self._now_s) for order in replay.pending if isinstance(order, AskOperator))
        for question in (*replay.questions, *replay.open_of(new)):
            self._ports.operator.ask(question.command, question.asked_s)

    def _go_on(self) -> None:
        self._do_what_was_put_off()
        while not self._drill.over:
            until_s = min(self._drill.deadline_s, self._ports.operator.next_s, self._absent.deadline_s)
            self._now_s, changed = self._ports.clock.wait(max(until_s, self._now_s))
            answers = self._hear_instructions()
            self._look(self._order if changed is None else {*changed, *self._absent.names})
            self._hear([*answers, *self._ports.operator.answers(self._now_s)])
            for event in self._drill.due(self._now_s):
                self._on_event(event)
            self._do_what_was_put_off()

    def _hear_instructions(self) -> list[Said]:
        """Before the look, which may be a reason to request something. Returns the answers, which come after it."""
        said = self._ports.operator.answers(self._now_s)
        self._hear(each for each in said if isinstance(each, Instructed))
        return [each for each in said if not isinstance(each, Instructed)]

    def _begin(self, said: Sequence[Said]) -> None:
        """`said`: what people have told a run that broke off before its first step."""
        items = [seen for seen in self._ports.vault.read(list(self._order)) if isinstance(seen, ItemSeen)]
        for item in items:
            if self._seen.is_new(item):
                self._history.write(self._now_s, "observation", item)
        orders = self._drill.begin(self._now_s, items)
        self._write_down(orders, self._now_s)
        held = held_back(orders, said, self._drill, self._now_s)
        self._ask_or_put_off(order for order in orders if order not in held)
        self._hear([*said, *(self._reconcile(order) for order in held)])
        self._look_on_premises([item.item for item in items])

    def _look(self, subjects: Collection[str]) -> None:
        names = sorted((s for s in subjects if s in self._order), key=self._order.__getitem__)
        seen = self._ports.vault.read(names)
        ended = [self._see_job(job) for job in seen if isinstance(job, JobSeen)]
        told = [event for event in ended if event is not None]
        for event in self._drill.in_order(told) if told else ():
            self._on_event(event)
        items = [o for o in seen if isinstance(o, ItemSeen)]
        for item in items:
            self._see(item)
        self._miss(names, items)
        self._look_on_premises([item.item for item in items])

    def _miss(self, names: list[str], items: list[ItemSeen]) -> None:
        """Those of `names` that the vault had before and does not show now."""
        expected = [name for name in names if (ItemSeen, name) in self._seen]
        for name in self._absent.looked(expected, {item.item for item in items}, self._now_s):
            self._see(ItemGone(name))

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
        if not self._seen.is_new(job):
            return None
        self._history.write(self._now_s, "observation", job)
        return _ended(job)

    def _see(self, seen: ItemSeen | ItemGone | VmSeen) -> None:
        if self._seen.is_new(seen):
            self._history.write(self._now_s, "observation", seen)
            self._do(self._drill.on_event(seen, self._now_s))

    def _on_event(self, event: Heard) -> None:
        if isinstance(event, OperatorAnswered):
            self._refuse_unasked(event)
        if isinstance(event, JobSucceeded | JobFailed | JobCancelled):
            self._seen.tell(event.job_id)
        self._history.write(self._now_s, "event", event)
        self._do(self._drill.on_event(event, self._now_s))

    def _refuse_unasked(self, answer: OperatorAnswered) -> None:
        """An answer that nobody waits for would make the history one that no drill can hear again."""
        item = self._drill.items.get(answer.item)
        if item is None or (item.stopped is None and item.asks != answer.gate):
            raise NotAsked(answer, None if item is None else item.asks)

    def _do(self, orders: Sequence[Order]) -> None:
        self._write_down(orders, self._now_s)
        self._ask_or_put_off(orders)

    def _write_down(self, orders: Sequence[Order], at_s: float) -> None:
        for order in orders:
            self._history.write(at_s, "decision" if isinstance(order, Decided) else "command", order)

    def _ask_or_put_off(self, orders: Iterable[Order]) -> None:
        """Questions change nothing, so they are put at once."""
        for order in orders:
            if isinstance(order, AskOperator):
                self._ports.operator.ask(order, self._now_s)
            elif isinstance(order, REQUESTS):
                self._put_off.append(partial(self._perform, order))

    def _do_what_was_put_off(self) -> None:
        """What will be asked is in the history, and on the disk, before any of it is asked: one sync for all of it.

        What is asked for only because of an answer cannot be known before it, so it is the next to be synced and done.
        """
        while self._put_off:
            due, self._put_off = self._put_off, []
            self._history.sync()
            self._hear(perform() for perform in due)

    def _hear(self, answers: Iterable[Heard | None]) -> None:
        for answer in answers:
            if answer is not None:
                self._on_event(answer)

    def _perform(self, request: Request) -> Answer | RemedyAnswer:
        if isinstance(request, ApplyRemedy):
            return self._ports.remedies.apply(request)
        return self._ports.vault.perform(request)

    def _reconcile(self, request: Request) -> Answer | RemedyAnswer:
        """What became of a request that may have been sent. Looks, and sends nothing."""
        if isinstance(request, ApplyRemedy):
            return self._ports.remedies.reconcile(request)
        return self._ports.vault.reconcile(request)

    def _reconcile_or_perform(self, request: Request) -> Answer | RemedyAnswer:
        """A remedy looks before it acts anyway."""
        if isinstance(request, ApplyRemedy):
            return self._perform(request)
        found = self._ports.vault.reconcile(request)
        return self._perform(request) if isinstance(found, Unanswered) else found


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
