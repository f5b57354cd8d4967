"""The vault itself and what it keeps besides items: health, usages, settings, supported operating systems."""

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from typing import Final

from failback.reprotect import Architecture
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.kinds import KINDS
from failback.simulator.arm.wire.response import Json, Response, not_found, reply, resource
from failback.simulator.arm.wire.wire import RCM, V2A, shown

from .fabrics import fabrics_by_health
from .health_errors import health, issues
from .pages import whole
from .resources import listed, one

_NEWEST_FIRST: Final = (Architecture.MODERNISED, Architecture.CLASSIC)
_SYSTEMS: Final = (
    ("Windows Server 2019", "Windows"),
    ("Windows Server 2022", "Windows"),
    ("RHEL 8", "Linux"),
    ("Ubuntu 22.04", "Linux"),
)


def get_vault(request: ParsedRequest) -> Response:
    """GET V."""
    return reply(_vault(request))


def list_vaults(request: ParsedRequest) -> Response:
    """GET .../Microsoft.RecoveryServices/vaults: the one there is."""
    return whole([_vault(request)])


def list_vaults_of_subscription(request: ParsedRequest) -> Response:
    """GET /subscriptions/{subscription}/providers/Microsoft.RecoveryServices/vaults: the one there is."""
    return whole([_vault(request)])


def get_extended_info(request: ParsedRequest) -> Response:
    """GET V/extendedInformation/vaultExtendedInfo: PowerShell signs with this key; nobody checks it here."""
    key = b64encode(request.names.guid("integrity key").encode()).decode()
    properties = {"integrityKey": key, "encryptionKey": None, "encryptionKeyThumbprint": None, "algorithm": "None"}
    id_ = f"{request.ids.vault}/extendedInformation/vaultExtendedInfo"
    return reply(resource(id_, "extendedInformation", properties) | {"etag": "1"})


def list_usages(request: ParsedRequest) -> Response:
    """GET V/usages."""
    name = {"value": "ProtectedItemCount", "localizedValue": "Protected items"}
    usage = {
        "unit": "Count",
        "quotaPeriod": None,
        "nextResetTime": None,
        "currentValue": len(request.vault.items),
        "limit": -1,
    }
    return whole([usage | {"name": name}])


def list_replication_usages(request: ParsedRequest) -> Response:
    """GET V/replicationUsages. Seen live: one object and no list, whatever the SDK's model says.

    What stands below protectedItemsSummary was not recorded (guess).
    """
    states = [job.state.value for job in request.vault.jobs.values() if job.parent is None]
    jobs = {
        "failedJobs": states.count("failed"),
        "suspendedJobs": states.count("suspended"),
        "inProgressJobs": states.count("in_progress"),
    }
    monitoring = {
        "unHealthyVmCount": _critical(request),
        "unHealthyProviderCount": 0,
        "eventsCount": sum(len(item.health_errors) for item in request.vault.items.values()),
        "deprecatedProviderCount": 0,
        "supportedProviderCount": len(request.names.fabrics),
        "unsupportedProviderCount": 0,
    }
    usage = {
        "monitoringSummary": monitoring,
        "jobsSummary": jobs,
        "protectedItemsSummary": _protected_items(request),
        "protectedItemCount": len(request.vault.items),
        "recoveryPlanCount": len(request.world.site.estate.recovery_plans),
        "registeredServersCount": len(request.names.fabrics),
        "recoveryServicesProviderAuthType": 1,
    }
    return reply(usage)


def _protected_items(request: ParsedRequest) -> Json:
    kinds = Counter(shown(item).provider for item in request.vault.items.values())
    return {"totalCount": len(request.vault.items), "countByProvider": dict(sorted(kinds.items()))}


