"""The public door of the network model: finish times of flows, against an obvious solver and closed forms."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from math import inf, nan
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failback.simulator.network import CapacitySchedule, Flow, Schedule, fast, finish_times

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="extra `fast` is not installed")


def obvious_rates(links: Mapping[str, float], flows: Sequence[Flow]) -> list[float]:
    """Progressive filling, flow by flow: raise all by their weights; who meets a full link or its cap stays there."""
    rates = [0.0] * len(flows)
    growing = set(range(len(flows)))
    while growing:
        steps = {n: (flows[n].cap - rates[n]) / flows[n].weight for n in growing}
        for link, capacity in links.items():
            sharing = [n for n in growing if link in flows[n].route]
            used = sum(rate for rate, flow in zip(rates, flows, strict=True) if link in flow.route)
            for n in sharing:
                steps[n] = min(steps[n], max(0.0, capacity - used) / sum(flows[k].weight for k in sharing))
        step = min(steps.values())
        for n in growing:
            rates[n] += step * flows[n].weight
        growing -= {n for n in growing if steps[n] <= step * (1 + 1e-12)}
    return rates


def obvious_finish_times(links: Mapping[str, float | Schedule], flows: Sequence[Flow]) -> list[float]:
    """From instant to instant, all flows one by one."""
    left = [flow.size_bytes for flow in flows]
    finish = [inf] * len(flows)
    now = min((flow.start_s for flow in flows), default=0.0)
    while any(end == inf for end in finish):
        here = {k: c if isinstance(c, int | float) else c.at(now) for k, c in links.items()}
        active = [n for n, flow in enumerate(flows) if flow.start_s <= now and finish[n] == inf]
        rates = dict(zip(active, obvious_rates(here, [flows[n] for n in active]), strict=True))
        waits = {n: left[n] / rates[n] for n in active if rates[n] > 0}
        comes = min((flow.start_s - now for flow in flows if flow.start_s > now), default=inf)
        turns = min((c.next_change_s(now) - now for c in links.values() if not isinstance(c, int | float)), default=inf)
        step = min(comes, turns, *waits.values(), inf)
        if step == inf:
            break
        for n in waits:
            left[n] -= rates[n] * step
            if waits[n] <= step:
                finish[n] = now + step
        now = min((f.start_s for f in flows if f.start_s > now), default=inf) if step == comes else now + step
        if step == turns:
            now = max(now, min(c.next_change_s(now - step) for c in links.values() if not isinstance(c, int | float)))
    return finish


NAMES = "abcde"
CAPACITIES = st.floats(1.0, 1e6)
LINKS = st.fixed_dictionaries(dict.fromkeys(NAMES, CAPACITIES))
ROUTES = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True).map(tuple)
CAPS = st.none() | st.floats(0.5, 1e6)
FLOWS = st.lists(
    st.builds(Flow, st.integers(0, 50).map(float), st.floats(1.0, 1e7), ROUTES, st.sampled_from([1.0, 2.0, 0.3]), CAPS),
    min_size=1,
    max_size=8,
)


@settings(max_examples=300, deadline=None)
@given(links=LINKS, flows=FLOWS)
def test_finish_times_are_those_of_the_obvious_solver(links: dict[str, float], flows: list[Flow]) -> None:
    assert finish_times(links, flows, compiled=False) == pytest.approx(obvious_finish_times(links, flows), rel=1e-9)


STEPS = st.lists(st.sampled_from([1.0, 10.0, 1000.0]), min_size=3, max_size=3)
SCHEDULES = STEPS.map(lambda v: CapacitySchedule(((0.0, v[0]), (7.0, v[1]), (20.0, v[2])), every_s=32.0))


@settings(deadline=None)
@given(links=st.fixed_dictionaries(dict.fromkeys("cde", CAPACITIES) | dict.fromkeys("ab", SCHEDULES)), data=st.data())
def test_capacity_that_varies_gives_the_times_of_the_obvious_solver(
    links: dict[str, float | Schedule], data: st.DataObject
) -> None:
    flow = st.builds(Flow, st.integers(0, 50).map(float), st.floats(1.0, 1e4), ROUTES, st.just(1.0), st.none())
    flows = data.draw(st.lists(flow, min_size=1, max_size=5))
    assert finish_times(links, flows, compiled=False) == pytest.approx(obvious_finish_times(links, flows), rel=1e-9)


@needs_numba
@settings(deadline=None)
@given(links=LINKS, flows=FLOWS)
def test_the_compiled_kernel_gives_the_plain_ones_times(links: dict[str, float], flows: list[Flow]) -> None:
    plain = finish_times(links, flows, compiled=False)
    assert finish_times(links, flows, compiled=True) == pytest.approx(plain, rel=1e-12)


@needs_numba
def test_the_compiled_kernel_follows_schedules_as_the_plain_one_does() -> None:
    links: dict[str, float | Schedule] = {
        "link": CapacitySchedule(((0.0, 10.0), (5.0, 1.0)), every_s=10.0),
        "disk": 8.0,
    }
    flows = [Flow(float(n), 40.0 + n, ("link", "disk")[: 1 + n % 2]) for n in range(9)]
    assert finish_times(links, flows, True) == pytest.approx(finish_times(links, flows, False), rel=1e-12)


def test_one_flow_takes_size_over_the_narrowest_link() -> None:
    assert finish_times({"wide": 100.0, "narrow": 4.0}, [Flow(3.0, 40.0, ("wide", "narrow"))]) == [13.0]


def test_equal_flows_end_together_after_all_their_bytes() -> None:
    assert finish_times({"link": 8.0}, [Flow(0.0, 100.0, ("link",))] * 4) == pytest.approx([50.0] * 4)


def test_a_shorter_flow_leaves_its_share_to_the_longer() -> None:
    flows = [Flow(0.0, 100.0, ("link",)), Flow(0.0, 50.0, ("link",))]
    assert finish_times({"link": 10.0}, flows) == pytest.approx([15.0, 10.0])


def test_the_long_flow_of_a_parking_lot_gets_what_each_link_has_for_two() -> None:
    flows = [Flow(0.0, 10.0, ("a", "b", "c")), *(Flow(0.0, 10.0, (link,)) for link in "abc")]
    assert finish_times(dict.fromkeys("abc", 2.0), flows) == pytest.approx([10.0] * 4)


def test_weights_divide_a_full_link() -> None:
    flows = [Flow(0.0, 75.0, ("link",), weight=3.0), Flow(0.0, 25.0, ("link",))]
    assert finish_times({"link": 10.0}, flows) == pytest.approx([10.0, 10.0])


def test_a_capped_flow_leaves_the_rest_to_the_other() -> None:
    flows = [Flow(0.0, 20.0, ("link",), cap_bytes_per_s=2.0), Flow(0.0, 80.0, ("link",))]
    assert finish_times({"link": 10.0}, flows) == pytest.approx([10.0, 10.0])


def test_a_maintenance_window_holds_a_flow_up() -> None:
    window = CapacitySchedule(((0.0, 10.0), (5.0, 0.0), (25.0, 10.0)))
    assert finish_times({"link": window}, [Flow(0.0, 100.0, ("link",))]) == pytest.approx([30.0])


def test_a_flow_over_a_link_that_carries_nothing_never_ends_and_takes_nothing() -> None:
    flows = [Flow(0.0, 10.0, ("cut", "link")), Flow(0.0, 10.0, ("link",))]
    assert finish_times({"cut": 0.0, "link": 1.0}, flows) == [inf, 10.0]


def test_a_link_that_goes_dark_for_ever_ends_no_flow() -> None:
    assert finish_times({"link": CapacitySchedule(((0.0, 1.0), (5.0, 0.0)))}, [Flow(0.0, 10.0, ("link",))]) == [inf]


def test_nothing_to_carry_is_through_when_it_begins() -> None:
    assert finish_times({"link": 1.0}, [Flow(3.0, 0.0, ("link",)), Flow(-4.0, 10.0, ())]) == [3.0, -4.0]


def test_a_link_that_only_nothing_crosses_moves_no_change_to_another() -> None:
    links: dict[str, float | Schedule] = {"idle": 5.0, "apart": 7.0, "link": CapacitySchedule(((0.0, 1.0), (5.0, 3.0)))}
    flows = [Flow(0.0, 0.0, ("idle",)), Flow(0.0, 11.0, ("link",))]
    assert finish_times(links, flows) == pytest.approx([0.0, 7.0])


def test_no_flows_have_no_finish_times() -> None:
    assert finish_times({"link": 1.0}, []) == []


def test_a_flow_that_nothing_limits_is_through_when_it_begins() -> None:
    assert finish_times({"free": inf, "link": 1.0}, [Flow(2.0, 1e15, ("free",))]) == [2.0]


def test_numbers_of_other_libraries_are_numbers() -> None:
    capacity, size = cast(float, np.int64(2)), cast(float, np.float32(10.0))
    assert finish_times({"link": capacity}, [Flow(0.0, size, ("link",))]) == [5.0]


def test_an_unlimited_link_limits_nobody() -> None:
    assert finish_times({"free": inf, "link": 2.0}, [Flow(0.0, 10.0, ("free", "link"))]) == [5.0]


@pytest.mark.parametrize(
    ("links", "flow", "message"),
    [
        ({"link": nan}, Flow(0.0, 1.0, ("link",)), "link 'link': its capacity is nan"),
        ({"link": -1.0}, Flow(0.0, 1.0, ("link",)), "link 'link': its capacity is -1.0"),
        ({"link": "fast"}, Flow(0.0, 1.0, ("link",)), "link 'link': its capacity is 'fast'"),
        ({"link": None}, Flow(0.0, 1.0, ("link",)), "link 'link': its capacity is None"),
        ({"link": 1.0}, Flow(0.0, "much", ("link",)), "flow 0: its start, size, weight and cap are numbers"),  # type: ignore[arg-type]
        ({"link": 1.0}, Flow(nan, 1.0, ("link",)), "flow 0: its start_s is nan"),
        ({"link": 1.0}, Flow(0.0, nan, ("link",)), "flow 0: its size_bytes is nan"),
        ({"link": 1.0}, Flow(0.0, -1.0, ("link",)), "flow 0: its size_bytes is -1.0"),
        ({"link": 1.0}, Flow(0.0, inf, ("link",)), "flow 0: its size_bytes is inf"),
        ({"link": 1.0}, Flow(0.0, 1.0, ("line",)), "flow 0: its route names link 'line'"),
        ({"link": 1.0}, Flow(0.0, 1.0, ("link",), weight=0.0), "flow 0: its weight is 0.0"),
        ({"link": 1.0}, Flow(0.0, 1.0, ("link",), cap_bytes_per_s=-2.0), "flow 0: its cap_bytes_per_s is -2.0"),
        ({"link": 1.0}, Flow(0.0, 1.0, ("link",), cap_bytes_per_s=nan), "flow 0: its cap_bytes_per_s is nan"),
        ({"link": 1.0}, Flow(0.0, 1.0, ("link", "link")), "flow 0: its route names link 'link' twice"),
    ],
)
def test_what_cannot_be_is_refused_by_name(links: dict[str, float], flow: Flow, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        finish_times(links, [flow])


def test_asking_for_the_compiled_kernel_without_numba_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "is_there", lambda: False)
    with pytest.raises(ModuleNotFoundError, match=r"pip install '\.\[fast\]'"):
        finish_times({"link": 1.0}, [Flow(0.0, 1.0, ("link",))], compiled=True)


def test_without_numba_many_flows_take_the_plain_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "is_there", lambda: False)
    flows = [Flow(0.0, 1.0, ("link",))] * 3000
    assert finish_times({"link": 3000.0}, flows) == pytest.approx([1.0] * 3000)


def test_flows_may_come_one_by_one_and_routes_as_lists() -> None:
    flows = [Flow(0, 100, ("a", "b")), Flow(1, 50, ("b",))]
    expected = finish_times({"a": 10, "b": 5}, flows, compiled=False)
    assert finish_times({"a": 10, "b": 5}, iter(flows), compiled=False) == expected
    lists = [Flow(0, 100, ["a", "b"]), Flow(1, 50, (name for name in "b"))]  # type: ignore[arg-type]
    assert finish_times({"a": 10, "b": 5}, lists, compiled=False) == expected


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=needs_numba)])
def test_every_finish_time_is_a_plain_float(compiled: bool) -> None:
    flows = [Flow(3, 0, ("a",)), Flow(np.int64(3), np.float32(7), ("a",)), Flow(Fraction(1, 2), Decimal(7), ("a",))]  # type: ignore[arg-type]
    found = finish_times({"a": Decimal(7)}, flows, compiled=compiled)  # type: ignore[dict-item]
    assert [type(end_s) for end_s in found] == [float] * 3


@pytest.mark.parametrize(
    ("links", "flows", "message"),
    [
        ({"a": 10.0}, [(0, 1, ("a",))], r"flow 0 is \(0, 1, \('a',\)\); write Flow"),
        ({"a": 10.0}, [Flow(0, 1, cast(Any, "a"))], "flow 0: its route is 'a'; a route is a tuple of names of links"),
        ({"a": 10.0}, [Flow(0, 1, cast(Any, 5))], "flow 0: its route is 5; a route is a tuple of names of links"),
        (
            {"a": 10.0},
            [Flow(0, 1, cast(Any, (["a"],)))],
            r"flow 0: its route is \(\['a'\],\); a route is a tuple of names",
        ),
        ({"a": "10"}, [Flow(0, 1, ("a",))], "link 'a': its capacity is '10'; a capacity is a number"),
        ({"a": 10**400}, [Flow(0, 1, ("a",))], "link 'a': its capacity is 1000"),
        ({"a": 10.0}, [Flow(0, 10**400, ("a",))], "flow 0: its start, size, weight and cap are numbers, but not in"),
        ([("a", 10.0)], [Flow(0, 1, ("a",))], "links is a list; write a mapping"),
    ],
)
def test_what_is_of_another_kind_is_refused_by_name(links: Any, flows: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        finish_times(links, flows)


def test_an_empty_flow_is_sound_and_another_mistake_of_it_is_named() -> None:
    assert finish_times({"line": 1.0}, [Flow(0.0, 0.0, ("line",))]) == [0.0]
    with pytest.raises(ValueError, match="a weight is a finite number above 0"):
        finish_times({"line": 1.0}, [Flow(0.0, 0.0, ("line",), weight=0.0)])


def test_a_cap_below_one_byte_a_second_is_sound() -> None:
    flows = [Flow(0.0, 1.0, ("line",), cap_bytes_per_s=0.5), Flow(0.0, 1.0, ("line",), weight=0.0)]
    with pytest.raises(ValueError, match="flow 1: its weight is"):
        finish_times({"line": 1.0}, flows)
