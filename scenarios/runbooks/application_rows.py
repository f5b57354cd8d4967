"""The applications on the first page: their waves, when they are down as planned, how long they may be."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from failback.reprotect import VirtualMachine
from failback.scenarios.files.applications import Application
from failback.scenarios.outcomes.application_downtime import Span, late_in_the_slowest
from failback.scenarios.outcomes.planned_downtime import application_downs
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import h_min

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
    runs = tuple(_in_runs(found, mine))
    downs = application_downs(found.scenario, one, runs, found.waves)
    slowest = late_in_the_slowest(found.scenario, one, runs, found.waves)
    told = {wave: down_words(found, downs[wave]) for wave in waves if wave in downs}
    return ApplicationRow(
        one.name,
        waves,
        "; ".join(f"{wave}: {words}" for wave, words in told.items()) if len(told) > 1 else "".join(told.values()),
        "" if slowest is None or slowest.allowed_s is None else h_min(slowest.allowed_s),
        h_min(slowest.late_by_s) if slowest is not None and slowest.late_by_s else "",
        apart_words(found, machines),
        listed([vm.name for vm in machines if vm.name in stopped]),
        ", ".join(dict.fromkeys(titled(stop.rule) for stop in found.stops if stop.item in mine)),
    )


def _in_runs(found: Runbook, names: Collection[str]) -> Iterator[Mapping[str, Span]]:
    """In each run, from when to when these machines are down; without those that do not get home in it."""
    mine = {name: down.runs for name, down in found.downs.items() if name in names}
    for n in range(found.runs):
        yield {name: span for name, runs in mine.items() if (span := runs[n]) is not None}
