"""The dated answer: a range where nothing is calibrated, the same answer every time, and a page of its own."""

import json
import re
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import failback
from failback.reprotect import Phase, in_phases
from failback.scenarios.cli import run
from failback.scenarios.files.applications import Application
from failback.scenarios.files.calibration import Calibration
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, ManualStep, Prices, Scenario, Shift, Target
from failback.scenarios.outcomes.answers import answer, down_in
from failback.scenarios.outcomes.busy import busy, busy_until_home, busy_words, until
from failback.scenarios.outcomes.server_batches import server_batches
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.predictions.assumptions import CASES, HEADING
from failback.scenarios.predictions.chance_words import chance_words
from failback.scenarios.predictions.gains import sooner
from failback.scenarios.predictions.helps_tile import helps_tile
from failback.scenarios.predictions.latest_start import depends_on_start, latest_start
from failback.scenarios.predictions.levers import key_of, levers, missing
from failback.scenarios.predictions.page import write_pages
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, PurchaseEffect, Question
from failback.scenarios.predictions.promises import kept
from failback.scenarios.predictions.purchases import purchases
from failback.scenarios.predictions.sentence import sentence
from failback.scenarios.predictions.stop_words import stops_words
from failback.scenarios.predictions.suggested_plan import suggested_plan
from failback.scenarios.predictions.sure_words import few_words
from failback.scenarios.predictions.verdict import verdict
from failback.scenarios.study.variants import varied
from failback.scenarios.text.local_time import after, seconds_between
from failback.scenarios.text.spans import span_words
from failback.simulator import Duration

ONE_VM = load_scenario(resolve("one_vm"))
DRILL = load_scenario(resolve("first_drill_modernised"))
FRIDAY = datetime(2026, 6, 5, 18, tzinfo=UTC)


def question(scenario: Scenario, hours: float, runs: int = 2) -> Prediction:
    return predict(Question(scenario, FRIDAY, FRIDAY + timedelta(hours=hours), 0.9, runs))


@pytest.fixture(scope="module")
def crowded() -> Prediction:
    """Twelve machines on a line that is too thin for the worst case, with one person who checks."""
    step, shift = ManualStep("check", Duration(fixed_s=600.0)), Shift("always", people=1)
    targets, prices = (Target(downtime_s=60.0), Target(home_within_s=1e9)), Prices(machine_per_h=1.0)
    home = Homecoming(manual_steps=(step,), shifts=(shift,), targets=targets, prices=prices)
    return question(varied(replace(DRILL, homecoming=home), {"bandwidth": 200.0}), 12.0)


def test_what_is_not_calibrated_gives_a_range_and_no_single_percentage(crowded: Prediction) -> None:
    shares = {case.case.name: case.in_time.value for case in crowded.cases}
    assert set(shares) == {case.name for case in CASES}
    assert (min(shares.values()), max(shares.values())) == (0.0, 1.0)
    assert "%" not in chance_words(crowded)
    assert HEADING in sentence(crowded)


def test_a_calibrated_answer_says_one_share_with_its_sampling_error() -> None:
    scenario = replace(ONE_VM, calibration=Calibration(date(2026, 5, 1), "failback", 240))
    found = question(scenario, 60.0, runs=3)
    assert sentence(found).startswith("Simulation, calibrated 2026-05-01 on 240 steps of earlier runs: starting on")
    assert [case.case.name for case in found.cases] == ["calibrated"]
    assert chance_words(found) == "in 3 of 3 runs"


def test_what_the_fit_of_the_share_that_differs_leaves_open_is_shown_apart(tmp_path: Path) -> None:
    fitted = Calibration(date(2026, 5, 1), "failback", 240, changed_between=(0.0, 1.0))
    line = replace(ONE_VM.estate.link, bandwidth_mbit_per_s=20.0)
    scenario = replace(ONE_VM, calibration=fitted, estate=replace(ONE_VM.estate, link=line))
    found = question(scenario, 4.0, runs=3)
    assert [case.case.name for case in found.cases] == ["calibrated", "fewer blocks", "more blocks"]
    fitted_s, fewer_s, more_s = (case.sure_s or 0.0 for case in found.cases)
    assert 0.0 < fewer_s < fitted_s < more_s
    assert "; 2 of 2 if 0 % of the blocks differ: two standard errors below" in chance_words(found)
    assert ", 0 of 2 if 100 % of the blocks differ: two standard errors above" in chance_words(found)
    assert all(list(bought.sooner_s) == ["calibrated"] for bought in found.bought)
    write_pages(found, tmp_path)
    assert "the error of the fitted changed share" in (tmp_path / "answer.md").read_text("utf-8")


