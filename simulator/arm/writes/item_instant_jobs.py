"""Smaller things that may be asked of an item: recovery point, health, agent, provider, appliance."""

from dataclasses import replace
from typing import Final

from failback.reprotect import Architecture, Phase
from failback.simulator import ProtectedItem
from failback.simulator.arm.reads.looking_up import item
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import accepted
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.kinds import KINDS
from failback.simulator.arm.wire.response import Response
from failback.simulator.arm.wire.wire import RCM, V2A, resting_phase

from .choices_in_bodies import account_shown, appliance_named, not_here, point_id, recovery_point
from .instant_jobs import conflict, maybe_properties
from .item_settings_in_bodies import modernised

_MOVES: Final = {Architecture.CLASSIC: Architecture.MODERNISED}
"""The architecture that an item can move to (switchProvider)."""


def apply_recovery_point(request: ParsedRequest) -> Response:
    """POST I/applyRecoveryPoint: another recovery point, while the failover is not committed (ChangePit)."""
    found, body = item(request), properties_of(request.body)
    details = body.inner("providerSpecificDetails")
    details.needed_word("instanceType", (KINDS[found.architecture].to_azure,))
    point = recovery_point(request, found, body)
    if resting_phase(found) is not Phase.FAILED_OVER:
        why = f"Item '{found.name}': the recovery point can be changed after a failover, until it is committed."
        raise conflict("OperationNotAllowed", why)
    answer = _done(request, found, "ChangeRecoveryPoint", "Change recovery point")
    request.context.resources.of_item(found.name).recovery_point = point_id(request, found, point)
    return answer


def resolve_health_errors(request: ParsedRequest) -> Response:
    """POST I/resolveHealthErrors: the rules are looked at again; what is still broken stays."""
    found = item(request)
    for error in properties_of(request.body).each("healthErrors"):
        error.maybe("healthErrorId")
    request.vault.record.review_replication(found.name)
    return _done(request, found, "ResolveHealthErrors", "Resolve health errors")


def update_mobility_service(request: ParsedRequest) -> Response:
    """POST I/updateMobilityService: the agent has the newest version, so its job ends with information (seen)."""
    return _agent_job(request, "UpdateMobilityService", "Update Mobility Service", "CompletedWithInformation")


def reinstall_mobility_service(request: ParsedRequest) -> Response:
    """POST I/reinstallMobilityService."""
    return _agent_job(request, "ReinstallMobilityService", "Reinstall Mobility Service", "Succeeded")


def _agent_job(request: ParsedRequest, scenario_name: str, friendly_name: str, ending: str) -> Response:
    found, body = item(request), maybe_properties(request)
    account = account_shown(request, found, body)
    job = request.vault.instant_job(found.name, scenario_name, friendly_name)
    request.context.resources.of_item(found.name).details |= account
    request.context.resources.endings[job.id] = ending
    return accepted(request, job, request.ids.item(found.name, found.architecture))


def switch_provider(request: ParsedRequest) -> Response:
    """POST I/switchProvider: from classic to modernised, of an item that replicates to Azure only (A13)."""
    found, body = item(request), properties_of(request.body)
    details = body.inner("providerSpecificDetails")
    body.word("targetInstanceType", (RCM,))
    details.needed_word("instanceType", (V2A,))
    wanted = details.text("targetApplianceID").rpartition("/")[2].lower()
    _check_new_place(request, details)
    new = _MOVES.get(found.architecture)
    if new is None or resting_phase(found) is not Phase.REPLICATING_TO_AZURE:
        why = "only a classic item that replicates to Azure can move; one that is failed over or on its way home cannot"
        raise conflict("OperationNotAllowed", f"Item '{found.name}': {why} (A13).")
    if appliance_named(request, wanted) is None:
        raise not_here(details, "targetApplianceID", "appliance")
    job = request.vault.instant_job(found.name, "SwitchProvider", "Move to the modernised architecture")
    found.architecture = new
    request.world.site.change(found.name, architecture=new)
    request.context.resources.of_items[found.name] = modernised(request.context.resources.of_item(found.name))
    return accepted(request, job, request.ids.item(found.name, found.architecture))


def update_appliance(request: ParsedRequest) -> Response:
    """POST I/updateAppliance: another appliance for a modernised item."""
    found, body = item(request), properties_of(request.body)
    wanted = body.text("targetApplianceId").rpartition("/")[2].lower()
    details = body.inner("providerSpecificDetails")
    details.needed_word("instanceType", (RCM,))
    name = appliance_named(request, wanted)
    if name is None or not KINDS[found.architecture].has_appliances:
        raise not_here(body, "targetApplianceId", "appliance for this item")
    account = account_shown(request, found, details)
    answer = _done(request, found, "UpdateAppliance", "Update appliance")
    kept = request.context.resources.of_item(found.name).details
    server = {"processServerId": request.names.component(name, "process-server")}
    kept |= server | {"processServerName": request.names.shown(name)} | account
    if found.choices.appliance is not None and found.disk_host is None:
        found.choices = replace(found.choices, appliance=name)
    return answer


def _check_new_place(request: ParsedRequest, details: BodyFields) -> None:
    """The vault must be this one, and the fabric the one of its appliances: by id or by name."""
    vaults = (request.ids.vault, request.ids.vault_name)
    fabrics = [f for f in request.names.fabrics if f.kind.has_appliances]
    known = {
        "targetVaultID": vaults,
        "targetFabricID": [name for f in fabrics for name in (request.ids.fabric(f), f.name)],
    }
    for field, names in known.items():
        if details.text(field).lower() not in (name.lower() for name in names):
            raise not_here(details, field, field[6:-2].lower())


def _done(request: ParsedRequest, found: ProtectedItem, scenario_name: str, friendly_name: str) -> Response:
    job = request.vault.instant_job(found.name, scenario_name, friendly_name)
    return accepted(request, job, request.ids.item(found.name, found.architecture))
