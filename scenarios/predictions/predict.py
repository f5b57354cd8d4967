"""The dated answer: will everything be home by then, what stops it, and what would help. Simulated, and said so."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from failback.scenarios.outcomes.answers import Answer, model_version
from failback.scenarios.outcomes.slot_loads import slot_loads
from failback.scenarios.study.variants import varied

from .assumptions import Case, cases_of
from .latest_start import Takes, depends_on_start, latest_start
from .levers import Moved, key_of, levers, missing, moved
from .prediction import Asked, Bought, CaseAnswer, Prediction, mean_of, share_in_time
from .purchases import Purchase, purchases
from .sampling import holds_from
from .suggested_plan import suggested_plan
from .ways_played import Wanted, played

_CORNERS: Final = 3
"""Cases in which purchases are tried: the first ones."""


def predict(asked: Asked) -> Prediction:
    """Play what is needed and answer. The same question gives the same answer."""
    scenario = replace(asked.scenario, starts_at=asked.start)
    asked = replace(asked, scenario=scenario)
    cases, offers = cases_of(scenario), purchases(scenario)
    wanted = [*_cases_wanted(asked, cases), *_offers_wanted(asked, cases, offers)]
    found = played(wanted)
    answered = tuple(CaseAnswer(asked, case, answers) for case, answers in zip(cases, found, strict=False))
    with_offers, first = found[len(cases) :], answered[0]
    bought = tuple(_bought(asked, answered, offers, with_offers))
    moves = _moves(asked, answered, offers, with_offers)
    latest = latest_start(asked.by, asked.start, first.sure_s, _takes(asked, first.case))
    known_s = {
        "": holds_from([a.home_s for a in first.answers[: asked.runs_tried]], asked.sure),
        **_known_s(asked, offers, with_offers),
    }
    suggestion = suggested_plan(first.case.applied(scenario), asked.within_s, asked.sure, asked.runs_tried, known_s)
    return Prediction(asked, slot_loads(scenario), answered, bought, moves, latest, suggestion, model_version())


def _cases_wanted(asked: Asked, cases: Sequence[Case]) -> Iterator[Wanted]:
    for n, case in enumerate(cases):
        yield Wanted(case.applied(asked.scenario), asked.runs_other if n else asked.runs_first)


def _offers_wanted(asked: Asked, cases: Sequence[Case], offers: Sequence[Purchase]) -> Iterator[Wanted]:
    for case in _corners(cases):
        for offer in offers:
            yield Wanted(case.applied(offer.applied(asked.scenario)), asked.runs_tried)


def _corners(cases: Sequence[Case]) -> Sequence[Case]:
    """Cases in which purchases are tried; what a fit leaves open is none of them."""
    return [case for case in cases[:_CORNERS] if case.fitted_changed is None]


def _moves(
    asked: Asked, answered: Sequence[CaseAnswer], offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]
) -> tuple[Moved, ...]:
    """What moves the end most; of the ends, only those are played that neither a case nor a purchase has been."""
    scenario = asked.scenario
    assumed = (case for case in answered if case.case.fitted_changed is None)
    known = {key_of(case.case.values(scenario)): case.answers for case in assumed}
    known |= {key_of(offer.values): runs for offer, runs in zip(offers, found, strict=False)}
    ways = levers(scenario, offers)
    ends = missing(ways, known)
    runs = played([Wanted(varied(scenario, end), asked.runs_tried) for end in ends]) if ends else []
    known |= {key_of(end): answers for end, answers in zip(ends, runs, strict=True)}
    return moved(ways, known, asked.runs_tried)


def _bought(
    asked: Asked, answered: Sequence[CaseAnswer], offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]
) -> Iterator[Bought]:
    cases = answered[: len(_corners([case.case for case in answered]))]
    for n, offer in enumerate(offers):
        played_with = {case.case.name: found[at * len(offers) + n] for at, case in enumerate(cases)}
        sooner_s = {case.case.name: _sooner_s(case.answers, played_with[case.case.name]) for case in cases}
        in_time = {name: share_in_time(asked, runs) for name, runs in played_with.items()}
        yield Bought(offer, sooner_s, in_time)


def _known_s(asked: Asked, offers: Sequence[Purchase], found: Sequence[tuple[Answer, ...]]) -> dict[str, float | None]:
    """How long it takes with each purchase alone in the first case."""
    runs = zip(offers, found, strict=False)
    return {offer.words: holds_from([answer.home_s for answer in answers], asked.sure) for offer, answers in runs}


def _sooner_s(without: Sequence[Answer], having: Sequence[Answer]) -> float | None:
    """Run n against run n, which has the same luck."""
    pairs = list(zip(without, having, strict=False))
    return mean_of([None if a.home_s is None or b.home_s is None else a.home_s - b.home_s for a, b in pairs])


def _takes(asked: Asked, case: Case) -> Takes | None:
    if not depends_on_start(asked.scenario):
        return None

    def takes(start: datetime) -> float | None:
        scenario = replace(case.applied(asked.scenario), starts_at=start)
        return holds_from([a.home_s for a in played([Wanted(scenario, asked.runs_other)])[0]], asked.sure)

    return takes
