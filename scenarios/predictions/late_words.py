"""Who would be late."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from failback.scenarios.text.language import said
from failback.scenarios.text.plain_words import machines
from failback.scenarios.text.spans import span_words

from .case_answer import LateMachine
from .prediction import Prediction
from .stop_words import reason_words
from .words import share_words

NAMED_MAX: Final = 6
"""Late machines that are named one by one."""


def late_words(found: Prediction) -> list[str]:
    """Who would be late in the first case: counted per tier, the latest ones by name."""
    if not found.late:
        return [said("Nobody, in any run of this case.")]
    return [*_tiers(found), *(_late_words(late) for late in found.late[:NAMED_MAX])]


def _tiers(found: Prediction) -> Iterator[str]:
    all_of = [vm.tier for vm in found.question.scenario.estate.virtual_machines.values()]
    late = sorted(late.tier for late in found.late)
    for tier, those in groupby(late):
        n, of = str(len(list(those))), machines(all_of.count(tier))
        if tier:
            yield said("{n} of {machines} of tier {tier} in at least one run", n=n, machines=of, tier=tier)
        else:
            yield said("{n} of {machines} in at least one run", n=n, machines=of)


def _late_words(late: LateMachine) -> str:
    if late.late_s is not None:
        by, runs = span_words(late.late_s), share_words(late.runs)
        return said("{item}: late in {runs} runs, then by {by}", item=late.item, runs=runs, by=by)
    if late.stopped_by:
        return said("{item}: never home, stopped by {reason}", item=late.item, reason=reason_words(late.stopped_by))
    return said("{item}: never home", item=late.item)
