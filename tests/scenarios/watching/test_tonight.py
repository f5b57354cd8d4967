"""What can still be done tonight: only what can be had now, tried from where the machines stand, the best first."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from failback.reprotect import Architecture, ItemSeen, Phase, Wave
from failback.scenarios import Scenario
from failback.scenarios.files.schema import Lever
from failback.scenarios.watching.ahead import Ahead, ahead, as_plain
from failback.scenarios.watching.ahead_words import ahead_lines
from failback.scenarios.watching.record import Record
from failback.scenarios.watching.tonight import RUNS, measures
from tests.scenarios.outcomes.test_seed_and_cutover import of_one_uuid, two

from .hidden_night import as_filed

FILED = as_filed(Architecture.MODERNISED)


def predicted(scenario: Scenario, by: datetime | None, phases: dict[str, Phase] | None = None) -> Ahead:
    record = Record(scenario.estate.virtual_machines)
    for machine in record.machines.values():
        phase = (phases or {}).get(machine.item, Phase.FAILOVER_COMMITTED)
        machine.seen = ItemSeen(machine.item, Architecture.MODERNISED, phase, True)
    found = ahead(scenario, record, scenario.starts_at, scenario.starts_at, by)
    assert found is not None
    return found


def in_hours(hours: float) -> datetime:
    return FILED.starts_at + timedelta(hours=hours)


def words_of(scenario: Scenario) -> list[str]:
    return [measure.words for measure in measures(scenario, scenario.starts_at)]


def test_late_with_a_wave_that_waits_it_says_what_postponing_and_copying_now_would_gain() -> None:
    found = predicted(FILED, in_hours(3.5))
    gains = {gain.words: gain for gain in found.gains}
    assert gains["postpone web"].sooner_s > 3600
    assert gains["postpone web"].runs == RUNS
    assert any("begin to copy all waves home now" in words for words in gains)
    assert [gain.sooner_s for gain in found.gains] == sorted((g.sooner_s for g in found.gains), reverse=True)
    (line,) = [line for line in ahead_lines(found) if line.startswith("What can still help")]
    assert "postpone web: " in line
    assert f"of {RUNS} runs" in line
    assert as_plain(found)["gains"][0]["sooner_s"] == found.gains[0].sooner_s


def test_copying_all_waves_now_leaves_out_a_twin_of_a_machine_that_is_not_home() -> None:
    scenario = of_one_uuid(two(Wave("first", ("a",)), Wave("twin", ("b",)), Wave("last", ("c",))), "a", "b")
    (copying,) = (one for one in measures(scenario, scenario.starts_at) if one.words.startswith("begin to copy"))
    seeds = {wave.name: wave.seed_opens_s for wave in copying.applied(scenario).plan.waves}
    assert seeds == {"first": 0.0, "twin": None, "last": 0.0}


def test_with_a_deadline_that_is_far_or_none_nothing_more_is_played() -> None:
    assert predicted(FILED, in_hours(48)).gains == ()
    assert predicted(FILED, None).gains == ()


def test_a_wave_that_has_begun_is_not_postponed() -> None:
    there = dict.fromkeys(("web-1", "web-2"), Phase.RESYNCING_TO_ON_PREMISES)
    found = predicted(FILED, in_hours(0.1), there)
    assert not any("web" in gain.words for gain in found.gains)


def test_a_lever_that_takes_days_is_none_of_tonight() -> None:
    def named(**how: Any) -> Scenario:
        lever = Lever("a second line", bandwidth_mbit_per_s=1000.0, **how)
        return replace(FILED, homecoming=replace(FILED.homecoming, levers=(lever,)))

    assert "a second line" in words_of(named())
    assert "a second line" not in words_of(named(lead_days=3))
    assert "a second line" not in words_of(named(available_from=date(2099, 1, 1)))


def test_without_waves_nothing_is_postponed_and_the_line_and_servers_are_tried() -> None:
    one = replace(FILED, plan=replace(FILED.plan, waves=(Wave("all", tuple(FILED.estate.virtual_machines)),)))
    assert not any("postpone" in words for words in words_of(one))
    assert any("bandwidth" in words for words in words_of(one))
