"""How one backs out of a pilot, until each point of it: before the failback, before the commit, and after it."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from failback.reprotect import Architecture, Operation
from failback.scenarios.text.plain_words import h_min

from .leg_guide import GUIDE
from .pilot_times import last_end
from .planned_requests import PlannedRequest

_HOME, _BACK, _COMMIT = Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK, Operation.COMMIT_FAILBACK
_AGAIN: Final = Operation.REPROTECT_TO_AZURE
_AFTER_COMMIT: Final = (
    "After Commit: the machine runs on site, and the one in Azure is deleted with its recovery points. Nothing takes "
    "that back. The way back is Re-protect to Azure{takes}, then a new Failover to Azure and its Commit: a new machine "
    "in Azure, and the application is down again. Lost is what is written on site after the recovery point of that "
    "failover; with a clean shutdown and the latest point, nothing (inferred). The network team puts its DNS record to "
    "the address of the new machine. Until the resync has ended, the machine is not protected."
)


def back_out(
    architecture: Architecture, requests: Sequence[PlannedRequest], machines: Collection[str]
) -> Iterator[str]:
    """Sentences in the order of the legs. What the way back takes is that of the pilot's own last leg, as simulated."""
    yield from (GUIDE[architecture, leg].undo for leg in (_HOME, _BACK))
    committed, again = last_end(requests, machines, _COMMIT), last_end(requests, machines, _AGAIN)
    took = again.middle_s - committed.middle_s if committed and again else None
    words = "" if took is None else f" and its resync (until {h_min(took)} after the commit, as simulated)"
    yield _AFTER_COMMIT.format(takes=words or " and its resync")
