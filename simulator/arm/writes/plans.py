"""Recovery plans: lists, single reads, and plans that a client makes."""

import re
from collections import defaultdict
from collections.abc import MutableMapping
from typing import Final, cast

from failback.reprotect import PLAN_INSTANCES_MAX, RecoveryPlan
from failback.simulator import ENDED, ProtectedItem
from failback.simulator.arm.reads.pages import page
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import accepted, result
from failback.simulator.arm.state.resource_store import PlanSettings
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.dates import NO_SCENARIO
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import Json, Response, bad_request, not_found, reply, resource
from failback.simulator.arm.wire.wire import AZURE, PROGRESS, shown

from .plan_actions import sent_actions

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,62}")
_FABRICS: Final = ("primaryFabricId", "recoveryFabricId")
_GROUPS: Final = ("Shutdown", "Failover", "Boot")


def list_plans(request: ParsedRequest) -> Response:
    """GET V/replicationRecoveryPlans."""
    return page(request, list(_plans(request).values()), lambda plan: _plan(request, plan, full=False))


def get_plan(request: ParsedRequest) -> Response:
    """GET V/replicationRecoveryPlans/{plan}. In mode poll a look at a plan whose job runs makes the clock jump."""
    plan = named_plan(request)
    job = request.vault.plan_jobs.get(plan.name)
    if job is not None and job.state not in ENDED:
        request.context.jump()
    return reply(_plan(request, plan))


def create_plan(request: ParsedRequest) -> Response:
    """PUT V/replicationRecoveryPlans/{plan}: groups of Boot are kept, in order. Ends at once."""
    name, body = _name(request), properties_of(request.body)
    body.text("primaryFabricId")
    body.text("recoveryFabricId")
    settings = PlanSettings({name: _fabric_in(request, body, name) for name in _FABRICS} | _more(body))
    return _kept(request, name, body, settings)


def update_plan(request: ParsedRequest) -> Response:
    """PATCH V/replicationRecoveryPlans/{plan}: its groups are what the body says."""
    plan, body = named_plan(request), properties_of(request.body)
    if not body.has("groups"):
        return _done(request, plan.name, "UpdateRecoveryPlan", "Save recovery plan")
    return _kept(request, plan.name, body, PlanSettings(request.context.resources.of_plan(plan.name).shown))


def _kept(request: ParsedRequest, name: str, body: BodyFields, settings: PlanSettings) -> Response:
    plan, kept = RecoveryPlan(name, _groups(request, body)), defaultdict[str, list[Json]](list)
    for group in body.each("groups"):
        kept[group.needed_word("groupType", _GROUPS)].append(sent_actions(group))
    request.vault.refuse_running_plan(name)
    _plans(request)[name] = plan
    settings.groups = dict(kept)
    request.context.resources.plans[name] = settings
    return _done(request, name, "SaveRecoveryPlan", "Save recovery plan")


def _done(request: ParsedRequest, name: str, scenario_name: str, friendly_name: str) -> Response:
    job = request.vault.record.note("plan", name, scenario_name, friendly_name)
    return accepted(request, job, request.ids.plan(name))


def _fabric_in(request: ParsedRequest, body: BodyFields, field: str) -> str:
    wanted = body.text(field)
    known = {AZURE.lower()} | {request.ids.fabric(found).lower() for found in request.names.fabrics}
    made = {request.ids.child(path).lower() for path in request.context.resources.made}
    if wanted.lower() not in known | made:
        where = body.at(field)
        raise bad_request(f"{where} '{wanted[:200]}' is no fabric of this vault.", f"Use {AZURE}.", target=where)
    return wanted


def _more(body: BodyFields) -> dict[str, Json]:
    model = body.word("failoverDeploymentModel", ("NotApplicable", "Classic", "ResourceManager"))
    shown: dict[str, Json] = {"failoverDeploymentModel": model} if model else {}
    given = [entry.sent for entry in body.each("providerSpecificInput")]
    return shown | ({"providerSpecificDetails": given} if given else {})


def delete_plan(request: ParsedRequest) -> Response:
    """DELETE V/replicationRecoveryPlans/{plan}. Ends at once."""
    name = named_plan(request).name
    request.vault.refuse_running_plan(name)
    del _plans(request)[name]
    request.context.resources.plans.pop(name, None)
    request.vault.record.plans_done.pop(name, None)
    return _done(request, name, "DeleteRecoveryPlan", "Delete recovery plan")


def plan_result(request: ParsedRequest) -> Response:
    """GET V/replicationRecoveryPlans/{plan}/operationresults/{operation}."""
    return result(request, get_plan)


def named_plan(request: ParsedRequest) -> RecoveryPlan:
    """The plan that the path names."""
    wanted = request.params["plan"]
    for name, plan in _plans(request).items():
        if name.lower() == wanted.lower():
            return plan
    raise not_found(f"The recovery plan '{wanted}'")


def members(request: ParsedRequest, plan: RecoveryPlan) -> list[ProtectedItem]:
    """Its items, in order."""
    return [request.vault.items[name] for group in plan.groups for name in group if name in request.vault.items]


def _plans(request: ParsedRequest) -> MutableMapping[str, RecoveryPlan]:
    return cast(MutableMapping[str, RecoveryPlan], request.world.site.estate.recovery_plans)


