"""A better plan: waves or none, all servers used, then purchases; each step proven by simulation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from failback.reprotect import DISKS_MAX, Wave
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.outcomes.server_batches import server_batches
from failback.scenarios.study.spreading import spread
from failback.scenarios.study.variants import varied
from failback.scenarios.text.language import wording

from .purchase import Purchase
from .purchases import purchases
from .sampling import holds_from
from .ways_played import PlannedRuns, played

STEPS_MAX: Final = 3
"""Things that are bought one after the other at most."""
WORTH_IT: Final = 0.01
"""Share of the time that a step has to save."""


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One thing tried or taken, and how long the way home takes with it."""

    words: str
    home_s: float | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where it stood, the free changes that were tried, the steps taken, and the scenario that comes of them."""

    before_s: float | None
    tried: tuple[PlanChange, ...]
    taken: tuple[PlanChange, ...]
    scenario: Scenario
    in_time: bool

    @property
    def after_s(self) -> float | None:
        """How long the way home takes with all steps, simulated."""
        return self.taken[-1].home_s if self.taken else self.before_s


def suggested_plan(
    scenario: Scenario,
    within_s: float,
    sure: float,
    runs: int,
    known_s: Mapping[str, float | None] | None = None,
    offers: Callable[[Scenario], Sequence[Purchase]] = purchases,
) -> Suggestion:
    """Free changes first; then the purchase that helps most, and the next, until all are home within `within_s`.

    `known_s` is how long it takes as it is (no words) and with single purchases (their words), where that was played.
    `offers` are the levers of a scenario as it then stands.
    """
    return _Search(within_s, sure, runs, known_s or {}, offers).search(scenario)


def without_waves(scenario: Scenario) -> Scenario:
    """All in one wave: whoever gets slots goes."""
    everyone = Wave("all", tuple(scenario.estate.virtual_machines))
    return replace(scenario, plan=replace(scenario.plan, waves=(everyone,)))


def waves_by_slots(scenario: Scenario) -> Scenario:
    """Waves of as many machines as have slots at once."""
    used = [row for row in server_batches(scenario) if row.machines]
    disks, machines = sum(row.disks for row in used), sum(row.machines for row in used)
    slots = sum(row.slots for row in used) or DISKS_MAX
    return varied(scenario, {"wave_size": max(1, slots * machines // max(1, disks))})


def _has_waves(scenario: Scenario) -> bool:
    return len(scenario.plan.waves) > 1 and not _seeds(scenario)


def _has_a_queue(scenario: Scenario) -> bool:
    return any(row.batches > 1 for row in server_batches(scenario)) and not _seeds(scenario)


def _seeds(scenario: Scenario) -> bool:
    """Whether waves have windows for seed and cutover: other waves would have none."""
    return any(wave.seed_opens_s is not None for wave in scenario.plan.waves)


def _has_idle_servers(scenario: Scenario) -> bool:
    return any(not row.machines for row in server_batches(scenario))


# fmt: off
_FREE: Final[tuple[tuple[str, Callable[[Scenario], bool], Callable[[Scenario], Scenario]], ...]] = (
    (wording("all servers used"),                              _has_idle_servers, spread),
    (wording("no waves: each machine starts when it gets slots"),             _has_waves,        without_waves),
    (wording("waves of as many machines as there are slots for"),       _has_a_queue,      waves_by_slots),
)
# fmt: on


class _Search:
    def __init__(
        self,
        within_s: float,
        sure: float,
        runs: int,
        known_s: Mapping[str, float | None],
        offers: Callable[[Scenario], Sequence[Purchase]],
    ) -> None:
        self._within_s, self._sure, self._runs, self._known_s = within_s, sure, runs, known_s
        self._offers = offers

    def search(self, scenario: Scenario) -> Suggestion:
        free = [(words, change(scenario)) for words, helps, change in _FREE if helps(scenario)]
        before_s, *with_free = self._home_s([("", scenario), *free])
        tried = tuple(PlanChange(words, home_s) for (words, _), home_s in zip(free, with_free, strict=True))
        taken: list[PlanChange] = []
        at, now_s = self._best(scenario, before_s, free, with_free, taken)
        self._known_s = self._known_s if at is scenario else {}
        for _ in range(STEPS_MAX):
            if self._in_time(now_s):
                break
            names = {step.words for step in taken}
            offers = [(offer.words, offer.applied(at)) for offer in self._offers(at) if offer.words not in names]
            found, found_s = self._best(at, now_s, offers, self._home_s(offers), taken)
            self._known_s = {}
            if found is at:
                break
            at, now_s = found, found_s
        return Suggestion(before_s, tried, tuple(taken), at, self._in_time(now_s))

    def _best(
        self,
        at: Scenario,
        now_s: float | None,
        offers: Sequence[tuple[str, Scenario]],
        home_s: Sequence[float | None],
        taken: list[PlanChange],
    ) -> tuple[Scenario, float | None]:
        """The best offer, noted as taken; what there is where none is worth it."""
        known = [(s, n) for n, s in enumerate(home_s) if s is not None]
        if not known or (now_s is not None and min(known)[0] > now_s * (1 - WORTH_IT)):
            return at, now_s
        best_s, n = min(known)
        taken.append(PlanChange(offers[n][0], best_s))
        return offers[n][1], best_s

    def _home_s(self, offers: Sequence[tuple[str, Scenario]]) -> list[float | None]:
        """Those that nobody has played yet are played."""
        new = [(words, scenario) for words, scenario in offers if words not in self._known_s]
        found = played([PlannedRuns(scenario, self._runs) for _, scenario in new]) if new else []
        all_s = {**self._known_s, **{words: self._sure_s(a) for (words, _), a in zip(new, found, strict=True)}}
        return [all_s[words] for words, _ in offers]

    def _sure_s(self, answers: Sequence[Answer]) -> float | None:
        return holds_from([answer.home_s for answer in answers], self._sure)

    def _in_time(self, home_s: float | None) -> bool:
        return home_s is not None and home_s <= self._within_s
