"""How long each machine of a run was unprotected: in phases in which nothing keeps a recovery point up to date."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import PHASES, Phase

_BARE: Final = frozenset(row.phase.value for row in PHASES if not row.replicates)


class UnprotectedTime:
    """Hears in which phase each machine is seen. `begins`: where each stands at second 0."""

    def __init__(self, begins: Mapping[str, Phase]) -> None:
        self._since_s = {item: 0.0 for item, phase in begins.items() if phase.value in _BARE}
        self._sums_s = dict.fromkeys(begins, 0.0)

    def on_seen(self, item: str, phase: str, at_s: float) -> None:
        """Learn from one look at a machine."""
        if phase in _BARE:
            self._since_s.setdefault(item, at_s)
        elif (since_s := self._since_s.pop(item, None)) is not None:
            self._sums_s[item] = self._sums_s.get(item, 0.0) + at_s - since_s

    def spans_s(self, now_s: float) -> Mapping[str, float]:
        """Seconds for each machine until now, with the span that is not over yet."""
        open_s = {item: now_s - since_s for item, since_s in self._since_s.items()}
        names = dict.fromkeys((*self._sums_s, *open_s))
        return {item: self._sums_s.get(item, 0.0) + open_s.get(item, 0.0) for item in names}
