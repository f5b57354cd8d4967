"""Calibration reads a vault through the real SDK: jobs and protected items, with GETs alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from failback.reprotect import Drill, History
from failback.reprotect.driver import Driver, Ports
from failback.scenarios.calibrations.calibrate import CalibrationRequest, calibrate
from failback.scenarios.calibrations.command import live_rows
from failback.scenarios.cli.entry import run
from failback.scenarios.files.loader import load_scenario
from failback.scenarios.files.schema import Scenario
from failback.scenarios.run.operator import ScriptedOperator
from failback.scenarios.run.worlds import lab_settings, spec_of
from failback.simulator import Duration, World, WorldClock, WorldRemedies, WorldVault
from failback.simulator.arm import ArmMock, serve

pytestmark = pytest.mark.slow
SMALL = """\
name: small
estate:
  link: {bandwidth_mbit_per_s: 1000}
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 900, free_gib: 800}]
  appliances: [{name: appliance-01}]
  virtual_machines: [{name: "web-{n:02}", count: 3, os: linux, host: esx-01, datastore: gold, disks: [{size_gib: 10}]}]
"""
KEY = "task/modernised/failback/VmFailover"


def been_home(scenario: Scenario) -> World:
    """A vault in which all machines have gone out and come home."""
    world = World(spec_of(scenario))
    ports = Ports(WorldClock(world, 0.0), WorldVault(world), world.vsphere, ScriptedOperator(()), WorldRemedies(world))
    Driver(Drill(scenario.estate, scenario.plan), scenario.estate.virtual_machines, ports, History()).run()
    return world


def test_the_jobs_of_a_live_vault_give_their_steps(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    public = load_scenario(tmp_path / "small.yaml")
    scenario = replace(public, durations={**public.durations, KEY: Duration(fixed_s=321.0)})
    mock = ArmMock(been_home(scenario), epoch=scenario.starts_at, clock="step")
    with serve(mock) as served:
        rows = live_rows(lab_settings(mock, served))
    found = calibrate(CalibrationRequest(rows=rows))
    assert found.file.durations[KEY].median_s == pytest.approx(321, abs=0.01)
    assert found.file.fits["task/modernised/reprotect_to_azure/ProtectReplicaTask"]["n"] == 3
    assert found.file.fits["task/modernised/reprotect_to_on_premises/ProtectReplicaTask"]["n"] == 3
    assert found.file.date == date(2026, 6, 5)


def test_world_lab_reads_the_mock_that_the_environment_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    scenario = load_scenario(tmp_path / "small.yaml")
    out = tmp_path / "calibration.yaml"
    monkeypatch.setattr("sys.argv", ["failback", "calibrate", "--world", "lab", "--out", str(out)])
    with serve(ArmMock(been_home(scenario), epoch=scenario.starts_at, clock="step")) as served:
        monkeypatch.setenv("FAILBACK_MOCK", served.base_url)
        monkeypatch.setenv("FAILBACK_MOCK_CA_FILE", str(served.ca_file))
        assert run() == 0
    assert KEY in yaml.safe_load(out.read_text("utf-8"))["durations"]