def test_a_calibration_that_does_not_know_how_much_differs_gives_a_range_and_says_so(tmp_path: Path) -> None:
    scenario = replace(ONE_VM, calibration=Calibration(date(2026, 5, 1), "failback", 240, changed_known=False))
    found = question(scenario, 60.0)
    text = "calibrated 2026-05-01 on 240 steps of earlier runs, but how much differs is assumed"
    assert sentence(found).startswith(f"Simulation, {text}: starting on")
    assert [case.case.name for case in found.cases] == [case.name for case in CASES]
    moved = {move.lever.name for move in found.moves}
    assert "blocks that differ" in moved
    assert "durations of jobs" not in moved
    write_pages(found, tmp_path)
    assert "Job durations were fitted to earlier runs" in (tmp_path / "answer.html").read_text("utf-8")


def test_the_more_differs_and_the_less_the_line_gives_the_later_all_are_home(crowded: Prediction) -> None:
    takes = {case.case.name: case.sure_s or 0.0 for case in crowded.cases}
    assert takes["nothing"] <= takes["expected"] < takes["all"] < takes["all, slow line"]


def test_the_latest_start_is_as_long_before_the_end_as_the_way_home_takes(crowded: Prediction) -> None:
    assert crowded.latest is not None
    assert 0 <= seconds_between(crowded.latest, crowded.question.by) - (crowded.first.sure_s or 0.0) < 60


def test_the_last_go_lies_between_the_latest_start_and_the_end(crowded: Prediction) -> None:
    assert crowded.latest is not None
    assert crowded.last_go is not None
    assert crowded.latest < crowded.last_go < crowded.question.by


def test_every_lever_was_played_in_the_expected_case_and_in_a_late_one_and_the_best_one_gains_most(
    crowded: Prediction,
) -> None:
    assert [bought.purchase.name for bought in crowded.bought] == ["appliances", "bandwidth", "people"]
    assert all(set(bought.sooner_s) == {"expected", "all"} for bought in crowded.bought)
    assert crowded.best is not None
    gains = [bought.sooner_s["all"] or 0.0 for bought in crowded.bought]
    assert crowded.best.sooner_s["all"] == max(gains)


def test_what_binds_sums_to_the_way_home(crowded: Prediction) -> None:
    mean_s = sum(answer.home_s or 0.0 for answer in crowded.first.answers) / len(crowded.first.answers)
    assert sum(crowded.bottleneck.values()) == pytest.approx(mean_s)


def test_the_line_is_never_more_than_full_and_full_for_most_of_the_time_in_which_it_binds(crowded: Prediction) -> None:
    run = crowded.middle
    points = until(busy(way_home(crowded.first.case.applied(crowded.question.scenario)), run.seed), run.home_s or 0.0)[
        "link"
    ]
    assert all(0 <= load <= room * (1 + 1e-9) for _, load, room in points)
    until_s = [at_s for at_s, _, _ in points[1:]] + [run.home_s or 0.0]
    full_s = sum(end_s - at_s for (at_s, load, room), end_s in zip(points, until_s, strict=True) if load > 0.99 * room)
    assert full_s > 0.8 * crowded.middle.causes["link"]


def test_parts_are_watched_until_all_are_home_and_the_line_has_names_for_both_ways() -> None:
    parts = busy_until_home(ONE_VM)
    assert set(parts) == {"link, homeward", "link, to Azure"}
    home_s = answer(way_home(ONE_VM), ONE_VM.seed).home_s or 0.0
    assert 0 < max(at_s for points in parts.values() for at_s, _, _ in points) <= home_s


