"""Which servers serve a machine, from what a vault records of its item."""

from dataclasses import replace
from pathlib import Path

from failback.reprotect import Phase
from failback.scenarios import load_scenario, resolve

from . import vault_export
from .test_import import estate_in


def test_the_vault_says_which_servers_serve_a_machine(tmp_path: Path) -> None:
    scenario = load_scenario(resolve("one_vm"))
    estate, first = scenario.estate, next(iter(scenario.estate.configuration_servers.values()))
    servers = {
        first.name: replace(first, vcenters=("vc-a",)),
        "cs-b": replace(first, name="cs-b", vcenters=("vc-b", "vc-c")),
    }
    (vm,) = estate.virtual_machines.values()
    vms = {
        vm.name: replace(vm, configuration_server=first.name, vcenter="vc-a"),
        "other": replace(vm, name="other", configuration_server="cs-b", vcenter="vc-c"),
    }
    two = replace(scenario, estate=replace(estate, configuration_servers=servers, virtual_machines=vms))
    mock = vault_export.of_scenario(two)
    read = estate_in(tmp_path, *vault_export.write(tmp_path / "vault", mock))
    assert {name: (vm.configuration_server, vm.vcenter) for name, vm in read.virtual_machines.items()} == {
        vm.name: (first.name, "vc-a"),
        "other": ("cs-b", "vc-c"),
    }
    assert {name: server.vcenters for name, server in read.configuration_servers.items()} == {
        first.name: ("vc-a",),
        "cs-b": ("vc-b", "vc-c"),
    }


def test_the_vault_says_through_which_process_server_a_classic_machine_comes_home(tmp_path: Path) -> None:
    scenario = load_scenario(resolve("one_vm"))
    (vm,) = scenario.estate.virtual_machines.values()
    homeward = replace(vm, at=Phase.REPLICATING_TO_ON_PREMISES, powered_on=False)
    begun = replace(scenario, estate=replace(scenario.estate, virtual_machines={vm.name: homeward}))
    estate = estate_in(tmp_path, *vault_export.write(tmp_path / "vault", vault_export.of_scenario(begun)))
    assert estate.virtual_machines[vm.name].process_server in estate.process_servers
