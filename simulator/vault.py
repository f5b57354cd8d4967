"""The simulated vault: protected items, recovery plans, jobs. It enforces the lifecycle and the requirements tables."""

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import simpy

from failback.reprotect import (
    Architecture,
    Choices,
    Failure,
    Move,
    NotAllowed,
    Operation,
    Phase,
    Stage,
    Unmet,
    VsphereRefused,
    begin,
    end,
)

from .enforcement import enforce, first_broken
from .heartbeats import Heartbeats
from .job import ENDED, Job, PlanAction, Progress, Task, TaskFailed, refused_by_vsphere
from .job_table import Act, JobKind, TaskKind, child_kind, job_kind
from .replication import Replication
from .resync import resync, standing_still
from .site import Site

REPLICATING_HOME = (Phase.RESYNCING_TO_ON_PREMISES, Phase.REPLICATING_TO_ON_PREMISES)
"""Phases in which the on-premises machine is a replication target."""
NO_CHOICES: Final[Mapping[str, Choices]] = {}
Process = Generator[simpy.Event, Any, None]


class Refusal(Exception):
    """The vault does not take a request; nothing was started. `status` is what ARM would answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message
        super().__init__(message)


@dataclass(slots=True)
class ProtectedItem:
    """One replication protected item, with the job and the lifecycle row that it is on, if any."""

    name: str
    architecture: Architecture
    phase: Phase
    move: Move | None = None
    job: Job | None = None
    last_job: Job | None = None
    choices: Choices = Choices()
    process_server: str | None = None
    lender: str | None = None
    alternate_location: bool = False
    failed_over_s: float | None = None
    boots: int = 0
    health_errors: dict[str, Unmet] = field(default_factory=dict)
    resync_percent: Callable[[], int] | None = None
    recovery_points: list[float] = field(default_factory=list)
    left_out: frozenset[int] = frozenset()
    """Numbers of the machine's disks that are not protected."""
    first_syncs: dict[int, Callable[[], int]] = field(default_factory=dict)
    """Disks that were added to the protection, with how far the initial replication of each is, in percent."""
    replication: Replication | None = None


