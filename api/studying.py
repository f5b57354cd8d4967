"""`failback.Study`: the way home played with other values, many times."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from failback.scenarios.study.study import Study as PlayedStudy

from .accepts import InvalidArgument, at_least_one
from .arguments import checked
from .stories import keys_signature
from .tables import html_line, html_table

if TYPE_CHECKING:
    from pandas import DataFrame

    from failback.scenarios.files.schema import Scenario
    from failback.scenarios.outcomes.answers import Answer
    from failback.scenarios.outcomes.busy import Busy
    from failback.scenarios.study.batches import Sample, Values
    from failback.scenarios.study.sensitivity import Index, Swing


def _cases(value: Any) -> list[Mapping[str, Any]]:
    given = [] if isinstance(value, (str, bytes, Mapping)) else _listed(value)
    if not given or not all(isinstance(case, Mapping) and all(isinstance(k, str) for k in case) for case in given):
        raise InvalidArgument("a list of mappings, such as [{'bandwidth': 50}, {'bandwidth': 500, 'appliances': 2}]")
    return given


def _listed(value: Any) -> list[Any]:
    try:
        return list(value)
    except TypeError:
        return []


class Study(PlayedStudy):
    """A study simulates the way home of one scenario many times, with different values.

    `vary`, `replicate` and `only` return a new study. A *variant* is one combination of values. Run n has the same seed
    in every variant. `docs/study.md` explains the keys that a study can vary. Arguments of the methods:

    - `rows`: What one row describes: "run", "wave", "item" (a machine) or "leg".
    - `keep`: A Parquet file for finished runs. A repeated study carries out only the missing runs.
    - `backend`: Where the runs are carried out: "processes", "serial", "joblib" or "dask".
    - `workers`: Number of processes. Default: one per core.
    - `yes`: True permits a million runs or more.
    - `of`: The column of the table that `tornado` or `sobol` examines.
    - `samples`: Sample size of `sobol`, rounded up to a power of two. Each sample takes (number of keys + 2) variants.

    Args:
        scenario: A scenario object, the path of a file, or the name of a library scenario.

    Raises:
        BadInput: The scenario does not exist or has mistakes. Methods raise it for invalid values.

    Example:
        >>> study = failback.Study("one_modernised_vm").vary(bandwidth=[50, 500]).replicate(2)
        >>> study
        <Study of one_modernised_vm: 2 variants (bandwidth_mbit_per_s: 50, 500), 2 runs each>
        >>> rows = study.table(backend="serial")
        >>> [(row["variant"], row["replication"]) for row in rows]
        [(0, 0), (0, 1), (1, 0), (1, 1)]
        >>> rows[0]["home_h"] > rows[2]["home_h"]
        True
    """

    @checked()
    def __init__(self, scenario: "Scenario | str | Path") -> None:
        super().__init__(scenario)

    @checked()
    def vary(self, **ranges: Iterable[Any]) -> Self:
        """Return a study that also varies these keys. It simulates every combination of values.

        Args:
            ranges: For each key, the list of its values: bandwidth=[500, 1000], in Mbit/s. `docs/study.md` lists the
                keys; the `site` values of a scenario are keys as well.

        Raises:
            BadInput: A key does not exist or is varied already, or a value makes no sense.
        """
        return super().vary(**ranges)

    vary.__signature__ = keys_signature("self")  # type: ignore[attr-defined]

    @checked(runs=at_least_one)
    def replicate(self, runs: int) -> Self:
        """Return a study with this number of runs of each variant."""
        return super().replicate(runs)

    @checked(cases=_cases)
    def only(self, cases: Iterable[Mapping[str, Any]]) -> Self:
        """Return a study of only these combinations. A key that a combination leaves out has the scenario's value."""
        return super().only(cases)

    @checked()
    def run(
        self,
        *,
        rows: str = "run",
        keep: str | Path | None = None,
        backend: str = "processes",
        workers: int | None = None,
        yes: bool = False,
    ) -> "DataFrame":
        """Carry out all runs and return a pandas table.

        Args:
            rows: What one row describes: "run", "wave", "item" or "leg". Column names end with their units.
            keep: A Parquet file that keeps the finished runs; the same study continues from it.
            backend: Where the runs are played: "processes", "serial", "joblib" or "dask".
            workers: Number of processes. Default: one per core.
            yes: True allows a million runs or more.

        Raises:
            BadInput: The study, an argument or the file is invalid, or pandas is not installed (extra `study`).
            Unreachable: A Dask scheduler could not be reached.
        """
        return super().run(rows=rows, keep=keep, backend=backend, workers=workers, yes=yes)

    @checked()
    def table(
        self,
        *,
        rows: str = "run",
        keep: str | Path | None = None,
        backend: str = "processes",
        workers: int | None = None,
        yes: bool = False,
    ) -> list[dict[str, Any]]:
        """Carry out all runs and return a list of dictionaries. This method does not need pandas."""
        return super().table(rows=rows, keep=keep, backend=backend, workers=workers, yes=yes)

    @checked()
    def samples(self, *, backend: str = "processes", workers: int | None = None, yes: bool = False) -> "list[Sample]":
        """Carry out all runs and return the complete result of each."""
        return super().samples(backend=backend, workers=workers, yes=yes)

    @checked()
    def play(self, seed: int | None = None) -> "Answer":
        """Simulate one run. Return the time at which each machine was home, and the critical path."""
        from failback.scenarios.outcomes.answers import answer
        from failback.scenarios.outcomes.way_home import way_home

        return answer(way_home(self.scenario), self.scenario.seed if seed is None else seed)

    @checked()
    def busy(self, seed: int | None = None) -> "Busy":
        """Return the load of link, servers and datastores in the run of `play`, for `failback.pictures.utilisation`."""
        from failback.scenarios.outcomes.busy import busy_until_home

        return busy_until_home(self.scenario, seed)

    @checked()
    def tornado(
        self,
        of: str = "home_h",
        *,
        keep: str | Path | None = None,
        backend: str = "processes",
        workers: int | None = None,
        yes: bool = False,
    ) -> "tuple[Swing, ...]":
        """Vary one key at a time from lowest to highest value. Return the effect of each key on column `of`."""
        from failback.scenarios.study.sensitivity import tornado

        return tornado(self, of, keep=keep, backend=backend, workers=workers, yes=yes)

    @checked()
    def sobol(
        self,
        of: str = "home_h",
        samples: int = 64,
        *,
        keep: str | Path | None = None,
        backend: str = "processes",
        workers: int | None = None,
        yes: bool = False,
    ) -> "tuple[Index, ...]":
        """Vary all keys at once. Return the share of each key in the variance of column `of`, with a 95 % interval."""
        from failback.scenarios.study.sensitivity import sobol

        return sobol(self, of, samples, keep=keep, backend=backend, workers=workers, yes=yes)

    @checked()
    def variants(self) -> "Iterator[Values]":
        """Return every combination of the values."""
        return super().variants()

    @checked()
    def shown_ranges(self) -> list[tuple[str, str]]:
        """Return the columns that vary, each with its values as text."""
        return super().shown_ranges()

    def _repr_html_(self) -> str:
        return html_line(repr(self)[1:-1]) + html_table(
            ("varies", "values"), [(column, values) for column, values in self.shown_ranges()]
        )
