"""What may be asked of a fabric: made, checked, certificates, gateways, removed."""

from collections.abc import Mapping
from typing import Final

from failback.simulator import switch_process_server
from failback.simulator.arm.reads.fabrics import fabric_body, known_fabric
from failback.simulator.arm.reads.looking_up import fabric, items_in
from failback.simulator.arm.reads.resources import below, body_of, drop, keep, made_at
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import accepted, result
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import Json, Response, bad_request, reply

from .choices_in_bodies import not_here, server_named
from .identities import identity
from .instant_jobs import conflict, instant_job

_KINDS: Final = ("Azure", "InMageRcm", "VMwareV2")


def create_fabric(request: ParsedRequest) -> Response:
    """PUT F. A fabric without servers; the estate's own are there already."""
    details = properties_of(request.body).inner("customDetails")
    kind = details.word("instanceType", _KINDS)
    path = below(request, 2)
    if any(found.name == request.params["fabric"].lower() for found in request.names.fabrics):
        raise conflict("FabricAlreadyExists", f"The fabric '{request.params['fabric']}' already exists.")
    for name in _NEEDED.get(kind or "", ()):
        details.text(name)
    for name in _SENT_IDENTITIES.get(kind or "", ()):
        identity(details.inner(name))
    keep(request, path, _new_fabric(request, kind, details))
    return instant_job(request, 2, "fabric", "CreateFabric", "Create fabric")


def _new_fabric(request: ParsedRequest, kind: str | None, details: BodyFields) -> dict[str, Json]:
    none = {"kekState": "None", "kekCertThumbprint": None, "kekCertExpiryDate": None}
    return {
        "friendlyName": request.params["fabric"],
        "encryptionDetails": none,
        "rolloverEncryptionDetails": none,
        "internalIdentifier": request.names.guid("fabric", request.params["fabric"]),
        "bcdrState": "Valid",
        "customDetails": None if kind is None else _custom(kind, details),
        "healthErrorDetails": [],
        "health": "Normal",
    }


_SITES: Final = ("vmwareSiteId", "physicalSiteId")
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {"InMageRcm": _SITES}
_SENT_IDENTITIES: Final[Mapping[str, tuple[str, ...]]] = {"InMageRcm": ("sourceAgentIdentity",)}
_SENT: Final[Mapping[str, tuple[str, ...]]] = {
    "Azure": ("location",),
    "InMageRcm": _SITES,
    "VMwareV2": (*_SITES, "migrationSolutionId"),
}
_SERVICE: Final = ("serviceEndpoint", "serviceResourceId", "serviceContainerId")
_UNSET: Final[Mapping[str, tuple[str, ...]]] = {
    "Azure": (),
    "InMageRcm": (*_SERVICE, "dataPlaneUri", "controlPlaneUri"),
    "VMwareV2": _SERVICE,
}
_EMPTY: Final[Mapping[str, tuple[str, ...]]] = {
    "Azure": ("containerIds", "zones", "extendedLocations", "locationDetails"),
    "InMageRcm": (
        *("processServers", "rcmProxies", "pushInstallers", "replicationAgents"),
        *("reprotectAgents", "marsAgents", "dras", "agentDetails"),
    ),
    "VMwareV2": ("processServers",),
}
"""By kind: what a request must name, the identities in it, what else it may name, and the keys of a new fabric that
are null or empty until it has servers."""


def _custom(kind: str, details: BodyFields) -> dict[str, Json]:
    custom: dict[str, Json] = {"instanceType": kind}
    custom |= {name: details.maybe(name) for name in _SENT[kind]}
    custom |= dict.fromkeys(_UNSET[kind]) | {name: [] for name in _EMPTY[kind]}
    return custom | {f"{name}Details": identity(details.inner(name)) for name in _SENT_IDENTITIES.get(kind, ())}


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
    found, body = fabric(request), properties_of(request.body)
    source, target = (_server(request, body, f"{which}ProcessServerId") for which in ("source", "target"))
    body.word("updateType", ("SystemLevel", "ServerLevel"))
    if (body.maybe("containerName") or found.container).lower() != found.container:
        raise not_here(body, "containerName", "container")
    switch_process_server(request.vault, _moved(request, body), source, target)
    # Recorded: a job for each of the two servers.
    jobs = [request.vault.record.note("server", name, "ProcessServerFailover", _CHANGING) for name in (source, target)]
    return accepted(request, jobs[-1], request.ids.child(below(request, 2)))


_CHANGING: Final = "Changing Process server"


def _server(request: ParsedRequest, body: BodyFields, field: str) -> str:
    body.text(field)
    return server_named(request, body, field) or ""


def _moved(request: ParsedRequest, body: BodyFields) -> list[str]:
    """The items that the body names by id or name; all of them where it names none."""
    found = []
    for wanted in body.words("vmsToMigrate"):
        name = request.names.items.get(wanted.rpartition("/")[2].lower())
        if name is None or name not in request.vault.items:
            where = body.at("vmsToMigrate")
            raise bad_request(f"{where} has '{wanted[:200]}', which is not an item of this vault.", target=where)
        found.append(name)
    return found


def fabric_result(request: ParsedRequest) -> Response:
    """GET F/operationresults/{operation}."""
    return result(request, _fabric_now)


def _fabric_now(request: ParsedRequest) -> Response:
    return reply(body_of(request, below(request, 2), fabric_body))


def _refuse_items(request: ParsedRequest) -> None:
    if made_at(request, below(request, 2)) is None and items_in(request, fabric(request)):
        raise conflict(
            "FabricInUse", f"The fabric '{request.params['fabric']}' has protected items; disable them first."
        )
