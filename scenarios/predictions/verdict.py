"""The verdict: yes, no, or only if, in at most 25 words; and the promises that are broken."""

from collections.abc import Iterator
from enum import Enum, unique
from typing import Final

from failback.scenarios.text.language import message, said, translated
from failback.scenarios.text.plain_words import machines
from failback.scenarios.text.spans import span_words

from .case_answer import CaseAnswer
from .condition import Condition, Of
from .prediction import Prediction
from .promises import KeptPromise
from .words import name_words, percent, reason_words, share_words

WORDS_MAX: Final = 25
"""A verdict has no more words."""
_ALL_OF_IT: Final = 0.985
"""Share above which a condition, found to a point, says all."""
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
            return said("Yes: {how}.", how=_every_case(found))
        case Answered.NO:
            return _unless(found)
        case Answered.ONLY_IF:
            return said("Yes, {condition}.", condition=_only_if(found))


def broken_promises(found: Prediction) -> Iterator[str]:
    """Promises that are broken in a case, each once: as in the first case, or, where that keeps it, in the worst."""
    for n, promise in enumerate(found.promises):
        broken = [case for case in found.cases if case.promises[n].share.value < found.question.sure]
        if broken:
            case = found.first if found.first in broken else max(broken, key=lambda case: _measured(case, n))
            yield said(
                "{tier}: {target}, but {came}; kept in {share} runs{where}",
                tier=promise.tier,
                target=promise.promise,
                came=_came(case.promises[n]),
                share=share_words(case.promises[n].share),
                where=_where(found, case, len(broken)),
            )


def _measured(case: CaseAnswer, n: int) -> float:
    return case.promises[n].measured_s or 1e18


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
    if found.cutover is not None and (missed := len(found.cutover.missed_in)):
        return said(
            "home in time in every case, but seeding misses the planned hour in {some} of {all} cases",
            some=str(missed),
            all=str(len(found.cases)),
        )
    return said(
        "in time in every case that was simulated, even if everything changed and the link has half its bandwidth"
    )


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
    condition, tells = condition_words(found, found.condition), said(_TELLS[found.condition.of])
    return said("{condition}; {measurement} would tell", condition=condition, measurement=tells)


def condition_words(found: Prediction, condition: Condition) -> str:
    """What has to hold, with the word that joins it to a yes."""
    share = percent(condition.share)
    match condition.of:
        case Of.LINE:
            return said("but, if everything changed, only with {bandwidth}", bandwidth=_of_line(condition.share))
        case Of.SCAN:
            rate = condition.share * found.question.scenario.site.scan_mib_per_s
            return said("if disks are read at {rate} MiB/s or more", rate=f"{rate:.3g}")
        case Of.JOBS:
            times = f"{condition.share:.2g}"
            return said("if the vault's jobs take at most {times} times as long as assumed", times=times)
        case Of.CHANGED:
            if condition.slow_line:
                return said("if less than {share} of the data changed and the link has its full bandwidth", share=share)
            return said("if less than {share} of the data changed", share=share)


def _of_line(share: float) -> str:
    """More than the share that is in time; nobody can have more than all, to the percent that is printed."""
    if share > _ALL_OF_IT:
        return said("the link's full bandwidth")
    return said("more than {share} of the link's bandwidth", share=percent(share))


_PILOT: Final = message("a pilot")
_TELLS: Final = {Of.LINE: message("a measurement of the link"), Of.SCAN: _PILOT, Of.JOBS: _PILOT, Of.CHANGED: _PILOT}
"""How somebody would find out."""
