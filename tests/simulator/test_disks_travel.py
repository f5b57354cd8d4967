"""What the rules say of a disk is what its data does: in the run, in a prediction and in a study."""

from dataclasses import replace
from typing import Any

import pytest

from failback.reprotect import (
    Appliance,
    Architecture,
    ConfigurationServer,
    Datastore,
    Disk,
    Estate,
    Host,
    Link,
    MasterTarget,
    OsFamily,
    ProcessServer,
    RetentionDrive,
    VirtualMachine,
)
from failback.scenarios import Scenario, load_scenario, play, resolve
from failback.scenarios.outcomes.answers import answer
from failback.scenarios.outcomes.way_home import way_home
from failback.simulator import Replicated, World

CLASSIC, MODERNISED = Architecture
WINDOWS, LINUX = OsFamily
GIB = 2.0**30
SYSTEM = Disk(40, "system")
DATA = Disk(400, "data")
ROOM_GIB = 1000.0


def story(architecture: Architecture, family: OsFamily, *disks: Disk, room_gib: float = ROOM_GIB) -> Scenario:
    """One machine, and all that it needs."""
    classic = architecture is CLASSIC
    target = MasterTarget("mt", family, "esx-01", "gold", retention_drives=(RetentionDrive("R"),))
    vm = VirtualMachine("file-01", family, disks, architecture, host="esx-01", datastore="gold")
    estate = Estate(
        {"file-01": vm},
        Link(50),
        hosts={"esx-01": Host("esx-01", ("gold",))},
        datastores={"gold": Datastore("gold", capacity_gib=4096, free_gib=room_gib)},
        configuration_servers={"cs-01": ConfigurationServer("cs-01")} if classic else {},
        process_servers={"ps-01": ProcessServer("ps-01")} if classic else {},
        master_targets={"mt": target} if classic else {},
        appliances={} if classic else {"box": Appliance("box", "esx-01", "gold")},
    )
    return replace(load_scenario(resolve("one_modernised_vm")), estate=estate)


def left_gib(world: World) -> float:
    """What the datastore has free besides what is promised to new disks."""
    estate = world.site.estate
    free = estate.datastores["gold"].free_gib
    assert isinstance(free, float | int)
    return free - estate.room_promised.get("gold", 0.0)


def resync_home(scenario: Scenario) -> tuple[World, Replicated]:
    """The world after the run, and what the resync home did."""
    worlds: list[World] = []
    play(scenario, on_world=worlds.append)
    return worlds[0], worlds[0].replicated()[0]


def gib(found: Replicated) -> tuple[int, int]:
    """Scanned and sent."""
    return round(found.scanned_bytes / GIB), round(found.transferred_bytes / GIB)


STAYS = [
    pytest.param(CLASSIC, WINDOWS, {"added_in_azure": True}, id="G03-windows"),
    pytest.param(MODERNISED, LINUX, {"added_in_azure": True}, id="A08-linux"),
    pytest.param(MODERNISED, WINDOWS, {"added_in_azure": True}, id="A08-windows"),
    pytest.param(CLASSIC, WINDOWS, {"temporary_storage": True}, id="G06-classic"),
    pytest.param(MODERNISED, WINDOWS, {"temporary_storage": True}, id="G06-modernised"),
    pytest.param(CLASSIC, LINUX, {"excluded": True}, id="excluded-classic"),
    pytest.param(MODERNISED, LINUX, {"excluded": True}, id="excluded-modernised"),
]
ANEW = [
    pytest.param(CLASSIC, LINUX, {"added_in_azure": True}, id="G03-linux"),
    pytest.param(CLASSIC, WINDOWS, {"iscsi": True}, id="G04"),
    pytest.param(MODERNISED, LINUX, {"iscsi": True}, id="A17"),
    pytest.param(CLASSIC, LINUX, {"attached_on_premises": False}, id="T01-classic"),
    pytest.param(MODERNISED, LINUX, {"attached_on_premises": False}, id="T01-modernised"),
    pytest.param(CLASSIC, WINDOWS, {"resized_in_azure": True}, id="G05"),
]


@pytest.mark.parametrize(("architecture", "family", "fact"), STAYS)
def test_a_disk_that_stays_behind_is_as_if_it_were_not(
    architecture: Architecture, family: OsFamily, fact: dict[str, Any]
) -> None:
    odd, without = story(architecture, family, SYSTEM, replace(DATA, **fact)), story(architecture, family, SYSTEM)
    (world, found), (_, reference) = resync_home(odd), resync_home(without)
    assert gib(found) == gib(reference) == (40, 10)
    assert found.settled_s == reference.settled_s
    assert left_gib(world) == ROOM_GIB
    ours, theirs = (answer(way_home(scenario), 1).items[0] for scenario in (odd, without))
    assert replace(ours, disks=1) == replace(theirs, disks=1)


@pytest.mark.parametrize(("architecture", "family", "fact"), ANEW)
def test_a_disk_that_comes_home_as_a_new_one_is_sent_whole_and_takes_room(
    architecture: Architecture, family: OsFamily, fact: dict[str, Any]
) -> None:
    odd = story(architecture, family, SYSTEM, replace(DATA, **fact))
    world, found = resync_home(odd)
    every = fact.keys() == {"resized_in_azure"}
    sent = 440 if every else 410
    assert gib(found) == (440, sent)
    assert left_gib(world) == pytest.approx(ROOM_GIB - (440 if every else 400))
    line_s = sent * GIB * 8 / 50e6
    assert found.settled_s is not None
    assert found.settled_s - found.began_s > line_s * 0.999999
    said = answer(way_home(odd), 1).items[0]
    assert (round(said.scanned_gib), round(said.transferred_gib)) == (440, sent)
    assert said.home_s is not None
    assert said.home_s > line_s


def test_a_disk_that_was_rewritten_is_sent_whole_into_its_place_whatever_else_is_said_of_it() -> None:
    rewritten = replace(DATA, rewritten_in_azure=True, changed_fraction=0.1)
    world, found = resync_home(story(MODERNISED, LINUX, SYSTEM, rewritten))
    assert gib(found) == (440, 410)
    assert left_gib(world) == ROOM_GIB


@pytest.mark.parametrize("architecture", list(Architecture))
def test_new_disks_of_a_machine_that_exists_do_not_come_home_without_room(architecture: Architecture) -> None:
    scenario = story(architecture, WINDOWS, SYSTEM, replace(DATA, iscsi=True), room_gib=100)
    result = play(replace(scenario, plan=replace(scenario.plan, give_up_after_s=5 * 86400.0)))
    assert [item.stopped_by for item in result.items] == ["B14"]


def test_disks_that_stay_behind_take_no_slots() -> None:
    many = tuple(Disk(1, f"more-{n}", added_in_azure=True) for n in range(60))
    assert [item.stopped_by for item in play(story(MODERNISED, LINUX, SYSTEM, *many)).items] == [""]
