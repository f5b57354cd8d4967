"""Tiers of a list of machines: each machine keeps its own, an application has the most important of its machines."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import Final

from failback.scenarios.files.applications import Application, tier_number
from failback.scenarios.text.name_lists import listed

NAMED_MAX: Final = 10
"""Applications, or groups of machines, in one sentence; the others are counted."""


def most_important(tiers: Iterable[str]) -> str:
    """The tier with the lowest number; where any has none, the first in the list, since words have no order."""
    found = list(dict.fromkeys(filter(None, tiers)))
    if found and all(tier_number(tier) < inf for tier in found):
        return min(found, key=tier_number)
    return found[0] if found else ""


def tiers_words(applications: Sequence[Application]) -> Iterator[str]:
    """A sentence where machines of an application have several tiers."""
    mixed = [f"{one.name} ({one.tier})" for one in applications if one.tiers]
    if mixed:
        yield (
            "Each machine keeps its own tier of the list (`tiers`). An application whose machines have several takes "
            f"the most important: {listed(mixed, NAMED_MAX)}."
        )
