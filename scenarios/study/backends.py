"""Where the runs of a study are played: in this process, in local ones, through joblib, or on a Dask cluster."""

import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Final

from failback.scenarios.extras import needed
from failback.scenarios.interrupts import SIGNALS

from .batches import Played, RunBatch, play_batch
from .variants import refused

WINDOW: Final = 4
"""Batches that wait or are played, for each worker."""


def play_batches(
    batches: Iterable[RunBatch], backend: str = "processes", workers: int | None = None
) -> Iterator[Played]:
    """Play them all, each given as it is done. The answers are the same on every backend; their order is not."""
    if backend not in BACKENDS:
        raise refused(f"the backend is `{backend}`; expected one of {', '.join(BACKENDS)}")
    return BACKENDS[backend](batches, workers_or_all(workers))


def workers_or_all(workers: int | None) -> int:
    """The number of workers: as asked, or one for each core that this process may use."""
    if workers is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if type(workers) is not int or workers < 1:
        raise refused(f"the number of workers is {workers!r}; expected a whole number of at least 1")
    return workers


def in_this_process(batches: Iterable[RunBatch], _workers: int) -> Iterator[Played]:
    """One after the other."""
    return map(play_batch, batches)


def in_processes(batches: Iterable[RunBatch], workers: int) -> Iterator[Played]:
    """On the cores of this computer."""
    left = iter(batches)
    first = tuple(islice(left, 2))
    if workers == 1 or len(first) < 2:
        yield from map(play_batch, (*first, *left))
        return
    with _pool(workers) as pool:
        try:
            yield from _drained(pool, (batch for some in (first, left) for batch in some), WINDOW * workers)
        except BrokenProcessPool:
            raise refused(_DIED) from None


_DIED: Final = (
    "a worker process died: for lack of memory (then take fewer with `workers`, --workers), or because a script starts "
    "the study outside `if __name__ == '__main__':`"
)


def _drained(pool: Executor, batches: Iterator[RunBatch], window: int) -> Iterator[Played]:
    open_ones: set[Future[Played]] = {pool.submit(play_batch, batch) for batch in islice(batches, window)}
    while open_ones:
        done, open_ones = wait(open_ones, return_when=FIRST_COMPLETED)
        open_ones |= {pool.submit(play_batch, batch) for batch in islice(batches, len(done))}
        yield from (future.result() for future in done)


@contextmanager
def _pool(workers: int) -> Iterator[Executor]:
    """Forked where that is safe, since a fork needs no second start of Python."""
    can_fork = sys.platform == "linux" and "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if can_fork else "spawn")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "This process.*is multi-threaded", DeprecationWarning)
        with ProcessPoolExecutor(workers, context, _end_with_the_study) as pool, _ended_early():
            yield pool


@contextmanager
def _ended_early() -> Iterator[None]:
    """Who interrupts a study does not wait for the batches that are being played."""
    others = set(multiprocessing.active_children())
    try:
        yield
    except BaseException:
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise


def _end_with_the_study() -> None:
    """A worker ends at once on Ctrl-C, and when the process that plays the study is no more."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def with_joblib(batches: Iterable[RunBatch], workers: int) -> Iterator[Played]:
    """Through joblib, in the backend that the caller has chosen with `joblib.parallel_config`, if any."""
    joblib = needed("joblib", "study", "run a study through joblib")
    parallel = joblib.Parallel(n_jobs=workers, return_as="generator_unordered")
    yield from parallel(joblib.delayed(play_batch)(batch) for batch in batches)


def on_dask(batches: Iterable[RunBatch], workers: int) -> Iterator[Played]:
    """On a Dask cluster; what it leaves open when it goes away is played here."""
    from .dask_cluster import asked_of_dask

    left: list[RunBatch] = []
    yield from asked_of_dask(batches, workers, left)
    if left:
        text = f"The Dask cluster went away with {len(left)} batches of this study open; they are played here instead."
        warnings.warn(text, stacklevel=2)
        yield from in_processes(left, workers)


BACKENDS: Final[Mapping[str, Callable[[Iterable[RunBatch], int], Iterator[Played]]]] = {
    "processes": in_processes,
    "serial": in_this_process,
    "joblib": with_joblib,
    "dask": on_dask,
}
