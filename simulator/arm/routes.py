"""The routes: what the mock serves, in one table, and how a path finds its row.

`operation` is the SDK's name for it, or ours where the SDK has none. `evidence` says how the shape of the answer is known: recorded,
official example, SDK model only, or inferred.
"""

# ruff: noqa: E501  (a row of a table is one line)

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from .reads import (
    arm_endpoints,
    azure_disks,
    azure_resources,
    compute,
    containers,
    events,
    fabrics,
    interfaces,
    items,
    neighbours,
    networks,
    policies,
    protectable_items,
    recovery_points,
    resource_graph,
    vmware_sites,
)
from .reads import vault_reads as vault
from .reads.appliances import list_appliances
from .reads.job_export import export_jobs
from .state import long_running as lro
from .state.context import ParsedRequest
from .wire.paths import (
    ACCOUNTS,
    DISKS,
    GROUP,
    INTERFACES,
    MACHINE,
    MACHINES,
    NETWORK_MAPPING,
    NETWORKS,
    PROVIDER,
    PUBLIC_ADDRESSES,
    SITES,
    SUBSCRIPTION,
    VAULTS,
)
from .wire.paths import CONTAINER as C
from .wire.paths import FABRIC as F
from .wire.paths import ITEM as I
from .wire.paths import JOB as J
from .wire.paths import PLAN as P
from .wire.paths import VAULT as V
from .wire.response import ArmError, Response
from .wire.unserved import UNSERVED
from .writes import (
    deployments,
    fabric_writes,
    item_disks,
    item_instant_jobs,
    jobs,
    network_mappings,
    part_writes,
    plans,
    policy_writes,
    protecting,
)
from .writes import item_operations as ask_item
from .writes import plan_operations as ask_plan
from .writes import settings_writes as settings

