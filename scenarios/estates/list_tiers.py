"""Tiers of a list of machines: each machine keeps its own, an application has the most important of its machines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from failback.scenarios.files.applications import Application
from failback.scenarios.text.name_lists import listed

_NUMBER: Final = re.compile(r"\d{1,9}")
NAMED_MAX: Final = 10
"""Applications in one sentence; the others are counted."""


def most_important(tiers: Iterable[str]) -> str:
    """The tier with the lowest number; where any has none, the first in the list, since words have no order."""
    found = list(dict.fromkeys(filter(None, tiers)))
    numbers = [int(hit[0]) if (hit := _NUMBER.search(tier)) else None for tier in found]
    ranked = [(number, tier) for number, tier in zip(numbers, found, strict=True) if number is not None]
    if found and len(ranked) == len(found):
        return min(ranked, key=lambda pair: pair[0])[1]
    return found[0] if found else ""


def tiers_words(applications: Sequence[Application]) -> Iterator[str]:
    """A sentence where machines of an application have several tiers."""
    mixed = [f"{one.name} ({one.tier})" for one in applications if one.tiers]
    if mixed:
        yield (
            "Each machine keeps its own tier of the list (`tiers`). An application whose machines have several takes "
            f"the most important: {listed(mixed, NAMED_MAX)}."
        )
