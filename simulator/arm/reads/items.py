"""Replication protected items: lists, which leave much out (recorded), and the single read, which does not."""

from collections.abc import Callable, Mapping
from typing import Final

from failback.reprotect import known, phase_row
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import result
from failback.simulator.arm.wire.dates import NO_SCENARIO
from failback.simulator.arm.wire.facts import shown_fact
from failback.simulator.arm.wire.response import Json, Response, reply, resource
from failback.simulator.arm.wire.unset import UNSET
from failback.simulator.arm.wire.wire import AZURE, INMAGE, RCM, RCM_BACK, SCENARIOS, TEST_STATES, V2A, WireState, shown

from .classic_details import azure_v2_details, inmage_details
from .filters import Field, Words, chosen
from .health_errors import failover_health, health, health_errors
from .item_facts import ItemFacts, facts_of, vcenter_id
from .looking_up import container, item, items_in
from .modernised_details import rcm_failback_details, rcm_item_details
from .pages import page
from .policies import policy_of

KIND: Final = "replicationFabrics/replicationProtectionContainers/replicationProtectedItems"
_DETAILS: Final[Mapping[str, Callable[[ItemFacts], Json]]] = {
    V2A: azure_v2_details,
    INMAGE: inmage_details,
    RCM: rcm_item_details,
    RCM_BACK: rcm_failback_details,
}


_PROVIDERS: Final = (
    *(V2A, INMAGE, RCM, RCM_BACK),
    *("A2A", "A2ACrossClusterMigration", "HyperVReplica2012", "HyperVReplica2012R2", "HyperVReplicaAzure"),
    "HyperVReplicaBaseReplicationDetails",
)
"""The SDK's kinds of items: a vault may hold all of them, and this one holds the first four."""
_GROUP_OPTIONS: Final = ("AutoCreated", "UserSpecified")
_NOT_PROTECTABLE: Final = frozenset({RCM})
"""Recorded: providers whose items name no protectable item."""
_NOT_IN_LISTS: Final = ("masterTargetId",)
"""Recorded: null in a list, whatever was set."""


def list_items(request: ParsedRequest) -> Response:
    """GET V/replicationProtectedItems."""
    return _listed(request, list(request.vault.items.values()))


def list_items_of_container(request: ParsedRequest) -> Response:
    """GET C/replicationProtectedItems."""
    return _listed(request, items_in(request, container(request)))


def get_item(request: ParsedRequest) -> Response:
    """GET I. In mode poll a look at an item that is on its way makes the clock jump."""
    found = item(request)
    if _on_its_way(request, found):
        request.context.jump()
    return reply(item_body(request, found, full=True))


def item_result(request: ParsedRequest) -> Response:
    """GET I/operationresults/{operation}."""
    return result(request, item_now)


def item_now(request: ParsedRequest) -> Response:
    """The item as it is, without a jump of the clock."""
    return reply(item_body(request, item(request), full=True))


def _on_its_way(request: ParsedRequest, found: ProtectedItem) -> bool:
    unregistered = shown_fact(request.world.site.vm(found.name).agent_registered) is False
    locked = request.vault.record.lock_of(found) is not None
    return locked or phase_row(found.phase).resyncs or unregistered or bool(found.first_syncs)


def _listed(request: ParsedRequest, items: list[ProtectedItem]) -> Response:
    fields: Mapping[str, Field[ProtectedItem]] = {
        "instancetype": Words(lambda found: shown(found).provider, _PROVIDERS),
        "sourcefabricname": Words(lambda found: request.names.fabric_of(found.name, found.architecture).name),
        "recoveryplanname": Words(lambda found: _plans_of(request, found)),
        "vcentername": Words(lambda found: _vcenter_names(request, found)),
        "multivmgroupcreateoption": Words(lambda found: _group_option(request, found), _GROUP_OPTIONS),
    }
    found = chosen(items, request.query.get("filter"), fields)
    return page(request, found, lambda one: item_body(request, one, full=False))


def _vcenter_names(request: ParsedRequest, found: ProtectedItem) -> list[str]:
    """The resource's name and the one that people use (inferred: either)."""
    own = request.world.site.vm(found.name).vcenter
    resource_name = vcenter_id(facts_of(request, found, full=False)).rpartition("/")[2]
    return [resource_name, own] if known(own) and own else [resource_name]


