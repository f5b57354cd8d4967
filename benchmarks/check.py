"""How long a check takes: 5,000 machines with 15,000 disks, and half and a quarter of that.

Most facts are unknown, which is the longest case: what nobody knows is written down for each machine. Two estates: one
on 50 hosts, and a hard one in which hosts, datastores, master targets, replication groups and recovery plans all grow
with the machines, so that whatever looks at all of them for each machine shows. CPU time, since wall time measures the
computer's other work as well.

    python benchmarks/check.py
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from failback.reprotect import (
    PLAN_INSTANCES_MAX,
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
    RecoveryPlan,
    ReplicationGroup,
    VirtualMachine,
)
from failback.scenarios.checks.as_json import json_text, report_json
from failback.scenarios.judging.check import check_estate
from failback.simulator import reachable

SIZES: Final = (1250, 2500, 5000)
DISKS: Final = 3
GROUP: Final = 5
PER_SERVER: Final = 20
"""Machines for each master target or appliance: their disks take its 60 slots."""
BOUND_S: Final = 2.0
ROUNDS: Final = 3
JSON_MAX_BYTES: Final = 20_000_000


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


def hard_estate_of(count: int) -> Estate:
    """A host and a datastore for every 20 machines; hosts mount ten datastores; groups of five and full plans."""
    easy = estate_of(count)
    hosts = count // PER_SERVER
    machines = [_moved(vm, n, hosts) for n, vm in enumerate(easy.virtual_machines.values())]
    names = [vm.name for vm in machines]
    groups = {f"group-{n}": tuple(names[n : n + GROUP]) for n in range(0, count, GROUP)}
    plans = {f"plan-{n}": tuple(names[n : n + PLAN_INSTANCES_MAX]) for n in range(0, count, PLAN_INSTANCES_MAX)}
    estate = replace(
        easy,
        virtual_machines={vm.name: vm for vm in machines},
        hosts={f"esx-{n}": Host(f"esx-{n}", _stores(n, hosts)) for n in range(hosts)},
        datastores={f"store-{n}": Datastore(f"store-{n}") for n in range(hosts)},
        master_targets={n: replace(t, host=f"esx-{k}") for k, (n, t) in enumerate(easy.master_targets.items())},
        replication_groups={name: ReplicationGroup(name, items) for name, items in groups.items()},
        recovery_plans={name: RecoveryPlan(name, (items,)) for name, items in plans.items()},
    )
    return replace(estate, reachable=reachable(estate))


def _moved(vm: VirtualMachine, number: int, hosts: int) -> VirtualMachine:
    """Alternating targets of a host take alternating families, so each machine's own are late in the list."""
    place = number // PER_SERVER
    group = f"group-{number // GROUP * GROUP}"
    return replace(vm, host=f"esx-{place}", datastore=f"store-{(place + number % 2) % hosts}", replication_group=group)


def _stores(host: int, hosts: int) -> tuple[str, ...]:
    return tuple(f"store-{(host + n) % hosts}" for n in range(min(10, hosts)))


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


def as_json(estate: Estate) -> tuple[float, int, int]:
    """Grouping by cause and JSON: seconds besides judging, bytes, and findings."""
    report = check_estate(estate, Plan())
    start = time.process_time()
    text = json_text(report_json(report, scenario="benchmark", world="sim", notes=(), unknown_blocks=False))
    return time.process_time() - start, len(text), sum(len(item.findings) for item in report.items)


def main(sizes: Sequence[int] = SIZES) -> int:
    """Print the table; 1 when the largest estate takes longer than it may."""
    longest_s = 0.0
    for words, made in (("on 50 hosts", estate_of), ("hard", hard_estate_of)):
        for count in sizes:
            longest_s = max(longest_s, seconds := best_s(made(count)))
            each = f"{seconds:6.2f} s  {seconds / count * 1e6:6.0f} us a machine"
            print(f"{words:12} {count:6} machines {count * DISKS:6} disks  {each}")
    seconds, size_bytes, findings = as_json(estate_of(max(sizes)))
    print(f"{findings:,} findings by cause, as JSON: {seconds:.2f} s, {size_bytes / 1e6:.1f} MB")
    return int(longest_s > BOUND_S or size_bytes > JSON_MAX_BYTES)


if __name__ == "__main__":
    raise SystemExit(main())
