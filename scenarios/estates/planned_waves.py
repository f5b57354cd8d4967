"""Waves for a new plan: applications after what they depend on, tiers in order, as many disks as there are slots.

Of the applications that nothing holds back, those of the most important tier come first. An application on which a more
important one depends counts as that one. Machines that should come home one after the other part an application: its
second part has a later wave, the next one where no application waits for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Estate, Wave
from failback.scenarios.files.applications import Application

from .turns import Turns, TurnTable, turns_of
from .wave_order import generations, ranks_of
from .wave_slots import Pool, capacity_of, too_few
from .wave_units import Unit, parted, units_of

REST: Final = "rest"


@dataclass(frozen=True, slots=True)
class PlannedWave:
    """A wave, the applications in it, and the pools whose slots are too few for it at once."""

    wave: Wave
    applications: tuple[str, ...]
    too_few: tuple[str, ...] = ()
    forced: tuple[tuple[str, str], ...] = ()
    """Applications with one on which each depends, which a replication group keeps in the same wave."""
    mates: tuple[str, ...] = ()
    """Machines of no application that come along with their replication group."""

    def to_decide(self) -> Iterator[str]:
        """What somebody has to decide about this wave, a sentence or two each."""
        name = self.wave.name
        for text in self.too_few:
            yield f"{name} has {text} at once, since an application is not split: the others queue. Decide: split it?"
        for one, need in self.forced:
            yield (
                f"{name}: {one} depends on {need}, but a replication group keeps both in this wave (R07). "
                "Decide: may they come home together?"
            )
        for mate in self.mates:
            yield f"{name}: {mate} is of no application, and its replication group keeps it in this wave (R07)."


def planned_waves(
    estate: Estate, applications: Sequence[Application], turns: Sequence[Turns] | None = None
) -> tuple[PlannedWave, ...]:
    """The waves in order; machines of no application come last. Raises `DependencyCircle`.

    `turns`: machines that should not be in one wave; as the estate and the names tell where None.
    """
    table = TurnTable(turns_of(estate, applications) if turns is None else turns)
    capacity = capacity_of(estate)
    made: list[PlannedWave] = []
    units = tuple(units_of(estate, applications, table))
    for generation in generations(units, ranks_of(units, applications)):
        for packed in _packed(estate, generation, capacity, table):
            made.append(_wave(estate, f"wave-{len(made) + 1}", packed, capacity))
    served = {name for one in made for name in one.wave.items}
    rest = tuple(name for name in estate.virtual_machines if name not in served)
    for n, part in enumerate(parted(estate, Unit((), rest, ()), table) if rest else (), 1):
        made.append(_wave(estate, REST if n == 1 else f"{REST}-{n}", [part], capacity))
    return tuple(made)


def _packed(
    estate: Estate, units: Sequence[Unit], capacity: Mapping[Pool, int], table: TurnTable
) -> Iterator[list[Unit]]:
    """As many of them in a wave as have slots at once; one that is too large alone has a wave of its own."""
    wave: list[Unit] = []
    for unit in units:
        there = [name for one in wave for name in one.machines]
        if wave and (table.apart(unit.machines, there) or too_few(estate, [*wave, unit], capacity)):
            yield wave
            wave = []
        wave.append(unit)
    if wave:
        yield wave


def _wave(estate: Estate, name: str, units: Sequence[Unit], capacity: Mapping[Pool, int]) -> PlannedWave:
    machines = tuple(machine for unit in units for machine in unit.machines)
    names = tuple(one for unit in units for one in unit.served)
    forced = tuple(pair for unit in units for pair in unit.forced)
    mates = tuple(mate for unit in units for mate in unit.mates)
    return PlannedWave(Wave(name, machines), names, tuple(too_few(estate, units, capacity)), forced, mates)
