"""What may be asked of a fabric: made, checked, certificates, gateways, removed."""

from typing import Final

from failback.simulator import switch_process_server
from failback.simulator.arm.reads.fabrics import fabric_body, known_fabric
from failback.simulator.arm.reads.kept import below, body_of, drop, keep, made_at
from failback.simulator.arm.reads.looking_up import fabric
from failback.simulator.arm.state.long_running import result
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import Json, Response, bad_request, reply

from .choices_in_bodies import process_server
from .errands import conflict, errand

_KINDS: Final = ("Azure", "InMageRcm", "VMwareV2")
_IDENTITY: Final = ("tenantId", "applicationId", "objectId", "audience", "aadAuthority")


def create_fabric(ask: Ask) -> Response:
    """PUT F. A fabric without servers; the estate's own are there already."""
    details = properties_of(ask.body).inner("customDetails")
    kind = details.word("instanceType", _KINDS)
    path = below(ask, 2)
    if any(found.name == ask.params["fabric"].lower() for found in ask.names.fabrics):
        raise conflict("FabricAlreadyExists", f"The fabric '{ask.params['fabric']}' is there already.")
    identity = details.inner("sourceAgentIdentity")
    if kind == "InMageRcm":
        for name in ("vmwareSiteId", "physicalSiteId"):
            details.text(name)
        for name in _IDENTITY:
            identity.text(name)
    keep(ask, path, _new_fabric(ask, kind, details))
    return errand(ask, 2, "fabric", "CreateFabric", "Create fabric")


def _new_fabric(ask: Ask, kind: str | None, details: BodyFields) -> dict[str, Json]:
    custom: dict[str, Json] | None = None if kind is None else {"instanceType": kind}
    if custom is not None and kind != "Azure":
        custom |= {name: details.maybe(name) for name in ("vmwareSiteId", "physicalSiteId")} | {"processServers": []}
    none = {"kekState": "None", "kekCertThumbprint": None}
    return {
        "friendlyName": ask.params["fabric"],
        "encryptionDetails": none,
        "rolloverEncryptionDetails": none,
        "internalIdentifier": ask.names.guid("fabric", ask.params["fabric"]),
        "bcdrState": "Valid",
        "customDetails": custom,
        "healthErrorDetails": [],
        "health": "Normal",
    }


def remove_fabric(ask: Ask) -> Response:
    """POST F/remove and DELETE F: only of a fabric without items."""
    known_fabric(ask)
    _refuse_items(ask)
    answer = errand(ask, 2, "fabric", "DeleteFabric", "Delete fabric")
    drop(ask, below(ask, 2))
    return answer


def remove_infra(ask: Ask) -> Response:
    """POST F/removeInfra."""
    known_fabric(ask)
    _refuse_items(ask)
    return errand(ask, 2, "fabric", "RemoveInfrastructure", "Remove infrastructure")


def check_consistency(ask: Ask) -> Response:
    """POST F/checkConsistency."""
    known_fabric(ask)
    return errand(ask, 2, "fabric", "ConsistencyCheck", "Check consistency")


def migrate_to_aad(ask: Ask) -> Response:
    """POST F/migratetoaad."""
    known_fabric(ask)
    return errand(ask, 2, "fabric", "MigrateToAad", "Migrate to AAD")


def renew_certificate(ask: Ask) -> Response:
    """POST F/renewCertificate."""
    known_fabric(ask)
    properties_of(ask.body).maybe("renewCertificateType")
    return errand(ask, 2, "fabric", "RenewCertificate", "Renew certificate")


def reassociate_gateway(ask: Ask) -> Response:
    """POST F/reassociateGateway: items on the way home go on through the other process server."""
    fabric(ask)
    body = properties_of(ask.body)
    names = [process_server(ask, _as_server(body, key)) for key in ("sourceProcessServerId", "targetProcessServerId")]
    if None in names:
        raise bad_request("properties needs sourceProcessServerId and targetProcessServerId.")
    source, target = names
    moved = [name.rpartition("/")[2].lower() for name in body.words("vmsToMigrate")]
    asked = [name for name in ask.vault.items if ask.names.item_guids[name].lower() in moved]
    if not moved or asked:
        switch_process_server(ask.vault, asked, source, target or "")
    return errand(ask, 2, "fabric", "SwitchProcessServer", "Switch process server")


def _as_server(body: BodyFields, key: str) -> BodyFields:
    return BodyFields({"processServerId": body.maybe(key)}, "properties")


def fabric_result(ask: Ask) -> Response:
    """GET F/operationresults/{operation}."""
    return result(ask, _fabric_now)


def _fabric_now(ask: Ask) -> Response:
    return reply(body_of(ask, below(ask, 2), fabric_body))


def _refuse_items(ask: Ask) -> None:
    if made_at(ask, below(ask, 2)) is None and any(
        ask.names.fabric_of(item.architecture) is fabric(ask) for item in ask.vault.items.values()
    ):
        raise conflict("FabricInUse", f"The fabric '{ask.params['fabric']}' has protected items; disable them first.")
