"""A check as SARIF: valid in shape, with each finding at its line of the estate's file."""

import json
from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import REQUIREMENTS
from failback.scenarios.checks.command import CheckDone, CheckRequest, run_check, write_sarif
from failback.scenarios.checks.sarif import sarif
from failback.scenarios.checks.sarif_names import SARIF_NAMES

ESTATE = """\
link: {bandwidth_mbit_per_s: 500}
virtual_machines:
  - name: "web-{n}"
    count: 3
    os: linux
    architecture: classic
    host: esx
    datastore: gold
    disks: [{size_gib: 40}]
hosts: [{name: esx, datastores: [gold]}]
datastores: [{name: gold}]
configuration_servers: [{name: cs}]
process_servers: [{name: ps}]
master_targets:
  - name: mt
    os: linux
    host: esx
    datastore: gold
    snapshots: [patch]
"""


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CheckDone:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my estate.yaml").write_text(ESTATE, encoding="utf-8")
    return run_check(CheckRequest("my estate.yaml"))


def log(done: CheckDone, *, unknown_blocks: bool = False) -> Any:
    return json.loads(json.dumps(sarif(done.report, done.located.places, unknown_blocks=unknown_blocks)))


def results(message: Any, rule: str) -> list[Any]:
    return [result for result in message["runs"][0]["results"] if result["ruleId"] == rule]


def test_a_blocker_stands_at_the_line_of_its_object(done: CheckDone) -> None:
    (result,) = results(log(done), "R04")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20estate.yaml"
    assert place["region"] == {"startLine": 15, "startColumn": 5}
    assert (result["kind"], result["level"]) == ("fail", "error")


def test_machines_that_share_a_line_share_a_result(done: CheckDone) -> None:
    (result,) = results(log(done), "R04")
    assert result["message"]["text"].startswith("web-1 to web-3: mt: the master target has a snapshot: patch")


def test_what_is_not_known_is_open_until_it_blocks(done: CheckDone) -> None:
    open_ones = [r for r in log(done)["runs"][0]["results"] if r["kind"] == "open"]
    assert open_ones
    assert {r["level"] for r in open_ones} == {"none"}
    still_open = [r for r in log(done, unknown_blocks=True)["runs"][0]["results"] if r["kind"] == "open"]
    assert len(still_open) < len(open_ones)


def test_every_result_names_its_rule_by_number_and_says_a_remedy(done: CheckDone) -> None:
    (run,) = log(done)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)


def test_the_log_has_the_shape_of_the_standard(done: CheckDone) -> None:
    text = log(done)
    assert text["version"] == "2.1.0"
    assert text["$schema"].endswith("sarif-schema-2.1.0.json")
    allowed = {"ruleId", "ruleIndex", "kind", "level", "message", "locations", "partialFingerprints"}
    for result in text["runs"][0]["results"]:
        assert result.keys() == allowed
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["kind"] in ("fail", "open")
        assert (result["kind"] == "fail") == (result["level"] != "none")


def test_fingerprints_tell_results_apart(done: CheckDone) -> None:
    prints = [tuple(r["partialFingerprints"].values()) for r in log(done)["runs"][0]["results"]]
    assert len(set(prints)) == len(prints)


def test_the_file_is_written(done: CheckDone, tmp_path: Path) -> None:
    write_sarif(done, tmp_path / "out.sarif")
    assert json.loads((tmp_path / "out.sarif").read_text(encoding="utf-8")) == log(done)


def test_a_name_makes_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    estate = ESTATE.replace("name: mt", 'name: "[mt](http://there)"')
    (tmp_path / "estate.yaml").write_text(estate, encoding="utf-8")
    violations = json.dumps(log(run_check(CheckRequest("estate.yaml")))["runs"][0]["results"])
    assert "[mt] (http://there)" in violations
    assert "[mt](http://there): " not in violations


def test_an_estate_in_a_file_of_its_own_is_located_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "estate.yaml").write_text(ESTATE, encoding="utf-8")
    (tmp_path / "story.yaml").write_text("name: story\nestate_file: estate.yaml\n", encoding="utf-8")
    (result,) = results(log(run_check(CheckRequest("story.yaml"))), "R04")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "estate.yaml"


def test_each_rule_has_a_name_in_the_file() -> None:
    assert [row.id for row in REQUIREMENTS] == list(SARIF_NAMES)
    assert all(name.isidentifier() for name in SARIF_NAMES.values())
    assert (SARIF_NAMES["R04"], SARIF_NAMES["A01"]) == ("master_target_has_no_snapshot", "appliance_is_healthy")
