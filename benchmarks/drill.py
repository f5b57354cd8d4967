"""How long a drill takes, and how its cost grows: six legs of 100, 1,000 and 10,000 machines with three disks each.

Each size plays in a process of its own, so that the peak of memory is that size's. The history goes to a file, line by
line. An event is one line of it. CPU time is what the exponent is made of, since wall time measures the computer's
other work as well.

    python benchmarks/drill.py              the table
    python benchmarks/drill.py 1000         one size
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Final

from failback.reprotect import (
    Appliance,
    Architecture,
    Choices,
    ConfigurationServer,
    Datastore,
    Disk,
    Estate,
    Gate,
    Host,
    Link,
    MasterTarget,
    Operation,
    OsFamily,
    Plan,
    ProcessServer,
    RecoveryPlan,
    ReplicationGroup,
    RetentionDrive,
    VirtualMachine,
    Wave,
)
from failback.scenarios.files.loader import load_default_durations
from failback.scenarios.files.schema import OperatorAnswer, Scenario
from failback.scenarios.outputs.run_folders.history_file import history_file
from failback.scenarios.run.player import play
from failback.simulator import Fault, FaultKind, SiteParameters

SIZES: Final = (100, 1_000, 10_000)
DISKS: Final = 3
BLOCK: Final = 50
"""Machines of one block: one host, one datastore, one master target of each family or one appliance."""
WAVES: Final = 5
GROUP: Final = 5
"""Machines of one replication group; the first half of each block is in groups."""
_ESTATE_MIB_PER_S: Final = 4.0
"""Bandwidth for each machine, so that a large estate takes no more virtual time than a small one."""


@dataclass(frozen=True, slots=True)
class DrillTiming:
    """One drill of so many machines."""

    machines: int
    events: int
    wall_s: float
    cpu_s: float
    peak_mib: float
    verdict: str
    virtual_h: float

    @property
    def cost_us(self) -> float:
        """CPU time for one event, in microseconds."""
        return self.cpu_s / self.events * 1e6


def scenario_of(count: int) -> Scenario:
    """Blocks of 50 machines, classic and modernised in turn; waves, groups, a recovery plan, a gate and faults."""
    estate = estate_of(count)
    names = tuple(estate.virtual_machines)
    in_plan = {name for plan in estate.recovery_plans.values() for group in plan.groups for name in group}
    through = {n: Choices(appliance=f"box-{k // BLOCK}") for k, n in enumerate(names) if k // BLOCK % 2}
    size = -(-len(names) // BLOCK // WAVES) * BLOCK
    plan = Plan(
        recovery_plans=tuple(estate.recovery_plans),
        waves=tuple(Wave(f"wave-{k}", names[at : at + size]) for k, at in enumerate(range(0, len(names), size))),
        gates=(Gate("verified", Operation.COMMIT_FAILBACK, items=tuple(n for n in names if n not in in_plan)),),
        item_choices=through,
    )
    answers = (OperatorAnswer("verified", after_s=600.0),)
    site = SiteParameters(changed_fraction=0.05)
    return Scenario(
        "drill", estate, load_default_durations(), plan=plan, operator=answers, faults=faults_of(names), site=site
    )


def estate_of(count: int) -> Estate:
    """The machines and what stands round them."""
    blocks = range(-(-count // BLOCK))
    machines = {vm.name: vm for vm in map(_machine, range(count))}
    targets = [_target(block, os) for block in blocks if block % 2 == 0 for os in OsFamily]
    boxes = [Appliance(f"box-{b}", f"esx-{b}", f"store-{b}") for b in blocks if b % 2]
    return Estate(
        virtual_machines=machines,
        link=Link(count * _ESTATE_MIB_PER_S * 8.0),
        hosts={f"esx-{b}": Host(f"esx-{b}", (f"store-{b}",)) for b in blocks},
        datastores={f"store-{b}": Datastore(f"store-{b}") for b in blocks},
        configuration_servers={"cs": ConfigurationServer("cs")},
        process_servers={name: ProcessServer(name, in_azure=name == "ps-azure") for name in ("ps-azure", "ps-site")},
        master_targets={target.name: target for target in targets},
        appliances={box.name: box for box in boxes},
        replication_groups=_groups(machines),
        recovery_plans=_recovery_plans(count),
    )


def _machine(number: int) -> VirtualMachine:
    block = number // BLOCK
    grouped = number % BLOCK < BLOCK // 2
    return VirtualMachine(
        f"vm-{number}",
        tuple(OsFamily)[number // GROUP % 2],
        tuple(Disk(40.0, f"Disk{n}") for n in range(DISKS)),
        Architecture.MODERNISED if block % 2 else Architecture.CLASSIC,
        f"esx-{block}",
        f"store-{block}",
        replication_group=f"group-{number // GROUP}" if grouped else None,
    )


def _target(block: int, os: OsFamily) -> MasterTarget:
    drive = RetentionDrive({OsFamily.WINDOWS: "R", OsFamily.LINUX: "/mnt/retention"}[os], listed=True)
    return MasterTarget(f"mt-{os.value}-{block}", os, f"esx-{block}", f"store-{block}", retention_drives=(drive,))


def _groups(machines: dict[str, VirtualMachine]) -> dict[str, ReplicationGroup]:
    members: dict[str, list[str]] = {}
    for vm in machines.values():
        if vm.replication_group is not None:
            members.setdefault(vm.replication_group, []).append(vm.name)
    return {name: ReplicationGroup(name, tuple(names)) for name, names in members.items()}


def _recovery_plans(count: int) -> dict[str, RecoveryPlan]:
    """The first 20 machines of every tenth block go by a recovery plan of two groups."""
    plans = {}
    for first in range(0, count - 2 * 10, BLOCK * 10):
        names = [f"vm-{n}" for n in range(first, first + 20)]
        plans[f"plan-{first}"] = RecoveryPlan(f"plan-{first}", (tuple(names[:10]), tuple(names[10:])))
    return plans


def faults_of(names: Sequence[str]) -> tuple[Fault, ...]:
    """One machine in fifty, in no group, has a job that fails once."""
    hit = names[30::BLOCK]
    return tuple(Fault(FaultKind.FAIL_JOB, name, operation=Operation.REPROTECT_TO_ON_PREMISES) for name in hit)


def measured(count: int) -> DrillTiming:
    """Play it here, in this process."""
    scenario = scenario_of(count)
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        with history_file(Path(folder), durable=False) as file:
            result = play(scenario, on_line=file.write)
        with (Path(folder) / "history.jsonl").open("rb") as lines:
            events = sum(1 for _ in lines)
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = time.perf_counter() - wall_s, time.process_time() - cpu_s
    return DrillTiming(count, events, *spent, peak_mib, result.verdict, result.duration_s / 3600)


def in_own_process(count: int) -> DrillTiming:
    """Play it in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(count)], check=True, stdout=subprocess.PIPE, text=True
    )
    return DrillTiming(**json.loads(done.stdout))


def main(sizes: Sequence[int] = SIZES) -> int:
    """Print the table."""
    print("machines   events    wall s     CPU s  peak MiB  events/s  us/event  virtual h  verdict")
    found = []
    for count in sizes:
        one = in_own_process(count)
        found.append(one)
        print(
            f"{one.machines:8} {one.events:8} {one.wall_s:9.2f} {one.cpu_s:9.2f} {one.peak_mib:9.0f} "
            f"{one.events / one.wall_s:9.0f} {one.cost_us:9.1f} {one.virtual_h:10.1f}  {one.verdict}"
        )
    for small, large in pairwise(found):
        exponent = log(large.cpu_s / small.cpu_s) / log(large.machines / small.machines)
        print(f"from {small.machines} to {large.machines} machines: cost exponent {exponent:.2f}")
    return 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--one", size]:
            one = measured(int(size))
            print(json.dumps({name: getattr(one, name) for name in one.__slots__}))
        case sizes:
            raise SystemExit(main([int(size) for size in sizes] or SIZES))
