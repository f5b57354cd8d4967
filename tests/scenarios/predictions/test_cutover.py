"""A prediction that is asked for by its cutover: what it says, what it plays, and what it refuses."""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

import failback
from failback.reprotect import Throttle, Wave
from failback.scenarios.cli import run
from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Homecoming, Scenario, Target
from failback.scenarios.outcomes.answers import STEADY_RPO_S
from failback.scenarios.outcomes.critical_path import DATE, Part, by_cause
from failback.scenarios.predictions.answer_data import as_dict
from failback.scenarios.predictions.asked_times import asked_times
from failback.scenarios.predictions.case_answer import CaseAnswer
from failback.scenarios.predictions.case_rows import case_columns, case_rows
from failback.scenarios.predictions.condition import Condition, Of
from failback.scenarios.predictions.condition_tile import condition_tile
from failback.scenarios.predictions.cutover_notes import cutover_notes
from failback.scenarios.predictions.cutover_picture import cutover_picture
from failback.scenarios.predictions.cutover_rows import WAVE_HEADS, cutover_facts
from failback.scenarios.predictions.cutover_words import wave_words
from failback.scenarios.predictions.figures import figures
from failback.scenarios.predictions.lever_words import lever_words
from failback.scenarios.predictions.page import write_pages
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, Question
from failback.scenarios.predictions.rows import cause_rows
from failback.scenarios.predictions.sentence import sentence
from failback.scenarios.predictions.verdict import WORDS_MAX, verdict
from failback.scenarios.text.local_time import seconds_between, zone_named
from failback.scenarios.text.plain_words import date_words
from failback.scenarios.text.spans import when_words
from failback.scenarios.usage_error import UsageError
from tests.scenarios.outcomes.test_seed_and_cutover import STEP_S, of_one_uuid, two

MONDAY: Final = datetime(2026, 6, 1, tzinfo=UTC)
CUTOVER: Final = datetime(2026, 6, 5, 18, tzinfo=UTC)
BY: Final = datetime(2026, 6, 8, 6, tzinfo=UTC)
CUTOVER_S: Final = seconds_between(MONDAY, CUTOVER)
SHOP: Final = Homecoming(targets=(Target(home_within_s=12 * 3600.0), Target(downtime_s=1.0)))


def asked(scenario: Scenario, cutover: datetime = CUTOVER, by: datetime = BY, start: datetime = MONDAY) -> Prediction:
    return predict(Question(scenario, start, by, 0.9, 2, cutover))


@pytest.fixture(scope="module")
def found() -> Prediction:
    """Two machines that share a line and serve one application."""
    waves = (Wave("databases", ("a",)), Wave("web", ("b",)))
    shop = (Application("shop", ("a", "b")),)
    return asked(replace(two(*waves, changed=0.01), applications=shop, homecoming=SHOP))


def test_the_seeds_are_planned_for_the_slowest_case_that_can_be_seeded_in_time(found: Prediction) -> None:
    assert found.cutover is not None
    assert found.cutover.case.name == "all, slow line"
    starts = [at for at in found.cutover.starts.values() if at is not None]
    assert found.cutover.begins == min(starts) == found.latest == found.question.start
    for wave in found.cutover.waves:
        known = [at for at in wave.seed_latest.values() if at is not None]
        assert wave.begins == min(known) < max(known) < CUTOVER


def test_a_machine_with_the_bios_uuid_of_another_seeds_once_that_one_is_home_in_a_plan_written_by_hand_too() -> None:
    waves = (Wave("first", ("a",)), Wave("twin", ("b",)), Wave("behind", ("c",)))
    twins = asked(of_one_uuid(two(*waves, changed=0.01), "a", "b"))
    assert twins.cutover is not None
    assert [wave.seed_opens_s is None for wave in twins.question.scenario.plan.waves] == [False, True, False]
    assert [(wave.disks_ahead, wave.begins is None) for wave in twins.cutover.waves] == [
        (1, False),
        (0, True),
        (0, True),
    ]
    for case in twins.cases:
        for answer in case.answers:
            begun = {leg.item: leg.start_s for leg in answer.legs if leg.leg == "reprotect_to_on_premises"}
            (home_s,) = (item.home_s for item in answer.items if item.item == "a")
            assert home_s is not None
            assert begun["b"] >= home_s
    facts = cutover_facts(twins)
    assert facts is not None
    heads = WAVE_HEADS.index("begin to seed")
    assert [row[heads] for row in facts["waves"][1:]] == ["when first is home", "when twin has begun"]
    assert "Wave twin (0 of 1 disks ahead) begins to seed when first is home." in wave_words(twins)
    notes = list(cutover_notes(twins))
    assert any("twin replicates home only when first is home" in note and "as a (R11)" in note for note in notes)
    assert not any("slots are held" in note for note in notes)
    assert as_dict(twins)["cutover"]["waves"][1]["waits"] == {"wave": "first", "firsts": ("a",)}


