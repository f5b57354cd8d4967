"""Facts of drawn estates made unknown, and what they may turn out to be: the drawn value, among others."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import fields
from typing import Any, Final, get_args, get_type_hints

from hypothesis import strategies as st

from failback.reprotect import Estate, Unknown
from failback.reprotect.estate import AzureVm, Disk, Link, RetentionDrive, VirtualMachine

SECTIONS: Final = ("hosts", "datastores", "configuration_servers", "process_servers", "master_targets", "appliances")
OPEN: Final = "unknown"
HIDDEN: Final = (1, 1, 2, 3, 5, 8)
"""How many facts are hidden."""
Drawn = dict[str, Any]
Path = tuple[str | int, ...]
"""Where a fact stands in an estate."""


def _kind(section: str) -> type[Any]:
    kind: type[Any] = get_args(get_type_hints(Estate)[section])[1]
    return kind


KINDS: Final[Mapping[str, type[Any]]] = {
    "link": Link, **{section: _kind(section) for section in SECTIONS}, "retention_drives": RetentionDrive,
    "virtual_machines": VirtualMachine, "azure": AzureVm, "disks": Disk,
}  # fmt: skip


def _may_be_unknown(kind: type[Any]) -> tuple[str, ...]:
    hints = get_type_hints(kind)
    return tuple(field.name for field in fields(kind) if Unknown in get_args(hints[field.name]))


FACTS: Final = {part: _may_be_unknown(kind) for part, kind in KINDS.items()}
"""By kind of object: what nobody may know of it."""


def places(estate: Drawn) -> Iterator[tuple[str, Path]]:
    """All facts of an estate that nobody may know: of which kind of object, and where. Of disks those of the first."""
    yield from _facts("link", ("link",))
    for section in SECTIONS:
        for number, part in enumerate(estate.get(section, ())):
            yield from _facts(section, (section, number))
            for drive in range(len(part.get("retention_drives", ()))):
                yield from _facts("retention_drives", (section, number, "retention_drives", drive))
    for number, vm in enumerate(estate["virtual_machines"]):
        here = ("virtual_machines", number)
        yield from (*_facts("virtual_machines", here), *_facts("azure", (*here, "azure")))
        yield from _facts("disks", (*here, "disks", 0)) if vm["disks"] else ()


def _facts(part: str, here: Path) -> Iterator[tuple[str, Path]]:
    yield from ((part, (*here, fact)) for fact in FACTS[part])


def with_facts(drawn: Drawn, facts: Mapping[Path, Any]) -> Drawn:
    """A copy in which these facts are so."""
    copy = deepcopy(drawn)
    for (*way, key), value in facts.items():
        at: Any = copy["estate"]
        for step in way:
            at = at[step]
        at[key] = value
    return copy


def fact_at(drawn: Drawn, path: Path) -> Any:
    """What is so there; unknown where the file says nothing."""
    at: Any = drawn["estate"]
    for step in path[:-1]:
        at = at[step]
    return at.get(path[-1], OPEN)


def to_hide(draw: st.DrawFn, drawn: Drawn) -> list[tuple[str, Path]]:
    """Some of the facts, which nobody is to know."""
    by_object: dict[Path, list[tuple[str, Path]]] = {}
    for part, path in places(drawn["estate"]):
        by_object.setdefault(path[:-1], []).append((part, path))
    count, objects = draw(st.sampled_from(HIDDEN)), list(by_object.values())
    return [draw(st.sampled_from(draw(st.sampled_from(objects)))) for _ in range(count)]
