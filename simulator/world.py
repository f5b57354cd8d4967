"""The simulated world: one SimPy environment with a site and a vault, and the ports through which a drill sees them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, inf
from threading import RLock

import simpy

from failback.reprotect import (
    Accepted,
    Answer,
    Estate,
    ItemSeen,
    JobSeen,
    JobState,
    OnPremisesHands,
    Plan,
    RequestRefused,
    StartOperation,
    StartPlanOperation,
    Unanswered,
    VaultCommand,
)

from .beginning import Beginning
from .chance import Chance
from .durations import Duration
from .fault import Fault
from .faults import FaultPlayer
from .job import Job, Progress
from .network import Load
from .parameters import SiteParameters
from .protected_item import ProtectedItem
from .refusal import Refusal
from .replication import Replicated
from .site import Site
from .topology import reachable
from .vault import SimulatedVault
from .vsphere import MemoryVsphere


def _nobody_records(fault: Fault, now_s: float) -> None:
    """Faults of a world without a history go unrecorded."""


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """All that a world is made of. With the log of outside inputs it gives the same world again: how state is kept."""

    estate: Estate
    durations: Mapping[str, Duration]
    parameters: SiteParameters = SiteParameters()
    faults: Sequence[Fault] = ()
    seed: int = 1
    week_s: float = 0.0
    """Seconds from Monday 00:00 to virtual second 0, on the site's clock; working hours count from there."""
    plan: Plan = Plan()
    """By it those machines have been asked that stand on their way."""


class World:
    """A running world. One lock round it; whoever calls from another thread takes it."""

    def __init__(
        self,
        spec: WorldSpec,
        hands: OnPremisesHands | None = None,
        record: Callable[[Fault, float], None] = _nobody_records,
    ) -> None:
        self.spec, self.lock = spec, RLock()
        self.env = simpy.Environment(0.0)
        self.vsphere = MemoryVsphere(spec.estate)
        estate = replace(spec.estate, reachable=reachable(spec.estate))
        chance = Chance(spec.seed)
        self.site = Site(self.env, estate, hands or self.vsphere, chance, spec.durations, spec.parameters, spec.week_s)
        self.vault = SimulatedVault(self.site)
        self._on_fault = [record]
        self.faults = FaultPlayer(self.vault, self._record)
        self.faults.play(spec.faults)
        Beginning(self.vault, spec.plan).play()

    def on_fault(self, record: Callable[[Fault, float], None]) -> None:
        """Tell somebody else, too, when a fault fires."""
        self._on_fault.append(record)

    def watch_load(self) -> None:
        """Note from now on what each link, server and datastore carries; costs time, so it is off unless asked for."""
        self.site.network.watch()

    def utilisation(self) -> Mapping[str, tuple[Load, ...]]:
        """Change points of each part's load since `watch_load`, by the part's name; empty without that.

        The line is `link` on the way home and `link_to_azure` on the way out.
        """
        watch = self.site.network.load_watch
        points = {} if watch is None else watch.points
        return {name: tuple(of_part) for name, of_part in points.items() if not name.startswith("(")}

    def replicated(self) -> tuple[Replicated, ...]:
        """What each resync scanned and transferred so far, in the order of their beginnings."""
        return tuple(replication.replicated() for replication in self.vault.record.replications)

    def last_heartbeat(self, name: str) -> float | None:
        """The virtual second at which a server, appliance or machine's agent was last heard; None where nobody knows.

        Raises KeyError for a part that has no heartbeat.
        """
        return self.vault.record.heartbeats.last_s(name)

    def _record(self, fault: Fault) -> None:
        for record in self._on_fault:
            record(fault, self.env.now)

    def advance(self, until_s: float, poll_s: float = 0.0) -> tuple[float, frozenset[str]]:
        """Run whole instants until the vault shows something new or `until_s` has come; `poll_s`: look on that grid.

        Returns the instant in virtual seconds and the names of what changed.
        """
        record = self.vault.record
        while not record.has_changed and self.env.now < until_s:
            next_s = min(self.env.peek(), until_s)
            if next_s == inf:
                break
            self._run_to(_on_grid(next_s, poll_s, self.env.now))
        return self.env.now, self.vault.record.take_changed()

    def jump(self) -> None:
        """Run whole instants until the vault shows something new, or nothing is left; nothing is taken as seen."""
        seen = self.vault.record.revision
        while self.vault.record.revision == seen and self.env.peek() < inf:
            self._run_to(self.env.peek())

    def catch_up(self, instant_s: float) -> None:
        """Run to this instant, if it lies ahead; nothing is taken as seen."""
        if instant_s > self.env.now:
            self._run_to(instant_s)

    def _run_to(self, instant_s: float) -> None:
        while self.env.peek() <= instant_s:
            self.env.step()
        if self.env.now < instant_s:
            self.env.run(until=instant_s)

    @property
    def is_over(self) -> bool:
        """Whether nothing will ever happen again by itself."""
        return self.env.peek() == inf


