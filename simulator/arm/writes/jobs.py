"""Jobs on the wire: lists without tasks, single reads with all of them, child jobs only by their name (recorded)."""

from collections.abc import Callable, Mapping
from typing import Final

from failback.reprotect import Failure, Operation
from failback.simulator import ENDED, Job, Progress, Task
from failback.simulator.arm.reads.filters import chosen
from failback.simulator.arm.reads.item_facts import facts_of
from failback.simulator.arm.reads.job_export import export_details
from failback.simulator.arm.reads.pages import page
from failback.simulator.arm.state.long_running import finished, result
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.dates import NOT_YET
from failback.simulator.arm.wire.response import Json, Response, reply, resource
from failback.simulator.arm.wire.wire import PROGRESS, TARGETS, TASK_IDS, error_number

from .errands import maybe_properties
from .plan_actions import action_details, action_type

_REPROTECTS: Final = (Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE)
_FAILOVERS: Final = (Operation.FAILOVER, Operation.FAILBACK)


def list_jobs(ask: Ask) -> Response:
    """GET V/replicationJobs, the newest first."""
    fields: Mapping[str, Callable[[Job], str]] = {
        "jobname": lambda job: job.id,
        "scenarioname": lambda job: job.scenario_name,
        "state": _state,
        "jobstatus": _state,
        "affectedobjecttypes": _target_kind,
        "starttime": lambda job: ask.when(job.started_s),
        "endtime": lambda job: NOT_YET if job.ended_s is None else ask.when(job.ended_s),
    }
    own = [job for job in reversed(ask.vault.jobs.values()) if job.parent is None]
    return page(ask, chosen(own, ask.query.get("filter"), fields), lambda job: _job(ask, job, full=False))


def get_job(ask: Ask) -> Response:
    """GET V/replicationJobs/{job}. In mode poll a look at an unfinished job makes the clock jump."""
    job = ask.vault.record.job(ask.params["job"])
    if job.state not in ENDED:
        ask.around.jump()
    return reply(_job(ask, job, full=True))


def cancel_job(ask: Ask) -> Response:
    """POST V/replicationJobs/{job}/cancel: the job stops before its next task."""
    return finished(ask, ask.ids.job(ask.vault.cancel(ask.params["job"]).id))


def restart_job(ask: Ask) -> Response:
    """POST V/replicationJobs/{job}/restart: a failed job's operation runs again as a new job."""
    return finished(ask, ask.ids.job(ask.vault.restart(ask.params["job"]).id))


def resume_job(ask: Ask) -> Response:
    """POST V/replicationJobs/{job}/resume: a job that waits at a plan's manual action goes on."""
    said = maybe_properties(ask).maybe("comments") or ""
    return finished(ask, ask.ids.job(ask.vault.resume(ask.params["job"], said).id))


def job_result(ask: Ask) -> Response:
    """GET V/replicationJobs/{job}/operationresults/{operation}."""
    return result(ask, _job_now)


def _job_now(ask: Ask) -> Response:
    return reply(_job(ask, ask.vault.record.job(ask.params["job"]), full=True))


def _state(job: Job) -> str:
    return PROGRESS[job.state][0]


def _ending(ask: Ask, job: Job) -> tuple[str, str]:
    """Its state and stateDescription. Recorded: CompletedWithInformation occurs as a state, too."""
    word = ask.around.kept.endings.get(job.id)
    if job.state is not Progress.SUCCEEDED or word is None:
        return PROGRESS[job.state]
    return {"CompletedWithInformation": (word, word), "Other": (word, word)}.get(word, ("Succeeded", word))


def _job(ask: Ask, job: Job, *, full: bool) -> Json:
    state, description = _ending(ask, job)
    properties = {
        "activityId": ask.names.guid("activity", job.id) if full else None,
        "scenarioName": job.scenario_name,
        "friendlyName": job.friendly_name,
        "state": state,
        "stateDescription": description,
        "tasks": [_task(ask, job, task) for task in job.tasks] if full else [],
        "errors": _errors(ask, job),
        "startTime": ask.when(job.started_s),
        "allowedActions": _actions(ask, job),
        "targetObjectId": _target_id(ask, job),
        "targetObjectName": _target_name(ask, job),
        "targetInstanceType": _target_kind(job),
        "customDetails": _details(ask, job) if full else None,
    }
    if job.ended_s is not None:  # recorded: absent on a running job
        properties["endTime"] = ask.when(job.ended_s)
    return resource(ask.ids.job(job.id), "replicationJobs", properties)


def _actions(ask: Ask, job: Job) -> list[str]:
    if job.state is Progress.FAILED and job.parent is None and job.subject in ask.vault.items:
        return ["Restart"]
    if job.state is Progress.SUSPENDED:
        return ["Cancel", "Resume"]
    return ["Cancel"] if job.state is Progress.IN_PROGRESS and job.parent is None else []


def _is_plan(job: Job) -> bool:
    return job.about == "plan"


def _target_id(ask: Ask, job: Job) -> str:
    if _is_plan(job):
        return ask.ids.plan(job.subject)
    return ask.names.item_guids.get(job.subject) or ask.names.guid(job.about, job.subject)


def _target_name(ask: Ask, job: Job) -> str:
    if job.scenario_name == "DiscoverReplica" and job.subject in ask.vault.items:
        # Recorded: named by the Azure machine's address.
        return facts_of(ask, ask.vault.items[job.subject], full=True).address
    return job.subject


def _target_kind(job: Job) -> str:
    return TARGETS[job.about]


