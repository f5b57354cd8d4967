"""The simulated vault's use of the requirements table: it reports the first unmet rule of a stage, as ASR does.

A rule that resolves itself is begun to be resolved when it first refuses: what was added shows within its time (M10,
M14, P08). The agent's registration has a process of its own (R23).
"""

from collections import ChainMap
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any, Final, TypeAlias

import simpy

from failback.reprotect import (
    Choices,
    Estate,
    Operation,
    Stage,
    Unmet,
    evolved,
    first_unmet,
    known_failure,
    service_code,
)

from .job import TaskFailed
from .site import Site


def enforce(site: Site, item: str, stage: Stage, operation: Operation, choices: Choices) -> None:
    """Raise `TaskFailed` for the first rule of this stage that is broken now; unknown facts break nothing."""
    broken = first_broken(site, item, stage, operation, choices)
    if broken is not None:
        raise _failed(broken, operation)


def _failed(broken: Unmet, operation: Operation) -> TaskFailed:
    """What the vault says: a published code of a like cause with its text, where there is one [inferred]."""
    sent = service_code(broken.rule, operation)
    known = known_failure(sent.code) if sent is not None else None
    if sent is None or known is None:
        return TaskFailed(broken.code, broken.message, broken.possible_causes, broken.remedy)
    causes = f"{broken.possible_causes}; {known.possible_causes}"
    return TaskFailed(sent.code, f"{broken.message} ({known.message})", causes, broken.remedy)


def first_broken(site: Site, item: str, stage: Stage, operation: Operation, choices: Choices) -> Unmet | None:
    """The first broken rule of this stage, if there is one."""
    broken = first_unmet(_without_own_disks(site, item), item, stage, operation, choices)
    if broken is not None and broken.rule in _APPEARS:
        _let_appear(site, broken, choices)
    return broken


def _without_own_disks(site: Site, item: str) -> Estate:
    """The table wants the disks of the others in flight; the judged item's own are not counted."""
    disk_host = site.returning_through.get(item)
    if disk_host is None:
        return site.estate
    others = site.disks_in_flight[disk_host] - site.slots_of(item)
    return evolved(site.estate, disks_in_flight=ChainMap({disk_host: others}, site.disks_in_flight))


# What shows by itself after a while


def _drive_is_listed(site: Site, choices: Choices) -> None:
    """M10."""
    target = site.estate.master_targets[choices.master_target or ""]
    drives = (replace(d, listed=True) if d.name == choices.retention_drive else d for d in target.retention_drives)
    site.change(target.name, retention_drives=tuple(drives))


def _target_is_discovered(site: Site, choices: Choices) -> None:
    """M14: of a vCenter's machines; a physical server is never discovered as one."""
    site.change(choices.master_target or "", discovered=True)


def _switch_shows(site: Site, choices: Choices) -> None:
    """P08."""
    site.change(choices.process_server or "", listed=True)


_Appear: TypeAlias = Callable[[Site, Choices], None]
_APPEARS: Final[dict[str, tuple[str, _Appear]]] = {
    "M10": ("retention_drive_visible", _drive_is_listed),
    "M14": ("vcenter_discovery", _target_is_discovered),
    "P08": ("process_server_switch", _switch_shows),
}
"""Rule to the duration that it waits for, and what shows then."""


def _let_appear(site: Site, broken: Unmet, choices: Choices) -> None:
    thing = (broken.rule, broken.blockers[0].name)
    if thing not in site.appearing:
        site.appearing.add(thing)
        site.env.process(_appear(site, thing, choices))


def _appear(site: Site, thing: tuple[str, str], choices: Choices) -> Generator[simpy.Event, Any, None]:
    duration, show = _APPEARS[thing[0]]
    yield site.env.timeout(site.duration_s(duration, thing[1]))
    show(site, choices)
