"""How much faster a whole drill is than the same drill with the obvious model of its links and heartbeats.

200 machines with three disks each, classic and modernised, go out and come home in waves, six legs, while jobs fail, a
process server falls silent, a master target breaks, an appliance gets sick and the line is cut. All rows play the same
scenario with the same drill, vault and site. The obvious model (`chunked_network.py`, `eager_heartbeats.py`) moves
chunks of 512 MB through SimPy's resources, link after link, and has an event for each heartbeat.

    python benchmarks/chunked_drill.py              the table
    python benchmarks/chunked_drill.py 100 300      mean sizes of a disk, in GiB

Each row plays in a process of its own; what is compiled is compiled in a first play, which is not counted. Times are
CPU time, since wall time measures the computer's other work as well.
"""

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, median
from typing import Any, Final

from chunked_network import ChunkedNetwork, CoarseNetwork
from drill import faults_of, scenario_of
from eager_heartbeats import EagerHeartbeats, NoHeartbeats

from failback.reprotect import Link, Phase
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outputs.run_folders.history_file import history_file
from failback.scenarios.run.player import play
from failback.simulator import LINK, Fault, FaultKind, SiteParameters, Trigger, World, site, vault
from failback.simulator.heartbeats import Heartbeats

MACHINES: Final = 200
SIZES_GIB: Final = (100.0, 300.0, 500.0)
SPREAD: Final = (1 / 3, 1.0, 5 / 3)
"""Sizes of a machine's disks by their mean: 300 GiB are 100, 300 and 500."""
LINE_MBIT_PER_S: Final = 2000.0
LIMITS_MIB_PER_S: Final = {"upload_mib_per_s": 150.0, "receive_mib_per_s": 200.0, "write_mib_per_s": 300.0}
"""Of process servers; of master targets and appliances; of datastores."""
CHANGED: Final = 0.1
CHURN_MIB_PER_S: Final = 0.02
ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class DrillCost:
    """One play: CPU time, what it came to, events of SimPy, lines of history, and when each item's legs ended."""

    cpu_s: float
    verdict: str
    duration_s: float
    events: int
    lines: int
    ends_s: dict[str, float]


# The drill


def scenario(mean_gib: float, count: int = MACHINES) -> Scenario:
    """The drill of `drill.py`, with larger disks, limits everywhere, changes meanwhile and more that goes wrong."""
    base = scenario_of(count)
    disks = {name: _resized(vm.disks, mean_gib) for name, vm in base.estate.virtual_machines.items()}
    machines = {name: replace(vm, disks=disks[name]) for name, vm in base.estate.virtual_machines.items()}
    limited = {section: _limited(getattr(base.estate, section)) for section in _SECTIONS}
    estate = replace(base.estate, virtual_machines=machines, link=Link(LINE_MBIT_PER_S), **limited)
    parameters = SiteParameters(changed_fraction=CHANGED, churn_mib_per_s=CHURN_MIB_PER_S)
    faults = (*faults_of(tuple(machines)), *_breaks())
    return replace(base, estate=estate, site=parameters, faults=faults)


_SECTIONS: Final = ("process_servers", "master_targets", "appliances", "datastores")


def _resized(disks: Sequence[Any], mean_gib: float) -> tuple[Any, ...]:
    return tuple(replace(disk, size_gib=mean_gib * share) for disk, share in zip(disks, SPREAD, strict=True))


def _limited(parts: Mapping[str, Any]) -> dict[str, Any]:
    def limits(part: Any) -> dict[str, float]:
        return {key: value for key, value in LIMITS_MIB_PER_S.items() if hasattr(part, key)}

    return {name: replace(part, **limits(part)) for name, part in parts.items()}


def _breaks() -> list[Fault]:
    """Each begins while machines of its wave are on their way home, and ends after half an hour or an hour."""
    return [
        *_out("vm-0", "ps-azure", 2000.0, 3600.0, "up"),
        *_out("vm-0", "mt-linux-0", 8000.0, 1800.0, "up"),
        *_out("vm-0", LINK, 12_000.0, 1800.0, "up"),
        *_out("vm-50", "box-1", 3000.0, 3600.0, "healthy"),
    ]


def _out(item: str, name: str, after_s: float, for_s: float, fact: str) -> list[Fault]:
    when = Trigger(item, Phase.RESYNCING_TO_ON_PREMISES)
    both = ((after_s, False), (after_s + for_s, True))
    return [Fault(FaultKind.CHANGE_FACTS, name, when=when, after_s=at_s, facts={fact: up}) for at_s, up in both]


# The models


def _as_it_is() -> None:
    """Failback's own network and heartbeats."""


def _hearts(kind: type) -> Callable[[], None]:
    def put() -> None:
        vault.Heartbeats = kind  # type: ignore[attr-defined,misc]

    return put


def _chunked(hearts: type, network: type = ChunkedNetwork) -> Callable[[], None]:
    def put() -> None:
        site.Network = network  # type: ignore[attr-defined,misc]
        vault.Heartbeats = hearts  # type: ignore[attr-defined,misc]

    return put


