"""The vault that `failback mock` serves without a scenario: items of both architectures in every phase, and more.

Everything in it came about by requests to the mock itself, in virtual time, so that a reset leads back to it.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from failback.reprotect import (
    LIFECYCLE,
    Appliance,
    Architecture,
    ConfigurationServer,
    Datastore,
    Disk,
    Estate,
    Host,
    Link,
    MasterTarget,
    Move,
    Operation,
    OsFamily,
    Phase,
    ProcessServer,
    RecoveryPlan,
    VirtualMachine,
)
from failback.scenarios.files.loader import load_default_durations
from failback.simulator import World, WorldSpec
from failback.simulator.arm import ArmMock

RESYNC_GIB: Final = 256.0
"""Disks of the items that are still resyncing when the vault is shown."""
LOOK_S: Final = 0.3
"""How long the running jobs have run then: less than the shortest task."""
PREFIX: Final = {Architecture.CLASSIC: "classic", Architecture.MODERNISED: "modern"}
VAULT: Final = "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.RecoveryServices/vaults/{}"
EXTRA: Final = ("failed-job", "cancelled-job", "unwell")
"""Items besides those that stand for a phase."""
UNPROTECTED: Final = ("classic-unprotected", "modern-unprotected")
"""Machines that nobody protects, so that a script can enable them."""
IN_PLAN: Final = ("modern-planned-web", "modern-planned-db")
"""Machines of the recovery plan alone, since its job, which waits, locks them."""


@dataclass(frozen=True, slots=True)
class Path:
    """How an item comes to its phase: operations that settle, then one that is left running or resyncing."""

    item: str
    phase: Phase
    settled: tuple[Move, ...]
    last: Move | None

    @property
    def is_resyncing(self) -> bool:
        """Whether the last job is over and what follows it is not."""
        return self.last is not None and self.last.done is self.phase


def showcase(*, clock: str = "poll", control: bool = True, **settings: Any) -> ArmMock:
    """The mock of the showcase vault, brought to its state through the control API. `settings` as for any mock."""
    arm = ArmMock(World(WorldSpec(_estate(), load_default_durations())), clock="step", **settings)
    _Showing(arm).play()
    _Client(arm)("POST", "/failback/clock", {"mode": clock})
    arm.begins_here()
    if not control:
        arm.switch_control_off()
    return arm


def paths() -> Iterator[Path]:
    """One item of each architecture for each phase that it can be in."""
    for architecture, prefix in PREFIX.items():
        chains = _chains(architecture)
        for phase in Phase:
            name = f"{prefix}-{phase.value.replace('_', '-')}"
            if phase in chains:
                yield Path(name, phase, chains[phase], None)
                continue
            last = _last(architecture, phase)
            if last is not None:
                yield Path(name, phase, chains[last.phase], last)


def _chains(architecture: Architecture) -> Mapping[Phase, tuple[Move, ...]]:
    """The shortest way to each phase in which an item can rest."""
    chains: dict[Phase, tuple[Move, ...]] = {Phase.REPLICATING_TO_AZURE: ()}
    queue = deque(chains)
    while queue:
        here = queue.popleft()
        for move in LIFECYCLE:
            if (move.architecture, move.phase) == (architecture, here) and move.settles not in chains:
                chains[move.settles] = (*chains[here], move)
                queue.append(move.settles)
    return chains


def _last(architecture: Architecture, phase: Phase) -> Move | None:
    moves = [move for move in LIFECYCLE if move.architecture is architecture]
    return next((move for move in moves if phase in (move.running, move.done) and phase is not move.settles), None)


def _estate() -> Estate:
    names = [(architecture, f"{prefix}-{extra}") for architecture, prefix in PREFIX.items() for extra in EXTRA]
    machines = [_machine(name, architecture, 30.0) for architecture, name in names]
    machines += [_machine(p.item, _architecture(p.item), RESYNC_GIB if p.is_resyncing else 30.0) for p in paths()]
    machines += [_machine(name, Architecture.MODERNISED, 30.0) for name in IN_PLAN]
    machines += [_machine(name, _architecture(name), 30.0) for name in UNPROTECTED]
    return Estate(
        virtual_machines={machine.name: machine for machine in machines},
        link=Link(1000.0),
        hosts={"esx-1": Host("esx-1", ("ds-1", "ds-2"), free_memory_gib=2048.0)},
        datastores={"ds-1": Datastore("ds-1"), "ds-2": Datastore("ds-2", "NFS")},
        configuration_servers={"cs-1": ConfigurationServer("cs-1", version="9.65.0.0")},
        process_servers={
            "ps-azure": ProcessServer("ps-azure"),
            "ps-site": ProcessServer("ps-site", in_azure=False),
        },
        master_targets={"mt-windows": MasterTarget("mt-windows", OsFamily.WINDOWS, "esx-1", "ds-1")},
        appliances={"appliance-1": Appliance("appliance-1", "esx-1", "ds-1")},
        recovery_plans={"shop": RecoveryPlan("shop", tuple((name,) for name in IN_PLAN))},
    )


def _architecture(item: str) -> Architecture:
    return next(architecture for architecture, prefix in PREFIX.items() if item.startswith(prefix))


def _machine(name: str, architecture: Architecture, size_gib: float) -> VirtualMachine:
    disks = (Disk(size_gib, uuid=f"uuid-{name}"),)
    return VirtualMachine(name, OsFamily.WINDOWS, disks, architecture, host="esx-1", datastore="ds-1", memory_gib=8.0)


def vault_path(arm: ArmMock) -> str:
    """The vault's path with the names that this mock takes."""
    return VAULT.format(arm.subscription, arm.resource_group, arm.vault_name)