def _on_grid(instant_s: float, poll_s: float, now_s: float) -> float:
    if poll_s <= 0:
        return instant_s
    return max(ceil(instant_s / poll_s), int(now_s / poll_s) + 1) * poll_s


class WorldClock:
    """The port `Clock` over a world in this process."""

    def __init__(self, world: World, poll_s: float = 0.0) -> None:
        self._world, self._poll_s = world, poll_s

    def now(self) -> float:
        """Virtual seconds since the start."""
        return self._world.env.now

    def wait(self, until_s: float) -> tuple[float, frozenset[str] | None]:
        """Let the world go on."""
        return self._world.advance(until_s, self._poll_s)


class WorldVault:
    """The port `Vault` over a world in this process."""

    def __init__(self, world: World) -> None:
        self._vault = world.vault
        self._jobs: dict[str, Job] = {}
        self._known: set[str] = set()

    def items(self) -> tuple[str, ...]:
        """Names of all items."""
        return tuple(self._vault.items)

    def perform(self, command: VaultCommand) -> Answer:
        """Ask once."""
        subject = command.item if isinstance(command, StartOperation) else command.plan
        try:
            job = self._jobs[subject] = self.send(command)
        except Refusal as refused:
            return RequestRefused(subject, command.operation, command.key, refused.code, refused.message)
        self._known.add(job.id)
        return Accepted(subject, command.operation, command.key, job.id)

    def reconcile(self, command: VaultCommand) -> Answer:
        """The newest job of the item or plan, where it is of this operation and nobody has told us of it yet."""
        subject = command.item if isinstance(command, StartOperation) else command.plan
        jobs = (job for job in reversed(self._vault.jobs.values()) if job.subject == subject and job.parent is None)
        newest = next((job for job in jobs if job.operation is not None), None)
        if newest is None or newest.operation is not command.operation or newest.id in self._known:
            return Unanswered(subject, command.operation, command.key, "An earlier run sent it; there is no job of it.")
        accepted = Accepted(subject, command.operation, command.key, newest.id)
        self.adopt(accepted)
        return accepted

    def adopt(self, accepted: Accepted, items: Collection[str] = ()) -> None:
        """Take a job for ours; those of a plan's items are found by it."""
        self._known.add(accepted.job_id)
        self._jobs[accepted.subject] = self._vault.record.job(accepted.job_id)

    def send(self, command: VaultCommand) -> Job:
        """Let a request arrive, and tell nobody what came of it. Raises `Refusal`."""
        match command:
            case StartOperation(item, operation, choices, _):
                return self._vault.start(item, operation, choices)
            case StartPlanOperation(plan, _, operation, choices, _):
                return self._vault.start_plan(plan, operation, choices)

    def read(self, subjects: Collection[str]) -> tuple[ItemSeen | JobSeen, ...]:
        """Each subject's job that we started, a plan's children under their items, and each item."""
        seen: list[ItemSeen | JobSeen] = []
        for name in subjects:
            self._adopt_children(name)
            if name in self._jobs:
                seen.append(job_seen(self._jobs[name]))
            if name in self._vault.items:
                seen.append(item_seen(self._vault, self._vault.items[name]))
        return tuple(seen)

    def _adopt_children(self, name: str) -> None:
        job = self._vault.items[name].last_job if name in self._vault.items else None
        if job is not None and job.parent is not None and self._jobs.get(job.parent.subject) is job.parent:
            self._jobs[name] = job


_STATES = {
    Progress.SUCCEEDED: JobState.SUCCEEDED,
    Progress.FAILED: JobState.FAILED,
    Progress.CANCELLED: JobState.CANCELLED,
    Progress.SUSPENDED: JobState.SUSPENDED,
}


def job_seen(job: Job) -> JobSeen:
    """What one read of this job shows."""
    assert job.operation is not None
    return JobSeen(
        job.subject, job.operation, job.id, _STATES.get(job.state, JobState.RUNNING), job.running_task, job.failure
    )


def item_seen(vault: SimulatedVault, item: ProtectedItem) -> ItemSeen:
    """What one read of this item shows."""
    registered = vault.site.vm(item.name).agent_registered
    percent = item.resync_percent() if item.resync_percent else None
    flag = registered if isinstance(registered, bool) else None
    return ItemSeen(item.name, item.architecture, item.phase, flag, tuple(item.health_errors), percent)
