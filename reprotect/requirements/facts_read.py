"""Which facts of the estate a rule looks at for one machine: the keys that a person fills in or corrects.

The rule is asked once more, of an estate that notes what is read. So no table says which rule reads which key, and none
can be wrong. It is for one finding at a time: judging itself never goes this way.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, Final, NamedTuple

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Estate, known
from failback.reprotect.item import UNKNOWN, Unknown

from .row import Predicate

FACT_SECTIONS: Final = (
    "virtual_machines",
    "hosts",
    "datastores",
    "configuration_servers",
    "process_servers",
    "master_targets",
    "appliances",
)
LINK: Final = "link"
_NO_FACTS: Final = frozenset({"name", "host", "datastore", "os", "architecture", "replication_group", "tier"})
"""Who an object is and where it stands: a rule reads them to find another object."""
_WHICH_SERVER: Final = frozenset({"configuration_server", "vcenter", "host", "datastore", "template"})
"""Read to find another object, or for a hint: the answer only where nothing else is open."""
_WHERE: Final = frozenset({"host", "datastore"})
"""Where an object stands: empty where nobody said it, so that a rule cannot find what it looks for."""


class FactRead(NamedTuple):
    """One fact as a rule found it. `name` is empty for the link; `key` leads through parts: disks.0.uuid."""

    section: str
    name: str
    key: str
    value: Any


def facts_read(predicate: Predicate, estate: Estate, item: str, choices: Choices) -> tuple[FactRead, ...]:
    """What it read, each fact once. Where nobody knows whether the machine exists on site, as in both cases."""
    vm, notes = estate.virtual_machines[item], list[FactRead]()
    if known(vm.exists_on_premises):
        predicate(_noting(estate, notes), item, choices)
    else:
        notes.append(FactRead("virtual_machines", item, "exists_on_premises", UNKNOWN))
        for exists in (True, False):
            machines = {**estate.virtual_machines, item: replace(vm, exists_on_premises=exists)}
            predicate(_noting(replace(estate, virtual_machines=machines), notes), item, choices)
    found: dict[tuple[str, str, str], FactRead] = {}
    for note in map(_unsaid, notes):  # the first holds: the machine may exist or not, also where a case was tried
        if (note.key not in _NO_FACTS or _is_open(note)) and not _is_a_part(note.value):
            found.setdefault((note.section, note.name, note.key), note)
    return tuple(found.values())


def open_facts(read: tuple[FactRead, ...]) -> tuple[FactRead, ...]:
    """Those that nobody knows."""
    unknown = list(filter(_is_open, read))
    return tuple(fact for fact in unknown if fact.key not in _WHICH_SERVER) or tuple(unknown)


def _unsaid(read: FactRead) -> FactRead:
    """A place that nobody named is an unknown fact."""
    return read._replace(value=UNKNOWN) if read.key in _WHERE and not read.value else read


def _is_open(read: FactRead) -> bool:
    return isinstance(read.value, Unknown)


def _is_a_part(value: object) -> bool:
    """Something with facts of its own, or several of them."""
    return is_dataclass(value) or (isinstance(value, tuple) and any(map(is_dataclass, value)))


def _noting(estate: Estate, notes: list[FactRead]) -> Estate:
    parts: dict[str, Any] = {section: _Noted(section, getattr(estate, section), notes) for section in FACT_SECTIONS}
    return replace(estate, link=_twin(estate.link, (LINK, "", ""), notes), **parts)


class _Noted(Mapping[str, Any]):
    """A section whose parts note what is read of them. A part is the same object whenever it is asked for."""

    def __init__(self, section: str, parts: Mapping[str, Any], notes: list[FactRead]) -> None:
        self._section, self._parts, self._notes = section, parts, notes
        self._twins: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._twins:
            self._twins[name] = _twin(self._parts[name], (self._section, name, ""), self._notes)
        return self._twins[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


def _twin(part: Any, place: tuple[str, str, str], notes: list[FactRead]) -> Any:
    """A copy of this part that notes what is read of it, and so do its own parts."""
    twin = object.__new__(_noting_kind(part.__class__))
    section, name, path = place
    for field in fields(part):
        inner = _inner(getattr(part, field.name), (section, name, f"{path}{field.name}."), notes)
        object.__setattr__(twin, field.name, inner)
    object.__setattr__(twin, "_noted_at", (place, notes))
    return twin


def _inner(value: Any, place: tuple[str, str, str], notes: list[FactRead]) -> Any:
    section, name, path = place
    if isinstance(value, tuple) and any(map(is_dataclass, value)):
        return tuple(_twin(each, (section, name, f"{path}{n}."), notes) for n, each in enumerate(value))
    return _twin(value, place, notes) if is_dataclass(value) and not isinstance(value, type) else value


@cache
def _noting_kind(kind: type[Any]) -> type[Any]:
    """A subclass of this kind of part whose facts note that they are read."""
    facts = frozenset(field.name for field in fields(kind))

    def read(self: Any, name: str) -> Any:
        value = object.__getattribute__(self, name)
        if name in facts:
            (section, of, path), notes = object.__getattribute__(self, "_noted_at")
            notes.append(FactRead(section, of, f"{path}{name}", value))
        return value

    return type(f"Noting{kind.__name__}", (kind,), {"__getattribute__": read})
