"""One case of a dated answer, played: when everything is home, what was the bottleneck, who is late, what is broken."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from statistics import fmean

from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.outcomes.critical_path import longest_first
from failback.scenarios.text.local_time import after

from .assumptions import Case
from .latest_start import latest_start
from .promises import KeptPromise, kept
from .question import Question
from .sampling import Share, holds_from, share


@dataclass(frozen=True, slots=True)
class LateMachine:
    """A machine that was late in some runs. `late_s` is by how much then, on average; None: it never came home."""

    item: str
    tier: str
    runs: Share
    late_s: float | None
    stopped_by: str = ""


@dataclass(frozen=True, slots=True)
class Downtime:
    """The longest time that a machine of the case was down, as sure as was asked; the machine is that of one run."""

    item: str
    seconds: float


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

    @cached_property
    def late(self) -> tuple[LateMachine, ...]:
        """Machines that were late, the latest first."""
        found = (self._late(n) for n in range(len(self.answers[0].items)))
        return tuple(sorted(filter(None, found), key=lambda late: (-late.runs.met, -(late.late_s or 1e18), late.item)))

    def _late(self, n: int) -> LateMachine | None:
        runs = [answer.items[n] for answer in self.answers]
        within_s = self.question.within_s
        late = [item for item in runs if not is_in_time(item.home_s, within_s)]
        if not late:
            return None
        by_s = [item.home_s - within_s for item in late if item.home_s is not None]
        reason = next((item.stopped_by for item in late if item.stopped_by), "")
        return LateMachine(
            late[0].item, late[0].tier, Share(len(late), len(runs)), fmean(by_s) if by_s else None, reason
        )

    @cached_property
    def bottleneck(self) -> Mapping[str, float]:
        """Seconds of the critical path per cause, averaged over the runs, the longest first."""
        sums: dict[str, float] = {}
        for answer in self.answers:
            for cause, seconds in answer.causes.items():
                sums[cause] = sums.get(cause, 0.0) + seconds / len(self.answers)
        return longest_first(sums)

    @cached_property
    def downtime(self) -> Downtime:
        """The longest downtime."""
        longest = [max(answer.items, key=lambda item: item.downtime_s) for answer in self.answers]
        sure_s = holds_from([item.downtime_s for item in longest], self.question.sure) or 0.0
        return Downtime(next(item.item for item in longest if item.downtime_s == sure_s or not sure_s), sure_s)

    @cached_property
    def promises(self) -> tuple[KeptPromise, ...]:
        """What the tiers were promised, judged on these runs."""
        return kept(self.question.scenario, self.answers, self.question.lead_s, self.question.sure)

    @property
    def broken(self) -> tuple[KeptPromise, ...]:
        """Promises that are not kept as surely as was asked."""
        return tuple(promise for promise in self.promises if promise.share.value < self.question.sure)

    @cached_property
    def stops(self) -> Mapping[str, int]:
        """Why machines never came home: rule or word, to how many, the most frequent first."""
        never = (item for answer in self.answers for item in answer.items if item.home_s is None)
        return dict(Counter(item.stopped_by for item in never if item.stopped_by).most_common())

    @property
    def has_nothing_to_do(self) -> bool:
        """Whether every machine was home from the start."""
        return not sum(self.bottleneck.values()) and all(answer.home_s is not None for answer in self.answers)

    @cached_property
    def queued_s(self) -> float:
        """How long the last machine stood in line for disk slots or its wave, on average; not for the wave's hour."""
        waves = self.question.scenario.plan.waves
        dates_s = {n: w.opens_s if w.seed_opens_s is None else w.seed_opens_s for w in waves for n in w.items}
        last = [max(a.items, key=lambda item: item.home_s or 0.0) for a in self.answers if a.home_s is not None]
        return fmean(max(0.0, item.waited_s - dates_s.get(item.item, 0.0)) for item in last) if last else 0.0


def share_in_time(question: Question, answers: Sequence[Answer]) -> Share:
    """Runs in which the last machine was home in time."""
    return share([is_in_time(answer.home_s, question.within_s) for answer in answers])


def is_in_time(home_s: float | None, within_s: float) -> bool:
    """Whether a machine, or the last one, was home in time."""
    return home_s is not None and home_s <= within_s
