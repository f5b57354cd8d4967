"""What each lever does in the cases in which it is tried."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.text.language import wording

from .case_answer import CaseAnswer, is_in_time
from .prediction import PurchaseEffect, Question, mean_of
from .promises import KeptPromise, kept
from .purchase import Purchase
from .purchases import leaving
from .sampling import holds_from, share
from .ways_played import PlannedRuns, played

_CORNERS: Final = 3
"""Cases in which levers are tried: of the first ones, those that are late; where none is, the first that is."""


def left_in_azure(question: Question, first: CaseAnswer) -> Iterator[PurchaseEffect]:
    """Fewer machines: those that are late in the first case stay in Azure for now, tried once more without them."""
    late = [machine.item for machine in first.late]
    if question.scenario.homecoming.levers or not 0 < len(late) <= len(first.answers[0].items) // 2:
        return
    count = wording("{n} machine" if len(late) == 1 else "{n} machines", n=f"{len(late):,}")
    words = wording("{machines} that would be late stay in Azure for now", machines=count)
    offer = leaving(question.scenario, late, words)
    runs = played([PlannedRuns(first.case.applied(offer.applied(question.scenario)), question.runs_tried)])[0]
    yield _effect(question, offer, {first.case.name: (first.answers, runs)})


def offers_wanted(
    question: Question, answered: Sequence[CaseAnswer], offers: Sequence[Purchase]
) -> Iterator[PlannedRuns]:
    for case in _corners(answered):
        for offer in offers:
            yield PlannedRuns(case.case.applied(offer.applied(question.scenario)), question.runs_tried)


def _corners(answered: Sequence[CaseAnswer]) -> Sequence[CaseAnswer]:
    """Cases in which levers are tried: the first, and others that are late; what a fit leaves open is none of them."""
    others = (case for case in answered[1:] if case.case.fitted_changed is None)
    late = [case for case in others if case.in_time.value < case.question.sure]
    return [answered[0], *([case for case in late if case in answered[1:_CORNERS]] or late[:1])]


def bought_effects(
    question: Question, answered: Sequence[CaseAnswer], offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]
) -> Iterator[PurchaseEffect]:
    cases = _corners(answered)
    for n, offer in enumerate(offers):
        pairs = {case.case.name: (case.answers, found[at * len(offers) + n]) for at, case in enumerate(cases)}
        yield _effect(question, offer, pairs)


def _effect(
    question: Question, offer: Purchase, pairs: Mapping[str, tuple[Sequence[Answer], Sequence[Answer]]]
) -> PurchaseEffect:
    """Without it and with it, per case, counted from the start that was asked for."""
    with_it = {name: [_later(answer, -offer.earlier_s) for answer in runs] for name, (_, runs) in pairs.items()}
    targets = {name: _targets(question, offer, *both) for name, both in pairs.items()}
    sooner_s = {name: _sooner_s(without, with_it[name]) for name, (without, _) in pairs.items()}
    in_time = {name: share([is_in_time(a, question.within_s) for a in ends]) for name, ends in with_it.items()}
    return PurchaseEffect(offer, sooner_s, in_time, holds_from(next(iter(with_it.values())), question.sure), targets)


def _targets(
    question: Question, offer: Purchase, without: Sequence[Answer], having: Sequence[Answer]
) -> tuple[tuple[KeptPromise, KeptPromise], ...]:
    """The recovery targets without it and with it, in the same runs; an earlier start puts off the cutover."""
    lead_s = question.lead_s
    before = kept(question.scenario, without[: len(having)], lead_s, question.sure)
    then = kept(question.scenario, having, lead_s + offer.earlier_s if lead_s else 0.0, question.sure)
    return tuple(zip(before, then, strict=True))


def _later(answer: Answer, by_s: float) -> float | None:
    return None if answer.home_s is None else answer.home_s + by_s


def _sooner_s(without: Sequence[Answer], having: Sequence[float | None]) -> float | None:
    """Run n against run n, which has the same luck."""
    pairs = list(zip(without, having, strict=False))
    return mean_of([None if a.home_s is None or end_s is None else a.home_s - end_s for a, end_s in pairs])
