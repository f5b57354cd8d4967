"""Whatever fills a cache: time goes on, every byte is counted once, and the cache holds no more than it may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from failback.simulator import Network
from failback.simulator.network import CapacitySchedule, Schedule, Transfer

GIB, MIB = 2.0**30, 2.0**20
SCAN = 29.9 * MIB
FULL_FROM = 0.8
STEPS_PER_DISK = 200
"""Far more instants than a disk has steps: it begins, its scan ends, it catches up, and each cache fills and opens."""


@dataclass(frozen=True)
class Disk:
    start_s: float
    route: tuple[str, ...]
    scan_s: float
    changed: float
    churn: float = 0.0


def run(
    links: Mapping[str, float | Schedule],
    caches: Mapping[str, float],
    disks: Sequence[Disk],
    until_s: float = inf,
    steps: float = inf,
) -> tuple[simpy.Environment, Network, list[Transfer]]:
    """Play them, an instant after the other. Fails where that takes more than `steps`."""
    env = simpy.Environment()
    network, begun = Network(env, links), list[Transfer]()
    for cache, size_bytes in caches.items():
        network.set_cache(cache, size_bytes)

    def begin(disk: Disk) -> simpy.events.ProcessGenerator:
        yield env.timeout(disk.start_s)
        begun.append(network.replicate(disk.route, disk.scan_s, disk.changed * SCAN, disk.churn))

    for disk in sorted(disks, key=lambda disk: disk.start_s):
        env.process(begin(disk))
    advance(env, until_s, steps)
    return env, network, begun


def advance(env: simpy.Environment, until_s: float, steps: float = 1000) -> None:
    """As `env.run(until_s)`, and fails where that takes more than `steps`."""
    taken = 0
    while env.peek() <= min(until_s, 1e300):
        env.step()
        taken += 1
        assert taken <= steps, f"{taken} events and no end, at {env.now!r} s"
    if env.now < until_s < inf:
        env.run(until=until_s)


# The drill that did not end


def test_a_disk_that_finds_little_behind_a_full_cache_does_not_catch_up_for_ever() -> None:
    """Sixteen disks fill the cache; two more would find just more than their share of the line carries."""
    disks = [Disk(0.0, ("ps", "line"), 2800.0, 0.25)] * 16 + [Disk(0.0, ("ps", "line"), 14000.0, 0.1)] * 2
    links = {"ps": inf, "line": 18 * 0.0995 * SCAN}
    _, network, begun = run(links, {"ps": 20 * GIB}, disks, steps=STEPS_PER_DISK * len(disks))
    assert all(moved.done.processed for moved in begun)
    sent = sum(network.sent_bytes(moved) for moved in begun)
    assert sent == pytest.approx(sum(disk.scan_s * disk.changed * SCAN for disk in disks))


# What a full cache does


def test_behind_a_full_cache_a_scan_of_which_nothing_waits_is_as_fast_as_what_crosses() -> None:
    links = {"ps": inf, "line": 2e6}
    env = simpy.Environment()
    network = Network(env, links)
    network.set_cache("ps", 10 * MIB)
    much = network.replicate(("ps", "line"), 1e4, 1e7)
    advance(env, 100.0)
    assert network.throttled == {"ps"}
    less = network.replicate(("ps", "line"), 1e4, 1.25e6)
    advance(env, 1100.0)
    assert network.rate(less) == pytest.approx(1e6)
    assert network.remaining_bytes(less) == 0.0
    assert network.scanned_s(less) == pytest.approx(1000 * 1e6 / 1.25e6)
    assert network.remaining_bytes(much) == pytest.approx(FULL_FROM * 10 * MIB)


def test_a_cache_that_is_no_longer_full_lets_the_scans_go_on_at_full_pace() -> None:
    env = simpy.Environment()
    network = Network(env, {"ps": inf, "line": 1e6})
    network.set_cache("ps", 10 * MIB)
    moved = network.replicate(("ps", "line"), 1e4, 1e7)
    advance(env, 100.0)
    before_s = network.scanned_s(moved)
    network.set_capacity("line", 1e9)
    advance(env, 110.0)
    assert not network.throttled
    assert network.scanned_s(moved) - before_s == pytest.approx(10.0)


def test_of_two_full_caches_on_one_way_the_narrower_decides_and_neither_overflows() -> None:
    caches = {"ps": 20 * MIB, "box": 10 * MIB}
    links = {"ps": inf, "box": inf, "line": 3e6}
    disks = [Disk(0.0, ("ps", "line"), 1e4, 0.3), Disk(0.0, ("ps", "box", "line"), 1e4, 0.5)]
    _, network, (one, both) = run(links, caches, disks, until_s=1000.0, steps=400)
    assert network.throttled == {"ps", "box"}
    assert network.remaining_bytes(both) == pytest.approx(FULL_FROM * 10 * MIB)
    assert network.remaining_bytes(one) + network.remaining_bytes(both) == pytest.approx(FULL_FROM * 20 * MIB)


def test_two_caches_of_one_size_on_one_way_fill_at_once_and_neither_overflows() -> None:
    caches, links = {"ps": 10 * MIB, "box": 10 * MIB}, {"ps": inf, "box": inf, "line": 3e6}
    _, network, (moved,) = run(links, caches, [Disk(0.0, ("ps", "box", "line"), 1e4, 0.5)], until_s=1000.0, steps=400)
    assert network.remaining_bytes(moved) == pytest.approx(FULL_FROM * 10 * MIB)


# Whatever fills it

SERVERS = "ab"
WAYS = st.lists(st.sampled_from(SERVERS), max_size=2, unique=True).map(lambda names: (*names, "line"))
COMPRESSED = st.builds(lambda changed, ratio: changed / ratio, st.floats(0.0, 1.0), st.sampled_from([1.0, 2.0, 10.0]))
DISKS = st.lists(
    st.builds(Disk, st.sampled_from([0.0, 0.0, 100.0, 1e4]), WAYS, st.floats(1.0, 1e5), COMPRESSED)
    | st.builds(Disk, st.just(0.0), WAYS, st.sampled_from([1000.0, 2000.0]), st.sampled_from([0.1, 0.25])),
    min_size=1,
    max_size=7,
)
CACHE_BYTES = st.floats(-3.0, 2.0).map(lambda power: 10**power * GIB)
LINKS = st.fixed_dictionaries(
    dict.fromkeys(SERVERS, st.just(inf) | st.floats(1e5, 1e9)) | {"line": st.floats(1e5, 1e9)}
)
CACHES = st.fixed_dictionaries(dict.fromkeys(SERVERS, CACHE_BYTES))


@settings(deadline=None, max_examples=150)
@given(links=LINKS, caches=CACHES, disks=DISKS)
def test_every_resync_ends_after_a_bounded_number_of_events_and_all_its_bytes(
    links: dict[str, float], caches: dict[str, float], disks: list[Disk]
) -> None:
    env, network, begun = run(links, caches, disks, steps=STEPS_PER_DISK * len(disks))
    assert all(moved.done.processed for moved in begun)
    ordered = sorted(disks, key=lambda disk: disk.start_s)
    for disk, moved in zip(ordered, begun, strict=True):
        assert network.sent_bytes(moved) == pytest.approx(disk.scan_s * disk.changed * SCAN, rel=1e-6, abs=1.0)
        assert network.scanned_s(moved) == pytest.approx(disk.scan_s, rel=1e-6)
    everything = sum(disk.scan_s * disk.changed * SCAN for disk in disks)
    assert env.now >= max(max(d.start_s + d.scan_s for d in disks), everything / links["line"]) * (1 - 1e-6)


@settings(deadline=None, max_examples=75)
@given(
    caches=CACHES,
    disks=DISKS,
    churn=st.floats(0.0, 1e6),
    low=st.floats(0.0, 1e7),
    high=st.floats(1e6, 1e9),
    until_s=st.floats(100.0, 2e5),
)
def test_at_any_instant_what_entered_has_crossed_or_waits_and_no_cache_overflows(
    caches: dict[str, float], disks: list[Disk], churn: float, low: float, high: float, until_s: float
) -> None:
    """Also while the line gives more and less by the hour, and machines go on writing."""
    line = CapacitySchedule(((0.0, high), (7200.0, low)), every_s=14400.0)
    own = [Disk(d.start_s, d.route, d.scan_s, d.changed, churn if n % 2 else 0.0) for n, d in enumerate(disks)]
    changes = 2 + until_s // 7200
    steps = STEPS_PER_DISK * len(disks) * changes
    _, network, begun = run(dict.fromkeys(SERVERS, inf) | {"line": line}, caches, own, until_s, steps)
    now = network.env.now
    for disk, moved in zip(sorted(own, key=lambda disk: disk.start_s), begun, strict=False):
        entered = disk.changed * SCAN * network.scanned_s(moved) + disk.churn * (now - disk.start_s)
        held = network.sent_bytes(moved) + network.remaining_bytes(moved)
        assert held == pytest.approx(entered, rel=1e-6, abs=1.0)
    for cache, size_bytes in caches.items():
        behind = [m for m in begun if cache in m.route]
        if not any(m.churn_bytes_per_s for m in behind):
            assert sum(map(network.remaining_bytes, behind)) <= size_bytes * FULL_FROM * (1 + 1e-3) + 1.0
