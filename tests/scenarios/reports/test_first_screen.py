"""What a reader of a run's page must see first, and numbers that stand beside each other and agree."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

import failback
from failback.reprotect import is_of_limit
from failback.reprotect.drill.limit import limit_words
from failback.scenarios import load_scenario, resolve
from failback.scenarios.judging.check import check_estate
from failback.scenarios.judging.judged import ANSWER_WORDS, RULES, Answer, alike, judged_of
from failback.scenarios.outputs.run_folders.result_file import read_result
from failback.scenarios.reports.first_screen import left_words, warning_words
from failback.scenarios.reports.not_tested import not_tested
from failback.scenarios.reports.report import junit_xml
from failback.scenarios.reports.report_tables import Measured
from failback.scenarios.reports.rule_words import RuleLinks, came_later, later_words, rule_rows
from failback.scenarios.reports.run_summary import summary
from failback.scenarios.reports.waited import to_the_second, waited
from failback.scenarios.run.evidence import InputEvidence
from failback.scenarios.run.result import Result
from failback.scenarios.text.plain_words import h_min

SNAPSHOT, GROUP, SHOP = "master_target_snapshot", "replication_group", "first_drill_modernised"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {name: tmp_path_factory.mktemp(name) / "run" for name in (SNAPSHOT, GROUP, SHOP)}
    for name, folder in made.items():
        failback.play(load_scenario(resolve(name)), out=folder)
    return made


def result_in(folder: Path) -> Result:
    return read_result(folder / "result.json")


def page_in(folder: Path) -> Xml.Element:
    return Xml.fromstring((folder / "report.html").read_text("utf-8"))


def words(node: Xml.Element | None) -> str:
    assert node is not None
    return " ".join(" ".join(node.itertext()).split())


def verdict_in(folder: Path) -> str:
    header = page_in(folder).find(".//{*}header")
    assert header is not None
    return words(next(node for node in header if (node.get("class") or "").startswith("verdict")))


def test_a_machine_that_is_left_unprotected_in_azure_stands_in_the_verdict(folders: dict[str, Path]) -> None:
    (said,) = left_words(result_in(folders[SNAPSHOT]))
    assert said.startswith("Unprotected at the end: 1 machine (app-01): runs in Azure, unprotected, stopped because ")
    assert "rule R04 (no snapshot on the master target) is not met. Who must act" in said
    assert said.endswith("Who must act: VMware administrator.")
    assert said in verdict_in(folders[SNAPSHOT])
    assert said in junit_xml(result_in(folders[SNAPSHOT]))
    header = words(page_in(folders[SNAPSHOT]).find(".//{*}header"))
    assert "Unprotected at the end 1 1 of them in Azure" in header


def test_no_verdict_is_green_where_a_machine_is_left_unprotected(folders: dict[str, Path]) -> None:
    def colour(folder: Path) -> str:
        header = page_in(folder).find(".//{*}header")
        assert header is not None
        return next(node.get("class") or "" for node in header if (node.get("class") or "").startswith("verdict"))

    assert result_in(folders[SNAPSHOT]).verdict == "as_expected"
    assert colour(folders[SNAPSHOT]) == "verdict interrupted"
    assert colour(folders[SHOP]) == "verdict as_expected"


def test_a_run_in_which_a_machine_stopped_has_no_bottleneck_and_one_that_arrived_names_leg_and_part(
    folders: dict[str, Path],
) -> None:
    def heads(folder: Path) -> list[str]:
        return [words(node) for node in page_in(folder).findall(".//{*}dl[@class='figures']//{*}dt")]

    assert "Bottleneck" not in heads(folders[SNAPSHOT])
    assert "Bottleneck" in heads(folders[SHOP])
    assert "Bottleneck Reprotect to " in words(page_in(folders[SHOP]).find(".//{*}header"))


def test_the_verdict_tells_that_a_group_has_no_common_recovery_point(folders: dict[str, Path]) -> None:
    (said,) = warning_words(result_in(folders[GROUP]))
    assert said.startswith("Warning F03 (")
    assert "each of 3 machines (node-1 to node-3)" in said
    assert "not one that is common to all machines of group cluster" in said
    assert said in verdict_in(folders[GROUP])


@pytest.mark.parametrize("name", [SHOP, GROUP, "first_drill"])
def test_a_rule_that_warns_is_counted_as_warned_and_never_as_met(name: str) -> None:
    scenario = load_scenario(resolve(name))
    report = check_estate(scenario.estate, scenario.plan)
    judged = judged_of(report)
    for item in report.items:
        for finding in item.findings:
            letter = judged.machines[item.item][RULES.index(finding.rule)]
            assert letter != "m", (item.item, finding.rule)
    noted = {f.rule for item in report.items for f in item.findings if f.rule in ("A11", "F03")}
    assert all(judged.by_rule()[rule]["warned"] for rule in noted)


@pytest.mark.parametrize("name", [SHOP, GROUP, SNAPSHOT])
def test_the_five_answers_add_up_to_all_rules_for_each_machine_and_in_all(name: str, folders: dict[str, Path]) -> None:
    result = result_in(folders[name])
    assert sum(len(each.items) for each in result.judged_alike) == len(result.items)
    assert {sum(each.counts) for each in result.judged_alike} == {len(RULES)}
    said = next(line for line in junit_xml(result).splitlines() if "Rules: " in line)
    found = re.findall(r"([\d,]+) (?:met|warned|broken|unknown|not applicable)", said)
    numbers = [int(number.replace(",", "")) for number in found]
    assert len(numbers) == len(ANSWER_WORDS)
    assert sum(numbers) == len(RULES) * len(result.items)
    assert f"{len(RULES)} rules" in words(page_in(folders[name]).find(".//{*}section[@id='tested']"))


def test_check_and_run_and_their_files_count_alike(folders: dict[str, Path]) -> None:
    scenario = load_scenario(resolve(SHOP))
    judged = judged_of(check_estate(scenario.estate, scenario.plan))
    stored = json.loads((folders[SHOP] / "result.json").read_text("utf-8"))
    assert tuple(result_in(folders[SHOP]).judged_alike) == alike(judged.machines)
    assert sum(each["warned"] for each in stored["judged"].values()) == judged.counts()[Answer.WARNED] > 0
    assert judged.as_json()["total"]["warned"] == judged.counts()[Answer.WARNED]


def test_a_rule_that_was_met_before_its_fault_came_says_so(folders: dict[str, Path]) -> None:
    result = result_in(folders[SNAPSHOT])
    met = {rule: {**each, "met": 1, "broken": 0} for rule, each in result.judged.items()}
    late = replace(result, judged=met)
    assert [finding.rule for finding in came_later(late)] == ["R04"]
    (fault,) = result.evidence.faults if result.evidence else ()
    assert f"and broken {h_min(fault.at_s or 0.0)} after the start (mt-linux: snapshot " in later_words(late)[0]
    assert "the fault came after the check" in later_words(late)[0]
    assert next(row for row in rule_rows(late) if row.rule == "R04").later
    assert came_later(replace(result, judged={"R04": {"met": 0, "broken": 1}})) == ()


def test_every_rule_that_is_named_is_linked_to_its_explanation(folders: dict[str, Path]) -> None:
    for folder in folders.values():
        page = page_in(folder)
        there = {node.get("id") for node in page.iter() if node.get("id")}
        wanted = {(node.get("href") or "")[1:] for node in page.iter("{http://www.w3.org/1999/xhtml}a")}
        wanted |= {(node.get("href") or "")[1:] for node in page.iter("a")}
        assert {name for name in wanted if name.startswith("rule-")}
        assert wanted <= there


def test_the_first_mention_of_a_rule_has_its_name_and_a_hostile_text_stays_text() -> None:
    links = RuleLinks(["R04"])
    first, second = links.text("<b>R04 & xR04 stops"), links.text("R04 again")
    assert first.startswith('&lt;b&gt;<a href="#rule-R04">R04</a> (no snapshot')
    assert "&amp; xR04 stops" in first
    assert second == '<a href="#rule-R04">R04</a> again'


def test_a_checker_of_whose_rule_nothing_happened_is_not_said_to_have_held(folders: dict[str, Path]) -> None:
    result = result_in(folders[SNAPSHOT])
    assert "asks_nothing_in_a_freeze" in result.not_exercised
    assert "never_commit_unverified" in result.not_exercised
    assert "never_ask_twice" not in result.not_exercised
    section = page_in(folders[SNAPSHOT]).find(".//{*}section[@id='checkers']")
    assert section is not None
    pills = [node.text for node in section.iter() if (node.get("class") or "").startswith("pill")]
    assert pills.count("not exercised") == len(result.not_exercised)
    assert junit_xml(result).count("nothing happened that could have broken it") == 2 * len(result.not_exercised)


def test_the_seconds_of_what_the_end_waited_for_add_up_and_are_cut_as_all_other_times_are(
    folders: dict[str, Path],
) -> None:
    result = result_in(folders[SHOP])
    pieces = waited(result)
    shown = " ".join(to_the_second(piece.whole_s) for piece in pieces)
    counts = re.findall(r"(\d+) (h|min|s)\b", shown)
    assert sum(int(n) * {"h": 3600, "min": 60, "s": 1}[unit] for n, unit in counts) == int(result.duration_s)
    longest = max(piece.length_s for piece in pieces if (piece.leg, piece.what) == ("Failback", "job"))
    page = " ".join(page_in(folders[SHOP]).itertext())
    assert f"{to_the_second(longest).split(' min')[0]} min" in page.split("Longest failback")[1][:40]


CROWD = """
name: crowd
estate:
  link: {bandwidth_mbit_per_s: 10000}
  defaults: {virtual_machine: {architecture: modernised, host: esx-01, datastore: gold, os: linux}}
  virtual_machines: [{name: "web-{n:03}", count: 190, disks: [{size_gib: 1}]}]
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 8192}]
  appliances:
    - {name: appliance-01, host: esx-01, datastore: gold}
    - {name: appliance-02, host: esx-01, datastore: gold}
