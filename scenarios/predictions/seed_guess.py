"""A first guess of the latest seed starts, from how long each wave seeds when no other does: one play tells it of all.

Either no wave slows another, or each ends before the next one sends its first byte. None begins after the one behind
it, which waits for its slots. Whether a guess holds is for simulation to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor, inf
from typing import Final

from failback.reprotect import Wave
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer

from .cutover_windows import LOOKED_ON_S, SEED, seeded_s
from .latest_minute import MINUTE_S
from .sampling import holds_from

_NONE: Final[Mapping[str, float]] = {}


@dataclass(frozen=True, slots=True)
class Alone:
    """One wave with the line to itself: until it is seeded, and until its first machine can send; from its start on."""

    takes_s: float
    sends_from_s: float


def one_by_one(scenario: Scenario, apart_s: float) -> Scenario:
    """The waves so far apart that none meets another, and nothing fails back."""
    opens_s = len(scenario.plan.waves) * apart_s + LOOKED_ON_S
    waves = tuple(
        replace(wave, seed_opens_s=number * apart_s, opens_s=opens_s, closes_s=None)
        for number, wave in enumerate(scenario.plan.waves)
    )
    return replace(scenario, plan=replace(scenario.plan, waves=waves, give_up_after_s=opens_s))


def alone_from(
    answers: Sequence[Answer], apart_s: float, waves: Sequence[Wave], items: Mapping[str, Sequence[str]], sure: float
) -> Mapping[str, Alone]:
    """Read from plays of `one_by_one`; waves of which somebody was not seeded are left out."""
    found = {}
    for number, wave in enumerate(waves):
        names = items.get(wave.name, ())
        takes_s = holds_from([_end_s(answer, names) for answer in answers], sure)
        if names and takes_s is not None:
            from_s = number * apart_s
            found[wave.name] = Alone(takes_s - from_s, _sends_from_s(answers[0], names) - from_s)
    return found


def guess(
    waves: Sequence[Wave],
    alone: Mapping[str, Alone],
    *,
    one_after_the_other: bool,
    later_s: Mapping[str, float] = _NONE,
) -> Mapping[str, float]:
    """Starts of these waves, in whole minutes; `later_s` are those of the waves behind them."""
    starts_s: dict[str, float] = {}
    next_s = min(later_s.values(), default=inf)
    free_s = min((at_s + alone[name].sends_from_s for name, at_s in later_s.items() if name in alone), default=inf)
    for wave in reversed([wave for wave in waves if wave.name in alone]):
        own = alone[wave.name]
        ends_s = min(wave.opens_s, free_s) if one_after_the_other else wave.opens_s
        next_s = starts_s[wave.name] = max(0.0, min(next_s, MINUTE_S * floor((ends_s - own.takes_s) / MINUTE_S)))
        free_s = min(free_s, next_s + own.sends_from_s)
    return starts_s


def _end_s(answer: Answer, names: Sequence[str]) -> float | None:
    ends_s = seeded_s(answer)
    return max((ends_s[name] for name in names), default=None) if ends_s.keys() >= set(names) else None


def _sends_from_s(answer: Answer, names: Sequence[str]) -> float:
    """When the first job that was asked for of them was done."""
    those = set(names)
    legs = [leg for leg in answer.legs if leg.item in those and leg.leg == SEED.value]
    return min((leg.job_end_s for leg in legs if leg.job_end_s is not None), default=0.0)
