"""The applications on the first page: their waves, when they are down as planned, how long they may be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from failback.reprotect import VirtualMachine
from failback.scenarios.files.applications import Application
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import h_min

from .downtimes import Downtime, whole_down
from .rows import apart_words, down_words
from .runbook import Runbook


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One application as text. `late_by`: empty where it is down no longer than it may be, or nobody said.

    Of an application in several waves, `down` is told of each wave: between them nothing of it fails back.
    """

    name: str
    waves: tuple[str, ...]
    down: str
    allowed: str
    late_by: str
    apart: str
    """From when to when some of its machines are on site and others in Azure."""
    stays: str
    """Its machines that do not come home as planned."""


def application_rows(found: Runbook) -> Iterator[ApplicationRow]:
    """The applications of the scenario; machines of none have no row."""
    for one, machines in found.applications.items():
        if one in found.scenario.applications:
            yield application_row(found, one, machines)


def application_row(found: Runbook, one: Application, machines: Sequence[VirtualMachine]) -> ApplicationRow:
    """One of them."""
    stopped = {stop.item for stop in found.stops}
    waves = tuple(dict.fromkeys(found.waves[vm.name] for vm in machines if vm.name in found.waves))
    downs = {wave: down for wave in waves if (down := _down(found, machines, wave)) is not None}
    words = [f"{wave}: {down_words(found, down)}" for wave, down in downs.items()]
    allowed = [down.allowed_s for down in downs.values() if down.allowed_s is not None]
    late_by_s = max((down.late_by_s for down in downs.values()), default=0.0)
    return ApplicationRow(
        one.name,
        waves,
        "; ".join(words) if len(words) > 1 else "".join(down_words(found, down) for down in downs.values()),
        h_min(min(allowed)) if allowed else "",
        h_min(late_by_s) if late_by_s >= 1 else "",
        apart_words(found, machines),
        listed([vm.name for vm in machines if vm.name in stopped]),
    )


def _down(found: Runbook, machines: Sequence[VirtualMachine], wave: str) -> Downtime | None:
    """From the first of its machines in this wave to the last."""
    return whole_down(
        found.downs[vm.name] for vm in machines if vm.name in found.downs and found.waves[vm.name] == wave
    )
