"""What drawn estates found wrong in the check, the drill or the vault, kept as it shrank."""

from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import Standing
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.judging.check import Report, Status

from .agreement import Seen, disagreements, located_of
from .blind_client import comes_home
from .drawn_servers import another
from .known_estates import REPLICA, machine, servers


def known(names: str, architecture: str = "modernised", **plan: Any) -> dict[str, Any]:
    vms = {name: machine(name, architecture) for name in names}
    plans = [{"name": "p", "groups": [list(names)]}]
    link = {"bandwidth_mbit_per_s": 500}
    estate = {"link": link, "virtual_machines": vms, "recovery_plans": plans, **servers(architecture)}
    return {"name": "kept", "estate": estate, "plan": {"recovery_plans": ["p"], **plan}}


def found_in(where: Path, drawn: dict[str, Any]) -> tuple[list[Any], Report]:
    drawn["estate"]["virtual_machines"] = list(drawn["estate"]["virtual_machines"].values())
    return disagreements(drawn, where, (), Seen()), run_check(CheckRequest(str(where / "drawn.yaml"))).report


def test_a_plan_that_lost_a_machine_early_waits_for_nobody_who_never_settles(tmp_path: Path) -> None:
    drawn = known("abc")
    drawn["estate"]["virtual_machines"]["a"]["migration_completed"] = True
    drawn["estate"]["virtual_machines"]["b"]["replication_starts"] = False
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["c"].standing is Standing.READY


def test_a_plan_waits_for_a_machine_that_never_settles(tmp_path: Path) -> None:
    drawn = known("ab")
    drawn["estate"]["virtual_machines"]["a"]["replication_starts"] = False
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("with a",)


def test_who_falls_for_want_of_a_share_is_stopped_early_and_its_group_with_it(tmp_path: Path) -> None:
    drawn = known("abc")
    for name in "bc":
        drawn["estate"]["virtual_machines"][name]["replication_group"] = "g"
    for name in "abc":
        drawn["estate"]["virtual_machines"][name]["memory_gib"] = 40
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].standing for name in "abc"] == [Standing.READY, Standing.BLOCKED, Standing.BLOCKED]


def test_whose_plan_was_broken_up_may_be_stopped_by_a_mate_that_fails_first(tmp_path: Path) -> None:
    drawn = known("abcd")
    vms = drawn["estate"]["virtual_machines"]
    vms["a"] = machine("a", "modernised", 20, exists_on_premises=False, replication_group="g")
    vms["b"].update(replication_group="g", resync_required=True)
    vms["c"]["azure"]["running"] = False
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("with b",)
    assert report.outlooks["d"].standing is Standing.READY


@pytest.mark.parametrize("early", [{"migration_completed": True}, {"azure": {"moved": True}}])
def test_nobody_waits_for_a_point_of_a_machine_that_another_rule_stops_before_its_reprotect(
    tmp_path: Path, early: dict[str, Any]
) -> None:
    drawn = known("ab")
    drawn["estate"]["virtual_machines"]["a"].update(early | {"recovery_points": 0})
    if "azure" in early:
        drawn["estate"]["virtual_machines"]["a"]["azure"] = REPLICA | early["azure"]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].standing is Standing.READY


def test_a_machine_that_comes_home_without_a_point_holds_up_its_whole_recovery_plan(tmp_path: Path) -> None:
    drawn = known("ab")
    drawn["estate"]["virtual_machines"]["a"]["recovery_points"] = 0
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("F02",)


def test_a_machine_without_a_point_in_a_later_wave_holds_up_nobody_before_it(tmp_path: Path) -> None:
    drawn = known("ab", recovery_plans=[], waves=[{"name": "first", "items": ["a"]}])
    drawn["estate"]["virtual_machines"]["b"]["recovery_points"] = 0
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].standing is Standing.READY


def test_a_machine_without_a_point_in_an_earlier_wave_holds_up_its_recovery_plan(tmp_path: Path) -> None:
    drawn = known("ab", recovery_plans=[], waves=[{"name": "first", "items": ["a"]}])
    drawn["estate"]["virtual_machines"]["a"]["recovery_points"] = 0
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].standing is Standing.BLOCKED


def test_whether_a_machine_without_a_point_is_there_first_is_open_where_nobody_asks_for_both(tmp_path: Path) -> None:
    drawn = known("ab", recovery_plans=[])
    drawn["estate"]["virtual_machines"]["a"]["recovery_points"] = 0
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].standing is Standing.UNDECIDED


def test_the_drill_sets_memory_aside_by_the_same_facts_as_the_check(tmp_path: Path) -> None:
    drawn = known("abc", "classic")
    for name in "abc":
        drawn["estate"]["virtual_machines"][name]["memory_gib"] = 60
    drawn["estate"]["virtual_machines"]["a"]["recovery_points"] = 0
    drawn["estate"]["virtual_machines"]["c"]["protection_disabled"] = True
    drawn["estate"]["recovery_plans"][0]["groups"] = [["a", "b"]]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert {finding.rule for finding in report.items[2].findings if finding.can_block} == {"R19"}


def test_a_physical_master_target_is_never_discovered(tmp_path: Path) -> None:
    drawn = known("ab", "classic")
    drawn["estate"]["master_targets"][0]["physical"] = True
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].standing is Standing.BLOCKED


def test_a_machine_that_replicates_home_already_has_its_memory_in_the_order_of_the_plan(tmp_path: Path) -> None:
    drawn = known("ab")
    for name in "ab":
        drawn["estate"]["virtual_machines"][name].update(at="replicating_to_on_premises", memory_gib=60)
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].standing for name in "ab"] == [Standing.READY, Standing.BLOCKED]


