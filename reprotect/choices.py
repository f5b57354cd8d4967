"""What a person chooses when asking for an operation: names, never ids."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choices:
    """Values of one request. Names are those of the estate; a field that the operation does not use stays None.

    `recovery_point` is that of the failback: latest, latest_app_consistent or a recovery point's name (F03, A11). The
    way to Azure has points of its own, and a plan's failover takes the latest of them. `shut_down_source` applies to
    the failover and to the classic failback (C15); the modernised one shuts the machine in Azure down in any case.
    """

    master_target: str | None = None
    process_server: str | None = None
    appliance: str | None = None
    datastore: str | None = None
    retention_drive: str | None = None
    log_storage_account: str | None = None
    account: str | None = None
    recovery_point: str | None = None
    shut_down_source: bool | None = None