def test_how_full_a_part_was_is_told_by_the_time_that_it_was() -> None:
    parts = {"line": [(0.0, 0.0, 10.0), (60.0, 10.0, 10.0), (90.0, 5.0, 10.0)], "store": [(120.0, 0.0, 10.0)]}
    assert busy_words(parts).startswith("Line: 38 % used on average, full for 25 % of the time.")


def test_promises_are_judged_per_tier_with_their_sampling_error(crowded: Prediction) -> None:
    assert [(row.promise, row.share.met) for row in crowded.promises] == [
        ("down at most 1 min", 0),
        ("home within 11574 days 1 h of the start", 2),
    ]


def test_the_stay_costs_more_the_longer_it_lasts(crowded: Prediction) -> None:
    assert crowded.costs is not None
    by_case = dict(zip((case.case.name for case in crowded.cases), crowded.costs, strict=True))
    assert (by_case["all"] or 0.0) > (by_case["nothing"] or 0.0) > 0.0


def test_whoever_is_late_is_named_the_latest_first() -> None:
    found = question(DRILL, 1.0)
    assert {late.item for late in found.late} == set(DRILL.estate.virtual_machines)
    late_s = [late.late_s or 0.0 for late in found.late]
    assert late_s == sorted(late_s, reverse=True)


def test_machines_that_never_come_home_are_late_with_the_reason(tmp_path: Path) -> None:
    found = question(load_scenario(resolve("master_target_snapshot")), 60.0, runs=1)
    assert found.first.sure_at is None
    assert found.latest is None
    assert any(late.late_s is None and late.stopped_by for late in found.late)
    assert "everything comes home in fewer than 90 % of the runs" in sentence(found)
    assert next(iter(found.stops)) == "R04"
    assert (
        stops_words(found.first)
        == "R04 (no snapshot on the master target), which keeps machines from coming home at all"
    )
    write_pages(found, tmp_path)
    assert "never home, stopped by R04" in (tmp_path / "answer.md").read_text("utf-8")


def test_where_every_machine_is_home_already_no_bottleneck_is_made_up(tmp_path: Path) -> None:
    names = dict.fromkeys(ONE_VM.estate.virtual_machines, Phase.FAILBACK_COMMITTED)
    found = question(replace(ONE_VM, estate=in_phases(ONE_VM.estate, names)), 60.0, runs=1)
    assert "; no machine is left to bring home; " in sentence(found)
    write_pages(found, tmp_path)
    text = (tmp_path / "answer.md").read_text("utf-8")
    assert "**Bottleneck:** none (no machine is left to bring home)" in text
    assert "In this plan, no machine comes home through a server." in text
    assert not [words for words in ("something unnamed", "nothing came home", "0 machines", "()") if words in text]


def test_the_best_purchase_is_said_to_save_a_case_that_is_late_without_it() -> None:
    found = question(varied(DRILL, {"bandwidth": 100.0}), 40.0)
    late = {case.case.name for case in found.cases if case.in_time.value == 0}
    assert "all" in late
    assert found.best is not None
    assert found.best.in_time["all"].value == 1
    assert " in time; " in dict(helps_tile(found).notes)["Or"]
    assert "late case" in dict(helps_tile(found).notes)["Or"]


def test_the_same_question_has_the_same_answer() -> None:
    assert sentence(question(ONE_VM, 10.0)) == sentence(question(ONE_VM, 10.0))


def test_a_suggested_plan_was_simulated_and_is_shorter() -> None:
    thin = varied(DRILL, {"bandwidth": 20.0, "changed_fraction": 1.0})
    found = suggested_plan(thin, 1.0, 0.9, 1)
    assert found.taken
    assert (found.after_s or 0.0) < (found.before_s or 0.0)
    lengths = [step.home_s or 0.0 for step in found.taken]
    assert lengths == sorted(lengths, reverse=True)


def test_only_what_a_scenario_has_can_be_bought() -> None:
    assert [offer.name for offer in purchases(DRILL)] == ["appliances", "bandwidth"]
    assert [offer.name for offer in purchases(ONE_VM)] == ["master_targets", "process_servers", "bandwidth"]


