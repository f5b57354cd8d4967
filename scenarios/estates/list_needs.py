"""What the column `depends on` of a list means: names of applications, or of machines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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
    return ListNeeds({name: tuple(others) for name, others in needs.items()}, tuple(mistakes))


def inside_words(rows: Sequence[ApplicationRow]) -> Iterator[str]:
    """The order inside applications, which the waves do not keep."""
    applications = {row.application for row in rows}
    mine = {row.machine: row.application for row in rows if row.machine not in applications}
    told = [
        f"{row.machine} after {', '.join(own)} ({row.application})"
        for row in rows
        if (own := [name for name in row.depends_on if name != row.machine and mine.get(name) == row.application])
    ]
    if told:
        yield (
            f"NOT ORDERED: inside an application, the list wants {'; '.join(told)}. Each machine fails back once its "
            "own data is home. To keep the order, put those that come first into an earlier wave."
        )


def _meant(rows: Sequence[ApplicationRow]) -> Mapping[str, str]:
    """The application that a name of the list means."""
    return {row.machine: row.application for row in rows} | {row.application: row.application for row in rows}


def _unknown(application: str, name: str) -> str:
    return (
        f"`{application}` depends on `{name}`, which is neither an application nor a machine of the list; correct or "
        "remove it"
    )
