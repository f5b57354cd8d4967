"""Jobs on the wire: lists without tasks, single reads with all of them, child jobs only by their name (recorded)."""

from collections.abc import Mapping
from operator import ge, le
from typing import Final

from failback.reprotect import Failure, Operation
from failback.simulator import ENABLE, ENDED, TASK_IDS, Job, Progress, Task
from failback.simulator.arm.reads.events import fabric_ids
from failback.simulator.arm.reads.filters import Anything, Bound, Field, Words, chosen
from failback.simulator.arm.reads.item_facts import facts_of
from failback.simulator.arm.reads.job_export import export_details
from failback.simulator.arm.reads.pages import page
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import finished, result
from failback.simulator.arm.wire.dates import NOT_YET
from failback.simulator.arm.wire.response import Json, Response, reply, resource
from failback.simulator.arm.wire.wire import PROGRESS, TARGETS, error_number

from .affected_objects import affected_by_reprotect
from .instant_jobs import maybe_properties
from .plan_actions import action_details, action_type
from .tests_asked import details_of_test

_REPROTECTS: Final = (Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE)
_TESTS: Final = (Operation.TEST_FAILOVER, Operation.CLEAN_UP_TEST)
_COMMIT_TASKS: Final = ("VmCommitPrerequisitesCheck", "VmCommit")
_FAILOVERS: Final = (Operation.FAILOVER, Operation.FAILBACK)
_STATES: Final = (*dict.fromkeys(state for state, _ in PROGRESS.values()), "CompletedWithInformation")
"""All that a job can be filtered by: the documented states, and the one that was recorded besides."""


def list_jobs(request: ParsedRequest) -> Response:
    """GET V/replicationJobs, the newest first."""
    fields: Mapping[str, Field[Job]] = {
        "jobname": Words(lambda job: [job.id, job.scenario_name, job.friendly_name]),  # inferred: any of them
        "jobstatus": Words(lambda job: _ending(request, job)[0], _STATES),
        "affectedobjecttypes": Words(_target_kind),
        "fabricid": Words(lambda job: fabric_ids(request, job)),
        "starttime": Bound(lambda job: request.when(job.started_s), ge),
        "endtime": Bound(lambda job: request.when(job.started_s), le),
        "joboutputtype": Anything(),
        "timezoneoffset": Anything(),
    }
    own = [job for job in reversed(request.vault.jobs.values()) if job.parent is None]
    found = chosen(own, request.query.get("filter"), fields)
    return page(request, found, lambda job: _job(request, job, full=False))


def get_job(request: ParsedRequest) -> Response:
    """GET V/replicationJobs/{job}. In mode poll a look at an unfinished job makes the clock jump."""
    job = request.vault.record.job(request.params["job"])
    if job.state not in ENDED:
        request.context.jump()
    return reply(_job(request, job, full=True))


def cancel_job(request: ParsedRequest) -> Response:
    """POST V/replicationJobs/{job}/cancel: the job stops before its next task."""
    return finished(request, request.ids.job(request.vault.cancel(request.params["job"]).id))


def restart_job(request: ParsedRequest) -> Response:
    """POST V/replicationJobs/{job}/restart: a failed job's operation runs again as a new job."""
    return finished(request, request.ids.job(request.vault.restart(request.params["job"]).id))


def resume_job(request: ParsedRequest) -> Response:
    """POST V/replicationJobs/{job}/resume: a job that waits at a plan's manual action goes on."""
    comment = maybe_properties(request).maybe("comments") or ""
    return finished(request, request.ids.job(request.vault.resume(request.params["job"], comment).id))


def job_result(request: ParsedRequest) -> Response:
    """GET V/replicationJobs/{job}/operationresults/{operation}."""
    return result(request, _job_now)


def _job_now(request: ParsedRequest) -> Response:
    return reply(_job(request, request.vault.record.job(request.params["job"]), full=True))


def _state(job: Job) -> str:
    return PROGRESS[job.state][0]


