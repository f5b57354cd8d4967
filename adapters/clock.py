"""The clocks outside a simulation: one asks a local control API to let time pass, the other lives in real time."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import Any, Final
from urllib.parse import urlsplit

from failback.reprotect import Unreachable

from .liveness import MOCK_HEADER, Endpoint, Guard

CONNECT_S: Final = 5.0
"""Socket timeout of a connection to the control API."""
ANSWER_S: Final = 600.0
"""Socket timeout of one answer: the site may have much to work out before something changes."""
PATIENCE: Final = (CONNECT_S, ANSWER_S)


class ControlPlaneClock:
    """Virtual time of a local server. Nothing else moves it, so that a call to the server costs no virtual time.

    `guard` lets it ask nothing but the mock.
    """

    def __init__(self, base_url: str, ca_file: str | None = None, poll_s: float = 0.0) -> None:
        import requests

        self._url = f"{base_url.rstrip('/')}/failback/clock/wait"
        self.guard = Guard(Endpoint("control API", base_url, urlsplit(base_url).hostname or ""), self._says_mock)
        self._poll_s, self._now_s = poll_s, 0.0
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = ca_file or True

    def now(self) -> float:
        """The instant of the last answer."""
        return self._now_s

    def wait(self, until_s: float) -> tuple[float, frozenset[str] | None]:
        """Let the server's time pass. Raises `Unreachable`, and `ReadOnly` where it is no mock."""
        answer = self._post({"until_s": None if until_s == inf else until_s, "poll_s": self._poll_s})
        self._now_s = float(answer["now_s"])
        changed = answer.get("changed")
        return self._now_s, None if changed is None else frozenset(changed)

    def close(self) -> None:
        """Give the connection back."""
        self._session.close()

    def _says_mock(self) -> bool:
        with self._plainly():
            return MOCK_HEADER in self._session.get(self._url, timeout=PATIENCE, allow_redirects=False).headers

    def _post(self, body: dict[str, float | None]) -> dict[str, Any]:
        """One request. A redirect is not followed: it would lead to a server that nobody has asked what it is."""
        self.guard.refuse_live("a step of the clock")
        with self._plainly():
            response = self._session.post(self._url, json=body, timeout=PATIENCE, allow_redirects=False)
            response.raise_for_status()
            answer: dict[str, Any] = response.json()
        return answer

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except OSError as broken:  # all that requests raises, and a file of certificates that is gone
            raise Unreachable(
                f"The control API at {self._url} did not let time pass: {broken}. Check that the server still runs."
            ) from broken


def passed_s() -> float:
    """Seconds from some instant on, that nobody can set, and that go on while this computer sleeps.

    Python's own do not on Linux and macOS (documented): after a lid was closed, a freeze window would begin too late.
    """
    name = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}.get(sys.platform, "")
    clock: int | None = getattr(time, name, None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class WallClock:
    """Real time: `wait` sleeps and cannot say what changed. `factor` drives a server whose time runs that much faster.

    `pace` gives the seconds that the vault last asked to be left alone for (Retry-After), None when it did not.
    `now_s`: what it says now, where a run goes on.
    """

    def __init__(
        self,
        factor: float = 1.0,
        poll_s: float = 30.0,
        pace: Callable[[], float | None] | None = None,
        now_s: float = 0.0,
    ) -> None:
        self._factor, self._poll_s, self._pace = factor, poll_s, pace
        self._start = passed_s() - now_s / factor

    def now(self) -> float:
        """Seconds since the start, by the factor."""
        return (passed_s() - self._start) * self._factor

    def wait(self, until_s: float) -> tuple[float, frozenset[str] | None]:
        """Sleep until the next look is due, or until the deadline where it comes first."""
        left_s = (until_s - self.now()) / self._factor
        asked_s = self._pace() if self._pace else None
        time.sleep(max(0.0, min(asked_s or self._poll_s, left_s)))
        return self.now(), None
