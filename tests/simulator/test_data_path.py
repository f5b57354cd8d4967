"""The resync over the parts of its way: what is scanned, what crosses, what stands still, what is late."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from failback.reprotect import AppliancePart, Choices, Estate, Link, Operation, Phase, Throttle, WorkingHours
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import spec_of
from failback.simulator import LINK, LINK_OUT, Fault, FaultKind, Replicated, SiteParameters, World, WorldSpec
from failback.simulator.parameters import DiskScan

GIB, MIB = 2.0**30, 2.0**20
SCAN = 29.9 * MIB
LARGEST, ALL = 200 * GIB, 280 * GIB
HOME = Choices(appliance="appliance-01", datastore="gold", log_storage_account="logs", shut_down_source=True)
AWAY = (Operation.FAILOVER, Operation.COMMIT_FAILOVER)
FAST = Link(bandwidth_mbit_per_s=1e6)
"""A line that never binds."""


def spec(estate: Mapping[str, Any] | None = None, **parameters: Any) -> WorldSpec:
    """The bundled machine of 80 and 200 GiB on a line of 500 Mbit/s, changed."""
    base = spec_of(load_scenario(resolve("one_modernised_vm")))
    return replace(base, estate=replace(base.estate, **(estate or {})), parameters=SiteParameters(**parameters))


def part(section: str, name: str, **facts: Any) -> dict[str, Any]:
    """An estate's section with other facts of one of its parts."""
    parts = getattr(spec().estate, section)
    return {section: {**parts, name: replace(parts[name], **facts)}}


def ask(world: World, operation: Operation, choices: Choices = HOME) -> None:
    """Ask for it once the agent has registered, and let the job go on for as long as it likes."""
    world.catch_up(world.env.now + 901)
    world.vault.start("app-01", operation, choices)


def resyncing(given: WorldSpec, *faults: Fault) -> World:
    """A world at the instant at which the resync home begins."""
    world = World(given)
    for operation in AWAY:
        ask(world, operation)
        world.catch_up(world.env.now + 3600)
    ask(world, Operation.REPROTECT_TO_ON_PREMISES)
    for _ in range(10_000):
        if world.vault.record.replications:
            break
        world.jump()
    assert world.vault.record.replications, "the reprotect was refused"
    world.faults.play(faults)
    return world


def settled(world: World) -> Replicated:
    """The resync once it is through, or once nothing goes on any more."""
    until = world.env.now + 30 * 86400
    while world.replicated()[-1].settled_s is None and world.env.now < until and not world.is_over:
        world.advance(until)
    return world.replicated()[-1]


def phase_of(world: World) -> Phase:
    return world.vault.items["app-01"].phase


def took_s(done: Replicated) -> float:
    assert done.settled_s is not None
    return done.settled_s - done.began_s


def test_with_nothing_changed_the_resync_takes_the_scan_of_the_largest_disk() -> None:
    done = settled(resyncing(spec(changed_fraction=0.0)))
    assert took_s(done) == pytest.approx(LARGEST / SCAN)
    assert done.scanned_bytes == pytest.approx(ALL)
    assert done.transferred_bytes == 0.0


def test_a_terabyte_with_nothing_changed_takes_nearly_ten_hours() -> None:
    disks = (replace(spec().estate.virtual_machines["app-01"].disks[0], size_gib=1024.0),)
    done = settled(resyncing(spec(part("virtual_machines", "app-01", disks=disks), changed_fraction=0.0)))
    assert took_s(done) / 3600 == pytest.approx(9.74, abs=0.1)


def test_thirty_gib_with_nothing_changed_take_as_long_as_was_recorded() -> None:
    disks = (replace(spec().estate.virtual_machines["app-01"].disks[0], size_gib=30.0),)
    done = settled(resyncing(spec(part("virtual_machines", "app-01", disks=disks), changed_fraction=0.0)))
    assert took_s(done) == pytest.approx(1026, rel=0.005)


def test_disks_that_are_scanned_one_by_one_take_the_scan_of_all() -> None:
    done = settled(resyncing(spec(changed_fraction=0.0, disk_scan=DiskScan.ONE_BY_ONE)))
    assert took_s(done) == pytest.approx(ALL / SCAN)


def test_a_line_that_is_slower_than_the_scan_takes_the_time_of_the_differing_bytes() -> None:
    done = settled(resyncing(spec({"link": Link(bandwidth_mbit_per_s=80.0)}, changed_fraction=0.5)))
    assert took_s(done) == pytest.approx(ALL / 2 / 1e7)
    assert done.transferred_bytes == pytest.approx(ALL / 2)