def test_an_appliance_that_is_there_and_not_well_is_repaired_before_another_is_added() -> None:
    (first,) = DRILL.estate.appliances.values()
    boxes = {first.name: first, "box-2": replace(first, name="box-2", healthy=False)}
    ill = replace(DRILL, estate=replace(DRILL.estate, appliances=boxes))
    repair, bandwidth = purchases(ill)
    assert (repair.words, bandwidth.name) == ("repair box-2", "bandwidth")
    well = repair.applied(ill)
    assert all(box.healthy is True for box in well.estate.appliances.values())
    assert all(row.machines for row in server_batches(well)), "it is used"
    assert next(offer.words for offer in purchases(well)) == "a third appliance"


# The latest start where people are not always there

OFFICE = Homecoming(
    manual_steps=(ManualStep("check", Duration(fixed_s=600.0)),), shifts=(Shift("day", from_hour=8, to_hour=17),)
)


def test_the_start_matters_only_where_people_are_not_always_there() -> None:
    assert not depends_on_start(DRILL)
    assert not depends_on_start(replace(DRILL, homecoming=replace(OFFICE, shifts=(Shift("always"),))))
    assert depends_on_start(replace(DRILL, homecoming=OFFICE))


def test_where_the_start_matters_the_latest_one_is_found_by_trying() -> None:
    def until_nine(start: datetime) -> float:
        """Whoever begins before eight is done at nine; later it takes until the next morning."""
        nine = start.replace(hour=9, minute=0)
        return seconds_between(start, nine if start.hour < 8 else nine + timedelta(days=1))

    by = datetime(2026, 6, 8, 9, 30, tzinfo=UTC)
    found = latest_start(by, FRIDAY, until_nine(FRIDAY), until_nine)
    assert found is not None
    assert after(found, until_nine(found)) <= by
    assert datetime(2026, 6, 8, 7, 45, tzinfo=UTC) <= found < datetime(2026, 6, 8, 8, tzinfo=UTC)


def test_the_latest_start_is_found_to_a_quarter_of_an_hour_however_far_the_end_is() -> None:
    looked = []

    def takes(start: datetime) -> float:
        looked.append(start)
        return 7200.0

    by = FRIDAY + timedelta(days=4000, hours=5)
    found = latest_start(by, FRIDAY, 7200.0, takes)
    assert found is not None
    assert timedelta(0) <= by - found - timedelta(hours=2) <= timedelta(minutes=16)
    assert len(looked) < 14


def test_where_the_start_matters_the_page_names_one_latest_start_and_no_other(tmp_path: Path) -> None:
    shift = Shift("day", from_hour=8, to_hour=17)
    office = replace(ONE_VM, homecoming=replace(OFFICE, shifts=(shift,)))
    found = question(office, 24.0, runs=1)
    assert found.latest is not None
    assert [found.latest_in(case) for case in found.cases] == [found.latest, *[None] * 5]
    write_pages(found, tmp_path)
    assert (tmp_path / "answer.md").read_text("utf-8").count("not searched") == 5


def test_the_latest_start_is_early_enough_where_the_first_one_was_too_late() -> None:
    found = latest_start(FRIDAY, FRIDAY - timedelta(hours=1), 7200.0, lambda _: 7200.0)
    assert found is not None
    assert timedelta(hours=2) <= FRIDAY - found < timedelta(hours=2, minutes=31)


@pytest.mark.parametrize(
    ("gain_s", "message"),
    [
        (None, "never home"),
        (59.0, "no difference"),
        (-59.0, "no difference"),
        (5400.0, "1 h 30 min"),
        (-5400.0, "1 h 30 min later"),
    ],
)
def test_what_a_purchase_gains_or_costs_is_said_in_hours(gain_s: float | None, message: str) -> None:
    offer = purchases(DRILL)[0]
    assert sooner(PurchaseEffect(offer, {"expected": gain_s}, {}), "expected") == message


