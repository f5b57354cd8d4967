"""The links of a running site give the times of the arithmetic, whatever comes, goes and changes meanwhile."""

from collections.abc import Mapping
from math import inf

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from failback.simulator import Network
from failback.simulator.network import CapacitySchedule, Flow, Schedule, finish_times

NAMES = "abcd"
CAPACITIES = st.floats(10.0, 1e6) | st.sampled_from(
    [CapacitySchedule(((0.0, 5.0), (7.0, 500.0), (20.0, 0.0)), every_s=32.0), inf]
)
LINKS = st.fixed_dictionaries(dict.fromkeys(NAMES, CAPACITIES) | {"e": st.floats(10.0, 1e6)})
ROUTES = st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(lambda names: (*names, "e"))
FLOWS = st.lists(
    st.builds(
        Flow,
        st.integers(0, 50).map(float),
        st.floats(1.0, 1e4),
        ROUTES,
        st.sampled_from([1.0, 2.0, 0.3]),
        st.none() | st.floats(10.0, 1e6),
    ),
    min_size=1,
    max_size=8,
)


def arrivals(links: Mapping[str, float | Schedule], flows: list[Flow]) -> list[float]:
    """When each flow arrives in a running site."""
    env = simpy.Environment()
    network, ends = Network(env, links), [inf] * len(flows)

    def run(n: int, flow: Flow) -> simpy.events.ProcessGenerator:
        yield env.timeout(flow.start_s)
        yield network.transfer(flow.route, flow.size_bytes, flow.weight, flow.cap).done
        ends[n] = env.now

    for n, flow in enumerate(flows):
        env.process(run(n, flow))
    env.run()
    return ends


@settings(deadline=None, max_examples=40)
@given(links=LINKS, flows=FLOWS)
def test_a_running_site_gives_the_arithmetics_times(links: dict[str, float | Schedule], flows: list[Flow]) -> None:
    assert arrivals(links, flows) == pytest.approx(finish_times(links, flows, compiled=False), rel=1e-9)


def test_a_transfer_that_is_always_under_way_outlasts_more_changes_than_are_waited_for_while_nothing_is() -> None:
    line, flow = CapacitySchedule(((0.0, 5.0), (1.0, 6.0)), every_s=2.0), Flow(0.0, 8250.0, ("line",))
    assert arrivals({"line": line}, [flow]) == pytest.approx([1500.0])


def test_a_link_that_begins_to_limit_limits_what_is_under_way() -> None:
    env = simpy.Environment()
    network = Network(env, {"line": 10.0, "server": inf})
    moved = network.transfer(("line", "server"), 100.0)
    env.run(until=5.0)
    network.set_capacity("server", 1.0)
    env.run(until=moved.done)
    assert env.now == pytest.approx(55.0)


def test_a_budget_is_drawn_by_what_crosses_and_said_to_be_spent() -> None:
    env = simpy.Environment()
    network, text = Network(env, {"line": 10.0, "room": inf}), list[float]()
    network.set_budget("room", 40.0, lambda: text.append(env.now))
    moved = network.transfer(("line", "room"), 100.0)
    env.run(until=20.0)
    assert text == [4.0]
    assert network.remaining_bytes(moved) == pytest.approx(60.0)
    network.set_budget("room", 1000.0, lambda: None)
    env.run(until=moved.done)
    assert env.now == pytest.approx(26.0)


def test_a_scan_that_finds_less_than_the_line_carries_ends_with_its_own_time() -> None:
    env = simpy.Environment()
    network = Network(env, {"line": 10.0})
    env.run(until=network.replicate(("line",), 30.0, 4.0).done)
    assert env.now == pytest.approx(30.0)


def test_half_a_byte_that_waits_when_the_scan_ends_is_still_sent() -> None:
    env = simpy.Environment()
    network = Network(env, {"line": 1.0})
    env.run(until=network.replicate(("line",), 10.0, 1.05).done)
    assert env.now == pytest.approx(10.5)


def test_two_scans_that_find_more_than_the_line_carries_end_with_their_bytes() -> None:
    env = simpy.Environment()
    network = Network(env, {"line": 10.0})
    scans = [network.replicate(("line",), seconds, 8.0) for seconds in (30.0, 60.0)]
    env.run(until=scans[1].done)
    assert env.now == pytest.approx((30 + 60) * 8 / 10)
    assert sum(map(network.sent_bytes, scans)) == pytest.approx(720.0)


def test_changes_that_wait_age_until_the_line_is_back() -> None:
    env = simpy.Environment()
    network = Network(env, {"line": 10.0})
    moved = network.replicate(("line",), 0.0, 0.0, churn_bytes_per_s=2.0)
    network.set_capacity("line", 0.0)
    env.run(until=100.0)
    assert network.rpo_s(moved) == pytest.approx(100.0)
    network.set_capacity("line", 10.0)
    env.run(until=126.0)
    assert network.rpo_s(moved) == pytest.approx(0.0, abs=1e-6)


def test_an_event_costs_groups_and_not_transfers() -> None:
    env = simpy.Environment()
    network = Network(env, {"line": 10.0, **{f"server-{n}": inf for n in range(50)}})
    for n in range(500):
        network.replicate(("line", f"server-{n % 50}"), 100.0 + n, 1.0)
    env.run(until=1.0)
    assert len(network._groups) == 1
