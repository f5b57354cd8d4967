"""What a check says in spite of unknown facts holds for whatever they turn out to be.

Facts of drawn estates are hidden. The drawn estate itself is one completion of what is left: who is blocked with the
facts hidden is blocked in it, who is ready is ready or clears.
"""

from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from failback.reprotect import Standing

from .agreement import report_of
from .drawn_estates import free
from .hidden_facts import hide
from .known_estates import machine, servers

EXAMPLES: Final = 100
STAYS: Final = {
    Standing.BLOCKED: {Standing.BLOCKED},
    Standing.READY: {Standing.READY, Standing.CLEARS},
    Standing.CLEARS: {Standing.READY, Standing.CLEARS},
    Standing.UNDECIDED: set(Standing),
}


@st.composite
def with_hidden_facts(draw: st.DrawFn, architecture: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    whole = draw(free(architecture, begun=draw(st.sampled_from((False, False, True)))))
    return whole, hide(draw, whole)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_what_a_check_says_without_some_facts_holds_for_whatever_they_are(tmp_path: Path, architecture: str) -> None:
    seen: Counter[tuple[Standing, Standing]] = Counter()

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(with_hidden_facts(architecture))
    def stays(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
        known, less = (report_of(each, tmp_path) for each in pair)
        both = [(less.outlooks[name].standing, outlook.standing) for name, outlook in known.outlooks.items()]
        seen.update(both)
        assert [(before, after) for before, after in both if after not in STAYS[before]] == []

    stays()
    became = {after for before, after in seen if before is Standing.UNDECIDED}
    assert became >= {Standing.BLOCKED, Standing.READY, Standing.UNDECIDED}


SHARED: Final[dict[str, tuple[str, dict[str, Any], dict[str, Any]]]] = {
    "memory of a host": ("hosts", {"free_memory_gib": "unknown"}, {"memory_gib": 60}),
    "room of a datastore": ("datastores", {"free_gib": "unknown"}, {"exists_on_premises": False}),
}


@pytest.mark.parametrize("capacity", SHARED)
@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_one_unknown_in_a_shared_capacity_leaves_all_undecided_that_share_it(
    tmp_path: Path, architecture: str, capacity: str
) -> None:
    section, fact, wants = SHARED[capacity]
    parts = servers(architecture)
    parts[section][0].update(fact)
    vms = [machine(name, architecture, **wants) for name in "abc"]
    estate = {"link": {"bandwidth_mbit_per_s": 500}, "virtual_machines": vms, **parts}
    report = report_of({"name": "shared", "estate": estate}, tmp_path)
    assert {outlook.standing for outlook in report.outlooks.values()} == {Standing.UNDECIDED}


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_need_that_nobody_knows_leaves_those_undecided_that_the_plan_serves_later(
    tmp_path: Path, architecture: str
) -> None:
    vms = [machine(name, architecture, memory_gib=need) for name, need in (("a", 50), ("b", "unknown"), ("c", 50))]
    estate = {"link": {"bandwidth_mbit_per_s": 500}, "virtual_machines": vms, **servers(architecture)}
    report = report_of({"name": "shared", "estate": estate}, tmp_path)
    assert [each.standing.value for each in report.outlooks.values()] == ["ready", "undecided", "undecided"]
