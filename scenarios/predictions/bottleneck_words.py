"""What binds, in a few words."""

from collections.abc import Mapping
from typing import Final

from failback.scenarios.outcomes.bottleneck import cause_name
from failback.scenarios.outcomes.critical_path import SET_BY_THE_PLAN
from failback.scenarios.text.language import message, said
from failback.scenarios.text.rounding import whole_minutes
from failback.scenarios.text.spans import span_words

from .case_answer import CaseAnswer
from .stop_words import stops_words

NONE_LEFT: Final = message("no machine is left to bring home")
"""Said in place of a bottleneck where every machine was home from the start."""


def bottleneck_words(case: CaseAnswer) -> str:
    """The cause of most of the critical path of a case, and the wait for slots where that is long."""
    if case.has_nothing_to_do:
        return said(NONE_LEFT)
    if not sum(case.bottleneck.values()):
        return stops_words(case)
    shown = worked_s(case)
    total_s, cause = sum(shown.values()), next(iter(case.bottleneck))
    if cause not in shown:
        return said("{cause}, and nothing else", cause=cause_name(cause))
    queue = ""
    if case.queued_s > total_s / 2:
        waits = span_words(case.queued_s)
        queue = said("; meanwhile the last machine waits {waits} for disk slots or its wave", waits=waits)
    part, whole = span_words(shown[cause]), span_words(total_s)
    return said("{cause} ({part} of {whole}{queue})", cause=cause_name(cause), part=part, whole=whole, queue=queue)


def worked_s(case: CaseAnswer) -> Mapping[str, float]:
    """Seconds per cause without what the plan has set, in whole minutes that add up to those of their sum."""
    return whole_minutes({cause: s for cause, s in case.bottleneck.items() if cause not in SET_BY_THE_PLAN and s})
