"""How fast Azure Resource Manager is read: as fast as it allows, and never so fast that others have to wait for us.

Documented (learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling): since 2024, an
account has a bucket of 250 reads for each subscription and region, into which 25 come back each second; all accounts
together have 15 times as much. An empty bucket is a 429 with Retry-After. What is left is in two headers of each answer
(seen in 2026: 249, and 3749 of all accounts). Azure China's page still has 12,000 reads an hour.

A provider behind Resource Manager has limits of its own, some of them for one resource alone
(learn.microsoft.com/azure/virtual-machines/compute-throttling-limits). Its header says nothing of the next resource, so
we learn of these limits by a 429.
"""

import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Final

from .answer_headers import wait_asked_s, whole_number

REMAINING: Final = ("x-ms-ratelimit-remaining-subscription-reads", "x-ms-ratelimit-remaining-subscription-global-reads")
PLENTY: Final = 125
"""Half of the bucket. At full speed we take no more: then, what comes back sets our pace."""
RESERVE: Final = 50
"""What is left to others who use the same account, whatever they do."""
UNTOLD_S: Final = 0.1
"""Seconds between two reads where nobody has said how many are left: less than half of what comes back."""
WAIT_S: Final = 1.0
"""Seconds between two reads while others need the rest."""
GAPS_S: Final = ((PLENTY, 0.0), (RESERVE, UNTOLD_S), (0, WAIT_S))
"""Seconds between two reads while at least so many are left."""
CALM: Final = 100
"""Answers without a refusal after which we go twice as fast again."""
THROTTLED: Final = 429
BACK_PER_S: Final = 25
"""How many reads come back each second."""


class Pace:
    """Lets reads go when they may, from any number of threads. `wall` and `sleep` are the clock's.

    `reads_per_s`: never more than these; as many as the service allows when left out.
    """

    def __init__(
        self,
        reads_per_s: float | None = None,
        wall: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._least_s = 0.0 if reads_per_s is None else 1.0 / reads_per_s
        self._wall, self._sleep, self._lock = wall, sleep, Lock()
        self._gap_s = UNTOLD_S if reads_per_s is None else 0.0
        self._strain_s, self._calm = 0.0, 0
        self._last_s, self._held_until_s = float("-inf"), float("-inf")

    def wait(self) -> None:
        """Wait until the next read may go; who wakes looks again, since meanwhile another went or was refused."""
        while (left_s := self._left_s()) > 0:
            self._sleep(left_s)

    def _left_s(self) -> float:
        """Seconds until a read may go. Who is told none goes now: for all others, the gap begins again."""
        with self._lock:
            now_s, gap_s = self._wall(), max(self._least_s, self._gap_s, self._strain_s)
            left_s = max(self._held_until_s, self._last_s + gap_s) - now_s
            if left_s <= 0:
                self._last_s = now_s
            return left_s

    def note(self, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer how much is left, and whether we were too fast."""
        left = [left for name in REMAINING if (left := whole_number(headers.get(name))) is not None]
        with self._lock:
            if left:
                self._gap_s = next(gap_s for least, gap_s in GAPS_S if min(left) >= least)
            if status == THROTTLED:
                self._hold(wait_asked_s(headers) or WAIT_S)
            else:
                self._recover()

    def _hold(self, asked_s: float) -> None:
        """Nobody reads for as long as the service asks, and then slower; reads refused meanwhile met the same limit."""
        now_s = self._wall()
        if now_s >= self._held_until_s:
            self._strain_s, self._calm = min(WAIT_S, max(UNTOLD_S, 2 * self._strain_s)), 0
        self._held_until_s = max(self._held_until_s, now_s + asked_s)

    def _recover(self) -> None:
        self._calm += 1
        if self._calm >= CALM:
            self._strain_s, self._calm = (self._strain_s / 2 if self._strain_s > UNTOLD_S else 0.0), 0