def get_health(request: ParsedRequest) -> Response:
    """GET V/replicationVaultHealth."""
    found = Counter(health(item) for item in request.vault.items.values())
    counts = {level: found[level] for level in ("Normal", "Warning", "Critical")}
    properties = {
        "vaultErrors": [],
        "protectedItemsHealth": _summary(len(request.vault.items), counts, issues(request)),
        "fabricsHealth": _summary(len(request.names.fabrics), fabrics_by_health(request)),
        "containersHealth": _summary(len(request.names.fabrics), {"Normal": len(request.names.fabrics)}),
    }
    return reply(resource(request.ids.child("replicationVaultHealth", "default"), "replicationVaultHealth", properties))


def list_alert_settings(request: ParsedRequest) -> Response:
    """GET V/replicationAlertSettings."""
    return listed(request, [_alerts(request)], "replicationAlertSettings")


def get_alert_setting(request: ParsedRequest) -> Response:
    """GET V/replicationAlertSettings/{setting}."""
    return one(request, 2, alert_body)


def alert_body(request: ParsedRequest) -> Json:
    """The vault's own alert setting."""
    _named(request.params["setting"], "defaultAlertSetting")
    return _alerts(request)


def list_vault_settings(request: ParsedRequest) -> Response:
    """GET V/replicationVaultSettings."""
    return listed(request, [_settings(request)], "replicationVaultSettings")


def get_vault_setting(request: ParsedRequest) -> Response:
    """GET V/replicationVaultSettings/{setting}."""
    return one(request, 2, setting_body)


def setting_body(request: ParsedRequest) -> Json:
    """The vault's own setting."""
    _named(request.params["setting"], "default")
    return _settings(request)


def get_operating_systems(request: ParsedRequest) -> Response:
    """GET V/replicationSupportedOperatingSystems."""
    kinds = [request.query["instancetype"]] if request.query.get("instancetype") else [V2A, RCM]
    systems = [{"osName": name, "osType": family, "osVersions": []} for name, family in _SYSTEMS]
    properties = {"supportedOsList": [{"instanceType": kind, "supportedOs": systems} for kind in kinds]}
    id_ = request.ids.child("replicationSupportedOperatingSystems", "default")
    return reply(resource(id_, "replicationSupportedOperatingSystems", properties))


def vault_head(request: ParsedRequest) -> dict[str, Json]:
    """What every list shows of the vault."""
    return {
        "id": request.ids.vault,
        "name": request.ids.vault_name,
        "type": "Microsoft.RecoveryServices/vaults",
        "location": "westeurope",
    }


def _vault(request: ParsedRequest) -> Json:
    properties = {
        "provisioningState": "Succeeded",
        "privateEndpointStateForSiteRecovery": "None",
        "publicNetworkAccess": "Enabled",
    }
    return vault_head(request) | {
        "tags": {},
        "sku": {"name": "RS0", "tier": "Standard"},
        "etag": "1",
        "properties": properties,
    }


def _critical(request: ParsedRequest) -> int:
    return sum(bool(item.health_errors) for item in request.vault.items.values())


def _summary(count: int, counts: dict[str, int], found: Sequence[Json] = ()) -> Json:
    return {"resourceCount": count, "issues": list(found), "categorizedResourceCounts": counts}


def _alerts(request: ParsedRequest) -> Json:
    properties = {"sendToOwners": "DoNotSend", "customEmailAddresses": [], "locale": "en-US"}
    return resource(
        request.ids.child("replicationAlertSettings", "defaultAlertSetting"), "replicationAlertSettings", properties
    )


def _settings(request: ParsedRequest) -> Json:
    here = {found.architecture for found in request.names.fabrics}
    newest = next((architecture for architecture in _NEWEST_FIRST if architecture in here), _NEWEST_FIRST[-1])
    properties = {"migrationSolutionId": None, "vmwareToAzureProviderType": KINDS[newest].to_azure}
    return resource(request.ids.child("replicationVaultSettings", "default"), "replicationVaultSettings", properties)


def _named(wanted: str, name: str) -> None:
    if wanted.lower() != name.lower():
        raise not_found(f"The setting '{wanted}'")
