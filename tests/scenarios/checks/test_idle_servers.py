"""A check names the server that the drill would choose for nobody, and the rule that speaks against it."""

from pathlib import Path
from typing import Any

import yaml

from failback.scenarios.checks.command import CheckRequest, as_value, run_check

from .known_estates import machine, servers

PLAN: dict[str, Any] = {"name": "two_boxes", "title": "t", "description": "d", "plan": {}}


def notes(tmp_path: Path, **second: Any) -> list[str]:
    """The notes of a check with a second appliance of these facts."""
    estate: dict[str, Any] = {"link": {"bandwidth_mbit_per_s": 500}, "virtual_machines": [machine("app", "modernised")]}
    estate |= servers("modernised")
    estate["appliances"] = [*estate["appliances"], {**estate["appliances"][0], "name": "box2", **second}]
    path = tmp_path / "two_boxes.yaml"
    path.write_text(yaml.safe_dump({**PLAN, "estate": estate}), encoding="utf-8")
    return [note for note in as_value(run_check(CheckRequest(str(path))))["notes"] if "comes home through" in note]


def test_a_sick_appliance_beside_a_healthy_one_is_named_with_its_rule(tmp_path: Path) -> None:
    (note,) = notes(tmp_path, healthy=False)
    assert note.startswith("No machine comes home through box2: for app, A01 (")


def test_a_server_that_is_as_fit_and_not_needed_is_no_note(tmp_path: Path) -> None:
    assert notes(tmp_path) == []
