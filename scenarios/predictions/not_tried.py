"""What the answer takes for granted: what no machine of the pilot tried, and people whose hours nobody wrote down."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Operation, RequestDefaults
from failback.scenarios.checks.ways_tried import largest_gib, ways_tried, without_names
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.language import Wording, message, said, translated, wording
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
        now, so_far = f"{most:,.0f}", f"{tried.largest_disk_gib:,.0f}"
        words = wording("disks of up to {now} GiB (largest so far: {so_far} GiB)", now=now, so_far=so_far)
        new.append(NotTried(words, tuple(vm.name for vm in larger)))
    return tuple(new)


def _having(scenario: Scenario) -> dict[str, list[str]]:
    estate, found = scenario.estate, dict[str, list[str]]()
    defaults = RequestDefaults(estate, scenario.plan)
    for vm in estate.virtual_machines.values():
        for way in ways_tried(estate, vm, defaults.choose(vm.name, Operation.REPROTECT_TO_ON_PREMISES)):
            found.setdefault(way, []).append(vm.name)
    return found


def people_words(scenario: Scenario) -> str:
    """What is assumed where manual steps have no shifts; empty where nothing is."""
    people = scenario.homecoming
    if not people.manual_steps or people.shifts:
        return ""
    steps = ", ".join(step.name for step in people.manual_steps)
    return said(
        "The scenario has no shifts (homecoming.shifts), so its manual steps ({steps}) are simulated "
        "as if somebody were always there for each machine.",
        steps=steps,
    )


def not_tried_words(scenario: Scenario) -> Iterator[str]:
    """A line that says what it is about, then one for each."""
    found, calibration = not_tried(scenario), scenario.calibration
    if not found or calibration is None or calibration.tried is None:
        return
    runs = machines(calibration.tried.machines)
    yield said("The earlier runs behind this answer brought {machines} home. None of them had:", machines=runs)
    for each in found:
        yield said("{way} ({machines} here)", way=_way(each.way), machines=machines(len(each.machines)))


def _way(way: str) -> str:
    """A property in the language of now; files keep the one in English."""
    if isinstance(way, Wording):
        return translated(way)
    form = next((form for form in _WAYS if way.startswith(form.partition("{")[0])), None)
    return said(form, value=way.removeprefix(form.partition("{")[0])) if form else way


_WAYS: Final = (
    message("architecture {value}"),
    message("operating system {value}"),
    message("distribution {value}"),
    message("original location"),
    message("alternate location"),
    message("through {value}"),
    message("process server {value}"),
    message("datastore kind {value}"),
    message("firmware {value}"),
    message("source {value}"),
    message("replication group"),
)
"""How the properties of `ways_tried` begin."""