@pytest.mark.parametrize(
    ("limit_s", "message"), [(7200.0, "2 h"), (1800.0, "30 min"), (1.0, "1 s"), (10_000.0, "2 h 46 min")]
)
def test_a_promise_is_told_as_people_write_one(limit_s: float, message: str) -> None:
    home = Homecoming(targets=(Target(downtime_s=limit_s),))
    (row,) = kept(replace(ONE_VM, homecoming=home), [answer(way_home(ONE_VM), 1)])
    assert row.promise == f"down at most {message}"


def test_an_application_with_a_downtime_of_its_own_is_judged_as_a_whole_by_that_and_its_tier_without_it() -> None:
    first, second, *rest = names = list(DRILL.estate.virtual_machines)
    shop = Application("shop", (first, second), downtime_s=36_000.0)
    home = Homecoming(targets=(Target(downtime_s=1.0, home_within_s=1.0),))
    scenario = replace(DRILL, homecoming=home, applications=(shop,))
    run = answer(way_home(scenario), 1)
    down = down_in(scenario, shop, run)
    assert down is not None
    *of_tier, own = kept(scenario, [run])
    assert [(row.tier, row.promise, row.machines) for row in of_tier] == [
        ("the other machines", "down at most 1 s", frozenset(rest)),
        ("all machines", "home within 1 s of the start", frozenset(names)),
    ]
    assert (own.tier, own.promise, own.measured_s) == ("application shop", "down at most 10 h", down.longest_s)
    assert (of_tier[0].share.met, own.share.met) == (0, 1)


def test_a_tier_of_which_each_application_has_a_downtime_of_its_own_has_none_to_keep() -> None:
    shop = Application("shop", tuple(ONE_VM.estate.virtual_machines), downtime_s=1.0)
    home = Homecoming(targets=(Target(downtime_s=1.0),))
    (row,) = kept(replace(ONE_VM, homecoming=home, applications=(shop,)), [answer(way_home(ONE_VM), 1)])
    assert (row.tier, row.share.met) == ("application shop", 0)


# What moves the end


def test_each_assumption_and_purchase_moves_the_end_alone_the_widest_first(crowded: Prediction) -> None:
    moves = {move.lever.name: move for move in crowded.moves}
    assert set(moves) == {
        "blocks that differ",
        "network line",
        "reading of the disks",
        "durations of jobs",
        "appliances",
        "people",
    }
    widths = [move.width_h for move in crowded.moves]
    assert widths == sorted(widths, reverse=True)
    assert moves["blocks that differ"].low_h <= moves["blocks that differ"].base_h < moves["blocks that differ"].high_h
    assert moves["network line"].low_h > moves["network line"].base_h >= moves["network line"].high_h
    assert all(moves[name].low_h == moves[name].base_h for name in ("appliances", "people"))


def test_what_is_calibrated_does_not_move() -> None:
    scenario = replace(DRILL, calibration=Calibration(date(2026, 5, 1), "failback", 240))
    assert [lever.name for lever in levers(scenario, purchases(scenario))] == ["network line", "appliances"]


def test_of_what_moves_the_end_only_ends_are_played_that_no_case_and_no_purchase_was() -> None:
    offers = purchases(DRILL)
    known = {key_of(case.values(DRILL)): () for case in CASES} | {key_of(offer.values): () for offer in offers}
    assert [set(end) for end in missing(levers(DRILL, offers), known)] == [
        {"scan_mib_per_s"},
        {"scan_mib_per_s"},
        {"duration_factor"},
        {"duration_factor"},
    ]


# How many runs


@pytest.mark.parametrize(
    ("machines", "sure", "runs"),
    [(1, 0.9, 60), (60, 0.9, 33), (60, 0.99, 60), (200, 0.9, 10), (500, 0.9, 10), (500, 0.99, 10), (10_000, 0.9, 4)],
)
def test_many_machines_have_few_runs_but_enough_to_tell_the_share_while_that_is_affordable(
    machines: int, sure: float, runs: int
) -> None:
    (vm,) = ONE_VM.estate.virtual_machines.values()
    estate = replace(ONE_VM.estate, virtual_machines={f"vm-{n}": vm for n in range(machines)})
    question = Question(replace(ONE_VM, estate=estate), FRIDAY, FRIDAY + timedelta(hours=60), sure)
    assert question.runs_first == runs
    assert 1 <= question.runs_tried <= question.runs_other <= question.runs_first
    assert replace(question, runs=3).runs_first == 3


