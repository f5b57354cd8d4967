"""Recovery points of an item, the newest first."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import Architecture
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.response import Json, Response, not_found, reply, resource
from failback.simulator.arm.wire.wire import RCM, V2A

from .items import KIND
from .looking_up import item
from .pages import page

_PROVIDERS: Final[Mapping[Architecture, str]] = {Architecture.CLASSIC: V2A, Architecture.MODERNISED: RCM}


def list_points(ask: Ask) -> Response:
    """GET I/recoveryPoints."""
    found = item(ask)
    return page(ask, range(len(found.recovery_points) - 1, -1, -1), lambda n: _point(ask, found, n))


def get_point(ask: Ask) -> Response:
    """GET I/recoveryPoints/{point}."""
    found, wanted = item(ask), ask.params["point"]
    number = point_number(ask, found, wanted)
    if number is None:
        raise not_found(f"The recovery point '{wanted}'")
    return reply(_point(ask, found, number))


def point_name(ask: Ask, found: ProtectedItem, number: int) -> str:
    """The resource name of an item's recovery point, counted from the oldest."""
    return ask.names.guid("recovery point", found.name, number)


def point_number(ask: Ask, found: ProtectedItem, name: str) -> int | None:
    """The recovery point of this name."""
    numbers = range(len(found.recovery_points))
    return next((n for n in numbers if point_name(ask, found, n) == name.lower()), None)


def _point(ask: Ask, found: ProtectedItem, number: int) -> Json:
    id_ = f"{ask.ids.item(found.name, found.architecture)}/recoveryPoints/{point_name(ask, found, number)}"
    properties = {
        "recoveryPointTime": ask.when(found.recovery_points[number]),
        "recoveryPointType": "CrashConsistent",
        "providerSpecificDetails": {"instanceType": _PROVIDERS[found.architecture], "isMultiVmSyncPoint": "False"},
    }
    return resource(id_, f"{KIND}/recoveryPoints", properties)
