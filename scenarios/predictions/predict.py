"""The dated answer: will everything be home by then, what stops it, and what would help. Simulated, and said so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from failback.scenarios.outcomes.answers import Answer, model_version
from failback.scenarios.outcomes.server_batches import server_batches
from failback.scenarios.outputs.run_folders.scenario_hash import plan_hash_of
from failback.scenarios.study.progress import begin_part, progress
from failback.scenarios.study.variants import varied
from failback.scenarios.text.language import wording

from .assumptions import Case, cases_of
from .case_answer import CaseAnswer, is_in_time
from .condition import condition
from .cutover import cutover_of
from .cutover_plan import cutover_plan
from .expected_plays import CASES, CONDITION, ENDS, LAST_GO, LATEST, LEVERS, MEASUREMENTS, PLAN, expected_parts
from .latest_start import Takes, depends_on_start, latest_start
from .levers import Known, Lever, key_of, levers, missing, moved
from .measurements import measurements
from .prediction import Prediction, PurchaseEffect, Question, mean_of
from .promises import KeptPromise, kept
from .purchases import Purchase, leaving, purchases
from .sampling import holds_from, share
from .suggested_plan import Suggestion, suggested_plan
from .ways_played import PlannedRuns, played

_CORNERS: Final = 3
"""Cases in which levers are tried: of the first ones, those that are late; where none is, the first that is."""


def predict(question: Question) -> Prediction:
    """Play what is needed and answer. The same question gives the same answer."""
    plan_hash = question.plan_hash or plan_hash_of(question.scenario)
    scenario = replace(question.scenario, starts_at=question.start)
    question = replace(question, scenario=scenario, plan_hash=plan_hash)
    cases = cases_of(scenario)
    with progress("predict", expected_parts(question, cases)):
        return _predict(question, cases)


def _predict(question: Question, cases: Sequence[Case]) -> Prediction:
    """The parts one after the other, each announced to who watches the progress."""
    plan = None if question.cutover is None else cutover_plan(question, cases)
    question = question if plan is None else plan.question
    named = purchases(question.scenario, question.today)
    offers = tuple(offer for offer in named if offer.comes_in_time(question.start))
    begin_part(CASES)
    found = played(list(_cases_wanted(question, cases)))
    answered = tuple(CaseAnswer(question, case, answers) for case, answers in zip(cases, found, strict=True))
    first = answered[0]
    begin_part(LEVERS, expected_parts(question, cases, answered))
    with_offers = played(list(_offers_wanted(question, answered, offers))) if offers else []
    bought = (*_bought(question, answered, offers, with_offers), *_left(question, first))
    begin_part(ENDS)
    ways, known = _ends(question, answered, offers, with_offers)
    begin_part(LATEST)
    latest = _latest(question, first) if plan is None else plan.begins
    begin_part(PLAN)
    suggestion = _suggested(question, first, offers, with_offers)
    begin_part(CONDITION)
    on = condition(question, cases, found, known)
    begin_part(MEASUREMENTS)
    measured = measurements(question, answered)
    begin_part(LAST_GO)
    return Prediction(
        question,
        server_batches(question.scenario),
        answered,
        bought,
        moved(ways, known, question.runs_tried),
        latest,
        suggestion,
        model_version(),
        on,
        tuple(offer for offer in named if offer not in offers),
        measured,
        None if plan is None else cutover_of(plan, answered),
    )


def _latest(question: Question, first: CaseAnswer) -> datetime | None:
    return latest_start(question.by, question.start, first.sure_s, _takes(question, first.case))


def _suggested(
    question: Question, first: CaseAnswer, offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]
) -> Suggestion:
    """What helps together; of named levers only those that change nothing but servers, line, people or waves."""
    as_it_is = {"": holds_from([a.home_s for a in first.answers[: question.runs_tried]], question.sure)}
    usable = [offer for offer in offers if offer.values and offer.brings_all and not offer.earlier_s]
    known_s = as_it_is | _known_s(question, offers, found)
    scenario = first.case.applied(question.scenario)
    more = (lambda _: usable) if question.scenario.homecoming.levers else purchases
    return suggested_plan(scenario, question.within_s, question.sure, question.runs_tried, known_s, more)


def _left(question: Question, first: CaseAnswer) -> Iterator[PurchaseEffect]:
    """Fewer machines: those that are late in the first case stay in Azure for now, tried once more without them."""
    late = [machine.item for machine in first.late]
    if question.scenario.homecoming.levers or not 0 < len(late) <= len(first.answers[0].items) // 2:
        return
    count = wording("{n} machine" if len(late) == 1 else "{n} machines", n=f"{len(late):,}")
    words = wording("{machines} that would be late stay in Azure for now", machines=count)
    offer = leaving(question.scenario, late, words)
    runs = played([PlannedRuns(first.case.applied(offer.applied(question.scenario)), question.runs_tried)])[0]
    yield _effect(question, offer, {first.case.name: (first.answers, runs)})


def _cases_wanted(question: Question, cases: Sequence[Case]) -> Iterator[PlannedRuns]:
    for n, case in enumerate(cases):
        yield PlannedRuns(case.applied(question.scenario), question.runs_other if n else question.runs_first)


def _offers_wanted(
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


def _ends(
    question: Question, answered: Sequence[CaseAnswer], offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]
) -> tuple[tuple[Lever, ...], Known]:
    """What may be otherwise, and its ends; only those are played that neither a case nor a purchase has been."""
    scenario = question.scenario
    assumed = (case for case in answered if case.case.fitted_changed is None)
    known = {key_of(case.case.values(scenario)): case.answers for case in assumed}
    known |= {key_of(offer.values): runs for offer, runs in zip(offers, found, strict=False) if _sets_only(offer)}
    ways = levers(scenario, [offer for offer in offers if _sets_only(offer) and offer.name])
    ends = missing(ways, known)
    runs = played([PlannedRuns(varied(scenario, end), question.runs_tried) for end in ends]) if ends else []
    return ways, known | {key_of(end): answers for end, answers in zip(ends, runs, strict=True)}


def _sets_only(offer: Purchase) -> bool:
    return bool(offer.values) and offer.brings_all and not offer.earlier_s


def _bought(
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


def _known_s(
    question: Question, offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]
) -> dict[str, float | None]:
    """How long it takes with each purchase alone in the first case."""
    runs = zip(offers, found, strict=False)
    return {offer.words: holds_from([answer.home_s for answer in answers], question.sure) for offer, answers in runs}


def _sooner_s(without: Sequence[Answer], having: Sequence[float | None]) -> float | None:
    """Run n against run n, which has the same luck."""
    pairs = list(zip(without, having, strict=False))
    return mean_of([None if a.home_s is None or end_s is None else a.home_s - end_s for a, end_s in pairs])


def _takes(question: Question, case: Case) -> Takes | None:
    if not depends_on_start(question.scenario):
        return None

    def takes(start: datetime) -> float | None:
        scenario = replace(case.applied(question.scenario), starts_at=start)
        return holds_from([a.home_s for a in played([PlannedRuns(scenario, question.runs_other)])[0]], question.sure)

    return takes
