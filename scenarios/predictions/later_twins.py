"""Machines of one BIOS UUID in a plan that seeds: a later one replicates home only once the first is home (R11)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from failback.reprotect import LEGS, Estate, Operation, Wave, phase_row, same_bios_uuids


@dataclass(frozen=True, slots=True)
class Waits:
    """The wave that must be home before another seeds, and which of its machines are why.

    Without `firsts`, that wave must have begun: waves seed in their order.
    """

    wave: str
    firsts: tuple[str, ...] = ()


def twins_of(estate: Estate) -> tuple[tuple[str, ...], ...]:
    """Groups of machines with one BIOS UUID."""
    vms = estate.virtual_machines
    shared = same_bios_uuids(vms.values(), vms)
    return tuple(dict.fromkeys(tuple(sorted((name, *others))) for name, others in shared.items()))


def later_twins(estate: Estate, waves: Sequence[Wave]) -> Mapping[str, str]:
    """Each machine that waits -> the machine with its BIOS UUID in the wave before, which is not home yet."""
    place = {name: n for n, wave in enumerate(waves) for name in wave.items}
    found: dict[str, str] = {}
    for twins in twins_of(estate):
        names = sorted((name for name in twins if name in place), key=lambda name: place[name])
        pairs = ((former, later) for former, later in pairwise(names) if place[later] > place[former])
        found |= {later: former for former, later in pairs if not _is_home(estate, former)}
    return found


def _is_home(estate: Estate, name: str) -> bool:
    return phase_row(estate.virtual_machines[name].at).legs_behind > LEGS.index(Operation.COMMIT_FAILBACK)


def waiting_waves(estate: Estate, waves: Sequence[Wave]) -> Mapping[str, Waits]:
    """Wave -> for what it waits with its reprotect: those with a later twin, and those behind them."""
    return dict(_waiting(waves, later_twins(estate, waves)))


def _waiting(waves: Sequence[Wave], first_of: Mapping[str, str]) -> Iterator[tuple[str, Waits]]:
    behind, before = "", ""
    for wave in waves:
        if firsts := tuple(dict.fromkeys(first_of[name] for name in wave.items if name in first_of)):
            behind = wave.name
            yield wave.name, Waits(before, firsts)
        elif behind:
            yield wave.name, Waits(behind)
        before = wave.name