# The words


def test_the_sentence_says_in_which_cases_it_is_in_time_and_in_which_not(crowded: Prediction) -> None:
    always, _, never = chance_words(crowded).partition(", in none if ")
    assert "in every run if nothing changed or changes are as in the scenario with full bandwidth" in always
    assert never == "changes are as in the scenario with half bandwidth or everything changed"


def test_where_all_cases_agree_the_sentence_says_so_once() -> None:
    found = question(replace(ONE_VM, homecoming=OFFICE), 240.0, runs=1)
    assert chance_words(found) == "in every run of every case"
    assert "and in every other case too" in sentence(found)
    assert chance_words(question(ONE_VM, 0.1, runs=1)) == "in no run of any case"


def test_of_few_runs_the_sentence_names_no_percentage_but_all_of_them(crowded: Prediction) -> None:
    assert "in all 2 runs of the expected case everything is home by" in sentence(crowded)
    assert "If a row has fewer than 10 runs, its slowest run stands for 90 %." in few_words(crowded)


def test_chance_and_not_knowing_are_said_apart_in_hours(crowded: Prediction) -> None:
    runs_s = sorted(answer.home_s or 0.0 for answer in crowded.first.answers)
    cases_s = sorted(case.sure_s or 0.0 for case in crowded.cases)
    text = few_words(crowded)
    assert f"the runs of the expected case take {span_words(runs_s[0])} to {span_words(runs_s[-1])}." in text
    assert f"the cases take {span_words(cases_s[0])} to {span_words(cases_s[-1])}," in text


def test_the_page_of_a_calibrated_answer_speaks_of_earlier_runs_and_of_how_sure_was_asked(tmp_path: Path) -> None:
    scenario = replace(ONE_VM, calibration=Calibration(date(2026, 5, 1), "failback", 240))
    write_pages(predict(Question(scenario, FRIDAY, FRIDAY + timedelta(hours=60), 0.995, 1)), tmp_path)
    html = (tmp_path / "answer.html").read_text("utf-8")
    assert "Job durations were fitted to earlier runs" in html
    assert "published recordings" not in html
    assert "everything is home in 99.5 % of the runs of its case" in html


def test_a_latest_start_that_is_past_is_said_to_be() -> None:
    assert "before the requested start" in sentence(question(DRILL, 1.0))


# The page


def test_the_page_needs_nothing_else_and_says_that_it_is_a_simulation(crowded: Prediction, tmp_path: Path) -> None:
    write_pages(crowded, tmp_path)
    html, markdown = ((tmp_path / name).read_text("utf-8") for name in ("answer.html", "answer.md"))
    assert re.findall(r'(?:src|href)="(?!data:)', html) == []
    assert html.count("<svg viewBox") == 2
    assert sentence(crowded) in markdown
    for text in (html, markdown):
        assert verdict(crowded) in text
        assert "imulation" in text
        assert HEADING in text


def test_the_page_has_its_pictures_without_matplotlib_and_no_hint_to_install_anything(
    crowded: Prediction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    write_pages(crowded, tmp_path)
    html = (tmp_path / "answer.html").read_text("utf-8")
    assert html.count("<svg viewBox") == 2
    assert "pip install" not in html


def test_paper_gets_tables_and_not_the_lists_of_a_phone(crowded: Prediction, tmp_path: Path) -> None:
    """A sheet of A4 is narrower than 760 pixels: rules for phones must not hold on it."""
    write_pages(crowded, tmp_path)
    narrow = re.findall(r"@media ([^{]*)\(max-width", (tmp_path / "answer.html").read_text("utf-8"))
    assert narrow == ["screen and "]


# The command line


def command(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["failback", "predict", *words])
    return run()


def test_the_command_prints_the_verdict_and_the_figures_and_writes_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("one_vm", "--start", "Fri 18:00", "--by", "Mon 06:00", "--tz", "Asia/Tokyo", "--runs", "2")
    assert command(monkeypatch, *words, "--today", "2026-06-03", "--out", str(tmp_path)) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("Yes: in time in every simulated case")
    assert max(map(len, captured.out.splitlines())) <= 120
    assert "(" not in "".join(line for line in captured.out.splitlines() if not line.startswith(" "))
    assert "All home, expected case: Fri " in captured.out
    assert captured.err.startswith("1 machine with 2 disks comes home in 1 batch")
    assert {file.name for file in tmp_path.iterdir()} == {"answer.html", "answer.md", "answer.json"}


def test_the_command_as_json_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("one_vm", "--start", "2026-06-05 18:00", "--by", "2026-06-08 06:00", "--runs", "1", "--seed", "7")
    assert command(monkeypatch, *words, "--json", "--out", str(tmp_path)) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["label"], data["seed"], data["start"]) == ("simulation", 7, "2026-06-05T18:00:00+00:00")
    assert data == json.loads((tmp_path / "answer.json").read_text("utf-8"))