@pytest.mark.parametrize("fact", [{"replication_starts": False}, {"azure": REPLICA | {"reaches_service_urls": False}}])
def test_what_holds_up_a_resync_stops_nobody_whose_resync_is_over(tmp_path: Path, fact: dict[str, Any]) -> None:
    drawn = known("ab")
    drawn["estate"]["virtual_machines"]["a"].update(at="replicating_to_on_premises", **fact)
    drawn["estate"]["virtual_machines"]["b"].update(at="replicating_to_on_premises")
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].standing is Standing.READY
    assert {finding.status for finding in report.items[0].findings if finding.rule in {"R31", "A05"}} == {Status.ADVICE}


def test_a_group_whose_machines_are_asked_at_different_times_may_lack_a_common_target(tmp_path: Path) -> None:
    drawn = known("ab", "classic")
    for name, phase in (("a", "failover_committed"), ("b", "failover_tested")):
        drawn["estate"]["virtual_machines"][name].update(at=phase, replication_group="g")
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert {report.outlooks[name].because for name in "ab"} == {("R07",)}


def test_a_mate_that_commits_its_failback_may_be_gone_when_the_group_is_asked(tmp_path: Path) -> None:
    drawn = known("ab", "classic")
    for name, phase in (("a", "committing_failback"), ("b", "replicating_to_azure")):
        drawn["estate"]["virtual_machines"][name].update(at=phase, replication_group="g")
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("R07",)


def test_who_waits_for_slots_until_the_end_is_not_stopped_by_what_keeps_machines_elsewhere(tmp_path: Path) -> None:
    drawn = known("ab", recovery_plans=[])
    estate = drawn["estate"]
    estate["virtual_machines"] = {
        "a": machine("a", "modernised", 2, protection_disabled=True),
        "b": machine("b", "modernised", 2, migration_completed=True),
        "c": machine("c", "classic", replication_starts=False),
    }
    estate.update(servers("classic", "modernised"))
    estate["appliances"][0]["local_disks"] = 57
    wrong, _ = found_in(tmp_path, drawn)
    assert wrong == []


def test_a_group_mate_of_whom_a_rule_stops_at_its_failback_takes_its_memory_in_its_turn(tmp_path: Path) -> None:
    drawn = known("abc", "classic")
    for name in "abc":
        drawn["estate"]["virtual_machines"][name]["memory_gib"] = 60
    for name in "ab":
        drawn["estate"]["virtual_machines"][name]["replication_group"] = "g"
    drawn["estate"]["virtual_machines"]["a"]["protection_disabled"] = True
    drawn["estate"]["recovery_plans"][0]["groups"] = [["a", "b"]]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].standing for name in "bc"] == [Standing.READY, Standing.BLOCKED]


def test_a_last_job_that_fails_is_asked_for_again_and_waits_for_its_wave(tmp_path: Path) -> None:
    drawn = known("ab", recovery_plans=[], waves=[{"name": "first", "items": ["a"]}])
    drawn["estate"]["virtual_machines"]["a"]["replication_starts"] = False
    drawn["estate"]["virtual_machines"]["b"].update(at="reprotecting_to_azure", agent_registered=False)
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("with a",)


def test_a_mate_whose_share_is_open_may_be_stopped_early_and_leaves_its_group_undecided(tmp_path: Path) -> None:
    drawn = known("abcd", "classic")
    for name, need in (("a", 50), ("b", 30), ("d", 4)):
        drawn["estate"]["virtual_machines"][name]["memory_gib"] = need
    drawn["estate"]["virtual_machines"]["c"].update(memory_gib=40, replication_group="g")
    drawn["estate"]["virtual_machines"]["d"]["replication_group"] = "g"
    drawn["estate"]["virtual_machines"]["b"]["migration_completed"] = "unknown"
    drawn["estate"]["recovery_plans"][0]["groups"] = [["c", "d"]]
    _, report = found_in(tmp_path, drawn)
    assert report.outlooks["c"].because == ("8038", "with d")
    assert report.outlooks["d"].because == ("8038", "with c")


def test_a_mate_that_goes_alone_takes_no_slot_at_one_instant_with_the_others(tmp_path: Path) -> None:
    drawn = known("ab")
    drawn["estate"]["appliances"][0]["local_disks"] = 58
    drawn["estate"]["virtual_machines"]["a"] = machine("a", "modernised", 2, replication_group="g")
    drawn["estate"]["virtual_machines"]["b"].update(replication_group="g", at="committing_failback")
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("R07",)


def test_who_gave_up_waiting_names_nobody_who_is_home(tmp_path: Path) -> None:
    drawn = known("abc", recovery_plans=[], waves=[{"name": "first", "items": ["a", "b"]}])
    vms = drawn["estate"]["virtual_machines"]
    vms["a"].update(at="replicating_to_on_premises", replication_starts=False)
    vms["b"]["azure"]["reaches_service_urls"] = False
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["c"].because == ("with b",)


def begun(drawn: dict[str, Any], phase: str, **facts: dict[str, Any]) -> dict[str, Any]:
    """All machines of it stand in this phase; some have facts of their own."""
    for name, vm in drawn["estate"]["virtual_machines"].items():
        vm.update({"at": phase, **facts.get(name, {})})
    return drawn


@pytest.mark.parametrize("together", [["p"], []])
def test_whose_failback_failed_at_the_start_asks_again_alone_and_holds_up_nobody(
    tmp_path: Path, together: list[str]
) -> None:
    drawn = begun(known("ab", recovery_plans=together), "failing_back", a={"replication_health": "critical"})
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].standing for name in "ab"] == [Standing.BLOCKED, Standing.READY]


def test_of_failbacks_that_run_at_the_start_nobody_knows_which_takes_the_memory_first(tmp_path: Path) -> None:
    drawn = begun(known("ab"), "failing_back", a={"memory_gib": 60}, b={"memory_gib": 60})
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert {report.outlooks[name].because for name in "ab"} == {("8038",)}
    assert {report.outlooks[name].standing for name in "ab"} == {Standing.UNDECIDED}


