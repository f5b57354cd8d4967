"""A small estate of both architectures, worlds of it, and a caller of the mock without a client library."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient

from failback.reprotect import (
    UNKNOWN,
    Appliance,
    Architecture,
    ConfigurationServer,
    Datastore,
    Disk,
    Estate,
    Host,
    Link,
    MasterTarget,
    Operation,
    OsFamily,
    Plan,
    ProcessServer,
    RecoveryPlan,
    RetentionDrive,
    VirtualMachine,
    choose,
)
from failback.simulator import Duration, World, WorldSpec
from failback.simulator.arm import ArmMock, Response

MakeWorld = Callable[..., World]
VAULT = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v"


@dataclass(frozen=True)
class Answer:
    """One answer, read."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: Any

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def code(self) -> str:
        """The useful error code."""
        error = self.body["error"]
        return str(error["details"][0]["code"] if "details" in error else error["code"])


class Credential:
    """A token that nobody checks."""

    def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        return AccessToken("token", 2**33)


class Caller:
    """Asks a mock as a client would, with the vault's path filled in."""

    def __init__(self, arm: ArmMock) -> None:
        self.arm = arm

    def __call__(self, verb: str, path: str, body: Any = None, query: str = "api-version=2025-08-01") -> Answer:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        url = path if path.startswith(("http", "/")) else f"https://management.azure.com{VAULT}/{path}"
        return answer_of(self.arm.handle(verb, f"{url}?{query}" if "?" not in url else url, {}, raw))

    def get(self, path: str, query: str = "api-version=2025-08-01") -> Any:
        answer = self("GET", path, query=query)
        assert answer.status == 200, answer
        return answer.body

    def item_path(self, name: str) -> str:
        listed = self.get("replicationProtectedItems")
        while True:
            for value in listed["value"]:
                if value["properties"]["friendlyName"] == name:
                    return str(value["id"])
            listed = self("GET", listed["nextLink"]).body

    def item(self, name: str) -> Any:
        return self.get(self.item_path(name))["properties"]

    def control(self, verb: str, name: str, body: Any = None) -> Answer:
        return self(verb, f"/failback/{name}", body)


def answer_of(answer: Response) -> Answer:
    return Answer(answer.status, answer.headers, json.loads(answer.body) if answer.body else None)


def operate(world: World, name: str, operation: Operation) -> None:
    """Ask the vault itself, with the values that a drill would choose."""
    world.vault.start(name, operation, choose(world.site.estate, Plan(), name, operation))


def run_until_quiet(world: World) -> None:
    while not world.is_over:
        world.jump()


def estate_of(classic: int = 2, modernised: int = 2) -> Estate:
    classics = [_machine(f"sql{n}", Architecture.CLASSIC) for n in range(classic)]
    moderns = [_machine(f"web{n}", Architecture.MODERNISED) for n in range(modernised)]
    plans = (
        RecoveryPlan("classic-plan", tuple((vm.name,) for vm in classics)),
        RecoveryPlan("modern-plan", (tuple(vm.name for vm in moderns),)),
    )
    return Estate(
        virtual_machines={vm.name: vm for vm in (*classics, *moderns)},
        link=Link(1000.0),
        hosts={"esx1": Host("esx1", ("ds1", "ds2"), free_memory_gib=512.0)},
        datastores={"ds1": Datastore("ds1"), "ds2": Datastore("ds2", "NFS")},
        configuration_servers={"cs1": ConfigurationServer("cs1", version="9.65.0.0")},
        process_servers={"ps-azure": ProcessServer("ps-azure"), "ps-site": ProcessServer("ps-site", in_azure=False)},
        master_targets={
            "mt-win": MasterTarget(
                "mt-win", OsFamily.WINDOWS, "esx1", "ds1", retention_drives=(RetentionDrive("R"), RetentionDrive("S"))
            )
        },
        appliances={"box1": Appliance("box1", "esx1", "ds1"), "box2": Appliance("box2", "esx1", "ds1")},
        recovery_plans={plan.name: plan for plan in plans},
    )


def _machine(name: str, architecture: Architecture) -> VirtualMachine:
    disks = (Disk(30.0, uuid=f"uuid-{name}"), Disk(5.0, uuid=UNKNOWN))
    return VirtualMachine(name, OsFamily.WINDOWS, disks, architecture, host="esx1", datastore="ds1")


def world_of(estate: Estate | None = None, step_s: float = 30.0) -> World:
    durations = defaultdict[str, Duration](lambda: Duration(fixed_s=step_s))
    return World(WorldSpec(estate or estate_of(), durations))


@pytest.fixture
def world() -> World:
    return world_of()


@pytest.fixture
def make_world() -> MakeWorld:
    return world_of


@pytest.fixture
def make_estate() -> Callable[..., Estate]:
    return estate_of


@pytest.fixture
def arm(world: World) -> ArmMock:
    return ArmMock(world, clock="step")


@pytest.fixture
def call(arm: ArmMock) -> Caller:
    return Caller(arm)


@pytest.fixture
def make_call() -> Callable[..., Caller]:
    def make(world: World | None = None, **settings: Any) -> Caller:
        return Caller(ArmMock(world or world_of(), **settings))

    return make


@pytest.fixture
def ask_vault() -> Callable[[World, str, Operation], None]:
    return operate


@pytest.fixture
def let_run() -> Callable[[World], None]:
    return run_until_quiet


OUT: Mapping[str, Any] = {
    "failoverDirection": "PrimaryToRecovery",
    "sourceSiteOperations": "Required",
    "providerSpecificDetails": {"instanceType": "InMageAzureV2"},
}


@pytest.fixture
def failover_body() -> Any:
    return {"properties": dict(OUT)}


@pytest.fixture
def make_sdk() -> Callable[..., SiteRecoveryManagementClient]:
    """The SDK's own client with its default options."""

    def make(**settings: Any) -> SiteRecoveryManagementClient:
        return SiteRecoveryManagementClient(Credential(), "sub", **settings)

    return make


@pytest.fixture
def sdk(make_sdk: Callable[..., SiteRecoveryManagementClient]) -> SiteRecoveryManagementClient:
    return make_sdk()
