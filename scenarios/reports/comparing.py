"""Predicted beside actual: how long each leg of each machine was expected to take, and how long it took."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any, Final

from failback.reprotect.driver import Leg, LegReader
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.path_checks import is_folder
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outcomes.bands import band
from failback.scenarios.outputs.run_folders.history_lines import history_lines
from failback.scenarios.outputs.run_folders.kept_run import head_of
from failback.scenarios.run.labels import labels
from failback.scenarios.run.player import play

RUNS: Final = 40
"""Runs of a scenario from which its band is taken."""
ALL: Final = "all"
WHOLE: Final = "whole"
Took = Mapping[tuple[str, str], float]
"""Seconds by item and leg; `all`, `whole` is from the first request to the last end."""


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """One side: what each leg took in each of its runs, who says so, and what could not be read."""

    name: str
    head: Mapping[str, Any]
    runs: tuple[Took, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """One leg. `verdict`: inside, shorter, longer, no band (one predicted run), not predicted, not done."""

    item: str
    leg: str
    predicted_s: float | None
    low_s: float | None
    high_s: float | None
    actual_s: float | None
    difference_s: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides and their rows."""

    predicted: ComparedSide
    actual: ComparedSide
    rows: tuple[Compared, ...]

    @property
    def outside(self) -> tuple[Compared, ...]:
        """Rows whose actual time lies outside the predicted band."""
        return tuple(row for row in self.rows if row.verdict in ("shorter", "longer"))

    @property
    def judged(self) -> int:
        """Rows that have both a band and an actual time."""
        return sum(row.verdict in ("inside", "shorter", "longer") for row in self.rows)


def compare(predicted: str, actual: str, runs: int = RUNS) -> Comparison:
    """Compare. `predicted` is a scenario, played `runs` times for a band, or an earlier run; `actual` is a run."""
    if runs < 1:
        raise _bad("--runs", f"found {runs}; expected a whole number of at least 1")
    left = _run(Path(predicted)) if _is_run(predicted) else _played(predicted, runs)
    right = _run(Path(actual))
    _refuse_strangers(left, right)
    return Comparison(left, right, tuple(_rows(left.runs, right.runs[0])))


def _refuse_strangers(predicted: ComparedSide, actual: ComparedSide) -> None:
    """Two stories without a machine in common tell nothing of one another."""
    known, done = _machines(predicted), _machines(actual)
    if not known & done:
        few = ", ".join(sorted(done)[:3])
        raise _bad(
            actual.name,
            f"none of its machines ({few}{', ...' if len(done) > 3 else ''}) is one of {predicted.name}; "
            "give a run of the same scenario, or the scenario of that run",
        )


def _machines(side: ComparedSide) -> set[str]:
    return {item for run in side.runs for item, leg in run if (item, leg) != (ALL, WHOLE)}


def _is_run(name: str) -> bool:
    return is_folder(name) or name.endswith(".jsonl")


def _bad(place: str, message: str) -> BadInput:
    return BadInput(Mistake("", place, 0, message))


def _run(path: Path) -> ComparedSide:
    """A run by its history, which holds what was done even where the run was broken off."""
    file = path / "history.jsonl" if is_folder(path) else path
    notes, reader = list[str](), LegReader()
    for line in history_lines(file, notes):
        reader.on_line(line)
    took = took_s(reader.legs)
    if not took:
        raise _bad(
            str(file),
            "no leg was completed in it; expected the history of a run in which at least one leg was completed",
        )
    return ComparedSide(str(path), head_of(file.parent), (took,), tuple(notes))


def _played(name: str, runs: int) -> ComparedSide:
    scenario = load_scenario(resolve(name))
    seeds = range(scenario.seed, scenario.seed + runs)
    took = tuple(took_s(play(replace(scenario, seed=seed)).legs) for seed in seeds)
    return ComparedSide(name, {**labels(scenario), "scenario": scenario.name, "runs": runs}, took)


def took_s(legs: Iterable[Leg]) -> Took:
    """What each leg took, by its last try that came to its end."""
    done = [leg for leg in legs if leg.outcome == "done" and leg.end_s is not None]
    found = {(leg.item, leg.leg.value): (leg.end_s or 0.0) - leg.start_s for leg in done}
    if done:
        found[ALL, WHOLE] = max(leg.end_s or 0.0 for leg in done) - min(leg.start_s for leg in done)
    return found


def _rows(predicted: Sequence[Took], actual: Took) -> Iterator[Compared]:
    keys = dict.fromkeys([*(key for run in predicted for key in run), *actual])
    for key in sorted(keys, key=lambda key: key[0] == ALL):
        yield _row(key, [run[key] for run in predicted if key in run], actual.get(key))


def _row(key: tuple[str, str], predicted: Sequence[float], actual_s: float | None) -> Compared:
    middle_s = median(predicted) if predicted else None
    low_s, high_s = band(predicted) if len(predicted) > 1 else (None, None)
    difference_s = None if middle_s is None or actual_s is None else actual_s - middle_s
    return Compared(*key, middle_s, low_s, high_s, actual_s, difference_s, _verdict(middle_s, low_s, high_s, actual_s))


def _verdict(middle_s: float | None, low_s: float | None, high_s: float | None, actual_s: float | None) -> str:
    if middle_s is None:
        return "not predicted"
    if actual_s is None:
        return "not done"
    if low_s is None or high_s is None:
        return "no band"
    return "shorter" if actual_s < low_s else "longer" if actual_s > high_s else "inside"
