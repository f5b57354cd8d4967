"""Machines that may stand in for one another, as far as their names tell: they differ in their last number alone."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_LAST_NUMBER: Final = re.compile(r"\d+(?=\D*\Z)")
MAYBE: Final = "one may stand in for the other (one application, and names that differ in the number alone)"
"""Why they are named: nobody told it, the names suggest it."""


def stand_ins(applications: Iterable[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Of each application, given by its machines: those of one name but for the number, two or more, in their order."""
    for machines in applications:
        found: dict[str, list[str]] = {}
        for name in machines:
            found.setdefault(_LAST_NUMBER.sub("#", name), []).append(name)
        yield from (tuple(names) for stem, names in found.items() if len(names) > 1 and stem.strip("#"))
