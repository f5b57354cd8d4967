"""Heartbeats: when a heart beat last, and when its silence is an error. None of them is an event."""

from collections.abc import Iterator
from dataclasses import replace
from math import inf
from typing import Any

import pytest

from failback.reprotect import UNKNOWN, Appliance, Choices, Operation, ProcessServer
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import spec_of
from failback.simulator import SILENT_S, SiteParameters, World, WorldSpec

PERIOD_S = 60.0
HOME = Choices("mt-linux", "ps-azure", retention_drive="/mnt/retention", shut_down_source=True)
OWN_FACTS = {
    "app-01": "agent_registered",
    "ps-azure": "up",
    "mt-linux": "up",
    "cs-01": "up",
    "box": "healthy",
}
"""A part of each kind that has a heart, and the fact that stops it."""


def spec(seed: int = 1, **parameters: Any) -> WorldSpec:
    """The bundled classic machine of 40 and 100 GiB, with an appliance and a server of which nobody knows beside it."""
    base = replace(spec_of(load_scenario(resolve("one_vm"))), seed=seed, parameters=SiteParameters(**parameters))
    servers = {**base.estate.process_servers, "ps-unknown": ProcessServer("ps-unknown", up=UNKNOWN)}
    boxes = {"box": Appliance("box", "esx-01", "gold")}
    return replace(base, estate=replace(base.estate, process_servers=servers, appliances=boxes))


def resyncing(given: WorldSpec | None = None) -> World:
    """A world ten minutes after the beginning of the resync home."""
    world = World(given or spec())
    for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER, Operation.REPROTECT_TO_ON_PREMISES):
        world.catch_up(world.env.now + 901)
        world.vault.start("app-01", operation, HOME)
        world.catch_up(world.env.now + 3600 * (operation is Operation.FAILOVER))
    while not world.vault.record.replications:
        world.jump()
    world.catch_up(world.env.now + 600)
    return world


def heard(world: World, name: str) -> float:
    last_s = world.last_heartbeat(name)
    assert last_s is not None
    return last_s


def beats(world: World, name: str, count: int = 50) -> Iterator[float]:
    """What is the last beat each 17 seconds."""
    for _ in range(count):
        world.catch_up(world.env.now + 17.0)
        yield heard(world, name)


@pytest.mark.parametrize("name", OWN_FACTS)
def test_what_is_up_beats_on_a_grid_and_was_heard_within_a_period(name: str) -> None:
    world = World(spec())
    first_s = heard(world, name)
    for last_s in beats(world, name):
        assert 0 <= world.env.now - last_s < PERIOD_S
        assert (last_s - first_s) / PERIOD_S == pytest.approx(round((last_s - first_s) / PERIOD_S))
    assert last_s > first_s


def test_the_period_is_the_sites() -> None:
    assert len(set(beats(World(spec(heartbeat_period_s=20.0)), "cs-01"))) > len(set(beats(World(spec()), "cs-01")))


def test_each_heart_has_a_phase_of_its_own_that_the_seed_decides() -> None:
    def phases(seed: int) -> list[float]:
        world = World(spec(seed))
        return [heard(world, name) for name in OWN_FACTS]

    assert len(set(phases(1))) == len(OWN_FACTS)
    assert phases(1) == phases(1) != phases(2)


@pytest.mark.parametrize("name", OWN_FACTS)
def test_what_goes_down_was_last_heard_before_that_and_beats_at_once_when_it_is_back(name: str) -> None:
    world = World(spec())
    world.catch_up(1000.0)
    last_s = heard(world, name)
    world.site.change(name, **{OWN_FACTS[name]: False})
    assert set(beats(world, name)) == {last_s}
    world.site.change(name, **{OWN_FACTS[name]: True})
    assert heard(world, name) == world.env.now
    back_s = world.env.now
    later = list(beats(world, name))
    assert back_s <= min(later) < max(later)
    assert (max(later) - last_s) / PERIOD_S == pytest.approx(round((max(later) - last_s) / PERIOD_S))


def test_what_is_down_from_the_start_was_heard_long_ago() -> None:
    base = spec()
    down = replace(base, estate=replace(base.estate, process_servers={"ps-azure": ProcessServer("ps-azure", up=False)}))
    world = World(down)
    assert heard(world, "ps-azure") < -SILENT_S
    assert set(beats(world, "ps-azure")) == {heard(world, "ps-azure")}


def test_nobody_knows_the_beats_of_what_nobody_knows_to_be_up_and_a_host_has_none() -> None:
    world = World(spec())
    assert world.last_heartbeat("ps-unknown") is None
    with pytest.raises(KeyError):
        world.last_heartbeat("esx-01")


def test_a_heart_that_beats_makes_no_event_and_one_that_stops_makes_one() -> None:
    world = World(spec())
    world.jump()
    assert world.env.peek() == inf
    world.site.change("ps-azure", up=False)
    world.jump()
    assert (world.env.now, world.env.peek()) == (heard(world, "ps-azure") + SILENT_S, inf)


def test_an_agent_that_registers_again_was_heard_before_the_failover_and_after_its_registration() -> None:
    world = World(spec())
    world.vault.start("app-01", Operation.FAILOVER, HOME)
    item = world.vault.items["app-01"]
    while item.failed_over_s is None:
        world.jump()
    assert heard(world, "app-01") < item.failed_over_s
    while not world.site.vm("app-01").agent_registered:
        world.jump()
    assert heard(world, "app-01") == world.env.now > item.failed_over_s


@pytest.mark.parametrize(("name", "code"), [("ps-azure", "806"), ("mt-linux", "78022")])
def test_a_server_that_breaks_is_an_error_once_it_was_silent_for_a_quarter_of_an_hour(name: str, code: str) -> None:
    world = resyncing()
    world.site.change(name, up=False)
    world.vault.record.review_replication("app-01")
    silent_s = heard(world, name) + SILENT_S
    assert world.env.now + SILENT_S - PERIOD_S <= silent_s < world.env.now + SILENT_S
    world.catch_up(silent_s - 1e-3)
    assert not world.vault.items["app-01"].health_errors
    world.vault.record.take_changed()
    world.catch_up(silent_s + 1e-3)
    assert list(world.vault.items["app-01"].health_errors) == [code]
    assert world.vault.record.take_changed() == {"app-01"}


def test_a_server_that_is_back_within_a_quarter_of_an_hour_is_no_error_and_its_next_silence_counts_anew() -> None:
    world = resyncing()
    world.site.change("ps-azure", up=False)
    world.catch_up(world.env.now + 600)
    world.site.change("ps-azure", up=True)
    world.site.change("ps-azure", up=False)
    again_s = world.env.now
    world.catch_up(again_s + SILENT_S - PERIOD_S - 1)
    assert not world.vault.items["app-01"].health_errors
    world.catch_up(again_s + SILENT_S)
    assert list(world.vault.items["app-01"].health_errors) == ["806"]


def test_while_a_silent_server_is_not_missed_yet_a_cut_line_behind_it_shows() -> None:
    world = resyncing()
    world.site.change("ps-azure", up=False)
    world.site.change("link", up=False)
    world.vault.record.review_replication("app-01")
    assert list(world.vault.items["app-01"].health_errors) == ["FB-N01"]