def _name(request: ParsedRequest) -> str:
    wanted = request.params["plan"]
    known = next((name for name in _plans(request) if name.lower() == wanted.lower()), None)
    if known is None and not _NAME.fullmatch(wanted):
        raise bad_request(
            f"'{wanted[:100]}' is no name for a recovery plan: a letter, then letters, digits, hyphens, 63 at most."
        )
    return known or wanted


def _groups(request: ParsedRequest, properties: BodyFields) -> tuple[tuple[str, ...], ...]:
    groups = tuple(_group(request, body) for body in _boot_groups(properties))
    names = [name for group in groups for name in group]
    if len(names) > PLAN_INSTANCES_MAX:
        raise bad_request(f"The plan has {len(names)} items; {PLAN_INSTANCES_MAX} is the most.")
    if len(set(names)) < len(names):
        raise bad_request("An item is in the plan twice.")
    return groups


def _boot_groups(properties: BodyFields) -> list[BodyFields]:
    return [body for body in properties.each("groups") if body.needed_word("groupType", _GROUPS) == "Boot"]


def _group(request: ParsedRequest, body: BodyFields) -> tuple[str, ...]:
    return tuple(_member(request, entry) for entry in body.each("replicationProtectedItems"))


def _member(request: ParsedRequest, entry: BodyFields) -> str:
    wanted = entry.text("id")
    name = request.names.items.get(wanted.rpartition("/")[2].lower())
    if name is None:
        where = entry.at("id")
        raise bad_request(f"{where} '{wanted[:200]}' is no replication protected item of this vault.", target=where)
    machine, own = entry.maybe("virtualMachineId"), request.names.guid("vmware", name)
    if machine is not None and machine.rpartition("/")[2].lower() != own:
        where = entry.at("virtualMachineId")
        raise bad_request(f"{where} '{machine[:200]}' is not the machine of '{name}'.", f"Use {own}.", target=where)
    return name


def _plan(request: ParsedRequest, plan: RecoveryPlan, *, full: bool = True) -> Json:
    items = members(request, plan)
    fabric = _fabric(request, items)
    allowed = [set(shown(item).allowed) for item in items if item.job is None]
    properties = {
        "friendlyName": plan.name,
        "primaryFabricId": request.ids.fabric(fabric) if fabric else None,
        "primaryFabricFriendlyName": fabric.title if fabric else None,
        "recoveryFabricId": AZURE,
        "recoveryFabricFriendlyName": AZURE,
        "failoverDeploymentModel": "ResourceManager",
        "replicationProviders": sorted({shown(item).provider for item in items}),
        "allowedOperations": sorted(set.intersection(*allowed)) if allowed and len(allowed) == len(items) else [],
        **_last_times(request, plan),
        **_scenario(request, plan),
        "groups": [*_steps_before(request, plan), *_boots(request, plan)] if full else [],  # recorded
        "providerSpecificDetails": [],
    } | request.context.resources.of_plan(plan.name).shown
    return resource(request.ids.plan(plan.name), "replicationRecoveryPlans", properties)


def _last_times(request: ParsedRequest, plan: RecoveryPlan) -> dict[str, Json]:
    """When a failover of the plan succeeded last; that its end counts is inferred."""
    done = request.vault.record.plans_done.get(plan.name, {})
    kinds = ("PlannedFailover", "UnplannedFailover", "TestFailover")
    return {f"last{kind}Time": request.when(done[kind]) if kind in done else None for kind in kinds}


_NO_ACTIONS: Final[dict[str, Json]] = {"startGroupActions": [], "endGroupActions": []}


def _steps_before(request: ParsedRequest, plan: RecoveryPlan) -> list[Json]:
    kept = request.context.resources.of_plan(plan.name).groups
    first = {kind: (kept.get(kind) or [_NO_ACTIONS])[0] for kind in _GROUPS[:2]}
    return [{"groupType": kind, "replicationProtectedItems": []} | actions for kind, actions in first.items()]


def _boots(request: ParsedRequest, plan: RecoveryPlan) -> list[Json]:
    actions = request.context.resources.of_plan(plan.name).groups.get("Boot") or [_NO_ACTIONS] * len(plan.groups)
    return [
        {"groupType": "Boot", "replicationProtectedItems": [_entry(request, n) for n in g if n in request.vault.items]}
        | own
        for g, own in zip(plan.groups, actions, strict=True)
    ]


def _entry(request: ParsedRequest, name: str) -> Json:
    item = request.vault.items[name]
    return {"id": request.ids.item(name, item.architecture), "virtualMachineId": request.names.guid("vmware", name)}


def _fabric(request: ParsedRequest, items: list[ProtectedItem]) -> FabricName | None:
    return request.names.fabric_of(items[0].name, items[0].architecture) if items else None


def _scenario(request: ParsedRequest, plan: RecoveryPlan) -> dict[str, Json]:
    job = request.vault.plan_jobs.get(plan.name)
    none = {"scenarioName": "None", "jobId": request.ids.job("None"), "startTime": NO_SCENARIO}
    if job is None:
        return {"currentScenario": none, "currentScenarioStatus": "None", "currentScenarioStatusDescription": "None"}
    state, description = PROGRESS[job.state]
    running = {
        "scenarioName": job.scenario_name,
        "jobId": request.ids.job(job.id),
        "startTime": request.when(job.started_s),
    }
    current = running if job.state not in ENDED else none
    return {"currentScenario": current, "currentScenarioStatus": state, "currentScenarioStatusDescription": description}
