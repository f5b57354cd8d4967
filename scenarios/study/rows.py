"""The rows of a study: one per run, per wave, per item or per leg; units stand in the names of the columns."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from failback.reprotect import Operation
from failback.scenarios.extras import needed
from failback.scenarios.outcomes.answers import Answer

if TYPE_CHECKING:
    from pandas import DataFrame

RunRow: TypeAlias = dict[str, Any]
_NUMBERS: Final = ("_h", "_min", "_s", "_gib")
"""Ends of the names of columns that hold numbers, or nothing where something did not happen."""


def rows_of(found: Answer, kind: str) -> Iterator[RunRow]:
    """The rows of one run."""
    return ROWS[kind](found)


def data_frame(rows: Iterable[RunRow]) -> "DataFrame":
    """The rows as a table; what did not happen is NaN."""
    pandas = needed("pandas", "study", "make a table of a study")
    frame: DataFrame = pandas.DataFrame(list(rows))
    numbers = [name for name in frame.columns if str(name).endswith(_NUMBERS)]
    return frame.astype(dict.fromkeys(numbers, float))


def digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """A study in short: the digests of its runs, in order."""
    return blake2b("".join(str(row["digest"]) for row in rows).encode(), digest_size=12).hexdigest()


def _run_rows(found: Answer) -> Iterator[RunRow]:
    yield {"seed": found.seed, **found.summary(), **_made_by(found)}


def _made_by(found: Answer) -> RunRow:
    return {"label": found.label, "model": found.model, "calibration": found.calibration}


def _wave_rows(found: Answer) -> Iterator[RunRow]:
    """From the first machine that was asked home, over the last seed and the first failback, to the last one home."""
    ends_s = _seeded_s(found)
    for n, (wave, home_s) in enumerate(found.waves.items()):
        items = [item for item in found.items if item.wave == wave]
        waited_s = min(item.waited_s for item in items)
        begun_s = min((item.failback_s for item in items if item.failback_s is not None), default=None)
        yield {
            "row": n,
            "wave": wave,
            "machines": len(items),
            "machines_home": sum(item.home_s is not None for item in items),
            "home_h": _hours(home_s),
            "waited_h": waited_s / 3600,
            "took_h": None if home_s is None else (home_s - waited_s) / 3600,
            "seeded_h": _hours(max((ends_s[item.item] for item in items if item.item in ends_s), default=None)),
            "cutover_h": None if home_s is None or begun_s is None else (home_s - begun_s) / 3600,
            "downtime_max_min": max(item.downtime_s for item in items) / 60,
            "work_h": sum(item.work_s for item in items) / 3600,
            "scanned_gib": sum(item.scanned_gib for item in items),
            "transferred_gib": sum(item.transferred_gib for item in items),
            "rpo_s": max(item.rpo_s for item in items),
            **_made_by(found),
            "digest": found.digest,
        }


def _seeded_s(found: Answer) -> dict[str, float]:
    """When each machine was seeded."""
    seeds = [leg for leg in found.legs if leg.leg == Operation.REPROTECT_TO_ON_PREMISES.value]
    return {leg.item: leg.end_s for leg in seeds if leg.outcome == "done" and leg.end_s is not None}


def _item_rows(found: Answer) -> Iterator[RunRow]:
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
            **_made_by(found),
            "digest": found.digest,
        }


def _leg_rows(found: Answer) -> Iterator[RunRow]:
    waves = {item.item: item.wave for item in found.items}
    for n, leg in enumerate(found.legs):
        took_s = None if leg.end_s is None else leg.end_s - leg.start_s
        yield {
            "row": n,
            "item": leg.item,
            "wave": waves.get(leg.item, ""),
            "leg": leg.leg,
            "start_h": leg.start_s / 3600,
            "job_end_h": _hours(leg.job_end_s),
            "end_h": _hours(leg.end_s),
            "took_min": None if took_s is None else took_s / 60,
            "outcome": leg.outcome,
            **_made_by(found),
            "digest": found.digest,
        }


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 3600


ROWS: Final[Mapping[str, Callable[[Answer], Iterator[RunRow]]]] = {
    "run": _run_rows,
    "wave": _wave_rows,
    "item": _item_rows,
    "leg": _leg_rows,
}
"""What one row may be."""
