"""The applications on the first page: their waves, when they are down as planned, how long they may be."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from failback.reprotect import VirtualMachine
from failback.scenarios.files.applications import Application
from failback.scenarios.outcomes.application_downtime import Span, application_downtime, late_in_the_slowest
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import h_min

from .downtimes import Downtime
from .rows import apart_words, down_words
from .rule_titles import titled
from .runbook import Runbook


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One application as text. `late_by`: in the slowest run; empty where it is down no longer than it may be.

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
    stays_for: str = ""
    """The rules or reasons for which they stay."""


def application_rows(found: Runbook) -> Iterator[ApplicationRow]:
    """The applications of the scenario; machines of none have no row."""
    for one, machines in found.applications.items():
        if one in found.scenario.applications:
            yield application_row(found, one, machines)


def application_row(found: Runbook, one: Application, machines: Sequence[VirtualMachine]) -> ApplicationRow:
    """One of them."""
    stopped = {stop.item for stop in found.stops}
    mine = {vm.name for vm in machines}
    waves = tuple(dict.fromkeys(wave for item, wave in found.waves.items() if item in mine))
    spans = {name: (down.begins_s, down.ends_s) for name, down in found.downs.items()}
    down = application_downtime(found.scenario, one, spans, found.waves)
    slowest = late_in_the_slowest(found.scenario, one, tuple(_in_runs(found, mine)), found.waves)
    late_by_s = 0.0 if slowest is None else slowest.late_by_s
    told = {wave: down_words(found, Downtime(*down.by_wave[wave])) for wave in waves if wave in down.by_wave}
    return ApplicationRow(
        one.name,
        waves,
        "; ".join(f"{wave}: {words}" for wave, words in told.items()) if len(told) > 1 else "".join(told.values()),
        "" if down.allowed_s is None else h_min(down.allowed_s),
        h_min(late_by_s) if late_by_s else "",
        apart_words(found, machines),
        listed([vm.name for vm in machines if vm.name in stopped]),
        ", ".join(dict.fromkeys(titled(stop.rule) for stop in found.stops if stop.item in mine)),
    )


def _in_runs(found: Runbook, names: Collection[str]) -> Iterator[Mapping[str, Span]]:
    """In each run, from when to when these machines are down; without those that do not get home in it."""
    mine = {name: down.runs for name, down in found.downs.items() if name in names}
    for n in range(found.runs):
        yield {name: span for name, runs in mine.items() if (span := runs[n]) is not None}
