"""The best single lever: what makes most late cases in time, then what keeps most missed targets.

Among equals, it is what costs nothing, then what gains most. A lever that makes a case late comes last.
The tile, the sentence, the table's last line and the JSON all name this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from .case_answer import CaseAnswer
from .promises import KeptPromise
from .purchase_effect import PurchaseEffect

GAIN_MIN_S = 60.0
"""A lever that gains less is none."""


@dataclass(frozen=True, slots=True)
class Helps:
    """What a lever does against what is wrong: late cases that it saves, targets that it keeps, seconds it gains.

    `gain_s` and `case` are of the case that is told: a saved one, else a late one, else the first. `eased_s` is how
    much less the missed targets are missed by, together. `spoiled` are cases in time that it makes late.
    """

    bought: PurchaseEffect
    saved: tuple[CaseAnswer, ...]
    mended: int
    eased_s: float
    case: CaseAnswer
    gain_s: float
    spoiled: tuple[CaseAnswer, ...] = ()

    @property
    def is_enough(self) -> bool:
        """Whether it makes a late case in time or keeps a missed target, and makes no other case late."""
        return bool(self.saved or self.mended) and not self.spoiled

    @property
    def rank(self) -> tuple[float, ...]:
        """The larger, the better. Where nothing is late, what becomes of the missed targets counts before the end."""
        is_free = self.is_enough and self.bought.purchase.when_staffed
        gains = (self.gain_s, self.eased_s) if is_late(self.case) else (self.eased_s, self.gain_s)
        return not self.spoiled, len(self.saved), self.mended, is_free, *gains


def best_helps(cases: Sequence[CaseAnswer], bought: Sequence[PurchaseEffect]) -> Helps | None:
    """The best of the levers that bring everything home; None where none of them helps."""
    found = [_helps(cases, one) for one in bought if one.purchase.brings_all]
    useful = [one for one in found if one.is_enough or max(one.gain_s, one.eased_s) > GAIN_MIN_S]
    return max(useful, key=lambda one: one.rank, default=None)


def is_late(case: CaseAnswer) -> bool:
    """Whether a case is not in time as surely as was asked."""
    return case.in_time.value < case.question.sure


def _helps(cases: Sequence[CaseAnswer], bought: PurchaseEffect) -> Helps:
    tried = [case for case in cases if case.case.name in bought.sooner_s]
    late = [case for case in tried if is_late(case)]
    saved = tuple(case for case in late if _saves(bought, case))
    spoiled = tuple(case for case in tried if not is_late(case) and _is_late_with(bought, case))
    told = next(iter((*saved, *spoiled, *late)), cases[0])
    sure = cases[0].question.sure
    pairs = [pair for case in tried for pair in bought.targets.get(case.case.name, ())]
    missed = [(before, then) for before, then in pairs if before.share.value < sure]
    mended = sum(then.share.value >= sure for _, then in missed)
    eased_s = sum(_eased_s(*pair) for pair in missed)
    return Helps(bought, saved, mended, eased_s, told, gain_s(bought, told), spoiled)


def _eased_s(before: KeptPromise, then: KeptPromise) -> float:
    """By how much less a target is missed; a measure without end is none."""
    known = before.measured_s is not None and then.measured_s is not None
    return (before.measured_s or 0.0) - (then.measured_s or 0.0) if known else 0.0


def _saves(bought: PurchaseEffect, case: CaseAnswer) -> bool:
    return not _is_late_with(bought, case) and gain_s(bought, case) > GAIN_MIN_S


def _is_late_with(bought: PurchaseEffect, case: CaseAnswer) -> bool:
    return bought.in_time[case.case.name].value < case.question.sure


def gain_s(bought: PurchaseEffect, case: CaseAnswer) -> float:
    """By how many seconds a case ends sooner; one that never ended gains without end."""
    seconds = bought.sooner_s.get(case.case.name, 0.0)
    return inf if seconds is None else seconds
