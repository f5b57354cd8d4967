"""When each wave has to begin to seed at the latest, so that it is seeded when it may fail back. Found by simulation.

What seeds ahead is whoever gets disk slots before its wave opens, when all waves begin as early as they may: slots are
held until the commit (A02, M03). The last wave is moved first, as late as it can be with all others as early as they
can; then the one before it, and so on. So waves that share a line seed one after the other, in the plan's order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from failback.reprotect import Wave
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer

from .cutover_windows import SEED, begins_to_seed, seeds_alone, with_seeds
from .latest_minute import MINUTE_S, latest_minute
from .sampling import holds_from
from .ways_played import PlannedRuns, played

_FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class SeedStarts:
    """One case, in seconds after the start. `latest_s`: waves that have to begin then, in the plan's order.

    `late_s`: waves that are not seeded in time even if all begin at once, and by how much; None: by a week or more.
    """

    latest_s: Mapping[str, float]
    late_s: Mapping[str, float | None]


def seed_starts(scenario: Scenario, sure: float, runs: int) -> SeedStarts:
    """The latest starts of a scenario whose waves may all seed from its start on."""
    return _Search(scenario, sure, runs).found()


def ahead(answer: Answer, waves: Sequence[Wave]) -> Mapping[str, tuple[str, ...]]:
    """By wave, its machines that had slots before it opened. Who failed is left out: a rule stops it, not time."""
    begun = {leg.item: leg.start_s for leg in reversed(answer.legs) if leg.leg == SEED.value}
    failed = {leg.item for leg in answer.legs if leg.leg == SEED.value and leg.outcome == _FAILED}
    failed -= seeded_s(answer).keys()
    return {
        wave.name: tuple(n for n in wave.items if begun.get(n, inf) < wave.opens_s and n not in failed)
        for wave in waves
    }


def seeded_s(answer: Answer) -> Mapping[str, float]:
    """When each machine was seeded, of those that were."""
    return {
        leg.item: leg.end_s
        for leg in answer.legs
        if leg.leg == SEED.value and leg.outcome == "done" and leg.end_s is not None
    }


class _Search:
    def __init__(self, scenario: Scenario, sure: float, runs: int) -> None:
        self._scenario, self._sure, self._runs = seeds_alone(scenario), sure, runs
        self._waves = scenario.plan.waves
        self._ahead: Mapping[str, tuple[str, ...]] = {}

    def found(self) -> SeedStarts:
        answers = self._played(self._scenario, {})
        self._ahead = {name: items for name, items in ahead(answers[0], self._waves).items() if items}
        slack_s = self._slack_s(answers)
        if min(slack_s.values(), default=0.0) < 0:
            return SeedStarts({}, {name: None if s == -inf else -s for name, s in slack_s.items() if s < 0})
        starts_s: dict[str, float] = {}
        for wave in reversed([wave for wave in self._waves if self._may_move(wave)]):
            starts_s[wave.name] = self._latest_s(wave, starts_s, slack_s[wave.name])
        return SeedStarts({w.name: starts_s[w.name] for w in self._waves if w.name in starts_s}, {})

    def _may_move(self, wave: Wave) -> bool:
        machines = self._scenario.estate.virtual_machines
        return any(begins_to_seed(machines[name]) for name in self._ahead.get(wave.name, ()))

    def _latest_s(self, wave: Wave, others_s: Mapping[str, float], first_s: float) -> float:
        def slack_s(at_s: float) -> float:
            found = self._slack_s(self._played(self._scenario, {**others_s, wave.name: at_s}))
            least_s = min(found.values())
            return least_s if least_s < 0 else found[wave.name]

        return latest_minute(slack_s, 0.0, first_s, MINUTE_S * (wave.opens_s // MINUTE_S))

    def _played(self, scenario: Scenario, starts_s: Mapping[str, float]) -> Sequence[Answer]:
        wanted = [PlannedRuns(with_seeds(scenario, starts_s), self._runs)]
        return played(wanted, workers=1)[0]  # so few short runs are over before other processes have begun

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
