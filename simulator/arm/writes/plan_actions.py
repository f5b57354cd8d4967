"""Actions between the groups of a recovery plan: a manual one pauses the plan's job until somebody resumes it."""

from collections.abc import Mapping, Sequence
from typing import Final

from failback.reprotect import Operation
from failback.simulator import PlanAction, Task
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.body_fields import BodyFields
from failback.simulator.arm.wire.response import Json, bad_request
from failback.simulator.arm.wire.wire import TO_PRIMARY, TO_RECOVERY

_KINDS: Final = ("ManualActionDetails", "ScriptActionDetails", "AutomationRunbookActionDetails")
_TYPES: Final = (
    *("ReverseReplicate", "Commit", "PlannedFailover", "UnplannedFailover", "DisableProtection", "TestFailover"),
    *("TestFailoverCleanup", "Failback", "FinalizeFailback", "CancelFailover", "ChangePit", "RepairReplication"),
    *("SwitchProtection", "CompleteMigration"),
)
"""The SDK's words for failoverTypes."""
_SIDES: Final = ("Primary", "Recovery")
_WORDS: Final[Mapping[Operation, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    Operation.FAILOVER: (("UnplannedFailover",), (TO_RECOVERY,)),
    Operation.FAILBACK: (("UnplannedFailover", "PlannedFailover", "Failback"), (TO_RECOVERY, TO_PRIMARY)),
    Operation.TEST_FAILOVER: (("TestFailover",), (TO_RECOVERY,)),
    Operation.CLEAN_UP_TEST: (("TestFailoverCleanup",), (TO_RECOVERY,)),
    Operation.COMMIT_FAILOVER: (("Commit",), (TO_RECOVERY,)),
    Operation.COMMIT_FAILBACK: (("Commit",), (TO_RECOVERY, TO_PRIMARY)),
    Operation.REPROTECT_TO_ON_PREMISES: (("ReverseReplicate",), (TO_PRIMARY,)),
    Operation.REPROTECT_TO_AZURE: (("ReverseReplicate",), (TO_PRIMARY,)),
    Operation.CANCEL_FAILBACK: (("CancelFailover",), (TO_PRIMARY,)),
}
"""failoverTypes and failoverDirections of the actions that go with an operation; a failback goes by several words."""


def sent_actions(group: BodyFields) -> dict[str, list[Json]]:
    """The actions of one group of a request, checked, as the plan will show them."""
    return {name: [_action(entry) for entry in group.each(name)] for name in ("startGroupActions", "endGroupActions")}


def _action(entry: BodyFields) -> Json:
    details = entry.inner("customDetails")
    kind = details.needed_word("instanceType", _KINDS)
    shown: dict[str, Json] = {"instanceType": kind}
    if kind == "ManualActionDetails":
        shown["description"] = details.maybe("description")
    elif kind == "ScriptActionDetails":
        shown |= {"path": details.text("path"), "fabricLocation": details.word("fabricLocation", _SIDES) or "Primary"}
        shown["timeout"] = details.maybe("timeout")
    else:
        shown |= {"runbookId": details.maybe("runbookId"), "fabricLocation": details.word("fabricLocation", _SIDES)}
        shown["timeout"] = details.maybe("timeout")
    return {
        "actionName": entry.text("actionName"),
        "failoverTypes": _words(entry, "failoverTypes", _TYPES),
        "failoverDirections": _words(entry, "failoverDirections", (TO_RECOVERY, TO_PRIMARY)),
        "customDetails": shown,
    }


def _words(entry: BodyFields, name: str, known: tuple[str, ...]) -> list[str]:
    sent = entry.words(name)
    unknown = next((word for word in sent if word not in known), None)
    if unknown is not None:
        where = entry.at(name)
        raise bad_request(f"{where} has '{unknown[:100]}'; it takes {', '.join(known)}.", target=where)
    return sent


def actions_for(request: ParsedRequest, plan: str, operation: Operation) -> list[PlanAction]:
    """What happens between the groups when this operation is asked of the plan.

    A group is shut down, failed over and started in one step here. The actions of the groups Shutdown and Failover
    therefore all come before the first Boot, in the order of the plan (ours).
    """
    groups = request.context.resources.of_plan(plan).groups
    found: list[PlanAction] = []
    for group in (*groups.get("Shutdown", ()), *groups.get("Failover", ())):
        for name in ("startGroupActions", "endGroupActions"):
            found += _of(group[name], operation, 0)
    for number, group in enumerate(groups.get("Boot", ())):
        found += _of(group["startGroupActions"], operation, number)
        found += _of(group["endGroupActions"], operation, number + 1)
    return sorted(found, key=_place)


def _place(action: PlanAction) -> int:
    return action.before


def _of(sent: Sequence[Json], operation: Operation, before: int) -> list[PlanAction]:
    types, directions = _WORDS[operation]
    return [
        PlanAction(
            action["actionName"],
            action["customDetails"].get("description") or "",
            action["customDetails"]["instanceType"] == "ManualActionDetails",
            before,
        )
        for action in sent
        if set(types) & set(action["failoverTypes"]) and set(directions) & set(action["failoverDirections"])
    ]


def action_type(task: Task) -> str:
    """TaskType of a task that holds no child jobs."""
    return "TaskDetails" if task.action is None else str(action_details(task)["instanceType"])


def action_details(task: Task) -> Json:
    """CustomDetails of such a task."""
    if task.action is None:
        return None
    if not task.action.manual:
        return {"instanceType": "ScriptActionTaskDetails", "name": task.action.name, "path": None, "output": None}
    return {
        "instanceType": "ManualActionTaskDetails",
        "name": task.action.name,
        "instructions": task.action.text,
        "observation": task.comment or None,
    }