def _group_option(request: ParsedRequest, found: ProtectedItem) -> str:
    """Somebody made a replication group, or the service did one for the machine alone (inferred)."""
    return "UserSpecified" if request.world.site.vm(found.name).replication_group else "AutoCreated"


def _plans_of(request: ParsedRequest, found: ProtectedItem) -> list[str]:
    plans = request.world.site.estate.recovery_plans.values()
    return [plan.name for plan in plans if any(found.name in group for group in plan.groups)]


def item_body(request: ParsedRequest, found: ProtectedItem, *, full: bool) -> Json:
    """The resource; `full` is the single read."""
    facts = facts_of(request, found, full=full)
    row = shown(found)
    failover = failover_health(request, found)
    test = TEST_STATES.get(facts.phase, ("None", "None"))
    properties = {
        "friendlyName": found.name,
        "protectedItemType": "VMwareVirtualMachine",
        "protectableItemId": None if row.provider in _NOT_PROTECTABLE else protectable_id(request, found),
        "recoveryServicesProviderId": request.ids.provider(facts.fabric),
        **_sides(facts),
        "protectionState": row.state,
        "protectionStateDescription": row.description,
        "activeLocation": row.active,
        "testFailoverState": test[0],
        "testFailoverStateDescription": test[1],
        "switchProviderState": "None",
        "switchProviderStateDescription": "None",
        "allowedOperations": [] if request.vault.record.lock_of(found) else list(row.allowed),
        "replicationHealth": health(found),
        "failoverHealth": failover[0],
        "healthErrors": [*health_errors(request, found), *failover[1]],
        "lastSuccessfulFailoverTime": None if found.failed_over_s is None else request.when(found.failed_over_s),
        "lastSuccessfulTestFailoverTime": None if found.tested_s is None else request.when(found.tested_s),
        "currentScenario": _scenario(request, found),
        "failoverRecoveryPointId": "" if row.home else facts.settings.recovery_point,
        "providerSpecificDetails": _details(facts, row),
        "eventCorrelationId": request.names.item_guids[found.name],
    }
    return resource(request.ids.item(found.name, found.architecture), KIND, properties)


def _details(facts: ItemFacts, row: WireState) -> Json:
    """The provider's details, with what a client set of them."""
    details = UNSET[row.provider] | _DETAILS[row.provider](facts)
    if row.home:
        return details | facts.settings.home
    hidden = () if facts.full else _NOT_IN_LISTS
    return details | {key: value for key, value in facts.settings.details.items() if key not in hidden}


def protectable_id(request: ParsedRequest, found: ProtectedItem) -> str:
    """The protectable item's id. Recorded: another one on the way home, where the Azure machine was discovered."""
    container_id = request.ids.container(request.names.fabric_of(found.name, found.architecture))
    return f"{container_id}/replicationProtectableItems/{protectable_name(request, found)}"


def protectable_name(request: ParsedRequest, found: ProtectedItem) -> str:
    """The protectable item's resource name."""
    side = "azure" if shown(found).home else "site"
    return request.names.guid("protectable", found.name, side)


def _sides(facts: ItemFacts) -> Mapping[str, Json]:
    home = shown(facts.item).home
    fabric, ids = facts.fabric, facts.request.ids
    policy = facts.settings.policies.get(home) or policy_of(facts.item.architecture, home=home).name
    return {
        "primaryFabricFriendlyName": fabric.title,
        "primaryFabricProvider": fabric.kind.item_fabric,
        "recoveryFabricFriendlyName": fabric.title if home else AZURE,
        "recoveryFabricId": ids.fabric(fabric) if home else AZURE,
        "primaryProtectionContainerFriendlyName": fabric.title,
        "recoveryProtectionContainerFriendlyName": fabric.title if home else AZURE,
        "recoveryContainerId": ids.container(fabric) if home else AZURE,
        "policyId": ids.policy(policy),
        "policyFriendlyName": policy,
    }


def _scenario(request: ParsedRequest, found: ProtectedItem) -> Json:
    job = found.job or found.enabling  # recorded: a failed enabling stays
    if job is None:
        return {"scenarioName": "None", "jobId": request.ids.job("None"), "startTime": NO_SCENARIO}
    return {
        "scenarioName": SCENARIOS.get(job.scenario_name, job.scenario_name),
        "jobId": request.ids.job(job.id),
        "startTime": request.when(job.started_s),
    }
