"""What no machine of the pilot tried: the calibration says what its runs had, the scenario has more."""

from collections.abc import Iterator
from dataclasses import dataclass

from failback.reprotect import Operation, RequestDefaults
from failback.scenarios.checks.ways_tried import largest_gib, ways_tried, without_names
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.plain_words import machines


@dataclass(frozen=True, slots=True)
class NotTried:
    """A property of the way home that the earlier runs did not have, and the machines that have it."""

    way: str
    machines: tuple[str, ...]


def not_tried(scenario: Scenario) -> tuple[NotTried, ...]:
    """All of them; none where no calibration says what its runs tried."""
    tried = scenario.calibration and scenario.calibration.tried
    if not tried:
        return ()
    having = _having(scenario)
    new = [NotTried(way, tuple(names)) for way, names in having.items() if without_names(way) not in tried.ways]
    larger = [vm for vm in scenario.estate.virtual_machines.values() if largest_gib(vm) > tried.largest_disk_gib]
    if larger:
        most = max(map(largest_gib, larger))
        words = f"disks of up to {most:,.0f} GiB (largest so far: {tried.largest_disk_gib:,.0f} GiB)"
        new.append(NotTried(words, tuple(vm.name for vm in larger)))
    return tuple(new)


def _having(scenario: Scenario) -> dict[str, list[str]]:
    estate, found = scenario.estate, dict[str, list[str]]()
    defaults = RequestDefaults(estate, scenario.plan)
    for vm in estate.virtual_machines.values():
        for way in ways_tried(estate, vm, defaults.choose(vm.name, Operation.REPROTECT_TO_ON_PREMISES)):
            found.setdefault(way, []).append(vm.name)
    return found


def not_tried_words(scenario: Scenario) -> Iterator[str]:
    """A line that says what it is about, then one for each."""
    found, calibration = not_tried(scenario), scenario.calibration
    if not found or calibration is None or calibration.tried is None:
        return
    runs = machines(calibration.tried.machines)
    yield f"The earlier runs behind this answer brought {runs} home. None of them had:"
    yield from (f"{each.way} ({machines(len(each.machines))} here)" for each in found)
