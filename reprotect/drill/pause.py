"""A pause: what the drill hears meanwhile is kept in order, and heard when it continues."""

from failback.reprotect.events import Heard


class Pause:
    """Whether a person has paused the drill, and what it will hear afterwards. Nothing is decided in between."""

    def __init__(self) -> None:
        self._kept: list[Heard] | None = None

    @property
    def is_on(self) -> bool:
        """Whether the drill is paused."""
        return self._kept is not None

    def begin(self) -> None:
        """Pause. A second one changes nothing."""
        if self._kept is None:
            self._kept = []

    def keep(self, event: Heard) -> bool:
        """Keep it for later; False when the drill is not paused."""
        if self._kept is None:
            return False
        self._kept.append(event)
        return True

    def end(self) -> tuple[Heard, ...]:
        """Continue; returns what was kept."""
        kept, self._kept = tuple(self._kept or ()), None
        return kept
