"""The verdict: yes, no, or only if, in at most 25 words; and the promises that are broken."""

from collections.abc import Iterator
from enum import Enum, unique
from typing import Final

from failback.scenarios.text.language import Wording, said, translated
from failback.scenarios.text.plain_words import machines
from failback.scenarios.text.spans import span_words

from .case_answer import CaseAnswer
from .condition import Of
from .condition_words import condition_words, seed_by
from .deciding import deciding
from .off_duty import off_duty_items
from .prediction import Prediction
from .promises import KeptPromise
from .words import name_words, reason_words, share_words

WORDS_MAX: Final = 25
"""A verdict has no more words."""
_NAME_WORDS_MAX: Final = 12
"""Of the name of a lever, which people write, no more words are said in it."""


@unique
class Answered(Enum):
    """The kind of verdict."""

    YES = "yes"
    NO = "no"
    ONLY_IF = "only_if"


def answered(found: Prediction) -> Answered:
    """Yes: in every case as surely as was asked. No: in none."""
    sure = [case.in_time.value >= found.question.sure for case in found.cases]
    if all(sure) and found.condition is None:
        return Answered.YES
    return Answered.ONLY_IF if any(sure) or found.condition is not None else Answered.NO


def verdict(found: Prediction) -> str:
    """The verdict in one sentence."""
    stopped = found.first.sure_s is None and found.stops
    if stopped:
        return said("No: {stopped}.", stopped=_stopped(found))
    match answered(found):
        case Answered.YES:
            return _yes(found)
        case Answered.NO:
            return _unless(found)
        case Answered.ONLY_IF:
            return _depends(found)


def _yes(found: Prediction) -> str:
    """A cutover names the first date on which something has to begin."""
    date = seed_by(found)
    return (
        said("Yes, if seeding begins by {date}: {how}.", date=date, how=_if_seeded(found))
        if date
        else (said("Yes: {how}.", how=_every_case(found)))
    )


def _depends(found: Prediction) -> str:
    """With a date in it, no words are left for the measurement; a figure names that."""
    date = seed_by(found)
    if date and found.condition is not None:
        condition = condition_words(found, found.condition)
        return said("Yes, with seeding begun by {date}, {condition}.", date=date, condition=condition)
    return said("Yes, {condition}.", condition=_only_if(found))


def broken_promises(found: Prediction) -> Iterator[str]:
    """Promises that are broken in a case, each once: as in the first case, or, where that keeps it, in the worst."""
    for n, promise in enumerate(found.promises):
        broken = [case for case in found.cases if case.promises[n].share.value < found.question.sure]
        if broken:
            case = found.first if found.first in broken else max(broken, key=lambda case: _measured(case, n))
            yield said(
                "{tier}: {target}, but {came}{because}; kept in {share} runs{where}",
                tier=promise.tier,
                target=promise.promise,
                came=_came(case.promises[n]),
                because=_because(case, case.promises[n]),
                share=share_words(case.promises[n].share),
                where=_where(found, case, len(broken)),
            )


def _measured(case: CaseAnswer, n: int) -> float:
    return case.promises[n].measured_s or 1e18


def _because(case: CaseAnswer, promise: KeptPromise) -> str:
    """Why a machine is down too long, where that is the same in every run: nobody was there to check it."""
    if not promise.of_downtime:
        return ""
    every = isinstance(promise.tier, Wording)
    for answer in case.answers:
        longest = max((i for i in answer.items if every or i.tier == promise.tier), key=lambda i: i.downtime_s)
        if longest.item not in off_duty_items(case.question, answer):
            return ""
    return said(", because nobody is on shift when it comes home")


def _came(promise: KeptPromise) -> str:
    return said("never") if promise.measured_s is None else span_words(promise.measured_s)


def _where(found: Prediction, case: CaseAnswer, broken: int) -> str:
    if len(found.cases) == 1:
        return ""
    first = case is found.first
    of = said(" of the {case} case", case=name_words(case.case)) if first else said(" if {case}", case=case.case.words)
    return said("{of}, and broken in every case", of=of) if broken == len(found.cases) else of


def _stopped(found: Prediction) -> str:
    rule, count = next(iter(found.stops.items()))
    those = {i.item for a in found.first.answers for i in a.items if i.stopped_by == rule}
    who = min(those) if len(those) == 1 else machines(len(those))
    return (
        said("{rule} stops {who} in every case", rule=reason_words(rule), who=_short(who))
        if count
        else reason_words(rule)
    )


def _every_case(found: Prediction) -> str:
    if found.calibrated:
        return said("in time in {share} runs, calibrated on earlier runs", share=share_words(found.first.in_time))
    if missed := _missed(found):
        return said(
            "home in time in every case, but seeding misses the planned hour in {some} of {all} cases", **missed
        )
    return said(
        "in time in every case that was simulated, even if everything changed and the link has half its bandwidth"
    )


def _if_seeded(found: Prediction) -> str:
    """The same in fewer words, beside a date."""
    if found.calibrated:
        return _every_case(found)
    if missed := _missed(found):
        return said("home in time, but seeding misses the planned hour in {some} of {all} cases", **missed)
    return said("in time in every simulated case, even if everything changed and the link has half its bandwidth")


def _missed(found: Prediction) -> dict[str, str]:
    """In how many cases seeding misses the planned hour; empty where in none."""
    missed = 0 if found.cutover is None else len(found.cutover.missed_in)
    return {"some": str(missed), "all": str(len(found.cases))} if missed else {}


def _unless(found: Prediction) -> str:
    """No, and what would make it a yes in the first case."""
    first, sure = found.first.case.name, found.question.sure
    for bought in found.bought:
        then = bought.in_time.get(first)
        if then is not None and then.value >= sure and bought.purchase.brings_all:
            lever = _short(translated(bought.purchase.words))
            if bought.purchase.available is None:
                return said("No, unless you add {lever}.", lever=lever)
            return said("No, unless you take this lever: {lever}.", lever=lever)
    return said("No.") if found.calibrated else said("No, not even if nothing changed.")


def _short(name: str) -> str:
    """A name that people write, in a verdict of few words."""
    words = name.split()
    return " ".join(words[:_NAME_WORDS_MAX]) + (" …" if len(words) > _NAME_WORDS_MAX else "")


def _only_if(found: Prediction) -> str:
    if found.condition is None:
        cases = [case.case.words for case in found.cases if case.in_time.value >= found.question.sure]
        return said("but only with {case}", case=cases[0])
    condition = condition_words(found, found.condition)
    return said("{condition}; {measurement} would tell", condition=condition, measurement=_tells(found))


def _tells(found: Prediction) -> str:
    """How somebody would find out: as the figure of what to measure says."""
    one = deciding(found)
    of_line = one.of_line if one is not None else found.condition is not None and found.condition.of is Of.LINE
    return said("a link test" if of_line else "a pilot")
