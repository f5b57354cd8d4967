"""The record of a simulated vault: its items and jobs, and who is told of what. Nothing here acts on site."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import simpy

from failback.reprotect import Choices, Move, NotAllowed, Operation, Phase, Stage, Unmet, VirtualMachine, phase_row
from failback.reprotect import begin as move_for

from .enforcement import first_broken
from .heartbeats import Heartbeats
from .item_health import standing_still
from .job import ENDED, Job, JobFault, Progress, Task
from .protected_item import ProtectedItem
from .refusal import Refusal
from .replication import Replication
from .site import Site


def _protected(vm: VirtualMachine) -> ProtectedItem:
    """Its item, as it replicates to Azure."""
    left_out = frozenset(number for number, disk in enumerate(vm.disks) if disk.excluded is True)
    at_home = Phase.REPLICATING_TO_AZURE
    return ProtectedItem(vm.name, vm.architecture, at_home, recovery_points=[0.0], left_out=left_out)


@dataclass(slots=True)
class RequestSeen:
    """One request that reached the vault, and its job; None where it was refused."""

    t_s: float
    subject: str
    operation: Operation
    job: Job | None = None


@dataclass(frozen=True, slots=True)
class HealthSeen:
    """The replication health of an item changed; `broken` is None where it is well again."""

    t_s: float
    item: str
    broken: Unmet | None


class VaultRecord:
    """Items and jobs of one vault. `revision` counts what shows something new."""

    def __init__(self, site: Site) -> None:
        self.site, self.env = site, site.env
        self.items = {vm.name: _protected(vm) for vm in site.estate.virtual_machines.values()}
        self.jobs: dict[str, Job] = {}
        self.plan_jobs: dict[str, Job] = {}
        self.plans_done: defaultdict[str, dict[str, float]] = defaultdict(dict)
        """When a job of each plan succeeded last, by its scenario name."""
        self.plan_of: dict[str, str] = {}
        """The plan in which each item went last."""
        self.job_faults: defaultdict[str, list[JobFault]] = defaultdict(list)
        self.replications: list[Replication] = []
        self.tries: Counter[tuple[str, str]] = Counter()
        self.requests: list[RequestSeen] = []
        self.health_seen: list[HealthSeen] = []
        self.revision = 0
        self._changed: set[str] = set()
        self._watchers: dict[tuple[str, Phase], list[simpy.Event]] = {}
        site.hear_full = lambda: self.review_replication(*self.items)
        self.heartbeats = Heartbeats(site, lambda: self.review_replication(*self.items))

    # What is seen

    def take_changed(self) -> frozenset[str]:
        """Names that show something new since the last call."""
        taken, self._changed = frozenset(self._changed), set()
        return taken

    @property
    def has_changed(self) -> bool:
        """Whether somebody would see something new."""
        return bool(self._changed)

    def touch(self, name: str) -> None:
        """Say that this item or plan shows something new."""
        self._changed.add(name)
        self.revision += 1

    def on_phase(self, name: str, phase: Phase) -> simpy.Event:
        """An event for the next time that this item comes into this phase."""
        event = self.env.event()
        self._watchers.setdefault((name, phase), []).append(event)
        return event

    def begins_in(self, name: str, phase: Phase) -> bool:
        """Whether the history begins with this item in this phase of its way, so that nobody sees it come there."""
        vm = self.site.estate.virtual_machines.get(name)
        return self.env.now == 0 and vm is not None and vm.at is phase is not Phase.REPLICATING_TO_AZURE

    def enter(self, item: ProtectedItem, phase: Phase) -> None:
        """Put an item into a phase and tell those who watch for it."""
        item.phase = phase
        self.touch(item.name)
        for event in self._watchers.pop((item.name, phase), ()):
            event.succeed()

    def review_replication(self, *names: str) -> None:
        """Look again at the rules that bite while an item replicates home; a broken one is its health error."""
        for item in (self.items[name] for name in names if name in self.items):
            if phase_row(item.phase).is_target:
                broken = first_broken(
                    self.site, item.name, Stage.REPLICATION, Operation.REPROTECT_TO_ON_PREMISES, item.choices
                )
                self.set_health(item, broken or standing_still(self.site, self.heartbeats, item))

    def set_health(self, item: ProtectedItem, broken: Unmet | None) -> None:
        """Let the item's health say this, and note the change where it is one."""
        errors = {broken.code: broken} if broken else {}
        if errors.keys() != item.health_errors.keys():
            item.health_errors = errors
            self.health_seen.append(HealthSeen(self.env.now, item.name, broken))
            self.touch(item.name)

    def request(self, subject: str, operation: Operation) -> RequestSeen:
        """Note a request; whoever takes it adds its job."""
        self.requests.append(RequestSeen(self.env.now, subject, operation))
        return self.requests[-1]

    # Items and jobs

    def lock_of(self, item: ProtectedItem, within: Job | None = None) -> Job | None:
        """The job that holds this item: its own, or that of a recovery plan under way [inferred].

        `within`: a plan's job that asks for its own items.
        """
        if item.job is not None:
            return item.job
        plan = self.plan_of.get(item.name)
        job = None if plan is None else self.plan_jobs[plan]
        return None if job is None or job is within or job.state in ENDED else job

    def idle(self, name: str, within: Job | None = None) -> ProtectedItem:
        """The item, if no job holds it. Raises `Refusal`."""
        item = self.items.get(name)
        if item is None:
            raise Refusal(404, "ResourceNotFound", f"There is no replication protected item '{name}' in this vault.")
        job = self.lock_of(item, within)
        if job is not None:
            whose = "its" if job is item.job else f"recovery plan '{job.subject}' with its"
            why = f"Item '{name}' is locked by {whose} running job '{job.friendly_name}' ({job.id})."
            raise Refusal(409, "OperationInProgress", why)
        return item

    def row_for(self, item: ProtectedItem, operation: Operation) -> Move:
        """The row of the lifecycle on which this operation would start. Raises `Refusal`."""
        try:
            return move_for(item.architecture, item.phase, operation)
        except NotAllowed as refused:
            raise Refusal(409, "OperationNotAllowed", f"Item '{item.name}': {refused}.") from refused

    def job(self, job_id: str) -> Job:
        """The job with this id. Raises `Refusal` 404."""
        try:
            return self.jobs[job_id.lower()]
        except KeyError:
            raise Refusal(404, "ResourceNotFound", f"There is no job '{job_id}' in this vault.") from None

    def new_job(
        self,
        subject: str,
        operation: Operation | None,
        names: tuple[str, str],
        choices: Choices,
        parent: Job | None,
        tasks: list[Task],
    ) -> Job:
        """A job that has begun, with an id of its own; nothing runs it yet. `names` as a kind of job has them."""
        scenario_name, friendly_name = names
        self.tries[subject, scenario_name] += 1
        guid = self.site.chance.guid("job", subject, scenario_name, self.tries[subject, scenario_name])
        done = self.env.event()
        job = Job(guid, scenario_name, friendly_name, subject, operation, tasks, self.env.now, done, choices, parent)
        self.jobs[guid] = job
        self.touch(subject)
        return job

    def note(self, about: str, subject: str, scenario_name: str, friendly_name: str) -> Job:
        """A job of one task that is over at once, about an item or about something else of the vault."""
        now_s = self.env.now
        task = Task(scenario_name, friendly_name, False, Progress.SUCCEEDED, now_s, now_s)
        job = self.new_job(subject, None, (scenario_name, friendly_name), Choices(), None, [task])
        job.about = about
        self.end_job(job, Progress.SUCCEEDED)
        return job

    def end_job(self, job: Job, state: Progress) -> None:
        """A job has come to its end."""
        job.state, job.ended_s = state, self.env.now
        job.done.succeed()
        self.show(job.subject)

    def show(self, subject: str) -> None:
        """Say that an item shows something new, and the recovery plan under way that it is in."""
        self.touch(subject)
        plan = self.plan_of.get(subject)
        if plan is not None and self.plan_jobs[plan].state not in ENDED:
            self.touch(plan)
