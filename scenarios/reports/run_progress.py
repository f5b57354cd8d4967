"""How far a simulated run is: the legs that its machines have behind them, of those that the plan has for them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from failback.reprotect import Line, phase_row
from failback.scenarios.files.schema import Scenario
from failback.scenarios.study.progress import Part, progress

LEGS_MIN: Final = 1000
"""Runs of fewer legs are over before a bar can be read."""


@contextmanager
def run_progress(scenario: Scenario, world: str) -> Iterator[Callable[[Line], None] | None]:
    """What hears each line of a run in world sim; None elsewhere, where time is not what is computed."""
    legs = legs_ahead(scenario)
    if world != "sim" or legs < LEGS_MIN:
        yield None
        return
    machines = scenario.estate.virtual_machines.keys()
    with progress("run", {"legs": Part(legs)}) as advance:
        yield lambda line: advance(1.0) if line.name == "JobSucceeded" and line.item in machines else None


def legs_ahead(scenario: Scenario) -> int:
    """Legs that the plan has for the machines, each from where it stands."""
    goals, machines = len(scenario.plan.goals), scenario.estate.virtual_machines.values()
    return sum(max(0, goals - phase_row(vm.at).legs_behind) for vm in machines)
