"""The dated answer: will everything be home by then, what stops it, and what would help. Simulated, and said so."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from failback.scenarios.outcomes.answers import Answer, model_version
from failback.scenarios.outcomes.server_batches import server_batches
from failback.scenarios.outputs.run_folders.scenario_hash import plan_hash_of
from failback.scenarios.study.progress import begin_part, progress
from failback.scenarios.study.variants import varied

from .assumptions import Case, cases_of
from .case_answer import CaseAnswer
from .condition import condition
from .cutover import cutover_of
from .cutover_plan import cutover_plan
from .expected_plays import CASES, CONDITION, ENDS, LAST_GO, LATEST, LEVERS, MEASUREMENTS, PLAN, expected_parts
from .latest_start import Takes, depends_on_start, latest_start
from .lever_effects import bought_effects, left_in_azure, offers_wanted
from .levers import Known, Lever, key_of, levers, missing, moved
from .measurements import measurements
from .prediction import Prediction, Question
from .purchase import Purchase
from .purchases import purchases
from .sampling import holds_from
from .shift_levers import shift_levers
from .suggested_plan import Suggestion, suggested_plan
from .ways_played import PlannedRuns, played


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
    first, offers = answered[0], (*offers, *shift_levers(question, answered))
    begin_part(LEVERS, expected_parts(question, cases, answered))
    with_offers = played(list(offers_wanted(question, answered, offers))) if offers else []
    bought = (*bought_effects(question, answered, offers, with_offers), *left_in_azure(question, first))
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


def _cases_wanted(question: Question, cases: Sequence[Case]) -> Iterator[PlannedRuns]:
    for n, case in enumerate(cases):
        yield PlannedRuns(case.applied(question.scenario), question.runs_other if n else question.runs_first)


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


def _known_s(
    question: Question, offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]
) -> dict[str, float | None]:
    """How long it takes with each purchase alone in the first case."""
    runs = zip(offers, found, strict=False)
    return {offer.words: holds_from([answer.home_s for answer in answers], question.sure) for offer, answers in runs}


def _takes(question: Question, case: Case) -> Takes | None:
    if not depends_on_start(question.scenario):
        return None

    def takes(start: datetime) -> float | None:
        scenario = replace(case.applied(question.scenario), starts_at=start)
        return holds_from([a.home_s for a in played([PlannedRuns(scenario, question.runs_other)])[0]], question.sure)

    return takes
