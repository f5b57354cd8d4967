"""A synthetic estate: what its recipe says, the same for the same seed, blocked by its faults alone."""

from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import Architecture, OsFamily
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.estates.generate_command import run_generate
from failback.scenarios.estates.generating import generated
from failback.scenarios.estates.recipe import FAULTS, Recipe, Spread, System, example, read_recipe
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.judging.check import Status

RULE_OF = {
    "snapshot": "R05",
    "gone": "T08",
    "stopped_in_azure": "78093",
    "pending_question": "R32",
    "no_tools": "G02",
    "no_disk_uuids": "T06",
}
SYSTEMS = (System(OsFamily.LINUX, "Ubuntu 22.04"), System(OsFamily.WINDOWS, "Windows Server 2019"))


def written(folder: Path, text: str, seed: int | None = None) -> Path:
    (folder / "recipe.yaml").write_text(text, encoding="utf-8")
    run_generate(folder / "recipe.yaml", folder / "estate.yaml", seed)
    return folder / "estate.yaml"


def findings(estate: Path, *statuses: Status) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in run_check(CheckRequest(str(estate))).report.of(*statuses):
        found.setdefault(each.requirement.id, set()).add(each.item)
    return found


def test_the_same_recipe_and_seed_give_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    text = example().read_text(encoding="utf-8")
    first, again = (written(tmp_path, text).read_bytes() for _ in range(2))
    assert first == again
    assert written(tmp_path, text, seed=2).read_bytes() != first


def test_an_estate_with_many_faults_alike_is_read_back_since_no_alias_stands_in_it(tmp_path: Path) -> None:
    """A file may have fifty, and each machine with a snapshot was one."""
    systems = "[{os: linux, version: Ubuntu 22.04}]"
    estate = written(tmp_path, f"machines: 60\nsystems: {systems}\nfaults: {{snapshot: 1}}\n")
    assert "*id" not in estate.read_text(encoding="utf-8")
    assert len(findings(estate, *Status)["R05"]) == 60


def test_a_larger_estate_begins_with_the_same_machines() -> None:
    small, large = (generated(Recipe(n, disks=Spread(2, 0.5, 1), systems=SYSTEMS)) for n in (5, 50))
    assert large["virtual_machines"][:5] == small["virtual_machines"]


@pytest.mark.parametrize("architecture", list(Architecture))
def test_without_faults_nothing_blocks(tmp_path: Path, architecture: Architecture) -> None:
    systems = "[{os: linux, version: Ubuntu 22.04}, {os: windows, version: Windows Server 2019}]"
    estate = written(tmp_path, f"machines: 40\narchitecture: {architecture.value}\nsystems: {systems}\n")
    assert findings(estate, Status.BLOCKS) == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_by_its_rule_on_every_machine_that_has_it(tmp_path: Path, fault: str) -> None:
    systems = "[{os: windows, version: Windows Server 2019}]"
    recipe = f"machines: 40\narchitecture: classic\nsystems: {systems}\nfaults: {{{fault}: 0.3}}\n"
    estate = written(tmp_path, recipe)
    sick = {m["name"] for m in generated(read_recipe(tmp_path / "recipe.yaml"))["virtual_machines"] if has(m, fault)}
    assert 0 < len(sick) < 40
    assert findings(estate, *Status)[RULE_OF[fault]] >= sick


def has(machine: dict[str, Any], fault: str) -> bool:
    return all(
        value.items() <= machine[fact].items() if isinstance(value, dict) else (fact, value) in machine.items()
        for fact, value in FAULTS[fault].items()
    )


def test_shares_and_weights_are_about_what_the_recipe_says() -> None:
    recipe = Recipe(2000, tiers={"web": 3, "db": 1}, systems=SYSTEMS, faults={"snapshot": 0.1})
    machines = generated(recipe)["virtual_machines"]
    assert 0.7 < sum(m["tier"] == "web" for m in machines) / 2000 < 0.8
    assert 0.07 < sum("snapshots" in m for m in machines) / 2000 < 0.13


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("machines: 0\n", "from 1 to"),
        ("machines: 5\nfaults: {flood: 0.1}\n", "flood"),
        ("machines: 5\nfaults: {snapshot: 2}\n", "from 0 to 1"),
        ("machines: 5\ndisk_gib: {median: 0}\n", "median above 0"),
        ("machines: 5\ncolour: blue\n", "colour"),
        ("machines: five\n", "machines"),
        ("tiers: {a: 1}\n", "machines"),
        ("- a list\n", "recipe.yaml"),
        ("machines: 5\nbandwidth_mbit_per_s: .inf\n", "above 0"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused_in_a_paragraph(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadInput) as told:
        written(tmp_path, text)
    assert words in str(told.value)
