"""Items that a vault has shown and shows no longer: somebody may have stopped their replication."""

from collections.abc import Collection, Iterable, Iterator
from math import inf
from typing import Final

ABSENT_S: Final = 600.0
"""How long an item is absent before it is held to be gone, in virtual seconds; our choice.

Inferred: an item may be missing for a moment while it moves from one protection container to another.
"""


class Absent:
    """Since when each item is absent, and which of them are gone."""

    def __init__(self) -> None:
        self._since_s: dict[str, float] = {}
        self._gone: set[str] = set()

    @property
    def names(self) -> Collection[str]:
        """Items that are absent and not yet held to be gone: they are looked for, whether anything changes or not."""
        return self._since_s.keys()

    @property
    def deadline_s(self) -> float:
        """When the next of them is held to be gone; infinity where none is absent."""
        return min(self._since_s.values(), default=inf) + ABSENT_S

    def looked(self, expected: Iterable[str], present: Collection[str], now_s: float) -> Iterator[str]:
        """A look for `expected` found `present`. Gives those that are gone, each once until it is seen again."""
        for name in expected:
            if name in present:
                self._since_s.pop(name, None)
                self._gone.discard(name)
            elif name not in self._gone and now_s >= self._since_s.setdefault(name, now_s) + ABSENT_S:
                del self._since_s[name]
                self._gone.add(name)
                yield name