def test_every_case_is_seeded_when_the_cutover_begins_and_nothing_fails_back_before(found: Prediction) -> None:
    lead_s = found.question.lead_s
    assert lead_s == seconds_between(found.question.start, CUTOVER)
    for case in found.cases:
        for answer in case.answers:
            begun = [item.failback_s for item in answer.items if item.failback_s is not None]
            assert len(begun) == len(answer.items)
            assert min(begun) >= lead_s
    assert found.cutover is not None
    assert all(wave.seeded.met == wave.seeded.runs for wave in found.cutover.waves)


def test_waves_move_home_one_after_the_other_and_may_begin_no_later_than_the_last_go(found: Prediction) -> None:
    assert found.cutover is not None
    for former, wave in pairwise(found.cutover.waves):
        assert former.last_go is not None
        assert wave.last_go is not None
        assert CUTOVER < former.last_go < wave.last_go < BY
        assert wave.cutover_s is not None
        assert wave.cutover_s[0] > 0.0


def test_an_application_is_down_from_its_first_shutdown_to_its_last_machine(found: Prediction) -> None:
    assert found.cutover is not None
    (shop,) = found.cutover.applications
    spans = [wave.cutover_s for wave in found.cutover.waves if wave.cutover_s is not None]
    assert shop.name == "shop"
    assert shop.down_s is not None
    assert max(low for low, _ in spans) < shop.down_s[0] <= shop.down_s[1] < sum(high for _, high in spans)


def _missing_the_hour(found: Prediction) -> Prediction:
    """The same where what seeds ahead is not seeded in time in the slowest case."""
    assert found.cutover is not None
    waves = tuple(
        replace(wave, seed_latest=dict(wave.seed_latest) | {"all, slow line": None}) for wave in found.cutover.waves
    )
    sure = tuple(replace(case, answers=found.first.answers) for case in found.cases)
    return replace(found, cases=sure, condition=None, cutover=replace(found.cutover, waves=waves))


def _without_targets(found: Prediction) -> Prediction:
    scenario = replace(found.question.scenario, homecoming=Homecoming())
    question = replace(found.question, scenario=scenario)
    cases = tuple(CaseAnswer(question, case.case, case.answers) for case in found.cases)
    return replace(found, question=question, cases=cases)


def test_the_date_comes_first_and_the_missed_target_stands_beside_it(found: Prediction) -> None:
    words = verdict(replace(_missing_the_hour(found), cutover=found.cutover))
    assert words.startswith("Yes, in time if seeding begins by ")
    assert ". Target missed: all machines down at most 1 s, expected 5 min." in words
    assert len(words.split()) <= WORDS_MAX


def test_the_verdict_the_figure_and_the_table_agree_that_a_case_misses_the_planned_hour(found: Prediction) -> None:
    missing = _without_targets(_missing_the_hour(found))
    date = when_words(missing.latest or missing.question.start, missing.question.begins)
    assert verdict(missing) == (
        f"Yes, if seeding begins by {date}: home in time, but seeding ends too late in 1 of 6 cases."
    )
    assert len(verdict(missing).split()) <= WORDS_MAX
    note = next(note for name, _, note in figures(missing) if name == "Begin to seed")
    assert "in 1 of 6 cases, even that is too late" in note
    facts = cutover_facts(missing)
    assert facts is not None
    column = WAVE_HEADS.index("seeded in time")
    assert all("too late in 1 of 6 cases" in row[column] for row in facts["waves"])
    assert "seeding ends too late" not in verdict(replace(missing, cutover=found.cutover))


def test_the_table_says_when_each_wave_fails_back_over_the_cases(found: Prediction) -> None:
    assert found.cutover is not None
    for wave in found.cutover.waves:
        begun = [
            leg.start_s
            for case in found.cases
            for answer in case.answers
            for leg in answer.legs
            if leg.leg == "failback" and leg.item in {"databases": "a", "web": "b"}[wave.wave]
        ]
        assert wave.fails_back is not None
        start = found.question.start
        assert [seconds_between(start, at) for at in wave.fails_back] == pytest.approx([min(begun), max(begun)])