def test_compression_lightens_the_line_and_not_the_blocks() -> None:
    done = settled(resyncing(spec({"link": Link(bandwidth_mbit_per_s=80.0)}, compression_ratio=5.0)))
    assert done.transferred_bytes == pytest.approx(ALL / 4)
    assert done.line_bytes == pytest.approx(ALL / 20)


def test_an_alternate_location_gets_a_full_copy() -> None:
    done = settled(resyncing(spec({**part("virtual_machines", "app-01", exists_on_premises=False), "link": FAST})))
    assert done.transferred_bytes == pytest.approx(ALL)


def test_a_rewritten_disk_differs_everywhere() -> None:
    small, large = spec().estate.virtual_machines["app-01"].disks
    disks = (small, replace(large, rewritten_in_azure=True))
    done = settled(resyncing(spec({**part("virtual_machines", "app-01", disks=disks), "link": FAST})))
    assert done.transferred_bytes == pytest.approx(20 * GIB + 200 * GIB)


def test_a_share_that_nobody_knows_is_drawn_for_each_disk_by_its_seed() -> None:
    drawn = {
        settled(resyncing(replace(spec({"link": FAST}, changed_spread=1.0), seed=seed))).transferred_bytes
        for seed in (1, 2, 3, 1)
    }
    assert len(drawn) == 3
    assert all(0 < transferred < ALL for transferred in drawn)


def test_changes_during_the_resync_are_carried_too() -> None:
    given = spec({"link": Link(bandwidth_mbit_per_s=80.0)}, changed_fraction=0.5, churn_mib_per_s=1.0)
    done = settled(resyncing(given))
    assert took_s(done) == pytest.approx(ALL / 2 / (1e7 - 2 * MIB), rel=1e-6)
    assert done.transferred_bytes == pytest.approx(1e7 * took_s(done), rel=1e-6)


def test_a_resync_that_has_compared_everything_is_at_99_percent_until_it_is_through() -> None:
    world = resyncing(spec({"link": Link(bandwidth_mbit_per_s=8.0)}, changed_fraction=0.5))
    copied = world.vault.record.replications[0]
    world.catch_up(world.env.now + 2 * LARGEST / SCAN)
    assert sum(map(copied.scanned_bytes, copied.disks.values())) == pytest.approx(ALL)
    assert (copied.settled_s, copied.percent()) == (None, 99)
    settled(world)
    assert copied.percent() == 100


def test_a_resync_under_more_changes_than_the_line_carries_never_converges() -> None:
    world = resyncing(spec({"link": Link(bandwidth_mbit_per_s=80.0)}, churn_mib_per_s=10.0))
    done = settled(world)
    assert done.settled_s is None
    assert phase_of(world) is Phase.RESYNCING_TO_ON_PREMISES
    assert world.vault.items["app-01"].resync_percent is not None


@pytest.mark.parametrize(
    "limited",
    [
        part("appliances", "appliance-01", receive_mib_per_s=4.0),
        part("datastores", "gold", write_mib_per_s=4.0),
        {"link": Link(bandwidth_mbit_per_s=4 * MIB * 8 / 1e6)},
    ],
)
def test_the_narrowest_part_of_the_way_decides(limited: dict[str, Any]) -> None:
    assert took_s(settled(resyncing(spec(limited, changed_fraction=1.0)))) == pytest.approx(ALL / (4 * MIB))


def test_the_datastore_writes_what_the_line_carries_compressed() -> None:
    limited = part("datastores", "gold", write_mib_per_s=4.0)
    done = settled(resyncing(spec(limited, changed_fraction=1.0, compression_ratio=3.0)))
    assert took_s(done) == pytest.approx(ALL / (4 * MIB))


def during(*changes: tuple[float, str, dict[str, Any]]) -> tuple[Fault, ...]:
    return tuple(Fault(FaultKind.CHANGE_FACTS, name, after_s=at_s, facts=facts) for at_s, name, facts in changes)


