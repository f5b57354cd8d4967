"""A small estate of both architectures, and worlds of it."""

from collections import defaultdict
from collections.abc import Callable

import pytest
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
    OsFamily,
    ProcessServer,
    RecoveryPlan,
    RetentionDrive,
    VirtualMachine,
)
from failback.simulator import Duration, World, WorldSpec

MakeWorld = Callable[..., World]


def estate_of(classic: int = 2, modernised: int = 2) -> Estate:
    classics = [_machine(f"sql{n}", Architecture.CLASSIC) for n in range(classic)]
    moderns = [_machine(f"web{n}", Architecture.MODERNISED) for n in range(modernised)]
    plans = (RecoveryPlan("classic-plan", tuple((vm.name,) for vm in classics)), RecoveryPlan("modern-plan", (tuple(vm.name for vm in moderns),)))
    return Estate(
        virtual_machines={vm.name: vm for vm in (*classics, *moderns)},
        link=Link(1000.0),
        hosts={"esx1": Host("esx1", ("ds1", "ds2"), free_memory_gib=512.0)},
        datastores={"ds1": Datastore("ds1"), "ds2": Datastore("ds2", "NFS")},
        configuration_servers={"cs1": ConfigurationServer("cs1", version="9.65.0.0")},
        process_servers={"ps-azure": ProcessServer("ps-azure"), "ps-site": ProcessServer("ps-site", in_azure=False)},
        master_targets={"mt-win": MasterTarget("mt-win", OsFamily.WINDOWS, "esx1", "ds1", retention_drives=(RetentionDrive("R"), RetentionDrive("S")))},
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
