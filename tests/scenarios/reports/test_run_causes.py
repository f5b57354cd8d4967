"""A run's findings by cause: the dead server is named with its kind, once for all the machines that it stops."""

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from failback.scenarios import Result, junit_xml, load_scenario, play, write_report
from failback.scenarios.reports.run_causes import cause_lines, run_causes

DIES = """\
name: appliance_dies
estate:
  link: {bandwidth_mbit_per_s: 200}
  virtual_machines:
    - {name: "web-{n:02}", count: 5, os: linux, host: esx, datastore: gold, disks: [{size_gib: 100}]}
  hosts: [{name: esx, datastores: [gold]}]
  datastores: [{name: gold}]
  appliances: [{name: box-7, host: esx, datastore: gold}]
faults:
  - {kind: change_facts, object: box-7, facts: {healthy: false}, at_s: 3000}
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    file = tmp_path_factory.mktemp("estate") / "dies.yaml"
    file.write_text(DIES, encoding="utf-8")
    return play(load_scenario(file))


def test_machines_that_wait_for_a_dead_appliance_are_one_cause_which_names_it(result: Result) -> None:
    (stopped,) = [each for each in run_causes(result) if each.cause.status == "stopped"]
    assert stopped.objects == "appliance box-7"
    assert (stopped.items, len(stopped.findings)) == ("web-01 to web-05", 5)
    assert {finding.object for finding in stopped.findings} == {"box-7"}
    rule, found, wanted, who, *how, proof = cause_lines(stopped)
    assert rule.startswith("rule: ")
    assert found.startswith("found: not home 720 h after the run began")
    assert wanted.startswith("wanted: ")
    assert "server administrator" in who
    assert how[0].startswith("do: 1. ")
    assert [line.split(".")[0].strip() for line in how[1:]] == [str(n) for n in range(2, len(how) + 1)]
    assert "sign in to box-7 by Remote Desktop" in " ".join(how)
    assert "ASR replication appliances > box-7" in proof


def test_the_health_that_the_vault_shows_is_told_of_the_appliance(result: Result) -> None:
    (noticed,) = [each for each in run_causes(result) if each.cause.rule == "A01"]
    assert noticed.objects == "appliance box-7"


def test_page_and_junit_tell_the_same_causes(result: Result, tmp_path: Path) -> None:
    write_report(result, tmp_path / "report.html")
    page, suite = (tmp_path / "report.html").read_text("utf-8"), Xml.fromstring(junit_xml(result)).find("testsuite")
    assert suite is not None
    told = suite.findtext("system-out") or ""
    for each in run_causes(result):
        assert f"{each.cause.rule} {each.cause.status} by {each.objects}: {each.items}" in told
        assert each.items in page
        assert each.objects in page
        assert each.proof.seen_by in told
    assert page.count('<td class="name rule">') == len(run_causes(result))
