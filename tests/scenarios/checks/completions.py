"""What a fact that nobody knows may turn out to be: values as files give them, healthy ones and others."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any, Final, get_args, get_type_hints

from failback.reprotect import Unknown

from .breaks import BREAKS
from .drawn_estates import OF_MACHINES
from .drawn_servers import OF_SERVERS
from .hidden_facts import KINDS, OPEN, Drawn, Path
from .known_estates import KNOWN, REPLICA, SERVERS

MORE: Final[Mapping[tuple[str, str], tuple[Any, ...]]] = {
    ("configuration_servers", "closed_ports"): ([443],),
    ("configuration_servers", "lost_vcenters"): (["vc"],),
    ("hosts", "datastores"): ([],),
    ("hosts", "read_only_datastores"): (["gold"],),
    ("master_targets", "closed_ports"): ([9443],),
    ("master_targets", "os_version"): ("14.04",),
    ("master_targets", "bios_uuid"): ("a", "b", "c"),
    ("master_targets", "disk_uuids"): (["a-0", "b-0", "c-0"],),
    ("virtual_machines", "bios_uuid"): ("own", "mt"),
    ("virtual_machines", "memory_gib"): (95,),
    ("disks", "uuid"): ("own-0", "mt-0"),
}
"""Values that nothing else in these tests gives. The machines of an estate are named a, b and c."""
_TAKEN_FOR_GRANTED: Final[Mapping[tuple[str, str], tuple[Any, ...]]] = {
    ("datastores", "free_gib"): (0, None),
    ("disks", "uuid"): ("b-0",),
}
"""What the rules take an unknown fact not to be [assumed]: a datastore not to be full (B16: less than what new disks
need is another rule's, which does ask), a disk not to have the UUID of another machine's (R11)."""
_NO_FAILOVER_MAKES: Final[Mapping[str, tuple[Any, ...]]] = {
    "exists": (False,),
    "moved": (True,),
    "running": (False, None),
}
"""What an unknown Azure machine is taken not to be before its failover [assumed, and every answer says so]."""


def granted(drawn: Drawn, part: str, path: Path) -> tuple[Any, ...]:
    """Values that an answer takes this fact not to have where nobody knows it."""
    if part == "azure" and drawn["estate"]["virtual_machines"][path[1]].get("at") == "replicating_to_azure":
        return _NO_FAILOVER_MAKES.get(str(path[-1]), ())
    return _TAKEN_FOR_GRANTED.get((part, str(path[-1])), ())


def values_of(part: str, key: str) -> tuple[Any, ...]:
    """Values that this fact of this kind of object may have, each once."""
    found: list[Any] = []
    for value in (*_given(part, key), *_by_type(part, key), *MORE.get((part, key), ())):
        if value != OPEN and value not in found:
            found.append(value)
    return tuple(found)


def _given(part: str, key: str) -> Iterator[Any]:
    yield from (each[key] for each in (*_healthy(part), *_odd(part), *_broken(part)) if key in each)


def _healthy(part: str) -> Iterator[Mapping[str, Any]]:
    yield {"virtual_machines": KNOWN, "azure": REPLICA}.get(part, SERVERS.get(part, {}))
    yield from SERVERS["master_targets"]["retention_drives"] if part == "retention_drives" else ()


def _odd(part: str) -> Iterator[Mapping[str, Any]]:
    if part in ("virtual_machines", "azure"):
        yield from (odd.get("azure", {}) if part == "azure" else odd for odd in OF_MACHINES)
    yield from (odd for section, odd in OF_SERVERS if section == part)


def _broken(part: str) -> Iterator[Mapping[str, Any]]:
    for what in (what for rules in BREAKS.values() for what in rules.values()):
        of_machine = {"virtual_machines": what.machine, "azure": what.machine.get("azure", {})}
        yield from (of_machine.get(part, {}), {"disks": what.disk, "link": what.link}.get(part, {}))
        yield from (each[part] for each in (what.parts, what.more) if part in each)
        for target in what.parts.get("master_targets", {}).get("retention_drives", ()):
            yield target if part == "retention_drives" else {}


def _by_type(part: str, key: str) -> Iterator[Any]:
    """Both truth values; none; what is taken where a file says nothing."""
    kinds = get_args(get_type_hints(KINDS[part])[key])
    yield from (True, False) if bool in kinds else ()
    yield from (None,) if type(None) in kinds else ()
    default = next(field.default for field in fields(KINDS[part]) if field.name == key)
    if default is not MISSING and not isinstance(default, Unknown) and isinstance(default, bool | int | float | str):
        yield default
