"""A synthetic estate from a recipe. Each machine has its own stream of chance: a larger estate begins with the same."""

from collections.abc import Iterator
from math import ceil
from typing import Any, Final

from failback.reprotect import Architecture, OsFamily
from failback.simulator.chance import Chance

from .recipe import FAULTS, Recipe

ROOM: Final = 1.5
"""How much larger a datastore or a host's free memory is than what its machines need."""
_LEAST_GIB: Final = 64
Part = dict[str, Any]


def generated(recipe: Recipe) -> dict[str, Any]:
    """The data of an estate file."""
    chance = Chance(recipe.seed)
    machines = [_machine(recipe, chance, n) for n in range(recipe.machines)]
    stores = sorted({machine["datastore"] for machine in machines})
    return {
        "virtual_machines": machines,
        "link": {"bandwidth_mbit_per_s": recipe.bandwidth_mbit_per_s},
        "hosts": [_host(name, machines, stores) for name in sorted({machine["host"] for machine in machines})],
        "datastores": [_datastore(name, machines) for name in stores],
        **_SERVERS[recipe.architecture](recipe, machines),
    }


def _machine(recipe: Recipe, chance: Chance, n: int) -> Part:
    stream = chance.stream("machine", n)
    (tier,) = stream.choices(list(recipe.tiers), list(recipe.tiers.values()))
    (system,) = stream.choices(recipe.systems, [system.weight for system in recipe.systems])
    count = max(1, round(recipe.disks.draw(stream)))
    machine: Part = {
        "name": f"{tier}-{n + 1:05}",
        "os": system.os.value,
        "os_version": system.version,
        "architecture": recipe.architecture.value,
        "host": f"esx-{n // recipe.machines_per_host + 1:03}",
        "datastore": f"ds-{n // recipe.machines_per_datastore + 1:03}",
        "tier": tier,
        "memory_gib": max(1, round(recipe.memory_gib.draw(stream))),
        "tools": "12.3.5",
        "disk_enable_uuid": True,
        "azure": {"running": True, "exists": True, "moved": False},
        "disks": [_disk(recipe, chance, n, number) for number in range(count)],
    }
    for fault in recipe.faults:
        if chance.stream("fault", fault, n).random() < recipe.faults[fault]:
            machine |= {k: machine[k] | v if k == "azure" else v for k, v in FAULTS[fault].items()}
    return machine


def _disk(recipe: Recipe, chance: Chance, n: int, number: int) -> Part:
    stream = chance.stream("disk", n, number)
    disk: Part = {"size_gib": max(1, round(recipe.disk_gib.draw(stream))), "uuid": chance.guid("disk", n, number)}
    if recipe.changed_fraction is not None:
        disk["changed_fraction"] = round(min(1.0, recipe.changed_fraction.draw(stream)), 4)
    if recipe.churn_mib_per_s is not None:
        disk["churn_mib_per_s"] = round(recipe.churn_mib_per_s.draw(stream), 4)
    return disk


def _host(name: str, machines: list[Part], stores: list[str]) -> Part:
    need_gib = sum(machine["memory_gib"] for machine in machines if machine["host"] == name)
    free_gib = ceil(need_gib * ROOM) + _LEAST_GIB
    return {"name": name, "datastores": stores, "free_memory_gib": free_gib, "edition": "licensed"}


def _datastore(name: str, machines: list[Part]) -> Part:
    need_gib = sum(
        disk["size_gib"] for machine in machines if machine["datastore"] == name for disk in machine["disks"]
    )
    capacity_gib = ceil(need_gib * ROOM) + _LEAST_GIB
    return {"name": name, "kind": "VMFS", "capacity_gib": capacity_gib, "free_gib": capacity_gib - need_gib}


def _appliances(recipe: Recipe, machines: list[Part]) -> dict[str, Any]:
    return {"appliances": [{"name": f"appliance-{n + 1:02}", **_place(machines)} for n in range(recipe.servers)]}


def _place(machines: list[Part]) -> Part:
    return {"host": machines[0]["host"], "datastore": machines[0]["datastore"]}


def _classic(recipe: Recipe, machines: list[Part]) -> dict[str, Any]:
    return {
        "configuration_servers": [{"name": "cs-01"}],
        "process_servers": [{"name": f"ps-azure-{n + 1:02}"} for n in range(recipe.servers)],
        "master_targets": list(_master_targets(recipe, machines)),
    }


def _master_targets(recipe: Recipe, machines: list[Part]) -> Iterator[Part]:
    drives = {OsFamily.WINDOWS.value: "R", OsFamily.LINUX.value: "/mnt/retention"}
    for family in sorted({machine["os"] for machine in machines}):
        for n in range(recipe.servers):
            name, drive = f"mt-{family}-{n + 1:02}", {"name": drives[family]}
            yield {"name": name, "os": family, **_place(machines), "retention_drives": [drive]}


_SERVERS: Final = {Architecture.MODERNISED: _appliances, Architecture.CLASSIC: _classic}
