"""What the column `depends on` of a list means: names of applications, or of machines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from failback.adapters.importing.application_lists import ApplicationRow

from .machines_left_out import Absent


@dataclass(frozen=True, slots=True)
class ListNeeds:
    """For each application those that must be home before it, and the names that mean nothing, in a sentence each."""

    by_application: Mapping[str, tuple[str, ...]]
    mistakes: tuple[str, ...] = ()

    def of(self, application: str) -> tuple[str, ...]:
        """Those of one application."""
        return self.by_application.get(application, ())


def needs_of(rows: Sequence[ApplicationRow], absent: Absent) -> ListNeeds:
    """A machine stands for its application; the name of an application wins over that of a machine."""
    meant = _meant(rows)
    gone = absent.applications.union(*absent.reasons.values())
    needs: dict[str, dict[str, None]] = {}
    mistakes: dict[str, None] = {}
    for row in rows:
        for name in row.depends_on:
            if name not in meant and name not in gone:
                mistakes[_unknown(row.application, name)] = None
            elif meant.get(name, row.application) != row.application:
                needs.setdefault(row.application, {})[meant[name]] = None
    return ListNeeds({name: tuple(others) for name, others in needs.items()}, (*mistakes, *_circles(rows)))


def in_order(rows: Sequence[ApplicationRow], every: Sequence[ApplicationRow]) -> tuple[str, ...]:
    """The machines of an application, those on which others of it depend first. Raises `CycleError`."""
    mine, sorter = _mine(every), TopologicalSorter[str]()
    for row in rows:
        sorter.add(row.machine)
    for row in rows:
        sorter.add(row.machine, *_inside(row, mine))
    return tuple(sorter.static_order())


def inside_words(rows: Sequence[ApplicationRow]) -> Iterator[str]:
    """The order inside applications, which the waves do not keep."""
    mine = _mine(rows)
    told = [f"{row.machine} after {', '.join(own)} ({row.application})" for row in rows if (own := _inside(row, mine))]
    if told:
        yield (
            f"NOT ORDERED: inside an application, the list wants {'; '.join(told)}. Each machine fails back once its "
            "own data is home. Within a wave they stand in this order, which does not enforce it. To enforce it, put "
            "those that come first into an earlier wave."
        )


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
