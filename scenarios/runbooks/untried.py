"""What a pilot does not try: by name, who has it, why they do not go, and who could be taken for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from .pilot_cover import PilotGroup, beside, covered, names_of
from .pilot_limits import Limits, Why

_ORDER: Final = (
    Why.STORE,
    Why.WARNING,
    Why.IMPORTANT,
    Why.LEFT_OUT,
    Why.TOO_LATE,
    Why.TOO_LONG,
    Why.DOUBT,
    Why.STOPS,
    Why.BLOCKED,
)
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
    reasons: Mapping[Why, tuple[str, ...]] = field(default_factory=dict)
    """Why each of the machines does not go, the reason that is easiest to change first."""


def untried(groups: Sequence[PilotGroup], chosen: Sequence[PilotGroup], limits: Limits) -> Iterator[Untried]:
    """Properties first, then what is tried besides."""
    tried = covered(chosen) | beside(chosen)
    for name in (*sorted(covered(groups) - tried), *sorted(beside(groups) - tried)):
        having = [group for group in groups if name in group.properties | group.beside]
        reasons = {group: limits.why_not(group) or _spared(group, name) for group in having}
        able = [group for group, why in reasons.items() if why not in (Why.BLOCKED, Why.STOPS)]
        offered = max(able, key=lambda group: _ease(group, reasons[group]), default=None)
        why = reasons[offered] if offered else next(one for one in _ORDER if one in reasons.values())
        told = {each: names_of(group for group in having if reasons[group] is each) for each in _ORDER}
        offers = offered.machines if offered else ()
        yield Untried(name, names_of(having), why, offers, {each: names for each, names in told.items() if names})


def rules_blocking(blocked: Mapping[str, Sequence[str]], one: Untried) -> tuple[str, ...]:
    """The rules that block machines which have it."""
    return tuple(dict.fromkeys(rule for name in one.reasons.get(Why.BLOCKED, ()) for rule in blocked.get(name, ())))


def _spared(group: PilotGroup, name: str) -> Why:
    """Why a machine that could go is not taken for this alone."""
    return Why.STORE if name in group.stores else Why.WARNING


def _ease(group: PilotGroup, why: Why) -> tuple[bool, bool, float, int, float, int, float]:
    """More is easier: what is in doubt waits until somebody has looked."""
    clear, parts = why is not Why.DOUBT, len(group.parted)
    return (clear, not group.waits_for, group.rank, -parts, group.tier, -group.promises, -group.size_gib)
