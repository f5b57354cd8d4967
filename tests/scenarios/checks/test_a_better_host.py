"""Where another host mounts all that a server needs, moving the server is the first remedy: nobody has to mount."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from failback.reprotect import Operation, RequestDefaults
from failback.reprotect.requirements.other_parts import others_of
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Status
from failback.scenarios.runbooks.causes import tasks
from failback.scenarios.runbooks.runbook import runbook

STORIES = (("first_drill_modernised", "appliances"), ("first_drill", "master_targets"))


def without_a_store(story: str, section: str, **other: Any) -> tuple[Scenario, str, str]:
    """The first machine's datastore is not mounted on the host of its server; host `better` has `other` facts."""
    scenario = load_scenario(resolve(story))
    estate = scenario.estate
    vm = next(iter(estate.virtual_machines.values()))
    servers: Mapping[str, Any] = getattr(estate, section)
    old = estate.hosts[next(iter(servers.values())).host]
    every = tuple(estate.datastores)
    left = tuple(store for store in every if store not in vm.datastores)
    hosts = {name: replace(host, datastores=left) for name, host in estate.hosts.items()}
    hosts["better"] = replace(old, name="better", datastores=every, other_machines=(), **other)
    apart = {name: replace(one, datastore="own") for name, one in servers.items()}
    hosts = {name: replace(host, datastores=(*host.mounted, "own")) for name, host in hosts.items()}
    changed: dict[str, Any] = {section: apart, "hosts": hosts}
    return replace(scenario, estate=replace(estate, **changed)), vm.name, vm.datastores[0]


@pytest.mark.parametrize(("story", "section"), STORIES)
def test_the_server_moves_to_a_host_that_mounts_all(story: str, section: str) -> None:
    scenario, name, store = without_a_store(story, section)
    found = {task.rule: task for task in tasks(runbook(scenario, 1), Status.BLOCKS)}
    task = found["A03" if section == "appliances" else "R24"]
    assert "Change compute resource only > better" in task.steps[1]
    assert "only Storage vMotion is forbidden" in task.steps[1]
    assert "could not be moved" in task.steps[3]
    choices = RequestDefaults(scenario.estate, scenario.plan).choose(name, Operation.REPROTECT_TO_ON_PREMISES)
    servers: Mapping[str, Any] = getattr(scenario.estate, section)
    server = servers[choices.master_target or choices.appliance or ""]
    moved: dict[str, Any] = {section: {**servers, server.name: replace(server, host="better")}}
    assert not others_of(replace(scenario.estate, **moved), name, choices, store)["better_host"]


@pytest.mark.parametrize("fact", [{"connected": False}, {"edition": "free"}, {"read_only_datastores": ("own",)}])
@pytest.mark.parametrize(("story", "section"), STORIES)
def test_no_server_moves_where_its_disks_or_a_datastore_would_be_missing(story: str, section: str, fact: Any) -> None:
    scenario, name, store = without_a_store(story, section, **fact)
    choices = RequestDefaults(scenario.estate, scenario.plan).choose(name, Operation.REPROTECT_TO_ON_PREMISES)
    assert not others_of(scenario.estate, name, choices, store)["better_host"]
