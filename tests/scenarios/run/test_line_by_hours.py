"""A line that gives less by day and nothing for two hours: the resync is held up by just that."""

from dataclasses import replace

import pytest

from failback.reprotect import Link, Operation, Throttle, WorkingHours
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer, answer
from failback.scenarios.outcomes.busy import busy
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.run.player import play

STORY = load_scenario(resolve("line_gives_less_by_day"))
HOURS, WINDOW = STORY.estate.link.working_hours, STORY.estate.link.schedule
CUT_S = 7200.0


def on(hours: tuple[WorkingHours, ...] = (), window: tuple[Throttle, ...] = ()) -> Scenario:
    """The same story on a line with these limits."""
    link = replace(STORY.estate.link, working_hours=hours, schedule=window)
    return replace(STORY, estate=replace(STORY.estate, link=link))


def reprotected_s(scenario: Scenario) -> float:
    """When the last machine was protected to the site."""
    result = play(scenario)
    assert result.verdict == "as_expected"
    ends = [leg.end_s for leg in result.legs if leg.leg is Operation.REPROTECT_TO_ON_PREMISES]
    return max(end_s or 0.0 for end_s in ends)


def played(scenario: Scenario) -> Answer:
    return answer(way_home(scenario), scenario.seed)


def test_the_resync_is_held_up_by_the_working_hours_and_by_the_window_each() -> None:
    free_s, by_day_s, cut_s, both_s = (
        reprotected_s(scenario) for scenario in (on(), on(HOURS), on(window=WINDOW), STORY)
    )
    assert free_s < WINDOW[0].from_s  # on the whole line it would be over before the carrier comes
    assert free_s == cut_s
    assert free_s < by_day_s < both_s
    assert both_s == pytest.approx(by_day_s + CUT_S)
    assert both_s > 2 * free_s


def test_nothing_crosses_the_line_while_the_carrier_has_it() -> None:
    from_s, to_s = WINDOW[0].from_s, WINDOW[0].to_s or 0.0
    points = busy(way_home(STORY), STORY.seed)["link"]
    within = [load for at_s, load, _ in points if from_s <= at_s < to_s]
    assert set(within) == {0.0}
    assert any(load > 0 for at_s, load, _ in points if at_s >= to_s)


def test_a_window_counts_from_the_start_of_the_way_home_as_waves_and_faults_do() -> None:
    window = (Throttle(0.0, from_s=1800.0, to_s=1800.0 + CUT_S),)
    free, cut = played(on()), played(on(window=window))
    assert cut.home_s == pytest.approx((free.home_s or 0.0) + CUT_S, abs=1.0)


@pytest.mark.parametrize("from_s", [1800.0, 80_000.0])
def test_a_window_of_every_day_counts_from_there_too_and_runs_over_midnight(from_s: float) -> None:
    link = Link(100.0, schedule=(Throttle(0.0, from_s=from_s, to_s=from_s + 6000.0, every_s=86_400.0),))
    scenario = replace(STORY, estate=replace(STORY.estate, link=link))
    points = busy(way_home(scenario), scenario.seed)["link"]
    assert all(room == 0.0 for at_s, _, room in points if from_s <= at_s % 86_400.0 < from_s + 6000.0)
