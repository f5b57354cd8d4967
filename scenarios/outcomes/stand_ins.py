"""Machines that may stand in for one another, as far as names and systems tell.

Their names differ in the last number alone, and their operating systems are of one family: Windows hardly stands in
for Linux.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Estate, OsFamily
from failback.scenarios.files.applications import Application

_LAST_NUMBER: Final = re.compile(r"\d+(?=\D*\Z)")
MAYBE: Final = (
    "one may stand in for the other (one application, one operating system family, and names that differ in the number "
    "alone)"
)
"""Why they are named: nobody told it, the names suggest it."""


@dataclass(frozen=True, slots=True)
class StandIns:
    """Machines of one application. `alone`: those of it for which nothing stands in, so that it stops with them."""

    application: str
    machines: tuple[str, ...]
    alone: tuple[str, ...]


def stand_ins(estate: Estate, applications: Iterable[Application]) -> Iterator[StandIns]:
    """Those of each application; machines of one replication group go at once, so that none stands in there (R07)."""
    for one in applications:
        groups = [names for names in alike(estate, one.machines) if not in_one_group(estate, names)]
        alone = tuple(name for name in one.machines if not any(name in names for names in groups))
        yield from (StandIns(one.name, names, alone) for names in groups)


def alike(estate: Estate, machines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Those of one system family, and of one name but for the number, two or more, in their order."""
    found: dict[tuple[str, OsFamily], list[str]] = {}
    for name in machines:
        found.setdefault((_LAST_NUMBER.sub("#", name), estate.virtual_machines[name].os), []).append(name)
    return (tuple(names) for (stem, _), names in found.items() if len(names) > 1 and stem.strip("#"))


def in_one_group(estate: Estate, names: Iterable[str]) -> bool:
    """Whether one replication group moves all of them at once (R07)."""
    groups = {estate.virtual_machines[name].replication_group for name in names}
    return len(groups) == 1 and None not in groups
