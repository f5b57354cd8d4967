"""What may be asked of a fabric: made, checked, certificates, gateways, removed."""

from typing import Final

from failback.simulator import switch_process_server
from failback.simulator.arm.reads.fabrics import fabric_body, known_fabric
from failback.simulator.arm.reads.looking_up import fabric
from failback.simulator.arm.reads.resources import below, body_of, drop, keep, made_at
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import result
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import Json, Response, bad_request, reply

from .choices_in_bodies import process_server
from .identities import identity
from .instant_jobs import conflict, instant_job

_KINDS: Final = ("Azure", "InMageRcm", "VMwareV2")


def create_fabric(request: ParsedRequest) -> Response:
    """PUT F. A fabric without servers; the estate's own are there already."""
    details = properties_of(request.body).inner("customDetails")
    kind = details.word("instanceType", _KINDS)
    path = below(request, 2)
    if any(found.name == request.params["fabric"].lower() for found in request.names.fabrics):
        raise conflict("FabricAlreadyExists", f"The fabric '{request.params['fabric']}' is there already.")
    if kind == "InMageRcm":
        for name in ("vmwareSiteId", "physicalSiteId"):
            details.text(name)
        identity(details.inner("sourceAgentIdentity"))
    keep(request, path, _new_fabric(request, kind, details))
    return instant_job(request, 2, "fabric", "CreateFabric", "Create fabric")


def _new_fabric(request: ParsedRequest, kind: str | None, details: BodyFields) -> dict[str, Json]:
    custom: dict[str, Json] | None = None if kind is None else {"instanceType": kind}
    if custom is not None and kind != "Azure":
        custom |= {name: details.maybe(name) for name in ("vmwareSiteId", "physicalSiteId")} | {"processServers": []}
        custom |= _own_details(kind, details)
    elif custom is not None:
        custom |= {"location": details.maybe("location"), "containerIds": []}
    none = {"kekState": "None", "kekCertThumbprint": None}
    return {
        "friendlyName": request.params["fabric"],
        "encryptionDetails": none,
        "rolloverEncryptionDetails": none,
        "internalIdentifier": request.names.guid("fabric", request.params["fabric"]),
        "bcdrState": "Valid",
        "customDetails": custom,
        "healthErrorDetails": [],
        "health": "Normal",
    }


def _own_details(kind: str | None, details: BodyFields) -> dict[str, Json]:
    if kind == "InMageRcm":
        return {"sourceAgentIdentityDetails": identity(details.inner("sourceAgentIdentity"))}
    return {"migrationSolutionId": details.maybe("migrationSolutionId")}


def remove_fabric(request: ParsedRequest) -> Response:
    """POST F/remove and DELETE F: only of a fabric without items."""
    known_fabric(request)
    _refuse_items(request)
    answer = instant_job(request, 2, "fabric", "DeleteFabric", "Delete fabric")
    drop(request, below(request, 2))
    return answer


def remove_infra(request: ParsedRequest) -> Response:
    """POST F/removeInfra."""
    known_fabric(request)
    _refuse_items(request)
    return instant_job(request, 2, "fabric", "RemoveInfrastructure", "Remove infrastructure")


def check_consistency(request: ParsedRequest) -> Response:
    """POST F/checkConsistency."""
    known_fabric(request)
    return instant_job(request, 2, "fabric", "ConsistencyCheck", "Check consistency")


def migrate_to_aad(request: ParsedRequest) -> Response:
    """POST F/migratetoaad."""
    known_fabric(request)
    return instant_job(request, 2, "fabric", "MigrateToAad", "Migrate to AAD")


def renew_certificate(request: ParsedRequest) -> Response:
    """POST F/renewCertificate."""
    known_fabric(request)
    properties_of(request.body).maybe("renewCertificateType")
    return instant_job(request, 2, "fabric", "RenewCertificate", "Renew certificate")


def reassociate_gateway(request: ParsedRequest) -> Response:
    """POST F/reassociateGateway: items on the way home go on through the other process server."""
    fabric(request)
    body = properties_of(request.body)
    names = [
        process_server(request, _as_server(body, key)) for key in ("sourceProcessServerId", "targetProcessServerId")
    ]
    if None in names:
        raise bad_request("properties needs sourceProcessServerId and targetProcessServerId.")
    source, target = names
    moved = [name.rpartition("/")[2].lower() for name in body.words("vmsToMigrate")]
    asked = [name for name in request.vault.items if request.names.item_guids[name].lower() in moved]
    if not moved or asked:
        switch_process_server(request.vault, asked, source, target or "")
    return instant_job(request, 2, "fabric", "SwitchProcessServer", "Switch process server")


def _as_server(body: BodyFields, key: str) -> BodyFields:
    return BodyFields({"processServerId": body.maybe(key)}, "properties")


def fabric_result(request: ParsedRequest) -> Response:
    """GET F/operationresults/{operation}."""
    return result(request, _fabric_now)


def _fabric_now(request: ParsedRequest) -> Response:
    return reply(body_of(request, below(request, 2), fabric_body))


def _refuse_items(request: ParsedRequest) -> None:
    if made_at(request, below(request, 2)) is None and any(
        request.names.fabric_of(item.architecture) is fabric(request) for item in request.vault.items.values()
    ):
        raise conflict(
            "FabricInUse", f"The fabric '{request.params['fabric']}' has protected items; disable them first."
        )
