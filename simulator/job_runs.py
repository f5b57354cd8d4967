"""How the job of an item runs: task by task, until it is through, fails or is cancelled."""

from collections.abc import Generator
from typing import Any, TypeAlias

import simpy

from failback.reprotect import Failure, Move, Operation, Stage, VsphereRefused, end, known_failure

from .enforcement import enforce
from .job import ENDED, Job, JobFault, Progress, Task, TaskFailed, refused_by_vsphere
from .job_kinds import Act, JobKind, TaskKind, child_kind
from .protected_item import ProtectedItem
from .vault_record import VaultRecord

Process: TypeAlias = Generator[simpy.Event, Any, None]


class _Cancelled(Exception):
    """A job was cancelled before its next task."""


class JobRuns:
    """Runs the jobs of one vault's items."""

    def __init__(self, vault: VaultRecord) -> None:
        self._vault, self._env = vault, vault.env

    def run(self, item: ProtectedItem, job: Job, kind: JobKind) -> Process:
        """The SimPy process of one job."""
        assert item.move is not None
        try:
            for task, task_kind in zip(job.tasks, kind.tasks, strict=True):
                yield from self._run_task(item, job, task, task_kind)
            if job.cancel_asked and kind.undo is not None:
                raise _Cancelled  # during the last task: what can be put right still is
            self._vault.end_job(job, Progress.SUCCEEDED)
        except TaskFailed as failed:
            self._fail(job, failed)
        except _Cancelled:
            self._vault.end_job(job, Progress.CANCELLED)
        self._finish(item, job, kind)

    def _finish(self, item: ProtectedItem, job: Job, kind: JobKind) -> None:
        move = item.move
        assert move is not None
        succeeded = job.state is Progress.SUCCEEDED
        item.job = item.move = None
        item.job_behind_s = 0.0
        self._vault.enter(item, end(move, succeeded=succeeded))
        if succeeded and kind.afterwards is not None:
            self._env.process(kind.afterwards(self._vault, item, move))
        elif not succeeded:
            self._undo(item, kind, move)

    def _undo(self, item: ProtectedItem, kind: JobKind, move: Move) -> None:
        if move.operation is Operation.REPROTECT_TO_ON_PREMISES:
            self._vault.site.free_slots(item.name)
        if kind.undo is not None:
            kind.undo(self._vault, item)

    def _run_task(self, item: ProtectedItem, job: Job, task: Task, kind: TaskKind) -> Process:
        if job.held is not None:
            yield job.held
        if job.cancel_asked:
            raise _Cancelled
        if kind.skipped is not None and kind.skipped(item, job):
            task.state = Progress.SKIPPED
            return
        task.state, task.started_s = Progress.IN_PROGRESS, self._env.now
        self._vault.show(item.name)
        duration_s = _left_s(item, self._task_duration_s(item, job, task))
        for child in child_kind(kind):
            self._begin_child(item, job, task, child)
            self._env.process(self._end_children(item, job, task, duration_s * kind.child_ends))
        yield self._env.timeout(duration_s)
        if kind.until is not None:
            yield from self._await(kind.until(self._vault, item), job)
        self._inject(item, job, task)
        if job.unchecked and task is job.tasks[0]:
            self._check_member(item, job)
        if kind.act is not None:
            self._act(kind.act, item, job)
        self._end_task(task)
        self._vault.show(item.name)

    def _check_member(self, item: ProtectedItem, job: Job) -> None:
        """A plan is not refused for one item: its first task finds what a request of its own would [inferred]."""
        assert job.operation is not None
        enforce(self._vault.site, item.name, Stage.SELECTION, job.operation, job.choices)

    def _act(self, act: Act, item: ProtectedItem, job: Job) -> None:
        try:
            act(self._vault, item, job)
        except VsphereRefused as refused:
            raise refused_by_vsphere(refused) from refused

    def _await(self, event: simpy.Event, job: Job) -> Process:
        """Wait for it, unless somebody cancels the job meanwhile."""
        job.cancelled = self._env.event()
        yield event | job.cancelled
        if job.cancelled.triggered:
            raise _Cancelled
        job.cancelled = None

    def _task_duration_s(self, item: ProtectedItem, job: Job, task: Task) -> float:
        operation = "enable" if job.operation is None else job.operation.value
        key = f"task/{item.architecture.value}/{operation}/{task.name}"
        return self._vault.site.duration_s(key, item.name, self._vault.tries[item.name, job.scenario_name])

    def _inject(self, item: ProtectedItem, job: Job, task: Task) -> None:
        fault = self._fault_of(item, job, task)
        if fault is not None:
            fault.left -= 1
            known = known_failure(fault.code)
            causes = known.possible_causes if known else "A scenario asked for this failure."
            action = known.recommended_action if known else "Run the operation again."
            raise TaskFailed(fault.code, fault.message, causes, action)

    def _fault_of(self, item: ProtectedItem, job: Job, task: Task) -> JobFault | None:
        """What makes this task fail at its end."""
        for fault in self._vault.job_faults.get(item.name, ()):
            named = (fault.operation or job.operation, fault.task or job.tasks[0].name)
            if fault.left > 0 and named == (job.operation, task.name):
                return fault
        return None

    def _begin_child(self, item: ProtectedItem, job: Job, task: Task, kind: JobKind) -> None:
        child = self._vault.new_job(item.name, None, kind.names, job.choices, job, [])
        task.children.append(child)

    def _end_children(self, item: ProtectedItem, job: Job, task: Task, after_s: float) -> Process:
        """Recorded: a child job ends before the task that shows it. No drill waits for that, so none is told."""
        yield self._env.timeout(after_s)
        if task.state is Progress.IN_PROGRESS and self._fault_of(item, job, task) is None:
            self._end_open(task, Progress.SUCCEEDED)
            self._vault.revision += 1

    def _end_open(self, task: Task, state: Progress) -> None:
        for child in task.children:
            if child.state not in ENDED:
                child.state, child.ended_s = state, self._env.now

    def _end_task(self, task: Task) -> None:
        task.state, task.ended_s = Progress.SUCCEEDED, self._env.now
        self._end_open(task, Progress.SUCCEEDED)

    def _fail(self, job: Job, failed: TaskFailed) -> None:
        task = next(t for t in job.tasks if t.state is Progress.IN_PROGRESS)
        task.state, task.ended_s = Progress.FAILED, self._env.now
        self._end_open(task, Progress.FAILED)
        failure = Failure(
            task.friendly_name, failed.code, failed.message, failed.possible_causes, failed.recommended_action
        )
        task.failure = job.failure = failure
        self._vault.end_job(job, Progress.FAILED)


def _left_s(item: ProtectedItem, takes_s: float) -> float:
    """What is left of a task, where its job had run for a while when the history began."""
    behind_s = min(item.job_behind_s, takes_s)
    item.job_behind_s -= behind_s
    return takes_s - behind_s
