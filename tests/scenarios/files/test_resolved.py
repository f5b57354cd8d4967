"""A scenario written down whole is the same scenario where none of its files are."""

from dataclasses import replace
from pathlib import Path

import pytest

from failback.scenarios.files.loader import library, load_scenario, resolve
from failback.scenarios.files.resolved import resolved_text


def read_back(name: str, folder: Path) -> bool:
    scenario = load_scenario(resolve(name))
    path = folder / "scenario.json"
    path.write_text(resolved_text(scenario, "mark"), encoding="utf-8")
    return load_scenario(path) == replace(scenario, calibration=None)


@pytest.mark.parametrize("name", ["first_drill", "modernised_operator_gate", "plan_of_three_groups"])
def test_a_scenario_written_down_whole_is_read_as_the_same(name: str, tmp_path: Path) -> None:
    assert read_back(name, tmp_path)


@pytest.mark.slow
def test_so_is_every_other_of_the_library(tmp_path: Path) -> None:
    assert [name for name in library() if not read_back(name, tmp_path)] == []
