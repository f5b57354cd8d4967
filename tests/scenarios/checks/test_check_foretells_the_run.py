"""What a check says of each machine is what a run does with it, for estates of which every fact is known.

The domain: both architectures, also in one estate; 1 to 40 machines with 1 to 20 disks, one to four servers, hosts and
datastores of each kind, replication groups, recovery plans and waves that may seed; machines that begin at home or
anywhere on their way, in jobs and resyncs too. Some estates come as they come, the others break one rule on purpose:
each rule that can block has its turn. Whoever stops is stopped by a rule that is broken for itself or for a mate.
"""

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from failback.reprotect import Standing

from .agreement import Seen, disagreements
from .breaks import BREAKS, NOT_BY_A_FILE, blocking_rules
from .drawn_estates import breaking, free

BROKEN_AND_MET_MIN = 20
PER_RULE, FREE, BEGUN, MIXED = 9, 220, 130, 150
"""Examples: for each rule; of each architecture at home, and anywhere on the way; twice of both in one estate."""


def hold(drawn: st.SearchStrategy[dict[str, Any]], count: int, where: Path, readings: Any, seen: Seen) -> None:
    @settings(max_examples=count, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(drawn)
    def foretold(one: dict[str, Any]) -> None:
        assert disagreements(one, where, readings, seen) == []

    foretold()


def test_each_rule_that_can_block_is_broken_on_purpose() -> None:
    for architecture, breaks in BREAKS.items():
        assert set(breaks) == blocking_rules(architecture) - set(NOT_BY_A_FILE)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", list(BREAKS))
def test_a_machine_comes_home_exactly_if_the_check_calls_it_ready(tmp_path: Path, architecture: str) -> None:
    seen = Seen()
    for what in BREAKS[architecture].values():
        hold(breaking(what, architecture), PER_RULE, tmp_path, what.readings, seen)
    hold(free(architecture), FREE, tmp_path, (), seen)
    hold(free(architecture, begun=True), BEGUN, tmp_path, (), seen)
    counts = {rule: (seen.broken[architecture, rule], seen.met[architecture, rule]) for rule in BREAKS[architecture]}
    for rule, (broken, met) in counts.items():
        stopped = seen.stopped[architecture, rule]
        sys.stdout.write(f"{architecture:10} {rule:5} broken {broken:5} met {met:6} stopped by it {stopped:5}\n")
    assert {rule: both for rule, both in counts.items() if min(both) < BROKEN_AND_MET_MIN} == {}
    assert {standing for standing in Standing if not seen.standings[architecture, standing.value]} == set()


@pytest.mark.slow
def test_machines_of_both_architectures_in_one_estate_end_as_the_check_says(tmp_path: Path) -> None:
    seen = Seen()
    hold(free(), MIXED, tmp_path, (), seen)
    hold(free(begun=True), MIXED, tmp_path, (), seen)
    assert {architecture for architecture, _ in seen.standings} == set(BREAKS)