def test_a_failback_that_runs_at_the_start_has_its_memory_before_all_that_the_plan_asks(tmp_path: Path) -> None:
    drawn = known("ab", recovery_plans=[])
    drawn["estate"]["virtual_machines"]["a"].update(at="failover_committed", memory_gib=60)
    drawn["estate"]["virtual_machines"]["b"].update(at="failing_back", memory_gib=60)
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].standing for name in "ab"] == [Standing.BLOCKED, Standing.READY]


def test_a_reprotect_that_failed_at_the_start_stands_in_line_for_slots_again(tmp_path: Path) -> None:
    drawn = known("ab", "classic", recovery_plans=[])
    drawn["estate"]["master_targets"][0]["local_disks"] = 59
    vms = drawn["estate"]["virtual_machines"]
    vms["a"].update(at="reprotecting_to_on_premises", agent_registered=False)
    vms["b"].update(at="replicating_to_on_premises")
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].standing for name in "ab"] == [Standing.CLEARS, Standing.READY]


@pytest.mark.parametrize(
    ("architecture", "section", "dead", "rule"),
    [
        ("classic", "process_servers", {"up": False}, "806"),
        ("classic", "master_targets", {"up": False}, "78022"),
        ("modernised", "appliances", {"healthy": False}, "A01"),
    ],
)
def test_a_resync_whose_server_is_dead_at_the_start_stands_still_and_opens_no_later_wave(
    tmp_path: Path, architecture: str, section: str, dead: dict[str, Any], rule: str
) -> None:
    drawn = known("abc", architecture, recovery_plans=[], waves=[{"name": "first", "items": ["a"]}])
    servers_now = drawn["estate"][section]
    servers_now.append(another(section, servers_now[0], 2))
    servers_now[0].update(dead)
    through = {"process_servers": "process_server"}.get(section, "returns_through")
    drawn["estate"]["virtual_machines"]["a"].update(at="resyncing_to_on_premises", **{through: servers_now[0]["name"]})
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == (rule,)
    assert report.outlooks["a"].stuck
    assert {report.outlooks[name].because for name in "bc"} == {("with a",)}


def test_who_may_be_left_without_memory_is_not_waited_for_by_a_later_wave_as_if_it_came_home(tmp_path: Path) -> None:
    drawn = known("abc", recovery_plans=[], waves=[{"name": "first", "items": ["a", "b"]}])
    drawn["estate"]["appliances"][0]["local_disks"] = 58
    drawn["estate"]["virtual_machines"]["a"]["memory_gib"] = 96
    drawn["estate"]["virtual_machines"]["b"].update(replication_starts=False)
    drawn["estate"]["virtual_machines"]["c"] = machine("c", "modernised", 2)
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["c"].standing is Standing.UNDECIDED


def test_a_failback_that_is_cancelled_at_the_start_gives_no_memory_back_that_the_file_counts_as_free(
    tmp_path: Path,
) -> None:
    drawn = begun(known("a"), "cancelling_failback", a={"memory_gib": 120})
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("8038",)


def test_a_failback_that_runs_takes_its_memory_though_its_machine_is_blocked_later(tmp_path: Path) -> None:
    waves = [{"name": "first", "items": ["a", "c"]}]
    drawn = begun(known("abc", recovery_plans=[], waves=waves), "replicating_to_on_premises")
    vms = drawn["estate"]["virtual_machines"]
    vms["a"].update(at="resyncing_to_on_premises", replication_starts=False)
    vms["b"].update(at="failing_back", memory_gib=60)
    vms["c"]["memory_gib"] = 60
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("with a",)
    assert report.outlooks["c"].because == ("8038",)


@pytest.mark.parametrize("phase", ["failing_back", "cancelling_failback"])
def test_a_machine_that_is_made_anew_and_whose_reprotect_is_over_takes_memory_of_its_servers_host(
    tmp_path: Path, phase: str
) -> None:
    drawn = begun(known("ab", recovery_plans=[]), phase, a={"exists_on_premises": False})
    for name in "ab":
        drawn["estate"]["virtual_machines"][name]["memory_gib"] = 60
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("8038",)


def test_whether_a_failback_that_runs_meets_a_machine_without_a_point_that_sets_out_now_is_open(tmp_path: Path) -> None:
    drawn = known("ab", recovery_plans=[], waves=[{"name": "first", "items": ["a"]}])
    drawn["estate"]["virtual_machines"]["a"].update(at="failover_committed", recovery_points=0)
    drawn["estate"]["virtual_machines"]["b"].update(at="failing_back")
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].standing is Standing.UNDECIDED


def test_a_machine_without_a_point_whose_mate_fails_at_the_reprotect_may_be_met_on_the_way_home(tmp_path: Path) -> None:
    drawn = known("abc")
    vms = drawn["estate"]["virtual_machines"]
    vms["a"].update(recovery_points=0, replication_group="g")
    vms["b"].update(replication_group="g", azure=REPLICA | {"running": False})
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["c"].standing is Standing.UNDECIDED
    assert report.outlooks["c"].because == ("F02",)


def test_nobody_meets_a_machine_without_a_point_whose_mate_fails_before_anybody_is_asked_to_reprotect(
    tmp_path: Path,
) -> None:
    drawn = known("abc")
    vms = drawn["estate"]["virtual_machines"]
    vms["a"].update(recovery_points=0, replication_group="g")
    vms["b"].update(replication_group="g", failover_cancelled=True)
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["c"].standing is Standing.READY


def test_a_seeding_wave_may_meet_a_machine_without_a_point_whose_mate_failed_at_the_reprotect(tmp_path: Path) -> None:
    waves = [{"name": "first", "items": ["a", "b", "c"], "opens_s": 7200.0, "seed_opens_s": 0.0}]
    drawn = begun(known("abc", waves=waves), "failover_committed")
    vms = drawn["estate"]["virtual_machines"]
    vms["a"].update(recovery_points=0, replication_group="g")
    vms["b"].update(replication_group="g", azure=REPLICA | {"exists": False})
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["c"].because == ("F02",)


