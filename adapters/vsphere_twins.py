"""Machines in one vCenter that have one BIOS UUID, such as a copy beside its original."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from .vsphere_properties import ObjectValues

UUID: Final = "config.uuid"


def _name(row: ObjectValues) -> str:
    return str(row.get("name"))


def twins_of(
    every: Iterable[ObjectValues],
    is_ours: Callable[[ObjectValues], bool],
    name_of: Callable[[ObjectValues], str] = _name,
) -> Iterator[tuple[str, ...]]:
    """The names of those that share one, where at least one of them is ours."""
    by_uuid: dict[str, list[ObjectValues]] = {}
    for row in every:
        if uuid := row.get(UUID):
            by_uuid.setdefault(str(uuid).casefold(), []).append(row)
    for rows in by_uuid.values():
        if len(rows) > 1 and any(map(is_ours, rows)):
            yield tuple(sorted(map(name_of, rows)))


def twins_words(address: str, names: Sequence[str]) -> str:
    """What they mean for a way home, and what to do."""
    return (
        f"vCenter {address} has several machines with one BIOS UUID: {', '.join(names)}. They are read, and "
        "remedies are carried out, by name. Site Recovery may take one for the other (inferred): give the copy "
        "another UUID, or remove it, before the run."
    )