expect: {all: replicating_to_azure}
"""


def test_a_warning_about_two_servers_says_of_each_who_goes_through_it_and_how_much(tmp_path: Path) -> None:
    (tmp_path / "crowd.yaml").write_text(CROWD, encoding="utf-8")
    failback.play(tmp_path / "crowd.yaml", out=tmp_path / "run")
    (said,) = warning_words(result_in(tmp_path / "run"))
    for name, disks in (("appliance-01", 120), ("appliance-02", 70)):
        assert re.search(rf"each of {disks} machines \(web-[^)]*\): {name}: {disks} disks are to return", said), said


def test_a_run_that_was_cut_off_has_no_duration_and_says_what_had_not_ended(folders: dict[str, Path]) -> None:
    result = result_in(folders[SHOP])
    legs = (*result.legs[:-1], replace(result.legs[-1], end_s=None))
    said = summary(replace(result, verdict="interrupted", legs=legs))
    assert "It took" not in said
    assert "It was cut off after " in said
    assert said.endswith("Not ended: reprotect to Azure of 1 machine (" + legs[-1].item + ").")


def test_a_plan_without_a_gate_is_told_apart_from_a_gate_that_was_not_reached(folders: dict[str, Path]) -> None:
    result = result_in(folders[SHOP])
    assert result.evidence is not None
    bare = replace(result.evidence, gates=(), inputs=(InputEvidence("plan", "one wave, no gate"),))
    gated = replace(bare, inputs=(InputEvidence("plan", "one wave, gates: checked"),))
    assert any(said.startswith("The plan has no gate") for said in not_tested(replace(result, evidence=bare), ()))
    assert any(said.startswith("No gate was reached") for said in not_tested(replace(result, evidence=gated), ()))


def test_a_result_that_not_each_machine_has_says_how_many_have_none() -> None:
    assert Measured(60.0, None, "no target", (), ("a", "b"), 3).words == "1 min (1 of 3 machines; not measured: a, b)"


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four hours of a drill of eight."""
    folder = tmp_path_factory.mktemp("cut") / "run"
    shop = load_scenario(resolve(SHOP))
    failback.play(replace(shop, plan=replace(shop.plan, give_up_after_s=4 * 3600.0)), out=folder)
    return folder