def test_a_retry_does_not_try_an_appliance_that_the_rules_refuse_as_well(tmp_path: Path) -> None:
    drawn = known("a", recovery_plans=[])
    estate = drawn["estate"]
    estate["appliances"].append(another("appliances", estate["appliances"][0], 2))
    estate["appliances"][0]["healthy"] = False
    estate["appliances"][1]["host"] = "esx2"
    estate["hosts"].append(another("hosts", estate["hosts"][0], 2) | {"datastores": []})
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("A01",)


def test_a_mate_without_memory_takes_its_group_along_though_their_cancelled_failbacks_end_at_other_times(
    tmp_path: Path,
) -> None:
    drawn = begun(known("abc", recovery_plans=[]), "cancelling_failback")
    for name, need in (("a", 30), ("b", 30), ("c", 60)):
        drawn["estate"]["virtual_machines"][name].update(memory_gib=need, replication_group="g")
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert {report.outlooks[name].because for name in "ab"} == {("with c",)}


def test_who_is_on_its_way_at_the_start_is_met_though_a_drill_stops_it_for_want_of_memory(tmp_path: Path) -> None:
    drawn = known("abc", recovery_plans=[])
    vms = drawn["estate"]["virtual_machines"]
    vms["a"].update(at="replicating_to_on_premises", memory_gib=60)
    vms["b"].update(at="cancelling_failback", memory_gib=60, recovery_points=0)
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["c"].because == ("F02",)


def test_who_waits_for_a_mate_at_the_failback_gives_the_slots_free_for_which_that_mate_waits(tmp_path: Path) -> None:
    drawn = begun(known("abcd"), "reprotecting_to_on_premises", b={"target": "hyper-v"})
    for vm in drawn["estate"]["virtual_machines"].values():
        vm["disks"] = machine(vm["name"], "modernised", 20)["disks"]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("R15",)


@pytest.mark.parametrize(
    ("architecture", "section", "cut", "rule"),
    [
        ("classic", "datastores", {"accessible": False}, "R24"),
        ("modernised", "datastores", {"accessible": False}, "A03"),
        ("classic", "link", {"up": False}, "N01 N02"),
        ("modernised", "link", {"up": False}, "A15 N02"),
        ("classic", "hosts", {"connected": False}, "78022 R32"),
        ("modernised", "hosts", {"connected": False}, "A01 R32"),
        ("classic", "process_servers", {"closed_ports": [9443]}, "R08"),
        ("modernised", "appliances", {"closed_ports": [9443]}, "A15"),
    ],
)
def test_a_resync_that_runs_is_blocked_by_whatever_cuts_its_way(
    tmp_path: Path, architecture: str, section: str, cut: dict[str, Any], rule: str
) -> None:
    drawn = begun(known("a", architecture, recovery_plans=[]), "resyncing_to_on_premises")
    parts = drawn["estate"][section]
    (parts if section == "link" else parts[0]).update(cut)
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == tuple(rule.split())


def test_who_needs_more_memory_than_the_host_has_takes_none_from_its_mates(tmp_path: Path) -> None:
    drawn = known("abcd")
    memory = {"a": 4, "b": 8, "c": 30, "d": 90}
    for name, gib in memory.items():
        drawn["estate"]["virtual_machines"][name]["memory_gib"] = gib
    for name in "acd":
        drawn["estate"]["virtual_machines"][name]["replication_group"] = "g"
    for host in drawn["estate"]["hosts"]:
        host["free_memory_gib"] = 40
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    blocked = {name for name in "abcd" if report.outlooks[name].standing is Standing.BLOCKED}
    assert blocked == {"b", "d"}


RESTS_LATER = ("replicating_to_on_premises", "failed_back", "failback_committed", "resyncing_to_azure")


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
@pytest.mark.parametrize("phase", RESTS_LATER)
def test_whose_last_leg_a_line_that_is_down_keeps_open_is_blocked(
    tmp_path: Path, architecture: str, phase: str
) -> None:
    drawn = begun(known("a", architecture, recovery_plans=[]), phase)
    drawn["estate"]["link"]["up"] = False
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("N02",)


def test_a_machine_whose_mate_was_requested_and_failed_is_not_stopped_for_its_sake(tmp_path: Path) -> None:
    drawn = begun(known("ab", "classic"), "reprotecting_to_on_premises", a={"agent_registered": False})
    for vm in drawn["estate"]["virtual_machines"].values():
        vm["replication_group"] = "g"
    drawn["estate"]["virtual_machines"]["b"]["disks"] = machine("b", "classic", 20)["disks"]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].standing for name in "ab"] == [Standing.CLEARS, Standing.READY]


@pytest.mark.parametrize(("architecture", "section"), [("classic", "master_targets"), ("modernised", "appliances")])
def test_a_group_of_a_recovery_plan_whose_reprotects_run_needs_no_slots_for_all_at_one_instant(
    tmp_path: Path, architecture: str, section: str
) -> None:
    drawn = begun(known("ab", architecture), "reprotecting_to_on_premises")
    drawn["estate"][section][0]["local_disks"] = 57
    for name, vm in drawn["estate"]["virtual_machines"].items():
        vm.update(replication_group="g", disks=machine(name, architecture, 2)["disks"])
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert {report.outlooks[name].standing for name in "ab"} == {Standing.READY}


def test_a_group_without_a_recovery_plan_of_its_own_waits_for_slots_that_its_mates_keep(tmp_path: Path) -> None:
    drawn = begun(known("ab", recovery_plans=[]), "reprotecting_to_on_premises")
    drawn["estate"]["appliances"][0]["local_disks"] = 57
    for name, vm in drawn["estate"]["virtual_machines"].items():
        vm.update(replication_group="g", disks=machine(name, "modernised", 2)["disks"])
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert {report.outlooks[name].standing for name in "ab"} == {Standing.BLOCKED}


