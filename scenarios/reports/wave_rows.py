"""The windows of each wave beside what came: when it was to seed and to fail back, and when it did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Operation
from failback.reprotect.driver import Leg
from failback.scenarios.run.evidence import WaveEvidence
from failback.scenarios.run.result import Result

SEEDS_LATE: Final = "does not seed ahead: its reprotect begins with its cutover"
_Date = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One wave, in words."""

    wave: str
    machines: int
    seed_window: str
    seeded: str
    cutover_window: str
    cut_over: str


def wave_rows(result: Result, date: _Date) -> tuple[WaveRow, ...]:
    """One row for each wave of the plan; `date` says a second of the run as people do."""
    evidence = result.evidence
    if evidence is None:
        return ()
    members = {wave.name: [one.item for one in evidence.machines if one.wave == wave.name] for wave in evidence.waves}
    return tuple(_row(result.legs, wave, members[wave.name], date) for wave in evidence.waves)


def _row(legs: Sequence[Leg], wave: WaveEvidence, items: Sequence[str], date: _Date) -> WaveRow:
    mine = [leg for leg in legs if leg.item in items]
    seeded = _came(mine, Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_ON_PREMISES, len(items), date)
    cut_over = _came(mine, Operation.FAILBACK, Operation.COMMIT_FAILBACK, len(items), date)
    opens_s = wave.seed_opens_s
    seed = SEEDS_LATE if opens_s is None else _window(opens_s, wave.seed_closes_s, date)
    return WaveRow(wave.name, len(items), seed, seeded, _window(wave.opens_s, wave.closes_s, date), cut_over)


def _window(opens_s: float, closes_s: float | None, date: _Date) -> str:
    begins = f"from {date(opens_s)} on" if opens_s > 0 else "from the start on"
    return f"{begins}, without an end" if closes_s is None else f"{begins}; nothing begins after {date(closes_s)}"


def _came(legs: Sequence[Leg], first: Operation, last: Operation, of: int, date: _Date) -> str:
    """From the first request to the last end; where not all machines came so far, how many did."""
    begun = [leg.start_s for leg in legs if leg.leg is first]
    ends = {leg.item: leg.end_s for leg in legs if leg.leg is last and leg.outcome == "done" and leg.end_s is not None}
    if not begun:
        return "never began"
    if not ends:
        return f"began {date(min(begun))}; no machine came to the end"
    done = "" if len(ends) == of else f": {len(ends)} of {of} machines"
    return f"{date(min(begun))} to {date(max(ends.values()))}{done}"
