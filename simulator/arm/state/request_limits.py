"""How many requests the service still takes from a client, as Azure Resource Manager counts them.

Documented (learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling): since 2024, a
subscription has a bucket for each account and kind of request, into which some come back each second, and one of 15
times that size for all accounts together. Seen in answers of 2026: 249 and 3749, after one read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final

from failback.simulator.arm.wire.response import ArmError, Response, error_reply

ALL_ACCOUNTS: Final = 15
"""So many times as much is for all accounts together."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is in a full one, and how many come back each second."""

    size: int
    back_per_s: int


READS: Final = Bucket(250, 25)
WRITES: Final = Bucket(200, 10)
_LIMITED: Final = re.compile(r"(https?://[^/]*)?/subscriptions/", re.IGNORECASE)
_KINDS: Final = {"GET": ("reads", READS), "HEAD": ("reads", READS), "DELETE": ("deletes", WRITES)}


class RequestLimits:
    """Counts reads by the clock on the wall, if they are limited; whatever is not limited has a full bucket."""

    def __init__(self, wall: Callable[[], float], *, reads_limited: bool) -> None:
        self.reads_limited = reads_limited
        self._wall, self._left, self._counted_at_s = wall, float(READS.size), 0.0

    def take(self, method: str, url: str) -> Response | None:
        """Count one request; the refusal, if there are too many."""
        if not (self.reads_limited and _kind(method)[0] == "reads" and _LIMITED.match(url)):
            return None
        now_s = self._wall()
        self._left = min(READS.size, self._left + (now_s - self._counted_at_s) * READS.back_per_s)
        self._counted_at_s = now_s
        if self._left < 1:
            return _refusal(ceil((1 - self._left) / READS.back_per_s))
        self._left -= 1
        return None

    def headers(self, method: str, url: str) -> tuple[tuple[str, str], ...]:
        """What an answer says is left of its kind."""
        if not _LIMITED.match(url):
            return ()
        kind, bucket = _kind(method)
        left = int(self._left) if kind == "reads" and self.reads_limited else bucket.size - 1
        of_all = ALL_ACCOUNTS * bucket.size - (bucket.size - left)
        name = "x-ms-ratelimit-remaining-subscription"
        return ((f"{name}-{kind}", str(left)), (f"{name}-global-{kind}", str(of_all)))


def _kind(method: str) -> tuple[str, Bucket]:
    return _KINDS.get(method.upper(), ("writes", WRITES))


def _refusal(wait_s: int) -> Response:
    """Code and words as seen in the log of an Azure client (velero-io/velero#9171), without its ids."""
    words = f"Number of 'read' requests exceeded. Please try again after '{wait_s}' seconds."
    answer = error_reply(ArmError(429, "SubscriptionRequestsThrottled", words))
    return Response(answer.status, (*answer.headers, ("Retry-After", str(wait_s))), answer.body)
