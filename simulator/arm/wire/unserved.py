"""Operations of the SDK that the mock knows and does not serve: they answer 501 and say their name."""

# ruff: noqa: E501  (a row of a table is one line)

from typing import Final

from .paths import CONTAINER as C
from .paths import FABRIC as F
from .paths import VAULT as V

# fmt: off
UNSERVED: Final[tuple[tuple[str, str, str], ...]] = (
    ("cluster_recovery_point.get", "GET", C + "/replicationProtectionClusters/{replicationProtectionClusterName}/recoveryPoints/{recoveryPointName}"),
    ("cluster_recovery_points.list_by_replication_protection_cluster", "GET", C + "/replicationProtectionClusters/{replicationProtectionClusterName}/recoveryPoints"),
    ("migration_recovery_points.get", "GET", C + "/replicationMigrationItems/{migrationItemName}/migrationRecoveryPoints/{migrationRecoveryPointName}"),
    ("migration_recovery_points.list_by_replication_migration_items", "GET", C + "/replicationMigrationItems/{migrationItemName}/migrationRecoveryPoints"),
    ("operations.list", "GET", "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.RecoveryServices/operations"),
    ("replication_eligibility_results.get", "GET", "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{virtualMachineName}/providers/Microsoft.RecoveryServices/replicationEligibilityResults/default"),
    ("replication_eligibility_results.list", "GET", "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{virtualMachineName}/providers/Microsoft.RecoveryServices/replicationEligibilityResults"),
    ("replication_logical_networks.get", "GET", F + "/replicationLogicalNetworks/{logicalNetworkName}"),
    ("replication_logical_networks.list_by_replication_fabrics", "GET", F + "/replicationLogicalNetworks"),
    ("replication_migration_items.begin_create", "PUT", C + "/replicationMigrationItems/{migrationItemName}"),
    ("replication_migration_items.begin_delete", "DELETE", C + "/replicationMigrationItems/{migrationItemName}"),
    ("replication_migration_items.begin_migrate", "POST", C + "/replicationMigrationItems/{migrationItemName}/migrate"),
    ("replication_migration_items.begin_pause_replication", "POST", C + "/replicationMigrationItems/{migrationItemName}/pauseReplication"),
    ("replication_migration_items.begin_resume_replication", "POST", C + "/replicationMigrationItems/{migrationItemName}/resumeReplication"),
    ("replication_migration_items.begin_resync", "POST", C + "/replicationMigrationItems/{migrationItemName}/resync"),
    ("replication_migration_items.begin_test_migrate", "POST", C + "/replicationMigrationItems/{migrationItemName}/testMigrate"),
    ("replication_migration_items.begin_test_migrate_cleanup", "POST", C + "/replicationMigrationItems/{migrationItemName}/testMigrateCleanup"),
    ("replication_migration_items.begin_update", "PATCH", C + "/replicationMigrationItems/{migrationItemName}"),
    ("replication_migration_items.get", "GET", C + "/replicationMigrationItems/{migrationItemName}"),
    ("replication_migration_items.list", "GET", V + "/replicationMigrationItems"),
    ("replication_migration_items.list_by_replication_protection_containers", "GET", C + "/replicationMigrationItems"),
    ("replication_protection_clusters.begin_apply_recovery_point", "POST", C + "/replicationProtectionClusters/{replicationProtectionClusterName}/applyRecoveryPoint"),
    ("replication_protection_clusters.begin_create", "PUT", C + "/replicationProtectionClusters/{replicationProtectionClusterName}"),
    ("replication_protection_clusters.begin_failover_commit", "POST", C + "/replicationProtectionClusters/{replicationProtectionClusterName}/failoverCommit"),
    ("replication_protection_clusters.begin_purge", "DELETE", C + "/replicationProtectionClusters/{replicationProtectionClusterName}"),
    ("replication_protection_clusters.begin_repair_replication", "POST", C + "/replicationProtectionClusters/{replicationProtectionClusterName}/repairReplication"),
    ("replication_protection_clusters.begin_test_failover", "POST", C + "/replicationProtectionClusters/{replicationProtectionClusterName}/testFailover"),
    ("replication_protection_clusters.begin_test_failover_cleanup", "POST", C + "/replicationProtectionClusters/{replicationProtectionClusterName}/testFailoverCleanup"),
    ("replication_protection_clusters.begin_unplanned_failover", "POST", C + "/replicationProtectionClusters/{replicationProtectionClusterName}/unplannedFailover"),
    ("replication_protection_clusters.get", "GET", C + "/replicationProtectionClusters/{replicationProtectionClusterName}"),
    ("replication_protection_clusters.get_operation_results", "GET", C + "/replicationProtectionClusters/{replicationProtectionClusterName}/operationResults/{jobId}"),
    ("replication_protection_clusters.list", "GET", V + "/replicationProtectionClusters"),
    ("replication_protection_clusters.list_by_replication_protection_containers", "GET", C + "/replicationProtectionClusters"),
    ("replication_protection_containers.begin_switch_cluster_protection", "POST", C + "/switchClusterProtection"),
    ("replication_protection_containers.begin_switch_protection", "POST", C + "/switchprotection"),
    ("replication_protection_intents.create", "PUT", V + "/replicationProtectionIntents/{intentObjectName}"),
    ("replication_protection_intents.get", "GET", V + "/replicationProtectionIntents/{intentObjectName}"),
    ("replication_protection_intents.list", "GET", V + "/replicationProtectionIntents"),
    ("replication_storage_classification_mappings.begin_create", "PUT", F + "/replicationStorageClassifications/{storageClassificationName}/replicationStorageClassificationMappings/{storageClassificationMappingName}"),
    ("replication_storage_classification_mappings.begin_delete", "DELETE", F + "/replicationStorageClassifications/{storageClassificationName}/replicationStorageClassificationMappings/{storageClassificationMappingName}"),
    ("replication_storage_classification_mappings.get", "GET", F + "/replicationStorageClassifications/{storageClassificationName}/replicationStorageClassificationMappings/{storageClassificationMappingName}"),
    ("replication_storage_classification_mappings.list", "GET", V + "/replicationStorageClassificationMappings"),
    ("replication_storage_classification_mappings.list_by_replication_storage_classifications", "GET", F + "/replicationStorageClassifications/{storageClassificationName}/replicationStorageClassificationMappings"),
    ("replication_storage_classifications.get", "GET", F + "/replicationStorageClassifications/{storageClassificationName}"),
    ("replication_storage_classifications.list", "GET", V + "/replicationStorageClassifications"),
    ("replication_storage_classifications.list_by_replication_fabrics", "GET", F + "/replicationStorageClassifications"),
)
# fmt: on