@pytest.mark.parametrize(
    ("name", "breaks", "fixes", "code"),
    [
        (LINK, {"up": False}, {"up": True}, "FB-A15"),
        ("appliance-01", {"healthy": False}, {"healthy": True}, "FB-A01"),
        ("appliance-01", {"parts": (AppliancePart("process_server", False),)}, {"parts": ()}, "FB-A01"),
        ("gold", {"accessible": False}, {"accessible": True}, "FB-A03"),
        ("gold", {"free_gib": 0.0}, {"free_gib": 100.0}, "FB-B16"),
    ],
)
def test_a_part_that_fails_holds_the_resync_up_until_it_is_back(
    name: str, breaks: dict[str, Any], fixes: dict[str, Any], code: str
) -> None:
    whole_s = took_s(settled(resyncing(spec())))
    world = resyncing(spec(), *during((600.0, name, breaks), (4600.0, name, fixes)))
    world.catch_up(world.env.now + 2000)
    assert list(world.vault.items["app-01"].health_errors) == [code]
    assert took_s(settled(world)) == pytest.approx(whole_s + 4000.0)
    assert not world.vault.items["app-01"].health_errors


def test_a_narrower_line_slows_what_is_under_way() -> None:
    wide = spec({"link": Link(bandwidth_mbit_per_s=80.0)}, changed_fraction=1.0)
    done = settled(resyncing(wide, *during((10_000.0, LINK, {"bandwidth_mbit_per_s": 40.0}))))
    assert took_s(done) == pytest.approx(10_000 + (ALL - 1e11) / 5e6)


