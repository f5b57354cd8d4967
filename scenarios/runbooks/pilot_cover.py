"""A group of machines that a pilot may bring home, and what several groups try together."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PilotGroup:
    """Machines that come home together: one machine, or a replication group. `properties` is what they try.

    `warnings`: work after the return that they need, and `stores`: datastores that the most important tier does not
    need; both are tried where they cost no machine. `rank`: number of the most important
    tier of their applications, infinite where none has a number; `tier`: the same of their own tiers. `faults`: how
    many rules they do not meet that do not block. `parted`: the machines of each application that these alone are not.
    `waits_for`: machines in doubt of their applications, and of those on which these depend.
    `needed`: how many of them are of applications on which others depend.
    """

    machines: tuple[str, ...]
    properties: frozenset[str]
    promises: int
    size_gib: float
    warnings: frozenset[str] = frozenset()
    rank: float = float("inf")
    faults: int = 0
    tier: float = float("inf")
    parted: frozenset[frozenset[str]] = frozenset()
    waits_for: tuple[str, ...] = ()
    stores: frozenset[str] = frozenset()
    needed: int = 0

    @property
    def beside(self) -> frozenset[str]:
        """What they try where it costs no machine."""
        return self.stores | self.warnings


def covered(groups: Iterable[PilotGroup]) -> frozenset[str]:
    """What they try together."""
    return frozenset[str]().union(*(group.properties for group in groups))


def beside(groups: Iterable[PilotGroup]) -> frozenset[str]:
    """What they try besides."""
    return frozenset[str]().union(*(group.beside for group in groups))


def stored(groups: Iterable[PilotGroup]) -> frozenset[str]:
    """The datastores that they try besides."""
    return frozenset[str]().union(*(group.stores for group in groups))


def names_of(groups: Iterable[PilotGroup]) -> tuple[str, ...]:
    """Their machines, group by group."""
    return tuple(name for group in groups for name in group.machines)


def tried_by(groups: Iterable[PilotGroup]) -> tuple[str, ...]:
    """The properties of each in alphabetical order, then what it tries besides; each once."""
    return tuple(
        dict.fromkeys(
            one
            for group in groups
            for one in (*sorted(group.properties), *sorted(group.stores), *sorted(group.warnings))
        )
    )
