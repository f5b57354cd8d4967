"""What is wrong with a file is told alike in sim, lab and azure: one paragraph, or an unknown that is counted."""

import copy
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from failback.adapters import load_settings
from failback.scenarios import load_scenario
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.cli.entry import run
from failback.scenarios.judging.check import Report, Status
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock, serve

File: TypeAlias = dict[str, Any]
WORLDS: Final = ("sim", "lab", "azure")
VM: Final = {"os": "linux", "host": "esx-01", "datastore": "gold", "disks": [{"size_gib": 20}]}
WHOLE: Final[File] = {
    "name": "two",
    "estate": {
        "link": {"bandwidth_mbit_per_s": 100},
        "virtual_machines": [{"name": "lb-01", **VM}, {"name": "lb-02", **VM}],
        "hosts": [{"name": "esx-01", "datastores": ["gold"]}],
        "datastores": [{"name": "gold", "capacity_gib": 1024}, {"name": "tin", "capacity_gib": 1024}],
        "appliances": [{"name": "box", "host": "esx-01", "datastore": "gold"}],
    },
}
PARTLY: Final = dict.fromkeys(("os_version", "static_ip", "retains_ip", "pending_question"), "unknown")


def one_name_twice(file: File) -> None:
    file["estate"]["virtual_machines"][1]["name"] = "lb-01"


def a_host_that_does_not_mount_it(file: File) -> None:
    file["estate"]["virtual_machines"][0]["datastore"] = "tin"


def more_free_than_there_is(file: File) -> None:
    file["estate"]["datastores"][0]["free_gib"] = 2048


REFUSED: Final[list[tuple[Callable[[File], None], str, str]]] = [
    (one_name_twice, "lb-01", "name"),
    (a_host_that_does_not_mount_it, "does not mount its datastore `tin`", "add it under datastores of the host"),
    (more_free_than_there_is, "of which 2048 are free", "correct `capacity_gib` or `free_gib`"),
]


def written(folder: Path, spoil: Callable[[File], None]) -> Path:
    tree = copy.deepcopy(WHOLE)
    spoil(tree)
    file = folder / "two.yaml"
    file.write_text(json.dumps(tree, indent=1), encoding="utf-8")
    return file


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize(("spoil", "found", "cure"), REFUSED, ids=[row[0].__name__ for row in REFUSED])
def test_facts_that_contradict_each_other_are_one_paragraph_in_every_world(
    command: str,
    spoil: Callable[[File], None],
    found: str,
    cure: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, told = written(tmp_path, spoil), set[str]()
    for name in ("SUBSCRIPTION", "RESOURCE_GROUP", "VAULT"):
        monkeypatch.setenv(f"FAILBACK_AZURE_{name}", "x")
    for world in WORLDS:
        monkeypatch.setattr(sys, "argv", ["failback", command, str(file), "--world", world])
        assert run() == 2
        told.add(capsys.readouterr().err)
    (paragraph,) = told
    assert paragraph.count("\n") == 1
    assert found in paragraph
    assert cure in paragraph


def unknowns(report: Report) -> set[tuple[str, str]]:
    """Machine and rule: a rule that compares two objects stays open where a world knows one of them."""
    return {(f.item, f.rule) for item in report.items for f in item.of(Status.UNKNOWN)}


@pytest.mark.vcsim
def test_what_is_unknown_of_an_object_is_counted_alike_in_every_world(tmp_path: Path) -> None:
    """The vault of world azure is the mock, which knows some of it; what it does not show stays as the file has it."""
    file = written(tmp_path, lambda tree: tree["estate"]["virtual_machines"][0].update(PARTLY))
    reports = {world: run_check(CheckRequest(str(file), world)).report for world in ("sim", "lab")}
    scenario = load_scenario(file)
    mock = ArmMock(World(spec_of(scenario)), epoch=scenario.starts_at, clock="step")
    with serve(mock) as served:
        env = {
            "FAILBACK_AZURE_SUBSCRIPTION": mock.subscription,
            "FAILBACK_AZURE_RESOURCE_GROUP": mock.resource_group,
            "FAILBACK_AZURE_VAULT": mock.vault_name,
            "FAILBACK_AZURE_BASE_URL": served.base_url,
            "FAILBACK_AZURE_CA_FILE": str(served.ca_file),
            "FAILBACK_AZURE_TOKEN": "token",
            "FAILBACK_AZURE_READS_PER_S": "1000",
        }
        reports["azure"] = run_check(CheckRequest(str(file), "azure", settings=load_settings(None, env))).report
    assert unknowns(reports["lab"]) == unknowns(reports["sim"])
    assert unknowns(reports["azure"]) < unknowns(reports["sim"])
    assert "R32" in {rule for item, rule in unknowns(reports["azure"]) if item == "lb-01"}
    assert "R32" not in {rule for item, rule in unknowns(reports["sim"]) if item == "lb-02"}
    assert all("R32" in report.unsure for report in reports.values())
