"""In memory a remedy is what it is elsewhere: done once, seen, and not undone by what fails or is cancelled later."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from failback.reprotect import (
    REMEDIES,
    UNKNOWN,
    Act,
    ApplyRemedy,
    Line,
    Operation,
    Phase,
    RemedyApplied,
    RemedyFailed,
    StartOperation,
    choose,
)
from failback.scenarios import Scenario, load_scenario, play, resolve
from failback.scenarios.run import worlds
from failback.scenarios.run.worlds import spec_of
from failback.simulator import Fault, FaultKind, MemoryVsphere, Trigger, World, WorldRemedies, WorldVault, discover

STORIES = {
    Act.DELETE_SNAPSHOTS: "snapshot_is_deleted_by_failback",
    Act.MOUNT_DATASTORE: "datastore_is_mounted_by_failback",
    Act.REFRESH_PROVIDER: "new_retention_drive_shows_after_a_refresh",
    Act.SWITCH_PROCESS_SERVER: "second_process_server_takes_over",
    Act.START_REPLICA: "replica_is_started_by_failback",
}
EFFECTS: dict[Act, Callable[[World], object]] = {
    Act.DELETE_SNAPSHOTS: lambda world: world.vsphere.look(["mt-linux"])["mt-linux"].snapshots == (),
    Act.MOUNT_DATASTORE: lambda world: "gold" in world.vsphere.datastores_of("esx-11"),
    Act.REFRESH_PROVIDER: lambda world: world.site.estate.master_targets["mt-linux"].retention_drives[0].listed,
    Act.SWITCH_PROCESS_SERVER: lambda world: world.vault.items["app-01"].choices.process_server == "ps-azure-2",
    Act.START_REPLICA: lambda world: world.site.vm("app-01").azure.running,
}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[World]:
    """The worlds that are made while the test runs."""
    made: list[World] = []

    class SeenWorld(World):
        def __init__(self, *values: Any, **named: Any) -> None:
            super().__init__(*values, **named)
            made.append(self)

    monkeypatch.setattr(worlds, "World", SeenWorld)
    return made


def story(act: Act) -> Scenario:
    return load_scenario(resolve(STORIES[act]))


def refused(act: Act) -> World:
    """A world in which the reprotect of this act's story has just been refused or has failed."""
    scenario = story(act)
    world = World(spec_of(scenario))
    vault = WorldVault(world)
    for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER, Operation.REPROTECT_TO_ON_PREMISES):
        choices = choose(scenario.estate, scenario.plan, "app-01", operation)
        vault.perform(StartOperation("app-01", operation, choices, operation.value))
        while world.vault.items["app-01"].job is not None:
            world.jump()
    return world


def sent(act: Act) -> ApplyRemedy:
    """The command that the drill gives in this act's story."""
    lines: list[Line] = []
    play(story(act), on_line=lines.append)
    [data] = [line.data for line in lines if line.name == "ApplyRemedy"]
    return ApplyRemedy(data["item"], data["rule"], Act(data["act"]), data["object"], data["beside"], data["key"])


@pytest.mark.parametrize("act", Act)
def test_an_act_does_what_it_says_and_is_done_once(act: Act) -> None:
    world, command = refused(act), sent(act)
    remedies, about = WorldRemedies(world), (command.item, command.rule, command.object, command.key)
    assert not EFFECTS[act](world)
    assert remedies.apply(command) == RemedyApplied(*about, already=False)
    assert EFFECTS[act](world)
    assert remedies.apply(command) == RemedyApplied(*about, already=act is not Act.REFRESH_PROVIDER)


@pytest.mark.parametrize("act", Act)
def test_to_reconcile_is_to_look_only(act: Act) -> None:
    world, command = refused(act), sent(act)
    assert isinstance(WorldRemedies(world).reconcile(command), RemedyFailed)
    assert not EFFECTS[act](world)


@pytest.mark.parametrize(("thing", "host"), [("gold", "esx-99"), ("iron", "esx-11")])
def test_what_is_not_there_is_not_mounted(thing: str, host: str) -> None:
    command = replace(sent(Act.MOUNT_DATASTORE), object=thing, beside=host)
    answer = WorldRemedies(refused(Act.MOUNT_DATASTORE)).apply(command)
    assert isinstance(answer, RemedyFailed)
    assert "there is no host" in answer.message


def test_a_refresh_tells_nothing_new_of_what_nobody_knows_nor_of_a_physical_master_target() -> None:
    world = World(spec_of(load_scenario(resolve("one_vm"))))
    target = next(iter(world.site.estate.master_targets.values()))
    world.site.change(target.name, discovered=UNKNOWN)
    discover(world.site)
    assert world.site.estate.master_targets[target.name].discovered is UNKNOWN
    world.site.change(target.name, discovered=False, physical=True)
    discover(world.site)
    assert world.site.estate.master_targets[target.name].discovered is False


def test_a_datastore_that_no_host_mounts_is_where_its_machine_runs() -> None:
    scenario = load_scenario(resolve("one_vm"))
    estate = scenario.estate
    [host, *_] = estate.hosts
    vm = next(iter(estate.virtual_machines.values()))
    bare = replace(estate, hosts={host: replace(estate.hosts[host], datastores=())})
    assert vm.datastore in MemoryVsphere(bare).datastores_of(vm.host)


# What undoes it, and what does not


MISHAPS = {
    "JobCancelled": Fault(FaultKind.CANCEL_JOB, "app-01", when=Trigger("app-01", Phase.FAILING_BACK), after_s=5.0),
    "JobFailed": Fault(FaultKind.FAIL_JOB, "app-01", operation=Operation.FAILBACK, times=99),
}


@pytest.mark.parametrize("ends", MISHAPS)
@pytest.mark.parametrize("act", [act for act in Act if act is not Act.START_REPLICA])
def test_an_operation_that_is_cancelled_or_fails_undoes_no_remedy(act: Act, ends: str, seen: list[World]) -> None:
    scenario = story(act)
    lines: list[Line] = []
    result = play(replace(scenario, faults=(*scenario.faults, MISHAPS[ends])), on_line=lines.append)
    assert [line.name for line in lines if line.name in ("RemedyApplied", ends)][-1] == ends
    assert result.items[0].stopped_by
    assert EFFECTS[act](seen[-1])


def test_a_started_replica_runs_on_after_a_cancelled_failback_and_is_deleted_at_the_commit(seen: list[World]) -> None:
    scenario = story(Act.START_REPLICA)
    play(replace(scenario, faults=(*scenario.faults, MISHAPS["JobCancelled"])))
    assert seen[-1].site.vm("app-01").azure.running is True
    play(scenario)
    assert seen[-1].site.vm("app-01").azure.exists is False


def test_deleted_snapshots_stay_deleted_to_the_end_of_the_way_home(seen: list[World]) -> None:
    play(story(Act.DELETE_SNAPSHOTS))
    assert EFFECTS[Act.DELETE_SNAPSHOTS](seen[-1])


def test_what_the_table_says_of_undoing_fits_what_a_cancel_does_not_undo() -> None:
    for remedy in REMEDIES:
        assert "cancel" not in remedy.undone_by
