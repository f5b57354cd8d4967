"""The verdict: yes, no, or only if, in at most 25 words; and the promises that are broken."""

from collections.abc import Iterator
from enum import Enum, unique
from typing import Final

from failback.scenarios.text.spans import span_words

from .case_answer import CaseAnswer
from .condition import Condition, Of
from .prediction import Prediction
from .promises import KeptPromise
from .words import percent, share_words

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
        return f"No: {_stopped(found)}."
    match answered(found):
        case Answered.YES:
            return f"Yes: {_every_case(found)}."
        case Answered.NO:
            return f"No{_unless(found)}."
        case Answered.ONLY_IF:
            return f"Yes, {_only_if(found)}."


def broken_promises(found: Prediction) -> Iterator[str]:
    """Promises that are broken in a case, each once: as in the first case, or, where that keeps it, in the worst."""
    for n, promise in enumerate(found.promises):
        broken = [case for case in found.cases if case.promises[n].share.value < found.question.sure]
        if broken:
            case = found.first if found.first in broken else max(broken, key=lambda case: _measured(case, n))
            what = f"{promise.tier}: {promise.promise}, but {_came(case.promises[n])}"
            yield f"{what}; kept in {share_words(case.promises[n].share)} runs{_where(found, case, len(broken))}"


def _measured(case: CaseAnswer, n: int) -> float:
    return case.promises[n].measured_s or 1e18


def _came(promise: KeptPromise) -> str:
    return "never" if promise.measured_s is None else span_words(promise.measured_s)


def _where(found: Prediction, case: CaseAnswer, broken: int) -> str:
    if len(found.cases) == 1:
        return ""
    of = f" of the {case.case.name} case" if case is found.first else f" if {case.case.words}"
    return f"{of}, and broken in every case" if broken == len(found.cases) else of


def _stopped(found: Prediction) -> str:
    rule, count = next(iter(found.stops.items()))
    machines = {i.item for a in found.first.answers for i in a.items if i.stopped_by == rule}
    who = min(machines) if len(machines) == 1 else f"{len(machines)} machines"
    return f"{rule} stops {_short(who)} in every case" if count else rule


def _every_case(found: Prediction) -> str:
    if found.calibrated:
        return f"in time in {share_words(found.first.in_time)} runs, calibrated on earlier runs"
    if found.cutover is not None and (missed := len(found.cutover.missed_in)):
        of = f"{missed} of {len(found.cases)} cases"
        return f"home in time in every case, but seeding misses the planned hour in {of}"
    return "in time in every case that was simulated, even if everything changed and the link has half its bandwidth"


def _unless(found: Prediction) -> str:
    """What would make it a yes in the first case."""
    first, sure = found.first.case.name, found.question.sure
    for bought in found.bought:
        then = bought.in_time.get(first)
        if then is not None and then.value >= sure and bought.purchase.brings_all:
            add = "you add " if bought.purchase.available is None else "you take this lever: "
            return f", unless {add}{_short(bought.purchase.words)}"
    return ", not even if nothing changed" if not found.calibrated else ""


def _short(name: str) -> str:
    """A name that people write, in a verdict of few words."""
    words = name.split()
    return " ".join(words[:_NAME_WORDS_MAX]) + (" …" if len(words) > _NAME_WORDS_MAX else "")


def _only_if(found: Prediction) -> str:
    if found.condition is None:
        cases = [case.case.words for case in found.cases if case.in_time.value >= found.question.sure]
        return f"but only with {cases[0]}"
    return f"{condition_words(found, found.condition)}; {_TELLS[found.condition.of]} would tell"


def condition_words(found: Prediction, condition: Condition) -> str:
    """What has to hold, with the word that joins it to a yes."""
    share = percent(condition.share)
    match condition.of:
        case Of.LINE:
            return f"but, if everything changed, only with {_of_line(condition.share)}"
        case Of.SCAN:
            rate = condition.share * found.question.scenario.site.scan_mib_per_s
            return f"if disks are read at {rate:.3g} MiB/s or more"
        case Of.JOBS:
            return f"if the vault's jobs take at most {condition.share:.2g} times as long as assumed"
        case Of.CHANGED:
            link = " and the link has its full bandwidth" if condition.slow_line else ""
            return f"if less than {share} of the data changed{link}"


def _of_line(share: float) -> str:
    """More than the share that is in time; nobody can have more than all, to the percent that is printed."""
    return "the link's full bandwidth" if share > _ALL_OF_IT else f"more than {percent(share)} of the link's bandwidth"


_TELLS: Final = {Of.LINE: "a measurement of the link", Of.SCAN: "a pilot", Of.JOBS: "a pilot", Of.CHANGED: "a pilot"}
"""How somebody would find out."""
