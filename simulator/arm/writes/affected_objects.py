"""What a job says of the machine and the fabrics that it is about (affectedObjectDetails)."""

from collections.abc import Mapping

from failback.simulator import Job
from failback.simulator.arm.reads.item_facts import facts_of
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.naming import FabricName


def affected_by_reprotect(request: ParsedRequest, job: Job) -> Mapping[str, str]:
    """Recorded: keys begin with a capital, and both sides are the fabric on site. Which keys there are is inferred."""
    fabric = facts_of(request, request.vault.items[job.subject], full=True).fabric
    return _machines(request, job.subject) | _side("Primary", fabric) | _side("Recovery", fabric)


def _machines(request: ParsedRequest, name: str) -> dict[str, str]:
    return {
        "PrimaryVmId": request.names.item_guids[name],
        "PrimaryVmName": name,
        "RecoveryVmId": request.names.guid("recovery machine", name),
        "RecoveryVmName": name,
    }


def _side(side: str, fabric: FabricName) -> dict[str, str]:
    return {
        f"{side}CloudId": fabric.container,
        f"{side}CloudName": fabric.title,
        f"{side}VmmId": fabric.guid,
        f"{side}VmmName": fabric.title,
        f"{side}FabricProviderId": fabric.kind.fabric_type,
    }
