"""Studies: one scenario, some values that vary, many replications; a tidy table of what came of it.

    Study(scenario).vary(bandwidth=[500, 1000], appliances=[1, 2]).replicate(200).run()

Replication n has one seed in every variant, so that variants differ by what varies and not by luck.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from enum import Enum
from itertools import islice, product
from math import prod
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, SupportsIndex

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import model_version
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.outputs.reserved import reserved_file

from .backends import play_batches, workers_or_all
from .batches import Played, Point, Sample, Values, batch_size, in_batches
from .kept_runs import KeptRuns, fingerprint
from .progress import Part, progress
from .rows import ROWS, RunRow, data_frame, rows_of
from .variants import Value, by_key, each_once, key_named, refused, varied

if TYPE_CHECKING:
    from pandas import DataFrame

POINTS_MAX: Final = 1_000_000
"""Runs from which on a study has to be confirmed."""
VALUES_MAX: Final = 1_000_000
"""Values of one key."""
SHOWN_MAX: Final = 6
"""Values of one key that a study's name tells."""
Done = frozenset[tuple[int, int]]
"""Variants and replications that are there already."""


class Study:
    """What to play: every combination of the values in `ranges`, `runs` times each; or the `cases` alone."""

    def __init__(self, scenario: Scenario | str | Path) -> None:
        """Begin one on a scenario, a scenario file or a name of the library."""
        self.scenario = scenario if isinstance(scenario, Scenario) else load_scenario(resolve(str(scenario)))
        self.ranges: dict[str, tuple[Value, ...]] = {}
        self.runs = 1
        self.cases: tuple[Values, ...] | None = None
        self._keys: tuple[str, ...] = ()

    def __repr__(self) -> str:
        ranges = "; ".join(f"{column}: {values}" for column, values in self.shown_ranges())
        variants = f"{self.variant_count} variants ({ranges})" if ranges else "as it is"
        runs = f", {self.runs} runs each" if self.runs > 1 else ""
        return f"<Study of {self.scenario.name}: {variants}{runs}>"

    def shown_ranges(self) -> list[tuple[str, str]]:
        """What varies, by the columns of the table, with its values in words."""
        if self.cases is not None:
            return [(column, "by case") for column in self.columns]
        return [(key_named(name).column, _as_text(values)) for name, values in self.ranges.items()]

    def _but(
        self,
        ranges: Mapping[str, tuple[Value, ...]] | None = None,
        runs: int | None = None,
        cases: tuple[Values, ...] | None = None,
    ) -> Self:
        other = copy(self)
        other.ranges = self.ranges if ranges is None else dict(ranges)
        other.runs = self.runs if runs is None else runs
        other.cases = self.cases if cases is None else cases
        other._keys = tuple(other.ranges) if other.cases is None else _keys_of(other.cases)
        return other

    def vary(self, **ranges: Iterable[Value]) -> Self:
        """The study with these values too.

        Raises `BadInput` for unknown keys, keys that are varied already, empty ranges and senseless values.
        """
        each_once([*self.ranges, *ranges])
        checked = dict(_checked(name, values) for name, values in ranges.items())
        return self._but(ranges={**self.ranges, **checked})

    def replicate(self, runs: int) -> Self:
        """The study with so many runs of each variant."""
        whole = _whole(runs)
        if whole is None or whole < 1:
            raise refused(f"the number of runs is {runs!r}; expected a whole number of at least 1")
        return self._but(runs=whole)

    def only(self, cases: Iterable[Mapping[str, Value]]) -> Self:
        """The study of these combinations and no others; what one of them does not set is as the scenario says."""
        return self._but(ranges={}, cases=tuple(tuple(by_key(case).items()) for case in cases))

    @property
    def variant_count(self) -> int:
        """How many combinations there are."""
        return prod(map(len, self.ranges.values())) if self.cases is None else len(self.cases)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a table in which the values stand that vary."""
        return tuple(key_named(name).column for name in self._keys)

    @property
    def points(self) -> int:
        """How many runs that is in all."""
        return self.variant_count * self.runs

    def variants(self) -> Iterator[Values]:
        """Every combination of the values, in the order of their numbers."""
        if self.cases is not None:
            return iter(self.cases)
        return (tuple(zip(self.ranges, values, strict=True)) for values in product(*self.ranges.values()))

    def run(
        self,
        *,
        rows: str = "run",
        keep: Path | str | None = None,
        backend: str = "processes",
        workers: int | None = None,
        yes: bool = False,
    ) -> "DataFrame":
        """Play it all and give a table with one row per run, item or leg, in one order on every backend.

        `keep` names a Parquet file in which finished runs are kept; the same study on the same file goes on there.
        `backend` is processes, serial, joblib or dask; `yes` is for a million runs and more.
        """
        return data_frame(self.table(rows=rows, keep=keep, backend=backend, workers=workers, yes=yes))

    def table(
        self,
        *,
        rows: str = "run",
        keep: Path | str | None = None,
        backend: str = "processes",
        workers: int | None = None,
        yes: bool = False,
    ) -> list[RunRow]:
        """The same as plain rows, without pandas."""
        if rows not in ROWS:
            raise refused(f"rows is `{rows}`; there are {', '.join(ROWS)}")
        if keep is None:
            return self._all_rows(rows, None, backend=backend, workers=workers, yes=yes)
        kept = KeptRuns(Path(keep), self._fingerprint(rows))
        with reserved_file(Path(keep)):
            return self._all_rows(rows, kept, backend=backend, workers=workers, yes=yes)

    def _all_rows(
        self, rows: str, kept: KeptRuns | None, *, backend: str, workers: int | None, yes: bool
    ) -> list[RunRow]:
        """The rows that are kept already, and all others."""
        found = [] if kept is None else kept.rows()
        done = frozenset((row["variant"], row["replication"]) for row in found)
        for played in self._play(done, backend=backend, workers=workers, yes=yes):
            made = [row for sample in played for row in self._rows(sample, rows)]
            found += made
            if kept is not None:
                kept.keep(made)
        found.sort(key=lambda row: (row["variant"], row["replication"], row.get("row", 0)))
        if kept is not None:
            kept.close(found)
        return [row for row in found if row["replication"] < self.runs]

    def samples(self, *, backend: str = "processes", workers: int | None = None, yes: bool = False) -> list[Sample]:
        """The answers themselves, for those who need more than rows."""
        found = [sample for played in self._play(backend=backend, workers=workers, yes=yes) for sample in played]
        return sorted(found, key=lambda sample: (sample.variant, sample.replication))

    def _play(
        self, done: Done = frozenset(), *, backend: str = "processes", workers: int | None = None, yes: bool = False
    ) -> Iterator[Played]:
        self._confirm(yes)
        size = batch_size(self.scenario, self.points, workers_or_all(workers))
        batches = in_batches(self.scenario, self._points(done), size)
        left = self.points - sum(n < self.runs for _, n in done)
        with progress("runs", {"runs": Part(left)}) as advance:
            for played in play_batches(batches, backend, workers):
                advance(len(played))
                yield played

    def _confirm(self, yes: bool) -> None:
        """Refuse what cannot be before anything is played."""
        if self.points >= POINTS_MAX and not yes:
            text = f"this study has {self.points:,} runs, which takes days"
            raise refused(f"{text}; vary fewer values, or confirm it (`yes=True`, --yes)")
        way_home(varied(self.scenario, dict(next(self.variants()))))

    def _points(self, done: Done) -> Iterator[Point]:
        for number, values in enumerate(self.variants()):
            yield from (Point(number, values, n) for n in range(self.runs) if (number, n) not in done)

    def _rows(self, sample: Sample, rows: str) -> Iterator[RunRow]:
        head = {"variant": sample.variant, **self._columns(sample.variant), "replication": sample.replication}
        return ({**head, **row} for row in rows_of(sample.answer, rows))

    def _columns(self, variant: int) -> RunRow:
        values = dict(self._nth(variant) if self.cases is None else self.cases[variant])
        return {key_named(name).column: _plain(values.get(name)) for name in self._keys}

    def _nth(self, variant: int) -> Values:
        values: list[tuple[str, Value]] = []
        for name, choices in reversed(list(self.ranges.items())):
            variant, at = divmod(variant, len(choices))
            values.append((name, choices[at]))
        return tuple(reversed(values))

    def _fingerprint(self, rows: str) -> str:
        return fingerprint(self.scenario, tuple(self.ranges.items()), self.cases, rows, model_version())


def _checked(name: str, values: Iterable[Value]) -> tuple[str, tuple[Value, ...]]:
    key = key_named(name)
    given = tuple(islice(_each(values), VALUES_MAX + 1))
    if not given:
        raise refused(f"`{key.name}` has an empty range; give at least one value")
    if len(given) > VALUES_MAX:
        raise refused(f"`{key.name}` has more than {VALUES_MAX:,} values; take larger steps")
    return key.name, tuple(dict.fromkeys(key.check(value) for value in given))


def _each(values: Iterable[Value]) -> Iterator[Value]:
    """The values; one alone may stand for itself."""
    alone = isinstance(values, (str, Enum)) or not hasattr(values, "__iter__")
    return iter((values,) if alone else values)


def _keys_of(cases: tuple[Values, ...]) -> tuple[str, ...]:
    return tuple({name: 0 for case in cases for name, _ in case})


def _as_text(values: tuple[Value, ...]) -> str:
    texts = [f"{value:g}" if isinstance(value, float) else str(_plain(value)) for value in values]
    return ", ".join(texts if len(texts) <= SHOWN_MAX else [*texts[: SHOWN_MAX - 1], "...", texts[-1]])


def _plain(value: Value) -> Value:
    return value.value if isinstance(value, Enum) else value


def _whole(number: SupportsIndex) -> int | None:
    """A whole number of any library; None for what is none."""
    try:
        return None if isinstance(number, bool) else index(number)
    except TypeError:
        return None
