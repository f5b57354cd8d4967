"""The dated answer as a value: what was asked, what was found, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import inf
from statistics import fmean

from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.outcomes.server_batches import ServerBatches
from failback.scenarios.text.local_time import after

from .assumptions import is_calibrated
from .azure_cost import azure_cost, has_prices
from .best_lever import Helps, best_helps
from .case_answer import CaseAnswer, LateMachine
from .condition import Condition
from .cutover_values import Cutover
from .last_go import longest_before_s
from .latest_start import depends_on_start
from .levers import LeverEffect
from .measurements import Measurement
from .open_facts import OpenFacts, open_facts
from .others import Others, others_of
from .promises import KeptPromise
from .purchase import Purchase
from .purchase_effect import PurchaseEffect as PurchaseEffect
from .question import Question as Question
from .sampling import holds_from
from .suggested_plan import Suggestion


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
    too_late: tuple[Purchase, ...] = ()
    """Levers that cannot be had before the way home begins."""
    measurements: tuple[Measurement, ...] = ()
    """What could be measured before, what narrows the range of finish times most first."""
    cutover: Cutover | None = None

    @property
    def calibrated(self) -> bool:
        """Whether it rests on recorded jobs."""
        return is_calibrated(self.question.scenario)

    @cached_property
    def open_facts(self) -> OpenFacts:
        """What nobody knows and could block machines; the runs take for granted that it does not."""
        return open_facts(self.question.scenario)

    @property
    def first(self) -> CaseAnswer:
        """The case that is looked at closely."""
        return self.cases[0]

    @property
    def middle(self) -> Answer:
        """A run of the first case in the middle of all, for pictures."""
        ordered = sorted(self.first.answers, key=lambda answer: (answer.home_s is None, answer.home_s or 0.0))
        return ordered[len(ordered) // 2]

    @property
    def best_case(self) -> CaseAnswer:
        """The case in which everything is home first."""
        return min(self.cases, key=_end_or_never)

    @property
    def worst_case(self) -> CaseAnswer:
        """The case in which everything is home last, or never."""
        return max(self.cases, key=_end_or_never)

    @property
    def late(self) -> tuple[LateMachine, ...]:
        """Machines that were late in the first case, the latest first."""
        return self.first.late

    @property
    def bottleneck(self) -> Mapping[str, float]:
        """Seconds of the critical path per cause in the first case."""
        return self.first.bottleneck

    @property
    def stops(self) -> Mapping[str, int]:
        """Why machines never came home in the first case."""
        return self.first.stops

    @property
    def queued_s(self) -> float:
        """How long the last machine of the first case stood in line, on average."""
        return self.first.queued_s

    @cached_property
    def last_go(self) -> datetime | None:
        """The last instant at which a move may begin: shutdown in Azure, start on site, checks, commit."""
        question = self.question
        before_s = [longest_before_s(question.scenario, question.start, question.by, run) for run in self.first.answers]
        longest_s = holds_from(before_s, question.sure)
        return None if longest_s is None else after(self.question.by, -longest_s)

    @cached_property
    def others(self) -> Others | None:
        """The machines that come home although something stops others; None where that is so of none."""
        return others_of(self.question, self.cases)

    @cached_property
    def helps(self) -> Helps | None:
        """The best single lever with what it does, if any helps."""
        return best_helps(self.cases, self.bought)

    @property
    def best(self) -> PurchaseEffect | None:
        """The same without what it does."""
        return None if self.helps is None else self.helps.bought

    def latest_in(self, case: CaseAnswer) -> datetime | None:
        """The latest start in a case. Where the start itself matters, it was looked for in the first case alone."""
        if self.cutover is not None:
            return self.cutover.starts[case.case.name]
        if case is self.first:
            return self.latest
        return None if depends_on_start(self.question.scenario) else case.latest_start

    @property
    def promises(self) -> tuple[KeptPromise, ...]:
        """What the tiers were promised, judged on the first case."""
        return self.first.promises

    @property
    def measurement(self) -> Measurement | None:
        """The one that narrows the range of finish times most, if any does."""
        return next((one for one in self.measurements if one.narrows_s > 60.0), None)

    @cached_property
    def costs(self) -> tuple[float | None, ...] | None:
        """What the stay costs, per case and averaged over its runs; None where nobody wrote prices down."""
        prices = self.question.scenario.homecoming.prices
        if not has_prices(prices):
            return None
        return tuple(mean_of([azure_cost(answer, prices) for answer in case.answers]) for case in self.cases)


def _end_or_never(case: CaseAnswer) -> float:
    return inf if case.sure_s is None else case.sure_s


def mean_of(values: Sequence[float | None]) -> float | None:
    """Their mean; None where one of them is not known."""
    known = [value for value in values if value is not None]
    return fmean(known) if known and len(known) == len(values) else None
