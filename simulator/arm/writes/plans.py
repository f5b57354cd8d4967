"""Recovery plans: lists, single reads, and plans that a client makes."""

import re
from collections.abc import MutableMapping
from typing import Final, cast

from failback.reprotect import PLAN_INSTANCES_MAX, Architecture, RecoveryPlan
from failback.simulator import ENDED, ProtectedItem
from failback.simulator.arm.reads.pages import page
from failback.simulator.arm.state.long_running import finished, result
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.dates import NO_SCENARIO
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import ArmError, Json, Response, bad_request, not_found, reply, resource
from failback.simulator.arm.wire.wire import AZURE, PROGRESS, shown

from .plan_actions import sent_actions

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,62}")
_GROUPS: Final = ("Shutdown", "Failover", "Boot")


def list_plans(ask: Ask) -> Response:
    """GET V/replicationRecoveryPlans."""
    return page(ask, list(_plans(ask).values()), lambda plan: _plan(ask, plan))


def get_plan(ask: Ask) -> Response:
    """GET V/replicationRecoveryPlans/{plan}."""
    return reply(_plan(ask, named_plan(ask)))


def create_plan(ask: Ask) -> Response:
    """PUT V/replicationRecoveryPlans/{plan}: groups of Boot are kept, in order. Ends at once."""
    name, body = _name(ask), properties_of(ask.body)
    body.text("primaryFabricId")
    body.text("recoveryFabricId")
    return _kept(ask, name, body)


def update_plan(ask: Ask) -> Response:
    """PATCH V/replicationRecoveryPlans/{plan}: its groups are what the body says."""
    return _kept(ask, named_plan(ask).name, properties_of(ask.body))


def _kept(ask: Ask, name: str, body: BodyFields) -> Response:
    plan, boots = RecoveryPlan(name, _groups(ask, body)), [sent_actions(group) for group in _boot_groups(body)]
    _refuse_running(ask, name)
    _plans(ask)[name] = plan
    ask.around.kept.actions[name] = boots
    return finished(ask, ask.ids.plan(name))


def delete_plan(ask: Ask) -> Response:
    """DELETE V/replicationRecoveryPlans/{plan}. Ends at once."""
    name = named_plan(ask).name
    _refuse_running(ask, name)
    del _plans(ask)[name]
    ask.around.kept.actions.pop(name, None)
    return finished(ask, ask.ids.plan(name))


def _refuse_running(ask: Ask, name: str) -> None:
    job = ask.vault.plan_jobs.get(name)
    if job is not None and job.state not in ENDED:
        raise ArmError(
            409, "OperationInProgress", f"Recovery plan '{name}' is locked by its running job {job.id}.", asr=True
        )


def plan_result(ask: Ask) -> Response:
    """GET V/replicationRecoveryPlans/{plan}/operationresults/{operation}."""
    return result(ask, get_plan)


def named_plan(ask: Ask) -> RecoveryPlan:
    """The plan that the path names."""
    wanted = ask.params["plan"]
    for name, plan in _plans(ask).items():
        if name.lower() == wanted.lower():
            return plan
    raise not_found(f"The recovery plan '{wanted}'")


def members(ask: Ask, plan: RecoveryPlan) -> list[ProtectedItem]:
    """Its items, in order."""
    return [ask.vault.items[name] for group in plan.groups for name in group if name in ask.vault.items]


def _plans(ask: Ask) -> MutableMapping[str, RecoveryPlan]:
    return cast(MutableMapping[str, RecoveryPlan], ask.world.site.estate.recovery_plans)


def _name(ask: Ask) -> str:
    wanted = ask.params["plan"]
    known = next((name for name in _plans(ask) if name.lower() == wanted.lower()), None)
    if known is None and not _NAME.fullmatch(wanted):
        raise bad_request(
            f"'{wanted[:100]}' is no name for a recovery plan: a letter, then letters, digits, hyphens, 63 at most."
        )
    return known or wanted


