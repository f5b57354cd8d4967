"""The latest seed starts found by simulation, against sums by hand; one minute later each of them is too late."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import floor, inf
from typing import Final

import pytest

from failback.reprotect import Operation, Phase, Wave, evolved
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.predictions.assumptions import Case
from failback.scenarios.predictions.case_answer import CaseAnswer
from failback.scenarios.predictions.cutover_windows import seeded_s, with_cutover, with_seeds
from failback.scenarios.predictions.latest_minute import latest_minute
from failback.scenarios.predictions.prediction import Question
from failback.scenarios.predictions.searches import found_by
from failback.scenarios.predictions.seed_search import SeedStarts, seed_starts
from failback.scenarios.predictions.wave_last_go import wave_last_go
from tests.scenarios.outcomes.test_seed_and_cutover import (
    GIB,
    HOUR_S,
    LINE_BYTES_PER_S,
    SCAN_BYTES_PER_S,
    SEEDED,
    cutover_s,
    job_s,
    played,
    two,
)

LEAD_S: Final = 60 * HOUR_S
A, B = Wave("one", ("a",)), Wave("two", ("b",))


def found(scenario: Scenario) -> tuple[Scenario, SeedStarts]:
    """The scenario with its cutover after sixty hours, and the latest starts of its seeds."""
    opened = with_cutover(scenario, LEAD_S)
    return opened, starts_of(opened)


def starts_of(opened: Scenario) -> SeedStarts:
    (starts,) = found_by([seed_starts(opened, 0.9)], 1)
    return starts


def whole_minute(seconds: float) -> float:
    return floor(seconds / 60.0) * 60.0


def job_of(scenario: Scenario, item: str) -> float:
    return job_s(played(scenario), item, SEEDED)


def case_of(question: Question) -> CaseAnswer:
    return CaseAnswer(question, Case("expected", ""), (played(question.scenario),))


def misses(scenario: Scenario, starts_s: Mapping[str, float]) -> set[str]:
    """Machines that are not seeded when their wave may fail back."""
    ends_s = seeded_s(played(with_seeds(scenario, starts_s)))
    return {name for wave in scenario.plan.waves for name in wave.items if ends_s.get(name, inf) > wave.opens_s}


def test_a_seed_that_fills_the_line_begins_by_its_job_and_its_bytes_before_the_cutover() -> None:
    opened, starts = found(two(A))
    takes_s = job_of(opened, "a") + 100 * GIB / LINE_BYTES_PER_S
    assert starts.latest_s == {"one": whole_minute(LEAD_S - takes_s)}
    assert not misses(opened, starts.latest_s)
    assert misses(opened, {"one": starts.latest_s["one"] + 60.0}) == {"a"}


def test_a_seed_that_only_reads_begins_by_its_job_and_its_scan_before_the_cutover() -> None:
    opened, starts = found(two(A, changed=0.01))
    takes_s = job_of(opened, "a") + 100 * GIB / SCAN_BYTES_PER_S
    assert starts.latest_s == {"one": whole_minute(LEAD_S - takes_s)}
    assert misses(opened, {"one": starts.latest_s["one"] + 60.0}) == {"a"}


def test_two_waves_that_share_the_line_seed_one_after_the_other() -> None:
    opened, starts = found(two(A, B))
    job, carried_s = job_of(opened, "a"), 100 * GIB / LINE_BYTES_PER_S
    assert starts.latest_s == {
        "one": whole_minute(LEAD_S - job - 2 * carried_s),
        "two": whole_minute(LEAD_S - job - carried_s),
    }
    assert not misses(opened, starts.latest_s)
    for wave, at_s in starts.latest_s.items():
        assert misses(opened, {**starts.latest_s, wave: at_s + 60.0})


def test_a_wave_for_which_there_are_no_slots_has_no_start_ahead() -> None:
    """Forty disks each and sixty slots."""
    opened, starts = found(two(A, B, size_gib=1.0, disks=40))
    takes_s = job_of(opened, "a") + 40 * GIB / LINE_BYTES_PER_S
    assert starts.latest_s == {"one": whole_minute(LEAD_S - takes_s)}
    assert misses(opened, {"one": starts.latest_s["one"] + 60.0}) >= {"a"}


def test_a_wave_that_fails_back_a_day_later_seeds_a_day_later() -> None:
    opened, starts = found(two(A, replace(B, opens_s=24 * HOUR_S), changed=0.01))
    assert [wave.opens_s for wave in opened.plan.waves] == [LEAD_S, LEAD_S + 24 * HOUR_S]
    assert starts.latest_s["two"] - starts.latest_s["one"] == 24 * HOUR_S


def test_a_seed_that_cannot_end_in_time_says_by_how_much_it_is_late() -> None:
    opened = with_cutover(two(A), HOUR_S)
    takes_s = job_of(opened, "a") + 100 * GIB / LINE_BYTES_PER_S
    starts = starts_of(opened)
    assert not starts.latest_s
    assert starts.late_s == {"one": pytest.approx(takes_s - HOUR_S, abs=1e-6 * HOUR_S)}


def test_a_machine_that_replicates_home_already_begins_no_more_and_still_has_to_be_seeded() -> None:
    plain = two(A, B)
    machines = plain.estate.virtual_machines
    tonight = {**machines, "a": evolved(machines["a"], at=Phase.REPLICATING_TO_ON_PREMISES)}
    _, starts = found(replace(plain, estate=replace(plain.estate, virtual_machines=tonight)))
    assert list(starts.latest_s) == ["two"]


def test_the_last_go_of_a_wave_leaves_time_for_the_waves_behind_it() -> None:
    opened = with_cutover(two(A, B), LEAD_S)
    start = datetime(2026, 6, 1, tzinfo=UTC)
    question = Question(opened, start, start + timedelta(hours=72), 0.9, 1, start + timedelta(seconds=LEAD_S))
    go_s = wave_last_go(question, case_of(question))
    one_s, two_s = (cutover_s(played(opened), name) for name in "ab")
    assert go_s == {"one": whole_minute(72 * HOUR_S - one_s - two_s), "two": whole_minute(72 * HOUR_S - two_s)}


def test_a_wave_that_cannot_be_home_in_time_has_no_last_go() -> None:
    opened = with_cutover(two(A), LEAD_S)
    start = datetime(2026, 6, 1, tzinfo=UTC)
    question = Question(opened, start, start + timedelta(hours=60, minutes=1), 0.9, 1, start + timedelta(hours=60))
    assert wave_last_go(question, case_of(question)) == {"one": None}


def test_seeds_count_from_the_start_of_the_way_home() -> None:
    opened, starts = found(two(A))
    way = way_home(with_seeds(opened, starts.latest_s))
    (wave,) = way.scenario.plan.waves
    assert wave.seed_opens_s == starts.latest_s["one"] + way.begins_s
    begun = [leg for leg in played(with_seeds(opened, starts.latest_s)).legs if leg.leg == Operation.FAILBACK.value]
    assert [leg.start_s for leg in begun] == [pytest.approx(LEAD_S, abs=1e-6)]


@pytest.mark.parametrize("last_s", [0.0, 60.0, 4980.0, 36000.0])
def test_the_latest_minute_is_found_where_the_slack_tells_it_and_where_it_does_not(last_s: float) -> None:
    def exact(at_s: float) -> float:
        return last_s + 30.0 - at_s

    def a_word(at_s: float) -> float:
        return 1.0 if at_s <= last_s else -inf

    def too_much(at_s: float) -> float:
        return 3.0 * (last_s + 19.0 - at_s)

    for slack_s in (exact, a_word, too_much):
        for first_s in (inf, 0.0, 4920.0, 7200.0):
            assert minute_found(slack_s, first_s) == last_s


def minute_found(slack_s: Callable[[float], float], first_s: float) -> float:
    minutes = latest_minute(0.0, slack_s(0.0), 86400.0, first_s)
    try:
        at_s = next(minutes)
        while True:
            at_s = minutes.send(slack_s(at_s))
    except StopIteration as end:
        return float(end.value)


def every_minute(opened: Scenario) -> dict[str, float]:
    """The same by trying every minute: from the last wave on, the latest with which everybody is seeded in time."""
    starts_s: dict[str, float] = {}
    for wave in reversed(opened.plan.waves):
        tried_s = [60.0 * n for n in range(int(wave.opens_s // 60))]
        good_s = [at_s for at_s in tried_s if not misses(opened, {**starts_s, wave.name: at_s})]
        starts_s[wave.name] = max(good_s)
    return starts_s


LATER: Final = replace(B, opens_s=240.0)
C: Final = Wave("three", ("c",))
DENSE: Final = {
    "the scan binds one and the line binds both": two(A, B, size_gib=1.0, changed=0.35),
    "the second wave opens later": two(A, LATER, size_gib=1.0),
    "three waves": two(A, B, C, size_gib=1.0),
}


@pytest.mark.parametrize("opened", [with_cutover(each, 0.3 * HOUR_S) for each in DENSE.values()], ids=list(DENSE))
def test_the_latest_starts_are_those_of_a_search_that_tries_every_minute(opened: Scenario) -> None:
    assert starts_of(opened).latest_s == every_minute(opened)
