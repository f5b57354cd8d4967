"""What a pilot does not try: each property and warning by name, who has it, and who could be taken for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .pilot_cover import PilotGroup, covered, warned
from .pilot_limits import Limits, Why

_ORDER: Final = (Why.IMPORTANT, Why.LEFT_OUT, Why.TOO_LATE, Why.TOO_LONG, Why.DOUBT, Why.STOPS, Why.BLOCKED)
"""Of several reasons, the one that is told: the one that is easiest to change."""


@dataclass(frozen=True, slots=True)
class Untried:
    """A property that no machine of the pilot has, and the machines that have it.

    `offers`: the least important group that could be taken for it; empty where none can.
    """

    name: str
    machines: tuple[str, ...]
    why: Why
    offers: tuple[str, ...] = ()


def untried(groups: Sequence[PilotGroup], chosen: Sequence[PilotGroup], limits: Limits) -> Iterator[Untried]:
    """Properties first, then warnings."""
    tried = covered(chosen) | warned(chosen)
    for name in (*sorted(covered(groups) - tried), *sorted(warned(groups) - tried)):
        having = [group for group in groups if name in group.properties or name in group.warnings]
        reasons = {group: limits.why_not(group) or Why.WARNING for group in having}
        able = [group for group, why in reasons.items() if why not in (Why.BLOCKED, Why.STOPS)]
        offered = max(able, key=lambda group: _ease(group, reasons[group]), default=None)
        why = reasons[offered] if offered else next(one for one in _ORDER if one in reasons.values())
        names = tuple(machine for group in having for machine in group.machines)
        yield Untried(name, names, why, offered.machines if offered else ())


def _ease(group: PilotGroup, why: Why) -> tuple[bool, bool, float, int, float, int, float]:
    """More is easier: what is in doubt waits until somebody has looked."""
    clear, parts = why is not Why.DOUBT, len(group.parted)
    return (clear, not group.waits_for, group.rank, -parts, group.tier, -group.promises, -group.size_gib)
