"""The verdict: short, right, and its condition is what a dense sweep finds."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from failback.reprotect import Wave
from failback.scenarios.files.applications import Application
from failback.scenarios.files.calibration import Calibration
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, Scenario, Target
from failback.scenarios.predictions.answer_data import as_dict
from failback.scenarios.predictions.answered import Answered, answered
from failback.scenarios.predictions.assumptions import SLOW_LINE, Case
from failback.scenarios.predictions.broken_promises import broken_promises
from failback.scenarios.predictions.condition import Of
from failback.scenarios.predictions.cutover import application_downs
from failback.scenarios.predictions.figures import figures
from failback.scenarios.predictions.helps_tile import helps_tile
from failback.scenarios.predictions.missed_tile import missed_tile
from failback.scenarios.predictions.page import write_pages
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, Question
from failback.scenarios.predictions.verdict import WORDS_MAX, verdict
from failback.scenarios.predictions.ways_played import PlannedRuns, played
from failback.scenarios.study.variants import varied
from failback.scenarios.text.spans import span_words

DRILL = load_scenario(resolve("first_drill_modernised"))
ONE_VM = load_scenario(resolve("one_vm"))
FRIDAY = datetime(2026, 6, 5, 18, tzinfo=UTC)


def asked(scenario: Scenario, hours: float, runs: int = 8) -> Prediction:
    return predict(Question(scenario, FRIDAY, FRIDAY + timedelta(hours=hours), 0.9, runs))


def in_time(found: Prediction, case: Case) -> bool:
    question = found.question
    runs = played([PlannedRuns(case.applied(question.scenario), question.runs_tried)])[0]
    return all(run.home_s is not None and run.home_s <= question.within_s for run in runs)


def test_the_condition_is_what_a_dense_sweep_finds() -> None:
    found = asked(DRILL, 9.0)
    assert found.condition is not None
    assert found.condition.of is Of.CHANGED
    share = found.condition.share
    swept = [n / 50 for n in range(51) if in_time(found, Case("", "", changed=n / 50))]
    assert max(swept) == pytest.approx(share, abs=0.02)
    assert verdict(found) == (
        f"Only if less than {share * 100:.0f} % of the data changed and the link gives its full "
        "500 Mbit/s; measure both first."
    )
    assert answered(found) is Answered.ONLY_IF


def test_a_condition_on_the_line_is_what_a_dense_sweep_finds() -> None:
    found = asked(DRILL, 16.0)
    assert found.condition is not None
    assert found.condition.of is Of.LINE
    shares = [SLOW_LINE + n / 100 for n in range(51)]
    swept = [line for line in shares if in_time(found, Case("", "", changed=1.0, line_share=line))]
    assert min(swept) == pytest.approx(found.condition.share, abs=0.02)
    assert "unless all data changed and the link gives less than" in verdict(found)
    assert "of its 500 Mbit/s; measure it in a pilot." in verdict(found)
    measured = next(note for what, note, _ in figures(found) if what == "Measure first")
    assert measured == "a pilot that measures how much data changed"


def test_a_condition_never_asks_for_more_than_the_whole_line() -> None:
    found = asked(DRILL, 11.92)
    assert found.condition is not None
    assert (found.condition.of, round(found.condition.share, 1)) == (Of.LINE, 1.0)
    assert "the link gives less than its 500 Mbit/s" in verdict(found)


def test_yes_is_for_every_case_and_no_for_none() -> None:
    assert verdict(asked(DRILL, 100.0)).startswith("Yes: in time in every simulated case")
    assert answered(asked(DRILL, 100.0)) is Answered.YES
    no = asked(DRILL, 1.0)
    assert answered(no) is Answered.NO
    assert verdict(no).startswith("No: home ")


def test_a_machine_that_never_comes_home_makes_it_a_no_with_the_rule() -> None:
    machines = dict(DRILL.estate.virtual_machines)
    machines["sql-01"] = replace(machines["sql-01"], target="hyper-v")
    found = asked(replace(DRILL, estate=replace(DRILL.estate, virtual_machines=machines)), 100.0, runs=2)
    assert verdict(found) == "No: R15 stops sql-01 in every case."


def without_sql_01(homecoming: Homecoming | None = None) -> Prediction:
    vms = dict(DRILL.estate.virtual_machines)
    vms["sql-01"] = replace(vms["sql-01"], target="hyper-v")
    estate = replace(DRILL.estate, virtual_machines=vms)
    return asked(replace(DRILL, estate=estate, homecoming=homecoming or Homecoming()), 100.0, runs=4)


def test_where_one_machine_is_stopped_the_figures_are_those_of_the_others_and_name_it() -> None:
    found = without_sql_01()
    assert found.others is not None
    assert (found.others.stopped, len(found.others.machines)) == (("sql-01",), 11)
    home, latest, last_go, *_ = figures(found)
    assert home[0] == "Home, without the stopped machines, expected case"
    assert "11 of 12 machines, without sql-01" in home[2]
    assert "never" not in (home[1], latest[1], last_go[1])
    assert "none" not in (home[1], latest[1], last_go[1])
    ends_s = [max(i.home_s or 1e9 for i in a.items if i.item != "sql-01") for a in found.first.answers]
    assert found.others.end_s == max(ends_s)
    assert found.others.latest is not None
    early_s = (FRIDAY + timedelta(hours=100) - found.others.latest).total_seconds()
    assert 0 <= early_s - max(ends_s) < 60, "cut to the minute"


def test_the_others_are_in_the_json_and_absent_where_all_or_none_come_home() -> None:
    whole = as_dict(without_sql_01())
    data = whole["others"]
    assert "without sql-01, 11 of 12 machines are home by " in whole["sentence"]
    assert data["stopped"] == ["sql-01"]
    assert data["in_time"]["met"] == 4
    assert data["latest_start"] < "2026-06-10"
    assert as_dict(asked(DRILL, 100.0, runs=2))["others"] is None
    alone = {name: replace(vm, target="hyper-v") for name, vm in DRILL.estate.virtual_machines.items()}
    nobody = asked(replace(DRILL, estate=replace(DRILL.estate, virtual_machines=alone)), 100.0, runs=2)
    assert nobody.others is None


def test_a_target_that_only_a_stopped_machine_misses_is_said_to_be_kept_by_the_others() -> None:
    for limit_s, words in ((1e9, "without them, the target is met"), (1.0, "without them, the target is missed too")):
        tile = missed_tile(without_sql_01(Homecoming(targets=(Target("", downtime_s=limit_s),))))
        assert any(words in note for _, note in tile.notes), tile


def test_what_helps_a_stopped_machine_is_to_remove_what_stops_it() -> None:
    tile = helps_tile(without_sql_01())
    assert tile.words.startswith("remove what stops machines first")


def test_a_broken_promise_stands_beside_the_verdict_with_its_numbers() -> None:
    home = Homecoming(targets=(Target("web", downtime_s=1.0), Target("db", home_within_s=1e9)))
    found = asked(replace(DRILL, homecoming=home), 100.0, runs=4)
    assert list(broken_promises(found)) == [
        "web: down at most 1 s, but 11 min; met in 0 of 4 runs of the expected case; missed in 6 of 6 cases"
    ]


def test_a_condition_on_the_scan_is_what_a_dense_sweep_finds() -> None:
    """One machine on a wide line: how much changed moves nothing, how fast its disks are read decides."""
    line = replace(ONE_VM.estate.link, bandwidth_mbit_per_s=100_000.0)
    wide = replace(ONE_VM, estate=replace(ONE_VM.estate, link=line))
    found = asked(wide, (asked(wide, 100.0, runs=1).first.sure_s or 0.0) / 3600 * 1.2, runs=1)
    assert found.condition is not None
    assert found.condition.of is Of.SCAN
    rate, question = wide.site.scan_mib_per_s, found.question
    swept = []
    for n in range(25, 101):
        slower = replace(question.scenario, site=replace(question.scenario.site, scan_mib_per_s=rate * n / 50))
        end_s = played([PlannedRuns(slower, 1)])[0][0].home_s
        swept += [n / 50] if end_s is not None and end_s <= question.within_s else []
    assert min(swept) == pytest.approx(found.condition.share, abs=0.02)
    assert f"read at {found.condition.share * rate:.3g} MiB/s or more; measure it in a pilot." in verdict(found)
    assert "a pilot that measures how fast disks are read" in {how_much for _, how_much, _ in figures(found)}


def test_what_the_error_of_a_fit_leaves_open_is_a_condition() -> None:
    fitted = Calibration(date(2026, 5, 1), "failback", 240, changed_between=(0.0, 1.0))
    line = replace(ONE_VM.estate.link, bandwidth_mbit_per_s=20.0)
    found = asked(replace(ONE_VM, calibration=fitted, estate=replace(ONE_VM.estate, link=line)), 4.0, runs=1)
    assert found.condition is not None
    assert found.condition.tried[0][1] < found.question.within_s < found.condition.tried[-1][1]
    assert "of the data changed; measure it in a pilot." in verdict(found)


@pytest.mark.parametrize(
    ("hours", "first"), [(1.0, "No: home "), (9.0, "Only if less than "), (100.0, "Yes, all home in time.")]
)
def test_yes_or_no_comes_first_and_the_missed_target_beside_it(hours: float, first: str) -> None:
    words = verdict(
        asked(replace(DRILL, homecoming=Homecoming(targets=(Target("web", downtime_s=1.0),))), hours, runs=2)
    )
    assert words.startswith(first)
    assert words.endswith(". Target missed: web down at most 1 s, expected 11 min.")
    assert len(words.split()) <= WORDS_MAX


@pytest.mark.parametrize("hours", [1.0, 5.0, 9.0, 16.0, 100.0])
def test_no_verdict_has_more_than_twenty_five_words(hours: float) -> None:
    assert len(verdict(asked(DRILL, hours, runs=2)).split()) <= WORDS_MAX


def test_a_case_that_is_late_as_assumed_is_never_said_to_be_late_only_on_a_condition() -> None:
    """A link on which the scenario's share of changed data is a little too much."""
    late = asked(varied(DRILL, {"bandwidth": 50.0}), 8.0, runs=2)
    words = verdict(late)
    assert words.startswith("Late as assumed; in time only if less than ")
    assert words.endswith(" of the data changed and the link gives its full 50 Mbit/s; measure both.")
    assert len(words.split()) == WORDS_MAX


