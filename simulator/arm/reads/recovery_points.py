"""Recovery points of an item, the newest first."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import Architecture
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.response import Json, Response, not_found, reply, resource
from failback.simulator.arm.wire.wire import RCM, V2A

from .items import KIND
from .looking_up import item
from .pages import page

_PROVIDERS: Final[Mapping[Architecture, str]] = {Architecture.CLASSIC: V2A, Architecture.MODERNISED: RCM}
"""Also on the way home [not known: the SDK has no subtype for it, and no recording or example shows such a point]."""


def list_points(request: ParsedRequest) -> Response:
    """GET I/recoveryPoints."""
    found = item(request)
    return page(request, range(len(found.recovery_points) - 1, -1, -1), lambda n: _point(request, found, n))


def get_point(request: ParsedRequest) -> Response:
    """GET I/recoveryPoints/{point}."""
    found, wanted = item(request), request.params["point"]
    number = point_number(request, found, wanted)
    if number is None:
        raise not_found(f"The recovery point '{wanted}'")
    return reply(_point(request, found, number))


def point_name(request: ParsedRequest, found: ProtectedItem, number: int) -> str:
    """The resource name of an item's recovery point, counted from the oldest."""
    return request.names.guid("recovery point", found.name, number)


def point_number(request: ParsedRequest, found: ProtectedItem, name: str) -> int | None:
    """The recovery point of this name."""
    numbers = range(len(found.recovery_points))
    return next((n for n in numbers if point_name(request, found, n) == name.lower()), None)


def _point(request: ParsedRequest, found: ProtectedItem, number: int) -> Json:
    id_ = f"{request.ids.item(found.name, found.architecture)}/recoveryPoints/{point_name(request, found, number)}"
    properties = {
        "recoveryPointTime": request.when(found.recovery_points[number]),
        "recoveryPointType": "CrashConsistent",
        "providerSpecificDetails": {"instanceType": _PROVIDERS[found.architecture], "isMultiVmSyncPoint": "False"},
    }
    return resource(id_, f"{KIND}/recoveryPoints", properties)
