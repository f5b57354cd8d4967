"""What moves the way home most: one value at a time (tornado), or all of them at once (Sobol's indices, by SALib)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf, isfinite, log2
from pathlib import Path
from statistics import median
from typing import Final

from failback.scenarios.extras import needed

from .rows import RunRow
from .study import Study
from .variants import Value, key_named, refused

SAMPLES_MAX: Final = 2**20
"""With two keys, a study of that many samples has four million runs."""
SOBOL_SEED: Final = 1
CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Swing:
    """One key: what comes of its lowest and its highest value while all else is as the scenario says.

    Results are medians over the runs; `base` is that of the scenario itself. Infinite: it was not reached.
    """

    key: str
    low: Value
    high: Value
    at_low: float
    base: float
    at_high: float

    @property
    def width(self) -> float:
        """How far the results lie apart."""
        known = [at for at in (self.at_low, self.base, self.at_high) if isfinite(at)]
        return max(known) - min(known) if len(known) == 3 else inf


@dataclass(frozen=True, slots=True)
class Index:
    """One key: its share of the result's variance, alone (`first`) and with all it acts upon (`total`).

    Those marked 95 are half the width of their 95 % interval: the error of the sample.
    """

    key: str
    first: float
    first_95: float
    total: float
    total_95: float


def tornado(
    study: Study,
    of: str = "home_h",
    *,
    keep: Path | str | None = None,
    backend: str = "processes",
    workers: int | None = None,
    yes: bool = False,
) -> tuple[Swing, ...]:
    """Move each key of the study alone, from its first and last value in order; the widest swing first."""
    ends = {name: _ends(values) for name, values in _ranges(study).items()}
    cases: list[Mapping[str, Value]] = [{}, *({name: end} for name, pair in ends.items() for end in pair)]
    rows = study.only(cases).table(keep=keep, backend=backend, workers=workers, yes=yes)
    results = [_middle([row for row in rows if row["variant"] == case], of) for case in range(len(cases))]
    pairs = zip(results[1::2], results[2::2], strict=True)
    swings = (
        Swing(key_named(name).column, *ends[name], at_low, results[0], at_high)
        for name, (at_low, at_high) in zip(ends, pairs, strict=True)
    )
    return tuple(sorted(swings, key=lambda swing: -swing.width))


def sobol(
    study: Study,
    of: str = "home_h",
    samples: int = 64,
    *,
    keep: Path | str | None = None,
    backend: str = "processes",
    workers: int | None = None,
    yes: bool = False,
) -> tuple[Index, ...]:
    """Sobol's indices over the box of the study's ranges, the largest first. The luck is the same in all runs.

    `samples` is rounded up to a power of two; so many times (number of keys + 2) variants are played, `runs` times.
    """
    if samples > SAMPLES_MAX:
        raise refused(f"the number of samples is more than {SAMPLES_MAX:,}; ask for fewer")
    sampled = needed("SALib.sample.sobol", "study", "compute Sobol's indices")
    analysed = needed("SALib.analyze.sobol", "study", "compute Sobol's indices")
    axes = {name: _axis(values) for name, values in _ranges(study).items()}
    problem = {"num_vars": len(axes), "names": list(axes), "bounds": [[0.0, 1.0]] * len(axes)}
    points = sampled.sample(problem, 2 ** ceil(log2(max(2, samples))), calc_second_order=False, seed=SOBOL_SEED)
    cases = [{name: axis(at) for (name, axis), at in zip(axes.items(), point, strict=True)} for point in points]
    rows = study.only(cases).table(keep=keep, backend=backend, workers=workers, yes=yes)
    results = _results(rows, len(cases), of)
    if max(results) == min(results):
        return tuple(Index(key_named(name).column, 0.0, 0.0, 0.0, 0.0) for name in axes)
    array = needed("numpy", "study", "compute Sobol's indices").array(results)
    found = analysed.analyze(problem, array, calc_second_order=False, conf_level=CONFIDENCE, seed=SOBOL_SEED)
    columns = (found[name].tolist() for name in ("S1", "S1_conf", "ST", "ST_conf"))
    indices = (Index(key_named(name).column, *row) for name, *row in zip(axes, *columns, strict=True))
    return tuple(sorted(indices, key=lambda index: -index.total))


def _ranges(study: Study) -> Mapping[str, Sequence[Value]]:
    few = [name for name, values in study.ranges.items() if len(values) < 2]
    if few or not study.ranges:
        raise refused(f"a sensitivity needs keys with at least two values each; {_found(few)}")
    return study.ranges


def _found(few: Sequence[str]) -> str:
    return f"`{few[0]}` has one" if few else "none is varied"


def _ends(values: Sequence[Value]) -> tuple[Value, Value]:
    """The lowest and the highest; of words, the first and the last."""
    ordered = sorted(values) if all(isinstance(value, (int, float)) for value in values) else values
    return ordered[0], ordered[-1]


def _axis(values: Sequence[Value]) -> Callable[[float], Value]:
    """From 0 to 1: anywhere between the lowest and the highest of real numbers; one of the values else."""
    if all(type(value) is float for value in values):
        low, high = min(values), max(values)
        return lambda at: low + (high - low) * float(at)
    return lambda at: values[min(int(at * len(values)), len(values) - 1)]


def _middle(rows: Sequence[RunRow], of: str) -> float:
    return median([inf if row[_known(row, of)] is None else float(row[of]) for row in rows])


def _results(rows: Sequence[RunRow], cases: int, of: str) -> list[float]:
    found: list[list[RunRow]] = [[] for _ in range(cases)]
    for row in rows:
        found[row["variant"]].append(row)
    results = [_middle(some, of) for some in found]
    never = sum(not isfinite(result) for result in results)
    if never:
        raise refused(
            f"in {never} of {cases} samples, not all machines came home, so {of} has no value; narrow the ranges"
        )
    return results


def _known(row: RunRow, of: str) -> str:
    numbers = [name for name, value in row.items() if value is None or type(value) is float]
    if of not in numbers:
        raise refused(f"`{of}` is not a result of a run; the results are {', '.join(numbers)}")
    return of
