"""Path templates of the vault and its parts."""

from typing import Final

GROUP: Final = "/subscriptions/{subscription}/resourceGroups/{resource_group}"
VAULTS: Final = GROUP + "/providers/Microsoft.RecoveryServices/vaults"
VAULT: Final = VAULTS + "/{vault}"
FABRIC: Final = VAULT + "/replicationFabrics/{fabric}"
CONTAINER: Final = FABRIC + "/replicationProtectionContainers/{container}"
ITEM: Final = CONTAINER + "/replicationProtectedItems/{item}"
PLAN: Final = VAULT + "/replicationRecoveryPlans/{plan}"
JOB: Final = VAULT + "/replicationJobs/{job}"
PROVIDER: Final = FABRIC + "/replicationRecoveryServicesProviders/{provider}"
MACHINE: Final = GROUP + "/providers/Microsoft.Compute/virtualMachines/{machine}"
CONTROL: Final = "/failback/"
"""Below this stands the control plane, which is no part of the service."""