def _ending(request: ParsedRequest, job: Job) -> tuple[str, str]:
    """Its state and stateDescription. Recorded: CompletedWithInformation occurs as a state, too."""
    word = request.context.resources.endings.get(job.id)
    if job.state is not Progress.SUCCEEDED or word is None:
        return PROGRESS[job.state]
    return {"CompletedWithInformation": (word, word), "Other": (word, word)}.get(word, ("Succeeded", word))


def _job(request: ParsedRequest, job: Job, *, full: bool) -> Json:
    state, description = _ending(request, job)
    properties = {
        "activityId": request.names.guid("activity", job.id) if full else None,
        "scenarioName": job.scenario_name,
        "friendlyName": job.friendly_name,
        "state": state,
        "stateDescription": description,
        "tasks": [_task(request, job, task) for task in job.tasks] if full else [],
        "errors": _errors(request, job),
        "startTime": request.when(job.started_s),
        "allowedActions": _actions(request, job),
        "targetObjectId": _target_id(request, job),
        "targetObjectName": _target_name(request, job),
        "targetInstanceType": _target_kind(job),
        "customDetails": _details(request, job) if full else None,
    }
    if job.ended_s is not None:  # recorded: absent on a running job
        properties["endTime"] = request.when(job.ended_s)
    return resource(request.ids.job(job.id), "replicationJobs", properties)


def _actions(request: ParsedRequest, job: Job) -> list[str]:
    if job.state is Progress.FAILED and job.parent is None and job.subject in request.vault.items:
        return ["Restart"]
    if job.state is Progress.SUSPENDED:
        return ["Cancel", "Resume"]
    return ["Cancel"] if job.state is Progress.IN_PROGRESS and job.parent is None else []


def _is_plan(job: Job) -> bool:
    return job.about == "plan"


def _target_id(request: ParsedRequest, job: Job) -> str:
    if _is_plan(job):
        return request.ids.plan(job.subject)
    if job.about == "server":
        return request.names.server_id(job.subject)  # recorded: its host id
    return request.names.item_guids.get(job.subject) or request.names.guid(job.about, job.subject)


def _target_name(request: ParsedRequest, job: Job) -> str:
    if job.scenario_name == "DiscoverReplica" and job.subject in request.vault.items:
        # Recorded: named by the Azure machine's address.
        return facts_of(request, request.vault.items[job.subject], full=True).address
    return job.subject


def _target_kind(job: Job) -> str:
    return TARGETS[job.about]


def _task(request: ParsedRequest, job: Job, task: Task) -> Json:
    state, description = PROGRESS[task.state]
    return {
        "taskId": _task_id(request, task),
        "name": task.name,
        "startTime": NOT_YET if task.started_s is None else request.when(task.started_s),
        "endTime": NOT_YET if task.ended_s is None else request.when(task.ended_s),
        "allowedActions": ["Resume"] if task.state is Progress.SUSPENDED else [],
        "friendlyName": task.friendly_name,
        "state": state,
        "stateDescription": description,
        "taskType": "GroupTaskDetails" if task.group else action_type(task),
        "customDetails": action_details(task),
        "groupTaskCustomDetails": _group(request, job, task) if task.group else None,
        "errors": _task_errors(request, task),
    }


def _task_id(request: ParsedRequest, task: Task) -> str:
    """Recorded: an id of its own for each task; a commit's are GUIDs."""
    if task.name in _COMMIT_TASKS:
        return request.names.guid("task", task.name)
    return TASK_IDS.get(task.name, task.name)


def _group(request: ParsedRequest, job: Job, task: Task) -> Json:
    children = [_child(request, child) for child in task.children]
    if not _is_plan(job):
        return {"instanceType": "InlineWorkflowTaskDetails", "childTasks": children, "workflowIds": []}
    return {
        "instanceType": "RecoveryPlanGroupTaskDetails",
        "childTasks": children,
        "name": task.friendly_name,
        "groupId": request.names.guid("plan group", job.subject, task.friendly_name),
        "rpGroupType": "Boot",
    }


