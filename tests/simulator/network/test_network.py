"""Bandwidth is shared max-min fairly, and a transfer ends when its bytes are through."""

from collections.abc import Mapping, Sequence

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from failback.simulator import Network, fair_rates

Route = tuple[str, ...]


def obvious_fair_rates(links: Mapping[str, float], flows: Sequence[Route]) -> list[float]:
    """Progressive filling flow by flow: raise all rates together, freeze whoever meets a full link."""
    rates = [0.0] * len(flows)
    growing = set(range(len(flows)))
    while growing:
        room = {
            link: links[link] - sum(r for r, route in zip(rates, flows, strict=True) if link in route) for link in links
        }
        sharing = {link: [i for i in growing if link in flows[i]] for link in links}
        step = min(room[link] / len(sharing[link]) for link in links if sharing[link])
        tight = {link for link in links if sharing[link] and room[link] / len(sharing[link]) <= step * (1 + 1e-12)}
        for i in growing:
            rates[i] += step
        growing -= {i for link in tight for i in sharing[link]}
    return rates


LINKS = st.dictionaries(st.sampled_from("abcde"), st.floats(1.0, 1e9), min_size=1, max_size=5)


@given(links=LINKS, data=st.data())
def test_rates_are_those_of_progressive_filling(links: dict[str, float], data: st.DataObject) -> None:
    route = st.lists(st.sampled_from(sorted(links)), min_size=1, max_size=3, unique=True).map(tuple)
    flows = data.draw(st.lists(route, min_size=1, max_size=8))
    rates = fair_rates(links, {r: flows.count(r) for r in flows})
    expected = obvious_fair_rates(links, flows)
    assert [rates[r] for r in flows] == pytest.approx(expected, rel=1e-9)


def arrivals(links: Mapping[str, float], flows: Sequence[tuple[float, float, Route]]) -> list[float]:
    """When each (start_s, size_bytes, route) arrives."""
    env = simpy.Environment()
    network = Network(env, links)
    ends = [0.0] * len(flows)

    def run(n: int, start_s: float, size: float, route: Route) -> simpy.events.ProcessGenerator:
        yield env.timeout(start_s)
        yield network.transfer(route, size).done
        ends[n] = env.now

    for n, flow in enumerate(flows):
        env.process(run(n, *flow))
    env.run()
    return ends


def test_one_transfer_takes_size_over_rate() -> None:
    assert arrivals({"link": 10.0}, [(5.0, 100.0, ("link",))]) == pytest.approx([15.0])


def test_two_transfers_share_the_link_until_one_is_through() -> None:
    assert arrivals({"link": 10.0}, [(0.0, 100.0, ("link",)), (0.0, 50.0, ("link",))]) == pytest.approx([15.0, 10.0])


def test_a_late_arrival_slows_the_first() -> None:
    assert arrivals({"link": 10.0}, [(0.0, 100.0, ("link",)), (5.0, 25.0, ("link",))]) == pytest.approx([12.5, 10.0])


def test_what_one_route_cannot_use_the_other_gets() -> None:
    links = {"link": 10.0, "slow": 2.0}
    ends = arrivals(links, [(0.0, 20.0, ("link", "slow")), (0.0, 80.0, ("link",))])
    assert ends == pytest.approx([10.0, 10.0])


def test_nothing_to_send_arrives_at_once() -> None:
    assert arrivals({"link": 10.0}, [(3.0, 0.0, ("link",)), (4.0, 10.0, ())]) == pytest.approx([3.0, 4.0])


def test_a_cut_link_holds_everything_until_it_is_mended() -> None:
    env = simpy.Environment()
    network = Network(env, {"link": 10.0})
    moved = network.transfer(("link",), 100.0)

    def cut_and_mend() -> simpy.events.ProcessGenerator:
        yield env.timeout(5.0)
        network.set_capacity("link", 0.0)
        yield env.timeout(100.0)
        assert network.remaining_bytes(moved) == pytest.approx(50.0)
        network.set_capacity("link", 10.0)

    env.process(cut_and_mend())
    env.run(until=moved.done)
    assert env.now == pytest.approx(110.0)


@given(
    links=LINKS,
    sizes=st.lists(st.floats(1.0, 1e9), min_size=1, max_size=6),
)
def test_no_link_carries_more_than_its_capacity(links: dict[str, float], sizes: list[float]) -> None:
    names = sorted(links)
    flows = [(0.0, size, tuple(names[: 1 + n % len(names)])) for n, size in enumerate(sizes)]
    ends = arrivals(links, flows)
    for link, rate in links.items():
        carried = sum(size for _, size, route in flows if link in route)
        last = max((end for end, flow in zip(ends, flows, strict=True) if link in flow[2]), default=0.0)
        assert carried <= rate * last * (1 + 1e-9)
