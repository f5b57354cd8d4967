"""The runs of a study in batches: what one worker plays at a time, in whatever process it stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import attrgetter
from typing import Final, TypeAlias

from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer, answer
from failback.scenarios.outcomes.way_home import way_home

from .variants import Value, varied

BATCH_MAX: Final = 64
"""Runs in one batch."""
BATCH_MACHINES_MAX: Final = 2000
"""Machines in one batch, each as often as it is played; about a quarter of a minute of work."""
BATCHES_PER_WORKER: Final = 4
"""So many at the least, that no worker stands idle for long at the end."""

Values: TypeAlias = tuple[tuple[str, Value], ...]
"""What one variant sets, by the names of the keys."""


@dataclass(frozen=True, slots=True)
class Point:
    """One run that is to be played: replication `replication` of variant `variant`, which has these values."""

    variant: int
    values: Values
    replication: int


@dataclass(frozen=True, slots=True)
class RunBatch:
    """Some runs. `scenario` is the study's own; the values are applied where it is played."""

    number: int
    scenario: Scenario
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One run that was played."""

    variant: int
    replication: int
    answer: Answer


Played: TypeAlias = tuple[Sample, ...]
"""A batch that was played."""


def play_batch(batch: RunBatch) -> Played:
    """Play it. Replication n has the same seed in every variant: common random numbers."""
    return tuple(_samples(batch))


def _samples(batch: RunBatch) -> Iterator[Sample]:
    for values, points in groupby(batch.points, key=attrgetter("values")):
        way = way_home(varied(batch.scenario, dict(values)))
        for point in points:
            yield Sample(point.variant, point.replication, answer(way, batch.scenario.seed + point.replication))


def in_batches(scenario: Scenario, points: Iterable[Point], size: int) -> Iterator[RunBatch]:
    """Share the points out. They are taken when they are needed, so that there may be many."""
    left, number, portable = iter(points), 0, _portable(scenario)
    while some := tuple(islice(left, size)):
        yield RunBatch(number, portable, some)
        number += 1


def batch_size(scenario: Scenario, points: int, workers: int) -> int:
    """How many runs a batch has: few where machines are many, and enough batches for all workers."""
    fair = points // (BATCHES_PER_WORKER * workers)
    affordable = BATCH_MACHINES_MAX // len(scenario.estate.virtual_machines)
    return max(1, min(BATCH_MAX, fair, affordable))


def _portable(scenario: Scenario) -> Scenario:
    """The scenario in plain dictionaries, which travel to other processes."""
    return replace(scenario, durations=dict(scenario.durations))
