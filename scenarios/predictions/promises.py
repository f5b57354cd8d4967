"""What the tiers were promised, and in how many runs it was kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from failback.scenarios.files.schema import Scenario, Target
from failback.scenarios.outcomes.answers import Answer, ItemAnswer
from failback.scenarios.text.language import Wording, message, wording
from failback.scenarios.text.spans import span_wording

from .question import SURE
from .sampling import Share, holds_from, share


@dataclass(frozen=True, slots=True)
class KeptPromise:
    """One promise to one tier: kept in so many runs by every machine of the tier.

    `measured_s` is what came of it as surely as was asked: the longest of the tier's machines; None: no end.
    """

    tier: str
    promise: str
    share: Share
    measured_s: float | None = None
    of_downtime: bool = False
    limit_s: float | None = None


def kept(
    scenario: Scenario, answers: Sequence[Answer], lead_s: float = 0.0, sure: float = SURE
) -> tuple[KeptPromise, ...]:
    """All promises of the scenario, judged on these runs; the time until home counts from `lead_s` on."""
    return tuple(row for target in scenario.homecoming.targets for row in _rows(target, answers, lead_s, sure))


def _rows(target: Target, answers: Sequence[Answer], lead_s: float, sure: float) -> list[KeptPromise]:
    since_start, since_cutover = (
        message("home within {limit} of the start"),
        message("home within {limit} of the cutover"),
    )
    home = since_cutover if lead_s else since_start
    limits = (
        (message("down at most {limit}"), target.downtime_s, _downtime_s),
        (home, target.home_within_s, lambda item: _home_s(item) - lead_s),
        (message("data lost at most {limit}"), target.rpo_s, _rpo_s),
    )
    rows = []
    for words, limit_s, measure in limits:
        if limit_s is not None:
            worst_s = [max((measure(item) for item in _of(target.tier, answer)), default=0.0) for answer in answers]
            kept_in = share([seconds <= limit_s for seconds in worst_s])
            said, tier = wording(words, limit=_words(limit_s)), target.tier or wording("all machines")
            rows.append(KeptPromise(tier, said, kept_in, holds_from(worst_s, sure), measure is _downtime_s, limit_s))
    return rows


def _of(tier: str, answer: Answer) -> list[ItemAnswer]:
    return [item for item in answer.items if not tier or item.tier == tier]


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