@pytest.mark.parametrize(
    ("architecture", "section", "rule"), [("classic", "master_targets", "M03"), ("modernised", "appliances", "A02")]
)
def test_slots_that_a_later_wave_holds_from_the_start_are_not_to_be_had(
    tmp_path: Path, architecture: str, section: str, rule: str
) -> None:
    drawn = known("ab", architecture, recovery_plans=[], waves=[{"name": "first", "items": ["a"]}])
    drawn["estate"][section][0]["local_disks"] = 59
    drawn["estate"]["virtual_machines"]["b"]["at"] = "failed_back"
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == (rule,)
    assert [report.outlooks[name].standing for name in "ab"] == [Standing.BLOCKED, Standing.READY]


def test_slots_that_a_mate_claims_too_may_not_be_to_be_had_beside_a_later_wave(tmp_path: Path) -> None:
    drawn = known("abc", waves=[{"name": "first", "items": ["a", "b"]}])
    drawn["estate"]["recovery_plans"][0]["groups"] = [["a", "b"]]
    drawn["estate"]["appliances"][0]["local_disks"] = 58
    drawn["estate"]["virtual_machines"]["c"]["at"] = "failed_back"
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert {report.outlooks[name].standing for name in "ab"} == {Standing.UNDECIDED}


def test_a_resync_says_what_it_waits_for_where_another_machine_finds_its_appliance_off(tmp_path: Path) -> None:
    drawn = known("ab", recovery_plans=[])
    drawn["estate"]["hosts"][0]["connected"] = False
    for name, phase in (("a", "resyncing_to_on_premises"), ("b", "failback_committed")):
        drawn["estate"]["virtual_machines"][name]["at"] = phase
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("A01", "R32")


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_machine_whose_host_is_away_cannot_be_started_at_home_though_its_resync_is_over(
    tmp_path: Path, architecture: str
) -> None:
    drawn = begun(known("a", architecture, recovery_plans=[]), "replicating_to_on_premises")
    estate = drawn["estate"]
    estate["hosts"].append({**estate["hosts"][0], "name": "esx2", "connected": False})
    estate["virtual_machines"]["a"]["host"] = "esx2"
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("R32",)


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_failover_that_runs_and_was_cancelled_before_is_blocked(tmp_path: Path, architecture: str) -> None:
    drawn = begun(known("a", architecture, recovery_plans=[]), "failing_over", a={"failover_cancelled": True})
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("F07",)


def test_who_waits_for_nobody_any_more_takes_its_memory_though_a_machine_of_its_plan_is_stuck(tmp_path: Path) -> None:
    drawn = begun(known("abcd"), "resyncing_to_on_premises")
    vms = drawn["estate"]["virtual_machines"]
    for name, need in (("a", 60), ("b", 30), ("c", 60), ("d", 8)):
        vms[name]["memory_gib"] = need
    drawn["estate"]["recovery_plans"] = [{"name": "p", "groups": [["b", "c", "d"]]}]
    vms["d"]["azure"]["reaches_service_urls"] = False
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].standing for name in "abc"] == [Standing.READY, Standing.READY, Standing.BLOCKED]


def test_a_recovery_plan_that_has_its_slots_from_the_start_is_not_broken_up_for_want_of_some(tmp_path: Path) -> None:
    drawn = begun(known("abcd"), "resyncing_to_on_premises", a={"replication_starts": False})
    for name, vm in drawn["estate"]["virtual_machines"].items():
        vm.update(disks=machine(name, "modernised", 20)["disks"], memory_gib=4)
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert {report.outlooks[name].because for name in "bcd"} == {("with a",)}


def test_who_is_stopped_with_a_mate_before_its_reprotect_is_waited_for_by_no_later_wave(tmp_path: Path) -> None:
    drawn = known("abc", recovery_plans=[], waves=[{"name": "first", "items": ["a", "b"]}])
    vms = drawn["estate"]["virtual_machines"]
    vms["a"].update(replication_group="g", failover_cancelled=True)
    vms["b"].update(replication_group="g", replication_starts=False)
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["c"].standing is Standing.READY


def test_whether_others_meet_a_machine_without_a_point_that_may_lose_its_slots_is_open(tmp_path: Path) -> None:
    drawn = begun(known("abcd", recovery_plans=[]), "reprotecting_to_on_premises", a={"recovery_points": 0})
    for name, vm in drawn["estate"]["virtual_machines"].items():
        vm["disks"] = machine(name, "modernised", 20)["disks"]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert {report.outlooks[name].standing for name in "bcd"} == {Standing.UNDECIDED}


def test_a_machine_that_stopped_gives_slots_back_when_its_reprotect_fails_after_that(tmp_path: Path) -> None:
    drawn = known("fghij", "classic")
    estate = drawn["estate"]
    estate["process_servers"][0]["closed_ports"] = [9443]
    for name, disks in (("f", 20), ("g", 20), ("h", 1), ("i", 2), ("j", 20)):
        estate["virtual_machines"][name] = machine(name, "classic", disks, memory_gib=4)
    for name in "gij":
        estate["virtual_machines"][name]["replication_group"] = "group"
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["f"].because == ("R08",)


def test_a_machine_that_only_its_last_leg_keeps_back_takes_its_memory(tmp_path: Path) -> None:
    drawn = begun(known("ab"), "replicating_to_on_premises", a={"memory_gib": 60}, b={"memory_gib": 60})
    drawn["estate"]["link"]["up"] = False
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].because for name in "ab"] == [("N02",), ("8038", "N02")]