@dataclass(slots=True)
class JobFault:
    """A scenario's order to fail an item's next jobs of one operation at one task."""

    operation: Operation | None
    task: str | None
    code: str
    message: str
    left: int


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
        self._changed: set[str] = set()
        self.revision = 0
        self._plan_of: dict[str, str] = {}
        self._tries: Counter[tuple[str, str]] = Counter()
        self._watchers: dict[tuple[str, Phase], list[simpy.Event]] = {}

    # What is asked

    def start(self, name: str, operation: Operation, choices: Choices) -> Job:
        """Take a request for one item and run its job. Raises `Refusal`."""
        item = self._idle(name)
        self._row(item, operation)
        self._check_selection(item, operation, choices)
        return self._start(item, operation, choices, None)

    def _check_selection(self, item: ProtectedItem, operation: Operation, choices: Choices) -> None:
        broken = first_broken(self.site, item.name, Stage.SELECTION, operation, choices)
        if broken is not None:
            raise Refusal(400, broken.code, f"{broken.message}. {broken.remedy}")

    def _check_member(self, item: ProtectedItem, job: Job) -> None:
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
        members = [self._idle(name) for group in groups for name in group]
        for item in members:
            self._row(item, operation)
        if operation is Operation.FAILBACK and len({item.architecture for item in members}) > 1:
            why = f"Plan '{plan}' mixes architectures; failback differs between them. Fail its items back singly."
            raise Refusal(400, "OperationNotAllowed", why)
        steps = _plan_steps(groups, tuple(actions))
        job = self._new_job(plan, operation, job_kind(None, operation), choices, None, _plan_tasks(steps))
        job.about = "plan"
        self.plan_jobs[plan] = job
        self._plan_of.update((name, plan) for group in groups for name in group)
        self.env.process(self._run_plan(job, steps, {n: item_choices.get(n, choices) for g in groups for n in g}))
        return job

    def errand(self, name: str, scenario_name: str, friendly_name: str) -> Job:
        """Take a request that changes nothing here: a job of one task that is over at once. Raises `Refusal`."""
        return self.note("item", self._idle(name).name, scenario_name, friendly_name)

    def note(self, about: str, subject: str, scenario_name: str, friendly_name: str) -> Job:
        """A job of one task that is over at once, about an item or about something else of the vault."""
        now_s = self.env.now
        task = Task(scenario_name, friendly_name, False, Progress.SUCCEEDED, now_s, now_s)
        job = self._new_job(subject, None, JobKind(scenario_name, friendly_name), Choices(), None, [task])
        job.about = about
        self._end(job, Progress.SUCCEEDED)
        return job

    def enable(self, name: str, left_out: Iterable[int] = ()) -> ProtectedItem:
        """Protect a machine of the estate, without some of its disks. Raises `Refusal`.

        Initial replication is a resync to Azure of everything.
        """
        if name in self.items:
            raise Refusal(409, "AlreadyProtected", f"Machine '{name}' is protected in this vault already.")
        vm = self.site.vm(name)
        move = begin(vm.architecture, Phase.FAILBACK_COMMITTED, Operation.REPROTECT_TO_AZURE)
        item = self.items[name] = ProtectedItem(name, vm.architecture, move.done, left_out=frozenset(left_out))
        self.touch(name)
        self.env.process(resync(self, item, move, fraction=1.0))
        return item

    def disable(self, name: str) -> None:
        """Stop protecting an item that no job holds. Raises `Refusal`."""
        self._idle(name)
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
            if item.phase in REPLICATING_HOME:
                broken = first_broken(
                    self.site, item.name, Stage.REPLICATION, Operation.REPROTECT_TO_ON_PREMISES, item.choices
                )
                self._set_health(item, broken or standing_still(self, item))

    def _set_health(self, item: ProtectedItem, broken: Unmet | None) -> None:
        errors = {broken.code: broken} if broken else {}
        if errors.keys() != item.health_errors.keys():
            item.health_errors = errors
            self.touch(item.name)

    # How jobs run

    def _idle(self, name: str) -> ProtectedItem:
        item = self.items.get(name)
        if item is None:
            raise Refusal(404, "ResourceNotFound", f"There is no replication protected item '{name}' in this vault.")
        if item.job is not None:
            shown = item.job.friendly_name
            raise Refusal(
                409, "OperationInProgress", f"Item '{name}' is locked by its running job '{shown}' ({item.job.id})."
            )
        return item

    def _row(self, item: ProtectedItem, operation: Operation) -> Move:
        try:
            return begin(item.architecture, item.phase, operation)
        except NotAllowed as refused:
            raise Refusal(409, "OperationNotAllowed", f"Item '{item.name}': {refused}.") from refused

    def _plan_groups(self, plan: str, items: Iterable[str] | None) -> tuple[tuple[str, ...], ...]:
        known_plan = self.site.estate.recovery_plans.get(plan)
        if known_plan is None:
            raise Refusal(404, "ResourceNotFound", f"There is no recovery plan '{plan}' in this vault.")
        chosen = None if items is None else set(items)
        return tuple(tuple(n for n in group if chosen is None or n in chosen) for group in known_plan.groups)

    def _start(self, item: ProtectedItem, operation: Operation, choices: Choices, parent: Job | None) -> Job:
        item.move = self._row(item, operation)
        lender = choices.master_target or choices.appliance
        if operation is Operation.REPROTECT_TO_ON_PREMISES and lender is not None:
            self.site.take_slots(item.name, lender)
        kind = job_kind(item.architecture, operation)
        job = self._new_job(
            item.name, operation, kind, choices, parent, [Task(t.name, t.friendly_name, t.group) for t in kind.tasks]
        )
        item.job, item.last_job = job, job
        item.process_server = choices.process_server or item.process_server
        if operation is Operation.REPROTECT_TO_ON_PREMISES:
            item.choices = choices
        self.enter(item, item.move.running)
        self.env.process(self._run(item, job, kind))
        return job

    def _new_job(
        self,
        subject: str,
        operation: Operation | None,
        kind: JobKind,
        choices: Choices,
        parent: Job | None,
        tasks: list[Task],
    ) -> Job:
        self._tries[subject, kind.scenario_name] += 1
        guid = self.site.chance.guid("job", subject, kind.scenario_name, self._tries[subject, kind.scenario_name])
        done = self.env.event()
        job = Job(
            guid, kind.scenario_name, kind.friendly_name, subject, operation, tasks, self.env.now, done, choices, parent
        )
        self.jobs[guid] = job
        self.touch(subject)
        return job

    def _run(self, item: ProtectedItem, job: Job, kind: JobKind) -> Process:
        assert item.move is not None
        try:
            for task, task_kind in zip(job.tasks, kind.tasks, strict=True):
                yield from self._run_task(item, job, task, task_kind)
            if job.cancel_asked and kind.undo is not None:
                raise _Cancelled  # during the last task: what can be put right still is
            self._end(job, Progress.SUCCEEDED)
        except TaskFailed as failed:
            self._fail(job, failed)
        except _Cancelled:
            self._end(job, Progress.CANCELLED)
        self._finish(item, job, kind)

    def _finish(self, item: ProtectedItem, job: Job, kind: JobKind) -> None:
        move = item.move
        assert move is not None
        succeeded = job.state is Progress.SUCCEEDED
        item.job = item.move = None
        self.enter(item, end(move, succeeded=succeeded))
        if succeeded and kind.afterwards is not None:
            self.env.process(kind.afterwards(self, item, move))
        elif not succeeded:
            self._undo(item, kind, move)

    def _undo(self, item: ProtectedItem, kind: JobKind, move: Move) -> None:
        if move.operation is Operation.REPROTECT_TO_ON_PREMISES:
            self.site.free_slots(item.name)
        if kind.undo is not None:
            kind.undo(self, item)

    def _run_task(self, item: ProtectedItem, job: Job, task: Task, kind: TaskKind) -> Process:
        if job.held is not None:
            yield job.held
        if job.cancel_asked:
            raise _Cancelled
        if kind.skipped is not None and kind.skipped(item, job):
            task.state = Progress.SKIPPED
            return
        task.state, task.started_s = Progress.IN_PROGRESS, self.env.now
        self._show(item.name)
        for child in child_kind(kind):
            self._begin_child(item, job, task, child)
        yield self.env.timeout(self._task_duration_s(item, job, task))
        if kind.until is not None:
            yield from self._await(kind.until(self, item), job)
        self._inject(item, job, task)
        if job.parent is not None and task is job.tasks[0]:
            self._check_member(item, job)
        if kind.act is not None:
            self._act(kind.act, item, job)
        self._end_task(task)
        self._show(item.name)

    def _act(self, act: Act, item: ProtectedItem, job: Job) -> None:
        try:
            act(self, item, job)
        except VsphereRefused as refused:
            raise refused_by_vsphere(refused) from refused

    def _await(self, event: simpy.Event, job: Job) -> Process:
        """Wait for it, unless somebody cancels the job meanwhile."""
        job.cancelled = self.env.event()
        yield event | job.cancelled
        if job.cancelled.triggered:
            raise _Cancelled
        job.cancelled = None

    def _task_duration_s(self, item: ProtectedItem, job: Job, task: Task) -> float:
        assert job.operation is not None
        key = f"task/{item.architecture.value}/{job.operation.value}/{task.name}"
        return self.site.duration_s(key, item.name, self._tries[item.name, job.scenario_name])

    def _inject(self, item: ProtectedItem, job: Job, task: Task) -> None:
        for fault in self.job_faults.get(item.name, ()):
            named = (fault.operation or job.operation, fault.task or job.tasks[0].name)
            if fault.left > 0 and named == (job.operation, task.name):
                fault.left -= 1
                raise TaskFailed(
                    fault.code, fault.message, "A scenario asked for this failure.", "Run the operation again."
                )

    def _begin_child(self, item: ProtectedItem, job: Job, task: Task, kind: JobKind) -> None:
        child = self._new_job(item.name, None, kind, job.choices, job, [])
        task.children.append(child)

    def _end_task(self, task: Task) -> None:
        task.state, task.ended_s = Progress.SUCCEEDED, self.env.now
        for child in task.children:
            child.state, child.ended_s = Progress.SUCCEEDED, self.env.now

    def _end(self, job: Job, state: Progress) -> None:
        job.state, job.ended_s = state, self.env.now
        job.done.succeed()
        self._show(job.subject)

    def _fail(self, job: Job, failed: TaskFailed) -> None:
        task = next(t for t in job.tasks if t.state is Progress.IN_PROGRESS)
        task.state, task.ended_s = Progress.FAILED, self.env.now
        for child in task.children:
            child.state, child.ended_s = Progress.FAILED, self.env.now
        failure = Failure(
            task.friendly_name, failed.code, failed.message, failed.possible_causes, failed.recommended_action
        )
        task.failure = job.failure = failure
        self._end(job, Progress.FAILED)

    def _show(self, subject: str) -> None:
        self.touch(subject)
        plan = self._plan_of.get(subject)
        if plan is not None and self.plan_jobs[plan].state not in ENDED:
            self.touch(plan)

    # How a recovery plan runs

    def _run_plan(self, job: Job, steps: "tuple[_PlanStep, ...]", choices: Mapping[str, Choices]) -> Process:
        for task, step in zip(job.tasks, steps, strict=True):
            if job.cancel_asked or job.failure:
                break
            task.state, task.started_s = Progress.IN_PROGRESS, self.env.now
            if isinstance(step, PlanAction):
                yield from self._run_action(job, task, step)
            else:
                yield from self._run_group(job, task, step, choices)
            task.ended_s = self.env.now
        cancelled = Progress.CANCELLED if job.cancel_asked else Progress.SUCCEEDED
        self._end(job, Progress.FAILED if job.failure else cancelled)

    def _run_action(self, job: Job, task: Task, action: PlanAction) -> Process:
        """A manual action suspends the job until somebody resumes it; scripts are only noted."""
        if action.manual:
            job.state = task.state = Progress.SUSPENDED
            job.held = job.held or self.env.event()
            self.touch(job.subject)
            yield job.held
            job.state = Progress.IN_PROGRESS
        task.state = Progress.CANCELLED if job.cancel_asked else Progress.SUCCEEDED
        self.touch(job.subject)

    def _run_group(self, job: Job, task: Task, group: tuple[str, ...], choices: Mapping[str, Choices]) -> Process:
        try:
            task.children = self._start_group(job, group, choices)
        except Refusal as refused:
            task.state = Progress.FAILED
            task.failure = job.failure = Failure(task.friendly_name, refused.code, refused.message)
            return
        self.touch(job.subject)
        yield self.env.all_of([child.done for child in task.children])
        failed = [child for child in task.children if child.state is not Progress.SUCCEEDED]
        task.state = Progress.FAILED if failed else Progress.SUCCEEDED
        if failed:
            task.failure = job.failure = _plan_failure(task, failed)

    def _start_group(self, job: Job, group: tuple[str, ...], choices: Mapping[str, Choices]) -> list[Job]:
        """All of them or none: somebody else may have asked something of one since the plan began."""
        assert job.operation is not None
        for name in group:
            self._row(self._idle(name), job.operation)
        return [self._start(self.items[name], job.operation, choices[name], job) for name in group]


