"""The way home alone: a scenario in which every machine stands in Azure, committed, when the way home may begin.

Where the estate says in which phases machines stand, it begins with them there, at once: also with a failover that is
under way, or that nobody has committed yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from math import ceil
from typing import Final

from failback.reprotect import (
    LEGS,
    WHOLE_WAY,
    Estate,
    Operation,
    Phase,
    Plan,
    Throttle,
    VirtualMachine,
    Wave,
    end_of,
    stands_at,
)
from failback.scenarios.files.schema import HomeWhen, Scenario
from failback.scenarios.run.player import play
from failback.scenarios.text.local_time import after
from failback.simulator import Fault

from .people import with_people
from .taken_for_granted import is_on_site

SETTLING_S: Final = 3600.0
"""After the last failover is committed: until the last agent is registered, with a margin (R23: up to 15 minutes)."""
_IN_AZURE: Final = end_of(Operation.COMMIT_FAILOVER)
_OUTWARD: Final = tuple(end_of(leg) for leg in LEGS[: LEGS.index(Operation.REPROTECT_TO_ON_PREMISES)])
_LAST_LEG: Final = {
    HomeWhen.COMMITTED: Operation.COMMIT_FAILBACK,
    HomeWhen.APP_CHECKED: Operation.COMMIT_FAILBACK,
    HomeWhen.REPROTECTED: Operation.REPROTECT_TO_AZURE,
}


_ANY_MBIT_PER_S: Final = 1000.0
"""A failover waits for no bandwidth."""


@dataclass(frozen=True, slots=True)
class WayHome:
    """A scenario whose way home begins at virtual second `begins_s`; what lies before is the way out."""

    scenario: Scenario
    begins_s: float


def way_home(scenario: Scenario, starts_at: datetime | None = None) -> WayHome:
    """Make one. Seconds of waves, faults and the line's schedule count from the start of the way home, `starts_at`."""
    scenario = _as_in_azure(scenario)
    begins_s = outward_s(scenario)
    start = starts_at or scenario.starts_at
    moved = replace(
        with_people(scenario),
        starts_at=after(start, -begins_s),
        estate=_with_line(scenario.estate, begins_s),
        faults=tuple(_later(fault, begins_s) for fault in scenario.faults),
    )
    return WayHome(replace(moved, plan=_from(moved, begins_s)), begins_s)


def has_begun(estate: Estate) -> bool:
    """Whether the estate says of any machine where it stands: then the way out is over when the run begins."""
    return any(vm.at is not Phase.REPLICATING_TO_AZURE for vm in estate.virtual_machines.values())


def _as_in_azure(scenario: Scenario) -> Scenario:
    """Where the way home has begun, machines that nobody has failed over yet count as in Azure, and committed."""
    if not has_begun(scenario.estate):
        return scenario
    machines = scenario.estate.virtual_machines.values()
    moved = {vm.name: stands_at(vm, _IN_AZURE) if is_on_site(vm.at) else vm for vm in machines}
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=moved))


def outward_s(scenario: Scenario) -> float:
    """When everything stands in Azure, in whole hours: enough for every seed, whatever varies on the way home."""
    if has_begun(scenario.estate):
        return 0.0
    return played_outward_s(_Outward(_way_out(scenario)))


def _way_out(scenario: Scenario) -> Scenario:
    """The way out alone, with nothing in it that only the way home needs: who differs in that shares one play."""
    link = replace(scenario.estate.link, bandwidth_mbit_per_s=_ANY_MBIT_PER_S, schedule=())
    machines = {name: _unchanged(vm) for name, vm in scenario.estate.virtual_machines.items()}
    estate = replace(scenario.estate, link=link, virtual_machines=machines)
    plan = replace(scenario.plan, goals=_OUTWARD, gates=(), waves=())
    return Scenario("", estate, scenario.durations, plan=plan, poll_s=scenario.poll_s)


def _unchanged(vm: VirtualMachine) -> VirtualMachine:
    """The machine, whatever share of its disks will have changed when it goes home."""
    if all(disk.changed_fraction is None for disk in vm.disks):
        return vm
    return replace(vm, disks=tuple(replace(disk, changed_fraction=None) for disk in vm.disks))


class _Outward:
    """A scenario as a key: by all that it says, since all of it may be read when it is played."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        # the scenario's own repr is for people
        told = [getattr(scenario, field.name) for field in fields(scenario) if field.compare]
        self._key = blake2b(repr(told).encode(), digest_size=16).digest()

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Outward) and other._key == self._key


@lru_cache(maxsize=64)
def played_outward_s(outward: _Outward) -> float:
    """The same of one way out, played once in a process."""
    result = play(outward.scenario, only=())
    ends = [leg.end_s or 0.0 for leg in result.legs if leg.leg is Operation.COMMIT_FAILOVER]
    return 3600.0 * ceil((1.5 * max(ends, default=0.0) + SETTLING_S) / 3600.0)


def _from(scenario: Scenario, begins_s: float) -> Plan:
    plan = scenario.plan
    goals = plan.goals if end_of(_LAST_LEG[scenario.homecoming.home_when]) in plan.goals else WHOLE_WAY
    waves = plan.waves or (Wave("all", tuple(scenario.estate.virtual_machines)),)
    give_up_s = plan.give_up_after_s + begins_s
    return replace(plan, goals=goals, waves=tuple(wave.later(begins_s) for wave in waves), give_up_after_s=give_up_s)


def _with_line(estate: Estate, by_s: float) -> Estate:
    schedule = tuple(moved for throttle in estate.link.schedule for moved in _throttled_later(throttle, by_s))
    return replace(estate, link=replace(estate.link, schedule=schedule)) if schedule else estate


def _throttled_later(throttle: Throttle, by_s: float) -> Iterator[Throttle]:
    """One that recurs and now runs over the end of its period goes on at its beginning."""
    begins_s, every_s = throttle.from_s + by_s, throttle.every_s
    if every_s is None or throttle.to_s is None:
        yield replace(throttle, from_s=begins_s, to_s=None if throttle.to_s is None else throttle.to_s + by_s)
        return
    begins_s %= every_s
    ends_s = begins_s + throttle.to_s - throttle.from_s
    yield replace(throttle, from_s=begins_s, to_s=min(ends_s, every_s))
    if ends_s > every_s:
        yield replace(throttle, from_s=0.0, to_s=ends_s - every_s)


def _later(fault: Fault, by_s: float) -> Fault:
    return fault if fault.at_s is None else replace(fault, at_s=fault.at_s + by_s)
