"""By what one choice for a pilot is better than another that tries as much: the order of its goals, in one place."""

from collections.abc import Iterable, Sequence
from itertools import chain
from math import inf
from typing import Final, NamedTuple

from .pilot_cover import PilotGroup, beside, names_of, stored

FEW: Final = 6
"""A pilot of more machines is a wave: our choice."""


class Goals(NamedTuple):
    """Of the machines that are chosen, the first goal first; less is better."""

    in_doubt: int
    """Machines around which a question is open: taken only for what no other can try."""
    too_many: int
    """Machines above `FEW`. Otherwise one large application would come home whole."""
    in_parts: int
    """Applications of which only some machines come home: until the return, their machines talk across the link.

    That harms their users for days, and one machine more for hours.
    """
    needed: int
    """Machines of applications on which others depend: these talk across the link too."""
    first_tier: float
    """The most important tier of the applications, negative: what goes wrong in a pilot should harm little."""
    machines: int
    stores: int
    """Datastores that they try besides, negative: more is better."""
    ranks: tuple[float, ...]
    """Tiers of the applications, negative, the most important first."""
    tiers: tuple[float, ...]
    """The same of the machines themselves."""
    promises: int
    faults: int
    warnings: int
    """The same with work after the return."""
    size_gib: float
    names: tuple[str, ...]


def goals(groups: Sequence[PilotGroup], taken: Sequence[PilotGroup] = ()) -> Goals:
    """Of these groups. `taken`: those that somebody asked for, which come home besides."""
    names = names_of(groups)
    ranks = important_first((group.rank, len(group.machines)) for group in groups)
    together = frozenset(names_of((*taken, *groups)))
    parted = frozenset[frozenset[str]]().union(*(group.parted for group in groups))
    return Goals(
        sum(len(group.machines) for group in groups if group.waits_for),
        too_many(len(names)),
        sum(not machines <= together for machines in parted),
        sum(group.needed for group in groups),
        max(ranks, default=-inf),
        len(names),
        -len(stored((*taken, *groups))),
        ranks,
        important_first((group.tier, len(group.machines)) for group in groups),
        sum(group.promises for group in groups),
        sum(group.faults for group in groups),
        -len(beside((*taken, *groups))),
        sum(group.size_gib for group in groups),
        tuple(sorted(names)),
    )


def too_many(machines: int) -> int:
    """So many of them are above `FEW`."""
    return max(0, machines - FEW)


def important_first(tiers: Iterable[tuple[float, int]]) -> tuple[float, ...]:
    """Numbers of tiers, each with how many machines have it, so that less is better."""
    return tuple(-tier for tier in sorted(chain.from_iterable((tier,) * count for tier, count in tiers)))
