"""What the column `depends on` of a list means: names of applications, or of machines."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from failback.adapters.importing.application_lists import ApplicationRow
from failback.scenarios.text.name_lists import listed

from .machines_left_out import Absent

_Wanted: TypeAlias = Mapping[str, Mapping[str, str]]
"""Application -> those on which it depends, each with the name that the list has for it there."""


@dataclass(frozen=True, slots=True)
class ListNeeds:
    """For each application those that must be home before it, and the names that mean nothing, in a sentence each.

    `dropped`: what the list wants and no wave can keep, since a machine is absent.
    """

    by_application: Mapping[str, tuple[str, ...]]
    mistakes: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    def of(self, application: str) -> tuple[str, ...]:
        """Those of one application."""
        return self.by_application.get(application, ())


def needs_of(rows: Sequence[ApplicationRow], absent: Absent) -> ListNeeds:
    """A machine stands for its application, also an absent one; the name of an application wins over that of a machine.

    What an application without a machine here depends on must be home before those that depend on it.
    """
    every = (*rows, *absent.rows)
    meant = _meant(every)
    unknown = (_unknown(row.application, name) for row in every for name in row.depends_on if name not in meant)
    wanted, gone = _wanted(every, meant), absent.applications
    here = dict.fromkeys(row.application for row in rows)
    needs = {name: tuple(dict.fromkeys(_here(name, name, wanted, gone))) for name in here}
    dropped = (*_on_gone(here, wanted, gone), *_on_absent(rows, absent))
    return ListNeeds(needs, (*dict.fromkeys(unknown), *_circles(rows)), dropped)


def _wanted(rows: Sequence[ApplicationRow], meant: Mapping[str, str]) -> _Wanted:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        for name in row.depends_on:
            if meant.get(name, row.application) != row.application:
                found.setdefault(row.application, {}).setdefault(meant[name], name)
    return found


def _here(
    application: str, first: str, wanted: _Wanted, gone: Collection[str], seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    """What it needs of what is here: of one that is gone, what that one needs. Never the `first` itself."""
    for need in wanted.get(application, {}):
        if need not in gone and need != first:
            yield need
        elif need in gone and need not in seen:
            yield from _here(need, first, wanted, gone, seen | {need})


def _on_gone(applications: Collection[str], wanted: _Wanted, gone: Collection[str]) -> Iterator[str]:
    for name in applications:
        for need, called in wanted.get(name, {}).items():
            if need in gone:
                instead = listed(tuple(dict.fromkeys(_here(need, name, wanted, gone, frozenset({need})))))
                so = f"; instead it waits for what that one depends on: {instead}" if instead else ""
                of = f" of {need}" if called != need else ""
                why = f"but {need} has no machine in this scenario{so}"
                yield f"DEPENDENCY LEFT OUT: {name} depends on {called}{of}, {why}."


def _on_absent(rows: Sequence[ApplicationRow], absent: Absent) -> Iterator[str]:
    """Inside an application: which machine comes first cannot be kept for one that is not here."""
    others = _mine((*rows, *absent.rows))
    left_out = {row.machine for row in absent.rows}
    for row in rows:
        if gone := [name for name in _inside(row, others) if name in left_out]:
            told = f"{row.machine} depends on {listed(gone)} of its own application {row.application}"
            yield f"DEPENDENCY LEFT OUT: {told}, which is not in this scenario."


def in_order(rows: Sequence[ApplicationRow], every: Sequence[ApplicationRow]) -> tuple[str, ...]:
    """The machines of an application, those on which others of it depend first. Raises `CycleError`."""
    mine, sorter = _mine(every), TopologicalSorter[str]()
    for row in rows:
        sorter.add(row.machine)
    for row in rows:
        sorter.add(row.machine, *_inside(row, mine))
    return tuple(sorter.static_order())


def needs_inside(rows: Sequence[ApplicationRow]) -> Mapping[str, Sequence[str]]:
    """Machine -> those of its own application on which it depends."""
    mine = _mine(rows)
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        found.setdefault(row.machine, {}).update(dict.fromkeys(_inside(row, mine)))
    return {name: tuple(needs) for name, needs in found.items()}


def _circles(rows: Sequence[ApplicationRow]) -> Iterator[str]:
    for name in dict.fromkeys(row.application for row in rows):
        try:
            in_order([row for row in rows if row.application == name], rows)
        except CycleError as circle:
            yield f"machines of `{name}` wait for one another ({' -> '.join(circle.args[1])}); remove one dependency"


def _mine(rows: Sequence[ApplicationRow]) -> Mapping[str, str]:
    """Machine -> its application, but for names that an application has too."""
    applications = {row.application for row in rows}
    return {row.machine: row.application for row in rows if row.machine not in applications}


def _inside(row: ApplicationRow, mine: Mapping[str, str]) -> list[str]:
    """The machines of its own application that this one needs."""
    return [name for name in row.depends_on if name != row.machine and mine.get(name) == row.application]


def _meant(rows: Sequence[ApplicationRow]) -> Mapping[str, str]:
    """The application that a name of the list means."""
    return {row.machine: row.application for row in rows} | {row.application: row.application for row in rows}


def _unknown(application: str, name: str) -> str:
    return (
        f"`{application}` depends on `{name}`, which is neither an application nor a machine of the list; correct or "
        "remove it"
    )
