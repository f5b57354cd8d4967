"""Bytes that a link may carry still, such as a datastore's room for new disks: counted down, and told when spent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf


@dataclass(slots=True)
class Budget:
    """What is left of one, how fast it goes, and who hears of its end."""

    left_bytes: float
    spent: Callable[[], None]
    drawn_bytes_per_s: float = 0.0

    @property
    def wait_s(self) -> float:
        """Seconds until it is spent, as things are drawn now."""
        return self.left_bytes / self.drawn_bytes_per_s if self.drawn_bytes_per_s > 0 else inf


@dataclass(slots=True)
class Budgets:
    """All of them by link. A link without one is not limited by it."""

    _all: dict[str, Budget] = field(default_factory=dict)
    _due: list[str] = field(default_factory=list)

    def __contains__(self, link: str) -> bool:
        return link in self._all

    def set(self, link: str, size_bytes: float, spent: Callable[[], None]) -> None:
        """Begin a new one, whatever is left of the former."""
        drawn = self._all[link].drawn_bytes_per_s if link in self._all else 0.0
        self._all[link] = Budget(size_bytes, spent, drawn)

    def left_bytes(self, link: str) -> float:
        """What this link may carry still; infinity without a budget."""
        return self._all[link].left_bytes if link in self._all else inf

    def settle(self, passed_s: float) -> None:
        """Let time go by."""
        for budget in self._all.values():
            budget.left_bytes = max(0.0, budget.left_bytes - budget.drawn_bytes_per_s * passed_s)

    def draw(self, load: Callable[[str], float]) -> None:
        """From now on each is drawn by what its link carries, in bytes/s; a spent one by nothing."""
        for link, budget in self._all.items():
            budget.drawn_bytes_per_s = load(link) if budget.left_bytes > 0 else 0.0

    def wait_s(self) -> float:
        """Seconds until the first is spent."""
        return min((budget.wait_s for budget in self._all.values()), default=inf)

    def await_within(self, soon_s: float) -> None:
        """Remember which are spent by then."""
        self._due = [link for link, budget in self._all.items() if budget.wait_s <= soon_s < inf]

    def take_due(self) -> list[tuple[str, Callable[[], None]]]:
        """The awaited instant has come: those are at their end, whatever rounding says; who hears of each."""
        due, self._due = self._due, []
        for link in due:
            self._all[link].left_bytes = 0.0
        return [(link, self._all[link].spent) for link in due]
