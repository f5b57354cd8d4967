"""What is asked: which scenario, from when, until when, how sure, and how many runs that deserves."""

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Final

from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.local_time import seconds_between

MACHINE_RUNS: Final = 2000
"""Machines times runs of the first case, when nobody says how many runs."""
MACHINE_RUNS_MAX: Final = 5000
"""The same, where fewer runs would be too few to tell the share that has to be sure."""
RUNS_MIN, RUNS_MAX = 4, 60
SURE: Final = 0.9
"""The share of runs that counts as sure where nobody asks for another: the default of `--sure`."""
EXACT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Question:
    """The question: `sure` from 0 to 1, `runs` of the first case or None for as many as are affordable.

    With a `cutover` nothing fails back before that, and machines may seed from `start` on. Lead
    times of levers count from `today`, or from the day of the start where that is past or nobody said.
    """

    scenario: Scenario
    start: datetime
    by: datetime
    sure: float
    runs: int | None = None
    cutover: datetime | None = None
    today: date | None = None
    plan_hash: str = ""
    """The scenario as it was asked about, in short: the same as in `run.json` of a run of it."""

    @property
    def within_s(self) -> float:
        """How long the way home may take."""
        return seconds_between(self.start, self.by)

    @property
    def lead_s(self) -> float:
        """How long after the start the cutover begins; none where it begins with the seeding."""
        return 0.0 if self.cutover is None else seconds_between(self.start, self.cutover)

    @property
    def begins(self) -> datetime:
        """When machines may fail back; other dates are told beside it."""
        return self.cutover or self.start

    @property
    def runs_first(self) -> int:
        """Runs of the first case; the other ones get fewer."""
        machines = len(self.scenario.estate.virtual_machines)
        enough = min(self.runs_least, MACHINE_RUNS_MAX // machines)
        return self.runs or max(RUNS_MIN, min(RUNS_MAX, max(enough, MACHINE_RUNS // machines)))

    @property
    def runs_least(self) -> int:
        """Of fewer runs, the share that has to be sure is all of them."""
        return ceil(1 / (1 - self.sure) - EXACT)

    @property
    def runs_other(self) -> int:
        """Runs of every other case."""
        return max(min(2, self.runs_first), self.runs_first // 4)

    @property
    def runs_tried(self) -> int:
        """Runs with each thing that is tried."""
        return max(1, self.runs_first // 8)
