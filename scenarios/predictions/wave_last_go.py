"""Until when each wave may begin to fail back with everything home by the deadline. Found by simulation."""

from collections.abc import Mapping
from dataclasses import replace
from math import inf

from failback.reprotect import Wave
from failback.scenarios.files.schema import Scenario

from .assumptions import Case
from .latest_minute import MINUTE_S, latest_minute
from .prediction import Question
from .sampling import holds_from
from .ways_played import PlannedRuns, played


def wave_last_go(question: Question, case: Case) -> Mapping[str, float | None]:
    """By wave, the latest second after the start at which it may open, the others as planned; None: that is too late.

    A later wave moves with it where it waits for its commit.
    """
    scenario = case.applied(question.scenario)
    planned_s = _slack_s(question, scenario)
    waves = scenario.plan.waves
    return {w.name: None if planned_s < 0 else _latest_s(question, scenario, w, planned_s) for w in waves}


def _latest_s(question: Question, scenario: Scenario, wave: Wave, planned_s: float) -> float:
    def slack_s(opens_s: float) -> float:
        return _slack_s(question, _opening(scenario, wave, opens_s))

    ends_s = MINUTE_S * (question.within_s // MINUTE_S)
    return latest_minute(slack_s, wave.opens_s, planned_s, ends_s) if ends_s > wave.opens_s else wave.opens_s


def _opening(scenario: Scenario, wave: Wave, opens_s: float) -> Scenario:
    waves = tuple(replace(w, opens_s=opens_s) if w.name == wave.name else w for w in scenario.plan.waves)
    return replace(scenario, plan=replace(scenario.plan, waves=waves))


def _slack_s(question: Question, scenario: Scenario) -> float:
    """How long before the deadline everything is home, as surely as was asked."""
    answers = played([PlannedRuns(scenario, question.runs_tried)], workers=1)[0]
    end_s = holds_from([answer.home_s for answer in answers], question.sure)
    return -inf if end_s is None else question.within_s - end_s
