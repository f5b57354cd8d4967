"""The answers of one run: who was home when, with how much data, how long down, and what the stay cost."""

from dataclasses import replace

import pytest

from failback.reprotect import Choices, Operation
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, HomeWhen, ManualStep, Prices, Scenario, Target
from failback.scenarios.outcomes.answers import Answer, answer
from failback.scenarios.outcomes.server_batches import server_batches, slot_words
from failback.scenarios.outcomes.way_home import way_home
from failback.scenarios.predictions.azure_cost import azure_cost, has_prices
from failback.scenarios.predictions.promises import kept
from failback.scenarios.study.outage import with_outage
from failback.scenarios.study.variants import varied
from failback.simulator import Duration, Fault, FaultKind

DRILL = load_scenario(resolve("first_drill_modernised"))
ONE_VM = load_scenario(resolve("one_vm"))


def played(scenario: Scenario, seed: int = 1) -> Answer:
    return answer(way_home(scenario), seed)


def at_home(scenario: Scenario, when: HomeWhen) -> float:
    home_s = played(replace(scenario, homecoming=replace(scenario.homecoming, home_when=when))).home_s
    assert home_s is not None
    return home_s


def test_the_last_machine_decides_when_all_are_home_and_the_waves_partition_the_machines() -> None:
    found = played(DRILL)
    assert found.home_s == max(item.home_s or 0.0 for item in found.items)
    assert set(found.waves) == {item.wave for item in found.items}
    assert max(home_s or 0.0 for home_s in found.waves.values()) == found.home_s


def test_each_machine_goes_four_legs_home_and_its_work_is_their_sum() -> None:
    found = played(DRILL)
    for item in found.items:
        legs = [leg for leg in found.legs if leg.item == item.item]
        assert len(legs) == 4
        assert item.work_s == pytest.approx(sum((leg.end_s or 0.0) - leg.start_s for leg in legs))


def test_the_application_is_down_only_for_the_move_while_the_copying_goes_on_in_azure() -> None:
    slow = varied(DRILL, {"bandwidth": 20.0, "changed_fraction": 1.0})
    fast, long = played(DRILL), played(slow)
    assert (long.home_s or 0.0) > 3 * (fast.home_s or 0.0)
    assert [item.downtime_s for item in long.items] == pytest.approx([item.downtime_s for item in fast.items])
    assert all(0 < item.downtime_s < item.work_s for item in long.items)


def test_all_blocks_are_read_but_only_those_that_differ_cross_the_line() -> None:
    (item,) = played(varied(ONE_VM, {"changed_fraction": 0.25, "compression_ratio": 2.0})).items
    assert item.scanned_gib == sum(disk.size_gib for vm in ONE_VM.estate.virtual_machines.values() for disk in vm.disks)
    assert item.transferred_gib == pytest.approx(item.scanned_gib * 0.25 / 2.0)


def test_home_is_later_the_more_is_asked_of_it() -> None:
    step = ManualStep("check", Duration(fixed_s=1200.0))
    staffed = replace(DRILL, homecoming=Homecoming(manual_steps=(step,)))
    order = (HomeWhen.APP_CHECKED, HomeWhen.COMMITTED, HomeWhen.REPROTECTED)
    checked_s, committed_s, reprotected_s = (at_home(staffed, when) for when in order)
    assert checked_s < committed_s < reprotected_s


def test_a_check_by_hand_prolongs_the_downtime_by_what_it_takes() -> None:
    step = ManualStep("check", Duration(fixed_s=1200.0))
    without, having = played(ONE_VM), played(replace(ONE_VM, homecoming=Homecoming(manual_steps=(step,))))
    assert having.items[0].downtime_s == pytest.approx(without.items[0].downtime_s + 1200.0)
    assert "people" in having.causes


def test_nothing_is_lost_where_the_source_is_shut_down_first_and_something_where_it_is_not() -> None:
    careless = replace(ONE_VM, plan=replace(ONE_VM.plan, choices=Choices(shut_down_source=False)))
    assert played(ONE_VM).items[0].rpo_s == 0.0
    assert played(careless).items[0].rpo_s > 0.0


def test_the_same_seed_gives_the_same_answer_and_another_one_another() -> None:
    assert played(ONE_VM, 5) == played(ONE_VM, 5)
    assert played(ONE_VM, 5).digest != played(ONE_VM, 6).digest