def test_levers_are_tried_in_the_case_that_makes_the_answer_hang_on_a_condition() -> None:
    start = datetime(2026, 6, 5, 18, tzinfo=UTC)
    found = predict(Question(load_scenario(resolve("one_vm")), start, start + timedelta(minutes=90), 0.9, 1))
    late = [case.case.name for case in found.cases if case.in_time.value < 0.9]
    assert late == ["all, slow line"]
    assert all(set(bought.in_time) == {"expected", *late} for bought in found.bought)


def test_the_answer_says_when_and_of_which_plan_it_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("one_vm", "--start", "Fri 18:00", "--by", "Mon 06:00", "--runs", "1", "--today", "2026-06-03")
    assert command(monkeypatch, *words, "--out", str(tmp_path / "answer")) == 0
    data = json.loads((tmp_path / "answer" / "answer.json").read_text("utf-8"))
    failback.play(load_scenario(resolve("one_vm")), out=tmp_path / "run")
    kept_run = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))
    assert (data["asked_on"], data["plan_hash"]) == ("2026-06-03", kept_run["plan_hash"])
    for page in ("answer.md", "answer.html"):
        text = (tmp_path / "answer" / page).read_text("utf-8")
        assert f"Plan hash {kept_run['plan_hash']}, asked on 2026-06-03" in text


def test_manual_steps_without_people_are_told_to_be_taken_for_granted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    step = "manual_steps: [{name: check it, takes: {low_s: 1, mode_s: 2, high_s: 3}}]"
    text = (resolve("one_vm")).read_text("utf-8")
    (tmp_path / "nobody.yaml").write_text(f"{text}\nhomecoming: {{{step}}}\n", encoding="utf-8")
    words = (str(tmp_path / "nobody.yaml"), "--start", "Fri 18:00", "--by", "Mon 06:00", "--runs", "1")
    assert command(monkeypatch, *words, "--today", "2026-06-03", "--out", str(tmp_path / "answer")) == 0
    said = "its manual steps (check it) are simulated as if somebody were always there for each machine."
    assert said in capsys.readouterr().out
    for page in ("answer.md", "answer.html"):
        assert said in (tmp_path / "answer" / page).read_text("utf-8")


GOOD = {"--start": "Fri 18:00", "--by": "Mon 06:00", "--tz": "UTC", "--sure": "90", "--runs": "1"}


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--start", "tomorrow", "--start is 'tomorrow'"),
        ("--start", "0001-01-01 00:00", "in the year 1;"),
        ("--start", "0001-01-01 00:00+14:00", "beyond the calendar"),
        ("--by", "2020-01-01 00:00", "not after --start"),
        ("--by", "9999-12-31 18:00", "more than 10 years after --start"),
        ("--tz", "Nowhere/Land", "not a known time zone"),
        ("--sure", "100", "between 0 and 100"),
        ("--sure", "nan", "between 0 and 100"),
        ("--runs", "0", "whole number"),
        ("--today", "soon", "not a date"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_one_line(
    option: str,
    value: str,
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [word for pair in {**GOOD, option: value}.items() for word in pair]
    assert command(monkeypatch, "one_vm", *words, "--out", str(tmp_path)) == 2
    captured = capsys.readouterr()
    assert why in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
