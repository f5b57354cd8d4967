"""When each wave has to begin to seed at the latest, so that it is seeded when it may fail back. Found by simulation.

What seeds ahead is whoever gets disk slots before its wave opens, when all waves begin as early as they may: slots are
held until the commit (A02, M03). The last wave is moved first, as late as it can be with all others as early as they
can; then the one before it, and so on. So waves that share a line seed one after the other, in the plan's order.

Plays are dear with many machines. So all starts are guessed at once (`seed_guess`), and one play shows whether the
guess is good for every wave. What is left is to try of each wave that a minute later is too late.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from failback.reprotect import Wave
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer

from .cutover_windows import SEED, begins_to_seed, seeded_s, seeds_alone, with_seeds
from .latest_minute import MINUTE_S, latest_minute
from .sampling import holds_from
from .searches import Search
from .seed_guess import Alone, alone_from, guess, one_by_one

_FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class SeedStarts:
    """One case, in seconds after the start. `latest_s`: waves that have to begin then, in the plan's order.

    `late_s`: waves that are not seeded in time even if all begin at once, and by how much; None: by a week or more.
    """

    latest_s: Mapping[str, float]
    late_s: Mapping[str, float | None]


def seed_starts(scenario: Scenario, sure: float) -> Search[SeedStarts]:
    """The latest starts of a scenario whose waves may all seed from its start on."""
    return _Search(scenario, sure).found()


def ahead(answer: Answer, waves: Sequence[Wave]) -> Mapping[str, tuple[str, ...]]:
    """By wave, its machines that had slots before it opened. Who failed is left out: a rule stops it, not time."""
    begun = {leg.item: leg.start_s for leg in reversed(answer.legs) if leg.leg == SEED.value}
    failed = {leg.item for leg in answer.legs if leg.leg == SEED.value and leg.outcome == _FAILED}
    failed -= seeded_s(answer).keys()
    return {
        wave.name: tuple(n for n in wave.items if begun.get(n, inf) < wave.opens_s and n not in failed)
        for wave in waves
    }


class _Search:
    def __init__(self, scenario: Scenario, sure: float) -> None:
        self._scenario, self._sure = seeds_alone(scenario), sure
        self._waves = scenario.plan.waves
        self._ahead: Mapping[str, tuple[str, ...]] = {}
        self._early_slack_s: Mapping[str, float] = {}
        self._alone: Mapping[str, Alone] = {}

    def found(self) -> Search[SeedStarts]:
        answers = yield self._scenario
        self._ahead = {name: items for name, items in ahead(answers[0], self._waves).items() if items}
        slack_s = self._early_slack_s = self._slack_s(answers)
        if min(slack_s.values(), default=0.0) < 0:
            return SeedStarts({}, {name: None if s == -inf else -s for name, s in slack_s.items() if s < 0})
        moving = [wave for wave in self._waves if self._may_move(wave)]
        good_s = (yield from self._good_guess(moving)) if moving else {}
        starts_s: dict[str, float] = {}
        for wave in reversed(moving):
            known_s = good_s.get(wave.name) if starts_s.items() <= good_s.items() else None
            starts_s[wave.name] = yield from self._latest(wave, starts_s, known_s)
        return SeedStarts({w.name: starts_s[w.name] for w in self._waves if w.name in starts_s}, {})

    def _may_move(self, wave: Wave) -> bool:
        machines = self._scenario.estate.virtual_machines
        return any(begins_to_seed(machines[name]) for name in self._ahead.get(wave.name, ()))

    def _good_guess(self, moving: Sequence[Wave]) -> Search[Mapping[str, float]]:
        """Starts with which every wave is seeded in time, near the latest ones; empty where no guess is as good."""
        apart_s = max(wave.opens_s - self._early_slack_s[wave.name] for wave in self._of_interest())
        answers = yield one_by_one(self._scenario, apart_s)
        self._alone = alone_from(answers, apart_s, self._waves, self._ahead, self._sure)
        for one_after_the_other in (False, True):
            starts_s = guess(moving, self._alone, one_after_the_other=one_after_the_other)
            slack_s = self._slack_s((yield with_seeds(self._scenario, starts_s)))
            if len(starts_s) == len(moving) and min(slack_s.values()) >= 0:
                return starts_s
        return {}

    def _latest(self, wave: Wave, others_s: Mapping[str, float], known_s: float | None) -> Search[float]:
        """As late as can be with the later waves as found, and the former ones as early as they can."""
        good = (0.0, self._room_s(self._early_slack_s, wave)) if known_s is None else (known_s, 0.0)
        first_s = guess((wave,), self._alone, one_after_the_other=True, later_s=others_s).get(wave.name, inf)
        minutes = latest_minute(*good, MINUTE_S * (wave.opens_s // MINUTE_S), first_s)
        try:
            at_s = next(minutes)
            while True:
                slack_s = self._slack_s((yield with_seeds(self._scenario, {**others_s, wave.name: at_s})))
                at_s = minutes.send(self._room_s(slack_s, wave))
        except StopIteration as end:
            return float(end.value)

    def _room_s(self, slack_s: Mapping[str, float], wave: Wave) -> float:
        """How much later the wave could begin: the waves behind it wait for it; a wave before it may be late, too."""
        least_s = min(slack_s.values())
        behind = self._waves[self._waves.index(wave) :]
        return least_s if least_s < 0 else min(slack_s[w.name] for w in behind if w.name in slack_s)

    def _slack_s(self, answers: Sequence[Answer]) -> dict[str, float]:
        """By wave, how long before it opens it is seeded, as surely as was asked; negative where it is not."""
        ends_s = {wave: self._end_s(wave, answers) for wave in self._of_interest()}
        return {wave.name: -inf if end_s is None else wave.opens_s - end_s for wave, end_s in ends_s.items()}

    def _end_s(self, wave: Wave, answers: Sequence[Answer]) -> float | None:
        return holds_from([_last_s(seeded_s(answer), self._ahead[wave.name]) for answer in answers], self._sure)

    def _of_interest(self) -> Iterator[Wave]:
        yield from (wave for wave in self._waves if wave.name in self._ahead)


def _last_s(ends_s: Mapping[str, float], items: Sequence[str]) -> float | None:
    known = [ends_s[name] for name in items if name in ends_s]
    return max(known) if len(known) == len(items) else None
