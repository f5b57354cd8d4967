"""What helps, of all that was tried: the verdict and the tile of the first screen name the same.

A plan that costs nothing comes first, then an earlier start where it does as much as the best lever, then that lever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, unique

from failback.scenarios.text.language import joined, translated

from .best_lever import is_late
from .case_answer import CaseAnswer
from .earlier_start import EarlierStart, earlier_start
from .missed_targets import Missed, missed_targets
from .prediction import Prediction


@unique
class Means(Enum):
    """The kind of what helps."""

    UNNEEDED = "unneeded"
    PLAN = "plan"
    START = "start"
    LEVER = "lever"
    TOGETHER = "together"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What helps, and what is wrong without it. `plan`: the words of another plan, or of several steps together."""

    means: Means
    late: Sequence[CaseAnswer]
    missed: Sequence[Missed]
    start: EarlierStart | None = None
    plan: str = ""


def remedy(found: Prediction) -> Remedy:
    """The first thing that is enough."""
    late, missed = [case for case in found.cases if is_late(case)], missed_targets(found)
    if not late and not missed:
        return Remedy(Means.UNNEEDED, late, missed)
    free, start, together = _free_plan(found), earlier_start(found, late), _together(found)
    lever_is_enough = found.helps is not None and found.helps.is_enough
    kinds = (
        (Means.PLAN, bool(free)),
        (Means.START, start is not None and not _lever_does_more(found, start)),
        (Means.LEVER, lever_is_enough),
        (Means.START, start is not None),
        (Means.TOGETHER, bool(together)),
    )
    means = next((kind for kind, is_so in kinds if is_so), Means.NOTHING)
    return Remedy(means, late, missed, start, free or together)


def _lever_does_more(found: Prediction, start: EarlierStart) -> bool:
    """Whether the best lever saves more late cases than an earlier start, or keeps a target, as no start does."""
    helps = found.helps
    return helps is not None and helps.is_enough and (len(helps.saved) > len(start.saved) or helps.mended > 0)


def _free_plan(found: Prediction) -> str:
    """A plan that costs nothing and makes the first case in time."""
    within_s = found.question.within_s
    steps = [(s.home_s, s.words) for s in found.suggestion.tried if s.home_s is not None and s.home_s <= within_s]
    return translated(min(steps)[1]) if steps and is_late(found.first) else ""


def _together(found: Prediction) -> str:
    plan = found.suggestion
    taken = plan.taken if plan.in_time and is_late(found.first) else ()
    return joined((translated(step.words) for step in taken), ", then ")
