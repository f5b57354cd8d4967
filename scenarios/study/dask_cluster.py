"""A Dask cluster as a place to play a study: the caller's own, the one of Dask's settings, or a small local one."""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, Final

from failback.reprotect import Unreachable
from failback.scenarios.extras import needed
from failback.scenarios.interrupts import raise_if_lost
from failback.scenarios.outcomes.answers import model_version

from .batches import Played, RunBatch, play_batch
from .variants import refused

TRIES: Final = 2
"""How often one batch is asked of the cluster."""
PATIENCE_S: Final = 15.0
"""Wall seconds without any worker after which a cluster counts as gone; a restarted one comes back sooner."""
LOOK_S: Final = 1.0
"""Wall seconds between two looks at whether the cluster still stands."""
_CLOSED: Final = frozenset({"closing", "closed"})
"""What a client says of itself that does not come back: whoever made it or its cluster has closed it."""
WINDOW: Final = 4
"""Batches that wait or are played, for each thread of the cluster."""


def asked_of_dask(batches: Iterable[RunBatch], workers: int, left: list[RunBatch]) -> Iterator[Played]:
    """Play them on a cluster. What it could not do, or did not get to do before it went away, is added to `left`."""
    distributed = needed("distributed", "cluster", "run a study on a Dask cluster")
    with _client(distributed, workers) as client:
        asked = _ClusterWork(distributed, client, batches)
        yield from asked.played()
        left += asked.left


class _ClusterWork:
    """The batches of one study on one cluster."""

    def __init__(self, distributed: Any, client: Any, batches: Iterable[RunBatch]) -> None:
        self._distributed, self._client = distributed, client
        self._new, self._again = iter(batches), deque[RunBatch]()
        self._open: dict[Any, RunBatch] = {}
        self._lost = _lost(distributed)
        self._tries: dict[int, int] = {}
        self._seen_s = time.monotonic()
        self.left: list[RunBatch] = []

    def played(self) -> Iterator[Played]:
        while self._stands():
            raise_if_lost()
            self._ask()
            if not self._open:
                return
            for future in self._done():
                yield from self._received(future)
        self.left += [*self._open.values(), *self._again, *self._new]

    def _ask(self) -> None:
        room = max(0, WINDOW * max(1, self._threads()) - len(self._open))
        again = [self._again.popleft() for _ in range(min(room, len(self._again)))]
        for batch in chain(again, islice(self._new, room - len(again))):
            self._open[self._client.submit(play_batch, batch, pure=False)] = batch

    def _done(self) -> list[Any]:
        try:
            found = self._distributed.wait(list(self._open), timeout=LOOK_S, return_when="FIRST_COMPLETED")
        except self._lost:
            return []
        except ValueError:  # the client was closed meanwhile, so Dask knows of none
            return []
        return list(found.done)

    def _received(self, future: Any) -> Iterator[Played]:
        batch = self._open.pop(future)
        try:
            played: Played = future.result(timeout=PATIENCE_S)
        except self._lost:
            self._put_back(batch)
            return
        except ImportError as missing:
            raise refused(f"the cluster's workers cannot import failback ({missing}); {_SAME}") from None
        _check_version(played)
        yield played

    def _put_back(self, batch: RunBatch) -> None:
        tries = self._tries[batch.number] = self._tries.get(batch.number, 1) + 1
        (self._again if tries <= TRIES else self.left).append(batch)

    def _stands(self) -> bool:
        if self._client.status in _CLOSED:
            return False
        now_s = time.monotonic()
        if self._threads():
            self._seen_s = now_s
        return now_s - self._seen_s < PATIENCE_S

    def _threads(self) -> int:
        """Threads of all workers that are there; none while the scheduler does not answer."""
        if self._client.status != "running":
            return 0
        try:
            return sum(self._client.nthreads().values())
        except self._lost:
            return 0


_SAME: Final = f"install the same version on all of them: {model_version()}"


def _lost(distributed: Any) -> tuple[type[BaseException], ...]:
    """What is raised where workers died or the scheduler went away; newer Dasks have an exception of their own."""
    own = getattr(distributed.client, "FutureCancelledError", CancelledError)
    return TimeoutError, OSError, CancelledError, distributed.KilledWorker, own


def _check_version(played: Played) -> None:
    for sample in played:
        if sample.answer.model != model_version():
            raise refused(f"the cluster's workers use the model {sample.answer.model}; {_SAME}")


@contextmanager
def _client(distributed: Any, workers: int) -> Iterator[Any]:
    """The client that the caller has; else one of the scheduler in Dask's settings; else of a cluster of our own."""
    own = _callers_client(distributed)
    if own is not None:
        yield own
        return
    with _scheduler(distributed, workers) as scheduler, _connected(distributed, scheduler) as client:
        yield client


def _callers_client(distributed: Any) -> Any:
    try:
        return distributed.get_client()
    except ValueError:
        return None


QUIET: Final = {"dashboard_address": "127.0.0.1:0", "scheduler_kwargs": {"dashboard": False}}
"""No dashboard, and whatever port is free: without an address a scheduler takes 8787, which another one may have."""


@contextmanager
def _scheduler(distributed: Any, workers: int) -> Iterator[Any]:
    """The address in Dask's settings (DASK_SCHEDULER_ADDRESS), or a small cluster on this computer's loopback."""
    address = needed("dask", "cluster", "run a study on a Dask cluster").config.get("scheduler-address", None)
    if address is not None:
        yield address
        return
    with distributed.LocalCluster(n_workers=workers, threads_per_worker=1, **QUIET) as cluster:
        yield cluster


def _connected(distributed: Any, scheduler: Any) -> Any:
    try:
        return distributed.Client(scheduler)
    except (OSError, TimeoutError) as broken:
        raise Unreachable(f"The Dask scheduler at {scheduler} cannot be reached ({broken}); is it running?") from None
