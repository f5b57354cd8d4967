"""Studies: one scenario, some values that vary, many replications; a tidy table of what came of it.

    Study(scenario).vary(bandwidth=[500, 1000], appliances=[1, 2]).replicate(200).run()

Replication n has one seed in every variant, so that variants differ by what varies and not by luck.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b
from itertools import product
from math import ceil, prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .answers import Answer, model_version
from .backends import Batch, Played, Sample, available_workers, play_batches, portable
from .extras import needed
from .kept_runs import KeptRuns, fingerprint
from .loader import load_scenario, resolve
from .schema import Scenario
from .variants import Value, key_named, refused

if TYPE_CHECKING:
    from pandas import DataFrame

ROWS: Final = ("run", "item", "leg")
POINTS_MAX: Final = 1_000_000
"""Runs from which a study has to be confirmed."""
BATCH_MAX: Final = 64
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Study:
    """What to play: every combination of the values in `ranges`, `runs` times."""

    scenario: Scenario
    ranges: Mapping[str, tuple[Value, ...]]
    runs: int

    def __init__(
        self, scenario: Scenario | str | Path, ranges: Mapping[str, tuple[Value, ...]] | None = None, runs: int = 1
    ) -> None:
        """Begin one on a scenario, a scenario file or a name of the library."""
        loaded = scenario if isinstance(scenario, Scenario) else load_scenario(resolve(scenario))
        object.__setattr__(self, "scenario", portable(loaded))
        object.__setattr__(self, "ranges", dict(ranges or {}))
        object.__setattr__(self, "runs", runs)

    def vary(self, **ranges: Iterable[Value]) -> "Study":
        """The study with these values too. Raises `BadInput` for unknown keys, empty ranges and senseless values."""
        return Study(self.scenario, {**self.ranges, **dict(_checked(k, v) for k, v in ranges.items())}, self.runs)

    def replicate(self, runs: int) -> "Study":
        """The study with so many runs of each variant."""
        if type(runs) is not int or runs < 1:
            raise refused(f"the number of runs is {runs!r}; expected a whole number of at least 1")
        return Study(self.scenario, self.ranges, runs)

    @property
    def points(self) -> int:
        """How many runs that is in all."""
        return prod(len(values) for values in self.ranges.values()) * self.runs

    def variants(self) -> Iterator[dict[str, Value]]:
        """Every combination of the values."""
        return (dict(zip(self.ranges, values, strict=True)) for values in product(*self.ranges.values()))

    def run(
        self,
        *,
        rows: str = "run",
        backend: str = "processes",
        workers: int | None = None,
        keep: Path | str | None = None,
        yes: bool = False,
    ) -> "DataFrame":
        """Play it all and give a table with one row per run, item or leg, in one order on every backend.

        `keep` names a Parquet file in which finished runs are kept; the same study on the same file goes on there.
        """
        pandas = needed("pandas", "study", "make a table of a study")
        found = self.table(rows=rows, backend=backend, workers=workers, keep=keep, yes=yes)
        frame: DataFrame = pandas.DataFrame(found)
        return frame

    def table(
        self,
        *,
        rows: str = "run",
        backend: str = "processes",
        workers: int | None = None,
        keep: Path | str | None = None,
        yes: bool = False,
    ) -> list[Row]:
        """The same as plain rows, without pandas."""
        if rows not in ROWS:
            raise refused(f"rows is `{rows}`; there are {', '.join(ROWS)}")
        self._confirmed(yes)
        kept = None if keep is None else KeptRuns(Path(keep), self._fingerprint(rows))
        found = [] if kept is None else kept.rows()
        for played in self._play(backend, workers, {(row["variant"], row["replication"]) for row in found}):
            made = [row for sample in _samples(played, self._variant_of(played)) for row in self._rows(sample, rows)]
            if kept is not None:
                kept.keep(made, f"{played.batch.number:08}-{played.batch.replications[0]:08}")
            found += made
        found.sort(key=lambda row: (row["variant"], row["replication"], row.get("row", 0)))
        if kept is not None:
            kept.close(found)
        return found

    def samples(self, *, backend: str = "processes", workers: int | None = None) -> list[Sample]:
        """The answers themselves, for those who need more than rows."""
        found = [s for played in self._play(backend, workers) for s in _samples(played, self._variant_of(played))]
        return sorted(found, key=lambda sample: (sample.variant, sample.replication))

    def _confirmed(self, yes: bool) -> None:
        if self.points >= POINTS_MAX and not yes:
            raise refused(
                f"this study has {self.points:,} runs; that takes days. Vary less, or confirm it (`yes=True`, --yes)"
            )

    def _play(self, backend: str, workers: int | None, done: Iterable[tuple[int, int]] = ()) -> Iterator[Played]:
        batches = list(self._batches(set(done), workers or available_workers()))
        with _progress(sum(len(batch.replications) for batch in batches)) as advance:
            for played in play_batches(batches, backend, workers):
                advance(len(played.answers))
                yield played

    def _batches(self, done: set[tuple[int, int]], workers: int) -> Iterator[Batch]:
        size = max(1, min(BATCH_MAX, ceil(self.points / (4 * workers))))
        for number, values in enumerate(self.variants()):
            left = [n for n in range(self.runs) if (number, n) not in done]
            for start in range(0, len(left), size):
                label = number * ceil(self.runs / size) + start // size
                yield Batch(label, self.scenario, tuple(values.items()), tuple(left[start : start + size]))

    def _variant_of(self, played: Played) -> int:
        values = [dict(played.batch.values)[name] for name in self.ranges]
        place = 0
        for value, choices in zip(values, self.ranges.values(), strict=True):
            place = place * len(choices) + choices.index(value)
        return place

    def _rows(self, sample: Sample, rows: str) -> Iterator[Row]:
        head = {"variant": sample.variant, **self._values_at(sample.variant), "replication": sample.replication}
        yield from ({**head, **row} for row in _ROWS_OF[rows](sample.answer))

    def _values_at(self, variant: int) -> Row:
        values: Row = {}
        for name, choices in reversed(list(self.ranges.items())):
            variant, at = divmod(variant, len(choices))
            values[key_named(name).column] = _plain(choices[at])
        return dict(reversed(list(values.items())))

    def _fingerprint(self, rows: str) -> str:
        return fingerprint(self.scenario, sorted(self.ranges.items()), rows, model_version())


def digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """A study in short: the digests of its runs, in order."""
    return blake2b("".join(str(row["digest"]) for row in rows).encode(), digest_size=12).hexdigest()


def _checked(name: str, values: Iterable[Value]) -> tuple[str, tuple[Value, ...]]:
    key = key_named(name)
    given = (values,) if isinstance(values, (str, int, float, Enum)) else tuple(values)
    if not given:
        raise refused(f"`{key.name}` has an empty range; give at least one value")
    return key.name, tuple(dict.fromkeys(key.check(value) for value in given))


def _samples(played: Played, variant: int) -> Iterator[Sample]:
    for replication, found in zip(played.batch.replications, played.answers, strict=True):
        yield Sample(variant, replication, found)


def _plain(value: Value) -> Value:
    return value.value if isinstance(value, Enum) else value


def _run_rows(found: Answer) -> Iterator[Row]:
    yield {"seed": found.seed, **found.summary(), "label": found.label, "model": found.model}


def _item_rows(found: Answer) -> Iterator[Row]:
    for n, item in enumerate(found.items):
        yield {
            "row": n,
            "item": item.item,
            "tier": item.tier,
            "wave": item.wave,
            "disks": item.disks,
            "home_h": _hours(item.home_s),
            "waited_h": item.waited_s / 3600,
            "downtime_min": item.downtime_s / 60,
            "work_h": item.work_s / 3600,
            "scanned_gib": item.scanned_gib,
            "transferred_gib": item.transferred_gib,
            "rpo_s": item.rpo_s,
            "label": found.label,
            "digest": found.digest,
        }


def _leg_rows(found: Answer) -> Iterator[Row]:
    for n, leg in enumerate(found.legs):
        took_s = None if leg.end_s is None else leg.end_s - leg.start_s
        yield {
            "row": n,
            "item": leg.item,
            "leg": leg.leg,
            "start_h": leg.start_s / 3600,
            "job_end_h": _hours(leg.job_end_s),
            "end_h": _hours(leg.end_s),
            "took_min": None if took_s is None else took_s / 60,
            "outcome": leg.outcome,
            "label": found.label,
            "digest": found.digest,
        }


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 3600


_ROWS_OF: Final = {"run": _run_rows, "item": _item_rows, "leg": _leg_rows}


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """A bar on a terminal, silence elsewhere."""
    if not sys.stderr.isatty() or total < 2:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=total)
        yield lambda runs: bar.advance(task, runs)
