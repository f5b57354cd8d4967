"""The simulated vault: protected items, recovery plans, jobs. It enforces the lifecycle and the requirements tables."""

from collections.abc import Generator, Iterable
from dataclasses import replace
from typing import Any, Final

import simpy

from failback.reprotect import (
    Choices,
    Operation,
    Phase,
    Stage,
)
from failback.reprotect import begin as move_for

from .enforcement import first_broken
from .job import ENDED, Job, PlanAction, Progress, Task
from .job_runs import JobRuns
from .job_tasks import ENABLE, job_kind, plan_job_names
from .plan_runs import PlanRuns, plan_steps, plan_tasks
from .protected_disks import homeward_disks
from .protected_item import ProtectedItem
from .refusal import Refusal
from .site import Site
from .vault_record import VaultRecord

_REPROTECTS: Final = (Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE)
Process = Generator[simpy.Event, Any, None]


class SimulatedVault:
    """What is asked of one vault, and what runs then. What there is stands in its `record`."""

    def __init__(self, site: Site) -> None:
        self.site, self.env = site, site.env
        self.record = record = VaultRecord(site)
        self.items, self.jobs, self.plan_jobs = record.items, record.jobs, record.plan_jobs
        self._job_runs, self._plan_runs = JobRuns(record), PlanRuns(record, self.begin)

    # What is asked

    def start(self, name: str, operation: Operation, choices: Choices) -> Job:
        """Take a request for one item and run its job. Raises `Refusal`."""
        request = self.record.request(name, operation)
        item = self.record.idle(name)
        self.record.row_for(item, operation)
        self._check_selection(item, operation, choices)
        request.job = self.begin(item, operation, choices, None)
        return request.job

    def _check_selection(self, item: ProtectedItem, operation: Operation, choices: Choices) -> None:
        broken = first_broken(self.site, item.name, Stage.SELECTION, operation, choices)
        if broken is not None:
            raise Refusal(400, broken.code, f"{broken.message}. {broken.remedy}")

    def start_plan(
        self,
        plan: str,
        operation: Operation,
        choices: Choices,
        items: Iterable[str] | None = None,
        actions: Iterable[PlanAction] = (),
    ) -> Job:
        """Take a request for a recovery plan: groups in order, a child job per item. Raises `Refusal`.

        `actions` happen between the groups.
        """
        request = self.record.request(plan, operation)
        self._refuse_reprotect(plan, operation)
        self.refuse_running_plan(plan)
        groups = self._plan_groups(plan, items)
        self._check_members(plan, operation, [name for group in groups for name in group])
        steps = plan_steps(groups, tuple(actions))
        names = plan_job_names({self.items[name].architecture for group in groups for name in group}, operation)
        job = self.record.new_job(plan, operation, names, choices, None, plan_tasks(steps))
        job.about, request.job = "plan", job
        self.plan_jobs[plan] = job
        self.record.plan_of.update((name, plan) for group in groups for name in group)
        self.env.process(self._plan_runs.run(job, steps, choices))
        return job

    def _refuse_reprotect(self, plan: str, operation: Operation) -> None:
        """The SDK calls a plan's reprotect deprecated and without effect, and PowerShell asks it of no VMware item.

        With which code the service refuses is not known (ours).
        """
        if operation in _REPROTECTS:
            why = f"Recovery plan '{plan}': a reprotect is no longer done by plan. Ask reProtect of each item."
            raise Refusal(400, "OperationNotSupported", why)

    def _check_members(self, plan: str, operation: Operation, names: Iterable[str]) -> None:
        members = [self.record.idle(name) for name in names]
        for item in members:
            self.record.row_for(item, operation)
        if operation is Operation.FAILBACK and len({item.architecture for item in members}) > 1:
            why = f"Plan '{plan}' mixes architectures; failback differs between them. Fail back its items one by one."
            raise Refusal(400, "OperationNotAllowed", why)

    def refuse_running_plan(self, plan: str) -> None:
        """Raise a `Refusal` while a job of this plan runs or waits."""
        job = self.plan_jobs.get(plan)
        if job is not None and job.state not in ENDED:
            why = f"Recovery plan '{plan}' is locked by its running job {job.id}."
            raise Refusal(409, "OperationInProgress", why)

    def instant_job(self, name: str, scenario_name: str, friendly_name: str) -> Job:
        """Take a request that changes nothing here: a job of one task that is over at once. Raises `Refusal`."""
        item = self.record.idle(name)
        if item.enabling is not None:
            why = f"Item '{name}': its protection could not be enabled. Disable it, or restart job {item.enabling.id}."
            raise Refusal(409, "OperationNotAllowed", why)
        return self.record.note("item", name, scenario_name, friendly_name)

    def enable(self, name: str, left_out: Iterable[int] = ()) -> ProtectedItem:
        """Protect a machine of the estate, without some of its disks. Raises `Refusal`.

        Initial replication begins when the job is through.
        """
        if name in self.items:
            raise Refusal(409, "AlreadyProtected", f"Machine '{name}' is protected in this vault already.")
        vm, phase = self.site.vm(name), Phase.RESYNCING_TO_AZURE
        item = self.items[name] = ProtectedItem(name, vm.architecture, phase, left_out=frozenset(left_out))
        self._begin_enabling(item)
        return item

    def _begin_enabling(self, item: ProtectedItem) -> Job:
        out = move_for(item.architecture, Phase.FAILBACK_COMMITTED, Operation.REPROTECT_TO_AZURE)
        item.move = replace(out, phase=out.done, running=out.done)
        tasks = [Task(task.name, task.friendly_name) for task in ENABLE.tasks]
        job = self.record.new_job(item.name, None, ENABLE.names, Choices(), None, tasks)
        item.job = item.last_job = item.enabling = job
        self.record.set_health(item, None)
        self.env.process(self._job_runs.run(item, job, ENABLE))
        return job

    def disable(self, name: str) -> None:
        """Stop protecting an item that no job holds. Raises `Refusal`."""
        self.record.idle(name)
        self.purge(name)

    def purge(self, name: str) -> None:
        """Drop an item's record, whatever goes on; its job stops before its next task."""
        item = self.items.pop(name)
        item.boots += 1
        if item.job is not None:
            item.job.cancel_asked = True
        self.site.free_slots(name)
        self.site.requested_through.pop(name, None)
        self.site.release_room(name)
        if item.replication is not None:
            item.replication.stop()
        plans = self.site.estate.recovery_plans
        for plan in plans.values():
            groups = tuple(tuple(n for n in group if n != name) for group in plan.groups)
            self.site.change(plan.name, groups=groups)
        self.record.touch(name)

    def hold(self, job_id: str) -> None:
        """Let a running job get stuck before its next task, until it is cancelled or resumed."""
        job = self.record.job(job_id)
        job.held = job.held or self.env.event()

    def resume(self, job_id: str, comment: str = "") -> Job:
        """Let a job that waits go on. Raises `Refusal`."""
        job = self.record.job(job_id)
        if job.held is None or job.state is not Progress.SUSPENDED:
            why = f"Job {job_id} is not suspended; only a suspended job can be resumed."
            raise Refusal(409, "JobNotResumable", why)
        for task in job.tasks:
            task.comment = comment if task.state is Progress.SUSPENDED else task.comment
        self._release(job)
        return job

    def _release(self, job: Job) -> None:
        held, job.held = job.held, None
        if held is not None and not held.triggered:
            held.succeed()

    def cancel(self, job_id: str) -> Job:
        """Ask a running job to stop before its next task. Raises `Refusal`."""
        job = self.record.job(job_id)
        if job.state in ENDED:
            raise Refusal(409, "JobNotCancellable", f"Job {job_id} has ended; an ended job cannot be cancelled.")
        job.cancel_asked = True
        if job.cancelled is not None and not job.cancelled.triggered:
            job.cancelled.succeed()
        self._release(job)
        return job

    def restart(self, job_id: str) -> Job:
        """Run a failed job's operation again as a new job. Raises `Refusal`."""
        job = self.record.job(job_id)
        item = self.items.get(job.subject)
        if item is not None and item.job is None and item.enabling is job and job.state is Progress.FAILED:
            return self._begin_enabling(item)
        if job.state is not Progress.FAILED or job.operation is None or item is None:
            raise Refusal(
                409,
                "JobNotRestartable",
                f"Job {job_id} is not a failed job of an item; only such a job can be restarted.",
            )
        return self.start(job.subject, job.operation, job.choices)

    # How operations begin

    def _plan_groups(self, plan: str, items: Iterable[str] | None) -> tuple[tuple[str, ...], ...]:
        known_plan = self.site.estate.recovery_plans.get(plan)
        if known_plan is None:
            raise Refusal(404, "ResourceNotFound", f"There is no recovery plan '{plan}' in this vault.")
        chosen = None if items is None else set(items)
        return tuple(tuple(n for n in group if chosen is None or n in chosen) for group in known_plan.groups)

    def begin(
        self,
        item: ProtectedItem,
        operation: Operation,
        choices: Choices,
        parent: Job | None,
        *,
        unchecked: bool = False,
    ) -> Job:
        """Run an operation that was checked, or whose first task will do that; `parent` is a recovery plan's job."""
        item.move = self.record.row_for(item, operation)
        disk_host = choices.master_target or choices.appliance
        if operation is Operation.REPROTECT_TO_ON_PREMISES and disk_host is not None:
            self.site.take_slots(item.name, disk_host, len(homeward_disks(self.record, item)))
        kind = job_kind(item.architecture, operation)
        job = self.record.new_job(
            item.name,
            operation,
            kind.names,
            choices,
            parent,
            [Task(t.name, t.friendly_name, t.group) for t in kind.tasks],
        )
        job.unchecked = unchecked or parent is not None
        item.job, item.last_job = job, job
        item.process_server = choices.process_server or item.process_server
        if operation is Operation.REPROTECT_TO_ON_PREMISES:
            item.choices = choices
        self.record.enter(item, item.move.running)
        self.env.process(self._job_runs.run(item, job, kind))
        return job
