"""A pilot that is watched, from its choice to what a prediction says that it did not try."""

import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from failback.reprotect import Line, Plan
from failback.reprotect.driver import WATCHED_SERVERS
from failback.scenarios import Scenario, load_scenario, resolve
from failback.scenarios.calibrations.calibrate import CalibrationRequest, calibrate, write_calibration
from failback.scenarios.files.calibration_file import calibrated, read_calibration
from failback.scenarios.files.loader import load_default_durations
from failback.scenarios.predictions.not_tried import not_tried
from failback.scenarios.runbooks.pilot import pilot
from failback.scenarios.runbooks.pilot_settling import restricted
from failback.scenarios.watching.watch import Watch
from failback.simulator.arm import ArmMock

from .watched_night import Vault, watch_over, watched_drill


def watched(scenario: Scenario) -> list[Line]:
    """The lines of a watch of the whole way home."""
    lines, watches = list[Line](), list[Watch]()

    def look(arm: ArmMock, _: float) -> None:
        if not watches:
            vault = Vault(arm, tuple(scenario.estate.virtual_machines))
            first = vault.look()
            watches.append(watch_over(scenario, vault, first.at, lines.append))
            watches[0].begin(first)
        watches[0].look()

    watched_drill(scenario, 120.0, look)
    return lines


@pytest.fixture(scope="module", params=["first_drill", "first_drill_modernised"])
def night(request: pytest.FixtureRequest) -> tuple[Scenario, list[Line]]:
    scenario = load_scenario(resolve(request.param))
    few = restricted(scenario, pilot(scenario).machines)
    return scenario, watched(replace(few, plan=replace(few.plan, recovery_plans=())))


def learnt(scenario: Scenario, lines: list[Line], folder: Path) -> Scenario:
    (folder / "history.jsonl").write_text("".join(json.dumps(asdict(line)) + "\n" for line in lines), "utf-8")
    found = calibrate(CalibrationRequest((folder,), estate=scenario, least=1, on=date(2026, 6, 5)))
    write_calibration(found.file, folder / "calibration.yaml")
    return calibrated(scenario, read_calibration(folder / "calibration.yaml", load_default_durations()))


def test_a_prediction_calls_no_server_untried_that_a_watched_pilot_used(
    night: tuple[Scenario, list[Line]], tmp_path: Path
) -> None:
    scenario, lines = night
    known = learnt(scenario, lines, tmp_path)
    assert known.calibration is not None
    assert known.calibration.tried is not None
    assert known.calibration.tried.machines == len(pilot(scenario).machines), "all of them came home"
    ways = {each.way for each in not_tried(known)}
    used = {name for line in lines if line.name == WATCHED_SERVERS for name in line.data.values()}
    servers = {*scenario.estate.appliances, *scenario.estate.master_targets, *scenario.estate.process_servers}
    assert used & servers
    assert not [way for way in ways for name in used & servers if way.endswith(f" {name}")]


def test_a_server_that_the_pilot_did_not_use_is_named(night: tuple[Scenario, list[Line]], tmp_path: Path) -> None:
    """One of the machines that stay goes another way."""
    scenario, lines = night
    known = learnt(scenario, lines, tmp_path)
    estate = scenario.estate
    name = next(reversed({**estate.appliances, **estate.master_targets}))
    renamed = replace(
        estate,
        appliances={f"{n}-b": replace(s, name=f"{n}-b") for n, s in estate.appliances.items()},
        master_targets={f"{n}-b": replace(s, name=f"{n}-b") for n, s in estate.master_targets.items()},
    )
    other = replace(known, estate=renamed, plan=Plan())
    assert f"through {name}-b" in {each.way for each in not_tried(other)}
    same = {
        section: {n: replace(s, vault_name=n.removesuffix("-b")) for n, s in getattr(renamed, section).items()}
        for section in ("appliances", "master_targets")
    }
    again = learnt(replace(other, estate=replace(renamed, **cast(Any, same))), lines, tmp_path)
    assert not {each.way for each in not_tried(again)} & {f"through {name}-b"}, "the vault's name for it was seen"
