"""Machines without a recovery point that stop before their reprotect: no recovery plan waits for their point (F02)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from failback.reprotect.estate import Estate
from failback.reprotect.item import Operation
from failback.reprotect.requirements import Broken, CheckPoint, Requirement, Stage, Unsure, judged

from .requests_ahead import HOMEWARD, RequestAhead
from .standing import group_falls, outlook_of

_EARLY: Final = (Operation.FAILOVER, HOMEWARD)


def left_behind(asked: Estate, ahead: Mapping[str, Sequence[RequestAhead]]) -> Mapping[str, bool | None]:
    """For each that is known to lack a point and goes by a plan: True where it stops early, None where it may."""
    members = (name for plan in asked.recovery_plans.values() for group in plan.groups for name in group)
    lacking = (name for name in dict.fromkeys(members) if asked.virtual_machines[name].recovery_points in (0, None))
    found = {name: _with_group(asked, ahead, name) for name in lacking}
    return {name: early for name, early in found.items() if early is not False}


def _with_group(asked: Estate, ahead: Mapping[str, Sequence[RequestAhead]], name: str) -> bool | None:
    """It stops early with any machine of its group."""
    group = asked.replication_groups.get(asked.virtual_machines[name].replication_group or "")
    names = group.items if group is not None and group_falls(asked, name) else (name,)
    facts = {outlook_of(_early_unmet(asked, mate, ahead[mate])).early for mate in names}
    return True if True in facts else None if None in facts else False


def _early_unmet(
    asked: Estate, name: str, requests: Iterable[RequestAhead]
) -> Iterator[tuple[Requirement, CheckPoint, bool]]:
    for request in requests:
        if request.operation in _EARLY and not request.begun:
            for found in judged(asked, name, None, request.operation, request.choices):
                if found.point.stage is not Stage.REPLICATION and isinstance(found.verdict, Broken | Unsure):
                    yield found.requirement, found.point, isinstance(found.verdict, Broken)
