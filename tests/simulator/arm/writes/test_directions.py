"""The failoverDirection of each of the six legs: recorded, or the one that PowerShell asks its user for."""

from typing import Any, Final

import pytest

from failback.reprotect import Operation

LEGS: Final = (
    Operation.FAILOVER,
    Operation.COMMIT_FAILOVER,
    Operation.REPROTECT_TO_ON_PREMISES,
    Operation.FAILBACK,
    Operation.COMMIT_FAILBACK,
    Operation.REPROTECT_TO_AZURE,
)
OUT, BACK = "PrimaryToRecovery", "RecoveryToPrimary"
TAKEN: Final = {
    ("sql0", 0): (OUT,),
    ("sql0", 2): (BACK,),
    ("sql0", 3): (OUT,),
    ("sql0", 5): (BACK,),
    ("web0", 0): (OUT,),
    ("web0", 2): (BACK,),
    ("web0", 3): (None, BACK),
    ("web0", 5): (None, OUT),
}
"""Machine and number of the leg: the directions that a request may name; None: it may leave it out."""
VERBS: Final = {
    ("sql0", 3): ("unplannedFailover", {"instanceType": "InMage", "recoveryPointType": "LatestTime"}),
    ("sql0", 0): ("unplannedFailover", {"instanceType": "InMageAzureV2"}),
    ("web0", 0): ("unplannedFailover", {"instanceType": "InMageRcm", "performShutdown": "true"}),
    ("web0", 3): ("plannedFailover", {"instanceType": "InMageRcmFailback", "recoveryPointType": "CrashConsistent"}),
}
GROUP: Final = "/subscriptions/sub/resourceGroups/rg"


def reprotect_of(call: Any, machine: str, leg: int) -> dict[str, Any]:
    ids = call.arm.context.names
    kind, way = ("retention" if machine == "sql0" else "replication"), ("-failback" if leg == 2 else "")
    policy = call.get(f"replicationPolicies/24-hour-{kind}-policy{way}")["id"]
    logs = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/logs"
    agent, process = (ids.component("box1", part) for part in ("reprotect-agent", "process-server"))
    home = {"masterTargetId": ids.server_id("mt-win"), "processServerId": ids.server_id("ps-azure")}
    own: dict[tuple[str, int], dict[str, Any]] = {
        ("sql0", 2): {"instanceType": "InMage", **home, "retentionDrive": "R", "profileId": policy},
        ("sql0", 5): {
            "instanceType": "InMageAzureV2",
            "processServerId": ids.server_id("ps-site"),
            "policyId": policy,
        },
        ("web0", 2): {
            "instanceType": "InMageRcm",
            "reprotectAgentId": agent,
            "datastoreName": "ds1",
            "logStorageAccountId": logs,
        },
        ("web0", 5): {"instanceType": "InMageRcmFailback", "processServerId": process, "policyId": policy},
    }
    return own[machine, leg]


@pytest.mark.parametrize("direction", [OUT, BACK, None])
@pytest.mark.parametrize(("machine", "leg"), TAKEN)
def test_a_leg_takes_its_directions_and_no_other(
    machine: str, leg: int, direction: str | None, call: Any, ask_vault: Any, let_run: Any
) -> None:
    for operation in LEGS[:leg]:
        ask_vault(call.arm.world, machine, operation)
        let_run(call.arm.world)
    verb, details = VERBS.get((machine, leg)) or ("reProtect", reprotect_of(call, machine, leg))
    body = {"providerSpecificDetails": details} | ({"failoverDirection": direction} if direction else {})
    answer = call("POST", f"{call.item_path(machine)}/{verb}", {"properties": body})
    assert answer.status == (202 if direction in TAKEN[machine, leg] else 400), answer.body
    assert answer.status == 202 or "failoverDirection" in answer.body["error"]["message"]