def test_a_full_datastore_stops_new_disks_and_room_lets_them_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room is gone after the vault has looked for it (B14): here the vault does not look."""
    monkeypatch.setattr("failback.simulator.actions.enforce", lambda *_, **__: None)
    estate = {
        **part("virtual_machines", "app-01", exists_on_premises=False),
        **part("datastores", "gold", free_gib=70.0),
        "link": FAST,
    }
    world = resyncing(spec(estate))
    world.catch_up(world.env.now + 5 * 86400)
    stopped = world.replicated()[-1]
    assert stopped.settled_s is None
    assert stopped.transferred_bytes == pytest.approx(70 * GIB)
    assert list(world.vault.items["app-01"].health_errors) == ["FB-B16"]
    assert world.site.estate.datastores["gold"].free_gib == 0.0
    world.faults.fire(Fault(FaultKind.CHANGE_FACTS, "gold", facts={"free_gib": 300.0}))
    assert settled(world).transferred_bytes == pytest.approx(ALL)
    assert world.site.estate.datastores["gold"].free_gib == pytest.approx(90.0)


def test_new_disks_that_fill_a_datastore_exactly_are_promised_their_room_and_arrive() -> None:
    estate = {
        **part("virtual_machines", "app-01", exists_on_premises=False),
        **part("datastores", "gold", free_gib=ALL / GIB),
        "link": FAST,
    }
    world = resyncing(spec(estate))
    assert settled(world).transferred_bytes == pytest.approx(ALL)
    assert world.site.estate.room_promised == {"gold": ALL / GIB}


def test_blocks_that_are_written_over_take_no_room() -> None:
    world = resyncing(spec(part("datastores", "gold", free_gib=1.0)))
    assert settled(world).settled_s is not None
    assert world.site.estate.datastores["gold"].free_gib == 1.0


def test_a_cache_that_fills_slows_the_scan_down_to_what_leaves_it() -> None:
    estate = {**part("appliances", "appliance-01", cache_gib=10.0), "link": Link(bandwidth_mbit_per_s=80.0)}
    world = resyncing(spec(estate, changed_fraction=1.0))
    free = resyncing(spec({"link": Link(bandwidth_mbit_per_s=80.0)}, changed_fraction=1.0))
    for each in (world, free):
        each.catch_up(each.env.now + 3600)
    assert world.replicated()[-1].waiting_bytes == pytest.approx(8 * GIB)
    assert free.replicated()[-1].waiting_bytes > 40 * GIB
    assert settled(world).settled_s == pytest.approx(settled(free).settled_s)


def test_working_hours_leave_a_share_of_the_line() -> None:
    hours = Link(bandwidth_mbit_per_s=80.0, working_hours=(WorkingHours(0.5),))
    world = World(replace(spec({"link": hours}), week_s=7 * 3600.0))
    world.watch_load()
    world.catch_up(3600.0)
    world.site.network.replicate((LINK,), 1e6, 1e9)
    world.catch_up(12 * 3600.0)
    loads = [(load.t_s / 3600, load.bytes_per_s) for load in world.utilisation()[LINK] if load.bytes_per_s]
    assert loads == [(1.0, 5e6), (11.0, 1e7)]


def test_a_maintenance_window_holds_the_resync_up_and_is_no_error() -> None:
    window = Link(bandwidth_mbit_per_s=500.0, schedule=(Throttle(0.0, 15_000.0, 21_000.0),))
    whole_s = took_s(settled(resyncing(spec())))
    world = resyncing(spec({"link": window}))
    assert took_s(settled(world)) == pytest.approx(whole_s + 6000)
    assert not world.vault.items["app-01"].health_errors


def test_each_way_of_the_line_has_its_own_bandwidth() -> None:
    world = World(spec({"link": Link(bandwidth_mbit_per_s=80.0, bandwidth_to_azure_mbit_per_s=8.0)}))
    assert world.site.network.load(LINK) == (0.0, 1e7)
    assert world.site.network.load(LINK_OUT) == (0.0, 1e6)
    world.site.set_link(0.0)
    assert world.site.network.load(LINK) == world.site.network.load(LINK_OUT) == (0.0, 0.0)


def failed_back(world: World) -> World:
    """Fail back as soon as the resync is through."""
    settled(world)
    world.vault.start("app-01", Operation.FAILBACK, HOME)
    world.catch_up(world.env.now + 86400)
    return world


def test_an_undisturbed_failback_has_nothing_outstanding() -> None:
    assert failed_back(resyncing(spec(churn_mib_per_s=1.0))).replicated()[-1].rpo_s == 0.0


def test_changes_that_wait_at_failback_are_its_rpo_and_are_sent_before_it_starts() -> None:
    world = resyncing(spec(churn_mib_per_s=1.0))
    settled(world)
    world.site.set_link(0.0)
    world.catch_up(world.env.now + 1000)
    world.vault.start("app-01", Operation.FAILBACK, HOME)
    world.catch_up(world.env.now + 10_000)
    assert phase_of(world) is Phase.FAILING_BACK
    world.site.set_link(1.0)
    world.catch_up(world.env.now + 10_000)
    assert phase_of(world) is Phase.FAILED_BACK
    last = world.replicated()[-1]
    assert last.rpo_s is not None
    assert 1000 < last.rpo_s < 1500
    assert last.waiting_bytes == 0.0


def test_a_failback_that_waits_for_its_last_changes_can_be_cancelled() -> None:
    world = resyncing(spec(churn_mib_per_s=1.0))
    settled(world)
    world.site.set_link(0.0)
    job = world.vault.start("app-01", Operation.FAILBACK, HOME)
    world.catch_up(world.env.now + 10_000)
    world.vault.cancel(job.id)
    world.catch_up(world.env.now + 1)
    assert phase_of(world) is Phase.REPLICATING_TO_ON_PREMISES
    world.site.set_link(1.0)
    world.catch_up(world.env.now + 10_000)
    assert world.replicated()[-1].waiting_bytes == 0.0


def test_loads_are_noted_only_when_somebody_watches() -> None:
    unwatched = resyncing(spec())
    settled(unwatched)
    assert unwatched.utilisation() == {}


def test_a_watched_run_takes_as_long_as_an_unwatched_one() -> None:
    given = spec({"link": Link(bandwidth_mbit_per_s=80.0)}, churn_mib_per_s=0.5)
    watched = resyncing(given)
    watched.watch_load()
    assert settled(watched) == settled(resyncing(given))
    assert {LINK, LINK_OUT, "appliance-01", "gold"} == watched.utilisation().keys()


def test_the_load_of_the_line_adds_up_to_what_crossed_it() -> None:
    world = resyncing(spec({"link": Link(bandwidth_mbit_per_s=80.0)}))
    world.watch_load()
    done = settled(world)
    points = world.utilisation()[LINK]
    ends = [*(point.t_s for point in points[1:]), world.env.now]
    crossed = sum(point.bytes_per_s * (end - point.t_s) for point, end in zip(points, ends, strict=True))
    assert crossed == pytest.approx(done.line_bytes)


def test_a_classic_way_leads_through_both_servers() -> None:
    base = spec_of(load_scenario(resolve("one_vm"))).estate
    ways = World(WorldSpec(base, {})).site.ways
    assert ways.home("ps-azure", "mt-linux", "gold") == ("ps-azure", LINK, "mt-linux", "gold")
    assert ways.home(None, "mt-linux", "gold") == (LINK, "mt-linux", "gold")
    assert ways.out() == (LINK_OUT,)


def test_a_process_server_on_site_is_behind_the_line() -> None:
    base: Estate = spec_of(load_scenario(resolve("one_vm"))).estate
    server = replace(base.process_servers["ps-azure"], in_azure=False)
    ways = World(WorldSpec(replace(base, process_servers={"ps-azure": server}), {})).site.ways
    assert ways.home("ps-azure", "mt-linux", "gold") == (LINK, "ps-azure", "mt-linux", "gold")
