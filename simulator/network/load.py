"""What each part of the way carried, when: change points, so that a quiet week costs nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Load:
    """From `t_s` on (virtual seconds) so many bytes/s, of so many possible; infinity where nothing limits it."""

    t_s: float
    bytes_per_s: float
    capacity_bytes_per_s: float


@dataclass(slots=True)
class LoadWatch:
    """Change points by name: what holds until the next one, beginning with the first that was noted."""

    points: dict[str, list[Load]] = field(default_factory=dict)

    def note(self, t_s: float, loads: Mapping[str, tuple[float, float]]) -> None:
        """Write down what has changed; of one instant the last counts."""
        for name, (load, capacity) in loads.items():
            points = self.points.setdefault(name, [])
            if points and points[-1].t_s == t_s:
                points.pop()
            if not points or (points[-1].bytes_per_s, points[-1].capacity_bytes_per_s) != (load, capacity):
                points.append(Load(t_s, load, capacity))
