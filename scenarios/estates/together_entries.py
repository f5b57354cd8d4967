"""Which machines of a new plan fail back together (`plan: together`): those of an application in a wave, in order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Final

import networkx as nx

from failback.adapters.importing.application_lists import ApplicationRow
from failback.reprotect import Estate, Plan, Together, never_together
from failback.scenarios.text.name_lists import listed

from .list_needs import needs_inside
from .list_tiers import NAMED_MAX
from .planned_waves import PlannedWave


@dataclass(frozen=True, slots=True)
class TogetherEntries:
    """The entries, those that a run would not keep, and what the list wants of the order and no plan of ours keeps."""

    entries: tuple[Together, ...] = ()
    too_large: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()

    def words(self) -> Iterator[str]:
        """What somebody should know of them."""
        if self.entries:
            yield _TOGETHER.format(names=listed([entry.name for entry in self.entries], NAMED_MAX))
        if self.too_large:
            yield _TOO_LARGE.format(names=listed(self.too_large, NAMED_MAX))
        if self.unordered:
            yield _UNORDERED.format(told="; ".join(self.unordered))


_TOGETHER: Final = (
    "Fail back together (`plan: together`): {names}. None of an application fails back before the data of all of its "
    "machines in the wave is home; then they follow each other in the order of `depends on`, and none is committed "
    "before all of them are on site and checked. So each of them is down until the last is checked. One that stops "
    "holds up no other: the runbook then asks the owner. Delete an entry to let each of its machines go alone."
)
_TOO_LARGE: Final = (
    "NOT TOGETHER: {names}: more disks than the appliances or master targets through which they come home have slots. "
    "Each machine fails back once its own data is home."
)
_UNORDERED: Final = (
    "NOT ORDERED: inside an application, the list wants {told}. The plan does not keep that: their replication group "
    "fails back at once (R07), their waves are the other way round, or they do not fail back together."
)


def together_entries(estate: Estate, rows: Sequence[ApplicationRow], waves: Sequence[PlannedWave]) -> TogetherEntries:
    """An entry for the machines of each application in each wave, where they are several."""
    owners = {row.machine: row.application for row in rows}
    inside = needs_inside(rows)
    drawn = tuple(entry for wave in waves for entry in _in_wave(estate, wave, owners, inside))
    plan = Plan(waves=tuple(one.wave for one in waves), together=drawn)
    large = never_together(estate, plan)
    kept = tuple(entry for entry in drawn if entry.name not in large)
    return TogetherEntries(kept, large, tuple(_unordered(kept, waves, owners, inside)))


def _in_wave(
    estate: Estate, one: PlannedWave, owners: Mapping[str, str], inside: Mapping[str, Sequence[str]]
) -> Iterator[Together]:
    """Applications that share a replication group are one entry: it fails back at once (R07)."""
    graph = nx.Graph((name, key) for name in one.wave.items for key in _keys(estate, owners, name))
    for linked in nx.connected_components(graph):
        names = [name for name in one.wave.items if name in linked]
        applications = list(dict.fromkeys(owners[name] for name in names if name in owners))
        if len(names) > 1 and applications:
            yield Together(_name(applications, one, owners), _order(estate, names, inside))


def _keys(estate: Estate, owners: Mapping[str, str], name: str) -> Iterator[tuple[str, str]]:
    """What links it with others."""
    if name in owners:
        yield "application", owners[name]
    if (group := estate.virtual_machines[name].replication_group) is not None:
        yield "group", group


def _name(applications: Sequence[str], one: PlannedWave, owners: Mapping[str, str]) -> str:
    """That of the application; with the wave where others of its machines are in another one."""
    whole = [name for name, owner in owners.items() if owner in applications]
    more = f" and {len(applications) - 1} more" if len(applications) > 1 else ""
    return f"{applications[0]}{more}{'' if set(whole) <= set(one.wave.items) else f' ({one.wave.name})'}"


def _order(estate: Estate, names: Sequence[str], inside: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Lists one after the other; all in one where replication groups leave no order."""
    block_of = {name: estate.virtual_machines[name].replication_group or f"machine {name}" for name in names}
    sorter = TopologicalSorter[str](dict.fromkeys(block_of.values(), ()))
    for name in names:
        needs = (block_of[need] for need in inside.get(name, ()) if need in block_of)
        sorter.add(block_of[name], *(need for need in needs if need != block_of[name]))
    try:
        return tuple(_lists(sorter, names, block_of))
    except CycleError:
        return (tuple(names),)


def _lists(
    sorter: TopologicalSorter[str], names: Iterable[str], block_of: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    sorter.prepare()
    while ready := sorter.get_ready():
        yield tuple(name for name in names if block_of[name] in ready)
        sorter.done(*ready)


def _unordered(
    entries: Sequence[Together],
    waves: Sequence[PlannedWave],
    owners: Mapping[str, str],
    inside: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    """`app-01 after db-01 (erp)`, where neither the waves nor an entry keeps it."""
    wave_of = {name: n for n, one in enumerate(waves) for name in one.wave.items}
    place = {name: (entry.name, n) for entry in entries for n, names in enumerate(entry.order) for name in names}
    for name, needs in inside.items():
        late = [need for need in needs if not _is_before(need, name, wave_of, place)]
        if late:
            yield f"{name} after {', '.join(late)} ({owners[name]})"


def _is_before(first: str, then: str, wave_of: Mapping[str, int], place: Mapping[str, tuple[str, int]]) -> bool:
    if wave_of[first] != wave_of[then]:
        return wave_of[first] < wave_of[then]
    here, there = place.get(first), place.get(then)
    return here is not None and there is not None and here[0] == there[0] and here[1] < there[1]