def _task(ask: Ask, job: Job, task: Task) -> Json:
    state, description = PROGRESS[task.state]
    return {
        "taskId": TASK_IDS.get(task.name, task.name),
        "name": task.name,
        "startTime": NOT_YET if task.started_s is None else ask.when(task.started_s),
        "endTime": NOT_YET if task.ended_s is None else ask.when(task.ended_s),
        "allowedActions": ["Resume"] if task.state is Progress.SUSPENDED else [],
        "friendlyName": task.friendly_name,
        "state": state,
        "stateDescription": description,
        "taskType": "GroupTaskDetails" if task.group else action_type(task),
        "customDetails": action_details(task),
        "groupTaskCustomDetails": _group(ask, job, task) if task.group else None,
        "errors": _task_errors(ask, task),
    }


def _group(ask: Ask, job: Job, task: Task) -> Json:
    children = [_child(ask, child) for child in task.children]
    if not _is_plan(job):
        return {"instanceType": "InlineWorkflowTaskDetails", "childTasks": children, "workflowIds": []}
    return {
        "instanceType": "RecoveryPlanGroupTaskDetails",
        "childTasks": children,
        "name": task.friendly_name,
        "groupId": ask.names.guid("plan group", job.subject, task.friendly_name),
        "rpGroupType": "Boot",
    }


def _child(ask: Ask, job: Job) -> Json:
    state, description = PROGRESS[job.state]
    entity = {
        "jobId": ask.ids.job(job.id),
        "jobFriendlyName": job.friendly_name,
        "targetObjectId": _target_id(ask, job),
        "targetObjectName": _target_name(ask, job),
        "targetInstanceType": _target_kind(job),
        "jobScenarioName": job.scenario_name,
    }
    details = {"instanceType": "JobTaskDetails", "jobTask": entity}
    return {
        "taskId": job.id,
        "name": job.scenario_name,
        "startTime": ask.when(job.started_s),
        "endTime": NOT_YET if job.ended_s is None else ask.when(job.ended_s),
        "allowedActions": [],
        "friendlyName": job.friendly_name,
        "state": state,
        "stateDescription": description,
        "taskType": details["instanceType"],
        "customDetails": details,
        "groupTaskCustomDetails": None,
        "errors": _errors(ask, job),
    }


def _errors(ask: Ask, job: Job) -> list[Json]:
    failed = next((task for task in job.tasks if task.failure is not None), None)
    if failed is not None:
        return _task_errors(ask, failed)
    holder = _holder(job)
    return _task_errors(ask, holder) if job.state is Progress.FAILED and holder is not None else []


def _holder(child: Job) -> Task | None:
    tasks = child.parent.tasks if child.parent is not None else []
    return next((task for task in tasks if any(job is child for job in task.children)), None)


def _task_errors(ask: Ask, task: Task) -> list[Json]:
    if task.failure is None:
        return []
    said, at = task.failure, ask.when(task.ended_s or 0.0)
    service = {
        "code": said.code,
        "message": said.message,
        "possibleCauses": said.possible_causes,
        "recommendedAction": said.recommended_action,
        "activityId": ask.names.guid("activity", task.name, said.code),
    }
    error = {"serviceErrorDetails": service, "providerErrorDetails": _provider_error(said), "errorLevel": "Error"}
    return [error | {"creationTime": at, "taskId": TASK_IDS.get(task.name, task.name)}]


def _provider_error(said: Failure) -> Json:
    own = "" if said.code.isdigit() else " (failback's own number)"
    return {
        "errorCode": error_number(said.code),
        "errorMessage": said.message,
        "errorId": f"{said.code}{own}",
        "possibleCauses": said.possible_causes,
        "recommendedAction": said.recommended_action,
    }


def _details(ask: Ask, job: Job) -> Json:
    if job.about == "export":
        return export_details(job)
    if _is_plan(job) or job.operation is None or job.subject not in ask.vault.items:
        return {"instanceType": "AsrJobDetails", "affectedObjectDetails": {}}
    item = ask.vault.items[job.subject]
    item_id = ask.ids.item(item.name, item.architecture)
    if job.operation in _REPROTECTS:
        done = job.state is Progress.SUCCEEDED
        new = {"newReplicationProtectedItemId": item_id if done else None}
        return {"instanceType": "SwitchProtectionJobDetails", "affectedObjectDetails": _affected(ask, job)} | new
    if job.operation in _FAILOVERS:
        return {
            "instanceType": "FailoverJobDetails",
            "affectedObjectDetails": {},
            "protectedItemDetails": [_failed_over(ask, job)],
        }
    return {"instanceType": "AsrJobDetails", "affectedObjectDetails": {}}


def _failed_over(ask: Ask, job: Job) -> Json:
    points = ask.vault.items[job.subject].recovery_points
    return {
        "name": ask.names.item_guids[job.subject],
        "friendlyName": job.subject,
        "testVmName": None,
        "testVmFriendlyName": None,
        "networkConnectionStatus": None,
        "networkFriendlyName": None,
        "subnet": None,
        "recoveryPointId": None,
        "recoveryPointTime": ask.when(points[-1]) if points else NOT_YET,
    }


def _affected(ask: Ask, job: Job) -> Mapping[str, str]:
    facts = facts_of(ask, ask.vault.items[job.subject], full=True)
    guid, fabric = ask.names.item_guids[job.subject], facts.fabric
    return {
        "PrimaryVmId": guid,
        "PrimaryVmName": job.subject,
        "PrimaryCloudId": fabric.guid,
        "PrimaryCloudName": fabric.title,
        "PrimaryVmmId": fabric.guid,
        "PrimaryVmmName": fabric.title,
        "PrimaryFabricProviderId": ask.ids.provider(fabric),
    }
