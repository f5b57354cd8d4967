"""For each fact that an estate may leave open: who looks where, and what is written down in which case.

One row a fact, whichever rules ask for it: person, place and value stand together, so that none can be missing
(`test_look_ups.py` says which fact lacks a row). A place is seen before any repair. Where the value needs what somebody
else sees first, that is a step of its own (`before`). How a page looks is general knowledge of vSphere and the portal.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from .facts_read import FactRead
from .look_ups_machines import MACHINES
from .look_ups_rows import LookUp
from .look_ups_servers import LOOK_UPS_OF_SERVERS
from .row import ObjectKind

_NUMBER: Final = re.compile(r"\.\d+(?=\.)")
LOOK_UPS: Final[Mapping[tuple[str, str], LookUp]] = {**MACHINES, **LOOK_UPS_OF_SERVERS}
"""Section and key of a fact, without the numbers of parts (`disks.uuid`) -> how it is found."""
KIND_NAMES: Final[Mapping[str, str]] = {"virtual_machines": "machine", "link": "object"} | {
    f"{kind.value.replace(' ', '_')}s": kind.value.replace(" ", "_")
    for kind in (
        ObjectKind.HOST, ObjectKind.DATASTORE, ObjectKind.CONFIGURATION_SERVER, ObjectKind.PROCESS_SERVER,
        ObjectKind.MASTER_TARGET, ObjectKind.APPLIANCE,
    )
}  # fmt: skip
"""Section -> the name under which a text asks for an object of it."""


class Looking(NamedTuple):
    """One step: who looks, and what they do. `section` and `objects`: what it is done for, the first and the others.

    `for_all`: one call that does the same for all of them.
    """

    who: str
    text: str
    section: str
    objects: tuple[str, ...]
    for_all: str = ""


def look_up_of(section: str, key: str) -> LookUp:
    """How this fact is found; raises `KeyError` where no row says so, which a test rules out."""
    return LOOK_UPS[section, _NUMBER.sub("", key)]


def lookings(open_facts: Iterable[FactRead]) -> tuple[Looking, ...]:
    """The steps that answer these facts, in order. What is seen at one place is written down in one step."""
    objects: dict[tuple[str, str], dict[str, None]] = {}
    for fact in open_facts:
        objects.setdefault((fact.section, _NUMBER.sub("", fact.key)), {})[fact.name] = None
    return tuple(_steps(objects))


def _steps(objects: Mapping[tuple[str, str], Mapping[str, None]]) -> Iterator[Looking]:
    places: dict[tuple[str, tuple[str, ...], LookUp], list[str]] = {}
    for (section, key), names in objects.items():
        row = LOOK_UPS[section, key]
        place = (section, tuple(names), row._replace(value=""))
        places.setdefault(place, []).append(f"as `{written_key(key)}` write {row.value}")
    for (section, several, row), values in places.items():
        yield from (Looking(who, text, section, several) for who, text in row.before)
        yield Looking(row.who, _goes_on(row.where, "; ".join(values)), section, several, row.for_all)


def written_key(key: str) -> str:
    """A part of a list has no key of its own: `disks: uuid`."""
    part, _, of_it = _NUMBER.sub("", key).partition(".")
    return key if part in ("azure", key) else f"{part}: {of_it}"


def _goes_on(where: str, value: str) -> str:
    return f"{where} {value[0].upper()}{value[1:]}" if where.endswith("?") else f"{where}; {value}"
