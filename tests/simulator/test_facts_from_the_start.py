"""What a scenario says of a part from its start holds in the run, for that part alone."""

from dataclasses import replace

from failback.reprotect import Choices, RetentionDrive, VirtualMachine
from failback.scenarios import Scenario, load_scenario, play, resolve


def story(name: str) -> Scenario:
    """A story without what was expected of it."""
    scenario = load_scenario(resolve(name))
    return replace(scenario, faults=(), expect=type(scenario.expect)())


def with_machines(scenario: Scenario, *machines: VirtualMachine) -> Scenario:
    """The story about these machines."""
    return replace(scenario, estate=replace(scenario.estate, virtual_machines={vm.name: vm for vm in machines}))


def the_machine(scenario: Scenario) -> VirtualMachine:
    """The only one."""
    (vm,) = scenario.estate.virtual_machines.values()
    return vm


def test_a_way_to_the_configuration_server_that_is_closed_from_the_start_is_not_opened_by_the_failover() -> None:
    scenario = story("replica_does_not_reach_the_site")
    vm = the_machine(scenario)
    closed = replace(vm, azure=replace(vm.azure, reaches_configuration_server=False))
    assert [item.stopped_by for item in play(with_machines(scenario, closed)).items] == ["N04"]


def test_new_drives_of_one_name_show_on_each_master_target() -> None:
    scenario = story("new_retention_drive_is_not_listed_yet")
    vm, (target,) = the_machine(scenario), scenario.estate.master_targets.values()
    assert target.retention_drives == (RetentionDrive("/mnt/retention", listed=False),)
    both = with_machines(scenario, vm, replace(vm, name="app-02"))
    targets = {name: replace(target, name=name) for name in ("mt-01", "mt-02")}
    plan = replace(
        scenario.plan,
        item_choices={"app-01": Choices(master_target="mt-01"), "app-02": Choices(master_target="mt-02")},
    )
    result = play(replace(both, estate=replace(both.estate, master_targets=targets), plan=plan))
    assert [item.stopped_by for item in result.items] == ["", ""]
