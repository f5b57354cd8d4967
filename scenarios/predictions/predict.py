"""The dated answer: will everything be home by then, what stops it, and what would help. Simulated, and said so."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from failback.scenarios.outcomes.answers import Answer, model_version
from failback.scenarios.outcomes.server_batches import server_batches
from failback.scenarios.study.variants import varied

from .assumptions import Case, cases_of
from .condition import condition
from .cutover import cutover_of
from .cutover_plan import cutover_plan
from .latest_start import Takes, depends_on_start, latest_start
from .levers import LeverEffect, key_of, levers, missing, moved
from .prediction import CaseAnswer, Prediction, PurchaseEffect, Question, mean_of, share_in_time
from .purchases import Purchase, purchases
from .sampling import holds_from
from .suggested_plan import suggested_plan
from .ways_played import PlannedRuns, played

_CORNERS: Final = 3
"""Cases in which purchases are tried: the first ones."""


def predict(question: Question) -> Prediction:
    """Play what is needed and answer. The same question gives the same answer."""
    scenario = replace(question.scenario, starts_at=question.start)
    question = replace(question, scenario=scenario)
    cases = cases_of(scenario)
    plan = None if question.cutover is None else cutover_plan(question, cases)
    question = question if plan is None else plan.question
    scenario, offers = question.scenario, purchases(question.scenario)
    wanted = [*_cases_wanted(question, cases), *_offers_wanted(question, cases, offers)]
    found = played(wanted)
    answered = tuple(CaseAnswer(question, case, answers) for case, answers in zip(cases, found, strict=False))
    with_offers, first = found[len(cases) :], answered[0]
    bought = tuple(_bought(question, answered, offers, with_offers))
    moves = _moves(question, answered, offers, with_offers)
    latest = _latest(question, first) if plan is None else plan.begins
    known_s = {
        "": holds_from([a.home_s for a in first.answers[: question.runs_tried]], question.sure),
        **_known_s(question, offers, with_offers),
    }
    suggestion = suggested_plan(
        first.case.applied(scenario), question.within_s, question.sure, question.runs_tried, known_s
    )
    on = condition(question, cases, found[: len(cases)])
    loads, model = server_batches(scenario), model_version()
    at = None if plan is None else cutover_of(plan, answered)
    return Prediction(question, loads, answered, bought, moves, latest, suggestion, model, on, at)


def _latest(question: Question, first: CaseAnswer) -> datetime | None:
    return latest_start(question.by, question.start, first.sure_s, _takes(question, first.case))


def _cases_wanted(question: Question, cases: Sequence[Case]) -> Iterator[PlannedRuns]:
    for n, case in enumerate(cases):
        yield PlannedRuns(case.applied(question.scenario), question.runs_other if n else question.runs_first)


def _offers_wanted(question: Question, cases: Sequence[Case], offers: Sequence[Purchase]) -> Iterator[PlannedRuns]:
    for case in _corners(cases):
        for offer in offers:
            yield PlannedRuns(case.applied(offer.applied(question.scenario)), question.runs_tried)


def _corners(cases: Sequence[Case]) -> Sequence[Case]:
    """Cases in which purchases are tried; what a fit leaves open is none of them."""
    return [case for case in cases[:_CORNERS] if case.fitted_changed is None]


def _moves(
    question: Question, answered: Sequence[CaseAnswer], offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]
) -> tuple[LeverEffect, ...]:
    """What moves the end most; of the ends, only those are played that neither a case nor a purchase has been."""
    scenario = question.scenario
    assumed = (case for case in answered if case.case.fitted_changed is None)
    known = {key_of(case.case.values(scenario)): case.answers for case in assumed}
    known |= {key_of(offer.values): runs for offer, runs in zip(offers, found, strict=False)}
    ways = levers(scenario, offers)
    ends = missing(ways, known)
    runs = played([PlannedRuns(varied(scenario, end), question.runs_tried) for end in ends]) if ends else []
    known |= {key_of(end): answers for end, answers in zip(ends, runs, strict=True)}
    return moved(ways, known, question.runs_tried)


def _bought(
    question: Question, answered: Sequence[CaseAnswer], offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]
) -> Iterator[PurchaseEffect]:
    cases = answered[: len(_corners([case.case for case in answered]))]
    for n, offer in enumerate(offers):
        played_with = {case.case.name: found[at * len(offers) + n] for at, case in enumerate(cases)}
        sooner_s = {case.case.name: _sooner_s(case.answers, played_with[case.case.name]) for case in cases}
        in_time = {name: share_in_time(question, runs) for name, runs in played_with.items()}
        yield PurchaseEffect(offer, sooner_s, in_time)


def _known_s(
    question: Question, offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]
) -> dict[str, float | None]:
    """How long it takes with each purchase alone in the first case."""
    runs = zip(offers, found, strict=False)
    return {offer.words: holds_from([answer.home_s for answer in answers], question.sure) for offer, answers in runs}


def _sooner_s(without: Sequence[Answer], having: Sequence[Answer]) -> float | None:
    """Run n against run n, which has the same luck."""
    pairs = list(zip(without, having, strict=False))
    return mean_of([None if a.home_s is None or b.home_s is None else a.home_s - b.home_s for a, b in pairs])


def _takes(question: Question, case: Case) -> Takes | None:
    if not depends_on_start(question.scenario):
        return None

    def takes(start: datetime) -> float | None:
        scenario = replace(case.applied(question.scenario), starts_at=start)
        return holds_from([a.home_s for a in played([PlannedRuns(scenario, question.runs_other)])[0]], question.sure)

    return takes
