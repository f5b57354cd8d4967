"""What clients set of the vault itself: alerts, settings, a fresh look at its health, its certificate."""

from typing import Final

from failback.simulator.arm.reads.kept import below, body_of, keep
from failback.simulator.arm.reads.vault_reads import alert_body, get_health, setting_body
from failback.simulator.arm.state.long_running import result
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.body_fields import properties_of
from failback.simulator.arm.wire.response import Json, Response, reply, resource

from .errands import errand

_SIZES: Final = (
    ("Standard_D2s_v3", 2, 8.0, 4, 2),
    ("Standard_D4s_v3", 4, 16.0, 8, 2),
    ("Standard_E8s_v3", 8, 64.0, 16, 4),
)


def put_alert_setting(ask: Ask) -> Response:
    """PUT V/replicationAlertSettings/{setting}: done at once."""
    body, path = properties_of(ask.body), below(ask, 2)
    said = {
        "sendToOwners": body.maybe("sendToOwners") or "DoNotSend",
        "customEmailAddresses": body.words("customEmailAddresses"),
        "locale": body.maybe("locale") or "en-US",
    }
    keep(ask, path, said)
    return reply(body_of(ask, path, alert_body))


def put_vault_setting(ask: Ask) -> Response:
    """PUT V/replicationVaultSettings/{setting}: done at once (the service answers 200 only)."""
    body, path = properties_of(ask.body), below(ask, 2)
    said = {name: body.maybe(name) for name in ("migrationSolutionId", "vmwareToAzureProviderType")}
    keep(ask, path, said)
    return reply(body_of(ask, path, setting_body))


def refresh_health(ask: Ask) -> Response:
    """POST V/replicationVaultHealth/default/refresh."""
    for name in ask.vault.items:
        ask.vault.record.review_replication(name)
    return errand(ask, 2, "vault", "RefreshVaultHealth", "Refresh vault health")


def health_result(ask: Ask) -> Response:
    """GET V/replicationVaultHealth/default/operationresults/{operation}."""
    return result(ask, get_health)


def put_certificate(ask: Ask) -> Response:
    """PUT V/certificates/{certificate}: the classic PowerShell client asks for one; nobody checks it here."""
    properties_of(ask.body)
    properties: dict[str, Json] = {
        "authType": "AzureActiveDirectory",
        "certificate": None,
        "friendlyName": ask.params["certificate"],
        "issuer": "failback",
        "resourceId": 1,
        "subject": "failback",
        "thumbprint": "0" * 40,
        "validFrom": ask.when(0.0),
        "validTo": ask.when(3e8),
        "aadAuthority": ask.origin,
        "aadTenantId": ask.names.guid("tenant"),
        "servicePrincipalClientId": ask.names.guid("principal"),
        "servicePrincipalObjectId": ask.names.guid("principal object"),
        "azureManagementEndpointAudience": ask.origin,
    }
    return reply(resource(ask.ids.child("certificates", ask.params["certificate"]), "certificates", properties))


def list_compute_sizes(ask: Ask) -> Response:
    """GET I/targetComputeSizes: three of Azure's sizes."""
    path = below(ask, 6)
    sizes = [
        {
            "id": f"{ask.ids.child(path)}/targetComputeSizes/{name}",
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