def test_the_figures_say_what_each_range_is_of() -> None:
    notes = {what: note for what, _, note in figures(asked(DRILL, 9.0, runs=2))}
    assert re.search(
        r"in 90 % of the runs, everything is home by then; over all cases: Fri [\d:]+ to Sat [\d:]+$",
        notes["All home, expected case"],
    )
    assumed = r"; assumed: \d+ % of the data changed in Azure, the link gives its full \d+ Mbit/s; in 90 % of the runs"
    assert re.search(assumed, notes["All home, expected case"])
    assert notes["Latest go/no-go decision"].startswith("the last moment to shut down a machine in Azure and still be ")
    assert notes["Measure first"].startswith("narrows the end from “Fri ")
    assert notes["Measure first"].endswith("”, if it confirms the assumption")


def test_a_range_that_is_none_says_that_it_does_not_hang_on_the_assumptions() -> None:
    """Where nothing has to cross the link, neither the data nor the link changes the end."""
    found = asked(DRILL, 9.0, runs=2)
    same = replace(
        found, cases=(found.first, *(replace(case, answers=found.first.answers) for case in found.cases[1:]))
    )
    notes = {what: note for what, _, note in figures(same)}
    assert notes["All home, expected case"].endswith(
        "the same in every case: it does not depend on how much data changed or on the bandwidth of the link"
    )


