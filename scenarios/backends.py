"""Where the runs of a study are played: in this process, in local ones, through joblib, or on a Dask cluster."""

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from .answers import Answer, answer
from .extras import needed
from .schema import Scenario
from .variants import Value, refused, varied
from .way_home import way_home

BACKENDS: Final = ("processes", "serial", "joblib", "dask")
TRIES: Final = 2
"""How often a cluster is asked before the rest is played here."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some replications of one variant. `scenario` is the study's own; the values are applied where it is played."""

    number: int
    scenario: Scenario
    values: tuple[tuple[str, Value], ...]
    replications: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: replication `replication` of variant `variant`."""

    variant: int
    replication: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Played:
    """A batch that was played."""

    batch: Batch
    answers: tuple[Answer, ...]


def play_batch(batch: Batch) -> Played:
    """Play it. Replication n has the same seed in every variant: common random numbers."""
    way = way_home(varied(batch.scenario, dict(batch.values)))
    seed = batch.scenario.seed
    return Played(batch, tuple(answer(way, seed + number) for number in batch.replications))


def play_batches(batches: Sequence[Batch], backend: str = "processes", workers: int | None = None) -> Iterator[Played]:
    """Play them all, each given as it is done. The answers are the same on every backend; their order is not."""
    if backend not in BACKENDS:
        raise refused(f"the backend is `{backend}`; there are {', '.join(BACKENDS)}")
    count = min(workers or available_workers(), len(batches)) if backend != "dask" else workers or -1
    if backend == "serial" or (backend == "processes" and count <= 1):
        yield from map(play_batch, batches)
    else:
        yield from _PLAYERS[backend](batches, count)


def available_workers() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def portable(scenario: Scenario) -> Scenario:
    """The scenario in plain dictionaries, which travel to other processes."""
    return replace(scenario, durations=dict(scenario.durations))


def _in_processes(batches: Sequence[Batch], workers: int) -> Iterator[Played]:
    with _pool(workers) as pool:
        waiting = [pool.submit(play_batch, batch) for batch in batches]
        try:
            for done in as_completed(waiting):
                yield done.result()
        except BrokenProcessPool:
            raise refused("a worker process died, perhaps for lack of memory; take fewer with --workers") from None
        finally:
            for left in waiting:
                left.cancel()


@contextmanager
def _pool(workers: int) -> Iterator[Executor]:
    """Forked where that is safe, since a fork needs no second start of Python."""
    can_fork = sys.platform == "linux" and "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if can_fork else "spawn")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "This process.*is multi-threaded", DeprecationWarning)
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            yield pool


def _with_joblib(batches: Sequence[Batch], workers: int) -> Iterator[Played]:
    joblib = needed("joblib", "study", "run a study through joblib")
    played = joblib.Parallel(n_jobs=workers, return_as="generator_unordered")
    yield from played(joblib.delayed(play_batch)(batch) for batch in batches)


def _on_dask(batches: Sequence[Batch], workers: int) -> Iterator[Played]:
    """Through joblib's Dask backend. A cluster that goes away is asked again, then the rest is played here."""
    joblib = needed("joblib", "study", "run a study through joblib")
    distributed = needed("distributed", "cluster", "run a study on a Dask cluster")
    left = {batch.number: batch for batch in batches}
    with _client(distributed):
        for _ in range(TRIES):
            for played in _asked_of(joblib, list(left.values()), workers):
                left.pop(played.batch.number)
                yield played
    if left:
        text = f"The Dask cluster went away with {len(left)} of {len(batches)} batches open; they are played here."
        warnings.warn(text, stacklevel=2)
        yield from map(play_batch, left.values())


def _asked_of(joblib: Any, batches: Sequence[Batch], workers: int) -> Iterator[Played]:
    if not batches:
        return
    try:
        with joblib.parallel_config(backend="dask", n_jobs=workers):
            yield from joblib.Parallel()(joblib.delayed(play_batch)(batch) for batch in batches)
    except Exception as gone:
        if type(gone).__module__.partition(".")[0] not in ("distributed", "tornado") and not isinstance(gone, OSError):
            raise


@contextmanager
def _client(distributed: Any) -> Iterator[Any]:
    """The client that the caller has, or a small cluster of our own on this machine's loopback."""
    try:
        yield distributed.get_client()
        return
    except ValueError:
        pass
    with (
        distributed.LocalCluster(
            n_workers=available_workers(), threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


_PLAYERS: Final[dict[str, Callable[[Sequence[Batch], int], Iterator[Played]]]] = {
    "processes": _in_processes,
    "joblib": _with_joblib,
    "dask": _on_dask,
}
