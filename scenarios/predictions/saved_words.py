"""What an earlier start or a lever does to the late cases, in one form for both."""

from collections.abc import Sequence

from failback.scenarios.text.language import joined, message, said, translated

from .assumptions import EXPECTED
from .case_answer import CaseAnswer
from .case_names import name_words


def saved_words(saved: Sequence[CaseAnswer], late: int, untried: int, gain: str = "") -> str:
    """Which of the late cases it brings in time, what they gain, and how many stay late or were not simulated."""
    stay = late - len(saved) - untried
    one, more = message("{n} of {all} late cases stays late"), message("{n} of {all} late cases stay late")
    parts = [_brought(saved, late), *filter(None, [gain])]
    if stay:
        parts.append(said(one if stay == 1 else more, n=str(stay), all=str(late)))
    if untried:
        parts.append(said("{n} of {all} late cases not simulated", n=str(untried), all=str(late)))
    return joined(parts, "; ")


def _brought(saved: Sequence[CaseAnswer], late: int) -> str:
    if len(saved) == late > 1:
        return said("brings every late case in time")
    if len(saved) > 1:
        return said("brings {n} of {all} late cases in time", n=str(len(saved)), all=str(late))
    case = saved[0].case
    if case.name == EXPECTED:
        return said("brings the {case} case in time", case=name_words(case))
    return said("brings the case “{case}” in time", case=translated(case.words))
