"""What an auditor finds in the report of a run: targets, estate, answers, faults, and what was not tested."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree as Xml

import pytest

import failback
from failback.reprotect import Choices, Operation, Plan, RemedyPolicy, Stage, by_id
from failback.scenarios import load_scenario, play, resolve
from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Expectation, Homecoming, ManualStep, Scenario, Target
from failback.scenarios.judging.judged import LETTERS, RULES, Answer
from failback.scenarios.outputs.run_folders.identity import read_identity
from failback.scenarios.outputs.run_folders.result_file import read_result
from failback.scenarios.reports.command import run_report
from failback.scenarios.reports.evidence_of import EvidenceReader, evidence_in
from failback.scenarios.reports.faults_of import FaultReader
from failback.scenarios.reports.inputs_of import inputs_of
from failback.scenarios.reports.not_tested import not_judged
from failback.scenarios.reports.report import write_report
from failback.scenarios.reports.report_tables import (
    broken_targets,
    machine_groups,
    stopped_or_late,
    targets_kept,
    tier_rows,
)
from failback.scenarios.run.evidence import Evidence
from failback.scenarios.run.result import Result
from failback.scenarios.text.plain_words import date_words
from failback.simulator import Duration, Fault, FaultKind, World

HOUR_S = 3600.0


def kept_run(scenario: Scenario, folder: Path, **options: Any) -> Result:
    failback.play(scenario, out=folder, **options)
    return read_result(folder / "result.json")


def words_in(folder: Path) -> str:
    page = (folder / "report.html").read_text("utf-8")
    return " ".join(" ".join(Xml.fromstring(page).itertext()).split())


def evidence_of(result: Result) -> Evidence:
    assert result.evidence is not None
    return result.evidence


def promising(name: str, *targets: Target, **changes: Any) -> Scenario:
    scenario = load_scenario(resolve(name))
    return replace(scenario, homecoming=Homecoming(targets=targets, **changes))


@pytest.mark.parametrize(("own_s", "status"), [(8 * HOUR_S, "kept"), (1.0, "broken")])
def test_an_application_is_judged_by_its_own_downtime_and_not_by_that_of_its_tier(
    tmp_path: Path, own_s: float, status: str
) -> None:
    strict = _tiered(Target("web", downtime_s=1.0))
    webs = tuple(vm.name for vm in strict.estate.virtual_machines.values() if vm.tier == "web")
    for names, left in ((webs, ()), (webs[:1], webs[1:])):
        shop = Application("shop", names, downtime_s=own_s)
        result = kept_run(replace(strict, applications=(shop,)), tmp_path / str(len(left)))
        rows = {row.tier: row for row in tier_rows(result)}
        assert rows["application shop"].downtime.status == status
        assert set(rows["web"].downtime.over) == set(left)
        assert rows["web"].downtime.apart
        assert ("judged with their application" in rows["web"].downtime.target_words) == (not left)
        assert sum("application shop" in each for each in broken_targets(tuple(rows.values()))) == (status == "broken")


def test_each_tier_has_what_was_promised_beside_what_came(tmp_path: Path) -> None:
    kept, broken = Target("web", downtime_s=4 * HOUR_S), Target("db", home_within_s=60.0)
    result = kept_run(_tiered(kept, broken), tmp_path)
    rows = {row.tier: row for row in tier_rows(result)}
    assert rows["web"].downtime.status == "kept"
    assert rows["db"].home.status == "broken"
    assert rows["db"].downtime.status == "no target"
    page = words_in(tmp_path)
    assert "db home, from the first reprotect on, within 1 min; it came to" in page
    assert "Targets kept 1 of 2" in page


def _tiered(*targets: Target) -> Scenario:
    """Twelve machines, the first of which are of tier web."""
    scenario = promising("first_drill_modernised", *targets)
    machines = scenario.estate.virtual_machines
    tiers = {name: replace(vm, tier="web" if name.startswith("web") else "db") for name, vm in machines.items()}
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=tiers))


def test_the_times_of_a_tier_are_those_of_the_legs_of_its_last_machine(tmp_path: Path) -> None:
    result = kept_run(_tiered(), tmp_path)
    starts = [leg.start_s for leg in result.legs if leg.leg.value == "reprotect_to_on_premises"]
    ends = {leg.item: leg.end_s for leg in result.legs if leg.leg.value == "commit_failback" and leg.end_s}
    web_s = max(end_s for name, end_s in ends.items() if name.startswith("web")) - min(starts)
    assert {row.tier: row.home.result_s for row in tier_rows(result)}["web"] == pytest.approx(web_s)


def test_on_paper_machines_are_printed_in_groups_and_those_that_stopped_or_were_late_one_by_one(tmp_path: Path) -> None:
    result = kept_run(_tiered(Target("db", home_within_s=60.0)), tmp_path / "run")
    late = {name for row in tier_rows(result) for name in row.home.over}
    assert stopped_or_late(result) == late != set()
    stops = next(item.name for item in result.items if item.name not in late)
    changed = (replace(item, stopped_by="R04" if item.name == stops else "") for item in result.items)
    many = replace(result, items=(*changed, *(replace(result.items[0], name=f"more-{n}") for n in range(100))))
    write_report(many, tmp_path / "report.html")
    section = Xml.fromstring((tmp_path / "report.html").read_text("utf-8")).find(".//section[@id='items']")
    assert section is not None
    hidden = section.find("details[@class='screen']")
    assert hidden is not None
    rows = [cell.text for cell in section.findall("div[last()]//td[@class='name']")]
    assert sorted(map(str, rows)) == sorted({*late, stops})
    assert len(hidden.findall(".//tbody/tr")) == len(many.items) - len(late) - 1


def test_a_machine_that_never_came_home_breaks_its_promise(tmp_path: Path) -> None:
    result = kept_run(promising("master_target_snapshot", Target("", home_within_s=1e6)), tmp_path)
    (row,) = tier_rows(result)
    assert row.home.status == "broken"
    assert "it came to never" in words_in(tmp_path)


def test_data_is_lost_only_where_the_machine_in_azure_is_not_shut_down(tmp_path: Path) -> None:
    safe = kept_run(load_scenario(resolve("one_modernised_vm")), tmp_path / "a")
    scenario = load_scenario(resolve("one_modernised_vm"))
    plan = replace(scenario.plan, choices=Choices(shut_down_source=False))
    risky = kept_run(replace(scenario, plan=plan), tmp_path / "b")
    assert [row.rpo.result_s for row in tier_rows(safe)] == [0.0]
    assert all((row.rpo.result_s or 0.0) >= 242.0 for row in tier_rows(risky))


def test_the_estate_has_its_servers_with_their_share_and_the_idle_ones(tmp_path: Path) -> None:
    scenario = load_scenario(resolve("first_drill"))
    servers = scenario.estate.master_targets
    spare = replace(next(iter(servers.values())), name="mt-spare")
    estate = replace(scenario.estate, master_targets={**servers, "mt-spare": spare})
    found = evidence_of(kept_run(replace(scenario, estate=estate), tmp_path)).estate
    assert sum(server.gib for server in found.servers) == pytest.approx(found.gib)
    assert [server.server for server in found.servers if not server.machines] == ["mt-spare"]
    page = words_in(tmp_path)
    assert "mt-spare idle: the plan sends nothing through it" in page
    assert f"{found.gib:,.0f} GiB" in page
    identity = read_identity(tmp_path)
    assert identity is not None
    assert identity.plan_hash in page
    assert identity.began_at is not None
    tested = f"tested on {date_words(identity.began_at)} as run {identity.id} failback {failback.__version__}"
    assert f"{tested} virtual time begins at" in page
    assert "true of the model only" in page


def test_who_answered_which_gate_is_told_for_all_machines_at_once(tmp_path: Path) -> None:
    (gate,) = evidence_of(kept_run(load_scenario(resolve("operator_gate")), tmp_path)).gates
    assert (gate.gate, gate.answer, gate.by) == ("verified", "go on", "the scenario")
    assert "no person was asked" in words_in(tmp_path)


def test_a_question_without_an_answer_was_answered_by_nobody(tmp_path: Path) -> None:
    scenario = replace(load_scenario(resolve("operator_gate")), operator=())
    (gate,) = evidence_of(kept_run(scenario, tmp_path)).gates
    assert (gate.answer, gate.by) == ("stop", "nobody: the scenario has no answer")


def test_faults_that_happened_and_those_that_did_not_are_told(tmp_path: Path) -> None:
    scenario = load_scenario(resolve("process_server_falls_silent"))
    late = replace(scenario.faults[0], at_s=1e7, when=None)
    faults = evidence_of(kept_run(replace(scenario, faults=(*scenario.faults, late)), tmp_path)).faults
    assert [fault.at_s is None for fault in faults] == [False, False, True]
    assert "1 of 3 planned faults did not happen" in words_in(tmp_path)


def test_what_was_not_tested_stands_in_the_report(tmp_path: Path) -> None:
    step = ManualStep("check the application", Duration(60.0))
    result = kept_run(promising("one_modernised_vm", manual_steps=(step,)), tmp_path)
    unknown = [rule for rule, each in result.judged.items() if each["unknown"]]
    page = words_in(tmp_path)
    assert unknown
    assert f"Unknown for 1 machine, since a fact is missing: {len(unknown)} rules" in page
    for said in ("No request left this computer", "No targets were set", "does not play manual steps (check the"):
        assert said in page


def test_the_report_of_a_kept_run_can_be_written_again_byte_for_byte(tmp_path: Path) -> None:
    kept_run(load_scenario(resolve("operator_gate")), tmp_path)
    before = (tmp_path / "report.html").read_bytes()
    (tmp_path / "report.html").unlink()
    run_report([str(tmp_path)], json_wanted=False)
    assert (tmp_path / "report.html").read_bytes() == before


def test_of_a_run_without_a_result_history_and_scenario_tell_the_evidence(tmp_path: Path) -> None:
    kept_run(load_scenario(resolve("operator_gate")), tmp_path)
    (tmp_path / "result.json").unlink()
    run_report([str(tmp_path)], json_wanted=False)
    page = words_in(tmp_path)
    assert "not known: read from the history alone" in page
    assert "1 machine with 1 disk, 60 GiB" in page
    (tmp_path / "scenario.json").write_text("{")
    run_report([str(tmp_path)], json_wanted=False)
    assert "were not kept with this run" in words_in(tmp_path)


def test_machines_are_grouped_by_wave_tier_and_cause(tmp_path: Path) -> None:
    result = kept_run(_tiered(), tmp_path)
    groups = machine_groups(result)
    assert [(group.wave, group.tier, group.state) for group in groups] == [
        ("", "web", "at the plan's end"),
        ("", "db", "at the plan's end"),
    ]
    assert sum(len(group.items) for group in groups) == len(result.items)


def test_a_number_in_a_result_that_is_no_time_is_refused(tmp_path: Path) -> None:
    kept_run(load_scenario(resolve("operator_gate")), tmp_path)
    path = tmp_path / "result.json"
    path.write_text(path.read_text().replace('"home_s": 4784.574602', '"home_s": 1e300'))
    with pytest.raises(failback.BadInput, match=r"evidence\.machines\.0\.home_s"):
        read_result(path)


def test_a_machine_is_unprotected_while_nothing_keeps_a_recovery_point_of_it(tmp_path: Path) -> None:
    result = kept_run(load_scenario(resolve("seed_ahead")), tmp_path)
    one = next(machine for machine in evidence_of(result).machines if machine.item == "sql-01")
    legs = {leg.leg.value: leg for leg in result.legs if leg.item == "sql-01"}
    seeded_s = legs["failback"].start_s - (legs["reprotect_to_on_premises"].end_s or 0.0)
    assert seeded_s > HOUR_S
    whole_s = (legs["reprotect_to_azure"].end_s or 0.0) - legs["failover"].start_s
    assert one.unprotected_s == pytest.approx(whole_s - seeded_s, abs=1.0)
    assert "longest unprotected" in words_in(tmp_path)


def test_a_machine_that_stopped_in_azure_is_unprotected_until_the_end_of_the_run(tmp_path: Path) -> None:
    result = kept_run(load_scenario(resolve("master_target_snapshot")), tmp_path)
    (one,) = evidence_of(result).machines
    assert one.unprotected_s == pytest.approx(result.duration_s - result.legs[0].start_s, abs=1.0)


def test_an_application_is_down_from_its_first_shutdown_until_its_last_machine_runs_on_site(tmp_path: Path) -> None:
    web, none = ("web-01", "web-02", "web-01-win"), ("web-03", "nobody")
    applications = (Application("shop", web), Application("other", none))
    scenario = replace(load_scenario(resolve("first_drill_modernised")), applications=applications)
    result = kept_run(scenario, tmp_path)
    whole, half = evidence_of(result).applications
    moves = [leg for leg in result.legs if leg.leg.value == "failback" and leg.item in web]
    longest_s = max(one.downtime_s or 0.0 for one in evidence_of(result).machines if one.item in web)
    assert whole.down_s is not None
    assert longest_s <= whole.down_s <= max(leg.end_s or 0.0 for leg in moves) - min(leg.start_s for leg in moves)
    assert half.down_s is None
    page = words_in(tmp_path)
    assert "shop 3: web-01, web-02, web-01-win" in page
    assert "not all of its machines ran on site" in page
    assert "names no applications" not in page


def test_each_fault_says_what_happens_and_when_the_scenario_wanted_it(tmp_path: Path) -> None:
    scenario = load_scenario(resolve("master_target_snapshot"))
    kept_run(scenario, tmp_path / "a")
    assert f"1. snapshot {scenario.faults[0].snapshot} is taken mt-linux" in words_in(tmp_path / "a")
    kept_run(load_scenario(resolve("modernised_job_fails_once")), tmp_path / "b")
    assert "1. job fails: Reprotect to on-premises" in words_in(tmp_path / "b")
    kept_run(load_scenario(resolve("process_server_falls_silent")), tmp_path / "c")
    page = words_in(tmp_path / "c")
    assert "2. facts change ps-azure up: true 1 h 10 min after app-01 is seen as: runs in Azure, differences" in page


def test_every_kind_of_fault_has_words(tmp_path: Path) -> None:
    faults = tuple(Fault(kind, "app-01") for kind in FaultKind)
    found = FaultReader(faults).evidence()
    assert [one.kind for one in found] == [kind.value for kind in FaultKind]
    assert all(one.name and "{" not in one.name and one.planned == "0 s after the start" for one in found)


def test_the_report_lists_its_inputs_its_expectation_and_the_risks_that_it_takes(tmp_path: Path) -> None:
    calm = load_scenario(resolve("first_drill_modernised"))
    risky = Plan(choices=Choices(shut_down_source=False), wait_for_agent=False, remedies={"R04": RemedyPolicy.APPLY})
    expect = Expectation(stopped_by={"web-01": "R04"}, violations=("never_ask_twice",))
    site = replace(calm.site, changed_fraction=0.5)
    given = {one.what: one.words for one in inputs_of(replace(calm, plan=risky, expect=expect, site=site))}
    assert given["expected ending"].startswith(
        "each other machine runs on site, protected to Azure; web-01 stops, rule not met: R04"
    )
    for risk in (
        "not shut down before a move",
        "wait_for_agent: false",
        "without asking: R04",
        "to stop on the way: web",
    ):
        assert risk in given["risks that the scenario takes"]
    assert "No request was sent twice" in given["risks that the scenario takes"]
    assert "changed_fraction 0.5 (set by the scenario)" in given["model of the site"]
    kept_run(calm, tmp_path)
    page = words_in(tmp_path)
    assert "risks that the scenario takes none" in page
    assert "The run ended as its scenario expects." in page
    assert "expected ending each machine runs on site, protected to Azure" in page


def test_rules_about_the_time_after_the_return_are_not_said_to_have_been_seen(tmp_path: Path) -> None:
    result = kept_run(load_scenario(resolve("first_drill")), tmp_path)
    *_, (said, rules) = not_judged(result)
    assert "nobody looked after the return" in said
    assert {by_id(rule).stage for rule in rules if by_id(rule)} == {Stage.AFTER_RETURN}  # type: ignore[union-attr]
    assert all(result.judged[rule]["met"] for rule in rules)
    assert said in words_in(tmp_path)


def test_what_the_estate_broke_before_the_run_is_named_where_it_says_what_was_tested(tmp_path: Path) -> None:
    kept_run(load_scenario(resolve("master_target_is_cut_off")), tmp_path)
    page = words_in(tmp_path)
    assert (
        "Broken in the estate itself, before the run: M19 (master target reaches the configuration server and process "
        "server), for 1 machine." in page
    )


@pytest.mark.parametrize("name", ["first_drill", "first_drill_modernised", "machines_before_it_take_the_memory"])
def test_whatever_a_check_warns_of_a_run_warns_of_too(name: str) -> None:
    result = play(load_scenario(resolve(name)))
    told = {(finding.rule, finding.item) for finding in result.findings}
    letters = ((item, zip(RULES, word, strict=True)) for item, word in result.judged_machines.items())
    warned = {(rule, item) for item, pairs in letters for rule, letter in pairs if letter == LETTERS[Answer.WARNED]}
    assert warned - told == set()


def test_no_date_of_a_simulation_stands_in_a_table_without_saying_so(tmp_path: Path) -> None:
    kept_run(load_scenario(resolve("process_server_falls_silent")), tmp_path)
    page = words_in(tmp_path)
    assert "when it happened (virtual time)" in page
    assert "first begun (virtual time)" in page


def test_on_paper_only_rules_that_warned_or_were_broken_are_printed(tmp_path: Path) -> None:
    kept_run(load_scenario(resolve("master_target_is_cut_off")), tmp_path)
    page = Xml.fromstring((tmp_path / "report.html").read_text("utf-8"))
    rows = {str(row.get("id")): row.get("class") for row in page.findall(".//section[@id='rules']//tbody/tr")}
    assert [rule for rule, shown in rows.items() if shown is None] == ["rule-M19"]
    assert f"Not printed: {len(rows) - 1} rules that were met, unknown" in words_in(tmp_path)


def test_a_target_is_kept_only_where_every_machine_was_measured(tmp_path: Path) -> None:
    result = kept_run(_tiered(Target("web", downtime_s=4 * HOUR_S, rpo_s=HOUR_S)), tmp_path)
    evidence = evidence_of(result)
    half = replace(evidence.machines[0], came_to_site=False, downtime_s=60.0, rpo_s=None)
    row, _ = tier_rows(replace(result, evidence=replace(evidence, machines=(half, *evidence.machines[1:]))))
    assert (row.downtime.status, row.rpo.status) == ("not measured", "not measured")
    assert row.downtime.words.endswith(f"(7 of 8 machines; not measured: {half.item})")
    assert targets_kept([row]) == (0, 0, 2)
    late = replace(half, downtime_s=5 * HOUR_S)
    row, _ = tier_rows(replace(result, evidence=replace(evidence, machines=(late, *evidence.machines[1:]))))
    assert (row.downtime.status, row.downtime.over) == ("broken", (late.item,))
    assert targets_kept([row]) == (0, 1, 1)
    assert "Targets kept 2 of 2 0 missed, 0 not measured for all machines" in words_in(tmp_path)


def test_a_machine_that_is_still_down_at_the_end_has_no_downtime_yet(tmp_path: Path) -> None:
    shop = load_scenario(resolve("one_modernised_vm"))
    whole = kept_run(shop, tmp_path / "whole")
    (move,) = [leg for leg in whole.legs if leg.leg.value == "failback"]
    plan = replace(shop.plan, give_up_after_s=move.start_s + 120.0)
    cut = kept_run(replace(shop, plan=plan, homecoming=Homecoming(targets=(Target("", downtime_s=HOUR_S),))), tmp_path)
    (one,) = evidence_of(cut).machines
    assert (one.came_to_site, one.rpo_s) == (False, None)
    assert 0 < (one.downtime_s or 0.0) < HOUR_S
    assert targets_kept(tier_rows(cut)) == (0, 0, 1)


def test_lost_data_is_measured_by_a_simulated_site_alone(tmp_path: Path) -> None:
    scenario = promising("one_modernised_vm", Target("", rpo_s=HOUR_S))
    result = kept_run(scenario, tmp_path)
    assert tier_rows(result)[0].rpo.words == "none in the model, by the shutdown in Azure"
    (tmp_path / "result.json").unlink()
    told = evidence_in(tmp_path, result)
    (row,) = tier_rows(replace(result, evidence=told))
    assert (row.rpo.words, row.rpo.status) == ("not measured", "not measured")


def test_what_had_not_arrived_of_a_machine_is_lost_where_it_is_not_shut_down(tmp_path: Path) -> None:
    scenario = promising("seed_ahead", Target("", rpo_s=HOUR_S))
    plan = replace(scenario.plan, choices=Choices(shut_down_source=False))
    reader = EvidenceReader(replace(scenario, plan=plan))
    worlds: list[World] = []
    played = play(replace(scenario, plan=plan), on_line=reader.on_line, on_world=worlds.append)
    (home,) = (one for one in worlds[0].replicated() if one.item == "web-01" and one.rpo_s is not None)
    behind = replace(home, rpo_s=9 * HOUR_S)
    back = replace(home, operation=Operation.REPROTECT_TO_AZURE, rpo_s=None)
    reader.on_world(cast(World, SimpleNamespace(replicated=lambda: (behind, back))))
    lost_s = {one.item: one.rpo_s for one in reader.evidence(played).machines}
    assert lost_s["web-01"] == 9 * HOUR_S


def test_each_wave_has_its_seed_window_and_its_cutover_window_beside_what_came(tmp_path: Path) -> None:
    seeds = load_scenario(resolve("seed_ahead"))
    kept_run(seeds, tmp_path / "seeded")
    page = words_in(tmp_path / "seeded")
    seed = "from Wed 3 Jun 2026, 20:00 UTC on, without an end Wed 3 Jun 2026, 20:00 UTC to Wed 3 Jun 2026, 21:38 UTC"
    cutover = "from Fri 5 Jun 2026, 18:00 UTC on, without an end Fri 5 Jun 2026, 18:11 UTC to Fri 5 Jun 2026, 18:24 UTC"
    assert f"web 4 {seed} {cutover}" in page
    first, late = (replace(wave, seed_opens_s=None, opens_s=0.0) for wave in seeds.plan.waves)
    waves = (first, replace(late, closes_s=7200.0))
    kept_run(replace(seeds, plan=replace(seeds.plan, waves=waves)), tmp_path / "plain")
    page = words_in(tmp_path / "plain")
    assert "does not seed ahead: its reprotect begins with its cutover" in page
    assert "from the start on; nothing begins after Wed 3 Jun 2026, 20:00 UTC" in page
    assert "never began" in page
    kept_run(load_scenario(resolve("one_modernised_vm")), tmp_path / "none")
    assert "cutover window" not in words_in(tmp_path / "none")
