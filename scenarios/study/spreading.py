"""Shares the machines out over the servers through which they come home; the rules alone send all through the first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from failback.reprotect import Architecture, Choices, OsFamily, VirtualMachine, known, slots_of
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake


def spread(scenario: Scenario) -> Scenario:
    """Most disks first, to whoever has fewest; replication groups stay together (R07)."""
    load: dict[str, int] = {}
    chosen = dict(scenario.plan.item_choices)
    for batch in sorted(route_batches(scenario), key=lambda names: -_disks(scenario, names)):
        wish = _idlest_for(scenario, batch[0], load)
        for server in filter(None, (wish.appliance, wish.master_target, wish.process_server)):
            load[server] = load.get(server, 0) + _disks(scenario, batch)
        chosen |= {name: _through(chosen.get(name, Choices()), wish) for name in batch}
    choices = _through(scenario.plan.choices, Choices())
    return replace(scenario, plan=replace(scenario.plan, choices=choices, item_choices=chosen))


def with_appliances(scenario: Scenario, count: int) -> Scenario:
    """So many appliances, all of them used."""
    appliances = _so_many(scenario.estate.appliances, count, "appliances", lambda part, name: replace(part, name=name))
    return spread(replace(scenario, estate=replace(scenario.estate, appliances=appliances)))


def with_master_targets(scenario: Scenario, count: int) -> Scenario:
    """So many master targets of each family that there is (R06), all of them used."""
    here = scenario.estate.master_targets
    families = [{name: part for name, part in here.items() if part.os is family} for family in OsFamily]
    targets: dict[str, Any] = {}
    for family in [parts for parts in families if parts] or [{}]:
        targets |= _so_many(family, count, "master_targets", lambda part, name: replace(part, name=name))
    return spread(replace(scenario, estate=replace(scenario.estate, master_targets=targets)))


def with_process_servers(scenario: Scenario, count: int) -> Scenario:
    """So many process servers in Azure, all of them used."""
    all_of_them = scenario.estate.process_servers
    there = {name: part for name, part in all_of_them.items() if part.in_azure is not False}
    made = _so_many(there, count, "process_servers", lambda part, name: replace(part, name=name))
    servers = {**made, **{name: part for name, part in all_of_them.items() if part.in_azure is False}}
    return spread(replace(scenario, estate=replace(scenario.estate, process_servers=servers)))


def route_batches(scenario: Scenario) -> list[tuple[str, ...]]:
    """Machines that have to take one way: replication groups, and all others alone."""
    groups = {name: group.items for group in scenario.estate.replication_groups.values() for name in group.items}
    return list(dict.fromkeys(groups.get(name, (name,)) for name in scenario.estate.virtual_machines))


def wave_batches(scenario: Scenario) -> list[tuple[str, ...]]:
    """Who has to go at one time: groups, the plan's recovery plans and its `together`, joined where they meet."""
    plan = scenario.plan
    planned = (scenario.estate.recovery_plans[name].groups for name in plan.recovery_plans)
    by_plan = (tuple(name for group in groups for name in group) for groups in planned)
    together = [*route_batches(scenario), *by_plan, *(entry.items for entry in plan.together)]
    mates: dict[str, list[str]] = {}
    for names in together:
        joined = list(dict.fromkeys(mate for name in names for mate in mates.get(name, [name])))
        mates |= dict.fromkeys(joined, joined)
    return list(dict.fromkeys(tuple(mates[name]) for name in scenario.estate.virtual_machines))


def _so_many(parts: Mapping[str, Any], count: int, what: str, renamed: Callable[[Any, str], Any]) -> dict[str, Any]:
    """The first `count` of these, and copies of the first one where there are fewer."""
    if not parts:
        raise BadInput(Mistake("", "study", 0, f"`{what}` cannot vary: the estate has none to copy"))
    first = next(iter(parts))
    kept = dict(list(parts.items())[:count])
    copies = (f"{first}-copy-{n}" for n in range(2, count + 2))
    while len(kept) < count:
        name = next(copies)
        kept[name] = renamed(parts[first], name)
    return kept


def _through(choices: Choices, wish: Choices) -> Choices:
    return replace(
        choices, appliance=wish.appliance, master_target=wish.master_target, process_server=wish.process_server
    )


def _idlest_for(scenario: Scenario, name: str, load: Mapping[str, int]) -> Choices:
    vm = scenario.estate.virtual_machines[name]
    return _CHOOSE[vm.architecture](scenario, vm, load)


def _an_appliance(scenario: Scenario, _vm: VirtualMachine, load: Mapping[str, int]) -> Choices:
    healthy = (part.name for part in scenario.estate.appliances.values() if part.healthy is True)
    return Choices(appliance=_idlest(healthy, load))


def _servers(scenario: Scenario, vm: VirtualMachine, load: Mapping[str, int]) -> Choices:
    estate = scenario.estate
    family = (part.name for part in estate.master_targets.values() if part.os is vm.os and _sees(scenario, part, vm))
    servers = (part.name for part in estate.process_servers.values() if part.in_azure is not False)
    return Choices(master_target=_idlest(family, load), process_server=_idlest(servers, load))


_CHOOSE: Final = {Architecture.MODERNISED: _an_appliance, Architecture.CLASSIC: _servers}


def _idlest(names: Iterable[str], load: Mapping[str, int]) -> str | None:
    return min(names, key=lambda name: load.get(name, 0), default=None)


def _sees(scenario: Scenario, target: Any, vm: VirtualMachine) -> bool:
    """Whether the target's host mounts the machine's datastore, as far as anybody knows (R24)."""
    host = scenario.estate.hosts.get(target.host)
    return vm.exists_on_premises is False or host is None or not known(host.datastores) or vm.datastore in host.mounted


def _disks(scenario: Scenario, names: Iterable[str]) -> int:
    return sum(slots_of(scenario.estate.virtual_machines[name]) for name in names)
