"""An import leaves facts unknown. What nobody knows may lead to a question, and stops no simulated way home."""

from dataclasses import fields
from pathlib import Path
from typing import Any, Final, get_type_hints

import pytest
import yaml

from failback.adapters.estate_facts import KINDS
from failback.scenarios import library, load_scenario, play

SCENARIOS: Final = ("one_vm", "one_modernised_vm")


def may_be_unknown(section: str) -> tuple[str, ...]:
    hints = get_type_hints(KINDS[section])
    return tuple(one.name for one in fields(KINDS[section]) if "Unknown" in str(hints[one.name]))


def rows() -> list[tuple[str, str, str]]:
    found = []
    for name in SCENARIOS:
        estate = yaml.safe_load(library()[name].read_text(encoding="utf-8"))["estate"]
        found += [(name, section, fact) for section in KINDS if section in estate for fact in may_be_unknown(section)]
    return found


def ended(folder: Path, name: str, unknown: dict[str, tuple[str, ...]]) -> str:
    scenario: dict[str, Any] = yaml.safe_load(library()[name].read_text(encoding="utf-8"))
    for section, facts in unknown.items():
        for row in scenario["estate"].get(section, ()):
            row |= dict.fromkeys(facts, "unknown")
    path = folder / "unknown.yaml"
    path.write_text(yaml.safe_dump(scenario), encoding="utf-8")
    return play(load_scenario(path)).items[0].phase


@pytest.mark.parametrize(("name", "section", "fact"), rows())
def test_a_machine_comes_home_though_a_fact_is_unknown(tmp_path: Path, name: str, section: str, fact: str) -> None:
    assert ended(tmp_path, name, {section: (fact,)}) == "replicating_to_azure"


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_machine_comes_home_though_nothing_is_known_of_its_servers(tmp_path: Path, name: str) -> None:
    assert ended(tmp_path, name, {section: may_be_unknown(section) for section in KINDS}) == "replicating_to_azure"