def test_waiting_for_the_hour_of_a_wave_has_no_share_beside_the_bottleneck(found: Prediction) -> None:
    rows = cause_rows(found)
    planned = [row for row in rows if row[0].startswith("planned: waiting for a wave to open")]
    assert len(planned) == 1
    assert planned[0][2].startswith("not counted (")
    shares = [int(part.removesuffix(" %")) for _, _, part in rows if part.endswith(" %") and part[0].isdigit()]
    assert sum(shares) == 100


def test_where_no_target_was_set_no_promise_is_said_to_be_kept(found: Prediction) -> None:
    column = case_columns(found).index("missed recovery targets")
    assert {row[column] for row in case_rows(found)} != {"no targets were set"}
    scenario = replace(found.question.scenario, homecoming=Homecoming())
    bare = tuple(CaseAnswer(replace(found.question, scenario=scenario), c.case, c.answers) for c in found.cases)
    assert {row[column] for row in case_rows(replace(found, cases=bare))} == {"no targets were set"}


def test_a_lever_that_helps_nothing_says_in_which_cases_it_was_tried(found: Prediction) -> None:
    name, others = found.first.case.name, {c.case.name for c in found.cases[1:]}
    tried = tuple(
        replace(b, sooner_s={k: 0.0 for k in b.sooner_s if k not in others}, in_time={name: b.in_time[name]})
        for b in found.bought
    )
    idle = replace(found, bought=tried)
    assert (
        lever_words(idle)
        == "What helps: nothing that was tried meets the missed target (Tried: 2 levers, each alone, without effect); "
        "cases in which each was tried: changes as in the scenario, full bandwidth"
    )


def test_what_was_promised_to_be_home_within_counts_from_the_cutover(found: Prediction) -> None:
    kept = {promise.promise: promise.share for promise in found.promises}
    assert kept["home within 12 h of the cutover"].met == kept["home within 12 h of the cutover"].runs
    assert kept["down at most 1 s"].met == 0


def test_the_sentence_names_the_seed_and_the_cutover(found: Prediction) -> None:
    said = sentence(found)
    assert "replicating home from Fri 5 Jun 2026, 08:23 UTC" in said
    assert "failing back from Fri 5 Jun 2026, 18:00 UTC on" in said
    assert "seeding has to begin between Fri 5 Jun 2026, 08:23 UTC and" in said
    assert "disk slots or its wave" not in said  # it waits for its hour, which is no queue


def test_the_figure_of_the_bottleneck_leaves_the_wait_for_the_cutover_out(found: Prediction) -> None:
    (note,) = [note for what, _, note in figures(found) if what == "Bottleneck"]
    assert found.question.lead_s > 9 * 3600.0
    assert note.startswith("14 min of 14 min")


def test_a_seed_that_was_done_long_before_the_cutover_is_no_bottleneck(found: Prediction) -> None:
    assert next(iter(found.first.bottleneck)) == "jobs"
    assert "scan" not in found.first.bottleneck


@pytest.mark.parametrize(
    ("waits_s", "causes"),
    [(3600.0, {"jobs": 600.0, "date": 7200.0}), (1.0, {"link": 3600.0, "jobs": 600.0, "date": 1.0})],
)
def test_work_before_a_long_wait_for_the_hour_has_slack(waits_s: float, causes: dict[str, float]) -> None:
    ends_s = 3600.0 + waits_s
    path = (
        Part("a", None, "link", 0.0, 3600.0),
        Part("a", None, DATE, 3600.0, ends_s),
        Part("a", None, "jobs", ends_s, ends_s + 600.0),
    )
    assert by_cause(path) == causes


def test_the_figure_of_the_last_go_is_that_of_the_wave_that_has_to_go_first(found: Prediction) -> None:
    assert found.cutover is not None
    first = min((wave.last_go, wave.wave) for wave in found.cutover.waves if wave.last_go is not None)
    ((when, note),) = [(when, note) for what, when, note in figures(found) if what == "Latest go/no-go decision"]
    assert (when, note) == (
        when_words(first[0], found.question.begins),
        f"for wave {first[1]}, in the expected case; other waves below",
    )


def test_json_and_pages_have_the_windows_of_each_wave(found: Prediction, tmp_path: Path) -> None:
    data = as_dict(found)
    assert json.loads(json.dumps(data["cutover"]))["begins"] == found.question.start.isoformat()
    assert data["cutover_at"] == CUTOVER.isoformat()
    assert [wave["wave"] for wave in data["cutover"]["waves"]] == ["databases", "web"]
    write_pages(found, tmp_path)
    for name in ("answer.html", "answer.md"):
        text = (tmp_path / name).read_text("utf-8")
        assert "Seed and cutover" in text
        assert "begin to seed" in text
        assert "takes from the cutover on" in text