class _Cancelled(Exception):
    """A job was cancelled before its next task."""


_PlanStep = PlanAction | tuple[str, ...]


def _plan_steps(groups: tuple[tuple[str, ...], ...], actions: tuple[PlanAction, ...]) -> tuple[_PlanStep, ...]:
    """Groups and actions in the order in which they happen."""
    steps: list[_PlanStep] = []
    for number, group in enumerate(groups):
        steps += [action for action in actions if action.before == number]
        steps.append(group)
    return (*steps, *(action for action in actions if action.before >= len(groups)))


def _plan_tasks(steps: tuple[_PlanStep, ...]) -> list[Task]:
    tasks, number = list[Task](), 0
    for step in steps:
        if isinstance(step, PlanAction):
            tasks.append(Task("RecoveryPlanAction", step.name, action=step))
        else:
            number += 1
            tasks.append(Task("RecoveryPlanGroupTask", f"Group {number}", group=True))
    return tasks


def _plan_failure(task: Task, failed: list[Job]) -> Failure:
    names = ", ".join(job.subject for job in failed)
    first = failed[0].failure
    code = first.code if first else "JobCancelled"
    # Inferred: a group that did not come through keeps the later groups from starting.
    return Failure(
        task.friendly_name, code, f"{task.friendly_name}: not done for {names}; later groups were not started."
    )
