"""The levers that a scenario names: tried, told with their lead time, and named where they would come too late."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, Lever, ManualStep, Scenario, Shift, Target
from failback.scenarios.outcomes.answers import answer
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.predictions.axis import text_width
from failback.scenarios.predictions.broken_promises import broken_promises
from failback.scenarios.predictions.case_rows import case_rows
from failback.scenarios.predictions.curve import curve
from failback.scenarios.predictions.fan import fan
from failback.scenarios.predictions.figures import figures
from failback.scenarios.predictions.lever_rows import lever_rows
from failback.scenarios.predictions.measurement_rows import measurement_rows
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, Question
from failback.scenarios.predictions.verdict import verdict
from failback.scenarios.study.variants import varied
from failback.scenarios.text.language import speaking
from failback.scenarios.text.plain_words import machines
from failback.scenarios.usage_error import UsageError
from failback.simulator import Duration

DRILL = load_scenario(resolve("first_drill_modernised"))
ONE_VM = load_scenario(resolve("one_vm"))
FRIDAY = datetime(2026, 6, 5, 18, tzinfo=UTC)
MONDAY = date(2026, 6, 1)
LEVERS = (
    Lever("an appliance by Thursday", appliances=2, lead_days=3),
    Lever("more line by autumn", bandwidth_mbit_per_s=1000.0, available_from=date(2026, 9, 1)),
    Lever("leave the databases", leaves_tiers=("db",)),
    Lever("begin at noon", starts_earlier_h=6.0),
    Lever("begin last week", starts_earlier_h=200.0),
)


def asked(scenario: Scenario, hours: float, runs: int = 1) -> Prediction:
    return predict(Question(scenario, FRIDAY, FRIDAY + timedelta(hours=hours), 0.9, runs, today=MONDAY))


@pytest.fixture(scope="module")
def late() -> Prediction:
    thin = varied(DRILL, {"bandwidth": 100.0})
    return asked(replace(thin, homecoming=Homecoming(levers=LEVERS)), 5.0)


def test_each_lever_says_from_when_it_can_be_had_and_what_it_gains(late: Prediction) -> None:
    rows = {row[0]: row[1:] for row in lever_rows(late)}
    assert rows["an appliance by Thursday"][0] == "from Thu 4 Jun 2026; order by Tue 2 Jun"
    assert rows["leave the databases"][0] == "at once"
    assert rows["begin at noon"][1].startswith("6 h sooner")


def test_a_lever_that_comes_too_late_is_named_as_such_and_never_tried(late: Prediction) -> None:
    assert [offer.words for offer in late.too_late] == ["more line by autumn", "begin last week"]
    rows = {row[0]: row[1:] for row in lever_rows(late)}
    assert rows["more line by autumn"][0] == "too late: from Tue 1 Sep 2026, but the way home begins Fri 18:00"
    assert set(rows["more line by autumn"][1:]) == {"too late"}
    assert "more line by autumn" not in {bought.purchase.words for bought in late.bought}


def test_fewer_machines_are_no_better_plan_for_all_of_them(late: Prediction) -> None:
    left = next(b for b in late.bought if b.purchase.words == "leave the databases")
    assert set(left.purchase.leaves) == {"sql-01", "sql-02", "pg-01", "pg-02"}
    assert late.best is None or late.best.purchase is not left.purchase


def test_a_lever_that_leaves_every_machine_in_azure_is_refused() -> None:
    tiers = tuple({vm.tier for vm in DRILL.estate.virtual_machines.values()})
    with pytest.raises(UsageError, match="'stay' leaves every machine in Azure"):
        asked(replace(DRILL, homecoming=Homecoming(levers=(Lever("stay", leaves_tiers=tiers),))), 5.0)


def test_where_few_are_late_leaving_them_in_azure_is_a_lever_of_its_own() -> None:
    in_waves = varied(DRILL, {"wave_size": 6})
    ends = sorted(item.home_s or 0.0 for item in answer(way_home(in_waves), in_waves.seed).items)
    found = asked(in_waves, (ends[-1] - 1.0) / 3600)
    assert 0 < len(found.late) <= 6
    left = found.bought[-1]
    assert left.purchase.words == f"{machines(len(found.late))} that would be late stay in Azure for now"
    assert left.in_time["expected"].value == 1


def test_a_machine_that_goes_home_at_night_and_waits_for_the_morning_shows_in_its_case() -> None:
    step = ManualStep("check", Duration(fixed_s=600.0))
    day = Shift("day", people=9, from_hour=8, to_hour=17)
    home = Homecoming(manual_steps=(step,), shifts=(day,), targets=(Target(downtime_s=3600.0),))
    found = asked(replace(ONE_VM, homecoming=home), 100.0)
    at_night = [case for case in found.cases if case.downtime.seconds > 8 * 3600]
    assert at_night
    assert all(case.broken for case in at_night)
    assert "all machines: down at most 1 h, but " in next(broken_promises(found))
    assert any(row[5].startswith(("8 h", "9 h", "10 h", "11 h", "12 h")) for row in case_rows(found))


def test_the_measurement_that_narrows_most_comes_first_and_says_by_how_much(late: Prediction) -> None:
    gains = [one.narrows_s for one in late.measurements]
    assert gains == sorted(gains, reverse=True)
    assert late.measurement is not None
    assert late.measurement.words == "a pilot that measures how much data changed"
    whole_s = (late.worst_case.sure_s or 0.0) - (late.best_case.sure_s or 0.0)
    known_s = sorted(case.sure_s or 0.0 for case in late.cases if case.case.name in ("expected", "slow line"))
    assert late.measurement.narrows_s == pytest.approx(whole_s - (known_s[1] - known_s[0]))
    assert "how much data of tier db changed" in {row[0].partition("measures ")[2] for row in measurement_rows(late)}


def test_every_range_of_ends_holds_the_end_that_is_told() -> None:
    """A range that is taken from fewer runs than the end would end before it."""
    found = asked(ONE_VM, 60.0, 20)
    assert found.measurements
    for one in found.measurements:
        assert one.before_s == (found.best_case.sure_s, found.worst_case.sure_s)
    assert any(one.after_s[1] == found.first.sure_s for one in found.measurements)


def test_words_of_the_axis_do_not_lie_on_one_another() -> None:
    """Dates are wide in Japanese."""
    with speaking("ja"):
        wide = fan(asked(DRILL, 9.0)).ticks
    assert [x for x, _ in wide] == sorted({x for x, _ in wide})
    ends = [x + 0.4 * text_width(words) * (1 if x > 20 else 2) for x, words in wide]
    starts = [x - 0.4 * text_width(words) for x, words in wide]
    assert len(wide) > 1
    assert all(start > end for end, start in zip(ends, starts[1:], strict=False))


def test_the_drawings_put_the_deadline_and_each_end_where_they_belong(late: Prediction) -> None:
    drawn = fan(late)
    for bar, case in zip(drawn.bars, late.cases, strict=True):
        assert bar.in_time == (bar.x + bar.width < drawn.deadline_x + 1) == ((case.sure_s or 0.0) <= 5 * 3600)
    hanging = asked(DRILL, 9.0)
    line = curve(hanging)
    assert line is not None
    assert hanging.condition is not None
    above = [y for (value, _), (_, y) in zip(hanging.condition.tried, line.points, strict=True) if y < line.deadline_y]
    assert len(above) == sum(seconds > 9 * 3600 for _, seconds in hanging.condition.tried)


@pytest.mark.parametrize("name", ['<b>&"quoted"</b>', "📦" * 10, "\u202eabc", "long " * 60])
def test_a_lever_may_have_any_name_and_the_verdict_stays_short(name: str) -> None:
    home = Homecoming(levers=(Lever(name, bandwidth_mbit_per_s=100_000.0),))
    thin = varied(replace(ONE_VM, homecoming=home), {"bandwidth": 5.0, "changed_fraction": 1.0})
    found = asked(thin, 2.0)
    assert len(verdict(found).split()) <= 25
    assert len(figures(found)) == 5
