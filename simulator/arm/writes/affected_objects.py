"""What a job says of the machine and the fabrics that it is about (affectedObjectDetails)."""

from collections.abc import Mapping

from failback.simulator import Job
from failback.simulator.arm.reads.item_facts import facts_of
from failback.simulator.arm.reads.policies import policy_of
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.wire import AZURE, shown


def affected_by_commit(request: ParsedRequest, job: Job) -> Mapping[str, str]:
    """Recorded for a classic failback; that other commits have the same keys, and Azure's name, is inferred."""
    facts = facts_of(request, request.vault.items[job.subject], full=True)
    home = shown(facts.item).home
    policy = facts.settings.policies.get(home) or policy_of(facts.item.architecture, home=home).name
    sides = _machines(request, job.subject) | _side("primary", facts.fabric)
    sides |= _side("recovery", facts.fabric) if home else _azure()
    return sides | {"protectionProfileId": request.names.guid("policy", policy)}


def affected_by_reprotect(request: ParsedRequest, job: Job) -> Mapping[str, str]:
    """Recorded: the keys begin with a capital, and both sides are the fabric on site, in both directions."""
    fabric = facts_of(request, request.vault.items[job.subject], full=True).fabric
    sides = _machines(request, job.subject) | _side("primary", fabric) | _side("recovery", fabric)
    return {f"{key[0].upper()}{key[1:]}": value for key, value in sides.items()}


def _machines(request: ParsedRequest, name: str) -> dict[str, str]:
    return {
        "primaryVmId": request.names.item_guids[name],
        "primaryVmName": name,
        "recoveryVmId": request.names.guid("recovery machine", name),
        "recoveryVmName": name,
    }


def _side(side: str, fabric: FabricName) -> dict[str, str]:
    return {
        f"{side}CloudId": fabric.container,
        f"{side}CloudName": fabric.title,
        f"{side}VmmId": fabric.guid,
        f"{side}VmmName": fabric.title,
        f"{side}FabricProviderId": fabric.kind.fabric_type,
    }


def _azure() -> dict[str, str]:
    return {f"recovery{key}": AZURE for key in ("CloudId", "CloudName", "VmmId", "VmmName", "FabricProviderId")}
