"""A server that is healthy and busy is waited for; one that is not healthy is left."""

import json
import re
from pathlib import Path

import pytest

from failback.scenarios import load_scenario, play
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.outputs.run_folders.result_file import read_result
from failback.scenarios.reports.publishing import write_result
from failback.scenarios.reports.report import junit_xml, write_report


@pytest.mark.parametrize("group", [False, True])
def test_all_machines_come_home_through_the_one_healthy_appliance(tmp_path: Path, *, group: bool) -> None:
    """Ninety disks, sixty slots: those that find no slot wait in line, and do not ask the sick one until they stop."""
    place = {"os": "linux", "host": "esx-01", "datastore": "ds", "disks": [{"size_gib": 1}]}
    machines = [{"name": f"m{n}", **place} for n in range(90)]
    for machine in machines[:3] if group else ():
        machine["replication_group"] = "g"
    estate = {
        "link": {"bandwidth_mbit_per_s": 1000},
        "virtual_machines": machines,
        "hosts": [{"name": "esx-01", "datastores": ["ds"]}],
        "datastores": [{"name": "ds", "capacity_gib": 90000}],
        "appliances": [{"name": name, "host": "esx-01", "datastore": "ds"} for name in ("a-01", "a-02")],
        "recovery_plans": [{"name": "all", "groups": [["m0", "m1", "m2"]]}],
    }
    faults = [{"kind": "change_facts", "object": "a-01", "facts": {"healthy": False}, "at_s": 0}]
    file = tmp_path / "busy.yaml"
    file.write_text(json.dumps({"name": "busy", "estate": estate, "faults": faults}), "utf-8")
    result = play(load_scenario(file))
    assert result.verdict == "as_expected"


def test_a_run_says_which_servers_were_passed_over_and_why_in_result_report_and_junit(tmp_path: Path) -> None:
    """The same sentences as the notes of a check."""
    machine = {"os": "linux", "host": "esx-01", "datastore": "ds", "disks": [{"size_gib": 1}]}
    boxes: list[dict[str, object]] = [{"name": name, "host": "esx-01", "datastore": "ds"} for name in ("a-01", "a-02")]
    boxes[0]["healthy"] = False
    estate = {
        "link": {"bandwidth_mbit_per_s": 1000},
        "virtual_machines": [{"name": f"m{n}", **machine} for n in range(2)],
        "hosts": [{"name": "esx-01", "datastores": ["ds"]}],
        "datastores": [{"name": "ds", "capacity_gib": 90000}],
        "appliances": boxes,
    }
    file = tmp_path / "sick.yaml"
    file.write_text(json.dumps({"name": "sick", "estate": estate}), "utf-8")
    result = play(load_scenario(file))
    (sentence,) = result.passed_over
    assert sentence.startswith("No machine comes home through a-01: for m0, A01 (")
    assert sentence in run_check(CheckRequest(str(file))).seen.notes
    write_result(result, tmp_path)
    assert read_result(tmp_path / "result.json").passed_over == result.passed_over
    write_report(result, tmp_path / "report.html")
    assert sentence in re.sub("<[^>]*>", "", (tmp_path / "report.html").read_text("utf-8"))
    assert sentence in junit_xml(result)
