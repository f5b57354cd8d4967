"""The plan for a cutover: the question with its windows, and when each wave seeds in every case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

from failback.reprotect import Wave
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.way_home import has_begun
from failback.scenarios.text.local_time import after, seconds_between
from failback.scenarios.text.plain_words import date_words, machines
from failback.scenarios.text.spans import span_words
from failback.scenarios.usage_error import UsageError

from .assumptions import Case
from .cutover_windows import with_cutover, with_seeds
from .prediction import Question
from .searches import found_by
from .seed_search import SeedStarts, seed_starts


@dataclass(frozen=True, slots=True)
class CutoverPlan:
    """`question`: as asked, with the windows in its scenario. `starts`: by case, in seconds after `earliest`.

    `case` is the one whose starts the plan has: of those that can be seeded in time, the one that needs longest.
    """

    question: Question
    earliest: datetime
    case: Case
    starts: Mapping[str, SeedStarts]

    @property
    def begins(self) -> datetime:
        """When the first wave has to begin to seed; the cutover itself where nothing seeds ahead."""
        return self.latest(self.case.name) or self.question.cutover or self.question.start

    def latest(self, case: str) -> datetime | None:
        """The same for a case; None where no start is early enough."""
        found = self.starts[case]
        starts_s = found.latest_s.values()
        return None if found.late_s or not starts_s else after(self.earliest, min(starts_s))

    def latest_of(self, wave: str, case: str) -> datetime | None:
        """When this wave has to begin in this case; None where no start is early enough, or nothing begins ahead."""
        at_s = self.starts[case].latest_s.get(wave)
        return None if at_s is None else after(self.earliest, at_s)


def cutover_plan(question: Question, cases: Sequence[Case]) -> CutoverPlan:
    """Look for the latest seed starts in each case. Raises `UsageError` where the first case has none."""
    if question.cutover is None:
        raise TypeError("a question without a cutover has no plan for one")
    opened = with_cutover(question.scenario, seconds_between(question.start, question.cutover))
    _check_windows(question, opened.plan.waves)
    searches = [seed_starts(case.applied(opened), question.sure) for case in cases]
    found = found_by(searches, question.runs_tried)
    starts = {case.name: starts for case, starts in zip(cases, found, strict=True)}
    if starts[cases[0].name].late_s:
        raise UsageError(_too_late(question, opened, starts[cases[0].name].late_s, cases[0]))
    case = min((c for c in cases if not starts[c.name].late_s), key=lambda c: _first_s(starts[c.name]))
    planned = replace(question, scenario=with_seeds(opened, starts[case.name].latest_s))
    return CutoverPlan(_trimmed(planned, starts[case.name]), question.start, case, starts)


def _first_s(starts: SeedStarts) -> float:
    return min(starts.latest_s.values(), default=inf)


def _check_windows(question: Question, waves: Sequence[Wave]) -> None:
    """Refuse windows that can never follow one another."""
    for former, wave in zip((None, *waves), waves, strict=False):
        opens = after(question.start, wave.opens_s)
        if opens >= question.by:
            told = f"the wave {wave.name} may fail back only from {date_words(opens)} on"
            raise UsageError(
                f"--by is {date_words(question.by)}, but {told} (the cutover, plus its opens_s minus the smallest "
                "opens_s of the plan); give a later deadline, or let the wave open earlier."
            )
        if former is not None and wave.closes_s is not None and wave.closes_s <= former.opens_s:
            raise UsageError(
                f"The wave {wave.name} waits for the wave {former.name}, but closes before that one opens; let "
                f"{wave.name} close later, or put it first."
            )


def _too_late(question: Question, scenario: Scenario, late_s: Mapping[str, float | None], case: Case) -> str:
    name, by_s = max(late_s.items(), key=lambda pair: inf if pair[1] is None else pair[1])
    wave = next(wave for wave in scenario.plan.waves if wave.name == name)
    opens = after(question.start, wave.opens_s)
    ends = (
        "more than a week later" if by_s is None else f"on {date_words(after(opens, by_s))}, {span_words(by_s)} later"
    )
    said = f"the seeding of wave {name} ({machines(len(wave.items))}) would end only {ends}"
    how = "give a later --cutover, an earlier --start if there is one, or leave machines out of the wave"
    return (
        f"--cutover is {date_words(question.cutover or opens)}, but {said}, even if every wave began to replicate home "
        f"at once, on {date_words(question.start)} (simulated, {case.name} case); {how}."
    )


def _trimmed(question: Question, starts: SeedStarts) -> Question:
    """The question from the first seed on, where nothing else in the scenario counts its seconds from the start."""
    first_s, scenario = _first_s(starts), question.scenario
    fixed = scenario.faults or scenario.estate.link.schedule or has_begun(scenario.estate)
    if fixed or first_s == inf:
        return question
    start = after(question.start, first_s)
    moved = replace(scenario, plan=scenario.plan.later(-first_s), starts_at=start)
    return replace(question, start=start, scenario=moved)
