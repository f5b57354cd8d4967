"""The export of the job list: a job that is over at once, with the address of the file."""

from typing import Final

from failback.simulator import Job
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import accepted
from failback.simulator.arm.wire.body_fields import BodyFields
from failback.simulator.arm.wire.response import Json, Response

_FIELDS: Final = ("startTime", "endTime", "fabricId", "affectedObjectTypes", "jobStatus", "jobName")


def export_jobs(request: ParsedRequest) -> Response:
    """POST V/replicationJobs/export. Its body has no properties (official example)."""
    body = BodyFields({} if request.body is None else request.body, "the body")
    for name in _FIELDS:
        body.maybe(name)
    body.word("jobOutputType", ("Json", "Xml", "Excel"))
    job = request.vault.record.note("export", "jobs", "ExportJobs", "Export jobs")
    return accepted(request, job, request.ids.job(job.id))


def export_details(job: Job) -> Json:
    """The job's customDetails. The file itself is not there: storage is outside this vault."""
    uri = f"https://failbackexports.blob.core.windows.net/jobs/{job.id}.json"
    return {"instanceType": "ExportJobDetails", "affectedObjectDetails": {}, "blobUri": uri, "sasToken": "sv=none"}
