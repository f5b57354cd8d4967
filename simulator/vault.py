"""The simulated vault: protected items, recovery plans, jobs. It enforces the lifecycle and the requirements tables."""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Mapping
from typing import Any, Final

import simpy

from failback.reprotect import (
    Choices,
    Move,
    NotAllowed,
    Operation,
    Phase,
    Stage,
    Unmet,
    phase_row,
)
from failback.reprotect import begin as move_for

from .enforcement import enforce, first_broken
from .heartbeats import Heartbeats
from .job import ENDED, Job, JobFault, PlanAction, Progress, Task
from .job_runs import JobRuns
from .job_table import JobKind, job_kind
from .plan_runs import PlanRuns, plan_steps, plan_tasks
from .protected_item import ProtectedItem
from .refusal import Refusal
from .replication import Replication
from .resync import resync, standing_still
from .site import Site

NO_CHOICES: Final[Mapping[str, Choices]] = {}
Process = Generator[simpy.Event, Any, None]


class Vault:
    """Items and jobs of one vault. `changed` collects names of what shows something new; `revision` counts it."""

    def __init__(self, site: Site) -> None:
        self.site, self.env = site, site.env
        self.items = {
            vm.name: ProtectedItem(vm.name, vm.architecture, Phase.REPLICATING_TO_AZURE, recovery_points=[0.0])
            for vm in site.estate.virtual_machines.values()
        }
        self.jobs: dict[str, Job] = {}
        self.plan_jobs: dict[str, Job] = {}
        self.job_faults: defaultdict[str, list[JobFault]] = defaultdict(list)
        self.replications: list[Replication] = []
        site.hear_full = lambda: self.review_replication(*self.items)
        self.heartbeats = Heartbeats(site, lambda: self.review_replication(*self.items))
        self._job_runs, self._plan_runs = JobRuns(self), PlanRuns(self)
        self._changed: set[str] = set()
        self.revision = 0
        self._plan_of: dict[str, str] = {}
        self.tries: Counter[tuple[str, str]] = Counter()
        self._watchers: dict[tuple[str, Phase], list[simpy.Event]] = {}

    # What is asked

    def start(self, name: str, operation: Operation, choices: Choices) -> Job:
        """Take a request for one item and run its job. Raises `Refusal`."""
        item = self.idle(name)
        self.row_for(item, operation)
        self._check_selection(item, operation, choices)
        return self.begin(item, operation, choices, None)

    def _check_selection(self, item: ProtectedItem, operation: Operation, choices: Choices) -> None:
        broken = first_broken(self.site, item.name, Stage.SELECTION, operation, choices)
        if broken is not None:
            raise Refusal(400, broken.code, f"{broken.message}. {broken.remedy}")

    def check_member(self, item: ProtectedItem, job: Job) -> None:
        """A plan is not refused for one item: its first task finds what a request of its own would [inferred]."""
        assert job.operation is not None
        enforce(self.site, item.name, Stage.SELECTION, job.operation, job.choices)

    def start_plan(
        self,
        plan: str,
        operation: Operation,
        choices: Choices,
        items: Iterable[str] | None = None,
        item_choices: Mapping[str, Choices] = NO_CHOICES,
        actions: Iterable[PlanAction] = (),
    ) -> Job:
        """Take a request for a recovery plan: groups in order, a child job per item. Raises `Refusal`.

        `item_choices` are values for single items, which win over `choices`; `actions` happen between the groups.
        """
        groups = self._plan_groups(plan, items)
        members = [self.idle(name) for group in groups for name in group]
        for item in members:
            self.row_for(item, operation)
        if operation is Operation.FAILBACK and len({item.architecture for item in members}) > 1:
            why = f"Plan '{plan}' mixes architectures; failback differs between them. Fail its items back singly."
            raise Refusal(400, "OperationNotAllowed", why)
        steps = plan_steps(groups, tuple(actions))
        job = self.new_job(plan, operation, job_kind(None, operation), choices, None, plan_tasks(steps))
        job.about = "plan"
        self.plan_jobs[plan] = job
        self._plan_of.update((name, plan) for group in groups for name in group)
        self.env.process(self._plan_runs.run(job, steps, {n: item_choices.get(n, choices) for g in groups for n in g}))
        return job

    def errand(self, name: str, scenario_name: str, friendly_name: str) -> Job:
        """Take a request that changes nothing here: a job of one task that is over at once. Raises `Refusal`."""
        return self.note("item", self.idle(name).name, scenario_name, friendly_name)

    def note(self, about: str, subject: str, scenario_name: str, friendly_name: str) -> Job:
        """A job of one task that is over at once, about an item or about something else of the vault."""
        now_s = self.env.now
        task = Task(scenario_name, friendly_name, False, Progress.SUCCEEDED, now_s, now_s)
        job = self.new_job(subject, None, JobKind(scenario_name, friendly_name), Choices(), None, [task])
        job.about = about
        self.end_job(job, Progress.SUCCEEDED)
        return job

    def enable(self, name: str, left_out: Iterable[int] = ()) -> ProtectedItem:
        """Protect a machine of the estate, without some of its disks. Raises `Refusal`.

        Initial replication is a resync to Azure of everything.
        """
        if name in self.items:
            raise Refusal(409, "AlreadyProtected", f"Machine '{name}' is protected in this vault already.")
        vm = self.site.vm(name)
        move = move_for(vm.architecture, Phase.FAILBACK_COMMITTED, Operation.REPROTECT_TO_AZURE)
        item = self.items[name] = ProtectedItem(name, vm.architecture, move.done, left_out=frozenset(left_out))
        self.touch(name)
        self.env.process(resync(self, item, move, fraction=1.0))
        return item

    def disable(self, name: str) -> None:
        """Stop protecting an item that no job holds. Raises `Refusal`."""
        self.idle(name)
        self.purge(name)

    def purge(self, name: str) -> None:
        """Drop an item's record, whatever goes on; its job stops before its next task."""
        item = self.items.pop(name)
        item.boots += 1
        if item.job is not None:
            item.job.cancel_asked = True
        self.site.free_slots(name)
        if item.replication is not None:
            item.replication.stop()
        plans = self.site.estate.recovery_plans
        for plan in plans.values():
            groups = tuple(tuple(n for n in group if n != name) for group in plan.groups)
            self.site.change(plan.name, groups=groups)
        self.touch(name)

    def hold(self, job_id: str) -> None:
        """Let a running job get stuck before its next task, until it is cancelled or resumed."""
        job = self.job(job_id)
        job.held = job.held or self.env.event()

    def resume(self, job_id: str, said: str = "") -> Job:
        """Let a job that waits go on. Raises `Refusal`."""
        job = self.job(job_id)
        if job.held is None or job.state is not Progress.SUSPENDED:
            why = f"Job {job_id} is not suspended; only a suspended job can be resumed."
            raise Refusal(409, "JobNotResumable", why)
        for task in job.tasks:
            task.said = said if task.state is Progress.SUSPENDED else task.said
        self._release(job)
        return job

    def _release(self, job: Job) -> None:
        held, job.held = job.held, None
        if held is not None and not held.triggered:
            held.succeed()

    def cancel(self, job_id: str) -> Job:
        """Ask a running job to stop before its next task. Raises `Refusal`."""
        job = self.job(job_id)
        if job.state in ENDED:
            raise Refusal(409, "JobNotCancellable", f"Job {job_id} has ended; an ended job cannot be cancelled.")
        job.cancel_asked = True
        if job.cancelled is not None and not job.cancelled.triggered:
            job.cancelled.succeed()
        self._release(job)
        return job

    def restart(self, job_id: str) -> Job:
        """Run a failed job's operation again as a new job. Raises `Refusal`."""
        job = self.job(job_id)
        if job.state is not Progress.FAILED or job.operation is None or job.subject not in self.items:
            raise Refusal(
                409,
                "JobNotRestartable",
                f"Job {job_id} is not a failed job of an item; only such a job can be restarted.",
            )
        return self.start(job.subject, job.operation, job.choices)

    def job(self, job_id: str) -> Job:
        """The job with this id. Raises `Refusal` 404."""
        try:
            return self.jobs[job_id.lower()]
        except KeyError:
            raise Refusal(404, "ResourceNotFound", f"There is no job '{job_id}' in this vault.") from None

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
                self._set_health(item, broken or standing_still(self, item))

    def _set_health(self, item: ProtectedItem, broken: Unmet | None) -> None:
        errors = {broken.code: broken} if broken else {}
        if errors.keys() != item.health_errors.keys():
            item.health_errors = errors
            self.touch(item.name)

    # How operations begin and jobs end

    def idle(self, name: str) -> ProtectedItem:
        """The item, if no job holds it. Raises `Refusal`."""
        item = self.items.get(name)
        if item is None:
            raise Refusal(404, "ResourceNotFound", f"There is no replication protected item '{name}' in this vault.")
        if item.job is not None:
            shown = item.job.friendly_name
            raise Refusal(
                409, "OperationInProgress", f"Item '{name}' is locked by its running job '{shown}' ({item.job.id})."
            )
        return item

    def row_for(self, item: ProtectedItem, operation: Operation) -> Move:
        """The row of the lifecycle on which this operation would start. Raises `Refusal`."""
        try:
            return move_for(item.architecture, item.phase, operation)
        except NotAllowed as refused:
            raise Refusal(409, "OperationNotAllowed", f"Item '{item.name}': {refused}.") from refused

    def _plan_groups(self, plan: str, items: Iterable[str] | None) -> tuple[tuple[str, ...], ...]:
        known_plan = self.site.estate.recovery_plans.get(plan)
        if known_plan is None:
            raise Refusal(404, "ResourceNotFound", f"There is no recovery plan '{plan}' in this vault.")
        chosen = None if items is None else set(items)
        return tuple(tuple(n for n in group if chosen is None or n in chosen) for group in known_plan.groups)

    def begin(self, item: ProtectedItem, operation: Operation, choices: Choices, parent: Job | None) -> Job:
        """Run an operation that was checked; `parent` is the job of a recovery plan."""
        item.move = self.row_for(item, operation)
        lender = choices.master_target or choices.appliance
        if operation is Operation.REPROTECT_TO_ON_PREMISES and lender is not None:
            self.site.take_slots(item.name, lender)
        kind = job_kind(item.architecture, operation)
        job = self.new_job(
            item.name, operation, kind, choices, parent, [Task(t.name, t.friendly_name, t.group) for t in kind.tasks]
        )
        item.job, item.last_job = job, job
        item.process_server = choices.process_server or item.process_server
        if operation is Operation.REPROTECT_TO_ON_PREMISES:
            item.choices = choices
        self.enter(item, item.move.running)
        self.env.process(self._job_runs.run(item, job, kind))
        return job

    def new_job(
        self,
        subject: str,
        operation: Operation | None,
        kind: JobKind,
        choices: Choices,
        parent: Job | None,
        tasks: list[Task],
    ) -> Job:
        """A job that has begun, with an id of its own; nothing runs it yet."""
        self.tries[subject, kind.scenario_name] += 1
        guid = self.site.chance.guid("job", subject, kind.scenario_name, self.tries[subject, kind.scenario_name])
        done = self.env.event()
        job = Job(
            guid, kind.scenario_name, kind.friendly_name, subject, operation, tasks, self.env.now, done, choices, parent
        )
        self.jobs[guid] = job
        self.touch(subject)
        return job

    def end_job(self, job: Job, state: Progress) -> None:
        """A job has come to its end."""
        job.state, job.ended_s = state, self.env.now
        job.done.succeed()
        self.show(job.subject)

    def show(self, subject: str) -> None:
        """Say that an item shows something new, and the recovery plan under way that it is in."""
        self.touch(subject)
        plan = self._plan_of.get(subject)
        if plan is not None and self.plan_jobs[plan].state not in ENDED:
            self.touch(plan)