class _Client:
    """Asks the mock as any client would."""

    def __init__(self, arm: ArmMock) -> None:
        self._arm = arm

    def __call__(self, verb: str, path: str, body: Any = None) -> Any:
        url = path if path.startswith("/") else f"{vault_path(self._arm)}/{path}"
        raw = b"" if body is None else json.dumps(body).encode()
        answer = self._arm.handle(verb, f"{url}?api-version=2025-08-01", {}, raw)
        if answer.status >= 400:
            raise AssertionError(f"the showcase was refused {verb} {path}: {answer.body.decode()}")
        return json.loads(answer.body) if answer.body else None


class _Showing:
    """Brings every item to its place."""

    def __init__(self, arm: ArmMock) -> None:
        self._arm, self._ask = arm, _Client(arm)
        items = self._pages("replicationProtectedItems")
        self._ids = {item["properties"]["friendlyName"]: item["id"] for item in items}
        policies = self._pages("replicationPolicies")
        self._policies = {p["properties"]["providerSpecificDetails"]["instanceType"]: p["id"] for p in policies}
        # The list leaves out the servers of some fabrics, so each is read by itself.
        whole = [self._ask("GET", fabric["id"]) for fabric in self._pages("replicationFabrics")]
        fabrics = [fabric["properties"]["customDetails"] for fabric in whole]
        self._fabrics = {fabric["instanceType"]: fabric for fabric in fabrics}

    def play(self) -> None:
        """Everything, in order."""
        all_paths = list(paths())
        for name in UNPROTECTED:
            self._ask("POST", f"{self._ids[name]}/remove", {"properties": {"disableProtectionReason": "NotSpecified"}})
        self._arm_faults()
        for number in range(max(len(path.settled) for path in all_paths)):
            for path in all_paths:
                if number < len(path.settled):
                    self._send(path.item, path.settled[number].operation)
            self._settle()
        self._begin([path for path in all_paths if path.is_resyncing])
        self._settle_jobs()
        self._plan()
        self._begin([path for path in all_paths if path.last is not None and not path.is_resyncing])
        self._arm.world.catch_up(self._arm.world.env.now + LOOK_S)

    def _begin(self, some: list[Path]) -> None:
        for path in some:
            assert path.last is not None
            self._send(path.item, path.last.operation)

    def _arm_faults(self) -> None:
        """A job that failed, one that was cancelled, an item that somebody powered on while it was a target."""
        rule = {"kind": "job_fails", "task": "Start failover", "code": "78093"}
        words = {"message": "The virtual machine did not answer in Azure."}
        for prefix in PREFIX.values():
            self._ask("POST", "/failback/faults", {**rule, **words, "object": f"{prefix}-failed-job"})
            cancel = {"kind": "job_cancelled", "object": f"{prefix}-cancelled-job", "after_s": 5.0}
            self._ask("POST", "/failback/faults", cancel)
            for extra in EXTRA:
                self._send(f"{prefix}-{extra}", Operation.FAILOVER)
        self._settle()
        for operation in (Operation.COMMIT_FAILOVER, Operation.REPROTECT_TO_ON_PREMISES):
            for prefix in PREFIX.values():
                self._send(f"{prefix}-unwell", operation)
            self._settle()
        for prefix in PREFIX.values():
            self._ask("POST", "/failback/faults", {"kind": "power_on", "object": f"{prefix}-unwell"})
        self._ask("DELETE", "/failback/faults")

    def _plan(self) -> None:
        """A recovery plan whose job waits at a manual action."""
        members = [self._ids[name] for name in IN_PLAN]
        action = {
            "actionName": "Look at the network",
            "failoverTypes": ["TestFailover"],
            "failoverDirections": ["PrimaryToRecovery"],
            "customDetails": {"instanceType": "ManualActionDetails", "description": "Is the test network isolated?"},
        }
        groups = [{"groupType": "Boot", "replicationProtectedItems": [{"id": member}]} for member in members]
        groups[0] |= {"startGroupActions": [action]}
        self._ask("PATCH", "replicationRecoveryPlans/shop", {"properties": {"groups": groups}})
        properties = {"failoverDirection": "PrimaryToRecovery", "networkType": "NoNetworkAttachAsInput"}
        self._ask("POST", "replicationRecoveryPlans/shop/testFailover", {"properties": properties})

    def _settle(self) -> None:
        """Until no job runs, no resync goes on and every agent is registered."""
        items = self._arm.world.vault.items.values()
        self._run_while(lambda: any(i.job or i.resync_percent or not self._registered(i.name) for i in items))

    def _settle_jobs(self) -> None:
        self._run_while(lambda: any(item.job for item in self._arm.world.vault.items.values()))

    def _run_while(self, busy: Callable[[], bool]) -> None:
        world = self._arm.world
        while busy() and not world.is_over:
            world.jump()

    def _registered(self, name: str) -> bool:
        return self._arm.world.site.vm(name).agent_registered is not False

    def _send(self, item: str, operation: Operation) -> None:
        verb, properties = self._bodies(_architecture(item))[operation]
        self._ask("POST", f"{self._ids[item]}/{verb}", {"properties": properties} if properties else None)

    def _bodies(self, architecture: Architecture) -> Mapping[Operation, tuple[str, Mapping[str, Any]]]:
        common: dict[Operation, tuple[str, Mapping[str, Any]]] = {
            Operation.COMMIT_FAILOVER: ("failoverCommit", {}),
            Operation.COMMIT_FAILBACK: ("failoverCommit", {}),
            Operation.CANCEL_FAILBACK: ("failoverCancel", {}),
            Operation.CLEAN_UP_TEST: ("testFailoverCleanup", {"comments": "done"}),
        }
        return common | {Architecture.CLASSIC: self._classic, Architecture.MODERNISED: self._modernised}[architecture]()

    def _classic(self) -> dict[Operation, tuple[str, Mapping[str, Any]]]:
        fabric = self._fabrics["VMware"]
        target, server = fabric["masterTargetServers"][0], fabric["processServers"][0]
        out = {"failoverDirection": "PrimaryToRecovery"}
        shut = out | {"sourceSiteOperations": "Required"}
        home = {
            "masterTargetId": target["id"],
            "processServerId": server["id"],
            "retentionDrive": target["retentionVolumes"][0]["volumeName"],
            "runAsAccountId": fabric["runAsAccounts"][-1]["accountId"],
            "datastoreName": target["dataStores"][0]["symbolicName"],
            "profileId": self._policies["InMage"],
        }
        again = {"masterTargetId": server["id"], "processServerId": fabric["processServers"][1]["id"]}
        back = {"failoverDirection": "RecoveryToPrimary"}
        return {
            Operation.FAILOVER: ("unplannedFailover", shut | _details("InMageAzureV2")),
            Operation.TEST_FAILOVER: ("testFailover", out | _details("InMageAzureV2")),
            Operation.REPROTECT_TO_ON_PREMISES: ("reProtect", back | _details("InMage", **home)),
            Operation.FAILBACK: ("unplannedFailover", shut | _details("InMage", recoveryPointType="LatestTime")),
            Operation.REPROTECT_TO_AZURE: ("reProtect", back | _details("InMageAzureV2", **again)),
        }

    def _modernised(self) -> dict[Operation, tuple[str, Mapping[str, Any]]]:
        fabric = self._fabrics["InMageRcm"]
        agent, server = fabric["reprotectAgents"][0], fabric["processServers"][0]
        out = {"failoverDirection": "PrimaryToRecovery"}
        logs = f"{vault_path(self._arm).partition('/providers')[0]}/providers/Microsoft.Storage/storageAccounts/logs"
        home = {
            "reprotectAgentId": agent["id"],
            "datastoreName": agent["accessibleDatastores"][0],
            "logStorageAccountId": logs,
        }
        again = {"processServerId": server["id"], "policyId": self._policies["InMageRcm"]}
        back = {"failoverDirection": "RecoveryToPrimary"}
        point = {"recoveryPointType": "CrashConsistent"}
        return {
            Operation.FAILOVER: ("unplannedFailover", out | _details("InMageRcm", performShutdown="true")),
            Operation.TEST_FAILOVER: ("testFailover", out | _details("InMageRcm")),
            Operation.REPROTECT_TO_ON_PREMISES: ("reProtect", back | _details("InMageRcm", **home)),
            Operation.FAILBACK: ("plannedFailover", _details("InMageRcmFailback", **point)),
            Operation.REPROTECT_TO_AZURE: ("reProtect", _details("InMageRcmFailback", **again)),
        }

    def _pages(self, collection: str) -> list[Any]:
        return list(self._ask("GET", collection)["value"])


def _details(kind: str, **fields: str) -> dict[str, Any]:
    return {"providerSpecificDetails": {"instanceType": kind, **fields}}
