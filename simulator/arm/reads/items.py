"""Replication protected items: lists, which leave much out (recorded), and the single read, which does not."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from failback.reprotect import Architecture, phase_row
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.long_running import result
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.dates import NO_SCENARIO
from failback.simulator.arm.wire.facts import shown_fact
from failback.simulator.arm.wire.response import Json, Response, reply, resource
from failback.simulator.arm.wire.wire import AZURE, INMAGE, RCM, RCM_BACK, TEST_STATES, V2A, shown

from .classic_details import azure_v2_details, inmage_details
from .filters import chosen
from .health_errors import health, health_errors
from .item_facts import ItemFacts, facts_of
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
SETTABLE: Final[Mapping[str, Collection[str]]] = {
    V2A: (
        "recoveryAzureVMName",
        "recoveryAzureVMSize",
        "selectedRecoveryAzureNetworkId",
        "selectedTfoAzureNetworkId",
        "selectedSourceNicId",
        "enableRdpOnTargetOption",
        "licenseType",
        "recoveryAvailabilitySetId",
    ),
    INMAGE: (),
    RCM: (
        "targetVmName",
        "targetVmSize",
        "targetResourceGroupId",
        "targetAvailabilitySetId",
        "targetAvailabilityZone",
        "targetProximityPlacementGroupId",
        "targetBootDiagnosticsStorageAccountId",
        "targetNetworkId",
        "testNetworkId",
        "licenseType",
    ),
    RCM_BACK: (),
}
"""What an update of the item sets, under the name by which the item shows it."""


def list_items(ask: Ask) -> Response:
    """GET V/replicationProtectedItems."""
    return _listed(ask, list(ask.vault.items.values()))


def list_items_of_container(ask: Ask) -> Response:
    """GET C/replicationProtectedItems."""
    return _listed(ask, items_in(ask, container(ask)))


def get_item(ask: Ask) -> Response:
    """GET I. In mode poll a look at an item that is on its way makes the clock jump."""
    found = item(ask)
    if _on_its_way(ask, found):
        ask.around.jump()
    return reply(item_body(ask, found, full=True))


def item_result(ask: Ask) -> Response:
    """GET I/operationresults/{operation}."""
    return result(ask, item_now)


def item_now(ask: Ask) -> Response:
    """The item as it is, without a jump of the clock."""
    return reply(item_body(ask, item(ask), full=True))


def _on_its_way(ask: Ask, found: ProtectedItem) -> bool:
    unregistered = shown_fact(ask.world.site.vm(found.name).agent_registered) is False
    return found.job is not None or phase_row(found.phase).resyncs or unregistered or bool(found.first_syncs)


def _listed(ask: Ask, items: list[ProtectedItem]) -> Response:
    fields: Mapping[str, Callable[[ProtectedItem], str]] = {
        "friendlyname": lambda found: found.name,
        "instancetype": lambda found: shown(found).provider,
        "sourcefabricname": lambda found: ask.names.fabric_of(found.architecture).name,
    }
    found = chosen(items, ask.query.get("filter"), fields)
    return page(ask, found, lambda one: item_body(ask, one, full=False))


def item_body(ask: Ask, found: ProtectedItem, *, full: bool) -> Json:
    """The resource; `full` is the single read."""
    facts = facts_of(ask, found, full=full)
    row = shown(found)
    test = TEST_STATES.get(facts.phase, ("None", "None"))
    properties = {
        "friendlyName": found.name,
        "protectedItemType": "VMwareVirtualMachine",
        "protectableItemId": protectable_id(ask, found),
        "recoveryServicesProviderId": ask.ids.provider(facts.fabric),
        **_sides(facts),
        "protectionState": row.state,
        "protectionStateDescription": row.description,
        "activeLocation": row.active,
        "testFailoverState": test[0],
        "testFailoverStateDescription": test[1],
        "allowedOperations": [] if found.job else list(row.allowed),
        "replicationHealth": health(found),
        "failoverHealth": "Normal",
        "healthErrors": health_errors(ask, found),
        "lastSuccessfulFailoverTime": None if found.failed_over_s is None else ask.when(found.failed_over_s),
        "lastSuccessfulTestFailoverTime": None,
        "currentScenario": _scenario(ask, found),
        "failoverRecoveryPointId": ask.around.kept.of_items.get(found.name, {}).get("failoverRecoveryPointId"),
        "providerSpecificDetails": _details(facts, row.provider),
        "eventCorrelationId": ask.names.item_guids[found.name],
    }
    return resource(ask.ids.item(found.name, found.architecture), KIND, properties)


def _details(facts: ItemFacts, provider: str) -> Json:
    """The provider's details, with what a client set of them."""
    details = _DETAILS[provider](facts)
    kept = facts.ask.around.kept.of_items.get(facts.item.name, {})
    return details | {key: value for key, value in kept.items() if key in SETTABLE[provider]}


def protectable_id(ask: Ask, found: ProtectedItem) -> str:
    """The protectable item's id. Recorded: another one on the way home, where the Azure machine was discovered."""
    container_id = ask.ids.container(ask.names.fabric_of(found.architecture))
    return f"{container_id}/replicationProtectableItems/{protectable_name(ask, found)}"


def protectable_name(ask: Ask, found: ProtectedItem) -> str:
    """The protectable item's resource name."""
    side = "azure" if shown(found).provider in (INMAGE, RCM_BACK) else "site"
    return ask.names.guid("protectable", found.name, side)


def _sides(facts: ItemFacts) -> Mapping[str, Json]:
    home = shown(facts.item).provider in (INMAGE, RCM_BACK)
    fabric, ids = facts.fabric, facts.ask.ids
    policy = policy_of(facts.item.architecture, home=home).name
    return {
        "primaryFabricFriendlyName": fabric.title,
        "primaryFabricProvider": "VMware" if fabric.architecture is Architecture.CLASSIC else "InMageRcm",
        "recoveryFabricFriendlyName": fabric.title if home else AZURE,
        "recoveryFabricId": ids.fabric(fabric) if home else AZURE,
        "primaryProtectionContainerFriendlyName": fabric.title,
        "recoveryProtectionContainerFriendlyName": fabric.title if home else AZURE,
        "recoveryContainerId": ids.container(fabric) if home else AZURE,
        "policyId": ids.policy(policy),
        "policyFriendlyName": policy,
    }


def _scenario(ask: Ask, found: ProtectedItem) -> Json:
    if found.job is None:
        return {"scenarioName": "None", "jobId": ask.ids.job("None"), "startTime": NO_SCENARIO}
    job = found.job
    return {"scenarioName": job.scenario_name, "jobId": ask.ids.job(job.id), "startTime": ask.when(job.started_s)}