def test_a_run_that_its_limit_cut_off_has_no_duration_and_says_what_had_not_ended(cut: Path) -> None:
    header = words(page_in(cut).find(".//{*}header"))
    stopped = "The run was stopped at the limit of its plan, after 4 h of virtual time"
    assert stopped in summary(result_in(cut))
    assert stopped in header
    assert "It took" not in header
    assert " Duration " not in header
    assert "Not ended: reprotect to on-premises of 2 machines (sql-01, sql-02); the way of 10 machines" in header
    assert "Stopped at its limit 4 h" in header
    inputs = words(page_in(cut).find(".//{*}section[@id='estate']"))
    assert "stopped at its limit, 4 h after it began" in inputs


@pytest.mark.parametrize("behind", ["", "; its health shows 806: process server up"])
def test_a_machine_that_was_given_up_is_known_by_its_message(behind: str) -> None:
    assert is_of_limit(limit_words(5400.0) + behind)
    assert is_of_limit(f"a has no disk slots: {limit_words(1e7)}")
    assert not is_of_limit("it has a snapshot")


def test_a_stop_says_that_a_rule_is_not_met_and_who_never_began_stands_apart(folders: dict[str, Path]) -> None:
    result = result_in(folders[SHOP])
    gone, idle = result.items[0], result.items[1]
    stops = {gone.name, idle.name}
    items = (replace(i, stopped_by="A01", phase="failover_committed") if i.name in stops else i for i in result.items)
    legs = tuple(leg for leg in result.legs if leg.item != idle.name)
    said = list(left_words(replace(result, items=tuple(items), legs=legs)))
    why = ", stopped because rule A01 (a healthy appliance) is not met"
    assert [f"({gone.name}): runs in Azure, unprotected{why}" in one for one in said] == [True, False]
    assert f"({idle.name}): runs in Azure, unprotected, and no operation was ever begun{why}" in said[1]