def test_each_wave_says_what_has_not_arrived_when_it_fails_back_and_how_old_it_is() -> None:
    """A machine writes 1 MiB/s; the line stands still from an hour before until three steps later it is shut down."""
    plain = two(Wave("one", ("a",)), changed=0.01)
    still = Throttle(0.0, from_s=CUTOVER_S - 3600.0, to_s=CUTOVER_S + 3600.0)
    link = replace(plain.estate.link, schedule=(still,))
    writing = replace(plain.site, churn_mib_per_s=1.0)
    found = asked(replace(plain, site=writing, estate=replace(plain.estate, link=link)))
    assert found.cutover is not None
    (wave,) = found.cutover.waves
    still_s = 3600.0 + 3 * STEP_S
    assert wave.rpo_s is not None
    assert wave.delta_gib is not None
    assert wave.rpo_s[0] == pytest.approx(still_s, abs=1e-6)
    assert wave.delta_gib[0] == pytest.approx(still_s / 1024, abs=1e-9)
    data = as_dict(found)["cutover"]["waves"][0]
    assert (data["rpo_s"], data["delta_gib"]) == (wave.rpo_s, wave.delta_gib)


def test_a_line_that_flows_freely_leaves_nothing_and_is_minutes_behind(found: Prediction) -> None:
    assert found.cutover is not None
    assert {wave.delta_gib for wave in found.cutover.waves} == {(0.0, 0.0)}
    assert {wave.rpo_s for wave in found.cutover.waves} == {(STEADY_RPO_S, STEADY_RPO_S)}


def test_an_answer_to_the_old_question_has_no_seed_and_no_cutover(tmp_path: Path) -> None:
    scenario = two(Wave("all", ("a",)), changed=0.01)
    old = predict(Question(scenario, CUTOVER, BY, 0.9, 1))
    assert old.cutover is None
    assert as_dict(old)["cutover"] is None
    assert "starting on Fri 5 Jun 2026, 18:00 UTC" in sentence(old)
    write_pages(old, tmp_path)
    assert "Seed and cutover" not in (tmp_path / "answer.html").read_text("utf-8")


def test_disks_without_slots_are_told_and_seed_when_slots_come_free() -> None:
    waves = (Wave("one", ("a",)), Wave("two", ("b",)))
    crowded = asked(two(*waves, size_gib=1.0, disks=40))
    assert crowded.cutover is not None
    assert [wave.disks_ahead for wave in crowded.cutover.waves] == [40, 0]
    assert [wave.begins is None for wave in crowded.cutover.waves] == [False, True]
    assert "40 disks (two) cannot seed ahead" in " ".join(cutover_notes(crowded))


def test_a_case_that_cannot_be_seeded_in_time_is_told() -> None:
    scenario = two(Wave("one", ("a",)), changed=0.01)
    tight = asked(scenario, start=CUTOVER - timedelta(hours=3))
    assert tight.cutover is not None
    assert tight.cutover.starts["all, slow line"] is None
    assert tight.cutover.case.name == "all"
    assert "Even an immediate start is too late for: everything changed" in " ".join(cutover_notes(tight))


def test_a_cutover_before_the_seeding_can_end_is_refused_with_the_hour_at_which_it_would() -> None:
    with pytest.raises(UsageError) as refused:
        asked(two(Wave("one", ("a",))), cutover=MONDAY + timedelta(hours=1))
    said = str(refused.value)
    assert "--cutover is Mon 1 Jun 2026, 01:00 UTC, but the seeding of wave one (1 machine) would end only on" in said
    assert "give a later --cutover" in said


def test_a_wave_that_opens_after_the_deadline_is_refused() -> None:
    waves = (Wave("one", ("a",)), Wave("two", ("b",), opens_s=5 * 86400.0))
    with pytest.raises(UsageError, match="the wave two may fail back only from Wed 10 Jun 2026, 18:00 UTC on"):
        asked(two(*waves, changed=0.0))


def test_a_wave_that_closes_before_the_one_it_waits_for_opens_is_refused() -> None:
    waves = (Wave("one", ("a",), opens_s=7200.0), Wave("two", ("b",), closes_s=3600.0))
    with pytest.raises(UsageError, match="The wave two waits for the wave one, but closes before that one opens"):
        asked(two(*waves, changed=0.0))


UTC_ZONE: Final = zone_named("UTC")


