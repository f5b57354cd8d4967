"""What clients set of the vault itself: alerts, settings, a fresh look at its health, its certificate."""

from typing import Final

from failback.simulator.arm.reads.resources import below, body_of, keep
from failback.simulator.arm.reads.vault_reads import alert_body, get_health, setting_body
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import result
from failback.simulator.arm.wire.body_fields import properties_of
from failback.simulator.arm.wire.response import Json, Response, reply, resource

from .instant_jobs import instant_job

_SIZES: Final = (
    ("Standard_D2s_v3", 2, 8.0, 4, 2),
    ("Standard_D4s_v3", 4, 16.0, 8, 2),
    ("Standard_E8s_v3", 8, 64.0, 16, 4),
)


def put_alert_setting(request: ParsedRequest) -> Response:
    """PUT V/replicationAlertSettings/{setting}: done at once."""
    body, path = properties_of(request.body), below(request, 2)
    values = {
        "sendToOwners": body.word("sendToOwners", ("Send", "DoNotSend")) or "DoNotSend",
        "customEmailAddresses": body.words("customEmailAddresses"),
        "locale": body.maybe("locale") or "en-US",
    }
    keep(request, path, values)
    return reply(body_of(request, path, alert_body))


def put_vault_setting(request: ParsedRequest) -> Response:
    """PUT V/replicationVaultSettings/{setting}: done at once (the service answers 200 only)."""
    body, path = properties_of(request.body), below(request, 2)
    values = {name: body.maybe(name) for name in ("migrationSolutionId", "vmwareToAzureProviderType")}
    keep(request, path, values)
    return reply(body_of(request, path, setting_body))


def refresh_health(request: ParsedRequest) -> Response:
    """POST V/replicationVaultHealth/default/refresh."""
    for name in request.vault.items:
        request.vault.record.review_replication(name)
    return instant_job(request, 2, "vault", "RefreshVaultHealth", "Refresh vault health")


def health_result(request: ParsedRequest) -> Response:
    """GET V/replicationVaultHealth/default/operationresults/{operation}."""
    return result(request, get_health)


def put_certificate(request: ParsedRequest) -> Response:
    """PUT V/certificates/{certificate}: the classic PowerShell client asks for one; nobody checks it here."""
    body = properties_of(request.body)
    properties: dict[str, Json] = {
        "authType": body.maybe("authType") or "AzureActiveDirectory",
        "certificate": body.maybe("certificate"),
        "friendlyName": request.params["certificate"],
        "issuer": "failback",
        "resourceId": 1,
        "subject": "failback",
        "thumbprint": "0" * 40,
        "validFrom": request.when(0.0),
        "validTo": request.when(3e8),
        "aadAuthority": request.origin,
        "aadTenantId": request.names.guid("tenant"),
        "servicePrincipalClientId": request.names.guid("principal"),
        "servicePrincipalObjectId": request.names.guid("principal object"),
        "azureManagementEndpointAudience": request.origin,
    }
    return reply(resource(request.ids.child("certificates", request.params["certificate"]), "certificates", properties))


def list_compute_sizes(request: ParsedRequest) -> Response:
    """GET I/targetComputeSizes: three of Azure's sizes."""
    path = below(request, 6)
    sizes = [
        {
            "id": f"{request.ids.child(path)}/targetComputeSizes/{name}",
            "name": name,
            "type": "targetComputeSizes",
            "properties": {
                "name": name,
                "friendlyName": name.replace("_", " "),
                "cpuCoresCount": cores,
                "vCPUsAvailable": cores,
                "memoryInGB": memory,
                "maxDataDiskCount": disks,
                "maxNicsCount": nics,
                "errors": [],
                "highIopsSupported": "True",
                "hyperVGenerations": ["V1", "V2"],
            },
        }
        for name, cores, memory, disks, nics in _SIZES
    ]
    return reply({"value": sizes, "nextLink": None})