Serve: TypeAlias = Callable[[ParsedRequest], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One row."""

    operation: str
    verb: str
    path: str
    serve: Serve
    evidence: str


_REC, _EXAMPLE, _MODEL, _GUESS = "recorded", "official example", "SDK model only", "inferred"

# fmt: off
ROUTES: Final[tuple[Route, ...]] = (
    Route("replication_fabrics.list",                                                        "GET",  V + "/replicationFabrics",                           fabrics.list_fabrics,                _REC),
    Route("replication_fabrics.get",                                                         "GET",  F,                                                   fabrics.get_fabric,                  _REC),
    Route("replication_recovery_services_providers.list",                                    "GET",  V + "/replicationRecoveryServicesProviders",         fabrics.list_providers,              _EXAMPLE),
    Route("replication_recovery_services_providers.list_by_replication_fabrics",             "GET",  F + "/replicationRecoveryServicesProviders",         fabrics.list_providers_of_fabric,    _EXAMPLE),
    Route("replication_recovery_services_providers.get",                                     "GET",  PROVIDER,                                            fabrics.get_provider,                _EXAMPLE),
    Route("replication_recovery_services_providers.begin_refresh_provider",                  "POST", PROVIDER + "/refreshProvider",                       fabrics.refresh_provider,            _EXAMPLE),
    Route("replicationv_centers.list",                                                       "GET",  V + "/replicationvCenters",                          fabrics.list_vcenters,               _EXAMPLE),
    Route("replicationv_centers.list_by_replication_fabrics",                                "GET",  F + "/replicationvCenters",                          fabrics.list_vcenters_of_fabric,     _EXAMPLE),
    Route("replicationv_centers.get",                                                        "GET",  F + "/replicationvCenters/{vcenter}",                fabrics.get_vcenter,                 _EXAMPLE),
    Route("replication_protection_containers.list",                                          "GET",  V + "/replicationProtectionContainers",              containers.list_containers,          _REC),
    Route("replication_protection_containers.list_by_replication_fabrics",                   "GET",  F + "/replicationProtectionContainers",              containers.list_containers_of_fabric, _REC),
    Route("replication_protection_containers.get",                                           "GET",  C,                                                   containers.get_container,            _REC),
    Route("replication_protection_container_mappings.list",                                  "GET",  V + "/replicationProtectionContainerMappings",       containers.list_mappings,            _REC),
    Route("replication_protection_container_mappings.list_by_replication_protection_containers", "GET", C + "/replicationProtectionContainerMappings",   containers.list_mappings_of_container, _REC),
    Route("replication_protection_container_mappings.get",                                   "GET",  C + "/replicationProtectionContainerMappings/{mapping}", containers.get_mapping,          _REC),
    Route("replication_policies.list",                                                       "GET",  V + "/replicationPolicies",                          policies.list_policies,              _REC),
    Route("replication_policies.get",                                                        "GET",  V + "/replicationPolicies/{policy}",                 policies.get_policy,                 _REC),
    Route("replication_protectable_items.list_by_replication_protection_containers",         "GET",  C + "/replicationProtectableItems",                  protectable_items.list_protectable_items, _REC),
    Route("replication_protectable_items.get",                                               "GET",  C + "/replicationProtectableItems/{protectable}",    protectable_items.get_protectable_item, _REC),
    Route("replication_protected_items.list",                                                "GET",  V + "/replicationProtectedItems",                    items.list_items,                    _REC),
    Route("replication_protected_items.list_by_replication_protection_containers",           "GET",  C + "/replicationProtectedItems",                    items.list_items_of_container,       _REC),
    Route("replication_protected_items.get",                                                 "GET",  I,                                                   items.get_item,                      _REC),
    Route("replication_protected_items.begin_unplanned_failover",                            "POST", I + "/unplannedFailover",                            ask_item.unplanned_failover,         _REC),
    Route("replication_protected_items.begin_planned_failover",                              "POST", I + "/plannedFailover",                              ask_item.planned_failover,           _REC),
    Route("replication_protected_items.begin_reprotect",                                     "POST", I + "/reProtect",                                    ask_item.reprotect,                  _REC),
    Route("replication_protected_items.begin_failover_commit",                               "POST", I + "/failoverCommit",                               ask_item.failover_commit,            _REC),
    Route("replication_protected_items.begin_failover_cancel",                               "POST", I + "/failoverCancel",                               ask_item.failover_cancel,            _EXAMPLE),
    Route("replication_protected_items.begin_test_failover",                                 "POST", I + "/testFailover",                                 ask_item.test_failover,              _EXAMPLE),
    Route("replication_protected_items.begin_test_failover_cleanup",                         "POST", I + "/testFailoverCleanup",                          ask_item.test_failover_cleanup,      _EXAMPLE),
    Route("replication_protected_items.begin_repair_replication",                            "POST", I + "/repairReplication",                            ask_item.repair_replication,         _EXAMPLE),
    Route("recovery_points.list_by_replication_protected_items",                             "GET",  I + "/recoveryPoints",                               recovery_points.list_points,         _EXAMPLE),
    Route("recovery_points.get",                                                             "GET",  I + "/recoveryPoints/{point}",                       recovery_points.get_point,           _EXAMPLE),
    Route("replication_jobs.list",                                                           "GET",  V + "/replicationJobs",                              jobs.list_jobs,                      _REC),
    Route("replication_jobs.get",                                                            "GET",  J,                                                   jobs.get_job,                        _REC),
    Route("replication_jobs.begin_cancel",                                                   "POST", J + "/cancel",                                       jobs.cancel_job,                     _EXAMPLE),
    Route("replication_jobs.begin_restart",                                                  "POST", J + "/restart",                                      jobs.restart_job,                    _EXAMPLE),
    Route("replication_jobs.begin_resume",                                                   "POST", J + "/resume",                                       jobs.resume_job,                     _EXAMPLE),
    Route("replication_recovery_plans.list",                                                 "GET",  V + "/replicationRecoveryPlans",                     plans.list_plans,                    _EXAMPLE),
    Route("replication_recovery_plans.get",                                                  "GET",  P,                                                   plans.get_plan,                      _EXAMPLE),
    Route("replication_recovery_plans.begin_create",                                         "PUT",  P,                                                   plans.create_plan,                   _EXAMPLE),
    Route("replication_recovery_plans.begin_unplanned_failover",                             "POST", P + "/unplannedFailover",                            ask_plan.plan_unplanned_failover,    _EXAMPLE),
    Route("replication_recovery_plans.begin_planned_failover",                               "POST", P + "/plannedFailover",                              ask_plan.plan_planned_failover,      _EXAMPLE),
    Route("replication_recovery_plans.begin_failover_commit",                                "POST", P + "/failoverCommit",                               ask_plan.plan_commit,                _EXAMPLE),
    Route("replication_recovery_plans.begin_failover_cancel",                                "POST", P + "/failoverCancel",                               ask_plan.plan_cancel,                _MODEL),
    Route("replication_recovery_plans.begin_reprotect",                                      "POST", P + "/reProtect",                                    ask_plan.plan_reprotect,             _EXAMPLE),
    Route("replication_recovery_plans.begin_test_failover",                                  "POST", P + "/testFailover",                                 ask_plan.plan_test_failover,         _EXAMPLE),
    Route("replication_recovery_plans.begin_test_failover_cleanup",                          "POST", P + "/testFailoverCleanup",                          ask_plan.plan_test_cleanup,          _EXAMPLE),
    Route("replication_events.list",                                                         "GET",  V + "/replicationEvents",                            events.list_events,                  _EXAMPLE),
    Route("replication_events.get",                                                          "GET",  V + "/replicationEvents/{event}",                    events.get_event,                    _EXAMPLE),
    Route("replication_vault_health.get",                                                    "GET",  V + "/replicationVaultHealth",                       vault.get_health,                    _EXAMPLE),
    Route("replication_alert_settings.list",                                                 "GET",  V + "/replicationAlertSettings",                     vault.list_alert_settings,           _EXAMPLE),
    Route("replication_alert_settings.get",                                                  "GET",  V + "/replicationAlertSettings/{setting}",           vault.get_alert_setting,             _EXAMPLE),
    Route("replication_vault_setting.list",                                                  "GET",  V + "/replicationVaultSettings",                     vault.list_vault_settings,           _MODEL),
    Route("replication_vault_setting.get",                                                   "GET",  V + "/replicationVaultSettings/{setting}",           vault.get_vault_setting,             _MODEL),
    Route("supported_operating_systems.get",                                                 "GET",  V + "/replicationSupportedOperatingSystems",         vault.get_operating_systems,         _EXAMPLE),
    Route("replication_appliances.list",                                                     "GET",  V + "/replicationAppliances",                        list_appliances,                     _EXAMPLE),
    Route("vaults.get",                                                                      "GET",  V,                                                   vault.get_vault,                     _REC),
    Route("vaults.list_by_resource_group",                                                   "GET",  VAULTS,                                              vault.list_vaults,                   _REC),
    Route("usages.list_by_vaults",                                                           "GET",  V + "/usages",                                       vault.list_usages,                   _EXAMPLE),
    Route("replication_usages.list",                                                         "GET",  V + "/replicationUsages",                            vault.list_replication_usages,       _EXAMPLE),
    Route("replication_fabrics.begin_create",                                                       "PUT",   F,                                                   fabric_writes.create_fabric,         _EXAMPLE),
    Route("replication_fabrics.begin_purge",                                                        "DELETE", F,                                                   fabric_writes.remove_fabric,         _EXAMPLE),
    Route("replication_fabrics.begin_delete",                                                       "POST",  F + "/remove",                                       fabric_writes.remove_fabric,         _EXAMPLE),
    Route("replication_fabrics.begin_check_consistency",                                            "POST",  F + "/checkConsistency",                             fabric_writes.check_consistency,     _EXAMPLE),
    Route("replication_fabrics.begin_migrate_to_aad",                                               "POST",  F + "/migratetoaad",                                 fabric_writes.migrate_to_aad,        _EXAMPLE),
    Route("replication_fabrics.begin_reassociate_gateway",                                          "POST",  F + "/reassociateGateway",                           fabric_writes.reassociate_gateway,   _EXAMPLE),
    Route("replication_fabrics.begin_renew_certificate",                                            "POST",  F + "/renewCertificate",                             fabric_writes.renew_certificate,     _EXAMPLE),
    Route("replication_fabrics.begin_remove_infra",                                                 "POST",  F + "/removeInfra",                                  fabric_writes.remove_infra,          _MODEL),
    Route("replicationv_centers.begin_create",                                                      "PUT",   F + "/replicationvCenters/{vcenter}",                part_writes.create_vcenter,          _EXAMPLE),
    Route("replicationv_centers.begin_update",                                                      "PATCH", F + "/replicationvCenters/{vcenter}",                part_writes.update_vcenter,          _EXAMPLE),
    Route("replicationv_centers.begin_delete",                                                      "DELETE", F + "/replicationvCenters/{vcenter}",                part_writes.delete_vcenter,          _EXAMPLE),
    Route("replication_protection_containers.begin_create",                                         "PUT",   C,                                                   part_writes.create_container,        _EXAMPLE),
    Route("replication_protection_containers.begin_delete",                                         "POST",  C + "/remove",                                       part_writes.remove_container,        _EXAMPLE),
    Route("replication_protection_containers.begin_discover_protectable_item",                      "POST",  C + "/discoverProtectableItem",                      part_writes.discover_protectable,    _EXAMPLE),
    Route("replication_protection_container_mappings.begin_create",                                 "PUT",   C + "/replicationProtectionContainerMappings/{mapping}", part_writes.create_mapping,          _EXAMPLE),
    Route("replication_protection_container_mappings.begin_update",                                 "PATCH", C + "/replicationProtectionContainerMappings/{mapping}", part_writes.update_mapping,          _EXAMPLE),
    Route("replication_protection_container_mappings.begin_purge",                                  "DELETE", C + "/replicationProtectionContainerMappings/{mapping}", part_writes.remove_mapping,          _EXAMPLE),
    Route("replication_protection_container_mappings.begin_delete",                                 "POST",  C + "/replicationProtectionContainerMappings/{mapping}/remove", part_writes.remove_mapping,          _EXAMPLE),
    Route("replication_recovery_services_providers.begin_create",                                   "PUT",   PROVIDER,                                            part_writes.create_provider,         _EXAMPLE),
    Route("replication_recovery_services_providers.begin_delete",                                   "POST",  PROVIDER + "/remove",                                part_writes.remove_provider,         _EXAMPLE),
    Route("replication_recovery_services_providers.begin_purge",                                    "DELETE", PROVIDER,                                            part_writes.remove_provider,         _EXAMPLE),
    Route("replication_policies.begin_create",                                                      "PUT",   V + "/replicationPolicies/{policy}",                 policy_writes.create_policy,         _EXAMPLE),
    Route("replication_policies.begin_update",                                                      "PATCH", V + "/replicationPolicies/{policy}",                 policy_writes.update_policy,         _EXAMPLE),
    Route("replication_policies.begin_delete",                                                      "DELETE", V + "/replicationPolicies/{policy}",                 policy_writes.delete_policy,         _EXAMPLE),
    Route("replication_protected_items.begin_create",                                               "PUT",   I,                                                   protecting.enable_protection,        _EXAMPLE),
    Route("replication_protected_items.begin_update",                                               "PATCH", I,                                                   protecting.update_protection,        _EXAMPLE),
    Route("replication_protected_items.begin_delete",                                               "POST",  I + "/remove",                                       protecting.disable_protection,       _EXAMPLE),
    Route("replication_protected_items.begin_purge",                                                "DELETE", I,                                                   protecting.purge_protection,         _EXAMPLE),
    Route("replication_protected_items.begin_add_disks",                                            "POST",  I + "/addDisks",                                     item_disks.add_disks,                _EXAMPLE),
    Route("replication_protected_items.begin_remove_disks",                                         "POST",  I + "/removeDisks",                                  item_disks.remove_disks,             _GUESS),
    Route("replication_protected_items.begin_apply_recovery_point",                                 "POST",  I + "/applyRecoveryPoint",                           item_instant_jobs.apply_recovery_point,   _EXAMPLE),
    Route("replication_protected_items.begin_resolve_health_errors",                                "POST",  I + "/resolveHealthErrors",                          item_instant_jobs.resolve_health_errors,  _EXAMPLE),
    Route("replication_protected_items.begin_switch_provider",                                      "POST",  I + "/switchProvider",                               item_instant_jobs.switch_provider,        _EXAMPLE),
    Route("replication_protected_items.begin_update_appliance",                                     "POST",  I + "/updateAppliance",                              item_instant_jobs.update_appliance,       _EXAMPLE),
    Route("replication_protected_items.begin_update_mobility_service",                              "POST",  I + "/updateMobilityService",                        item_instant_jobs.update_mobility_service, _EXAMPLE),
    Route("replication_protected_items.begin_reinstall_mobility_service",                           "POST",  I + "/reinstallMobilityService",                     item_instant_jobs.reinstall_mobility_service, _MODEL),
    Route("target_compute_sizes.list_by_replication_protected_items",                               "GET",   I + "/targetComputeSizes",                           settings.list_compute_sizes,         _EXAMPLE),
    Route("replication_jobs.begin_export",                                                          "POST",  V + "/replicationJobs/export",                       export_jobs,                         _EXAMPLE),
    Route("replication_recovery_plans.begin_update",                                                "PATCH", P,                                                   plans.update_plan,                   _EXAMPLE),
    Route("replication_recovery_plans.begin_delete",                                                "DELETE", P,                                                   plans.delete_plan,                   _EXAMPLE),
    Route("replication_vault_health.begin_refresh",                                                 "POST",  V + "/replicationVaultHealth/default/refresh",       settings.refresh_health,             _EXAMPLE),
    Route("replication_vault_setting.begin_create",                                                 "PUT",   V + "/replicationVaultSettings/{setting}",           settings.put_vault_setting,          _MODEL),
    Route("replication_alert_settings.create",                                                      "PUT",   V + "/replicationAlertSettings/{setting}",           settings.put_alert_setting,          _EXAMPLE),
    Route("vault_certificates.create",                                                              "PUT",   V + "/certificates/{certificate}",                   settings.put_certificate,            _GUESS),
    Route("replication_networks.list", "GET", V + "/replicationNetworks", networks.list_networks, _GUESS),
    Route("replication_networks.list_by_replication_fabrics", "GET", F + "/replicationNetworks", networks.list_networks_of_fabric, _GUESS),
    Route("replication_networks.get", "GET", F + "/replicationNetworks/{network}", networks.get_network, _GUESS),
    Route("replication_network_mappings.list", "GET", V + "/replicationNetworkMappings", networks.list_mappings, _GUESS),
    Route("replication_network_mappings.list_by_replication_networks", "GET", F + "/replicationNetworks/{network}/replicationNetworkMappings", networks.list_mappings_of_network, _GUESS),
    Route("replication_network_mappings.get", "GET", NETWORK_MAPPING, networks.get_mapping, _GUESS),
    Route("replication_network_mappings.begin_create", "PUT", NETWORK_MAPPING, network_mappings.create_mapping, _GUESS),
    Route("replication_network_mappings.begin_update", "PATCH", NETWORK_MAPPING, network_mappings.update_mapping, _GUESS),
    Route("replication_network_mappings.begin_delete", "DELETE", NETWORK_MAPPING, network_mappings.delete_mapping, _GUESS),
    Route("long running: network mapping", "GET", NETWORK_MAPPING + "/operationresults/{operation}", network_mappings.mapping_result, _GUESS),
    Route("long running: fabric",                                                                   "GET",   F + "/operationresults/{operation}",                 fabric_writes.fabric_result,         _GUESS),
    Route("long running: vCenter",                                                                  "GET",   F + "/replicationvCenters/{vcenter}" + "/operationresults/{operation}", part_writes.vcenter_result,          _GUESS),
    Route("long running: container",                                                                "GET",   C + "/operationresults/{operation}",                 part_writes.container_result,        _GUESS),
    Route("long running: mapping",                                                                  "GET",   C + "/replicationProtectionContainerMappings/{mapping}" + "/operationresults/{operation}", part_writes.mapping_result,          _GUESS),
    Route("long running: policy",                                                                   "GET",   V + "/replicationPolicies/{policy}" + "/operationresults/{operation}", policy_writes.policy_result,         _GUESS),
    Route("long running: vault health",                                                             "GET",   V + "/replicationVaultHealth/default" + "/operationresults/{operation}", settings.health_result,              _GUESS),
    Route("arm: openid",                                                                            "GET",   "/{tenant}/v2.0/.well-known/openid-configuration",   arm_endpoints.openid,                _GUESS),
    Route("arm: instances",                                                                         "GET",   "/common/discovery/instance",                        arm_endpoints.instances,             _GUESS),
    Route("arm: managed identity",                                                                  "GET",   "/metadata/identity/oauth2/token",                   arm_endpoints.managed_identity,      _GUESS),
    Route("long running: status",                                                            "GET",  V + "/replicationOperationStatus/{operation}",       lro.status,                          _GUESS),
    Route("long running: item",                                                              "GET",  I + "/operationresults/{operation}",                 items.item_result,                   _REC),
    Route("long running: recovery plan",                                                     "GET",  P + "/operationresults/{operation}",                 plans.plan_result,                   _GUESS),
    Route("long running: job",                                                               "GET",  J + "/operationresults/{operation}",                 jobs.job_result,                     _GUESS),
    Route("long running: provider",                                                          "GET",  PROVIDER + "/operationresults/{operation}",          fabrics.provider_result,             _GUESS),
    Route("compute: machine",                                                                "GET",  MACHINE,                                             compute.get_machine,                 _GUESS),
    Route("compute: machines", "GET", MACHINES, compute.list_machines, _GUESS),
    Route("compute: machines of a subscription", "GET", SUBSCRIPTION + "/providers/Microsoft.Compute/virtualMachines", compute.list_machines, _GUESS),
    Route("compute: delete machine", "DELETE", MACHINE, compute.delete_machine, _GUESS),
    Route("arm: networks of a subscription", "GET", SUBSCRIPTION + "/providers/Microsoft.Network/virtualNetworks", neighbours.list_networks, _GUESS),
    Route("arm: storage accounts of a subscription", "GET", SUBSCRIPTION + "/providers/Microsoft.Storage/storageAccounts", neighbours.list_accounts, _GUESS),
    Route("compute: disks", "GET", DISKS, azure_disks.list_disks, _GUESS),
    Route("arm: public addresses", "GET", PUBLIC_ADDRESSES, azure_disks.list_addresses, _GUESS),
    Route("compute: start machine",                                                          "POST", MACHINE + "/start",                                  compute.start_machine,               _GUESS),
    Route("compute: operation",                                                              "GET",  "/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/operations/{operation}", compute.machine_operation, _GUESS),
    Route("arm: subscriptions", "GET", "/subscriptions", neighbours.list_subscriptions, _GUESS),
    Route("arm: subscription", "GET", SUBSCRIPTION, neighbours.get_subscription, _GUESS),
    Route("arm: tenants", "GET", "/tenants", neighbours.list_tenants, _GUESS),
    Route("arm: locations", "GET", SUBSCRIPTION + "/locations", neighbours.list_locations, _GUESS),
    Route("arm: resource groups", "GET", SUBSCRIPTION + "/resourceGroups", neighbours.list_groups, _GUESS),
    Route("arm: resource group", "GET", GROUP, neighbours.get_group, _GUESS),
    Route("arm: vaults of a subscription", "GET", SUBSCRIPTION + "/providers/Microsoft.RecoveryServices/vaults", vault.list_vaults_of_subscription, _GUESS),
    Route("arm: networks", "GET", NETWORKS, neighbours.list_networks, _GUESS),
    Route("arm: network", "GET", NETWORKS + "/{name}", neighbours.get_network, _GUESS),
    Route("arm: put network", "PUT", NETWORKS + "/{name}", neighbours.put_network, _GUESS),
    Route("arm: network interfaces", "GET", INTERFACES, interfaces.list_interfaces, _GUESS),
    Route("arm: network interface", "GET", INTERFACES + "/{interface}", interfaces.get_interface, _GUESS),
    Route("arm: storage accounts", "GET", ACCOUNTS, neighbours.list_accounts, _GUESS),
    Route("arm: storage account", "GET", ACCOUNTS + "/{name}", neighbours.get_account, _GUESS),
    Route("arm: put storage account", "PUT", ACCOUNTS + "/{name}", neighbours.put_account, _GUESS),
    Route("arm: put deployment", "PUT", GROUP + "/providers/Microsoft.Resources/deployments/{name}", deployments.put_deployment, _GUESS),
    Route("arm: deployment", "GET", GROUP + "/providers/Microsoft.Resources/deployments/{name}", deployments.get_deployment, _GUESS),
    Route("arm: activity log", "GET", SUBSCRIPTION + "/providers/Microsoft.Insights/eventtypes/management/values", deployments.list_log, _GUESS),
    Route("discovery: sites", "GET", SITES, vmware_sites.list_sites, _GUESS),
    Route("discovery: site", "GET", SITES + "/{site}", vmware_sites.get_site, _GUESS),
    Route("discovery: machines", "GET", SITES + "/{site}/machines", vmware_sites.list_machines, _GUESS),
    Route("discovery: machine", "GET", SITES + "/{site}/machines/{machine}", vmware_sites.get_machine, _GUESS),
    Route("discovery: accounts", "GET", SITES + "/{site}/runAsAccounts", vmware_sites.list_accounts, _GUESS),
    Route("discovery: account", "GET", SITES + "/{site}/runAsAccounts/{account}", vmware_sites.get_account, _GUESS),
    Route("arm: extended information", "GET", V + "/extendedInformation/vaultExtendedInfo", vault.get_extended_info, _GUESS),
    Route("arm: resource graph", "POST", "/providers/Microsoft.ResourceGraph/resources", resource_graph.query, _GUESS),
    Route("arm: resources",                                                                  "GET",  "/subscriptions/{subscription}/resources",           azure_resources.list_resources,              _GUESS),
    Route("arm: endpoints",                                                                  "GET",  "/metadata/endpoints",                               arm_endpoints.metadata,              _GUESS),
    Route("arm: token",                                                                      "POST", "/{tenant}/oauth2/v2.0/token",                       arm_endpoints.token,                 _GUESS),
    Route("arm: register",                                                                   "POST", "/subscriptions/{subscription}/providers/{provider}/register", arm_endpoints.register,    _GUESS),
    Route("arm: provider",                                                                   "GET",  "/subscriptions/{subscription}/providers/{provider}", arm_endpoints.provider,             _GUESS),
)
# fmt: on

COVERAGE: Final = "docs/coverage-arm.md"
"""The page that lists every operation and where its shape is known from."""
WITHOUT_VERSION: Final = ("arm: endpoints", "arm: token", "arm: openid", "arm: instances", "arm: managed identity")
"""Operations that take a request without an api-version."""
FORMS: Final = ("arm: token",)
"""Operations whose body is a form, not JSON."""


@dataclass(slots=True)
class _Node:
    literal: dict[str, "_Node"] = field(default_factory=dict)
    any_name: "_Node | None" = None
    rows: dict[str, Route] = field(default_factory=dict)


def find(verb: str, segments: list[str]) -> tuple[Route, Mapping[str, str]]:
    """The row for this request and the names in its path. Literal segments compare in any case."""
    found = _below_node(_TREE, segments, 0)
    if found is None:
        why = f"There is nothing at this path; {COVERAGE} lists what this mock serves."
        raise ArmError(404, "InvalidResourceType", why)
    return _row(*found, verb)


def _below_node(node: _Node, segments: list[str], at: int) -> tuple[_Node, list[str]] | None:
    """The node of these segments with the names on the way; a literal one goes before a name, where both lead on."""
    if at == len(segments):
        return (node, []) if node.rows else None
    literal = node.literal.get(segments[at].lower())
    found = None if literal is None else _below_node(literal, segments, at + 1)
    if found is not None or node.any_name is None:
        return found
    named = _below_node(node.any_name, segments, at + 1)
    return None if named is None else (named[0], [segments[at], *named[1]])


def _row(node: _Node, names: list[str], verb: str) -> tuple[Route, Mapping[str, str]]:
    row = node.rows.get(verb)
    if row is None:
        verbs = ", ".join(sorted(node.rows))
        raise ArmError(405, "MethodNotAllowed", f"{verb[:20]} is not allowed for this path; {verbs} is.", allow=verbs)
    wanted = (part[1:-1] for part in row.path.split("/") if part.startswith("{"))
    return row, dict(zip(wanted, names, strict=True))


def _refuse(operation: str) -> Serve:
    def serve(request: ParsedRequest) -> Response:  # noqa: ARG001  (as all routes)
        raise ArmError(501, "NotImplemented", f"This mock does not serve {operation}; {COVERAGE} lists what it serves.")

    return serve


def _tree() -> _Node:
    root = _Node()
    unserved = (Route(name, verb, path, _refuse(name), "") for name, verb, path in UNSERVED)
    for row in (*ROUTES, *unserved):
        node = root
        for part in row.path.strip("/").split("/"):
            node = _below(node, part)
        node.rows[row.verb] = row
    return root


def _below(node: _Node, part: str) -> _Node:
    if part.startswith("{"):
        node.any_name = node.any_name or _Node()
        return node.any_name
    return node.literal.setdefault(part.lower(), _Node())


_TREE: Final = _tree()
