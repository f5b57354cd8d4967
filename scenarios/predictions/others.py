"""The machines that come home although something stops others: what the same runs say of them.

In these runs a machine that is stopped takes no part of the line and the servers from there on. Once its cause is gone
it does, so that what is said of the others is no answer for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.text.local_time import after

from .case_answer import CaseAnswer, is_in_time
from .last_go import longest_before_s
from .latest_start import depends_on_start, latest_start
from .promises import KeptPromise, kept
from .question import Question
from .sampling import Share, holds_from, share


@dataclass(frozen=True, slots=True)
class Others:
    """`stopped` never come home in any run of the first case; the rest, in the first case and over all cases.

    `ends_s`: seconds after the start from which they are home as sure as was asked, by the name of the case; None:
    never. `latest` is None where it was not looked for: where it matters when the way home begins, or with a cutover.
    """

    machines: tuple[str, ...]
    stopped: tuple[str, ...]
    first: str
    ends_s: Mapping[str, float | None]
    in_time: Share
    latest: datetime | None
    last_go: datetime | None
    promises: tuple[KeptPromise, ...]
    """Targets of the tiers by these machines alone; of a tier of which none is left, kept."""

    @property
    def end_s(self) -> float | None:
        """The end in the first case."""
        return self.ends_s[self.first]


def others_of(question: Question, cases: Sequence[CaseAnswer]) -> Others | None:
    """None where nobody is stopped in every run of the first case, or everybody is."""
    first = cases[0]
    never = {item.item for item in first.answers[0].items if item.stopped_by}
    stopped = never.intersection(*({i.item for i in a.items if i.home_s is None} for a in first.answers))
    rest = tuple(item.item for item in first.answers[0].items if item.item not in stopped)
    if not stopped or not rest:
        return None
    runs = [_without(answer, stopped) for answer in first.answers]
    ends_s = {
        case.case.name: holds_from([_home_s(_without(a, stopped)) for a in case.answers], question.sure)
        for case in cases
    }
    end_s, scenario = ends_s[first.case.name], question.scenario
    asked_anew = depends_on_start(scenario) or question.cutover is not None
    before_s = holds_from([longest_before_s(scenario, question.start, question.by, run) for run in runs], question.sure)
    return Others(
        rest,
        tuple(sorted(stopped)),
        first.case.name,
        ends_s,
        share([is_in_time(_home_s(run), question.within_s) for run in runs]),
        None if asked_anew else latest_start(question.by, question.start, end_s, None),
        None if before_s is None else after(question.by, -before_s),
        kept(scenario, runs, question.lead_s, question.sure),
    )


def _without(answer: Answer, stopped: set[str]) -> Answer:
    return replace(answer, items=tuple(item for item in answer.items if item.item not in stopped))


def _home_s(answer: Answer) -> float | None:
    """When the last of them is home; None where one is not."""
    ends_s = [item.home_s for item in answer.items]
    known = [end_s for end_s in ends_s if end_s is not None]
    return max(known) if known and len(known) == len(ends_s) else None
