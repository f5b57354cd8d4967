"""Machines that fail back together: in order, and none is committed before the others are there."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from failback.reprotect import Line, Operation, Phase, Together, Wave, check
from failback.scenarios import Result, Scenario, load_scenario, play, resolve
from failback.simulator import Fault, FaultKind

STORY = "a_mate_stops_on_the_way"
FAILBACK, COMMIT = Operation.FAILBACK, Operation.COMMIT_FAILBACK


def story(*faults: Fault, order: Sequence[Sequence[str]] = (("db-01",), ("app-01", "app-02"), ("web-01",))) -> Scenario:
    found = load_scenario(resolve(STORY))
    entry = Together("erp", tuple(map(tuple, order)))
    return replace(found, faults=faults, plan=replace(found.plan, together=(entry,) if order else ()))


def ran(scenario: Scenario) -> tuple[Result, list[Line]]:
    lines: list[Line] = []
    result = play(scenario, on_line=lines.append)
    assert not any(check(lines, scenario.plan).values())
    return result, lines


def began(result: Result, leg: Operation) -> dict[str, float]:
    return {one.item: one.start_s for one in result.legs if one.leg is leg}


def ended(result: Result, leg: Operation) -> dict[str, float]:
    return {one.item: one.end_s or 0.0 for one in result.legs if one.leg is leg and one.outcome == "done"}


def test_none_fails_back_before_the_data_of_all_is_home_and_each_list_waits_for_those_before_it() -> None:
    result, _ = ran(story())
    begins, ends = began(result, FAILBACK), ended(result, FAILBACK)
    assert begins["db-01"] >= max(ended(result, Operation.REPROTECT_TO_ON_PREMISES).values())
    assert begins["app-01"] == begins["app-02"] >= ends["db-01"]
    assert begins["web-01"] >= max(ends["app-01"], ends["app-02"])
    alone = ran(story(order=()))[0]
    assert began(alone, FAILBACK)["app-01"] < began(alone, FAILBACK)["web-01"]


def test_no_commit_begins_before_all_are_on_site_and_checked() -> None:
    result, lines = ran(story())
    answered = [line.t_s for line in lines if line.name == "OperatorAnswered" and line.data["gate"] == "verified"]
    assert set(began(result, COMMIT).values()) == {max(answered)}
    assert max(answered) > max(ended(result, FAILBACK).values())


@pytest.mark.parametrize("stops", ["db-01", "app-02", "web-01"])
@pytest.mark.parametrize("leg", [Operation.REPROTECT_TO_ON_PREMISES, FAILBACK])
def test_who_stops_is_waited_for_no_more_and_the_others_come_home(stops: str, leg: Operation) -> None:
    result, _ = ran(story(Fault(kind=FaultKind.FAIL_JOB, object=stops, operation=leg, times=99)))
    home = {item.name for item in result.items if not item.stopped_by}
    assert home == {"db-01", "app-01", "app-02", "web-01"} - {stops}
    assert set(ended(result, COMMIT)) == home


def test_who_is_tried_again_is_still_waited_for() -> None:
    result, _ = ran(story(Fault(kind=FaultKind.FAIL_JOB, object="db-01", operation=FAILBACK, times=1)))
    assert min(began(result, COMMIT).values()) >= ended(result, FAILBACK)["web-01"]
    begins = [one.start_s for one in result.legs if one.leg is FAILBACK and one.item == "app-01"]
    assert begins == [began(result, FAILBACK)["app-01"]]
    assert begins[0] >= ended(result, FAILBACK)["db-01"]


def test_a_machine_that_is_on_site_when_the_run_begins_is_waited_for_by_nobody() -> None:
    scenario = story()
    machines = dict(scenario.estate.virtual_machines)
    for name, at in (
        ("db-01", Phase.FAILED_BACK),
        ("app-01", Phase.REPLICATING_TO_ON_PREMISES),
        ("web-01", Phase.FAILED_OVER),
    ):
        machines[name] = replace(machines[name], at=at, powered_on=at is Phase.FAILED_BACK)
    result, _ = ran(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)))
    assert {item.name: item.stopped_by for item in result.items} == dict.fromkeys(machines, "")
    assert began(result, COMMIT)["db-01"] >= ended(result, FAILBACK)["web-01"]


def test_entries_of_two_waves_come_home_wave_by_wave() -> None:
    scenario = story()
    waves = (Wave("one", ("db-01", "app-01")), Wave("two", ("app-02", "web-01")))
    entries = (Together("a", (("app-01",), ("db-01",))), Together("b", (("web-01",), ("app-02",))))
    result, _ = ran(replace(scenario, plan=replace(scenario.plan, waves=waves, together=entries)))
    assert [item.stopped_by for item in result.items] == [""] * 4
    ends = ended(result, FAILBACK)
    assert ends["app-01"] < ends["db-01"] < ends["web-01"] < ends["app-02"]


def test_two_applications_that_no_server_holds_at_once_do_not_wait_for_each_other_for_ever() -> None:
    """58 slots: each claims those of all its machines at once, so one comes home after the other."""
    result, lines = ran(many(("web-01", "app-01"), ("db-01", "app-02"), disks=20))
    assert [item.stopped_by for item in result.items] == [""] * 4
    assert max(ended(result, COMMIT)[name] for name in ("web-01", "app-01")) <= began(result, FAILBACK)["db-01"]
    assert not [line for line in lines if line.data.get("what") == "go_alone"]


def test_an_application_with_more_disks_than_slots_goes_alone_and_the_run_says_so() -> None:
    result, lines = ran(many(("db-01", "app-01", "app-02", "web-01"), disks=20))
    assert [item.stopped_by for item in result.items] == [""] * 4
    said = [line.data["why"] for line in lines if line.data.get("what") == "go_alone"]
    assert said == ["entry 0 has more disks than there are slots"]


def many(*entries: tuple[str, ...], disks: int) -> Scenario:
    """Entries of machines with so many disks, all through one appliance."""
    found = story()
    machines = {
        name: replace(vm, disks=(replace(vm.disks[0], size_gib=1),) * disks)
        for name, vm in found.estate.virtual_machines.items()
    }
    together = tuple(Together(str(n), (names,)) for n, names in enumerate(entries))
    return replace(
        found, estate=replace(found.estate, virtual_machines=machines), plan=replace(found.plan, together=together)
    )
