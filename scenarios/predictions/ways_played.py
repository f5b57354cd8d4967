"""Many ways home, each so many times, on the cores of this computer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import ceil

from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.study.backends import play_batches, workers_or_all
from failback.scenarios.study.batches import Point, RunBatch, Sample, batch_size, in_batches
from failback.scenarios.study.progress import Part, progress


@dataclass(frozen=True, slots=True)
class PlannedRuns:
    """One scenario, to be played so many times; run n has one seed in all of them, so that luck is the same."""

    scenario: Scenario
    runs: int


def played(wanted: Sequence[PlannedRuns], workers: int | None = None) -> list[tuple[Answer, ...]]:
    """The answers of each, in order, whatever the number of workers."""
    way_home(wanted[0].scenario)  # here, so that workers that are forked know the way out already
    found: list[dict[int, Answer]] = [{} for _ in wanted]
    cores, total = workers_or_all(workers), sum(want.runs for want in wanted)
    rounds = ceil(total / cores)
    with progress("runs", {"runs": Part(rounds)}) as advance:
        for samples in play_batches(_batches(wanted, cores), workers=workers):
            _keep(found, samples)
            advance(rounds * len(samples) / total)
    return [tuple(runs[n] for n in sorted(runs)) for runs in found]


def _keep(found: list[dict[int, Answer]], samples: Sequence[Sample]) -> None:
    for sample in samples:
        found[sample.variant][sample.replication] = sample.answer


def _batches(wanted: Sequence[PlannedRuns], workers: int) -> Iterator[RunBatch]:
    numbers = count()
    for variant, want in enumerate(wanted):
        size = batch_size(want.scenario, want.runs, workers)
        points = [Point(variant, (), n) for n in range(want.runs)]
        yield from (replace(batch, number=next(numbers)) for batch in in_batches(want.scenario, points, size))
