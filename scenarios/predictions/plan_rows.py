"""A better plan, as a sentence and as a table."""

from failback.scenarios.text.language import joined, said, translated

from .case_names import name_words
from .end_words import takes_words
from .prediction import Prediction


def step_rows(found: Prediction) -> list[tuple[str, str, str]]:
    """What was tried for a better plan, and what was taken."""
    plan = found.suggestion
    rows = [(said("as it is"), plan.before_s, "")]
    rows += [(translated(step.words), step.home_s, said("tried alone, costs nothing")) for step in plan.tried]
    rows += [(translated(step.words), step.home_s, said("taken")) for step in plan.taken]
    return [(words, said("never home") if at is None else takes_words(found, at), note) for words, at, note in rows]


def suggested(found: Prediction) -> str:
    """The better plan in a sentence."""
    plan = found.suggestion
    if not plan.taken and plan.in_time:
        case = name_words(found.first.case)
        return said("None is needed in the {case} case: everything is home in time without one.", case=case)
    if not plan.taken:
        return said("Nothing that was tried makes it noticeably faster.")
    with_all = joined((translated(step.words) for step in plan.taken), ", then ")
    return said(
        "{steps}: {after} instead of {before}; {end}.",
        steps=f"{with_all[:1].upper()}{with_all[1:]}",
        after=takes_words(found, plan.after_s),
        before=takes_words(found, plan.before_s),
        end=said("everything is home in time" if plan.in_time else "this is still not in time"),
    )