def test_the_downtime_of_an_application_is_that_of_all_its_machines_and_that_of_a_machine_is_called_so(
    tmp_path: Path,
) -> None:
    names = tuple(DRILL.estate.virtual_machines)
    shop = replace(DRILL, applications=(Application("shop", names),))
    found = asked(shop, 9.0, runs=2)
    moves = [(item.failback_s, item.downtime_s) for item in found.middle.items]
    begun = [(begin, begin + down) for begin, down in moves if begin is not None]
    whole_s = max(end for _, end in begun) - min(begin for begin, _ in begun)
    write_pages(found, tmp_path / "whole")
    text = (tmp_path / "whole/answer.md").read_text("utf-8")
    assert f"and an application for {span_words(whole_s)} at most (shop: from the shutdown of its first machine" in text
    assert "a machine is down for 11 min at most" in text
    first, *rest = names
    waves = (Wave("one", (first,)), Wave("two", tuple(rest)))
    apart = asked(replace(shop, plan=replace(shop.plan, waves=waves, recovery_plans=())), 12.0, runs=2)
    write_pages(apart, tmp_path / "apart")
    (down,) = application_downs(apart.question.scenario, [apart.middle])
    assert down.down_s is not None
    told = (tmp_path / "apart/answer.md").read_text("utf-8")
    assert f"an application for {span_words(down.down_s[1])} at most" not in told, "between its waves nothing is down"
    assert "of its last in the same wave)" in told
    write_pages(asked(DRILL, 9.0, runs=2), tmp_path / "none")
    assert "an application for" not in (tmp_path / "none/answer.md").read_text("utf-8")


def test_where_one_machine_is_stopped_nobody_says_that_nothing_came_home() -> None:
    name, machine = next(iter(DRILL.estate.virtual_machines.items()))
    vms = dict(DRILL.estate.virtual_machines) | {name: replace(machine, target="hyper-v")}
    stopped = replace(DRILL, estate=replace(DRILL.estate, virtual_machines=vms))
    notes = {what: how_much for what, how_much, _ in figures(asked(stopped, 9.0, runs=2))}
    assert notes["Bottleneck"] == "not everything came home"
