"""How long a check takes: 5,000 machines with 15,000 disks, and half and a quarter of that.

Most facts are unknown, which is the longest case: what nobody knows is written down for each machine. CPU time, since
wall time measures the computer's other work as well.

    python benchmarks/check.py
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from failback.reprotect import (
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
    Plan,
    ProcessServer,
    VirtualMachine,
)
from failback.scenarios.check import check_estate
from failback.simulator import reachable

SIZES: Final = (1250, 2500, 5000)
DISKS: Final = 3
PER_SERVER: Final = 20
"""Machines for each master target or appliance: their disks take its 60 slots."""
BOUND_S: Final = 2.0
ROUNDS: Final = 3


def estate_of(count: int) -> Estate:
    """Half classic, half modernised, half Windows, half Linux, on 50 hosts."""
    machines = [_machine(number) for number in range(count)]
    targets = [MasterTarget(f"mt-{n}", _os(n), f"esx-{n % 50}", f"store-{n % 50}") for n in range(count // PER_SERVER)]
    boxes = [Appliance(f"box-{n}", f"esx-{n % 50}", f"store-{n % 50}") for n in range(count // PER_SERVER)]
    stores = tuple(f"store-{n}" for n in range(50))
    estate = Estate(
        virtual_machines={vm.name: vm for vm in machines},
        link=Link(1000.0),
        hosts={f"esx-{n}": Host(f"esx-{n}", stores) for n in range(50)},
        datastores={name: Datastore(name) for name in stores},
        configuration_servers={"cs": ConfigurationServer("cs")},
        process_servers={"ps": ProcessServer("ps")},
        master_targets={target.name: target for target in targets},
        appliances={box.name: box for box in boxes},
    )
    return replace(estate, reachable=reachable(estate))


def _machine(number: int) -> VirtualMachine:
    disks = tuple(Disk(40.0, f"Disk{n}") for n in range(DISKS))
    architecture = Architecture.CLASSIC if number % 2 else Architecture.MODERNISED
    place = number % 50
    return VirtualMachine(
        f"vm-{number}", _os(number // 2), disks, architecture, f"esx-{place}", f"store-{place}", memory_gib=8.0
    )


def _os(number: int) -> OsFamily:
    return (OsFamily.LINUX, OsFamily.WINDOWS)[number % 2]


def best_s(estate: Estate) -> float:
    """The best of some rounds."""
    return min(_once_s(estate) for _ in range(ROUNDS))


def _once_s(estate: Estate) -> float:
    start = time.process_time()
    check_estate(estate, Plan())
    return time.process_time() - start


def main(sizes: Sequence[int] = SIZES) -> int:
    """Print the table; 1 when the largest estate takes longer than it may."""
    times = {count: best_s(estate_of(count)) for count in sizes}
    for count, seconds in times.items():
        print(
            f"{count:6} machines {count * DISKS:6} disks  {seconds:6.2f} s  {seconds / count * 1e6:6.0f} us a machine"
        )
    return int(times[max(times)] > BOUND_S)


if __name__ == "__main__":
    raise SystemExit(main())
