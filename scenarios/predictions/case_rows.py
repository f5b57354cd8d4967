"""The table of cases."""

from failback.scenarios.outcomes.bottleneck import cause_name
from failback.scenarios.text.language import joined, said, translated
from failback.scenarios.text.spans import span_words, when_words

from .case_answer import CaseAnswer
from .case_names import case_words
from .end_words import end_words
from .latest_start import depends_on_start
from .prediction import Prediction
from .stop_words import reason_words
from .words import share_words


def case_columns(found: Prediction) -> tuple[str, ...]:
    """What the table of cases tells; the last one where somebody wrote prices down."""
    from_start = found.cutover is None
    columns = (
        said("case"),
        said("all home (takes)" if from_start else "all home (takes from the cutover on)"),
        said("runs home in time"),
        said("latest start" if from_start else "begin to seed"),
        said("bottleneck"),
        said("longest downtime"),
        said("missed recovery targets"),
        said("machines late in some run"),
    )
    return (*columns, said("cost of the stay in Azure")) if found.costs else columns


def case_rows(found: Prediction) -> list[tuple[str, ...]]:
    """What became of each case; the last column where somebody wrote prices down."""
    return [
        (
            case_words(case.case),
            end_words(found, case.sure_s),
            share_words(case.in_time),
            _latest(found, case),
            cause_words(case),
            said("{time} ({item})", time=span_words(case.downtime.seconds), item=case.downtime.item),
            _broken(case),
            str(len(case.late)),
            *((_money(found, n),) if found.costs else ()),
        )
        for n, case in enumerate(found.cases)
    ]


def _broken(case: CaseAnswer) -> str:
    """The tiers whose promise is broken; nothing is kept where nothing was promised."""
    if not case.promises:
        return said("no targets were set")
    tiers = dict.fromkeys(translated(promise.tier) for promise in case.broken)
    return joined(tiers, ", ") if tiers else said("none")


def cause_words(case: CaseAnswer) -> str:
    """What binds most, in a few words."""
    if case.has_nothing_to_do:
        return said("none")
    if not sum(case.bottleneck.values()):
        stops = (said("stopped by {reason}", reason=reason_words(reason)) for reason in case.stops)
        return next(stops, said("nothing came home"))
    return cause_name(next(iter(case.bottleneck)))


def _latest(found: Prediction, case: CaseAnswer) -> str:
    other = found.cutover is None and case is not found.first
    if other and depends_on_start(found.question.scenario):
        return said("not searched")
    latest = found.latest_in(case)
    return said("none") if latest is None else when_words(latest, found.question.begins)


def _money(found: Prediction, case: int) -> str:
    cost = found.costs[case] if found.costs else None
    return said("unknown") if cost is None else f"{cost:,.0f} {found.question.scenario.homecoming.prices.currency}"
