"""One draw: near what was measured, far from the file where nothing was, and never against what was seen."""

from dataclasses import replace
from random import Random
from statistics import fmean, pstdev

import pytest

from failback.reprotect import Architecture, Phase, stands_at
from failback.scenarios import Scenario
from failback.scenarios.watching.draws import drawn, likely_full
from failback.scenarios.watching.measured import Copied, Measured, filed_share

from .hidden_night import as_filed

GIB = 2.0**30


def draws(known: Measured, scenario: Scenario | None = None, runs: int = 200) -> list[Scenario]:
    scenario = scenario or as_filed(Architecture.MODERNISED)
    return [drawn(scenario, known, Random(n)) for n in range(runs)]


def copied(compared_gib: float, sent_gib: float, over: bool = False) -> Copied:
    """A resync of 200 GiB of which a quarter differs by the file."""
    return Copied(200 * GIB, compared_gib * GIB, sent_gib * GIB, over, over, False, 0.25)


def lines(found: list[Scenario]) -> list[float]:
    return [each.estate.link.bandwidth_mbit_per_s for each in found]


def shares(found: list[Scenario], name: str) -> list[float]:
    return [filed_share(each.estate.virtual_machines[name], each) for each in found]


def test_what_nobody_measured_is_drawn_from_far_around_the_file() -> None:
    found = draws(Measured())
    assert pstdev(lines(found)) > 10
    assert pstdev(shares(found, "web-1")) > 0.1
    assert fmean(shares(found, "web-1")) == pytest.approx(0.3, abs=0.05)


def test_what_was_measured_is_drawn_from_near_it_and_tells_of_the_others() -> None:
    known = Measured(40.0, 0.0, 60.0, False, {"db": copied(200, 20, over=True)})
    found = draws(known)
    assert pstdev([each.site.scan_mib_per_s for each in found]) < 1
    assert pstdev(shares(found, "db")) < 0.01
    assert 0.1 < fmean(shares(found, "web-1")) < 0.15, "the file says 0.25; what was seen says less"
    assert min(lines(found)) >= 60.0, "it has carried that much"


def test_what_is_sent_through_a_full_line_is_the_least_that_differs() -> None:
    held = copied(200, 50)
    found = draws(Measured(30.0, 0.0, 80.0, True, {"db": held}))
    assert min(shares(found, "db")) >= 0.25
    assert max(shares(found, "db")) > 0.5
    assert pstdev(lines(found)) < 3


def test_a_resync_is_as_far_as_what_was_sent_of_it() -> None:
    scenario = as_filed(Architecture.MODERNISED)
    db = replace(
        stands_at(scenario.estate.virtual_machines["db"], Phase.RESYNCING_TO_ON_PREMISES), resync_done_fraction=1.0
    )
    machines = {**scenario.estate.virtual_machines, "db": db}
    scenario = replace(scenario, estate=replace(scenario.estate, virtual_machines=machines))
    held = copied(200, 50)
    for each in draws(Measured(30.0, 0.0, 80.0, True, {"db": held}), scenario, 20):
        vm = each.estate.virtual_machines["db"]
        assert vm.resync_done_fraction == pytest.approx(0.25 / filed_share(vm, each), rel=0.01)


def test_a_line_that_gives_what_the_file_says_to_machines_that_change_less_is_likely_full() -> None:
    def known(line: float, share: float) -> Measured:
        return Measured(30.0, 0.0, line, False, {"db": copied(100, share * 100)})

    scenario = as_filed(Architecture.MODERNISED)
    assert likely_full(scenario, known(100.0, 0.15)) > 0.7
    assert likely_full(scenario, known(40.0, 0.25)) < 0.05
    assert likely_full(scenario, Measured()) == 0.0


def without(scenario: Scenario, name: str) -> Scenario:
    machines = {other: vm for other, vm in scenario.estate.virtual_machines.items() if other != name}
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=machines))


def test_what_a_machine_has_shown_is_not_forgotten_once_it_is_home_and_out_of_the_plan() -> None:
    rest = without(as_filed(Architecture.MODERNISED), "db")
    found = draws(Measured(30.0, 0.0, 60.0, False, {"db": copied(200, 20, over=True)}), rest)
    assert 0.1 < fmean(shares(found, "web-1")) < 0.15, "of db a tenth differed; the file says 0.25"


def test_in_some_draws_the_data_stands_still_for_a_while_and_in_all_if_it_does_now() -> None:
    by_chance = [each.estate.link.schedule for each in draws(Measured())]
    assert all(len(schedule) == 1 for schedule in by_chance)
    assert 0.05 < fmean(schedule[0].from_s < 5 * 3600 for schedule in by_chance) < 0.2
    now = [each.estate.link.schedule[0] for each in draws(Measured(stalled_s=1800.0))]
    assert all((each.share, each.from_s) == (0.0, 0.0) and each.to_s for each in now)
    assert 600 < fmean(each.to_s or 0.0 for each in now) < 3600