@pytest.mark.parametrize("phase", ["reprotecting_to_on_premises", "resyncing_to_on_premises"])
@pytest.mark.parametrize("together", [["p"], []])
def test_a_resync_that_stands_still_is_waited_for_though_its_machine_would_find_no_memory(
    tmp_path: Path, phase: str, together: list[str]
) -> None:
    facts = {name: {"memory_gib": 60} for name in "abcd"}
    drawn = begun(known("abcd", recovery_plans=together), phase, **facts)
    drawn["estate"]["recovery_plans"][0]["groups"] = [["b", "d"]]
    drawn["estate"]["virtual_machines"]["b"]["replication_starts"] = False
    drawn["plan"]["waves"] = [{"name": "first", "items": ["a"]}, {"name": "second", "items": ["b", "d"]}]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].standing is Standing.READY
    assert report.outlooks["b"].because == ("R31", "8038")
    assert report.outlooks["c"].because == ("8038", "with b")


def test_who_waits_for_another_is_not_stopped_by_what_its_own_health_shows(tmp_path: Path) -> None:
    drawn = begun(known("ab", "classic", recovery_plans=[]), "replicating_to_on_premises")
    vms = drawn["estate"]["virtual_machines"]
    vms["a"].update(at="failover_committed", replication_starts=False)
    vms["b"]["azure"] = REPLICA | {"network": "elsewhere"}
    drawn["plan"]["waves"] = [{"name": "first", "items": ["a"]}]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("with a",)


def gone(drawn: dict[str, Any], free_gib: float, **phases: str) -> dict[str, Any]:
    """These machines are gone from the site, and their new disks have so much room."""
    drawn["estate"]["datastores"][0]["free_gib"] = free_gib
    for name, phase in phases.items():
        drawn["estate"]["virtual_machines"][name].update(exists_on_premises=False, at=phase)
    return drawn


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_new_disks_of_a_resync_that_runs_may_fill_their_datastore(tmp_path: Path, architecture: str) -> None:
    drawn = gone(known("ab", architecture, recovery_plans=[]), 1, a="resyncing_to_on_premises")
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("B16",)
    assert report.outlooks["b"].standing is Standing.UNDECIDED


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_what_a_resync_has_written_already_needs_no_room_any_more(tmp_path: Path, architecture: str) -> None:
    drawn = gone(known("a", architecture), 5, a="resyncing_to_on_premises")
    drawn["estate"]["virtual_machines"]["a"]["resync_done_fraction"] = 0.5
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].standing is Standing.READY


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
@pytest.mark.parametrize("begun", ["resyncing_to_on_premises", "reprotecting_to_on_premises"])
def test_room_that_new_disks_on_their_way_need_is_not_to_be_had(tmp_path: Path, architecture: str, begun: str) -> None:
    drawn = gone(known("ba", architecture, recovery_plans=[]), 15, a=begun, b="failover_committed")
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].because for name in "ab"] == [(), ("B14",)]


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_machine_that_stops_after_its_reprotect_keeps_the_room_of_its_new_disks(
    tmp_path: Path, architecture: str
) -> None:
    drawn = gone(known("ab", architecture, recovery_plans=[]), 15, a="failover_committed", b="failover_committed")
    drawn["estate"]["virtual_machines"]["a"]["replication_starts"] = False
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].because for name in "ab"] == [("R31",), ("B14",)]


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_datastore_without_free_space_takes_no_data_of_anybody(tmp_path: Path, architecture: str) -> None:
    drawn = known("a", architecture)
    drawn["estate"]["datastores"][0]["free_gib"] = 0
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("B16",)


def test_who_waits_for_no_plan_may_come_home_before_a_mate_stops_whose_reprotect_runs_too(tmp_path: Path) -> None:
    drawn = begun(known("abc"), "reprotecting_to_on_premises")
    vms = drawn["estate"]["virtual_machines"]
    vms["c"]["at"] = "failover_committed"
    vms["a"]["disks"][0]["held_by"] = "backup"
    for name in "ab":
        vms[name]["replication_group"] = "g"
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].standing is Standing.UNDECIDED


def test_whose_reprotect_fails_is_asked_for_again_and_may_be_met_until_then(tmp_path: Path) -> None:
    drawn = known("ab", recovery_plans=[])
    vms = drawn["estate"]["virtual_machines"]
    vms["a"]["at"] = "cancelling_failback"
    vms["b"].update(at="reprotecting_to_on_premises", recovery_points=0)
    vms["b"]["azure"] = REPLICA | {"moved": True}
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("F02",)
    assert report.outlooks["a"].standing is Standing.UNDECIDED


def test_a_resync_whose_appliance_stands_on_a_host_that_is_away_moves_nothing_from_the_start(tmp_path: Path) -> None:
    drawn = known("ab", waves=[{"name": "first", "items": ["a"]}], recovery_plans=[])
    estate = drawn["estate"]
    estate.update(servers("classic", "modernised"))
    estate["hosts"][0]["connected"] = False
    estate["virtual_machines"]["a"]["at"] = "resyncing_to_on_premises"
    estate["virtual_machines"]["b"] = machine("b", "classic", at="committing_failback")
    estate["recovery_plans"] = []
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("with a",)


@pytest.mark.parametrize("plans", [["p"], ["p", "q"]])
def test_who_is_on_its_way_is_stopped_with_a_mate_without_memory_that_goes_by_another_recovery_plan(
    tmp_path: Path, plans: list[str]
) -> None:
    drawn = begun(known("abc", "classic", recovery_plans=plans), "resyncing_to_on_premises", a={"memory_gib": 8})
    vms = drawn["estate"]["virtual_machines"]
    for name, need in (("b", 30), ("c", 4)):
        vms[name].update(memory_gib=need, replication_group="g")
    vms["a"]["at"] = "failover_committed"
    drawn["estate"]["hosts"][0]["free_memory_gib"] = 40
    drawn["estate"]["recovery_plans"] = [{"name": "p", "groups": [["c"]]}, {"name": "q", "groups": [["b"]]}]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("with c",)
    assert report.outlooks["b"].standing is Standing.BLOCKED
    assert report.outlooks["c"].because == ("8038",)


