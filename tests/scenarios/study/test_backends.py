"""The same study on every backend, and what happens when workers go away."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import Unreachable
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.study import Study
from failback.scenarios.study.backends import play_batches
from failback.scenarios.study.batches import Point, RunBatch, batch_size, in_batches
from failback.scenarios.study.rows import digest

ONE_VM = load_scenario(resolve("one_vm"))
TWELVE = load_scenario(resolve("first_drill_modernised"))
STUDY = Study(ONE_VM).vary(bandwidth=[2, 20, 200]).replicate(4)
POINTS = tuple(Point(0, (), n) for n in range(10))


@pytest.fixture(scope="module")
def expected() -> str:
    return digest(STUDY.table(backend="serial"))


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_processes_give_the_digests_of_this_process(expected: str, workers: int) -> None:
    assert digest(STUDY.table(backend="processes", workers=workers)) == expected


def test_joblib_gives_the_digests_of_this_process(expected: str) -> None:
    import joblib

    with joblib.parallel_config(backend="threading"):
        assert digest(STUDY.table(backend="joblib", workers=2)) == expected


@pytest.mark.slow
def test_joblibs_own_processes_give_the_digests_of_this_process(expected: str) -> None:
    assert digest(STUDY.table(backend="joblib", workers=2)) == expected


def test_batches_hold_every_point_once_and_in_order() -> None:
    batches = list(in_batches(ONE_VM, POINTS, 4))
    assert [len(batch.points) for batch in batches] == [4, 4, 2]
    assert tuple(point for batch in batches for point in batch.points) == POINTS


def test_points_are_taken_as_workers_come_to_them() -> None:
    taken: list[int] = []

    def endless() -> Iterator[Point]:
        for number in range(10_000):
            taken.append(number)
            yield Point(0, (), number)

    played = play_batches(in_batches(ONE_VM, endless(), 1), "processes", 2)
    next(played)
    played.close()  # type: ignore[attr-defined]
    assert len(taken) < 50


def test_batches_are_small_where_machines_are_many() -> None:
    assert batch_size(ONE_VM, 100_000, 2) == 64
    assert batch_size(ONE_VM, 80, 2) == 10
    assert batch_size(ONE_VM, 3, 2) == 1


def _dies(_batch: RunBatch) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="a spawned worker does not see the test's own function")
def test_a_worker_process_that_dies_is_told_in_one_paragraph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("failback.scenarios.study.backends.play_batch", _dies)
    with pytest.raises(BadInput, match="a worker process died"):
        STUDY.table(backend="processes", workers=2)


def test_without_joblib_or_dask_the_backend_says_which_extra_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "joblib", None)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInput, match=r"pip install '\.\[study\]'"):
        STUDY.table(backend="joblib")
    with pytest.raises(BadInput, match=r"pip install '\.\[cluster\]'"):
        STUDY.table(backend="dask")


# On a cluster


@pytest.fixture
def cluster() -> Iterator[Any]:
    distributed: Any = pytest.importorskip("distributed")
    from failback.scenarios.study.dask_cluster import QUIET

    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, **QUIET)
    client = distributed.Client(cluster)
    yield cluster
    for part, patience_s in ((client, 2), (cluster, 5)):
        with suppress(TimeoutError):  # a scheduler that is closed does not say goodbye
            part.close(timeout=patience_s)
    cluster.status = distributed.Status.closed  # or the next collection of garbage warns in another test


@pytest.mark.slow
def test_a_dask_cluster_gives_the_digests_of_this_process(cluster: Any, expected: str) -> None:
    assert digest(STUDY.table(backend="dask")) == expected


@pytest.mark.slow
def test_dask_without_a_cluster_makes_a_small_one(expected: str) -> None:
    assert digest(STUDY.table(backend="dask", workers=2)) == expected


@contextmanager
def _taken(port: int) -> Iterator[None]:
    """Somebody listens on this port; where that is so already, so much the better."""
    with socket.socket() as door:
        with suppress(OSError):
            door.bind(("127.0.0.1", port))
            door.listen()
        yield


@pytest.mark.slow
def test_dask_makes_a_small_cluster_also_where_its_usual_port_is_taken(expected: str) -> None:
    """A second cluster, or another shelf of tests at the same time: a warning about the port is an error here."""
    with _taken(8787):
        assert digest(STUDY.table(backend="dask", workers=1)) == expected


def _kill_workers(cluster: Any) -> None:
    for nanny in cluster.workers.values():
        os.kill(nanny.pid, signal.SIGKILL)


def _close_all_workers(cluster: Any) -> None:
    cluster.scale(0)


def _close_scheduler(cluster: Any) -> None:
    cluster.sync(cluster.scheduler.close)


def _after_the_first_rows(monkeypatch: pytest.MonkeyPatch, remedy_target: Callable[[], None]) -> None:
    from failback.scenarios.study import kept_runs

    keep, first = kept_runs.KeptRuns.keep, threading.Event()

    def kept(self: Any, rows: Any) -> None:
        keep(self, rows)
        if not first.is_set():
            first.set()
            remedy_target()

    monkeypatch.setattr(kept_runs.KeptRuns, "keep", kept)


@pytest.mark.slow
def test_workers_that_are_killed_come_back_and_the_study_ends_the_same(
    cluster: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    study = Study(TWELVE).vary(bandwidth=[10, 500]).replicate(8)
    _after_the_first_rows(monkeypatch, lambda: _kill_workers(cluster))
    found = study.table(backend="dask", keep=tmp_path / "study.parquet")
    assert digest(found) == digest(study.table(backend="processes"))


def _close_cluster(cluster: Any) -> None:
    cluster.close()


def _close_client(_: Any) -> None:
    pytest.importorskip("distributed").get_client().close()


@pytest.mark.slow
@pytest.mark.parametrize("leave", [_close_all_workers, _close_scheduler, _close_cluster, _close_client])
def test_what_a_cluster_leaves_open_when_it_goes_away_is_played_here(
    cluster: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, leave: Callable[[Any], None]
) -> None:
    monkeypatch.setattr("failback.scenarios.study.dask_cluster.PATIENCE_S", 2.0)
    study = Study(TWELVE).vary(bandwidth=[10, 500]).replicate(8)
    _after_the_first_rows(monkeypatch, lambda: leave(cluster))
    with pytest.warns(UserWarning, match=r"went away with \d+ batches"):
        found = study.table(backend="dask", keep=tmp_path / "study.parquet")
    assert digest(found) == digest(study.table(backend="processes"))


def test_a_scheduler_that_does_not_answer_is_named() -> None:
    import dask

    with (
        dask.config.set({"scheduler-address": "tcp://127.0.0.1:9", "distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(Unreachable, match=r"scheduler at tcp://127.0.0.1:9 cannot be reached"),
    ):
        STUDY.table(backend="dask")
