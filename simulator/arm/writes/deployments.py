"""Deployments without resources, and the activity log that says who made them. The log has nothing else.

Inferred: names and shape of an entry follow Azure's published schema. The real log shows an entry after 3 to 20
minutes; this one shows it at once.
"""

from typing import Final

from failback.simulator.arm.reads.pages import page
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.people import claims_of
from failback.simulator.arm.wire.body_fields import BodyFields
from failback.simulator.arm.wire.response import ArmError, Json, Response, not_found, reply

KIND: Final = "Microsoft.Resources/deployments"


def put_deployment(request: ParsedRequest) -> Response:
    """PUT .../Microsoft.Resources/deployments/{name}: only one whose template has no resources."""
    properties = BodyFields(request.body, "").inner("properties")
    if properties.inner("template").sent.get("resources"):
        raise ArmError(400, "InvalidTemplate", "This mock takes only deployments whose template has no resources.")
    id_ = _id(request)
    known = id_.lower() in request.context.resources.neighbours
    shown: dict[str, Json] = {"provisioningState": "Succeeded", "mode": properties.maybe("mode") or "Incremental"}
    body = {"id": id_, "name": request.params["name"], "type": KIND, "properties": shown}
    request.context.resources.neighbours[id_.lower()] = body
    request.context.resources.log.append(_entry(request, id_))
    return reply(body, 200 if known else 201)


def get_deployment(request: ParsedRequest) -> Response:
    """GET .../Microsoft.Resources/deployments/{name}."""
    found = request.context.resources.neighbours.get(_id(request).lower())
    if found is None:
        raise not_found(f"Deployment '{request.params['name'][:64]}'")
    return reply(found)


def list_log(request: ParsedRequest) -> Response:
    """GET .../eventtypes/management/values: all entries, the newest first. The filter is not read, as of now."""
    if "eventtimestamp ge" not in request.query.get("filter", "").lower():
        raise ArmError(400, "BadRequest", "The query parameter $filter must have eventTimestamp ge with a date.")
    return page(request, request.context.resources.log[::-1], lambda entry: entry)


def _id(request: ParsedRequest) -> str:
    group = f"/subscriptions/{request.params['subscription']}/resourceGroups/{request.params['resource_group']}"
    return f"{group}/providers/{KIND}/{request.params['name']}"


def _entry(request: ParsedRequest, id_: str) -> Json:
    return {
        "caller": request.context.caller or None,
        "claims": claims_of(request.context, request.context.caller),
        "category": {"value": "Administrative"},
        "eventTimestamp": request.now,
        "operationName": {"value": f"{KIND}/write"},
        "resourceGroupName": request.params["resource_group"],
        "resourceId": id_,
        "status": {"value": "Succeeded"},
    }