def test_a_stop_that_is_no_rule_says_what_it_was(folders: dict[str, Path]) -> None:
    result = result_in(folders[SHOP])
    skipped = replace(result, items=(replace(result.items[0], stopped_by="skipped"),))
    assert "stopped because a person told the run to skip the machine" in next(left_words(skipped))


def test_the_time_of_a_broken_rule_is_that_of_its_fault_and_not_of_the_stop(folders: dict[str, Path]) -> None:
    result = result_in(folders[SNAPSHOT])
    met = {rule: {**each, "met": 1, "broken": 0} for rule, each in result.judged.items()}
    (fault,) = result.evidence.faults if result.evidence else ()
    late = tuple(replace(finding, at_s=finding.at_s + 36_000.0) for finding in result.findings)
    (said,) = later_words(replace(result, judged=met, findings=late))
    assert f"broken {h_min(fault.at_s or 0.0)} after the start" in said
    stop = next(finding for finding in late if finding.rule == "R04")
    assert f"It stopped app-01 {h_min(stop.at_s)} after the start." in said
    alone = replace(result, judged=met, findings=late, evidence=None)
    assert "no planned fault says since when" in later_words(alone)[0]
    assert "the fault came after" not in next(row.later for row in rule_rows(alone) if row.rule == "R04")


def test_a_sentence_without_names_of_rules_does_not_take_them_from_the_next() -> None:
    links = RuleLinks(["R04"])
    assert "no snapshot" not in links.codes("stopped by R04")
    assert "no snapshot" in links.text("R04")


def test_what_was_tested_names_the_operations_and_what_was_not_names_failures(folders: dict[str, Path]) -> None:
    said = words(page_in(folders[SHOP]))
    assert (
        "Tested: 12 machines; failover, commit failover, reprotect to on-premises, failback, commit failback, "
        "reprotect to Azure (72 tries: 72 done"
    ) in said
    assert "No fault was planned: no failure and no retry was tried." in said
    assert "have never run failback against a live vault" in said
    assert "the date of its facts is not known" in said
    assert "No fault was planned" not in words(page_in(folders[SNAPSHOT]))


def test_what_was_not_judged_is_counted_among_the_answers_of_rules_that_apply(folders: dict[str, Path]) -> None:
    result = result_in(folders[SHOP])
    unknown = sum(each.get(Answer.UNKNOWN.value, 0) for each in result.judged.values())
    apply = sum(count for each in result.judged.values() for word, count in each.items() if word != "not_applicable")
    assert f"Not judged {unknown} of {apply}" in words(page_in(folders[SHOP]))