MODELS: Final[dict[str, tuple[str, Callable[[], None]]]] = {
    "lazy": ("failback", _as_it_is),
    "none": ("failback without heartbeats", _hearts(NoHeartbeats)),
    "eager": ("failback with an event for each heartbeat", _hearts(EagerHeartbeats)),
    "chunked": ("chunks and an event for each heartbeat", _chunked(EagerHeartbeats)),
    "chunks": ("chunks without heartbeats", _chunked(NoHeartbeats)),
    "coarse": ("the same, 512 MB on the line, not the disk", _chunked(EagerHeartbeats, CoarseNetwork)),
}
"""By short name: what it is called in the table, and what puts it in place of failback's own."""
COUNTED_ONCE: Final = frozenset({"chunked", "chunks", "coarse"})
"""Too slow to be played several times; a small drill is played first."""


def played(model: str, mean_gib: float) -> DrillCost:
    """Play it here, in this process: once uncounted, then the best of some."""
    MODELS[model][1]()
    if model in COUNTED_ONCE:
        once(scenario(1.0, 100))
        return once(scenario(mean_gib))
    once(scenario(mean_gib))
    return min((once(scenario(mean_gib)) for _ in range(ROUNDS)), key=lambda one: one.cpu_s)


def once(drill: Scenario) -> DrillCost:
    """One play, its history to a file."""
    worlds: list[World] = []
    gc.collect()  # what an earlier play left is not this one's
    cpu_s = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        with history_file(Path(folder), durable=False) as file:
            result = play(drill, on_line=file.write, on_world=worlds.append)
        cpu_s = time.process_time() - cpu_s
        with (Path(folder) / "history.jsonl").open("rb") as file:
            lines = sum(1 for _ in file)
    events = next(worlds[0].env._eid)
    ends_s = {f"{leg.item}/{leg.leg.value}": leg.end_s for leg in result.legs if leg.end_s is not None}
    return DrillCost(cpu_s, result.verdict, result.duration_s, events, lines, ends_s)


def shares(mean_gib: float) -> list[float]:
    """How much longer failback's heartbeats, and an event for each, make the drill: played in turn, the median."""
    once(scenario(mean_gib))
    return [longer(mean_gib, kind, rounds) for kind, rounds in ((Heartbeats, 3 * ROUNDS), (EagerHeartbeats, 2))]


def longer(mean_gib: float, kind: type, rounds: int) -> float:
    """By what share of it a drill without heartbeats takes less."""
    ratios = []
    for _ in range(rounds):
        took_s = []
        for one in (NoHeartbeats, kind):
            _hearts(one)()
            took_s.append(once(scenario(mean_gib)).cpu_s)
        ratios.append(took_s[1] / took_s[0])
    return median(ratios) - 1


def in_own_process(model: str, mean_gib: float) -> DrillCost:
    """Play it in a fresh interpreter."""
    return DrillCost(**json.loads(child("--one", model, str(mean_gib))))


def child(*words: str) -> str:
    """What this file prints in a process of its own."""
    return subprocess.run([sys.executable, __file__, *words], check=True, stdout=subprocess.PIPE, text=True).stdout


# The table


def row(model: str, one: DrillCost) -> None:
    """What one model took."""
    print(f"  {MODELS[model][0]:42} {one.cpu_s:8.2f} {one.events:11,} {one.duration_s / 3600:10.2f}  {one.verdict}")


def beside(ours: DrillCost, theirs: DrillCost) -> str:
    """How much longer it takes, and how far apart the legs end."""
    assert ours.ends_s.keys() == theirs.ends_s.keys()
    apart = [abs(ours.ends_s[leg] - at_s) / ours.ends_s[leg] for leg, at_s in theirs.ends_s.items()]
    ends = f"{len(apart):,} legs end {100 * mean(apart):.2f} % apart on average, {100 * max(apart):.2f} % at most"
    return f"{theirs.cpu_s / ours.cpu_s:.1f} times as long as failback; {ends}"


def compare(mean_gib: float, models: Sequence[str]) -> None:
    """One size."""
    print(f"\n{MACHINES} machines, disks of {' / '.join(f'{mean_gib * share:.0f}' for share in SPREAD)} GiB")
    print(f"  {'':42} {'CPU s':>8} {'events':>11} {'virtual h':>10}  verdict")
    found = {}
    for model in models:
        found[model] = in_own_process(model, mean_gib)
        row(model, found[model])
    for model in ("chunked", "coarse"):
        if model in found:
            print(f"  {MODELS[model][0]}: {beside(found['lazy'], found[model])}")
    if "none" in found:
        lazy, eager = (100 * more for more in json.loads(child("--shares", str(mean_gib))))
        print(f"  heartbeats and their timers add {lazy:+.1f} % to the drill (wanted: at most 20 %)")
        print(f"  an event for each heartbeat would add {eager:+.0f} %")


def main(sizes_gib: Sequence[float]) -> int:
    """Print the table: all models at one size, failback and chunks at the others."""
    middle = sizes_gib[len(sizes_gib) // 2]
    for size_gib in sizes_gib:
        compare(size_gib, tuple(MODELS) if size_gib == middle else ("lazy", "chunked"))
    return 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--one", model, size]:
            print(json.dumps(asdict(played(model, float(size)))))
        case ["--shares", size]:
            print(json.dumps(shares(float(size))))
        case sizes:
            raise SystemExit(main([float(size) for size in sizes] or SIZES_GIB))