def test_who_needs_fewer_slots_than_one_before_it_in_the_line_does_not_stop_with_it(tmp_path: Path) -> None:
    drawn = known("abcd", recovery_plans=[], waves=[{"name": "first", "items": ["a", "b"]}])
    vms = drawn["estate"]["virtual_machines"]
    drawn["estate"]["appliances"][0]["local_disks"] = 20
    for name in "acd":
        vms[name]["disks"] = machine(name, "modernised", 20)["disks"]
    vms["b"]["at"] = "replicating_to_azure"
    vms["c"]["at"] = vms["d"]["at"] = "failed_back"
    vms["d"]["disks"] = vms["d"]["disks"][:5]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].because for name in "ab"] == [("A02",), ()]


def test_whose_mate_finds_no_slots_beside_machines_that_stopped_goes_alone(tmp_path: Path) -> None:
    drawn = known("abcdef", "classic")
    estate, vms = drawn["estate"], drawn["estate"]["virtual_machines"]
    for name in "bcdef":
        vms[name]["disks"] = machine(name, "classic", 20)["disks"]
    for vm in vms.values():
        vm.update(at="replicating_to_azure", memory_gib=4)
    vms["a"]["recovery_points"] = 0
    estate["master_targets"].append(another("master_targets", estate["master_targets"][0], 2))
    estate["recovery_plans"] = [{"name": "p", "groups": [list("abcd")]}, {"name": "q", "groups": [list("ef")]}]
    drawn["plan"]["recovery_plans"] = ["p", "q"]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["e"].standing is Standing.READY


def test_a_failback_that_runs_has_its_memory_though_its_commit_waits_for_another_wave(tmp_path: Path) -> None:
    drawn = known("abcd", recovery_plans=[], waves=[{"name": "first", "items": ["a", "b", "c"]}])
    vms = drawn["estate"]["virtual_machines"]
    vms["a"].update(replication_starts=False)
    vms["b"].update(at="replicating_to_azure", memory_gib=40)
    vms["c"].update(memory_gib=40)
    vms["d"].update(at="failing_back", memory_gib=30)
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].standing for name in "bc"] == [Standing.READY, Standing.BLOCKED]
    assert report.outlooks["c"].because == ("8038",)


def test_what_one_machine_may_take_of_the_memory_is_set_aside_before_a_later_one_asks(tmp_path: Path) -> None:
    drawn = known("abcd", recovery_plans=[])
    vms = drawn["estate"]["virtual_machines"]
    for name, need in (("a", 8), ("b", 4), ("c", 90), ("d", 8)):
        vms[name]["memory_gib"] = need
    vms["a"].update(at="failing_back", recovery_points=0)
    vms["b"].update(at="replicating_to_azure")
    vms["c"].update(at="replicating_to_on_premises")
    drawn["estate"]["recovery_plans"] = []
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].standing is Standing.READY
    assert {report.outlooks[name].standing for name in "cd"} == {Standing.UNDECIDED}


@pytest.mark.parametrize("phase", ["failing_back", "replicating_to_on_premises", "resyncing_to_on_premises"])
@pytest.mark.parametrize(("architecture", "rule"), [("classic", "78022"), ("modernised", "A01")])
def test_a_machine_made_anew_stands_on_the_host_of_what_it_returns_through(
    tmp_path: Path, architecture: str, rule: str, phase: str
) -> None:
    drawn = begun(known("a", architecture, recovery_plans=[]), phase, a={"exists_on_premises": False})
    drawn["estate"]["hosts"][0]["connected"] = False
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert set(report.outlooks["a"].because) >= {"R32"}


def test_whose_mate_is_turned_back_at_its_reprotect_may_keep_the_slots_that_it_asked_for_too(tmp_path: Path) -> None:
    drawn = begun(known("abcde", "classic"), "replicating_to_azure")
    vms = drawn["estate"]["virtual_machines"]
    for name in "ace":
        vms[name]["disks"] = machine(name, "classic", 20)["disks"]
    for name in "cde":
        vms[name]["replication_group"] = "g"
    vms["d"]["azure"] = REPLICA | {"exists": False}
    drawn["estate"]["recovery_plans"][0]["groups"] = [list("bcde")]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("with c",)
    assert report.outlooks["a"].standing is Standing.UNDECIDED


def test_whose_mate_is_turned_back_at_its_reprotect_may_take_the_room_of_its_new_disks(tmp_path: Path) -> None:
    drawn = gone(known("abc", recovery_plans=[]), 15, a="failover_committed", c="failover_committed")
    vms = drawn["estate"]["virtual_machines"]
    for name in "ab":
        vms[name]["replication_group"] = "g"
    vms["b"]["azure"] = REPLICA | {"exists": False}
    drawn["estate"]["recovery_plans"][0]["groups"] = [["a", "b"]]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["c"].standing is Standing.UNDECIDED


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_group_that_does_not_come_home_takes_no_memory_though_its_machines_are_ready_at_different_times(
    tmp_path: Path, architecture: str
) -> None:
    drawn = begun(known("bcde", architecture), "resyncing_to_on_premises")
    for name, need in (("b", 4), ("c", 90), ("d", 30), ("e", 8)):
        drawn["estate"]["virtual_machines"][name]["memory_gib"] = need
    for name in "ce":
        drawn["estate"]["virtual_machines"][name]["replication_group"] = "g"
    drawn["estate"]["recovery_plans"][0]["groups"] = [["e"]]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].because for name in "bcde"] == [(), ("with e",), (), ("8038",)]
    assert report.outlooks["c"].standing is Standing.BLOCKED


