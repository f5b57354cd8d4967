"""A night whose truth is hidden from the watch: the changed share, the scan rate, the line, a server that fails.

The watch knows the file. The truth is drawn around it, by a seed, and played against the mock; at every tenth of the
way the prediction is made from what the mock has shown until then. Virtual time, so the same seed gives the same night.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp, inf
from random import Random
from typing import Any, Final

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
    Operation,
    OsFamily,
    Phase,
    Plan,
    ProcessServer,
    RetentionDrive,
    VirtualMachine,
    Wave,
    stands_at,
)
from failback.scenarios import Scenario, play
from failback.scenarios.files.loader import load_default_durations
from failback.scenarios.text.local_time import after
from failback.scenarios.watching.ahead import Ahead, ahead
from failback.simulator import Fault, FaultKind
from failback.simulator.arm import ArmMock

from .watched_night import Vault, watch_over, watched_drill

TENTHS: Final = tuple(range(1, 10))
EVERY_S: Final = 240.0
_DISKS: Final = {"db": (200.0,), "web-1": (60.0,), "web-2": (40.0, 90.0)}
_WAVES: Final = {"databases": ("db",), "web": ("web-1", "web-2")}
_SPREAD: Final = {"changed": 0.6, "own": 0.3, "scan": 0.2, "line": 0.2}
"""Standard deviations of the logarithm, of the truth around the file; `own`: of each disk beside the others."""
FAILS: Final = 0.15
"""Share of the nights in which a server that carries the data is down for 20 to 90 minutes."""
TRIES: Final = 30
"""People ask again for what fails meanwhile, every five minutes: so all machines come home in every night."""


def as_filed(architecture: Architecture) -> Scenario:
    """What the watch knows: three machines in Azure, two waves, a line of 100 Mbit/s."""
    machines = {name: _machine(name, sizes, architecture) for name, sizes in _DISKS.items()}
    waves = tuple(Wave(name, items) for name, items in _WAVES.items())
    return Scenario("night", _estate(machines, architecture), load_default_durations(), plan=Plan(waves=waves))


def _machine(name: str, sizes: Sequence[float], architecture: Architecture) -> VirtualMachine:
    disks = tuple(Disk(size, f"Disk{n}") for n, size in enumerate(sizes))
    vm = VirtualMachine(name, OsFamily.LINUX, disks, architecture, "esx", "store")
    return stands_at(vm, Phase.FAILOVER_COMMITTED)


def _estate(machines: Mapping[str, VirtualMachine], architecture: Architecture) -> Estate:
    common: dict[str, Any] = {
        "virtual_machines": machines,
        "link": Link(100.0),
        "hosts": {"esx": Host("esx", ("store",))},
        "datastores": {"store": Datastore("store")},
    }
    if architecture is Architecture.MODERNISED:
        return Estate(**common, appliances={"box": Appliance("box", "esx", "store")})
    target = MasterTarget(
        "mt", OsFamily.LINUX, "esx", "store", retention_drives=(RetentionDrive("/mnt/r", listed=True),)
    )
    servers = {"ps": ProcessServer("ps", in_azure=True)}
    return Estate(
        **common,
        configuration_servers={"cs": ConfigurationServer("cs")},
        process_servers=servers,
        master_targets={"mt": target},
    )


def truth_of(scenario: Scenario, seed: int) -> Scenario:
    """What is really so on the night of this seed."""
    chance = Random(f"truth/{seed}")

    def about(what: str) -> float:
        return exp(chance.gauss(0.0, _SPREAD[what]))

    usual, scan, line = about("changed") * scenario.site.changed_fraction, about("scan"), about("line")
    machines = {
        name: replace(vm, disks=tuple(replace(d, changed_fraction=min(1.0, usual * about("own"))) for d in vm.disks))
        for name, vm in scenario.estate.virtual_machines.items()
    }
    link = replace(scenario.estate.link, bandwidth_mbit_per_s=scenario.estate.link.bandwidth_mbit_per_s * line)
    site = replace(scenario.site, scan_mib_per_s=scenario.site.scan_mib_per_s * scan)
    estate = replace(scenario.estate, virtual_machines=machines, link=link)
    plan = replace(scenario.plan, attempts_max=TRIES)
    true = replace(scenario, estate=estate, site=site, plan=plan, seed=seed * 1000 + 500)
    return replace(true, faults=_faults(true, chance))


def _faults(true: Scenario, chance: Random) -> tuple[Fault, ...]:
    fails, at, minutes = chance.random() < FAILS, chance.random(), chance.uniform(20, 90)
    if not fails:
        return ()
    begins_s = at * _home_s(play(true))
    server, fact = ("box", "healthy") if true.estate.appliances else ("ps", "up")
    kind = FaultKind.CHANGE_FACTS
    return (
        Fault(kind, server, at_s=begins_s, facts={fact: False}),
        Fault(kind, server, at_s=begins_s + minutes * 60, facts={fact: True}),
    )


def _home_s(result: Any) -> float:
    """When the last machine was home; infinite where one never was."""
    homes = {leg.item: leg.end_s for leg in result.legs if leg.leg is Operation.COMMIT_FAILBACK and leg.end_s}
    return max(homes.values()) if len(homes) == len(_DISKS) else inf


@dataclass(frozen=True, slots=True)
class Said:
    """What was predicted at one tenth, in seconds of the night; and when all were home."""

    tenth: int
    low_s: float
    high_s: float
    home_s: float

    @property
    def holds(self) -> bool:
        """Whether the band has the truth in it."""
        return self.low_s <= self.home_s <= self.high_s

    @property
    def width_s(self) -> float:
        """How wide the band is."""
        return self.high_s - self.low_s


class HiddenNight:
    """Plays the truth, watches it by the file, and predicts at each of these tenths."""

    def __init__(self, scenario: Scenario, seed: int, tenths: Sequence[int] = TENTHS) -> None:
        self._scenario, self._tenths = replace(scenario, seed=seed * 1000), list(tenths)
        self._found: list[tuple[int, Ahead]] = []
        self._watch: Any = None
        truth = truth_of(scenario, seed)
        self._about_s = _home_s(play(truth))
        result = watched_drill(truth, EVERY_S, self._look)
        self.home_s = _home_s(result)

    def _look(self, arm: ArmMock, now_s: float) -> None:
        if not self._tenths:
            return
        if self._watch is None:
            vault = Vault(arm, tuple(self._scenario.estate.virtual_machines))
            look = vault.look()
            self._watch = watch_over(self._scenario, vault, look.at)
            self._watch.begin(look)
        else:
            self._watch.look()
        if now_s >= self._about_s * self._tenths[0] / 10:
            self._predict(self._tenths.pop(0))

    def _predict(self, tenth: int) -> None:
        record, zero = self._watch.recorder.record, self._watch.recorder.zero
        found = ahead(self._scenario, record, zero, after(zero, record.now_s), None)
        if found is not None:
            self._found.append((tenth, found))

    @property
    def said(self) -> list[Said]:
        """All that was predicted."""
        return [
            Said(tenth, self._second(found.whole.low), self._second(found.whole.high), self.home_s)
            for tenth, found in self._found
        ]

    def _second(self, at: datetime | None) -> float:
        return inf if at is None else (at - self._watch.recorder.zero).total_seconds()
