"""The dated answer as a value: what was asked, what was found, and what follows from it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, unique
from functools import cached_property
from math import ceil, inf
from statistics import fmean
from typing import Final

from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.outcomes.busy import Busy, busy, until
from failback.scenarios.outcomes.critical_path import longest_first
from failback.scenarios.outcomes.server_batches import ServerBatches
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.text.local_time import after, seconds_between

from .assumptions import Case, is_calibrated
from .azure_cost import azure_cost, has_prices
from .cutover_values import Cutover
from .last_go import longest_before_s
from .latest_start import depends_on_start, latest_start
from .levers import LeverEffect
from .promises import KeptPromise, kept
from .purchases import Purchase
from .sampling import Share, holds_from, share
from .suggested_plan import Suggestion

MACHINE_RUNS: Final = 2000
"""Machines times runs of the first case, when nobody says how many runs."""
MACHINE_RUNS_MAX: Final = 5000
"""The same, where fewer runs would be too few to tell the share that has to be sure."""
RUNS_MIN, RUNS_MAX = 4, 60
EXACT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Question:
    """The question: `sure` from 0 to 1, `runs` of the first case or None for as many as are affordable.

    With a `cutover` nothing fails back before that, and machines may seed from `start` on.
    """

    scenario: Scenario
    start: datetime
    by: datetime
    sure: float
    runs: int | None = None
    cutover: datetime | None = None

    @property
    def within_s(self) -> float:
        """How long the way home may take."""
        return seconds_between(self.start, self.by)

    @property
    def lead_s(self) -> float:
        """How long after the start the cutover begins; none where it begins with the seeding."""
        return 0.0 if self.cutover is None else seconds_between(self.start, self.cutover)

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


@unique
class Of(Enum):
    """What the condition is about."""

    CHANGED = "changed"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Condition:
    """In time while the share of changed data is at most `share`, or while the line gives at least that share.

    `runs` is how many runs each value had; `slow_line` whether, within it, half of the bandwidth is not enough.
    """

    of: Of
    share: float
    runs: int
    slow_line: bool = False


@dataclass(frozen=True)
class CaseAnswer:
    """One set of assumptions, played."""

    question: Question
    case: Case
    answers: tuple[Answer, ...]

    @cached_property
    def in_time(self) -> Share:
        """Runs in which the last machine was home in time."""
        return share_in_time(self.question, self.answers)

    @cached_property
    def sure_s(self) -> float | None:
        """Seconds after the start from which everything is home, as sure as was asked."""
        return holds_from([answer.home_s for answer in self.answers], self.question.sure)

    @property
    def sure_at(self) -> datetime | None:
        """The same as a date."""
        return None if self.sure_s is None else after(self.question.start, self.sure_s)

    @property
    def latest_start(self) -> datetime | None:
        """The latest start, as if it did not matter when the way home begins."""
        return latest_start(self.question.by, self.question.start, self.sure_s, None)


@dataclass(frozen=True, slots=True)
class LateMachine:
    """A machine that was late in some runs. `late_s` is by how much then, on average; None: it never came home."""

    item: str
    tier: str
    runs: Share
    late_s: float | None
    stopped_by: str = ""


@dataclass(frozen=True, slots=True)
class PurchaseEffect:
    """One purchase, per case: how many seconds sooner everything is home, and in how many runs in time then."""

    purchase: Purchase
    sooner_s: Mapping[str, float | None]
    in_time: Mapping[str, Share]


@dataclass(frozen=True)
class Prediction:
    """The whole answer."""

    question: Question
    loads: tuple[ServerBatches, ...]
    cases: tuple[CaseAnswer, ...]
    bought: tuple[PurchaseEffect, ...]
    moves: tuple[LeverEffect, ...]
    latest: datetime | None
    suggestion: Suggestion
    model: str
    condition: Condition | None = None
    cutover: Cutover | None = None

    @property
    def calibrated(self) -> bool:
        """Whether it rests on recorded jobs."""
        return is_calibrated(self.question.scenario)

    @property
    def first(self) -> CaseAnswer:
        """The case that is looked at closely."""
        return self.cases[0]

    @property
    def middle(self) -> Answer:
        """A run of the first case in the middle of all, for pictures."""
        ordered = sorted(self.first.answers, key=lambda answer: (answer.home_s is None, answer.home_s or 0.0))
        return ordered[len(ordered) // 2]

    @cached_property
    def busy(self) -> Busy:
        """How busy each part was in that run, until all were home; played once more, with somebody watching."""
        way = way_home(self.first.case.applied(self.question.scenario))
        return until(busy(way, self.middle.seed), self.middle.home_s or inf)

    @cached_property
    def late(self) -> tuple[LateMachine, ...]:
        """Machines that were late in the first case, the latest first."""
        found = (self._late(n) for n in range(len(self.middle.items)))
        return tuple(sorted(filter(None, found), key=lambda late: (-late.runs.met, -(late.late_s or 1e18), late.item)))

    def _late(self, n: int) -> LateMachine | None:
        runs = [answer.items[n] for answer in self.first.answers]
        within_s = self.question.within_s
        late = [item for item in runs if not _is_in_time(item.home_s, within_s)]
        if not late:
            return None
        by_s = [item.home_s - within_s for item in late if item.home_s is not None]
        reason = next((item.stopped_by for item in late if item.stopped_by), "")
        return LateMachine(
            late[0].item, late[0].tier, Share(len(late), len(runs)), fmean(by_s) if by_s else None, reason
        )

    @cached_property
    def bottleneck(self) -> Mapping[str, float]:
        """Seconds of the critical path per cause, averaged over the first case's runs, the longest first."""
        sums: dict[str, float] = {}
        for answer in self.first.answers:
            for cause, seconds in answer.causes.items():
                sums[cause] = sums.get(cause, 0.0) + seconds / len(self.first.answers)
        return longest_first(sums)

    @cached_property
    def stops(self) -> Mapping[str, int]:
        """Why machines never came home in the first case: rule or word, to how many, the most frequent first."""
        never = (item for answer in self.first.answers for item in answer.items if item.home_s is None)
        return dict(Counter(item.stopped_by for item in never if item.stopped_by).most_common())

    @cached_property
    def queued_s(self) -> float:
        """How long the last machine stood in line for disk slots or its wave, on average; not for the wave's hour."""
        waves, runs = self.question.scenario.plan.waves, self.first.answers
        dates_s = {n: w.opens_s if w.seed_opens_s is None else w.seed_opens_s for w in waves for n in w.items}
        last = [max(a.items, key=lambda item: item.home_s or 0.0) for a in runs if a.home_s is not None]
        return fmean(max(0.0, item.waited_s - dates_s.get(item.item, 0.0)) for item in last) if last else 0.0

    @cached_property
    def last_go(self) -> datetime | None:
        """The last instant at which a move may begin: shutdown in Azure, start on site, checks, commit."""
        question = self.question
        before_s = [longest_before_s(question.scenario, question.start, question.by, run) for run in self.first.answers]
        longest_s = holds_from(before_s, question.sure)
        return None if longest_s is None else after(self.question.by, -longest_s)

    @cached_property
    def best(self) -> PurchaseEffect | None:
        """The purchase that helps most in the first case, if any does."""
        name = self.first.case.name
        helping = [bought for bought in self.bought if (bought.sooner_s[name] or 0.0) > 60.0]
        return max(helping, key=lambda bought: bought.sooner_s[name] or 0.0, default=None)

    def latest_in(self, case: CaseAnswer) -> datetime | None:
        """The latest start in a case. Where the start itself matters, it was looked for in the first case alone."""
        if self.cutover is not None:
            return self.cutover.starts[case.case.name]
        if case is self.first:
            return self.latest
        return None if depends_on_start(self.question.scenario) else case.latest_start

    def best_in(self, case: str) -> PurchaseEffect | None:
        """The purchase that helps most in another case."""
        helping = [bought for bought in self.bought if (bought.sooner_s.get(case) or 0.0) > 60.0]
        return max(helping, key=lambda bought: bought.sooner_s[case] or 0.0, default=None)

    @cached_property
    def promises(self) -> tuple[KeptPromise, ...]:
        """What the tiers were promised, judged on the first case."""
        return kept(self.question.scenario, self.first.answers, self.question.lead_s)

    @cached_property
    def costs(self) -> tuple[float | None, ...] | None:
        """What the stay costs, per case and averaged over its runs; None where nobody wrote prices down."""
        prices = self.question.scenario.homecoming.prices
        if not has_prices(prices):
            return None
        return tuple(mean_of([azure_cost(answer, prices) for answer in case.answers]) for case in self.cases)


def share_in_time(question: Question, answers: Sequence[Answer]) -> Share:
    """Runs in which the last machine was home in time."""
    return share([_is_in_time(answer.home_s, question.within_s) for answer in answers])


def _is_in_time(home_s: float | None, within_s: float) -> bool:
    return home_s is not None and home_s <= within_s


def mean_of(values: Sequence[float | None]) -> float | None:
    """Their mean; None where one of them is not known."""
    known = [value for value in values if value is not None]
    return fmean(known) if known and len(known) == len(values) else None