def test_a_mate_without_memory_takes_its_group_along_though_another_breaks_their_recovery_plan_up_before(
    tmp_path: Path,
) -> None:
    drawn = begun(known("abcdef"), "cancelling_failback")
    vms = drawn["estate"]["virtual_machines"]
    for name, need in (("a", 30), ("b", 30), ("c", 4), ("d", 30), ("e", 90), ("f", 30)):
        vms[name]["memory_gib"] = need
    for name in "cdf":
        vms[name]["replication_group"] = "g"
    for name in "ab":
        vms[name]["at"] = "replicating_to_azure"
    drawn["estate"]["recovery_plans"][0]["groups"] = [list("cdef")]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert [report.outlooks[name].because for name in "cdf"] == [("with f",), ("with f",), ("8038",)]


@pytest.mark.parametrize(
    ("architecture", "section", "choice"),
    [("classic", "master_targets", "master_target"), ("modernised", "appliances", "appliance")],
)
def test_whose_disks_are_lent_already_keeps_its_slots_though_it_is_stopped_for_its_mate(
    tmp_path: Path, architecture: str, section: str, choice: str
) -> None:
    drawn = begun(known("abcd", architecture, recovery_plans=[]), "replicating_to_on_premises")
    estate, vms = drawn["estate"], drawn["estate"]["virtual_machines"]
    estate["recovery_plans"] = []
    first, second = estate[section] = [estate[section][0], another(section, estate[section][0], 2)]
    for name, need, server in (("a", 90, second), ("b", 4, first), ("c", 30, second)):
        vms[name].update(memory_gib=need, returns_through=server["name"])
    for name in "bc":
        vms[name]["replication_group"] = "g"
    vms["d"].update(at="failover_committed", memory_gib=1)
    for name in "bd":
        vms[name]["disks"] = machine(name, architecture, 40)["disks"]
    drawn["plan"]["item_choices"] = {"d": {choice: first["name"]}}
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("with c",)
    assert report.outlooks["d"].because == ("with b",)


def of_twenty(drawn: dict[str, Any], names: str, architecture: str) -> dict[str, Any]:
    """These machines have 20 disks; the first of them sets out first, and keeps the slots that it takes."""
    vms: dict[str, Any] = drawn["estate"]["virtual_machines"]
    for name in names:
        vms[name]["disks"] = machine(name, architecture, 20)["disks"]
    vms[names[0]].update(at="failover_committed", registered_in_vcenter=False)
    drawn["estate"].get("appliances", [{}])[0]["local_disks"] = 2
    return vms


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_recovery_plan_may_be_broken_up_where_others_keep_slots_that_it_needs(
    tmp_path: Path, architecture: str
) -> None:
    drawn = known("abcd", architecture)
    of_twenty(drawn, "dab", architecture)["b"]["replication_starts"] = False
    drawn["estate"]["recovery_plans"][0]["groups"] = [list("abc")]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert {report.outlooks[name].standing for name in "ac"} == {Standing.UNDECIDED}


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_whether_a_mate_without_a_point_gets_slots_of_which_others_keep_some_is_open(
    tmp_path: Path, architecture: str
) -> None:
    drawn = known("abc", architecture)
    of_twenty(drawn, "cab", architecture)["b"]["recovery_points"] = 0
    drawn["estate"]["recovery_plans"][0]["groups"] = [["a", "b"]]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].standing is Standing.UNDECIDED


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_whether_a_mate_of_an_earlier_wave_gets_slots_of_which_others_keep_some_is_open(
    tmp_path: Path, architecture: str
) -> None:
    drawn = known("abc", architecture, recovery_plans=[], waves=[{"name": "first", "items": ["b", "c"]}])
    vms = of_twenty(drawn, "cb", architecture)
    vms["b"].update(recovery_points=0, disks=machine("b", architecture, 40)["disks"])
    drawn["estate"]["recovery_plans"][0]["groups"] = [["a", "b"]]
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].standing is Standing.UNDECIDED


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
@pytest.mark.parametrize("phase", ["reprotecting_to_on_premises", "failing_back"])
def test_a_machine_that_is_on_while_such_a_job_runs_is_turned_off_or_was_booted_by_it(
    tmp_path: Path, architecture: str, phase: str
) -> None:
    drawn = begun(known("a", architecture, recovery_plans=[]), phase, a={"powered_on": True})
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].standing is Standing.READY


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_machine_that_is_on_while_its_resync_runs_is_stopped(tmp_path: Path, architecture: str) -> None:
    drawn = begun(known("a", architecture, recovery_plans=[]), "resyncing_to_on_premises", a={"powered_on": True})
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["a"].because == ("R33",)


def test_an_entry_waits_for_a_mate_that_never_settles_though_another_rule_blocks_the_rest(tmp_path: Path) -> None:
    drawn = known("ab", recovery_plans=[], together=[{"name": "both", "order": [["a"], ["b"]]}])
    drawn["estate"].update(servers("classic", "modernised"), recovery_plans=[])
    begun(drawn, "committing_failover", a={"azure": {**REPLICA, "reaches_service_urls": False}})
    drawn["estate"]["virtual_machines"]["b"] = {**machine("b", "classic"), "at": "cleaning_up_test"}
    drawn["estate"]["hosts"][0]["edition"] = "free"
    wrong, report = found_in(tmp_path, drawn)
    assert wrong == []
    assert report.outlooks["b"].because == ("R13",)


def test_a_client_that_knows_no_rules_takes_no_machine_for_home_whose_resync_to_azure_never_ends(
    tmp_path: Path,
) -> None:
    drawn = begun(known("a", recovery_plans=[]), "resyncing_to_azure")
    drawn["estate"]["link"]["up"] = False
    drawn["estate"]["virtual_machines"] = list(drawn["estate"]["virtual_machines"].values())
    assert comes_home(located_of(drawn, tmp_path).scenario, ["a"]) == {"a": False}
