"""A physical server goes through all legs of both architectures, and comes home as a new virtual machine."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from failback.reprotect import LEGS, Architecture, OsFamily
from failback.scenarios import load_scenario, play, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Location, Status, check_estate
from failback.simulator import World

STORIES = {
    Architecture.CLASSIC: "physical_server_comes_home",
    Architecture.MODERNISED: "modernised_physical_server_comes_home",
}


def physical(architecture: Architecture, **facts: Any) -> Scenario:
    """The story, with other facts of its machine."""
    scenario = load_scenario(resolve(STORIES[architecture]))
    machines = {name: replace(vm, **facts) for name, vm in scenario.estate.virtual_machines.items()}
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=machines))


def stopping(scenario: Scenario) -> Iterator[str]:
    """The rules that a check says block."""
    yield from (finding.rule for finding in check_estate(scenario.estate, scenario.plan).of(Status.BLOCKS))


@pytest.mark.parametrize("exists", [False, True], ids=["gone", "left_out"])
@pytest.mark.parametrize("architecture", Architecture, ids=lambda each: each.value)
def test_it_goes_through_every_leg_and_all_of_its_data_comes_home(architecture: Architecture, exists: bool) -> None:
    scenario = physical(architecture, exists_on_premises=exists)
    worlds: list[World] = []
    assert list(stopping(scenario)) == []
    result = play(scenario, on_world=worlds.append)
    assert [(leg.leg, leg.outcome) for leg in result.legs] == [(leg, "done") for leg in LEGS]
    home = worlds[0].replicated()[0]
    (vm,) = scenario.estate.virtual_machines.values()
    assert home.transferred_bytes == sum(disk.size_gib for disk in vm.disks) * 2**30
    assert "T07" in {finding.rule for finding in result.findings}


@pytest.mark.parametrize("architecture", Architecture, ids=lambda each: each.value)
def test_a_check_says_that_it_returns_to_an_alternate_location(architecture: Architecture) -> None:
    scenario = physical(architecture)
    (machine,) = check_estate(scenario.estate, scenario.plan).items
    assert machine.location is Location.ALTERNATE
    assert "physical" in machine.why


@pytest.mark.parametrize("architecture", Architecture, ids=lambda each: each.value)
def test_an_old_windows_server_stays_in_azure(architecture: Architecture) -> None:
    scenario = physical(architecture, os_version="2008 R2 SP1", os=OsFamily.WINDOWS)
    assert "R14" in set(stopping(scenario))
    assert {item.stopped_by for item in play(scenario).items} <= set(stopping(scenario))
