"""How the job of a recovery plan runs: groups in order, a child job per item, actions between the groups."""

from collections.abc import Callable, Generator
from typing import Any, TypeAlias

import simpy

from failback.reprotect import Choices, Failure, Operation

from .job import Job, PlanAction, Progress, Task
from .protected_item import ProtectedItem
from .refusal import Refusal
from .vault_record import VaultRecord

Process: TypeAlias = Generator[simpy.Event, Any, None]
PlanStep: TypeAlias = PlanAction | tuple[str, ...]
"""An action, or a group of items."""
Begin: TypeAlias = Callable[[ProtectedItem, Operation, Choices, Job], Job]
"""Runs an operation of one item that was checked, as a child of a plan's job."""


class PlanRuns:
    """Runs the recovery plans of one vault."""

    def __init__(self, vault: VaultRecord, begin: Begin) -> None:
        self._vault, self._env, self._begin = vault, vault.env, begin

    def run(self, job: Job, steps: "tuple[PlanStep, ...]", choices: Choices) -> Process:
        """The SimPy process of one plan's job."""
        for task, step in zip(job.tasks, steps, strict=True):
            if job.cancel_asked or job.failure:
                break
            task.state, task.started_s = Progress.IN_PROGRESS, self._env.now
            if isinstance(step, PlanAction):
                yield from self._run_action(job, task, step)
            else:
                yield from self._run_group(job, task, step, choices)
            task.ended_s = self._env.now
        cancelled = Progress.CANCELLED if job.cancel_asked else Progress.SUCCEEDED
        self._vault.end_job(job, Progress.FAILED if job.failure else cancelled)
        if job.state is Progress.SUCCEEDED:
            self._vault.plans_done[job.subject][job.scenario_name] = self._env.now

    def _run_action(self, job: Job, task: Task, action: PlanAction) -> Process:
        """A manual action suspends the job until somebody resumes it; scripts are only noted."""
        if action.manual:
            job.state = task.state = Progress.SUSPENDED
            job.held = job.held or self._env.event()
            self._vault.touch(job.subject)
            yield job.held
            job.state = Progress.IN_PROGRESS
        task.state = Progress.CANCELLED if job.cancel_asked else Progress.SUCCEEDED
        self._vault.touch(job.subject)

    def _run_group(self, job: Job, task: Task, group: tuple[str, ...], choices: Choices) -> Process:
        try:
            task.children = self._start_group(job, group, choices)
        except Refusal as refused:
            task.state = Progress.FAILED
            task.failure = job.failure = Failure(task.friendly_name, refused.code, refused.message)
            return
        self._vault.touch(job.subject)
        yield self._env.all_of([child.done for child in task.children])
        failed = [child for child in task.children if child.state is not Progress.SUCCEEDED]
        task.state = Progress.FAILED if failed else Progress.SUCCEEDED
        if failed:
            task.failure = job.failure = _plan_failure(task, failed)

    def _start_group(self, job: Job, group: tuple[str, ...], choices: Choices) -> list[Job]:
        """All of them or none: one may have been purged, or changed by a fault, since the plan began."""
        assert job.operation is not None
        for name in group:
            self._vault.row_for(self._vault.idle(name, job), job.operation)
        return [self._begin(self._vault.items[name], job.operation, choices, job) for name in group]


def plan_steps(groups: tuple[tuple[str, ...], ...], actions: tuple[PlanAction, ...]) -> tuple[PlanStep, ...]:
    """Groups and actions in the order in which they happen."""
    steps: list[PlanStep] = []
    for number, group in enumerate(groups):
        steps += [action for action in actions if action.before == number]
        steps.append(group)
    return (*steps, *(action for action in actions if action.before >= len(groups)))


def plan_tasks(steps: tuple[PlanStep, ...]) -> list[Task]:
    """The tasks of a plan's job: one for each step."""
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
    message = f"{task.friendly_name}: not done for {names}; later groups were not started."
    return Failure(task.friendly_name, code, message, first.possible_causes if first else "")
