"""The dated answer: will everything be home by then, what stops it, and what would help. Simulated, and said so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from math import inf
from statistics import fmean
from typing import Final

from .answers import Answer, model_version
from .assumptions import Case, cases_of, is_calibrated
from .busy import busy
from .latest_start import Takes, depends_on_start, latest_start
from .local_time import after, seconds_between
from .promises import Kept, kept
from .purchases import Purchase, purchases
from .sampling import Share, holds_from, share
from .schema import Scenario
from .slot_loads import SlotLoad, slot_loads
from .stay import has_prices, stay_cost
from .suggested_plan import Suggestion, suggested_plan
from .way_home import way_home
from .ways_played import Wanted, played

MACHINE_RUNS: Final = 2000
"""Machines times runs of the first case, when nobody says how many runs."""
RUNS_MIN, RUNS_MAX = 4, 60
_CORNERS: Final = 3
"""Cases in which purchases are tried: the first ones."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question: `sure` from 0 to 1, `runs` of the first case or None for as many as are affordable."""

    scenario: Scenario
    start: datetime
    by: datetime
    sure: float
    runs: int | None = None

    @property
    def within_s(self) -> float:
        """How long the way home may take."""
        return seconds_between(self.start, self.by)

    @property
    def runs_first(self) -> int:
        """Runs of the first case; the other ones get fewer."""
        machines = len(self.scenario.estate.virtual_machines)
        return self.runs or max(RUNS_MIN, min(RUNS_MAX, MACHINE_RUNS // machines))

    @property
    def runs_other(self) -> int:
        """Runs of every other case."""
        return max(min(2, self.runs_first), self.runs_first // 4)

    @property
    def runs_tried(self) -> int:
        """Runs with each thing that is tried."""
        return max(1, self.runs_first // 8)


@dataclass(frozen=True)
class CaseAnswer:
    """One set of assumptions, played."""

    asked: Asked
    case: Case
    answers: tuple[Answer, ...]

    @cached_property
    def in_time(self) -> Share:
        """Runs in which the last machine was home in time."""
        return share([_is_in_time(answer.home_s, self.asked.within_s) for answer in self.answers])

    @cached_property
    def sure_s(self) -> float | None:
        """Seconds after the start from which everything is home, as sure as was asked."""
        return holds_from([answer.home_s for answer in self.answers], self.asked.sure)

    @property
    def sure_at(self) -> datetime | None:
        """The same as a date."""
        return None if self.sure_s is None else after(self.asked.start, self.sure_s)

    @property
    def latest_start(self) -> datetime | None:
        """The latest start, as if it did not matter when the way home begins."""
        return latest_start(self.asked.by, self.asked.start, self.sure_s, None)


@dataclass(frozen=True, slots=True)
class Late:
    """A machine that was late in some runs. `late_s` is by how much then, on average; None: it never came home."""

    item: str
    tier: str
    runs: Share
    late_s: float | None
    stopped_by: str = ""


@dataclass(frozen=True, slots=True)
class Bought:
    """One purchase: how many seconds sooner everything is home, per case, and what becomes of the first case."""

    purchase: Purchase
    sooner_s: Mapping[str, float | None]
    in_time: Share


@dataclass(frozen=True)
class Prediction:
    """The whole answer."""

    asked: Asked
    loads: tuple[SlotLoad, ...]
    cases: tuple[CaseAnswer, ...]
    bought: tuple[Bought, ...]
    latest: datetime | None
    suggestion: Suggestion
    model: str

    @property
    def calibrated(self) -> bool:
        """Whether it rests on recorded jobs."""
        return is_calibrated(self.asked.scenario)

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
    def busy(self) -> Mapping[str, Sequence[tuple[float, float, float]]]:
        """How busy each part was in that run, until all were home; played once more, with somebody watching."""
        way, end_s = way_home(self.first.case.applied(self.asked.scenario)), self.middle.home_s or inf
        parts = busy(way, self.middle.seed)
        return {name: [point for point in points if point[0] <= end_s] for name, points in parts.items()}

    @cached_property
    def late(self) -> tuple[Late, ...]:
        """Machines that were late in the first case, the latest first."""
        found = (self._late(n) for n in range(len(self.middle.items)))
        return tuple(sorted(filter(None, found), key=lambda late: (-late.runs.met, -(late.late_s or 1e18), late.item)))

    def _late(self, n: int) -> Late | None:
        runs = [answer.items[n] for answer in self.first.answers]
        within_s = self.asked.within_s
        late = [item for item in runs if not _is_in_time(item.home_s, within_s)]
        if not late:
            return None
        by_s = [item.home_s - within_s for item in late if item.home_s is not None]
        reason = next((item.stopped_by for item in late if item.stopped_by), "")
        return Late(late[0].item, late[0].tier, Share(len(late), len(runs)), fmean(by_s) if by_s else None, reason)

    @cached_property
    def binds(self) -> Mapping[str, float]:
        """Seconds of the critical path per cause, averaged over the first case's runs, the longest first."""
        sums: dict[str, float] = {}
        for answer in self.first.answers:
            for cause, seconds in answer.causes.items():
                sums[cause] = sums.get(cause, 0.0) + seconds / len(self.first.answers)
        return dict(sorted(sums.items(), key=lambda pair: -pair[1]))

    @cached_property
    def queued_s(self) -> float:
        """How long the last machine stood in line for disk slots or its wave, on average."""
        last = [max(a.items, key=lambda item: item.home_s or 0.0) for a in self.first.answers if a.home_s is not None]
        return fmean(item.waited_s for item in last) if last else 0.0

    @cached_property
    def last_go(self) -> datetime | None:
        """The last instant at which a move may begin: shutdown in Azure, start on site, checks, commit."""
        moves_s = [_longest_move_s(answer) for answer in self.first.answers]
        longest_s = holds_from(moves_s, self.asked.sure)
        return None if longest_s is None else after(self.asked.by, -longest_s)

    @cached_property
    def best(self) -> Bought | None:
        """The purchase that helps most in the first case, if any does."""
        name = self.first.case.name
        helping = [bought for bought in self.bought if (bought.sooner_s[name] or 0.0) > 60.0]
        return max(helping, key=lambda bought: bought.sooner_s[name] or 0.0, default=None)

    def best_in(self, case: str) -> Bought | None:
        """The purchase that helps most in another case."""
        helping = [bought for bought in self.bought if (bought.sooner_s.get(case) or 0.0) > 60.0]
        return max(helping, key=lambda bought: bought.sooner_s[case] or 0.0, default=None)

    @cached_property
    def promises(self) -> tuple[Kept, ...]:
        """What the tiers were promised, judged on the first case."""
        return kept(self.asked.scenario, self.first.answers)

    @cached_property
    def costs(self) -> tuple[float | None, ...] | None:
        """What the stay costs, per case and averaged over its runs; None where nobody wrote prices down."""
        prices = self.asked.scenario.homecoming.prices
        if not has_prices(prices):
            return None
        return tuple(_mean([stay_cost(answer, prices) for answer in case.answers]) for case in self.cases)


def predict(asked: Asked) -> Prediction:
    """Play what is needed and answer. The same question gives the same answer."""
    scenario = replace(asked.scenario, starts_at=asked.start)
    asked = replace(asked, scenario=scenario)
    cases, offers = cases_of(scenario), purchases(scenario)
    wanted = [*_cases_wanted(asked, cases), *_offers_wanted(asked, cases, offers)]
    found = played(wanted)
    answered = tuple(CaseAnswer(asked, case, answers) for case, answers in zip(cases, found, strict=False))
    bought = tuple(_bought(asked, answered, offers, found[len(cases) :]))
    first = answered[0]
    latest = latest_start(asked.by, asked.start, first.sure_s, _takes(asked, first.case))
    known_s = {
        "": holds_from([a.home_s for a in first.answers[: asked.runs_tried]], asked.sure),
        **_known_s(asked, offers, found[len(cases) :]),
    }
    suggestion = suggested_plan(first.case.applied(scenario), asked.within_s, asked.sure, asked.runs_tried, known_s)
    return Prediction(asked, slot_loads(scenario), answered, bought, latest, suggestion, model_version())


def _cases_wanted(asked: Asked, cases: Sequence[Case]) -> Iterator[Wanted]:
    for n, case in enumerate(cases):
        yield Wanted(case.applied(asked.scenario), asked.runs_other if n else asked.runs_first)


def _offers_wanted(asked: Asked, cases: Sequence[Case], offers: Sequence[Purchase]) -> Iterator[Wanted]:
    for case in cases[:_CORNERS]:
        for offer in offers:
            yield Wanted(case.applied(offer.applied(asked.scenario)), asked.runs_tried)


def _bought(
    asked: Asked, answered: Sequence[CaseAnswer], offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]
) -> Iterator[Bought]:
    cases = answered[:_CORNERS]
    for n, offer in enumerate(offers):
        played_with = [found[at * len(offers) + n] for at in range(len(cases))]
        sooner_s = {
            case.case.name: _sooner_s(case.answers, runs) for case, runs in zip(cases, played_with, strict=True)
        }
        in_time = share([_is_in_time(answer.home_s, asked.within_s) for answer in played_with[0]])
        yield Bought(offer, sooner_s, in_time)


def _known_s(asked: Asked, offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]) -> dict[str, float | None]:
    """How long it takes with each purchase alone in the first case."""
    runs = zip(offers, found, strict=False)
    return {offer.words: holds_from([answer.home_s for answer in answers], asked.sure) for offer, answers in runs}


def _sooner_s(without: Sequence[Answer], having: Sequence[Answer]) -> float | None:
    """Run n against run n, which has the same luck."""
    pairs = list(zip(without, having, strict=False))
    return _mean([None if a.home_s is None or b.home_s is None else a.home_s - b.home_s for a, b in pairs])


def _takes(asked: Asked, case: Case) -> Takes | None:
    if not depends_on_start(asked.scenario):
        return None

    def takes(start: datetime) -> float | None:
        scenario = replace(case.applied(asked.scenario), starts_at=start)
        return holds_from([a.home_s for a in played([Wanted(scenario, asked.runs_other)])[0]], asked.sure)

    return takes


def _longest_move_s(answer: Answer) -> float | None:
    moves = [i.home_s - i.failback_s for i in answer.items if i.home_s is not None and i.failback_s is not None]
    return max(moves) if moves and len(moves) == len(answer.items) else None


def _is_in_time(home_s: float | None, within_s: float) -> bool:
    return home_s is not None and home_s <= within_s


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known and len(known) == len(values) else None
