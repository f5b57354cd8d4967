"""An answer about machines that nobody has failed over says so; so does one that lacks machines of the vault."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from failback.scenarios.checks.command import CheckDone, CheckRequest, as_value, print_check, run_check
from failback.scenarios.checks.html_page import write_page
from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.judging.check import Status
from failback.scenarios.outcomes.taken_for_granted import granted_json, granted_words
from failback.scenarios.predictions.command import PredictOptions, run_predict
from failback.scenarios.runbooks.command import run_runbook
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.study.whatif import WhatIfRequest, run_what_if
from tests.scenarios.estates import vault_export

SAID = "Not failed over yet (active location Primary): {}. This answer assumes that their failover has been committed."


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """Twelve machines that a vault shows as Protected, active location Primary; one of them without disks."""
    files = vault_export.write(tmp_path, vault_export.mock_of("first_drill_modernised"))
    for file in files:
        _without_disks(file, "sql-01")
    said = run_import(ImportRequest((tmp_path,), tmp_path / "estate.yaml", 500))
    assert "11 machines: not failed over yet (Protected, active location Primary)." in said.splitlines()
    file = tmp_path / "home.yaml"
    file.write_text("name: home\nestate_file: estate.yaml\n", "utf-8")
    return file


def _without_disks(file: Path, name: str) -> None:
    data = json.loads(file.read_text("utf-8"))
    for item in data.get("value", [data]) if isinstance(data, dict) else data:
        properties = item.get("properties", {})
        if properties.get("friendlyName") == name and "providerSpecificDetails" in properties:
            properties["providerSpecificDetails"]["protectedDisks"] = []
    file.write_text(json.dumps(data), "utf-8")


def _asked(file: Path) -> CheckDone:
    return run_check(CheckRequest(str(file)))


def _holds(text: str) -> bool:
    plain = re.sub(r"\s+", " ", text)
    return plain.count(SAID.format("11 machines")) == 1 and plain.count("sql-01 (the disks are in no file") == 1


def test_a_check_says_it_at_the_top_once_and_as_data(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = _asked(scenario)
    print_check(done, as_json=False, terminal=False)
    head = capsys.readouterr().out.splitlines()[1:3]
    assert _holds(" ".join(head))
    value = as_value(done)
    assert len(value["failover_assumed"]) == 11
    assert value["left_out"] == [{"why": "no_disks", "machines": ["sql-01"], "not_in_vcenter": []}]
    assert SAID.format("11 machines") in value["notes"]
    write_page(done, page := scenario.with_name("page.html"))
    assert _holds(page.read_text("utf-8"))


def test_a_prediction_a_study_and_a_runbook_say_it_too(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = PredictOptions(str(scenario), "2026-06-05T18:00", "2026-06-08T06:00", "UTC", 90, 1, today="2026-06-01")
    run_predict(ask, scenario.with_name("answer"), as_json=False)
    assert _holds(capsys.readouterr().out)
    run_what_if(WhatIfRequest(str(scenario), runs=1, backend="serial"), as_json=False)
    assert _holds(capsys.readouterr().out)
    run_what_if(WhatIfRequest(str(scenario), runs=1, backend="serial"), as_json=True)
    assert len(json.loads(capsys.readouterr().out)["failover_assumed"]) == 11
    run_runbook(str(scenario), 1, scenario.with_name("book"))
    assert _holds(capsys.readouterr().out)
    for file in ("answer/answer.html", "answer/answer.md", "book/runbook.html", "book/runbook.md"):
        assert _holds(scenario.parent.joinpath(file).read_text("utf-8")), file
    answer = json.loads(scenario.parent.joinpath("answer", "answer.json").read_text("utf-8"))
    assert len(answer["failover_assumed"]) == 11


@pytest.mark.parametrize("name", ["one_vm", "first_drill", "test_failover_first", "both_architectures_side_by_side"])
def test_a_library_scenario_that_fails_over_on_purpose_takes_nothing_for_granted(name: str) -> None:
    assert granted_words(load_scenario(resolve(name))) == ()


def _written(file: Path, machines: list[dict[str, Any]]) -> tuple[str, ...]:
    same = {"os": "linux", "architecture": "modernised", "disks": [{"size_gib": 10}]}
    estate: dict[str, Any] = {"virtual_machines": [same | each for each in machines], "appliances": [{"name": "box"}]}
    estate["link"] = {"bandwidth_mbit_per_s": 100}
    file.write_text(yaml.safe_dump({"name": "own", "estate": estate}), "utf-8")
    return granted_words(load_scenario(file))


def test_who_says_where_his_machines_stand_is_told_and_who_does_not_is_not(tmp_path: Path) -> None:
    file, on_site = tmp_path / "own.yaml", {"at": "replicating_to_azure"}
    assert _written(file, [{"name": "a"}, {"name": "b"}]) == ()
    assert _written(file, [{"name": "a"} | on_site]) == (SAID.format("1 machine"),)
    assert _written(file, [{"name": "a"} | on_site, {"name": "b"}]) == (SAID.format("1 of 2 machines (a)"),)
    further = {"name": "b", "at": "failover_committed"}
    assert _written(file, [{"name": "a"}, further]) == (SAID.format("1 of 2 machines (a)"),)
    assert _written(file, [further]) == ()


def test_a_scenario_that_is_written_whole_says_the_same_again(scenario: Path, tmp_path: Path) -> None:
    for file in (scenario, resolve("first_drill_modernised")):
        before = load_scenario(file)
        (whole := tmp_path / "whole.json").write_text(resolved_text(before, "x"), "utf-8")
        assert granted_json(load_scenario(whole)) == granted_json(before)


def test_what_only_the_failover_can_answer_is_not_asked_and_the_rules_are_named(scenario: Path) -> None:
    """What a later leg makes stays unknown: a machine whose recovery points nobody knows may stop."""
    done = _asked(scenario)
    unknown = {finding.rule for finding in done.report.of(Status.UNKNOWN)}
    assert not unknown & {"R17", "R18", "78093"}
    assert {"A05", "R31", "F02"} <= unknown
    (said,) = [note for note in done.seen.notes if "not asked yet" in note]
    assert re.findall(r"R\d\d|78093", said) == ["R18", "R17", "78093"]
    estate = scenario.with_name("estate.yaml")
    text = estate.read_text("utf-8")
    estate.write_text(text.replace("at: replicating_to_azure", "at: failover_committed"), "utf-8")
    assert "R17" in {finding.rule for finding in _asked(scenario).report.of(Status.UNKNOWN)}


def test_a_rule_that_nobody_can_answer_yet_is_not_called_met_in_the_runbook(scenario: Path) -> None:
    for section in runbook(load_scenario(scenario), 1).sections:
        assert not {row.id for row in section.met} & {"R17", "R18"}


def test_nobody_is_asked_about_an_azure_machine_that_the_failover_has_yet_to_make(scenario: Path) -> None:
    report = _asked(scenario).report
    assert not {finding.rule for finding in report.of(Status.UNKNOWN)} & {"R17", "R18", "78093"}
    assert {vm.azure.exists for vm in report.estate.virtual_machines.values()} == {True}
    estate = scenario.with_name("estate.yaml")
    estate.write_text(estate.read_text("utf-8").replace("at: replicating_to_azure", "azure: {exists: false}"), "utf-8")
    found = list(_asked(scenario).report.of(Status.UNKNOWN, Status.BLOCKS))
    assert {"R17", "R18"} <= {finding.rule for finding in found}, "where nobody says where they stand, it is asked"