def _child(request: ParsedRequest, job: Job) -> Json:
    state, description = PROGRESS[job.state]
    entity = {
        "jobId": request.ids.job(job.id),
        "jobFriendlyName": job.friendly_name,
        "targetObjectId": _target_id(request, job),
        "targetObjectName": _target_name(request, job),
        "targetInstanceType": _target_kind(job),
        "jobScenarioName": job.scenario_name,
    }
    details = {"instanceType": "JobTaskDetails", "jobTask": entity}
    return {
        "taskId": job.id,
        "name": job.scenario_name,
        "startTime": request.when(job.started_s),
        "endTime": NOT_YET if job.ended_s is None else request.when(job.ended_s),
        "allowedActions": [],
        "friendlyName": job.friendly_name,
        "state": state,
        "stateDescription": description,
        "taskType": details["instanceType"],
        "customDetails": details,
        "groupTaskCustomDetails": None,
        "errors": _errors(request, job),
    }


def _errors(request: ParsedRequest, job: Job) -> list[Json]:
    failed = next((task for task in job.tasks if task.failure is not None), None)
    if failed is not None:
        return _task_errors(request, failed)
    holder = _holder(job)
    return _task_errors(request, holder) if job.state is Progress.FAILED and holder is not None else []


def _holder(child: Job) -> Task | None:
    tasks = child.parent.tasks if child.parent is not None else []
    return next((task for task in tasks if any(job is child for job in task.children)), None)


def _task_errors(request: ParsedRequest, task: Task) -> list[Json]:
    if task.failure is None:
        return []
    failure, at = task.failure, request.when(task.ended_s or 0.0)
    service = {
        "code": failure.code,
        "message": failure.message,
        "possibleCauses": failure.possible_causes,
        "recommendedAction": failure.recommended_action,
        "activityId": request.names.guid("activity", task.name, failure.code),
    }
    error = {"serviceErrorDetails": service, "providerErrorDetails": _provider_error(failure), "errorLevel": "Error"}
    return [error | {"creationTime": at, "taskId": _task_id(request, task)}]


def _provider_error(failure: Failure) -> Json:
    own = "" if failure.code.isdigit() else " (failback's own number)"
    return {
        "errorCode": error_number(failure.code),
        "errorMessage": failure.message,
        "errorId": f"{failure.code}{own}",
        "possibleCauses": failure.possible_causes,
        "recommendedAction": failure.recommended_action,
    }


def _details(request: ParsedRequest, job: Job) -> Json:
    if job.about == "export":
        return export_details(job)
    if job.operation in _TESTS:
        return details_of_test(request, job.id, _state(job))
    if _is_plan(job) or job.operation is None or job.subject not in request.vault.items:
        return {"instanceType": "AsrJobDetails", "affectedObjectDetails": {}}
    item = request.vault.items[job.subject]
    item_id = request.ids.item(item.name, item.architecture)
    if job.operation in _REPROTECTS:
        small = f"/subscriptions{item_id[len('/subscriptions') :]}"  # recorded: this id alone begins with a small s
        new = {"newReplicationProtectedItemId": small if _is_enabled_anew(job) else None}
        return {
            "instanceType": "SwitchProtectionJobDetails",
            "affectedObjectDetails": affected_by_reprotect(request, job),
        } | new
    if job.operation in _FAILOVERS:
        return {
            "instanceType": "FailoverJobDetails",
            "affectedObjectDetails": {},
            "protectedItemDetails": [],  # recorded: even at the end
        }
    return {"instanceType": "AsrJobDetails", "affectedObjectDetails": {}}


def _is_enabled_anew(job: Job) -> bool:
    """Recorded: the id is there before the job's end. That it comes with the child job's end is inferred."""
    children = (child for task in job.tasks for child in task.children)
    return any(c.scenario_name in ENABLE.names and c.state is Progress.SUCCEEDED for c in children)
