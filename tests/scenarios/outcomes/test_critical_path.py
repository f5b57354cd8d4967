"""The critical path: without a gap, from the start to the last machine home, and its parts sum to the makespan."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failback.reprotect import Operation
from failback.scenarios.files.loader import library, load_scenario, resolve
from failback.scenarios.outcomes.answers import answer
from failback.scenarios.outcomes.critical_path import WAIT, Activity, by_cause, critical_path
from failback.scenarios.outcomes.way_home import way_home

HOME, BACK = Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK


@pytest.mark.parametrize("name", library())
def test_the_parts_of_every_story_follow_one_another_and_sum_to_the_makespan(name: str) -> None:
    found = answer(way_home(load_scenario(resolve(name))), seed=3)
    if found.home_s is None:
        assert found.path == ()
        return
    assert sum(part.length_s for part in found.path) == pytest.approx(found.home_s, rel=1e-9)
    assert found.path[0].start_s == pytest.approx(0.0, abs=1e-6)
    assert found.path[-1].end_s == pytest.approx(found.home_s)
    assert all(former.end_s == later.start_s for former, later in pairwise(found.path))
    assert all(part.length_s > 0 for part in found.path)


ACTIVITIES = st.lists(
    st.builds(
        lambda item, start, length: Activity(item, HOME, "link", float(start), float(start + length)),
        st.sampled_from("abc"),
        st.integers(0, 50),
        st.integers(0, 30),
    ),
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(ACTIVITIES, st.integers(1, 100), st.sampled_from((0.0, 5.0)))
def test_whatever_happened_the_parts_fill_the_time_exactly(
    activities: list[Activity], ends_s: int, slack_s: float
) -> None:
    path = critical_path(activities, "a", 0.0, float(ends_s), slack_s=slack_s)
    assert sum(part.length_s for part in path) == pytest.approx(ends_s)
    assert all(former.end_s == later.start_s for former, later in pairwise(path))
    assert sum(by_cause(path).values()) == pytest.approx(ends_s)


def test_a_machine_that_waited_for_slots_points_to_the_one_that_freed_them() -> None:
    first = (Activity("a", HOME, "link", 0.0, 10.0), Activity("a", BACK, "jobs", 10.0, 12.0))
    second = (Activity("b", HOME, "scan", 12.0, 20.0), Activity("b", BACK, "jobs", 20.0, 23.0))
    path = critical_path((*first, *second), "b", 0.0, 23.0)
    assert [(part.item, part.bottleneck, part.length_s) for part in path] == [
        ("a", "link", 10.0),
        ("a", "jobs", 2.0),
        ("b", "scan", 8.0),
        ("b", "jobs", 3.0),
    ]


def test_time_in_which_nothing_ended_is_called_a_wait() -> None:
    path = critical_path([Activity("a", HOME, "link", 5.0, 10.0)], "a", 0.0, 15.0)
    assert [(part.bottleneck, part.length_s) for part in path] == [(WAIT, 5.0), ("link", 5.0), (WAIT, 5.0)]


@pytest.mark.parametrize("others", [("a", "c"), ("c", "a")])
def test_of_two_that_ended_at_one_instant_the_one_that_committed_let_the_next_go_on(others: tuple[str, ...]) -> None:
    """A commit frees slots and opens waves; whatever else ended just then does not."""
    legs = {"a": Operation.COMMIT_FAILBACK, "c": HOME}
    ended = tuple(Activity(name, legs[name], "jobs", 0.0, 10.0) for name in others)
    path = critical_path((*ended, Activity("b", HOME, "link", 10.0, 20.0)), "b", 0.0, 20.0)
    assert [part.item for part in path] == ["a", "b"]