def _groups(ask: Ask, properties: BodyFields) -> tuple[tuple[str, ...], ...]:
    groups = tuple(_group(ask, body) for body in _boot_groups(properties))
    names = [name for group in groups for name in group]
    if len(names) > PLAN_INSTANCES_MAX:
        raise bad_request(f"The plan has {len(names)} items; {PLAN_INSTANCES_MAX} is the most.")
    if len(set(names)) < len(names):
        raise bad_request("An item is in the plan twice.")
    return groups


def _boot_groups(properties: BodyFields) -> list[BodyFields]:
    return [body for body in properties.each("groups") if body.needed_word("groupType", _GROUPS) == "Boot"]


def _group(ask: Ask, body: BodyFields) -> tuple[str, ...]:
    return tuple(_member(ask, entry) for entry in body.each("replicationProtectedItems"))


def _member(ask: Ask, entry: BodyFields) -> str:
    wanted = entry.text("id")
    name = ask.names.items.get(wanted.rpartition("/")[2].lower())
    if name is None:
        raise bad_request(f"{entry.path}.id '{wanted[:200]}' is no replication protected item of this vault.")
    return name


def _plan(ask: Ask, plan: RecoveryPlan) -> Json:
    items = members(ask, plan)
    fabric = _fabric(ask, items)
    allowed = [set(shown(item).allowed) for item in items if item.job is None]
    properties = {
        "friendlyName": plan.name,
        "primaryFabricId": ask.ids.fabric(fabric) if fabric else None,
        "primaryFabricFriendlyName": fabric.title if fabric else None,
        "recoveryFabricId": AZURE,
        "recoveryFabricFriendlyName": AZURE,
        "failoverDeploymentModel": "ResourceManager",
        "replicationProviders": sorted({shown(item).provider for item in items}),
        "allowedOperations": sorted(set.intersection(*allowed)) if allowed and len(allowed) == len(items) else [],
        "lastPlannedFailoverTime": None,
        "lastUnplannedFailoverTime": None,
        "lastTestFailoverTime": None,
        **_scenario(ask, plan),
        "groups": [{"groupType": kind, "replicationProtectedItems": []} | _NO_ACTIONS for kind in _GROUPS[:2]]
        + _boots(ask, plan),
        "providerSpecificDetails": [],
    }
    return resource(ask.ids.plan(plan.name), "replicationRecoveryPlans", properties)


_NO_ACTIONS: Final[dict[str, Json]] = {"startGroupActions": [], "endGroupActions": []}


def _boots(ask: Ask, plan: RecoveryPlan) -> list[Json]:
    actions = ask.around.kept.actions.get(plan.name) or [_NO_ACTIONS] * len(plan.groups)
    return [
        {"groupType": "Boot", "replicationProtectedItems": [_entry(ask, n) for n in g if n in ask.vault.items]} | own
        for g, own in zip(plan.groups, actions, strict=True)
    ]


def _entry(ask: Ask, name: str) -> Json:
    item = ask.vault.items[name]
    return {"id": ask.ids.item(name, item.architecture), "virtualMachineId": ask.names.guid("vmware", name)}


def _fabric(ask: Ask, items: list[ProtectedItem]) -> FabricName | None:
    return ask.names.fabric_of(items[0].architecture if items else Architecture.MODERNISED) if items else None


def _scenario(ask: Ask, plan: RecoveryPlan) -> dict[str, Json]:
    job = ask.vault.plan_jobs.get(plan.name)
    none = {"scenarioName": "None", "jobId": ask.ids.job("None"), "startTime": NO_SCENARIO}
    if job is None:
        return {"currentScenario": none, "currentScenarioStatus": "None", "currentScenarioStatusDescription": "None"}
    state, description = PROGRESS[job.state]
    running = {"scenarioName": job.scenario_name, "jobId": ask.ids.job(job.id), "startTime": ask.when(job.started_s)}
    current = running if job.state not in ENDED else none
    return {"currentScenario": current, "currentScenarioStatus": state, "currentScenarioStatusDescription": description}
