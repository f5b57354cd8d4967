"""An alarm of the system's: after an interrupt, a wait that never ends is broken off.

An interrupt is raised wherever the main thread is, also in the midst of a library's own locking. The lock then stays
held by nobody, and whoever wants it while things are taken down waits for ever: urllib3's pool of connections, for
example, of which the clean-up wants to close each. Only a signal breaks such a wait.
"""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Final

OVERDUE_S: Final = 20.0
"""Seconds that cleaning up may take, on a busy computer, too; a vcsim that hears nothing is killed after ten."""
AGAIN_S: Final = 2.0
"""Seconds for what is left when it was broken off."""


class Alarm:
    """Calls `ring` in the main thread, again and again, until it is stopped. Nothing on Windows, which has none."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._is_set = False

    def start(self, first_s: float | None = None) -> None:
        """From now on; the first time after `first_s`, else when cleaning up is overdue. Only in the main thread."""
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._came)
            signal.setitimer(signal.ITIMER_REAL, OVERDUE_S if first_s is None else first_s, AGAIN_S)
            self._is_set = True

    def pause(self) -> float | None:
        """Not now. Returns the seconds that were left, for the next start; None where it was not set."""
        left_s = signal.getitimer(signal.ITIMER_REAL)[0] if self._is_set else 0.0
        self.stop()
        return left_s or None

    def stop(self) -> None:
        """Not any more."""
        if self._is_set:
            self._is_set = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)

    def _came(self, _: int, __: FrameType | None) -> None:
        self._ring()
