"""Every way to die: each step and each request of a drill, in forks of its world, and swarms of faults."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from failback.scenarios.cli.entry import run
from failback.scenarios.exploring import explore
from failback.scenarios.exploring.case import BadRead, Case, Loss, Sight, read_case
from failback.scenarios.exploring.explore import crash_at, each_crash, each_lost_reply
from failback.scenarios.exploring.forks import CAN_FORK
from failback.scenarios.exploring.swarm import each_seed
from failback.scenarios.exploring.trial import played, undisturbed
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.study.fewer_machines import with_machines

from .planted import lose_a_job_id, start_twice

forks = pytest.mark.skipif(not CAN_FORK, reason="this system has no fork; each case is played from its start there")


def ended(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["failback", *map(str, words)])
    return run()


@pytest.mark.parametrize("story", ["one_vm", "one_modernised_vm", "operator_gate", "snapshot_is_deleted_by_failback"])
def test_killed_at_each_step_or_with_a_lost_reply_no_drill_does_harm_or_is_lost(
    story: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "explore", story, "--crash", "--lost-replies", "--json") == 0
    crash, lost = json.loads(capsys.readouterr().out)
    whole = undisturbed(load_scenario(resolve(story)))
    assert (crash["played"], lost["played"]) == (whole.steps, whole.requests * len(Loss))
    assert (crash["violations"], lost["violations"]) == ({}, {})


@forks
def test_a_fork_comes_to_what_the_same_case_comes_to_from_its_start(monkeypatch: pytest.MonkeyPatch) -> None:
    case, scenario = Case("one_vm"), load_scenario(resolve("one_vm"))
    with pytest.MonkeyPatch.context() as patch:
        lose_a_job_id(patch)
        forked = list(each_crash(case, scenario))
        monkeypatch.setattr(explore, "CAN_FORK", False)
        assert list(each_crash(case, scenario)) == forked
    assert any(found.verdict.failed for found in forked)
    assert [found.case for found in forked] == [
        replace(case, crashes=(crash_at(case, n),)) for n in range(1, len(forked) + 1)
    ]


def test_lost_replies_are_explored_from_the_start_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore, "CAN_FORK", False)
    found = list(each_lost_reply(Case("one_vm"), load_scenario(resolve("one_vm"))))
    assert len(found) == 6 * len(Loss)
    assert not any(one.verdict.failed for one in found)


@pytest.mark.parametrize("story", ["plan_of_three_groups", "modernised_replication_group"])
def test_a_swarm_harms_nobody_and_disturbs_many(story: str) -> None:
    found = list(each_seed(story, load_scenario(resolve(story)), range(1, 41), cores=1))
    assert [one.verdict.violations for one in found if one.verdict.failed] == []
    assert sum(one.verdict.delayed for one in found) >= 0.3 * len(found)


def test_no_read_that_goes_wrong_does_harm_or_loses_the_drill() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    whole = undisturbed(scenario)
    for how in Sight:
        cases = [Case("one_modernised_vm", bad_reads=(BadRead(n, how),)) for n in range(1, whole.reads + 1, 4)]
        found = [played(case, scenario, whole.ends) for case in cases]
        assert [verdict.violations for verdict in found if verdict.failed] == []
        assert {verdict.reads > whole.reads for verdict in found} >= {how is not Sight.FIELDS_MISSING}


def test_a_scenario_whose_people_break_a_rule_does_not_blame_the_program() -> None:
    story = "someone_powers_on_the_vm"
    scenario = load_scenario(resolve(story))
    found = [*each_crash(Case(story), scenario), *each_seed(story, scenario, range(1, 21), cores=1)]
    assert {one.verdict.failed for one in found} == {()}
    assert any("never_power_on_target" in one.verdict.broken for one in found)


def test_the_same_seed_is_the_same_drill_in_whatever_process() -> None:
    scenario, seeds = load_scenario(resolve("one_vm")), range(1, 21)
    assert list(each_seed("one_vm", scenario, seeds, cores=2)) == list(each_seed("one_vm", scenario, seeds, cores=1))


def test_a_case_that_fails_is_kept_and_shrunk_by_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        start_twice(patch)
        assert ended(monkeypatch, "explore", "one_vm", "--crash", "--out", tmp_path / "cases") == 1
        assert "never_sent_twice" in capsys.readouterr().out
        first = tmp_path / "cases" / "case-1.json"
        assert ended(monkeypatch, "shrink", first, "--out", tmp_path / "small.json") == 0
    small = read_case(tmp_path / "small.json")
    assert small.steps == 1
    assert small.checker == read_case(first).checker
    capsys.readouterr()
    assert ended(monkeypatch, "shrink", tmp_path / "small.json") == 2
    assert "does not fail never_sent_twice with this version" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{}", '{"failback_case": 1, "scenario": 5}', "[1]"])
def test_what_is_no_case_is_refused_in_a_sentence(content: str, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match="this is no case"):
        read_case(path)


def test_with_fewer_machines_a_drill_still_goes_home() -> None:
    scenario = load_scenario(resolve("first_drill"))
    few = with_machines(scenario, ("sql-01", "web-04"))
    assert set(few.estate.virtual_machines) == {"sql-01", "web-04"}
    assert set(undisturbed(few).ends.values()) == {"home in replicating_to_azure"}
    assert not played(Case("first_drill", machines=("sql-01", "web-04")), scenario).failed
