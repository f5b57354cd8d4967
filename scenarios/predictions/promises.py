"""What the tiers and applications were promised, and in how many runs it was kept."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer, ItemAnswer, down_in
from failback.scenarios.text.language import Wording, message, wording
from failback.scenarios.text.spans import span_wording

from .question import SURE
from .sampling import Share, holds_from, share


@dataclass(frozen=True, slots=True)
class KeptPromise:
    """One promise to a tier or an application (`tier`): kept in so many runs by each of its `machines`.

    `measured_s` is what came of it as surely as was asked: the longest of its machines, the whole of an application;
    None: no end.
    """

    tier: str
    promise: str
    share: Share
    measured_s: float | None = None
    of_downtime: bool = False
    limit_s: float | None = None
    machines: frozenset[str] = frozenset()


def kept(
    scenario: Scenario, answers: Sequence[Answer], lead_s: float = 0.0, sure: float = SURE
) -> tuple[KeptPromise, ...]:
    """All promises of the scenario, judged on these runs; the time until home counts from `lead_s` on."""
    promised = (*_of_tiers(scenario, lead_s), *_of_applications(scenario))
    return tuple(_judged(one, answers, sure) for one in promised)


@dataclass(frozen=True, slots=True)
class _Promised:
    """What a run may not exceed by what is measured of these machines."""

    to: str
    words: str
    limit_s: float
    measure: Callable[[Answer], float]
    machines: frozenset[str]
    of_downtime: bool = False


_DOWN: Final = message("down at most {limit}")


def _of_tiers(scenario: Scenario, lead_s: float) -> Iterator[_Promised]:
    """A machine of an application that has a downtime of its own is judged by that alone."""
    since_start, since_cutover = (
        message("home within {limit} of the start"),
        message("home within {limit} of the cutover"),
    )
    home = since_cutover if lead_s else since_start
    apart = {name for one in scenario.applications if one.downtime_s is not None for name in one.machines}
    for target in scenario.homecoming.targets:
        of = frozenset(vm.name for vm in scenario.estate.virtual_machines.values() if target.tier in ("", vm.tier))
        limits = (
            (_DOWN, None if of and of <= apart else target.downtime_s, _downtime_s, of - apart),
            (home, target.home_within_s, lambda item: _home_s(item) - lead_s, of),
            (message("data lost at most {limit}"), target.rpo_s, _rpo_s, of),
        )
        for words, limit_s, measure, machines in limits:
            if limit_s is not None:
                worst = partial(_worst_s, measure, machines)
                yield _Promised(
                    _called(target.tier, whole=machines == of), words, limit_s, worst, machines, measure is _downtime_s
                )


def _called(tier: str, *, whole: bool) -> str:
    """A tier, or what is left of it without the applications that have a downtime of their own."""
    if whole:
        return tier or wording("all machines")
    return wording("the other machines of {tier}", tier=tier) if tier else wording("the other machines")


def _of_applications(scenario: Scenario) -> Iterator[_Promised]:
    for one in scenario.applications:
        if one.downtime_s is not None:
            to, whole = wording("application {name}", name=one.name), partial(_whole_s, scenario, one)
            yield _Promised(to, _DOWN, one.downtime_s, whole, frozenset(one.machines), of_downtime=True)


def _judged(one: _Promised, answers: Sequence[Answer], sure: float) -> KeptPromise:
    worst_s, words = [one.measure(answer) for answer in answers], wording(one.words, limit=_words(one.limit_s))
    kept_in, measured_s = share([seconds <= one.limit_s for seconds in worst_s]), holds_from(worst_s, sure)
    return KeptPromise(one.to, words, kept_in, measured_s, one.of_downtime, one.limit_s, one.machines)


def _worst_s(measure: Callable[[ItemAnswer], float], machines: Collection[str], answer: Answer) -> float:
    return max((measure(item) for item in answer.items if item.item in machines), default=0.0)


def _whole_s(scenario: Scenario, one: Application, answer: Answer) -> float:
    """How long an application is down as a whole; endless where a machine of it does not come home."""
    down = down_in(scenario, one, answer)
    return _worst_s(_downtime_s, one.machines, answer) if down is None else down.longest_s


def _downtime_s(item: ItemAnswer) -> float:
    """Endless for a machine that did not come home."""
    return float("inf") if item.home_s is None else item.downtime_s


def _home_s(item: ItemAnswer) -> float:
    return float("inf") if item.home_s is None else item.home_s


def _rpo_s(item: ItemAnswer) -> float:
    return float("inf") if item.failback_s is None else item.rpo_s


def _words(seconds: float) -> Wording:
    """A limit as people write one."""
    if seconds >= 3600 and seconds % 3600 == 0:
        return wording("{n} h", n=f"{seconds / 3600:g}")
    return span_wording(seconds)
