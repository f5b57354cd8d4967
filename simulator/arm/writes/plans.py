"""Recovery plans: lists, single reads, and plans that a client makes."""

import re
from collections import defaultdict
from collections.abc import MutableMapping
from typing import Final, cast

from failback.reprotect import RecoveryPlan
from failback.simulator import ENDED, ProtectedItem
from failback.simulator.arm.reads.pages import page
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import accepted, result
from failback.simulator.arm.state.resource_store import PlanSettings
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import Json, Response, bad_request, not_found, reply, resource
from failback.simulator.arm.wire.wire import AZURE, PROGRESS, shown

from .plan_actions import sent_actions
from .plan_members import GROUPS, items_of_groups, machine_id

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,62}")
_OPERATIONS: Final = frozenset(
    ("TestFailover", "TestFailoverCleanup", "UnplannedFailover", "PlannedFailover", "Commit", "CancelFailover")
)
"""What a plan may be asked for (recorded: never DisableProtection; that a reprotect is none of them is inferred)."""
_FABRICS: Final = ("primaryFabricId", "recoveryFabricId")


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
    return _kept(request, name, body, settings, settings.shown["primaryFabricId"])


def update_plan(request: ParsedRequest) -> Response:
    """PATCH V/replicationRecoveryPlans/{plan}: its groups are what the body says."""
    plan, body = named_plan(request), properties_of(request.body)
    if not body.has("groups"):
        return _done(request, plan.name, "UpdateRecoveryPlan", "Save recovery plan")
    settings = PlanSettings(dict(request.context.resources.of_plan(plan.name).shown))
    return _kept(request, plan.name, body, settings, _plan(request, plan)["properties"]["primaryFabricId"])


def _kept(
    request: ParsedRequest, name: str, body: BodyFields, settings: PlanSettings, fabric_id: str | None
) -> Response:
    members_of_groups = items_of_groups(request, body, settings, fabric_id)
    plan, kept = RecoveryPlan(name, members_of_groups), defaultdict[str, list[Json]](list)
    for group in body.each("groups"):
        kept[group.needed_word("groupType", GROUPS)].append(sent_actions(group))
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
        raise bad_request(f"{where} '{wanted[:200]}' is not a fabric of this vault.", f"Use {AZURE}.", target=where)
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
            f"'{wanted[:100]}' is not a name for a recovery plan: a letter, then letters, digits, hyphens, 63 at most."
        )
    return known or wanted


def _plan(request: ParsedRequest, plan: RecoveryPlan, *, full: bool = True) -> Json:
    items = members(request, plan)
    fabric = _fabric(request, items)
    allowed = [set(shown(item).allowed) for item in items if request.vault.record.lock_of(item) is None]
    properties = {
        "friendlyName": plan.name,
        "primaryFabricId": request.ids.fabric(fabric) if fabric else None,
        "primaryFabricFriendlyName": fabric.title if fabric else None,
        "recoveryFabricId": AZURE,
        "recoveryFabricFriendlyName": AZURE,
        "failoverDeploymentModel": "ResourceManager",
        "replicationProviders": sorted({shown(item).provider for item in items}),
        "allowedOperations": sorted(_OPERATIONS.intersection(*allowed))
        if allowed and len(allowed) == len(items)
        else [],
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
    first = {kind: (kept.get(kind) or [_NO_ACTIONS])[0] for kind in GROUPS[:2]}
    return [{"groupType": kind, "replicationProtectedItems": []} | actions for kind, actions in first.items()]


def _boots(request: ParsedRequest, plan: RecoveryPlan) -> list[Json]:
    actions = request.context.resources.of_plan(plan.name).groups.get("Boot") or [_NO_ACTIONS] * len(plan.groups)
    return [_boot(request, plan.name, group) | own for group, own in zip(plan.groups, actions, strict=True)]


def _boot(request: ParsedRequest, plan: str, group: tuple[str, ...]) -> dict[str, Json]:
    entries = [_entry(request, plan, name) for name in group if name in request.vault.items]
    return {"groupType": "Boot", "replicationProtectedItems": entries}


def _entry(request: ParsedRequest, plan: str, name: str) -> Json:
    item = request.vault.items[name]
    sent = request.context.resources.of_plan(plan).machine_ids
    shown_id = sent[name] if name in sent else machine_id(request, item)
    return {"id": request.ids.item(name, item.architecture), "virtualMachineId": shown_id}


def _fabric(request: ParsedRequest, items: list[ProtectedItem]) -> FabricName | None:
    return request.names.fabric_of(items[0].name, items[0].architecture) if items else None


def _scenario(request: ParsedRequest, plan: RecoveryPlan) -> dict[str, Json]:
    job = request.vault.plan_jobs.get(plan.name)
    if job is None:
        return {"currentScenario": None, "currentScenarioStatus": "None", "currentScenarioStatusDescription": "None"}
    state, description = PROGRESS[job.state]
    running = {
        "scenarioName": job.scenario_name,
        "jobId": request.ids.job(job.id),
        "startTime": request.when(job.started_s),
    }
    current = running if job.state not in ENDED else None  # recorded
    return {"currentScenario": current, "currentScenarioStatus": state, "currentScenarioStatusDescription": description}
