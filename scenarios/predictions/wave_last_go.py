"""Until when each wave may begin to fail back with everything home by the deadline. Found by simulation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import floor, inf

from failback.reprotect import Operation, Wave
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer

from .case_answer import CaseAnswer
from .latest_minute import MINUTE_S, latest_minute
from .prediction import Question
from .sampling import holds_from
from .searches import Search, found_by


def wave_last_go(question: Question, case: CaseAnswer) -> Mapping[str, float | None]:
    """By wave, the latest second after the start at which it may open, the others as planned; None: that is too late.

    A later wave moves with it where it waits for its commit.
    """
    planned = case.answers[: question.runs_tried]
    waves = question.scenario.plan.waves
    if _slack_s(question, planned) < 0:
        return dict.fromkeys(wave.name for wave in waves)
    searches = [_latest(question, case.case.applied(question.scenario), wave, planned) for wave in waves]
    return dict(zip((wave.name for wave in waves), found_by(searches, question.runs_tried), strict=True))


def _latest(question: Question, scenario: Scenario, wave: Wave, planned: Sequence[Answer]) -> Search[float]:
    """The first guess: the whole plan moves by its slack, the wave from when it began, which may be after its hour."""
    slack_s = _slack_s(question, planned)
    ends_s = MINUTE_S * (question.within_s // MINUTE_S)
    first_s = MINUTE_S * floor((_begun_s(planned[0], wave) + slack_s) / MINUTE_S)
    minutes = latest_minute(wave.opens_s, slack_s, ends_s, first_s)
    try:
        opens_s = next(minutes)
        while True:
            opens_s = minutes.send(_slack_s(question, (yield _opening(scenario, wave, opens_s))))
    except StopIteration as end:
        return float(end.value)


def _begun_s(answer: Answer, wave: Wave) -> float:
    those = set(wave.items)
    begun_s = [leg.start_s for leg in answer.legs if leg.item in those and leg.leg == Operation.FAILBACK.value]
    return max(wave.opens_s, min(begun_s, default=wave.opens_s))


def _opening(scenario: Scenario, wave: Wave, opens_s: float) -> Scenario:
    waves = tuple(replace(w, opens_s=opens_s) if w.name == wave.name else w for w in scenario.plan.waves)
    return replace(scenario, plan=replace(scenario.plan, waves=waves))


def _slack_s(question: Question, answers: Sequence[Answer]) -> float:
    """How long before the deadline everything is home, as surely as was asked."""
    end_s = holds_from([answer.home_s for answer in answers], question.sure)
    return -inf if end_s is None else question.within_s - end_s
