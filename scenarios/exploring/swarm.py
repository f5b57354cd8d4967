"""A swarm: many drills, each with its own faults of the site, crashes and lost replies, drawn by its seed."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from random import Random
from typing import Final

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.simulator import Fault, FaultKind

from .case import BadRead, Case, Crash, Kept, Loss, LostReply, Sight
from .explore import DOWN_S, Found, workers
from .trial import played, undisturbed
from .verdict import Verdict

FAULTS_MAX, CRASHES_MAX, LOSSES_MAX, READS_MAX = 3, 2, 2, 2
BACK_S: Final = (600.0, 12 * 3600.0)
"""How soon, and how late, somebody repairs what a fault has broken."""
REPAIRED: Final = 0.7
"""How often somebody does."""

DOWN_AND_UP: Final = (
    ("process_servers", {"up": False}, {"up": True}),
    ("master_targets", {"up": False}, {"up": True}),
    ("configuration_servers", {"up": False}, {"up": True}),
    ("configuration_servers", {"vcenter_connected": False}, {"vcenter_connected": True}),
    ("appliances", {"healthy": False}, {"healthy": True}),
    ("hosts", {"connected": False}, {"connected": True}),
    ("datastores", {"accessible": False}, {"accessible": True}),
)
"""Sections of an estate whose parts fail, what they show then, and what when they are repaired."""


def case_of(name: str, scenario: Scenario, seed: int, steps: int, length_s: float) -> Case:
    """The case with this seed. `steps` and `length_s`: those of the undisturbed drill."""
    chance = Random(seed)
    faults = [one for _ in range(chance.randint(1, FAULTS_MAX)) for one in _fault(scenario, chance, length_s)]
    crashes = [
        Crash(chance.randint(1, steps), chance.choice(tuple(Kept)), chance.choice(DOWN_S))
        for _ in range(chance.randint(0, CRASHES_MAX))
    ]
    losses = [
        LostReply(chance.randint(1, 30), chance.choice(tuple(Loss))) for _ in range(chance.randint(0, LOSSES_MAX))
    ]
    reads = [
        BadRead(chance.randint(1, steps), chance.choice(tuple(Sight))) for _ in range(chance.randint(0, READS_MAX))
    ]
    return Case(
        name, seed, faults=tuple(faults), crashes=tuple(crashes), lost_replies=tuple(losses), bad_reads=tuple(reads)
    )


def _fault(scenario: Scenario, chance: Random, length_s: float) -> Iterator[Fault]:
    at_s = round(chance.uniform(0, length_s))
    machine = chance.choice(tuple(scenario.estate.virtual_machines))
    match chance.choice(("job", "cancel", "snapshot", "part", "part", "part")):
        case "job":
            times = chance.randint(1, 4)
            yield Fault(FaultKind.FAIL_JOB, machine, at_s, times=times)
        case "cancel":
            yield Fault(FaultKind.CANCEL_JOB, machine, at_s)
        case "snapshot":
            yield from _snapshot(scenario, chance, at_s)
        case _:
            yield from _part(scenario, chance, at_s)


def _snapshot(scenario: Scenario, chance: Random, at_s: float) -> Iterator[Fault]:
    estate = scenario.estate
    on = chance.choice((*estate.virtual_machines, *estate.master_targets))
    yield Fault(FaultKind.TAKE_SNAPSHOT, on, at_s)
    if chance.random() < REPAIRED:
        yield Fault(FaultKind.REMOVE_SNAPSHOTS, on, at_s + round(chance.uniform(*BACK_S)))


def _part(scenario: Scenario, chance: Random, at_s: float) -> Iterator[Fault]:
    there = [row for row in DOWN_AND_UP if getattr(scenario.estate, row[0])]
    section, broken, repaired = chance.choice(there)
    name = chance.choice(tuple(getattr(scenario.estate, section)))
    yield Fault(FaultKind.CHANGE_FACTS, name, at_s, facts=broken)
    if chance.random() < REPAIRED:
        yield Fault(FaultKind.CHANGE_FACTS, name, at_s + round(chance.uniform(*BACK_S)), facts=repaired)


def each_seed(name: str, scenario: Scenario, seeds: Sequence[int], cores: int | None = None) -> Iterator[Found]:
    """Play the swarm. What a fault of the site does to where a machine ends is no violation."""
    one = partial(_played_by_name, name)
    cores = workers() if cores is None else cores
    if cores == 1:
        yield from (_played(name, scenario, _before(name), seed) for seed in seeds)
        return
    with ProcessPoolExecutor(cores) as pool:
        yield from pool.map(one, seeds, chunksize=16)


def _played_by_name(name: str, seed: int) -> Found:
    """In another process, which reads the scenario itself: not all of it can be sent there."""
    return _played(name, _loaded(name), _before(name), seed)


@cache
def _loaded(name: str) -> Scenario:
    return load_scenario(resolve(name))


@cache
def _before(name: str) -> Verdict:
    return undisturbed(_loaded(name))


def _played(name: str, scenario: Scenario, before: Verdict, seed: int) -> Found:
    case = case_of(name, scenario, seed, before.steps, before.ended_s)
    verdict = played(case, scenario)
    return Found(case, replace(verdict, delayed=_delayed(verdict, before)))


def _delayed(verdict: Verdict, before: Verdict) -> bool:
    """Whether a machine was stopped that comes home otherwise, or the last one was later."""
    return verdict.ends != before.ends or verdict.ended_s > before.ended_s
