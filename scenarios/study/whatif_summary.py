"""Rows of a study, summed up per variant: the middle of the runs, and where eight in ten of them lie."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from statistics import median
from typing import Any, Final

from .rows import RunRow


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some runs, and their 10th and 90th percentile. None: so many runs never got there."""

    middle: float | None
    low: float | None
    high: float | None


def spread_of(values: Iterable[float | None]) -> Spread:
    """Runs in which it never happened count as endlessly late."""
    ordered = sorted(inf if value is None else value for value in values)
    return Spread(*(_finite(_percentile(ordered, share)) for share in (0.5, 0.1, 0.9)))


def summaries(rows: Sequence[RunRow], kind: str, names: Sequence[str]) -> Iterator[RunRow]:
    """One for each variant, item or leg of a variant. `names`: the columns of what varies."""
    keys = ("variant", *names, *_BELOW[kind])
    groups: dict[tuple[Any, ...], list[RunRow]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    for key, group in groups.items():
        yield {**dict(zip(keys, key, strict=True)), **_SUMS[kind](group)}


def _percentile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest ranks; endless where one of them is and counts."""
    rank = share * (len(ordered) - 1)
    below, part = ordered[int(rank)], rank % 1
    return below + (ordered[int(rank) + 1] - below) * part if part and isfinite(below) else below


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _runs(group: Sequence[RunRow]) -> RunRow:
    binds, often = Counter(row["binds"] for row in group).most_common(1)[0]
    return {
        "runs": len(group),
        "runs_home": sum(row["home_h"] is not None for row in group),
        "home_h": spread_of(row["home_h"] for row in group),
        "machines": group[0]["machines"],
        "machines_home": median(row["machines_home"] for row in group),
        "downtime_mean_min": median(row["downtime_mean_min"] for row in group),
        "downtime_max_min": median(row["downtime_max_min"] for row in group),
        "binds": binds,
        "binds_share": often / len(group),
    }


def _waves(group: Sequence[RunRow]) -> RunRow:
    return {
        "runs": len(group),
        "runs_home": sum(row["home_h"] is not None for row in group),
        "home_h": spread_of(row["home_h"] for row in group),
        "machines": group[0]["machines"],
        "waited_h": median(row["waited_h"] for row in group),
        "took_h": spread_of(row["took_h"] for row in group),
        "seeded_h": spread_of(row.get("seeded_h") for row in group),
        "cutover_h": spread_of(row.get("cutover_h") for row in group),
    }


def _items(group: Sequence[RunRow]) -> RunRow:
    return {
        "runs": len(group),
        "runs_home": sum(row["home_h"] is not None for row in group),
        "home_h": spread_of(row["home_h"] for row in group),
        "waited_h": median(row["waited_h"] for row in group),
        "downtime_min": spread_of(row["downtime_min"] for row in group),
    }


def _legs(group: Sequence[RunRow]) -> RunRow:
    return {
        "legs": len(group),
        "legs_done": sum(row["outcome"] == "done" for row in group),
        "took_min": spread_of(row["took_min"] for row in group),
    }


_BELOW: Final[Mapping[str, tuple[str, ...]]] = {"run": (), "wave": ("wave",), "item": ("item",), "leg": ("leg",)}
_SUMS: Final[Mapping[str, Callable[[Sequence[RunRow]], RunRow]]] = {
    "run": _runs,
    "wave": _waves,
    "item": _items,
    "leg": _legs,
}