@pytest.mark.parametrize(
    ("start", "cutover", "by", "said"),
    [
        (None, None, "Mon 06:00", "Say when the way home begins: with --start"),
        ("2026-06-06 18:00", "2026-06-05 18:00", "2026-06-08 06:00", "With both, machines may begin to replicate"),
        ("2026-06-05 18:00", "2026-06-05 18:00", "2026-06-08 06:00", "which is not after --start"),
        (None, "2026-05-31 18:00", "2026-06-08 06:00", "which is not after the beginning of today"),
        (None, "2026-06-05 18:00", "2026-06-05 06:00", "which is not after --cutover, Fri 5 Jun 2026, 18:00 UTC"),
        (None, "Friday", "2026-06-05 06:00", "--cutover is 'Friday', which is not a time"),
    ],
)
def test_times_that_do_not_follow_one_another_are_refused(
    start: str | None, cutover: str | None, by: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        asked_times(start, cutover, by, UTC_ZONE, MONDAY.date())


def test_weekdays_follow_one_another_from_the_start_to_the_cutover_to_the_deadline() -> None:
    times = asked_times("Fri 18:00", "Fri 12:00", "Fri 06:00", UTC_ZONE, MONDAY.date())
    assert [times.start.day, times.cutover and times.cutover.day, times.by.day] == [5, 12, 19]
    from_today = asked_times(None, "Fri 18:00", "Mon 06:00", UTC_ZONE, MONDAY.date())
    assert (from_today.start, from_today.cutover, from_today.by) == (MONDAY, CUTOVER, BY)


def command(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["failback", "predict", *words])
    return run()


def test_the_command_answers_a_question_with_a_cutover(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    times = ("--cutover", "Fri 18:00", "--by", "Mon 06:00", "--today", "2026-06-01", "--runs", "1")
    assert command(monkeypatch, "one_modernised_vm", *times, "--out", str(tmp_path / "a")) == 0
    said = capsys.readouterr().out
    assert "Begin to seed: Fri " in said
    assert json.loads((tmp_path / "a" / "answer.json").read_text("utf-8"))["cutover"]["waves"][0]["wave"] == "all"


def test_the_command_refuses_a_cutover_before_seeding_can_end_with_one_paragraph(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    times = ("--start", "2026-06-05 17:59", "--cutover", "2026-06-05 18:00", "--by", "Mon 06:00")
    assert command(monkeypatch, "one_modernised_vm", *times, "--out", str(tmp_path / "a")) == 2
    assert "would end only on Fri 5 Jun 2026, " in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "a" / "answer.html").exists()


def test_the_words_of_a_wave_are_its_numbers(found: Prediction) -> None:
    assert found.cutover is not None
    said = wave_words(found)
    for wave in found.cutover.waves:
        assert wave.begins is not None
        assert wave.last_go is not None
        assert (
            f"Wave {wave.wave} (1 of 1 disks ahead) begins to seed by {date_words(wave.begins)} at the latest" in said
        )
        assert f"the latest time for the go/no-go decision is {date_words(wave.last_go)}" in said


def test_the_picture_of_seed_and_cutover_says_in_words_what_it_shows(found: Prediction) -> None:
    pytest.importorskip("matplotlib")
    picture = cutover_picture(found)
    data, told = picture._repr_png_()
    assert data.startswith(b"\x89PNG")
    assert told["alt"].startswith("Seed and cutover of each wave, one simulated run. Wave databases seeds for")
    assert "Wave web seeds for" in told["alt"]


def test_a_notebook_has_words_and_picture_of_the_seeds(found: Prediction) -> None:
    answer = failback.Prediction(found)
    assert found.cutover is not None
    assert answer.seed_starts == {wave.wave: wave.begins for wave in found.cutover.waves}
    assert answer.seed_words() == wave_words(found)
    assert answer.way_home() is found.middle


def test_the_verdict_of_a_cutover_names_the_date_by_which_seeding_has_to_begin(found: Prediction) -> None:
    assert found.latest is not None
    date = when_words(found.latest, found.question.begins)
    sure = _without_targets(replace(_missing_the_hour(found), cutover=found.cutover))
    assert verdict(sure).startswith(f"Yes, if seeding begins by {date}: in time in every simulated case")
    assert len(verdict(sure).split()) <= WORDS_MAX
    hanging = verdict(replace(sure, condition=Condition(Of.CHANGED, 0.31, 7)))
    assert hanging.startswith("Only if less than 31 % of the data changed and the link gives its ")
    assert len(hanging.split()) <= WORDS_MAX
    measured = dict(condition_tile(replace(sure, condition=Condition(Of.CHANGED, 0.31, 7))).notes)["How to know"]
    assert (
        f", before {when_words(sure.question.start, sure.question.begins)}" in measured
    )  # not when it has been seeded