def test_one_machine_that_stops_means_that_not_all_are_home_and_says_why() -> None:
    found = played(load_scenario(resolve("master_target_snapshot")))
    stopped = [item for item in found.items if item.stopped_by]
    assert stopped
    assert all(item.home_s is None for item in stopped)
    assert found.home_s is None
    assert found.path == ()


def test_a_promise_is_kept_where_every_machine_of_the_tier_keeps_it() -> None:
    found = played(ONE_VM)
    down_s = found.items[0].downtime_s
    targets = (Target(downtime_s=down_s + 1), Target(downtime_s=down_s - 1), Target(home_within_s=found.home_s))
    rows = kept(replace(ONE_VM, homecoming=Homecoming(targets=targets)), [found])
    assert [row.share.met for row in rows] == [1, 0, 1]


def test_the_stay_costs_machine_hours_until_the_move_and_the_data_that_leaves() -> None:
    found, prices = played(ONE_VM), Prices(machine_per_h=2.0, egress_per_gib=0.1)
    (item,) = found.items
    assert azure_cost(found, prices) == pytest.approx(
        (item.failback_s or 0.0) / 3600 * 2.0 + item.transferred_gib * 0.1
    )
    assert has_prices(prices)
    assert not has_prices(Prices())


def test_slot_loads_are_counted_from_the_plan_alone() -> None:
    (row,) = [row for row in server_batches(load_scenario(resolve("five_hundred_machines"))) if row.machines]
    assert (row.machines, row.disks, row.slots, row.batches) == (500, 1500, 60, 25)
    assert slot_words(ONE_VM).startswith("1 machine with 2 disks comes home in 1 batch (")


def test_all_servers_share_the_slot_loads_once_there_are_more() -> None:
    two = varied(load_scenario(resolve("five_hundred_machines")), {"appliances": 2})
    assert [(row.machines, row.batches) for row in server_batches(two)] == [(250, 13), (250, 13)]


def test_a_slow_datastore_is_what_binds_where_the_line_has_room() -> None:
    estate = ONE_VM.estate
    stores = {name: replace(store, write_mib_per_s=1.0) for name, store in estate.datastores.items()}
    slow = replace(ONE_VM, estate=replace(estate, datastores=stores))
    assert next(iter(played(slow).causes)) == "datastore"
    assert next(iter(played(varied(ONE_VM, {"bandwidth": 5.0})).causes)) == "link"
    assert next(iter(played(varied(ONE_VM, {"changed_fraction": 0.0})).causes)) == "scan"


def test_an_application_is_down_in_each_try_of_its_failback() -> None:
    task = "VmFoStartVmOnSecondary"
    fault = Fault(FaultKind.FAIL_JOB, "app-01", operation=Operation.FAILBACK, task=task)
    found = played(replace(ONE_VM, faults=(fault,)))
    failed, done = (leg for leg in found.legs if leg.leg == Operation.FAILBACK.value)
    assert failed.end_s is not None
    assert done.end_s is not None
    both_s = failed.end_s - failed.start_s + done.end_s - done.start_s
    assert found.items[0].downtime_s == pytest.approx(both_s)
    assert found.items[0].failback_s == done.start_s


# What binds


@pytest.mark.parametrize("away_min", [30, 180])
def test_a_server_that_is_away_binds_for_as_long_as_it_is_away_and_no_longer(away_min: int) -> None:
    calm = load_scenario(resolve("first_drill"))
    without, found = played(calm), played(with_outage(calm, "mt-windows", 0.6, away_min))
    assert found.causes["server"] == pytest.approx(away_min * 60, abs=1.0)
    assert "server" not in without.causes
    assert found.causes["scan"] == pytest.approx(without.causes["scan"], rel=0.02)
    assert sum(found.causes.values()) == pytest.approx(found.home_s)


def test_a_process_server_that_sends_on_little_is_what_binds() -> None:
    name, server = next(iter(ONE_VM.estate.process_servers.items()))
    slow = replace(ONE_VM.estate, process_servers={name: replace(server, upload_mib_per_s=1.0)})
    assert next(iter(played(replace(ONE_VM, estate=slow)).causes)) == "server"
    assert next(iter(played(ONE_VM).causes)) == "scan"
