"""The vault itself and what it keeps besides items: health, usages, settings, supported operating systems."""

from collections import Counter
from typing import Final

from failback.reprotect import Architecture
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.response import Json, Response, not_found, reply, resource
from failback.simulator.arm.wire.wire import RCM, V2A

from .health_errors import health
from .kept import listed, one
from .pages import whole

_SYSTEMS: Final = (
    ("Windows Server 2019", "Windows"),
    ("Windows Server 2022", "Windows"),
    ("RHEL 8", "Linux"),
    ("Ubuntu 22.04", "Linux"),
)


def get_vault(ask: Ask) -> Response:
    """GET V."""
    return reply(_vault(ask))


def list_vaults(ask: Ask) -> Response:
    """GET .../Microsoft.RecoveryServices/vaults: the one there is."""
    return whole([_vault(ask)])


def list_usages(ask: Ask) -> Response:
    """GET V/usages."""
    name = {"value": "ProtectedItemCount", "localizedValue": "Protected items"}
    usage = {
        "unit": "Count",
        "quotaPeriod": None,
        "nextResetTime": None,
        "currentValue": len(ask.vault.items),
        "limit": -1,
    }
    return whole([usage | {"name": name}])


def list_replication_usages(ask: Ask) -> Response:
    """GET V/replicationUsages."""
    states = [job.state.value for job in ask.vault.jobs.values() if job.parent is None]
    jobs = {"failedJobs": states.count("failed"), "suspendedJobs": 0, "inProgressJobs": states.count("in_progress")}
    usage = {
        "monitoringSummary": {"unHealthyVmCount": _critical(ask), "unHealthyProviderCount": 0, "eventsCount": 0},
        "jobsSummary": jobs,
        "protectedItemCount": len(ask.vault.items),
        "recoveryPlanCount": len(ask.world.site.estate.recovery_plans),
        "registeredServersCount": len(ask.names.fabrics),
        "recoveryServicesProviderAuthType": 1,
    }
    return whole([usage])


def get_health(ask: Ask) -> Response:
    """GET V/replicationVaultHealth."""
    found = Counter(health(item) for item in ask.vault.items.values())
    counts = {level: found[level] for level in ("Normal", "Warning", "Critical")}
    properties = {
        "vaultErrors": [],
        "protectedItemsHealth": _summary(len(ask.vault.items), counts),
        "fabricsHealth": _summary(len(ask.names.fabrics), {"Normal": len(ask.names.fabrics)}),
        "containersHealth": _summary(len(ask.names.fabrics), {"Normal": len(ask.names.fabrics)}),
    }
    return reply(resource(ask.ids.child("replicationVaultHealth", "default"), "replicationVaultHealth", properties))


def list_alert_settings(ask: Ask) -> Response:
    """GET V/replicationAlertSettings."""
    return listed(ask, [_alerts(ask)], "replicationAlertSettings")


def get_alert_setting(ask: Ask) -> Response:
    """GET V/replicationAlertSettings/{setting}."""
    return one(ask, 2, alert_body)


def alert_body(ask: Ask) -> Json:
    """The vault's own alert setting."""
    _named(ask.params["setting"], "defaultAlertSetting")
    return _alerts(ask)


def list_vault_settings(ask: Ask) -> Response:
    """GET V/replicationVaultSettings."""
    return listed(ask, [_settings(ask)], "replicationVaultSettings")


def get_vault_setting(ask: Ask) -> Response:
    """GET V/replicationVaultSettings/{setting}."""
    return one(ask, 2, setting_body)


def setting_body(ask: Ask) -> Json:
    """The vault's own setting."""
    _named(ask.params["setting"], "default")
    return _settings(ask)


def get_operating_systems(ask: Ask) -> Response:
    """GET V/replicationSupportedOperatingSystems."""
    kinds = [ask.query["instancetype"]] if ask.query.get("instancetype") else [V2A, RCM]
    systems = [{"osName": name, "osType": family, "osVersions": []} for name, family in _SYSTEMS]
    properties = {"supportedOsList": [{"instanceType": kind, "supportedOs": systems} for kind in kinds]}
    id_ = ask.ids.child("replicationSupportedOperatingSystems", "default")
    return reply(resource(id_, "replicationSupportedOperatingSystems", properties))


def _vault(ask: Ask) -> Json:
    head = {
        "id": ask.ids.vault,
        "name": ask.ids.vault_name,
        "type": "Microsoft.RecoveryServices/vaults",
        "location": "westeurope",
    }
    properties = {
        "provisioningState": "Succeeded",
        "privateEndpointStateForSiteRecovery": "None",
        "publicNetworkAccess": "Enabled",
    }
    return head | {"tags": {}, "sku": {"name": "RS0", "tier": "Standard"}, "etag": "1", "properties": properties}


def _critical(ask: Ask) -> int:
    return sum(bool(item.health_errors) for item in ask.vault.items.values())


def _summary(count: int, counts: dict[str, int]) -> Json:
    return {"resourceCount": count, "issues": [], "categorizedResourceCounts": counts}


def _alerts(ask: Ask) -> Json:
    properties = {"sendToOwners": "DoNotSend", "customEmailAddresses": [], "locale": "en-US"}
    return resource(
        ask.ids.child("replicationAlertSettings", "defaultAlertSetting"), "replicationAlertSettings", properties
    )


def _settings(ask: Ask) -> Json:
    modern = any(found.architecture is Architecture.MODERNISED for found in ask.names.fabrics)
    properties = {"migrationSolutionId": None, "vmwareToAzureProviderType": RCM if modern else V2A}
    return resource(ask.ids.child("replicationVaultSettings", "default"), "replicationVaultSettings", properties)


def _named(wanted: str, name: str) -> None:
    if wanted.lower() != name.lower():
        raise not_found(f"The setting '{wanted}'")
